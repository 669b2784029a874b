/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include <string.h>

#include "../support/content-tables.h"
#include "care-medicines.h"
#include "hub-patient-information.h"

/* What the patient's page tells of medicines and pharmacies, and what the patient says of them. */

#define INFORMATION                                                                                \
  CONTENT_HEAD "# expires: %s\n"                                                                   \
               "rxcui\tname\tlanguage\twhat\thow\twatch\tsource\treviewer\treviewed\n"             \
               "723\tamoxicillin\ten\tFor infections.\tFinish the course.\tA rash: get help.\t"    \
               "unverified\t\t\n"                                                                  \
               "723\tamoxicillin\tde\tGegen Infektionen.\tBis zum Ende nehmen.\tAusschlag: Hilfe " \
               "holen.\tunverified\t\t\n"

typedef struct
{
  VisitClinic *clinic;
  char *encounter;
  char *folder;
} Case;

static void
set_up (Case *self, gconstpointer expires)
{
  g_autofree char *table = g_strdup_printf (INFORMATION, (const char *) expires);
  g_autoptr (StoreContent) content = NULL;
  g_autofree char *path = NULL;

  self->clinic = visit_clinic_new ();
  self->encounter = visit_clinic_wait (self->clinic);
  self->folder = content_tables_new ();
  content_tables_write (self->folder, "drug-information.tsv", table);
  path = content_tables_make (self->folder);
  content = store_content_new (path, self->clinic->clock);
  hub_patient_set_content (self->clinic->server, content);
}

static void
tear_down (Case *self, gconstpointer expires)
{
  visit_clinic_free (self->clinic);
  content_tables_remove (self->folder);
  g_free (self->encounter);
}

/* ---- asking ---- */

static JsonNode *
ask (Case *self, const char *method, const char *action, const char *body, guint wanted)
{
  guint status;
  g_autofree char *answer = visit_clinic_page (self->clinic, method, action, body, &status);
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  g_test_message ("%s %s %s: %u %s", method, action, body ? body : "", status, answer);
  g_assert_cmpuint (status, ==, wanted);
  node = json_from_string (answer, &error);
  g_assert_no_error (error);
  return node;
}

static void
tell (Case *self, const char *action, const char *body, guint wanted)
{
  g_autoptr (JsonNode) answer = ask (self, "POST", action, body, wanted);
}

/* The nth of a list of the answer. */
static JsonObject *
nth (JsonNode *answer, const char *list, guint index)
{
  JsonArray *array = json_object_get_array_member (json_node_get_object (answer), list);

  g_assert_cmpuint (index, <, json_array_get_length (array));
  return json_array_get_object_element (array, index);
}

static guint
length (JsonNode *answer, const char *list)
{
  return json_array_get_length (json_object_get_array_member (json_node_get_object (answer), list));
}

static const char *
text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

/* ---- the records ---- */

/* @more: further members, each with a comma in front */
static void
put_order (Case *self, const char *id, const char *patient, const char *encounter, const char *more)
{
  g_autofree char *reference =
      encounter != NULL
          ? g_strdup_printf (",\"encounter\":{\"reference\":\"Encounter/%s\"}", encounter)
          : g_strdup ("");
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"active\",\"intent\":"
      "\"order\",\"subject\":{\"reference\":\"Patient/%s\"},\"authoredOn\":\"2026-10-01\","
      "\"medicationCodeableConcept\":{\"coding\":[{\"system\":"
      "\"http://www.nlm.nih.gov/research/umls/rxnorm\",\"code\":\"308191\"}],\"text\":"
      "\"Amoxicillin 500 mg capsule\"},\"reasonCode\":[{\"text\":\"sore throat\"}],"
      "\"dosageInstruction\":[{\"patientInstruction\":\"Take 1 capsule 3 times a day.\"}]%s%s}",
      id, patient, reference, more);

  visit_clinic_put (self->clinic, json);
}

static void
put_service (Case *self, const char *modes)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"HealthcareService\",\"id\":\"counter\",\"providedBy\":{\"reference\":"
      "\"Organization/pine\"},\"characteristic\":[%s],\"availableTime\":[{\"daysOfWeek\":[\"mon\","
      "\"fri\",\"someday\"],\"availableStartTime\":\"08:30:00\",\"availableEndTime\":\"18:30:00\"},"
      "{\"daysOfWeek\":[\"sun\"],\"availableStartTime\":\"<b>\",\"availableEndTime\":\"99:00:00\"},"
      "{\"daysOfWeek\":[\"sat\"],\"allDay\":true}]}",
      modes);

  visit_clinic_put (self->clinic, json);
}

