/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-fixture.h"

/* What a clinician asks of the patient: one picture out of the call, and measurements. Whose answer
 * counts, to which request, and how often. */

#define ASK   "{\"type\":\"picture\",\"id\":\"p1\",\"on\":true}"
#define AGREE "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":\"de/1\"}"
#define WANT  "{\"type\":\"measure\",\"id\":\"m1\",\"kinds\":\"pulse weight\"}"
#define SEND  "{\"type\":\"measured\",\"id\":\"m1\",\"values\":\"pulse=72 /min\"}"

static void
admit (Visit *visit)
{
  visit_socket_send (visit->clinician, "{\"type\":\"admit\"}");
  expect (visit->patient, "admit", NULL);
}

static void
expect_none (VisitSocket *socket, const char *type)
{
  visit_socket_settle (socket);
  g_assert_false (visit_socket_has (socket, type));
}

static GPtrArray *
find_consents (Visit *visit)
{
  flush (visit);
  return visit_clinic_find (visit->clinic, "Consent",
                            "category=https://bedside.health/fhir/consent|picture");
}

static void
come_again (Visit *visit, gboolean patient, guint epoch)
{
  VisitSocket **socket = patient ? &visit->patient : &visit->clinician;

  g_clear_pointer (socket, visit_socket_free);
  *socket = patient ? open_patient (visit->clinic, visit->encounter)
                    : open_clinician (visit->clinic, visit->encounter);
  greet (*socket, patient ? "patient" : "clinician", epoch);
}

/* ---- a picture ---- */

static void
test_consent_is_on_record (Visit *visit, gconstpointer data)
{
  g_autofree char *told = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (FhirResource) consent = NULL;
  g_autofree char *reference = NULL;
  g_autofree char *encounter = g_strconcat ("Encounter/", visit->encounter, NULL);

  admit (visit);
  visit_socket_send (visit->clinician, ASK);
  expect (visit->patient, "picture", "\"p1\"");
  visit_socket_send (visit->patient, AGREE);
  told = visit_socket_expect (visit->clinician, "agree");
  g_assert_nonnull (strstr (told, "\"on\":true"));
  ids = find_consents (visit);
  g_assert_cmpuint (ids->len, ==, 1);
  reference = g_strdup_printf ("\"Consent/%s\"", (char *) ids->pdata[0]);
  g_assert_nonnull (strstr (told, reference));
  consent = visit_clinic_get (visit->clinic, "Consent", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (consent, "status"), ==, "active");
  g_assert_cmpstr (fhir_resource_path_text (consent, "provision.type"), ==, "permit");
  g_assert_cmpstr (fhir_resource_path_text (consent, "language"), ==, "de");
  g_assert_true (
      g_str_has_suffix (fhir_resource_path_text (consent, "policy.0.uri"), "/picture/1"));
  g_assert_cmpstr (fhir_resource_path_text (consent, "patient.reference"), ==, "Patient/p1");
  g_assert_cmpstr (fhir_resource_path_text (consent, "provision.data.1.reference.reference"), ==,
                   encounter);
}

/* A refusal is on record too, and closes nothing but this. */
static void
test_refusal (Visit *visit, gconstpointer data)
{
  g_autofree char *told = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (FhirResource) consent = NULL;

  admit (visit);
  visit_socket_send (visit->clinician, ASK);
  expect (visit->patient, "picture", "\"p1\"");
  visit_socket_send (visit->patient,
                     "{\"type\":\"agree\",\"id\":\"p1\",\"on\":false,\"wording\":\"en/1\"}");
  told = visit_socket_expect (visit->clinician, "agree");
  g_assert_nonnull (strstr (told, "\"on\":false"));
  ids = find_consents (visit);
  g_assert_cmpuint (ids->len, ==, 1);
  consent = visit_clinic_get (visit->clinic, "Consent", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (consent, "status"), ==, "rejected");
  visit_socket_send (visit->patient, "{\"type\":\"chat\",\"text\":\"still here\"}");
  expect (visit->clinician, "chat", "still here");
}

