/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-detail.h"

#include <glib/gi18n.h>

#include "results-band.h"
#include "results-history.h"
#include "results-line.h"
#include "workspace-share-button.h"

/**
 * ResultsDetail:
 *
 * One result: its value as sent and as preferred, how it was judged and by what, what was
 * corrected, its parts with their reference bands, its history, and the answer to it.
 */

struct _ResultsDetail
{
  AdwBin parent_instance;

  CareContext *context;
  char *patient_id;
  GTimeZone *zone;
  CareResults *results;
  CareResult *result;

  GtkLabel *value_label, *flag_label, *badges_label, *facts_label;
  GtkBox *critical_box;
  GtkLabel *critical_label, *timer_label, *route_label;
  GtkLabel *note_label, *limit_label;
  GtkWidget *share_button;
  ResultsBand *band;
  GtkListBox *parts_list;
  ResultsHistory *history;
  ResultsAnswer *answer;
};

G_DEFINE_FINAL_TYPE (ResultsDetail, results_detail, ADW_TYPE_BIN)

static gint64
now (ResultsDetail *self)
{
  return base_clock_now (care_context_get_clock (self->context));
}

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

/* ---- the head ---- */

static void
show_value (ResultsDetail *self)
{
  const CareResult *result = self->result;
  g_autofree char *value = results_dup_value (result);
  g_autofree char *shown = g_markup_escape_text (value, -1);
  g_autofree char *before = result->before ? g_markup_escape_text (result->before, -1) : NULL;
  gboolean struck = result->state == CARE_RESULT_ERROR || result->state == CARE_RESULT_REPLACED;
  g_autofree char *markup =
      struck ? g_strdup_printf ("<s>%s</s>", shown)
             : g_strdup_printf ("%s%s%s%s", before ? "<span size='small' weight='normal'><s>" : "",
                                before ? before : "", before ? "</s></span>  " : "", shown);

  gtk_label_set_markup (self->value_label, markup);
}

static void
show_flag (ResultsDetail *self)
{
  const char *style = NULL;
  g_autofree char *flag = results_dup_flag (self->result, &style);
  const char *const styles[] = { "chip", "row-flag", style, NULL };

  show_text (self->flag_label, flag);
  gtk_widget_set_css_classes (GTK_WIDGET (self->flag_label), (const char **) styles);
}

static void
add_fact (GString *facts, const char *form, const char *text)
{
  if (!text)
    return;
  if (facts->len)
    g_string_append_c (facts, '\n');
  g_string_append_printf (facts, form, text);
}

static void
show_facts (ResultsDetail *self)
{
  const CareResult *result = self->result;
  const char *chosen = results_history_get_unit (self->history);
  const char *unit = chosen ? chosen : care_results_get_unit (self->results, result->key);
  g_autofree char *converted = care_result_dup_converted (result, unit);
  g_autoptr (GString) facts = g_string_new (NULL);
  gboolean has_range = result->range != NULL;

  add_fact (facts, _ ("= %s (converted; above as it was sent)"), converted);
  add_fact (facts, _ ("Reference range %s, as it came"), result->range);
  if (!has_range && result->value && !result->parts && care_result_is_current (result))
    add_fact (facts, "%s",
              result->flag ? _ ("It came without a reference range")
                           : _ ("It came without a reference range: Bedside does not judge it"));
  if (result->flag_is_own)
    add_fact (facts, "%s", _ ("Bedside compared it; the laboratory set no flag"));
  add_fact (facts, "%s", result->date ? result->date : _ ("Date not recorded"));
  show_text (self->facts_label, facts->str);
}

static void
show_limit (ResultsDetail *self)
{
  const CareResult *result = self->result;
  gboolean single = result->value && !result->parts && care_result_is_current (result);

  show_text (self->limit_label,
             result->limit ? result->limit
             : single      ? _ ("Not compared with a critical limit: none is cited for this test, "
                                     "unit and age. A laboratory’s own critical flag still counts.")
                           : NULL);
}

/* For whom it is, who stands in, and whether anybody is there (H18). */
static void
show_route (ResultsDetail *self)
{
  g_autoptr (CareRoute) route = care_results_dup_route (self->results, self->result, now (self));
  const char *user = care_context_get_user_reference (self->context);
  g_autofree char *words = route ? care_route_dup_words (route, user, self->zone) : NULL;

  show_text (self->route_label, words);
}

static void
show_critical (ResultsDetail *self)
{
  const CareResult *critical = care_result_get_critical (self->result);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->critical_box), critical != NULL);
  if (!critical)
    return;
  text = critical == self->result
             ? g_strdup (critical->critical)
             : g_strdup_printf ("%s %s: %s", critical->name, critical->value ? critical->value : "",
                                critical->critical);
  gtk_label_set_label (self->critical_label, text);
}

/* ---- parts ---- */

static void
add_part (ResultsDetail *self, CareResult *part)
{
  GtkWidget *line = results_line_new (), *row = gtk_list_box_row_new ();
  g_autoptr (ResultsItem) item = results_item_new (self->results, part, RESULTS_GROUP_OTHER, TRUE);
  g_autofree char *words = results_item_dup_words (item, now (self));

  results_line_set_result (RESULTS_LINE (line), part, now (self));
  results_line_set_unit (RESULTS_LINE (line), part,
                         care_results_get_unit (self->results, part->key));
  results_line_show_band (RESULTS_LINE (line), part);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row),
                                    g_strcmp0 (part->reference, self->result->reference) != 0);
  g_object_set_data_full (G_OBJECT (row), "reference", g_strdup (part->reference), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_list_box_append (self->parts_list, row);
}