#define MODE(code)                                                                                 \
  "{\"coding\":[{\"system\":\"https://bedside.health/fhir/supply-mode\",\"code\":\"" code "\"}]}"

static void
set_task (Case *self, const char *status, const char *more)
{
  g_autoptr (GPtrArray) ids =
      visit_clinic_find (self->clinic, "Task", "focus=MedicationRequest/m1");
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (GString) json = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = g_strdup_printf ("\"status\":\"%s\"%s", status, more);

  g_assert_cmpuint (ids->len, ==, 1);
  task = visit_clinic_get (self->clinic, "Task", ids->pdata[0]);
  before = g_strdup_printf ("\"status\":\"%s\"", fhir_resource_path_text (task, "status"));
  json = g_string_new (fhir_resource_get_text (task, NULL));
  g_string_replace (json, before, after, 1);
  visit_clinic_put (self->clinic, json->str);
}

/* ---- what it is ---- */

static void
test_says_what_it_is_for (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) english = NULL;
  g_autoptr (JsonNode) german = NULL;
  JsonObject *medicine, *about, *part;

  put_order (self, "m1", "p1", self->encounter,
             ",\"dispenseRequest\":{\"quantity\":{\"value\":21,\"unit\":\"capsules\"}}");
  english = ask (self, "GET", "medicines", NULL, 200);
  medicine = nth (english, "medicines", 0);
  g_assert_cmpstr (text (medicine, "why"), ==, "sore throat");
  g_assert_cmpstr (text (medicine, "amount"), ==, "21 capsules");
  g_assert_cmpstr (text (medicine, "instruction"), ==, "Take 1 capsule 3 times a day.");
  g_assert_false (json_object_get_boolean_member (medicine, "original"));
  about = json_object_get_object_member (medicine, "about");
  part = json_array_get_object_element (json_object_get_array_member (about, "parts"), 0);
  g_assert_cmpstr (text (part, "what"), ==, "For infections.");
  g_assert_cmpstr (text (part, "watch"), ==, "A rash: get help.");
  g_assert_true (json_object_get_boolean_member (part, "unchecked"));
  g_assert_null (text (about, "late"));
  tell (self, "language", "{\"language\":\"de\"}", 200);
  german = ask (self, "GET", "medicines", NULL, 200);
  medicine = nth (german, "medicines", 0);
  about = json_object_get_object_member (medicine, "about");
  part = json_array_get_object_element (json_object_get_array_member (about, "parts"), 0);
  g_assert_cmpstr (text (part, "what"), ==, "Gegen Infektionen.");
  g_assert_cmpstr (text (part, "language"), ==, "de");
  g_assert_cmpstr (text (medicine, "amount"), ==, "21 Kapseln");
  /* the clinic's own words stay what they are, and are marked */
  g_assert_true (json_object_get_boolean_member (medicine, "original"));
  g_assert_cmpstr (text (medicine, "why"), ==, "sore throat");
}

static void
test_another_language_is_marked (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *part;

  put_order (self, "m1", "p1", self->encounter, "");
  tell (self, "language", "{\"language\":\"ja\"}", 200);
  answer = ask (self, "GET", "medicines", NULL, 200);
  part = json_array_get_object_element (
      json_object_get_array_member (json_object_get_object_member (nth (answer, "medicines", 0),
                                                                   "about"),
                                    "parts"),
      0);
  g_assert_cmpstr (text (part, "language"), ==, "en");
}

static void
test_names_what_is_not_known (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *about;
  JsonArray *missing;

  visit_clinic_put (self->clinic,
                    "{\"resourceType\":\"MedicationRequest\",\"id\":\"m2\",\"status\":\"active\","
                    "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/p1\"},"
                    "\"medicationCodeableConcept\":{\"coding\":[{\"system\":"
                    "\"http://www.nlm.nih.gov/research/umls/rxnorm\",\"code\":\"861007\"}]}}");
  answer = ask (self, "GET", "medicines", NULL, 200);
  about = json_object_get_object_member (nth (answer, "current", 0), "about");
  missing = json_object_get_array_member (about, "missing");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (about, "parts")), ==, 0);
  g_assert_cmpuint (json_array_get_length (missing), ==, 1);
  g_assert_cmpstr (json_array_get_string_element (missing, 0), ==, "metformin");
}

