/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

/* What nobody should send: each is refused with a sentence or kept as it came; nothing is dropped
 * in silence, and the hub answers the next one. JSON is written with ' for ". */

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

static HubAnswer *
send_as (HubFixture *fixture, const char *user, const char *request, const char *body)
{
  g_auto (GStrv) parts = body != NULL ? g_strsplit (body, "'", -1) : NULL;
  g_autofree char *text = body != NULL ? g_strjoinv ("\"", parts) : NULL;
  HubAnswer *answer = hub_fixture_send (fixture, user, request, NULL, text);
  g_autoptr (HubAnswer) alive = hub_fixture_send (fixture, NULL, "GET /fhir/metadata", NULL, NULL);

  g_test_message ("%s %s: %u %.200s", request, body != NULL ? body : "", answer->status,
                  answer->text);
  g_assert_cmpuint (alive->status, ==, 200);
  return answer;
}

static void
put (HubFixture *fixture, const char *reference, const char *body)
{
  g_autofree char *request = g_strconcat ("PUT /fhir/", reference, NULL);
  g_autoptr (HubAnswer) answer = send_as (fixture, "admin", request, body);

  g_assert_cmpuint (answer->status, ==, 201);
}

static HubAnswer *
send_bundle (HubFixture *fixture, const char *user, const char *entries)
{
  g_autofree char *body =
      g_strdup_printf ("{'resourceType':'Bundle','type':'transaction','entry':[%s]}", entries);

  return send_as (fixture, user, "POST /fhir", body);
}

static void
assert_says (HubAnswer *answer, guint status, const char *words)
{
  g_autofree char *sentence = NULL;

  hub_assert_outcome (answer, status);
  sentence = hub_answer_sentence (answer);
  g_assert_nonnull (strstr (sentence, words));
}

static guint
count_of (HubFixture *fixture, const char *search)
{
  g_autofree char *request = g_strconcat ("GET /fhir/", search, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return (guint) fhir_element_get_length (fhir_resource_path (answer->resource, "entry"));
}

#define UUID "11111111-1111-4111-8111-11111111111a"
#define POST_PATIENT(url)                                                                          \
  "{'fullUrl':'" url "','resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'"  \
  "Patient'}}"
#define PUT_PATIENT(id)                                                                            \
  "{'resource':{'resourceType':'Patient','id':'" id                                                \
  "'},'request':{'method':'PUT','url':'Patient/" id "'}}"
#define POST_OBSERVATION(reference)                                                                \
  "{'resource':{'resourceType':'Observation','status':'final','subject':{'reference':'" reference  \
  "'}},'request':{'method':'POST','url':'Observation'}}"

static void
test_transactions (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *entries, *words;
    guint status;
  } cases[] = {
    { POST_PATIENT ("urn:uuid:" UUID) "," POST_PATIENT ("urn:uuid:" UUID), "twice", 400 },
    { PUT_PATIENT ("a") "," PUT_PATIENT ("a"), "Entry 1", 400 },
    { POST_OBSERVATION ("Patient?identifier=none"), "finds 0", 412 },
    { POST_OBSERVATION ("Patient?family=twin"), "finds 2", 412 },
    { POST_OBSERVATION ("Patient?shoesize=7"), "shoesize", 400 },
    { "{'resource':{'resourceType':'Patient','active':true,'active':false},'request':{'method':'"
      "POST','url':'Patient'}}",
      "active", 400 },
    { "{'request':{'method':'POST','url':'Patient'}}", "no resource", 400 },
    { "7", "Entry 0", 400 },
    { "null", "Entry 0", 400 },
    { "{'resource':[],'request':{'method':'POST','url':'Patient'}}", "Entry 0", 400 },
    { "{'resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Patient/../x'}}",
      "Entry 0", 400 },
  };

  put (fixture, "Patient/t1", "{'resourceType':'Patient','id':'t1','name':[{'family':'Twin'}]}");
  put (fixture, "Patient/t2", "{'resourceType':'Patient','id':'t2','name':[{'family':'Twin'}]}");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer = send_bundle (fixture, "admin", cases[i].entries);

      assert_says (answer, cases[i].status, cases[i].words);
    }
  g_assert_cmpuint (count_of (fixture, "Patient"), ==, 2);
  g_assert_cmpuint (count_of (fixture, "Observation"), ==, 0);
}

