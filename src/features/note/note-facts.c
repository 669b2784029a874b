/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-facts.h"

#include <glib/gi18n.h>
#include <string.h>

/* Placeholders such as {problems}: what the chart says, in words, as it stands now. What is not
 * recorded says so: a note must never read as if somebody had asked. A placeholder that nobody
 * knows stays as it is, to be seen and filled by hand. */

#define AT_MOST 12

static const char *const names[] = { "allergies", "problems", "medicines", "vitals",
                                     "results",   "name",     "born",      "age",
                                     "sex",       "today",    NULL };

const char *const *
note_facts_list (void)
{
  return names;
}

static const char *
or_not_recorded (const char *text)
{
  return text && *text ? text : _ ("not recorded");
}

static void
append_row (GString *out, CareRow *row)
{
  const char *value = care_row_get_text (row, CARE_ROW_VALUE);
  const char *flag = care_row_get_text (row, CARE_ROW_FLAG);
  const char *detail = care_row_get_text (row, CARE_ROW_SUBTITLE);
  const char *date = care_row_get_text (row, CARE_ROW_DATE);

  g_string_append_printf (out, "%s- %s", out->len > 0 ? "\n" : "", care_row_get_title (row));
  if (value)
    g_string_append_printf (out, ": %s%s%s", value, flag ? " " : "", flag ? flag : "");
  if (detail && *detail)
    g_string_append_printf (out, ", %s", detail);
  if (date && *date)
    g_string_append_printf (out, " (%s)", date);
}

/* @group: only rows of it, and the statement that there are none; NULL: all. */
static char *
words_of_list (CareSummary *summary, CareList which, const char *group)
{
  GListModel *rows = care_summary_get_list (summary, which);
  g_autoptr (GString) out = g_string_new (NULL);
  guint taken = 0, left = 0;

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);
      const char *own = care_row_get_text (row, CARE_ROW_GROUP);

      if (group && g_strcmp0 (own, group) != 0 && g_strcmp0 (own, CARE_GROUP_NONE_KNOWN) != 0 &&
          g_strcmp0 (own, "Not shown") != 0)
        continue;
      if (taken < AT_MOST)
        append_row (out, row);
      else
        left++;
      taken++;
    }
  if (left > 0)
    g_string_append_printf (out,
                            g_dngettext (NULL, "\n- and %u more in the chart",
                                         "\n- and %u more in the chart", left),
                            left);
  return g_strdup (out->len > 0 ? out->str : _ ("not recorded"));
}

/**
 * note_facts_get:
 * @today: in words
 *
 * Returns: (transfer full) (nullable): what the chart says of @name; NULL where nobody knows that
 *   name
 */
char *
note_facts_get (const char *name, CareSummary *summary, const char *today)
{
  if (g_str_equal (name, "allergies"))
    return g_strdup (or_not_recorded (care_summary_get_allergies_line (summary)));
  if (g_str_equal (name, "problems"))
    return words_of_list (summary, CARE_LIST_PROBLEMS, "Active");
  if (g_str_equal (name, "medicines"))
    return words_of_list (summary, CARE_LIST_MEDICINES, "Active");
  if (g_str_equal (name, "vitals"))
    return words_of_list (summary, CARE_LIST_VITALS, NULL);
  if (g_str_equal (name, "results"))
    return words_of_list (summary, CARE_LIST_RESULTS, NULL);
  if (g_str_equal (name, "name"))
    return g_strdup (or_not_recorded (care_summary_get_name (summary)));
  if (g_str_equal (name, "born"))
    return g_strdup (or_not_recorded (care_summary_get_birth_date (summary)));
  if (g_str_equal (name, "age"))
    return g_strdup (or_not_recorded (care_summary_get_age (summary)));
  if (g_str_equal (name, "sex"))
    return g_strdup (or_not_recorded (care_summary_get_sex (summary)));
  if (g_str_equal (name, "today"))
    return g_strdup (today);
  return NULL;
}

/**
 * note_facts_expand:
 *
 * Returns: (transfer full): @text with its placeholders filled from the chart. What a fact says is
 *   not looked at for placeholders again.
 */
char *
note_facts_expand (const char *text, CareSummary *summary, const char *today)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *open;

  for (; (open = strchr (text, '{'));)
    {
      const char *close = strchr (open, '}');
      g_autofree char *name = close ? g_strndup (open + 1, (gsize) (close - open - 1)) : NULL;
      g_autofree char *fact = name && summary ? note_facts_get (name, summary, today) : NULL;

      g_string_append_len (out, text, open - text);
      g_string_append (out, fact ? fact : "{");
      text = fact ? close + 1 : open + 1;
    }
  g_string_append (out, text);
  return g_string_free_and_steal (g_steal_pointer (&out));
}
