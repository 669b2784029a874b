/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

/* H18 where a result comes in: it is somebody's to answer from that moment, and where nobody is
 * there the Task says so. */

#define OBSERVATION(id, status, when, value, more)                                                 \
  "{\"resourceType\":\"Observation\",\"id\":\"" id "\",\"status\":\"" status                       \
  "\",\"subject\":{\"reference\":\"Patient/p1\"},\"code\":{\"coding\":[{\"system\":\"http://"      \
  "loinc.org\",\"code\":\"2823-3\"}],\"text\":\"Potassium\"},\"effectiveDateTime\":\"" when        \
  "\",\"valueQuantity\":{\"value\":" value                                                         \
  ",\"unit\":\"mmol/L\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}" more "}"
#define HH ",\"interpretation\":[{\"coding\":[{\"code\":\"HH\"}]}]"

static void
send (HubFixture *fixture, const char *user, const char *request, const char *body)
{
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, body);

  g_test_message ("%s: %s", request, answer->text);
  g_assert_cmpuint (answer->status, <, 300);
}

static void
put_result (HubFixture *fixture, const char *id, const char *body)
{
  g_autofree char *request = g_strconcat ("PUT /fhir/Observation/", id, NULL);

  send (fixture, "nurse", request, body);
}

static FhirResource *
search_tasks (HubFixture *fixture, const char *focus)
{
  g_autofree char *request = g_strdup_printf (
      "GET /fhir/Task?code=https://bedside.health/fhir/task|critical-result&focus=Observation/%s",
      focus);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "nurse", request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return fhir_resource_ref (answer->resource);
}

static guint
count (HubFixture *fixture, const char *focus)
{
  g_autoptr (FhirResource) bundle = search_tasks (fixture, focus);

  return (guint) fhir_element_get_length (fhir_resource_path (bundle, "entry"));
}

static void
set_up (HubFixture *fixture, gconstpointer data)
{
  hub_fixture_set_up (fixture, data);
  send (fixture, "admin", "PUT /fhir/Patient/p1",
        "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"birthDate\":\"1961-03-12\"}");
}

static char *
dup_moment (HubFixture *fixture, int days_ago)
{
  return base_clock_format_instant (base_clock_now (fixture->clock) - days_ago * G_TIME_SPAN_DAY);
}

static char *
dup_result (
    const char *id, const char *status, const char *when, const char *value, const char *more)
{
  g_autofree char *text = g_strdup (OBSERVATION ("@id", "@status", "@when", "\"@value\"", "@more"));
  g_autoptr (GString) body = g_string_new (text);

  g_string_replace (body, "@id", id, 0);
  g_string_replace (body, "@status", status, 0);
  g_string_replace (body, "@when", when, 0);
  g_string_replace (body, "\"@value\"", value, 0);
  g_string_replace (body, "@more", more, 0);
  return g_string_free_and_steal (g_steal_pointer (&body));
}

static void
test_raise (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *id, *status, *value, *more;
    int days_ago;
    guint tasks;
  } cases[] = {
    { "flagged", "final", "5.6", HH, 0, 1 },
    { "limit", "final", "6.9", "", 0, 1 }, /* past a cited limit, and nobody flagged it */
    { "well", "final", "4.4", "", 0, 0 },
    { "withdrawn", "entered-in-error", "6.9", HH, 0, 0 },
    { "history", "final", "6.9", HH, 400, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *when = dup_moment (fixture, cases[i].days_ago);
      g_autofree char *body =
          dup_result (cases[i].id, cases[i].status, when, cases[i].value, cases[i].more);

      put_result (fixture, cases[i].id, body);
      put_result (fixture, cases[i].id, body); /* its answer was lost */
      g_test_message ("%s", cases[i].id);
      g_assert_cmpuint (count (fixture, cases[i].id), ==, cases[i].tasks);
    }
}

#define CODE(code)                                                                                 \
  "\"code\":{\"coding\":[{\"system\":\"https://bedside.health/fhir/task\",\"code\":\"" code "\"}]" \
  "}"
#define OUTCOME(words)                                                                             \
  "{\"op\":\"add\",\"path\":\"/output\",\"value\":[{\"type\":{\"coding\":[{\"system\":\"https://"  \
  "bedside.health/fhir/task\",\"code\":\"outcome\"}]},\"valueString\":\"" words "\"}]}"
