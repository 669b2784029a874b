/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include <string.h>

/* "I can't make it work: call me", over HTTP as the patient's page says it. */

#define CODE "code=https://bedside.health/fhir/task|call-me"

static char *
ask (VisitClinic *clinic, const char *method, const char *action, const char *body, guint wanted)
{
  guint status;
  char *answer = visit_clinic_page (clinic, method, action, body, &status);

  g_test_message ("%s %s: %u %s", action, body != NULL ? body : "", status, answer);
  g_assert_cmpuint (status, ==, wanted);
  return answer;
}

static void
say (VisitClinic *clinic, const char *body, guint wanted, const char *state)
{
  g_autofree char *answer = ask (clinic, "POST", "call-me", body, wanted);
  g_autofree char *member = g_strdup_printf ("\"state\":\"%s\"", state);

  if (wanted == 200)
    g_assert_nonnull (strstr (answer, member));
}

static FhirResource *
only_task (VisitClinic *clinic)
{
  g_autoptr (GPtrArray) found = visit_clinic_find (clinic, "Task", CODE);

  g_assert_cmpuint (found->len, ==, 1);
  return visit_clinic_get (clinic, "Task", found->pdata[0]);
}

/* As the desk's workstation writes it. */
static guint
desk_puts (VisitClinic *clinic, FhirResource *task, const char *from, const char *to)
{
  g_autofree char *url =
      g_strdup_printf ("%s/fhir/Task/%s", hub_server_get_base_url (clinic->server),
                       fhir_resource_get_id (task));
  g_auto (GStrv) parts = g_strsplit (fhir_resource_get_text (task, NULL), from, 2);
  g_autofree char *body = g_strjoinv (to, parts);
  g_autofree char *answer = NULL;
  guint status;

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  answer = visit_clinic_ask (clinic, "PUT", url, clinic->reception, body, &status);
  g_test_message ("%u %s", status, answer);
  return status;
}

static void
test_before_the_date_of_birth (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  const char *const secrets[] = { VISIT_SECRETS, "7946 0999" };
  g_autoptr (FhirResource) task = NULL;
  g_autofree char *state = NULL;

  say (clinic, "{}", 422, NULL);
  say (clinic, "{\"number\":\"no number\"}", 422, NULL);
  say (clinic, "{\"number\":\"+44 <b>7700900555\"}", 422, NULL);
  say (clinic, "{\"number\":[\"+44 7700 900555\"]}", 422, NULL);
  say (clinic, "{\"number\":\"+44 7700 900555\",\"step\":\"verify\"}", 200, "asked");
  say (clinic, "{\"number\":\"+44 7700 900555\",\"step\":\"verify\"}", 200, "asked");
  task = only_task (clinic);
  g_assert_cmpstr (fhir_resource_path_text (task, "for.reference"), ==, "Patient/p1");
  g_assert_cmpstr (fhir_resource_path_text (task, "priority"), ==, "urgent");
  g_assert_cmpstr (fhir_resource_path_text (task, "input.0.valueString"), ==, "+44 7700 900555");
  g_assert_cmpstr (fhir_resource_path_text (task, "input.1.valueString"), ==, "verify");
  g_assert_cmpstr (fhir_resource_path_text (task, "input.2.valueString"), ==, "link-only");
  g_assert_nonnull (strstr (fhir_resource_path_text (task, "description"), "Nobody has checked"));
  /* Another reader of the link learns that somebody asked, and no number. */
  state = ask (clinic, "GET", "call-state", NULL, 200);
  g_assert_nonnull (strstr (state, "\"numberEnd\":\"55\""));
  g_assert_null (strstr (clinic->said->str, "900555"));
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (clinic->said->str, secrets[i]));
  /* Nor does such a reader take it back. */
  say (clinic, "{\"withdraw\":\"works\"}", 422, NULL);
}

