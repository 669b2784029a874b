/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-join.h"
#include "medicines-fixture.h"

#include <string.h>

/* A link to a patient's medicines, between visits: what it shows, and that it shows nothing else.
 */

#define FAR "2027-11-22"

static char *
operation (Case *self, const char *patient, const char *token, guint wanted)
{
  g_autofree char *url = g_strdup_printf ("%s/fhir/Patient/%s/$medicines-link",
                                          hub_server_get_base_url (self->clinic->server), patient);
  guint status;
  char *answer = visit_clinic_ask (self->clinic, "POST", url, token, "{}", &status);

  g_test_message ("%s: %u %s", patient, status, answer);
  g_assert_cmpuint (status, ==, wanted);
  return answer;
}

/* From now on the page is that of the new link, and nobody is known there. */
static void
open_link (Case *self)
{
  g_autofree char *answer = operation (self, "p1", self->clinic->nurse, 200);
  g_autoptr (JsonNode) root = json_from_string (answer, NULL);
  JsonArray *parts = json_object_get_array_member (json_node_get_object (root), "parameter");

  g_free (self->clinic->url);
  self->clinic->url = g_strdup (
      json_object_get_string_member (json_array_get_object_element (parts, 0), "valueUrl"));
  g_clear_pointer (&self->clinic->cookie, g_free);
}

static void
type_birth_date (Case *self)
{
  tell (self, "verify", "{\"year\":1961,\"month\":3,\"day\":12}", 200);
}

static const char *
member (JsonNode *answer, const char *name)
{
  return text (json_node_get_object (answer), name);
}

/* H7: before the date of birth nothing, then the medicines and a renewal, and how it stands. */
static void
test_between_visits (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) before = NULL, after = NULL, medicines = NULL, asked = NULL, sent = NULL;

  put_order (self, "old", "p1", NULL, "");
  open_link (self);
  g_string_truncate (self->clinic->said, 0);
  before = ask (self, "GET", "state", NULL, 200);
  g_assert_cmpstr (member (before, "step"), ==, "verify");
  g_assert_cmpstr (member (before, "link"), ==, "medicines");
  tell (self, "verify", "{\"year\":1961,\"month\":3,\"day\":13}", 403);
  {
    g_autoptr (JsonNode) refused = ask (self, "GET", "medicines", NULL, 401);

    g_assert_cmpstr (member (refused, "error"), ==, "verify");
  }
  g_assert_null (strstr (self->clinic->said->str, "moxicillin"));
  g_assert_null (strstr (self->clinic->said->str, "Marigold"));
  type_birth_date (self);
  after = ask (self, "GET", "state", NULL, 200);
  g_assert_cmpstr (member (after, "step"), ==, "medicines");
  medicines = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpuint (length (medicines, "medicines"), ==, 0);
  g_assert_cmpuint (length (medicines, "current"), ==, 1);
  asked = ask (self, "POST", "renewal", "{\"medicine\":\"old\",\"words\":\"two are left\"}", 200);
  g_assert_cmpstr (text (json_object_get_object_member (nth (asked, "current", 0), "renewal"),
                         "state"),
                   ==, "asked");
  tell (self, "taking", "{\"medicine\":\"old\",\"answer\":\"yes\"}", 200);
  tell (self, "language", "{\"language\":\"de\"}", 200);
  visit_clinic_put (self->clinic,
                    "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":\"ready\",\"intent\":"
                    "\"order\",\"code\":{\"coding\":[{\"system\":"
                    "\"https://bedside.health/fhir/task\",\"code\":\"dispense\"}]},\"focus\":{"
                    "\"reference\":\"MedicationRequest/old\"},\"for\":{\"reference\":"
                    "\"Patient/p1\"}}");
  sent = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpstr (text (json_object_get_object_member (nth (sent, "current", 0), "choice"),
                         "state"),
                   ==, "ready");
}

/* It leads into no visit. */
static void
test_nothing_else (Case *self, gconstpointer data)
{
  static const char *const posts[] = { "details", "device-test", "wait",   "leave", "choice",
                                       "consent", "survey",      "invite", "code",  "call-me" };
  static const char *const gets[] = { "after", "ice", "probe", "call-state" };

  open_link (self);
  type_birth_date (self);
  for (gsize i = 0; i < G_N_ELEMENTS (posts); i++)
    tell (self, posts[i], "{}", 404);
  for (gsize i = 0; i < G_N_ELEMENTS (gets); i++)
    {
      g_autoptr (JsonNode) answer = ask (self, "GET", gets[i], NULL, 404);
    }
}