#define REPLACE(path, value) "{\"op\":\"replace\",\"path\":\"" path "\",\"value\":" value "}"

static guint
patch (HubFixture *fixture, const char *user, const char *task, const char *operations)
{
  g_autofree char *request = g_strconcat ("PATCH /fhir/Task/", task, NULL);
  g_autofree char *body = g_strdup_printf ("[%s]", operations);
  g_autoptr (HubAnswer) answer =
      hub_fixture_send (fixture, user, request, "Content-Type: application/json-patch+json", body);

  g_test_message ("%s %s: %u %s", user, operations, answer->status, answer->text);
  return answer->status;
}

static void
close_task (HubFixture *fixture, const char *id)
{
  g_assert_cmpuint (patch (fixture, "nurse", id,
                           REPLACE ("/status", "\"completed\"") "," OUTCOME ("Called")),
                    ==, 200);
}

/* (transfer full) (nullable): id of the open Task about the result */
static char *
dup_task (HubFixture *fixture, const char *focus)
{
  g_autoptr (FhirResource) bundle = search_tasks (fixture, focus);

  return g_strdup (fhir_resource_path_text (bundle, "entry.0.resource.id"));
}

/* The Task is not closed without a word on what was done, nor made one about something else. */
static void
test_kept (HubFixture *fixture, gconstpointer data)
{
  static const char *const refused[] = {
    REPLACE ("/status", "\"completed\""),
    REPLACE ("/status", "\"cancelled\""),
    REPLACE ("/status", "\"draft\""),
    REPLACE ("/status", "\"completed\"") "," OUTCOME (" "),
    REPLACE ("/code/coding/0/code", "\"review-result\""),
    REPLACE ("/focus", "{\"reference\":\"Observation/other\"}"),
    REPLACE ("/for", "{\"reference\":\"Patient/p2\"}"),
    REPLACE ("/authoredOn", "\"2099-01-01T00:00:00Z\""),
    "{\"op\":\"add\",\"path\":\"/modifierExtension\",\"value\":[{\"url\":\"https://x.example\","
    "\"valueBoolean\":true}]}",
  };
  g_autofree char *when = dup_moment (fixture, 0);
  g_autofree char *body = dup_result ("k", "final", when, "6.8", HH), *id = NULL;

  put_result (fixture, "k", body);
  id = dup_task (fixture, "k");
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_cmpuint (patch (fixture, "nurse", id, refused[i]), ==, 403);
  g_assert_cmpuint (
      patch (fixture, "nurse", id,
             "{\"op\":\"add\",\"path\":\"/owner\",\"value\":{\"reference\":\"Practitioner/n1\"}}"),
      ==, 200);
  close_task (fixture, id);
  g_assert_cmpuint (patch (fixture, "nurse", id, OUTCOME ("Something else")), ==, 403);
  g_assert_cmpuint (patch (fixture, "nurse", id, "{\"op\":\"remove\",\"path\":\"/output\"}"), ==,
                    403);
  g_assert_cmpuint (patch (fixture, "nurse", id, REPLACE ("/status", "\"requested\"")), ==, 200);
  /* what was said the first time is no answer to the second */
  g_assert_cmpuint (patch (fixture, "nurse", id, REPLACE ("/status", "\"completed\"")), ==, 403);
}

static guint
post_task (HubFixture *fixture, const char *user, const char *body)
{
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, "POST /fhir/Task", NULL, body);

  g_test_message ("%s %s: %u", user, body, answer->status);
  return answer->status;
}

