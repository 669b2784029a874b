/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-check.h"
#include "clinical-renal.h"
#include "clinical-rules-private.h"

G_BEGIN_DECLS

/* An ingredient, and the rows that name it or a class of it. Each is worked out once for a check.
 */
typedef struct
{
  const ClinicalIngredient *ingredient; /* borrowed */
  ClinicalRowSet a, b;                  /* of the interactions, by the side on which it stands */
  ClinicalRowSet conditions, never_events;
  GPtrArray *duplicates; /* ClinicalRow: classes of which only so many go together */
} ClinicalProfile;

/* A medicine with the profiles of what is in it. */
typedef struct
{
  const ClinicalOrder *order;
  gboolean is_systemic; /* acts in the whole body: read once, asked in every pair */
  GPtrArray *profiles;  /* ClinicalProfile, borrowed */
} ClinicalDrug;

/* One check of some orders against one chart. */
typedef struct
{
  ClinicalContent *content;
  ClinicalRules *rules;
  const ClinicalPatient *patient;
  const char *today;
  char *date;                    /* of the formulary, as shown */
  GPtrArray *orders, *medicines; /* ClinicalDrug */
  GHashTable *profiles;          /* "723" or "n:amoxicillin" -> ClinicalProfile */
  ClinicalWeightState weight;
  double kg;
  ClinicalRenal renal;
  char *scopes[CLINICAL_N_TABLES]; /* as clinical_check_scope () words them, made when asked for */
  GPtrArray *findings;
  guint at; /* the order that is being checked */
} ClinicalCheck;

ClinicalFinding *clinical_check_found (ClinicalCheck *self,
                                       const char *kind,
                                       const char *severity,
                                       const ClinicalRow *row,
                                       const char *evidence,
                                       char *sentence);
ClinicalFinding *clinical_check_not_found (ClinicalCheck *self,
                                           const char *kind,
                                           ClinicalTable table,
                                           char *sentence);
ClinicalFinding *clinical_check_not_checked (ClinicalCheck *self,
                                             const char *kind,
                                             ClinicalTable table,
                                             const char *why,
                                             const char *subject,
                                             char *sentence);
gboolean clinical_check_can (ClinicalCheck *self, const char *kind, ClinicalTable table);
const char *clinical_check_title (const char *kind);
char *clinical_check_scope (ClinicalCheck *self, ClinicalTable table);
char *clinical_check_number (double value);
void clinical_check_add_fact (ClinicalFinding *finding, const char *fact);
const ClinicalDrug *clinical_check_drug (ClinicalCheck *self);

void clinical_check_do_allergies (ClinicalCheck *self);
void clinical_check_do_interactions (ClinicalCheck *self);
void clinical_check_do_duplicates (ClinicalCheck *self);
void clinical_check_do_dose (ClinicalCheck *self);
void clinical_check_do_renal (ClinicalCheck *self);
void clinical_check_do_pregnancy (ClinicalCheck *self);
void clinical_check_do_ages (ClinicalCheck *self);
void clinical_check_do_conditions (ClinicalCheck *self);
void clinical_check_do_never_events (ClinicalCheck *self);

#define clinical_row_set_foreach(row, one, other)                                                  \
  for (guint row = clinical_row_set_next (one, other, 0); row != G_MAXUINT;                        \
       row = clinical_row_set_next (one, other, row + 1))

static inline guint
clinical_row_set_next (const ClinicalRowSet *one, const ClinicalRowSet *other, guint from)
{
  guint n_words = other ? MIN (one->n_words, other->n_words) : one->n_words;

  for (guint word = from / 64; word < n_words; word++)
    {
      guint64 bits = one->words[word] & (other ? other->words[word] : G_MAXUINT64);

      if (word == from / 64)
        bits &= G_MAXUINT64 << (from % 64);
      if (bits)
        return word * 64 + (guint) __builtin_ctzll (bits);
    }
  return G_MAXUINT;
}

G_END_DECLS
