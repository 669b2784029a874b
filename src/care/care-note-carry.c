/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "care-command.h"
#include "care-document.h"
#include "care-note.h"
#include "care-summary-private.h"
#include "fhir-concept.h"
#include "store-resource.h"

/* Carrying the last note forward. What was true then may be no longer: each line of it is marked,
 * and whose it is and of when stands before it. */

#define PROGRESS_NOTE "11506-3"

static gboolean
may_be_carried (FhirResource *document)
{
  const char *status = fhir_resource_path_text (document, "docStatus");

  return !care_chart_is_opaque (document) && !care_chart_is_error (document) &&
         g_strcmp0 (fhir_resource_path_text (document, "status"), "current") == 0 &&
         (g_strcmp0 (status, "final") == 0 || g_strcmp0 (status, "amended") == 0) &&
         fhir_concept_has_code (fhir_resource_path (document, "type"), CARE_SYSTEM_LOINC,
                                PROGRESS_NOTE) &&
         g_str_has_prefix (fhir_resource_path_text (document, "content.0.attachment.contentType")
                               ?: "",
                           "text/plain");
}

/* (transfer none) (nullable) */
static FhirResource *
find_last (GPtrArray *documents)
{
  FhirResource *last = NULL;
  gint64 newest = G_MININT64;

  for (guint i = 0; i < documents->len; i++)
    {
      gint64 when = care_chart_time (fhir_resource_path_text (documents->pdata[i], "date"));

      if (may_be_carried (documents->pdata[i]) && (!last || when > newest))
        {
          last = documents->pdata[i];
          newest = when;
        }
    }
  return last;
}

static char *
mark (const CareDocument *note, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *body = g_strjoinv ("\n> ", lines);
  g_autofree char *head =
      g_strdup_printf (_ ("[Carried forward from the note of %s by %s:]"),
                       note->date ? note->date : _ ("a day that is not recorded"),
                       note->author ? note->author : _ ("somebody who is not recorded"));

  return g_strdup_printf ("%s\n> %s\n%s\n", head, body, _ ("[End of what was carried forward]"));
}

/**
 * care_note_carry_forward:
 *
 * Returns: (transfer full) (nullable): the patient's last signed note, marked line by line; NULL
 *   with an error where there is none that can be read
 */
char *
care_note_carry_forward (StoreConnection *connection,
                         CareContext *context,
                         const char *patient_id,
                         GError **error)
{
  g_autoptr (GPtrArray) documents =
      store_resource_list (connection, patient_id, "DocumentReference", error);
  FhirResource *last = documents ? find_last (documents) : NULL;
  g_autofree char *reference = last ? fhir_resource_dup_reference (last) : NULL;
  g_autoptr (CareDocument) note = NULL;
  g_autofree char *text = NULL;

  if (!documents)
    return NULL;
  if (reference)
    note = care_document_load (connection, reference, care_context_get_clock (context), error);
  if (reference && !note)
    return NULL;
  if (!note || !note->bytes || note->damaged)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("There is no signed note that could be carried forward."));
      return NULL;
    }
  text = g_utf8_make_valid (g_bytes_get_data (note->bytes, NULL),
                            (gssize) g_bytes_get_size (note->bytes));
  return mark (note, g_strchomp (text));
}

static gboolean
carry_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_free;
  command->result =
      care_note_carry_forward (connection, command->context, command->texts[0], error);
  return command->result != NULL;
}

void
care_note_carry_forward_async (CareContext *context,
                               const char *patient_id,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  care_command_read (care_command_new (context, carry_work, patient_id, NULL),
                     care_context_get_store (context), care_note_carry_forward_async, NULL,
                     callback, user_data);
}

char *
care_note_carry_forward_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
