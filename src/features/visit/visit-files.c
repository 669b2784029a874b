/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-files.h"

#include <glib/gi18n.h>

#include "care-document.h"
#include "care-visit-async.h"
#include "care-visit-log.h"
#include "visit-controller-private.h"
#include "visit-files-words.h"
#include "workspace-sharing.h"

/* Files between clinician and patient, and what the patient is shown. Nothing of a file is stored
 * before the clinician says so; then it goes the way of every document. */

#define FATE         "visit-file-fate"
#define REFERENCE    "visit-file-reference"
#define SETTLING     "visit-file-settling"
#define UNDO_SECONDS 10

/* A file, and the visit that it came in, while something is asked of the disk. */
typedef struct
{
  VisitController *controller;
  MediaTransfer *transfer;
  char *encounter;
} Errand;

static Errand *
errand_new (VisitController *controller, MediaTransfer *transfer)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->controller = g_object_ref (controller);
  errand->transfer = transfer != NULL ? g_object_ref (transfer) : NULL;
  errand->encounter = g_strdup (controller->encounter);
  return errand;
}

static void
errand_free (Errand *errand)
{
  g_object_unref (errand->controller);
  g_clear_object (&errand->transfer);
  g_free (errand->encounter);
  g_free (errand);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

/* A file that is in the chart and can be taken back for a moment. It hangs on the file: when that
 * goes first, with its visit, the file stays in the chart. */
typedef struct
{
  CareContext *context;
  GWeakRef controller;
  char *encounter; /* the visit that the file came in */
  char *title;
  guint source;
  gboolean taken_back;
} Settling;

static VisitExchange *
get_exchange (VisitController *self)
{
  return self->line != NULL ? visit_line_get_exchange (self->line) : NULL;
}

/* (nullable) */
MediaTransfers *
visit_files_get_transfers (VisitController *self)
{
  VisitExchange *exchange = get_exchange (self);

  return exchange != NULL ? visit_exchange_get_transfers (exchange) : NULL;
}

/* Whether files pass now. */
gboolean
visit_files_is_possible (VisitController *self)
{
  VisitExchange *exchange = get_exchange (self);

  return exchange != NULL && visit_exchange_is_open (exchange);
}

static void
fail (VisitController *self, const char *sentence)
{
  g_signal_emit_by_name (self, "failed", sentence);
}

/* @user_data: (nullable): nobody, where the window is closed */
static void
logged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_visit_command_finish (result, &error))
    return;
  if (self != NULL)
    fail (self, error->message);
  else
    g_message ("The course of a visit was not written: %s", error->message);
}

static void
write_log (VisitController *self, CareVisitLogKind kind, const char *title)
{
  if (self->encounter != NULL)
    care_visit_log_async (self->context, self->encounter, kind, title, logged_cb,
                          g_object_ref (self));
}

/* ---- what became of a file ---- */

VisitFileFate
visit_files_get_fate (MediaTransfer *transfer)
{
  return (VisitFileFate) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (transfer), FATE));
}

static void
set_fate (VisitController *self, MediaTransfer *transfer, VisitFileFate fate)
{
  g_object_set_data (G_OBJECT (transfer), FATE, GINT_TO_POINTER (fate));
  g_signal_emit_by_name (transfer, "changed");
  g_signal_emit_by_name (self, "changed");
}

/**
 * visit_files_is_open:
 *
 * Returns: whether a file is on its way, waits for a word, or can be taken back: it belongs before
 *   the clinician's eyes
 */
gboolean
visit_files_is_open (MediaTransfer *transfer)
{
  VisitFileFate fate = visit_files_get_fate (transfer);

  if (media_transfer_is_card (transfer))
    return FALSE;
  if (!media_transfer_is_over (transfer))
    return TRUE;
  return media_transfer_is_incoming (transfer) &&
         media_transfer_get_state (transfer) == MEDIA_TRANSFER_DONE &&
         (fate == VISIT_FILE_NEW || fate == VISIT_FILE_ADDING || fate == VISIT_FILE_ADDED ||
          fate == VISIT_FILE_UNDOING);
}

