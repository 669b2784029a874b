/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include "base-id.h"
#include "store-connection-private.h"

#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECRET "Quetzalcoatlus"

static GBytes *
read_file (const char *path)
{
  char *contents = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &contents, &length, NULL) ? g_bytes_new_take (contents, length)
                                                              : NULL;
}

static gboolean
folder_holds (const char *folder, const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  gboolean found = FALSE;

  while (!found && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GBytes) bytes = read_file (path);

      found = bytes != NULL && memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                       text, strlen (text)) != NULL;
    }
  return found;
}

static void
test_nothing_is_readable (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *plain = g_build_filename (fixture->folder, "plain", NULL);
  g_autoptr (GBytes) file = NULL;

  for (int i = 0; i < 50; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{\"resourceType\":\"Patient\",\"id\":\"p%d\",\"name\":[{\"family\":\"" SECRET "\"}]}",
          i);

      fixture_put (fixture, json);
    }
  g_assert_true (g_file_test (wal, G_FILE_TEST_EXISTS));
  g_assert_false (folder_holds (fixture->folder, SECRET));
  g_assert_false (folder_holds (fixture->folder, "quetzalcoatlus"));
  fixture_close (fixture);
  g_assert_false (folder_holds (fixture->folder, SECRET));
  file = read_file (fixture->path);
  g_assert_cmpuint (g_bytes_get_size (file), >, 50 * 1000);
  g_assert_cmpint (memcmp (g_bytes_get_data (file, NULL), "SQLite format 3", 15), !=, 0);
  /* The search itself finds what is there to be found. */
  g_assert_true (g_file_set_contents (plain, "x" SECRET "y", -1, NULL));
  g_assert_true (folder_holds (fixture->folder, SECRET));
}

static void
assert_refused (StoreFixture *fixture, GBytes *key, StoreError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = read_file (fixture->path), after = NULL;

  g_assert_null (store_database_open (fixture->path, key, fixture->clock, &error));
  g_assert_error (error, STORE_ERROR, (int) code);
  after = read_file (fixture->path);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_wrong_key (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) other = fixture_key (1);

  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
  fixture_close (fixture);
  assert_refused (fixture, other, STORE_ERROR_KEY);
}

static void
test_plain_database_is_refused (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_malloc0 (8192);

  fixture_close (fixture);
  memcpy (text, "SQLite format 3", 16);
  g_assert_true (g_file_set_contents (fixture->path, text, 8192, NULL));
  assert_refused (fixture, fixture->key, STORE_ERROR_KEY);
}

/* ---- a newer or damaged file ---- */

static void
execute_raw (StoreFixture *fixture, const char *sql)
{
  g_autofree char *hex = base_hex (g_bytes_get_data (fixture->key, NULL), STORE_KEY_BYTES);
  g_autofree char *key =
      g_strdup_printf ("PRAGMA key = \"x'%s'\"; PRAGMA cipher_page_size = 8192", hex);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, key, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
test_newer_version (StoreFixture *fixture, gconstpointer data)
{
  fixture_close (fixture);
  execute_raw (fixture, "PRAGMA user_version = 999");
  assert_refused (fixture, fixture->key, STORE_ERROR_VERSION_NEWER);
  execute_raw (fixture, "PRAGMA user_version = 4");
  fixture_open (fixture);
}

static void
test_flipped_byte (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) file = NULL, damaged = NULL, after = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize size;

  for (int i = 0; i < 200; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"p%d\",\"name\":[{\"family\":"
                           "\"Smith\"}],\"text\":{\"div\":\"%0500d\"}}",
                           i, i);

      fixture_put (fixture, json);
    }
  fixture_close (fixture);
  file = read_file (fixture->path);
  bytes = g_memdup2 (g_bytes_get_data (file, &size), g_bytes_get_size (file));
  for (gsize page = 1; page < size / 8192; page++)
    bytes[page * 8192 + 4000] ^= 1;
  damaged = g_bytes_new (bytes, size);
  g_assert_true (g_file_set_contents (fixture->path, (char *) bytes, (gssize) size, NULL));
  fixture->database = store_database_open (fixture->path, fixture->key, fixture->clock, &error);
  if (fixture->database != NULL)
    {
      g_autoptr (FhirResource) got = fixture_get (fixture, "Patient", "p150", &error);

      g_assert_null (got);
      fixture_close (fixture);
    }
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
  after = read_file (fixture->path);
  g_assert_true (g_bytes_equal (damaged, after));
}

