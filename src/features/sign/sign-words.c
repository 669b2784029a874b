/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign-words.h"

#include <glib/gi18n.h>

#include "workspace-prescription.h"
#include "workspace-second-factor.h"
#include "workspace-text.h"

/* What is signed, in words: nothing of it is signed unseen, neither in the list nor once more. */

#define HIGHEST 420 /* what is read once more, in pixels, before it scrolls */

/**
 * sign_words_dup_who:
 *
 * Returns: (transfer full): the patient of @item
 */
char *
sign_words_dup_who (const CareToSign *item)
{
  const char *name =
      item->patient_name != NULL ? item->patient_name : _ ("A patient who is not on this computer");

  return item->patient_born != NULL ? g_strdup_printf (_ ("%s, born %s"), name, item->patient_born)
                                    : g_strdup (name);
}

/**
 * sign_words_append:
 *
 * The drug as the order will name it, the dose in words, the sentence of the order, and all that
 * goes out beside it; of what cannot be read only that it is a prescription.
 */
void
sign_words_append (GtkWidget *box, const CareToSign *item)
{
  g_autofree char *sentence = NULL;

  workspace_text_append (box, item->line != NULL ? item->line : _ ("A prescription"), "heading");
  if (item->line == NULL)
    return;
  workspace_second_factor_append_line (box, item->controlled);
  sentence = care_prescription_draft_dup_text (item->draft, NULL);
  workspace_text_append (box, care_prescription_draft_get_drug_name (item->draft), NULL);
  workspace_text_append (box, item->words, NULL);
  workspace_text_append (box, sentence, NULL);
  workspace_prescription_append_rest (box, item->draft);
}

/**
 * sign_words_once_more_new:
 * @items: (element-type CareToSign): those that were chosen
 * @width: in pixels
 *
 * Returns: (transfer floating): what is read before the signature
 */
GtkWidget *
sign_words_once_more_new (GPtrArray *items, int width)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *scroll = gtk_scrolled_window_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const CareToSign *item = items->pdata[i];
      g_autofree char *who = sign_words_dup_who (item);
      GtkWidget *one = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

      workspace_text_append (one, who, "title-4");
      sign_words_append (one, item);
      gtk_box_append (GTK_BOX (box), one);
      gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
    }
  workspace_text_append (
      box,
      _ ("Signing sends these prescriptions under your name. Each rests ten seconds first and "
         "can be undone."),
      "dim-label");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroll), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroll), HIGHEST);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), box);
  gtk_widget_set_size_request (scroll, width, -1);
  return scroll;
}