static void
test_says_that_it_is_past_its_date (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;

  put_order (self, "m1", "p1", self->encounter, "");
  answer = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpstr (text (json_object_get_object_member (nth (answer, "medicines", 0), "about"),
                         "late"),
                   ==, "2026-01-31");
}

/* ---- pharmacies ---- */

static JsonObject *
find_pharmacy (JsonNode *answer, const char *id)
{
  for (guint i = 0; i < length (answer, "pharmacies"); i++)
    if (g_strcmp0 (text (nth (answer, "pharmacies", i), "id"), id) == 0)
      return nth (answer, "pharmacies", i);
  return NULL;
}

static void
test_says_when_and_where (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *pine, *span;
  JsonArray *hours;

  put_service (self, "");
  visit_clinic_put (
      self->clinic,
      "{\"resourceType\":\"Location\",\"id\":\"pine-row\",\"status\":\"active\",\"managingOrganiza"
      "tion\":{\"reference\":\"Organization/pine\"},\"position\":{\"latitude\":51.5,\"longitude\":"
      "-0.25}}");
  visit_clinic_put (
      self->clinic,
      "{\"resourceType\":\"Location\",\"id\":\"nowhere\",\"status\":\"active\",\"managingOrganiza"
      "tion\":{\"reference\":\"Organization/quay\"},\"position\":{\"latitude\":951.5,"
      "\"longitude\":-0.25}}");
  answer = ask (self, "GET", "medicines", NULL, 200);
  pine = find_pharmacy (answer, "pine");
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pine, "latitude"), 51.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (pine, "longitude"), -0.25, 1e-9);
  g_assert_cmpstr (text (pine, "city"), ==, "Harbour");
  hours = json_object_get_array_member (pine, "hours");
  g_assert_cmpuint (json_array_get_length (hours), ==, 2); /* what is no time is left out */
  span = json_array_get_object_element (hours, 0);
  g_assert_cmpstr (text (span, "from"), ==, "08:30");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (span, "days")), ==, 2);
  g_assert_cmpstr (text (json_array_get_object_element (hours, 1), "to"), ==, "24:00");
  g_assert_false (json_object_has_member (find_pharmacy (answer, "quay"), "latitude"));
}

static void
test_the_clinic_is_no_pharmacy (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;
  const char *const others[] = { "own", "shut" };

  put_order (self, "m1", "p1", self->encounter, "");
  visit_clinic_put (
      self->clinic,
      "{\"resourceType\":\"Organization\",\"id\":\"own\",\"name\":\"Harbour Clinic\",\"type\":["
      "{\"coding\":[{\"system\":\"https://bedside.health/fhir/organization-type\",\"code\":"
      "\"clinic\"}]},{\"coding\":[{\"system\":\"https://bedside.health/fhir/organization-type\","
      "\"code\":\"pharmacy\"}]}]}");
  visit_clinic_put (
      self->clinic,
      "{\"resourceType\":\"Organization\",\"id\":\"shut\",\"active\":false,\"name\":\"Shut\","
      "\"type\":[{\"coding\":[{\"system\":\"https://bedside.health/fhir/organization-type\","
      "\"code\":\"pharmacy\"}]}]}");
  answer = ask (self, "GET", "medicines", NULL, 200);
  g_assert_nonnull (find_pharmacy (answer, "quay"));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *body =
          g_strdup_printf ("{\"medicines\":[\"m1\"],\"pharmacy\":\"%s\",\"mode\":\"pick-up\"}",
                           others[i]);

      g_assert_null (find_pharmacy (answer, others[i]));
      tell (self, "choice", body, 422);
    }
}

