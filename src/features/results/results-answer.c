/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-answer.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-results.h"
#include "care-review.h"
#include "results-item.h"

/**
 * ResultsAnswer:
 *
 * What comes of a result: reviewed, what to tell the patient, to be repeated, a call. What is typed
 * is kept as it is typed. A critical one is closed with words only (hazard H18).
 *
 * "answered" (group, words) when it was written; "failed" (words) when it was not.
 */

#define KEEP_MS 400

struct _ResultsAnswer
{
  AdwBin parent_instance;

  CareContext *context;
  char *patient_id, *reference;
  CareResult *result;
  guint keep_source;
  gboolean writing, loading;

  GtkLabel *status_label;
  GtkButton *undo_button;
  GtkToggleButton *open_button;
  GtkBox *form;
  GtkLabel *prompt_label;
  GtkTextView *text_view;
  GtkDropDown *due_list;
  GtkButton *done_button, *tell_button, *repeat_button, *call_button;
};

enum
{
  SIGNAL_ANSWERED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ResultsAnswer, results_answer, ADW_TYPE_BIN)

/* ---- the text ---- */

static char *
dup_text (ResultsAnswer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
set_text (ResultsAnswer *self, const char *text)
{
  self->loading = TRUE;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
  self->loading = FALSE;
}

static gboolean
is_blank (const char *text)
{
  return strspn (text, " \t\r\n") == strlen (text);
}

static void
update (ResultsAnswer *self)
{
  g_autofree char *text = dup_text (self);
  gboolean may = self->result && care_result_is_current (self->result) && !self->writing;
  gboolean red = self->result && care_result_get_critical (self->result) != NULL;
  gboolean words = !is_blank (text);

  gtk_widget_set_sensitive (GTK_WIDGET (self->done_button), may && (words || !red));
  gtk_widget_set_sensitive (GTK_WIDGET (self->repeat_button), may && (words || !red));
  gtk_widget_set_sensitive (GTK_WIDGET (self->call_button), may && (words || !red));
  gtk_widget_set_sensitive (GTK_WIDGET (self->tell_button), may && words);
  gtk_widget_set_visible (GTK_WIDGET (self->form),
                          self->result && care_result_is_current (self->result));
  gtk_widget_set_visible (GTK_WIDGET (self->open_button),
                          gtk_widget_get_visible (GTK_WIDGET (self->form)));
  gtk_label_set_label (self->prompt_label,
                       red ? _ ("A critical result is closed by writing what was done")
                           : _ ("Message to the patient, or what was decided"));
}

/* Keeps what is being typed, now. */
void
results_answer_keep (ResultsAnswer *self)
{
  g_return_if_fail (RESULTS_IS_ANSWER (self));

  g_autofree char *text = NULL;

  if (self->keep_source == 0)
    return;
  g_clear_handle_id (&self->keep_source, g_source_remove);
  text = dup_text (self);
  care_review_draft_async (self->context, self->patient_id, self->reference, text);
}

static gboolean
keep_cb (gpointer data)
{
  results_answer_keep (RESULTS_ANSWER (data));
  return G_SOURCE_REMOVE;
}

static void
text_changed_cb (ResultsAnswer *self)
{
  update (self);
  if (self->loading || !self->reference)
    return;
  g_clear_handle_id (&self->keep_source, g_source_remove);
  self->keep_source = g_timeout_add (KEEP_MS, keep_cb, self);
}

typedef struct
{
  ResultsAnswer *self;
  char *reference;
} Loading;

/* Who has typed meanwhile, or looks at another result, keeps what is there. */
static void
draft_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Loading *loading = data;
  ResultsAnswer *self = loading->self;
  g_autofree char *text = care_review_load_draft_finish (result, NULL);
  g_autofree char *now = dup_text (self);

  if (text && *text && !*now && g_strcmp0 (self->reference, loading->reference) == 0)
    {
      set_text (self, text);
      update (self);
    }
  g_free (loading->reference);
  g_object_unref (self);
  g_free (loading);
}

static void
load_draft (ResultsAnswer *self)
{
  Loading *loading = g_new0 (Loading, 1);

  loading->self = g_object_ref (self);
  loading->reference = g_strdup (self->reference);
  care_review_load_draft_async (self->context, self->reference, draft_loaded_cb, loading);
}

/* ---- writing ---- */

typedef struct
{
  ResultsAnswer *self;
  char *reference, *words;
} Writing;

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Writing *writing = data;
  ResultsAnswer *self = writing->self;
  g_autoptr (GError) error = NULL;
  g_autofree char *group = care_review_write_finish (result, &error);

  self->writing = FALSE;
  if (group && g_strcmp0 (self->reference, writing->reference) == 0)
    set_text (self, "");
  update (self);
  if (group)
    g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, group, writing->words);
  else
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error->message);
  g_object_unref (self);
  g_free (writing->reference);
  g_free (writing->words);
  g_free (writing);
}

