/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-feature.h"

#include <glib/gi18n.h>

#include "outbox-conflict-window.h"
#include "outbox-page.h"
#include "workspace-patient.h"

struct _OutboxFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (OutboxFeature, outbox_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_CLINIC, "outbox", N_ ("Outbox"), "bedside-outbox-symbolic", "<Alt>9", 90 },
};

static GtkWidget *
outbox_feature_create_clinic_page (WorkspaceFeature *feature,
                                   const WorkspaceOffer *offer,
                                   WorkspaceSession *session)
{
  return outbox_page_new (session);
}

static void
compare_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WorkspacePatient *patient = user_data;
  GtkWindow *window = g_object_get_data (G_OBJECT (action), "window");

  outbox_conflict_window_present (workspace_patient_get_session (patient), window, NULL,
                                  workspace_patient_get_id (patient));
}

/* "win.compare-versions": the patient window's banner offers it while two versions wait. */
static void
outbox_feature_add_patient_actions (WorkspaceFeature *feature,
                                    GActionMap *window,
                                    WorkspacePatient *patient)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("compare-versions", NULL);

  /* the action belongs to the window, so the window outlives it */
  g_object_set_data (G_OBJECT (action), "window", window);
  g_signal_connect_object (action, "activate", G_CALLBACK (compare_action), patient, 0);
  g_action_map_add_action (window, G_ACTION (action));
}

static void
outbox_feature_class_init (OutboxFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "outbox";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->create_clinic_page = outbox_feature_create_clinic_page;
  feature_class->add_patient_actions = outbox_feature_add_patient_actions;
}

static void
outbox_feature_init (OutboxFeature *self)
{
}