/* A reference to nothing is the sender's word: it stays as it was sent. */
static void
test_reference_to_nothing (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) answer =
      send_bundle (fixture, "admin", POST_OBSERVATION ("urn:uuid:" UUID));

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (answer->resource, "entry.0.resource.subject.reference"),
                   ==, "urn:uuid:" UUID);
}

/* A uuid in capitals is the same uuid: what stands under it must not be written over. */
static void
test_uuid_in_capitals (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) taken = NULL, both = NULL, read = NULL, clash = NULL;

  put (fixture, "Communication/" UUID,
       "{'resourceType':'Communication','id':'" UUID "','status':'completed','subject':{"
       "'reference':'Patient/p2'}}");
  taken = send_bundle (fixture, "patient",
                       "{'fullUrl':'urn:uuid:11111111-1111-4111-8111-11111111111A','resource':{"
                       "'resourceType':'Communication','status':'stopped','subject':{'reference':"
                       "'Patient/p1'},'sender':{'reference':'Patient/"
                       "p1'}},'request':{'method':'POST','url':'Communication'}}");
  g_assert_cmpuint (taken->status, ==, 200);
  read = send_as (fixture, "admin", "GET /fhir/Communication/" UUID, NULL);
  g_assert_cmpstr (fhir_resource_path_text (read->resource, "status"), ==, "completed");
  both = send_bundle (fixture, "admin",
                      POST_PATIENT ("urn:uuid:" UUID) "," POST_PATIENT (
                          "urn:uuid:11111111-1111-4111-8111-11111111111A"));
  hub_assert_outcome (both, 400);
  g_assert_cmpuint (count_of (fixture, "Patient"), ==, 0);
  clash = send_bundle (fixture, "admin", POST_PATIENT ("urn:uuid:" UUID) "," PUT_PATIENT (UUID));
  hub_assert_outcome (clash, 400);
  g_assert_cmpuint (count_of (fixture, "Patient"), ==, 0);
}

#define SIGNATURE                                                                                  \
  "{'resource':{'resourceType':'Provenance','id':'v1','target':[{'reference':'Patient/p1'}],"      \
  "'recorded':'2026-11-09T14:05:00Z','agent':[{'who':{'reference':'%s'}}],'signature':[{'who':{"   \
  "'reference':'%s'},'when':'%s'}]},'request':{'method':'PUT','url':'Provenance/v1'}}"

/* The answer was lost and the same comes again: it is there, and nobody is told that it was
 * refused. Another one under its id is. */
static void
test_signature_sent_again (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *mine = g_strdup_printf (SIGNATURE, HUB_FIXTURE_PRACTITIONER,
                                           HUB_FIXTURE_PRACTITIONER, "2026-11-09T14:05:00Z");
  g_autofree char *later = g_strdup_printf (SIGNATURE, HUB_FIXTURE_PRACTITIONER,
                                            HUB_FIXTURE_PRACTITIONER, "2026-11-10T14:05:00Z");
  g_autofree char *other =
      g_strdup_printf (SIGNATURE, "Practitioner/d9", "Practitioner/d9", "2026-11-09T14:05:00Z");
  g_autoptr (HubAnswer) forged = send_bundle (fixture, "prescriber", other);
  g_autoptr (HubAnswer) first = send_bundle (fixture, "prescriber", mine);
  g_autoptr (HubAnswer) again = send_bundle (fixture, "prescriber", mine);
  g_autoptr (HubAnswer) changed = send_bundle (fixture, "prescriber", later);

  hub_assert_outcome (forged, 403);
  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (again->resource, "entry.0.response.etag"), ==,
                   "W/\"1\"");
  hub_assert_outcome (changed, 403);
}

