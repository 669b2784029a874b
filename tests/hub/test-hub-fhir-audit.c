/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include "store-audit.h"

/* Every read and every write leaves a row in the audit chain, what was refused or found nothing to
 * do leaves none. */

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

#define JSON_PATCH "Content-Type: application/json-patch+json"
#define PATIENT    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{\"value\":\"7\"}]}"

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_audit_verify (connection, data, error);
}

/* Rows of reads are written together, within half a second. */
static gint64
count_rows (HubFixture *fixture, gint64 expected)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC, rows = 0;
  g_autoptr (GError) error = NULL;

  do
    {
      g_main_context_iteration (NULL, FALSE);
      store_database_read (fixture->data->store, count_work, &rows, &error);
      g_assert_no_error (error);
    }
  while (rows < expected && g_get_monotonic_time () < end);
  return rows;
}

typedef struct
{
  const char *user, *request, *headers, *body;
  guint status, rows;
} Case;

static void
test_rows (HubFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    { "nurse", "PUT /fhir/Patient/p1", NULL, PATIENT, 201, 1 },
    { "nurse", "PATCH /fhir/Patient/p1", JSON_PATCH,
      "[{\"op\":\"add\",\"path\":\"/active\",\"value\":true}]", 200, 1 },
    { "nurse", "PATCH /fhir/Patient?identifier=7", JSON_PATCH,
      "[{\"op\":\"remove\",\"path\":\"/active\"}]", 200, 1 },
    { "nurse", "PATCH /fhir/Patient/p1", JSON_PATCH, "[{\"op\":\"remove\",\"path\":\"/active\"}]",
      422, 0 },
    { "nurse", "PUT /fhir/Patient?identifier=7", NULL,
      "{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"7\"}],\"active\":true}", 200, 1 },
    { "nurse", "PUT /fhir/Basic/b", NULL, "{\"resourceType\":\"Basic\",\"id\":\"b\"}", 201, 1 },
    { "nurse", "DELETE /fhir/Basic/b", NULL, NULL, 403, 0 },
    { "nurse", "PUT /fhir/Binary/x", "Content-Type: text/plain", "x", 201, 1 },
    { "nurse", "GET /fhir/Patient/p1/_history/1", NULL, NULL, 200, 1 },
    { "nurse", "GET /fhir/Patient/p1/_history", NULL, NULL, 200, 1 },
    { "nurse", "GET /fhir/Patient/_history", NULL, NULL, 200, 1 },
    { "nurse", "GET /fhir/_history", NULL, NULL, 200, 1 },
    { "nurse", "GET /fhir/_history?_at=2020", NULL, NULL, 400, 0 },
    { "nurse", "GET /fhir/Patient/p1/$everything", NULL, NULL, 200, 1 },
    { "patient", "GET /fhir/Binary/x", NULL, NULL, 403, 0 },
    { "nurse", "GET /fhir/Binary/x", NULL, NULL, 200, 1 },
    { "nurse", "GET /fhir/Patient/p1/$validate", NULL, NULL, 200, 1 },
    { "nurse", "POST /fhir/Patient/$validate", NULL, PATIENT, 200, 0 }, /* nothing was read */
    { "admin", "GET /fhir/$export", "Prefer: respond-async", NULL, 202, 1 },
    { "nurse", "GET /fhir/$export", "Prefer: respond-async", NULL, 403, 0 },
    { "admin", "DELETE /fhir/Basic?_id=b", NULL, NULL, 204, 1 },
    { "admin", "DELETE /fhir/Basic?_id=b", NULL, NULL, 204, 0 },
  };
  gint64 rows = count_rows (fixture, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, cases[i].user, cases[i].request,
                                                       cases[i].headers, cases[i].body);

      g_test_message ("%s %s: %u", cases[i].user, cases[i].request, answer->status);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
      rows += cases[i].rows;
      g_assert_cmpint (count_rows (fixture, rows), ==, rows);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub-fhir-audit/rows", test_rows);
  return g_test_run ();
}