/* To nothing, to an older request, or twice: nobody is told, and nothing is written. */
static void
test_only_the_request_that_stands (Visit *visit, gconstpointer data)
{
  g_autoptr (GPtrArray) ids = NULL;

  admit (visit);
  visit_socket_send (visit->patient, AGREE);
  expect (visit->patient, "picture", "\"on\":false");
  visit_socket_send (visit->clinician, ASK);
  visit_socket_send (visit->clinician, "{\"type\":\"picture\",\"id\":\"p2\",\"on\":true}");
  expect (visit->patient, "picture", "\"p2\"");
  visit_socket_send (visit->patient, AGREE);
  expect (visit->patient, "picture", "\"p1\"");
  visit_socket_send (visit->clinician, "{\"type\":\"picture\",\"id\":\"p2\",\"on\":false}");
  expect (visit->patient, "picture", "\"on\":false");
  visit_socket_send (visit->patient,
                     "{\"type\":\"agree\",\"id\":\"p2\",\"on\":true,\"wording\":\"en/1\"}");
  visit_socket_settle (visit->patient);
  ids = find_consents (visit);
  g_assert_cmpuint (ids->len, ==, 0);
  expect_none (visit->clinician, "agree");
}

static void
test_each_request_its_own_consent (Visit *visit, gconstpointer data)
{
  g_autoptr (GPtrArray) ids = NULL;

  admit (visit);
  visit_socket_send (visit->clinician, ASK);
  expect (visit->patient, "picture", "\"p1\"");
  visit_socket_send (visit->patient, AGREE);
  visit_socket_send (visit->patient, AGREE); /* a finger that was too quick */
  expect (visit->clinician, "agree", "\"p1\"");
  visit_socket_send (visit->clinician, "{\"type\":\"picture\",\"id\":\"p2\",\"on\":true}");
  expect (visit->patient, "picture", "\"p2\"");
  visit_socket_send (visit->patient,
                     "{\"type\":\"agree\",\"id\":\"p2\",\"on\":true,\"wording\":\"en/1\"}");
  expect (visit->clinician, "agree", "\"p2\"");
  ids = find_consents (visit);
  g_assert_cmpuint (ids->len, ==, 2);
  expect_none (visit->clinician, "agree");
}

static void
test_only_in_the_call (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, ASK);
  expect (visit->clinician, "error", "not in the call");
  expect_none (visit->patient, "picture");
  admit (visit);
  visit_socket_send (visit->clinician, ASK);
  expect (visit->patient, "picture", "\"on\":true");
  visit_socket_send (visit->patient, "{\"type\":\"hangup\"}");
  expect (visit->patient, "picture", "\"on\":false");
}

/* Who loads the page anew is asked again; another clinician does not inherit a question. */
static void
test_sockets_come_and_go (Visit *visit, gconstpointer data)
{
  admit (visit);
  visit_socket_send (visit->clinician, ASK);
  expect (visit->patient, "picture", "\"p1\"");
  come_again (visit, TRUE, 0);
  expect (visit->patient, "picture", "\"p1\"");
  come_again (visit, FALSE, 0);
  expect_none (visit->patient, "picture");
  come_again (visit, FALSE, 77);
  expect (visit->patient, "picture", "\"on\":false");
}

/* An answer that came while the workstation was away is told when it is back. */
static void
test_answer_waits_for_the_clinician (Visit *visit, gconstpointer data)
{
  admit (visit);
  visit_socket_send (visit->clinician, ASK);
  expect (visit->patient, "picture", "\"p1\"");
  g_clear_pointer (&visit->clinician, visit_socket_free);
  expect (visit->patient, "peer", "\"present\":false");
  visit_socket_send (visit->patient, AGREE);
  expect (visit->patient, "picture", "\"on\":false"); /* it is on record */
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 0);
  expect (visit->clinician, "agree", "\"consent\":\"Consent/");
}