/* Neither the alarm nor who stands in is a patient's to say. */
static void
test_patient (HubFixture *fixture, gconstpointer data)
{
#define OWN(code, status, more)                                                                    \
  "{\"resourceType\":\"Task\",\"status\":\"" status                                                \
  "\",\"intent\":\"order\"," CODE (code) ",\"for\":{\"reference\":\"Patient/"                      \
                                         "p1\"},\"requester\":{\"reference\":\"Patient/p1\"}" more \
                                         "}"
  static const char about[] = ",\"focus\":{\"reference\":\"Observation/k\"}";
  g_autofree char *when = dup_moment (fixture, 0);
  g_autofree char *body = dup_result ("k", "final", when, "6.8", HH), *id = NULL;
  g_autofree char *alarm = g_strdup_printf (OWN ("critical-result", "requested", "%s"), about);

  g_assert_cmpuint (post_task (fixture, "patient", alarm), ==, 403);
  g_assert_cmpuint (post_task (fixture, "patient", OWN ("cover", "in-progress", "")), ==, 403);
  g_assert_cmpuint (post_task (fixture, "patient", OWN ("question", "requested", "")), ==, 201);
  put_result (fixture, "k", body);
  id = dup_task (fixture, "k");
  g_assert_nonnull (id);
  g_assert_cmpuint (patch (fixture, "patient", id, REPLACE ("/status", "\"completed\"")), ==, 403);
  /* a clinician's own record of an answer says what was done, too */
  g_assert_cmpuint (post_task (fixture, "nurse", OWN ("critical-result", "completed", "")), ==,
                    403);
#undef OWN
}

/* A correction of what somebody has to answer already is the same task; once it was answered, a
 * value that changed is a new one. */
static void
test_again (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *when = dup_moment (fixture, 0);
  g_autofree char *first = dup_result ("k", "final", when, "6.8", HH);
  g_autofree char *second = dup_result ("k", "corrected", when, "6.9", HH);
  g_autofree char *third = dup_result ("k", "corrected", when, "7.1", HH);
  g_autoptr (FhirResource) bundle = NULL;
  const char *id;

  put_result (fixture, "k", first);
  put_result (fixture, "k", second);
  g_assert_cmpuint (count (fixture, "k"), ==, 1);
  bundle = search_tasks (fixture, "k");
  id = fhir_resource_path_text (bundle, "entry.0.resource.id");
  g_assert_cmpstr (fhir_resource_path_text (bundle, "entry.0.resource.priority"), ==, "stat");
  g_assert_cmpstr (fhir_resource_path_text (bundle, "entry.0.resource.for.reference"), ==,
                   "Patient/p1");
  g_assert_null (fhir_resource_path_text (bundle, "entry.0.resource.note.0.text"));
  close_task (fixture, id);
  put_result (fixture, "k", third);
  g_assert_cmpuint (count (fixture, "k"), ==, 2);
}

static void
send_transaction (HubFixture *fixture, const char *result)
{
  g_autofree char *body = g_strdup_printf (
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"request\":{\"method\":"
      "\"PUT\",\"url\":\"Patient/new\"},\"resource\":{\"resourceType\":\"Patient\",\"id\":\"new\","
      "\"birthDate\":\"1961-03-12\"}},{\"request\":{\"method\":\"POST\",\"url\":\"Observation\"},"
      "\"resource\":%s}]}",
      result);

  send (fixture, "nurse", "POST /fhir", body);
}

/* A patient who comes with the result is known when it is judged, though a POST is done first. */
static void
test_together (HubFixture *fixture, gconstpointer data)
{
  /* a limit for an age: without the birth date nothing is past it */
  g_autofree char *when = dup_moment (fixture, 0);
  g_autofree char *result = g_strdup_printf (
      "{\"resourceType\":\"Observation\",\"status\":\"final\",\"subject\":{\"reference\":"
      "\"Patient/new\"},\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":"
      "\"2823-3\"}]},\"effectiveDateTime\":\"%s\",\"valueQuantity\":{\"value\":7.9,\"unit\":"
      "\"mmol/L\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}}",
      when);
  g_autoptr (HubAnswer) answer = NULL;

  send_transaction (fixture, result);
  answer = hub_fixture_send (fixture, "nurse", "GET /fhir/Task?patient=Patient/new", NULL, NULL);
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (answer->resource, "entry")), ==,
                    1);
}

/* What was taken long ago and is issued today is news, and so is a year that is not over long. */
static void
test_issued (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *taken = dup_moment (fixture, 42), *today = dup_moment (fixture, 0);
  g_autofree char *issued = g_strdup_printf (",\"issued\":\"%s\"", today);
  g_autofree char *late = dup_result ("late", "final", taken, "6.9", issued);
  g_autofree char *year = g_strndup (today, 4);
  g_autofree char *vague = dup_result ("vague", "final", year, "6.9", HH);
  g_autofree char *past = g_strdup_printf (",\"issued\":\"%s\"", taken);
  g_autofree char *old = dup_result ("old", "final", taken, "6.9", past);

  put_result (fixture, "late", late);
  put_result (fixture, "vague", vague);
  put_result (fixture, "old", old);
  g_assert_cmpuint (count (fixture, "late"), ==, 1);
  g_assert_cmpuint (count (fixture, "vague"), ==, 1);
  g_assert_cmpuint (count (fixture, "old"), ==, 0);
}

