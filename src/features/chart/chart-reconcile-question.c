/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-reconcile-question.h"

#include <glib/gi18n.h>

#include "chart-medicine-row.h"

/**
 * ChartReconcileQuestion:
 *
 * One medicine, and what becomes of it: four answers as one radio group (one stop of Tab, arrow
 * keys within), the fields that the chosen one needs, and who said so. What somebody may not
 * answer is there, greyed, and says why.
 */

struct _ChartReconcileQuestion
{
  AdwBin parent_instance;

  CareReconciliation *answers;
  CareMedicine *row;
  gboolean showing;       /* not typed by a person */
  GPtrArray *holds_rows;  /* one for each side */
  GtkCheckButton *anchor; /* of the group of those; nobody sees it */

  GtkLabel *error_label;
  AdwBin *row_bin;
  AdwActionRow *act_rows[CARE_N_RECONCILE_ACTS - 1];
  GtkCheckButton *act_checks[CARE_N_RECONCILE_ACTS - 1];
  AdwPreferencesGroup *holds_group;
  AdwEntryRow *dosage_row;
  AdwEntryRow *reason_row;
  AdwComboRow *speaker_row;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChartReconcileQuestion, chart_reconcile_question, ADW_TYPE_BIN)

static CareReconcileAct
act_of (ChartReconcileQuestion *self)
{
  return care_reconciliation_get_answer (self->answers, self->row)->act;
}

/* Only the fields that the answer needs are there. */
static void
show_fields (ChartReconcileQuestion *self)
{
  CareReconcileAct act = act_of (self);

  gtk_widget_set_visible (GTK_WIDGET (self->holds_group),
                          act == CARE_RECONCILE_CONTINUE &&
                              care_reconcile_needs_choice (self->row));
  gtk_widget_set_visible (GTK_WIDGET (self->dosage_row), act == CARE_RECONCILE_CHANGE);
  gtk_widget_set_visible (GTK_WIDGET (self->reason_row),
                          act != CARE_RECONCILE_OPEN && act != CARE_RECONCILE_CONTINUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reason_row),
                                 act == CARE_RECONCILE_STOP ? _ ("Why (Required)") : _ ("Why"));
  gtk_widget_set_visible (GTK_WIDGET (self->speaker_row), act != CARE_RECONCILE_OPEN);
}

static void
changed (ChartReconcileQuestion *self)
{
  show_fields (self);
  chart_reconcile_question_show_fault (self, NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
act_cb (ChartReconcileQuestion *self, GtkCheckButton *check)
{
  if (self->showing || !self->row || !gtk_check_button_get_active (check))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (self->act_checks); i++)
    if (self->act_checks[i] == check)
      care_reconciliation_set_act (self->answers, self->row, (CareReconcileAct) (i + 1));
  changed (self);
}

static void
holds_cb (ChartReconcileQuestion *self, GParamSpec *pspec, GtkCheckButton *check)
{
  if (self->showing || !gtk_check_button_get_active (check))
    return;
  care_reconciliation_set_holds (self->answers, self->row,
                                 g_object_get_data (G_OBJECT (check), "reference"));
  changed (self);
}

static void
text_cb (ChartReconcileQuestion *self)
{
  if (self->showing || !self->row)
    return;
  care_reconciliation_set_dosage (self->answers, self->row,
                                  gtk_editable_get_text (GTK_EDITABLE (self->dosage_row)));
  care_reconciliation_set_reason (self->answers, self->row,
                                  gtk_editable_get_text (GTK_EDITABLE (self->reason_row)));
  changed (self);
}

static void
speaker_cb (ChartReconcileQuestion *self)
{
  gsize n;
  const CareReconcileSpeaker *speakers = care_reconcile_get_speakers (&n);
  guint selected = adw_combo_row_get_selected (self->speaker_row);

  if (self->showing || !self->row || selected >= n)
    return;
  care_reconciliation_set_speaker (self->answers, self->row, speakers[selected].code);
  changed (self);
}

/* ---- showing one ---- */

/* @subtitle: (nullable) */
static GtkWidget *
add_holds_row (ChartReconcileQuestion *self,
               const char *title,
               const char *subtitle,
               const char *reference)
{
  const CareReconcileAnswer *answer = care_reconciliation_get_answer (self->answers, self->row);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "use-markup", FALSE,
                                 "subtitle-lines", 0, "activatable-widget", check, NULL);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle ? subtitle : "");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->anchor);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), g_strcmp0 (reference, answer->holds) == 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle ? subtitle : "",
                                  -1);
  g_object_set_data_full (G_OBJECT (check), "reference", g_strdup (reference), g_free);
  g_signal_connect_object (check, "notify::active", G_CALLBACK (holds_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->holds_group, row);
  g_ptr_array_add (self->holds_rows, row);
  return row;
}

