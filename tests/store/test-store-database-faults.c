/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What may befall the machine under a store: it is killed at any point of a mixed load, its disk is
 * full, its clock goes back. What was acknowledged stands, what was not is wholly there or not. */

#define IDS   23
#define BATCH 20

/* ---- the load: what the writes up to a number leave behind is known from the number alone ---- */

typedef struct
{
  gint64 version;
  gboolean stands;
  guint n; /* the write that left it so */
} Expected;

typedef enum
{
  WRITE_PUT,
  WRITE_DELETE,
  WRITE_CONFLICT, /* refused, while what stands beside it is written */
} WriteKind;

static WriteKind
kind_of (guint n, const Expected *now)
{
  if (n % 5 == 3 && now->stands)
    return WRITE_DELETE;
  return n % 5 == 4 && now->stands ? WRITE_CONFLICT : WRITE_PUT;
}

static void
expect (Expected *all, guint writes)
{
  memset (all, 0, IDS * sizeof *all);
  for (guint n = 0; n < writes; n++)
    {
      Expected *one = &all[n % IDS];
      WriteKind kind = kind_of (n, one);

      if (kind == WRITE_CONFLICT)
        continue;
      one->version++;
      one->stands = kind == WRITE_PUT;
      one->n = n;
    }
}

static FhirResource *
record (guint n)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"Observation\",\"id\":\"m%u\",\"status\":\"final\",\"subject\":{"
      "\"reference\":\"Patient/k\"},\"code\":{\"coding\":[{\"system\":\"urn:c\",\"code\":\"c%u\","
      "\"display\":\"Word%u of many\"}]},\"note\":[{\"text\":\"%u %0200u\"}]}",
      n % IDS, n % 7, n % 7, n, n);

  return resource_of (json);
}

static gboolean
write_one (StoreConnection *connection, WriteKind kind, guint n, GError **error)
{
  g_autofree char *id = g_strdup_printf ("m%u", n % IDS);
  g_autoptr (FhirResource) resource = record (n);
  g_autoptr (GError) conflict = NULL;

  if (kind == WRITE_DELETE)
    return store_resource_delete (connection, "Observation", id, NULL, NULL, error);
  if (kind == WRITE_PUT)
    return store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error);
  g_assert_false (
      store_resource_put (connection, resource, STORE_PUT_DEFAULT, "none", NULL, &conflict));
  g_assert_error (conflict, STORE_ERROR, STORE_ERROR_CONFLICT);
  return TRUE;
}

static gboolean
write_numbered (StoreConnection *connection, gpointer data, GError **error)
{
  guint n = *(guint *) data;
  Expected all[IDS];
  g_autofree char *body = g_strdup_printf ("%u", n);

  expect (all, n);
  return write_one (connection, kind_of (n, &all[n % IDS]), n, error) &&
         store_journal_append (connection, "g", STORE_JOURNAL_UPDATE, "Observation", "m", "k", NULL,
                               0, NULL, error) &&
         store_audit_append (connection, "write", "doctor", "k", NULL, NULL, error) &&
         store_draft_save (connection, "draft", "note", "k", "doctor", NULL, body, error) &&
         store_setting_set (connection, "n", body, error);
}

