/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-run.h"

#include <glib/gi18n.h>

/* Steps run beside each other, those of one lane after each other, each with a time limit by the
 * monotonic clock and all with one together. A step that is too late has failed, whatever it says
 * afterwards. */

#define LOOK_MS 100

typedef struct
{
  CheckRun *run; /* not owned; NULL once nobody waits for this one */
  CheckStep *step;
  GCancellable *cancellable;
  gint64 begun, end; /* monotonic; end 0: it waits for its lane */
  gboolean by_hand;
} Turn;

struct _CheckRun
{
  GObject parent_instance;
  BaseClock *clock;
  GListStore *steps;
  GPtrArray *turns; /* of Turn: what waits or runs; owned by their callbacks once they run */
  guint source;
  gboolean no_visit_near;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CheckRun, check_run, G_TYPE_OBJECT)

static void
changed (CheckRun *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
turn_free (Turn *turn)
{
  g_object_unref (turn->step);
  g_object_unref (turn->cancellable);
  g_free (turn);
}

/* Nobody waits for @turn any more. One that runs is freed when it answers. */
static void
drop (CheckRun *self, Turn *turn)
{
  g_ptr_array_remove (self->turns, turn);
  turn->run = NULL;
  if (turn->end == 0)
    turn_free (turn);
  else
    g_cancellable_cancel (turn->cancellable);
}

static void
look_again (CheckRun *self)
{
  if (self->turns->len == 0)
    g_clear_handle_id (&self->source, g_source_remove);
  changed (self);
}

static void
answered_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  Turn *turn = user_data;
  CheckRun *self = turn->run;
  g_autoptr (GError) error = NULL;
  CheckResult *result = check_step_run_finish (turn->step, answer, &error);

  if (self != NULL)
    {
      if (result == NULL)
        result = check_result_new (WORKSPACE_CHECK_RED, error->message, NULL);
      g_ptr_array_remove (self->turns, turn);
      check_step_take_result (turn->step, g_steal_pointer (&result));
      look_again (self);
    }
  g_clear_pointer (&result, check_result_free);
  turn_free (turn);
}

static gboolean
is_lane_free (CheckRun *self, const char *lane)
{
  for (guint i = 0; i < self->turns->len && lane != NULL; i++)
    {
      const Turn *turn = self->turns->pdata[i];

      if (turn->end != 0 && g_strcmp0 (check_step_get_lane (turn->step), lane) == 0)
        return FALSE;
    }
  return TRUE;
}

static void
begin (CheckRun *self, Turn *turn, gint64 now)
{
  turn->end = now + check_step_get_seconds (turn->step) * G_USEC_PER_SEC;
  check_step_set_state (turn->step, CHECK_STEP_RUNNING);
  check_step_run_async (turn->step, turn->by_hand, turn->cancellable, answered_cb, turn);
}

static void
begin_those_that_may (CheckRun *self)
{
  gint64 now = base_clock_monotonic (self->clock);
  g_autoptr (GPtrArray) turns = g_ptr_array_copy (self->turns, NULL, NULL);

  for (guint i = 0; i < turns->len; i++)
    {
      Turn *turn = turns->pdata[i];

      if (turn->end == 0 && is_lane_free (self, check_step_get_lane (turn->step)))
        begin (self, turn, now);
    }
}

static void
give_up (CheckRun *self, Turn *turn)
{
  g_autoptr (CheckStep) step = g_object_ref (turn->step);
  guint seconds = check_step_get_seconds (step);
  g_autofree char *sentence = g_strdup_printf (ngettext ("No result within %u second.",
                                                         "No result within %u seconds.", seconds),
                                               seconds);

  drop (self, turn);
  check_step_take_result (step, check_result_new (WORKSPACE_CHECK_RED, sentence,
                                                  _ ("Test again. If it stays, tell whoever looks "
                                                     "after this computer.")));
}

