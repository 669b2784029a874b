/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-timeline-private.h"

#include <glib/gi18n.h>

#include "care-entry-private.h"
#include "care-medicine-end.h"
#include "care-note-private.h"
#include "care-status.h"
#include "fhir-date.h"

#include "store-resource.h"

#include <string.h>

/* All kinds of record but readings, as events. A kind without rules of its own is shown by its name
 * and date rather than left out. */

#define BEGINNING 160 /* characters of an addendum, as much as a line of a list holds */

typedef struct
{
  CareTimeline *timeline;
  CareChart *chart;
  GHashTable *addenda; /* reference of a note -> what was added to it; or NULL */
  GHashTable *endings; /* of medicines: see care_medicine_find_endings () */
} Reader;

static const char *
first_text (FhirResource *resource, const char *const *paths, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (fhir_resource_path_text (resource, paths[i]))
      return fhir_resource_path_text (resource, paths[i]);
  return NULL;
}

static const char *
date_of (FhirResource *resource)
{
  static const char *const paths[] = {
    "occurrenceDateTime",
    "occurrencePeriod.start",
    "performedDateTime",
    "performedPeriod.start",
    "effectiveDateTime",
    "effectivePeriod.start",
    "whenHandedOver",
    "sent",
    "received",
    "period.start",
    "start",
    "authoredOn",
    "authored",
    "started",
    "onsetDateTime",
    "onsetPeriod.start",
    "recordedDate",
    "date",
    "created",
    "createdDateTime",
    "startDate",
    "issued",
    "dateTime",
    "identifiedDateTime",
    "dateAsserted",
  };

  return first_text (resource, paths, G_N_ELEMENTS (paths));
}

static void
add (Reader *self, CareTimelineKind kind, const char *when, CareRow *row, const char *value)
{
  care_timeline_add (self->timeline, self->chart, kind, when, row, value);
}

static gboolean
is_past (Reader *self, const char *when)
{
  gint64 time = care_chart_time (when);

  return time != G_MININT64 && time <= base_clock_now (self->chart->clock);
}

/* ---- kinds with a beginning and an end ---- */

static void
add_visit (Reader *self, FhirResource *resource)
{
  g_autoptr (CareRow) row = care_chart_visit (self->chart, resource);
  const char *status = fhir_resource_path_text (resource, "status");

  add (self, CARE_TIMELINE_VISIT, date_of (resource), row,
       g_strcmp0 (status, "cancelled") == 0  ? _ ("Cancelled")
       : g_strcmp0 (status, "finished") == 0 ? NULL
       : g_strcmp0 (status, "planned") == 0  ? _ ("Planned")
                                             : _ ("Open"));
}

static void
add_problem (Reader *self, FhirResource *resource)
{
  static const char *const onsets[] = { "onsetDateTime", "onsetPeriod.start" };
  g_autoptr (CareRow) row = care_chart_problem (self->chart, resource);
  const char *onset = first_text (resource, onsets, G_N_ELEMENTS (onsets));
  const char *end = fhir_resource_path_text (resource, "abatementDateTime");

  if (!row)
    {
      self->timeline->n_errors++;
      return;
    }
  add (self, CARE_TIMELINE_PROBLEM,
       onset ? onset : fhir_resource_path_text (resource, "recordedDate"), row,
       onset ? _ ("Began") : _ ("Recorded"));
  if (end)
    add (self, CARE_TIMELINE_PROBLEM, end, row, _ ("Resolved"));
}

static void
add_allergy (Reader *self, FhirResource *resource)
{
  g_autoptr (CareRow) row = care_chart_allergy (self->chart, resource);

  if (row)
    add (self, CARE_TIMELINE_ALLERGY, date_of (resource), row, _ ("Recorded"));
  else
    self->timeline->n_errors++;
}

static const char *
beginning_of_medicine (FhirResource *resource, gboolean request)
{
  const char *status = fhir_resource_path_text (resource, "status");

  if (fhir_element_is_true (fhir_resource_path (resource, "doNotPerform")))
    return _ ("Not to be given");
  if (g_strcmp0 (status, "draft") == 0)
    return _ ("Draft");
  if (request)
    return g_strcmp0 (status, "cancelled") == 0 ? _ ("Cancelled") : _ ("Prescribed");
  if (g_strcmp0 (status, "not-taken") == 0)
    return _ ("Not taken");
  return fhir_resource_path (resource, "effectivePeriod.start") ? _ ("Started") : _ ("Reported");
}

