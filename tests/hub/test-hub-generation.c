/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include "hub-generation.h"

/* Who names other records than these is not answered: a back-up may have been restored, and then a
 * version's number is no longer what it was. */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"g1\"}"

static void
test_others_are_refused (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *own =
      g_strdup_printf (HUB_GENERATION_HEADER ": %s", hub_generation_get (fixture->server));
  static const char other[] = HUB_GENERATION_HEADER ": of-another-life";
  g_autoptr (HubAnswer) refused =
      hub_fixture_send (fixture, "nurse", "PUT /fhir/Patient/g1", other, PATIENT);
  g_autoptr (HubAnswer) nothing =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/g1", NULL, NULL);
  g_autoptr (HubAnswer) taken =
      hub_fixture_send (fixture, "nurse", "PUT /fhir/Patient/g1", own, PATIENT);
  g_autoptr (HubAnswer) search =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Patient?_id=g1", other, NULL);
  g_autoptr (HubAnswer) batch =
      hub_fixture_send (fixture, "nurse", "POST /fhir", other,
                        "{\"resourceType\":\"Bundle\",\"type\":\"batch\"}");

  hub_assert_outcome (refused, 412);
  g_assert_cmpstr (hub_answer_header (refused, HUB_GENERATION_HEADER), ==,
                   hub_generation_get (fixture->server));
  g_assert_cmpuint (nothing->status, ==, 404);
  g_assert_cmpuint (taken->status, ==, 201);
  g_assert_null (hub_answer_header (taken, HUB_GENERATION_HEADER));
  hub_assert_outcome (search, 412);
  hub_assert_outcome (batch, 412);
}

/* The name is told to everybody, whatever they know. */
static void
test_is_told (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) statement =
      hub_fixture_send (fixture, NULL, "GET /fhir/metadata",
                        HUB_GENERATION_HEADER ": of-another-life", NULL);

  g_assert_cmpuint (statement->status, ==, 200);
  g_assert_cmpstr (fhir_resource_path_text (statement->resource,
                                            "implementation.extension.0.valueString"),
                   ==, hub_generation_get (fixture->server));
}

static gboolean
renew_work (StoreConnection *connection, gpointer data, GError **error)
{
  return hub_generation_renew (connection, error);
}

/* It outlives the hub, and ends with a restore. */
static void
test_is_kept (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strdup (hub_generation_get (fixture->server));
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (name);
  hub_generation_load (fixture->server);
  g_assert_cmpstr (hub_generation_get (fixture->server), ==, name);
  store_database_write (fixture->data->store, BASE_LANE_PERSON, renew_work, NULL, &error);
  g_assert_no_error (error);
  hub_generation_load (fixture->server);
  g_assert_cmpstr (hub_generation_get (fixture->server), !=, name);
}

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/generation/others-are-refused", test_others_are_refused);
  fixture_test ("/hub/generation/is-told", test_is_told);
  fixture_test ("/hub/generation/is-kept", test_is_kept);
  return g_test_run ();
}