/* ---- lanes, groups and what is told ---- */

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean entered, open;
  GString *order;
  guint left;
} Gate;

typedef struct
{
  Gate *gate;
  const char *name;
  gboolean fails;
  gboolean saw_person;
} GateWork;

static gboolean
wait_at_gate (StoreConnection *connection, gpointer data, GError **error)
{
  GateWork *work = data;
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_mutex_lock (&work->gate->mutex);
  work->gate->entered = TRUE;
  g_cond_broadcast (&work->gate->cond);
  while (!work->gate->open)
    g_assert_true (g_cond_wait_until (&work->gate->cond, &work->gate->mutex, deadline));
  g_mutex_unlock (&work->gate->mutex);
  work->saw_person = store_connection_person_waits (connection);
  return TRUE;
}

static gboolean
write_name (StoreConnection *connection, gpointer data, GError **error)
{
  GateWork *work = data;
  g_autofree char *json =
      g_strdup_printf ("{\"resourceType\":\"Basic\",\"id\":\"%s\"}", work->name);
  g_autoptr (FhirResource) resource = resource_of (json);

  g_string_append (work->gate->order, work->name);
  if (!store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error))
    return FALSE;
  if (work->fails)
    g_set_error (error, STORE_ERROR, STORE_ERROR_CONFLICT, "on purpose");
  return !work->fails;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GateWork *work = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (store_database_write_finish (STORE_DATABASE (source), result, &error), ==,
                   !work->fails);
  if (work->fails)
    g_assert_error (error, STORE_ERROR, STORE_ERROR_CONFLICT);
  work->gate->left--;
}

static void
changed_cb (StoreDatabase *database, GPtrArray *changes, GString *told)
{
  for (guint i = 0; i < changes->len; i++)
    g_string_append (told, ((StoreChange *) changes->pdata[i])->id);
}

static void
push (StoreFixture *fixture, BaseLane lane, StoreWork function, GateWork *work)
{
  work->gate->left++;
  store_database_write_async (fixture->database, lane, function, work, NULL, NULL, written_cb,
                              work);
}

