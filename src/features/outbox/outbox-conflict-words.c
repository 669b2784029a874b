/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-conflict-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "clinical-dosage.h"
#include "clinical-drug-name.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-quantity.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "sync-conflict.h"

/* A dose, a date or a status has words of its own; whatever has none is said by sync's plain
 * wording, leaf by leaf. Two sides that differ never read alike. */

static const struct
{
  const char *type, *words;
} kinds[] = {
  { "MedicationRequest", N_ ("Prescription") },
  { "MedicationStatement", N_ ("Medicine") },
  { "AllergyIntolerance", N_ ("Allergy") },
  { "Condition", N_ ("Problem") },
  { "Observation", N_ ("Reading") },
  { "Immunization", N_ ("Immunization") },
  { "Consent", N_ ("Consent") },
  { "DocumentReference", N_ ("Note") },
  { "Encounter", N_ ("Visit") },
  { "Appointment", N_ ("Booking") },
  { "Task", N_ ("Task") },
  { "Patient", N_ ("Personal details") },
};

/* A type names the elements that mean something else there than elsewhere. */
static const struct
{
  const char *type, *name, *words;
} labels[] = {
  { "AllergyIntolerance", "code", N_ ("Substance") },
  { "Condition", "code", N_ ("Problem") },
  { "Observation", "code", N_ ("What was measured") },
  { "Observation", "value[x]", N_ ("Value") },
  { "Observation", "effective[x]", N_ ("Measured on") },
  { "Immunization", "occurrence[x]", N_ ("Given on") },
  { "Patient", "active", N_ ("Record in use") },
  { "Patient", "contact", N_ ("Person to contact") },
  { "Patient", "communication", N_ ("Language") },
  { "DocumentReference", "content", N_ ("Text") },
  { NULL, "status", N_ ("Status") },
  { NULL, "statusReason", N_ ("Reason for the status") },
  { NULL, "docStatus", N_ ("Status of the text") },
  { NULL, "clinicalStatus", N_ ("Status") },
  { NULL, "verificationStatus", N_ ("Certainty") },
  { NULL, "medication[x]", N_ ("Medicine") },
  { NULL, "dosageInstruction", N_ ("Dose and frequency") },
  { NULL, "dosage", N_ ("Dose and frequency") },
  { NULL, "dispenseRequest", N_ ("Supply") },
  { NULL, "substitution", N_ ("Substitution") },
  { NULL, "doNotPerform", N_ ("Not to be given") },
  { NULL, "intent", N_ ("Intent") },
  { NULL, "priority", N_ ("Urgency") },
  { NULL, "reasonCode", N_ ("Reason") },
  { NULL, "reasonReference", N_ ("Reason") },
  { NULL, "authoredOn", N_ ("Written on") },
  { NULL, "requester", N_ ("Prescriber") },
  { NULL, "recorder", N_ ("Recorded by") },
  { NULL, "recordedDate", N_ ("Recorded on") },
  { NULL, "asserter", N_ ("Said by") },
  { NULL, "performer", N_ ("Done by") },
  { NULL, "owner", N_ ("Whose task") },
  { NULL, "encounter", N_ ("Visit") },
  { NULL, "subject", N_ ("Patient") },
  { NULL, "patient", N_ ("Patient") },
  { NULL, "note", N_ ("Remark") },
  { NULL, "severity", N_ ("Severity") },
  { NULL, "criticality", N_ ("Risk") },
  { NULL, "category", N_ ("Kind") },
  { NULL, "type", N_ ("Kind") },
  { NULL, "reaction", N_ ("Reaction") },
  { NULL, "onset[x]", N_ ("Began") },
  { NULL, "abatement[x]", N_ ("Ended") },
  { NULL, "interpretation", N_ ("Flag") },
  { NULL, "referenceRange", N_ ("Reference range") },
  { NULL, "component", N_ ("Part of the reading") },
  { NULL, "bodySite", N_ ("Where on the body") },
  { NULL, "vaccineCode", N_ ("Vaccine") },
  { NULL, "lotNumber", N_ ("Lot") },
  { NULL, "name", N_ ("Name") },
  { NULL, "birthDate", N_ ("Birth date") },
  { NULL, "gender", N_ ("Sex") },
  { NULL, "telecom", N_ ("Telephone or e-mail") },
  { NULL, "address", N_ ("Address") },
  { NULL, "identifier", N_ ("Identifier") },
  { NULL, "deceased[x]", N_ ("Died") },
  { NULL, "maritalStatus", N_ ("Marital status") },
  { NULL, "generalPractitioner", N_ ("General practitioner") },
  { NULL, "description", N_ ("Description") },
  { NULL, "period", N_ ("From and to") },
  { NULL, "start", N_ ("Begins") },
  { NULL, "end", N_ ("Ends") },
  { NULL, "extension", N_ ("Further detail") },
  { NULL, "meta.security", N_ ("Confidentiality") },
  { NULL, "meta.tag", N_ ("Tag") },
};

