/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print-dialog.h"

#include <glib/gi18n.h>

#include "care-paper.h"
#include "care-row.h"
#include "fhir-date.h"
#include "print-job.h"
#include "print-preview.h"
#include "workspace-text.h"
#include "workspace-time.h"

struct _PrintDialog
{
  AdwDialog parent_instance;

  WorkspacePatient *patient;
  CarePaper *paper;      /* what the preview shows; NULL until it is there */
  GListModel *choices;   /* CareRow: notes or visits */
  char *wanted;          /* reference to choose once the list is there */
  GCancellable *loading; /* of the newest list or document asked for */
  gboolean busy;

  AdwComboRow *kind_row, *which_row;
  GtkStack *stack;
  PrintPreview *preview;
  AdwStatusPage *failed_page;
  GtkLabel *state_label;
  GtkWidget *print_button, *save_button;
};

G_DEFINE_FINAL_TYPE (PrintDialog, print_dialog, ADW_TYPE_DIALOG)

static CareContext *
context_of (PrintDialog *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

static CarePaperKind
kind_of (PrintDialog *self)
{
  return (CarePaperKind) adw_combo_row_get_selected (self->kind_row);
}

static gboolean
needs_choice (CarePaperKind kind)
{
  return kind == CARE_PAPER_NOTE || kind == CARE_PAPER_AFTER_VISIT;
}

static const char *
locked (PrintDialog *self)
{
  return workspace_lock_check (
      workspace_session_get_lock (workspace_patient_get_session (self->patient)));
}

static void
update_buttons (PrintDialog *self)
{
  gboolean ready = self->paper && !self->busy && !locked (self);

  gtk_widget_set_sensitive (self->print_button, ready);
  gtk_widget_set_sensitive (self->save_button, ready);
}

static void
say (PrintDialog *self, const char *sentence, gboolean failed)
{
  gtk_label_set_text (self->state_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), *sentence != '\0');
  if (failed)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_label), "error");
  if (*sentence)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                             failed ? GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH
                                    : GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* ---- the foot of each page ---- */

static char *
as_of_sentence (PrintDialog *self, gint64 now)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  WorkspaceReadiness *readiness = workspace_patient_get_readiness (self->patient);
  gint64 pulled = workspace_session_get_pulled (session);
  g_autofree char *sentence = NULL, *missing = NULL;
  g_auto (GStrv) parts = NULL;

  if (!readiness)
    return g_strdup (_ ("How much of this chart is on this computer is not known."));
  sentence = workspace_readiness_dup_sentence (readiness, pulled, now,
                                               workspace_session_get_zone (session));
  parts = workspace_readiness_dup_missing (readiness, pulled);
  missing = g_strjoinv (" ", parts);
  return *missing ? g_strdup_printf ("%s %s", sentence, missing) : g_steal_pointer (&sentence);
}

static void
make_stamp (PrintDialog *self, PrintStamp *stamp)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  gint64 now = base_clock_now (workspace_session_get_clock (session));
  g_autofree char *time = workspace_time_of_day (now, workspace_session_get_zone (session));
  g_autofree char *iso = workspace_session_dup_today (session);
  g_autofree char *today = fhir_date_format (iso, NULL);
  const char *clinic =
      self->paper->clinic ? self->paper->clinic : workspace_session_get_server (session);

  stamp->as_of = as_of_sentence (self, now);
  stamp->printed = g_strdup_printf (_ ("Printed %s at %s by %s. Record of: %s."), today, time,
                                    care_context_get_user_name (context_of (self)),
                                    clinic ? clinic : _ ("clinic not recorded"));
}

/* ---- the document ---- */

static void
show_failure (PrintDialog *self, const char *sentence)
{
  g_clear_pointer (&self->paper, care_paper_unref);
  adw_status_page_set_description (self->failed_page, sentence);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  update_buttons (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrintDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CarePaper) paper = care_paper_load_finish (result, &error);
  g_auto (PrintStamp) stamp = { 0 };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->patient)
    return;
  if (!paper)
    {
      show_failure (self, error->message);
      return;
    }
  g_clear_pointer (&self->paper, care_paper_unref);
  self->paper = g_steal_pointer (&paper);
  make_stamp (self, &stamp);
  print_preview_show (self->preview, self->paper, &stamp);
  gtk_stack_set_visible_child_name (self->stack, "pages");
  update_buttons (self);
}

