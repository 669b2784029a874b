/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign-page.h"

#include <glib/gi18n.h>

#include "care-to-sign.h"
#include "workspace-alert.h"
#include "workspace-second-factor.h"
#include "workspace-text.h"
#include "workspace-toast.h"

#include "sign-batch.h"
#include "sign-row.h"
#include "sign-words.h"

/**
 * SignPage:
 *
 * What was prepared for the user's signature, by patient. The list is read again when the records
 * change, and rebuilt only where it says something else: reasons are being typed into it.
 */

#define SETTLE_MS 120

/* Width of what is read once more, in pixels, and what the dialog needs beside it. */
#define NARROWEST 252
#define WIDEST    460
#define BESIDE    120

struct _SignPage
{
  WorkspacePage parent_instance;

  WorkspaceSession *session;
  StoreContent *content;
  GPtrArray *items;
  char *shown; /* what the list says, to be compared */
  GCancellable *cancellable;
  guint reload_source, rest_source;
  gboolean is_reading, is_stale, is_signing;
  GStrv signed_tasks; /* after which the next patient's list is shown; NULL where none is left */

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *failed_page;
  GtkBox *groups_box;
  GtkWidget *signed_box;
  GtkListBox *signed_list;
  GtkLabel *count_label;
};

G_DEFINE_FINAL_TYPE (SignPage, sign_page, WORKSPACE_TYPE_PAGE)

static CareContext *
context_of (SignPage *self)
{
  return workspace_session_get_context (self->session);
}

/* ---- what is chosen ---- */

typedef void (*RowFunc) (GtkWidget *row, gpointer data);

static void
foreach_row (SignPage *self, RowFunc function, gpointer data)
{
  for (GtkWidget *list = gtk_widget_get_first_child (GTK_WIDGET (self->groups_box)); list != NULL;
       list = gtk_widget_get_next_sibling (list))
    for (GtkWidget *row = GTK_IS_LIST_BOX (list) ? gtk_widget_get_first_child (list) : NULL;
         row != NULL; row = gtk_widget_get_next_sibling (row))
      function (row, data);
}

static void
add_chosen (GtkWidget *row, gpointer data)
{
  if (sign_row_is_chosen (row))
    g_ptr_array_add (data, row);
}

/* (transfer container): rows */
static GPtrArray *
list_chosen (SignPage *self)
{
  GPtrArray *rows = g_ptr_array_new ();

  foreach_row (self, add_chosen, rows);
  return rows;
}

static void
chosen_cb (SignPage *self)
{
  g_autoptr (GPtrArray) rows = list_chosen (self);
  guint all = self->items != NULL ? self->items->len : 0;
  g_autofree char *text = g_strdup_printf (ngettext ("%u of %u prescription chosen",
                                                     "%u of %u prescriptions chosen", all),
                                           rows->len, all);

  gtk_label_set_text (self->count_label, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign.sign",
                                 rows->len > 0 && !self->is_signing);
}

/* ---- the list ---- */

static GtkWidget *
add_patient (SignPage *self, const CareToSign *item)
{
  g_autofree char *who = sign_words_dup_who (item);
  GtkWidget *list = gtk_list_box_new (), *heading = gtk_label_new (who);

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_label_set_wrap (GTK_LABEL (heading), TRUE);
  workspace_text_keep_dates_of (GTK_LABEL (heading));
  gtk_widget_add_css_class (heading, "section-title");
  gtk_widget_set_margin_top (heading, 12);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, who, -1);
  gtk_box_append (self->groups_box, heading);
  gtk_box_append (self->groups_box, list);
  return list;
}

/* What the user did in the list stays done when it is built anew. */
typedef struct
{
  GHashTable *taken_out, *chosen, *reasons;
} Done;

static void
add_done (GtkWidget *row, gpointer data)
{
  Done *done = data;

  if (sign_row_is_taken_out (row))
    g_hash_table_add (done->taken_out, g_strdup (sign_row_get_task (row)));
  if (sign_row_is_chosen (row))
    g_hash_table_add (done->chosen, g_strdup (sign_row_get_task (row)));
  sign_row_add_reasons (row, done->reasons);
}

/* A controlled drug is signed when its prescriber says that it is ready: 21 CFR 1311.140 (a) (2).
 */
static gboolean
is_chosen (const CareToSign *item, const Done *done)
{
  return sign_batch_is_controlled (item) ? g_hash_table_contains (done->chosen, item->task)
                                         : !g_hash_table_contains (done->taken_out, item->task);
}

