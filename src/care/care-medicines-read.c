/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines-private.h"

#include <glib/gi18n.h>

#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-reference.h"
#include "store-resource.h"

#include <string.h>

/* From a MedicationRequest or MedicationStatement to what one source says. */

void
care_medicine_fact_free (CareMedicineFact *self)
{
  CareMedicineSide *side = &self->side;
  char *texts[] = { side->reference, side->version, side->source, side->who,      side->since,
                    side->until,     side->why,     side->reason, side->name,     side->stopped_by,
                    side->dose,      side->route,   side->dosage, side->frequency };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_clear_pointer (&side->line, g_ptr_array_unref);
  g_clear_pointer (&self->resource, fhir_resource_unref);
  g_free (self->code);
  g_free (self->key);
  g_free (self->bucket);
  g_free (self->amount_unit);
  g_free (self->form);
  g_free (self->often);
  g_free (self->when);
  g_free (self->needed_for);
  g_free (self);
}

/* ---- which medicine it is ---- */

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Sorted, each once: "36567" or "10582+36567". */
static char *
key_of_ingredients (GPtrArray *ingredients)
{
  g_autoptr (GPtrArray) codes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) key = g_string_new ("ingredient:");

  for (guint i = 0; i < ingredients->len; i++)
    {
      const ClinicalIngredient *item = ingredients->pdata[i];

      g_ptr_array_add (codes,
                       item->code ? g_strdup (item->code) : g_ascii_strdown (item->name, -1));
    }
  g_ptr_array_sort (codes, compare_texts);
  for (guint i = 0; i < codes->len; i++)
    if (i == 0 || !g_str_equal (codes->pdata[i], codes->pdata[i - 1]))
      g_string_append_printf (key, "%s+", (char *) codes->pdata[i]);
  return g_string_free_and_steal (g_steal_pointer (&key));
}

/* The same words but for case and spaces: nothing is taken for alike that merely looks alike. */
static char *
key_of_name (const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\r\n", -1);
  g_autoptr (GString) key = g_string_new ("name:");

  for (guint i = 0; words[i]; i++)
    if (*words[i])
      g_string_append_printf (key, "%s ", words[i]);
  return g_string_free_and_steal (g_steal_pointer (&key));
}

/* @code: (nullable): RxNorm */
static char *
read_key (CareMedicineReader *reader, const char *name, const char *code)
{
  g_autofree char *question = g_strdup_printf ("%s|%s", code ? code : "", name);
  const char *known = g_hash_table_lookup (reader->keys, question);
  g_autoptr (GPtrArray) ingredients = NULL;
  char *key;

  if (known)
    return g_strdup (known);
  if (reader->content && code)
    ingredients = clinical_content_ingredients_of_drug (reader->content, code);
  if (reader->content && (!ingredients || ingredients->len == 0))
    {
      g_clear_pointer (&ingredients, g_ptr_array_unref);
      ingredients = clinical_content_ingredients_in_text (reader->content, name);
    }
  key = ingredients && ingredients->len > 0 ? key_of_ingredients (ingredients) : key_of_name (name);
  g_hash_table_insert (reader->keys, g_steal_pointer (&question), g_strdup (key));
  return key;
}

/**
 * care_medicine_read_key:
 * @resource: what is ordered, reported or handed out
 *
 * Returns: (transfer full): the same for the same ingredients by the content; where that does not
 *   know the medicine, for the same name. Two without a name are one medicine only where they refer
 *   to the same.
 */
char *
care_medicine_read_key (CareMedicineReader *reader, FhirResource *resource)
{
  const char *code =
      fhir_concept_get_code (fhir_resource_path (resource, "medicationCodeableConcept"),
                             CARE_SYSTEM_RXNORM);
  const char *target = fhir_resource_path_text (resource, "medicationReference.reference");
  g_autofree char *name = care_chart_find_medicine (reader->chart, resource);
  g_autofree char *own = fhir_resource_dup_reference (resource);

  if (name || code)
    return read_key (reader, name ? name : "", code);
  return g_strconcat ("unnamed:", target && *target != '#' ? target : own, NULL);
}