/* What was asked for before is of no interest any more. */
static GCancellable *
begin_loading (PrintDialog *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  g_clear_pointer (&self->paper, care_paper_unref);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  say (self, locked (self) ? locked (self) : "", locked (self) != NULL);
  update_buttons (self);
  return self->loading;
}

static void
load (PrintDialog *self, const char *reference)
{
  GCancellable *cancellable = begin_loading (self);

  care_paper_load_async (context_of (self), kind_of (self),
                         workspace_patient_get_id (self->patient), reference, cancellable,
                         loaded_cb, g_object_ref (self));
}

static void
which_cb (PrintDialog *self)
{
  guint position = adw_combo_row_get_selected (self->which_row);
  g_autoptr (CareRow) row = NULL;

  if (!self->choices || position >= g_list_model_get_n_items (self->choices))
    return;
  row = g_list_model_get_item (self->choices, position);
  load (self, care_row_get_reference (row));
}

/* ---- which note, which visit ---- */

static char *
title_of (CareRow *row)
{
  const char *date = care_row_get_text (row, CARE_ROW_DATE);

  return date ? g_strdup_printf ("%s · %s", date, care_row_get_title (row))
              : g_strdup (care_row_get_title (row));
}

static void
fill_choices (PrintDialog *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint chosen = 0;

  for (guint i = 0; i < g_list_model_get_n_items (self->choices); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (self->choices, i);

      if (g_strcmp0 (self->wanted, care_row_get_reference (row)) == 0)
        chosen = i;
      gtk_string_list_take (titles, title_of (row));
    }
  g_signal_handlers_block_by_func (self->which_row, which_cb, self);
  adw_combo_row_set_model (self->which_row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->which_row, chosen);
  g_signal_handlers_unblock_by_func (self->which_row, which_cb, self);
  gtk_widget_set_visible (GTK_WIDGET (self->which_row), TRUE);
  which_cb (self);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrintDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) choices = care_paper_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->patient)
    return;
  g_clear_object (&self->choices);
  if (!choices)
    show_failure (self, error->message);
  else if (g_list_model_get_n_items (choices) == 0)
    show_failure (self, kind_of (self) == CARE_PAPER_NOTE
                            ? _ ("There is no note of this patient on this computer.")
                            : _ ("No visit of this patient is on this computer."));
  else
    {
      self->choices = g_steal_pointer (&choices);
      fill_choices (self);
    }
}

static void
kind_cb (PrintDialog *self)
{
  CarePaperKind kind = kind_of (self);

  if (!self->patient)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->which_row), FALSE);
  if (!needs_choice (kind))
    {
      load (self, NULL);
      return;
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->which_row),
                                 kind == CARE_PAPER_NOTE ? _ ("Note") : _ ("Visit"));
  care_paper_list_async (context_of (self), kind, workspace_patient_get_id (self->patient),
                         begin_loading (self), listed_cb, g_object_ref (self));
}

/* ---- out ---- */

static void
set_busy (PrintDialog *self, gboolean busy)
{
  self->busy = busy;
  gtk_widget_set_sensitive (GTK_WIDGET (self->kind_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->which_row), !busy);
  update_buttons (self);
}

static void
finish (PrintDialog *self, GAsyncResult *result, gboolean saved)
{
  g_autoptr (GError) error = NULL;
  int pages = print_job_finish (result, &error);
  g_autofree char *sentence = NULL;

  set_busy (self, FALSE);
  if (pages < 0)
    {
      say (self, error->message, TRUE);
      return;
    }
  if (pages > 0 && saved)
    sentence = g_strdup_printf (ngettext ("Saved: %d page.", "Saved: %d pages.", pages), pages);
  else if (pages > 0)
    sentence = g_strdup_printf (ngettext ("Sent to the printer: %d page.",
                                          "Sent to the printer: %d pages.", pages),
                                pages);
  say (self, sentence ? sentence : "", FALSE);
}

