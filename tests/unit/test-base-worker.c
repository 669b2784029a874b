/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-worker.h"

typedef struct
{
  BaseWorker *worker;
  gint started;
  guint elsewhere, done;
} Look;

static void
look_around (gpointer data)
{
  Look *look = data;
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 5;

  g_atomic_int_set (&look->started, 1);
  while (g_get_monotonic_time () < end)
    look->elsewhere += base_worker_is_current (look->worker) ? 0 : 1;
  look->done++;
}

/* A job that runs while its worker is being stopped still knows where it runs, and what was pushed
 * before is done. */
static void
test_stop (void)
{
  g_autoptr (BaseWorker) worker = base_worker_new ("test");
  Look look = { .worker = worker };

  base_worker_push (worker, BASE_LANE_PERSON, look_around, &look);
  base_worker_push (worker, BASE_LANE_BATCH, look_around, &look);
  while (!g_atomic_int_get (&look.started))
    g_thread_yield ();
  base_worker_stop (worker);
  g_assert_cmpuint (look.done, ==, 2);
  g_assert_cmpuint (look.elsewhere, ==, 0);
  g_assert_false (base_worker_is_current (worker));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/worker/stop", test_stop);
  return g_test_run ();
}