/* Each side with its state, which is what may differ; what is over is seen, not chosen. */
static void
show_holds (ChartReconcileQuestion *self)
{
  for (guint i = 0; i < self->holds_rows->len; i++)
    adw_preferences_group_remove (self->holds_group, self->holds_rows->pdata[i]);
  g_ptr_array_set_size (self->holds_rows, 0);
  g_clear_object (&self->anchor);
  self->anchor = GTK_CHECK_BUTTON (g_object_ref_sink (gtk_check_button_new ()));
  for (guint i = 0; i < care_medicine_get_n_sides (self->row); i++)
    {
      const CareMedicineSide *side = care_medicine_get_side (self->row, i);
      g_autofree char *line = clinical_line_dup_text (side->line);
      g_autofree char *subtitle =
          g_strdup_printf ("%s\n%s", line, care_medicine_state_get_words (side->state));

      gtk_widget_set_sensitive (add_holds_row (self, side->source, subtitle, side->reference),
                                care_reconcile_may_hold (side));
    }
  if (care_medicine_is_twice (self->row))
    add_holds_row (self, _ ("All of them, each as it stands"), NULL, CARE_RECONCILE_HOLDS_ALL);
}

/* What stopping does to a prescription of ours, with where it is now. */
static char *
dup_stop_words (CareMedicine *row, gboolean ours)
{
  const CareMedicineSupply *supply = care_medicine_get_supply (row);

  if (!ours)
    return g_strdup (_ ("Not to be taken any more"));
  return supply && supply->pharmacy
             /* Translators: where it is: "Sent. The patient chose Mill Pharmacy" */
             ? g_strdup_printf (_ ("Our prescription is stopped with it, and what is still to be "
                                   "supplied is cancelled. Now: %s"),
                                supply->pharmacy)
             : g_strdup (_ ("Our prescription is stopped with it"));
}

/* What the answer does to a prescription of ours, where there is one; or who may give it. */
static void
show_subtitles (ChartReconcileQuestion *self, CareContext *context)
{
  g_autoptr (GError) error = NULL;
  gboolean ours = FALSE;
  g_autofree char *stop = NULL;

  for (guint i = 0; i < care_medicine_get_n_sides (self->row); i++)
    ours |= care_reconcile_is_own_order (care_medicine_get_side (self->row, i));
  stop = dup_stop_words (self->row, ours);
  adw_action_row_set_subtitle (
      self->act_rows[CARE_RECONCILE_CHANGE - 1],
      ours ? _ ("Taken in another way. Our prescription stays as it is: write a new one")
           : _ ("Taken in another way"));
  adw_action_row_set_subtitle (self->act_rows[CARE_RECONCILE_STOP - 1],
                               !care_reconcile_may_act (context, self->row, CARE_RECONCILE_STOP,
                                                        &error)
                                   ? error->message
                                   : stop);
  adw_action_row_set_subtitle (self->act_rows[CARE_RECONCILE_NOT_TAKEN - 1],
                               ours ? _ ("It is not taken. Our prescription stays as it is")
                                    : _ ("It is not taken"));
}

static void
show_acts (ChartReconcileQuestion *self, CareContext *context, CareReconcileAct act)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->act_checks); i++)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (self->act_rows[i]),
                                care_reconcile_may_act (context, self->row,
                                                        (CareReconcileAct) (i + 1), NULL));
      gtk_check_button_set_active (self->act_checks[i], i + 1 == act);
    }
  show_subtitles (self, context);
}

