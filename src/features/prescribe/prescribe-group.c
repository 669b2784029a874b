/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-group.h"

#include <glib/gi18n.h>

/**
 * prescribe_group_dup_problem:
 * @but: (nullable): the one whose own problem is said elsewhere
 *
 * Returns: (transfer full) (nullable): the first thing that stands in the way of signing all, with
 *   the drug that it is about
 */
char *
prescribe_group_dup_problem (GPtrArray *sheets, PrescribeSheet *but)
{
  for (guint i = 0; i < sheets->len; i++)
    {
      PrescribeSheet *sheet = sheets->pdata[i];
      g_autofree char *problem = sheet != but ? prescribe_sheet_dup_problem (sheet) : NULL;
      g_autofree char *drug = prescribe_sheet_dup_drug (sheet);

      if (problem != NULL)
        /* Translators: a drug, and a sentence that says what is missing */
        return *drug != '\0' ? g_strdup_printf (_ ("%1$s: %2$s"), drug, problem)
                             : g_steal_pointer (&problem);
    }
  return NULL;
}

/**
 * prescribe_group_dup_checked:
 *
 * Returns: (transfer full) (nullable): names what the findings of all are of; NULL while they are
 *   not of what is written. Another text later: what was read is not what would be signed.
 */
char *
prescribe_group_dup_checked (GPtrArray *sheets)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < sheets->len; i++)
    {
      guint checked = prescribe_sheet_get_checked (sheets->pdata[i]);

      if (checked == 0)
        return NULL;
      g_string_append_printf (text, "%u ", checked);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* (transfer container) (element-type CarePrescriptionDraft) */
GPtrArray *
prescribe_group_dup_drafts (GPtrArray *sheets)
{
  GPtrArray *drafts = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < sheets->len; i++)
    g_ptr_array_add (drafts, g_object_ref (prescribe_sheet_get_draft (sheets->pdata[i])));
  return drafts;
}

/* (transfer full): the id of a draft to the table of its reasons */
GHashTable *
prescribe_group_dup_reasons (GPtrArray *sheets)
{
  GHashTable *reasons =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);

  for (guint i = 0; i < sheets->len; i++)
    g_hash_table_insert (reasons,
                         g_strdup (care_prescription_draft_get_id (
                             prescribe_sheet_get_draft (sheets->pdata[i]))),
                         prescribe_sheet_dup_reasons (sheets->pdata[i]));
  return reasons;
}

void
prescribe_group_set_signing (GPtrArray *sheets, gboolean signing)
{
  for (guint i = 0; i < sheets->len; i++)
    prescribe_sheet_set_signing (sheets->pdata[i], signing);
}

/* Whether one of them is being signed. */
gboolean
prescribe_group_is_signing (GPtrArray *sheets)
{
  for (guint i = 0; i < sheets->len; i++)
    if (prescribe_sheet_is_signing (sheets->pdata[i]))
      return TRUE;
  return FALSE;
}

void
prescribe_group_check_again (GPtrArray *sheets)
{
  for (guint i = 0; i < sheets->len; i++)
    prescribe_sheet_check_again (sheets->pdata[i]);
}

/* (transfer none) (nullable): the one after @sheet, which may be none of them; the newest then */
PrescribeSheet *
prescribe_group_next (GPtrArray *sheets, PrescribeSheet *sheet)
{
  guint at = 0;

  if (sheets->len == 0)
    return NULL;
  return g_ptr_array_find (sheets, sheet, &at) ? sheets->pdata[(at + 1) % sheets->len]
                                               : sheets->pdata[sheets->len - 1];
}
