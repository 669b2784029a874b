/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "care-supply-code.h"
#include "care-supply.h"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

/* A patient's code at a counter, over HTTP: what the pharmacy has of it, once, and that paper and
 * message are one prescription. JSON is written with ' for ". */

#define NUMBER "01a00000-0000-7000-8000-000000000001"
#define TOKEN  "0123456789abcdef01234567"
#define OTHER  "76543210fedcba9876543210"

static guint
say (HubFixture *fixture, const char *user, const char *request, const char *body)
{
  g_autofree char *json = body != NULL ? g_strdelimit (g_strdup (body), "'", '"') : NULL;
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, json);

  g_test_message ("%s %s: %u %s", user, request, answer->status,
                  answer->status >= 400 && answer->text ? answer->text : "");
  return answer->status;
}

static guint
collect (HubFixture *fixture, const char *user, const char *number, const char *token)
{
  g_autofree char *request = g_strdup_printf ("POST /fhir/MedicationRequest/%s/$collect", number);
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'Parameters','parameter':[{'name':'token','valueString':'%s'}]}", token);

  return say (fixture, user, request, body);
}

static FhirResource *
read_it (HubFixture *fixture, const char *user, const char *reference)
{
  g_autofree char *request = g_strconcat ("GET /fhir/", reference, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return fhir_resource_ref (answer->resource);
}

/* As the workstation sends what it signed, and what it printed, when it is connected again. */
static void
send_order_as (HubFixture *fixture, const char *status, const char *intent)
{
  g_autofree char *order = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'" NUMBER "','status':'%s','intent':%s,"
      "'identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID "','value':'" NUMBER "'}],"
      "'subject':{'reference':'Patient/p1'},'medicationCodeableConcept':{'text':'Amlodipine 5 mg'},"
      "'dispenseRequest':{'numberOfRepeatsAllowed':0,'quantity':{'value':28,'unit':'tablet'}}}",
      status, intent);

  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/MedicationRequest/" NUMBER, order), <, 300);
}

static void
send_order (HubFixture *fixture, const char *status)
{
  send_order_as (fixture, status, "'order'");
}

static void
send_printed (HubFixture *fixture, const char *token)
{
  g_autofree char *task = g_strdup_printf (
      "{'resourceType':'Task','id':'c%.8s','status':'requested','intent':'order',"
      "'identifier':[{'system':'" CARE_SYSTEM_COLLECT "','value':'%s'}],"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'collect'}]},"
      "'businessStatus':{'coding':[{'system':'https://bedside.health/fhir/"
      "task','code':'printed'}]},"
      "'focus':{'reference':'MedicationRequest/" NUMBER "'},'for':{'reference':'Patient/p1'}}",
      token, token);
  g_autofree char *request = g_strdup_printf ("PUT /fhir/Task/c%.8s", token);

  g_assert_cmpuint (say (fixture, "admin", request, task), ==, 201);
}

static void
start (HubFixture *fixture)
{
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Patient/p1",
                         "{'resourceType':'Patient','id':'p1'}"),
                    ==, 201);
}

static guint
hand_out (HubFixture *fixture, const char *id, int tablets)
{
  g_autofree char *request = g_strdup_printf ("PUT /fhir/MedicationDispense/%s", id);
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'MedicationDispense','id':'%s','status':'completed',"
      "'subject':{'reference':'Patient/p1'},'whenHandedOver':'2026-11-22T12:00:00Z',"
      "'authorizingPrescription':[{'reference':'MedicationRequest/" NUMBER "'}],"
      "'performer':[{'actor':{'reference':'" HUB_FIXTURE_PHARMACY "'}}],"
      "'quantity':{'value':%d,'unit':'tablet'}}",
      id, tablets);

  return say (fixture, "pharmacy", request, body);
}

/* (transfer full) (nullable): the pharmacy's only order */
static FhirResource *
find_order (HubFixture *fixture, guint expected)
{
  g_autoptr (HubAnswer) answer =
      hub_fixture_send (fixture, "pharmacy", "GET /fhir/Task?code=dispense", NULL, NULL);
  const FhirElement *entries = fhir_resource_path (answer->resource, "entry");

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (fhir_element_get_length (entries), ==, expected);
  return expected == 0
             ? NULL
             : fhir_resource_new_from_element (fhir_element_get (fhir_element_at (entries, 0),
                                                                 "resource"),
                                               NULL);
}

