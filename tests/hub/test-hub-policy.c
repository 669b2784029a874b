/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "hub-policy.h"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

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

static void
put (HubFixture *fixture, const char *path, const char *body)
{
  g_autofree char *request = g_strconcat ("PUT /fhir/", path, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, body);

  g_assert_cmpuint (answer->status, ==, 201);
}

static void
add_records (HubFixture *fixture)
{
  put (fixture, "Patient/p1", "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
  put (fixture, "Patient/p2", "{\"resourceType\":\"Patient\",\"id\":\"p2\"}");
  put (fixture, "Observation/o1",
       "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"subject\":{\"reference\":\"Patient/"
       "p1\"}}");
  put (fixture, "Observation/o2",
       "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"subject\":{\"reference\":\"Patient/"
       "p2\"}}");
  put (fixture, "Organization/o1", "{\"resourceType\":\"Organization\",\"id\":\"o1\"}");
  put (fixture, "Task/t1",
       "{\"resourceType\":\"Task\",\"id\":\"t1\",\"for\":{\"reference\":\"Patient/"
       "p1\"},\"owner\":{\"reference\":\"" HUB_FIXTURE_PHARMACY "\"}}");
  put (fixture, "Task/t2",
       "{\"resourceType\":\"Task\",\"id\":\"t2\",\"for\":{\"reference\":\"Patient/"
       "p2\"},\"owner\":{\"reference\":\"Organization/o2\"}}");
}

/* Over HTTP, for what depends on the resource itself. */
static void
test_own_records_only (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *user, *request, *body;
    guint status;
  } cases[] = {
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

  add_records (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, cases[i].request, NULL, cases[i].body);

      g_test_message ("%s: %s", cases[i].user, cases[i].request);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
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
  add_records (fixture);
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

  add_records (fixture);
  put (fixture, "MedicationRequest/m1",
       "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"subject\":{\"reference\":\"Patient/"
       "p1\"}}");
  put (fixture, "MedicationRequest/m2",
       "{\"resourceType\":\"MedicationRequest\",\"id\":\"m2\",\"subject\":{\"reference\":\"Patient/"
       "p1\"}}");
  put (fixture, "Task/t3",
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

  add_records (fixture);
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

  put (fixture, path, body);
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

  add_records (fixture);
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

  add_records (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, cases[i].user, cases[i].request,
                                                       cases[i].header, cases[i].body);

      g_test_message ("%s: %s: %u %s", cases[i].user, cases[i].request, answer->status,
                      answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

/* What somebody signed is stopped by others, never rewritten under their name. */
static void
test_signed_by_another (HubFixture *fixture, gconstpointer data)
{
#define ORDER(requester, status, dose)                                                             \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"status\":\"" status                     \
  "\",\"subject\":{\"reference\":\"Patient/p1\"},\"requester\":{\"reference\":\"" requester        \
  "\"},\"dosageInstruction\":[{\"text\":\"" dose "\"}]}"
  static const struct
  {
    const char *user, *body;
    guint status;
  } cases[] = {
    { "prescriber", ORDER ("Practitioner/d9", "active", "100"), 403 },
    { "prescriber", ORDER (HUB_FIXTURE_PRACTITIONER, "active", "10"), 403 },
    { "prescriber", ORDER ("Practitioner/d9", "stopped", "10"), 200 },
    { "nurse", ORDER ("Practitioner/d9", "active", "10"), 403 },
  };

  put (fixture, "MedicationRequest/m1", ORDER ("Practitioner/d9", "active", "10"));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, "PUT /fhir/MedicationRequest/m1", NULL,
                            cases[i].body);

      g_test_message ("%s: %s", cases[i].user, cases[i].body);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
#undef ORDER
}

#define ORDER(requester, more)                                                                     \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"subject\":{\"reference\":\"Patient/"    \
  "p1\"}" requester more "}"
#define BY(reference) ",\"requester\":{\"reference\":\"" reference "\"}"
#define NAMED         ",\"requester\":{\"display\":\"Dr Ada Stone\"}"
#define ACTIVE        ",\"status\":\"active\""
#define REPORTED      ",\"reportedBoolean\":true"
#define NOTES(more)   ",\"note\":[{\"text\":\"with food\"}" more "]"

/* Nobody's order becomes another's, whichever way round; and others only end one. */
static void
test_order_stays_whose_it_is (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *stored, *body;
    guint status;
  } cases[] = {
    /* what somebody else is told to have ordered is not made their order */
    { ORDER (BY ("Practitioner/d9"), ACTIVE REPORTED), ORDER (BY ("Practitioner/d9"), ACTIVE),
      403 },
    { ORDER (BY (HUB_FIXTURE_PRACTITIONER), ACTIVE REPORTED),
      ORDER (BY (HUB_FIXTURE_PRACTITIONER), ACTIVE), 403 },
    { ORDER ("", ACTIVE), ORDER (BY ("Practitioner/d9"), ACTIVE), 403 },
    { ORDER ("", ACTIVE), ORDER (NAMED, ACTIVE), 403 },
    { ORDER ("", ACTIVE), ORDER (BY (HUB_FIXTURE_PRACTITIONER), ACTIVE), 200 },
    { ORDER (NAMED, ACTIVE), ORDER (BY ("Practitioner/d9"), ACTIVE), 403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE), ORDER ("", ACTIVE), 403 },
    /* others end it, and say why */
    { ORDER (BY ("Practitioner/d9"), ",\"status\":\"stopped\""),
      ORDER (BY ("Practitioner/d9"), ACTIVE), 403 },
    { ORDER (BY ("Practitioner/d9"), ",\"status\":\"draft\""),
      ORDER (BY ("Practitioner/d9"), ACTIVE), 403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE), ORDER (BY ("Practitioner/d9"), ""), 403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE),
      ORDER (BY ("Practitioner/d9"),
             ACTIVE ",\"modifierExtension\":[{\"url\":\"urn:x\",\"valueBoolean\":true}]"),
      403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE),
      ORDER (BY ("Practitioner/d9"),
             ACTIVE ",\"contained\":[{\"resourceType\":\"Medication\",\"id\":\"m\"}]"),
      403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE NOTES ("")),
      ORDER (BY ("Practitioner/d9"), ACTIVE ",\"note\":[{\"text\":\"twice\"}]"), 403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE NOTES ("")), ORDER (BY ("Practitioner/d9"), ACTIVE),
      403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE NOTES ("")),
      ORDER (BY ("Practitioner/d9"),
             ",\"status\":\"cancelled\",\"statusReason\":{\"text\":\"rash\"}" NOTES (
                 ",{\"text\":\"rash\"}")),
      200 },
    /* one's own is one's own */
    { ORDER (BY (HUB_FIXTURE_PRACTITIONER), ",\"status\":\"stopped\""),
      ORDER (BY (HUB_FIXTURE_PRACTITIONER), ACTIVE NOTES ("")), 200 },
  };
  g_autoptr (HubAnswer) posted =
      hub_fixture_send (fixture, "prescriber", "POST /fhir/MedicationRequest", NULL,
                        ORDER (NAMED, ACTIVE));

  g_assert_cmpuint (posted->status, ==, 403);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) stored =
          hub_fixture_send (fixture, "admin", "PUT /fhir/MedicationRequest/m1", NULL,
                            cases[i].stored);
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "prescriber", "PUT /fhir/MedicationRequest/m1", NULL,
                            cases[i].body);

      g_test_message ("%s to %s: %s", cases[i].stored, cases[i].body, answer->text);
      g_assert_cmpuint (stored->status, <, 300);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

