/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-finding.h"

ClinicalFinding *
clinical_finding_new (const char *check,
                      ClinicalAnswer answer,
                      const char *severity,
                      const char *evidence)
{
  ClinicalFinding *self = g_new0 (ClinicalFinding, 1);

  self->check = g_strdup (check);
  self->answer = answer;
  self->severity = g_strdup (severity);
  self->evidence = g_strdup (evidence);
  return self;
}

ClinicalFinding *
clinical_finding_copy (const ClinicalFinding *self)
{
  ClinicalFinding *copy =
      clinical_finding_new (self->check, self->answer, self->severity, self->evidence);

  copy->sentence = g_strdup (self->sentence);
  copy->scope = g_strdup (self->scope);
  return copy;
}

void
clinical_finding_free (ClinicalFinding *self)
{
  g_free (self->check);
  g_free (self->severity);
  g_free (self->sentence);
  g_free (self->scope);
  g_free (self->evidence);
  g_free (self);
}

/**
 * clinical_finding_dup_key:
 *
 * Returns: (transfer full): what names this finding among those of one prescription, to hang the
 * prescriber's reason on
 */
char *
clinical_finding_dup_key (const ClinicalFinding *self)
{
  return g_strdup_printf ("%s|%s", self->check, self->evidence ? self->evidence : "");
}

/**
 * clinical_finding_needs_reason:
 *
 * Returns: whether the prescriber may sign only with a reason: findings graded high
 */
gboolean
clinical_finding_needs_reason (const ClinicalFinding *self)
{
  return self->answer == CLINICAL_FOUND && g_strcmp0 (self->severity, "high") == 0;
}
