/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "base-key.h"
#include "base-totp.h"
#include "care-signature.h"
#include "care-signing-key.h"
#include "hub-content.h"
#include "hub-patient-information.h"
#include "hub-second-factor.h"

/* Orders of controlled drugs, and the digits that their signatures hold. JSON is written with ' for
 * ". */

#define SECRET    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define ANOTHER   "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"
#define DIAZEPAM  "197591"
#define IBUPROFEN "197806"

typedef struct
{
  HubFixture hub;
  BaseKey *key;
} Fixture;

static char *
quote (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static guint
say (Fixture *fixture, const char *request, const char *body, char **sentence)
{
  g_autofree char *json = body != NULL ? quote (body) : NULL;
  g_autoptr (HubAnswer) answer =
      hub_fixture_send (&fixture->hub, "prescriber", request, NULL, json);

  g_test_message ("%s: %u %s", request, answer->status, answer->text ? answer->text : "");
  if (sentence != NULL && answer->status >= 400)
    *sentence = hub_answer_sentence (answer);
  return answer->status;
}

static gint64
step_of_now (Fixture *fixture)
{
  return base_totp_step (base_clock_now (fixture->hub.clock));
}

static char *
dup_when (Fixture *fixture)
{
  return base_clock_dup_instant (fixture->hub.clock);
}

static char *
dup_order (Fixture *fixture, const char *id, const char *drug, const char *patient)
{
  g_autofree char *when = dup_when (fixture);

  return g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'%s','status':'active','intent':'order',"
      "'identifier':[{'system':'https://bedside.health/fhir/prescription-id','value':'%s'}],"
      "'subject':{'reference':'Patient/%s'},'requester':{'reference':'" HUB_FIXTURE_PRACTITIONER
      "'},'authoredOn':'%s','medicationCodeableConcept':{'coding':[{'system':'" CARE_SYSTEM_RXNORM
      "','code':'%s'}],'text':'It'}}",
      id, id, patient, when, drug);
}

/* @factor: (nullable) */
static char *
dup_signature (Fixture *fixture, const char *order, const char *id, const CareJwsFactor *factor)
{
  g_autofree char *json = quote (order), *when = dup_when (fixture);
  g_autoptr (FhirResource) request = fhir_resource_parse (json, -1, NULL);
  g_autofree char *jws = care_signature_dup_jws_by (fixture->key, request, when, factor, NULL);
  g_autofree char *data = g_base64_encode ((const guchar *) jws, strlen (jws));

  return g_strdup_printf (
      "{'resourceType':'Provenance','target':[{'reference':'MedicationRequest/%s'}],"
      "'recorded':'%s','agent':[{'who':{'reference':'" HUB_FIXTURE_PRACTITIONER "'}}],"
      "'signature':[{'type':[{'code':'1.2.840.10065.1.12.1.1'}],'when':'%s',"
      "'who':{'reference':'" HUB_FIXTURE_PRACTITIONER "'},'sigFormat':'application/jose',"
      "'data':'%s'}]}",
      id, when, when, data);
}

/* What is signed of @drug for @patient, with @factor. */
static guint
sign_for (Fixture *fixture,
          const char *id,
          const char *drug,
          const char *patient,
          const CareJwsFactor *factor,
          char **sentence)
{
  g_autofree char *order = dup_order (fixture, id, drug, patient);
  g_autofree char *provenance = dup_signature (fixture, order, id, factor);
  g_autofree char *bundle =
      g_strdup_printf ("{'resourceType':'Bundle','type':'transaction','entry':["
                       "{'resource':%s,'request':{'method':'PUT','url':'MedicationRequest/%s'}},"
                       "{'resource':%s,'request':{'method':'POST','url':'Provenance'}}]}",
                       order, id, provenance);

  return say (fixture, "POST /fhir", bundle, sentence);
}

static CareJwsFactor *
factor_at (const char *secret, gint64 step, const char *const *list)
{
  g_autofree char *code = base_totp_dup_code (secret, step);

  return care_jws_factor_new (step, code, list);
}

static guint
sign_alone (Fixture *fixture, const char *id, gint64 step, char **sentence)
{
  const char *const list[] = { id, NULL };
  g_autoptr (CareJwsFactor) factor = factor_at (SECRET, step, list);

  return sign_for (fixture, id, DIAZEPAM, "p1", factor, sentence);
}

static guint
set_up_factor (Fixture *fixture, const char *secret, const char *code, const char *more)
{
  g_autofree char *body = g_strdup_printf (
      "{'resourceType':'Parameters','parameter':["
      "{'name':'secret','valueString':'%s'},{'name':'code','valueString':'%s'}%s]}",
      secret, code, more);

  return say (fixture, "POST /auth/second-factor", body, NULL);
}

static guint
set_up_now (Fixture *fixture, const char *secret, const char *more)
{
  g_autofree char *code = base_totp_dup_code (secret, step_of_now (fixture));

  return set_up_factor (fixture, secret, code, more);
}