/* Why it was stopped stands where it is stopped, and is said to be missing. */
static void
add_stop (Reader *self, FhirResource *resource, CareRow *medicine, const char *end)
{
  g_autofree char *coded = care_chart_concept (resource, "statusReason");
  g_autofree char *listed = coded ? NULL : care_chart_concept (resource, "statusReason.0");
  const char *reason = coded ? coded : listed;
  gboolean completed = g_strcmp0 (fhir_resource_path_text (resource, "status"), "completed") == 0;
  g_autoptr (CareRow) row =
      care_row_new (0, CARE_ROW_TITLE, care_row_get_title (medicine), CARE_ROW_SUBTITLE,
                    reason      ? reason
                    : completed ? NULL
                                : _ ("reason not recorded"),
                    CARE_ROW_REFERENCE, care_row_get_reference (medicine), 0);

  add (self, CARE_TIMELINE_MEDICINE, end, row, completed ? _ ("Completed") : _ ("Stopped"));
}

static void
add_medicine (Reader *self, FhirResource *resource)
{
  static const char *const starts[] = { "authoredOn", "effectivePeriod.start", "effectiveDateTime",
                                        "dateAsserted" };
  gboolean request = g_str_equal (fhir_resource_get_type (resource), "MedicationRequest");
  const char *status = fhir_resource_path_text (resource, "status");
  const char *end =
      care_medicine_get_end (self->endings, resource, base_clock_now (self->chart->clock));
  g_autoptr (CareRow) row = care_chart_medication (self->chart, resource);

  add (self, CARE_TIMELINE_MEDICINE, first_text (resource, starts, G_N_ELEMENTS (starts)), row,
       beginning_of_medicine (resource, request));
  if (g_strcmp0 (status, "stopped") == 0 || (end && is_past (self, end)))
    add_stop (self, resource, row, end);
}

static void
add_immunization (Reader *self, FhirResource *resource)
{
  g_autoptr (CareRow) row = care_chart_immunization (self->chart, resource);
  const char *status = fhir_resource_path_text (resource, "status");

  add (self, CARE_TIMELINE_IMMUNIZATION, date_of (resource), row,
       g_strcmp0 (status, "completed") == 0 ? _ ("Given") : _ ("Not given"));
}

/* (transfer full): how an addendum begins, on one line */
static char *
dup_beginning (FhirResource *document)
{
  const char *data = fhir_resource_path_text (document, "content.0.attachment.data");
  gsize length = 0;
  g_autofree guchar *bytes = g_base64_decode (data ? data : "", &length);
  g_autofree char *text = g_utf8_make_valid ((const char *) bytes, (gssize) length);
  g_autofree char *line = g_strstrip (g_strdelimit (g_strdup (text), "\r\n\t", ' '));
  glong characters = g_utf8_strlen (line, -1);
  g_autofree char *start = g_utf8_substring (line, 0, MIN (characters, BEGINNING));

  return characters > BEGINNING ? g_strconcat (start, "…", NULL) : g_steal_pointer (&start);
}

/* An addendum is an event of its day, and stands under its note as well. */
static void
gather_addendum (Reader *self, FhirResource *document)
{
  g_autofree char *note = care_note_dup_appended (document);
  g_autofree char *beginning = NULL, *date = NULL, *line = NULL;
  const char *author = fhir_resource_path_text (document, "author.0.display"), *before;

  if (!note || !care_note_is_signed (document))
    return;
  beginning = dup_beginning (document);
  date = fhir_date_format (date_of (document), self->chart->zone);
  line = g_strdup_printf (_ ("Addendum of %s by %s: %s"), date ? date : _ ("date not recorded"),
                          author ? author : _ ("author not recorded"), beginning);
  before = g_hash_table_lookup (self->addenda, note);
  g_hash_table_insert (self->addenda, g_strdup (note),
                       before ? g_strjoin ("\n", before, line, NULL) : g_steal_pointer (&line));
}

static void
add_addendum (Reader *self, FhirResource *document)
{
  g_autofree char *reference = fhir_resource_dup_reference (document);
  g_autofree char *beginning = dup_beginning (document);
  g_autoptr (CareRow) row =
      care_row_new (0, CARE_ROW_TITLE, _ ("Addendum to a note"), CARE_ROW_SUBTITLE, beginning,
                    CARE_ROW_DETAIL, fhir_resource_path_text (document, "author.0.display"),
                    CARE_ROW_STATUS, fhir_resource_path_text (document, "docStatus"),
                    CARE_ROW_REFERENCE, reference, 0);

  add (self, CARE_TIMELINE_DOCUMENT, date_of (document), row, NULL);
}