static void
test_wrong_types_are_kept (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *type, *members, *path, *value;
  } cases[] = {
    { "Observation", "'valueQuantity':'high','code':7,'status':[]", "valueQuantity", "high" },
    { "Observation", "'component':{'code':[]},'referenceRange':'3-5','x':1", "referenceRange",
      "3-5" },
    { "Observation", "'valueQuantity':{'value':'6,7','unit':7}", "valueQuantity.value", "6,7" },
    { "Observation", "'valueQuantity':{'value':1e400}", "valueQuantity.value", "1e400" },
    { "Observation", "'subject':'Patient/p1','category':'vital-signs'", "subject", "Patient/p1" },
    { "MedicationRequest", "'dosageInstruction':'1 at night','status':true", "dosageInstruction",
      "1 at night" },
    { "MedicationRequest",
      "'dosageInstruction':[[{'text':'x'}]],'medicationCodeableConcept':[7],"
      "'intent':{}",
      "medicationCodeableConcept.0", "7" },
    { "MedicationRequest", "'dispenseRequest':{'quantity':[{'value':28}]},'note':'n'", "note",
      "n" },
    { "Encounter", "'class':'VR','participant':{'individual':7},'status':null", "class", "VR" },
    { "Encounter", "'period':'2026','statusHistory':[null,[],{'status':7}]", "period", "2026" },
    { "AllergyIntolerance", "'clinicalStatus':'active','code':'penicillin','reaction':'rash'",
      "code", "penicillin" },
    { "AllergyIntolerance", "'code':{'coding':{'code':['x']}},'criticality':{'x':'high'}",
      "criticality.x", "high" },
    { "AllergyIntolerance", "'patient':{'reference':7}", "patient.reference", "7" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *post = g_strconcat ("POST /fhir/", cases[i].type, NULL);
      g_autofree char *body =
          g_strdup_printf ("{'resourceType':'%s',%s}", cases[i].type, cases[i].members);
      g_autoptr (HubAnswer) answer = send_as (fixture, "admin", post, body);
      g_autofree char *get = NULL;
      g_autoptr (HubAnswer) read = NULL;

      if (answer->status != 201)
        {
          hub_assert_outcome (answer, answer->status);
          g_assert_cmpuint (answer->status, <, 500);
          continue;
        }
      get = g_strdup_printf ("GET /fhir/%s/%s", cases[i].type,
                             fhir_resource_get_id (answer->resource));
      read = send_as (fixture, "admin", get, NULL);
      g_assert_cmpstr (fhir_resource_path_text (read->resource, cases[i].path), ==, cases[i].value);
    }
}