static gboolean
look_cb (gpointer data)
{
  g_autoptr (CheckRun) self = g_object_ref (data);
  g_autoptr (GPtrArray) turns = g_ptr_array_copy (self->turns, NULL, NULL);
  gint64 now = base_clock_monotonic (self->clock);

  for (guint i = 0; i < turns->len; i++)
    {
      Turn *turn = turns->pdata[i];

      if ((turn->end != 0 && now >= turn->end) ||
          now >= turn->begun + CHECK_RUN_SECONDS * G_USEC_PER_SEC)
        {
          give_up (self, turn);
          changed (self);
        }
    }
  begin_those_that_may (self);
  if (self->turns->len > 0)
    return G_SOURCE_CONTINUE;
  self->source = 0;
  return G_SOURCE_REMOVE;
}

static Turn *
find_turn (CheckRun *self, CheckStep *step)
{
  for (guint i = 0; i < self->turns->len; i++)
    if (((Turn *) self->turns->pdata[i])->step == step)
      return self->turns->pdata[i];
  return NULL;
}

/* A test by hand is not pushed aside by one that nobody asked for. */
static void
queue (CheckRun *self, CheckStep *step, gboolean by_hand)
{
  Turn *turn = find_turn (self, step);

  if (turn != NULL && turn->by_hand && !by_hand)
    return;
  if (turn != NULL)
    drop (self, turn);
  turn = g_new0 (Turn, 1);
  turn->run = self;
  turn->step = g_object_ref (step);
  turn->cancellable = g_cancellable_new ();
  turn->begun = base_clock_monotonic (self->clock);
  turn->by_hand = by_hand;
  g_ptr_array_add (self->turns, turn);
  check_step_set_state (step, CHECK_STEP_WAITING);
}

static void
go (CheckRun *self)
{
  begin_those_that_may (self);
  if (self->turns->len > 0 && self->source == 0)
    self->source = g_timeout_add (LOOK_MS, look_cb, self);
  changed (self);
}

static void
check_run_dispose (GObject *object)
{
  CheckRun *self = CHECK_RUN (object);

  g_clear_handle_id (&self->source, g_source_remove);
  while (self->turns->len > 0)
    drop (self, self->turns->pdata[0]);
  g_list_store_remove_all (self->steps);
  G_OBJECT_CLASS (check_run_parent_class)->dispose (object);
}

static void
check_run_finalize (GObject *object)
{
  CheckRun *self = CHECK_RUN (object);

  g_ptr_array_unref (self->turns);
  g_object_unref (self->steps);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (check_run_parent_class)->finalize (object);
}

static void
check_run_class_init (CheckRunClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = check_run_dispose;
  G_OBJECT_CLASS (klass)->finalize = check_run_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", CHECK_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
check_run_init (CheckRun *self)
{
  self->steps = g_list_store_new (CHECK_TYPE_STEP);
  self->turns = g_ptr_array_new ();
}

/**
 * check_run_new:
 * @clock: whose monotonic time limits the steps
 */
CheckRun *
check_run_new (BaseClock *clock)
{
  CheckRun *self = g_object_new (CHECK_TYPE_RUN, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

/* @step: (transfer full) */
void
check_run_add (CheckRun *self, CheckStep *step)
{
  g_list_store_append (self->steps, step);
  g_object_unref (step);
}

GListModel *
check_run_get_steps (CheckRun *self)
{
  return G_LIST_MODEL (self->steps);
}

static CheckStep *
step_at (CheckRun *self, guint i)
{
  g_autoptr (CheckStep) step = g_list_model_get_item (G_LIST_MODEL (self->steps), i);

  return step; /* the list keeps it */
}

/**
 * check_run_start:
 * @by_hand: somebody asked for it
 *
 * Tests everything, anew where a test runs.
 */
void
check_run_start (CheckRun *self, gboolean by_hand)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++)
    queue (self, step_at (self, i), by_hand);
  go (self);
}

void
check_run_repeat (CheckRun *self, CheckStep *step, gboolean by_hand)
{
  queue (self, step, by_hand);
  go (self);
}

/**
 * check_run_cancel:
 *
 * Steps that have not answered are not tested: that never looks like a good result.
 */
void
check_run_cancel (CheckRun *self)
{
  while (self->turns->len > 0)
    {
      Turn *turn = self->turns->pdata[0];
      g_autoptr (CheckStep) step = g_object_ref (turn->step);

      drop (self, turn);
      check_step_take_result (step,
                              check_result_new_untried (_ ("Stopped before there was a result.")));
    }
  g_clear_handle_id (&self->source, g_source_remove);
  changed (self);
}

gboolean
check_run_is_running (CheckRun *self)
{
  return self->turns->len > 0;
}

/* ---- the line ---- */

/* Nobody needs a camera that is plugged in when the next patient is far. */
static WorkspaceCheckLevel
level_of (CheckRun *self, const CheckResult *result)
{
  return self->no_visit_near && result->absent ? WORKSPACE_CHECK_AMBER : result->level;
}

/**
 * check_run_set_visit_near:
 * @near: whether a patient waits, or is booked within the hour; until this is said, one may be
 */
void
check_run_set_visit_near (CheckRun *self, gboolean near)
{
  if (self->no_visit_near == !near)
    return;
  self->no_visit_near = !near;
  changed (self);
}

/**
 * check_run_get_level:
 *
 * Returns: the worst of all results; nothing looks good before every step has one
 */
WorkspaceCheckLevel
check_run_get_level (CheckRun *self)
{
  WorkspaceCheckLevel worst = WORKSPACE_CHECK_NONE;
  gboolean whole = TRUE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++)
    {
      const CheckResult *result = check_step_get_result (step_at (self, i));

      whole = whole && result != NULL;
      if (result != NULL)
        worst = MAX (worst, level_of (self, result));
    }
  return whole || worst == WORKSPACE_CHECK_RED ? worst : WORKSPACE_CHECK_NONE;
}

