/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-reconcile-dialog.h"

#include <glib/gi18n.h>

#include "chart-reconcile-question.h"
#include "workspace-alert.h"
#include "workspace-birth-year.h"
#include "workspace-text.h"

/**
 * ChartReconcileDialog:
 *
 * The medicines one by one: what becomes of each, and who said so. Each key is on disk a quarter of
 * a second later; closing it asks nothing, and it is found again. All of it is signed at once,
 * after it was read once more.
 */

#define GATHER_MS 250

struct _ChartReconcileDialog
{
  AdwDialog parent_instance;

  WorkspacePatient *patient;
  CareMedicines *medicines;
  CareReconciliation *answers;
  GCancellable *reading;
  guint position;
  guint save_source;
  gboolean is_done;

  AdwWindowTitle *title;
  GtkStack *stack;
  AdwStatusPage *failed_page;
  GtkLabel *name_label;
  GtkLabel *found_label;
  GtkLabel *withheld_label;
  GtkScrolledWindow *scroller;
  ChartReconcileQuestion *question;
  GtkWidget *bar;
  GtkButton *back_button;
  GtkLabel *open_label;
  GtkButton *next_button;
};

enum
{
  SIGNAL_SIGNED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChartReconcileDialog, chart_reconcile_dialog, ADW_TYPE_DIALOG)

static CareContext *
context_of (ChartReconcileDialog *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

static ClinicalContent *
content_of (ChartReconcileDialog *self)
{
  StoreContent *content =
      workspace_session_get_content (workspace_patient_get_session (self->patient));

  return content ? CLINICAL_CONTENT (content) : NULL;
}

static guint
count (ChartReconcileDialog *self)
{
  return g_list_model_get_n_items (care_reconciliation_get_rows (self->answers));
}

static CareMedicine *
dup_row (ChartReconcileDialog *self, guint position)
{
  return g_list_model_get_item (care_reconciliation_get_rows (self->answers), position);
}

/* ---- the draft ---- */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartReconcileDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_reconcile_command_finish (result, &error) && !self->is_done && self->question)
    chart_reconcile_question_show_fault (self->question, error->message);
}

static void
save_now (ChartReconcileDialog *self)
{
  if (self->save_source == 0)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  care_reconciliation_save_async (self->answers, saved_cb, g_object_ref (self));
}

static gboolean
save_cb (gpointer user_data)
{
  save_now (user_data);
  return G_SOURCE_REMOVE;
}

/* ---- one after the other ---- */

static void
show_progress (ChartReconcileDialog *self)
{
  guint n_open = care_reconciliation_get_n_open (self->answers), n = count (self);
  /* Translators: which of how many medicines: "2 of 5" */
  g_autofree char *subtitle = g_strdup_printf (_ ("%u of %u"), self->position + 1, n);
  g_autofree char *open =
      n_open > 0
          ? g_strdup_printf (ngettext ("%u still to answer", "%u still to answer", n_open), n_open)
          : g_strdup (_ ("All answered"));

  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_label_set_label (self->open_label, open);
  gtk_widget_set_sensitive (GTK_WIDGET (self->back_button), self->position > 0);
  gtk_button_set_label (self->next_button, n_open == 0 ? _ ("_Sign…") : _ ("_Next"));
}

static void
show_question (ChartReconcileDialog *self, guint position)
{
  g_autoptr (CareMedicine) row = dup_row (self, position);

  self->position = position;
  chart_reconcile_question_show (self->question, context_of (self), self->answers, row);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  show_progress (self);
}

static void
changed_cb (ChartReconcileDialog *self)
{
  show_progress (self);
  if (self->save_source == 0)
    self->save_source = g_timeout_add (GATHER_MS, save_cb, self);
}

/* The next one that is not answered, from here on and then from the beginning. */
static guint
find_open (ChartReconcileDialog *self)
{
  for (guint i = 1; i <= count (self); i++)
    {
      guint position = (self->position + i) % count (self);
      g_autoptr (CareMedicine) row = dup_row (self, position);

      if (!care_reconciliation_check (self->answers, row, NULL))
        return position;
    }
  return self->position;
}

