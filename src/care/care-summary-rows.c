/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-summary-private.h"

#include <glib/gi18n.h>

#include "care-medicines-private.h"
#include "care-prescription-private.h"
#include "care-supply.h"
#include "clinical-dosage.h"
#include "clinical-drug-name.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "fhir-text.h"
#include "store-resource.h"

#include <string.h>

/* Resources to lines of the chart. Absence is said, never left to be guessed. */

gboolean
care_chart_is_error (FhirResource *resource)
{
  return g_strcmp0 (fhir_resource_path_text (resource, "status"), "entered-in-error") == 0 ||
         fhir_concept_has_code (fhir_resource_path (resource, "verificationStatus"), NULL,
                                "entered-in-error");
}

static gboolean
has_modifier (const FhirElement *element)
{
  FhirKind kind = fhir_element_get_kind (element);
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  if (kind == FHIR_KIND_ARRAY)
    {
      fhir_element_foreach (item, element)
        if (has_modifier (item))
          return TRUE;
    }
  if (kind != FHIR_KIND_OBJECT)
    return FALSE;
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    if ((g_str_equal (name, "modifierExtension") && fhir_element_get_length (value) > 0) ||
        has_modifier (value))
      return TRUE;
  return FALSE;
}

/* A modifier that is not understood may turn the meaning around, and that of one reaction or one
 * condition of a relative as well as that of the whole. Almost no resource has the word: those are
 * not walked through. */
gboolean
care_chart_is_opaque (FhirResource *resource)
{
  static const char word[] = "modifierExtension";
  gsize length = 0;
  const char *text = fhir_resource_get_text (resource, &length);

  return text && memmem (text, length, word, sizeof word - 1) &&
         has_modifier (fhir_resource_get_root (resource));
}

gint64
care_chart_time (const char *date)
{
  FhirDate parsed;
  gint64 low, high;

  if (!date || !fhir_date_parse (date, &parsed))
    return G_MININT64;
  fhir_date_bounds (&parsed, &low, &high);
  return low;
}

char *
care_chart_concept (FhirResource *resource, const char *path)
{
  const FhirElement *concept = fhir_resource_path (resource, path);
  char *text = concept ? fhir_concept_dup_text (concept) : NULL;

  /* A bare word where a concept belongs is still the name of the thing. */
  return text ? text : fhir_text_tidy (fhir_element_get_text (concept));
}

static char *
show_date (CareChart *chart, const char *date)
{
  return date ? fhir_date_format (date, chart->zone) : NULL;
}

CareRow *
care_chart_opaque_row (CareChart *chart, FhirResource *resource, const char *date)
{
  g_autofree char *reference = fhir_resource_dup_reference (resource);

  return care_row_new (
      care_chart_time (date), CARE_ROW_TITLE, _ ("Entry that Bedside cannot show safely"),
      CARE_ROW_SUBTITLE,
      _ ("It carries a modifier that may change its meaning. Read it where it was written."),
      CARE_ROW_REFERENCE, reference, CARE_ROW_GROUP, "Not shown", CARE_ROW_STATUS, "unknown", 0);
}

static const char *
first_text (FhirResource *resource, const char *const *paths)
{
  for (; *paths; paths++)
    if (fhir_resource_path_text (resource, *paths))
      return fhir_resource_path_text (resource, *paths);
  return NULL;
}

CareRow *
care_chart_problem (CareChart *chart, FhirResource *resource)
{
  static const char *const onsets[] = { "onsetDateTime", "onsetPeriod.start", "recordedDate",
                                        NULL };
  g_autofree char *title = care_chart_concept (resource, "code");
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  g_autofree char *severity = care_chart_concept (resource, "severity");
  const char *onset = first_text (resource, onsets);
  const char *abated = fhir_resource_path_text (resource, "abatementDateTime");
  g_autofree char *date = show_date (chart, onset), *end = show_date (chart, abated);
  g_autofree char *subtitle = end ? g_strdup_printf (_ ("until %s"), end) : NULL;
  const FhirElement *clinical = fhir_resource_path (resource, "clinicalStatus");
  const char *status = fhir_concept_get_code (clinical, NULL);
  gboolean active = !status || g_str_equal (status, "active") ||
                    g_str_equal (status, "recurrence") || g_str_equal (status, "relapse");

  if (fhir_concept_has_code (fhir_resource_path (resource, "verificationStatus"), NULL, "refuted"))
    return NULL;
  return care_row_new (care_chart_time (onset), CARE_ROW_TITLE,
                       title ? title : _ ("Problem without a name"), CARE_ROW_SUBTITLE, subtitle,
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       status ? status : "status not recorded", CARE_ROW_SEVERITY, severity,
                       CARE_ROW_REFERENCE, reference, CARE_ROW_GROUP,
                       !active                                       ? "Inactive"
                       : care_chart_problem_is_none_known (resource) ? CARE_GROUP_NONE_KNOWN
                                                                     : "Active",
                       0);
}