static void
test_mails_only_where_it_is_offered (Case *self, gconstpointer data)
{
  const char *body = "{\"medicines\":[\"m1\"],\"pharmacy\":\"pine\",\"mode\":\"mail\","
                     "\"address\":\"12 Bramblewood Lane\"}";
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (FhirResource) task = NULL;

  put_order (self, "m1", "p1", self->encounter, "");
  tell (self, "choice", body, 422);
  put_service (self, MODE ("pick-up") "," MODE ("mail"));
  tell (self, "choice",
        "{\"medicines\":[\"m1\"],\"pharmacy\":\"pine\",\"mode\":\"delivery\",\"address\":\"12 "
        "Bramblewood Lane\"}",
        422);
  tell (self, "choice", "{\"medicines\":[\"m1\"],\"pharmacy\":\"pine\",\"mode\":\"mail\"}", 422);
  tell (self, "choice", body, 200);
  ids = visit_clinic_find (self->clinic, "Task", "focus=MedicationRequest/m1");
  task = visit_clinic_get (self->clinic, "Task", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (task, "input.0.valueCode"), ==, "mail");
  g_assert_cmpstr (fhir_resource_path_text (task, "input.1.valueString"), ==,
                   "12 Bramblewood Lane");
}

static JsonObject *
the_choice (JsonNode *answer)
{
  return json_object_get_object_member (nth (answer, "medicines", 0), "choice");
}

static void
test_says_what_stalls (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) fresh = NULL;
  g_autoptr (JsonNode) late = NULL;
  g_autoptr (JsonNode) waits = NULL;

  put_order (self, "m1", "p1", self->encounter, "");
  fresh = ask (self, "POST", "choice",
               "{\"medicines\":[\"m1\"],\"pharmacy\":\"pine\",\"mode\":\"pick-up\"}", 200);
  g_assert_cmpstr (text (the_choice (fresh), "state"), ==, "sent");
  g_assert_false (json_object_get_boolean_member (the_choice (fresh), "stalled"));
  base_clock_advance (self->clinic->clock, 5 * G_TIME_SPAN_HOUR);
  late = ask (self, "GET", "medicines", NULL, 200);
  g_assert_true (json_object_get_boolean_member (the_choice (late), "stalled"));
  g_assert_true (json_object_get_boolean_member (the_choice (late), "canChange"));
  g_assert_cmpstr (text (the_choice (late), "phone"), ==, "+44 20 7946 0200");
  set_task (self, "on-hold", ",\"statusReason\":{\"text\":\"out of stock until Thursday\"}");
  waits = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpstr (text (the_choice (waits), "state"), ==, "waits");
  g_assert_cmpstr (text (the_choice (waits), "reason"), ==, "out of stock until Thursday");
  g_assert_false (json_object_get_boolean_member (the_choice (waits), "canChange"));
  tell (self, "choice", "{\"medicines\":[\"m1\"],\"pharmacy\":\"quay\",\"mode\":\"pick-up\"}", 409);
}

static void
test_says_what_is_still_to_come (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;

  put_order (self, "m1", "p1", self->encounter,
             ",\"dispenseRequest\":{\"quantity\":{\"value\":21,\"unit\":\"capsules\"},"
             "\"numberOfRepeatsAllowed\":0}");
  tell (self, "choice", "{\"medicines\":[\"m1\"],\"pharmacy\":\"pine\",\"mode\":\"pick-up\"}", 200);
  set_task (self, "in-progress", "");
  visit_clinic_put (
      self->clinic,
      "{\"resourceType\":\"MedicationDispense\",\"id\":\"d1\",\"status\":\"completed\",\"subject\":"
      "{\"reference\":\"Patient/p1\"},\"authorizingPrescription\":[{\"reference\":"
      "\"MedicationRequest/m1\"}],\"quantity\":{\"value\":7,\"unit\":\"capsules\"},"
      "\"whenHandedOver\":\"2026-11-22T09:55:00Z\",\"medicationCodeableConcept\":{\"text\":"
      "\"Amoxicillin\"}}");
  answer = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpstr (text (the_choice (answer), "state"), ==, "partly");
}

/* ---- what is taken from before ---- */

static void
test_lists_what_is_taken_from_before (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;

  put_order (self, "new", "p1", self->encounter, "");
  put_order (self, "old", "p1", NULL, "");
  put_order (self, "others", "p2", NULL, "");
  put_order (self, "not", "p1", NULL, ",\"doNotPerform\":true");
  put_order (self, "strange", "p1", NULL,
             ",\"modifierExtension\":[{\"url\":\"urn:x\",\"valueBoolean\":true}]");
  put_order (self, "secret", "p1", NULL,
             ",\"meta\":{\"security\":[{\"system\":"
             "\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"R\"}]}");
  answer = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpuint (length (answer, "medicines"), ==, 1);
  g_assert_cmpuint (length (answer, "current"), ==, 1);
  g_assert_cmpstr (text (nth (answer, "current", 0), "id"), ==, "old");
  /* and of those that are not shown nothing can be said */
  tell (self, "taking", "{\"medicine\":\"others\",\"answer\":\"yes\"}", 422);
  tell (self, "taking", "{\"medicine\":\"secret\",\"answer\":\"yes\"}", 422);
  tell (self, "taking", "{\"medicine\":\"new\",\"answer\":\"yes\"}", 422);
  tell (self, "renewal", "{\"medicine\":\"others\"}", 422);
}

