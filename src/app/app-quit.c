/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-quit.h"

#include <glib/gi18n.h>

#include "care-prescription.h"

#include "app-print.h"
#include "workspace-alert.h"

/**
 * AppQuit:
 *
 * Asks the store what was signed and is not at the server. Nothing: quit. Something: names it,
 * offers a page to print for the patient, and lets the user leave only with a reason, which is kept
 * in the audit.
 */

struct _AppQuit
{
  AdwAlertDialog parent_instance;

  WorkspaceSession *session;
  GListModel *unsent;
  AppQuitAnswer answer;
  gpointer user_data;

  GtkListBox *list;
  AdwEntryRow *reason_row;
};

G_DEFINE_FINAL_TYPE (AppQuit, app_quit, ADW_TYPE_ALERT_DIALOG)

static void
answer (AppQuit *self, gboolean quit)
{
  AppQuitAnswer callback = g_steal_pointer (&self->answer);

  if (callback)
    callback (self->user_data, quit);
}

static void
reason_changed_cb (AppQuit *self)
{
  g_autofree char *reason =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason_row))));

  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (self), "quit", *reason != '\0');
}

static void
keep_reason (AppQuit *self)
{
  CareContext *context = workspace_session_get_context (self->session);
  const char *reason = gtk_editable_get_text (GTK_EDITABLE (self->reason_row));

  for (guint i = 0; i < g_list_model_get_n_items (self->unsent); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (self->unsent, i);
      care_context_audit (context, "override", NULL, care_row_get_reference (row), reason);
    }
}

static void
response_cb (AppQuit *self, const char *response)
{
  gboolean quit = g_str_equal (response, "quit");

  if (g_str_equal (response, "print"))
    app_print_unsent (gtk_widget_get_root (GTK_WIDGET (self)), self->session, self->unsent);
  if (quit)
    keep_reason (self);
  answer (self, quit);
}

static GtkWidget *
make_row (gpointer item, gpointer user_data)
{
  GtkWidget *row = adw_action_row_new ();
  const char *detail = care_row_get_text (item, CARE_ROW_SUBTITLE);
  const char *status = care_row_get_text (item, CARE_ROW_VALUE);
  g_autofree char *subtitle =
      g_strjoin (detail && status ? "\n" : "", detail ? detail : "", status ? status : "", NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), care_row_get_title (item));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  return row;
}

static void
app_quit_dispose (GObject *object)
{
  AppQuit *self = APP_QUIT (object);

  answer (self, FALSE);
  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_QUIT);
  g_clear_object (&self->unsent);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (app_quit_parent_class)->dispose (object);
}

static void
app_quit_class_init (AppQuitClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_quit_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/health/bedside/app/app-quit.ui");
  gtk_widget_class_bind_template_child (widget_class, AppQuit, list);
  gtk_widget_class_bind_template_child (widget_class, AppQuit, reason_row);
  gtk_widget_class_bind_template_callback (widget_class, reason_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, response_cb);
}

static void
app_quit_init (AppQuit *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* ---- asking ---- */

typedef struct
{
  GtkWidget *parent;
  WorkspaceSession *session;
  AppQuitAnswer answer;
  gpointer user_data;
} Ask;

static void
ask_free (Ask *ask)
{
  g_object_unref (ask->parent);
  g_object_unref (ask->session);
  g_free (ask);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ask, ask_free)

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Ask) ask = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) unsent = care_prescription_list_unsent_finish (result, &error);

  if (!unsent)
    g_warning ("cannot ask what is not sent: %s", error->message);
  if (!unsent || g_list_model_get_n_items (G_LIST_MODEL (unsent)) == 0)
    {
      ask->answer (ask->user_data, TRUE);
      return;
    }
  AppQuit *self = g_object_new (APP_TYPE_QUIT, NULL);
  self->session = g_object_ref (ask->session);
  self->unsent = G_LIST_MODEL (g_object_ref (unsent));
  self->answer = ask->answer;
  self->user_data = ask->user_data;
  gtk_list_box_bind_model (self->list, self->unsent, make_row, self, NULL);
  workspace_alert_present (ADW_DIALOG (self), ask->parent);
}

/* Calls @answer once: TRUE when nothing stands in the way, or the user gave a reason. */
void
app_quit_ask (GtkWidget *parent,
              WorkspaceSession *session,
              AppQuitAnswer callback,
              gpointer user_data)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->parent = g_object_ref (parent);
  ask->session = g_object_ref (session);
  ask->answer = callback;
  ask->user_data = user_data;
  care_prescription_list_unsent_async (workspace_session_get_context (session), NULL, listed_cb,
                                       ask);
}