static void
test_the_clinic_takes_and_ends_it (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) asked = NULL;
  g_autoptr (FhirResource) taken = NULL;
  g_autofree char *calling = NULL;
  g_autofree char *called = NULL;

  say (clinic, "{\"number\":\"+44 7700 900555\"}", 200, "asked");
  asked = only_task (clinic);
  g_assert_cmpuint (desk_puts (clinic, asked, "\"status\":\"requested\"",
                               "\"status\":\"in-progress\""),
                    ==, 200);
  calling = ask (clinic, "GET", "call-state", NULL, 200);
  g_assert_nonnull (strstr (calling, "\"state\":\"calling\""));
  taken = only_task (clinic);
  g_assert_cmpuint (
      desk_puts (clinic, taken, "\"status\":\"in-progress\"",
                 "\"status\":\"completed\",\"businessStatus\":{\"coding\":[{\"system\":\"https://"
                 "bedside.health/fhir/call-me-outcome\",\"code\":\"no-answer\"}]}"),
      ==, 200);
  called = ask (clinic, "GET", "call-state", NULL, 200);
  g_assert_nonnull (strstr (called, "\"state\":\"noAnswer\""));
  /* Whoever was not reached asks again, and that is another task. */
  base_clock_advance (clinic->clock, G_TIME_SPAN_MINUTE);
  say (clinic, "{\"number\":\"+44 7700 900556\"}", 200, "asked");
  g_autoptr (GPtrArray) both = visit_clinic_find (clinic, "Task", CODE);
  g_assert_cmpuint (both->len, ==, 2);
}

static void
test_a_known_patient (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (FhirResource) same = NULL;
  g_autoptr (FhirResource) withdrawn = NULL;
  g_autofree char *cookie = NULL;

  visit_clinic_verify (clinic);
  say (clinic, "{\"step\":\"devices\"}", 422, NULL);
  g_free (ask (clinic, "POST", "details",
               "{\"location\":\"at home\",\"callback\":\"+44 7700 900777\"}", 200));
  say (clinic, "{\"step\":\"devices\"}", 200, "asked");
  task = only_task (clinic);
  g_assert_cmpstr (fhir_resource_path_text (task, "input.0.valueString"), ==, "+44 7700 900777");
  g_assert_cmpstr (fhir_resource_path_text (task, "input.2.valueString"), ==,
                   "date-of-birth-typed");
  /* Who holds the link and no more does not turn the call elsewhere, now or later. */
  cookie = g_steal_pointer (&clinic->cookie);
  say (clinic, "{\"number\":\"+44 7700 900666\"}", 429, NULL);
  base_clock_advance (clinic->clock, G_TIME_SPAN_MINUTE);
  say (clinic, "{\"number\":\"+44 7700 900666\"}", 409, NULL);
  same = only_task (clinic);
  g_assert_cmpstr (fhir_resource_path_text (same, "input.0.valueString"), ==, "+44 7700 900777");
  clinic->cookie = g_steal_pointer (&cookie);
  say (clinic, "{\"withdraw\":\"works\"}", 200, "none");
  withdrawn = only_task (clinic);
  g_assert_cmpstr (fhir_resource_path_text (withdrawn, "status"), ==, "cancelled");
}

static void
test_not_after_the_visit (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *id = visit_clinic_wait (clinic);
  g_autoptr (FhirResource) encounter = visit_clinic_get (clinic, "Encounter", id);
  g_autoptr (GString) text = g_string_new (fhir_resource_get_text (encounter, NULL));
  g_autoptr (GPtrArray) found = NULL;

  g_string_replace (text, "\"status\":\"arrived\",", "\"status\":\"finished\",", 0);
  visit_clinic_put (clinic, text->str);
  say (clinic, "{\"number\":\"+44 7700 900555\"}", 410, NULL);
  g_clear_pointer (&clinic->cookie, g_free);
  say (clinic, "{\"number\":\"+44 7700 900555\"}", 410, NULL);
  found = visit_clinic_find (clinic, "Task", CODE);
  g_assert_cmpuint (found->len, ==, 0);
}