static void
back_cb (ChartReconcileDialog *self)
{
  if (self->position > 0)
    show_question (self, self->position - 1);
}

/* ---- signing ---- */

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartReconcileDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_reconcile_sign_finish (result, &error);

  if (!self->question)
    return;
  gtk_widget_set_sensitive (self->bar, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->question), TRUE);
  if (!reference)
    {
      chart_reconcile_question_show_fault (self->question, error->message);
      return;
    }
  self->is_done = TRUE;
  g_signal_emit (self, signals[SIGNAL_SIGNED], 0, reference);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
sign (ChartReconcileDialog *self, const char *response)
{
  g_autofree char *body = care_reconciliation_dup_body (self->answers);

  if (!g_str_equal (response, "sign"))
    return;
  save_now (self);
  /* what is typed from here on is not signed, and saving it would bring the draft back */
  gtk_widget_set_sensitive (self->bar, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->question), FALSE);
  care_reconcile_sign_async (context_of (self), workspace_patient_get_id (self->patient), body,
                             content_of (self), signed_cb, g_object_ref (self));
}

/* Everything once more before the name goes under it, with how old the chart is (H6). */
static GtkWidget *
review_new (ChartReconcileDialog *self, const char *other)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *as_of = workspace_patient_dup_as_of (self->patient);
  g_autofree char *chart = as_of ? g_strdup_printf (_ ("Medicines: %s."), as_of) : NULL;

  workspace_text_append (box, other, "warning");
  workspace_text_append (box, chart, "warning");
  for (guint i = 0; i < count (self); i++)
    {
      g_autoptr (CareMedicine) row = dup_row (self, i);
      g_autofree char *words = care_reconciliation_dup_words (self->answers, row);

      workspace_text_append (box, care_medicine_get_name (row), "heading");
      workspace_text_append (box, words, NULL);
    }
  workspace_text_append (
      box, _ ("Signing writes this under your name. It rests ten seconds first and can be undone."),
      "dim-label");
  return box;
}

