/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "hub-supply-wait.h"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

/* What a pharmacy and the clinic say to each other of one prescription, over HTTP as each of them.
 * JSON is written with ' for ". */

static char *
quote (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static guint
say (HubFixture *fixture, const char *user, const char *request, const char *body)
{
  g_autofree char *json = body != NULL ? quote (body) : NULL;
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, json);

  g_test_message ("%s %s: %u %s", user, request, answer->status,
                  answer->status >= 400 && answer->text ? answer->text : "");
  return answer->status;
}

static FhirResource *
read_it (HubFixture *fixture, const char *reference)
{
  g_autofree char *request = g_strconcat ("GET /fhir/", reference, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return fhir_resource_ref (answer->resource);
}

static void
expect_status (HubFixture *fixture, const char *reference, const char *status)
{
  g_autoptr (FhirResource) resource = read_it (fixture, reference);

  g_assert_cmpstr (fhir_resource_path_text (resource, "status"), ==, status);
}

/* How many Tasks of a code there are. */
static guint
count_tasks (HubFixture *fixture, const char *code)
{
  g_autofree char *request = g_strdup_printf ("GET /fhir/Task?code=%s", code);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return (guint) fhir_element_get_length (fhir_resource_path (answer->resource, "entry"));
}

static char *
task (const char *id, const char *code, const char *patient, const char *owner, const char *rest)
{
  return g_strdup_printf (
      "{'resourceType':'Task','id':'%s','intent':'order',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'%s'}]},"
      "'focus':{'reference':'MedicationRequest/m1'},'for':{'reference':'Patient/%s'},"
      "'owner':{'reference':'%s'},'authoredOn':'2026-11-21T09:00:00Z',%s}",
      id, code, patient, owner, rest);
}

static guint
say_task (HubFixture *fixture, const char *user, const char *rest)
{
  g_autofree char *body = task ("t1", "dispense", "p1", HUB_FIXTURE_PHARMACY, rest);

  return say (fixture, user, "PUT /fhir/Task/t1", body);
}

static guint
say_cancel (HubFixture *fixture, const char *user, const char *rest)
{
  g_autofree char *body = task ("c1", "cancel-supply", "p1", HUB_FIXTURE_PHARMACY, rest);

  return say (fixture, user, "PUT /fhir/Task/c1", body);
}

static guint
say_dispense (
    HubFixture *fixture, const char *id, const char *patient, const char *request, int tablets)
{
  g_autofree char *path = g_strdup_printf ("PUT /fhir/MedicationDispense/%s", id);
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'MedicationDispense','id':'%s','status':'completed',"
      "'subject':{'reference':'Patient/%s'},'whenHandedOver':'2026-11-22T12:00:00Z',"
      "'authorizingPrescription':[{'reference':'MedicationRequest/%s'}],"
      "'performer':[{'actor':{'reference':'" HUB_FIXTURE_PHARMACY "'}}],"
      "'quantity':{'value':%d,'unit':'tablet'}}",
      id, patient, request, tablets);

  return say (fixture, "pharmacy", path, body);
}

#define ORDER(id, patient, status)                                                                 \
  "{'resourceType':'MedicationRequest','id':'" id "','status':'" status "','intent':'order',"      \
  "'subject':{'reference':'Patient/" patient "'},"                                                 \
  "'medicationCodeableConcept':{'text':'Amlodipine 5 mg'},"                                        \
  "'dispenseRequest':{'numberOfRepeatsAllowed':0,'quantity':{'value':28,'unit':'tablet'}}}"

static void
add_order (HubFixture *fixture)
{
  static const struct
  {
    const char *request, *body;
  } records[] = {
    { "PUT /fhir/Patient/p1", "{'resourceType':'Patient','id':'p1'}" },
    { "PUT /fhir/Patient/p2", "{'resourceType':'Patient','id':'p2'}" },
    { "PUT /fhir/Organization/o1", "{'resourceType':'Organization','id':'o1'}" },
    { "PUT /fhir/Organization/o2", "{'resourceType':'Organization','id':'o2'}" },
    { "PUT /fhir/MedicationRequest/m1", ORDER ("m1", "p1", "active") },
    { "PUT /fhir/MedicationRequest/m2", ORDER ("m2", "p2", "active") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    g_assert_cmpuint (say (fixture, "admin", records[i].request, records[i].body), ==, 201);
  g_assert_cmpuint (say_task (fixture, "admin", "'status':'requested'"), ==, 201);
}

/* Every step once; each again is as once; none goes back. */
static void
test_goes_on_and_never_back (HubFixture *fixture, gconstpointer data)
{
  static const char *const steps[] = { "requested", "accepted", "in-progress", "ready",
                                       "completed" };

  add_order (fixture);
  for (gsize i = 1; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *now = g_strdup_printf ("'status':'%s'", steps[i]);

      g_assert_cmpuint (say_task (fixture, "pharmacy", now), ==, 200);
      g_assert_cmpuint (say_task (fixture, "pharmacy", now), ==, 200);
      for (gsize before = 0; before < i; before++)
        {
          g_autofree char *old = g_strdup_printf ("'status':'%s'", steps[before]);

          if (i == 2 && before == 1)
            continue; /* accepted and in progress say the same */
          g_assert_cmpuint (say_task (fixture, "pharmacy", old), ==, 409);
        }
      expect_status (fixture, "Task/t1", steps[i]);
    }
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'rejected'"), ==, 409);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'cancelled'"), ==, 409);
}