static FhirResource *
the_statement (Case *self)
{
  g_autoptr (GPtrArray) ids =
      visit_clinic_find (self->clinic, "MedicationStatement", "patient=Patient/p1");

  g_assert_cmpuint (ids->len, ==, 1);
  return visit_clinic_get (self->clinic, "MedicationStatement", ids->pdata[0]);
}

static void
test_the_answer_is_one_statement (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;
  g_autoptr (FhirResource) yes = NULL;
  g_autoptr (FhirResource) again = NULL;
  g_autoptr (FhirResource) stopped = NULL;
  JsonObject *taking;

  put_order (self, "old", "p1", NULL, "");
  tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 200);
  yes = the_statement (self);
  g_assert_cmpstr (fhir_resource_path_text (yes, "status"), ==, "active");
  g_assert_cmpstr (fhir_resource_path_text (yes, "informationSource.reference"), ==, "Patient/p1");
  g_assert_cmpstr (fhir_resource_path_text (yes, "basedOn.0.reference"), ==,
                   "MedicationRequest/old");
  g_assert_cmpstr (fhir_resource_path_text (yes, "dosage.0.patientInstruction"), ==,
                   "Take 1 capsule 3 times a day.");
  base_clock_advance (self->clinic->clock, G_TIME_SPAN_MINUTE);
  tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 200);
  again = the_statement (self);
  g_assert_cmpstr (fhir_resource_get_version (again), ==, fhir_resource_get_version (yes));
  answer = ask (self, "POST", "taking",
                "{\"medicine\":\"old\",\"answer\":\"stopped\",\"words\":\"it made me "
                "\\u202edizzy\"}",
                200);
  stopped = the_statement (self);
  g_assert_cmpstr (fhir_resource_path_text (stopped, "status"), ==, "stopped");
  g_assert_cmpstr (fhir_resource_path_text (stopped, "statusReason.0.text"), ==,
                   "it made me dizzy");
  g_assert_null (fhir_resource_path (stopped, "dosage"));
  taking = json_object_get_object_member (nth (answer, "current", 0), "taking");
  g_assert_cmpstr (text (taking, "answer"), ==, "stopped");
  g_assert_cmpstr (text (taking, "words"), ==, "it made me dizzy");
}

static void
test_an_answer_is_a_known_one (Case *self, gconstpointer data)
{
  g_autofree char *long_words = g_strnfill (501, 'x');
  g_autofree char *long_body =
      g_strdup_printf ("{\"medicine\":\"old\",\"answer\":\"differently\",\"words\":\"%s\"}",
                       long_words);
  const char *const bodies[] = {
    "{\"medicine\":\"old\",\"answer\":\"perhaps\"}",
    "{\"medicine\":\"old\",\"answer\":\"differently\"}",
    "{\"medicine\":\"old\",\"answer\":\"differently\",\"words\":\"  \"}",
    "{\"medicine\":\"old\",\"answer\":[\"yes\"]}",
    "{\"medicine\":\"../Patient/p1\",\"answer\":\"yes\"}",
    "{\"answer\":\"yes\"}",
    "[]",
    long_body,
  };
  g_autoptr (GPtrArray) ids = NULL;

  put_order (self, "old", "p1", NULL, "");
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    tell (self, "taking", bodies[i], 422);
  ids = visit_clinic_find (self->clinic, "MedicationStatement", "patient=Patient/p1");
  g_assert_cmpuint (ids->len, ==, 0);
}

typedef struct
{
  BaseClock *clock;
  CareMedicines *medicines;
} Load;

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Load *load = data;

  load->medicines = care_medicines_load (connection, "p1", load->clock, NULL, error);
  return load->medicines != NULL;
}

