/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "base-key.h"
#include "care-signature.h"
#include "care-signing-key.h"
#include "fhir-builder.h"

/* Orders of a prescriber who signs with a key, over HTTP. JSON is written with ' for ". */

#define WHEN "2026-11-22T09:00:00Z"

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
say (Fixture *fixture, const char *user, const char *request, const char *body)
{
  g_autofree char *json = body != NULL ? quote (body) : NULL;
  g_autoptr (HubAnswer) answer = hub_fixture_send (&fixture->hub, user, request, NULL, json);

  g_test_message ("%s %s: %u %s", user, request, answer->status,
                  answer->status >= 400 && answer->text ? answer->text : "");
  return answer->status;
}

static char *
dup_order (const char *id, const char *status, int repeats)
{
  return g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'%s','status':'%s','intent':'order',"
      "'identifier':[{'system':'https://bedside.health/fhir/prescription-id','value':'%s'}],"
      "'subject':{'reference':'Patient/p1'},'requester':{'reference':'" HUB_FIXTURE_PRACTITIONER
      "'},'authoredOn':'" WHEN "','medicationCodeableConcept':{'text':'Amlodipine 5 mg'},"
      "'dispenseRequest':{'numberOfRepeatsAllowed':%d}}",
      id, status, id, repeats);
}

static char *
dup_key (BaseKey *key, const char *id, const char *who)
{
  return g_strdup_printf ("{'resourceType':'Basic','id':'%s',"
                          "'identifier':[{'system':'" CARE_SYSTEM_SIGNING_KEY "','value':'%s/%s'}],"
                          "'code':{'coding':[{'system':'" CARE_SYSTEM_BASIC
                          "','code':'signing-key'}]},"
                          "'subject':{'reference':'%s'},'author':{'reference':'%s'},"
                          "'extension':[{'url':'" CARE_EXTENSION_BASE "public-key','extension':["
                          "{'url':'x','valueString':'%s'},{'url':'y','valueString':'%s'}]}]}",
                          id, who, base_key_get_id (key), who, who, base_key_get_x (key),
                          base_key_get_y (key));
}

/* (transfer full): a Provenance of @key's signature over @order, about @target */
static char *
dup_signature (BaseKey *key, const char *order, const char *target)
{
  g_autofree char *json = quote (order);
  g_autoptr (FhirResource) request = fhir_resource_parse (json, -1, NULL);
  g_autofree char *jws = care_signature_dup_jws (key, request, WHEN, NULL);
  g_autofree char *data = g_base64_encode ((const guchar *) jws, strlen (jws));

  return g_strdup_printf (
      "{'resourceType':'Provenance','target':[{'reference':'MedicationRequest/%s'}],"
      "'recorded':'" WHEN "','agent':[{'who':{'reference':'" HUB_FIXTURE_PRACTITIONER "'}}],"
      "'signature':[{'type':[{'code':'1.2.840.10065.1.12.1.1'}],'when':'" WHEN "',"
      "'who':{'reference':'" HUB_FIXTURE_PRACTITIONER "'},'sigFormat':'application/jose',"
      "'data':'%s'}]}",
      target, data);
}

static guint
say_both (Fixture *fixture, const char *id, const char *order, const char *provenance)
{
  g_autofree char *bundle =
      g_strdup_printf ("{'resourceType':'Bundle','type':'transaction','entry':["
                       "{'resource':%s,'request':{'method':'PUT','url':'MedicationRequest/%s'}},"
                       "{'resource':%s,'request':{'method':'POST','url':'Provenance'}}]}",
                       order, id, provenance);

  return say (fixture, "prescriber", "POST /fhir", bundle);
}

