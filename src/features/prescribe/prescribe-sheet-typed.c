/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-sheet.h"

#include <locale.h>

/* What is typed into a sheet: numbers as they are written here, texts without white space around.
 */

static gboolean
set_number (PrescribeSheet *self, const char *property, const char *typed, GError **error)
{
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self);
  const char *mark = localeconv ()->decimal_point;
  g_autofree char *literal = NULL;

  if (*typed != '\0' && !clinical_dose_parse (typed, mark, &literal, error))
    {
      g_object_set (draft, property, NULL, NULL);
      return FALSE;
    }
  g_object_set (draft, property, literal, NULL);
  return TRUE;
}

/* (transfer full) (nullable): the number that is typed here, or a sentence that says what to write.
 */
char *
prescribe_sheet_read_typed (const char *typed, GError **error)
{
  char *literal = NULL;

  clinical_dose_parse (typed, localeconv ()->decimal_point, &literal, error);
  return literal;
}

/* (transfer full) (nullable): a whole dosage in short; a number alone counts the drug's unit. */
ClinicalShorthand *
prescribe_sheet_read_shorthand (PrescribeSheet *self, const char *typed, GError **error)
{
  g_autofree char *unit = NULL;

  g_object_get (prescribe_sheet_get_draft (self), "dose-unit", &unit, NULL);
  return clinical_shorthand_parse (typed, localeconv ()->decimal_point, unit, error);
}

/* (transfer full) (nullable): a number of the draft as it is typed here. */
char *
prescribe_sheet_dup_typed (const char *literal)
{
  return clinical_dose_dup_typed (literal, localeconv ()->decimal_point);
}

/**
 * prescribe_sheet_set_dose:
 * @typed: one decimal mark, no grouping marks
 *
 * Returns: FALSE where @typed is no dose; the draft then has none
 */
gboolean
prescribe_sheet_set_dose (PrescribeSheet *self, const char *typed, GError **error)
{
  return set_number (self, "dose-value", typed, error);
}

gboolean
prescribe_sheet_set_quantity (PrescribeSheet *self, const char *typed, GError **error)
{
  return set_number (self, "quantity", typed, error);
}

/**
 * prescribe_sheet_set_text:
 * @property: of the draft
 * @typed: without white space around it; nothing but that is none
 */
void
prescribe_sheet_set_text (PrescribeSheet *self, const char *property, const char *typed)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));

  g_object_set (prescribe_sheet_get_draft (self), property, *text != '\0' ? text : NULL, NULL);
}