static void
test_only_who_sent_it_takes_it_back (HubFixture *fixture, gconstpointer data)
{
  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'cancelled'"), ==, 403);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'on-hold'"), ==, 200);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'accepted'"), ==, 200);
}

/* That it was received is said once and first: replayed, it would stop an order that is being
 * prepared, and ask nobody. */
static void
test_received_late (HubFixture *fixture, gconstpointer data)
{
  static const char *const later[] = { "accepted", "on-hold", "in-progress", "ready" };

  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'received'"), ==, 200);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'received'"), ==, 200);
  for (gsize i = 0; i < G_N_ELEMENTS (later); i++)
    {
      g_autofree char *now = g_strdup_printf ("'status':'%s'", later[i]);

      g_assert_cmpuint (say_task (fixture, "pharmacy", now), ==, 200);
      g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'received'"), ==, 409);
      expect_status (fixture, "Task/t1", later[i]);
    }
}

/* ---- who says it, and of whom ---- */

/* A Task with what differs from case to case, or is left out. */
static char *
plain (const char *code, const char *focus, const char *patient, const char *rest)
{
  return g_strdup_printf ("{'resourceType':'Task','id':'x','intent':'order','status':'requested',"
                          "'code':{'coding':[%s]},'focus':{'reference':'MedicationRequest/%s'},"
                          "'for':{'reference':'Patient/%s'}%s}",
                          code, focus, patient, rest);
}

#define CODE(code)  "{'system':'https://bedside.health/fhir/task','code':'" code "'}"
#define BY_PATIENT  ",'requester':{'reference':'Patient/p1'}"
#define OF_PHARMACY ",'owner':{'reference':'" HUB_FIXTURE_PHARMACY "'}"

/* Neither of somebody else's prescription nor of their own; what else they write stays theirs. */
static void
test_patients_write_none (HubFixture *fixture, gconstpointer data)
{
  static const char *const codes[] = {
    CODE ("dispense"),     CODE ("cancel-supply"),     CODE ("never-collected"),
    CODE ("call-patient"), CODE ("pharmacy-question"), CODE ("question") "," CODE ("cancel-supply")
  };
  g_autofree char *other = plain (CODE ("question"), "m1", "p1", BY_PATIENT);
  g_autofree char *theirs =
      task ("t1", "dispense", "p1", HUB_FIXTURE_PHARMACY, "'status':'cancelled'" BY_PATIENT);
  g_autofree char *chosen =
      task ("t1", "dispense", "p1", HUB_FIXTURE_PHARMACY, "'status':'requested'" BY_PATIENT);

  add_order (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    for (guint own = 0; own < 2; own++)
      {
        g_autofree char *body = plain (codes[i], own ? "m1" : "m2", "p1", BY_PATIENT);

        g_assert_cmpuint (say (fixture, "patient", "PUT /fhir/Task/x", body), ==, 403);
        g_assert_cmpuint (say (fixture, "patient", "POST /fhir/Task", body), ==, 403);
      }
  g_assert_cmpuint (say (fixture, "patient", "PUT /fhir/Task/x", other), ==, 201);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *body = plain (codes[i], "m2", "p1", BY_PATIENT);

      g_assert_cmpuint (say (fixture, "patient", "PUT /fhir/Task/x", body), ==, 403);
    }
  /* what the hub wrote for them, when they chose */
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Task/t1", chosen), ==, 200);
  g_assert_cmpuint (say (fixture, "patient", "PUT /fhir/Task/t1", theirs), ==, 403);
  g_assert_cmpuint (say (fixture, "nurse", "PUT /fhir/Task/t1", theirs), ==, 200);
}