static guint
sign_order (Fixture *fixture, const char *id, BaseKey *key)
{
  g_autofree char *order = dup_order (id, "active", 1);
  g_autofree char *provenance = dup_signature (key, order, id);

  return say_both (fixture, id, order, provenance);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  hub_fixture_set_up (&fixture->hub, data);
  fixture->key = base_key_new (NULL);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Patient/p1",
                         "{'resourceType':'Patient','id':'p1'}"),
                    ==, 201);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->key, base_key_unref);
  hub_fixture_tear_down (&fixture->hub, data);
}

static void
publish (Fixture *fixture)
{
  g_autofree char *basic = dup_key (fixture->key, "k1", HUB_FIXTURE_PRACTITIONER);

  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/Basic/k1", basic), ==, 201);
}

static guint
put_order (Fixture *fixture, const char *id, const char *status, int repeats)
{
  g_autofree char *order = dup_order (id, status, repeats);
  g_autofree char *request = g_strconcat ("PUT /fhir/MedicationRequest/", id, NULL);

  return say (fixture, "prescriber", request, order);
}

static void
test_needed_once_there_is_a_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BaseKey) other = base_key_new (NULL);
  g_autofree char *order = dup_order ("m3", "active", 1), *changed = dup_order ("m3", "active", 2),
                  *of_another = dup_signature (fixture->key, order, "m3");

  g_assert_cmpuint (put_order (fixture, "m0", "active", 1), ==, 201);
  publish (fixture);
  g_assert_cmpuint (put_order (fixture, "m1", "active", 1), ==, 403);
  g_assert_cmpuint (put_order (fixture, "m1", "draft", 1), ==, 201); /* nobody acts on a draft */
  g_assert_cmpuint (put_order (fixture, "m1", "active", 1), ==, 403);
  g_assert_cmpuint (sign_order (fixture, "m2", fixture->key), ==, 200);
  g_assert_cmpuint (sign_order (fixture, "m4", other), ==, 403);
  g_assert_cmpuint (say_both (fixture, "m3", changed, of_another), ==, 403);
  g_assert_cmpuint (say_both (fixture, "m3", order, of_another), ==, 200);
  /* the same once more, for its answer was lost */
  g_assert_cmpuint (put_order (fixture, "m3", "active", 1), ==, 200);
}

/* What was ordered before there was a key may be noted upon and ended, and not edited. */
static void
test_ordered_before_the_key (Fixture *fixture, gconstpointer data)
{
  g_autofree char *order = dup_order ("m0", "active", 1), *noted = NULL, *nobodys = NULL;

  g_assert_cmpuint (put_order (fixture, "m0", "active", 1), ==, 201);
  publish (fixture);
  noted = g_strdup_printf ("%.*s,'note':[{'text':'Rang the pharmacy'}]}", (int) strlen (order) - 1,
                           order);
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/MedicationRequest/m0", noted), ==, 200);
  g_assert_cmpuint (put_order (fixture, "m0", "active", 9), ==, 403);
  g_assert_cmpuint (put_order (fixture, "m0", "stopped", 1), ==, 200);
  /* and nobody's name is no way around */
  nobodys = g_strdup ("{'resourceType':'MedicationRequest','status':'active','intent':'order',"
                      "'subject':{'reference':'Patient/p1'}}");
  g_assert_cmpuint (say (fixture, "prescriber", "POST /fhir/MedicationRequest", nobodys), ==, 403);
}

static void
test_not_under_another (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = dup_order ("m1", "active", 1), *second = dup_order ("m2", "active", 1),
                  *provenance = dup_signature (fixture->key, first, "m2");

  publish (fixture);
  g_assert_cmpuint (sign_order (fixture, "m1", fixture->key), ==, 200);
  g_assert_cmpuint (say_both (fixture, "m2", second, provenance), ==, 403);
  g_assert_cmpuint (say (fixture, "admin", "GET /fhir/MedicationRequest/m2", NULL), ==, 404);
}

