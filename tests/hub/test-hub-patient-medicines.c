/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "medicines-fixture.h"

/* What the patient's page tells of medicines and pharmacies, and whom. */

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

static const char *
preferred (Case *self)
{
  g_autoptr (JsonNode) answer = ask (self, "GET", "medicines", NULL, 200);

  return g_intern_string (text (json_node_get_object (answer), "preferred"));
}

static void
test_the_last_one_is_known (Case *self, gconstpointer data)
{
  put_order (self, "m1", "p1", self->encounter, "");
  g_assert_null (preferred (self));
  tell (self, "choice", "{\"medicines\":[\"m1\"],\"pharmacy\":\"quay\",\"mode\":\"pick-up\"}", 200);
  g_assert_cmpstr (preferred (self), ==, "quay");
  set_task (self, "rejected", "");
  g_assert_null (preferred (self));
}

/* More than are listed are said to be there, and the last one is among them wherever it stands. */
static void
test_says_how_many_are_left_out (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *object;

  put_order (self, "m1", "p1", self->encounter, "");
  for (guint i = 0; i < 210; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{\"resourceType\":\"Organization\",\"id\":\"many-%u\",\"name\":\"Pharmacy "
          "%u\",\"type\":["
          "{\"coding\":[{\"system\":\"https://bedside.health/fhir/organization-type\",\"code\":"
          "\"pharmacy\"}]}]}",
          i, i);

      visit_clinic_put (self->clinic, json);
    }
  answer = ask (self, "POST", "choice",
                "{\"medicines\":[\"m1\"],\"pharmacy\":\"many-209\",\"mode\":\"pick-up\"}", 200);
  object = json_node_get_object (answer);
  g_assert_cmpstr (text (object, "preferred"), ==, "many-209");
  g_assert_nonnull (find_pharmacy (answer, "many-209"));
  g_assert_cmpuint (length (answer, "pharmacies"), ==, 201);
  g_assert_cmpint (json_object_get_int_member (object, "pharmaciesOmitted"), ==, 212 - 201);
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

/* What is forbidden, planned, or changed by what the hub does not know, is no medicine to take. */
static void
test_what_is_no_order_is_not_listed (Case *self, gconstpointer data)
{
  const struct
  {
    const char *id, *intent, *more;
  } others[] = {
    { "not", "order", ",\"doNotPerform\":true" },
    { "strange", "order", ",\"modifierExtension\":[{\"url\":\"urn:x\",\"valueBoolean\":true}]" },
    { "plan", "plan", "" },
    { "proposal", "proposal", "" },
  };
  g_autoptr (JsonNode) answer = NULL;

  put_order (self, "m1", "p1", self->encounter, "");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"active\","
          "\"intent\":\"%s\",\"subject\":{\"reference\":\"Patient/p1\"},\"encounter\":{"
          "\"reference\":\"Encounter/%s\"},\"medicationCodeableConcept\":{\"text\":"
          "\"Ibuprofen 400 mg tablet\"}%s}",
          others[i].id, others[i].intent, self->encounter, others[i].more);
      g_autofree char *choice =
          g_strdup_printf ("{\"medicines\":[\"%s\"],\"pharmacy\":\"quay\",\"mode\":\"pick-up\"}",
                           others[i].id);
      g_autofree char *code = g_strdup_printf ("{\"medicine\":\"%s\"}", others[i].id);

      visit_clinic_put (self->clinic, json);
      tell (self, "choice", choice, 422);
      tell (self, "code", code, 422);
    }
  answer = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpuint (length (answer, "medicines"), ==, 1);
  g_assert_cmpuint (length (answer, "current"), ==, 0);
}

static void
test_what_is_over_goes_to_no_pharmacy (Case *self, gconstpointer data)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"over\",\"status\":\"completed\","
      "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/p1\"},\"encounter\":{"
      "\"reference\":\"Encounter/%s\"},\"medicationCodeableConcept\":{\"text\":"
      "\"Ibuprofen 400 mg tablet\"}}",
      self->encounter);
  g_autoptr (JsonNode) answer = NULL;

  visit_clinic_put (self->clinic, json);
  tell (self, "choice", "{\"medicines\":[\"over\"],\"pharmacy\":\"quay\",\"mode\":\"pick-up\"}",
        422);
  answer = ask (self, "GET", "medicines", NULL, 200);
  g_assert_cmpuint (length (answer, "medicines"), ==, 1);
  g_assert_false (json_object_get_boolean_member (nth (answer, "medicines", 0), "active"));
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

static void
put_as (Case *self, const char *id, const char *status, const char *intent)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"%s\",\"intent\":%s,"
      "\"subject\":{\"reference\":\"Patient/p1\"},\"encounter\":{\"reference\":"
      "\"Encounter/%s\"},\"medicationCodeableConcept\":{\"text\":\"Amoxicillin\"}}",
      id, status, intent, self->encounter);

  visit_clinic_put (self->clinic, json);
}

/* Nobody has signed what is no order, and what is over is handed out no more: no pharmacy is sent
 * either, and no code leads to it. */
