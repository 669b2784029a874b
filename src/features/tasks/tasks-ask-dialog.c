/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-ask-dialog.h"

#include <glib/gi18n.h>

#include "tasks-ask-card.h"
#include "tasks-ask-controlled.h"
#include "workspace-alert.h"
#include "workspace-second-factor.h"
#include "workspace-text.h"
#include "workspace-toast.h"

/* Renewals and what pharmacies ask, one under the other: each can be taken out, those that are
 * ticked are approved at once, under one name. */

#define MOST 50 /* at once: nobody reads more, and what is not read is not signed */

struct _TasksAskDialog
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  char *patient_id; /* NULL: of the clinic */
  GPtrArray *asks;  /* CareSupplyAsk */
  GPtrArray *cards; /* TasksAskCard */
  GCancellable *reading;

  GtkStack *stack;
  GtkBox *box;
  AdwStatusPage *failed_page;
  GtkLabel *call_label;
  GtkLabel *fault_label;
  GtkLabel *more_label;
  GtkWidget *bar;
  GtkButton *approve_button;
};

enum
{
  SIGNAL_ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TasksAskDialog, tasks_ask_dialog, ADW_TYPE_DIALOG)

static CareContext *
context_of (TasksAskDialog *self)
{
  return workspace_session_get_context (self->session);
}

static ClinicalContent *
content_of (TasksAskDialog *self)
{
  StoreContent *content = workspace_session_get_content (self->session);

  return content ? CLINICAL_CONTENT (content) : NULL;
}

static gboolean
may_answer (TasksAskDialog *self)
{
  static const char *const prescribers[] = { "prescriber", "admin", NULL };
  const char *role = care_context_get_role (context_of (self));

  return role && g_strv_contains (prescribers, role);
}

static void
show_fault (TasksAskDialog *self, const char *text)
{
  gtk_label_set_label (self->fault_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault_label), text != NULL);
  if (text)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->fault_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static guint
count_taken (TasksAskDialog *self)
{
  guint n = 0;

  for (guint i = 0; i < self->cards->len; i++)
    n += tasks_ask_card_is_taken (self->cards->pdata[i]);
  return n;
}

static void
update (TasksAskDialog *self)
{
  guint n = count_taken (self);
  g_autofree char *label =
      g_strdup_printf (ngettext ("_Approve and Sign %u", "_Approve and Sign %u", n), n);

  gtk_button_set_label (self->approve_button, n > 0 ? label : _ ("_Approve and Sign"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->approve_button), n > 0);
}

static void
add_cards (TasksAskDialog *self)
{
  guint n = MIN (self->asks->len, MOST), left = self->asks->len - n;
  g_autofree char *more =
      g_strdup_printf (ngettext ("%u more is shown when these are answered",
                                 "%u more are shown when these are answered", left),
                       left);

  for (guint i = 0; i < self->cards->len; i++)
    gtk_box_remove (self->box, self->cards->pdata[i]);
  g_ptr_array_set_size (self->cards, 0);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *card = tasks_ask_card_new (self->asks->pdata[i], may_answer (self));

      g_signal_connect_object (card, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->box, card);
      g_ptr_array_add (self->cards, card);
    }
  gtk_label_set_label (self->more_label, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more_label), left > 0);
}

/* ---- reading ---- */

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksAskDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) asks = care_supply_ask_list_finish (result, &error);

  if (!self->stack || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!asks)
    {
      adw_status_page_set_title (self->failed_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  g_clear_pointer (&self->asks, g_ptr_array_unref);
  self->asks = g_steal_pointer (&asks);
  add_cards (self);
  gtk_widget_set_visible (self->bar, self->asks->len > 0 && may_answer (self));
  gtk_stack_set_visible_child_name (self->stack, self->asks->len > 0 ? "asks" : "empty");
  update (self);
}

static void
load (TasksAskDialog *self)
{
  care_supply_ask_list_async (context_of (self), self->patient_id, content_of (self), self->reading,
                              loaded_cb, g_object_ref (self));
}

/* ---- answering ---- */

/* Those that are left are read again: what was signed changes what the checks say of the others. */
static void
finish (TasksAskDialog *self, const char *sentence, const char *ids)
{
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, sentence, ids);
  if (!self->asks || self->asks->len <= 1)
    adw_dialog_close (ADW_DIALOG (self));
  else
    load (self);
}

