/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "workspace-time.h"
#include "workspace-trend.h"

/* The words of one result: value as sent, flag, what is unusual about it, and how long it waits. */

struct _ResultsItem
{
  GObject parent_instance;

  CareResults *results;
  CareResult *result;
  ResultsGroup group;
  gboolean in_panel; /* a listed panel shows it too */
};

G_DEFINE_FINAL_TYPE (ResultsItem, results_item, G_TYPE_OBJECT)

/* ---- what is said of a result ---- */

/* (transfer full): the value as it was sent, or why there is none. */
char *
results_dup_value (const CareResult *result)
{
  guint n_parts = result->parts ? result->parts->len : 0;

  if (result->state == CARE_RESULT_WITHHELD)
    return g_strdup (_ ("Not shown"));
  if (result->value)
    return g_strdup (result->value);
  if (result->absent)
    return g_strdup (result->absent);
  if (n_parts > 0)
    return g_strdup_printf (ngettext ("%u reading", "%u readings", n_parts), n_parts);
  return g_strdup (result->kind == CARE_RESULT_REPORT && result->note
                       ? _ ("Report in words")
                       : _ ("No value was recorded"));
}

/* (transfer full) (nullable): "▲ high"; @style: the class of its chip. */
char *
results_dup_flag (const CareResult *result, const char **style)
{
  const char *flag = care_result_get_gravest_flag (result);
  g_autofree char *words = workspace_trend_flag_words (flag);
  const char *shape = flag && flag[0] == 'H' ? "▲" : flag && flag[0] == 'L' ? "▼" : "●";

  *style = care_result_get_critical (result) ? "chip-red" : "chip-amber";
  return words ? g_strdup_printf ("%s %s", shape, words) : NULL;
}

static void
add_badge (GString *badges, const char *text)
{
  g_string_append_printf (badges, "%s%s", badges->len ? " · " : "", text);
}