static void
add_document (Reader *self, FhirResource *resource)
{
  g_autoptr (CareRow) row = care_chart_document (self->chart, resource);
  const char *reference = care_row_get_reference (row);
  const char *under = self->addenda ? g_hash_table_lookup (self->addenda, reference) : NULL;
  g_autofree char *appended = care_note_dup_appended (resource);

  if (appended && care_note_is_signed (resource))
    {
      add_addendum (self, resource);
      return;
    }
  if (under)
    {
      const char *author = care_row_get_text (row, CARE_ROW_DETAIL);
      g_autofree char *detail = author ? g_strjoin ("\n", author, under, NULL) : g_strdup (under);
      g_autoptr (CareRow) both =
          care_row_new (care_row_get_sort (row), CARE_ROW_TITLE, care_row_get_title (row),
                        CARE_ROW_SUBTITLE, care_row_get_text (row, CARE_ROW_SUBTITLE),
                        CARE_ROW_DATE, care_row_get_text (row, CARE_ROW_DATE), CARE_ROW_STATUS,
                        care_row_get_text (row, CARE_ROW_STATUS), CARE_ROW_REFERENCE, reference,
                        CARE_ROW_DETAIL, detail, 0);

      add (self, CARE_TIMELINE_DOCUMENT, date_of (resource), both, NULL);
      return;
    }
  add (self, CARE_TIMELINE_DOCUMENT, date_of (resource), row, NULL);
}

/* ---- messages ---- */

/* (transfer full) (nullable): what is to be known of a message that did not reach anybody. */
static char *
dup_undelivered (FhirResource *resource)
{
  const char *status = fhir_resource_path_text (resource, "status");

  if (!status || g_str_equal (status, "completed"))
    return NULL;
  return g_str_equal (status, "preparation") && fhir_resource_path (resource, "basedOn")
             ? g_strdup (_ ("Nobody has told the patient yet"))
             : care_status_dup_words (status);
}

static void
add_message (Reader *self, FhirResource *resource)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *topic = care_chart_concept (resource, "topic");
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  const char *sender = fhir_resource_path_text (resource, "sender.display");
  g_autofree char *from = sender ? g_strdup_printf (_ ("from %s"), sender) : NULL;
  g_autofree char *undelivered = dup_undelivered (resource);
  g_autoptr (CareRow) row = NULL;

  fhir_element_foreach (part, fhir_resource_path (resource, "payload"))
    {
      const char *words = fhir_element_path_text (part, "contentString");

      if (words)
        g_string_append_printf (text, "%s%s", text->len ? "\n" : "", words);
    }
  row = care_row_new (0, CARE_ROW_TITLE, topic ? topic : _ ("Message"), CARE_ROW_SUBTITLE,
                      text->len ? text->str : _ ("without words"), CARE_ROW_DETAIL, from,
                      CARE_ROW_REFERENCE, reference, 0);
  add (self, CARE_TIMELINE_MESSAGE, date_of (resource), row, undelivered);
}

/* ---- everything else ---- */

static const struct
{
  const char *type, *label;
  CareTimelineKind kind;
} labels[] = {
  { "Appointment", N_ ("Appointment"), CARE_TIMELINE_PLAN },
  { "CarePlan", N_ ("Care plan"), CARE_TIMELINE_PLAN },
  { "CommunicationRequest", N_ ("Request for a message"), CARE_TIMELINE_PLAN },
  { "Composition", N_ ("Document"), CARE_TIMELINE_DOCUMENT },
  { "Consent", N_ ("Consent"), CARE_TIMELINE_OTHER },
  { "DeviceRequest", N_ ("Order of a device"), CARE_TIMELINE_PLAN },
  { "FamilyMemberHistory", N_ ("Family history"), CARE_TIMELINE_OTHER },
  { "Flag", N_ ("Alert"), CARE_TIMELINE_OTHER },
  { "Goal", N_ ("Goal"), CARE_TIMELINE_PLAN },
  { "ImagingStudy", N_ ("Imaging"), CARE_TIMELINE_RESULT },
  { "Media", N_ ("Picture or recording"), CARE_TIMELINE_DOCUMENT },
  { "MedicationAdministration", N_ ("Medicine given"), CARE_TIMELINE_MEDICINE },
  { "MedicationDispense", N_ ("Medicine dispensed"), CARE_TIMELINE_MEDICINE },
  { "NutritionOrder", N_ ("Diet order"), CARE_TIMELINE_PLAN },
  { "Procedure", N_ ("Procedure"), CARE_TIMELINE_PROCEDURE },
  { "QuestionnaireResponse", N_ ("Questionnaire"), CARE_TIMELINE_DOCUMENT },
  { "RequestGroup", N_ ("Group of orders"), CARE_TIMELINE_PLAN },
  { "ServiceRequest", N_ ("Order"), CARE_TIMELINE_PLAN },
  { "Specimen", N_ ("Specimen"), CARE_TIMELINE_OTHER },
  { "Task", N_ ("Task"), CARE_TIMELINE_PLAN },
};