static void
test_edits_need_a_new_one (Fixture *fixture, gconstpointer data)
{
  publish (fixture);
  g_assert_cmpuint (sign_order (fixture, "m1", fixture->key), ==, 200);
  g_assert_cmpuint (put_order (fixture, "m1", "active", 12), ==, 403);
  g_assert_cmpuint (put_order (fixture, "m1", "on-hold", 1), ==, 403);
  g_assert_cmpuint (put_order (fixture, "m1", "cancelled", 1), ==, 200);
  /* the old signature would fit again */
  g_assert_cmpuint (put_order (fixture, "m1", "active", 1), ==, 403);
}

/* Nor by way of a draft, nor as somebody's plan that becomes an order. */
static void
test_an_end_is_for_good (Fixture *fixture, gconstpointer data)
{
  g_autofree char *order = dup_order ("m1", "active", 1);
  g_auto (GStrv) parts = g_strsplit (order, "'intent':'order'", 2);
  g_autofree char *plan = g_strjoinv ("'intent':'plan'", parts);

  publish (fixture);
  g_assert_cmpuint (sign_order (fixture, "m1", fixture->key), ==, 200);
  g_assert_cmpuint (put_order (fixture, "m1", "stopped", 1), ==, 200);
  g_assert_cmpuint (put_order (fixture, "m1", "draft", 1), ==, 200);
  g_assert_cmpuint (put_order (fixture, "m1", "active", 1), ==, 403);
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/MedicationRequest/m1", plan), ==, 200);
  g_assert_cmpuint (put_order (fixture, "m1", "active", 1), ==, 403);
  g_assert_cmpuint (sign_order (fixture, "m1", fixture->key), ==, 403);
  g_assert_cmpuint (sign_order (fixture, "m2", fixture->key), ==, 200);
}

/* (transfer full): @order, as it would be sent under another id */
static char *
dup_under (const char *order, const char *from, const char *to)
{
  g_autofree char *was = g_strdup_printf ("'id':'%s'", from);
  g_autofree char *is = g_strdup_printf ("'id':'%s'", to);
  g_auto (GStrv) parts = g_strsplit (order, was, 2);

  return g_strjoinv (is, parts);
}

/* What is signed leaves the id out: the same order would be as well signed twice. */
static void
test_once_under_its_number (Fixture *fixture, gconstpointer data)
{
  g_autofree char *order = dup_order ("m1", "active", 1);
  g_autofree char *copy = dup_under (order, "m1", "m2");
  g_autofree char *provenance = dup_signature (fixture->key, order, "m2");
  g_autofree char *stopped = dup_order ("m9", "stopped", 1);
  g_autofree char *renumbered = dup_under (stopped, "m9", "m1");
  g_auto (GStrv) parts = g_strsplit (order, "prescription-id", 2);
  g_autofree char *unnumbered = g_strjoinv ("another-id", parts);
  g_autofree char *of_unnumbered = dup_signature (fixture->key, unnumbered, "m1");

  publish (fixture);
  g_assert_cmpuint (say_both (fixture, "m1", unnumbered, of_unnumbered), ==, 403);
  g_assert_cmpuint (sign_order (fixture, "m1", fixture->key), ==, 200);
  g_assert_cmpuint (say_both (fixture, "m2", copy, provenance), ==, 403);
  g_assert_cmpuint (put_order (fixture, "m1", "stopped", 1), ==, 200);
  g_assert_cmpuint (say_both (fixture, "m2", copy, provenance), ==, 403);
  /* and it does not make room for another */
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/MedicationRequest/m1", renumbered), ==,
                    403);
  g_assert_cmpuint (say (fixture, "admin", "GET /fhir/MedicationRequest/m2", NULL), ==, 404);
  /* a draft of somebody else's with that number is in nobody's way */
  g_assert_cmpuint (put_order (fixture, "m5", "draft", 1), ==, 201);
  g_free (copy);
  copy = dup_order ("m5", "active", 1);
  g_free (order);
  order = dup_under (copy, "m5", "m6");
  g_free (provenance);
  provenance = dup_signature (fixture->key, order, "m6");
  g_assert_cmpuint (say_both (fixture, "m6", order, provenance), ==, 200);
}

