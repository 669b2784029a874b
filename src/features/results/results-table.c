/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-table.h"

#include <glib/gi18n.h>

#include "results-item.h"

struct _ResultsTableRow
{
  GObject parent_instance;

  char *head;
  GPtrArray *markup, *words; /* char */
};

G_DEFINE_FINAL_TYPE (ResultsTableRow, results_table_row, G_TYPE_OBJECT)

static void
results_table_row_finalize (GObject *object)
{
  ResultsTableRow *self = RESULTS_TABLE_ROW (object);

  g_free (self->head);
  g_ptr_array_unref (self->markup);
  g_ptr_array_unref (self->words);
  G_OBJECT_CLASS (results_table_row_parent_class)->finalize (object);
}

static void
results_table_row_class_init (ResultsTableRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = results_table_row_finalize;
}

static void
results_table_row_init (ResultsTableRow *self)
{
  self->markup = g_ptr_array_new_with_free_func (g_free);
  self->words = g_ptr_array_new_with_free_func (g_free);
}

const char *
results_table_row_get_head (ResultsTableRow *self)
{
  g_return_val_if_fail (RESULTS_IS_TABLE_ROW (self), NULL);

  return self->head;
}

const char *
results_table_row_get_markup (ResultsTableRow *self, guint column)
{
  g_return_val_if_fail (RESULTS_IS_TABLE_ROW (self), NULL);

  return column < self->markup->len ? self->markup->pdata[column] : "";
}

const char *
results_table_row_get_words (ResultsTableRow *self, guint column)
{
  g_return_val_if_fail (RESULTS_IS_TABLE_ROW (self), NULL);

  return column < self->words->len ? self->words->pdata[column] : "";
}

/* ---- a cell ---- */

/* A correction crosses out what it replaces; what was an error is crossed out itself. */
static void
add_markup (GString *markup, const CareResult *result)
{
  const char *style = NULL;
  g_autofree char *value = results_dup_value (result), *flag = results_dup_flag (result, &style);
  g_autofree char *shown = g_markup_escape_text (value, -1);
  g_autofree char *badges = results_dup_badges (result);
  gboolean struck = result->state == CARE_RESULT_ERROR || result->state == CARE_RESULT_REPLACED;

  if (markup->len)
    g_string_append_c (markup, '\n');
  if (result->before && !struck)
    {
      g_autofree char *before = g_markup_escape_text (result->before, -1);
      g_string_append_printf (markup, "<s>%s</s> ", before);
    }
  g_string_append_printf (markup, struck ? "<s>%s</s>" : "%s", shown);
  if (flag)
    {
      g_autofree char *escaped = g_markup_escape_text (flag, -1);
      g_string_append_printf (markup, " <b>%s</b>", escaped);
    }
  if (badges)
    {
      g_autofree char *escaped = g_markup_escape_text (badges, -1);
      g_string_append_printf (markup, " <small>%s</small>", escaped);
    }
}

static void
add_words (GString *words, const CareResult *result)
{
  const char *style = NULL;
  g_autofree char *value = results_dup_value (result), *flag = results_dup_flag (result, &style);
  g_autofree char *badges = results_dup_badges (result);

  g_string_append_printf (words, "%s%s", words->len ? "; " : "", value);
  if (flag)
    g_string_append_printf (words, ", %s", flag);
  if (result->range)
    g_string_append_printf (words, _ (", its reference range %s"), result->range);
  if (badges)
    g_string_append_printf (words, ", %s", badges);
  if (result->before)
    g_string_append_printf (words, _ (", before the correction %s"), result->before);
}

/* ---- a table ---- */

typedef struct
{
  gint64 time_us;
  const char *date;
} Moment;

static int
compare_moments (gconstpointer a, gconstpointer b)
{
  const Moment *x = a, *y = b;

  if (x->time_us != y->time_us)
    return x->time_us < y->time_us ? 1 : -1;
  return g_strcmp0 (x->date, y->date);
}

/* All moments at which one of them was measured, newest first, each once. */
static GArray *
list_moments (CareResults *results, const char *const *keys)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Moment));
  GArray *each = g_array_new (FALSE, FALSE, sizeof (Moment));

  for (; *keys; keys++)
    {
      GPtrArray *history = care_results_get_history (results, *keys);

      for (guint i = 0; history && i < history->len; i++)
        {
          const CareResult *result = history->pdata[i];
          Moment moment = { result->time_us, result->date ? result->date : "" };
          g_array_append_val (all, moment);
        }
    }
  g_array_sort (all, compare_moments);
  for (guint i = 0; i < all->len; i++)
    {
      Moment *moment = &g_array_index (all, Moment, i);

      if (i == 0 || compare_moments (moment, &g_array_index (all, Moment, i - 1)) != 0)
        g_array_append_val (each, *moment);
    }
  return each;
}

