/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"

G_BEGIN_DECLS

/* What the checks know of an allergy, a condition or a medicine on the chart. */
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
GPtrArray *clinical_chart_item_dup_ingredients (const ClinicalChartItem *self,
                                                ClinicalContent *content);
gboolean clinical_text_has_term (const char *folded, const char *term);

/* A reason why an ingredient meets an allergy. Texts are borrowed from the content. */
typedef struct
{
  const char *severity, *label, *source;
  gboolean same, named, unverified; /* the same substance; the class itself was named */
} ClinicalAllergyMatch;

/* An allergy and every ingredient that meets it, worked out once. */
typedef struct
{
  ClinicalChartItem *item;
  gboolean resolved; /* what it is was found at all */
  GHashTable *meets; /* "723" or "n:amoxicillin" -> ClinicalAllergyMatch */
} ClinicalAllergy;

ClinicalAllergy *clinical_allergy_new (ClinicalContent *content, ClinicalChartItem *item);
void clinical_allergy_free (ClinicalAllergy *self);
const ClinicalAllergyMatch *clinical_allergy_meets (const ClinicalAllergy *self,
                                                    const ClinicalIngredient *ingredient);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalChartItem, clinical_chart_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalAllergy, clinical_allergy_free)

G_END_DECLS