/* ---- who says so ---- */

static char *
name_of_resource (FhirResource *resource)
{
  const FhirElement *name = fhir_resource_path (resource, "name");

  return fhir_element_get_kind (name) == FHIR_KIND_STRING ? g_strdup (fhir_element_get_text (name))
         : name                                           ? fhir_human_name_format (name)
                                                          : NULL;
}

/**
 * care_medicine_read_name:
 * @reference: (nullable): a Reference to a person or an organisation
 *
 * Returns: (nullable): the name
 */
const char *
care_medicine_read_name (CareMedicineReader *reader, const FhirElement *reference)
{
  const char *display = fhir_element_path_text (reference, "display");
  const char *target = fhir_element_path_text (reference, "reference");
  g_autofree char *type = NULL, *id = NULL, *name = NULL;
  g_autoptr (FhirResource) resource = NULL;
  const char *known;

  if (display || !target)
    return display;
  known = g_hash_table_lookup (reader->names, target);
  if (!known)
    {
      if (fhir_reference_split (target, &type, &id))
        resource = store_resource_get (reader->chart->connection, type, id, NULL);
      name = resource ? name_of_resource (resource) : NULL;
      known = name ? name : "";
      g_hash_table_insert (reader->names, g_strdup (target), g_strdup (known));
      known = g_hash_table_lookup (reader->names, target);
    }
  return *known ? known : NULL;
}