/* Codes whose own word a person would not say. */
static const struct
{
  const char *code, *words;
} codes[] = {
  { "entered-in-error", N_ ("entered in error") },
  { "on-hold", N_ ("on hold") },
  { "in-progress", N_ ("in progress") },
  { "not-done", N_ ("not done") },
  { "unable-to-assess", N_ ("unable to assess") },
  { "current", N_ ("valid") },
  { "female", N_ ("Female") },
  { "male", N_ ("Male") },
};

/* (transfer full): "Prescription" */
char *
outbox_conflict_words_dup_kind (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].type, type))
      return g_strdup (_ (kinds[i].words));
  return g_strdup (type);
}

/* "statusHistory" as "Status history", for an element that has no words of its own. */
static char *
spell_out (const char *name)
{
  GString *text = g_string_new (NULL);

  for (const char *c = name; *c && *c != '['; c++)
    {
      if (g_ascii_isupper (*c) && text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, text->len > 0 ? g_ascii_tolower (*c) : g_ascii_toupper (*c));
    }
  return g_string_free_and_steal (text);
}

/* The last step of an address, which is all of it that means something to a person. */
static char *
dup_listed (const char *listed)
{
  const char *end = strrchr (listed, '/');
  g_autofree char *last = g_strdup (end ? end + 1 : listed);

  return g_strdelimit (g_steal_pointer (&last), "|-", ' ');
}

/**
 * outbox_conflict_words_dup_label:
 * @name: an element, "birthDate", "value[x]"
 * @listed: (nullable): what tells it apart in its list
 *
 * Returns: (transfer full): "Birth date", "Telephone or e-mail (phone home)"
 */
char *
outbox_conflict_words_dup_label (const OutboxConflictWords *self,
                                 const char *name,
                                 const char *listed)
{
  g_autofree char *label = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (labels) && !label; i++)
    if (g_str_equal (labels[i].name, name) &&
        (!labels[i].type || g_strcmp0 (labels[i].type, self->type) == 0))
      label = g_strdup (_ (labels[i].words));
  if (!label)
    label = spell_out (name);
  if (!listed || !*listed || g_str_equal (name, "dosageInstruction"))
    return g_steal_pointer (&label);
  g_autofree char *which = dup_listed (listed);
  return g_strdup_printf ("%s (%s)", label, which);
}

/* ---- values ---- */

static char *
dup_code (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].code, code))
      return g_strdup (_ (codes[i].words));
  return g_strdup (code);
}

static char *
dup_plain (const OutboxConflictWords *self, const FhirElement *element)
{
  const char *text = fhir_element_get_text (element);
  FhirDate date;

  if (fhir_element_get_kind (element) != FHIR_KIND_STRING)
    return NULL;
  if (strlen (text) >= strlen ("2026-11-09") && fhir_date_parse (text, &date))
    return fhir_date_format (text, self->zone);
  return strchr (text, ' ') ? NULL : dup_code (text);
}

static char *
dup_reference (const OutboxConflictWords *self, const FhirElement *element)
{
  const char *display = fhir_element_path_text (element, "display");
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (display)
    return g_strdup (display);
  if (!self->connection ||
      !fhir_reference_split (fhir_element_path_text (element, "reference"), &type, &id))
    return NULL;
  g_autoptr (FhirResource) there = store_resource_get (self->connection, type, id, NULL);
  const FhirElement *name = there ? fhir_resource_path (there, "name") : NULL;
  if (name && !g_str_equal (type, "Organization") && !g_str_equal (type, "Location"))
    return fhir_human_name_format (name);
  return there ? g_strdup (fhir_resource_path_text (there, "name")) : NULL;
}

static char *
dup_dosage (const FhirElement *element)
{
  if (fhir_element_get_kind (element) == FHIR_KIND_ARRAY)
    return clinical_dosage_display (element, NULL);
  const char *text = fhir_element_path_text (element, "text");
  char *coded = clinical_dosage_text_of_element (element, NULL);
  return coded ? coded : g_strdup (text);
}

static char *
dup_supply (const FhirElement *element)
{
  g_autofree char *quantity =
      fhir_quantity_dup_shown (fhir_element_get (element, "quantity"), NULL);
  gint64 repeats =
      fhir_element_get_integer (fhir_element_get (element, "numberOfRepeatsAllowed"), -1);
  g_autofree char *again = NULL;

  if (!quantity)
    return NULL;
  if (repeats < 0)
    return g_steal_pointer (&quantity);
  again = repeats == 0 ? g_strdup (_ ("no repeats"))
                       : g_strdup_printf (ngettext ("%d repeat", "%d repeats", (gulong) repeats),
                                          (int) repeats);
  return g_strdup_printf ("%s, %s", quantity, again);
}