static void
test_keys_are_their_owners (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BaseKey) other = base_key_new (NULL);
  g_autofree char *own = dup_key (fixture->key, "k1", HUB_FIXTURE_PRACTITIONER),
                  *replaced = dup_key (other, "k1", HUB_FIXTURE_PRACTITIONER),
                  *second = dup_key (other, "k2", HUB_FIXTURE_PRACTITIONER),
                  *nurses = dup_key (other, "k3", HUB_FIXTURE_NURSE);

  g_assert_cmpuint (say (fixture, "nurse", "PUT /fhir/Basic/k1", own), ==, 403);
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/Basic/k1", own), ==, 201);
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/Basic/k1", own), ==, 200);
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/Basic/k1", replaced), ==, 403);
  g_assert_cmpuint (say (fixture, "nurse", "PUT /fhir/Basic/k1", nurses), >=, 400);
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/Basic/k2", second), ==, 201);
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/Basic/k4",
                         "{'resourceType':'Basic','id':'k4','code':{'text':'x'}}"),
                    ==, 201);
  /* each verifies what it signed */
  g_assert_cmpuint (sign_order (fixture, "m1", fixture->key), ==, 200);
  g_assert_cmpuint (sign_order (fixture, "m2", other), ==, 200);
  /* who verifies reads it, and nothing else of the kind */
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/Basic/k1", NULL), ==, 200);
  g_assert_cmpuint (say (fixture, "pharmacy", "GET /fhir/Basic/k4", NULL), ==, 403);
  g_assert_cmpuint (say (fixture, "patient", "GET /fhir/Basic/k1", NULL), ==, 403);
}

/* A lost computer: the administrator ends its key. */
static void
test_an_ended_key (Fixture *fixture, gconstpointer data)
{
  g_autofree char *own = dup_key (fixture->key, "k1", HUB_FIXTURE_PRACTITIONER);
  g_autofree char *json = quote (own), *ended = NULL;
  g_autoptr (FhirResource) basic = fhir_resource_parse (json, -1, NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (basic);
  g_autoptr (FhirResource) after = NULL;

  publish (fixture);
  g_assert_cmpuint (sign_order (fixture, "m1", fixture->key), ==, 200);
  fhir_builder_set_many (builder, "extension.1.url", CARE_EXTENSION_BASE "key-ended",
                         "extension.1.valueDateTime", "2026-11-22", NULL);
  after = fhir_builder_end (builder);
  ended = g_strdup (fhir_resource_get_text (after, NULL));
  g_assert_cmpuint (say (fixture, "prescriber", "PUT /fhir/Basic/k1", ended), ==, 403);
  g_assert_cmpuint (say (fixture, "admin", "PUT /fhir/Basic/k1", ended), ==, 200);
  g_assert_cmpuint (sign_order (fixture, "m2", fixture->key), ==, 403);
  g_assert_cmpuint (put_order (fixture, "m3", "active", 1), ==, 403);
  g_assert_cmpuint (put_order (fixture, "m1", "cancelled", 1), ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/hub-signature/needed-once-there-is-a-key", test_needed_once_there_is_a_key);
  ADD ("/hub-signature/ordered-before-the-key", test_ordered_before_the_key);
  ADD ("/hub-signature/not-under-another", test_not_under_another);
  ADD ("/hub-signature/edits-need-a-new-one", test_edits_need_a_new_one);
  ADD ("/hub-signature/an-end-is-for-good", test_an_end_is_for_good);
  ADD ("/hub-signature/once-under-its-number", test_once_under_its_number);
  ADD ("/hub-signature/keys-are-their-owners", test_keys_are_their_owners);
  ADD ("/hub-signature/an-ended-key", test_an_ended_key);
#undef ADD
  return g_test_run ();
}