/* Who wrote it says nothing of where: other organisations' people are in the directory as well. */
gboolean
care_medicine_is_written_here (FhirResource *statement)
{
  fhir_element_foreach (item, fhir_resource_path (statement, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (item, "system"), CARE_SYSTEM_STATEMENT_ID) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_type (const FhirElement *reference, const char *type)
{
  const char *target = fhir_element_path_text (reference, "reference");

  return g_strcmp0 (fhir_element_path_text (reference, "type"), type) == 0 ||
         (target && g_str_has_prefix (target, type) && target[strlen (type)] == '/');
}

/* One source. What is not named is the one of its reference, else of this entry alone: two that
 * nobody named are not one. */
static char *
bucket_of (const CareMedicineFact *fact, const FhirElement *by, const char *name)
{
  const char *target = fhir_element_path_text (by, "reference");

  return g_strdup (name                       ? fact->side.source
                   : target && *target != '#' ? target
                                              : fact->side.reference);
}

static void
set_reported (CareMedicineFact *fact, CareMedicineReader *reader, const FhirElement *by)
{
  const char *name = care_medicine_read_name (reader, by);

  fact->side.origin = CARE_MEDICINE_REPORTED;
  fact->side.source = has_type (by, "Patient") ? g_strdup (_ ("Reported by the patient"))
                      : name                   ? g_strdup_printf (_ ("Reported by %s"), name)
                                               : g_strdup (_ ("Reported; by whom is not recorded"));
  fact->bucket = bucket_of (fact, by, has_type (by, "Patient") ? fact->side.source : name);
}

static void
set_elsewhere (CareMedicineFact *fact, CareMedicineReader *reader, const FhirElement *by)
{
  const char *name = care_medicine_read_name (reader, by);

  fact->side.origin = CARE_MEDICINE_ELSEWHERE;
  fact->side.source = name ? g_strdup_printf (_ ("Record of %s"), name)
                           : g_strdup (_ ("Record of another organisation, which is not named"));
  fact->bucket = bucket_of (fact, by, name);
}

/* Whoever handed it out; that nobody ordered it here makes it nobody's report. */
static void
read_dispense_source (CareMedicineFact *fact, CareMedicineReader *reader, FhirResource *dispense)
{
  set_elsewhere (fact, reader, fhir_resource_path (dispense, "performer.0.actor"));
}

static void
read_order_source (CareMedicineFact *fact, CareMedicineReader *reader, FhirResource *request)
{
  const FhirElement *requester = fhir_resource_path (request, "requester");
  const FhirElement *reported = fhir_resource_path (request, "reportedReference");
  const char *name = care_medicine_read_name (reader, requester);

  fact->side.who = g_strdup (name);
  if (reported || fhir_element_is_true (fhir_resource_path (request, "reportedBoolean")))
    set_reported (fact, reader, reported);
  else if (care_chart_is_ours (request))
    {
      fact->side.origin = CARE_MEDICINE_OURS;
      fact->side.source = g_strdup (_ ("Our prescription"));
    }
  else
    set_elsewhere (fact, reader, requester);
}

static void
read_statement_source (CareMedicineFact *fact, CareMedicineReader *reader, FhirResource *statement)
{
  const FhirElement *by = fhir_resource_path (statement, "informationSource");
  const char *name = care_medicine_read_name (reader, by);

  if (care_medicine_is_written_here (statement) && has_type (by, "Practitioner"))
    {
      fact->side.origin = CARE_MEDICINE_OURS;
      fact->side.source = g_strdup (_ ("Written down here"));
      fact->side.who = g_strdup (name);
    }
  else if (has_type (by, "Organization") || has_type (by, "Practitioner") ||
           has_type (by, "PractitionerRole"))
    set_elsewhere (fact, reader, by);
  else
    set_reported (fact, reader, by);
}

/* ---- what it says ---- */

gboolean
care_medicine_state_is_current (CareMedicineState state)
{
  return state == CARE_MEDICINE_ACTIVE || state == CARE_MEDICINE_ON_HOLD ||
         state == CARE_MEDICINE_UNKNOWN;
}

static gboolean
is_prohibition (FhirResource *resource)
{
  return fhir_element_is_true (fhir_resource_path (resource, "doNotPerform"));
}

static CareMedicineState
state_of (FhirResource *resource)
{
  static const struct
  {
    const char *status;
    CareMedicineState state;
  } states[] = {
    { "active", CARE_MEDICINE_ACTIVE },       { "intended", CARE_MEDICINE_ACTIVE },
    { "on-hold", CARE_MEDICINE_ON_HOLD },     { "draft", CARE_MEDICINE_DRAFT },
    { "stopped", CARE_MEDICINE_STOPPED },     { "cancelled", CARE_MEDICINE_STOPPED },
    { "completed", CARE_MEDICINE_COMPLETED }, { "not-taken", CARE_MEDICINE_NOT_TAKEN },
  };
  const char *status = fhir_resource_path_text (resource, "status");
  CareMedicineState state = CARE_MEDICINE_UNKNOWN;

  for (gsize i = 0; status && i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i].status, status))
      state = states[i].state;
  /* a prohibition that is not over holds, whatever is said of its state */
  return is_prohibition (resource) && care_medicine_state_is_current (state)
             ? CARE_MEDICINE_FORBIDDEN
             : state;
}

/**
 * care_medicine_dup_day:
 * @date: a FHIR date or dateTime
 *
 * Returns: (transfer full): the day of it in the clinic, as precise as it was written: since when a
 *   medicine is taken has no use for minutes
 */
char *
care_medicine_dup_day (CareChart *chart, const char *date)
{
  g_autoptr (GDateTime) utc =
      strchr (date, 'T') ? g_date_time_new_from_unix_utc_usec (care_chart_time (date)) : NULL;
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, chart->zone) : NULL;

  return local ? g_date_time_format (local, "%Y-%m-%d") : g_strdup (date);
}

static char *
show_first_date (CareChart *chart, FhirResource *resource, const char *const *paths, gint64 *sort)
{
  for (; *paths; paths++)
    {
      const char *date = fhir_resource_path_text (resource, *paths);

      if (date)
        {
          g_autofree char *day = care_medicine_dup_day (chart, date);

          if (sort)
            *sort = care_chart_time (date);
          return fhir_date_format (day, chart->zone);
        }
    }
  return NULL;
}