/* Printed while nothing was connected; sent later; handed out by the paper: exactly once. */
static void
test_paper_then_message (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (FhirResource) order = NULL, token = NULL;

  start (fixture);
  /* the patient is at the counter before the network is back */
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 404);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  /* sent twice, as where an answer was lost */
  send_order (fixture, "active");
  g_assert_cmpuint (hand_out (fixture, "d1", 28), ==, 403); /* not sent to this pharmacy yet */
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 200);
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==,
                    200); /* its answer was lost */
  order = find_order (fixture, 1);
  g_assert_cmpstr (fhir_resource_path_text (order, "status"), ==, "requested");
  token = read_it (fixture, "admin", "Task/c01234567");
  g_assert_cmpstr (fhir_resource_path_text (token, "status"), ==, "completed");
  g_assert_cmpuint (hand_out (fixture, "d1", 28), ==, 201);
  g_assert_cmpuint (hand_out (fixture, "d1", 28), ==, 200); /* the same again */
  g_assert_cmpuint (hand_out (fixture, "d2", 28), ==, 409); /* the message, as if it were another */
}

/* Nothing is found out by trying, and nobody but a pharmacy tries. */
static void
test_wrong_tokens (HubFixture *fixture, gconstpointer data)
{
  static const char *const users[] = { "patient", "nurse", "prescriber", "reception", "admin" };

  start (fixture);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, OTHER), ==, 404);
  g_assert_cmpuint (collect (fixture, "pharmacy", "another", TOKEN), ==, 404);
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, ""), ==, 400);
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, "0,1"), ==, 400);
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN "|"), ==, 400);
  g_assert_cmpuint (say (fixture, "pharmacy", "POST /fhir/MedicationRequest/" NUMBER "/$collect",
                         "{'resourceType':'Parameters'}"),
                    ==, 400);
  g_assert_cmpuint (say (fixture, "pharmacy", "POST /fhir/MedicationRequest/" NUMBER "/$collect",
                         "not JSON"),
                    ==, 400);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/MedicationRequest/" NUMBER "/$collect",
                         NULL),
                    ==, 405);
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    g_assert_cmpuint (collect (fixture, users[i], NUMBER, TOKEN), ==, 403);
  g_assert_null (find_order (fixture, 0));
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 200);
}

static void
put_order_at (HubFixture *fixture, const char *owner, const char *status)
{
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'Task','id':'chosen','intent':'order','status':'%s',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'dispense'}]},"
      "'focus':{'reference':'MedicationRequest/" NUMBER "'},'for':{'reference':'Patient/p1'},"
      "'owner':{'reference':'%s'}}",
      status, owner);

  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Task/chosen", body), <, 300);
}

/* The patient chose one pharmacy, and stands in another: that one has it, unless the first began.
 */
static void
test_at_another_pharmacy (HubFixture *fixture, gconstpointer data)
{
  static const char *const begun[] = { "accepted", "in-progress", "on-hold", "ready" };
  g_autoptr (FhirResource) order = NULL;

  start (fixture);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  for (gsize i = 0; i < G_N_ELEMENTS (begun); i++)
    {
      put_order_at (fixture, "Organization/o2", begun[i]);
      g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 409);
    }
  put_order_at (fixture, "Organization/o2", "requested");
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 200);
  order = find_order (fixture, 1);
  g_assert_cmpstr (fhir_resource_get_id (order), ==, "chosen"); /* one Task, and no second one */
  g_assert_cmpstr (fhir_resource_path_text (order, "owner.reference"), ==, HUB_FIXTURE_PHARMACY);
}

static void
test_used_elsewhere (HubFixture *fixture, gconstpointer data)
{
  start (fixture);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  g_assert_cmpuint (
      say (fixture, "admin", "PUT /fhir/Task/c01234567",
           "{'resourceType':'Task','id':'c01234567','status':'completed','intent':'order',"
           "'identifier':[{'system':'" CARE_SYSTEM_COLLECT "','value':'" TOKEN "'}],"
           "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'collect'}]},"
           "'owner':{'reference':'Organization/o2'},"
           "'focus':{'reference':'MedicationRequest/" NUMBER "'},'for':{'reference':'Patient/"
           "p1'}}"),
      ==, 200);
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 409);
  g_assert_null (find_order (fixture, 0));
}

/* Stopped in the meantime: nothing is handed out by the paper. */
static void
test_stopped_meanwhile (HubFixture *fixture, gconstpointer data)
{
  start (fixture);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  send_order (fixture, "stopped");
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 409);
  g_assert_null (find_order (fixture, 0));
}