static void
test_the_desk_writes_none (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *call = plain (CODE ("call-me"), "m1", "p1", "");
  g_autofree char *both = plain (CODE ("call-me") "," CODE ("cancel-supply"), "m1", "p1", "");

  add_order (fixture);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Task/x", call), ==, 201);
  g_assert_cmpuint (say (fixture, "reception", "PUT /fhir/Task/x", both), ==, 403);
  expect_status (fixture, "Task/t1", "requested");
}

/* However it came in: for one patient, about another one's prescription, it is about neither. */
static void
test_tasks_of_another_patient_count_for_nothing (HubFixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "a", "z" };

  add_order (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *path = g_strconcat ("PUT /fhir/Task/", ids[i], NULL);
      g_autofree char *stop =
          task (ids[i], "cancel-supply", "p2", HUB_FIXTURE_PHARMACY, "'status':'requested'");
      g_autofree char *asks = task (ids[i], "dispense", "p2", HUB_FIXTURE_PHARMACY,
                                    "'status':'rejected','statusReason':{'text':'no'}");
      g_autofree char *elsewhere =
          task (ids[i], "dispense", "p2", "Organization/o2", "'status':'requested'");

      g_assert_cmpuint (say (fixture, "admin", path, stop), ==, 201);
      expect_status (fixture, "Task/t1", "requested");
      g_assert_cmpuint (say (fixture, "admin", path, asks), ==, 200);
      g_assert_cmpuint (count_tasks (fixture, "pharmacy-question"), ==, 0);
      g_assert_cmpuint (say (fixture, "admin", path, elsewhere), ==, 200);
    }
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m1", 28), ==, 201);
}

/* A task of another kind opens the record that it was made for, and no other. */
static void
test_a_pharmacy_keeps_what_a_task_is_about (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *before = plain (CODE ("question"), "m1", "p1", OF_PHARMACY);
  g_autofree char *code = plain (CODE ("dispense"), "m1", "p1", OF_PHARMACY);
  g_autofree char *focus = plain (CODE ("question"), "m2", "p1", OF_PHARMACY);
  g_autofree char *patient = plain (CODE ("question"), "m1", "p2", OF_PHARMACY);
  g_autofree char *words =
      plain (CODE ("question"), "m1", "p1", OF_PHARMACY ",'description':'seen'");

  add_order (fixture);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Task/x", before), ==, 201);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/x", code), ==, 403);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/x", focus), ==, 403);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/x", patient), ==, 403);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/MedicationRequest/m2", NULL), ==, 403);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Task/x", focus), ==, 200);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/MedicationRequest/m2", NULL), ==, 403);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/MedicationRequest/m1", NULL), ==, 200);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Task/x", before), ==, 200);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/x", words), ==, 200);
}

/* An answer for another patient, another prescription, or in another pharmacy's name. */
static void
test_answers_for_its_patient_only (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *other_patient =
      task ("t1", "dispense", "p2", HUB_FIXTURE_PHARMACY, "'status':'accepted'");
  g_autofree char *other_code =
      task ("t1", "cancel-supply", "p1", HUB_FIXTURE_PHARMACY, "'status':'accepted'");
  g_autofree char *other_owner =
      task ("t1", "dispense", "p1", "Organization/o2", "'status':'accepted'");
  g_autofree char *long_reason = g_strnfill (1001, 'x');
  g_autofree char *wordy =
      g_strdup_printf ("'status':'rejected','statusReason':{'text':'%s'}", long_reason);

  add_order (fixture);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/t1", other_patient), ==, 403);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/t1", other_code), ==, 403);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/t1", other_owner), ==, 403);
  g_assert_cmpuint (say_task (fixture, "pharmacy", wordy), ==, 422);
  expect_status (fixture, "Task/t1", "requested");
  /* whom it does not know; a prescription that was not sent to it; one patient's for another's */
  g_assert_cmpuint (say_dispense (fixture, "d1", "p2", "m2", 28), ==, 403);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m2", 28), ==, 422);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "none", 28), ==, 422);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m1", 28), ==, 201);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m2", 28), ==, 422);
}

/* From paper, from a replayed message, or by mistake: handed out as often as it may be. */
static void
test_no_second_dispensing (HubFixture *fixture, gconstpointer data)
{
  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'accepted'"), ==, 200);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m1", 10), ==, 201);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m1", 10), ==, 200); /* the same again */
  g_assert_cmpuint (say_dispense (fixture, "d2", "p1", "m1", 28), ==, 409);
  g_assert_cmpuint (say_dispense (fixture, "d2", "p1", "m1", 18), ==, 201);
  g_assert_cmpuint (say_dispense (fixture, "d3", "p1", "m1", 1), ==, 409);
  g_assert_cmpuint (say_dispense (fixture, "d3", "p1", "m1", 28), ==, 409);
  g_assert_cmpuint (say_dispense (fixture, "d2", "p1", "m1", 28), ==,
                    409); /* nor by changing one */
}

