/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-weight.h"

#include "care-fixture.h"
#include "care-prescription-facts.h"

/* A child of two years: 12 kg is ordinary, 120 kg is a mark in the wrong place (H11). */

static const char *value, *unit;
static gboolean sure;

static gboolean
put_child (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'2024-11-01'}");
  return TRUE;
}

static gboolean
save (StoreConnection *connection, gpointer data, GError **error)
{
  return care_weight_save (connection, ((CareFixture *) data)->doctor, "p", value, unit, sure,
                           error);
}

static gboolean
save_as_other_role (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareContext) desk = care_context_new (fixture->database, fixture->clock,
                                                   "Practitioner/desk", "Ann Desk", "reception");

  return care_weight_save (connection, desk, "p", "12", "kg", TRUE, error);
}

/* What the form of a dose by weight reckons with. */
static gboolean
is_known (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionFacts) facts =
      care_prescription_facts (connection, fixture->doctor, "p", NULL, error);
  g_autofree char *type = NULL;

  g_assert_cmpstr (facts->weight, ==, "12.4");
  g_assert_cmpstr (facts->weight_problem, ==, NULL);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "_count=10"), ==, 1);
  return TRUE;
}

static void
assert_refused (CareFixture *fixture, const char *number, const char *of, int code)
{
  g_autoptr (GError) error = NULL;

  value = number;
  unit = of;
  error = care_fixture_try (fixture, save);
  g_assert_error (error, CARE_ERROR, code);
  g_test_message ("%s %s: %s", number, of, error->message);
}

static void
test_saved (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_child);
  value = "12.4";
  unit = "kg";
  sure = FALSE;
  care_fixture_write (fixture, save);
  care_fixture_read (fixture, is_known);
}

/* Asked about once: another answer is the clinician's. */
static void
test_asked (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_child);
  sure = FALSE;
  assert_refused (fixture, "120", "kg", CARE_ERROR_FINDINGS);
  assert_refused (fixture, "12", "g", CARE_ERROR_FINDINGS);
  value = "12.4";
  unit = "kg";
  care_fixture_write (fixture, save);
  base_clock_advance (fixture->clock, 2 * G_TIME_SPAN_DAY);
  assert_refused (fixture, "14.9", "kg", CARE_ERROR_FINDINGS); /* more than a tenth in two days */
  sure = TRUE;
  care_fixture_write (fixture, save);
}

static void
test_refused (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) role = NULL;

  care_fixture_write (fixture, put_child);
  sure = TRUE;
  assert_refused (fixture, "12", NULL, CARE_ERROR_MISSING);
  assert_refused (fixture, "12", "stone", CARE_ERROR_MISSING);
  assert_refused (fixture, "0", "kg", CARE_ERROR_STATE);
  assert_refused (fixture, "1000000000", "kg", CARE_ERROR_STATE);
  role = care_fixture_try (fixture, save_as_other_role);
  g_assert_error (role, CARE_ERROR, CARE_ERROR_ROLE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function)                                                                       \
  g_test_add (name, CareFixture, NULL, care_fixture_set_up, function, care_fixture_tear_down)
  TEST ("/care/weight/saved", test_saved);
  TEST ("/care/weight/asked", test_asked);
  TEST ("/care/weight/refused", test_refused);
#undef TEST
  return g_test_run ();
}
