/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check-run.h"

#include "last-reference.h"

/* The self-test without any device or network: steps that answer when the test wants, and a clock
 * that the test turns. */

#define TEST_TYPE_STEP (test_step_get_type ())
G_DECLARE_FINAL_TYPE (TestStep, test_step, TEST, STEP, CheckStep)

struct _TestStep
{
  CheckStep parent_instance;
  GTask *task; /* of the test that runs */
  guint runs, by_hand;
  gboolean stubborn; /* it does not heed that it was cancelled */
};

G_DEFINE_FINAL_TYPE (TestStep, test_step, CHECK_TYPE_STEP)

static void
answer (TestStep *self, CheckResult *result)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_task_return_pointer (task, result, (GDestroyNotify) check_result_free);
}

static void
cancelled_cb (GCancellable *cancellable, TestStep *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (task != NULL)
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

static void
test_step_run_async (CheckStep *step,
                     gboolean by_hand,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  TestStep *self = TEST_STEP (step);

  g_assert_null (self->task);
  self->runs++;
  self->by_hand += by_hand ? 1 : 0;
  self->task = g_task_new (step, NULL, callback, user_data);
  if (!self->stubborn)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), self, 0);
}

static void
test_step_class_init (TestStepClass *klass)
{
  CHECK_STEP_CLASS (klass)->run_async = test_step_run_async;
}

static void
test_step_init (TestStep *self)
{
}

typedef struct
{
  BaseClock *clock;
  CheckRun *run;
  TestStep *camera, *first, *second; /* the last two share a lane */
} Fixture;

static TestStep *
add (Fixture *fixture, const char *title, guint seconds, const char *lane)
{
  TestStep *step = g_object_new (TEST_TYPE_STEP, NULL);

  check_step_set_up (CHECK_STEP (step), title, seconds, lane);
  check_run_add (fixture->run, CHECK_STEP (step));
  return step;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = base_clock_new ();
  fixture->run = check_run_new (fixture->clock);
  fixture->camera = add (fixture, "Camera", 5, NULL);
  fixture->first = add (fixture, "Microphone", 4, "sound");
  fixture->second = add (fixture, "Loudspeaker", 4, "sound");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  last_reference_drop (fixture->run);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (fixture->clock);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Runs the loop until @step is in @state. */
static void
expect_state (TestStep *step, CheckStepState state)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (check_step_get_state (CHECK_STEP (step)) != state)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
expect_line (Fixture *fixture, WorkspaceCheckLevel level, const char *sentence)
{
  g_autofree char *said = check_run_dup_sentence (fixture->run);

  g_assert_cmpint (check_run_get_level (fixture->run), ==, level);
  g_assert_cmpstr (said, ==, sentence);
}

static CheckResult *
good (void)
{
  return check_result_new (WORKSPACE_CHECK_GREEN, "It works.", NULL);
}

static void
test_all_good (Fixture *fixture, gconstpointer data)
{
  expect_line (fixture, WORKSPACE_CHECK_NONE, "This workplace was not tested.");
  check_run_start (fixture->run, TRUE);
  expect_line (fixture, WORKSPACE_CHECK_NONE, "Testing this workplace…");
  g_assert_cmpint (check_step_get_state (CHECK_STEP (fixture->second)), ==, CHECK_STEP_WAITING);
  answer (fixture->camera, good ());
  answer (fixture->first, good ());
  expect_state (fixture->second, CHECK_STEP_RUNNING);
  answer (fixture->second, good ());
  expect_state (fixture->second, CHECK_STEP_DONE);
  g_assert_false (check_run_is_running (fixture->run));
  expect_line (fixture, WORKSPACE_CHECK_GREEN, "Ready for visits");
  g_assert_cmpuint (fixture->camera->by_hand, ==, 1);
}

static void
test_the_worst_is_the_line (Fixture *fixture, gconstpointer data)
{
  check_run_start (fixture->run, TRUE);
  answer (fixture->camera, check_result_new (WORKSPACE_CHECK_AMBER, "Dark.", "Light."));
  answer (fixture->first, good ());
  expect_state (fixture->second, CHECK_STEP_RUNNING);
  answer (fixture->second, check_result_new (WORKSPACE_CHECK_NONE, "Not here.", NULL));
  expect_state (fixture->second, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_AMBER, "Ready for visits, with limits: Camera");
  /* got worse later */
  check_run_repeat (fixture->run, CHECK_STEP (fixture->first), FALSE);
  answer (fixture->first, check_result_new (WORKSPACE_CHECK_RED, "Gone.", "Plug it in."));
  expect_state (fixture->first, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_RED, "Not ready for visits: Microphone");
}

/* Too late is red, whatever it says afterwards. */
static void
test_time_limits (Fixture *fixture, gconstpointer data)
{
  fixture->camera->stubborn = TRUE;
  check_run_start (fixture->run, TRUE);
  answer (fixture->first, good ());
  expect_state (fixture->second, CHECK_STEP_RUNNING);
  answer (fixture->second, good ());
  base_clock_advance (fixture->clock, 6 * G_USEC_PER_SEC);
  expect_state (fixture->camera, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_RED, "Not ready for visits: Camera");
  g_assert_nonnull (strstr (check_step_get_result (CHECK_STEP (fixture->camera))->sentence, "5"));
  answer (fixture->camera, good ());
  settle ();
  expect_line (fixture, WORKSPACE_CHECK_RED, "Not ready for visits: Camera");
}

/* One that waits for its lane ends with the whole. */
static void
test_all_of_it_ends (Fixture *fixture, gconstpointer data)
{
  check_run_start (fixture->run, TRUE);
  base_clock_advance (fixture->clock, (CHECK_RUN_SECONDS + 1) * G_USEC_PER_SEC);
  expect_state (fixture->second, CHECK_STEP_DONE);
  expect_state (fixture->first, CHECK_STEP_DONE);
  expect_state (fixture->camera, CHECK_STEP_DONE);
  g_assert_false (check_run_is_running (fixture->run));
  g_assert_cmpuint (fixture->second->runs, ==, 0);
  expect_line (fixture, WORKSPACE_CHECK_RED,
               "Not ready for visits: Camera, Microphone, Loudspeaker");
}

/* What is not plugged in is red where a patient may need it soon, and else in time; what is broken
 * is red at any time. */
static void
test_not_plugged_in (Fixture *fixture, gconstpointer data)
{
  check_run_start (fixture->run, FALSE);
  answer (fixture->camera, check_result_new_absent ("None.", "Plug one in."));
  answer (fixture->first, check_result_new_absent ("None.", "Plug one in."));
  expect_state (fixture->second, CHECK_STEP_RUNNING);
  answer (fixture->second, good ());
  expect_state (fixture->second, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_RED, "Not ready for visits: Camera, Microphone");
  check_run_set_visit_near (fixture->run, FALSE);
  expect_line (fixture, WORKSPACE_CHECK_AMBER,
               "No visit within the hour. Plug in before the next one: Camera, Microphone");
  check_run_repeat (fixture->run, CHECK_STEP (fixture->first), TRUE);
  answer (fixture->first, check_result_new (WORKSPACE_CHECK_AMBER, "Low.", "Louder."));
  expect_state (fixture->first, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_AMBER, "Ready for visits, with limits: Camera, Microphone");
  check_run_repeat (fixture->run, CHECK_STEP (fixture->first), TRUE);
  answer (fixture->first, check_result_new (WORKSPACE_CHECK_RED, "Broken.", NULL));
  expect_state (fixture->first, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_RED, "Not ready for visits: Microphone");
  check_run_set_visit_near (fixture->run, TRUE);
  expect_line (fixture, WORKSPACE_CHECK_RED, "Not ready for visits: Camera, Microphone");
}

/* What was stopped never looks like what was found good. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  check_run_start (fixture->run, TRUE);
  answer (fixture->camera, good ());
  expect_state (fixture->camera, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_NONE, "Testing this workplace…");
  check_run_cancel (fixture->run);
  g_assert_false (check_run_is_running (fixture->run));
  g_assert_null (fixture->first->task);
  expect_line (fixture, WORKSPACE_CHECK_GREEN,
               "Ready for visits. Not tried yet: Microphone, Loudspeaker");
  settle ();
  /* and again */
  check_run_start (fixture->run, TRUE);
  g_assert_cmpuint (fixture->first->runs, ==, 2);
}