static void
show_parts (ResultsDetail *self)
{
  CareResult *result = self->result;

  gtk_list_box_remove_all (self->parts_list);
  for (guint i = 0; result->parts && i < result->parts->len; i++)
    add_part (self, result->parts->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->parts_list),
                          gtk_widget_get_first_child (GTK_WIDGET (self->parts_list)) != NULL);
}

static void
part_activated_cb (ResultsDetail *self, GtkListBoxRow *row)
{
  const char *reference = g_object_get_data (G_OBJECT (row), "reference");

  gtk_widget_activate_action (GTK_WIDGET (self), "results.show", "s", reference);
}

/* ---- for the patient ---- */

/* The result as it came, in words; what stands around it here is for the clinic. */
static WorkspaceCard *
make_card_cb (ResultsDetail *self, WorkspacePatient *patient)
{
  const CareResult *result = self->result;
  const char *style = NULL;
  g_autofree char *value = results_dup_value (result);
  g_autofree char *flag = results_dup_flag (result, &style);
  g_autoptr (GString) text = g_string_new (value);

  add_fact (text, "%s", flag);
  add_fact (text, _ ("Reference range %s, as it came"), result->range);
  for (guint i = 0; result->parts && i < result->parts->len; i++)
    {
      const CareResult *part = result->parts->pdata[i];

      g_string_append_printf (text, "%s%s: %s", text->len ? "\n" : "", part->name,
                              part->value ? part->value : "–");
    }
  if (text->len == 0)
    return NULL;
  return workspace_card_new_text (patient, result->name, result->date, text->str);
}

/* ---- whole ---- */

static void
show_head (ResultsDetail *self)
{
  g_autofree char *badges = results_dup_badges (self->result);

  show_value (self);
  show_flag (self);
  show_text (self->badges_label, badges);
  show_facts (self);
  show_critical (self);
  gtk_widget_set_visible (GTK_WIDGET (self->band),
                          results_band_set_result (self->band, self->result));
  show_text (self->note_label, self->result->note);
  show_limit (self);
}

static void
unit_changed_cb (ResultsDetail *self, const char *problem)
{
  show_facts (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "results.reload", "s", problem ? problem : "");
}

void
results_detail_set_context (ResultsDetail *self,
                            CareContext *context,
                            const char *patient_id,
                            GTimeZone *zone)
{
  g_return_if_fail (RESULTS_IS_DETAIL (self));

  g_set_object (&self->context, context);
  g_set_str (&self->patient_id, patient_id);
  g_time_zone_ref (zone);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = zone;
}

/* After results_detail_set_context (). */
void
results_detail_set_result (ResultsDetail *self, CareResults *results, CareResult *result)
{
  g_return_if_fail (RESULTS_IS_DETAIL (self));

  g_set_object (&self->results, results);
  care_result_ref (result);
  g_clear_pointer (&self->result, care_result_unref);
  self->result = result;
  /* of words there is nothing to draw */
  gtk_widget_set_visible (GTK_WIDGET (self->history),
                          result->state != CARE_RESULT_WITHHELD &&
                              (result->kind != CARE_RESULT_REPORT || result->parts));
  gtk_widget_set_sensitive (self->share_button, care_result_is_current (result));
  results_history_set_result (self->history, self->context, results, result, self->zone);
  show_head (self);
  results_detail_tick (self);
  show_parts (self);
  results_answer_set_result (self->answer, self->context, self->patient_id, result);
}

const char *
results_detail_get_reference (ResultsDetail *self)
{
  g_return_val_if_fail (RESULTS_IS_DETAIL (self), NULL);

  return self->result ? self->result->reference : NULL;
}

/* (transfer none) */
ResultsAnswer *
results_detail_get_answer (ResultsDetail *self)
{
  g_return_val_if_fail (RESULTS_IS_DETAIL (self), NULL);

  return self->answer;
}

/* A red item's own clock. */
void
results_detail_tick (ResultsDetail *self)
{
  g_return_if_fail (RESULTS_IS_DETAIL (self));

  g_autofree char *timer = self->result ? results_dup_timer (self->result, now (self)) : NULL;

  show_text (self->timer_label, timer);
  if (self->result)
    show_route (self);
}

static void
results_detail_dispose (GObject *object)
{
  ResultsDetail *self = RESULTS_DETAIL (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RESULTS_TYPE_DETAIL);
  g_clear_object (&self->context);
  g_clear_object (&self->results);
  g_clear_pointer (&self->result, care_result_unref);
  G_OBJECT_CLASS (results_detail_parent_class)->dispose (object);
}

static void
results_detail_finalize (GObject *object)
{
  ResultsDetail *self = RESULTS_DETAIL (object);

  g_free (self->patient_id);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (results_detail_parent_class)->finalize (object);
}

static void
results_detail_class_init (ResultsDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (RESULTS_TYPE_BAND);
  g_type_ensure (RESULTS_TYPE_HISTORY);
  g_type_ensure (RESULTS_TYPE_ANSWER);
  g_type_ensure (WORKSPACE_TYPE_SHARE_BUTTON);
  G_OBJECT_CLASS (klass)->dispose = results_detail_dispose;
  G_OBJECT_CLASS (klass)->finalize = results_detail_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/results/results-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, value_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, flag_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, badges_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, facts_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, critical_box);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, critical_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, route_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, timer_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, note_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, limit_label);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, parts_list);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, band);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, history);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, answer);
  gtk_widget_class_bind_template_child (widget_class, ResultsDetail, share_button);
  gtk_widget_class_bind_template_callback (widget_class, make_card_cb);
  gtk_widget_class_bind_template_callback (widget_class, part_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, unit_changed_cb);
}

static void
results_detail_init (ResultsDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
