/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include <string.h>

#define EXTENSION "https://bedside.health/fhir/StructureDefinition/"
#define MEDICINE                                                                                   \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"%s\",\"intent\":\"order\","  \
  "\"subject\":{\"reference\":\"Patient/%s\"},\"encounter\":{\"reference\":\"Encounter/%s\"},"     \
  "\"medicationCodeableConcept\":{\"text\":\"Amoxicillin 500 mg capsule\"},"                       \
  "\"requester\":{\"display\":\"Dr Ama Osei\"},"                                                   \
  "\"dosageInstruction\":[{\"text\":\"500 mg PO TDS\","                                            \
  "\"patientInstruction\":\"Take 1 capsule 3 times a day for 7 days.\"}],"                         \
  "\"dispenseRequest\":{\"quantity\":{\"value\":21,\"unit\":\"capsules\"},"                        \
  "\"numberOfRepeatsAllowed\":0}}"

static const FhirElement *
extension_of (FhirResource *resource, const char *name)
{
  g_autofree char *url = g_strconcat (EXTENSION, name, NULL);

  fhir_element_foreach (extension, fhir_resource_path (resource, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), url) == 0)
      return extension;
  return NULL;
}

static void
assert_no_secret (VisitClinic *clinic)
{
  const char *const secrets[] = { VISIT_SECRETS };

  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      g_test_message ("%s", secrets[i]);
      g_assert_null (strstr (clinic->said->str, secrets[i]));
    }
}

static void
expect (VisitClinic *clinic, const char *method, const char *action, const char *body, guint wanted)
{
  guint status;
  g_autofree char *answer = visit_clinic_page (clinic, method, action, body, &status);

  g_test_message ("%s %s: %u %s", method, action, status, status == 200 ? "" : answer);
  g_assert_null (strstr (answer, "WebSocket"));
  g_assert_cmpuint (status, ==, wanted);
}

static void
test_nothing_is_said_before_the_date_of_birth (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();

  expect (clinic, "GET", "", NULL, 200);
  expect (clinic, "GET", "state", NULL, 200);
  expect (clinic, "GET", "medicines", NULL, 401);
  expect (clinic, "GET", "probe", NULL, 401);
  expect (clinic, "POST", "wait", "{}", 401);
  expect (clinic, "POST", "details", "{\"location\":\"here\",\"callback\":\"12345\"}", 401);
  expect (clinic, "POST", "choice", "{}", 401);
  expect (clinic, "POST", "verify", "{\"year\":1960,\"month\":3,\"day\":12}", 403);
  expect (clinic, "POST", "verify", "{\"year\":1961,\"month\":13,\"day\":12}", 422);
  expect (clinic, "POST", "verify", "{\"year\":\"1961\",\"month\":3,\"day\":12}", 422);
  expect (clinic, "POST", "verify", "{", 400);
  assert_no_secret (clinic);
  g_assert_nonnull (strstr (clinic->said->str, "+44 20 7946 0100"));
  g_assert_nonnull (strstr (clinic->said->str, "default-src 'self'"));
  g_assert_nonnull (strstr (clinic->said->str, "\"triesLeft\":4"));
  g_assert_null (clinic->cookie);
  visit_clinic_verify (clinic);
  g_assert_nonnull (strstr (clinic->said->str, "HttpOnly"));
  g_assert_nonnull (strstr (clinic->said->str, "SameSite=Strict"));
  g_assert_nonnull (strstr (clinic->said->str, "Marigold"));
}

