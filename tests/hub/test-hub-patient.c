/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include <string.h>

#include "care-device-words.h"

/* What the patient's page tells on the way, agrees to, and is given afterwards. */

#define EXTENSION "https://bedside.health/fhir/StructureDefinition/"
#define TESTED                                                                                     \
  "{\"camera\":\"failed\",\"cameraWhy\":\"denied\",\"microphone\":\"ok\",\"speaker\":\"unknown\"," \
  "\"network\":\"amber\",\"networkWhy\":\"slow\",\"measure\":\"0.4 Mbit/s, 510 ms\","              \
  "\"browser\":\"Safari, iPhone\"}"

static const FhirElement *
extension_of (FhirResource *resource, const char *name)
{
  g_autofree char *url = g_strconcat (EXTENSION, name, NULL);

  fhir_element_foreach (extension, fhir_resource_path (resource, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), url) == 0)
      return extension;
  return NULL;
}

/* Returns: (transfer full): the answer */
static char *
expect (VisitClinic *clinic, const char *method, const char *action, const char *body, guint wanted)
{
  guint status;
  g_autofree char *answer = visit_clinic_page (clinic, method, action, body, &status);

  g_test_message ("%s %s: %u %s", method, action, status, answer);
  g_assert_cmpuint (status, ==, wanted);
  return g_steal_pointer (&answer);
}

static void
tell (VisitClinic *clinic, const char *action, const char *body, guint wanted)
{
  g_autofree char *answer = expect (clinic, "POST", action, body, wanted);
}

/* ---- the device test ---- */

static void
assert_told (FhirResource *resource)
{
  g_autofree char *words = care_device_words (extension_of (resource, "visit-device-test"));

  g_assert_cmpstr (words, ==,
                   "camera not allowed in the browser · slow connection · 0.4 Mbit/s, 510 ms · "
                   "Safari, iPhone");
}

static void
test_each_step_reaches_the_clinic (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *encounter = NULL;

  visit_clinic_verify (clinic);
  tell (clinic, "device-test",
        "{\"camera\":\"ok\",\"microphone\":\"unknown\",\"speaker\":\"unknown\","
        "\"network\":\"unknown\"}",
        200);
  tell (clinic, "device-test", TESTED, 200);
  before = visit_clinic_get (clinic, "Appointment", "a1");
  assert_told (before);
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (before, "extension")), ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (before, "status"), ==, "booked");
  encounter = visit_clinic_wait (clinic);
  tell (clinic, "device-test", TESTED, 200);
  after = visit_clinic_get (clinic, "Encounter", encounter);
  assert_told (after);
}

static void
test_a_result_is_a_known_code (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) appointment = NULL;
  const char *const bodies[] = {
    "{\"camera\":\"failed\",\"cameraWhy\":\"call 555 now\",\"microphone\":\"ok\","
    "\"speaker\":\"ok\",\"network\":\"ok\"}",
    "{\"camera\":\"failed\",\"cameraWhy\":\"slow\",\"microphone\":\"ok\",\"speaker\":\"ok\","
    "\"network\":\"ok\"}",
    "{\"camera\":\"failed\"}",
    "[]",
  };

  tell (clinic, "device-test", TESTED, 401);
  visit_clinic_verify (clinic);
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    tell (clinic, "device-test", bodies[i], 422);
  appointment = visit_clinic_get (clinic, "Appointment", "a1");
  g_assert_null (extension_of (appointment, "visit-device-test"));
}

static void
test_language_is_told (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) booked = NULL;
  g_autoptr (FhirResource) waiting = NULL;
  g_autofree char *encounter = NULL;

  tell (clinic, "language", "{\"language\":\"ja\"}", 401);
  visit_clinic_verify (clinic);
  tell (clinic, "language", "{\"language\":\"xx\"}", 422);
  tell (clinic, "language", "{\"language\":[\"ja\"]}", 422);
  tell (clinic, "language", "{\"language\":\"ja\"}", 200);
  booked = visit_clinic_get (clinic, "Appointment", "a1");
  g_assert_cmpstr (fhir_element_path_text (extension_of (booked, "visit-language"), "valueCode"),
                   ==, "ja");
  encounter = visit_clinic_wait (clinic);
  waiting = visit_clinic_get (clinic, "Encounter", encounter);
  g_assert_cmpstr (fhir_element_path_text (extension_of (waiting, "visit-language"), "valueCode"),
                   ==, "ja");
}

/* ---- what is agreed to ---- */

static FhirResource *
the_consent (VisitClinic *clinic)
{
  g_autoptr (GPtrArray) ids = visit_clinic_find (clinic, "Consent", "patient=Patient/p1");

  g_assert_cmpuint (ids->len, ==, 1);
  return visit_clinic_get (clinic, "Consent", ids->pdata[0]);
}