static char *
dup_period (const OutboxConflictWords *self, const FhirElement *element)
{
  const char *start = fhir_element_path_text (element, "start");
  const char *end = fhir_element_path_text (element, "end");
  g_autofree char *from = start ? fhir_date_format (start, self->zone) : NULL;
  g_autofree char *to = end ? fhir_date_format (end, self->zone) : NULL;

  if (from && to)
    return g_strdup_printf (_ ("from %s to %s"), from, to);
  if (from)
    return g_strdup_printf (_ ("from %s"), from);
  return to ? g_strdup_printf (_ ("until %s"), to) : NULL;
}

static char *
dup_reaction (const FhirElement *reaction)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *severity = fhir_element_path_text (reaction, "severity");

  fhir_element_foreach (manifestation, fhir_element_get (reaction, "manifestation"))
    {
      g_autofree char *one = fhir_concept_dup_text (manifestation);
      if (one)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", one);
    }
  if (text->len > 0 && severity)
    g_string_append_printf (text, " (%s)", severity);
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/* A telephone number or a line of an address, without what the label says already. */
static char *
dup_contact (const char *name, const FhirElement *element)
{
  if (g_str_equal (name, "telecom") || g_str_equal (name, "identifier"))
    return g_strdup (fhir_element_path_text (element, "value"));
  if (!g_str_equal (name, "address"))
    return NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  fhir_element_foreach (line, fhir_element_get (element, "line"))
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", fhir_element_get_text (line));
  static const char *const parts[] = { "postalCode", "city", "state", "country" };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (fhir_element_path_text (element, parts[i]))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                              fhir_element_path_text (element, parts[i]));
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/* One item, or an element that is none of a list. */
static char *
dup_one (const OutboxConflictWords *self, const char *name, const FhirElement *element)
{
  if (fhir_element_get_kind (element) != FHIR_KIND_OBJECT)
    return dup_plain (self, element);
  if (g_str_equal (name, "dispenseRequest"))
    return dup_supply (element);
  if (g_str_equal (name, "reaction"))
    return dup_reaction (element);
  if (g_str_equal (name, "medication[x]") && !fhir_element_get (element, "reference"))
    {
      g_autofree char *concept = fhir_concept_dup_text (element);
      return concept ? clinical_drug_name (concept) : NULL;
    }
  if (fhir_element_get (element, "reference"))
    return dup_reference (self, element);
  if (fhir_element_get (element, "start") || fhir_element_get (element, "end"))
    return dup_period (self, element);
  return dup_contact (name, element);
}

static char *
dup_or_plain (const OutboxConflictWords *self, const char *name, const FhirElement *element)
{
  char *words = dup_one (self, name, element);

  return words ? words : sync_conflict_dup_text (element);
}

/**
 * outbox_conflict_words_dup_value:
 * @element: (nullable)
 *
 * Returns: (transfer full) (nullable): in words; NULL: it is not there
 */
char *
outbox_conflict_words_dup_value (const OutboxConflictWords *self,
                                 const char *name,
                                 const FhirElement *element)
{
  char *dosage = NULL;

  if (!element)
    return NULL;
  if (g_str_equal (name, "dosageInstruction") || g_str_equal (name, "dosage"))
    dosage = dup_dosage (element);
  if (dosage)
    return dosage;
  if (fhir_element_get_kind (element) != FHIR_KIND_ARRAY)
    return dup_or_plain (self, name, element);

  g_autoptr (GString) text = g_string_new (NULL);
  fhir_element_foreach (item, element)
    {
      g_autofree char *one = dup_or_plain (self, name, item);
      g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", one ? one : "");
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/**
 * outbox_conflict_words_dup_sides:
 * @base: (out): also @mine, @theirs: (transfer full) (nullable): in words; NULL: that side does not
 *   have it
 *
 * Where the words of both sides are the same although the sides differ, every leaf is named.
 */
void
outbox_conflict_words_dup_sides (const OutboxConflictWords *self,
                                 const SyncDifference *difference,
                                 char **base,
                                 char **mine,
                                 char **theirs)
{
  *base = outbox_conflict_words_dup_value (self, difference->name, difference->base);
  *mine = outbox_conflict_words_dup_value (self, difference->name, difference->mine);
  *theirs = outbox_conflict_words_dup_value (self, difference->name, difference->theirs);
  if (g_strcmp0 (*mine, *theirs) != 0)
    return;
  g_free (*mine);
  g_free (*theirs);
  *mine = sync_conflict_dup_side_text (difference, SYNC_SIDE_MINE);
  *theirs = sync_conflict_dup_side_text (difference, SYNC_SIDE_THEIRS);
}
