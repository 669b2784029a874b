/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "care-paper-private.h"

/* The summary and the medicines, as the chart's pages have them. Absence is said, never left to be
 * guessed from an empty place. */

#define RESULTS_AT_MOST       30
#define VISITS_AT_MOST        5
#define IMMUNIZATIONS_AT_MOST 30

static const char *
text_of (CareRow *row, CareRowProperty property)
{
  return care_row_get_text (row, property);
}

static gboolean
is_in_group (CareRow *row, const char *group)
{
  return g_strcmp0 (text_of (row, CARE_ROW_GROUP), group) == 0;
}

static const char *
source_of (CareRow *medicine)
{
  const char *reference = care_row_get_reference (medicine);

  return reference && g_str_has_prefix (reference, "MedicationStatement/") ? _ ("Reported")
                                                                           : _ ("Prescribed");
}

/* Groups are never mixed: what is suspended stands apart from what is taken. */
static guint
add_medicines (CarePaperMaker *self, const char *group, const char *heading)
{
  GListModel *medicines = care_summary_get_list (self->summary, CARE_LIST_MEDICINES);
  CareBlock *table = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (medicines); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (medicines, i);

      if (!is_in_group (row, group))
        continue;
      if (!table)
        {
          care_paper_heading (self->paper, heading);
          table = care_paper_table (self->paper, _ ("Medicine"), _ ("How it is taken"), _ ("For"),
                                    _ ("Since"), _ ("Source"), NULL);
        }
      care_paper_row (table, care_row_get_title (row), text_of (row, CARE_ROW_SUBTITLE),
                      text_of (row, CARE_ROW_DETAIL), text_of (row, CARE_ROW_DATE),
                      source_of (row));
    }
  return table ? table->rows->len : 0;
}

static void
add_current_medicines (CarePaperMaker *self)
{
  guint active = add_medicines (self, "Active", _ ("Current medicines"));

  if (active == 0)
    {
      care_paper_heading (self->paper, _ ("Current medicines"));
      care_paper_paragraph (self->paper,
                            _ ("No current medicine is recorded. That does not mean that the "
                               "patient takes none."));
    }
  add_medicines (self, "Suspended", _ ("Suspended: not to be taken now"));
  add_medicines (self, "Not to be given", _ ("Not to be given"));
  add_medicines (self, "Status not known", _ ("Not known whether these are taken"));
  add_medicines (self, "Not shown", _ ("Entries that Bedside cannot show safely"));
}

static void
add_allergies (CarePaperMaker *self)
{
  GListModel *allergies = care_summary_get_list (self->summary, CARE_LIST_ALLERGIES);
  CareBlock *table = NULL;

  care_paper_heading (self->paper, _ ("Allergies"));
  for (guint i = 0; i < g_list_model_get_n_items (allergies); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (allergies, i);

      if (!is_in_group (row, "Active") && !is_in_group (row, "Not shown"))
        continue;
      if (!table)
        table = care_paper_table (self->paper, _ ("Allergy"), _ ("Reaction"), _ ("Criticality"),
                                  _ ("Recorded"), NULL);
      care_paper_row (table, care_row_get_title (row), text_of (row, CARE_ROW_SUBTITLE),
                      text_of (row, CARE_ROW_SEVERITY), text_of (row, CARE_ROW_DATE));
    }
  if (!table)
    care_paper_paragraph (self->paper, care_summary_get_allergies_line (self->summary));
}

static void
add_problems (CarePaperMaker *self)
{
  GListModel *problems = care_summary_get_list (self->summary, CARE_LIST_PROBLEMS);
  CareBlock *table = NULL;

  care_paper_heading (self->paper, _ ("Problems"));
  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (problems, i);

      if (!is_in_group (row, "Active") && !is_in_group (row, "Not shown"))
        continue;
      if (!table)
        table = care_paper_table (self->paper, _ ("Problem"), _ ("Since"), _ ("Severity"), NULL);
      care_paper_row (table, care_row_get_title (row), text_of (row, CARE_ROW_DATE),
                      text_of (row, CARE_ROW_SEVERITY));
    }
  if (!table)
    care_paper_paragraph (self->paper, care_summary_get_problems_line (self->summary));
}