/* ---- what comes ---- */

/* How many files of the patient's wait for a word. */
guint
visit_files_count_new (VisitController *self)
{
  MediaTransfers *transfers = visit_files_get_transfers (self);
  GListModel *list = transfers != NULL ? media_transfers_get_list (transfers) : NULL;
  guint count = 0;

  for (guint i = 0; list != NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MediaTransfer) transfer = g_list_model_get_item (list, i);

      count += media_transfer_is_incoming (transfer) &&
               media_transfer_get_state (transfer) == MEDIA_TRANSFER_DONE &&
               visit_files_get_fate (transfer) == VISIT_FILE_NEW;
    }
  return count;
}

static void
arrived_cb (VisitController *self, MediaTransfer *transfer)
{
  g_autofree char *sentence = NULL;

  if (visit_files_get_fate (transfer) != VISIT_FILE_NEW)
    return;
  sentence = g_strdup_printf (_ ("The patient sent “%s”: it is in the chat."),
                              media_transfer_get_name (transfer));
  g_signal_emit_by_name (self, "notice", sentence);
}

/* Only now is it sure that the file stays in the chart, and the course of the visit says so. */
static void
settling_free (gpointer data)
{
  Settling *settling = data;

  g_clear_handle_id (&settling->source, g_source_remove);
  if (!settling->taken_back && settling->encounter != NULL)
    care_visit_log_async (settling->context, settling->encounter, CARE_VISIT_LOG_FILE_KEPT,
                          settling->title, logged_cb, g_weak_ref_get (&settling->controller));
  g_weak_ref_clear (&settling->controller);
  g_object_unref (settling->context);
  g_free (settling->encounter);
  g_free (settling->title);
  g_free (settling);
}

static gboolean
settle_cb (gpointer data)
{
  Settling *settling = g_object_get_data (data, SETTLING);

  settling->source = 0;
  if (visit_files_get_fate (data) != VISIT_FILE_ADDED)
    return G_SOURCE_REMOVE; /* who takes it back at this moment settles it */
  g_object_set_data (data, FATE, GINT_TO_POINTER (VISIT_FILE_SETTLED));
  g_object_set_data (data, SETTLING, NULL);
  g_signal_emit_by_name (data, "changed");
  return G_SOURCE_REMOVE;
}

static void
settle_later (Errand *errand)
{
  Settling *settling = g_new0 (Settling, 1);

  settling->context = g_object_ref (errand->controller->context);
  g_weak_ref_init (&settling->controller, errand->controller);
  settling->encounter = g_strdup (errand->encounter);
  settling->title = g_strdup (media_transfer_get_name (errand->transfer));
  settling->source = g_timeout_add_seconds (UNDO_SECONDS, settle_cb, errand->transfer);
  g_object_set_data_full (G_OBJECT (errand->transfer), SETTLING, settling, settling_free);
}

static void
settle_now (MediaTransfer *transfer, gboolean taken_back)
{
  Settling *settling = g_object_get_data (G_OBJECT (transfer), SETTLING);

  settling->taken_back = taken_back;
  g_object_set_data (G_OBJECT (transfer), SETTLING, NULL);
}

static void
attached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_document_attach_finish (result, &error);
  MediaTransfers *transfers = visit_files_get_transfers (errand->controller);

  if (reference == NULL)
    {
      set_fate (errand->controller, errand->transfer, VISIT_FILE_NEW);
      fail (errand->controller, error->message);
      return;
    }
  g_object_set_data_full (G_OBJECT (errand->transfer), REFERENCE, g_steal_pointer (&reference),
                          g_free);
  settle_later (errand);
  set_fate (errand->controller, errand->transfer, VISIT_FILE_ADDED);
  if (transfers != NULL)
    media_transfers_tell_kept (transfers, errand->transfer, TRUE);
}

/**
 * visit_files_add_to_chart:
 *
 * Makes a document of this patient's chart of what the patient sent.
 */