static void
test_lanes_and_groups (StoreFixture *fixture, gconstpointer data)
{
  Gate gate = { .order = g_string_new (NULL) };
  GateWork hold = { &gate, "h" }, b = { &gate, "b" }, p = { &gate, "p" }, q = { &gate, "q", TRUE },
           r = { &gate, "r" };
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (FhirResource) kept = NULL, also = NULL;

  g_mutex_init (&gate.mutex);
  g_cond_init (&gate.cond);
  g_signal_connect (fixture->database, "changed", G_CALLBACK (changed_cb), told);
  push (fixture, BASE_LANE_BATCH, wait_at_gate, &hold);
  g_mutex_lock (&gate.mutex);
  while (!gate.entered)
    g_cond_wait (&gate.cond, &gate.mutex);
  g_mutex_unlock (&gate.mutex);
  push (fixture, BASE_LANE_BATCH, write_name, &b);
  push (fixture, BASE_LANE_PERSON, write_name, &p);
  push (fixture, BASE_LANE_PERSON, write_name, &q);
  push (fixture, BASE_LANE_PERSON, write_name, &r);
  g_mutex_lock (&gate.mutex);
  gate.open = TRUE;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
  while (gate.left > 0 || told->len < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (hold.saw_person);
  g_assert_cmpstr (gate.order->str, ==, "pqrb");
  g_assert_cmpstr (told->str, ==, "prb");
  kept = fixture_get (fixture, "Basic", "p", NULL);
  also = fixture_get (fixture, "Basic", "r", NULL);
  g_assert_true (kept != NULL && also != NULL);
  g_assert_null (fixture_get (fixture, "Basic", "q", NULL));
  g_signal_handlers_disconnect_by_data (fixture->database, told);
  g_string_free (gate.order, TRUE);
  g_mutex_clear (&gate.mutex);
  g_cond_clear (&gate.cond);
}

static gboolean
lose_transaction (StoreConnection *connection, gpointer data, GError **error)
{
  return store_connection_run (connection, "transaction.rollback", error, "");
}

static void
lost_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *left = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_false (store_database_write_finish (STORE_DATABASE (source), result, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_SQL);
  (*left)--;
}

/* As the database itself does where it cannot go on; and the work does not mind. Whoever wrote in
 * the same transaction hears of it. */
static void
test_lost_transaction (StoreFixture *fixture, gconstpointer data)
{
  Gate gate = { .order = g_string_new (NULL) };
  GateWork hold = { &gate, "h" }, first = { &gate, "f" };
  guint left = 3;

  g_mutex_init (&gate.mutex);
  g_cond_init (&gate.cond);
  push (fixture, BASE_LANE_BATCH, wait_at_gate, &hold);
  g_mutex_lock (&gate.mutex);
  while (!gate.entered)
    g_cond_wait (&gate.cond, &gate.mutex);
  g_mutex_unlock (&gate.mutex);
  store_database_write_async (fixture->database, BASE_LANE_PERSON, write_name, &first, NULL, NULL,
                              lost_cb, &left);
  for (guint i = 0; i < 2; i++) /* in a group, and alone */
    store_database_write_async (fixture->database, BASE_LANE_PERSON, lose_transaction, NULL, NULL,
                                NULL, lost_cb, &left);
  g_mutex_lock (&gate.mutex);
  gate.open = TRUE;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
  while (left > 0 || gate.left > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (fixture_get (fixture, "Basic", "f", NULL));
  g_assert_cmpint (fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"f\"}"), ==, 1);
  g_string_free (gate.order, TRUE);
  g_mutex_clear (&gate.mutex);
  g_cond_clear (&gate.cond);
}

/* Whoever is answered waits for another answer in a main loop of their own, as a dialog does. */
static void
nesting_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GateWork *work = user_data;
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_assert_true (store_database_write_finish (STORE_DATABASE (source), result, NULL));
  while (work->gate->left > 0 && g_get_monotonic_time () < deadline)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_cmpuint (work->gate->left, ==, 0);
  g_string_append_c (work->gate->order, '!');
}

static void
test_loop_within (StoreFixture *fixture, gconstpointer data)
{
  Gate gate = { .order = g_string_new (NULL) };
  GateWork outer = { &gate, "o" }, inner = { &gate, "i" };
  g_autoptr (GString) told = g_string_new (NULL);

  g_signal_connect (fixture->database, "changed", G_CALLBACK (changed_cb), told);
  store_database_write_async (fixture->database, BASE_LANE_PERSON, write_name, &outer, NULL, NULL,
                              nesting_cb, &outer);
  push (fixture, BASE_LANE_PERSON, write_name, &inner);
  /* Blocks until both are done: they are answered together. */
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"z\"}");
  while (!g_str_has_suffix (gate.order->str, "!"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (gate.order->str, ==, "oi!");
  g_assert_cmpstr (told->str, ==, "oiz");
  g_signal_handlers_disconnect_by_data (fixture->database, told);
  g_string_free (gate.order, TRUE);
}

static gboolean
write_then_fail (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) resource = resource_of (data);

  g_assert_true (store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error));
  g_set_error (error, STORE_ERROR, STORE_ERROR_CONFLICT, "on purpose");
  return FALSE;
}

