/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "base-id.h"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

/* What a pharmacy asks a prescriber by its own order, and how the answer reaches it; over HTTP as
 * each of them. JSON is written with ' for ". */

static guint
say (HubFixture *fixture, const char *user, const char *request, const char *body)
{
  g_autofree char *json = body != NULL ? g_strdelimit (g_strdup (body), "'", '"') : NULL;
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, json);

  g_test_message ("%s %s: %u %s", user, request, answer->status,
                  answer->status >= 400 && answer->text ? answer->text : "");
  return answer->status;
}

static FhirResource *
read_it (HubFixture *fixture, const char *user, const char *reference)
{
  g_autofree char *request = g_strconcat ("GET /fhir/", reference, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, user, request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return fhir_resource_ref (answer->resource);
}

#define STATUS(code)                                                                               \
  "'businessStatus':{'coding':[{'system':'https://bedside.health/fhir/task','code':'" code "'}]}"

/* The pharmacy's order, as @user says it is. */
static guint
say_order (HubFixture *fixture, const char *user, const char *rest)
{
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'Task','id':'t1','intent':'order',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'dispense'}]},"
      "'focus':{'reference':'MedicationRequest/m1'},'for':{'reference':'Patient/p1'},"
      "'owner':{'reference':'" HUB_FIXTURE_PHARMACY "'},'authoredOn':'2026-11-21T09:00:00Z',%s}",
      rest);

  return say (fixture, user, "PUT /fhir/Task/t1", body);
}

static void
add_order (HubFixture *fixture)
{
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Patient/p1",
                         "{'resourceType':'Patient','id':'p1'}"),
                    ==, 201);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/MedicationRequest/m1",
                         "{'resourceType':'MedicationRequest','id':'m1','status':'active',"
                         "'intent':'order','subject':{'reference':'Patient/p1'},"
                         "'medicationCodeableConcept':{'text':'Amlodipine 5 mg'}}"),
                    ==, 201);
  g_assert_cmpuint (say_order (fixture, "admin", "'status':'requested'"), ==, 201);
  g_assert_cmpuint (say_order (fixture, "pharmacy", "'status':'accepted'"), ==, 200);
}

/* (transfer full): the only Task of a code, or NULL where there is none */
static FhirResource *
find_one (HubFixture *fixture, const char *code, guint expected)
{
  g_autofree char *request = g_strdup_printf ("GET /fhir/Task?code=%s&_sort=_lastUpdated", code);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);
  const FhirElement *entries = fhir_resource_path (answer->resource, "entry");

  g_assert_cmpuint (fhir_element_get_length (entries), ==, expected);
  return expected == 0
             ? NULL
             : fhir_resource_new_from_element (fhir_element_get (fhir_element_at (entries,
                                                                                  expected - 1),
                                                                 "resource"),
                                               NULL);
}

/* The question with an answer, as @user sends it. @order: what it is said to be about */
static guint
answer_about (
    HubFixture *fixture, const char *user, FhirResource *task, const char *order, const char *rest)
{
  const char *words = fhir_resource_path_text (task, "reasonCode.text");
  g_autofree char *request = g_strconcat ("PUT /fhir/Task/", fhir_resource_get_id (task), NULL);
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'Task','id':'%s','intent':'proposal',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'%s'}]},"
      "'basedOn':[{'reference':'Task/t1'}],'focus':{'reference':'MedicationRequest/%s'},"
      "'requester':{'reference':'" HUB_FIXTURE_PHARMACY "'},%s%s%s"
      "'for':{'reference':'Patient/p1'},%s}",
      fhir_resource_get_id (task), fhir_resource_path_text (task, "code.coding.0.code"), order,
      words ? "'reasonCode':{'text':'" : "", words ? words : "", words ? "'}," : "", rest);

  return say (fixture, user, request, body);
}

static guint
answer_it (HubFixture *fixture, const char *user, FhirResource *task, const char *rest)
{
  return answer_about (fixture, user, task, "m1", rest);
}

static const char *
business_status (FhirResource *task)
{
  return fhir_resource_path_text (task, "businessStatus.coding.0.code");
}

#define ASKS "'status':'on-hold'," STATUS ("dose-question") ",'statusReason':{'text':'is it 10?'}"

