/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-code.h"

#include "care-fixture.h"

#define CODE "three-owls"

typedef struct
{
  CareFixture care;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  care_fixture_tear_down (&fixture->care, data);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static void
wait (Fixture *fixture)
{
  while (!fixture->result)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_code (Fixture *fixture, const char *code)
{
  app_code_set_async (fixture->care.database, code, done_cb, fixture);
  wait (fixture);
  g_assert_true (app_code_set_finish (fixture->result, NULL));
  g_clear_object (&fixture->result);
}

static AppCodeAnswer
try_in (Fixture *fixture, StoreDatabase *store, const char *code, guint *seconds)
{
  AppCodeAnswer answer;

  app_code_try_async (store, code, base_clock_now (fixture->care.clock), done_cb, fixture);
  wait (fixture);
  answer = app_code_try_finish (fixture->result, seconds, NULL);
  g_clear_object (&fixture->result);
  return answer;
}

static AppCodeAnswer
try (Fixture *fixture, const char *code, guint *seconds)
{
  return try_in (fixture, fixture->care.database, code, seconds);
}

static gboolean
has_code (StoreConnection *connection, gpointer data, GError **error)
{
  *(gboolean *) data = app_code_has (connection);
  return TRUE;
}

static void
test_code (Fixture *fixture, gconstpointer data)
{
  gboolean has = TRUE;
  guint seconds = 0;

  g_assert_true (store_database_read (fixture->care.database, has_code, &has, NULL));
  g_assert_false (has);
  g_assert_cmpint (try (fixture, CODE, &seconds), ==, APP_CODE_WRONG);
  set_code (fixture, CODE);
  g_assert_true (store_database_read (fixture->care.database, has_code, &has, NULL));
  g_assert_true (has);
  g_assert_cmpint (try (fixture, CODE, &seconds), ==, APP_CODE_RIGHT);
  g_assert_cmpint (try (fixture, "Three-owls", &seconds), ==, APP_CODE_WRONG);
  g_assert_cmpint (try (fixture, "", &seconds), ==, APP_CODE_WRONG);
}

/* After five wrong ones even the right one waits, longer each time; setting the clock back gains
 * nothing. */
static void
test_wait (Fixture *fixture, gconstpointer data)
{
  guint seconds = 0;

  set_code (fixture, CODE);
  for (guint i = 0; i < APP_CODE_FREE_TRIES; i++)
    g_assert_cmpint (try (fixture, "guess", &seconds), ==, APP_CODE_WRONG);
  g_assert_cmpint (try (fixture, CODE, &seconds), ==, APP_CODE_WAIT);
  g_assert_cmpuint (seconds, >, 0);
  g_assert_cmpuint (seconds, <=, 30);
  base_clock_advance (fixture->care.clock, -G_TIME_SPAN_HOUR);
  g_assert_cmpint (try (fixture, CODE, &seconds), ==, APP_CODE_WAIT);
  base_clock_advance (fixture->care.clock, G_TIME_SPAN_HOUR + G_TIME_SPAN_MINUTE);
  g_assert_cmpint (try (fixture, "guess", &seconds), ==, APP_CODE_WRONG);
  g_assert_cmpint (try (fixture, CODE, &seconds), ==, APP_CODE_WAIT);
  g_assert_cmpuint (seconds, >, 30);
  base_clock_advance (fixture->care.clock, 2 * G_TIME_SPAN_MINUTE);
  g_assert_cmpint (try (fixture, CODE, &seconds), ==, APP_CODE_RIGHT);
  g_assert_cmpint (try (fixture, "guess", &seconds), ==, APP_CODE_WRONG);
}

/* Where nothing can be written the code opens all the same, and guessing gains nothing: what was
 * tried before counts on. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_strdup (store_database_get_path (fixture->care.database));
  g_autoptr (StoreDatabase) store = NULL;
  guint seconds = 0;

  set_code (fixture, CODE);
  g_assert_cmpint (try (fixture, "guess", &seconds), ==, APP_CODE_WRONG);
  g_assert_cmpint (try (fixture, "guess", &seconds), ==, APP_CODE_WRONG);
  store = store_database_open_to_read (path, fixture->care.key, fixture->care.clock, NULL);
  g_assert_true (store_database_is_read_only (store));
  for (guint i = 2; i < APP_CODE_FREE_TRIES; i++)
    g_assert_cmpint (try_in (fixture, store, "guess", &seconds), ==, APP_CODE_WRONG);
  g_assert_cmpint (try_in (fixture, store, CODE, &seconds), ==, APP_CODE_WAIT);
  base_clock_advance (fixture->care.clock, 2 * G_TIME_SPAN_MINUTE);
  g_assert_cmpint (try_in (fixture, store, CODE, &seconds), ==, APP_CODE_RIGHT);
  for (guint i = 0; i < APP_CODE_FREE_TRIES; i++)
    g_assert_cmpint (try_in (fixture, store, "guess", &seconds), ==, APP_CODE_WRONG);
  g_assert_cmpint (try_in (fixture, store, CODE, &seconds), ==, APP_CODE_WAIT);
  store_database_close (store);
}

static void
test_problem (void)
{
  static const struct
  {
    const char *code, *again;
    gboolean good;
  } cases[] = {
    { "", "", FALSE },
    { "12345", "12345", FALSE },
    { "111111", "111111", FALSE },
    { "ひひひひひひ", "ひひひひひひ", FALSE },
    { "123987", "123986", FALSE },
    { "123987", "123987", TRUE },
    { "ひみつのことば", "ひみつのことば", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *problem = app_code_dup_problem (cases[i].code, cases[i].again);
      g_test_message ("%s: %s", cases[i].code, problem ? problem : "good");
      g_assert_cmpint (problem == NULL, ==, cases[i].good);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/code/right-and-wrong", Fixture, NULL, set_up, test_code, tear_down);
  g_test_add ("/app/code/wait", Fixture, NULL, set_up, test_wait, tear_down);
  g_test_add ("/app/code/read-only", Fixture, NULL, set_up, test_read_only, tear_down);
  g_test_add_func ("/app/code/problem", test_problem);
  return g_test_run ();
}
