/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"

G_BEGIN_DECLS

/* A medicine as the checks see it: one being ordered, or one on the chart, where less of it may be
 * known. Everything may be absent but the name. */
typedef struct
{
  char *reference; /* "MedicationRequest/m", or NULL */
  char *name;      /* as shown */
  char *formula;   /* as RxNorm makes names: strength and form are read from it; NULL: name */
  GPtrArray *ingredients; /* ClinicalIngredient; NULL where what is in it is not known */
  char *dose;             /* a decimal as written, or NULL */
  char *unit;             /* "mg", "tablet", "mg/kg"; as written */
  double per_day;         /* how often a day, 1/7 for once a week; NAN where it is not known */
  double most_often;      /* of any step, times a day; NAN where it is per_day or not known */
  gboolean weekly_day;    /* every step once a week or less often, on one named day */
  gboolean as_needed;
  char *route;  /* "oral", as written */
  char *reason; /* the indication, in words */
  char *ends;   /* planned stop, "2026-12-24", or NULL */
} ClinicalOrder;

/* What one ingredient of an order comes to. */
typedef struct
{
  double single, daily; /* in the unit that was asked for; daily is NAN where it is not known */
  gboolean per_kg;      /* the order itself is written per kilogram */
} ClinicalAmount;

typedef enum
{
  CLINICAL_AMOUNT_KNOWN,
  CLINICAL_AMOUNT_NO_DOSE,
  CLINICAL_AMOUNT_UNIT,     /* a unit that nobody can convert */
  CLINICAL_AMOUNT_STRENGTH, /* what one of it holds is not known */
} ClinicalAmountState;

ClinicalOrder *clinical_order_new (const char *reference, const char *name);
void clinical_order_free (ClinicalOrder *self);
ClinicalAmountState clinical_order_amount (const ClinicalOrder *self,
                                           guint ingredient,
                                           const char *unit,
                                           ClinicalAmount *out);
const char *clinical_order_get_route (const ClinicalOrder *self);
gboolean clinical_order_has_form (const ClinicalOrder *self, const char *word);
gboolean clinical_order_is_systemic (const ClinicalOrder *self);
gboolean clinical_order_is_in_units (const ClinicalOrder *self);
const char *clinical_unit_shown (const char *ucum);
char *clinical_order_dup_dose (const ClinicalOrder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalOrder, clinical_order_free)

G_END_DECLS
