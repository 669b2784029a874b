/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-types.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_FEATURE (workspace_feature_get_type ())
G_DECLARE_DERIVABLE_TYPE (WorkspaceFeature, workspace_feature, WORKSPACE, FEATURE, GObject)

/**
 * WorkspaceFeatureClass:
 * @id: the feature's folder name
 * @offers: the places it fills
 * @commands: what the palette, the keys window and the accelerators are made from
 * @composers: keywords that a note may embed, such as "rx"; NULL-terminated, or NULL
 * @create_clinic_page: (transfer floating): the widget of a WORKSPACE_PLACE_CLINIC offer;
 *   a WorkspacePage when it has a count to show
 * @create_patient_widget: (transfer floating): the widget of any other offer, for one patient
 * @create_composer: (transfer floating) (nullable): see workspace-composer.h; NULL where the user's
 *   role may not write such
 * @add_to_palette: (nullable): appends WorkspaceCommandItem of what is not known beforehand, such
 * as what the clinic has named, to the palette of a window of a scope
 * @claims: the id of the offer that may show @reference ("MedicationRequest/1"), or NULL. Where its
 *   page says that it does not show this one, the next feature that claims it is asked
 * @add_clinic_actions: adds "win." actions to the clinic window
 * @add_patient_actions: adds "win." actions to a patient window, for that patient and no other
 * @start: after the first frame; heavy preparation goes here
 *
 * A feature is all the shell knows of its folder. It is made once per session and keeps no patient.
 */
struct _WorkspaceFeatureClass
{
  GObjectClass parent_class;

  const char *id;
  const WorkspaceOffer *offers;
  gsize n_offers;
  const WorkspaceCommand *commands;
  gsize n_commands;
  const char *const *composers;

  GtkWidget *(*create_clinic_page) (WorkspaceFeature *self,
                                    const WorkspaceOffer *offer,
                                    WorkspaceSession *session);
  GtkWidget *(*create_patient_widget) (WorkspaceFeature *self,
                                       const WorkspaceOffer *offer,
                                       WorkspacePatient *patient);
  WorkspaceComposer *(*create_composer) (WorkspaceFeature *self,
                                         const char *keyword,
                                         WorkspacePatient *patient,
                                         const char *encounter_id,
                                         const char *draft_id);
  void (*add_to_palette) (WorkspaceFeature *self, WorkspaceScope scope, GListStore *list);
  const char *(*claims) (WorkspaceFeature *self, const char *reference);
  void (*add_clinic_actions) (WorkspaceFeature *self,
                              GActionMap *window,
                              WorkspaceSession *session);
  void (*add_patient_actions) (WorkspaceFeature *self,
                               GActionMap *window,
                               WorkspacePatient *patient);
  void (*start) (WorkspaceFeature *self, WorkspaceSession *session);
};

const char *workspace_feature_get_id (WorkspaceFeature *self);
const WorkspaceOffer *workspace_feature_get_offers (WorkspaceFeature *self, gsize *n_offers);
const WorkspaceOffer *
workspace_feature_find_offer (WorkspaceFeature *self, WorkspacePlace place, const char *id);
const WorkspaceCommand *workspace_feature_get_commands (WorkspaceFeature *self, gsize *n_commands);
gboolean workspace_feature_composes (WorkspaceFeature *self, const char *keyword);
GtkWidget *workspace_feature_create_clinic_page (WorkspaceFeature *self,
                                                 const WorkspaceOffer *offer,
                                                 WorkspaceSession *session);
GtkWidget *workspace_feature_create_patient_widget (WorkspaceFeature *self,
                                                    const WorkspaceOffer *offer,
                                                    WorkspacePatient *patient);
WorkspaceComposer *workspace_feature_create_composer (WorkspaceFeature *self,
                                                      const char *keyword,
                                                      WorkspacePatient *patient,
                                                      const char *encounter_id,
                                                      const char *draft_id);
void
workspace_feature_add_to_palette (WorkspaceFeature *self, WorkspaceScope scope, GListStore *list);
const char *workspace_feature_claims (WorkspaceFeature *self, const char *reference);
void workspace_feature_add_clinic_actions (WorkspaceFeature *self,
                                           GActionMap *window,
                                           WorkspaceSession *session);
void workspace_feature_add_patient_actions (WorkspaceFeature *self,
                                            GActionMap *window,
                                            WorkspacePatient *patient);
void workspace_feature_start (WorkspaceFeature *self, WorkspaceSession *session);

G_END_DECLS
