/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-near.h"

#include "care-fixture.h"

/* Whether a patient may need this workplace within the hour; it is nine o'clock. */

static const char *booking, *visit; /* of the case: status and start, status */

static gboolean
put_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *appointment = NULL, *encounter = NULL;
  g_auto (GStrv) parts = g_strsplit (booking, " ", 2);

  appointment = g_strdup_printf (
      "{'resourceType':'Appointment','id':'a','status':'%s','start':'2026-11-%s:00Z','end':'2026-"
      "11-"
      "%s:30Z','participant':[{'actor':{'reference':'Patient/p'},'status':'accepted'}]}",
      parts[0], parts[1], parts[1]);
  encounter = g_strdup_printf (
      "{'resourceType':'Encounter','id':'e','status':'%s','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/p'}}",
      visit);
  care_fixture_put (connection, appointment);
  care_fixture_put (connection, encounter);
  return TRUE;
}

static gboolean
look_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  gboolean near = FALSE;

  g_assert_true (check_near_look (connection, base_clock_now (fixture->clock), &near, error));
  g_object_set_data (G_OBJECT (fixture->clock), "near", GINT_TO_POINTER (near));
  return TRUE;
}

static gboolean
is_near (CareFixture *fixture, const char *booked, const char *status)
{
  booking = booked;
  visit = status;
  care_fixture_write (fixture, put_work);
  care_fixture_read (fixture, look_work);
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (fixture->clock), "near"));
}

static void
test_bookings (CareFixture *fixture, gconstpointer data)
{
  g_assert_true (is_near (fixture, "booked 22T09:40", "finished"));
  g_assert_true (is_near (fixture, "booked 22T10:00", "finished"));
  g_assert_false (is_near (fixture, "booked 22T10:01", "finished"));
  g_assert_false (is_near (fixture, "booked 23T09:10", "finished"));
  g_assert_false (is_near (fixture, "cancelled 22T09:40", "finished"));
  g_assert_true (is_near (fixture, "booked 22T08:40", "planned")); /* late, and may still come */
  g_assert_false (is_near (fixture, "booked 22T08:20", "planned"));
}

/* Who is there needs no booking. */
static void
test_visits (CareFixture *fixture, gconstpointer data)
{
  static const char *const near[] = { "arrived", "triaged", "in-progress", "onleave" };
  static const char *const far[] = { "planned", "finished", "cancelled" };

  for (gsize i = 0; i < G_N_ELEMENTS (near); i++)
    g_assert_true (is_near (fixture, "booked 23T09:10", near[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (far); i++)
    g_assert_false (is_near (fixture, "booked 23T09:10", far[i]));
}

#define ADD(name, test)                                                                            \
  g_test_add ("/check-near/" name, CareFixture, NULL, care_fixture_set_up, test,                   \
              care_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("bookings", test_bookings);
  ADD ("visits", test_visits);
  return g_test_run ();
}