/* Source of the codes: SNOMED CT 160245001 "No current problems or disability", of
 * https://hl7.org/fhir/R4/valueset-condition-code.html; IPS absent-unknown "no-known-problems". */
gboolean
care_chart_problem_is_none_known (FhirResource *resource)
{
  const FhirElement *code = fhir_resource_path (resource, "code");

  return !care_chart_is_opaque (resource) &&
         (fhir_concept_has_code (code, CARE_SYSTEM_SNOMED, "160245001") ||
          fhir_concept_has_code (code, NULL, "no-known-problems"));
}

/* Source of the codes: SNOMED CT 716186003 "No known allergy"; IPS absent-unknown
 * "no-known-allergies". */
gboolean
care_chart_allergy_is_none_known (FhirResource *resource)
{
  const FhirElement *code = fhir_resource_path (resource, "code");

  /* A modifier might mean that this was not so. */
  return !care_chart_is_opaque (resource) &&
         (fhir_concept_has_code (code, CARE_SYSTEM_SNOMED, "716186003") ||
          fhir_concept_has_code (code, NULL, "no-known-allergies"));
}

gboolean
care_chart_allergy_is_active (FhirResource *resource)
{
  const FhirElement *status = fhir_resource_path (resource, "clinicalStatus");

  return !fhir_concept_has_code (status, NULL, "inactive") &&
         !fhir_concept_has_code (status, NULL, "resolved") &&
         !fhir_concept_has_code (fhir_resource_path (resource, "verificationStatus"), NULL,
                                 "refuted");
}

char *
care_chart_allergy_reaction (FhirResource *resource)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const FhirElement *reactions = fhir_resource_path (resource, "reaction");

  fhir_element_foreach (reaction, reactions)
    {
      const FhirElement *manifestations = fhir_element_get (reaction, "manifestation");

      fhir_element_foreach (item, manifestations)
        {
          g_autofree char *text = fhir_concept_dup_text (item);
          g_autofree char *lower = text ? g_utf8_strdown (text, -1) : NULL;

          if (lower)
            g_string_append_printf (out, "%s%s", out->len ? ", " : "", lower);
        }
    }
  return out->len ? g_string_free_and_steal (g_steal_pointer (&out)) : NULL;
}

CareRow *
care_chart_allergy (CareChart *chart, FhirResource *resource)
{
  static const char *const onsets[] = { "onsetDateTime", "recordedDate", NULL };
  g_autofree char *title = care_chart_concept (resource, "code");
  g_autofree char *reaction = care_chart_allergy_reaction (resource);
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  const char *onset = first_text (resource, onsets);
  g_autofree char *date = show_date (chart, onset);
  const char *criticality = fhir_resource_path_text (resource, "criticality");
  const char *status =
      fhir_concept_get_code (fhir_resource_path (resource, "clinicalStatus"), NULL);
  gboolean active = care_chart_allergy_is_active (resource),
           none = care_chart_allergy_is_none_known (resource);

  if (fhir_concept_has_code (fhir_resource_path (resource, "verificationStatus"), NULL, "refuted"))
    return NULL;
  return care_row_new (care_chart_time (onset), CARE_ROW_TITLE,
                       title ? title : _ ("Allergy without a name"), CARE_ROW_SUBTITLE,
                       reaction ? reaction
                       : none   ? NULL
                                : _ ("reaction not recorded"),
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       status ? status : "status not recorded", CARE_ROW_SEVERITY, criticality,
                       CARE_ROW_REFERENCE, reference, CARE_ROW_GROUP,
                       !active ? "Inactive"
                       : none  ? CARE_GROUP_NONE_KNOWN
                               : "Active",
                       0);
}

static char *
contained_medicine (FhirResource *request, const char *reference)
{
  const FhirElement *contained = fhir_resource_path (request, "contained");

  fhir_element_foreach (item, contained)
    if (g_strcmp0 (fhir_element_path_text (item, "id"), reference + 1) == 0)
      return fhir_concept_dup_text (fhir_element_get (item, "code"));
  return NULL;
}

/**
 * care_chart_find_medicine:
 * @request: a MedicationRequest or MedicationStatement
 *
 * Returns: (transfer full) (nullable): the medicine's name, wherever the resource keeps it
 */