static void
test_five_wrong_dates_close_the_link (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (FhirResource) task = NULL;

  for (guint i = 0; i < 4; i++)
    expect (clinic, "POST", "verify", "{\"year\":1960,\"month\":3,\"day\":12}", 403);
  before = visit_clinic_find (clinic, "Task", "code=https://bedside.health/fhir/task|link-closed");
  g_assert_cmpuint (before->len, ==, 0);
  expect (clinic, "POST", "verify", "{\"year\":1960,\"month\":3,\"day\":12}", 403);
  expect (clinic, "POST", "verify", "{\"year\":1961,\"month\":3,\"day\":12}", 403);
  expect (clinic, "GET", "state", NULL, 200);
  g_assert_nonnull (strstr (clinic->said->str, "\"step\":\"closed\""));
  assert_no_secret (clinic);
  g_assert_null (clinic->cookie);
  after = visit_clinic_find (clinic, "Task", "code=https://bedside.health/fhir/task|link-closed");
  g_assert_cmpuint (after->len, ==, 1);
  task = visit_clinic_get (clinic, "Task", after->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (task, "for.reference"), ==, "Patient/p1");
  g_assert_cmpstr (fhir_resource_path_text (task, "focus.reference"), ==, "Appointment/a1");
}

static void
test_unknown_and_expired_answer_alike (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *stranger_url =
      g_strconcat (hub_server_get_base_url (clinic->server),
                   "/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL);
  g_autofree char *stranger_state_url = g_strconcat (stranger_url, "/state", NULL);
  g_autofree char *stranger = NULL;
  g_autofree char *stranger_state = NULL;
  g_autofree char *expired = NULL;
  g_autofree char *expired_state = NULL;
  guint status[4];

  visit_clinic_verify (clinic);
  g_string_truncate (clinic->said, 0);
  base_clock_advance (clinic->clock, 25 * G_TIME_SPAN_HOUR);
  expired = visit_clinic_page (clinic, "GET", "", NULL, &status[0]);
  expired_state = visit_clinic_page (clinic, "GET", "state", NULL, &status[1]);
  stranger = visit_clinic_ask (clinic, "GET", stranger_url, NULL, NULL, &status[2]);
  stranger_state = visit_clinic_ask (clinic, "GET", stranger_state_url, NULL, NULL, &status[3]);
  for (gsize i = 0; i < G_N_ELEMENTS (status); i++)
    g_assert_cmpuint (status[i], ==, 404);
  g_assert_cmpstr (expired, ==, stranger);
  g_assert_cmpstr (expired_state, ==, stranger_state);
  g_assert_nonnull (strstr (expired, "+44 20 7946 0100"));
  assert_no_secret (clinic);
}

static void
test_token_is_not_stored (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *again = hub_join_create (clinic->server, "a1", NULL, &error);
  g_autofree char *refused = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (again, !=, clinic->url);
  g_assert_cmpuint (strlen (strrchr (again, '/') + 1), ==, 43);
  refused = hub_join_create (clinic->server, "a2", NULL, &error);
  g_assert_null (refused);
  g_assert_nonnull (error);
}

static void
test_waiting_makes_one_encounter (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *id = visit_clinic_wait (clinic);
  g_autofree char *same = visit_clinic_wait (clinic);
  g_autoptr (FhirResource) encounter = visit_clinic_get (clinic, "Encounter", id);
  g_autoptr (FhirResource) appointment = visit_clinic_get (clinic, "Appointment", "a1");
  const FhirElement *test = extension_of (encounter, "visit-device-test");

  g_assert_cmpstr (id, ==, same);
  g_assert_cmpstr (fhir_resource_path_text (encounter, "status"), ==, "arrived");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "class.code"), ==, "VR");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "subject.reference"), ==, "Patient/p1");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "reasonCode.0.text"), ==,
                   "ringing in the left ear");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "participant.0.individual.reference"), ==,
                   "Practitioner/doctor");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "statusHistory.0.status"), ==, "arrived");
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (encounter, "statusHistory")), ==,
                    1);
  g_assert_cmpstr (fhir_element_path_text (extension_of (encounter, "visit-stated-location"),
                                           "valueString"),
                   ==, "Bus stop, Mill Road");
  g_assert_cmpstr (fhir_element_path_text (extension_of (encounter, "visit-callback-number"),
                                           "valueString"),
                   ==, "+44 20 7946 0777 (work)");
  g_assert_cmpstr (fhir_element_path_text (extension_of (encounter, "visit-identity"), "valueCode"),
                   ==, "date-of-birth-typed");
  g_assert_nonnull (
      fhir_element_path_text (extension_of (encounter, "visit-waiting-since"), "valueInstant"));
  g_assert_cmpstr (fhir_element_path_text (test, "extension.3.url"), ==, "network");
  g_assert_cmpstr (fhir_element_path_text (test, "extension.3.valueCode"), ==, "amber");
  g_assert_cmpstr (fhir_resource_path_text (appointment, "status"), ==, "arrived");
}

