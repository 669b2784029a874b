/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-finding.h"

#include "base-id.h"

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
  self->subjects = g_ptr_array_new_with_free_func (g_free);
  return self;
}

ClinicalFinding *
clinical_finding_copy (const ClinicalFinding *self)
{
  ClinicalFinding *copy =
      clinical_finding_new (self->check, self->answer, self->severity, self->evidence);

  copy->sentence = g_strdup (self->sentence);
  copy->scope = g_strdup (self->scope);
  copy->rule = g_strdup (self->rule);
  copy->source = g_strdup (self->source);
  copy->why = g_strdup (self->why);
  copy->facts = g_strdup (self->facts);
  copy->version = g_strdup (self->version);
  copy->overridden = g_strdup (self->overridden);
  for (guint i = 0; i < self->subjects->len; i++)
    clinical_finding_add_subject (copy, self->subjects->pdata[i]);
  copy->order = self->order;
  copy->blocks = self->blocks;
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
  g_free (self->rule);
  g_free (self->source);
  g_free (self->why);
  g_free (self->facts);
  g_free (self->version);
  g_free (self->overridden);
  g_ptr_array_unref (self->subjects);
  g_free (self);
}

/* Once, in the order in which they are read. */
void
clinical_finding_add_subject (ClinicalFinding *self, const char *name)
{
  for (guint i = 0; i < self->subjects->len; i++)
    if (g_strcmp0 (self->subjects->pdata[i], name) == 0)
      return;
  g_ptr_array_add (self->subjects, g_strdup (name));
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/**
 * clinical_finding_dup_alert_key:
 *
 * Kind, subjects, severity, the facts that it rests on and the version of the content: where any of
 * them is another, it is another alert.
 *
 * Returns: (transfer full): what names this alert among all of one patient, as SHA-256
 */
char *
clinical_finding_dup_alert_key (const ClinicalFinding *self)
{
  g_autoptr (GPtrArray) subjects = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  const char *parts[] = { self->check,    self->severity, self->rule,
                          self->evidence, self->facts,    self->version };

  for (guint i = 0; i < self->subjects->len; i++)
    g_ptr_array_add (subjects, self->subjects->pdata[i]);
  g_ptr_array_sort (subjects, compare_texts);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_string_append_printf (text, "%s\n", parts[i] ? parts[i] : "");
  for (guint i = 0; i < subjects->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) subjects->pdata[i]);
  return base_sha256_hex (text->str, (gssize) text->len);
}

/**
 * clinical_finding_dup_key:
 *
 * Returns: (transfer full): what names this finding among those of one prescription, to hang the
 * prescriber's reason on: a reason is for one alert, and not for that of another ingredient, of a
 * worse dose or of a new weight
 */
char *
clinical_finding_dup_key (const ClinicalFinding *self)
{
  g_autofree char *alert = clinical_finding_dup_alert_key (self);

  return g_strdup_printf ("%s|%s|%s|%s", self->check, self->evidence ? self->evidence : "",
                          self->rule ? self->rule : "", alert);
}

/**
 * clinical_finding_needs_reason:
 *
 * Returns: whether the prescriber may sign only with a reason: what is graded high and was not
 * overridden before on the same facts, what blocks, and that nothing could be checked
 */
gboolean
clinical_finding_needs_reason (const ClinicalFinding *self)
{
  if (self->blocks ||
      (self->answer == CLINICAL_NOT_CHECKED && g_str_equal (self->check, "content")))
    return TRUE;
  return self->answer == CLINICAL_FOUND && g_strcmp0 (self->severity, "high") == 0 &&
         !self->overridden;
}
