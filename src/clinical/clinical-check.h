/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"
#include "clinical-finding.h"

G_BEGIN_DECLS

/* What the checks know of one allergy, or of one medicine, on the chart. */
typedef struct
{
  char *reference;            /* "AllergyIntolerance/a" or "MedicationRequest/m" */
  char *text;                 /* as the chart words it */
  GPtrArray *systems, *codes; /* parallel, of char *: every coding of the concept */
  char *reaction;             /* "anaphylaxis", or NULL */
  gboolean severe;            /* criticality high, a severe reaction, or anaphylaxis */
  gboolean none_known;        /* the entry says that there is no known allergy */
  char *ends;                 /* of a medicine: planned stop date, or NULL */
} ClinicalChartItem;

ClinicalChartItem *clinical_chart_item_new (const char *reference, const char *text);
void clinical_chart_item_add_code (ClinicalChartItem *self, const char *system, const char *code);
void clinical_chart_item_free (ClinicalChartItem *self);

GPtrArray *clinical_check_allergies (ClinicalContent *content,
                                     const char *drug_name,
                                     GPtrArray *ingredients,
                                     GPtrArray *allergies,
                                     gboolean recorded);
GPtrArray *clinical_check_duplicates (ClinicalContent *content,
                                      const char *drug_name,
                                      GPtrArray *ingredients,
                                      GPtrArray *medicines);
GPtrArray *clinical_check_interactions (void);
GPtrArray *clinical_check_all (ClinicalContent *content,
                               const char *drug_name,
                               GPtrArray *ingredients,
                               GPtrArray *allergies,
                               GPtrArray *medicines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalChartItem, clinical_chart_item_free)

G_END_DECLS