static CareMedicineFact *
read_withheld (FhirResource *resource)
{
  CareMedicineFact *fact = g_new0 (CareMedicineFact, 1);

  fact->resource = fhir_resource_ref (resource);
  fact->side.reference = fhir_resource_dup_reference (resource);
  fact->side.version = g_strdup (fhir_resource_get_version (resource));
  fact->side.state = CARE_MEDICINE_WITHHELD;
  fact->side.origin = CARE_MEDICINE_ELSEWHERE;
  fact->side.source = g_strdup (
      _ ("It carries a modifier that may change its meaning. Read it where it was written."));
  fact->side.name = g_strdup (_ ("Entry that Bedside cannot show safely"));
  fact->side.line = clinical_line (NULL, NULL, NULL, NULL, NULL, NULL, fact->side.name);
  fact->key = g_strconcat ("withheld:", fact->side.reference, NULL);
  fact->bucket = g_strdup (fact->side.reference);
  return fact;
}

/**
 * care_medicine_read:
 * @resource: a MedicationRequest or MedicationStatement, not one that was entered in error
 *
 * Returns: (transfer full): what it says; of one with an unknown modifier nothing but that
 */
CareMedicineFact *
care_medicine_read (CareMedicineReader *reader, FhirResource *resource)
{
  static const char *const since[] = { "effectivePeriod.start", "effectiveDateTime", "authoredOn",
                                       "dateAsserted",          "whenHandedOver",    NULL };
  CareChart *chart = reader->chart;
  CareMedicineFact *fact;
  CareMedicineSide *side;

  if (care_chart_is_opaque (resource))
    return read_withheld (resource);
  fact = g_new0 (CareMedicineFact, 1);
  side = &fact->side;
  fact->resource = fhir_resource_ref (resource);
  side->reference = fhir_resource_dup_reference (resource);
  side->version = g_strdup (fhir_resource_get_version (resource));
  side->is_order = g_str_equal (fhir_resource_get_type (resource), "MedicationRequest");
  side->state = state_of (resource);
  fact->is_prohibition = is_prohibition (resource);
  side->since = show_first_date (chart, resource, since, &fact->sort);
  side->why = care_chart_concept (resource, side->is_order ? "statusReason" : "statusReason.0");
  side->reason = care_chart_concept (resource, "reasonCode.0");
  side->name = care_chart_find_medicine (chart, resource);
  fact->is_named =
      side->name || fhir_resource_path (resource, "medicationCodeableConcept.coding.0.code");
  if (!side->name)
    side->name = care_chart_medicine (chart, resource);
  fact->code =
      g_strdup (fhir_concept_get_code (fhir_resource_path (resource, "medicationCodeableConcept"),
                                       CARE_SYSTEM_RXNORM));
  fact->key = care_medicine_read_key (reader, resource);
  if (side->is_order)
    read_order_source (fact, reader, resource);
  else if (g_str_equal (fhir_resource_get_type (resource), "MedicationDispense"))
    read_dispense_source (fact, reader, resource);
  else
    read_statement_source (fact, reader, resource);
  if (side->origin == CARE_MEDICINE_OURS)
    g_set_str (&fact->bucket, "ours");
  care_medicine_read_dosage (fact, reader, resource);
  if (!side->is_order && care_medicine_is_written_here (resource))
    { /* beside what it was written about, even where the same person is the source of both */
      g_autofree char *source = g_steal_pointer (&fact->bucket);

      fact->bucket = g_strconcat ("here: ", source, NULL);
    }
  return fact;
}

/* Source of the codes: https://hl7.org/fhir/uv/ips/STU1/CodeSystem-absent-unknown-uv-ips.html
 * "no-known-medications"; SNOMED CT 787481004 "No known medications (situation)", as the European
 * patient summary's examples write it (github.com/hl7-eu/eps). */
gboolean
care_medicine_is_none_known (FhirResource *statement)
{
  const FhirElement *code = fhir_resource_path (statement, "medicationCodeableConcept");

  return !care_chart_is_opaque (statement) &&
         (fhir_concept_has_code (code, NULL, "no-known-medications") ||
          fhir_concept_has_code (code, CARE_SYSTEM_SNOMED, "787481004"));
}
