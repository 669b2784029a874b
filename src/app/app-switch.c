/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-switch.h"

#include <glib/gi18n.h>

#include "care-prescription.h"
#include "workspace-alert.h"

typedef struct
{
  GtkWidget *parent;
  char *name;    /* who goes */
  char *account; /* who comes */
  AppSwitchAnswer answer;
  GObject *receiver;
} Switch;

static void
switch_free (Switch *self)
{
  g_object_unref (self->parent);
  g_object_unref (self->receiver);
  g_free (self->name);
  g_free (self->account);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Switch, switch_free)

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Switch) self = user_data;

  if (g_str_equal (adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result), "switch"))
    self->answer (self->receiver, self->account);
}

/* H1: how many, and whose; the patients are nobody else's business. */
static void
tell_unsent (Switch *self, guint count)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Not Sent Yet"), NULL);
  g_autofree char *body = g_strdup_printf (
      ngettext ("%u prescription that %s signed has not reached the server. It is sent only while "
                "%s works here: tell them.",
                "%u prescriptions that %s signed have not reached the server. They are sent only "
                "while %s works here: tell them.",
                count),
      count, self->name, self->name);

  adw_alert_dialog_set_body (ADW_ALERT_DIALOG (dialog), body);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "back", _ ("_Back"), "switch",
                                  _ ("_Switch All the Same"), NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "back");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "back");
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (dialog), self->parent, NULL, answered_cb, self);
  workspace_alert_wrap (dialog, self->parent);
}

static void
unsent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Switch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) unsent = care_prescription_list_unsent_finish (result, &error);
  guint count = unsent ? g_list_model_get_n_items (G_LIST_MODEL (unsent)) : 0;

  if (!unsent)
    g_warning ("cannot ask what is not sent: %s", error->message);
  if (count > 0)
    tell_unsent (g_steal_pointer (&self), count);
  else
    self->answer (self->receiver, self->account);
}

/* Calls @answer for @receiver, which is held until then, when nothing of @name waits to be sent, or
 * somebody switches all the same. */
void
app_switch_ask (GtkWidget *parent,
                WorkspaceSession *session,
                const char *name,
                const char *account,
                AppSwitchAnswer answer,
                GObject *receiver)
{
  Switch *self = g_new0 (Switch, 1);

  self->parent = g_object_ref (parent);
  self->name = g_strdup (name);
  self->account = g_strdup (account);
  self->answer = answer;
  self->receiver = g_object_ref (receiver);
  care_prescription_list_unsent_async (workspace_session_get_context (session), NULL, unsent_cb,
                                       self);
}
