/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines-private.h"

#include <glib/gi18n.h>

#include "clinical-dosage.h"
#include "clinical-drug-name.h"
#include "clinical-timing.h"
#include "store-content.h"

#include <string.h>

/* How a source says that a medicine is taken: as it is shown, and as it is compared. */

/* A strength that is one number of one unit of mass, "20 MG"; in a name, the only one there. */
static gboolean
read_strength (const char *text, double *amount, char **unit)
{
  static const struct
  {
    const char *unit;
    double milligrams;
  } masses[] = { { "mcg", 0.001 }, { "microgram", 0.001 }, { "mg", 1 }, { "g", 1000 } };
  g_autoptr (GRegex) regex =
      g_regex_new ("(?<![\\w.,])(\\d+(?:\\.\\d+)?)\\s*(mcg|microgram|mg|g)(s?)(?!\\w)",
                   G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *number = NULL, *found = NULL;

  if (!text || strchr (text, '/') || !g_regex_match (regex, text, 0, &match))
    return FALSE;
  number = g_match_info_fetch (match, 1);
  found = g_match_info_fetch (match, 2);
  if (g_match_info_next (match, NULL))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (masses); i++)
    if (g_ascii_strcasecmp (masses[i].unit, found) == 0)
      {
        *amount = g_ascii_strtod (number, NULL) * masses[i].milligrams;
        *unit = g_strdup ("mg");
        return TRUE;
      }
  return FALSE;
}

/* A unit as it is compared: "Tablets" and "tab" are "tablet". */
static char *
plain_unit (const char *unit)
{
  static const char *const short_forms[][2] = { { "tab", "tablet" }, { "cap", "capsule" } };
  g_autofree char *lower = g_utf8_strdown (unit, -1);

  if (g_str_has_suffix (lower, "(s)"))
    lower[strlen (lower) - 3] = '\0';
  else if (strlen (lower) > 2 && g_str_has_suffix (lower, "s"))
    lower[strlen (lower) - 1] = '\0';
  else if (g_str_has_suffix (lower, "."))
    lower[strlen (lower) - 1] = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (short_forms); i++)
    if (g_str_equal (lower, short_forms[i][0]))
      return g_strdup (short_forms[i][1]);
  return g_steal_pointer (&lower);
}

/* How much is taken at once: as it was written, else so many pieces of a strength that is known. */
static void
read_amount (CareMedicineFact *fact, const ClinicalDosage *dosage, const char *strength)
{
  static const char *const pieces[] = { "tablet", "capsule", "patch", NULL };
  double number = g_ascii_strtod (dosage->dose_value, NULL), each = 0;
  g_autofree char *measured = g_strdup_printf ("%s %s", dosage->dose_value, dosage->dose_unit);
  g_autofree char *counted = plain_unit (dosage->dose_unit), *unit = NULL;

  if (read_strength (measured, &fact->amount, &fact->amount_unit))
    return;
  if (g_strv_contains (pieces, counted))
    {
      if (!read_strength (strength, &each, &unit))
        return;
      fact->amount = number * each;
      fact->amount_unit = g_steal_pointer (&unit);
      return;
    }
  fact->amount = number;
  fact->amount_unit = g_steal_pointer (&counted);
}

/* Whether it is plain or gives off its substance otherwise; and the form with its hours, which
 * stand in the strength: "4 MG (12 HR)". The words only ever keep two from being called alike. */
static void
read_form (CareMedicineFact *fact, const StoreDrug *drug)
{
  static const char words[] =
      "\\b(?:MR|SR|XR|XL|ER|CR|DR|LA|PR|EC|(?i:retard|depot|(?:modified|extended|prolonged|"
      "sustained|controlled|delayed|slow)[ -]release|\\d+ ?hr))\\b";
  const char *hours = drug && drug->strength ? strchr (drug->strength, '(') : NULL;

  if (drug && drug->form)
    fact->form = g_strconcat (drug->form, hours, NULL);
  fact->slow = g_regex_match_simple (words, fact->side.name, 0, 0) ||
               (fact->form && g_regex_match_simple (words, fact->form, 0, 0));
}

static void
read_rest (CareMedicineFact *fact, const ClinicalDosage *dosage)
{
  fact->as_needed = dosage->as_needed;
  fact->when = g_strdup (dosage->when);
  fact->needed_for = g_strdup (dosage->as_needed_for);
  fact->duration_days = dosage->duration_days;
}

