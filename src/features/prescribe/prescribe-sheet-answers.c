/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-sheet-private.h"

#include <glib/gi18n.h>

#include "care-prescription-stage.h"
#include "clinical-drug-name.h"

/* What the prescriber answers to the checks, and what still stands in the way of signing. */

static char *
reference_of (PrescribeSheet *self)
{
  return g_strconcat ("MedicationRequest/",
                      care_prescription_draft_get_id (prescribe_sheet_get_draft (self)), NULL);
}

static const char *
own_reason (PrescribeSheet *self, const ClinicalFinding *finding)
{
  g_autofree char *key = clinical_finding_dup_key (finding);

  return g_hash_table_lookup (prescribe_sheet_get_own_reasons (self), key);
}

/* That nothing could be checked is so of every drug: it is acknowledged once. */
static gboolean
is_about_content (const ClinicalFinding *finding)
{
  return g_strcmp0 (finding->check, "content") == 0;
}

/* @finding is about another sheet: the same rule, as that one has it about @self. */
static const char *
reason_over_there (PrescribeSheet *other, const ClinicalFinding *finding, const char *self)
{
  GPtrArray *findings = prescribe_sheet_get_findings (other);
  const char *reason = NULL;

  for (guint i = 0; findings != NULL && i < findings->len && reason == NULL; i++)
    {
      const ClinicalFinding *theirs = findings->pdata[i];

      if ((is_about_content (finding) || g_strcmp0 (theirs->evidence, self) == 0) &&
          g_strcmp0 (theirs->check, finding->check) == 0 &&
          g_strcmp0 (theirs->why, finding->why) == 0 &&
          g_strcmp0 (theirs->rule, finding->rule) == 0 &&
          g_strcmp0 (theirs->severity, finding->severity) == 0)
        reason = own_reason (other, theirs);
    }
  return reason;
}

/* (nullable): two drugs of one sheet that do not go together are answered once, and the answer
 * stands at both. */
static const char *
find_reason (PrescribeSheet *self, const ClinicalFinding *finding)
{
  GPtrArray *beside = prescribe_sheet_get_beside (self);
  const char *reason = own_reason (self, finding);
  g_autofree char *own = reference_of (self);

  for (guint i = 0; beside != NULL && i < beside->len && reason == NULL; i++)
    {
      g_autofree char *theirs = reference_of (beside->pdata[i]);

      if (beside->pdata[i] != self &&
          (is_about_content (finding) || g_strcmp0 (finding->evidence, theirs) == 0))
        reason = reason_over_there (beside->pdata[i], finding, own);
    }
  return reason;
}

/**
 * prescribe_sheet_dup_reasons:
 *
 * Returns: (transfer full): clinical_finding_dup_key () to the prescriber's reason, of what the
 *   checks answered last
 */
GHashTable *
prescribe_sheet_dup_reasons (PrescribeSheet *self)
{
  GHashTable *reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GPtrArray *findings = prescribe_sheet_get_findings (self);

  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const char *reason = find_reason (self, findings->pdata[i]);

      if (reason != NULL)
        g_hash_table_insert (reasons, clinical_finding_dup_key (findings->pdata[i]),
                             g_strdup (reason));
    }
  return reasons;
}

/* (transfer full): its drug as it is written here; "" while none is chosen */
char *
prescribe_sheet_dup_drug (PrescribeSheet *self)
{
  const char *name = care_prescription_draft_get_drug_name (prescribe_sheet_get_draft (self));

  return name != NULL ? clinical_drug_name (name) : g_strdup ("");
}

static char *
dup_unanswered (PrescribeSheet *self)
{
  GPtrArray *findings = prescribe_sheet_get_findings (self);

  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];

      if (finding->blocks)
        return g_strdup (_ ("It cannot be signed like this: see what the checks say."));
      if (clinical_finding_needs_reason (finding) && find_reason (self, finding) == NULL)
        return g_strdup (_ ("A match of the checks needs your reason."));
    }
  return NULL;
}

/* (nullable): a dose that was worked out of a weight is one for that weight, not for the next. */
static const char *
get_weight_problem (PrescribeSheet *self)
{
  const CarePrescriptionFacts *facts = prescribe_sheet_get_facts (self);
  g_autofree char *reference = NULL;

  g_object_get (prescribe_sheet_get_draft (self), "weight-reference", &reference, NULL);
  if (reference == NULL)
    return NULL;
  if (facts == NULL)
    return _ ("The chart is being read.");
  return g_strcmp0 (reference, facts->weight_reference) != 0
             ? _ ("Its dose was worked out of a weight. Write it again with the weight of today.")
             : facts->weight_problem;
}

/**
 * prescribe_sheet_dup_problem:
 *
 * Returns: (transfer full) (nullable): what still stands in the way of signing it
 */
char *
prescribe_sheet_dup_problem (PrescribeSheet *self)
{
  g_autoptr (GError) error = NULL;
  const char *weight;

  if (!care_context_check_lease (prescribe_sheet_get_context (self), &error) ||
      !care_prescription_draft_is_complete (prescribe_sheet_get_draft (self), &error))
    return g_strdup (error->message);
  weight = get_weight_problem (self);
  if (weight != NULL)
    return g_strdup (weight);
  if (prescribe_sheet_get_checked (self) == 0)
    return g_strdup (_ ("The checks have not answered yet."));
  if (!prescribe_sheet_get_looked (self))
    return g_strdup (_ ("You have not looked at it yet."));
  return dup_unanswered (self);
}

/**
 * prescribe_sheet_get_stage:
 *
 * Returns: the nick of care-prescription-stage.h: checked once nothing stands in the way of signing
 */
const char *
prescribe_sheet_get_stage (PrescribeSheet *self)
{
  g_autofree char *problem = prescribe_sheet_dup_problem (self);

  return problem == NULL ? CARE_STAGE_CHECKED : CARE_STAGE_DRAFT;
}

/**
 * prescribe_sheet_dup_patient_sentence:
 *
 * H20: the prescriber sees what the patient will read, in the patient's language.
 *
 * Returns: (transfer full) (nullable): NULL while the dosage is not whole, or the patient's
 * language is being read
 */
char *
prescribe_sheet_dup_patient_sentence (PrescribeSheet *self)
{
  const CarePrescriptionFacts *facts = prescribe_sheet_get_facts (self);
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self);
  g_autofree char *own =
      facts != NULL ? care_prescription_draft_dup_patient_text (draft, facts->language) : NULL;
  g_autofree char *text =
      own != NULL || facts == NULL ? NULL : care_prescription_draft_dup_patient_text (draft, "en");

  if (own != NULL)
    return g_strdup_printf (_ ("The patient reads: %s"), own);
  return text != NULL ? g_strdup_printf (_ ("There are no words in the patient’s language. The "
                                            "patient reads: %s"),
                                         text)
                      : NULL;
}
