/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-removal-dialog.h"

#include <glib/gi18n.h>

#include "app-code.h"
#include "app-connection.h"
#include "app-proof.h"

struct _AppRemovalDialog
{
  AdwDialog parent_instance;

  AppRemoval *removal;
  BaseClock *clock;
  char *client_id;
  AppNetwork *network;       /* (nullable): where the server may be asked */
  GCancellable *cancellable; /* (nullable): of the last sign-in that was begun */
  gboolean busy;             /* a code is tried */

  GtkStack *stack;
  GtkLabel *what_label;
  GtkWidget *loss_group;
  GtkListBox *loss_list;
  GtkWidget *name_group;
  AdwEntryRow *name_row;
  GtkLabel *who_label;
  GtkWidget *code_group;
  AdwPasswordEntryRow *code_row;
  GtkLabel *message_label;
  GtkWidget *code_button;
  GtkWidget *sign_in_button;
  AdwStatusPage *done_page;
};

enum
{
  SIGNAL_OPEN_BROWSER,
  SIGNAL_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppRemovalDialog, app_removal_dialog, ADW_TYPE_DIALOG)

static const char *
get_name (AppRemovalDialog *self)
{
  return app_removal_get_person (self->removal)->name;
}

static void
say (AppRemovalDialog *self, const char *sentence)
{
  gtk_label_set_label (self->message_label, sentence ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), sentence != NULL);
}

/* Where something would be lost its owner's name has been typed. */
static gboolean
is_confirmed (AppRemovalDialog *self)
{
  g_autofree char *typed =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));

  return !app_removal_is_loss (self->removal) || g_str_equal (typed, get_name (self));
}

static void
changed_cb (AppRemovalDialog *self)
{
  gboolean ready = !self->busy && is_confirmed (self);
  const char *code = gtk_editable_get_text (GTK_EDITABLE (self->code_row));

  gtk_widget_set_sensitive (self->code_button, ready && *code);
  gtk_widget_set_sensitive (self->sign_in_button, ready);
}

static void
set_busy (AppRemovalDialog *self, gboolean busy)
{
  self->busy = busy;
  changed_cb (self);
}

/* ---- what would be lost ---- */

static void
add_loss (AppRemovalDialog *self, const char *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  gtk_list_box_append (self->loss_list, row);
}

static void
add_number (AppRemovalDialog *self, const char *format, guint number)
{
  /* the format comes from ngettext () below */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *text = g_strdup_printf (format, number);
#pragma GCC diagnostic pop

  if (number > 0)
    add_loss (self, text);
}

static void
show_loss (AppRemovalDialog *self, const char *problem)
{
  const AppRemovalLoss *loss = app_removal_get_loss (self->removal);

  if (!loss)
    {
      g_autofree char *text =
          g_strdup_printf (_ ("What is in these records is not known: they do not open. %s"),
                           problem);
      add_loss (self, text);
      return;
    }
  add_number (self,
              ngettext ("%u prescription that was signed and has not reached the server",
                        "%u prescriptions that were signed and have not reached the server",
                        loss->prescriptions),
              loss->prescriptions);
  add_number (self,
              ngettext ("%u note that has not reached the server",
                        "%u notes that have not reached the server", loss->notes),
              loss->notes);
  add_number (self,
              ngettext ("%u other change that has not reached the server",
                        "%u other changes that have not reached the server", loss->others),
              loss->others);
  add_number (self,
              ngettext ("%u draft that was not signed", "%u drafts that were not signed",
                        loss->drafts),
              loss->drafts);
}