/* ---- cancelling, graded ---- */

static void
cancel (HubFixture *fixture)
{
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/MedicationRequest/m1",
                         ORDER ("m1", "p1", "cancelled")),
                    ==, 200);
  g_assert_cmpuint (say_cancel (fixture, "prescriber", "'status':'requested'"), ==, 201);
}

static void
test_cancel_not_taken (HubFixture *fixture, gconstpointer data)
{
  add_order (fixture);
  cancel (fixture);
  expect_status (fixture, "Task/t1", "cancelled");
  expect_status (fixture, "Task/c1", "completed");
  g_assert_cmpuint (count_tasks (fixture, "call-patient"), ==, 0);
  /* the pharmacy comes a moment too late */
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'accepted'"), ==, 409);
}

static void
test_cancel_agreed (HubFixture *fixture, gconstpointer data)
{
  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'accepted'"), ==, 200);
  cancel (fixture);
  expect_status (fixture, "Task/t1", "accepted");
  expect_status (fixture, "Task/c1", "requested");
  g_assert_cmpuint (say_cancel (fixture, "pharmacy", "'status':'completed'"), ==, 200);
  expect_status (fixture, "Task/t1", "cancelled");
  g_assert_cmpuint (count_tasks (fixture, "call-patient"), ==, 0);
}

static void
test_cancel_refused (HubFixture *fixture, gconstpointer data)
{
  static const char refused[] = "'status':'rejected','statusReason':{'text':'just collected'}";

  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'ready'"), ==, 200);
  cancel (fixture);
  g_assert_cmpuint (say_cancel (fixture, "pharmacy", refused), ==, 200);
  g_assert_cmpuint (say_cancel (fixture, "pharmacy", refused), ==, 200);
  g_assert_cmpuint (count_tasks (fixture, "call-patient"), ==, 1);
  g_assert_cmpuint (say_cancel (fixture, "pharmacy", "'status':'completed'"), ==, 409);
}

static void
test_cancel_after_it_was_handed_out (HubFixture *fixture, gconstpointer data)
{
  add_order (fixture);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m1", 28), ==, 201);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'completed'"), ==, 200);
  cancel (fixture);
  expect_status (fixture, "Task/c1", "rejected");
  g_assert_cmpuint (count_tasks (fixture, "call-patient"), ==, 1);
}

/* It agreed, and handed it out all the same: that is recorded, and somebody calls. */
static void
test_handed_out_after_it_agreed (HubFixture *fixture, gconstpointer data)
{
  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'accepted'"), ==, 200);
  cancel (fixture);
  g_assert_cmpuint (say_cancel (fixture, "pharmacy", "'status':'completed'"), ==, 200);
  g_assert_cmpuint (count_tasks (fixture, "call-patient"), ==, 0);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m1", 28), ==, 201);
  g_assert_cmpuint (count_tasks (fixture, "call-patient"), ==, 1);
}

/* ---- what a pharmacy asks ---- */

static void
test_question_is_a_task (HubFixture *fixture, gconstpointer data)
{
  static const char asks[] = "'status':'on-hold','statusReason':{'text':'is this dose meant?'}";

  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", "'status':'accepted'"), ==, 200);
  g_assert_cmpuint (count_tasks (fixture, "pharmacy-question"), ==, 0);
  g_assert_cmpuint (say_task (fixture, "pharmacy", asks), ==, 200);
  g_assert_cmpuint (say_task (fixture, "pharmacy", asks), ==, 200);
  g_assert_cmpuint (count_tasks (fixture, "pharmacy-question"), ==, 1);
  g_assert_cmpuint (say_task (fixture, "pharmacy",
                              "'status':'on-hold','statusReason':{'text':'out of stock'}"),
                    ==, 200);
  g_assert_cmpuint (count_tasks (fixture, "pharmacy-question"), ==, 2);
  g_assert_cmpuint (say_task (fixture, "pharmacy",
                              "'status':'rejected','statusReason':{'text':'no more of it'}"),
                    ==, 200);
  g_assert_cmpuint (count_tasks (fixture, "pharmacy-question"), ==, 3);
}

/* ---- never collected ---- */

static gboolean
look_work (StoreConnection *connection, gpointer data, GError **error)
{
  return hub_supply_wait_look (connection, 14, error);
}