static void
test_a_consent_is_recorded (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) given = NULL;
  g_autoptr (FhirResource) refused = NULL;
  g_autoptr (FhirResource) appointment = NULL;
  g_autofree char *words = NULL;
  g_autofree char *state = NULL;

  tell (clinic, "consent", "{\"about\":\"video\",\"decision\":\"permit\",\"version\":\"1\"}", 401);
  visit_clinic_verify (clinic);
  tell (clinic, "consent", "{\"about\":\"video\",\"decision\":\"permit\",\"version\":\"1\"}", 200);
  given = the_consent (clinic);
  g_assert_cmpstr (fhir_resource_path_text (given, "status"), ==, "active");
  g_assert_cmpstr (fhir_resource_path_text (given, "policy.0.uri"), ==,
                   "https://bedside.health/fhir/consent-wording/video/1");
  g_assert_true (g_str_has_prefix (fhir_resource_path_text (given, "dateTime"), "2026-11-22T09:5"));
  g_assert_cmpstr (fhir_resource_path_text (given, "provision.data.0.reference.reference"), ==,
                   "Appointment/a1");
  tell (clinic, "consent", "{\"about\":\"video\",\"decision\":\"deny\",\"version\":\"1\"}", 200);
  refused = the_consent (clinic);
  g_assert_cmpstr (fhir_resource_path_text (refused, "status"), ==, "rejected");
  g_assert_cmpstr (fhir_resource_path_text (refused, "provision.type"), ==, "deny");
  appointment = visit_clinic_get (clinic, "Appointment", "a1");
  words = care_device_words (extension_of (appointment, "visit-device-test"));
  g_assert_cmpstr (words, ==, "wants to be rung: no video");
  state = expect (clinic, "GET", "state", NULL, 200);
  g_assert_nonnull (strstr (state, "\"consents\":{\"video\":\"deny\"}"));
  g_free (visit_clinic_wait (clinic)); /* what was refused is the video, not the visit */
}

#define REFUSE_VIDEO "{\"about\":\"video\",\"decision\":\"deny\",\"version\":\"1\"}"

/* A new link remembers nothing of what was answered by the one before. */
static void
test_another_link_keeps_what_was_refused (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) appointment = NULL;
  g_autofree char *url = NULL;
  g_autofree char *words = NULL;
  g_autofree char *state = NULL;

  visit_clinic_verify (clinic);
  tell (clinic, "consent", REFUSE_VIDEO, 200);
  url = hub_join_create (clinic->server, "a1", NULL, NULL);
  g_assert_nonnull (url);
  g_set_str (&clinic->url, url);
  g_clear_pointer (&clinic->cookie, g_free);
  visit_clinic_verify (clinic);
  state = expect (clinic, "GET", "state", NULL, 200);
  g_assert_nonnull (strstr (state, "\"consents\":{\"video\":\"deny\"}"));
  tell (clinic, "device-test", TESTED, 200);
  appointment = visit_clinic_get (clinic, "Appointment", "a1");
  words = care_device_words (extension_of (appointment, "visit-device-test"));
  g_assert_nonnull (strstr (words, "wants to be rung: no video"));
}

static void
test_the_same_answer_changes_nothing (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autoptr (FhirResource) encounter = NULL;
  g_autoptr (GString) text = NULL;
  g_autofree char *id = NULL;

  visit_clinic_verify (clinic);
  tell (clinic, "consent", REFUSE_VIDEO, 200);
  before = the_consent (clinic);
  tell (clinic, "consent", "{\"about\":\"guest\",\"decision\":\"permit\",\"version\":\"1\"}", 200);
  base_clock_advance (clinic->clock, G_TIME_SPAN_MINUTE);
  tell (clinic, "consent", REFUSE_VIDEO, 200);
  after = visit_clinic_get (clinic, "Consent", fhir_resource_get_id (before));
  g_assert_cmpstr (fhir_resource_path_text (after, "meta.versionId"), ==,
                   fhir_resource_path_text (before, "meta.versionId"));
  id = visit_clinic_wait (clinic);
  encounter = visit_clinic_get (clinic, "Encounter", id);
  text = g_string_new (fhir_resource_get_text (encounter, NULL));
  g_string_replace (text, "\"status\":\"arrived\",", "\"status\":\"finished\",", 0);
  visit_clinic_put (clinic, text->str);
  tell (clinic, "consent", "{\"about\":\"video\",\"decision\":\"permit\",\"version\":\"1\"}", 410);
}

