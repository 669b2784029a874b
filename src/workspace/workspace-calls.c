/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-calls.h"

#include "care-call-me.h"

#include "workspace-call-me.h"

/* Red lines: who cannot get into their visit and asks to be called. They come by themselves,
 * longest waiting first, and stay until somebody says what came of the call. */

#define SETTLE_MS    50
#define TICK_SECONDS 30

struct _WorkspaceCalls
{
  AdwBin parent_instance;

  WorkspaceSession *session;
  GCancellable *cancellable;
  char *patient;     /* only of this one; NULL: of all */
  GHashTable *known; /* ids of tasks that were shown; NULL until they were read once */
  guint reload_source, tick_source;

  GtkBox *list;
};

enum
{
  SIGNAL_CAME,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceCalls, workspace_calls, ADW_TYPE_BIN)

/* Whether one is there that was not there before. */
static gboolean
remember (WorkspaceCalls *self, GPtrArray *calls)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean came = FALSE;

  for (guint i = 0; i < calls->len; i++)
    {
      CareCallMe *call = calls->pdata[i];

      came |= self->known && !call->taken && !g_hash_table_contains (self->known, call->task);
      g_hash_table_add (known, g_strdup (call->task));
    }
  g_clear_pointer (&self->known, g_hash_table_unref);
  self->known = g_steal_pointer (&known);
  return came;
}

static WorkspaceCallMe *
find_line (WorkspaceCalls *self, const char *task)
{
  for (GtkWidget *line = gtk_widget_get_first_child (GTK_WIDGET (self->list)); line;
       line = gtk_widget_get_next_sibling (line))
    if (g_str_equal (workspace_call_me_get_task (WORKSPACE_CALL_ME (line)), task))
      return WORKSPACE_CALL_ME (line);
  return NULL;
}

/* The focus of a line that goes must not fall on another patient's Call button. */
static void
remove_line (WorkspaceCalls *self, GtkWidget *line)
{
  GtkRoot *root = gtk_widget_get_root (line);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  if (focus && gtk_widget_is_ancestor (focus, line))
    gtk_root_set_focus (root, NULL);
  gtk_box_remove (self->list, line);
}

/* @known is by now what @calls are. */
static void
remove_others (WorkspaceCalls *self)
{
  GtkWidget *line = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  while (line)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (line);

      if (!g_hash_table_contains (self->known,
                                  workspace_call_me_get_task (WORKSPACE_CALL_ME (line))))
        remove_line (self, line);
      line = next;
    }
}

/* Lines that stand stay: somebody may have the focus on one, or its menu open. */
static void
show_calls (WorkspaceCalls *self, GPtrArray *calls)
{
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  GtkWidget *before = NULL;

  remove_others (self);
  for (guint i = 0; i < calls->len; i++)
    {
      const CareCallMe *call = calls->pdata[i];
      WorkspaceCallMe *there = find_line (self, call->task);
      GtkWidget *line =
          there ? GTK_WIDGET (there) : workspace_call_me_new (self->session, call, now);

      if (there)
        workspace_call_me_update (there, call, now);
      else
        gtk_box_append (self->list, line);
      gtk_box_reorder_child_after (self->list, line, before);
      before = line;
    }
  gtk_widget_set_visible (GTK_WIDGET (self), calls->len > 0);
}

static void
keep_own (WorkspaceCalls *self, GPtrArray *calls)
{
  for (guint i = calls->len; self->patient && i > 0; i--)
    if (g_strcmp0 (((CareCallMe *) calls->pdata[i - 1])->patient_id, self->patient) != 0)
      g_ptr_array_remove_index (calls, i - 1);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceCalls) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) calls = care_call_me_list_finish (result, &error);

  if (!calls)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("Who asks to be called could not be read: %s", error->message);
      return;
    }
  keep_own (self, calls);
  if (remember (self, calls))
    g_signal_emit (self, signals[SIGNAL_CAME], 0);
  show_calls (self, calls);
}

static void
reload (gpointer user_data)
{
  WorkspaceCalls *self = user_data;

  self->reload_source = 0;
  care_call_me_list_async (workspace_session_get_context (self->session), self->cancellable,
                           listed_cb, g_object_ref (self));
}

static void
changed_cb (WorkspaceCalls *self, GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    if (g_str_equal (((StoreChange *) changes->pdata[i])->type, "Task") && self->reload_source == 0)
      self->reload_source = g_timeout_add_once (SETTLE_MS, reload, self);
}

static gboolean
tick_cb (gpointer user_data)
{
  WorkspaceCalls *self = user_data;

  if (gtk_widget_get_visible (GTK_WIDGET (self)) && self->reload_source == 0)
    self->reload_source = g_timeout_add_once (SETTLE_MS, reload, self);
  return G_SOURCE_CONTINUE;
}

static void
workspace_calls_dispose (GObject *object)
{
  WorkspaceCalls *self = WORKSPACE_CALLS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_CALLS);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->patient, g_free);
  G_OBJECT_CLASS (workspace_calls_parent_class)->dispose (object);
}

static void
workspace_calls_class_init (WorkspaceCallsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_calls_dispose;
  signals[SIGNAL_CAME] = g_signal_new ("came", WORKSPACE_TYPE_CALLS, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-calls.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCalls, list);
}

static void
workspace_calls_init (WorkspaceCalls *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * workspace_calls_set_session:
 * @patient: (nullable): only whether this one asks; NULL: who does
 *
 * Once.
 */
void
workspace_calls_set_session (WorkspaceCalls *self, WorkspaceSession *session, const char *patient)
{
  g_return_if_fail (WORKSPACE_IS_CALLS (self));

  g_set_str (&self->patient, patient);
  g_set_object (&self->session, session);
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  reload (self);
}