static void
test_leaving_and_coming_back (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *id = visit_clinic_wait (clinic);
  g_autoptr (FhirResource) gone = NULL;
  g_autoptr (FhirResource) back = NULL;

  expect (clinic, "POST", "leave", "{}", 200);
  gone = visit_clinic_get (clinic, "Encounter", id);
  g_assert_cmpstr (fhir_resource_path_text (gone, "status"), ==, "planned");
  expect (clinic, "POST", "wait", "{}", 200);
  back = visit_clinic_get (clinic, "Encounter", id);
  g_assert_cmpstr (fhir_resource_path_text (back, "status"), ==, "arrived");
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (back, "statusHistory")), ==, 3);
  g_assert_nonnull (fhir_resource_path_text (back, "statusHistory.1.period.end"));
}

static void
test_bad_input_is_refused (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *long_place = g_strnfill (301, 'x');
  g_autofree char *long_body =
      g_strdup_printf ("{\"location\":\"%s\",\"callback\":\"12345\"}", long_place);
  g_autofree char *huge = g_strnfill (20000, 'x');

  visit_clinic_verify (clinic);
  expect (clinic, "POST", "wait", "{}", 409);
  expect (clinic, "POST", "details", "{\"location\":\"\",\"callback\":\"12345\"}", 422);
  expect (clinic, "POST", "details", "{\"location\":\"home\",\"callback\":\"ab1\"}", 422);
  expect (clinic, "POST", "details", "{\"location\":[\"home\"],\"callback\":12345}", 422);
  expect (clinic, "POST", "details", "{\"location\":\"a\\u0007bcd\",\"callback\":\"12345\"}", 422);
  expect (clinic, "POST", "details", long_body, 422);
  expect (clinic, "POST", "details", "[]", 422);
  expect (clinic, "POST", "details", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", 400);
  expect (clinic, "POST", "details", huge, 413);
  expect (clinic, "POST", "device-test", "{\"camera\":\"great\"}", 422);
  expect (clinic, "POST", "nothing", "{}", 404);
  expect (clinic, "GET", "verify", NULL, 405);
  expect (clinic, "DELETE", "state", NULL, 405);
}

static void
test_rate_is_limited (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  guint status = 0;
  guint asked = 0;

  for (; asked < 400 && status != 429; asked++)
    g_free (visit_clinic_page (clinic, "GET", "state", NULL, &status));
  g_assert_cmpuint (status, ==, 429);
}

static void
test_join_link_operation (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *url = g_strconcat (hub_server_get_base_url (clinic->server),
                                      "/fhir/Appointment/a1/$join-link", NULL);
  g_autofree char *cancelled = g_strconcat (hub_server_get_base_url (clinic->server),
                                            "/fhir/Appointment/a2/$join-link", NULL);
  g_autofree char *none = NULL;
  g_autofree char *pharmacy = NULL;
  g_autofree char *reception = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *old = NULL, *session = NULL;
  g_autoptr (FhirResource) parameters = NULL;
  guint status;

  visit_clinic_verify (clinic); /* with the link that reception then replaces */
  none = visit_clinic_ask (clinic, "POST", url, "wrong", NULL, &status);
  g_assert_cmpuint (status, ==, 401);
  pharmacy = visit_clinic_ask (clinic, "POST", url, clinic->pharmacy, NULL, &status);
  g_assert_cmpuint (status, ==, 403);
  refused = visit_clinic_ask (clinic, "POST", cancelled, clinic->reception, NULL, &status);
  g_assert_cmpuint (status, ==, 409);
  reception = visit_clinic_ask (clinic, "POST", url, clinic->reception, "{}", &status);
  g_assert_cmpuint (status, ==, 200);
  parameters = fhir_resource_parse (reception, -1, NULL);
  g_assert_cmpstr (fhir_resource_get_type (parameters), ==, "Parameters");
  g_assert_cmpstr (fhir_resource_path_text (parameters, "parameter.2.name"), ==, "others-ended");
  g_assert_true (
      fhir_element_is_true (fhir_resource_path (parameters, "parameter.2.valueBoolean")));
  /* the old one opens nothing, not even with the session that it had */
  old = visit_clinic_page (clinic, "GET", "", NULL, &status);
  g_assert_cmpuint (status, ==, 404);
  session = visit_clinic_page (clinic, "GET", "state", NULL, &status);
  g_assert_cmpuint (status, ==, 404);
  g_free (clinic->url);
  clinic->url = g_strdup (fhir_resource_path_text (parameters, "parameter.0.valueUrl"));
  visit_clinic_verify (clinic);
}

static char *
prescribe (VisitClinic *clinic)
{
  char *encounter = visit_clinic_wait (clinic);
  g_autofree char *own = g_strdup_printf (MEDICINE, "m1", "active", "p1", encounter);
  g_autofree char *stopped = g_strdup_printf (MEDICINE, "m2", "cancelled", "p1", encounter);
  g_autofree char *other = g_strdup_printf (MEDICINE, "m3", "active", "p2", encounter);
  g_autofree char *draft = g_strdup_printf (MEDICINE, "m4", "draft", "p1", encounter);
  g_autofree char *earlier = g_strdup_printf (MEDICINE, "m5", "active", "p1", "another-visit");

  visit_clinic_put (clinic, own);
  visit_clinic_put (clinic, stopped);
  visit_clinic_put (clinic, other);
  visit_clinic_put (clinic, draft);
  visit_clinic_put (clinic, earlier);
  return encounter;
}

static void
test_medicines_are_of_this_visit (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *encounter = prescribe (clinic);
  g_autofree char *answer = visit_clinic_page (clinic, "GET", "medicines", NULL, NULL);

  g_assert_nonnull (strstr (answer, "\"id\":\"m1\""));
  g_assert_nonnull (strstr (answer, "Take 1 capsule 3 times a day for 7 days."));
  g_assert_null (strstr (answer, "TDS"));
  g_assert_nonnull (strstr (answer, "\"stopped\":true"));
  g_assert_null (strstr (answer, "\"id\":\"m3\""));
  g_assert_null (strstr (answer, "\"id\":\"m4\""));
  /* of another visit: not among these, but what is taken from before */
  g_assert_cmpuint (strstr (answer, "\"id\":\"m5\"") - answer, >,
                    strstr (answer, "\"current\":[") - answer);
  g_assert_nonnull (strstr (answer, "Pine Pharmacy"));
  g_assert_null (strstr (answer, "Harbour Clinic"));
  g_assert_nonnull (strstr (answer, "12 Bramblewood Lane, Harbour, HB1 2CD"));
}

#define STEPS                                                                                      \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"active\",\"intent\":"        \
  "\"order\","                                                                                     \
  "\"subject\":{\"reference\":\"Patient/p1\"},\"encounter\":{\"reference\":\"Encounter/%s\"},"     \
  "\"medicationCodeableConcept\":{\"text\":\"Prednisone\"},\"dosageInstruction\":[{\"sequence\":"  \
  "1,"                                                                                             \
  "\"text\":\"%s\",\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}},"   \
  "\"doseAndRate\":[{\"doseQuantity\":{\"value\":2.5,\"unit\":\"tablets\"}}]},{\"sequence\":2,"    \
  "\"timing\":{"                                                                                   \
  "\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\",\"boundsDuration\":{\"value\":5," \
  "\"unit\":\"days\",\"code\":\"d\"}}},\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":"  \
  "\"tablet\"}}"                                                                                   \
  "]}]}"

/* H20: whole in the patient's language, every step; what says two things stays as it was written.
 */
static void
test_medicines_in_a_language (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *encounter = prescribe (clinic);
  g_autofree char *whole = g_strdup_printf (STEPS, "s1", encounter, "2.5 tablets - once a day");
  g_autofree char *torn = g_strdup_printf (STEPS, "s2", encounter, "10 tablets - once a day");
  g_autofree char *language =
      visit_clinic_page (clinic, "POST", "language", "{\"language\":\"de\"}", NULL);
  g_autofree char *answer = NULL;

  visit_clinic_put (clinic, whole);
  visit_clinic_put (clinic, torn);
  answer = visit_clinic_page (clinic, "GET", "medicines", NULL, NULL);
  g_assert_nonnull (
      strstr (answer, "\"2,5 Tabletten, 1-mal am Tag. Danach: 1 Tablette, 1-mal am Tag, 5 Tage "
                      "lang.\",\"original\":false"));
  g_assert_nonnull (strstr (answer, "\"10 tablets - once a day\",\"original\":true"));
}

#define CHOICE "{\"medicines\":[\"m1\"],\"pharmacy\":\"%s\",\"mode\":\"%s\"%s}"

static void
test_choice_makes_one_task (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *encounter = prescribe (clinic);
  g_autofree char *first = g_strdup_printf (CHOICE, "pine", "pick-up", "");
  g_autofree char *second =
      g_strdup_printf (CHOICE, "quay", "delivery", ",\"address\":\"12 Bramblewood Lane\"");
  g_autoptr (GPtrArray) once = NULL;
  g_autoptr (GPtrArray) twice = NULL;
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (FhirResource) changed = NULL;

  expect (clinic, "POST", "choice", first, 200);
  expect (clinic, "POST", "choice", first, 200);
  once = visit_clinic_find (clinic, "Task", "focus=MedicationRequest/m1");
  g_assert_cmpuint (once->len, ==, 1);
  task = visit_clinic_get (clinic, "Task", once->pdata[0]);
  g_assert_cmpstr (fhir_resource_get_version (task), ==, "1");
  g_assert_cmpstr (fhir_resource_path_text (task, "owner.reference"), ==, "Organization/pine");
  g_assert_cmpstr (fhir_resource_path_text (task, "code.coding.0.code"), ==, "dispense");
  g_assert_cmpstr (fhir_resource_path_text (task, "input.0.type.coding.0.code"), ==, "supply-mode");
  g_assert_cmpstr (fhir_resource_path_text (task, "input.0.valueCode"), ==, "pick-up");
  expect (clinic, "POST", "choice", second, 200);
  twice = visit_clinic_find (clinic, "Task", "focus=MedicationRequest/m1");
  g_assert_cmpuint (twice->len, ==, 1);
  changed = visit_clinic_get (clinic, "Task", twice->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (changed, "owner.reference"), ==, "Organization/quay");
  g_assert_cmpstr (fhir_resource_path_text (changed, "input.1.valueString"), ==,
                   "12 Bramblewood Lane");
}

static void
test_choice_ends_when_accepted (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *encounter = prescribe (clinic);
  g_autofree char *first = g_strdup_printf (CHOICE, "pine", "pick-up", "");
  g_autofree char *second = g_strdup_printf (CHOICE, "quay", "pick-up", "");
  g_autofree char *none = g_strdup_printf (CHOICE, "clinic", "pick-up", "");
  g_autofree char *no_address = g_strdup_printf (CHOICE, "pine", "delivery", "");
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (GString) text = NULL;

  expect (clinic, "POST", "choice", none, 422);
  expect (clinic, "POST", "choice", no_address, 422);
  expect (clinic, "POST", "choice",
          "{\"medicines\":[\"m2\"],\"pharmacy\":\"pine\",\"mode\":\"pick-up\"}", 422);
  expect (clinic, "POST", "choice",
          "{\"medicines\":[\"m3\"],\"pharmacy\":\"pine\",\"mode\":\"pick-up\"}", 422);
  expect (clinic, "POST", "choice",
          "{\"medicines\":[7],\"pharmacy\":\"pine\",\"mode\":\"pick-up\"}", 422);
  expect (clinic, "POST", "choice", first, 200);
  ids = visit_clinic_find (clinic, "Task", "focus=MedicationRequest/m1");
  task = visit_clinic_get (clinic, "Task", ids->pdata[0]);
  text = g_string_new (fhir_resource_get_text (task, NULL));
  g_assert_cmpuint (g_string_replace (text, "\"requested\"", "\"accepted\"", 0), ==, 1);
  visit_clinic_put (clinic, text->str);
  expect (clinic, "POST", "choice", second, 409);
}

static void
test_over_means_over (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *id = visit_clinic_wait (clinic);
  g_autoptr (FhirResource) encounter = visit_clinic_get (clinic, "Encounter", id);
  g_autoptr (GString) text = g_string_new (fhir_resource_get_text (encounter, NULL));
  g_autofree char *known = NULL;
  g_autofree char *stranger = NULL;

  g_string_replace (text, "\"status\":\"arrived\",", "\"status\":\"finished\",", 0);
  visit_clinic_put (clinic, text->str);
  expect (clinic, "POST", "wait", "{}", 410);
  known = visit_clinic_page (clinic, "GET", "state", NULL, NULL);
  g_assert_nonnull (strstr (known, "\"step\":\"ended\""));
  g_clear_pointer (&clinic->cookie, g_free);
  g_string_truncate (clinic->said, 0);
  stranger = visit_clinic_page (clinic, "GET", "state", NULL, NULL);
  g_assert_nonnull (strstr (stranger, "\"step\":\"finished\""));
  expect (clinic, "POST", "verify", "{\"year\":1961,\"month\":3,\"day\":12}", 403);
  assert_no_secret (clinic);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-visit/nothing-is-said-before-the-date-of-birth",
                   test_nothing_is_said_before_the_date_of_birth);
  g_test_add_func ("/hub-visit/five-wrong-dates-close-the-link",
                   test_five_wrong_dates_close_the_link);
  g_test_add_func ("/hub-visit/unknown-and-expired-answer-alike",
                   test_unknown_and_expired_answer_alike);
  g_test_add_func ("/hub-visit/token-is-not-stored", test_token_is_not_stored);
  g_test_add_func ("/hub-visit/waiting-makes-one-encounter", test_waiting_makes_one_encounter);
  g_test_add_func ("/hub-visit/leaving-and-coming-back", test_leaving_and_coming_back);
  g_test_add_func ("/hub-visit/bad-input-is-refused", test_bad_input_is_refused);
  g_test_add_func ("/hub-visit/rate-is-limited", test_rate_is_limited);
  g_test_add_func ("/hub-visit/join-link-operation", test_join_link_operation);
  g_test_add_func ("/hub-visit/medicines-are-of-this-visit", test_medicines_are_of_this_visit);
  g_test_add_func ("/hub-visit/medicines-in-a-language", test_medicines_in_a_language);
  g_test_add_func ("/hub-visit/choice-makes-one-task", test_choice_makes_one_task);
  g_test_add_func ("/hub-visit/choice-ends-when-accepted", test_choice_ends_when_accepted);
  g_test_add_func ("/hub-visit/over-means-over", test_over_means_over);
  return g_test_run ();
}