static void
test_a_consent_is_of_a_known_kind (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (GPtrArray) ids = NULL;

  visit_clinic_verify (clinic);
  tell (clinic, "consent", "{\"about\":\"house\",\"decision\":\"permit\",\"version\":\"1\"}", 422);
  tell (clinic, "consent", "{\"about\":\"video\",\"decision\":\"maybe\",\"version\":\"1\"}", 422);
  tell (clinic, "consent", "{\"about\":\"video\",\"decision\":\"permit\"}", 422);
  tell (clinic, "consent", "{\"about\":\"video\",\"decision\":\"permit\",\"version\":\"-1\"}", 422);
  ids = visit_clinic_find (clinic, "Consent", "patient=Patient/p1");
  g_assert_cmpuint (ids->len, ==, 0);
}

/* ---- afterwards ---- */

static char *
end_visit (VisitClinic *clinic)
{
  g_autofree char *encounter = visit_clinic_wait (clinic);
  g_autofree char *over = g_strdup_printf (
      "{\"resourceType\":\"Encounter\",\"id\":\"%s\",\"status\":\"finished\",\"class\":{\"code\":"
      "\"VR\"},\"subject\":{\"reference\":\"Patient/p1\"},\"appointment\":[{\"reference\":"
      "\"Appointment/a1\"}],\"period\":{\"start\":\"2026-11-22T10:00:00Z\"},\"reasonCode\":[{"
      "\"text\":\"ringing in the left ear\"}]}",
      encounter);

  visit_clinic_put (clinic, over);
  return g_steal_pointer (&encounter);
}

static void
test_the_survey_is_answered_once (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *early = visit_clinic_wait (clinic);
  g_autofree char *open = NULL;
  g_autofree char *closed = NULL;
  g_autofree char *encounter = NULL;
  g_autofree char *reference = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (GPtrArray) questionnaires = NULL;
  g_autoptr (FhirResource) answer = NULL;

  tell (clinic, "survey", "{\"technical\":\"well\"}", 409);
  encounter = end_visit (clinic);
  reference = g_strconcat ("Encounter/", encounter, NULL);
  open = expect (clinic, "GET", "state", NULL, 200);
  g_assert_nonnull (strstr (open, "\"survey\":true"));
  tell (clinic, "survey", "{}", 422);
  tell (clinic, "survey", "{\"technical\":\"splendid\"}", 422);
  tell (clinic, "survey", "{\"technical\":\"some-trouble\",\"answered\":\"yes\"}", 200);
  tell (clinic, "survey", "{\"technical\":\"well\",\"answered\":\"no\"}", 200);
  closed = expect (clinic, "GET", "state", NULL, 200);
  g_assert_nonnull (strstr (closed, "\"survey\":false"));
  ids = visit_clinic_find (clinic, "QuestionnaireResponse", "patient=Patient/p1");
  g_assert_cmpuint (ids->len, ==, 1);
  answer = visit_clinic_get (clinic, "QuestionnaireResponse", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (answer, "questionnaire"), ==,
                   "https://bedside.health/fhir/Questionnaire/visit-survey|1");
  g_assert_cmpstr (fhir_resource_path_text (answer, "encounter.reference"), ==, reference);
  g_assert_cmpstr (fhir_resource_path_text (answer, "item.0.answer.0.valueCoding.code"), ==,
                   "some-trouble");
  g_assert_cmpstr (fhir_resource_path_text (answer, "item.1.answer.0.valueCoding.code"), ==, "yes");
  questionnaires = visit_clinic_find (clinic, "Questionnaire",
                                      "url=https://bedside.health/fhir/Questionnaire/visit-survey");
  g_assert_cmpuint (questionnaires->len, ==, 1);
}

static void
test_the_sheet_comes_after_the_visit (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *encounter = NULL;
  g_autofree char *early = NULL;
  g_autofree char *english = NULL;
  g_autofree char *german = NULL;

  g_free (expect (clinic, "GET", "after", NULL, 401));
  g_free (visit_clinic_wait (clinic));
  early = expect (clinic, "GET", "after", NULL, 200);
  g_assert_cmpstr (early, ==, "{\"over\":false,\"sheets\":true}");
  encounter = end_visit (clinic);
  english = expect (clinic, "GET", "after", NULL, 200);
  g_assert_nonnull (strstr (english, "ringing in the left ear"));
  g_assert_nonnull (strstr (english, "\"language\":\"en\""));
  g_assert_nonnull (strstr (english, "Your visit"));
  tell (clinic, "language", "{\"language\":\"de\"}", 200);
  german = expect (clinic, "GET", "after", NULL, 200);
  g_assert_nonnull (strstr (german, "Ihr Termin"));
}

/* ---- links that open nothing, and a page that needs none ---- */

