/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-types.h"
#include "clinical-dosage.h"

G_BEGIN_DECLS

/* A prescription being written: no widgets and no JSON to be seen. Bound for life to one patient
 * and one author. Properties: id, patient-id, author, encounter-id (construct only); drug-code,
 * drug-name, ingredients ("a|b"), ingredient-codes ("1|2"), form, strength, brand, dose-value,
 * dose-unit, frequency, period, period-unit, route-code, route, method, when, as-needed,
 * as-needed-for, duration-days, quantity, quantity-unit, repeats, instructions (to the patient),
 * note (to the pharmacist), reason (what it is for), dose-high, period-max, days ("mon thu"),
 * max-a-day, steps (what comes then), no-substitution, substitution-reason, weight-note,
 * weight-reference, prior (the MedicationRequest in whose place it is written, ended with the
 * signature), by-weight (the dose came from a weight, be it changed since). */
#define CARE_TYPE_PRESCRIPTION_DRAFT (care_prescription_draft_get_type ())
G_DECLARE_FINAL_TYPE (
    CarePrescriptionDraft, care_prescription_draft, CARE, PRESCRIPTION_DRAFT, GObject)

CarePrescriptionDraft *care_prescription_draft_new (const char *id,
                                                    const char *patient_id,
                                                    const char *author,
                                                    const char *encounter_id);
CarePrescriptionDraft *care_prescription_draft_new_from_body (const char *id,
                                                              const char *patient_id,
                                                              const char *author,
                                                              const char *encounter_id,
                                                              const char *body,
                                                              GError **error);
CarePrescriptionDraft *care_prescription_draft_new_from_elsewhere (const char *id,
                                                                   const char *patient_id,
                                                                   const char *author,
                                                                   const char *encounter_id,
                                                                   const char *body,
                                                                   GError **error);
void care_prescription_draft_set_drug (CarePrescriptionDraft *self,
                                       const char *code,
                                       const char *name,
                                       const char *ingredients,
                                       const char *ingredient_codes,
                                       const char *strength,
                                       const char *form,
                                       const char *route,
                                       const char *brand);
char *care_prescription_draft_dup_body (CarePrescriptionDraft *self);
const char *care_prescription_draft_get_id (CarePrescriptionDraft *self);
const char *care_prescription_draft_get_patient_id (CarePrescriptionDraft *self);
const char *care_prescription_draft_get_author (CarePrescriptionDraft *self);
const char *care_prescription_draft_get_encounter_id (CarePrescriptionDraft *self);
const char *care_prescription_draft_get_drug_code (CarePrescriptionDraft *self);
const char *care_prescription_draft_get_drug_name (CarePrescriptionDraft *self);
GPtrArray *care_prescription_draft_dup_ingredients (CarePrescriptionDraft *self);
ClinicalDosage *care_prescription_draft_dup_dosage (CarePrescriptionDraft *self);
char *care_prescription_draft_dup_text (CarePrescriptionDraft *self, GError **error);
char *care_prescription_draft_dup_words (CarePrescriptionDraft *self);
char *care_prescription_draft_dup_patient_text (CarePrescriptionDraft *self, const char *language);
GPtrArray *care_prescription_draft_dup_steps (CarePrescriptionDraft *self);
gboolean
care_prescription_draft_set_steps (CarePrescriptionDraft *self, GPtrArray *then, GError **error);
gboolean
care_prescription_draft_take (CarePrescriptionDraft *self, GPtrArray *steps, GError **error);
gboolean care_prescription_draft_is_complete (CarePrescriptionDraft *self, GError **error);
GPtrArray *care_prescription_draft_dup_line (CarePrescriptionDraft *self);

G_END_DECLS