static void
show_speaker (ChartReconcileQuestion *self, const char *code)
{
  gsize n;
  const CareReconcileSpeaker *speakers = care_reconcile_get_speakers (&n);

  for (gsize i = 0; i < n; i++)
    if (g_strcmp0 (speakers[i].code, code) == 0)
      adw_combo_row_set_selected (self->speaker_row, (guint) i);
}

/**
 * chart_reconcile_question_show:
 *
 * Asks about @row, with what was answered already.
 */
void
chart_reconcile_question_show (ChartReconcileQuestion *self,
                               CareContext *context,
                               CareReconciliation *answers,
                               CareMedicine *row)
{
  const CareReconcileAnswer *answer = care_reconciliation_get_answer (answers, row);
  GtkWidget *shown = chart_medicine_row_new ();
  CareReconcileAct act = answer->act;

  self->showing = TRUE;
  g_set_object (&self->answers, answers);
  g_set_object (&self->row, row);
  chart_medicine_row_set_medicine (CHART_MEDICINE_ROW (shown), row);
  adw_bin_set_child (self->row_bin, shown);
  show_holds (self);
  show_acts (self, context, act);
  gtk_editable_set_text (GTK_EDITABLE (self->dosage_row), answer->dosage ? answer->dosage : "");
  gtk_editable_set_text (GTK_EDITABLE (self->reason_row), answer->reason ? answer->reason : "");
  show_speaker (self, answer->speaker);
  show_fields (self);
  chart_reconcile_question_show_fault (self, NULL);
  self->showing = FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (self->act_checks[act == CARE_RECONCILE_OPEN ? 0 : act - 1]));
}

/* @text: (nullable): what is missing */
void
chart_reconcile_question_show_fault (ChartReconcileQuestion *self, const char *text)
{
  gtk_label_set_label (self->error_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
  if (text)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->error_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* ---- the object ---- */

static void
chart_reconcile_question_dispose (GObject *object)
{
  ChartReconcileQuestion *self = CHART_RECONCILE_QUESTION (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), CHART_TYPE_RECONCILE_QUESTION);
  g_clear_object (&self->answers);
  g_clear_object (&self->row);
  g_clear_object (&self->anchor);
  g_clear_pointer (&self->holds_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (chart_reconcile_question_parent_class)->dispose (object);
}

static void
chart_reconcile_question_class_init (ChartReconcileQuestionClass *klass)
{
  static const char *const acts[] = { "continue", "change", "stop", "not_taken" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chart_reconcile_question_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", CHART_TYPE_RECONCILE_QUESTION,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-reconcile-question.ui");
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      g_autofree char *row = g_strconcat (acts[i], "_row", NULL);
      g_autofree char *check = g_strconcat (acts[i], "_check", NULL);

      gtk_widget_class_bind_template_child_full (widget_class, row, FALSE,
                                                 G_STRUCT_OFFSET (ChartReconcileQuestion,
                                                                  act_rows) +
                                                     i * sizeof (gpointer));
      gtk_widget_class_bind_template_child_full (widget_class, check, FALSE,
                                                 G_STRUCT_OFFSET (ChartReconcileQuestion,
                                                                  act_checks) +
                                                     i * sizeof (gpointer));
    }
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileQuestion, error_label);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileQuestion, row_bin);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileQuestion, holds_group);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileQuestion, dosage_row);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileQuestion, reason_row);
  gtk_widget_class_bind_template_child (widget_class, ChartReconcileQuestion, speaker_row);
  gtk_widget_class_bind_template_callback (widget_class, act_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_cb);
  gtk_widget_class_bind_template_callback (widget_class, speaker_cb);
}

static void
chart_reconcile_question_init (ChartReconcileQuestion *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  gsize n;
  const CareReconcileSpeaker *speakers = care_reconcile_get_speakers (&n);

  self->holds_rows = g_ptr_array_new ();
  self->showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < n; i++)
    gtk_string_list_append (labels, _ (speakers[i].label));
  adw_combo_row_set_model (self->speaker_row, G_LIST_MODEL (labels));
  self->showing = FALSE;
}
