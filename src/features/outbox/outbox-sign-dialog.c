/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-sign-dialog.h"

#include <glib/gi18n.h>

#include "workspace-birth-year.h"
#include "workspace-finding-row.h"
#include "workspace-second-factor.h"
#include "workspace-text.h"

/**
 * OutboxSignDialog:
 *
 * What is read before a held order is signed again: the order, why it was held, how old the chart
 * is, and what every check says of it now, what is new first. A new match that would have needed a
 * reason at the first signature needs one here as well, and so does the birth year while somebody
 * with a like name is open (H33).
 */

struct _OutboxSignDialog
{
  AdwAlertDialog parent_instance;

  GtkWidget *news;   /* a list of workspace-finding-row */
  GtkWidget *year;   /* NULL where nobody with a like name is open */
  GtkWidget *factor; /* NULL where no controlled drug is signed */
};

G_DEFINE_FINAL_TYPE (OutboxSignDialog, outbox_sign_dialog, ADW_TYPE_ALERT_DIALOG)

static void
outbox_sign_dialog_class_init (OutboxSignDialogClass *klass)
{
}

static void
outbox_sign_dialog_init (OutboxSignDialog *self)
{
}

static void
update_sign (OutboxSignDialog *self)
{
  gboolean ready = (!self->year || workspace_birth_year_is_answered (self->year)) &&
                   workspace_second_factor_is_answered (self->factor);

  for (GtkWidget *row = gtk_widget_get_first_child (self->news); row;
       row = gtk_widget_get_next_sibling (row))
    ready = ready && workspace_finding_row_is_answered (row);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (self), "sign", ready);
}

static void
append_news (OutboxSignDialog *self, GtkWidget *box, GPtrArray *findings)
{
  guint n = 0;

  self->news = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->news), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->news, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->news), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("New since you signed"), -1);
  for (guint i = 0; i < findings->len; i++)
    {
      const CareRecheck *found = findings->pdata[i];
      GtkWidget *row;

      if (!found->is_new)
        continue;
      row = workspace_finding_row_new (found->finding, NULL, G_CALLBACK (update_sign), self);
      g_object_set_data_full (G_OBJECT (row), "renewal-key", care_recheck_dup_key (found), g_free);
      gtk_list_box_append (GTK_LIST_BOX (self->news), row);
      n++;
    }
  workspace_text_append (box, n > 0 ? _ ("New since you signed") : NULL, "heading");
  gtk_widget_set_visible (self->news, n > 0);
  gtk_box_append (GTK_BOX (box), self->news);
}

/* What was there at the signature already, and what was not found or not checked. */
static void
append_rest (GtkWidget *box, GPtrArray *findings)
{
  gboolean any = FALSE;

  for (guint i = 0; i < findings->len; i++)
    {
      const CareRecheck *found = findings->pdata[i];
      g_autofree char *reason = NULL;

      if (found->is_new)
        continue;
      if (!any)
        workspace_text_append (box, _ ("The other checks, run again now"), "heading");
      any = TRUE;
      gtk_box_append (GTK_BOX (box), workspace_finding_line_new (found->finding));
      if (found->reason && *found->reason)
        reason = g_strdup_printf (_ ("Your reason when you signed: “%s”"), found->reason);
      workspace_text_append (box, reason, "caption");
    }
}

static void
answer_changed_cb (GtkWidget *question, gpointer self)
{
  update_sign (self);
}

static void
append_renewal (OutboxSignDialog *self, GtkWidget *box, const CareRenewal *renewal)
{
  for (guint i = 0; i < renewal->orders->len; i++)
    {
      workspace_text_append (box, renewal->orders->pdata[i], "heading");
      workspace_second_factor_append_line (box, renewal->controlled->pdata[i]);
    }
}

static GtkWidget *
content_new (OutboxSignDialog *self, OutboxItem *item, const OutboxSignFacts *facts)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *title = outbox_item_dup_title (item);
  g_autofree char *why = outbox_item_dup_why (item);
  g_autofree char *held = why ? g_strdup_printf (_ ("Held: %s"), why) : NULL;
  g_autofree char *chart =
      facts->as_of ? g_strdup_printf (_ ("Allergies, medicines and results: %s."), facts->as_of)
                   : NULL;
  g_autofree char *unchecked =
      facts->problem
          ? g_strdup_printf (_ ("The checks could not be run, so it cannot be signed here. %s"),
                             facts->problem)
          : NULL;

  if (self->year)
    gtk_box_append (GTK_BOX (box), self->year);
  workspace_text_append (box, title, NULL);
  if (facts->renewal)
    append_renewal (self, box, facts->renewal);
  workspace_text_append (box, held, NULL);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  workspace_text_append (box, chart, "warning"); /* what the checks below looked at (H6) */
  workspace_text_append (box, unchecked, "warning");
  if (facts->renewal)
    {
      append_news (self, box, facts->renewal->findings);
      append_rest (box, facts->renewal->findings);
      gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
      workspace_text_append (box, _ ("Signing again sends it as it is, under your name."),
                             "dim-label");
      self->factor =
          workspace_second_factor_question_new (facts->context, facts->renewal->controlled,
                                                answer_changed_cb, self);
      if (self->factor)
        gtk_box_append (GTK_BOX (box), self->factor);
    }
  return box;
}

/**
 * outbox_sign_dialog_new:
 *
 * Enter alone opens the chart and signs nothing.
 *
 * Returns: (transfer floating)
 */
AdwDialog *
outbox_sign_dialog_new (OutboxItem *item, const OutboxSignFacts *facts)
{
  OutboxSignDialog *self =
      g_object_new (OUTBOX_TYPE_SIGN_DIALOG, "heading", _ ("Sign This Again?"), NULL);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (self);

  if (facts->like)
    self->year =
        workspace_birth_year_question_new (facts->like, facts->birth_date, answer_changed_cb, self);
  adw_alert_dialog_set_extra_child (dialog, content_new (self, item, facts));
  adw_alert_dialog_set_prefer_wide_layout (dialog, TRUE);
  adw_alert_dialog_add_responses (dialog, "cancel", _ ("_Back"), "chart", _ ("Open _Chart"), "sign",
                                  _ ("_Sign Again"), NULL);
  adw_alert_dialog_set_response_enabled (dialog, "chart", outbox_item_get_patient (item) != NULL);
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_set_default_response (dialog, "chart");
  adw_alert_dialog_set_response_enabled (dialog, "sign", FALSE);
  if (facts->renewal)
    update_sign (self);
  return ADW_DIALOG (self);
}

/* (transfer full): care_recheck_dup_key () of each new finding that was shown, to what was typed
 * beside it. */
GHashTable *
outbox_sign_dialog_dup_reasons (OutboxSignDialog *self)
{
  GHashTable *reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_return_val_if_fail (OUTBOX_IS_SIGN_DIALOG (self), reasons);
  for (GtkWidget *row = self->news ? gtk_widget_get_first_child (self->news) : NULL; row;
       row = gtk_widget_get_next_sibling (row))
    {
      char *reason = workspace_finding_row_dup_reason (row);

      g_hash_table_insert (reasons, g_strdup (g_object_get_data (G_OBJECT (row), "renewal-key")),
                           reason ? reason : g_strdup (""));
    }
  return reasons;
}

/* (transfer full) (nullable): the digits of the second factor, where any were typed */
char *
outbox_sign_dialog_dup_code (OutboxSignDialog *self)
{
  return workspace_second_factor_dup_code (self->factor);
}
