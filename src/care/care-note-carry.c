/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "care-command.h"
#include "care-document.h"
#include "care-note-private.h"
#include "care-note.h"
#include "care-signed-note.h"
#include "care-summary-private.h"
#include "store-resource.h"

/* Carrying the last note forward. What was true then may be no longer: each line of it is marked,
 * and whose it is and of when stands before it. */

/* An addendum goes with its note, not by itself. */
static gboolean
may_be_carried (FhirResource *document)
{
  g_autofree char *appended = care_note_dup_appended (document);

  return care_note_is_signed (document) && !appended;
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

static void
append_marked (GString *out, const char *text)
{
  g_autofree char *stripped = g_strchomp (g_strdup (text));
  g_auto (GStrv) lines = g_strsplit (stripped, "\n", -1);
  g_autofree char *body = g_strjoinv ("\n> ", lines);

  g_string_append_printf (out, "> %s\n", body);
}

/* What was added to the note later may correct it, and is carried with it. */
static char *
mark (const CareSignedNote *note)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (out, _ ("[Carried forward from the note of %s by %s:]"),
                          note->when ? note->when : _ ("a day that is not recorded"),
                          note->author ? note->author : _ ("somebody who is not recorded"));
  g_string_append_c (out, '\n');
  append_marked (out, note->text);
  for (guint i = 0; i < note->addenda->len; i++)
    {
      const CareAddendum *addendum = note->addenda->pdata[i];

      g_string_append_printf (out, _ ("> [Added on %s by %s:]"),
                              addendum->when ? addendum->when : _ ("a day that is not recorded"),
                              addendum->author ? addendum->author
                                               : _ ("somebody who is not recorded"));
      g_string_append_c (out, '\n');
      append_marked (out, addendum->text);
    }
  g_string_append_printf (out, "%s\n", _ ("[End of what was carried forward]"));
  return g_string_free_and_steal (g_steal_pointer (&out));
}

/**
 * care_note_carry_forward:
 *
 * Returns: (transfer full) (nullable): the patient's last signed note with what was added to it,
 *   marked line by line; NULL with an error where there is none that can be read
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
  g_autoptr (CareDocument) document = NULL;
  g_autoptr (CareSignedNote) note = NULL;

  if (!documents)
    return NULL;
  if (reference)
    document = care_document_load (connection, reference, care_context_get_clock (context), error);
  if (reference && !document)
    return NULL;
  if (!document || !document->bytes || document->damaged)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("There is no signed note that could be carried forward."));
      return NULL;
    }
  note = care_signed_note_load (connection, reference, care_context_get_clock (context), error);
  return note ? mark (note) : NULL;
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
