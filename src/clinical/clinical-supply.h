/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-dosage.h"

G_BEGIN_DECLS

/* A dose by weight, with all that it was made of. */
typedef struct
{
  char *exact;   /* mg per kg times kg */
  char *rounded; /* to a multiple that can be given */
} ClinicalWeightDose;

char *clinical_supply_quantity (GPtrArray *steps, GError **error);
int clinical_supply_days (GPtrArray *steps, const char *quantity);
int clinical_supply_total_days (GPtrArray *steps);
ClinicalWeightDose *
clinical_weight_dose (const char *per_kg, const char *weight_kg, const char *step, GError **error);
void clinical_weight_dose_free (ClinicalWeightDose *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalWeightDose, clinical_weight_dose_free)

G_END_DECLS