static void
test_names_in_every_script (HubFixture *fixture, gconstpointer data)
{
  /* as written, and as somebody looks for it */
  static const char *const names[][2] = {
    { "\u0639\u0628\u062f \u0627\u0644\u0644\u0647", "\u0639\u0628\u062f" },
    { "\u05db\u05d4\u05df", "\u05db\u05d4\u05df" },
    { "\u5c71\u7530", "\u5c71" },
    { "\u30e4\u30de\u30c0", "\u30e4\u30de\u30c0" },
    { "\u0936\u0930\u094d\u092e\u093e", "\u0936\u0930\u094d\u092e\u093e" },
    { "\u0e2a\u0e21\u0e0a\u0e32\u0e22", "\u0e2a\u0e21\u0e0a\u0e32\u0e22" },
    { "Nguye\u0302\u0303n", "nguyen" },
    { "\u0141ukasiewicz", "\u0141ukasiewicz" },
    { "O\u2019Brien", "O\u2019Brien" },
    { "\u0418\u0432\u0430\u043d\u043e\u0432", "\u0438\u0432\u0430\u043d\u043e\u0432" },
    { "\u03a0\u03b1\u03c0\u03b1\u03b4\u03cc\u03c2", "\u03c0\u03b1\u03c0\u03b1\u03b4\u03bf\u03c3" },
    { "\U0001F600 Smile", "\U0001F600 smi" },
    { "\u200fDavid\u200e", "david" },
    { "\u202eLevi\u202c", "levi" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *body =
          g_strdup_printf ("{'resourceType':'Patient','name':[{'family':'%s'}]}", names[i][0]);
      g_autofree char *escaped = g_uri_escape_string (names[i][1], NULL, FALSE);
      g_autofree char *search = g_strconcat ("GET /fhir/Patient?name=", escaped, NULL);
      g_autoptr (HubAnswer) made = send_as (fixture, "admin", "POST /fhir/Patient", body);
      g_autoptr (HubAnswer) found = send_as (fixture, "admin", search, NULL);
      gboolean there = FALSE;

      g_assert_cmpuint (made->status, ==, 201);
      g_assert_cmpstr (fhir_resource_path_text (made->resource, "name.0.family"), ==, names[i][0]);
      g_assert_cmpuint (found->status, ==, 200);
      fhir_element_foreach (entry, fhir_resource_path (found->resource, "entry"))
        there |= g_strcmp0 (fhir_element_path_text (entry, "resource.id"),
                            fhir_resource_get_id (made->resource)) == 0;
      g_assert_true (there);
    }
}

static void
test_dates_of_every_precision (HubFixture *fixture, gconstpointer data)
{
  static const char *const dates[] = {
    "2026",
    "2026-02",
    "2024-02-29",
    "2026-11-09T14:05:00Z",
    "2026-11-09T14:05:00.123456+14:00",
    "2026-11-09T14:05:00-03:30",
    "0001-01-01",
    "9999-12-31",
    "2016-12-31T23:59:60Z",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *body =
          g_strdup_printf ("{'resourceType':'Observation','id':'d','effectiveDateTime':'%s'}",
                           dates[i]);
      g_autofree char *escaped = g_uri_escape_string (dates[i], NULL, FALSE);
      g_autofree char *search = g_strconcat ("Observation?date=", escaped, NULL);
      g_autoptr (HubAnswer) answer = send_as (fixture, "admin", "PUT /fhir/Observation/d", body);

      g_assert_cmpuint (answer->status, ==, i == 0 ? 201 : 200);
      g_assert_cmpstr (fhir_resource_path_text (answer->resource, "effectiveDateTime"), ==,
                       dates[i]);
      g_assert_cmpuint (count_of (fixture, search), ==, 1);
    }
}

static void
test_impossible_dates (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *type, *members, *element;
  } cases[] = {
    { "Patient", "'birthDate':'2026-02-30'", "birthDate" },
    { "Patient", "'birthDate':'2026-13-01'", "birthDate" },
    { "Patient", "'birthDate':'31.12.1970'", "birthDate" },
    { "Patient", "'birthDate':''", "birthDate" },
    { "Patient", "'birthDate':true", "birthDate" },
    { "Patient", "'deceasedDateTime':'2023-02-29'", "deceasedDateTime" },
    { "Observation", "'effectiveDateTime':'2026-11-09T25:00:00Z'", "effectiveDateTime" },
    { "Observation", "'effectivePeriod':{'start':'2026','end':'2026-00'}", "effectivePeriod.end" },
    { "Observation", "'effectiveTiming':{'event':['2026-11-09','soon']}", "effectiveTiming.event" },
    { "Encounter", "'period':{'start':'2026-11-31'}", "period.start" },
    { "MedicationRequest", "'authoredOn':'0000-01-01'", "authoredOn" },
    { "AllergyIntolerance", "'recordedDate':'yesterday'", "recordedDate" },
    { "Appointment", "'start':'2026-11-09T14:60:00Z'", "start" },
  };
  g_autoptr (HubAnswer) in_bundle = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *post = g_strconcat ("POST /fhir/", cases[i].type, NULL);
      g_autofree char *body =
          g_strdup_printf ("{'resourceType':'%s',%s}", cases[i].type, cases[i].members);
      g_autofree char *quoted = g_strdup_printf ("“%s”", cases[i].element);
      g_autoptr (HubAnswer) answer = send_as (fixture, "admin", post, body);

      assert_says (answer, 422, quoted);
      g_assert_cmpuint (count_of (fixture, cases[i].type), ==, 0);
    }
  in_bundle = send_bundle (fixture, "admin",
                           "{'resource':{'resourceType':'Patient','birthDate':'2026-02-30'},"
                           "'request':{'method':'POST','url':'Patient'}}");
  assert_says (in_bundle, 422, "birthDate");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/fhir-bad-input/transactions", test_transactions);
  fixture_test ("/hub/fhir-bad-input/reference-to-nothing", test_reference_to_nothing);
  fixture_test ("/hub/fhir-bad-input/uuid-in-capitals", test_uuid_in_capitals);
  fixture_test ("/hub/fhir-bad-input/signature-sent-again", test_signature_sent_again);
  fixture_test ("/hub/fhir-bad-input/wrong-types", test_wrong_types_are_kept);
  fixture_test ("/hub/fhir-bad-input/names", test_names_in_every_script);
  fixture_test ("/hub/fhir-bad-input/dates", test_dates_of_every_precision);
  fixture_test ("/hub/fhir-bad-input/impossible-dates", test_impossible_dates);
  return g_test_run ();
}
