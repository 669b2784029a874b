/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include <json-glib/json-glib.h>

#include <string.h>

#include "care-supply-code.h"

/* The code of a prescription on the patient's page: of this visit, one at a time, and nothing of
 * the record in it. */

typedef struct
{
  VisitClinic *clinic;
  char *encounter;
} Case;

static void
set_up (Case *self, gconstpointer data)
{
  self->clinic = visit_clinic_new ();
  self->encounter = visit_clinic_wait (self->clinic);
}

static void
tear_down (Case *self, gconstpointer data)
{
  visit_clinic_free (self->clinic);
  g_free (self->encounter);
}

static void
put_order (
    Case *self, const char *id, const char *patient, const char *encounter, const char *status)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"%s\",\"intent\":"
      "\"order\",\"subject\":{\"reference\":\"Patient/%s\"},\"encounter\":{\"reference\":"
      "\"Encounter/%s\"},\"medicationCodeableConcept\":{\"text\":\"Amoxicillin 500 mg capsule\"}}",
      id, status, patient, encounter);

  visit_clinic_put (self->clinic, json);
}

/* (transfer full): the code, where the answer has one */
static char *
ask (Case *self, const char *medicine, guint wanted)
{
  g_autofree char *body = g_strdup_printf ("{\"medicine\":%s}", medicine);
  guint status;
  g_autofree char *answer = visit_clinic_page (self->clinic, "POST", "code", body, &status);
  g_autoptr (JsonNode) node = json_from_string (answer, NULL);

  g_test_message ("%s: %u %s", body, status, answer);
  g_assert_cmpuint (status, ==, wanted);
  g_assert_null (strstr (answer, "Amoxicillin"));
  if (status != 200)
    return NULL;
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "width"), >=, 21);
  g_assert_true (
      g_str_has_prefix (json_object_get_string_member (json_node_get_object (node), "path"),
                        "M0 0h1v1h-1z"));
  return g_strdup (json_object_get_string_member (json_node_get_object (node), "code"));
}

static GPtrArray *
find_tokens (Case *self)
{
  return visit_clinic_find (self->clinic, "Task", "code=https://bedside.health/fhir/task|collect");
}

static void
test_the_same_until_it_is_used (Case *self, gconstpointer data)
{
  g_autofree char *first = NULL, *again = NULL, *next = NULL, *number = NULL, *token = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (GString) json = NULL;

  put_order (self, "m1", "p1", self->encounter, "active");
  first = ask (self, "\"m1\"", 200);
  again = ask (self, "\"m1\"", 200);
  g_assert_cmpstr (first, ==, again);
  g_assert_true (care_supply_code_parse (first, &number, &token, NULL));
  g_assert_cmpstr (number, ==, "m1");
  ids = find_tokens (self);
  g_assert_cmpuint (ids->len, ==, 1);
  task = visit_clinic_get (self->clinic, "Task", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (task, "identifier.0.value"), ==, token);
  g_assert_cmpstr (fhir_resource_path_text (task, "for.reference"), ==, "Patient/p1");
  json = g_string_new (fhir_resource_get_text (task, NULL));
  g_string_replace (json, "\"status\":\"requested\"", "\"status\":\"completed\"", 1);
  visit_clinic_put (self->clinic, json->str);
  next = ask (self, "\"m1\"", 200);
  g_assert_cmpstr (first, !=, next);
}

/* Of another visit, another patient, of none and of what is over: nothing. */
static void
test_of_this_visit_alone (Case *self, gconstpointer data)
{
  static const char *const wrong[] = { "\"old\"",   "\"others\"", "\"stopped\"", "\"none\"", "\"\"",
                                       "\"../m1\"", "null",       "1",           "[\"m1\"]" };
  g_autoptr (GPtrArray) ids = NULL;

  put_order (self, "m1", "p1", self->encounter, "active");
  put_order (self, "old", "p1", "another", "active");
  put_order (self, "others", "p2", self->encounter, "active");
  put_order (self, "stopped", "p1", self->encounter, "stopped");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_free (ask (self, wrong[i], 422));
  ids = find_tokens (self);
  g_assert_cmpuint (ids->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/hub-patient-code/the-same-until-it-is-used", Case, NULL, set_up,
              test_the_same_until_it_is_used, tear_down);
  g_test_add ("/hub-patient-code/of-this-visit-alone", Case, NULL, set_up, test_of_this_visit_alone,
              tear_down);
  return g_test_run ();
}