char *
care_chart_find_medicine (CareChart *chart, FhirResource *request)
{
  const char *reference = fhir_resource_path_text (request, "medicationReference.reference");
  g_autofree char *name = care_chart_concept (request, "medicationCodeableConcept");
  g_autofree char *type = NULL, *id = NULL;

  if (!name && reference && *reference == '#')
    name = contained_medicine (request, reference);
  else if (!name && reference && fhir_reference_split (reference, &type, &id))
    {
      g_autoptr (FhirResource) medication = store_resource_get (chart->connection, type, id, NULL);

      name = medication ? care_chart_concept (medication, "code") : NULL;
    }
  if (!name)
    name = g_strdup (fhir_resource_path_text (request, "medicationReference.display"));
  return name ? clinical_drug_name (name) : NULL;
}

/* (transfer full): the medicine's name; that it has none, where it has none. */
char *
care_chart_medicine (CareChart *chart, FhirResource *request)
{
  char *name = care_chart_find_medicine (chart, request);

  return name ? name : g_strdup (_ ("Medicine without a name"));
}

static const char *
medicine_group (const char *status)
{
  static const char *const groups[][2] = {
    { "active", "Active" },       { "intended", "Active" },   { "on-hold", "Suspended" },
    { "stopped", "Stopped" },     { "cancelled", "Stopped" }, { "completed", "Completed" },
    { "not-taken", "Not taken" }, { "draft", "Draft" },
  };

  for (gsize i = 0; status && i < G_N_ELEMENTS (groups); i++)
    if (g_str_equal (groups[i][0], status))
      return groups[i][1];
  return "Status not known";
}

static char *
medicine_dosage (FhirResource *resource)
{
  const FhirElement *dosages = fhir_resource_path (resource, "dosageInstruction");
  gboolean disagrees = FALSE;
  g_autofree char *text =
      clinical_dosage_display (dosages ? dosages : fhir_resource_path (resource, "dosage"),
                               &disagrees);

  if (disagrees)
    return g_strdup_printf (_ ("%s – text and codes differ"), text);
  return text ? g_steal_pointer (&text) : g_strdup (_ ("dosage not recorded"));
}

CareRow *
care_chart_medication (CareChart *chart, FhirResource *resource)
{
  static const char *const dates[] = { "authoredOn", "effectiveDateTime", "effectivePeriod.start",
                                       "dateAsserted", NULL };
  g_autofree char *title = care_chart_medicine (chart, resource);
  g_autofree char *dosage = medicine_dosage (resource);
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  g_autofree char *reason = care_chart_concept (resource, "reasonCode.0");
  const char *when = first_text (resource, dates),
             *status = fhir_resource_path_text (resource, "status");
  g_autofree char *date = show_date (chart, when);
  const char *code =
      fhir_concept_get_code (fhir_resource_path (resource, "medicationCodeableConcept"),
                             CARE_SYSTEM_RXNORM);

  if (care_medicine_is_none_known (resource)) /* the line of absence says it */
    return NULL;
  if (fhir_element_is_true (fhir_resource_path (resource, "doNotPerform")))
    return care_row_new (care_chart_time (when), CARE_ROW_TITLE, title, CARE_ROW_SUBTITLE,
                         _ ("not to be given"), CARE_ROW_DATE, date, CARE_ROW_STATUS,
                         "do-not-perform", CARE_ROW_REFERENCE, reference, CARE_ROW_GROUP,
                         "Not to be given", 0);
  return care_row_new (care_chart_time (when), CARE_ROW_TITLE, title, CARE_ROW_SUBTITLE, dosage,
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       status ? status : "status not recorded", CARE_ROW_REFERENCE, reference,
                       CARE_ROW_GROUP, medicine_group (status), CARE_ROW_DETAIL, reason,
                       CARE_ROW_CODE, code, 0);
}

/* Signed with Bedside: it has the identifier that Bedside gives. */
gboolean
care_chart_is_ours (FhirResource *request)
{
  const FhirElement *identifiers = fhir_resource_path (request, "identifier");

  fhir_element_foreach (item, identifiers)
    if (g_strcmp0 (fhir_element_path_text (item, "system"), CARE_SYSTEM_PRESCRIPTION_ID) == 0)
      return TRUE;
  return FALSE;
}

CareRow *
care_chart_prescription (CareChart *chart, FhirResource *resource)
{
  g_autofree char *title = NULL, *dosage = NULL, *reference = NULL, *date = NULL;
  g_autoptr (CareDelivery) delivery = NULL;
  const char *when = fhir_resource_path_text (resource, "authoredOn");

  if (!care_chart_is_ours (resource))
    return NULL;
  delivery =
      care_delivery_of (chart->connection, resource, chart->journal, base_clock_now (chart->clock));
  title = care_chart_medicine (chart, resource);
  dosage = medicine_dosage (resource);
  reference = fhir_resource_dup_reference (resource);
  date = show_date (chart, when);
  return care_row_new (care_chart_time (when), CARE_ROW_TITLE, title, CARE_ROW_SUBTITLE, dosage,
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       care_delivery_state_get_nick (delivery->state), CARE_ROW_REFERENCE,
                       reference, CARE_ROW_DETAIL, delivery->text, CARE_ROW_GROUP,
                       medicine_group (fhir_resource_path_text (resource, "status")), 0);
}