#undef ORDER
#undef BY
#undef NAMED
#undef ACTIVE
#undef REPORTED
#undef NOTES

/* Whoever writes the record says who did, and that is nobody else. */
static void
test_provenance_in_own_name (HubFixture *fixture, gconstpointer data)
{
#define AGENT(reference) "{\"who\":{\"reference\":\"" reference "\"}}"
#define SAID(target, agents, more)                                                                 \
  "{\"resourceType\":\"Provenance\",\"target\":[{\"reference\":\"" target                          \
  "\"}],\"recorded\":\"2026-11-22T09:00:00Z\",\"agent\":[" agents "]" more "}"
  static const struct
  {
    const char *user, *body;
    guint status;
  } cases[] = {
    { "nurse", SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE), ""), 201 },
    { "nurse", SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE) "," AGENT ("Organization/o1"), ""),
      201 },
    /* another's name: alone, beside her own, as a bare name, and behind her */
    { "nurse", SAID ("Condition/c1", AGENT (HUB_FIXTURE_PRACTITIONER), ""), 403 },
    { "nurse",
      SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE) "," AGENT (HUB_FIXTURE_PRACTITIONER), ""),
      403 },
    { "nurse", SAID ("Condition/c1", "{\"who\":{\"display\":\"Dr Ada Stone\"}}", ""), 403 },
    { "nurse",
      SAID ("Condition/c1",
            "{\"who\":{\"reference\":\"" HUB_FIXTURE_NURSE
            "\"},\"onBehalfOf\":{\"reference\":\"" HUB_FIXTURE_PRACTITIONER "\"}}",
            ""),
      403 },
    { "nurse", SAID ("Condition/c1", AGENT ("Organization/o1"), ""), 403 },
    { "nurse", SAID ("Condition/c1", "", ""), 403 },
    { "nurse",
      SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE),
            ",\"signature\":[{\"who\":{\"reference\":\"" HUB_FIXTURE_PRACTITIONER "\"}}]"),
      403 },
    /* what she may not write she did not write */
    { "nurse", SAID ("MedicationRequest/m1", AGENT (HUB_FIXTURE_NURSE), ""), 403 },
    { "prescriber", SAID ("MedicationRequest/m1", AGENT (HUB_FIXTURE_PRACTITIONER), ""), 201 },
    { "prescriber", SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE), ""), 403 },
    { "reception", SAID ("Coverage/c1", AGENT (HUB_FIXTURE_RECEPTION), ""), 201 },
    { "reception", SAID ("Condition/c1", AGENT (HUB_FIXTURE_RECEPTION), ""), 403 },
    { "patient", SAID ("Condition/c1", AGENT ("Patient/p1"), ""), 403 },
    { "admin", SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE), ""), 201 },
  };

  add_records (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, "POST /fhir/Provenance", NULL, cases[i].body);

      g_test_message ("%s: %s: %s", cases[i].user, cases[i].body, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
#undef SAID
#undef AGENT
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

  add_records (fixture);
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
  static const struct
  {
    const char *user, *request, *body;
    guint status;
  } cases[] = {
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

  add_records (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, cases[i].request, NULL, cases[i].body);

      g_test_message ("%s: %s", cases[i].request, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
  g_assert_cmpuint (count_entries (fixture, "reception", "Consent?patient=p1"), ==, 1);
  g_assert_cmpuint (count_entries (fixture, "reception", "Communication?patient=p1"), ==, 1);
}

#define COVER(id, requester, owner, more)                                                          \
  "{\"resourceType\":\"Task\",\"id\":\"" id "\",\"status\":\"in-progress\",\"intent\":\"order\","  \
  "\"code\":{\"coding\":[{\"system\":\"https://"                                                   \
  "bedside.health/fhir/task\",\"code\":\"cover\"}]},\"requester\":{\"reference\":\"" requester     \
  "\"},\"owner\":{\"reference\":\"" owner                                                          \
  "\"},\"restriction\":{\"period\":{\"start\":\"2026-11-20T08:00:00Z\",\"end\":"                   \
  "\"2026-11-24T08:00:00Z\"}}" more "}"
#define ANSWERED(target, who, behalf, recorded, more)                                              \
  "{\"resourceType\":\"Provenance\",\"target\":[{\"reference\":\"" target                          \
  "\"}],\"recorded\":\"" recorded "\",\"agent\":[{\"who\":{\"reference\":\"" who                   \
  "\"},\"onBehalfOf\":{\"reference\":\"" behalf "\"}}]" more "}"
#define DURING "2026-11-22T09:00:00Z"

/* H18: one says of oneself that one is absent, and only who was asked to stand in answers for the
 * absent one, then, and signs nothing. */
static void
test_cover (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *user, *request, *body;
    guint status;
  } cases[] = {
    /* nobody has asked her yet */
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, DURING, ""), 403 },
    { "nurse", "PUT /fhir/Task/a1", COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_NURSE, ""),
      403 },
    { "prescriber", "PUT /fhir/Task/a1",
      COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_PRACTITIONER, ""), 403 },
    { "prescriber", "PUT /fhir/Task/a1",
      COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_NURSE,
             ",\"for\":{\"reference\":\"Patient/p1\"}"),
      403 },
    { "prescriber", "PUT /fhir/Task/a1",
      COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_NURSE, ""), 201 },
    /* now she answers for him: a task, while he is away, in her own name, unsigned */
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, DURING, ""), 201 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, "2026-11-19T09:00:00Z", ""),
      403 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_RECEPTION, DURING, ""), 403 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Condition/c1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, DURING, ""), 403 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, DURING,
                ",\"signature\":[{\"who\":{\"reference\":\"" HUB_FIXTURE_NURSE "\"}}]"),
      403 },
    /* nor behind a task something that is none */
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1\"},{\"reference\":\"Condition/c1", HUB_FIXTURE_NURSE,
                HUB_FIXTURE_PRACTITIONER, DURING, ""),
      403 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1\"},{\"reference\":\"Task/t2", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER,
                DURING, ""),
      201 },
    { "prescriber", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_NURSE, DURING, ""), 403 },
    /* who stands in neither ends the absence nor hands it on */
    { "nurse", "PUT /fhir/Task/a1", COVER ("a1", HUB_FIXTURE_NURSE, HUB_FIXTURE_RECEPTION, ""),
      403 },
    { "prescriber", "PUT /fhir/Task/a1",
      COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_RECEPTION, ""), 403 },
    { "nurse", "PUT /fhir/Task/t1", COVER ("t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_RECEPTION, ""),
      403 },
  };

  add_records (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, cases[i].request, NULL, cases[i].body);

      g_test_message ("%s: %s: %s", cases[i].user, cases[i].body, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

#define NOTE(id, author, status, words, more)                                                      \
  NOTE_THAT_IS ("current", id, author, status, words, more)
#define NOTE_THAT_IS(state, id, author, status, words, more)                                       \
  "{\"resourceType\":\"DocumentReference\",\"id\":\"" id "\",\"status\":\"" state "\","            \
  "\"docStatus\":\"" status "\",\"subject\":{\"reference\":\"Patient/p1\"},\"type\":{\"coding\":"  \
  "[{\"system\":\"http://loinc.org\",\"code\":\"11506-3\"}]},\"author\":[{\"reference\":\"" author \
  "\"}],\"content\":[{\"attachment\":{\"contentType\":\"text/plain\",\"data\":\"" words            \
  "\"}}]" more "}"
#define SUPERSEDED(id, author)  NOTE_THAT_IS ("superseded", id, author, "final", "Qg==", "")
#define ERROR(id, author, more) NOTE_THAT_IS ("entered-in-error", id, author, "final", "RA==", more)
#define VOUCHED(by)             ",\"authenticator\":{\"reference\":\"" by "\"}"
#define APPENDS(target)                                                                            \
  ",\"relatesTo\":[{\"code\":\"appends\",\"target\":{\"reference\":\"" target "\"}}]"
#define REQUEST(id, status, requester, owner, focus)                                               \
  "{\"resourceType\":\"Task\",\"id\":\"" id "\",\"status\":\"" status "\",\"intent\":\"order\","   \
  "\"code\":{\"coding\":[{\"system\":\"https://bedside.health/fhir/"                               \
  "task\",\"code\":\"co-sign\"}]},"                                                                \
  "\"for\":{\"reference\":\"Patient/p1\"},\"focus\":{\"reference\":\"" focus "\"},\"requester\":{" \
  "\"reference\":\"" requester "\"},\"owner\":{\"reference\":\"" owner "\"}}"
#define COSIGN(id, target, who)                                                                    \
  "{\"resourceType\":\"Provenance\",\"id\":\"" id "\",\"target\":[{\"reference\":\"" target        \
  "\"}],"                                                                                          \
  "\"recorded\":\"2026-11-22T09:00:00Z\",\"agent\":[{\"type\":{\"coding\":[{\"system\":"           \
  "\"http://terminology.hl7.org/CodeSystem/"                                                       \
  "provenance-participant-type\",\"code\":\"verifier\"}]},"                                        \
  "\"who\":{\"reference\":\"" who "\"}}],\"signature\":[{\"type\":[{\"system\":"                   \
  "\"urn:iso-astm:E1762-95:2013\",\"code\":\"1.2.840.10065.1.12.1.5\"}],\"when\":"                 \
  "\"2026-11-22T09:00:00Z\",\"who\":{\"reference\":\"" who "\"}}]}"
#define DOCTOR HUB_FIXTURE_PRACTITIONER
#define NURSE  HUB_FIXTURE_NURSE

typedef struct
{
  const char *user, *path, *body;
  guint status;
} Write; /* PUT where the path names an id, else POST */

static void
send_all (HubFixture *fixture, const Write *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      gboolean named = strchr (cases[i].path, '/') != NULL;
      g_autofree char *request =
          g_strconcat (named ? "PUT /fhir/" : "POST /fhir/", cases[i].path, NULL);
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, request, NULL, cases[i].body);

      g_test_message ("%" G_GSIZE_FORMAT " %s: %s: %s: %s", i, cases[i].user, cases[i].path,
                      cases[i].body, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

/* A signed note is of who signed it, stays what it is, and is only added to. */
static void
test_signed_note (HubFixture *fixture, gconstpointer data)
{
  static const Write cases[] = {
    { "nurse", "DocumentReference/n", NOTE ("n", DOCTOR, "final", "QQ==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "preliminary", "QQ==", ""), 201 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qg==", ""), 200 },
    /* not even by its author, and not by way of another state */
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qw==", ""), 403 },
    { "prescriber", "DocumentReference/n", NOTE ("n", DOCTOR, "final", "Qg==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "preliminary", "Qg==", ""), 403 },
    /* nor in what hides it: a state, a modifier, what it contains; its answer was lost: once more
     */
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "amended", "Qg==", ""), 403 },
    { "nurse", "DocumentReference/n", SUPERSEDED ("n", NURSE), 403 },
    { "prescriber", "DocumentReference/n", SUPERSEDED ("n", NURSE), 403 },
    { "prescriber", "DocumentReference/n",
      NOTE ("n", NURSE, "final",
            "Qg==", ",\"modifierExtension\":[{\"url\":\"urn:x\",\"valueBoolean\":true}]"),
      403 },
    { "prescriber", "DocumentReference/n",
      NOTE ("n", NURSE, "final",
            "Qg==", ",\"contained\":[{\"resourceType\":\"Practitioner\",\"id\":\"x\"}]"),
      403 },
    { "prescriber", "DocumentReference/n",
      NOTE ("n", NURSE, "final", "Qg==",
            ",\"text\":{\"status\":\"additional\",\"div\":\"<div "
            "xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"}"),
      403 },
    { "prescriber", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qg==", ""), 200 },
    /* nobody vouches for it unasked */
    { "nurse", "DocumentReference/v", NOTE ("v", NURSE, "final", "Qg==", VOUCHED (DOCTOR)), 403 },
    { "nurse", "DocumentReference/v",
      NOTE ("v", NURSE, "final", "Qg==", ",\"authenticator\":{\"display\":\"Dr Ada Stone\"}"),
      403 },
    { "nurse", "DocumentReference/v", NOTE ("v", NURSE, "preliminary", "Qg==", VOUCHED (DOCTOR)),
      201 },
    { "nurse", "DocumentReference/v", NOTE ("v", NURSE, "final", "Qg==", VOUCHED (DOCTOR)), 403 },
    { "nurse", "DocumentReference/v", NOTE ("v", NURSE, "final", "Qg==", VOUCHED (NURSE)), 200 },
    /* addenda: in one's own name, to a note that is signed */
    { "prescriber", "DocumentReference/a",
      NOTE ("a", DOCTOR, "final", "RA==", APPENDS ("DocumentReference/n")), 201 },
    { "prescriber", "DocumentReference/b",
      NOTE ("b", NURSE, "final", "RA==", APPENDS ("DocumentReference/n")), 403 },
    { "prescriber", "DocumentReference/b",
      NOTE ("b", DOCTOR, "final", "RA==", APPENDS ("DocumentReference/none")), 403 },
    { "reception", "DocumentReference/b", NOTE ("b", HUB_FIXTURE_RECEPTION, "final", "RA==", ""),
      403 },
    /* its author withdraws it, once, and says nothing else by that */
    { "prescriber", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qg==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qw==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qg==", ""), 200 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qg==", ""), 200 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qw==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qg==", ""), 403 },
    { "prescriber", "DocumentReference/a", ERROR ("a", DOCTOR, APPENDS ("DocumentReference/n")),
      200 },
    { "prescriber", "DocumentReference/a",
      NOTE ("a", DOCTOR, "final", "RA==", APPENDS ("DocumentReference/n")), 403 },
  };

  add_records (fixture);
  send_all (fixture, cases, G_N_ELEMENTS (cases));
}

/* The author asks a colleague; the colleague signs or answers, and nobody else. */
static void
test_co_signature (HubFixture *fixture, gconstpointer data)
{
  static const Write cases[] = {
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qg==", ""), 201 },
    { "nurse", "DocumentReference/o", NOTE ("o", NURSE, "preliminary", "Qg==", ""), 201 },
    /* nobody asked */
    { "prescriber", "Provenance", COSIGN ("s", "DocumentReference/n", DOCTOR), 403 },
    /* asking for another's note, in another's name, of oneself, of no one, for a draft */
    { "prescriber", "Task/q", REQUEST ("q", "requested", DOCTOR, NURSE, "DocumentReference/n"),
      403 },
    { "prescriber", "Task/q", REQUEST ("q", "requested", NURSE, DOCTOR, "DocumentReference/n"),
      403 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, NURSE, "DocumentReference/n"), 403 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, "Patient/p1", "DocumentReference/n"),
      403 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, DOCTOR, "DocumentReference/o"), 403 },
    { "nurse", "Task/q", REQUEST ("q", "completed", NURSE, DOCTOR, "DocumentReference/n"), 403 },
    { "patient", "Task/q", REQUEST ("q", "requested", "Patient/p1", DOCTOR, "DocumentReference/n"),
      403 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, DOCTOR, "DocumentReference/n"), 201 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, DOCTOR, "DocumentReference/n"), 200 },
    /* who is not asked, and asking somebody else by the same request */
    { "nurse", "Task/q", REQUEST ("q", "completed", NURSE, DOCTOR, "DocumentReference/n"), 403 },
    { "nurse", "Task/q",
      REQUEST ("q", "requested", NURSE, "Practitioner/d9", "DocumentReference/n"), 403 },
    { "prescriber", "Task/q", REQUEST ("q", "cancelled", NURSE, DOCTOR, "DocumentReference/n"),
      403 },
    { "prescriber", "Provenance", COSIGN ("s", "DocumentReference/n", NURSE), 403 },
    /* what was asked for */
    { "prescriber", "Provenance", COSIGN ("s", "DocumentReference/n", DOCTOR), 201 },
    { "prescriber", "Task/q", REQUEST ("q", "completed", NURSE, DOCTOR, "DocumentReference/n"),
      200 },
    { "prescriber", "Task/q", REQUEST ("q", "rejected", NURSE, DOCTOR, "DocumentReference/n"),
      403 },
    /* a request that was sent back or taken back opens nothing */
    { "nurse", "DocumentReference/m", NOTE ("m", NURSE, "final", "Qg==", ""), 201 },
    { "nurse", "Task/r", REQUEST ("r", "requested", NURSE, DOCTOR, "DocumentReference/m"), 201 },
    { "prescriber", "Task/r", REQUEST ("r", "rejected", NURSE, DOCTOR, "DocumentReference/m"),
      200 },
    { "prescriber", "Provenance", COSIGN ("t", "DocumentReference/m", DOCTOR), 403 },
    { "nurse", "Task/u", REQUEST ("u", "requested", NURSE, DOCTOR, "DocumentReference/m"), 201 },
    { "nurse", "Task/u", REQUEST ("u", "cancelled", NURSE, DOCTOR, "DocumentReference/m"), 200 },
    { "prescriber", "Provenance", COSIGN ("t", "DocumentReference/m", DOCTOR), 403 },
    /* no other task becomes one */
    { "prescriber", "Task/t1", REQUEST ("t1", "requested", NURSE, DOCTOR, "DocumentReference/m"),
      403 },
  };

  add_records (fixture);
  send_all (fixture, cases, G_N_ELEMENTS (cases));
}