/* A panel's own flag and value count whatever stands in it, and a modifier silences no flag. */
static void
test_own_flag (HubFixture *fixture, gconstpointer data)
{
#define MODIFIER ",\"modifierExtension\":[{\"url\":\"https://x.example\",\"valueBoolean\":true}]"
  static const char member[] = ",\"hasMember\":[{\"display\":\"x\"}]";
  static const char flagged[] = HH ",\"hasMember\":[{\"reference\":\"Observation/m\"}]";
  g_autofree char *when = dup_moment (fixture, 0);
  g_autofree char *m = dup_result ("m", "final", when, "4.4", "");
  g_autofree char *panel = dup_result ("panel", "final", when, "5.6", flagged);
  g_autofree char *value = dup_result ("value", "final", when, "6.9", member);
  g_autofree char *hidden = dup_result ("hidden", "final", when, "5.6", HH MODIFIER);
  g_autofree char *unsure = dup_result ("unsure", "final", when, "6.9", MODIFIER);
  g_autoptr (FhirResource) bundle = NULL;

  put_result (fixture, "m", m);
  put_result (fixture, "panel", panel);
  put_result (fixture, "value", value);
  put_result (fixture, "hidden", hidden);
  put_result (fixture, "unsure", unsure);
  g_assert_cmpuint (count (fixture, "m"), ==, 0);
  g_assert_cmpuint (count (fixture, "panel"), ==, 1);
  g_assert_cmpuint (count (fixture, "value"), ==, 1);
  g_assert_cmpuint (count (fixture, "unsure"), ==, 0);
  bundle = search_tasks (fixture, "hidden");
  /* what is withheld in a chart does not stand in the Task */
  g_assert_cmpstr (fhir_resource_path_text (bundle, "entry.0.resource.description"), ==,
                   "Critical result: read it where it was written");
#undef MODIFIER
}

/* All who work here are absent: the Task says so, in the transaction that the result came in. */
static void
test_nobody (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *from = dup_moment (fixture, 1), *until = dup_moment (fixture, -1);
  g_autofree char *when = dup_moment (fixture, 0);
  g_autofree char *body = dup_result ("k", "final", when, "6.9", HH);
  g_autofree char *absence = g_strdup_printf (
      "{\"resourceType\":\"Task\",\"id\":\"a\",\"status\":\"in-progress\",\"intent\":\"order\","
      "\"code\":{\"coding\":[{\"system\":\"https://bedside.health/fhir/task\",\"code\":\"cover\"}]"
      "},\"requester\":{\"reference\":\"" HUB_FIXTURE_PRACTITIONER
      "\"},\"restriction\":{\"period\":{\"start\":\"%s\",\"end\":\"%s\"}}}",
      from, until);
  g_autoptr (FhirResource) bundle = NULL;

  send (fixture, "admin", "PUT /fhir/" HUB_FIXTURE_PRACTITIONER,
        "{\"resourceType\":\"Practitioner\",\"id\":\"d1\",\"active\":true}");
  send (fixture, "prescriber", "PUT /fhir/Task/a", absence);
  put_result (fixture, "k", body);
  bundle = search_tasks (fixture, "k");
  g_assert_nonnull (
      strstr (fhir_resource_path_text (bundle, "entry.0.resource.note.0.text"), "NOBODY IS THERE"));
}

static void
add (const char *path, void (*test) (HubFixture *, gconstpointer))
{
  g_test_add (path, HubFixture, NULL, set_up, test, hub_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/hub/entry/critical", test_raise);
  add ("/hub/entry/critical-again", test_again);
  add ("/hub/entry/critical-kept", test_kept);
  add ("/hub/entry/critical-patient", test_patient);
  add ("/hub/entry/critical-together", test_together);
  add ("/hub/entry/critical-issued", test_issued);
  add ("/hub/entry/critical-own-flag", test_own_flag);
  add ("/hub/entry/nobody", test_nobody);
  return g_test_run ();
}
