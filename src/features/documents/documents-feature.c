/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-feature.h"

#include <glib/gi18n.h>

#include "documents-page.h"

/* What others wrote and sent: to read beside the note. */

struct _DocumentsFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (DocumentsFeature, documents_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_PATIENT_PAGE, "documents", N_ ("Documents"), "bedside-documents-symbolic",
    "<Alt>8", 80 },
};

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  return workspace_chart_page_new (DOCUMENTS_TYPE_PAGE, patient);
}

static const char *
claims (WorkspaceFeature *feature, const char *reference)
{
  return g_str_has_prefix (reference, "DocumentReference/") ||
                 g_str_has_prefix (reference, "Composition/") ||
                 g_str_has_prefix (reference, "DiagnosticReport/")
             ? "documents"
             : NULL;
}

static void
documents_feature_class_init (DocumentsFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "documents";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->create_patient_widget = create_patient_widget;
  feature_class->claims = claims;
}

static void
documents_feature_init (DocumentsFeature *self)
{
}
