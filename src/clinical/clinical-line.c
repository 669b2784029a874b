/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-line.h"

#include <glib/gi18n.h>

#include "clinical-drug-name.h"
#include "clinical-tallman.h"

/* A medication line by the rules of the NHS Common User Interface: generic name, brand, form, dose,
 * route, frequency. Whoever draws it wraps between parts and never shortens one. */

void
clinical_part_free (ClinicalPart *self)
{
  g_free (self->text);
  g_free (self);
}

/* "/" has been read as "1": a strength per volume is said in words. */
static char *
without_slash (const char *text)
{
  g_auto (GStrv) halves = g_strsplit (text, "/", -1);

  for (guint i = 0; halves[i]; i++)
    g_strstrip (halves[i]);
  return g_strjoinv (" in ", halves);
}

static void
add (GPtrArray *parts, ClinicalPartKind kind, const char *text)
{
  ClinicalPart *part;

  if (!text || !*text)
    return;
  part = g_new0 (ClinicalPart, 1);
  part->kind = kind;
  part->text = g_strdup (text);
  g_ptr_array_add (parts, part);
}

/**
 * clinical_line:
 * @generic: the generic name
 * @brand: (nullable): the brand, where one was prescribed
 * @form: (nullable): "oral tablet"
 * @dose: (nullable): "120 mg"
 * @route: (nullable): "oral"
 * @frequency: (nullable): "twice a day"
 * @rest: (nullable): what else there is to say
 *
 * Returns: (transfer full) (element-type ClinicalPart): the runs of the line in order
 */
GPtrArray *
clinical_line (const char *generic,
               const char *brand,
               const char *form,
               const char *dose,
               const char *route,
               const char *frequency,
               const char *rest)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_part_free);
  g_autofree char *lower = generic ? g_utf8_strdown (generic, -1) : NULL;
  g_autofree char *tall = lower ? clinical_tallman (lower) : NULL;
  g_autofree char *upper = brand ? g_utf8_strup (brand, -1) : NULL;
  g_autofree char *plain_form = form ? g_utf8_strdown (form, -1) : NULL;
  g_autofree char *shown_dose = dose ? clinical_drug_name (dose) : NULL;
  g_autofree char *plain_dose = shown_dose ? without_slash (shown_dose) : NULL;

  add (parts, CLINICAL_PART_GENERIC, tall);
  add (parts, CLINICAL_PART_BRAND, upper);
  add (parts, CLINICAL_PART_FORM, plain_form);
  add (parts, CLINICAL_PART_LABEL, dose && *dose ? C_ ("medication line", "DOSE") : NULL);
  add (parts, CLINICAL_PART_DOSE, plain_dose);
  add (parts, CLINICAL_PART_ROUTE, route);
  add (parts, CLINICAL_PART_FREQUENCY, frequency);
  add (parts, CLINICAL_PART_REST, rest);
  return parts;
}

/**
 * clinical_line_dup_text:
 * @parts: (element-type ClinicalPart): a medication line
 *
 * Returns: (transfer full): "amoxicillin – oral capsule – DOSE 500 mg – oral – 3 times a day"
 */
char *
clinical_line_dup_text (GPtrArray *parts)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    {
      const ClinicalPart *part = parts->pdata[i];

      g_string_append_printf (out, "%s%s",
                              i == 0                             ? ""
                              : part->kind == CLINICAL_PART_DOSE ? "\xc2\xa0"
                                                                 : " – ",
                              part->text);
    }
  return g_string_free_and_steal (out);
}
