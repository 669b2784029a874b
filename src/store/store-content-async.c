/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content.h"

/* The state of the content for a window, which does not wait. */

typedef struct
{
  StoreContentState state;
  char *sentence;
} Answer;

static void
answer_free (gpointer data)
{
  g_free (((Answer *) data)->sentence);
  g_free (data);
}

static void
ask_in_thread (GTask *task, gpointer content, gpointer data, GCancellable *cancellable)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->state = store_content_get_state (content, &answer->sentence);
  g_task_return_pointer (task, answer, answer_free);
}

void
store_content_get_state_async (StoreContent *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, store_content_get_state_async);
  g_task_run_in_thread (task, ask_in_thread);
}

/**
 * store_content_get_state_finish:
 * @sentence: (out) (optional) (nullable): what to say of it; NULL when ready
 */
StoreContentState
store_content_get_state_finish (GAsyncResult *result, char **sentence)
{
  Answer *answer = g_task_propagate_pointer (G_TASK (result), NULL);
  StoreContentState state = answer->state;

  if (sentence)
    *sentence = g_steal_pointer (&answer->sentence);
  answer_free (answer);
  return state;
}