static void
test_asked_and_approved (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (FhirResource) asked = NULL, order = NULL;

  add_order (fixture);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200); /* the same again */
  asked = find_one (fixture, "change-request", 1);
  g_assert_cmpstr (fhir_resource_path_text (asked, "reasonCode.text"), ==, "is it 10?");
  g_assert_cmpstr (fhir_resource_path_text (asked, "requester.reference"), ==,
                   HUB_FIXTURE_PHARMACY);
  g_assert_cmpstr (business_status (asked), ==, "dose-question");
  g_assert_null (find_one (fixture, "pharmacy-question", 0));
  g_assert_cmpuint (answer_it (fixture, "prescriber", asked,
                               "'status':'completed'," STATUS ("approved")),
                    ==, 200);
  order = read_it (fixture, "pharmacy", "Task/t1");
  g_assert_cmpstr (fhir_resource_path_text (order, "status"), ==, "on-hold");
  g_assert_cmpstr (business_status (order), ==, "approved");
  /* and the pharmacy goes on with it */
  g_assert_cmpuint (say_order (fixture, "pharmacy", "'status':'ready'," STATUS ("approved")), ==,
                    200);
}

static void
test_declined_says_why (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (FhirResource) asked = NULL, order = NULL;

  add_order (fixture);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200);
  asked = find_one (fixture, "change-request", 1);
  g_assert_cmpuint (answer_it (fixture, "prescriber", asked,
                               "'status':'rejected'," STATUS (
                                   "declined") ",'statusReason':{'text':'Half of it'}"),
                    ==, 200);
  order = read_it (fixture, "pharmacy", "Task/t1");
  g_assert_cmpstr (business_status (order), ==, "declined");
  g_assert_cmpstr (fhir_resource_path_text (order, "note.0.text"), ==, "Half of it");
}

/* Neither the pharmacy itself, nor a nurse, nor the patient answers for a prescriber. */
static void
test_only_a_prescriber_answers (HubFixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "nurse", "pharmacy", "patient", "reception" };
  static const char *const answers[] = { "'status':'completed'," STATUS ("approved"),
                                         "'status':'completed'",
                                         "'status':'rejected'," STATUS ("declined"),
                                         "'status':'requested'," STATUS ("approved") };
  g_autoptr (FhirResource) asked = NULL, order = NULL;

  add_order (fixture);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200);
  asked = find_one (fixture, "change-request", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    for (gsize a = 0; a < G_N_ELEMENTS (answers); a++)
      g_assert_cmpuint (answer_it (fixture, others[i], asked, answers[a]), ==, 403);
  /* nor by its own order */
  g_assert_cmpuint (say_order (fixture, "pharmacy", "'status':'on-hold'," STATUS ("approved")), ==,
                    403);
  order = read_it (fixture, "admin", "Task/t1");
  g_assert_cmpstr (business_status (order), ==, "dose-question");
}

/* What was answered and is asked again is asked again; what waits for its answer is not. */
static void
test_asked_again (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (FhirResource) first = NULL, second = NULL;

  add_order (fixture);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200);
  first = find_one (fixture, "change-request", 1);
  g_assert_cmpuint (answer_it (fixture, "prescriber", first,
                               "'status':'completed'," STATUS ("approved")),
                    ==, 200);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200);
  second = find_one (fixture, "change-request", 2);
  g_assert_cmpstr (fhir_resource_get_id (first), !=, fhir_resource_get_id (second));
}

#define ASKS_ANOTHER                                                                               \
  "'status':'on-hold'," STATUS ("substitution") ",'statusReason':{'text':'is it 10?'}"
#define APPROVED "'status':'completed'," STATUS ("approved")

/* Whoever answers what was asked first answers nothing of what is asked now. */
static void
test_answer_to_another_question (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (FhirResource) dose = NULL, other = NULL, order = NULL, after = NULL;

  add_order (fixture);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200);
  dose = find_one (fixture, "change-request", 1);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS_ANOTHER), ==, 200);
  other = find_one (fixture, "change-request", 2);
  g_assert_cmpstr (business_status (other), ==, "substitution");
  g_assert_cmpuint (answer_it (fixture, "prescriber", dose, APPROVED), ==, 200);
  order = read_it (fixture, "pharmacy", "Task/t1");
  g_assert_cmpstr (business_status (order), ==, "substitution");
  g_assert_cmpuint (answer_it (fixture, "prescriber", other,
                               "'status':'rejected'," STATUS (
                                   "declined") ",'statusReason':{'text':'No'}"),
                    ==, 200);
  after = read_it (fixture, "pharmacy", "Task/t1");
  g_assert_cmpstr (business_status (after), ==, "declined");
}

