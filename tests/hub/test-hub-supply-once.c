/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

/* One number, one prescription: one signature, one pharmacy, one supply. JSON is written with ' for
 * ". */

static guint
say (HubFixture *fixture, const char *user, const char *request, const char *body)
{
  g_autofree char *json = g_strdelimit (g_strdup (body), "'", '"');
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, json);

  g_test_message ("%s %s: %u %s", user, request, answer->status,
                  answer->status >= 400 && answer->text ? answer->text : "");
  return answer->status;
}

#define NUMBER                                                                                     \
  "'identifier':[{'system':'https://bedside.health/fhir/prescription-id','value':'N1'}]"

static void
put_order (HubFixture *fixture, const char *id)
{
  g_autofree char *path = g_strconcat ("PUT /fhir/MedicationRequest/", id, NULL);
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'%s','status':'active','intent':'order'," NUMBER
      ",'subject':{'reference':'Patient/p1'},'requester':{'reference':'Practitioner/old'},"
      "'medicationCodeableConcept':{'text':'Amlodipine 5 mg'},'dispenseRequest':{"
      "'numberOfRepeatsAllowed':0,'quantity':{'value':28,'unit':'tablet'}}}",
      id);

  g_assert_cmpuint (say (fixture, "admin", path, body), ==, 201);
}

static void
put_people (HubFixture *fixture)
{
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Patient/p1",
                         "{'resourceType':'Patient','id':'p1'}"),
                    ==, 201);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Organization/o1",
                         "{'resourceType':'Organization','id':'o1'}"),
                    ==, 201);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Organization/o2",
                         "{'resourceType':'Organization','id':'o2'}"),
                    ==, 201);
}

static guint
say_dispense (HubFixture *fixture,
              const char *user,
              const char *id,
              const char *order,
              const char *owner,
              const char *status)
{
  g_autofree char *path = g_strconcat ("PUT /fhir/Task/", id, NULL);
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'Task','id':'%s','intent':'order','status':'%s',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'dispense'}]},"
      "'focus':{'reference':'MedicationRequest/%s'},'for':{'reference':'Patient/p1'},"
      "'owner':{'reference':'%s'},'authoredOn':'2026-11-21T09:00:00Z'}",
      id, status, order, owner);

  return say (fixture, user, path, body);
}

static guint
hand_out (HubFixture *fixture, const char *id, const char *order)
{
  g_autofree char *path = g_strconcat ("PUT /fhir/MedicationDispense/", id, NULL);
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'MedicationDispense','id':'%s','status':'completed',"
      "'subject':{'reference':'Patient/p1'},'whenHandedOver':'2026-11-22T12:00:00Z',"
      "'authorizingPrescription':[{'reference':'MedicationRequest/%s'}],"
      "'performer':[{'actor':{'reference':'" HUB_FIXTURE_PHARMACY "'}}],"
      "'quantity':{'value':28,'unit':'tablet'}}",
      id, order);

  return say (fixture, "pharmacy", path, body);
}

/* The same prescription is not sent to a second pharmacy, be it under its own id or another. */
static void
test_one_pharmacy (HubFixture *fixture, gconstpointer data)
{
  put_people (fixture);
  put_order (fixture, "m1");
  put_order (fixture, "m2");
  g_assert_cmpuint (say_dispense (fixture, "admin", "t1", "m1", HUB_FIXTURE_PHARMACY, "requested"),
                    ==, 201);
  g_assert_cmpuint (say_dispense (fixture, "admin", "t2", "m1", "Organization/o2", "requested"), ==,
                    409);
  g_assert_cmpuint (say_dispense (fixture, "prescriber", "t2", "m2", "Organization/o2",
                                  "requested"),
                    ==, 409);
  /* over already: that tells of what was, and sends nothing */
  g_assert_cmpuint (say_dispense (fixture, "admin", "t2", "m1", "Organization/o2", "cancelled"), ==,
                    201);
  g_assert_cmpuint (say_dispense (fixture, "admin", "t2", "m1", "Organization/o2", "requested"), ==,
                    409);
  /* taken back from the one, it may go to the other */
  g_assert_cmpuint (say_dispense (fixture, "admin", "t1", "m1", HUB_FIXTURE_PHARMACY, "cancelled"),
                    ==, 200);
  g_assert_cmpuint (say_dispense (fixture, "admin", "t2", "m1", "Organization/o2", "requested"), ==,
                    200);
}

/* What was handed out under one id is handed out. */
static void
test_one_supply (HubFixture *fixture, gconstpointer data)
{
  put_people (fixture);
  put_order (fixture, "m1");
  put_order (fixture, "m2");
  g_assert_cmpuint (say_dispense (fixture, "admin", "t1", "m1", HUB_FIXTURE_PHARMACY, "requested"),
                    ==, 201);
  g_assert_cmpuint (hand_out (fixture, "d1", "m1"), ==, 201);
  g_assert_cmpuint (say_dispense (fixture, "pharmacy", "t1", "m1", HUB_FIXTURE_PHARMACY,
                                  "completed"),
                    ==, 200);
  g_assert_cmpuint (say_dispense (fixture, "admin", "t2", "m2", HUB_FIXTURE_PHARMACY, "requested"),
                    ==, 409);
  g_assert_cmpuint (say_dispense (fixture, "admin", "t2", "m2", HUB_FIXTURE_PHARMACY, "completed"),
                    ==, 409);
  /* a Task that tells of nothing leads to the order: no more of it is left all the same */
  g_assert_cmpuint (say_dispense (fixture, "admin", "t2", "m2", HUB_FIXTURE_PHARMACY, "rejected"),
                    ==, 201);
  g_assert_cmpuint (hand_out (fixture, "d2", "m2"), ==, 409);
}

/* ---- signatures ---- */

static guint
say_to_sign (HubFixture *fixture, const char *user, const char *id, const char *status)
{
  g_autofree char *path = g_strconcat ("PUT /fhir/Task/", id, NULL);
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'Task','id':'%s','intent':'proposal','status':'%s'," NUMBER
      ",'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'to-sign'}]},"
      "'for':{'reference':'Patient/p1'},'owner':{'reference':'Practitioner/old'}}",
      id, status);

  return say (fixture, user, path, body);
}

static void
test_one_signature (HubFixture *fixture, gconstpointer data)
{
  put_people (fixture);
  g_assert_cmpuint (say_to_sign (fixture, "nurse", "s1", "requested"), ==, 201);
  g_assert_cmpuint (say_to_sign (fixture, "nurse", "s1", "requested"), ==, 200);
  g_assert_cmpuint (say_to_sign (fixture, "nurse", "s2", "requested"), ==, 409);
  /* nobody has signed anything yet */
  g_assert_cmpuint (say_to_sign (fixture, "prescriber", "s1", "completed"), ==, 409);
  put_order (fixture, "N1");
  g_assert_cmpuint (say_to_sign (fixture, "prescriber", "s1", "completed"), ==, 200);
  g_assert_cmpuint (say_to_sign (fixture, "nurse", "s2", "requested"), ==, 409);
  g_assert_cmpuint (say_to_sign (fixture, "prescriber", "s2", "completed"), ==, 409);
  g_assert_cmpuint (say_to_sign (fixture, "prescriber", "s2", "rejected"), ==, 201);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/supply-once/one-pharmacy", test_one_pharmacy);
  fixture_test ("/hub/supply-once/one-supply", test_one_supply);
  fixture_test ("/hub/supply-once/one-signature", test_one_signature);
  return g_test_run ();
}