/* (transfer full) (nullable): the day that was chosen, YYYY-MM-DD */
static char *
dup_due_date (ResultsAnswer *self)
{
  static const int days[] = { -1, 0, 1, 7, 14, 30, 90 };
  guint chosen = gtk_drop_down_get_selected (self->due_list);
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (self->context));
  g_autoptr (GDateTime) day = NULL;

  if (chosen >= G_N_ELEMENTS (days) || days[chosen] < 0)
    return NULL;
  day = g_date_time_add_days (now, days[chosen]);
  return g_date_time_format (day, "%Y-%m-%d");
}

static void
answer (ResultsAnswer *self, CareReviewAction action)
{
  static const char *const words[] = { N_ ("Reviewed: %s"),
                                       N_ ("Written; nobody has told the patient yet: %s"),
                                       N_ ("To be repeated: %s"), N_ ("To be called: %s") };
  g_autofree char *text = dup_text (self), *due = dup_due_date (self);
  g_autofree char *stamp = care_result_dup_stamp (self->result);
  CareReviewRequest request = {
    self->patient_id, self->reference, stamp, action, text, due,
  };
  Writing *writing;

  g_clear_handle_id (&self->keep_source, g_source_remove);
  writing = g_new0 (Writing, 1);
  writing->self = g_object_ref (self);
  writing->reference = g_strdup (self->reference);
  writing->words = g_strdup_printf (_ (words[action]), self->result->name);
  self->writing = TRUE;
  update (self);
  care_review_write_async (self->context, &request, written_cb, writing);
}

static void
done_cb (ResultsAnswer *self)
{
  answer (self, CARE_REVIEW_DONE);
}

static void
tell_cb (ResultsAnswer *self)
{
  answer (self, CARE_REVIEW_TELL);
}

static void
repeat_cb (ResultsAnswer *self)
{
  answer (self, CARE_REVIEW_REPEAT);
}

static void
call_cb (ResultsAnswer *self)
{
  answer (self, CARE_REVIEW_CALL);
}

/* ---- widget ---- */

static void
results_answer_dispose (GObject *object)
{
  ResultsAnswer *self = RESULTS_ANSWER (object);

  if (self->keep_source > 0)
    results_answer_keep (self);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RESULTS_TYPE_ANSWER);
  g_clear_object (&self->context);
  g_clear_pointer (&self->result, care_result_unref);
  G_OBJECT_CLASS (results_answer_parent_class)->dispose (object);
}

static void
results_answer_finalize (GObject *object)
{
  ResultsAnswer *self = RESULTS_ANSWER (object);

  g_free (self->patient_id);
  g_free (self->reference);
  G_OBJECT_CLASS (results_answer_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, status_label);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, undo_button);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, form);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, open_button);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, prompt_label);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, text_view);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, due_list);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, done_button);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, tell_button);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, repeat_button);
  gtk_widget_class_bind_template_child (klass, ResultsAnswer, call_button);
  gtk_widget_class_bind_template_callback (klass, text_changed_cb);
  gtk_widget_class_bind_template_callback (klass, done_cb);
  gtk_widget_class_bind_template_callback (klass, tell_cb);
  gtk_widget_class_bind_template_callback (klass, repeat_cb);
  gtk_widget_class_bind_template_callback (klass, call_cb);
}

static void
results_answer_class_init (ResultsAnswerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = results_answer_dispose;
  G_OBJECT_CLASS (klass)->finalize = results_answer_finalize;
  signals[SIGNAL_ANSWERED] =
      g_signal_new ("answered", RESULTS_TYPE_ANSWER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", RESULTS_TYPE_ANSWER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/results/results-answer.ui");
  bind_children (widget_class);
}

static void
results_answer_init (ResultsAnswer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @result: to be answered; the same one read again leaves what is being typed alone. */
void
results_answer_set_result (ResultsAnswer *self,
                           CareContext *context,
                           const char *patient_id,
                           CareResult *result)
{
  g_return_if_fail (RESULTS_IS_ANSWER (self));

  g_autofree char *review = results_dup_review (result);
  gboolean other = g_strcmp0 (self->reference, result->reference) != 0;

  if (other)
    results_answer_keep (self);
  g_set_object (&self->context, context);
  g_set_str (&self->patient_id, patient_id);
  g_set_str (&self->reference, result->reference);
  care_result_ref (result);
  g_clear_pointer (&self->result, care_result_unref);
  self->result = result;
  gtk_label_set_label (self->status_label, review);
  gtk_widget_set_visible (GTK_WIDGET (self->undo_button),
                          result->review.unsent && result->review.group);
  if (result->review.group)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->undo_button), "s",
                                      result->review.group);
  if (other)
    {
      set_text (self, "");
      gtk_drop_down_set_selected (self->due_list, 0);
      load_draft (self);
    }
  update (self);
}

/* Where there is little room the form waits behind its button. */
void
results_answer_set_open (ResultsAnswer *self, gboolean open)
{
  g_return_if_fail (RESULTS_IS_ANSWER (self));

  gtk_toggle_button_set_active (self->open_button, open);
}