/* What an undone transaction had learnt must not be believed by the next one. */
static void
test_undone_write_leaves_nothing (StoreFixture *fixture, gconstpointer data)
{
  const char *json =
      "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\",\"subject\":{"
      "\"reference\":\"Patient/x\"},\"code\":{\"coding\":[{\"system\":\"urn:s\",\"code\":\"c\"}]}}";
  g_autoptr (GError) error = NULL;

  g_assert_false (store_database_write (fixture->database, BASE_LANE_BATCH, write_then_fail,
                                        (gpointer) json, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CONFLICT);
  g_assert_null (fixture_get (fixture, "Observation", "o", NULL));
  g_assert_cmpint (fixture_put (fixture, json), ==, 1);
  {
    g_auto (FixtureSearch) found =
        fixture_search (fixture, "Observation", "code=urn:s|c&patient=x", NULL);

    g_assert_cmpstr (found.ids->str, ==, "o");
  }
}

static gboolean
set_something (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, "x", "y", error);
}

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (store_database_write_finish (STORE_DATABASE (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *(gboolean *) user_data = TRUE;
}

static void
test_cancelled_write_is_not_done (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  g_cancellable_cancel (cancellable);
  store_database_write_async (fixture->database, BASE_LANE_PERSON, set_something, NULL, NULL,
                              cancellable, cancelled_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- a full disk ---- */

static gboolean
put_large (StoreConnection *connection, gpointer data, GError **error)
{
  guint n = GPOINTER_TO_UINT (data);
  g_autofree char *json =
      g_strdup_printf ("{\"resourceType\":\"Basic\",\"id\":\"b%u\",\"x\":\"%0*u\"}", n, 200000, n);
  g_autoptr (FhirResource) resource = resource_of (json);

  return store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error);
}

static void
test_full_disk (StoreFixture *fixture, gconstpointer data)
{
  struct rlimit before, small;
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) first = NULL, last = NULL;
  g_autofree char *id = NULL;
  guint n = 0;

  getrlimit (RLIMIT_FSIZE, &before);
  signal (SIGXFSZ, SIG_IGN);
  small = before;
  small.rlim_cur = 4 * 1024 * 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  while (n < 100 && store_database_write (fixture->database, BASE_LANE_PERSON, put_large,
                                          GUINT_TO_POINTER (n), &error))
    n++;
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FULL);
  g_assert_cmpuint (n, >, 3);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_clear_error (&error);
  /* With room again it goes on where it stood. */
  g_assert_true (store_database_write (fixture->database, BASE_LANE_PERSON, put_large,
                                       GUINT_TO_POINTER (n), &error));
  g_assert_no_error (error);
  fixture_close (fixture);
  fixture_open (fixture);
  id = g_strdup_printf ("b%u", n);
  first = fixture_get (fixture, "Basic", "b0", NULL);
  last = fixture_get (fixture, "Basic", id, NULL);
  g_assert_true (first != NULL && last != NULL);
}

/* ---- killed while writing ---- */

static gboolean
put_numbered (StoreConnection *connection, gpointer data, GError **error)
{
  guint n = *(guint *) data;
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"Observation\",\"id\":\"n%u\",\"status\":\"final\",\"subject\":{"
      "\"reference\":\"Patient/k\"},\"note\":[{\"text\":\"%0300u\"}]}",
      n, n);
  g_autofree char *body = g_strdup_printf ("%u", n);
  g_autoptr (FhirResource) resource = resource_of (json);

  return store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error) &&
         store_journal_append (connection, "g", STORE_JOURNAL_CREATE, "Observation",
                               fhir_resource_get_id (resource), "k", NULL, 0, NULL, error) &&
         store_audit_append (connection, "write", "doctor", "k", NULL, NULL, error) &&
         store_draft_save (connection, "draft", "note", "k", "doctor", NULL, body, error);
}

/* Writes one after another and acknowledges each on a pipe, until it is killed. */
static int
write_until_killed (const char *path, const char *first, const char *descriptor)
{
  g_autoptr (GBytes) key = fixture_key (0);
  g_autoptr (BaseClock) clock = base_clock_new ();
  StoreDatabase *database = store_database_open (path, key, clock, NULL);
  guint n = (guint) atoi (first);

  while (database != NULL &&
         store_database_write (database, BASE_LANE_PERSON, put_numbered, &n, NULL))
    {
      if (write (atoi (descriptor), &n, sizeof n) != sizeof n)
        break;
      n++;
    }
  return 1;
}

