/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy-records.h"

#include <string.h>

#include "hub-policy.h"

/* What each role may: letters for read, search, create, update, delete, in the order prescriber,
 * nurse, reception, patient, pharmacy, admin. */
static const struct
{
  const char *type;
  const char *may[6];
} table[] = {
  { "Patient", { "rscu", "rscu", "rscu", "rs", "r", "rscud" } },
  { "Observation", { "rscu", "rscu", "", "rs", "", "rscud" } },
  { "Condition", { "rscu", "rscu", "", "rs", "", "rscud" } },
  { "AllergyIntolerance", { "rscu", "rscu", "", "rs", "", "rscud" } },
  { "DocumentReference", { "rscu", "rscu", "", "rs", "", "rscud" } },
  { "Encounter", { "rscu", "rscu", "", "rs", "", "rscud" } },
  { "MedicationRequest", { "rscu", "rs", "", "rs", "rs", "rscud" } },
  { "MedicationDispense", { "rs", "rs", "", "rs", "rscu", "rscud" } },
  { "Provenance", { "rsc", "rsc", "c", "", "rs", "rscud" } },
  { "Appointment", { "rscu", "rscu", "rscu", "rs", "", "rscud" } },
  { "Task", { "rscu", "rscu", "rsu", "rscu", "rsu", "rscud" } },
  { "Communication", { "rscu", "rscu", "rs", "rscu", "rsc", "rscud" } },
  { "Consent", { "rscu", "rscu", "rscu", "rs", "", "rscud" } },
  { "RelatedPerson", { "rscu", "rscu", "rscu", "rs", "", "rscud" } },
  { "Practitioner", { "rs", "rs", "rs", "rs", "rs", "rscud" } },
  { "Organization", { "rs", "rs", "rs", "rs", "rs", "rscud" } },
  { "Flag", { "rscu", "rscu", "rs", "", "", "rscud" } },
  { "Basic", { "rscu", "rscu", "", "", "rs", "rscud" } },
  { "AuditEvent", { "", "", "", "", "", "rscud" } },
  { "Subscription", { "rscd", "rscd", "rscd", "", "rscd", "rscud" } },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    for (int role = HUB_ROLE_PRESCRIBER; role <= HUB_ROLE_ADMIN; role++)
      for (int operation = HUB_READ; operation <= HUB_DELETE; operation++)
        {
          g_autoptr (HubUser) user = hub_user_new ("x", NULL, (HubRole) role, NULL);
          gboolean expected = strchr (table[i].may[role - 1], "rscud"[operation]) != NULL;

          g_test_message ("%s %s %c", table[i].type, hub_role_get_name ((HubRole) role),
                          "rscud"[operation]);
          g_assert_cmpint (hub_policy_allows (user, (HubOperation) operation, table[i].type, NULL),
                           ==, expected);
        }
}

static void
test_nobody_may_nothing (void)
{
  g_autoptr (HubUser) user = hub_user_new ("x", NULL, HUB_ROLE_NONE, NULL);

  for (int operation = HUB_READ; operation <= HUB_DELETE; operation++)
    g_assert_false (hub_policy_allows (user, (HubOperation) operation, "Patient", NULL));
}

