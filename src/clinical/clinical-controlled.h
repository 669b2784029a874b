/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"

G_BEGIN_DECLS

typedef enum
{
  CLINICAL_CONTROLLED,             /* the table has one of its ingredients */
  CLINICAL_CONTROLLED_NOT_LISTED,  /* the table has none, which is all that is said */
  CLINICAL_CONTROLLED_NOT_CHECKED, /* nobody can say */
} ClinicalControlledState;

/* Whether a drug is a controlled one. As with the checks, the sentence says in what was looked. */
typedef struct
{
  ClinicalControlledState state;
  char *schedule; /* "II", "III or V"; NULL unless found */
  char *sentence;
  char *source; /* of the row, "unverified" where nobody had a page open; NULL unless found */
} ClinicalControlled;

ClinicalControlled *clinical_controlled_new (ClinicalContent *content,
                                             const char *drug,
                                             GPtrArray *ingredients,
                                             const char *today);
void clinical_controlled_free (ClinicalControlled *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalControlled, clinical_controlled_free)

G_END_DECLS
