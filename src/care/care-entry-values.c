/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-date.h"

/* What the form of an entry holds, and whether it can be saved. */

/**
 * care_entry_values_new:
 * @entry: (nullable): an entry to change
 *
 * Returns: (transfer full): what a form for it holds at first
 */
GHashTable *
care_entry_values_new (CareEntry *entry)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gsize n;
  const CareField *fields =
      entry ? care_entry_kind_get_fields (care_entry_get_kind (entry), &n) : NULL;

  for (gsize i = 0; fields && i < n; i++)
    care_entry_set_value (values, fields[i].name, care_entry_get_value (entry, fields[i].name));
  return values;
}

/**
 * care_entry_set_value:
 * @text: (nullable): white space at its ends is left out; what is empty then is no value
 */
void
care_entry_set_value (GHashTable *values, const char *field, const char *text)
{
  g_autofree char *tidy = text ? g_strstrip (g_strdup (text)) : NULL;

  if (tidy && *tidy)
    g_hash_table_insert (values, g_strdup (field), g_steal_pointer (&tidy));
  else
    g_hash_table_remove (values, field);
}

/**
 * care_entry_set_coding:
 *
 * Sets a concept's words with the coding that was chosen for them. Words that are changed
 * afterwards lose the coding.
 */
void
care_entry_set_coding (GHashTable *values,
                       const char *field,
                       const char *system,
                       const char *code,
                       const char *display)
{
  care_entry_set_value (values, field, display);
  g_hash_table_insert (values, g_strdup_printf ("%s|coding", field),
                       g_strdup_printf ("%s|%s|%s", system, code, display));
}

/**
 * care_entry_values_set_defaults:
 *
 * Makes the values of a new entry say what it would say by itself, so that its form shows it. A
 * required choice, given or not given, is always a person's.
 */
void
care_entry_values_set_defaults (GHashTable *values, CareEntryKind kind)
{
  const CareEntryTable *table = care_entry_table (kind);

  for (gsize i = 0; i < table->n_fields; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (table->defaults) && table->defaults[j].path; j++)
      if (!table->fields[i].required && !g_str_equal (table->defaults[j].code, CARE_ENTRY_TODAY) &&
          g_str_equal (table->fields[i].path, table->defaults[j].path))
        care_entry_set_value (values, table->fields[i].name, table->defaults[j].code);
}

/**
 * care_entry_values_set_none:
 *
 * Makes the values say that the patient is known to have none of this kind, which an empty list
 * does not say.
 *
 * Returns: FALSE where no code says so for this kind
 */
gboolean
care_entry_values_set_none (GHashTable *values, CareEntryKind kind)
{
  const CareEntryTable *table = care_entry_table (kind);

  if (!table->none.code)
    return FALSE;
  care_entry_set_coding (values, "code", table->none.system, table->none.code, table->none.display);
  care_entry_set_value (values, "verification", "confirmed");
  return TRUE;
}

static gboolean
check_date (const CareField *field, const char *text, const char *today, GError **error)
{
  FhirDate date;

  if (!fhir_date_parse (text, &date))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                   _ ("“%s” needs a date such as 2019, 2019-04 or 2019-04-30."), _ (field->label));
      return FALSE;
    }
  /* The shorter text is the less precise one: 2026 is not after 2026-11-29. */
  if (field->type == CARE_FIELD_PAST && strncmp (text, today, MIN (strlen (text), 10)) > 0)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("“%s” cannot be in the future."),
                   _ (field->label));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_field (const CareField *field, GHashTable *values, const char *today, GError **error)
{
  const char *text = g_hash_table_lookup (values, field->name);

  if (!text && field->required)
    g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("“%s” is missing."), _ (field->label));
  else if (text && field->needs && !g_hash_table_lookup (values, field->needs))
    g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                 _ ("“%s” says nothing while the reaction itself is missing."), _ (field->label));
  else if (text && (field->type == CARE_FIELD_DATE || field->type == CARE_FIELD_PAST))
    return check_date (field, text, today, error);
  else
    return TRUE;
  return FALSE;
}

/**
 * care_entry_values_check:
 * @today: YYYY-MM-DD
 * @fault: (out) (optional) (nullable): name of the field that is at fault
 *
 * Returns: TRUE where it can be saved; else @error says in words what is missing
 */
gboolean
care_entry_values_check (
    CareEntryKind kind, GHashTable *values, const char *today, const char **fault, GError **error)
{
  const char *ignored;
  const CareEntryTable *table = care_entry_table (kind);
  const char *start = g_hash_table_lookup (values, "start"),
             *end = g_hash_table_lookup (values, "end");

  fault = fault ? fault : &ignored;
  for (gsize i = 0; i < table->n_fields; i++)
    {
      *fault = table->fields[i].name;
      if (!check_field (&table->fields[i], values, today, error))
        return FALSE;
    }
  *fault = "end";
  if (start && end && strncmp (start, end, MIN (strlen (start), strlen (end))) > 0)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("It ends before it begins."));
      return FALSE;
    }
  *fault = NULL;
  return TRUE;
}
