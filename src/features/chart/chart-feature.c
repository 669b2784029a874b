/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-feature.h"

#include <glib/gi18n.h>

#include "chart-composer.h"
#include "chart-medicines-page.h"
#include "chart-problems-page.h"
#include "chart-record-page.h"
#include "chart-summary-page.h"
#include "chart-visits-page.h"

struct _ChartFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (ChartFeature, chart_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_PATIENT_PAGE, "summary", N_ ("Summary"), "bedside-summary-symbolic", "<Alt>1",
    10 },
  { WORKSPACE_PLACE_PATIENT_PAGE, "problems", N_ ("Problems"), "bedside-problems-symbolic",
    "<Alt>2", 20 },
  { WORKSPACE_PLACE_PATIENT_PAGE, "medicines", N_ ("Medicines"), "bedside-medicines-symbolic",
    "<Alt>3", 30 },
  { WORKSPACE_PLACE_PATIENT_PAGE, "visits", N_ ("Visits"), "bedside-visits-symbolic", "<Alt>5",
    50 },
  { WORKSPACE_PLACE_PATIENT_PAGE, "history", N_ ("History"), "bedside-history-symbolic", "<Alt>6",
    60 },
  { WORKSPACE_PLACE_PATIENT_PAGE, "plans", N_ ("Plans"), "bedside-plans-symbolic", "<Alt>7", 70 },
};

/* Which page shows a resource of this type. */
static const struct
{
  const char *type, *page;
} claims[] = {
  { "Condition/", "problems" },
  { "AllergyIntolerance/", "problems" },
  { "Flag/", "problems" },
  { "MedicationRequest/", "medicines" },
  { "MedicationStatement/", "medicines" },
  { "Immunization/", "history" },
  { "Procedure/", "history" },
  { "FamilyMemberHistory/", "history" },
  { "CarePlan/", "plans" },
  { "Goal/", "plans" },
  { "Device/", "plans" },
  { "Coverage/", "plans" },
  { "CareTeam/", "plans" },
  { "DiagnosticReport/", "visits" },
  { "DocumentReference/", "visits" },
  { "Encounter/", "visits" },
  { "Appointment/", "visits" },
};

static GtkWidget *
chart_feature_create_patient_widget (WorkspaceFeature *feature,
                                     const WorkspaceOffer *offer,
                                     WorkspacePatient *patient)
{
  GType type = CHART_TYPE_SUMMARY_PAGE;

  if (g_str_equal (offer->id, "problems"))
    type = CHART_TYPE_PROBLEMS_PAGE;
  else if (g_str_equal (offer->id, "medicines"))
    type = CHART_TYPE_MEDICINES_PAGE;
  else if (g_str_equal (offer->id, "visits"))
    type = CHART_TYPE_VISITS_PAGE;
  else if (g_str_equal (offer->id, "history"))
    type = CHART_TYPE_HISTORY_PAGE;
  else if (g_str_equal (offer->id, "plans"))
    type = CHART_TYPE_PLANS_PAGE;
  return workspace_chart_page_new (type, patient);
}

static const char *
chart_feature_claims (WorkspaceFeature *feature, const char *reference)
{
  for (gsize i = 0; i < G_N_ELEMENTS (claims); i++)
    if (g_str_has_prefix (reference, claims[i].type))
      return claims[i].page;
  return NULL;
}

static const char *const composers[] = { "problem", NULL };

static WorkspaceComposer *
chart_feature_create_composer (WorkspaceFeature *feature,
                               const char *keyword,
                               WorkspacePatient *patient,
                               const char *encounter_id,
                               const char *draft_id)
{
  CareContext *context = workspace_session_get_context (workspace_patient_get_session (patient));

  return care_entry_may_write (context, CARE_ENTRY_PROBLEM, NULL)
             ? chart_composer_new (patient, CARE_ENTRY_PROBLEM)
             : NULL;
}

static void
chart_feature_class_init (ChartFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "chart";
  feature_class->composers = composers;
  feature_class->create_composer = chart_feature_create_composer;
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->create_patient_widget = chart_feature_create_patient_widget;
  feature_class->claims = chart_feature_claims;
}

static void
chart_feature_init (ChartFeature *self)
{
}