static void
show_question (AppRemovalDialog *self, const char *problem)
{
  gboolean is_loss = app_removal_is_loss (self->removal);
  gboolean has_code = app_removal_get_has_code (self->removal);
  const char *name = get_name (self);
  g_autofree char *what = g_strdup_printf (
      is_loss
          ? _ ("The records of %s on this computer are deleted, and their key with them. What is "
               "at the clinic’s server stays there. Better: let %s sign in here once more, so "
               "that what waits is sent and what was begun is ended.")
          : _ ("The records of %s on this computer are deleted, and their key with them. What is "
               "at the clinic’s server stays there. Nothing waits to be sent, and no draft was "
               "left."),
      name, name);
  g_autofree char *type = g_strdup_printf (_ ("To lose this, type: %s"), name);
  g_autofree char *code = g_strdup_printf (_ ("Code of %s"), name);
  g_autofree char *who =
      g_strdup_printf (_ ("Only %s or an administrator of the clinic removes these records."),
                       name);

  gtk_label_set_label (self->what_label, what);
  gtk_label_set_label (self->who_label, who);
  show_loss (self, problem);
  gtk_widget_set_visible (self->loss_group, is_loss);
  gtk_widget_set_visible (self->name_group, is_loss);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->name_row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name_row), type);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->code_row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->code_row), code);
  gtk_widget_set_visible (self->code_group, has_code);
  gtk_widget_set_visible (self->code_button, has_code);
  gtk_widget_set_visible (self->sign_in_button,
                          app_removal_get_person (self->removal)->server != NULL);
  changed_cb (self);
  gtk_stack_set_visible_child_name (self->stack, "ask");
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppRemovalDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  app_removal_look_finish (APP_REMOVAL (source), result, &error);
  if (self->removal) /* else it was closed meanwhile */
    show_question (self, error ? error->message : NULL);
}

/* ---- removing ---- */

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppRemovalDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *done = NULL;

  if (!self->removal)
    return;
  adw_dialog_set_can_close (ADW_DIALOG (self), TRUE);
  app_removal_run_finish (APP_REMOVAL (source), result, &error);
  done = error
             ? g_strdup (error->message)
             : g_strdup_printf (_ ("The file of %s’s records was deleted and its key removed. The "
                                   "file held no words that can be read without the key. Copies "
                                   "that somebody made of this computer’s disk are not touched."),
                                get_name (self));
  adw_status_page_set_title (self->done_page,
                             error ? _ ("Not Everything Was Removed") : _ ("Removed"));
  if (error)
    adw_status_page_set_icon_name (self->done_page, "dialog-error-symbolic");
  adw_status_page_set_description (self->done_page, done);
  gtk_stack_set_visible_child_name (self->stack, "done");
  gtk_accessible_announce (GTK_ACCESSIBLE (self), done, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0);
}

static void
remove_now (AppRemovalDialog *self)
{
  gtk_stack_set_visible_child_name (self->stack, "busy");
  adw_dialog_set_can_close (ADW_DIALOG (self), FALSE);
  app_removal_run_async (self->removal, removed_cb, g_object_ref (self));
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppRemovalDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  guint seconds = 0;
  AppCodeAnswer answer = app_code_try_finish (result, &seconds, &error);
  g_autofree char *wait = NULL;

  if (!self->removal)
    return;
  set_busy (self, FALSE);
  switch (answer)
    {
    case APP_CODE_RIGHT:
      if (gtk_widget_get_root (GTK_WIDGET (self)))
        remove_now (self);
      break;
    case APP_CODE_WRONG:
      say (self, _ ("This is not the code. Try again, or sign in at the clinic’s server."));
      break;
    case APP_CODE_WAIT:
      wait = g_strdup_printf (ngettext ("Too many wrong codes. Wait %u second, or sign in at the "
                                        "clinic’s server.",
                                        "Too many wrong codes. Wait %u seconds, or sign in at the "
                                        "clinic’s server.",
                                        seconds),
                              seconds);
      say (self, wait);
      break;
    case APP_CODE_FAILED:
      say (self, error->message);
      break;
    }
}

static void
code_cb (AppRemovalDialog *self)
{
  g_autofree char *code = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->code_row)));
  StoreDatabase *store = app_removal_get_database (self->removal);

  if (self->busy || !*code || !is_confirmed (self) || !store)
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->code_row), "");
  say (self, NULL);
  set_busy (self, TRUE);
  app_code_try_async (store, code, base_clock_now (self->clock), tried_cb, g_object_ref (self));
}

