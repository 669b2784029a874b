/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-actions.h"

#include <glib/gi18n.h>
#include <string.h>

#include "outbox-export.h"
#include "workspace-alert.h"
#include "workspace-toast.h"

/* What a person decides about something that waits; each leaves a row in the audit. */

/* Says that a decision could not be carried out, and why. */
void
outbox_actions_show_failure (GtkWidget *page, const char *sentence)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("That Could Not Be Done"), sentence);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"));
  workspace_alert_present (dialog, page);
}

/* ---- deciding ---- */

static void
decided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) page = user_data;
  g_autoptr (GError) error = NULL;

  if (!sync_engine_decide_finish (SYNC_ENGINE (source), result, &error))
    outbox_actions_show_failure (page, error->message);
}

void
outbox_actions_decide (GtkWidget *page,
                       WorkspaceSession *session,
                       const char *group,
                       SyncDecision decision)
{
  SyncEngine *engine = workspace_session_get_engine (session);

  if (engine)
    sync_engine_decide_async (engine, group, decision, decided_cb, g_object_ref (page));
}

typedef struct
{
  GtkWidget *page;
  WorkspaceSession *session;
  OutboxItem *item;
} Ask;

static void
ask_free (gpointer data, GClosure *closure)
{
  Ask *ask = data;

  g_object_unref (ask->page);
  g_object_unref (ask->session);
  g_object_unref (ask->item);
  g_free (ask);
}

static void
answered_cb (AdwAlertDialog *dialog, const char *response, Ask *ask)
{
  if (!g_str_equal (response, "give-up"))
    return;
  care_context_audit (workspace_session_get_context (ask->session), "give-up",
                      outbox_item_get_patient (ask->item), NULL, "given up: never sent");
  outbox_actions_decide (ask->page, ask->session, outbox_item_get_group (ask->item),
                         SYNC_DECISION_KEEP_THEIRS);
}

/* A refused change that nobody needs any more: what the server has stays. */
void
outbox_actions_give_up (GtkWidget *page, WorkspaceSession *session, OutboxItem *item)
{
  g_autofree char *title = outbox_item_dup_title (item);
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Give Up This Change?"), NULL);
  Ask *ask = g_new0 (Ask, 1);

  adw_alert_dialog_format_body (
      ADW_ALERT_DIALOG (dialog),
      _ ("%s\n\nWhat you wrote is removed from this computer, and what the server has stays. If "
         "somebody counts on it, tell them."),
      title);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "keep", _ ("_Keep It"), "give-up",
                                  _ ("_Give Up"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "give-up",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "keep");
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "keep");
  ask->page = g_object_ref (page);
  ask->session = g_object_ref (session);
  ask->item = g_object_ref (item);
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), ask, ask_free, 0);
  workspace_alert_present (dialog, page);
}

/* ---- export ---- */

typedef struct
{
  GtkWidget *page;
  WorkspaceSession *session;
  GFile *file;
  OutboxExport *export;
} Export;

static void
export_free (Export *self)
{
  g_object_unref (self->page);
  g_object_unref (self->session);
  g_clear_object (&self->file);
  g_clear_pointer (&self->export, outbox_export_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) self = user_data;
  g_autoptr (GError) error = NULL;
  CareContext *context = workspace_session_get_context (self->session);
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *text = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      outbox_actions_show_failure (self->page, error->message);
      return;
    }
  for (guint i = 0; i < self->export->patients->len; i++)
    care_context_audit (context, "export", self->export->patients->pdata[i], NULL,
                        "unsent changes written to a file");
  if (self->export->patients->len == 0)
    care_context_audit (context, "export", NULL, NULL, "unsent changes written to a file");
  text = g_strdup_printf (ngettext ("%u change was written to %s.",
                                    "%u changes were written to %s.", self->export->changes),
                          self->export->changes, name);
  workspace_toast_say (self->page, text);
}

static void
built_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) self = user_data;
  g_autoptr (GError) error = NULL;

  self->export = outbox_export_finish (result, &error);
  if (!self->export)
    {
      outbox_actions_show_failure (self->page, error->message);
      return;
    }
  g_autoptr (GBytes) bytes = g_bytes_new (self->export->text, strlen (self->export->text));
  GFile *file = self->file;
  /* only this user may read the file */
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       NULL, written_cb, g_steal_pointer (&self));
}

/* Writes what waits into @file, says so and puts it into the audit. */
void
outbox_actions_write_export (GtkWidget *page, WorkspaceSession *session, GFile *file)
{
  Export *self = g_new0 (Export, 1);

  self->page = g_object_ref (page);
  self->session = g_object_ref (session);
  self->file = g_object_ref (file);
  outbox_export_async (workspace_session_get_database (session),
                       base_clock_now (workspace_session_get_clock (session)), NULL, built_cb,
                       self);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) self = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file)
    outbox_actions_write_export (self->page, self->session, file);
}

static void
warned_cb (AdwAlertDialog *dialog, const char *response, Export *self)
{
  g_autofree char *today = workspace_session_dup_today (self->session);
  g_autofree char *name = g_strdup_printf ("bedside-outbox-%s.json", today);
  g_autoptr (GtkFileDialog) chooser = NULL;
  GtkRoot *root = gtk_widget_get_root (self->page);
  Export *next;

  if (!g_str_equal (response, "choose"))
    return;
  next = g_new0 (Export, 1);
  next->page = g_object_ref (self->page);
  next->session = g_object_ref (self->session);
  chooser = gtk_file_dialog_new ();
  gtk_file_dialog_set_title (chooser, _ ("Export What Waits"));
  gtk_file_dialog_set_initial_name (chooser, name);
  gtk_file_dialog_save (chooser, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, chosen_cb,
                        next);
}

static void
free_warned (gpointer data, GClosure *closure)
{
  export_free (data);
}

/* Says first that the file holds patients' data and is not encrypted. */
void
outbox_actions_export (GtkWidget *page, WorkspaceSession *session)
{
  AdwDialog *dialog = adw_alert_dialog_new (
      _ ("This File Will Hold Patients’ Data"),
      _ ("It holds everything that waits here, readable by anyone who has the file. Keep it where "
         "only the clinic can read it, and delete it when it was used. The export is recorded in "
         "the audit."));
  Export *self = g_new0 (Export, 1);

  self->page = g_object_ref (page);
  self->session = g_object_ref (session);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "choose",
                                  _ ("Choose a _Place…"), NULL);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (warned_cb), self, free_warned, 0);
  workspace_alert_present (dialog, page);
}