void
visit_files_add_to_chart (VisitController *self, MediaTransfer *transfer)
{
  CareAttachment attachment = {
    .patient_id = workspace_patient_get_id (self->patient),
    .encounter_id = self->encounter,
    .title = media_transfer_get_name (transfer),
    .content_type = media_file_kind_to_mime (media_transfer_get_kind (transfer)),
    .bytes = media_transfer_get_bytes (transfer),
    .sensitivity = visit_files_get_sensitivity (transfer),
    .from_patient = TRUE,
  };

  if (visit_files_get_fate (transfer) != VISIT_FILE_NEW || attachment.bytes == NULL ||
      !media_transfer_is_incoming (transfer))
    return;
  set_fate (self, transfer, VISIT_FILE_ADDING);
  care_document_attach_async (self->context, &attachment, attached_cb, errand_new (self, transfer));
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  MediaTransfers *transfers = visit_files_get_transfers (errand->controller);

  if (!care_document_undo_finish (result, &error))
    {
      settle_now (errand->transfer, FALSE);
      set_fate (errand->controller, errand->transfer, VISIT_FILE_SETTLED);
      fail (errand->controller, error->message);
      return;
    }
  settle_now (errand->transfer, TRUE);
  set_fate (errand->controller, errand->transfer, VISIT_FILE_NEW);
  if (transfers != NULL)
    media_transfers_tell_kept (transfers, errand->transfer, FALSE);
}

/* Takes it out of the chart again, while it has not left; once, however often that is asked. */
void
visit_files_undo (VisitController *self, MediaTransfer *transfer)
{
  const char *reference = g_object_get_data (G_OBJECT (transfer), REFERENCE);

  if (visit_files_get_fate (transfer) != VISIT_FILE_ADDED || reference == NULL)
    return;
  set_fate (self, transfer, VISIT_FILE_UNDOING);
  care_document_undo_async (self->context, reference, undone_cb, errand_new (self, transfer));
}

/**
 * visit_files_drop:
 *
 * Refuses what comes, cancels what is sent; of what has come the bytes are let go.
 */
void
visit_files_drop (VisitController *self, MediaTransfer *transfer)
{
  MediaTransfers *transfers = visit_files_get_transfers (self);

  if (transfers == NULL)
    return;
  if (media_transfer_get_state (transfer) != MEDIA_TRANSFER_DONE)
    {
      media_transfers_cancel (transfers, transfer);
      return;
    }
  if (!media_transfer_is_incoming (transfer) || visit_files_get_fate (transfer) != VISIT_FILE_NEW)
    return;
  media_transfers_tell_kept (transfers, transfer, FALSE);
  media_transfers_let_go (transfers, transfer);
  set_fate (self, transfer, VISIT_FILE_DROPPED);
}

/* ---- what is sent ---- */

static void
sent_changed_cb (MediaTransfer *transfer, VisitController *self)
{
  if (media_transfer_get_state (transfer) != MEDIA_TRANSFER_DONE)
    return;
  g_signal_handlers_disconnect_by_func (transfer, sent_changed_cb, self);
  write_log (self, CARE_VISIT_LOG_FILE_SENT, media_transfer_get_name (transfer));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *shown = g_filename_display_name (name);
  MediaTransfers *transfers = visit_files_get_transfers (self);
  MediaTransfer *transfer;
  MediaWhy why;

  if (bytes == NULL || transfers == NULL)
    {
      fail (self, bytes == NULL ? error->message : _ ("Not sent: the visit is over."));
      return;
    }
  transfer = media_transfers_send (transfers, shown, bytes, &why);
  if (transfer == NULL)
    fail (self, visit_files_words_of_own (why));
  else
    g_signal_connect_object (transfer, "changed", G_CALLBACK (sent_changed_cb), self, 0);
}

static void
queried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (info == NULL)
    fail (self, error->message);
  else if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR ||
           g_file_info_get_size (info) > (goffset) MEDIA_FILE_MAX)
    fail (self, visit_files_words_of_own (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR
                                              ? MEDIA_WHY_SIZE
                                              : MEDIA_WHY_KIND));
  else
    g_file_load_bytes_async (G_FILE (source), self->cancellable, loaded_cb, g_object_ref (self));
}