/* (transfer full): "6.2 mmol/L H" */
static char *
value_of (CareRow *row)
{
  const char *value = text_of (row, CARE_ROW_VALUE), *flag = text_of (row, CARE_ROW_FLAG);

  return g_strdup_printf ("%s%s%s", value ? value : _ ("no value"), flag && *flag ? " " : "",
                          flag ? flag : "");
}

/* However old it is, what is critical and not answered is not what is left out (H18). */
static int
compare_newest (gconstpointer a, gconstpointer b)
{
  CareRow *first = *(CareRow *const *) a, *second = *(CareRow *const *) b;
  int red = is_in_group (second, CARE_GROUP_CRITICAL) - is_in_group (first, CARE_GROUP_CRITICAL);
  gint64 x = care_row_get_sort (first), y = care_row_get_sort (second);

  return red ? red : (x < y) - (x > y);
}

static void
add_left (CarePaperMaker *self, guint left)
{
  g_autofree char *more =
      g_strdup_printf (ngettext ("%u more is in the record.", "%u more are in the record.", left),
                       left);

  if (left > 0)
    care_paper_paragraph (self->paper, more);
}

/* The latest of each code and what else still waits, the newest first; @limit of them. */
static void
add_observations (CarePaperMaker *self, CareList which, const char *heading, guint limit)
{
  GListModel *list = care_summary_get_list (self->summary, which);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  CareBlock *table;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    g_ptr_array_add (rows, g_list_model_get_item (list, i));
  g_ptr_array_sort (rows, compare_newest);
  care_paper_heading (self->paper, heading);
  if (rows->len == 0)
    {
      care_paper_paragraph (self->paper, _ ("None recorded."));
      return;
    }
  table = care_paper_table (self->paper, _ ("Measured"), _ ("Value"), _ ("Date"), NULL);
  for (guint i = 0; i < MIN (rows->len, limit); i++)
    {
      CareRow *row = rows->pdata[i];
      g_autofree char *value = value_of (row);

      care_paper_row (table, care_row_get_title (row), value, text_of (row, CARE_ROW_DATE));
    }
  add_left (self, rows->len - MIN (rows->len, limit));
}

static void
add_dated (CarePaperMaker *self, CareList which, const char *heading, const char *name, guint limit)
{
  GListModel *rows = care_summary_get_list (self->summary, which);
  guint n = g_list_model_get_n_items (rows);
  CareBlock *table = NULL;

  care_paper_heading (self->paper, heading);
  if (n == 0)
    {
      care_paper_paragraph (self->paper, _ ("None recorded."));
      return;
    }
  table = care_paper_table (self->paper, name, _ ("Details"), _ ("Date"), NULL);
  for (guint i = 0; i < MIN (n, limit); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);
      care_paper_row (table, care_row_get_title (row), text_of (row, CARE_ROW_SUBTITLE),
                      text_of (row, CARE_ROW_DATE));
    }
  add_left (self, n - MIN (n, limit));
}

gboolean
care_paper_make_summary (CarePaperMaker *self, GError **error)
{
  self->paper->title = g_strdup (_ ("Patient summary"));
  if (care_summary_get_deceased (self->summary))
    care_paper_paragraph (self->paper, care_summary_get_deceased (self->summary));
  add_allergies (self);
  add_problems (self);
  add_current_medicines (self);
  add_observations (self, CARE_LIST_VITALS, _ ("Newest vital signs"), RESULTS_AT_MOST);
  add_observations (self, CARE_LIST_RESULTS, _ ("Newest results"), RESULTS_AT_MOST);
  add_dated (self, CARE_LIST_IMMUNIZATIONS, _ ("Immunizations"), _ ("Vaccine"),
             IMMUNIZATIONS_AT_MOST);
  add_dated (self, CARE_LIST_VISITS, _ ("Last visits"), _ ("Visit"), VISITS_AT_MOST);
  return TRUE;
}

gboolean
care_paper_make_medicines (CarePaperMaker *self, GError **error)
{
  self->paper->title = g_strdup (_ ("Current medicines"));
  add_allergies (self);
  add_current_medicines (self);
  return TRUE;
}