static ClinicalDosage *
only_dosage (const FhirElement *dosages)
{
  return fhir_element_get_length (dosages) == 1
             ? clinical_dosage_from_fhir (fhir_element_at (dosages, 0), NULL)
             : NULL;
}

static char *
rest_of (const ClinicalDosage *dosage)
{
  g_autoptr (GString) rest = g_string_new (dosage->as_needed ? _ ("as required") : NULL);
  const char *when = clinical_timing_event_text (dosage->when);

  if (when)
    g_string_append_printf (rest, "%s%s", rest->len ? ", " : "", when);
  if (dosage->duration_days > 0)
    {
      g_autofree char *days =
          g_strdup_printf (ngettext ("for %d day", "for %d days", (gulong) dosage->duration_days),
                           dosage->duration_days);

      g_string_append_printf (rest, "%s%s", rest->len ? ", " : "", days);
    }
  return rest->len ? g_string_free_and_steal (g_steal_pointer (&rest)) : NULL;
}

/* A name that the content does not know stays as it was written, with tall-man letters. */
static GPtrArray *
line_of (const CareMedicineSide *side, const StoreDrug *drug, const char *rest)
{
  g_auto (GStrv) list = drug ? g_strsplit (drug->ingredients, "|", -1) : NULL;
  g_autofree char *generic = list ? g_strjoinv (" and ", list) : NULL;
  GPtrArray *line = clinical_line (generic, NULL, drug ? drug->form : NULL, side->dose, side->route,
                                   side->frequency, rest);

  if (!drug)
    {
      ClinicalPart *name = g_new0 (ClinicalPart, 1);

      name->kind = CLINICAL_PART_GENERIC;
      name->text = g_strdup (side->name);
      g_ptr_array_insert (line, 0, name);
    }
  return line;
}

/**
 * care_medicine_read_dosage:
 * @fact: its name and code are read
 * @resource: whose dosage it is
 */
void
care_medicine_read_dosage (CareMedicineFact *fact,
                           CareMedicineReader *reader,
                           FhirResource *resource)
{
  CareMedicineSide *side = &fact->side;
  const FhirElement *instructions = fhir_resource_path (resource, "dosageInstruction");
  const FhirElement *dosages =
      instructions ? instructions : fhir_resource_path (resource, "dosage");
  gboolean disagrees = FALSE;
  g_autofree char *text = clinical_dosage_display (dosages, &disagrees);
  g_autoptr (ClinicalDosage) dosage = disagrees ? NULL : only_dosage (dosages);
  const StoreDrug *drug = fact->code && reader->content && STORE_IS_CONTENT (reader->content)
                              ? store_content_get_drug (STORE_CONTENT (reader->content), fact->code)
                              : NULL;
  g_autofree char *rest = NULL;

  read_form (fact, drug);
  side->dosage = !text       ? NULL
                 : disagrees ? g_strdup_printf (_ ("%s – text and codes differ"), text)
                             : g_steal_pointer (&text);
  if (dosage)
    {
      g_autofree char *amount = clinical_dose_amount (dosage->dose_value, dosage->dose_unit);

      if (drug && drug->strength)
        {
          g_autofree char *strength = clinical_drug_name_plain (drug->strength);

          side->dose = g_strdup_printf (_ ("%s of %s"), amount, strength);
        }
      else
        side->dose = g_steal_pointer (&amount);
      side->route = g_strdup (dosage->route_text);
      side->frequency = clinical_dosage_frequency_text (dosage);
      fact->often = g_strdup (side->frequency);
      rest = rest_of (dosage);
      read_rest (fact, dosage);
      read_amount (fact, dosage, drug ? drug->strength : side->name);
    }
  else
    rest = g_strdup (side->dosage ? side->dosage : _ ("dosage not recorded"));
  if (fact->is_prohibition && side->state != CARE_MEDICINE_FORBIDDEN)
    g_set_str (&rest, care_medicine_state_get_words (CARE_MEDICINE_FORBIDDEN));
  side->line = line_of (side, drug, rest);
  if (fact->often && rest)
    {
      /* all that is compared as frequency is shown as such */
      g_free (side->frequency);
      side->frequency = g_strdup_printf ("%s, %s", fact->often, rest);
    }
}