static guint
look (HubFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->data->store, BASE_LANE_PERSON, look_work, NULL, &error);
  g_assert_no_error (error);
  return count_tasks (fixture, "never-collected");
}

static gboolean
list_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) due = hub_supply_wait_list (connection, 14, error);

  *(guint *) data = due != NULL ? due->len : 0;
  return due != NULL;
}

/* What there is to write, which a reader can say. */
static guint
due (HubFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  store_database_read (fixture->data->store, list_work, &n, &error);
  g_assert_no_error (error);
  return n;
}

static char *
ready_since (HubFixture *fixture)
{
  g_autofree char *now = base_clock_dup_instant (fixture->clock);

  return g_strdup_printf ("'status':'ready','lastModified':'%s'", now);
}

/* After the days that somebody may take, once; and it is over when somebody comes after all. */
static void
test_never_collected (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *ready = ready_since (fixture);
  g_autoptr (HubAnswer) found = NULL;
  const char *status;

  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", ready), ==, 200);
  g_assert_cmpuint (look (fixture), ==, 0);
  base_clock_advance (fixture->clock, 14 * G_TIME_SPAN_DAY - G_TIME_SPAN_HOUR);
  g_assert_cmpuint (look (fixture), ==, 0);
  g_assert_cmpuint (due (fixture), ==, 0);
  base_clock_advance (fixture->clock, 2 * G_TIME_SPAN_HOUR);
  g_assert_cmpuint (due (fixture), ==, 1);
  g_assert_cmpuint (look (fixture), ==, 1);
  g_assert_cmpuint (due (fixture), ==, 0);
  g_assert_cmpuint (look (fixture), ==, 1);
  g_assert_cmpuint (say_dispense (fixture, "d1", "p1", "m1", 28), ==, 201);
  found = hub_fixture_send (fixture, "admin", "GET /fhir/Task?code=never-collected", NULL, NULL);
  status = fhir_resource_path_text (found->resource, "entry.0.resource.status");
  g_assert_cmpstr (status, ==, "completed");
  g_assert_cmpuint (look (fixture), ==, 1);
}

/* What was cancelled is nobody's to collect, and what waited for months is history. */
static void
test_nobody_is_called_for_nothing (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *ready = ready_since (fixture);

  add_order (fixture);
  g_assert_cmpuint (say_task (fixture, "pharmacy", ready), ==, 200);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/MedicationRequest/m1",
                         ORDER ("m1", "p1", "cancelled")),
                    ==, 200);
  base_clock_advance (fixture->clock, 20 * G_TIME_SPAN_DAY);
  g_assert_cmpuint (look (fixture), ==, 0);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/MedicationRequest/m1",
                         ORDER ("m1", "p1", "active")),
                    ==, 200);
  base_clock_advance (fixture->clock, 200 * G_TIME_SPAN_DAY);
  g_assert_cmpuint (look (fixture), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/supply/goes-on-and-never-back", test_goes_on_and_never_back);
  fixture_test ("/hub/supply/only-who-sent-it-takes-it-back", test_only_who_sent_it_takes_it_back);
  fixture_test ("/hub/supply/received-late", test_received_late);
  fixture_test ("/hub/supply/patients-write-none", test_patients_write_none);
  fixture_test ("/hub/supply/the-desk-writes-none", test_the_desk_writes_none);
  fixture_test ("/hub/supply/tasks-of-another-patient-count-for-nothing",
                test_tasks_of_another_patient_count_for_nothing);
  fixture_test ("/hub/supply/a-pharmacy-keeps-what-a-task-is-about",
                test_a_pharmacy_keeps_what_a_task_is_about);
  fixture_test ("/hub/supply/answers-for-its-patient-only", test_answers_for_its_patient_only);
  fixture_test ("/hub/supply/no-second-dispensing", test_no_second_dispensing);
  fixture_test ("/hub/supply/cancel-not-taken", test_cancel_not_taken);
  fixture_test ("/hub/supply/cancel-agreed", test_cancel_agreed);
  fixture_test ("/hub/supply/cancel-refused", test_cancel_refused);
  fixture_test ("/hub/supply/cancel-after-it-was-handed-out", test_cancel_after_it_was_handed_out);
  fixture_test ("/hub/supply/handed-out-after-it-agreed", test_handed_out_after_it_agreed);
  fixture_test ("/hub/supply/question-is-a-task", test_question_is_a_task);
  fixture_test ("/hub/supply/never-collected", test_never_collected);
  fixture_test ("/hub/supply/nobody-is-called-for-nothing", test_nobody_is_called_for_nothing);
  return g_test_run ();
}