/* Over HTTP, for what depends on the resource itself. */
static void
test_own_records_only (HubFixture *fixture, gconstpointer data)
{
  static const PolicyCase cases[] = {
    { "patient", "GET /fhir/Patient/p1", NULL, 200 },
    { "patient", "GET /fhir/Patient/p2", NULL, 403 },
    { "patient", "GET /fhir/Observation/o1", NULL, 200 },
    { "patient", "GET /fhir/Observation/o2", NULL, 403 },
    { "patient", "GET /fhir/Organization/o1", NULL, 200 },
    { "patient", "POST /fhir/Observation",
      "{\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"Patient/p1\"}}", 403 },
    { "patient", "POST /fhir/Task",
      "{\"resourceType\":\"Task\",\"for\":{\"reference\":\"Patient/p1\"},"
      "\"requester\":{\"reference\":\"Patient/p1\"}}",
      201 },
    /* the clinic's own task, and words in the clinic's name */
    { "patient", "PUT /fhir/Task/t1",
      "{\"resourceType\":\"Task\",\"id\":\"t1\",\"for\":{\"reference\":\"Patient/p1\"},"
      "\"requester\":{\"reference\":\"Patient/p1\"}}",
      403 },
    { "patient", "POST /fhir/Communication",
      "{\"resourceType\":\"Communication\",\"status\":\"completed\","
      "\"subject\":{\"reference\":\"Patient/p1\"},"
      "\"sender\":{\"reference\":\"Practitioner/d1\"}}",
      403 },
    { "patient", "POST /fhir/Task",
      "{\"resourceType\":\"Task\",\"for\":{\"reference\":\"Patient/p2\"}}", 403 },
    { "patient", "POST /fhir/Task", "{\"resourceType\":\"Task\"}", 403 },
    { "patient", "PUT /fhir/Task/t2",
      "{\"resourceType\":\"Task\",\"id\":\"t2\",\"for\":{\"reference\":\"Patient/p1\"}}", 403 },
    { "patient", "GET /fhir/Patient/p2/_history", NULL, 403 },
    { "pharmacy", "GET /fhir/Task/t1", NULL, 200 },
    { "pharmacy", "GET /fhir/Task/t2", NULL, 403 },
    { "pharmacy", "GET /fhir/Observation/o1", NULL, 403 },
    { "reception", "GET /fhir/Observation/o1", NULL, 403 },
    { "reception", "GET /fhir/Patient/p1", NULL, 200 },
    { "nurse", "POST /fhir/MedicationRequest", "{\"resourceType\":\"MedicationRequest\"}", 403 },
    /* order sets: of those who prescribe, and of nobody outside */
    { "prescriber", "PUT /fhir/PlanDefinition/set",
      "{\"resourceType\":\"PlanDefinition\",\"id\":\"set\",\"status\":\"active\"}", 201 },
    { "nurse", "GET /fhir/PlanDefinition/set", NULL, 200 },
    { "nurse", "PUT /fhir/PlanDefinition/set",
      "{\"resourceType\":\"PlanDefinition\",\"id\":\"set\",\"status\":\"retired\"}", 403 },
    { "patient", "GET /fhir/PlanDefinition/set", NULL, 403 },
    { "pharmacy", "GET /fhir/PlanDefinition/set", NULL, 403 },
    { "prescriber", "POST /fhir/MedicationRequest",
      "{\"resourceType\":\"MedicationRequest\",\"requester\":{\"reference\":"
      "\"" HUB_FIXTURE_PRACTITIONER "\"}}",
      201 },
    { "prescriber", "POST /fhir/MedicationRequest",
      "{\"resourceType\":\"MedicationRequest\",\"requester\":{\"reference\":\"Practitioner/"
      "other\"}}",
      403 },
    { "prescriber", "PUT /fhir/MedicationRequest/x",
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"x\",\"requester\":{\"reference\":"
      "\"Practitioner/other\"}}",
      403 },
  };

  policy_records_add (fixture);
  policy_records_ask (fixture, cases, G_N_ELEMENTS (cases));
}

