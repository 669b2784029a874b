/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-feature.h"

#include <glib/gi18n.h>

#include "results-page.h"

/* Results and vital signs of one patient: to read, to compare, and to answer. */

struct _ResultsFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (ResultsFeature, results_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_PATIENT_PAGE, "results", N_ ("Results"), "bedside-results-symbolic", "<Alt>4",
    40 },
};

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  return workspace_chart_page_new (RESULTS_TYPE_PAGE, patient);
}

static const char *
claims (WorkspaceFeature *feature, const char *reference)
{
  return g_str_has_prefix (reference, "Observation/") ||
                 g_str_has_prefix (reference, "DiagnosticReport/")
             ? "results"
             : NULL;
}

static void
results_feature_class_init (ResultsFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "results";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->create_patient_widget = create_patient_widget;
  feature_class->claims = claims;
}

static void
results_feature_init (ResultsFeature *self)
{
}
