/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-patient-window.h"

#include "workspace-banner.h"
#include "workspace-downtime-banner.h"
#include "workspace-feature.h"
#include "workspace-spot.h"

G_BEGIN_DECLS

/* An offer and who makes it. */
typedef struct
{
  WorkspaceFeature *feature;
  const WorkspaceOffer *offer;
  AdwBin *pane; /* (nullable): where a pane below is, or will be */
} WorkspacePatientEntry;

struct _WorkspacePatientWindow
{
  AdwApplicationWindow parent_instance;

  WorkspacePatient *patient;
  GPtrArray *offers; /* Entry, in the order of the page list */

  AdwWindowTitle *title;
  WorkspaceBanner *banner;
  WorkspaceDowntimeBanner *downtime;
  AdwToastOverlay *toasts;
  GSignalGroup *page_signals; /* of the page that is seen */
  GtkStack *state;
  GtkMenuButton *menu_button;
  GMenuModel *menu;
  AdwOverlaySplitView *split;
  GtkListBox *pages;
  AdwMultiLayoutView *panes;
  GtkPaned *wide_paned;
  GtkWidget *side;
  AdwBottomSheet *sheet;
  GtkLabel *sheet_label;
  GtkStack *page_stack;
  GtkOverlay *overlay; /* over the page */
  GtkBox *top_box;
  AdwToggleGroup *switcher;
  GtkStack *bottom_stack;

  WorkspaceSpot *spot;
  guint panes_source; /* what will make the panes below */
};

GtkWidget *workspace_patient_window_create (WorkspacePatientWindow *self,
                                            const WorkspacePatientEntry *entry);

WorkspacePatientEntry *workspace_patient_window_find_page (WorkspacePatientWindow *self,
                                                           const char *id);
void workspace_patient_window_show_page (WorkspacePatientWindow *self,
                                         WorkspacePatientEntry *entry);

/* workspace-patient-window-claims.c: which page shows a record */
void workspace_patient_window_show_at (WorkspacePatientWindow *self,
                                       const char *id,
                                       const char *reference);
void workspace_patient_window_show_reference (WorkspacePatientWindow *self,
                                              const char *reference,
                                              const char *after);
void workspace_patient_window_follow_pages (WorkspacePatientWindow *self);

/* workspace-patient-window-panes.c: what stands at the right, or in the sheet */
void workspace_patient_window_add_pane (WorkspacePatientWindow *self, WorkspacePatientEntry *entry);
void workspace_patient_window_start_panes (WorkspacePatientWindow *self);
gboolean workspace_patient_window_show_pane (WorkspacePatientWindow *self, const char *id);

/* workspace-patient-window-overlay.c */
void workspace_patient_window_make_overlay (WorkspacePatientWindow *self);

/* workspace-patient-window-actions.c */
void workspace_patient_window_add_actions (WorkspacePatientWindow *self);

G_END_DECLS