static guint
count_entries (HubFixture *fixture, const char *user, const char *search)
{
  g_autofree char *request = g_strconcat ("GET /fhir/", search, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return (guint) fhir_element_get_length (fhir_resource_path (answer->resource, "entry"));
}

static void
test_searches_show_own_only (HubFixture *fixture, gconstpointer data)
{
  policy_records_add (fixture);
  g_assert_cmpuint (count_entries (fixture, "nurse", "Observation"), ==, 2);
  g_assert_cmpuint (count_entries (fixture, "patient", "Observation"), ==, 1);
  g_assert_cmpuint (count_entries (fixture, "patient", "Observation?subject=Patient/p2"), ==, 0);
  g_assert_cmpuint (count_entries (fixture, "patient", "Patient"), ==, 1);
  g_assert_cmpuint (count_entries (fixture, "patient", "Task"), ==, 1);
  g_assert_cmpuint (count_entries (fixture, "pharmacy", "Task"), ==, 1);
  /* included resources pass the same gate: the patient of a task, but no observations of theirs */
  g_assert_cmpuint (count_entries (fixture, "pharmacy", "Task?_include=Task:patient"), ==, 2);
  g_assert_cmpuint (count_entries (fixture, "reception",
                                   "Patient?_id=p1&_revinclude=Observation:subject"),
                    ==, 1);
  g_assert_cmpuint (count_entries (fixture, "nurse",
                                   "Patient?_id=p1&_revinclude=Observation:subject"),
                    ==, 2);
}

/* A pharmacy is no member of the clinic: it sees what a patient sent to it. */
static void
test_pharmacy_sees_its_tasks_only (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *request, *body;
    guint status;
  } cases[] = {
    { "GET /fhir/MedicationRequest/m1", NULL, 200 },
    { "GET /fhir/MedicationRequest/m2", NULL, 403 },
    { "GET /fhir/MedicationRequest/m1/_history", NULL, 200 },
    { "GET /fhir/MedicationRequest/m2/_history", NULL, 403 },
    { "GET /fhir/Patient/p1", NULL, 200 },
    { "GET /fhir/Patient/p2", NULL, 403 },
    { "POST /fhir/MedicationDispense",
      "{\"resourceType\":\"MedicationDispense\",\"subject\":{\"reference\":\"Patient/p1\"},"
      "\"authorizingPrescription\":[{\"reference\":\"MedicationRequest/m1\"}]}",
      201 },
    { "POST /fhir/MedicationDispense",
      "{\"resourceType\":\"MedicationDispense\",\"subject\":{\"reference\":\"Patient/p2\"}}", 403 },
  };

  policy_records_add (fixture);
  policy_records_put (
      fixture, "MedicationRequest/m1",
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"subject\":{\"reference\":\"Patient/"
      "p1\"}}");
  policy_records_put (
      fixture, "MedicationRequest/m2",
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"m2\",\"subject\":{\"reference\":\"Patient/"
      "p1\"}}");
  policy_records_put (
      fixture, "Task/t3",
      "{\"resourceType\":\"Task\",\"id\":\"t3\",\"code\":{\"coding\":[{\"system\":"
      "\"https://bedside.health/fhir/task\",\"code\":\"dispense\"}]},"
      "\"for\":{\"reference\":\"Patient/p1\"},\"focus\":"
      "{\"reference\":\"MedicationRequest/m1\"},\"owner\":{\"reference\":\"" HUB_FIXTURE_PHARMACY
      "\"}}");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "pharmacy", cases[i].request, NULL, cases[i].body);

      g_test_message ("%s", cases[i].request);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
  g_assert_cmpuint (count_entries (fixture, "pharmacy", "MedicationRequest"), ==, 1);
}

/* Clinicians write alerts; the desk sees those of how to meet somebody, and the patient none. */
static void
test_alerts (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *id, *categories;
    gboolean for_the_desk;
  } alerts[] = {
    { "f1", "[{\"coding\":[{\"code\":\"safety\"}]}]", TRUE },
    { "f2", "[{\"coding\":[{\"code\":\"clinical\"}]}]", FALSE },
    { "f3", "[{\"coding\":[{\"code\":\"contact\"}]},{\"coding\":[{\"code\":\"drug\"}]}]", FALSE },
    { "f4", "[]", FALSE },
  };

  policy_records_add (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (alerts); i++)
    {
      g_autofree char *put = g_strconcat ("PUT /fhir/Flag/", alerts[i].id, NULL);
      g_autofree char *get = g_strconcat ("GET /fhir/Flag/", alerts[i].id, NULL);
      g_autofree char *body =
          g_strdup_printf ("{\"resourceType\":\"Flag\",\"id\":\"%s\",\"status\":\"active\","
                           "\"code\":{\"text\":\"x\"},"
                           "\"subject\":{\"reference\":\"Patient/p1\"}%s%s}",
                           alerts[i].id,
                           i == 3 ? "" : ",\"category\":", i == 3 ? "" : alerts[i].categories);
      g_autoptr (HubAnswer) refused = hub_fixture_send (fixture, "reception", put, NULL, body);
      g_autoptr (HubAnswer) written = hub_fixture_send (fixture, "nurse", put, NULL, body);
      g_autoptr (HubAnswer) desk = hub_fixture_send (fixture, "reception", get, NULL, NULL);
      g_autoptr (HubAnswer) patient = hub_fixture_send (fixture, "patient", get, NULL, NULL);

      g_assert_cmpuint (refused->status, ==, 403);
      g_assert_cmpuint (written->status, ==, 201);
      g_assert_cmpuint (desk->status, ==, alerts[i].for_the_desk ? 200 : 403);
      g_assert_cmpuint (patient->status, ==, 403);
    }
  g_assert_cmpuint (count_entries (fixture, "prescriber", "Flag?patient=p1"), ==, 4);
  g_assert_cmpuint (count_entries (fixture, "reception", "Flag?patient=p1"), ==, 1);
}