static void
wait_for_the_next (Fixture *fixture)
{
  base_clock_advance (fixture->hub.clock, 2 * BASE_TOTP_STEP_US);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreContent) content = NULL;
  g_autofree char *basic = NULL;

  hub_fixture_set_up (&fixture->hub, data);
  content = hub_content_open (NULL, fixture->hub.clock, &error);
  g_assert_no_error (error);
  g_assert_true (store_content_wait (content, &error));
  hub_patient_set_content (fixture->hub.server, content);
  fixture->key = base_key_new (NULL);
  for (const char *const *id = (const char *const[]) { "p1", "p2", NULL }; *id; id++)
    {
      g_autofree char *request = g_strconcat ("PUT /fhir/Patient/", *id, NULL);
      g_autofree char *body = g_strdup_printf ("{'resourceType':'Patient','id':'%s'}", *id);

      g_assert_cmpuint (say (fixture, request, body, NULL), ==, 201);
    }
  basic = g_strdup_printf (
      "{'resourceType':'Basic','id':'k1','identifier':[{'system':'" CARE_SYSTEM_SIGNING_KEY
      "','value':'" HUB_FIXTURE_PRACTITIONER
      "/%s'}],'code':{'coding':[{'system':'" CARE_SYSTEM_BASIC
      "','code':'signing-key'}]},'subject':{'reference':'" HUB_FIXTURE_PRACTITIONER
      "'},'author':{'reference':'" HUB_FIXTURE_PRACTITIONER
      "'},'extension':[{'url':'" CARE_EXTENSION_BASE
      "public-key','extension':[{'url':'x','valueString':'%s'},{'url':'y','valueString':'%s'}]}]}",
      base_key_get_id (fixture->key), base_key_get_x (fixture->key), base_key_get_y (fixture->key));
  g_assert_cmpuint (say (fixture, "PUT /fhir/Basic/k1", basic, NULL), ==, 201);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->key, base_key_unref);
  hub_fixture_tear_down (&fixture->hub, data);
}

static void
test_needed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *without = NULL, *unknown = NULL;

  g_assert_cmpuint (sign_for (fixture, "m0", IBUPROFEN, "p1", NULL, NULL), ==, 200);
  g_assert_cmpuint (sign_for (fixture, "m1", DIAZEPAM, "p1", NULL, &without), ==, 403);
  g_assert_nonnull (strstr (without, "controlled drug"));
  g_assert_cmpuint (sign_alone (fixture, "m1", step_of_now (fixture), &unknown), ==, 403);
  g_assert_nonnull (strstr (unknown, "no second factor"));
  g_assert_cmpuint (set_up_now (fixture, SECRET, ""), ==, 200);
  wait_for_the_next (fixture);
  g_assert_cmpuint (sign_alone (fixture, "m1", step_of_now (fixture), NULL), ==, 200);
  /* its answer was lost, and it ends one day */
  g_assert_cmpuint (sign_alone (fixture, "m1", step_of_now (fixture), NULL), ==, 200);
}

/* It waited on a computer without network. */
static void
test_arrives_later (Fixture *fixture, gconstpointer data)
{
  const char *const list[] = { "m1", NULL };
  g_autoptr (CareJwsFactor) factor = NULL;
  g_autofree char *order = NULL, *provenance = NULL, *bundle = NULL;

  g_assert_cmpuint (set_up_now (fixture, SECRET, ""), ==, 200);
  wait_for_the_next (fixture);
  factor = factor_at (SECRET, step_of_now (fixture), list);
  order = dup_order (fixture, "m1", DIAZEPAM, "p1");
  provenance = dup_signature (fixture, order, "m1", factor);
  base_clock_advance (fixture->hub.clock, 6 * G_TIME_SPAN_HOUR / 24);
  bundle =
      g_strdup_printf ("{'resourceType':'Bundle','type':'transaction','entry':["
                       "{'resource':%s,'request':{'method':'PUT','url':'MedicationRequest/m1'}},"
                       "{'resource':%s,'request':{'method':'POST','url':'Provenance'}}]}",
                       order, provenance);
  g_assert_cmpuint (say (fixture, "POST /fhir", bundle, NULL), ==, 200);
}

static void
test_one_list_of_one_patient (Fixture *fixture, gconstpointer data)
{
  const char *const list[] = { "m1", "m2", NULL }, *const more[] = { "m1", "m2", "m3", NULL };
  g_autoptr (CareJwsFactor) factor = NULL, longer = NULL;
  g_autofree char *not_in_it = NULL, *another = NULL, *patient = NULL;
  gint64 step;

  g_assert_cmpuint (set_up_now (fixture, SECRET, ""), ==, 200);
  wait_for_the_next (fixture);
  step = step_of_now (fixture);
  factor = factor_at (SECRET, step, list);
  longer = factor_at (SECRET, step, more);
  g_assert_cmpuint (sign_for (fixture, "m1", DIAZEPAM, "p1", factor, NULL), ==, 200);
  g_assert_cmpuint (sign_for (fixture, "m3", DIAZEPAM, "p1", factor, &not_in_it), ==, 403);
  g_assert_cmpuint (sign_for (fixture, "m3", DIAZEPAM, "p1", longer, &another), ==, 403);
  g_assert_nonnull (strstr (another, "another list"));
  g_assert_cmpuint (sign_for (fixture, "m2", DIAZEPAM, "p2", factor, &patient), ==, 403);
  g_assert_nonnull (strstr (patient, "one patient"));
  g_assert_cmpuint (sign_for (fixture, "m2", DIAZEPAM, "p1", factor, NULL), ==, 200);
}