typedef struct
{
  TasksAskDialog *dialog;
  char *sentence, *ids;
} Answering;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answering *answering = user_data;
  g_autoptr (TasksAskDialog) self = answering->dialog;
  g_autofree char *sentence = answering->sentence, *ids = answering->ids;
  g_autoptr (GError) error = NULL;

  g_free (answering);
  if (!self->stack)
    return;
  gtk_widget_set_sensitive (self->bar, TRUE);
  if (care_supply_ask_finish (result, &error))
    finish (self, sentence, ids);
  else
    {
      show_fault (self, error->message);
      load (self);
    }
}

static Answering *
answering_new (TasksAskDialog *self, char *sentence, char *ids)
{
  Answering *answering = g_new0 (Answering, 1);

  answering->dialog = g_object_ref (self);
  answering->sentence = sentence;
  answering->ids = ids;
  show_fault (self, NULL);
  gtk_widget_set_sensitive (self->bar, FALSE);
  return answering;
}

static const CareSupplyAsk *
find_ask (TasksAskDialog *self, const char *task_id)
{
  for (guint i = 0; self->asks && i < self->asks->len; i++)
    {
      const CareSupplyAsk *ask = self->asks->pdata[i];

      if (g_str_equal (ask->task_id, task_id))
        return ask;
    }
  return NULL;
}

/* (transfer container): what was ticked, as it was read */
static GPtrArray *
list_taken (TasksAskDialog *self)
{
  GPtrArray *taken = g_ptr_array_new ();

  for (guint i = 0; i < self->cards->len; i++)
    if (tasks_ask_card_is_taken (self->cards->pdata[i]))
      g_ptr_array_add (taken, (gpointer) find_ask (self, tasks_ask_card_get_task_id (
                                                             self->cards->pdata[i])));
  return taken;
}

/* @asks: those of the cards that are approved; @code: (nullable): of the second factor */
static void
approve (TasksAskDialog *self, GPtrArray *asks, const char *code)
{
  g_autoptr (GPtrArray) approvals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_supply_approval_free);
  g_autoptr (GString) ids = g_string_new (NULL);
  char *sentence;

  for (guint i = 0; i < self->cards->len; i++)
    {
      const char *id = tasks_ask_card_get_task_id (self->cards->pdata[i]);

      if (!g_ptr_array_find (asks, find_ask (self, id), NULL))
        continue;
      g_ptr_array_add (approvals, tasks_ask_card_dup_approval (self->cards->pdata[i]));
      g_string_append_printf (ids, "%s%s", ids->len ? " " : "", id);
    }
  if (approvals->len == 0)
    return;
  sentence = g_strdup_printf (ngettext ("%u approved. It leaves in ten seconds",
                                        "%u approved. They leave in ten seconds", approvals->len),
                              approvals->len);
  care_supply_ask_approve_async (context_of (self), approvals, content_of (self), code, answered_cb,
                                 answering_new (self, sentence, g_strdup (ids->str)));
}

/* Only what was read in the dialog is signed: what was read again meanwhile is not. */
static void
read_response_cb (AdwAlertDialog *alert, const char *response, TasksAskDialog *self)
{
  GPtrArray *asks = g_object_get_data (G_OBJECT (alert), "asks");
  GPtrArray *read = g_object_get_data (G_OBJECT (alert), "read");
  g_autofree char *code = workspace_second_factor_dup_code_of (alert);

  if (!g_str_equal (response, "sign"))
    return;
  if (read != self->asks)
    {
      show_fault (self, _ ("It changed while you read. Look again."));
      return;
    }
  approve (self, asks, code);
}