/* Another number again and again is another call to make each time. */
static void
test_changes_are_counted (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();

  say (clinic, "{\"number\":\"+44 7700 900550\"}", 200, "asked");
  for (guint i = 1; i <= 6; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"number\":\"+44 7700 90055%u\"}", i);

      base_clock_advance (clinic->clock, G_TIME_SPAN_MINUTE);
      say (clinic, body, i < 6 ? 200 : 429, "asked");
    }
}

static void
test_how_often (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();

  visit_clinic_verify (clinic);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"number\":\"+44 7700 90055%u\"}", i);

      say (clinic, body, 200, "asked");
      say (clinic, "{\"withdraw\":\"works\"}", 200, "none");
      say (clinic, body, 429, NULL);
      base_clock_advance (clinic->clock, G_TIME_SPAN_MINUTE);
    }
  say (clinic, "{\"number\":\"+44 7700 900555\"}", 429, NULL);
}

static void
test_behind_a_closed_link (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();

  for (guint i = 0; i < 5; i++)
    g_free (ask (clinic, "POST", "verify", "{\"year\":1960,\"month\":3,\"day\":12}", 403));
  say (clinic, "{\"number\":\"+44 7700 900555\",\"step\":\"message\"}", 200, "asked");
  base_clock_advance (clinic->clock, 26 * G_TIME_SPAN_HOUR);
  say (clinic, "{\"number\":\"+44 7700 900556\"}", 404, NULL);
}

/* The desk calls people back, and has no other task of the clinic's. */
static void
test_the_desk_sees_only_these (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *search =
      g_strconcat (hub_server_get_base_url (clinic->server), "/fhir/Task?patient=Patient/p1", NULL);
  g_autofree char *other =
      g_strconcat (hub_server_get_base_url (clinic->server), "/fhir/Task/t1", NULL);
  const char *const body = "{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":\"requested\","
                           "\"intent\":\"order\",\"description\":\"look at the biopsy\","
                           "\"for\":{\"reference\":\"Patient/p1\"},\"code\":{\"coding\":[{"
                           "\"system\":\"https://bedside.health/fhir/task\",\"code\":\"%s\"}]}}";
  g_autofree char *plain = g_strdup_printf (body, "review-result");
  g_autofree char *turned = g_strdup_printf (body, "call-me");
  g_autofree char *found = NULL;
  g_autofree char *read = NULL;
  g_autofree char *written = NULL;
  guint status;

  visit_clinic_put (clinic, plain);
  say (clinic, "{\"number\":\"+44 7700 900555\"}", 200, "asked");
  found = visit_clinic_ask (clinic, "GET", search, clinic->reception, NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (found, "call-me"));
  g_assert_null (strstr (found, "biopsy"));
  read = visit_clinic_ask (clinic, "GET", other, clinic->reception, NULL, &status);
  g_assert_cmpuint (status, ==, 403);
  written = visit_clinic_ask (clinic, "PUT", other, clinic->reception, turned, &status);
  g_assert_cmpuint (status, ==, 403);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-call-me/before-the-date-of-birth", test_before_the_date_of_birth);
  g_test_add_func ("/hub-call-me/the-clinic-takes-and-ends-it", test_the_clinic_takes_and_ends_it);
  g_test_add_func ("/hub-call-me/a-known-patient", test_a_known_patient);
  g_test_add_func ("/hub-call-me/not-after-the-visit", test_not_after_the_visit);
  g_test_add_func ("/hub-call-me/changes-are-counted", test_changes_are_counted);
  g_test_add_func ("/hub-call-me/how-often", test_how_often);
  g_test_add_func ("/hub-call-me/behind-a-closed-link", test_behind_a_closed_link);
  g_test_add_func ("/hub-call-me/the-desk-sees-only-these", test_the_desk_sees_only_these);
  return g_test_run ();
}