static void
test_a_cancelled_booking_says_so (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  const char *const secrets[] = { VISIT_SECRETS };
  g_autofree char *answer = NULL;

  visit_clinic_verify (clinic);
  visit_clinic_put (
      clinic, "{\"resourceType\":\"Appointment\",\"id\":\"a1\",\"status\":\"cancelled\",\"start\":"
              "\"2026-11-22T10:00:00Z\",\"participant\":[{\"actor\":{\"reference\":\"Patient/p1\"},"
              "\"status\":\"accepted\"}]}");
  g_string_truncate (clinic->said, 0);
  answer = expect (clinic, "GET", "state", NULL, 410);
  g_assert_nonnull (strstr (answer, "\"error\":\"cancelled\""));
  g_assert_nonnull (strstr (answer, "+44 20 7946 0100"));
  tell (clinic, "wait", "{}", 410);
  tell (clinic, "verify", "{\"year\":1961,\"month\":3,\"day\":12}", 410);
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (clinic->said->str, secrets[i]));
}

static void
test_the_rehearsal_knows_nobody (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  const char *base = hub_server_get_base_url (clinic->server);
  const struct
  {
    const char *method, *path;
    guint status;
  } cases[] = {
    { "GET", "/try", 200 },       { "GET", "/try/state", 200 },        { "GET", "/try/probe", 200 },
    { "GET", "/try/ice", 200 },   { "GET", "/try/medicines", 404 },    { "GET", "/try/after", 404 },
    { "POST", "/try/wait", 405 }, { "POST", "/try/device-test", 405 },
  };
  const char *const secrets[] = { VISIT_SECRETS };
  VisitSocket *socket;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *url = g_strconcat (base, cases[i].path, NULL);
      guint status;

      g_free (visit_clinic_ask (clinic, cases[i].method, url, NULL,
                                g_str_equal (cases[i].method, "POST") ? "{}" : NULL, &status));
      g_test_message ("%s", cases[i].path);
      g_assert_cmpuint (status, ==, cases[i].status);
    }
  g_assert_null (clinic->cookie);
  g_assert_nonnull (strstr (clinic->said->str, "\"step\":\"try\""));
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (clinic->said->str, secrets[i]));
  socket = visit_socket_open (clinic, "/echo/try", NULL, NULL);
  g_assert_no_error (socket->error);
  visit_socket_free (socket);
  socket = visit_socket_open (clinic, "/echo/other", NULL, NULL);
  g_assert_nonnull (socket->error);
  visit_socket_free (socket);
}

/* Whoever asks for echoes without a link does not take them all for long. */
static void
test_few_echoes_are_open (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (GPtrArray) sockets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) visit_socket_free);
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  gboolean open = FALSE;

  for (guint i = 0; i <= 64; i++)
    {
      VisitSocket *socket = visit_socket_open (clinic, "/echo/try", NULL, NULL);

      g_ptr_array_add (sockets, socket);
      g_assert_cmpint (socket->error == NULL, ==, i < 64);
    }
  g_ptr_array_remove_index (sockets, 0);
  while (!open)
    {
      g_autoptr (VisitSocket) socket = NULL;

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      for (guint i = 0; i < 20; i++)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (1000);
        }
      socket = visit_socket_open (clinic, "/echo/try", NULL, NULL);
      open = socket->error == NULL;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-patient/each-step-reaches-the-clinic", test_each_step_reaches_the_clinic);
  g_test_add_func ("/hub-patient/a-result-is-a-known-code", test_a_result_is_a_known_code);
  g_test_add_func ("/hub-patient/language-is-told", test_language_is_told);
  g_test_add_func ("/hub-patient/a-consent-is-recorded", test_a_consent_is_recorded);
  g_test_add_func ("/hub-patient/another-link-keeps-what-was-refused",
                   test_another_link_keeps_what_was_refused);
  g_test_add_func ("/hub-patient/the-same-answer-changes-nothing",
                   test_the_same_answer_changes_nothing);
  g_test_add_func ("/hub-patient/a-consent-is-of-a-known-kind", test_a_consent_is_of_a_known_kind);
  g_test_add_func ("/hub-patient/the-survey-is-answered-once", test_the_survey_is_answered_once);
  g_test_add_func ("/hub-patient/the-sheet-comes-after-the-visit",
                   test_the_sheet_comes_after_the_visit);
  g_test_add_func ("/hub-patient/a-cancelled-booking-says-so", test_a_cancelled_booking_says_so);
  g_test_add_func ("/hub-patient/the-rehearsal-knows-nobody", test_the_rehearsal_knows_nobody);
  g_test_add_func ("/hub-patient/few-echoes-are-open", test_few_echoes_are_open);
  return g_test_run ();
}