static void
approve_cb (TasksAskDialog *self)
{
  g_autoptr (GPtrArray) taken = list_taken (self), first = tasks_ask_controlled_first (taken);
  AdwDialog *dialog;

  dialog = first ? tasks_ask_controlled_dialog_new (self->session, first, taken->len > first->len)
                 : tasks_ask_years_dialog_new (self->session, taken);
  if (!dialog)
    {
      approve (self, taken, NULL);
      return;
    }
  g_object_set_data_full (G_OBJECT (dialog), "asks", g_ptr_array_ref (first ? first : taken),
                          (GDestroyNotify) g_ptr_array_unref);
  g_object_set_data_full (G_OBJECT (dialog), "read", g_ptr_array_ref (self->asks),
                          (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (read_response_cb), self, 0);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

static void
reason_cb (GtkEditable *entry, AdwAlertDialog *alert)
{
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_alert_dialog_set_response_enabled (alert, "refuse", *reason != '\0');
}

static void
refuse_response_cb (AdwAlertDialog *alert, const char *response, TasksAskDialog *self)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (alert), "reason");
  const char *id = g_object_get_data (G_OBJECT (alert), "task");

  if (!g_str_equal (response, "refuse"))
    return;
  care_supply_ask_refuse_async (context_of (self), id, gtk_editable_get_text (entry), answered_cb,
                                answering_new (self,
                                               g_strdup (_ ("Refused. It leaves in ten seconds")),
                                               g_strdup (id)));
}

/* Whose it is and what, once more: the list behind it is long. */
static GtkWidget *
refusal_new (const CareSupplyAsk *ask, GtkWidget *list)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  workspace_text_append (box, ask->patient, "heading");
  workspace_text_append (box, ask->medicine, NULL);
  gtk_box_append (GTK_BOX (box), list);
  return box;
}

static void
refuse_action (GtkWidget *widget, const char *name, GVariant *target)
{
  const CareSupplyAsk *ask =
      find_ask (TASKS_ASK_DIALOG (widget), g_variant_get_string (target, NULL));
  AdwDialog *dialog =
      adw_alert_dialog_new (_ ("Refuse This?"), _ ("Whoever asked reads why. Nothing is signed."));
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *entry = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Why (Required)"),
                                   "activates-default", TRUE, NULL);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  adw_alert_dialog_set_extra_child (alert, ask ? refusal_new (ask, list) : list);
  adw_alert_dialog_add_responses (alert, "back", _ ("_Back"), "refuse", _ ("_Refuse"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "refuse", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_response_enabled (alert, "refuse", FALSE);
  adw_alert_dialog_set_close_response (alert, "back");
  adw_alert_dialog_set_default_response (alert, "refuse");
  g_object_set_data (G_OBJECT (dialog), "reason", entry);
  g_object_set_data_full (G_OBJECT (dialog), "task", g_variant_dup_string (target, NULL), g_free);
  g_signal_connect_object (entry, "changed", G_CALLBACK (reason_cb), dialog, 0);
  g_signal_connect_object (dialog, "response", G_CALLBACK (refuse_response_cb), widget, 0);
  adw_dialog_set_focus (dialog, entry);
  workspace_alert_present (dialog, widget);
}

/* ---- writing another, beside the chart ---- */

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answering *answering = user_data;
  g_autoptr (TasksAskDialog) self = answering->dialog;
  g_autofree char *sentence = answering->sentence, *id = answering->ids, *place = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *draft = care_supply_ask_change_finish (result, &error);
  const CareSupplyAsk *ask = self->stack ? find_ask (self, id) : NULL;

  g_free (answering);
  if (!ask)
    return;
  gtk_widget_set_sensitive (self->bar, TRUE);
  if (!draft)
    {
      show_fault (self, error->message);
      return;
    }
  place = g_strconcat ("prescribe ", draft, NULL);
  workspace_session_open_patient (self->session, ask->patient_id, "resume", place);
  finish (self, sentence, id);
}

static void
change_action (GtkWidget *widget, const char *name, GVariant *target)
{
  TasksAskDialog *self = TASKS_ASK_DIALOG (widget);
  const char *id = g_variant_get_string (target, NULL);

  care_supply_ask_change_async (context_of (self), id, content_of (self), changed_cb,
                                answering_new (self,
                                               g_strdup (
                                                   _ ("Refused. The new prescription is a draft")),
                                               g_strdup (id)));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *target)
{
  TasksAskDialog *self = TASKS_ASK_DIALOG (widget);
  const CareSupplyAsk *ask = find_ask (self, g_variant_get_string (target, NULL));

  if (!ask)
    return;
  workspace_session_open_patient (self->session, ask->patient_id, "show", "prescribe");
  adw_dialog_close (ADW_DIALOG (self));
}

