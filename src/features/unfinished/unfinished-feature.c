/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unfinished-feature.h"

#include <glib/gi18n.h>

#include "workspace-patient.h"

#include "unfinished-page.h"

/* What was begun and not ended: for the clinic window, and for one patient. */

struct _UnfinishedFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (UnfinishedFeature, unfinished_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_CLINIC, "unfinished", N_ ("Unfinished"), "document-edit-symbolic", "<Alt>u",
    35 },
  { WORKSPACE_PLACE_PATIENT_PAGE, "unfinished", N_ ("Unfinished"), "document-edit-symbolic",
    "<Alt>u", 100 },
};

static GtkWidget *
create_clinic_page (WorkspaceFeature *feature,
                    const WorkspaceOffer *offer,
                    WorkspaceSession *session)
{
  return unfinished_page_new (session, NULL);
}

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  return unfinished_page_new (workspace_patient_get_session (patient),
                              workspace_patient_get_id (patient));
}

static void
unfinished_feature_class_init (UnfinishedFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "unfinished";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->create_clinic_page = create_clinic_page;
  feature_class->create_patient_widget = create_patient_widget;
}

static void
unfinished_feature_init (UnfinishedFeature *self)
{
}