/* Nobody reads tokens but the clinic, and whoever has used one. */
static void
test_tokens_are_not_read (HubFixture *fixture, gconstpointer data)
{
  start (fixture);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/Task/c01234567", NULL), ==, 403);
  g_assert_null (find_order (fixture, 0));
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/MedicationRequest/" NUMBER, NULL), ==,
                    403);
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 200);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/MedicationRequest/" NUMBER, NULL), ==,
                    200);
}

/* What it turned away, or what the patient sent elsewhere since, it does not take back. */
static void
test_used_and_turned_away (HubFixture *fixture, gconstpointer data)
{
  start (fixture);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  put_order_at (fixture, "Organization/o2", "requested");
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 200);
  put_order_at (fixture, HUB_FIXTURE_PHARMACY, "completed");
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 200);
  put_order_at (fixture, HUB_FIXTURE_PHARMACY, "rejected");
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 409);
  put_order_at (fixture, "Organization/o2", "requested");
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 409);
  g_assert_null (find_order (fixture, 0));
  /* the patient comes back, with a new code */
  send_printed (fixture, OTHER);
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, OTHER), ==, 200);
}

#define SPENT(status, owner)                                                                       \
  "{'resourceType':'Task','id':'c01234567','status':'" status "','intent':'order',"                \
  "'identifier':[{'system':'" CARE_SYSTEM_COLLECT "','value':'" TOKEN "'}],"                       \
  "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'collect'}]},"            \
  "'owner':{'reference':'" owner "'},"                                                             \
  "'focus':{'reference':'MedicationRequest/" NUMBER "'},'for':{'reference':'Patient/p1'}}"

/* A token that was used is nobody's to renew, and opens nothing once the patient is elsewhere. */
static void
test_a_used_token_is_no_door (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (FhirResource) token = NULL;

  start (fixture);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  put_order_at (fixture, "Organization/o2", "requested");
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 200);
  token = read_it (fixture, "admin", "Task/c01234567");
  g_assert_cmpstr (fhir_resource_path_text (token, "status"), ==, "completed");
  g_assert_null (fhir_resource_path (token, "owner"));
  g_assert_cmpstr (fhir_resource_path_text (token, "extension.0.valueReference.reference"), ==,
                   HUB_FIXTURE_PHARMACY);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/c01234567",
                         SPENT ("requested", HUB_FIXTURE_PHARMACY)),
                    ==, 403);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/Patient/p1", NULL), ==, 200);
  put_order_at (fixture, "Organization/o2", "requested");
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/Patient/p1", NULL), ==, 403);
  /* as they were written before */
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Task/c01234567",
                         SPENT ("completed", HUB_FIXTURE_PHARMACY)),
                    ==, 200);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/Patient/p1", NULL), ==, 403);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/MedicationRequest/" NUMBER, NULL), ==,
                    403);
  g_assert_cmpuint (say (fixture, "pharmacy", "PUT /fhir/Task/c01234567",
                         SPENT ("requested", HUB_FIXTURE_PHARMACY)),
                    ==, 403);
}

/* Nobody has signed what is no order. */
static void
test_no_order (HubFixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "'plan'", "'proposal'", "'option'",
                                        "'order','reportedBoolean':true" };

  start (fixture);
  send_order (fixture, "active");
  send_printed (fixture, TOKEN);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      send_order_as (fixture, "active", others[i]);
      g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 409);
    }
  g_assert_null (find_order (fixture, 0));
  send_order (fixture, "active");
  g_assert_cmpuint (collect (fixture, "pharmacy", NUMBER, TOKEN), ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/collect/paper-then-message", test_paper_then_message);
  fixture_test ("/hub/collect/wrong-tokens", test_wrong_tokens);
  fixture_test ("/hub/collect/at-another-pharmacy", test_at_another_pharmacy);
  fixture_test ("/hub/collect/used-elsewhere", test_used_elsewhere);
  fixture_test ("/hub/collect/stopped-meanwhile", test_stopped_meanwhile);
  fixture_test ("/hub/collect/tokens-are-not-read", test_tokens_are_not_read);
  fixture_test ("/hub/collect/used-and-turned-away", test_used_and_turned_away);
  fixture_test ("/hub/collect/a-used-token-is-no-door", test_a_used_token_is_no_door);
  fixture_test ("/hub/collect/no-order", test_no_order);
  return g_test_run ();
}