CareRow *
care_chart_immunization (CareChart *chart, FhirResource *resource)
{
  g_autofree char *title = care_chart_concept (resource, "vaccineCode");
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  g_autofree char *reason = care_chart_concept (resource, "statusReason");
  const char *when = fhir_resource_path_text (resource, "occurrenceDateTime");
  const char *status = fhir_resource_path_text (resource, "status");
  g_autofree char *date = when ? show_date (chart, when)
                               : g_strdup (fhir_resource_path_text (resource, "occurrenceString"));
  gboolean given = g_strcmp0 (status, "completed") == 0,
           withheld = g_strcmp0 (status, "not-done") == 0;

  return care_row_new (care_chart_time (when), CARE_ROW_TITLE,
                       title ? title : _ ("Vaccine without a name"), CARE_ROW_SUBTITLE,
                       given      ? NULL
                       : reason   ? reason
                       : withheld ? _ ("not given")
                                  : _ ("not known whether it was given"),
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       status ? status : "status not recorded", CARE_ROW_REFERENCE, reference,
                       CARE_ROW_GROUP,
                       given      ? "Given"
                       : withheld ? "Not given"
                                  : "Status not known",
                       0);
}

static const char *
visit_kind (FhirResource *encounter)
{
  static const char *const kinds[][2] = { { "VR", NC_ ("kind of visit", "Video visit") },
                                          { "AMB", NC_ ("kind of visit", "Clinic visit") },
                                          { "EMER", NC_ ("kind of visit", "Emergency") },
                                          { "IMP", NC_ ("kind of visit", "Hospital stay") },
                                          { "HH", NC_ ("kind of visit", "Home visit") } };
  const char *code = fhir_resource_path_text (encounter, "class.code");

  for (gsize i = 0; code && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i][0], code))
      return g_dpgettext2 (NULL, "kind of visit", kinds[i][1]);
  return C_ ("kind of visit", "Visit");
}

CareRow *
care_chart_visit (CareChart *chart, FhirResource *resource)
{
  g_autofree char *reason = care_chart_concept (resource, "reasonCode.0");
  g_autofree char *type = care_chart_concept (resource, "type.0");
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  const char *when = fhir_resource_path_text (resource, "period.start");
  const char *status = fhir_resource_path_text (resource, "status");
  g_autofree char *date = show_date (chart, when);
  gboolean over = g_strcmp0 (status, "finished") == 0 || g_strcmp0 (status, "cancelled") == 0;

  return care_row_new (care_chart_time (when), CARE_ROW_TITLE, visit_kind (resource),
                       CARE_ROW_SUBTITLE,
                       reason ? reason
                       : type ? type
                              : _ ("reason not recorded"),
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       status ? status : "status not recorded", CARE_ROW_REFERENCE, reference,
                       CARE_ROW_GROUP, over ? "Past" : "Open", CARE_ROW_DETAIL,
                       fhir_resource_path_text (resource, "participant.0.individual.display"), 0);
}

CareRow *
care_chart_document (CareChart *chart, FhirResource *resource)
{
  static const char *const dates[] = { "date", "effectiveDateTime", "issued",
                                       "effectivePeriod.start", NULL };
  gboolean report = g_str_equal (fhir_resource_get_type (resource), "DiagnosticReport");
  g_autofree char *title = care_chart_concept (resource, report ? "code" : "type");
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  const char *when = first_text (resource, dates);
  g_autofree char *date = show_date (chart, when);
  const char *status = fhir_resource_path_text (resource, "status");

  return care_row_new (care_chart_time (when), CARE_ROW_TITLE,
                       title ? title : _ ("Document without a title"), CARE_ROW_SUBTITLE,
                       fhir_resource_path_text (resource, report ? "conclusion" : "description"),
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       report ? status : fhir_resource_path_text (resource, "docStatus"),
                       CARE_ROW_REFERENCE, reference, CARE_ROW_GROUP,
                       g_strcmp0 (status, "superseded") == 0 ? "Superseded"
                       : report                              ? "Reports"
                                                             : "Documents",
                       CARE_ROW_DETAIL, fhir_resource_path_text (resource, "author.0.display"), 0);
}