static void
printed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrintDialog) self = user_data;

  finish (self, result, FALSE);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrintDialog) self = user_data;

  finish (self, result, TRUE);
}

/* The lock may have closed since the dialog was opened. */
static gboolean
may_go_out (PrintDialog *self)
{
  const char *why = locked (self);

  if (why)
    say (self, why, TRUE);
  update_buttons (self);
  return !why && self->paper && !self->busy;
}

static void
print_cb (PrintDialog *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_auto (PrintStamp) stamp = { 0 };

  if (!may_go_out (self))
    return;
  set_busy (self, TRUE);
  make_stamp (self, &stamp);
  print_job_print_async (context_of (self), self->paper, &stamp, GTK_WINDOW (root), printed_cb,
                         g_object_ref (self));
}

/* Writes the document that is shown. */
void
print_dialog_save (PrintDialog *self, GFile *target)
{
  g_auto (PrintStamp) stamp = { 0 };

  if (!may_go_out (self))
    return;
  set_busy (self, TRUE);
  make_stamp (self, &stamp);
  print_job_export_async (context_of (self), self->paper, &stamp, target, saved_cb,
                          g_object_ref (self));
}

static void
target_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrintDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) target = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);

  if (target)
    print_dialog_save (self, target);
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    say (self, error->message, TRUE);
}

static void
save_cb (PrintDialog *self)
{
  static const char *const names[] = { N_ ("Summary.pdf"), N_ ("Medicines.pdf"), N_ ("Note.pdf"),
                                       N_ ("After the visit.pdf") };
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  if (!may_go_out (self))
    return;
  /* no name of a patient in the name of a file: lists of recent files would show it */
  gtk_file_dialog_set_initial_name (dialog, _ (names[kind_of (self)]));
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL,
                        target_cb, g_object_ref (self));
}

static void
print_dialog_dispose (GObject *object)
{
  PrintDialog *self = PRINT_DIALOG (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->paper, care_paper_unref);
  g_clear_object (&self->choices);
  g_clear_object (&self->patient);
  g_clear_pointer (&self->wanted, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRINT_TYPE_DIALOG);
  G_OBJECT_CLASS (print_dialog_parent_class)->dispose (object);
}

static void
print_dialog_class_init (PrintDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = print_dialog_dispose;
  g_type_ensure (PRINT_TYPE_PREVIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/print/print-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PrintDialog, kind_row);
  gtk_widget_class_bind_template_child (widget_class, PrintDialog, which_row);
  gtk_widget_class_bind_template_child (widget_class, PrintDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PrintDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, PrintDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PrintDialog, state_label);
  gtk_widget_class_bind_template_child (widget_class, PrintDialog, print_button);
  gtk_widget_class_bind_template_child (widget_class, PrintDialog, save_button);
  gtk_widget_class_bind_template_callback (widget_class, kind_cb);
  gtk_widget_class_bind_template_callback (widget_class, which_cb);
  gtk_widget_class_bind_template_callback (widget_class, print_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
print_dialog_init (PrintDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

static CarePaperKind
kind_wanted (const char *wanted)
{
  static const char *const names[] = { "summary", "medicines", "note", "after-visit" };

  for (guint i = 0; wanted && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (wanted, names[i]))
      return (CarePaperKind) i;
  if (wanted &&
      (g_str_has_prefix (wanted, "DocumentReference/") || g_str_has_prefix (wanted, "note:")))
    return CARE_PAPER_NOTE;
  return wanted && g_str_has_prefix (wanted, "Encounter/") ? CARE_PAPER_AFTER_VISIT
                                                           : CARE_PAPER_SUMMARY;
}

AdwDialog *
print_dialog_new (WorkspacePatient *patient, const char *wanted)
{
  PrintDialog *self = g_object_new (PRINT_TYPE_DIALOG, NULL);
  CarePaperKind kind = kind_wanted (wanted);

  self->wanted = g_strdup (wanted);
  adw_combo_row_set_selected (self->kind_row, kind);
  self->patient = g_object_ref (patient);
  kind_cb (self);
  return ADW_DIALOG (self);
}
