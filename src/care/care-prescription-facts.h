/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "clinical-dosage.h"

G_BEGIN_DECLS

/* A dosage of this drug from before, to be taken again. */
typedef struct
{
  char *label;      /* whose it was, and when */
  char *text;       /* what it says */
  GPtrArray *steps; /* ClinicalDosage; NULL where it must be written anew, and @problem says why */
  char *problem;
  char *quantity, *quantity_unit;
  int repeats;
  gboolean by_weight;     /* the dose was worked out of a weight, for whoever it was */
  char *weight_reference; /* (nullable): of which: for the draft that takes it */
} CareSig;

/* What a form knows beside the draft: read again for each drug. */
typedef struct
{
  char *language;         /* (nullable): the patient's */
  char *weight;           /* (nullable): kilograms, a decimal */
  char *weight_date;      /* as a person reads it */
  char *weight_reference; /* "Observation/1" */
  char *weight_problem;   /* (nullable): why no dose may be worked out of it (H11) */
  GPtrArray *sigs;        /* CareSig: this patient's, then the prescriber's own */
} CarePrescriptionFacts;

void care_sig_free (CareSig *self);
void care_prescription_facts_free (CarePrescriptionFacts *self);
CarePrescriptionFacts *care_prescription_facts (StoreConnection *connection,
                                                CareContext *context,
                                                const char *patient_id,
                                                const char *drug_code,
                                                GError **error);
void care_prescription_facts_async (CareContext *context,
                                    const char *patient_id,
                                    const char *drug_code,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
CarePrescriptionFacts *care_prescription_facts_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CarePrescriptionFacts, care_prescription_facts_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareSig, care_sig_free)

G_END_DECLS