/* The titles of the steps of @level, or of those that were not tried. */
static char *
dup_titles (CheckRun *self, WorkspaceCheckLevel level, gboolean untried)
{
  g_autoptr (GString) titles = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++)
    {
      CheckStep *step = step_at (self, i);
      const CheckResult *result = check_step_get_result (step);

      if (result == NULL || (untried ? !result->untried : level_of (self, result) != level))
        continue;
      if (titles->len > 0)
        /* Translators: between two entries of a list */
        g_string_append (titles, C_ ("list", ", "));
      g_string_append (titles, check_step_get_title (step));
    }
  return g_string_free_and_steal (g_steal_pointer (&titles));
}

/* Whether all that is amber is what is not plugged in. */
static gboolean
is_only_absent (CheckRun *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->steps)); i++)
    {
      const CheckResult *result = check_step_get_result (step_at (self, i));

      if (result != NULL && result->level == WORKSPACE_CHECK_AMBER)
        return FALSE;
    }
  return self->no_visit_near;
}

/**
 * check_run_dup_sentence:
 *
 * Returns: (transfer full): the whole test in one line
 */
char *
check_run_dup_sentence (CheckRun *self)
{
  WorkspaceCheckLevel level = check_run_get_level (self);
  g_autofree char *titles = dup_titles (self, level, FALSE);
  g_autofree char *untried = dup_titles (self, level, TRUE);

  switch (level)
    {
    case WORKSPACE_CHECK_RED:
      /* Translators: %s is a list of what was tested, as in "Camera, Clock" */
      return g_strdup_printf (_ ("Not ready for visits: %s"), titles);
    case WORKSPACE_CHECK_AMBER:
      if (is_only_absent (self))
        /* Translators: %s is a list of devices, as in "Camera, Microphone" */
        return g_strdup_printf (_ ("No visit within the hour. Plug in before the next one: %s"),
                                titles);
      return g_strdup_printf (_ ("Ready for visits, with limits: %s"), titles);
    case WORKSPACE_CHECK_GREEN:
      return *untried == '\0'
                 ? g_strdup (_ ("Ready for visits"))
                 : g_strdup_printf (_ ("Ready for visits. Not tried yet: %s"), untried);
    case WORKSPACE_CHECK_NONE:
      break;
    }
  return g_strdup (check_run_is_running (self) ? _ ("Testing this workplace…")
                                               : _ ("This workplace was not tested."));
}