/* A look in the background does not take back what was found by hand, unless it is gone. */
static void
test_present_or_tried (Fixture *fixture, gconstpointer data)
{
  /* the others have their results already */
  check_run_start (fixture->run, FALSE);
  answer (fixture->camera, good ());
  answer (fixture->first, good ());
  expect_state (fixture->second, CHECK_STEP_RUNNING);
  answer (fixture->second, good ());
  expect_state (fixture->second, CHECK_STEP_DONE);
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), FALSE);
  answer (fixture->camera, check_result_new (WORKSPACE_CHECK_RED, "Unplugged.", NULL));
  expect_state (fixture->camera, CHECK_STEP_DONE);
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), FALSE);
  answer (fixture->camera, check_result_new_present ("There."));
  expect_state (fixture->camera, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_GREEN, "Ready for visits. Not tried yet: Camera");
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), TRUE);
  answer (fixture->camera, good ());
  expect_state (fixture->camera, CHECK_STEP_DONE);
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), FALSE);
  answer (fixture->camera, check_result_new_present ("There."));
  expect_state (fixture->camera, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_GREEN, "Ready for visits");
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), FALSE);
  answer (fixture->camera, check_result_new (WORKSPACE_CHECK_RED, "Unplugged.", NULL));
  expect_state (fixture->camera, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_RED, "Not ready for visits: Camera");
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), FALSE);
  answer (fixture->camera, check_result_new_present ("There."));
  expect_state (fixture->camera, CHECK_STEP_DONE);
  expect_line (fixture, WORKSPACE_CHECK_GREEN, "Ready for visits. Not tried yet: Camera");
}

/* Asked twice: the first is dropped. In the background: what somebody asked for goes on. */
static void
test_asked_twice (Fixture *fixture, gconstpointer data)
{
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), TRUE);
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), TRUE);
  g_assert_cmpuint (fixture->camera->runs, ==, 2);
  check_run_repeat (fixture->run, CHECK_STEP (fixture->camera), FALSE);
  g_assert_cmpuint (fixture->camera->runs, ==, 2);
  answer (fixture->camera, good ());
  expect_state (fixture->camera, CHECK_STEP_DONE);
  settle ();
  g_assert_false (check_run_is_running (fixture->run));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/check-run/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("all-good", test_all_good);
  ADD ("the-worst-is-the-line", test_the_worst_is_the_line);
  ADD ("time-limits", test_time_limits);
  ADD ("all-of-it-ends", test_all_of_it_ends);
  ADD ("not-plugged-in", test_not_plugged_in);
  ADD ("cancelled", test_cancelled);
  ADD ("present-or-tried", test_present_or_tried);
  ADD ("asked-twice", test_asked_twice);
#undef ADD
  return g_test_run ();
}