static void
ask_to_sign (ChartReconcileDialog *self)
{
  g_autofree char *name = workspace_patient_dup_name (self->patient);
  g_autofree char *heading = g_strdup_printf (_ ("Sign for %s?"), name);
  g_autofree char *other = workspace_patient_dup_other_call (self->patient);
  AdwDialog *dialog = adw_alert_dialog_new (heading, NULL);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  GtkWidget *content = review_new (self, other), *like;

  adw_alert_dialog_set_prefer_wide_layout (alert, TRUE);
  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Back"), "sign",
                                  other ? _ ("Sign for _This Patient") : _ ("_Sign"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "sign", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (alert, "cancel");
  /* with another patient on the line, Enter alone must not sign (H8) */
  adw_alert_dialog_set_default_response (alert, other ? "cancel" : "sign");
  like = workspace_birth_year_new (self->patient, alert, "sign");
  if (like)
    gtk_box_prepend (GTK_BOX (content), like);
  adw_alert_dialog_set_extra_child (alert, content);
  g_signal_connect_object (dialog, "response", G_CALLBACK (sign), self, G_CONNECT_SWAPPED);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

static void
next_cb (ChartReconcileDialog *self)
{
  g_autoptr (CareMedicine) row = dup_row (self, self->position);
  g_autoptr (GError) error = NULL;

  if (!care_reconciliation_check (self->answers, row, &error))
    chart_reconcile_question_show_fault (self->question, error->message);
  else if (care_reconciliation_get_n_open (self->answers) == 0)
    ask_to_sign (self);
  else
    show_question (self, find_open (self));
}

static void
next_action (GtkWidget *widget, const char *action, GVariant *target)
{
  ChartReconcileDialog *self = CHART_RECONCILE_DIALOG (widget);

  if (gtk_widget_get_visible (self->bar) && gtk_widget_get_sensitive (self->bar))
    next_cb (self);
}

/* ---- reading ---- */

static void
fail (ChartReconcileDialog *self, const char *text)
{
  adw_status_page_set_title (self->failed_page, text);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
draft_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartReconcileDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_reconciliation_load_finish (self->answers, result, &error) || !self->question)
    {
      if (self->question && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fail (self, error->message);
      return;
    }
  if (count (self) == 0)
    {
      fail (self, _ ("No medicine is current any more"));
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->found_label),
                          care_reconciliation_is_found (self->answers));
  gtk_widget_set_visible (self->bar, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "question");
  self->position = count (self) - 1; /* so that the first is looked at first */
  show_question (self, find_open (self));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartReconcileDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n_withheld;

  self->medicines = care_medicines_load_finish (result, &error);
  if (!self->medicines || !self->question)
    {
      if (self->question && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        fail (self, error->message);
      return;
    }
  n_withheld = care_medicines_get_n_withheld (self->medicines) +
               care_medicines_get_n_unnamed (self->medicines);
  if (n_withheld > 0)
    {
      g_autofree char *text = g_strdup_printf (
          ngettext ("%u entry cannot be shown safely, or has no name here, and is not "
                    "asked about",
                    "%u entries cannot be shown safely, or have no name here, and "
                    "are not asked about",
                    n_withheld),
          n_withheld);

      gtk_label_set_label (self->withheld_label, text);
      gtk_widget_set_visible (GTK_WIDGET (self->withheld_label), TRUE);
    }
  care_reconciliation_set_medicines (self->answers, self->medicines);
  care_reconciliation_load_async (self->answers, self->reading, draft_cb, g_object_ref (self));
}

/* ---- the object ---- */

static void
chart_reconcile_dialog_closed (AdwDialog *dialog)
{
  ChartReconcileDialog *self = CHART_RECONCILE_DIALOG (dialog);

  if (!self->is_done)
    save_now (self);
}

static void
chart_reconcile_dialog_dispose (GObject *object)
{
  ChartReconcileDialog *self = CHART_RECONCILE_DIALOG (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->save_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), CHART_TYPE_RECONCILE_DIALOG);
  g_clear_object (&self->answers);
  g_clear_object (&self->medicines);
  g_clear_object (&self->patient);
  G_OBJECT_CLASS (chart_reconcile_dialog_parent_class)->dispose (object);
}

static void
chart_reconcile_dialog_class_init (ChartReconcileDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (CHART_TYPE_RECONCILE_QUESTION);
  G_OBJECT_CLASS (klass)->dispose = chart_reconcile_dialog_dispose;
  ADW_DIALOG_CLASS (klass)->closed = chart_reconcile_dialog_closed;
  signals[SIGNAL_SIGNED] = g_signal_new ("signed", CHART_TYPE_RECONCILE_DIALOG, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-reconcile-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, title);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, name_label);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, found_label);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, withheld_label);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, scroller);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, question);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, bar);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, open_label);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileDialog, next_button);
  gtk_widget_class_install_action (widget_class, "reconcile.next", NULL, next_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "reconcile.next", NULL);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
}

static void
chart_reconcile_dialog_init (ChartReconcileDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

/**
 * chart_reconcile_dialog_new:
 *
 * Returns: (transfer floating): a dialog that reads the medicines as they are now
 */
AdwDialog *
chart_reconcile_dialog_new (WorkspacePatient *patient)
{
  ChartReconcileDialog *self = g_object_new (CHART_TYPE_RECONCILE_DIALOG, NULL);
  g_autofree char *name = workspace_patient_dup_name (patient);

  self->patient = g_object_ref (patient);
  self->answers = care_reconciliation_new (context_of (self), workspace_patient_get_id (patient));
  self->reading = g_cancellable_new ();
  gtk_label_set_label (self->name_label, name);
  care_medicines_load_async (context_of (self), workspace_patient_get_id (patient),
                             content_of (self), self->reading, loaded_cb, g_object_ref (self));
  return ADW_DIALOG (self);
}
