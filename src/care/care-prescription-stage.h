/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-prescription.h"

G_BEGIN_DECLS

/* The way of a prescription, from the first letter to the last tablet. Each has a nick: these two,
 * and those of care_delivery_state_get_nick () from the signature on. */
#define CARE_STAGE_DRAFT   "draft"   /* something is missing, or unanswered */
#define CARE_STAGE_CHECKED "checked" /* whole, checked as it stands, and all is answered */

#define CARE_STAGES 8

/* @words: (array): what each stage is called, with the nick in its place
 * @n: how many there are: where it ended, nothing follows
 * @at: which of them it is */
typedef struct
{
  const char *words[CARE_STAGES];
  guint n, at;
} CareStages;

gboolean care_prescription_stages (const char *nick, CareStages *stages);
const char *care_prescription_stage_get_word (const char *nick);
const char *care_prescription_stage_of (StoreConnection *connection,
                                        CarePrescriptionDraft *draft,
                                        ClinicalContent *content);

G_END_DECLS