static void
put_alert (HubFixture *fixture, const char *id, const char *patient, const char *category)
{
  g_autofree char *path = g_strconcat ("Flag/", id, NULL);
  g_autofree char *body = g_strdup_printf (
      "{\"resourceType\":\"Flag\",\"id\":\"%s\",\"status\":\"active\",\"code\":{\"text\":\"x\"},"
      "\"period\":{\"start\":\"2026-11-01\"},\"subject\":{\"reference\":\"Patient/%s\"},"
      "\"category\":[{\"coding\":[{\"code\":\"%s\"}]}]}",
      id, patient, category);

  policy_records_put (fixture, path, body);
}

/* Nor does the desk learn by a count, a page, a chain, what comes along or a condition that there
 * are alerts which are not for it. */
static void
test_alerts_leave_no_trace (HubFixture *fixture, gconstpointer data)
{
#define ABOUT(query)                                                                               \
  "{\"resourceType\":\"Appointment\",\"status\":\"booked\",\"supportingInformation\":[{"           \
  "\"reference\":\"" query "\"}]}"
  static const struct
  {
    const char *user, *request, *body;
    guint status;
  } cases[] = {
    { "reception", "GET /fhir/Patient?_has:Flag:patient:date=ge1900", NULL, 403 },
    { "nurse", "GET /fhir/Patient?_has:Flag:patient:date=ge1900", NULL, 200 },
    { "reception", "GET /fhir/Patient?_has:Appointment:patient:date=ge1900", NULL, 200 },
    { "reception", "GET /fhir/Appointment?supporting-info:Flag.date=ge1900", NULL, 403 },
    { "reception", "GET /fhir/Flag?_include=Flag:patient", NULL, 403 },
    { "nurse", "GET /fhir/Flag?_include=Flag:patient", NULL, 200 },
    { "reception", "GET /fhir/Patient?_revinclude=Flag:patient", NULL, 200 },
    /* one that is shown, hidden ones alone, and none at all, of which the last two are the same */
    { "reception", "POST /fhir/Appointment", ABOUT ("Flag?patient=Patient/p1"), 201 },
    { "reception", "POST /fhir/Appointment", ABOUT ("Flag?patient=Patient/p2"), 412 },
    { "reception", "POST /fhir/Appointment", ABOUT ("Flag?patient=Patient/p3"), 412 },
    { "reception", "POST /fhir/Appointment", ABOUT ("Patient?_id=p2&_has:Flag:patient:date=ge1900"),
      403 },
  };
  static const struct
  {
    const char *query;
    guint shown;
    gboolean more;
    int total;
  } pages[] = {
    { "patient=p1&_count=1", 1, FALSE, 1 },
    { "patient=p2&_count=1", 0, FALSE, 0 },
    { "_count=1", 1, TRUE, 2 },
    { "_count=2", 2, FALSE, 2 },
    { "_count=50&_total=accurate", 2, FALSE, 2 },
  };

  policy_records_add (fixture);
  put_alert (fixture, "a", "p1", "clinical");
  put_alert (fixture, "b", "p1", "safety");
  put_alert (fixture, "c", "p2", "clinical");
  put_alert (fixture, "d", "p4", "contact");
  put_alert (fixture, "e", "p1", "clinical");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, cases[i].request, NULL, cases[i].body);

      g_test_message ("%s: %s: %s", cases[i].user, cases[i].request, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
      if (answer->status == 412)
        g_assert_nonnull (strstr (answer->text, "finds 0 resources"));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *search = g_strconcat ("GET /fhir/Flag?", pages[i].query, NULL);
      g_autofree char *count = g_strconcat ("GET /fhir/Flag?_summary=count&", pages[i].query, NULL);
      g_autoptr (HubAnswer) page = hub_fixture_send (fixture, "reception", search, NULL, NULL);
      g_autoptr (HubAnswer) counted = hub_fixture_send (fixture, "reception", count, NULL, NULL);
      const char *next = fhir_resource_path_text (page->resource, "link.1.relation");

      g_test_message ("%s: %s", pages[i].query, page->text);
      g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (page->resource, "entry")), ==,
                        pages[i].shown);
      g_assert_cmpstr (next, ==, pages[i].more ? "next" : NULL);
      g_assert_cmpuint (counted->status, ==, 200);
      g_assert_cmpint (fhir_element_get_integer (fhir_resource_path (counted->resource, "total"),
                                                 -1),
                       ==, pages[i].total);
      g_assert_cmpint (fhir_element_get_integer (fhir_resource_path (page->resource, "total"),
                                                 pages[i].total),
                       ==, pages[i].total);
    }
