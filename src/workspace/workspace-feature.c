/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-feature.h"

#include "workspace-composer.h"
#include "workspace-text.h"

/**
 * WorkspaceFeature:
 *
 * The contract between the shell and a feature. Everything that a feature offers stands in its
 * class; an instance holds what the feature prepares once per session.
 */

G_DEFINE_ABSTRACT_TYPE (WorkspaceFeature, workspace_feature, G_TYPE_OBJECT)

static void
workspace_feature_class_init (WorkspaceFeatureClass *klass)
{
}

static void
workspace_feature_init (WorkspaceFeature *self)
{
}

const char *
workspace_feature_get_id (WorkspaceFeature *self)
{
  g_return_val_if_fail (WORKSPACE_IS_FEATURE (self), NULL);

  return WORKSPACE_FEATURE_GET_CLASS (self)->id;
}

/* (transfer none): the offers, in no particular order. */
const WorkspaceOffer *
workspace_feature_get_offers (WorkspaceFeature *self, gsize *n_offers)
{
  g_return_val_if_fail (WORKSPACE_IS_FEATURE (self), NULL);

  *n_offers = WORKSPACE_FEATURE_GET_CLASS (self)->n_offers;
  return WORKSPACE_FEATURE_GET_CLASS (self)->offers;
}

/* (nullable): the offer named @id at @place. */
const WorkspaceOffer *
workspace_feature_find_offer (WorkspaceFeature *self, WorkspacePlace place, const char *id)
{
  gsize n_offers = 0;
  const WorkspaceOffer *offers = workspace_feature_get_offers (self, &n_offers);

  for (gsize i = 0; i < n_offers; i++)
    if (offers[i].place == place && g_str_equal (offers[i].id, id))
      return &offers[i];
  return NULL;
}

const WorkspaceCommand *
workspace_feature_get_commands (WorkspaceFeature *self, gsize *n_commands)
{
  g_return_val_if_fail (WORKSPACE_IS_FEATURE (self), NULL);

  *n_commands = WORKSPACE_FEATURE_GET_CLASS (self)->n_commands;
  return WORKSPACE_FEATURE_GET_CLASS (self)->commands;
}

gboolean
workspace_feature_composes (WorkspaceFeature *self, const char *keyword)
{
  g_return_val_if_fail (WORKSPACE_IS_FEATURE (self), FALSE);
  g_return_val_if_fail (keyword, FALSE);

  const char *const *composers = WORKSPACE_FEATURE_GET_CLASS (self)->composers;
  return composers && g_strv_contains (composers, keyword);
}

/* What @self has for the palette beside its commands. */
void
workspace_feature_add_to_palette (WorkspaceFeature *self, WorkspaceScope scope, GListStore *list)
{
  g_return_if_fail (WORKSPACE_IS_FEATURE (self));

  if (WORKSPACE_FEATURE_GET_CLASS (self)->add_to_palette)
    WORKSPACE_FEATURE_GET_CLASS (self)->add_to_palette (self, scope, list);
}

/* (transfer floating): the page of a clinic offer. */
GtkWidget *
workspace_feature_create_clinic_page (WorkspaceFeature *self,
                                      const WorkspaceOffer *offer,
                                      WorkspaceSession *session)
{
  g_return_val_if_fail (WORKSPACE_IS_FEATURE (self), NULL);

  GtkWidget *page = WORKSPACE_FEATURE_GET_CLASS (self)->create_clinic_page (self, offer, session);
  workspace_text_fit (page);
  return page;
}

/* (transfer floating): the page or pane of an offer, for one patient. */
GtkWidget *
workspace_feature_create_patient_widget (WorkspaceFeature *self,
                                         const WorkspaceOffer *offer,
                                         WorkspacePatient *patient)
{
  g_return_val_if_fail (WORKSPACE_IS_FEATURE (self), NULL);

  GtkWidget *widget =
      WORKSPACE_FEATURE_GET_CLASS (self)->create_patient_widget (self, offer, patient);
  /* the visit is a strip above the chart, whose buttons keep one line */
  if (offer->place != WORKSPACE_PLACE_SIDE_TOP)
    workspace_text_fit (widget);
  return widget;
}

/* (transfer floating) (nullable): a composer, or NULL when the feature does not know the keyword.
 */
WorkspaceComposer *
workspace_feature_create_composer (WorkspaceFeature *self,
                                   const char *keyword,
                                   WorkspacePatient *patient,
                                   const char *encounter_id,
                                   const char *draft_id)
{
  if (!workspace_feature_composes (self, keyword))
    return NULL;
  return WORKSPACE_FEATURE_GET_CLASS (self)->create_composer (self, keyword, patient, encounter_id,
                                                              draft_id);
}

/* (nullable): the id of the patient offer that shows @reference. */
const char *
workspace_feature_claims (WorkspaceFeature *self, const char *reference)
{
  g_return_val_if_fail (WORKSPACE_IS_FEATURE (self), NULL);

  WorkspaceFeatureClass *klass = WORKSPACE_FEATURE_GET_CLASS (self);
  return klass->claims ? klass->claims (self, reference) : NULL;
}

void
workspace_feature_add_clinic_actions (WorkspaceFeature *self,
                                      GActionMap *window,
                                      WorkspaceSession *session)
{
  g_return_if_fail (WORKSPACE_IS_FEATURE (self));

  WorkspaceFeatureClass *klass = WORKSPACE_FEATURE_GET_CLASS (self);
  if (klass->add_clinic_actions)
    klass->add_clinic_actions (self, window, session);
}

void
workspace_feature_add_patient_actions (WorkspaceFeature *self,
                                       GActionMap *window,
                                       WorkspacePatient *patient)
{
  g_return_if_fail (WORKSPACE_IS_FEATURE (self));

  WorkspaceFeatureClass *klass = WORKSPACE_FEATURE_GET_CLASS (self);
  if (klass->add_patient_actions)
    klass->add_patient_actions (self, window, patient);
}

void
workspace_feature_start (WorkspaceFeature *self, WorkspaceSession *session)
{
  g_return_if_fail (WORKSPACE_IS_FEATURE (self));

  WorkspaceFeatureClass *klass = WORKSPACE_FEATURE_GET_CLASS (self);
  if (klass->start)
    klass->start (self, session);
}