/* A new one ends the one before, and each ends by itself. */
static void
test_ends (Case *self, gconstpointer data)
{
  g_autofree char *first = NULL, *visit = g_strdup (self->clinic->url), *second = NULL;
  g_autofree char *cookie = NULL;

  open_link (self);
  type_birth_date (self);
  first = g_strdup (self->clinic->url);
  cookie = g_strdup (self->clinic->cookie);
  open_link (self);
  second = g_strdup (self->clinic->url);
  g_assert_cmpstr (first, !=, second);
  g_set_str (&self->clinic->url, first);
  g_set_str (&self->clinic->cookie, cookie);
  {
    g_autoptr (JsonNode) gone = ask (self, "GET", "medicines", NULL, 404);
  }
  g_clear_pointer (&self->clinic->cookie, g_free);
  g_set_str (&self->clinic->url, visit); /* that of the visit stays */
  {
    g_autoptr (JsonNode) state = ask (self, "GET", "state", NULL, 200);
  }
  hub_join_set_medicines_days (self->clinic->server, 3);
  open_link (self);
  base_clock_advance (self->clinic->clock, 3 * G_TIME_SPAN_DAY - G_TIME_SPAN_MINUTE);
  {
    g_autoptr (JsonNode) state = ask (self, "GET", "state", NULL, 200);
  }
  base_clock_advance (self->clinic->clock, 2 * G_TIME_SPAN_MINUTE);
  {
    g_autoptr (JsonNode) gone = ask (self, "GET", "state", NULL, 404);
  }
}

/* Five wrong dates close it, and the clinic has a task about the patient. */
static void
test_closes (Case *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tasks = NULL;
  g_autoptr (FhirResource) task = NULL;

  open_link (self);
  for (guint i = 0; i < 5; i++)
    tell (self, "verify", "{\"year\":1950,\"month\":1,\"day\":1}", 403);
  tell (self, "verify", "{\"year\":1961,\"month\":3,\"day\":12}", 403);
  tasks =
      visit_clinic_find (self->clinic, "Task", "code=https://bedside.health/fhir/task|link-closed");
  g_assert_cmpuint (tasks->len, ==, 1);
  task = visit_clinic_get (self->clinic, "Task", tasks->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (task, "focus.reference"), ==, "Patient/p1");
}

static void
test_who_makes_it (Case *self, gconstpointer data)
{
  g_autofree char *doctor = operation (self, "p1", self->clinic->doctor, 200);
  g_autofree char *desk = operation (self, "p1", self->clinic->reception, 200);
  g_autofree char *pharmacy = operation (self, "p1", self->clinic->pharmacy, 403);
  g_autofree char *nobody = NULL, *unknown = NULL, *unborn = NULL, *dead = NULL;

  g_clear_pointer (&self->clinic->cookie, g_free);
  nobody = operation (self, "p1", NULL, 401);
  unknown = operation (self, "p99", self->clinic->nurse, 404);
  visit_clinic_put (self->clinic, "{\"resourceType\":\"Patient\",\"id\":\"p8\"}");
  unborn = operation (self, "p8", self->clinic->nurse, 409);
  visit_clinic_put (self->clinic, "{\"resourceType\":\"Patient\",\"id\":\"p9\",\"birthDate\":"
                                  "\"1950-01-01\",\"deceasedBoolean\":true}");
  dead = operation (self, "p9", self->clinic->nurse, 409);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add (path, Case, FAR, medicines_set_up, function, medicines_tear_down)
  ADD ("/hub/join-medicines/between-visits", test_between_visits);
  ADD ("/hub/join-medicines/nothing-else", test_nothing_else);
  ADD ("/hub/join-medicines/ends", test_ends);
  ADD ("/hub/join-medicines/closes", test_closes);
  ADD ("/hub/join-medicines/who-makes-it", test_who_makes_it);
#undef ADD
  return g_test_run ();
}
