/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-line.h"

G_BEGIN_DECLS

/* Who says that a medicine is taken. */
typedef enum
{
  CARE_MEDICINE_OURS,      /* ordered or written down at this clinic */
  CARE_MEDICINE_ELSEWHERE, /* another organisation's record */
  CARE_MEDICINE_REPORTED,  /* by the patient or somebody close */
} CareMedicineOrigin;

typedef enum
{
  CARE_MEDICINE_ACTIVE,
  CARE_MEDICINE_ON_HOLD,
  CARE_MEDICINE_UNKNOWN, /* no status, or none that FHIR has */
  CARE_MEDICINE_DRAFT,
  CARE_MEDICINE_FORBIDDEN, /* not to be given */
  CARE_MEDICINE_SUPPLIED,  /* handed out, and nobody ordered or reported it here */
  CARE_MEDICINE_NOT_TAKEN,
  CARE_MEDICINE_STOPPED,
  CARE_MEDICINE_COMPLETED,
  CARE_MEDICINE_WITHHELD, /* a modifier that may change its meaning */
} CareMedicineState;
#define CARE_N_MEDICINE_STATES (CARE_MEDICINE_WITHHELD + 1)

/* Whether two sources say the same. What could not be compared is not the same. */
typedef enum
{
  CARE_AGREEMENT_SAME,
  CARE_AGREEMENT_UNSURE,
  CARE_AGREEMENT_DIFFERS,
} CareAgreement;

typedef enum
{
  CARE_ASPECT_DOSE,
  CARE_ASPECT_ROUTE,
  CARE_ASPECT_FREQUENCY,
  CARE_ASPECT_STATUS,
} CareAspect;
#define CARE_N_ASPECTS (CARE_ASPECT_STATUS + 1)

/* What one source says of one medicine. Texts that are not recorded are NULL. */
typedef struct
{
  char *reference, *version;
  CareMedicineOrigin origin;
  CareMedicineState state;
  gboolean is_order; /* a MedicationRequest */
  char *source;      /* "Our prescription", "Reported by the patient", "Record of City Hospital" */
  char *who;         /* who prescribed or wrote it down */
  char *since, *until;
  char *why, *stopped_by; /* of one that is stopped, held or not taken */
  char *reason;           /* what it is for */
  char *name;
  GPtrArray *line;                         /* ClinicalPart: the medication line */
  char *dose, *route, *frequency, *dosage; /* @dosage: all of it as it is read */
} CareMedicineSide;

/* What is known of the supply. A text is always there: "Supply not recorded" is an answer too. */
typedef struct
{
  char *text;     /* "Handed out 12-Nov-2026 for 28 days: 18 days left" */
  char *repeats;  /* or NULL */
  char *pharmacy; /* where the prescription is, or NULL */
  int days_left;
  gboolean has_days_left, soon, over;
  gboolean loud; /* not sent, refused, not supplied: somebody must tell the patient (H1) */
} CareMedicineSupply;

/* One row of the page: a medicine as one source says it, or as several do side by side. Immutable,
 * may cross threads. */
#define CARE_TYPE_MEDICINE (care_medicine_get_type ())
G_DECLARE_FINAL_TYPE (CareMedicine, care_medicine, CARE, MEDICINE, GObject)

const char *care_medicine_get_key (CareMedicine *self);
const char *care_medicine_get_name (CareMedicine *self);
CareMedicineState care_medicine_get_state (CareMedicine *self);
gboolean care_medicine_is_current (CareMedicine *self);
guint care_medicine_get_n_sides (CareMedicine *self);
const CareMedicineSide *care_medicine_get_side (CareMedicine *self, guint index);
gboolean care_medicine_has_reference (CareMedicine *self, const char *reference);
CareAgreement care_medicine_get_agreement (CareMedicine *self, CareAspect aspect);
gboolean care_medicine_is_named (CareMedicine *self);
gboolean care_medicine_is_conflict (CareMedicine *self);
gboolean care_medicine_is_twice (CareMedicine *self);
char *care_medicine_dup_difference (CareMedicine *self);
char *care_medicine_dup_mark (CareMedicine *self);
const CareMedicineSupply *care_medicine_get_supply (CareMedicine *self);
const char *care_medicine_get_reconciled (CareMedicine *self);
char *care_medicine_dup_words (CareMedicine *self);
char *care_medicine_side_dup_end (const CareMedicineSide *side);
gboolean care_medicine_state_is_over (CareMedicineState state);
const char *care_medicine_state_get_words (CareMedicineState state);

G_END_DECLS