static void
test_hostile_answers (Visit *visit, gconstpointer data)
{
  const char *const wrong[] = {
    "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true}",
    "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":\"\"}",
    "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":\"de\"}",
    "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":\"de/\"}",
    "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":\"de/0\"}",
    "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":\"de/123\"}",
    "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":\"../1\"}",
  };
  g_autoptr (GPtrArray) ids = NULL;

  admit (visit);
  visit_socket_send (visit->clinician, ASK);
  expect (visit->patient, "picture", "\"p1\"");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      visit_socket_send (visit->patient, wrong[i]);
      expect (visit->patient, "error", "what was read");
    }
  /* a Consent that the page names itself is none */
  visit_socket_send (visit->patient, "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":"
                                     "\"de/1\",\"consent\":\"Consent/forged\"}");
  {
    g_autofree char *told = visit_socket_expect (visit->clinician, "agree");

    g_assert_null (strstr (told, "forged"));
  }
  ids = find_consents (visit);
  g_assert_cmpuint (ids->len, ==, 1);
}

/* ---- measurements ---- */

/* Before the call as well. */
static void
test_measured_in_the_waiting_room (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, WANT);
  expect (visit->patient, "measure", "pulse weight");
  visit_socket_send (visit->patient, SEND);
  expect (visit->patient, "measured", "\"m1\"");
  expect (visit->clinician, "measured", "\"at\":\"2026-11-22T");
}

static void
test_measured_twice_is_once (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, WANT);
  expect (visit->patient, "measure", "\"m1\"");
  visit_socket_send (visit->patient, SEND);
  visit_socket_send (visit->patient, SEND);
  expect (visit->patient, "measured", "\"m1\"");
  expect (visit->patient, "measured", "\"m1\"");
  expect (visit->clinician, "measured", "\"m1\"");
  expect_none (visit->clinician, "measured");
  visit_socket_send (visit->clinician, "{\"type\":\"taken\",\"id\":\"m1\"}");
  visit_socket_settle (visit->clinician);
  visit_socket_send (visit->patient, SEND);
  expect (visit->patient, "measure", "\"kinds\":\"\"");
  expect_none (visit->clinician, "measured");
}

/* Whichever workstation is here gets what nobody has dealt with. */
static void
test_measured_waits_for_a_clinician (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, WANT);
  expect (visit->patient, "measure", "\"m1\"");
  come_again (visit, TRUE, 0);
  expect (visit->patient, "measure", "\"m1\"");
  g_clear_pointer (&visit->clinician, visit_socket_free);
  expect (visit->patient, "peer", "\"present\":false");
  visit_socket_send (visit->patient, SEND);
  expect (visit->patient, "measured", "\"m1\"");
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 5);
  expect (visit->clinician, "measured", "pulse=72");
  visit_socket_send (visit->clinician, "{\"type\":\"taken\",\"id\":\"m1\"}");
  visit_socket_settle (visit->clinician);
  come_again (visit, FALSE, 6);
  expect_none (visit->clinician, "measured");
}

static void
test_hostile_measurements (Visit *visit, gconstpointer data)
{
  const char *const wrong[] = {
    "{\"type\":\"measured\",\"id\":\"m1\",\"values\":\"\"}",
    "{\"type\":\"measured\",\"id\":\"m1\",\"values\":\"pulse=9999 /min\"}",
    "{\"type\":\"measured\",\"id\":\"m1\",\"values\":\"pulse=72 /min;pulse=73 /min\"}",
    "{\"type\":\"measured\",\"id\":\"m1\",\"values\":\"temperature=37.5 Cel\"}",
    "{\"type\":\"measured\",\"id\":\"m1\",\"values\":\"pulse=<b>72</b> /min\"}",
    "{\"type\":\"measured\",\"id\":\"\",\"values\":\"pulse=72 /min\"}",
  };

  visit_socket_send (visit->clinician, WANT);
  expect (visit->patient, "measure", "\"m1\"");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      visit_socket_send (visit->patient, wrong[i]);
      g_free (visit_socket_expect (visit->patient, "error"));
    }
  visit_socket_send (visit->patient,
                     "{\"type\":\"measured\",\"id\":\"m0\",\"values\":\"pulse=72 /min\"}");
  expect (visit->patient, "measure", "\"m0\"");
  expect_none (visit->clinician, "measured");
  visit_socket_send (visit->patient, SEND);
  expect (visit->clinician, "measured", "pulse=72");
}

