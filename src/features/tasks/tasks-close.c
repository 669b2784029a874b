/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-close.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tasks-outcome-dialog.h"
#include "tasks-words.h"
#include "tasks-write.h"
#include "workspace-toast.h"

/* How a task of a list is closed: with one key and Undo, or, where it is red, with an outcome. What
 * became of it is said where the list stands. */

void
tasks_close_write_outcome (GtkWidget *list,
                           WorkspaceSession *session,
                           const TasksFacts *facts,
                           gint64 now)
{
  AdwDialog *dialog = tasks_outcome_dialog_new (workspace_session_get_context (session), facts,
                                                workspace_session_get_zone (session), now);

  adw_dialog_present (dialog, list);
}

typedef struct
{
  AdwToastOverlay *toasts;
  char *reference, *words;
} Closing;

static void
completed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Closing *closing = user_data;
  g_autoptr (GError) error = NULL;

  if (tasks_write_finish (result, &error))
    workspace_toast_add (closing->toasts, closing->words, "task.reopen", closing->reference);
  else
    workspace_toast_add (closing->toasts, error->message, NULL, NULL);
  g_object_unref (closing->toasts);
  g_free (closing->reference);
  g_free (closing->words);
  g_free (closing);
}

void
tasks_close_complete (AdwToastOverlay *toasts, WorkspaceSession *session, const TasksFacts *facts)
{
  Closing *closing = g_new0 (Closing, 1);
  g_autofree char *name = tasks_words_name (facts);
  g_autofree char *what = tasks_words_what (facts);

  closing->toasts = g_object_ref (toasts);
  closing->reference = g_strdup (facts->reference);
  closing->words = g_strdup_printf (_ ("Done: %s, %s"), name, what);
  tasks_write_complete_async (workspace_session_get_context (session), tasks_facts_get_id (facts),
                              NULL, completed_cb, closing);
}

static void
reopened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwToastOverlay) toasts = user_data;
  g_autoptr (GError) error = NULL;

  if (!tasks_write_finish (result, &error))
    workspace_toast_add (toasts, error->message, NULL, NULL);
}

void
tasks_close_reopen (AdwToastOverlay *toasts, WorkspaceSession *session, const char *reference)
{
  tasks_write_reopen_async (workspace_session_get_context (session), reference + strlen ("Task/"),
                            reopened_cb, g_object_ref (toasts));
}
