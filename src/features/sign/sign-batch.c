/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign-batch.h"

#include <glib/gi18n.h>

#include "workspace-birth-year.h"
#include "workspace-second-factor.h"
#include "workspace-text.h"

#include "sign-row.h"
#include "sign-words.h"

/* What is signed at once of all that was chosen, and how it is read before. */

/* (transfer none) (nullable) */
const CareToSign *
sign_batch_find (GPtrArray *items, const char *task)
{
  for (guint i = 0; items != NULL && i < items->len; i++)
    if (g_strcmp0 (((CareToSign *) items->pdata[i])->task, task) == 0)
      return items->pdata[i];
  return NULL;
}

/* Whether it needs the second factor. */
gboolean
sign_batch_is_controlled (const CareToSign *item)
{
  return item->controlled != NULL && item->controlled->state == CLINICAL_CONTROLLED;
}

static const CareToSign *
item_of (GPtrArray *items, GtkWidget *row)
{
  return sign_batch_find (items, sign_row_get_task (row));
}

/* (transfer container): patients of whom a controlled drug is among @rows, in their order */
static GPtrArray *
list_controlled_patients (GPtrArray *items, GPtrArray *rows)
{
  GPtrArray *patients = g_ptr_array_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      const CareToSign *item = item_of (items, rows->pdata[i]);

      if (sign_batch_is_controlled (item) &&
          !g_ptr_array_find_with_equal_func (patients, item->patient_id, g_str_equal, NULL))
        g_ptr_array_add (patients, item->patient_id);
    }
  return patients;
}

/**
 * sign_batch_first:
 * @rows: those that were chosen
 *
 * Controlled drugs are signed for one patient at a time. Source: 21 CFR 1311.140 (a) (1). First
 * come all patients who get none of them, then one of the others.
 *
 * Returns: (transfer container): those of @rows that are signed now
 */
GPtrArray *
sign_batch_first (GPtrArray *items, GPtrArray *rows)
{
  g_autoptr (GPtrArray) patients = list_controlled_patients (items, rows);
  g_autoptr (GPtrArray) plain = g_ptr_array_new (), first = g_ptr_array_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      const char *patient = item_of (items, rows->pdata[i])->patient_id;

      if (!g_ptr_array_find_with_equal_func (patients, patient, g_str_equal, NULL))
        g_ptr_array_add (plain, rows->pdata[i]);
      else if (g_strcmp0 (patient, patients->pdata[0]) == 0)
        g_ptr_array_add (first, rows->pdata[i]);
    }
  return plain->len > 0 ? g_steal_pointer (&plain) : g_steal_pointer (&first);
}

/**
 * sign_batch_once_more_new:
 * @dialog: with the response "sign"
 *
 * What is read stays where the digits are typed: only it scrolls.
 *
 * Returns: (transfer floating): what is read before the signature
 */
GtkWidget *
sign_batch_once_more_new (const SignOnceMore *facts, AdwAlertDialog *dialog)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new (), controlled = g_ptr_array_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *factor;
  g_autofree char *left =
      facts->more > 0 ? g_strdup_printf (
                            ngettext ("Controlled drugs are signed for each patient alone: %u more "
                                      "prescription follows.",
                                      "Controlled drugs are signed for each patient alone: %u more "
                                      "prescriptions follow.",
                                      facts->more),
                            facts->more)
                      : NULL;

  for (guint i = 0; i < facts->rows->len; i++)
    {
      const CareToSign *item = item_of (facts->items, facts->rows->pdata[i]);

      g_ptr_array_add (items, (gpointer) item);
      g_ptr_array_add (controlled, item->controlled);
    }
  gtk_box_append (GTK_BOX (box), sign_words_once_more_new (items, facts->width));
  workspace_text_append (box, left, "dim-label");
  for (guint i = 0; i < items->len; i++)
    {
      const CareToSign *item = items->pdata[i];

      workspace_birth_year_append (box, facts->open, item->patient_id, item->patient_name,
                                   item->patient_born, dialog, "sign");
    }
  factor = workspace_second_factor_new (facts->context, controlled, dialog, "sign");
  if (factor != NULL)
    gtk_box_append (GTK_BOX (box), factor);
  return box;
}