static void
test_only_orders_are_sent (Case *self, gconstpointer data)
{
  static const char *const others[] = { "\"plan\"", "\"option\"", "\"proposal\"",
                                        "\"order\",\"reportedBoolean\":true" };
  const char *choice = "{\"medicines\":[\"m1\"],\"pharmacy\":\"pine\",\"mode\":\"pick-up\"}";
  g_autoptr (JsonNode) answer = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (JsonNode) list = NULL;

      put_as (self, "m1", "active", others[i]);
      tell (self, "choice", choice, 422);
      tell (self, "code", "{\"medicine\":\"m1\"}", 422);
      list = ask (self, "GET", "medicines", NULL, 200);
      g_assert_cmpuint (length (list, "medicines"), ==, 0);
    }
  put_as (self, "m1", "completed", "\"order\"");
  tell (self, "choice", choice, 422);
  answer = ask (self, "GET", "medicines", NULL, 200);
  g_assert_false (json_object_get_boolean_member (nth (answer, "medicines", 0), "active"));
  g_assert_false (json_object_get_boolean_member (nth (answer, "medicines", 0), "stopped"));
  put_as (self, "m1", "active", "\"order\"");
  tell (self, "code", "{\"medicine\":\"m1\"}", 200);
  tell (self, "choice", choice, 200);
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

/* Who was invited has a link and a session, and is told nothing by either: at their own address,
 * nor at the patient's. */
static void
test_a_guest_is_told_nothing (Case *self, gconstpointer data)
{
  const char *const actions[] = { "medicines", "taking", "renewal", "choice" };
  const char *base = hub_server_get_base_url (self->clinic->server);
  g_autofree char *invite =
      g_strdup_printf ("%s/fhir/Encounter/%s/$invite?role=interpreter", base, self->encounter);
  g_autofree char *invited =
      visit_clinic_ask (self->clinic, "POST", invite, self->clinic->doctor, NULL, NULL);
  const char *start = strstr (invited, "http");
  g_autofree char *guest = NULL;
  g_autofree char *enter = NULL;
  guint status;

  g_assert_nonnull (start);
  guest = g_strndup (start, strcspn (start, "\""));
  enter = g_strconcat (guest, "/enter", NULL);
  put_order (self, "old", "p1", NULL, "");
  g_clear_pointer (&self->clinic->cookie, g_free);
  g_free (visit_clinic_ask (self->clinic, "POST", enter, NULL,
                            "{\"number\":\"4711\",\"language\":\"Tamil\"}", &status));
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (self->clinic->cookie);
  g_string_truncate (self->clinic->said, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *theirs = g_strdup_printf ("%s/%s", guest, actions[i]);
      const char *method = i == 0 ? "GET" : "POST";
      const char *body = i == 0 ? NULL : "{\"medicine\":\"old\",\"answer\":\"yes\"}";

      g_free (visit_clinic_ask (self->clinic, method, theirs, NULL, body, &status));
      g_assert_cmpuint (status, >=, 400);
      json_node_unref (ask (self, method, actions[i], body, 401));
    }
  g_assert_null (strstr (self->clinic->said->str, MEDICINE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  MEDICINES_ADD ("/hub-patient-medicines/says-what-it-is-for", test_says_what_it_is_for);
  MEDICINES_ADD ("/hub-patient-medicines/another-language-is-marked",
                 test_another_language_is_marked);
  MEDICINES_ADD ("/hub-patient-medicines/names-what-is-not-known", test_names_what_is_not_known);
  MEDICINES_ADD ("/hub-patient-medicines/says-when-and-where", test_says_when_and_where);
  MEDICINES_ADD ("/hub-patient-medicines/only-orders-are-sent", test_only_orders_are_sent);
  MEDICINES_ADD ("/hub-patient-medicines/the-last-one-is-known", test_the_last_one_is_known);
  MEDICINES_ADD ("/hub-patient-medicines/says-how-many-are-left-out",
                 test_says_how_many_are_left_out);
  MEDICINES_ADD ("/hub-patient-medicines/the-clinic-is-no-pharmacy",
                 test_the_clinic_is_no_pharmacy);
  MEDICINES_ADD ("/hub-patient-medicines/mails-only-where-it-is-offered",
                 test_mails_only_where_it_is_offered);
  MEDICINES_ADD ("/hub-patient-medicines/what-is-no-order-is-not-listed",
                 test_what_is_no_order_is_not_listed);
  MEDICINES_ADD ("/hub-patient-medicines/what-is-over-goes-to-no-pharmacy",
                 test_what_is_over_goes_to_no_pharmacy);
  MEDICINES_ADD ("/hub-patient-medicines/says-what-stalls", test_says_what_stalls);
  MEDICINES_ADD ("/hub-patient-medicines/says-what-is-still-to-come",
                 test_says_what_is_still_to_come);
  MEDICINES_ADD ("/hub-patient-medicines/a-stranger-is-told-nothing",
                 test_a_stranger_is_told_nothing);
  MEDICINES_ADD ("/hub-patient-medicines/another-link-is-told-its-own",
                 test_another_link_is_told_its_own);
  MEDICINES_ADD ("/hub-patient-medicines/an-expired-link-is-told-nothing",
                 test_an_expired_link_is_told_nothing);
  MEDICINES_ADD ("/hub-patient-medicines/a-guest-is-told-nothing", test_a_guest_is_told_nothing);
  g_test_add ("/hub-patient-medicines/says-that-it-is-past-its-date", Case, "2026-01-31",
              medicines_set_up, test_says_that_it_is_past_its_date, medicines_tear_down);
  return g_test_run ();
}