/* "time|date" → list of CareResult, of one kind. */
static GHashTable *
index_kind (CareResults *results, const char *key)
{
  GPtrArray *history = care_results_get_history (results, key);
  GHashTable *index =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; history && i < history->len; i++)
    {
      CareResult *result = history->pdata[i];
      g_autofree char *when = g_strdup_printf ("%" G_GINT64_FORMAT "|%s", result->time_us,
                                               result->date ? result->date : "");
      GPtrArray *list = g_hash_table_lookup (index, when);

      if (!list)
        {
          list = g_ptr_array_new ();
          g_hash_table_insert (index, g_steal_pointer (&when), list);
        }
      g_ptr_array_add (list, result);
    }
  return index;
}

static void
add_cell (ResultsTableRow *row, GHashTable *index, const Moment *moment)
{
  g_autofree char *when =
      g_strdup_printf ("%" G_GINT64_FORMAT "|%s", moment->time_us, moment->date);
  GPtrArray *list = g_hash_table_lookup (index, when);
  g_autoptr (GString) markup = g_string_new (NULL), words = g_string_new (NULL);

  for (guint i = 0; list && i < list->len; i++)
    {
      add_markup (markup, list->pdata[i]);
      add_words (words, list->pdata[i]);
    }
  g_ptr_array_add (row->markup, g_strdup (markup->str));
  g_ptr_array_add (row->words, g_strdup (words->str));
}

static const char *
name_moment (const Moment *moment)
{
  return *moment->date ? moment->date : _ ("Date not recorded");
}

static ResultsTableRow *
add_row (ResultsTable *self, const char *head)
{
  g_autoptr (ResultsTableRow) row = g_object_new (RESULTS_TYPE_TABLE_ROW, NULL);

  row->head = g_strdup (head);
  g_list_store_append (self->rows, row);
  return row;
}

static void
fill_by_date (ResultsTable *self, GPtrArray *indexes, const char *const *names, GArray *moments)
{
  for (guint i = 0; i < indexes->len; i++)
    g_ptr_array_add (self->columns, g_strdup (names[i]));
  for (guint i = 0; i < moments->len; i++)
    {
      const Moment *moment = &g_array_index (moments, Moment, i);
      ResultsTableRow *row = add_row (self, name_moment (moment));

      for (guint j = 0; j < indexes->len; j++)
        add_cell (row, indexes->pdata[j], moment);
    }
}

static void
fill_by_kind (ResultsTable *self, GPtrArray *indexes, const char *const *names, GArray *moments)
{
  guint n_dates = MIN (moments->len, RESULTS_MAX_DATES);

  self->left_out = moments->len - n_dates;
  for (guint i = 0; i < n_dates; i++)
    g_ptr_array_add (self->columns, g_strdup (name_moment (&g_array_index (moments, Moment, i))));
  for (guint i = 0; i < indexes->len; i++)
    {
      ResultsTableRow *row = add_row (self, names[i]);

      for (guint j = 0; j < n_dates; j++)
        add_cell (row, indexes->pdata[i], &g_array_index (moments, Moment, j));
    }
}

/**
 * results_table_new:
 * @keys: NULL-terminated: kinds of readings; @names: theirs
 * @dates_on_top: a column for each date, newest first, rather than a line
 *
 * Returns: (transfer full): everything that was recorded of them, with what was an error
 */
ResultsTable *
results_table_new (CareResults *results,
                   const char *const *keys,
                   const char *const *names,
                   gboolean dates_on_top)
{
  ResultsTable *self = g_new0 (ResultsTable, 1);
  g_autoptr (GArray) moments = list_moments (results, keys);
  g_autoptr (GPtrArray) indexes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);

  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_list_store_new (RESULTS_TYPE_TABLE_ROW);
  for (gsize i = 0; keys[i]; i++)
    g_ptr_array_add (indexes, index_kind (results, keys[i]));
  if (dates_on_top)
    fill_by_kind (self, indexes, names, moments);
  else
    fill_by_date (self, indexes, names, moments);
  return self;
}

void
results_table_free (ResultsTable *self)
{
  g_ptr_array_unref (self->columns);
  g_object_unref (self->rows);
  g_free (self);
}
