/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-bulk.h"

#include <glib/gi18n.h>

#include "care-review.h"
#include "results-item.h"
#include "results-model.h"
#include "workspace-alert.h"

/* What may be answered at once is answered at once; a critical value never is (hazard H18). */

typedef struct
{
  GtkWidget *page;
  CareContext *context;
  char *patient;
  ResultsBulkDone done;
  GPtrArray *items; /* ResultsItem */
  guint waiting, failed;
  GString *groups;
  char *problem;
} Bulk;

static void
bulk_free (Bulk *bulk)
{
  g_object_unref (bulk->page);
  g_object_unref (bulk->context);
  g_free (bulk->patient);
  g_ptr_array_unref (bulk->items);
  g_string_free (bulk->groups, TRUE);
  g_free (bulk->problem);
  g_free (bulk);
}

static void
end_bulk (Bulk *bulk)
{
  guint n = bulk->items->len - bulk->failed;
  g_autofree char *words =
      g_strdup_printf (ngettext ("%u result reviewed", "%u results reviewed", n), n);

  if (bulk->failed > 0)
    bulk->done (bulk->page, bulk->problem, NULL);
  if (n > 0)
    bulk->done (bulk->page, words, bulk->groups->str);
  bulk_free (bulk);
}

static void
bulk_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Bulk *bulk = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *group = care_review_write_finish (result, &error);

  if (group)
    g_string_append_printf (bulk->groups, "%s ", group);
  else
    {
      bulk->failed++;
      g_set_str (&bulk->problem, error->message);
    }
  if (--bulk->waiting == 0)
    end_bulk (bulk);
}

static void
bulk_confirmed_cb (GObject *dialog, GAsyncResult *answer, gpointer data)
{
  Bulk *bulk = data;
  const char *response = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (dialog), answer);

  if (g_strcmp0 (response, "review") != 0)
    {
      bulk_free (bulk);
      return;
    }
  bulk->waiting = bulk->items->len;
  for (guint i = 0; i < bulk->items->len; i++)
    {
      const CareResult *result = results_item_get_result (bulk->items->pdata[i]);
      g_autofree char *stamp = care_result_dup_stamp (result);
      CareReviewRequest request = {
        bulk->patient, result->reference, stamp, CARE_REVIEW_DONE, NULL, NULL,
      };

      care_review_write_async (bulk->context, &request, bulk_written_cb, bulk);
    }
}

static char *
dup_bulk_words (const GPtrArray *items, guint n_red)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      const CareResult *result = results_item_get_result (items->pdata[i]);
      g_autofree char *value = results_dup_value (result);

      g_string_append_printf (words, "%s: %s\n", result->name, value);
    }
  if (n_red > 0)
    g_string_append_printf (
        words,
        ngettext ("\n%u critical result is not among them: it is answered by itself.",
                  "\n%u critical results are not among them: each is answered by itself.", n_red),
        n_red);
  return g_string_free_and_steal (g_steal_pointer (&words));
}

/**
 * results_bulk_ask:
 * @model: (element-type ResultsItem): what is listed
 * @done: called with a sentence, and with what can be undone, or NULL where it failed
 *
 * Asks whether all that may be answered at once was reviewed, names each with its value, and writes
 * it.
 */
void
results_bulk_ask (GtkWidget *page,
                  CareContext *context,
                  const char *patient_id,
                  GListModel *model,
                  ResultsBulkDone done)
{
  guint n_red = 0;
  GPtrArray *items = results_model_dup_bulk (model, &n_red);
  g_autofree char *words = dup_bulk_words (items, n_red);
  g_autofree char *heading = g_strdup_printf (ngettext ("Mark %u Result as Reviewed?",
                                                        "Mark %u Results as Reviewed?", items->len),
                                              items->len);
  AdwDialog *dialog = adw_alert_dialog_new (heading, words);
  Bulk *bulk = g_new0 (Bulk, 1);

  bulk->page = g_object_ref (page);
  bulk->context = g_object_ref (context);
  bulk->patient = g_strdup (patient_id);
  bulk->done = done;
  bulk->items = items;
  bulk->groups = g_string_new (NULL);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "review",
                                  _ ("_Mark as Reviewed"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "review",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (dialog), page, NULL, bulk_confirmed_cb, bulk);
  workspace_alert_wrap (dialog, page);
}

/* ---- taking it back ---- */

typedef struct
{
  GtkWidget *page;
  ResultsBulkDone done;
} Undo;

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Undo *undo = data;
  g_autoptr (GtkWidget) page = undo->page;
  g_autoptr (GError) error = NULL;

  if (!care_review_undo_finish (result, &error))
    undo->done (page, error->message, NULL);
}

/* @groups: one or several, with a space between; @done hears of each that cannot be taken back. */
void
results_bulk_undo (GtkWidget *page, CareContext *context, const char *groups, ResultsBulkDone done)
{
  g_auto (GStrv) list = g_strsplit (groups, " ", -1);

  for (char **group = list; *group; group++)
    {
      Undo *undo;

      if (**group == '\0')
        continue;
      undo = g_new0 (Undo, 1);
      undo->page = g_object_ref (page);
      undo->done = done;
      care_review_undo_async (context, *group, undone_cb, undo);
    }
}