typedef struct
{
  guint acknowledged;
  guint stored;
} Survivors;

static gboolean
count_survivors (StoreConnection *connection, gpointer data, GError **error)
{
  Survivors *survivors = data;
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "waiting", 1000000, error);
  g_autoptr (StoreDraft) draft = store_draft_load (connection, "draft", error);
  g_autoptr (FhirResource) last = NULL;
  g_autofree char *id = NULL;
  gint64 audited = 0;

  g_assert_no_error (*error);
  survivors->stored = entries->len;
  g_assert_true (store_audit_verify (connection, &audited, error));
  g_assert_cmpint (audited, ==, entries->len);
  id = g_strdup_printf ("n%u", entries->len - 1);
  g_assert_cmpstr (draft->body, ==, id + 1);
  last = store_resource_get (connection, "Observation", id, error);
  g_assert_no_error (*error);
  g_assert_true (store_database_check (connection, error));
  return TRUE;
}

static guint
run_and_kill (StoreFixture *fixture, guint first, guint after)
{
  int pipes[2];
  g_autofree char *start = g_strdup_printf ("%u", first), *descriptor = NULL;
  guint seen = first, n;
  pid_t child;

  g_assert_cmpint (pipe (pipes), ==, 0);
  descriptor = g_strdup_printf ("%d", pipes[1]);
  child = fork ();
  if (child == 0)
    {
      close (pipes[0]);
      execl ("/proc/self/exe", "test-store-database", "--child", fixture->path, start, descriptor,
             NULL);
      _exit (127);
    }
  close (pipes[1]);
  while (read (pipes[0], &n, sizeof n) == sizeof n)
    {
      seen = n + 1;
      if (seen >= first + after)
        {
          /* Somewhere in the next write. */
          g_usleep ((gulong) g_test_rand_int_range (0, 3000));
          kill (child, SIGKILL);
          after = G_MAXUINT / 2;
        }
    }
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  close (pipes[0]);
  return seen;
}

static void
test_killed_while_writing (StoreFixture *fixture, gconstpointer data)
{
  guint next = 0;

  fixture_close (fixture);
  for (int round = 0; round < 8; round++)
    {
      guint acknowledged = run_and_kill (fixture, next, (guint) g_test_rand_int_range (1, 60));
      Survivors survivors = { acknowledged, 0 };
      g_autoptr (GError) error = NULL;

      fixture_open (fixture);
      store_database_read (fixture->database, count_survivors, &survivors, &error);
      g_assert_no_error (error);
      g_test_message ("round %d: %u acknowledged, %u stored", round, acknowledged,
                      survivors.stored);
      g_assert_cmpuint (acknowledged, >, next);
      g_assert_cmpuint (survivors.stored, >=, acknowledged);
      g_assert_cmpuint (survivors.stored, <=, acknowledged + 1);
      next = survivors.stored;
      fixture_close (fixture);
    }
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--child") == 0)
    return write_until_killed (argv[2], argv[3], argv[4]);
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/database/encrypted", NULL, test_nothing_is_readable);
  fixture_add ("/store/database/wrong-key", NULL, test_wrong_key);
  fixture_add ("/store/database/plain", NULL, test_plain_database_is_refused);
  fixture_add ("/store/database/newer", NULL, test_newer_version);
  fixture_add ("/store/database/flipped-byte", NULL, test_flipped_byte);
  fixture_add ("/store/database/lanes-and-groups", NULL, test_lanes_and_groups);
  fixture_add ("/store/database/lost-transaction", NULL, test_lost_transaction);
  fixture_add ("/store/database/loop-within", NULL, test_loop_within);
  fixture_add ("/store/database/undone", NULL, test_undone_write_leaves_nothing);
  fixture_add ("/store/database/cancelled", NULL, test_cancelled_write_is_not_done);
  fixture_add ("/store/database/full-disk", NULL, test_full_disk);
  fixture_add ("/store/database/killed", NULL, test_killed_while_writing);
  return g_test_run ();
}