static void
browser_cb (gpointer user_data, const char *url)
{
  g_signal_emit (user_data, signals[SIGNAL_OPEN_BROWSER], 0, url);
}

static void
proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppRemovalDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *role = NULL;
  g_autofree char *user = app_proof_ask_finish (result, &role, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    app_removal_dialog_take_proof (self, user, role, error ? error->message : NULL);
}

/* A sign-in that nobody ended is begun anew: the button stays. */
static void
sign_in_cb (AppRemovalDialog *self)
{
  const AppPerson *person = app_removal_get_person (self->removal);
  const char *trouble = self->network ? app_network_get_refusal (self->network) : NULL;
  g_autofree char *base = app_connection_dup_base_url (person->server);

  if (self->busy || !is_confirmed (self))
    return;
  say (self, trouble);
  if (trouble)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  app_proof_ask_async (base, self->client_id, person->login, browser_cb, self->cancellable,
                       proved_cb, g_object_ref (self));
}

/**
 * app_removal_dialog_take_proof:
 * @user: (nullable): who signed in
 * @role: (nullable): as the server calls it
 * @problem: (nullable): why nobody did
 */
void
app_removal_dialog_take_proof (AppRemovalDialog *self,
                               const char *user,
                               const char *role,
                               const char *problem)
{
  g_return_if_fail (APP_IS_REMOVAL_DIALOG (self));

  const AppPerson *person = app_removal_get_person (self->removal);
  g_autofree char *other = NULL;

  if (!self->removal || self->busy || !is_confirmed (self) ||
      !gtk_widget_get_root (GTK_WIDGET (self)))
    return;
  if (problem)
    say (self, problem);
  else if (g_strcmp0 (user, person->reference) == 0 ||
           g_strcmp0 (role, APP_PROOF_ADMINISTRATOR) == 0)
    remove_now (self);
  else
    {
      other = g_strdup_printf (_ ("Somebody else signed in. %s has to, or an administrator of the "
                                  "clinic."),
                               person->name);
      say (self, other);
    }
}

/* ---- object ---- */

/* Whoever signs in afterwards removes nobody. */
static void
closed (AdwDialog *dialog)
{
  g_cancellable_cancel (APP_REMOVAL_DIALOG (dialog)->cancellable);
}

static void
app_removal_dialog_dispose (GObject *object)
{
  AppRemovalDialog *self = APP_REMOVAL_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_REMOVAL_DIALOG);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->network);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_object (&self->removal);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (app_removal_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-removal-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, what_label);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, loss_group);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, loss_list);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, name_group);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, who_label);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, code_group);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, code_row);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, code_button);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, sign_in_button);
  gtk_widget_class_bind_template_child (widget_class, AppRemovalDialog, done_page);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
}

static void
app_removal_dialog_class_init (AppRemovalDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_removal_dialog_dispose;
  ADW_DIALOG_CLASS (klass)->closed = closed;
  bind_template (GTK_WIDGET_CLASS (klass));

  signals[SIGNAL_OPEN_BROWSER] =
      g_signal_new ("open-browser", APP_TYPE_REMOVAL_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_REMOVED] = g_signal_new ("removed", APP_TYPE_REMOVAL_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
app_removal_dialog_init (AppRemovalDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer floating): looks at once what @removal would take away. @client_id: how the server
 * knows Bedside; @network: (nullable): where it may be asked */
AppRemovalDialog *
app_removal_dialog_new (AppRemoval *removal,
                        BaseClock *clock,
                        const char *client_id,
                        AppNetwork *network)
{
  AppRemovalDialog *self = g_object_new (APP_TYPE_REMOVAL_DIALOG, NULL);

  self->removal = g_object_ref (removal);
  self->clock = g_object_ref (clock);
  self->client_id = g_strdup (client_id);
  g_set_object (&self->network, network);
  app_removal_look_async (removal, looked_cb, g_object_ref (self));
  return self;
}