/* Not final: the laboratory's own word for it. */
static const char *
status_words (const CareResult *result)
{
  static const char *const words[][2] = {
    { "registered", N_ ("registered") },   { "partial", N_ ("partial") },
    { "preliminary", N_ ("preliminary") }, { "amended", N_ ("amended") },
    { "corrected", N_ ("corrected") },     { "appended", N_ ("appended") },
    { "unknown", N_ ("status unknown") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (result->status, words[i][0]) == 0)
      return _ (words[i][1]);
  return NULL;
}

/* (transfer full) (nullable): "partial · 2 not here · corrected". */
char *
results_dup_badges (const CareResult *result)
{
  g_autoptr (GString) badges = g_string_new (NULL);
  const char *status = status_words (result);
  gboolean corrected = g_strcmp0 (result->status, "corrected") == 0;

  if (result->by_patient)
    add_badge (badges, _ ("measured by the patient"));
  if (result->state == CARE_RESULT_ERROR)
    add_badge (badges, _ ("entered in error"));
  if (result->state == CARE_RESULT_CANCELLED)
    add_badge (badges, _ ("cancelled"));
  if (result->state == CARE_RESULT_REPLACED)
    add_badge (badges, _ ("replaced"));
  if (status)
    add_badge (badges, status);
  if (result->missing > 0)
    {
      g_autofree char *missing =
          g_strdup_printf (ngettext ("%u reading is not here", "%u readings are not here",
                                     result->missing),
                           result->missing);
      add_badge (badges, status ? missing : _ ("partial"));
      if (!status)
        add_badge (badges, missing);
    }
  if (result->circular)
    add_badge (badges, _ ("its parts name one another in a circle"));
  if (result->before && !corrected)
    add_badge (badges, _ ("corrected"));
  if (result->review.stale)
    add_badge (badges, _ ("changed since it was reviewed"));
  return badges->len ? g_string_free_and_steal (g_steal_pointer (&badges)) : NULL;
}

/* (transfer full) (nullable): how long a red item stands, by its own clock: since somebody was
 * asked to look at it, or else since it was taken. */
char *
results_dup_timer (const CareResult *result, gint64 now)
{
  gint64 since = result->review.open && result->review.since_us > 0 ? result->review.since_us
                                                                    : result->time_us;
  g_autofree char *span = NULL;

  if (!care_result_is_red (result))
    return NULL;
  if (since == G_MININT64 || since > now)
    return g_strdup (_ ("Waits, nobody recorded since when"));
  span = workspace_time_span (now - since);
  return result->review.open ? g_strdup_printf (_ ("Waits for %s"), span)
                             : g_strdup_printf (_ ("Taken %s ago, not reviewed"), span);
}

/* (transfer full): who has looked at it, and what came of it. */
char *
results_dup_review (const CareResult *result)
{
  const CareReview *review = &result->review;
  const char *who = review->who ? review->who : _ ("somebody");

  if (result->state == CARE_RESULT_WITHHELD)
    return g_strdup (_ ("What cannot be shown safely cannot be reviewed here."));
  if (review->open)
    return review->who ? g_strdup_printf (_ ("Waits for %s"), review->who)
                       : g_strdup (_ ("Waits for somebody to look at it"));
  if (!review->task)
    return g_strdup (_ ("Not reviewed"));
  g_autofree char *words =
      g_strdup_printf ("%s · %s%s%s", review->outcome ? review->outcome : _ ("Reviewed"), who,
                       review->when ? ", " : "", review->when ? review->when : "");
  return review->stale ? g_strdup_printf (_ ("Changed since it was reviewed. Then: %s"), words)
                       : g_steal_pointer (&words);
}

/* ---- a line ---- */

static void
results_item_finalize (GObject *object)
{
  ResultsItem *self = RESULTS_ITEM (object);

  g_object_unref (self->results);
  care_result_unref (self->result);
  G_OBJECT_CLASS (results_item_parent_class)->finalize (object);
}

static void
results_item_class_init (ResultsItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = results_item_finalize;
}

static void
results_item_init (ResultsItem *self)
{
}

ResultsItem *
results_item_new (CareResults *results, CareResult *result, ResultsGroup group, gboolean in_panel)
{
  ResultsItem *self = g_object_new (RESULTS_TYPE_ITEM, NULL);

  self->results = g_object_ref (results);
  self->result = care_result_ref (result);
  self->group = group;
  self->in_panel = in_panel;
  return self;
}

const CareResult *
results_item_get_result (ResultsItem *self)
{
  g_return_val_if_fail (RESULTS_IS_ITEM (self), NULL);

  return self->result;
}

ResultsGroup
results_item_get_group (ResultsItem *self)
{
  g_return_val_if_fail (RESULTS_IS_ITEM (self), RESULTS_GROUP_OTHER);

  return self->group;
}

gboolean
results_item_is_in_panel (ResultsItem *self)
{
  g_return_val_if_fail (RESULTS_IS_ITEM (self), FALSE);

  return self->in_panel;
}

const char *
results_item_get_group_title (ResultsGroup group)
{
  static const char *const titles[RESULTS_N_GROUPS] = {
    N_ ("Critical"),   N_ ("Panels and Reports"), N_ ("Vital Signs"),
    N_ ("Laboratory"), N_ ("Other Results"),      N_ ("Entries That Cannot Be Shown"),
  };

  return _ (titles[group]);
}

static gboolean
holds (const char *text, const char *folded)
{
  g_autofree char *own = text ? g_utf8_casefold (text, -1) : NULL;

  return own && strstr (own, folded) != NULL;
}

static gboolean
result_holds (const CareResult *result, const char *folded)
{
  if (holds (result->name, folded) || holds (result->loinc, folded) ||
      holds (result->value, folded) || holds (result->literal, folded) ||
      holds (result->note, folded) || holds (result->date, folded) ||
      holds (result->absent, folded))
    return TRUE;
  for (guint i = 0; result->parts && i < result->parts->len; i++)
    if (result_holds (result->parts->pdata[i], folded))
      return TRUE;
  return FALSE;
}

/* TRUE when each word of @text is somewhere in the result or in a part of it. */
gboolean
results_item_matches (ResultsItem *self, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text ? text : "", -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", -1);

  for (char **word = words; *word; word++)
    if (**word && !result_holds (self->result, *word))
      return FALSE;
  return TRUE;
}

/* (transfer full): the line as one sentence. */
char *
results_item_dup_words (ResultsItem *self, gint64 now)
{
  const CareResult *result = self->result;
  const char *style = NULL;
  g_autofree char *value = results_dup_value (result), *flag = results_dup_flag (result, &style);
  g_autofree char *badges = results_dup_badges (result), *timer = results_dup_timer (result, now);
  g_autofree char *other =
      care_result_dup_converted (result, care_results_get_unit (self->results, result->key));
  g_autofree char *range = result->range ? g_strdup_printf (_ ("range %s"), result->range) : NULL;
  const char *const parts[] = { value, other,  flag,         result->critical, timer,
                                range, badges, result->note, result->date };
  g_autoptr (GString) words = g_string_new (result->name);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i])
      g_string_append_printf (words, ", %s", parts[i]);
  if (result->before)
    g_string_append_printf (words, _ (", before the correction %s"), result->before);
  return g_string_free_and_steal (g_steal_pointer (&words));
}

/* TRUE when both say the same, of the same record, reviewed alike. */
gboolean
results_item_equal (ResultsItem *self, ResultsItem *other)
{
  g_return_val_if_fail (RESULTS_IS_ITEM (self) && RESULTS_IS_ITEM (other), FALSE);

  const CareReview *mine = &self->result->review, *its = &other->result->review;
  g_autofree char *stamp = care_result_dup_stamp (self->result);
  g_autofree char *other_stamp = care_result_dup_stamp (other->result);
  g_autofree char *words = results_item_dup_words (self, 0);
  g_autofree char *other_words = results_item_dup_words (other, 0);

  return g_strcmp0 (self->result->reference, other->result->reference) == 0 &&
         self->group == other->group && self->in_panel == other->in_panel &&
         mine->open == its->open && mine->stale == its->stale &&
         g_strcmp0 (mine->task, its->task) == 0 && g_str_equal (stamp, other_stamp) &&
         g_str_equal (words, other_words);
}