/* A clinic that asks and asks, and looks at nothing, fills no memory. */
static void
test_sets_are_limited (Visit *visit, gconstpointer data)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *ask =
          g_strdup_printf ("{\"type\":\"measure\",\"id\":\"n%u\",\"kinds\":\"pulse\"}", i);
      g_autofree char *send =
          g_strdup_printf ("{\"type\":\"measured\",\"id\":\"n%u\",\"values\":\"pulse=72 /min\"}",
                           i);
      g_autofree char *id = g_strdup_printf ("\"n%u\"", i);

      visit_socket_send (visit->clinician, ask);
      expect (visit->patient, "measure", id);
      visit_socket_send (visit->patient, send);
      visit_socket_settle (visit->patient);
    }
  expect (visit->patient, "error", "not looked at");
  visit_socket_settle (visit->clinician);
  for (guint i = 0; i < 8; i++)
    g_free (visit_socket_expect (visit->clinician, "measured"));
  g_assert_false (visit_socket_has (visit->clinician, "measured"));
}

static void
test_asks_for_what_is_known (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, "{\"type\":\"measure\",\"id\":\"x\",\"kinds\":\"height\"}");
  g_free (visit_socket_expect (visit->clinician, "error"));
  expect_none (visit->patient, "measure");
  visit_socket_send (visit->clinician, WANT);
  expect (visit->patient, "measure", "\"m1\"");
  visit_socket_send (visit->clinician, "{\"type\":\"measure\",\"id\":\"m1\",\"kinds\":\"\"}");
  expect (visit->patient, "measure", "\"kinds\":\"\"");
  visit_socket_send (visit->patient, SEND);
  expect (visit->patient, "measure", "\"kinds\":\"\"");
  expect_none (visit->clinician, "measured");
}

/* Each side sends what is its own: the patient asks for nothing, the clinician agrees to nothing.
 */
static void
test_each_side_its_own (Visit *visit, gconstpointer data)
{
  admit (visit);
  visit_socket_send (visit->patient, ASK);
  expect (visit->patient, "error", "not yours");
  visit_socket_send (visit->patient, WANT);
  expect (visit->patient, "error", "not yours");
  visit_socket_send (visit->clinician, AGREE);
  expect (visit->clinician, "error", "not yours");
  visit_socket_send (visit->clinician, SEND);
  expect (visit->clinician, "error", "not yours");
}

#define TEST(name, function) g_test_add (name, Visit, NULL, visit_set_up, function, visit_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/hub-signal-asked/consent-is-on-record", test_consent_is_on_record);
  TEST ("/hub-signal-asked/refusal", test_refusal);
  TEST ("/hub-signal-asked/only-the-request-that-stands", test_only_the_request_that_stands);
  TEST ("/hub-signal-asked/each-request-its-own-consent", test_each_request_its_own_consent);
  TEST ("/hub-signal-asked/only-in-the-call", test_only_in_the_call);
  TEST ("/hub-signal-asked/sockets-come-and-go", test_sockets_come_and_go);
  TEST ("/hub-signal-asked/answer-waits-for-the-clinician", test_answer_waits_for_the_clinician);
  TEST ("/hub-signal-asked/hostile-answers", test_hostile_answers);
  TEST ("/hub-signal-asked/measured-in-the-waiting-room", test_measured_in_the_waiting_room);
  TEST ("/hub-signal-asked/measured-twice-is-once", test_measured_twice_is_once);
  TEST ("/hub-signal-asked/measured-waits-for-a-clinician", test_measured_waits_for_a_clinician);
  TEST ("/hub-signal-asked/hostile-measurements", test_hostile_measurements);
  TEST ("/hub-signal-asked/sets-are-limited", test_sets_are_limited);
  TEST ("/hub-signal-asked/asks-for-what-is-known", test_asks_for_what_is_known);
  TEST ("/hub-signal-asked/each-side-its-own", test_each_side_its_own);
  return g_test_run ();
}