/* Where the medicines are gone through with the patient, what they said stands beside the order. */
static void
test_the_chart_shows_it_as_a_source (Case *self, gconstpointer data)
{
  Load load = { .clock = self->clinic->clock };
  g_autoptr (CareMedicines) medicines = NULL;
  g_autoptr (CareMedicine) row = NULL;
  g_autoptr (GError) error = NULL;
  const CareMedicineSide *reported = NULL;

  put_order (self, "old", "p1", NULL, "");
  tell (self, "taking",
        "{\"medicine\":\"old\",\"answer\":\"differently\",\"words\":\"one in the evening\"}", 200);
  store_database_read (self->clinic->store, load_work, &load, &error);
  g_assert_no_error (error);
  medicines = load.medicines;
  g_assert_cmpuint (g_list_model_get_n_items (care_medicines_get_rows (medicines)), ==, 1);
  row = g_list_model_get_item (care_medicines_get_rows (medicines), 0);
  g_assert_cmpuint (care_medicine_get_n_sides (row), ==, 2);
  for (guint i = 0; i < 2; i++)
    if (care_medicine_get_side (row, i)->origin == CARE_MEDICINE_REPORTED)
      reported = care_medicine_get_side (row, i);
  g_assert_nonnull (reported);
  g_assert_cmpstr (reported->source, ==, "Reported by the patient");
  g_assert_cmpstr (reported->dosage, ==, "one in the evening");
}

/* ---- a renewal ---- */

static JsonObject *
the_renewal (JsonNode *answer)
{
  return json_object_get_object_member (nth (answer, "current", 0), "renewal");
}

static void
test_a_renewal_is_asked_for_once (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) first = NULL;
  g_autoptr (JsonNode) refused = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (GString) json = NULL;

  put_order (self, "old", "p1", NULL, "");
  first = ask (self, "POST", "renewal", "{\"medicine\":\"old\",\"words\":\"two tablets are left\"}",
               200);
  tell (self, "renewal", "{\"medicine\":\"old\"}", 200);
  g_assert_cmpstr (text (the_renewal (first), "state"), ==, "asked");
  ids = visit_clinic_find (self->clinic, "Task", "code=https://bedside.health/fhir/task|renewal");
  g_assert_cmpuint (ids->len, ==, 1);
  task = visit_clinic_get (self->clinic, "Task", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (task, "focus.reference"), ==, "MedicationRequest/old");
  g_assert_cmpstr (fhir_resource_path_text (task, "for.reference"), ==, "Patient/p1");
  g_assert_nonnull (strstr (fhir_resource_path_text (task, "description"), "two tablets are left"));
  json = g_string_new (fhir_resource_get_text (task, NULL));
  g_string_replace (json, "\"status\":\"requested\"",
                    "\"status\":\"rejected\",\"statusReason\":{\"text\":\"come and see us first\"}",
                    1);
  visit_clinic_put (self->clinic, json->str);
  refused = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpstr (text (the_renewal (refused), "state"), ==, "refused");
  g_assert_cmpstr (text (the_renewal (refused), "why"), ==, "come and see us first");
  tell (self, "renewal", "{\"medicine\":\"old\"}", 429);
}

/* ---- who ---- */

#define MEDICINE "Amoxicillin"

/* Nothing of it before the date of birth was typed, in no answer. */
static void
test_a_stranger_is_told_nothing (Case *self, gconstpointer data)
{
  const char *const secrets[] = { MEDICINE, "sore throat", "Pine Pharmacy", VISIT_SECRETS };
  const char *const actions[] = { "taking", "renewal", "choice" };

  put_order (self, "old", "p1", NULL, "");
  put_order (self, "m1", "p1", self->encounter, "");
  g_clear_pointer (&self->clinic->cookie, g_free);
  g_string_truncate (self->clinic->said, 0);
  json_node_unref (ask (self, "GET", "medicines", NULL, 401));
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    tell (self, actions[i], "{\"medicine\":\"old\",\"answer\":\"yes\"}", 401);
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (self->clinic->said->str, secrets[i]));
}