static void
fill (SignPage *self)
{
  g_autoptr (GHashTable) chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) taken_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const CareToSign *before = NULL;
  GtkWidget *list = NULL, *child;

  const Done done = { taken_out, chosen, reasons };

  foreach_row (self, add_done, (gpointer) &done);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups_box))) != NULL)
    gtk_box_remove (self->groups_box, child);
  for (guint i = 0; i < self->items->len; i++)
    {
      const CareToSign *item = self->items->pdata[i];

      if (before == NULL || g_strcmp0 (before->patient_id, item->patient_id) != 0)
        list = add_patient (self, item);
      gtk_list_box_append (GTK_LIST_BOX (list),
                           sign_row_new (item, is_chosen (item, &done), reasons,
                                         G_CALLBACK (chosen_cb), self));
      before = item;
    }
}

static char *
dup_shown (GPtrArray *items)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      const CareToSign *item = items->pdata[i];
      /* all of what stands in its row is in it */
      g_string_append_printf (text, "%s %s\n", item->task, item->seen);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
show_right_page (SignPage *self)
{
  gboolean any =
      (self->items != NULL && self->items->len > 0) || gtk_widget_get_visible (self->signed_box);

  gtk_stack_set_visible_child_name (self->stack, any ? "list" : "empty");
}

/* Once what was signed is gone from the list, the next patient's is read. */
static void
go_on (SignPage *self)
{
  g_auto (GStrv) tasks = NULL;

  for (guint i = 0; self->signed_tasks != NULL && self->signed_tasks[i] != NULL; i++)
    if (sign_batch_find (self->items, self->signed_tasks[i]) != NULL)
      return;
  tasks = g_steal_pointer (&self->signed_tasks);
  if (tasks != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "sign.sign", NULL);
}

static void
take (SignPage *self, GPtrArray *items)
{
  g_autofree char *shown = dup_shown (items);

  workspace_page_set_count (WORKSPACE_PAGE (self), items->len);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  self->items = g_ptr_array_ref (items);
  if (g_strcmp0 (shown, self->shown) != 0)
    {
      g_set_str (&self->shown, shown);
      fill (self);
    }
  chosen_cb (self);
  show_right_page (self);
  go_on (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SignPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = care_to_sign_list_finish (result, &error);

  self->is_reading = FALSE;
  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (items != NULL)
    take (self, items);
  else
    {
      adw_status_page_set_description (self->failed_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  if (self->is_stale)
    gtk_widget_activate_action (GTK_WIDGET (self), "sign.reload", NULL);
}

static void
reload (gpointer user_data)
{
  SignPage *self = user_data;

  self->reload_source = 0;
  self->is_stale = self->is_reading;
  if (self->is_reading || self->content == NULL)
    return;
  self->is_reading = TRUE;
  care_to_sign_list_async (context_of (self), CLINICAL_CONTENT (self->content), self->cancellable,
                           loaded_cb, g_object_ref (self));
}

static void
reload_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SignPage *self = SIGN_PAGE (widget);

  if (self->session != NULL && self->reload_source == 0)
    self->reload_source = g_timeout_add_once (SETTLE_MS, reload, self);
}

static void
queue_reload (SignPage *self)
{
  reload_action (GTK_WIDGET (self), NULL, NULL);
}

/* ---- signed, and resting ---- */

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SignPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_prescription_command_finish (result, &error) && self->session != NULL)
    workspace_toast_add (self->toasts, error->message, NULL, NULL);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *target)
{
  SignPage *self = SIGN_PAGE (widget);
  const char *id = g_variant_get_string (target, NULL);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->signed_list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "order"), id) == 0)
      {
        gtk_list_box_remove (self->signed_list, row);
        break;
      }
  care_prescription_undo_async (context_of (self), id, NULL, undone_cb, g_object_ref (self));
}

static void
rested_cb (gpointer user_data)
{
  SignPage *self = user_data;

  self->rest_source = 0;
  gtk_list_box_remove_all (self->signed_list);
  gtk_widget_set_visible (self->signed_box, FALSE);
  show_right_page (self);
}

static void
add_signed (SignPage *self, const CareToSign *item)
{
  GtkWidget *row = adw_action_row_new (), *undo = gtk_button_new_with_mnemonic (_ ("_Undo"));
  const char *order = care_prescription_draft_get_id (item->draft);
  g_autofree char *who = sign_words_dup_who (item);
  g_autofree char *name = g_strdup_printf (_ ("Undo %s"), item->line);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), item->line);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), who);
  g_object_set_data_full (G_OBJECT (row), "order", g_strdup (order), g_free);
  gtk_widget_set_valign (undo, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (undo), "sign.undo");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (undo), "s", order);
  gtk_accessible_update_property (GTK_ACCESSIBLE (undo), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), undo);
  gtk_list_box_append (self->signed_list, row);
}

/* ---- signing ---- */

