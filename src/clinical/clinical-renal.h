/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-patient.h"

G_BEGIN_DECLS

/* How well the kidneys work, in mL/min, and what that was reckoned from. */
typedef struct
{
  double value;
  char *words;     /* "Cockcroft-Gault, 42 mL/min, from creatinine …"; or why it is not known */
  char *facts;     /* dates and values it rests on */
  char *reference; /* of the creatinine or of the eGFR, or NULL */
  gboolean known;
} ClinicalRenal;

void clinical_renal_clear (ClinicalRenal *self);
double clinical_renal_cockcroft_gault (double mg_dl, double kg, int age_years, gboolean female);
double clinical_renal_ckd_epi_2021 (double mg_dl, int age_years, gboolean female);
void clinical_renal_of (const ClinicalPatient *patient, const char *today, ClinicalRenal *out);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ClinicalRenal, clinical_renal_clear)

G_END_DECLS