/* ---- the object ---- */

static void
tasks_ask_dialog_dispose (GObject *object)
{
  TasksAskDialog *self = TASKS_ASK_DIALOG (object);

  g_cancellable_cancel (self->reading);
  gtk_widget_dispose_template (GTK_WIDGET (self), TASKS_TYPE_ASK_DIALOG);
  g_clear_pointer (&self->asks, g_ptr_array_unref);
  g_clear_pointer (&self->patient_id, g_free);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (tasks_ask_dialog_parent_class)->dispose (object);
}

static void
tasks_ask_dialog_finalize (GObject *object)
{
  TasksAskDialog *self = TASKS_ASK_DIALOG (object);

  g_clear_object (&self->reading);
  g_ptr_array_unref (self->cards);
  G_OBJECT_CLASS (tasks_ask_dialog_parent_class)->finalize (object);
}

static void
tasks_ask_dialog_class_init (TasksAskDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tasks_ask_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = tasks_ask_dialog_finalize;
  signals[SIGNAL_ANSWERED] =
      g_signal_new ("answered", TASKS_TYPE_ASK_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/tasks/tasks-ask-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TasksAskDialog, name)
  CHILD (stack);
  CHILD (box);
  CHILD (failed_page);
  CHILD (call_label);
  CHILD (fault_label);
  CHILD (more_label);
  CHILD (bar);
  CHILD (approve_button);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, approve_cb);
  gtk_widget_class_install_action (widget_class, "ask.refuse", "s", refuse_action);
  gtk_widget_class_install_action (widget_class, "ask.change", "s", change_action);
  gtk_widget_class_install_action (widget_class, "ask.open", "s", open_action);
}

static void
tasks_ask_dialog_init (TasksAskDialog *self)
{
  self->cards = g_ptr_array_new ();
  self->reading = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

/**
 * tasks_ask_dialog_new:
 * @patient_id: (nullable): only what is about this patient
 *
 * Returns: (transfer floating)
 */
AdwDialog *
tasks_ask_dialog_new (WorkspaceSession *session, const char *patient_id)
{
  TasksAskDialog *self = g_object_new (TASKS_TYPE_ASK_DIALOG, NULL);
  const char *caller = workspace_session_get_call_name (session);
  g_autofree char *call =
      caller ? g_strdup_printf (_ ("You are on a call with %s. Read whom each of these is about."),
                                caller)
             : NULL;

  self->session = g_object_ref (session);
  self->patient_id = g_strdup (patient_id);
  gtk_label_set_label (self->call_label, call ? call : "");
  gtk_widget_set_visible (GTK_WIDGET (self->call_label), call != NULL);
  load (self);
  return ADW_DIALOG (self);
}

/* ---- from a list ---- */

static void
said_cb (TasksAskDialog *dialog, const char *sentence, const char *ids, AdwToastOverlay *toasts)
{
  workspace_toast_add (toasts, sentence, "task.undo-answers", ids);
}

void
tasks_ask_open (GtkWidget *list,
                AdwToastOverlay *toasts,
                WorkspaceSession *session,
                const char *patient_id)
{
  AdwDialog *dialog = tasks_ask_dialog_new (session, patient_id);

  g_signal_connect_object (dialog, "answered", G_CALLBACK (said_cb), toasts, 0);
  adw_dialog_present (dialog, list);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwToastOverlay) toasts = user_data;
  g_autoptr (GError) error = NULL;

  workspace_toast_add (toasts,
                       care_supply_ask_finish (result, &error)
                           ? _ ("Undone. It waits for an answer")
                           : error->message,
                       NULL, NULL);
}

void
tasks_ask_undo (AdwToastOverlay *toasts, WorkspaceSession *session, const char *task_ids)
{
  g_auto (GStrv) ids = g_strsplit (task_ids, " ", -1);

  care_supply_ask_undo_async (workspace_session_get_context (session), (const char *const *) ids,
                              undone_cb, g_object_ref (toasts));
}