static void
test_wrong_ones_close_it (Fixture *fixture, gconstpointer data)
{
  g_autofree char *closed = NULL, *early = NULL;
  gint64 first = step_of_now (fixture);

  g_assert_cmpuint (set_up_now (fixture, SECRET, ""), ==, 200);
  /* before it was set up nobody knows who had it */
  g_assert_cmpuint (sign_alone (fixture, "m0", first, &early), ==, 403);
  wait_for_the_next (fixture);
  for (guint i = 1; i < BASE_TOTP_TRIES; i++)
    {
      const char *const list[] = { "m1", NULL };
      g_autoptr (CareJwsFactor) wrong = factor_at (ANOTHER, step_of_now (fixture), list);

      g_assert_cmpuint (sign_for (fixture, "m1", DIAZEPAM, "p1", wrong, NULL), ==, 403);
    }
  g_assert_cmpuint (sign_alone (fixture, "m1", step_of_now (fixture), &closed), ==, 403);
  g_assert_nonnull (strstr (closed, "quarter of an hour"));
  base_clock_advance (fixture->hub.clock, BASE_TOTP_LOCK_US);
  g_assert_cmpuint (sign_alone (fixture, "m1", step_of_now (fixture), NULL), ==, 200);
}

static gboolean
reset_work (StoreConnection *connection, gpointer data, GError **error)
{
  return hub_second_factor_reset (connection, HUB_FIXTURE_PRACTITIONER, error);
}

static void
test_another (Fixture *fixture, gconstpointer data)
{
  g_autofree char *old = NULL, *more = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (set_up_factor (fixture, "GEZDGNBVGY3TQOJQ", "123456", ""), ==, 400);
  g_assert_cmpuint (set_up_factor (fixture, SECRET, "000000", ""), ==, 403);
  g_assert_cmpuint (set_up_now (fixture, SECRET, ""), ==, 200);
  wait_for_the_next (fixture);
  /* the same once more is a further computer of theirs */
  g_assert_cmpuint (set_up_now (fixture, SECRET, ""), ==, 200);
  wait_for_the_next (fixture);
  g_assert_cmpuint (set_up_now (fixture, ANOTHER, ""), ==, 409);
  g_assert_cmpuint (set_up_now (fixture, ANOTHER, ",{'name':'old','valueString':'000000'}"), ==,
                    403);
  g_assert_cmpuint (set_up_now (fixture, ANOTHER, ",{'name':'password','valueString':'no'}"), ==,
                    403);
  old = base_totp_dup_code (SECRET, step_of_now (fixture));
  more = g_strdup_printf (",{'name':'old','valueString':'%s'}", old);
  g_assert_cmpuint (set_up_now (fixture, ANOTHER, more), ==, 200);
  /* who lost the telephone asks the administrator */
  store_database_write (hub_server_get_store (fixture->hub.server), BASE_LANE_PERSON, reset_work,
                        NULL, &error);
  g_assert_no_error (error);
  wait_for_the_next (fixture);
  g_assert_cmpuint (set_up_now (fixture, SECRET, ""), ==, 200);
}

static void
test_who_may (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) nobody =
      hub_fixture_send (&fixture->hub, NULL, "GET /auth/second-factor", NULL, NULL);
  g_autoptr (HubAnswer) patient =
      hub_fixture_send (&fixture->hub, "patient", "GET /auth/second-factor", NULL, NULL);
  g_autoptr (HubAnswer) prescriber =
      hub_fixture_send (&fixture->hub, "prescriber", "GET /auth/second-factor", NULL, NULL);

  g_assert_cmpuint (nobody->status, ==, 401);
  g_assert_cmpuint (patient->status, ==, 403);
  g_assert_cmpuint (prescriber->status, ==, 200);
  g_assert_nonnull (strstr (prescriber->text, "false"));
}

#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/hub-second-factor/needed", test_needed);
  ADD ("/hub-second-factor/arrives-later", test_arrives_later);
  ADD ("/hub-second-factor/one-list-of-one-patient", test_one_list_of_one_patient);
  ADD ("/hub-second-factor/wrong-ones-close-it", test_wrong_ones_close_it);
  ADD ("/hub-second-factor/another", test_another);
  ADD ("/hub-second-factor/who-may", test_who_may);
  return g_test_run ();
}
