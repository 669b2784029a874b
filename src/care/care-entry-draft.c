/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry.h"

#include "care-typed.h"

/* What somebody is typing into the form of an entry, on disk with each pause of the typing. */

#define KIND "entry"

/**
 * care_entry_dup_draft_id:
 * @reference: (nullable): the entry that is changed; NULL for a new one
 *
 * Returns: (transfer full): the one draft that this author has for it
 */
char *
care_entry_dup_draft_id (CareContext *context,
                         CareEntryKind kind,
                         const char *patient_id,
                         const char *reference)
{
  return g_strdup_printf ("entry:%s:%s:%s", patient_id,
                          reference ? reference : care_entry_kind_get_type_name (kind),
                          care_context_get_user_reference (context));
}

/**
 * care_entry_save_draft_async:
 * @id: of care_entry_dup_draft_id ()
 */
void
care_entry_save_draft_async (CareContext *context,
                             const char *id,
                             const char *patient_id,
                             GHashTable *values,
                             const char *note,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_typed_save_async (context, KIND, id, patient_id, values, note, callback, user_data);
}

/**
 * care_entry_remove_draft_async:
 *
 * Forgets what was typed; nothing happens where nothing was.
 */
void
care_entry_remove_draft_async (CareContext *context,
                               const char *id,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  care_typed_remove_async (context, id, callback, user_data);
}

/**
 * care_entry_load_draft_async:
 *
 * In line behind what is being saved: a form that is opened again at once finds what it had.
 */
void
care_entry_load_draft_async (CareContext *context,
                             const char *id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_typed_load_async (context, id, cancellable, callback, user_data);
}

/**
 * care_entry_load_draft_finish:
 * @note: (out): the note that was being typed, or NULL
 *
 * Returns: (transfer full) (nullable): what was typed before; NULL where nothing was
 */
GHashTable *
care_entry_load_draft_finish (GAsyncResult *result, char **note)
{
  return care_typed_load_finish (result, note);
}
