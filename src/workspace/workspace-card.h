/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* One thing of one patient's chart as a picture or a text that does not move: its title, its date
 * in words, and whose it is. */
#define WORKSPACE_TYPE_CARD (workspace_card_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceCard, workspace_card, WORKSPACE, CARD, GObject)

WorkspaceCard *
workspace_card_new (WorkspacePatient *patient, const char *title, const char *date, GBytes *bytes);
WorkspaceCard *workspace_card_new_text (WorkspacePatient *patient,
                                        const char *title,
                                        const char *date,
                                        const char *text);
WorkspaceCard *workspace_card_new_picture (WorkspacePatient *patient,
                                           const char *title,
                                           const char *date,
                                           GdkTexture *texture);
WorkspaceCard *workspace_card_new_widget (WorkspacePatient *patient,
                                          const char *title,
                                          const char *date,
                                          GtkWidget *widget);
const char *workspace_card_get_patient_id (WorkspaceCard *self);
const char *workspace_card_get_title (WorkspaceCard *self);
const char *workspace_card_get_date (WorkspaceCard *self);
GBytes *workspace_card_get_bytes (WorkspaceCard *self);

G_END_DECLS