/* What was answered is not answered again, whoever writes, when the same is asked again; and what
 * is asked is not moved to another prescription. */
static void
test_an_answer_stands (HubFixture *fixture, gconstpointer data)
{
  static const char *const users[] = { "nurse", "prescriber", "admin" };
  g_autoptr (FhirResource) asked = NULL, order = NULL;

  add_order (fixture);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200);
  asked = find_one (fixture, "change-request", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    g_assert_cmpuint (answer_about (fixture, users[i], asked, "m2",
                                    "'status':'requested'," STATUS ("dose-question")),
                      ==, 403);
  g_assert_cmpuint (answer_it (fixture, "nurse", asked,
                               "'status':'requested'," STATUS ("substitution")),
                    ==, 403);
  g_assert_cmpuint (answer_it (fixture, "nurse", asked,
                               "'status':'requested'," STATUS (
                                   "dose-question") ",'note':[{'text':'Seen'}]"),
                    ==, 200);
  g_assert_cmpuint (answer_it (fixture, "prescriber", asked, APPROVED), ==, 200);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200); /* once more */
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_assert_cmpuint (answer_it (fixture, users[i], asked, APPROVED ",'note':[{'text':'x'}]"), ==,
                        409);
      g_assert_cmpuint (answer_it (fixture, users[i], asked, APPROVED), ==, 200);
    }
  g_assert_cmpuint (answer_it (fixture, "nurse", asked,
                               APPROVED ",'meta':{'tag':[{'code':'another'}]}"),
                    ==, 200);
  order = read_it (fixture, "pharmacy", "Task/t1");
  g_assert_cmpstr (business_status (order), ==, "dose-question");
}

/* An answer that comes when the pharmacy has gone on changes nothing. */
static void
test_answered_too_late (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (FhirResource) asked = NULL, order = NULL;

  add_order (fixture);
  g_assert_cmpuint (say_order (fixture, "pharmacy", ASKS), ==, 200);
  asked = find_one (fixture, "change-request", 1);
  g_assert_cmpuint (say_order (fixture, "pharmacy", "'status':'ready'"), ==, 200);
  g_assert_cmpuint (answer_it (fixture, "prescriber", asked,
                               "'status':'rejected'," STATUS ("declined")),
                    ==, 200);
  order = read_it (fixture, "admin", "Task/t1");
  g_assert_cmpstr (fhir_resource_path_text (order, "status"), ==, "ready");
  g_assert_null (business_status (order));
}

static void
test_renewal (HubFixture *fixture, gconstpointer data)
{
  static const char asks[] = "'status':'completed'," STATUS ("renewal-asked");
  g_autoptr (FhirResource) asked = NULL, order = NULL;

  add_order (fixture);
  /* not before it was handed out */
  g_assert_cmpuint (say_order (fixture, "pharmacy", "'status':'ready'," STATUS ("renewal-asked")),
                    ==, 200);
  g_assert_null (find_one (fixture, "renewal", 0));
  g_assert_cmpuint (say_order (fixture, "pharmacy", asks), ==, 200);
  g_assert_cmpuint (say_order (fixture, "pharmacy", asks), ==, 200);
  asked = find_one (fixture, "renewal", 1);
  g_assert_cmpuint (answer_it (fixture, "prescriber", asked,
                               "'status':'completed'," STATUS ("approved")),
                    ==, 200);
  order = read_it (fixture, "pharmacy", "Task/t1");
  g_assert_cmpstr (business_status (order), ==, "approved");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/supply-ask/asked-and-approved", test_asked_and_approved);
  fixture_test ("/hub/supply-ask/declined-says-why", test_declined_says_why);
  fixture_test ("/hub/supply-ask/only-a-prescriber-answers", test_only_a_prescriber_answers);
  fixture_test ("/hub/supply-ask/asked-again", test_asked_again);
  fixture_test ("/hub/supply-ask/answer-to-another-question", test_answer_to_another_question);
  fixture_test ("/hub/supply-ask/an-answer-stands", test_an_answer_stands);
  fixture_test ("/hub/supply-ask/answered-too-late", test_answered_too_late);
  fixture_test ("/hub/supply-ask/renewal", test_renewal);
  return g_test_run ();
}