static gboolean
write_batch (StoreConnection *connection, gpointer data, GError **error)
{
  guint batch = *(guint *) data;

  for (guint i = 0; i < BATCH; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Basic\",\"id\":\"b%u-%u\",\"code\":{\"coding\":[{"
                           "\"code\":\"b%u\"}]}}",
                           batch, i, batch);
      g_autoptr (FhirResource) resource = resource_of (json);

      if (!store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- the child, which writes in both lanes until it is killed ---- */

typedef struct
{
  guint lane, n;
} Acknowledged;

typedef struct
{
  StoreDatabase *database;
  guint lane, next;
  int descriptor;
} Writer;

static gpointer
write_lane (gpointer data)
{
  Writer *self = data;

  while (store_database_write (self->database, self->lane == 0 ? BASE_LANE_PERSON : BASE_LANE_BATCH,
                               self->lane == 0 ? write_numbered : write_batch, &self->next, NULL))
    {
      Acknowledged done = { self->lane, self->next++ };

      if (write (self->descriptor, &done, sizeof done) != sizeof done)
        break;
    }
  return NULL;
}

static int
write_until_killed (char **argv)
{
  g_autoptr (GBytes) key = fixture_key (0);
  g_autoptr (BaseClock) clock = base_clock_new ();
  StoreDatabase *database = store_database_open (argv[2], key, clock, NULL);
  int descriptor = atoi (argv[5]);
  Writer person = { database, 0, (guint) atoi (argv[3]), descriptor };
  Writer batch = { database, 1, (guint) atoi (argv[4]), descriptor };

  if (database == NULL)
    return 1;
  g_thread_new ("batch", write_lane, &batch);
  write_lane (&person);
  return 1;
}

static pid_t
start_child (StoreFixture *fixture, const guint *next, int *descriptor)
{
  g_autofree char *n = g_strdup_printf ("%u", next[0]), *b = g_strdup_printf ("%u", next[1]);
  int pipes[2];
  pid_t child;

  g_assert_cmpint (pipe (pipes), ==, 0);
  child = fork ();
  if (child == 0)
    {
      g_autofree char *out = g_strdup_printf ("%d", pipes[1]);

      close (pipes[0]);
      execl ("/proc/self/exe", "test-store-database-faults", "--child", fixture->path, n, b, out,
             NULL);
      _exit (127);
    }
  close (pipes[1]);
  *descriptor = pipes[0];
  return child;
}

/* Some rounds end while the file is opened or mended, some at a write, some after the log has been
 * copied into the file. */
static void
kill_at_some_point (pid_t child, int descriptor, guint round, guint *next)
{
  Acknowledged done;
  gboolean by_time = round % 4 == 0;
  int left = g_test_rand_int_range (1, 40);

  if (by_time)
    g_usleep ((gulong) g_test_rand_int_range (0, 80000));
  if (round % 12 == 11)
    g_usleep ((gulong) g_test_rand_int_range (550000, 900000));
  if (by_time || round % 12 == 11)
    kill (child, SIGKILL);
  while (read (descriptor, &done, sizeof done) == sizeof done)
    {
      next[done.lane] = done.n + 1;
      if (--left == 0)
        {
          g_usleep ((gulong) g_test_rand_int_range (0, 4000));
          kill (child, SIGKILL);
        }
    }
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  close (descriptor);
}

/* ---- what is left ---- */

static gboolean
count_writes (StoreConnection *connection, gpointer data, GError **error)
{
  guint *stored = data;
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "waiting", 1000000, error);
  g_autofree char *last = store_setting_get (connection, "n");
  g_autoptr (StoreDraft) draft = NULL;
  gint64 audited = 0;

  g_assert_no_error (*error);
  stored[0] = entries->len;
  g_assert_true (store_audit_verify (connection, &audited, error));
  g_assert_cmpint (audited, ==, entries->len);
  if (entries->len > 0)
    {
      draft = store_draft_load (connection, "draft", error);
      g_assert_cmpstr (draft->body, ==, last);
      g_assert_cmpuint ((guint) atoi (last), ==, entries->len - 1);
    }
  return store_database_check (connection, error);
}

static gint64
total_of (StoreFixture *fixture, const char *type, const char *query)
{
  g_auto (FixtureSearch) found = fixture_search (fixture, type, query, NULL);

  return found.total;
}

static void
check_records (StoreFixture *fixture, guint writes)
{
  Expected all[IDS];
  guint with_code[7] = { 0 }, stands = 0;

  expect (all, writes);
  for (guint i = 0; i < IDS; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%u", i);
      g_autoptr (FhirResource) got = fixture_get (fixture, "Observation", id, NULL);

      g_assert_cmpint (got != NULL, ==, all[i].stands);
      if (got == NULL)
        continue;
      g_assert_cmpint (atoi (fhir_resource_path_text (got, "note.text")), ==, (int) all[i].n);
      g_assert_cmpint (atoi (fhir_resource_get_version (got)), ==, (int) all[i].version);
      with_code[all[i].n % 7]++;
      stands++;
    }
  g_assert_cmpint (total_of (fixture, "Observation", "patient=k&_summary=count"), ==, stands);
  for (guint i = 0; i < G_N_ELEMENTS (with_code); i++)
    {
      g_autofree char *code = g_strdup_printf ("code=urn:c|c%u&_summary=count", i);
      g_autofree char *word = g_strdup_printf ("code:text=word%u&_summary=count", i);

      g_assert_cmpint (total_of (fixture, "Observation", code), ==, with_code[i]);
      g_assert_cmpint (total_of (fixture, "Observation", word), ==, with_code[i]);
    }
}

/* Opens what is left, as the next start would, and checks it: the acknowledged writes, and of each
 * lane at most the one that was on its way. */
static void
check_round (StoreFixture *fixture, guint round, guint *next)
{
  guint stored[2] = { 0, 0 };
  g_autoptr (GError) error = NULL;
  gint64 basics;

  fixture_open (fixture);
  store_database_read (fixture->database, count_writes, stored, &error);
  g_assert_no_error (error);
  basics = total_of (fixture, "Basic", "_summary=count");
  g_assert_cmpint (basics % BATCH, ==, 0);
  stored[1] = (guint) (basics / BATCH);
  g_test_message ("round %u: acknowledged %u and %u, stored %u and %u", round, next[0], next[1],
                  stored[0], stored[1]);
  for (guint lane = 0; lane < 2; lane++)
    {
      g_assert_cmpuint (stored[lane], >=, next[lane]);
      g_assert_cmpuint (stored[lane], <=, next[lane] + 1);
      next[lane] = stored[lane];
    }
  check_records (fixture, stored[0]);
  fixture_close (fixture);
}

static void
test_killed_at_any_point (StoreFixture *fixture, gconstpointer data)
{
  guint rounds = g_test_slow () ? 200 : 50, next[2] = { 0, 0 };

  fixture_close (fixture);
  for (guint round = 0; round < rounds; round++)
    {
      int descriptor;
      pid_t child = start_child (fixture, next, &descriptor);

      kill_at_some_point (child, descriptor, round, next);
      check_round (fixture, round, next);
    }
  g_assert_cmpuint (next[0], >, rounds);
  g_assert_cmpuint (next[1], >, rounds / 10);
}

/* ---- a full disk ---- */

/* Again and again: each refusal says that the disk is full and leaves nothing of its write. */
static void
test_full_disk_under_load (StoreFixture *fixture, gconstpointer data)
{
  struct rlimit before, small;
  guint n = 0, batch = 0, refused = 0;

  getrlimit (RLIMIT_FSIZE, &before);
  signal (SIGXFSZ, SIG_IGN);
  small = before;
  for (guint round = 1; round <= 4; round++)
    {
      small.rlim_cur = round * 1200 * 1024;
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
      for (guint i = 0; i < 120; i++)
        {
          gboolean person = i % 3 != 0;
          g_autoptr (GError) error = NULL;

          if (store_database_write (fixture->database, person ? BASE_LANE_PERSON : BASE_LANE_BATCH,
                                    person ? write_numbered : write_batch, person ? &n : &batch,
                                    &error))
            {
              n += person;
              batch += !person;
              continue;
            }
          g_assert_error (error, STORE_ERROR, STORE_ERROR_FULL);
          refused++;
        }
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
      check_records (fixture, n);
      g_assert_cmpint (total_of (fixture, "Basic", "_summary=count"), ==, batch * BATCH);
    }
  g_test_message ("%u writes and %u batches, %u refused", n, batch, refused);
  g_assert_cmpuint (refused, >, 10);
  fixture_close (fixture);
  {
    guint next[2] = { n, batch };

    check_round (fixture, 0, next);
    g_assert_cmpuint (next[0], ==, n);
    g_assert_cmpuint (next[1], ==, batch);
  }
}

/* ---- a clock that goes back ---- */

static gboolean
check_order (StoreConnection *connection, gpointer data, GError **error)
{
  const char *const order[] = { "b", "c", "d", "a" };
  g_autoptr (GPtrArray) changes = store_changes_since (connection, 0, 100, error);
  g_autoptr (GPtrArray) history = store_resource_history (connection, "Basic", "a", 10, error);
  gint64 audited;

  g_assert_no_error (*error);
  g_assert_cmpuint (changes->len, ==, 4);
  for (guint i = 0; i < changes->len; i++)
    g_assert_cmpstr (((StoreChange *) changes->pdata[i])->id, ==, order[i]);
  g_assert_cmpuint (history->len, ==, 3);
  for (guint i = 0; i < history->len; i++)
    g_assert_cmpint (atoi (((StoreVersion *) history->pdata[i])->version), ==, (int) (3 - i));
  g_assert_true (store_audit_verify (connection, &audited, error));
  g_assert_cmpint (audited, ==, 2);
  return TRUE;
}

static gboolean
audit_one (StoreConnection *connection, gpointer data, GError **error)
{
  return store_audit_append (connection, "write", "doctor", "k", NULL, NULL, error);
}

/* A summer's hour, a wrong year, a battery that is empty: order is what was written when, and no
 * version is lost or doubled. */
static void
test_clock_goes_back (StoreFixture *fixture, gconstpointer data)
{
  const char *a = "{\"resourceType\":\"Basic\",\"id\":\"a\"}";
  g_autoptr (GDateTime) start = g_date_time_new_utc (2026, 10, 25, 0, 30, 0);
  g_autoptr (FhirResource) first = NULL, last = NULL;
  g_autofree char *cursor = NULL;
  g_autoptr (GError) error = NULL;

  fixture_close (fixture);
  g_object_unref (fixture->clock);
  fixture->clock = base_clock_new_at (start);
  fixture_open (fixture);
  fixture_put (fixture, a);
  store_database_write (fixture->database, BASE_LANE_PERSON, audit_one, NULL, &error);
  first = fixture_get (fixture, "Basic", "a", NULL);
  base_clock_advance (fixture->clock, -G_TIME_SPAN_HOUR);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"b\"}");
  base_clock_advance (fixture->clock, -40 * 365 * G_TIME_SPAN_DAY);
  fixture_put (fixture, a);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"c\"}");
  store_database_write (fixture->database, BASE_LANE_PERSON, audit_one, NULL, &error);
  /* A second back is not seen: two versions in one second keep their order by time too. */
  base_clock_advance (fixture->clock, 40 * 365 * G_TIME_SPAN_DAY + 2 * G_TIME_SPAN_HOUR);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"d\"}");
  fixture_delete (fixture, "Basic", "d");
  base_clock_advance (fixture->clock, -G_TIME_SPAN_SECOND);
  fixture_put (fixture, a);
  last = fixture_get (fixture, "Basic", "a", NULL);
  g_assert_cmpstr (fhir_resource_get_version (last), ==, "3");
  g_assert_cmpstr (fhir_resource_get_updated (first), <, fhir_resource_get_updated (last));
  fixture_close (fixture);
  fixture_open (fixture);
  {
    g_auto (FixtureSearch) all = fixture_search (fixture, "Basic", "_count=2", NULL);
    g_auto (FixtureSearch) rest = fixture_search (fixture, "Basic", "_count=2", all.next_cursor);

    g_assert_cmpstr (all.ids->str, ==, "a b");
    g_assert_cmpstr (rest.ids->str, ==, "c");
  }
  store_database_read (fixture->database, check_order, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  if (argc == 6 && strcmp (argv[1], "--child") == 0)
    return write_until_killed (argv);
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/faults/killed", NULL, test_killed_at_any_point);
  fixture_add ("/store/faults/full-disk", NULL, test_full_disk_under_load);
  fixture_add ("/store/faults/clock", NULL, test_clock_goes_back);
  return g_test_run ();
}