/**
 * visit_files_send:
 *
 * Offers a file of this computer to the patient. Its size is looked at before it is read.
 */
void
visit_files_send (VisitController *self, GFile *file)
{
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                           G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, self->cancellable,
                           queried_cb, g_object_ref (self));
}

/* ---- what is shown ---- */

static MediaTransfer *
get_card (VisitController *self)
{
  MediaTransfers *transfers = visit_files_get_transfers (self);

  return transfers != NULL ? media_transfers_get_card (transfers) : NULL;
}

/* (nullable): the title of what the patient is shown */
const char *
visit_files_get_shown (VisitController *self)
{
  MediaTransfer *card = get_card (self);

  return card != NULL ? media_transfer_get_name (card) : NULL;
}

static void
card_changed_cb (MediaTransfer *card, VisitController *self)
{
  switch (media_transfer_get_state (card))
    {
    case MEDIA_TRANSFER_DONE:
      if (g_object_get_data (G_OBJECT (card), FATE) == NULL)
        write_log (self, CARE_VISIT_LOG_SHOWN, media_transfer_get_name (card));
      g_object_set_data (G_OBJECT (card), FATE, card);
      break;
    case MEDIA_TRANSFER_CANCELLED:
      if (g_object_get_data (G_OBJECT (card), FATE) != NULL)
        write_log (self, CARE_VISIT_LOG_HIDDEN, media_transfer_get_name (card));
      break;
    case MEDIA_TRANSFER_REFUSED:
      fail (self, _ ("The patient’s page cannot show this."));
      visit_files_stop_showing (self);
      break;
    case MEDIA_TRANSFER_WAITING:
    case MEDIA_TRANSFER_OFFERED:
    case MEDIA_TRANSFER_RUNNING:
    case MEDIA_TRANSFER_LOST:
      break;
    }
}

/* Another patient's card never gets this far; were it to, it ends here (H23). */
static void
show_cb (VisitController *self, WorkspaceCard *card)
{
  MediaTransfers *transfers = visit_files_get_transfers (self);
  MediaTransfer *shown;
  MediaWhy why;

  if (g_strcmp0 (workspace_card_get_patient_id (card), workspace_patient_get_id (self->patient)) !=
          0 ||
      !visit_files_is_possible (self))
    return;
  shown =
      media_transfers_show (transfers, workspace_card_get_title (card),
                            workspace_card_get_date (card), workspace_card_get_bytes (card), &why);
  if (shown == NULL)
    fail (self, _ ("This is too large to be shown to the patient."));
  else
    g_signal_connect_object (shown, "changed", G_CALLBACK (card_changed_cb), self, 0);
}

void
visit_files_stop_showing (VisitController *self)
{
  MediaTransfer *card = get_card (self);

  if (card != NULL)
    media_transfers_cancel (visit_files_get_transfers (self), card);
}

static void
stopped_cb (VisitController *self, MediaTransfer *card)
{
  g_autofree char *sentence =
      g_strdup_printf (_ ("The patient stopped showing “%s”."), media_transfer_get_name (card));

  g_signal_emit_by_name (self, "notice", sentence);
}

/* ---- hooks of the controller ---- */

/* A line was made. */
void
visit_files_watch (VisitController *self)
{
  VisitExchange *exchange = get_exchange (self);
  WorkspaceSharing *sharing = workspace_sharing_of (self->patient);

  g_signal_connect_object (exchange, "arrived", G_CALLBACK (arrived_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (exchange, "stopped", G_CALLBACK (stopped_cb), self, G_CONNECT_SWAPPED);
  g_signal_handlers_disconnect_by_data (sharing, self);
  g_signal_connect_object (sharing, "show", G_CALLBACK (show_cb), self, G_CONNECT_SWAPPED);
}

/* Tells the pages whether something can be shown. */
void
visit_files_update (VisitController *self)
{
  workspace_sharing_set (workspace_sharing_of (self->patient), visit_files_is_possible (self),
                         visit_files_get_shown (self));
}