/* A client whose answer was lost says it once more; another may not say it after. */
static void
test_provenance_twice (HubFixture *fixture, gconstpointer data)
{
  static const char body[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"request\":{\"method\":"
      "\"PUT\",\"url\":\"Provenance/v1\"},\"resource\":{\"resourceType\":\"Provenance\",\"id\":"
      "\"v1\",\"target\":[{\"reference\":\"Coverage/c1\"}],\"agent\":[{\"who\":{\"reference\":"
      "\"" HUB_FIXTURE_RECEPTION "\"}}]}}]}";
  static const struct
  {
    const char *user;
    guint status;
  } cases[] = { { "reception", 200 }, { "reception", 200 }, { "nurse", 403 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, "POST /fhir", NULL, body);

      g_test_message ("%s: %s", cases[i].user, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
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

  put (fixture, "Task/i1",
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

  add_records (fixture);
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
  fixture_test ("/hub/policy/own-records", test_own_records_only);
  fixture_test ("/hub/policy/searches", test_searches_show_own_only);
  fixture_test ("/hub/policy/pharmacy", test_pharmacy_sees_its_tasks_only);
  fixture_test ("/hub/policy/alerts", test_alerts);
  fixture_test ("/hub/policy/alerts-leave-no-trace", test_alerts_leave_no_trace);
  fixture_test ("/hub/policy/conditions", test_conditions_are_searches);
  fixture_test ("/hub/policy/signed-by-another", test_signed_by_another);
  fixture_test ("/hub/policy/order", test_order_stays_whose_it_is);
  fixture_test ("/hub/policy/provenance", test_provenance_in_own_name);
  fixture_test ("/hub/policy/reception", test_reception);
  fixture_test ("/hub/policy/reception-and-messages", test_reception_and_messages);
  fixture_test ("/hub/policy/provenance-twice", test_provenance_twice);
  fixture_test ("/hub/policy/cover", test_cover);
  fixture_test ("/hub/policy/invitations", test_invitations);
  fixture_test ("/hub/policy/batch", test_batch_asks_for_each);
  fixture_test ("/hub/policy/signed-note", test_signed_note);
  fixture_test ("/hub/policy/co-signature", test_co_signature);
  return g_test_run ();
}