static char *
dup_name (Reader *self, FhirResource *resource)
{
  static const char *const paths[] = { "code",     "vaccineCode", "type.0",
                                       "type",     "title",       "category.0",
                                       "category", "description", "relationship" };

  if (g_str_equal (fhir_resource_get_type (resource), "FamilyMemberHistory"))
    return care_entry_title_of (CARE_ENTRY_FAMILY, resource);
  if (fhir_resource_path (resource, "medicationCodeableConcept") ||
      fhir_resource_path (resource, "medicationReference"))
    return care_chart_medicine (self->chart, resource);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      char *name = care_chart_concept (resource, paths[i]);

      if (name && *name)
        return name;
      g_free (name);
    }
  return NULL;
}

/* A state that says that it was not, or not yet, done. */
static char *
dup_state (FhirResource *resource)
{
  static const char *const plain[] = { "completed", "active", "final",     "current",
                                       "available", "booked", "fulfilled", NULL };
  const char *status = fhir_resource_path_text (resource, "status");

  return status && !g_strv_contains (plain, status) ? care_status_dup_words (status) : NULL;
}

static void
add_any (Reader *self, FhirResource *resource)
{
  static const char *const details[] = { "note.0.text", "description", "comment" };
  const char *type = fhir_resource_get_type (resource), *label = type;
  CareTimelineKind kind = CARE_TIMELINE_OTHER;
  g_autofree char *name = dup_name (self, resource), *state = dup_state (resource);
  g_autofree char *reference = fhir_resource_dup_reference (resource), *subtitle = NULL;
  const char *detail = first_text (resource, details, G_N_ELEMENTS (details));
  g_autoptr (CareRow) row = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (labels[i].type, type))
      {
        label = _ (labels[i].label);
        kind = labels[i].kind;
      }
  subtitle = g_strjoin (name && state ? " · " : "", name ? label : "", state ? state : "", NULL);
  row = care_row_new (0, CARE_ROW_TITLE, name ? name : label, CARE_ROW_SUBTITLE, subtitle,
                      CARE_ROW_DETAIL, g_strcmp0 (detail, name) == 0 ? NULL : detail,
                      CARE_ROW_REFERENCE, reference, 0);
  add (self, kind, date_of (resource), row, NULL);
}

/* ---- which ---- */

static const struct
{
  const char *type;
  CareTimelineKind kind;
  void (*add) (Reader *self, FhirResource *resource); /* NULL: it is no event */
} types[] = {
  { "Encounter", CARE_TIMELINE_VISIT, add_visit },
  { "Condition", CARE_TIMELINE_PROBLEM, add_problem },
  { "AllergyIntolerance", CARE_TIMELINE_ALLERGY, add_allergy },
  { "MedicationRequest", CARE_TIMELINE_MEDICINE, add_medicine },
  { "MedicationStatement", CARE_TIMELINE_MEDICINE, add_medicine },
  { "Immunization", CARE_TIMELINE_IMMUNIZATION, add_immunization },
  { "DocumentReference", CARE_TIMELINE_DOCUMENT, add_document },
  { "Communication", CARE_TIMELINE_MESSAGE, add_message },
  /* read with the results */
  { "Observation", CARE_TIMELINE_RESULT, NULL },
  { "DiagnosticReport", CARE_TIMELINE_RESULT, NULL },
  /* about the record, the money or the people, and no events */
  { "Account", CARE_TIMELINE_OTHER, NULL },
  { "AppointmentResponse", CARE_TIMELINE_OTHER, NULL },
  { "AuditEvent", CARE_TIMELINE_OTHER, NULL },
  { "Basic", CARE_TIMELINE_OTHER, NULL },
  { "CareTeam", CARE_TIMELINE_OTHER, NULL },
  { "ChargeItem", CARE_TIMELINE_OTHER, NULL },
  { "Claim", CARE_TIMELINE_OTHER, NULL },
  { "ClaimResponse", CARE_TIMELINE_OTHER, NULL },
  { "Coverage", CARE_TIMELINE_OTHER, NULL },
  { "CoverageEligibilityRequest", CARE_TIMELINE_OTHER, NULL },
  { "CoverageEligibilityResponse", CARE_TIMELINE_OTHER, NULL },
  { "DetectedIssue", CARE_TIMELINE_OTHER, NULL },
  { "Device", CARE_TIMELINE_OTHER, NULL },
  { "ExplanationOfBenefit", CARE_TIMELINE_OTHER, NULL },
  { "Group", CARE_TIMELINE_OTHER, NULL },
  { "Invoice", CARE_TIMELINE_OTHER, NULL },
  { "List", CARE_TIMELINE_OTHER, NULL },
  { "Patient", CARE_TIMELINE_OTHER, NULL },
  { "Person", CARE_TIMELINE_OTHER, NULL },
  { "Provenance", CARE_TIMELINE_OTHER, NULL },
  { "RelatedPerson", CARE_TIMELINE_OTHER, NULL },
  { "Schedule", CARE_TIMELINE_OTHER, NULL },
};