typedef struct
{
  SignPage *page;
  GStrv tasks;
  GPtrArray *items; /* as they were read */
} Signing;

static void
show_signed (SignPage *self, const char *const *tasks, GPtrArray *items)
{
  guint n = g_strv_length ((char **) tasks);
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u prescription signed. It leaves in ten seconds.",
                                 "%u prescriptions signed. They leave in ten seconds.", n),
                       n);

  for (; *tasks != NULL; tasks++)
    if (sign_batch_find (items, *tasks) != NULL)
      add_signed (self, sign_batch_find (items, *tasks));
  gtk_widget_set_visible (self->signed_box, TRUE);
  g_clear_handle_id (&self->rest_source, g_source_remove);
  self->rest_source = g_timeout_add_once (CARE_UNDO_US / 1000, rested_cb, self);
  workspace_toast_add (self->toasts, text, NULL, NULL);
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Signing *signing = user_data;
  g_autoptr (SignPage) self = signing->page;
  g_auto (GStrv) tasks = signing->tasks;
  g_autoptr (GPtrArray) items = signing->items;
  g_autoptr (GError) error = NULL;
  gboolean good = care_to_sign_command_finish (result, &error);

  self->is_signing = FALSE;
  if (self->session == NULL)
    return;
  if (good)
    show_signed (self, (const char *const *) tasks, items);
  else
    {
      g_clear_pointer (&self->signed_tasks, g_strfreev);
      workspace_toast_add (self->toasts, error->message, NULL, NULL);
    }
  chosen_cb (self);
  queue_reload (self);
}

/* Only what was read in the dialog is signed: what became of the list meanwhile does not count. */
static void
response_cb (AdwAlertDialog *dialog, const char *response, SignPage *self)
{
  GStrv tasks = g_object_get_data (G_OBJECT (dialog), "tasks");
  GStrv seen = g_object_get_data (G_OBJECT (dialog), "seen");
  GHashTable *reasons = g_object_get_data (G_OBJECT (dialog), "reasons");
  const char *shown = g_object_get_data (G_OBJECT (dialog), "shown");
  g_autofree char *code = workspace_second_factor_dup_code_of (dialog);
  Signing *signing;

  if (!g_str_equal (response, "sign") || self->is_signing)
    return;
  if (g_strcmp0 (shown, self->shown) != 0)
    {
      workspace_toast_add (self->toasts, _ ("It changed while you read. Look again."), NULL, NULL);
      return;
    }
  signing = g_new0 (Signing, 1);
  signing->page = g_object_ref (self);
  signing->tasks = g_strdupv (tasks);
  signing->items = g_ptr_array_ref (self->items);
  self->is_signing = TRUE;
  g_clear_pointer (&self->signed_tasks, g_strfreev);
  if (g_object_get_data (G_OBJECT (dialog), "more") != NULL)
    self->signed_tasks = g_strdupv (tasks);
  chosen_cb (self);
  care_to_sign_sign_async (context_of (self), (const char *const *) tasks,
                           (const char *const *) seen, CLINICAL_CONTENT (self->content), reasons,
                           code, signed_cb, signing);
}

/* An alert is as narrow as its buttons; this one is read line by line. */
static GtkWidget *
once_more_new (SignPage *self, GPtrArray *rows, guint more, AdwAlertDialog *dialog)
{
  const SignOnceMore facts = {
    context_of (self),
    workspace_session_get_open (self->session),
    self->items,
    rows,
    more,
    CLAMP (gtk_widget_get_width (GTK_WIDGET (self)) - BESIDE, NARROWEST, WIDEST),
  };

  return sign_batch_once_more_new (&facts, dialog);
}

static void
sign_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SignPage *self = SIGN_PAGE (widget);
  g_autoptr (GPtrArray) all = list_chosen (self), rows = sign_batch_first (self->items, all);
  g_autoptr (GStrvBuilder) tasks = g_strv_builder_new (), seen = g_strv_builder_new ();
  GHashTable *reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *heading =
      g_strdup_printf (ngettext ("Sign %u Prescription?", "Sign %u Prescriptions?", rows->len),
                       rows->len);
  AdwDialog *dialog = adw_alert_dialog_new (heading, NULL);
  guint more = all->len - rows->len;

  for (guint i = 0; i < rows->len; i++)
    {
      const char *task = sign_row_get_task (rows->pdata[i]);

      g_strv_builder_add (tasks, task);
      g_strv_builder_add (seen, sign_batch_find (self->items, task)->seen);
      sign_row_add_reasons (rows->pdata[i], reasons);
    }
  g_object_set_data_full (G_OBJECT (dialog), "tasks", g_strv_builder_end (tasks),
                          (GDestroyNotify) g_strfreev);
  g_object_set_data_full (G_OBJECT (dialog), "seen", g_strv_builder_end (seen),
                          (GDestroyNotify) g_strfreev);
  g_object_set_data_full (G_OBJECT (dialog), "reasons", reasons,
                          (GDestroyNotify) g_hash_table_unref);
  g_object_set_data_full (G_OBJECT (dialog), "shown", g_strdup (self->shown), g_free);
  adw_alert_dialog_set_prefer_wide_layout (ADW_ALERT_DIALOG (dialog), TRUE);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Back"), "sign",
                                  _ ("_Sign"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "sign",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "sign");
  g_object_set_data (G_OBJECT (dialog), "more", GUINT_TO_POINTER (more));
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog),
                                    once_more_new (self, rows, more, ADW_ALERT_DIALOG (dialog)));
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  workspace_alert_present (dialog, widget);
}

