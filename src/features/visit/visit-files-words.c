/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-files-words.h"

#include <glib/gi18n.h>

/* How a file of a visit stands, in words. */

static const char *
words_of_why (MediaTransfer *transfer)
{
  gboolean incoming = media_transfer_is_incoming (transfer);

  switch (media_transfer_get_why (transfer))
    {
    case MEDIA_WHY_SIZE:
      return _ ("Refused: a file may have up to 20 MB and must not be empty.");
    case MEDIA_WHY_KIND:
      return _ ("Refused: only PDF, JPEG, PNG and plain text pass.");
    case MEDIA_WHY_CONTENT:
      return _ ("Refused: the file is not what its name says.");
    case MEDIA_WHY_HASH:
      return _ ("Refused: the file was damaged on the way.");
    case MEDIA_WHY_MANY:
      return _ ("Refused: too many files in one visit.");
    case MEDIA_WHY_ORDER:
      return _ ("Refused: the patient’s page sent more than it was asked for.");
    case MEDIA_WHY_DECLINED:
    case MEDIA_WHY_NONE:
      break;
    }
  return incoming ? _ ("You refused this file.") : _ ("The patient did not want this file.");
}

/* Nobody was asked whether what is on a picture is intimate (H22): the patient sent it, and whoever
 * reads the chart on the patient's behalf must not find it there by itself. */
CareSensitivity
visit_files_get_sensitivity (MediaTransfer *transfer)
{
  return media_transfer_get_kind (transfer) == MEDIA_FILE_TEXT ? CARE_SENSITIVITY_ORDINARY
                                                               : CARE_SENSITIVITY_SENSITIVE;
}

static const char *
words_of_added (MediaTransfer *transfer)
{
  return visit_files_get_sensitivity (transfer) == CARE_SENSITIVITY_SENSITIVE
             ? _ ("In the chart, as sent by the patient in a visit. It stays in the clinic until "
                  "it is released.")
             : _ ("In the chart, as sent by the patient in a visit.");
}

static const char *
words_of_done (MediaTransfer *transfer)
{
  if (!media_transfer_is_incoming (transfer))
    return _ ("The patient has it until the visit ends, and can save it.");
  switch (visit_files_get_fate (transfer))
    {
    case VISIT_FILE_NEW:
      return _ ("From the patient. It is in no chart yet.");
    case VISIT_FILE_ADDING:
      return _ ("Being added to the chart…");
    case VISIT_FILE_ADDED:
    case VISIT_FILE_SETTLED:
      return words_of_added (transfer);
    case VISIT_FILE_UNDOING:
      return _ ("Being taken out of the chart…");
    case VISIT_FILE_DROPPED:
      return _ ("Not kept. The patient’s page says so.");
    }
  return "";
}

/* (transfer full): how a file stands, in words */
char *
visit_files_dup_words (MediaTransfer *transfer)
{
  g_autofree char *size = g_format_size (media_transfer_get_size (transfer));
  g_autofree char *moved = g_format_size (media_transfer_get_moved (transfer));

  switch (media_transfer_get_state (transfer))
    {
    case MEDIA_TRANSFER_WAITING:
      return g_strdup (_ ("Waits for the connection to the patient."));
    case MEDIA_TRANSFER_OFFERED:
      return g_strdup (_ ("The patient is asked whether to receive it."));
    case MEDIA_TRANSFER_RUNNING:
      /* Translators: both are sizes, as in “1.2 MB of 3 MB” */
      return g_strdup_printf (_ ("%s of %s"), moved, size);
    case MEDIA_TRANSFER_DONE:
      /* Translators: a size, and a sentence about a file */
      return g_strdup_printf (_ ("%s · %s"), size, words_of_done (transfer));
    case MEDIA_TRANSFER_REFUSED:
      return g_strdup (words_of_why (transfer));
    case MEDIA_TRANSFER_CANCELLED:
      return g_strdup (media_transfer_is_incoming (transfer) ? _ ("Cancelled.")
                                                             : _ ("You cancelled this file."));
    case MEDIA_TRANSFER_LOST:
      return g_strdup (_ ("The connection was interrupted. The patient’s page sends it again by "
                          "itself."));
    }
  return NULL;
}

/* Why a file of this computer is not sent. */
const char *
visit_files_words_of_own (MediaWhy why)
{
  return why == MEDIA_WHY_SIZE
             ? _ ("Not sent: a file may have up to 20 MB and must not be empty.")
             : _ ("Not sent: only PDF, JPEG, PNG and plain text in UTF-8 can be sent.");
}
