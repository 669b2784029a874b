/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines.h"
#include "medicines-fixture.h"

/* What a patient says of the medicines that they were ordered before. */

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
  g_autoptr (FhirResource) later = NULL;
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
  /* on another day it is news */
  base_clock_advance (self->clinic->clock, G_TIME_SPAN_DAY);
  tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 200);
  later = the_statement (self);
  g_assert_cmpstr (fhir_resource_get_version (later), !=, fhir_resource_get_version (yes));
  g_assert_cmpstr (fhir_resource_path_text (later, "dateAsserted"), !=,
                   fhir_resource_path_text (yes, "dateAsserted"));
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

/* Where the clinic has set it aside, or it was said in another visit, the same answer counts. */
static void
test_an_answer_is_compared_as_a_whole (Case *self, gconstpointer data)
{
  const struct
  {
    const char *name, *before, *after;
  } cases[] = {
    { "status", "\"status\":\"active\"", "\"status\":\"entered-in-error\"" },
    { "context.reference", self->encounter, "another" },
  };

  put_order (self, "old", "p1", NULL, "");
  tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 200);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) said = the_statement (self);
      g_autoptr (FhirResource) again = NULL;
      g_autoptr (GString) json = g_string_new (fhir_resource_get_text (said, NULL));

      g_assert_cmpuint (g_string_replace (json, cases[i].before, cases[i].after, 0), >, 0);
      visit_clinic_put (self->clinic, json->str);
      tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 200);
      again = the_statement (self);
      g_assert_cmpstr (fhir_resource_path_text (again, cases[i].name), ==,
                       fhir_resource_path_text (said, cases[i].name));
    }
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

static guint
count_in (const char *where, const char *what)
{
  guint count = 0;

  for (const char *at = strstr (where, what); at != NULL; at = strstr (at + 1, what))
    count++;
  return count;
}

/* What the patient does is no instruction: the sheet says neither to take it so, nor that it was
 * stopped. */
static void
test_the_sheet_says_what_was_ordered (Case *self, gconstpointer data)
{
  g_autofree char *over = g_strdup_printf (
      "{\"resourceType\":\"Encounter\",\"id\":\"%s\",\"status\":\"finished\",\"class\":{\"code\":"
      "\"VR\"},\"subject\":{\"reference\":\"Patient/p1\"},\"appointment\":[{\"reference\":"
      "\"Appointment/a1\"}],\"period\":{\"start\":\"2026-11-22T09:56:00Z\"}}",
      self->encounter);
  g_autofree char *sheet = NULL;

  put_order (self, "old", "p1", NULL, "");
  put_order (self, "older", "p1", NULL, "");
  tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 200);
  base_clock_advance (self->clinic->clock, G_TIME_SPAN_MINUTE);
  tell (self, "taking",
        "{\"medicine\":\"old\",\"answer\":\"stopped\",\"words\":\"it made me dizzy\"}", 200);
  tell (self, "taking",
        "{\"medicine\":\"older\",\"answer\":\"differently\",\"words\":\"half of it\"}", 200);
  visit_clinic_put (self->clinic, over);
  sheet = visit_clinic_page (self->clinic, "GET", "after", NULL, NULL);
  g_test_message ("%s", sheet);
  g_assert_null (strstr (sheet, "half of it"));
  g_assert_null (strstr (sheet, "it made me dizzy"));
  g_assert_cmpuint (count_in (sheet, "moxicillin"), ==, 2);
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
  g_assert_null (strstr (fhir_resource_path_text (task, "description"), "\n"));
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

/* (transfer full): of the one request */
static char *
dup_description (Case *self)
{
  g_autoptr (GPtrArray) ids =
      visit_clinic_find (self->clinic, "Task", "code=https://bedside.health/fhir/task|renewal");
  g_autoptr (FhirResource) task = NULL;

  g_assert_cmpuint (ids->len, ==, 1);
  task = visit_clinic_get (self->clinic, "Task", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "requested");
  return g_strdup (fhir_resource_path_text (task, "description"));
}

static void
test_what_is_added_to_a_renewal_is_kept (Case *self, gconstpointer data)
{
  g_autofree char *words = g_strnfill (300, 'x');
  g_autofree char *both = NULL;
  g_autofree char *still = NULL;
  guint times = 0;

  put_order (self, "old", "p1", NULL, "");
  tell (self, "renewal", "{\"medicine\":\"old\",\"words\":\"two tablets are left\"}", 200);
  tell (self, "renewal", "{\"medicine\":\"old\",\"words\":\"none is left\"}", 200);
  tell (self, "renewal", "{\"medicine\":\"old\",\"words\":\"none is left\"}", 200);
  both = dup_description (self);
  g_assert_cmpuint (count_in (both, "two tablets are left"), ==, 1);
  g_assert_cmpuint (count_in (both, "none is left"), ==, 1);
  /* and what is too much is not said to have arrived */
  for (guint status = 200; status == 200; times++)
    {
      g_autofree char *body =
          g_strdup_printf ("{\"medicine\":\"old\",\"words\":\"%.*s%u\"}", 298, words, times);

      g_assert_cmpuint (times, <, 10);
      g_free (visit_clinic_page (self->clinic, "POST", "renewal", body, &status));
      g_assert_true (status == 200 || status == 409);
    }
  g_assert_cmpuint (times, >, 2);
  still = dup_description (self);
  g_assert_true (g_str_has_prefix (still, both));
  g_assert_cmpint (g_utf8_strlen (still, -1), <=, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  MEDICINES_ADD ("/hub-patient-taking/lists-what-is-taken-from-before",
                 test_lists_what_is_taken_from_before);
  MEDICINES_ADD ("/hub-patient-taking/the-answer-is-one-statement",
                 test_the_answer_is_one_statement);
  MEDICINES_ADD ("/hub-patient-taking/an-answer-is-compared-as-a-whole",
                 test_an_answer_is_compared_as_a_whole);
  MEDICINES_ADD ("/hub-patient-taking/what-is-added-to-a-renewal-is-kept",
                 test_what_is_added_to_a_renewal_is_kept);
  MEDICINES_ADD ("/hub-patient-taking/an-answer-is-a-known-one", test_an_answer_is_a_known_one);
  MEDICINES_ADD ("/hub-patient-taking/the-chart-shows-it-as-a-source",
                 test_the_chart_shows_it_as_a_source);
  MEDICINES_ADD ("/hub-patient-taking/the-sheet-says-what-was-ordered",
                 test_the_sheet_says_what_was_ordered);
  MEDICINES_ADD ("/hub-patient-taking/a-renewal-is-asked-for-once",
                 test_a_renewal_is_asked_for_once);
  return g_test_run ();
}