/* ---- sending back ---- */

static void
sent_back_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SignPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean good = care_to_sign_command_finish (result, &error);

  if (self->session != NULL)
    workspace_toast_add (self->toasts, good ? _ ("Sent back") : error->message, NULL, NULL);
}

static void
back_response_cb (AdwAlertDialog *dialog, const char *response, SignPage *self)
{
  GtkEditable *entry = GTK_EDITABLE (adw_alert_dialog_get_extra_child (dialog));

  if (g_str_equal (response, "back"))
    care_to_sign_send_back_async (context_of (self), g_object_get_data (G_OBJECT (dialog), "task"),
                                  gtk_editable_get_text (entry), sent_back_cb, g_object_ref (self));
}

static void
reason_cb (GtkEditable *entry, AdwAlertDialog *dialog)
{
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_alert_dialog_set_response_enabled (dialog, "back", *reason != '\0');
}

static void
send_back_action (GtkWidget *widget, const char *name, GVariant *target)
{
  SignPage *self = SIGN_PAGE (widget);
  const CareToSign *item = sign_batch_find (self->items, g_variant_get_string (target, NULL));
  AdwDialog *dialog;
  GtkWidget *entry;

  if (item == NULL)
    return;
  dialog = adw_alert_dialog_new (_ ("Send This Back?"), item->line);
  entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Reason"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Reason"), -1);
  g_object_set_data_full (G_OBJECT (dialog), "task", g_strdup (item->task), g_free);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), entry);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "keep", _ ("_Keep It"), "back",
                                  _ ("_Send Back"), NULL);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "back", FALSE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "keep");
  g_signal_connect_object (entry, "changed", G_CALLBACK (reason_cb), dialog, 0);
  g_signal_connect_object (dialog, "response", G_CALLBACK (back_response_cb), self, 0);
  workspace_alert_present (dialog, widget);
}

/* ---- object ---- */

static void
sign_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (sign_page_parent_class)->map (widget);
  queue_reload (SIGN_PAGE (widget));
}

static void
sign_page_dispose (GObject *object)
{
  SignPage *self = SIGN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->rest_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), SIGN_TYPE_PAGE);
  g_clear_object (&self->session);
  g_clear_object (&self->content);
  G_OBJECT_CLASS (sign_page_parent_class)->dispose (object);
}

static void
sign_page_finalize (GObject *object)
{
  SignPage *self = SIGN_PAGE (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_strfreev (self->signed_tasks);
  g_free (self->shown);
  G_OBJECT_CLASS (sign_page_parent_class)->finalize (object);
}

static void
sign_page_class_init (SignPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sign_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = sign_page_finalize;
  widget_class->map = sign_page_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/sign/sign-page.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, SignPage, name)
  CHILD (toasts);
  CHILD (stack);
  CHILD (failed_page);
  CHILD (groups_box);
  CHILD (signed_box);
  CHILD (signed_list);
  CHILD (count_label);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "sign.sign", NULL, sign_action);
  gtk_widget_class_install_action (widget_class, "sign.undo", "s", undo_action);
  gtk_widget_class_install_action (widget_class, "sign.send-back", "s", send_back_action);
  gtk_widget_class_install_action (widget_class, "sign.reload", NULL, reload_action);
}

static void
sign_page_init (SignPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign.sign", FALSE);
}

/**
 * sign_page_new:
 *
 * Returns: (transfer floating): the clinic page of what waits for the user's signature
 */
GtkWidget *
sign_page_new (WorkspaceSession *session)
{
  SignPage *self = g_object_new (SIGN_TYPE_PAGE, NULL);

  self->session = g_object_ref (session);
  g_set_object (&self->content, workspace_session_get_content (session));
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (queue_reload), self, G_CONNECT_SWAPPED);
  reload (self);
  return GTK_WIDGET (self);
}
