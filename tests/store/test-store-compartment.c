/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include "store-compartment.h"

typedef struct
{
  const char *patient;
  gint64 since_us, after;
  guint limit;
  char *found;
  gboolean has_o, has_q;
} Work;

static gboolean
walk_work (StoreConnection *connection, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (StoreCompartment) compartment =
      store_compartment_new (connection, work->patient, error);
  g_autoptr (GString) words = g_string_new (NULL);

  if (compartment == NULL)
    return FALSE;
  for (guint i = 0; i < work->limit; i++)
    {
      g_autoptr (FhirResource) resource = NULL;

      if (!store_compartment_next (compartment, work->since_us, &work->after, &resource, error))
        return FALSE;
      if (resource == NULL)
        break;
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "",
                              fhir_resource_get_id (resource));
    }
  work->has_o = store_compartment_has (compartment, "Observation", "o");
  work->has_q = store_compartment_has (compartment, "Observation", "q");
  work->found = g_strdup (words->str);
  return TRUE;
}

static void
assert_walk (StoreFixture *fixture, Work *work, const char *expected)
{
  g_autoptr (GError) error = NULL;

  store_database_read (fixture->database, walk_work, work, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (work->found, ==, expected);
  g_clear_pointer (&work->found, g_free);
}

#define P "{\"reference\":\"Patient/p\"}"
#define Q "{\"reference\":\"Patient/q\"}"

static void
test_walk (StoreFixture *fixture, gconstpointer data)
{
  Work all = { .patient = "p", .since_us = G_MININT64, .limit = 100 };
  Work some = { .patient = "p", .since_us = G_MININT64, .limit = 2 };
  Work late = { .patient = "p", .limit = 100 };
  Work nobody = { .patient = "z", .since_us = G_MININT64, .limit = 100 };

  fixture_put (fixture, "{\"resourceType\":\"Observation\",\"id\":\"o\",\"subject\":" P
                        ",\"performer\":[" P "]}");
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
  fixture_put (fixture, "{\"resourceType\":\"Observation\",\"id\":\"q\",\"subject\":" Q "}");
  fixture_put (fixture, "{\"resourceType\":\"Observation\",\"id\":\"as-performer\",\"subject\":" Q
                        ",\"performer\":[" P "]}");
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"gone\",\"subject\":" P "}");
  /* a reference that is no part of the compartment */
  fixture_put (fixture, "{\"resourceType\":\"Observation\",\"id\":\"focus\",\"focus\":[" P "]}");
  fixture_delete (fixture, "Basic", "gone");
  base_clock_advance (fixture->clock, G_USEC_PER_SEC);
  late.since_us = base_clock_now (fixture->clock);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"late\",\"subject\":" P "}");
  /* numbers are given when a resource, or a reference to it, is first seen */
  assert_walk (fixture, &all, "o p as-performer late");
  g_assert_true (all.has_o);
  g_assert_false (all.has_q);
  assert_walk (fixture, &some, "o p");
  fixture_put (fixture,
               "{\"resourceType\":\"Observation\",\"id\":\"o\",\"subject\":" P ",\"x\":1}");
  assert_walk (fixture, &some, "as-performer late");
  assert_walk (fixture, &some, "");
  assert_walk (fixture, &late, "o late");
  assert_walk (fixture, &nobody, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/compartment/walk", NULL, test_walk);
  return g_test_run ();
}