#undef ABOUT
}

/* What a condition or a chain finds tells as much as an answer would. */
static void
test_conditions_are_searches (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *user, *request, *header, *body;
    guint status;
  } cases[] = {
    { "reception", "POST /fhir/Appointment", NULL,
      "{\"resourceType\":\"Appointment\",\"status\":\"booked\",\"reasonReference\":[{\"reference\":"
      "\"Observation?subject=Patient/p1\"}]}",
      403 },
    { "reception", "GET /fhir/Appointment?reason-reference:Condition.code=x", NULL, NULL, 403 },
    { "nurse", "GET /fhir/Appointment?reason-reference:Condition.code=x", NULL, NULL, 200 },
    { "patient", "POST /fhir/Communication", NULL,
      "{\"resourceType\":\"Communication\",\"subject\":{\"reference\":\"Patient/"
      "p1\"},\"sender\":{\"reference\":\"Patient/p1\"},\"about\":[{"
      "\"reference\":\"Observation?subject=Patient/p2\"}]}",
      412 },
    { "patient", "POST /fhir/Communication", NULL,
      "{\"resourceType\":\"Communication\",\"subject\":{\"reference\":\"Patient/"
      "p1\"},\"sender\":{\"reference\":\"Patient/p1\"},\"about\":[{"
      "\"reference\":\"Observation?subject=Patient/p1\"}]}",
      201 },
    /* what another one's record says of a medicine */
    { "patient", "POST /fhir/Communication", NULL,
      "{\"resourceType\":\"Communication\",\"subject\":{\"reference\":\"Patient/"
      "p1\"},\"sender\":{\"reference\":\"Patient/p1\"},\"about\":[{"
      "\"reference\":\"Medication?_id=m&_has:MedicationRequest:medication:patient=Patient/p2\"}]}",
      403 },
    { "patient", "POST /fhir/Task", "If-None-Exist: patient=Patient/p2",
      "{\"resourceType\":\"Task\",\"for\":{\"reference\":\"Patient/"
      "p1\"},\"requester\":{\"reference\":\"Patient/p1\"}}",
      201 },
  };

  policy_records_add (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, cases[i].user, cases[i].request,
                                                       cases[i].header, cases[i].body);

      g_test_message ("%s: %s: %u %s", cases[i].user, cases[i].request, answer->status,
                      answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

/* Reception corrects how a person is reached, says who speaks for them, and sends links; it neither
 * reads nor writes the record of care, and removes nobody. */
static void
test_reception (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *request, *body;
    guint status;
  } cases[] = {
    { "PUT /fhir/Patient/p1",
      "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"telecom\":[{\"system\":\"phone\",\"value\":"
      "\"2\"},{\"system\":\"phone\",\"value\":\"1\",\"use\":\"old\",\"period\":{\"end\":"
      "\"2026-11-22\"}}]}",
      200 },
    { "PUT /fhir/RelatedPerson/rp",
      "{\"resourceType\":\"RelatedPerson\",\"id\":\"rp\",\"active\":true,\"patient\":{"
      "\"reference\":\"Patient/p1\"},\"period\":{\"start\":\"2026-11-22\"}}",
      201 },
    { "PUT /fhir/RelatedPerson/rp",
      "{\"resourceType\":\"RelatedPerson\",\"id\":\"rp\",\"active\":false,\"patient\":{"
      "\"reference\":\"Patient/p1\"},\"period\":{\"start\":\"2026-11-22\",\"end\":\"2026-11-23\"}}",
      200 },
    { "POST /fhir/Provenance",
      "{\"resourceType\":\"Provenance\",\"target\":[{\"reference\":\"RelatedPerson/rp\"}],"
      "\"recorded\":\"2026-11-22T09:00:00Z\",\"agent\":[{\"who\":{\"reference\":"
      "\"" HUB_FIXTURE_RECEPTION "\"}}]}",
      201 },
    { "POST /fhir/Appointment",
      "{\"resourceType\":\"Appointment\",\"id\":\"x\",\"status\":\"booked\",\"participant\":[{"
      "\"actor\":{\"reference\":\"Patient/p1\"},\"status\":\"accepted\"}]}",
      201 },
    /* and nothing else */
    { "DELETE /fhir/RelatedPerson/rp", NULL, 403 },
    { "DELETE /fhir/Patient/p1", NULL, 403 },
    { "GET /fhir/Observation/o1", NULL, 403 },
    { "GET /fhir/Condition?patient=p1", NULL, 403 },
    { "GET /fhir/MedicationRequest?patient=p1", NULL, 403 },
    { "GET /fhir/DocumentReference?patient=p1", NULL, 403 },
    { "GET /fhir/Encounter?patient=p1", NULL, 403 },
    { "POST /fhir/Task",
      "{\"resourceType\":\"Task\",\"status\":\"requested\",\"intent\":\"order\"}", 403 },
    { "POST /fhir/Communication", "{\"resourceType\":\"Communication\",\"status\":\"completed\"}",
      403 },
    { "GET /fhir/Patient?_has:Condition:patient:code=x", NULL, 403 },
    { "PUT /fhir/Encounter/e",
      "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"status\":\"planned\"}", 403 },
    { "POST /fhir/Observation", "{\"resourceType\":\"Observation\",\"status\":\"final\"}", 403 },
    { "POST /fhir/Consent", "{\"resourceType\":\"Consent\",\"status\":\"active\"}", 403 },
    { "POST /fhir/Practitioner", "{\"resourceType\":\"Practitioner\"}", 403 },
    { "GET /fhir/AuditEvent", NULL, 403 },
  };

  policy_records_add (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "reception", cases[i].request, NULL, cases[i].body);

      g_test_message ("%s: %s", cases[i].request, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

#define DESK_CONSENT(id, category, status)                                                         \
  "{\"resourceType\":\"Consent\",\"id\":\"" id "\",\"status\":\"" status "\",\"patient\":{"        \
  "\"reference\":\"Patient/p1\"},\"category\":[{\"coding\":[{\"system\":\"https://"                \
  "bedside.health/fhir/consent-category\",\"code\":\"" category "\"}]}]}"
#define DESK_MESSAGE(id, category)                                                                 \
  "{\"resourceType\":\"Communication\",\"id\":\"" id "\",\"status\":\"completed\",\"subject\":{"   \
  "\"reference\":\"Patient/p1\"},\"category\":[{\"coding\":[{\"system\":\"https://"                \
  "bedside.health/fhir/communication-category\",\"code\":\"" category "\"}]}]}"

/* Reception asks whether messages may be sent, and sees which links went out: of other consents and
 * messages nothing, and none is turned into another kind. */
static void
test_reception_and_messages (HubFixture *fixture, gconstpointer data)
{
  static const PolicyCase cases[] = {
    { "reception", "PUT /fhir/Consent/m", DESK_CONSENT ("m", "visit-messages", "active"), 201 },
    { "reception", "PUT /fhir/Consent/m", DESK_CONSENT ("m", "visit-messages", "inactive"), 200 },
    { "reception", "PUT /fhir/Consent/m", DESK_CONSENT ("m", "research", "active"), 403 },
    { "reception", "PUT /fhir/Consent/n", DESK_CONSENT ("n", "research", "active"), 403 },
    { "nurse", "PUT /fhir/Consent/n", DESK_CONSENT ("n", "research", "active"), 201 },
    { "reception", "GET /fhir/Consent/n", NULL, 403 },
    { "reception", "PUT /fhir/Consent/n", DESK_CONSENT ("n", "visit-messages", "active"), 403 },
    { "nurse", "PUT /fhir/Communication/l", DESK_MESSAGE ("l", "visit-link"), 201 },
    { "nurse", "PUT /fhir/Communication/t", DESK_MESSAGE ("t", "talk"), 201 },
    { "reception", "GET /fhir/Communication/l", NULL, 200 },
    { "reception", "GET /fhir/Communication/t", NULL, 403 },
    { "reception", "PUT /fhir/Communication/l", DESK_MESSAGE ("l", "visit-link"), 403 },
  };

  policy_records_add (fixture);
  policy_records_ask (fixture, cases, G_N_ELEMENTS (cases));
  g_assert_cmpuint (count_entries (fixture, "reception", "Consent?patient=p1"), ==, 1);
  g_assert_cmpuint (count_entries (fixture, "reception", "Communication?patient=p1"), ==, 1);
}

/* Whoever could write one would let a stranger into a visit. */
static void
test_invitations (HubFixture *fixture, gconstpointer data)
{
  static const char *const users[] = { "prescriber", "nurse", "admin" };
  static const char *const bodies[] = {
    "{\"resourceType\":\"Task\",\"id\":\"i1\",\"status\":\"draft\",\"intent\":\"order\","
    "\"identifier\":[{"
    "\"system\":\"https://bedside.health/fhir/identifier/hub/invite-link\",\"value\":\"x\"}]}",
    "{\"resourceType\":\"Task\",\"id\":\"i1\",\"status\":\"draft\",\"intent\":\"order\",\"code\":{"
    "\"coding\":[{\"system\":\"https://bedside.health/fhir/task\",\"code\":\"invite\"}]}}",
  };

  policy_records_put (
      fixture, "Task/i1",
      "{\"resourceType\":\"Task\",\"id\":\"i1\",\"status\":\"draft\",\"intent\":\"order\"}");
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (bodies); j++)
      {
        g_autoptr (HubAnswer) made =
            hub_fixture_send (fixture, users[i], "POST /fhir/Task", NULL, bodies[j]);
        g_autoptr (HubAnswer) changed =
            hub_fixture_send (fixture, users[i], "PUT /fhir/Task/i1", NULL, bodies[j]);

        g_test_message ("%s: %s", users[i], made->text);
        g_assert_cmpuint (made->status, ==, 403);
        g_assert_cmpuint (changed->status, ==, 403);
      }
}

static void
test_batch_asks_for_each (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) batch = NULL, transaction = NULL;

  policy_records_add (fixture);
  batch = hub_fixture_send (fixture, "reception", "POST /fhir", NULL,
                            "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":["
                            "{\"request\":{\"method\":\"GET\",\"url\":\"Observation\"}},"
                            "{\"request\":{\"method\":\"GET\",\"url\":\"Observation/o1\"}},"
                            "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/p1\"}}]}");
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.0.response.status"), ==, "403");
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.1.response.status"), ==, "403");
  g_assert_cmpstr (fhir_resource_path_text (batch->resource, "entry.2.response.status"), ==, "200");
  transaction =
      hub_fixture_send (fixture, "reception", "POST /fhir", NULL,
                        "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                        "{\"request\":{\"method\":\"GET\",\"url\":\"Observation?_count=1\"}}]}");
  hub_assert_outcome (transaction, 403);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/policy/table", test_table);
  g_test_add_func ("/hub/policy/nobody", test_nobody_may_nothing);
  policy_test ("/hub/policy/own-records", test_own_records_only);
  policy_test ("/hub/policy/searches", test_searches_show_own_only);
  policy_test ("/hub/policy/pharmacy", test_pharmacy_sees_its_tasks_only);
  policy_test ("/hub/policy/alerts", test_alerts);
  policy_test ("/hub/policy/alerts-leave-no-trace", test_alerts_leave_no_trace);
  policy_test ("/hub/policy/conditions", test_conditions_are_searches);
  policy_test ("/hub/policy/reception", test_reception);
  policy_test ("/hub/policy/reception-and-messages", test_reception_and_messages);
  policy_test ("/hub/policy/invitations", test_invitations);
  policy_test ("/hub/policy/batch", test_batch_asks_for_each);
  return g_test_run ();
}
