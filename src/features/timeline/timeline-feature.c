/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timeline-feature.h"

#include <glib/gi18n.h>

#include "timeline-page.h"

/* Everything that happened to one patient, in one list. */

struct _TimelineFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (TimelineFeature, timeline_feature, WORKSPACE_TYPE_FEATURE)

#define PAGE "timeline"

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_PATIENT_PAGE, PAGE, N_ ("Timeline"), "bedside-timeline-symbolic", "<Alt>9",
    90 },
};

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  return workspace_chart_page_new (TIMELINE_TYPE_PAGE, patient);
}

/* What no page of its own shows is found here: this feature stands last in the list of features, so
 * that any other is asked before. People and the clinic's own affairs are no events of a patient.
 */
static const char *
claims (WorkspaceFeature *feature, const char *reference)
{
  static const char *const not_here[] = { "Patient/",       "Practitioner", "Organization/",
                                          "RelatedPerson/", "Location/",    "Provenance/" };

  for (gsize i = 0; i < G_N_ELEMENTS (not_here); i++)
    if (g_str_has_prefix (reference, not_here[i]))
      return NULL;
  return PAGE;
}

static void
timeline_feature_class_init (TimelineFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = PAGE;
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->create_patient_widget = create_patient_widget;
  feature_class->claims = claims;
}

static void
timeline_feature_init (TimelineFeature *self)
{
}