static void
add_resource (Reader *self, FhirResource *resource, gsize place)
{
  g_autoptr (CareRow) row = NULL;

  if (care_chart_is_error (resource))
    self->timeline->n_errors++;
  else if (care_chart_is_opaque (resource))
    {
      row = care_chart_opaque_row (self->chart, resource, date_of (resource));
      add (self, place < G_N_ELEMENTS (types) ? types[place].kind : CARE_TIMELINE_OTHER,
           date_of (resource), row, NULL);
    }
  else if (place < G_N_ELEMENTS (types))
    types[place].add (self, resource);
  else
    add_any (self, resource);
}

static gsize
place_of (const char *type)
{
  gsize place = 0;

  while (place < G_N_ELEMENTS (types) && !g_str_equal (types[place].type, type))
    place++;
  return place;
}

static gboolean
is_medicine (const char *type)
{
  return g_str_equal (type, "MedicationRequest") || g_str_equal (type, "MedicationStatement");
}

static void
add_result (Reader *self, FhirResource *resource, gboolean reading)
{
  g_autoptr (CareRow) row = reading ? care_chart_observation (self->chart, resource)
                                    : care_chart_document (self->chart, resource);

  add (self, CARE_TIMELINE_RESULT,
       reading ? care_chart_observation_time (resource) : date_of (resource), row, NULL);
}

/* The events of one record by itself; none where it is no event, or was entered in error. */
void
care_timeline_read_one (CareTimeline *self, CareChart *chart, FhirResource *resource)
{
  g_autoptr (GPtrArray) only = g_ptr_array_new ();
  g_autoptr (GHashTable) endings = NULL;
  Reader reader = { .timeline = self, .chart = chart };
  const char *type = fhir_resource_get_type (resource);
  gboolean reading = g_str_equal (type, "Observation");
  gsize place = place_of (type);

  if (is_medicine (type))
    g_ptr_array_add (only, resource);
  reader.endings = endings = care_medicine_find_endings (chart->connection, only);
  if ((reading || g_str_equal (type, "DiagnosticReport")) && !care_chart_is_error (resource) &&
      !care_chart_is_opaque (resource))
    add_result (&reader, resource, reading);
  else if (reading || g_str_equal (type, "DiagnosticReport") || place == G_N_ELEMENTS (types) ||
           types[place].add)
    add_resource (&reader, resource, place);
}

/* One type after the other, so that not all of the chart stands in memory at once. */
gboolean
care_timeline_read_rows (CareTimeline *self, CareChart *chart, GError **error)
{
  g_autoptr (GHashTable) addenda = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Reader reader = { self, chart, addenda, NULL };
  gsize n_types;
  const char *const *all = fhir_resource_list_types (&n_types);

  for (gsize n = 0; n < n_types; n++)
    {
      g_autoptr (GPtrArray) list = NULL;
      g_autoptr (GHashTable) endings = NULL;
      gsize place = place_of (all[n]);

      if (place < G_N_ELEMENTS (types) && !types[place].add)
        continue;
      list = store_resource_list (chart->connection, chart->patient_id, all[n], error);
      if (!list)
        return FALSE;
      if (is_medicine (all[n]))
        reader.endings = endings = care_medicine_find_endings (chart->connection, list);
      for (guint i = 0; g_str_equal (all[n], "DocumentReference") && i < list->len; i++)
        gather_addendum (&reader, list->pdata[i]);
      for (guint i = 0; i < list->len; i++)
        add_resource (&reader, list->pdata[i], place);
    }
  return TRUE;
}