static void
test_another_link_is_told_its_own (Case *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;
  guint status;

  put_order (self, "old", "p1", NULL, "");
  visit_clinic_put (
      self->clinic,
      "{\"resourceType\":\"Appointment\",\"id\":\"b1\",\"status\":\"booked\",\"start\":\"2026-11-"
      "22T10:30:00Z\",\"participant\":[{\"actor\":{\"reference\":\"Patient/p2\"},\"status\":"
      "\"accepted\"}]}");
  url = hub_join_create (self->clinic->server, "b1", NULL, &error);
  g_assert_no_error (error);
  g_set_str (&self->clinic->url, url);
  g_string_truncate (self->clinic->said, 0);
  /* the first patient's session is none here, whatever the browser sends */
  json_node_unref (ask (self, "GET", "medicines", NULL, 401));
  g_clear_pointer (&self->clinic->cookie, g_free);
  g_free (visit_clinic_page (self->clinic, "POST", "verify",
                             "{\"year\":1980,\"month\":1,\"day\":1}", &status));
  g_assert_cmpuint (status, ==, 200);
  json_node_unref (ask (self, "GET", "medicines", NULL, 200));
  tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 422);
  g_assert_null (strstr (self->clinic->said->str, MEDICINE));
}

static void
test_an_expired_link_is_told_nothing (Case *self, gconstpointer data)
{
  put_order (self, "old", "p1", NULL, "");
  json_node_unref (ask (self, "GET", "medicines", NULL, 200));
  g_string_truncate (self->clinic->said, 0);
  base_clock_advance (self->clinic->clock, 30 * G_TIME_SPAN_DAY);
  json_node_unref (ask (self, "GET", "medicines", NULL, 404));
  tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 404);
  g_assert_null (strstr (self->clinic->said->str, MEDICINE));
}

/* A guest's page has no such question at all. */
static void
test_a_guest_is_told_nothing (Case *self, gconstpointer data)
{
  const char *const paths[] = { "medicines", "taking", "renewal", "choice" };
  const char *token = strrchr (self->clinic->url, '/') + 1;

  put_order (self, "old", "p1", NULL, "");
  g_string_truncate (self->clinic->said, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *url =
          g_strdup_printf ("%s/guest/%s/%s", hub_server_get_base_url (self->clinic->server), token,
                           paths[i]);
      guint status;

      g_free (visit_clinic_ask (self->clinic, "GET", url, NULL, NULL, &status));
      g_assert_cmpuint (status, >=, 400);
    }
  g_assert_null (strstr (self->clinic->said->str, MEDICINE));
}

#define ADD(path, function) g_test_add (path, Case, "2027-11-29", set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/hub-patient-medicines/says-what-it-is-for", test_says_what_it_is_for);
  ADD ("/hub-patient-medicines/another-language-is-marked", test_another_language_is_marked);
  ADD ("/hub-patient-medicines/names-what-is-not-known", test_names_what_is_not_known);
  g_test_add ("/hub-patient-medicines/says-that-it-is-past-its-date", Case, "2026-01-31", set_up,
              test_says_that_it_is_past_its_date, tear_down);
  ADD ("/hub-patient-medicines/says-when-and-where", test_says_when_and_where);
  ADD ("/hub-patient-medicines/the-clinic-is-no-pharmacy", test_the_clinic_is_no_pharmacy);
  ADD ("/hub-patient-medicines/mails-only-where-it-is-offered",
       test_mails_only_where_it_is_offered);
  ADD ("/hub-patient-medicines/says-what-stalls", test_says_what_stalls);
  ADD ("/hub-patient-medicines/says-what-is-still-to-come", test_says_what_is_still_to_come);
  ADD ("/hub-patient-medicines/lists-what-is-taken-from-before",
       test_lists_what_is_taken_from_before);
  ADD ("/hub-patient-medicines/the-answer-is-one-statement", test_the_answer_is_one_statement);
  ADD ("/hub-patient-medicines/an-answer-is-a-known-one", test_an_answer_is_a_known_one);
  ADD ("/hub-patient-medicines/the-chart-shows-it-as-a-source",
       test_the_chart_shows_it_as_a_source);
  ADD ("/hub-patient-medicines/a-renewal-is-asked-for-once", test_a_renewal_is_asked_for_once);
  ADD ("/hub-patient-medicines/a-stranger-is-told-nothing", test_a_stranger_is_told_nothing);
  ADD ("/hub-patient-medicines/another-link-is-told-its-own", test_another_link_is_told_its_own);
  ADD ("/hub-patient-medicines/an-expired-link-is-told-nothing",
       test_an_expired_link_is_told_nothing);
  ADD ("/hub-patient-medicines/a-guest-is-told-nothing", test_a_guest_is_told_nothing);
  return g_test_run ();
}
