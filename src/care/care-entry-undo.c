/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>

#include "care-prescription-private.h"
#include "fhir-reference.h"
#include "store-journal.h"
#include "store-resource.h"

/* Takes the newest change of an entry back, as long as it has not left this computer. */

/* The newest change of a resource that has not left. */
static const StoreJournalEntry *
find_newest (GPtrArray *entries, const char *type, const char *id)
{
  const StoreJournalEntry *newest = NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->type, type) && g_str_equal (entry->id, id) &&
          (!newest || entry->sequence > newest->sequence))
        newest = entry;
    }
  return newest;
}

static gboolean
has_left (const StoreJournalEntry *entry)
{
  return !care_journal_is_resting (entry) &&
         !(g_str_equal (entry->state, "waiting") && entry->attempts == 0);
}

/* Whether the newest change of @resource is here and nowhere else. */
gboolean
care_entry_can_undo (StoreConnection *connection, FhirResource *resource)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, NULL);
  const StoreJournalEntry *newest = entries
                                        ? find_newest (entries, fhir_resource_get_type (resource),
                                                       fhir_resource_get_id (resource))
                                        : NULL;

  return newest && !has_left (newest);
}

/* Puts one resource back to what it was before its change. */
static gboolean
withdraw (StoreConnection *connection,
          GPtrArray *entries,
          const StoreJournalEntry *entry,
          GError **error)
{
  g_auto (StorePut) put = { 0 };
  gboolean unsent_before = FALSE;

  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *other = entries->pdata[i];

      unsent_before |= other->sequence < entry->sequence &&
                       g_str_equal (other->type, entry->type) && g_str_equal (other->id, entry->id);
    }
  if (entry->verb == STORE_JOURNAL_CREATE)
    {
      if (!store_resource_delete (connection, entry->type, entry->id, NULL, &put, error))
        return FALSE;
    }
  else
    {
      g_autoptr (FhirResource) before =
          store_resource_get_version (connection, entry->type, entry->id, entry->base_version,
                                      error);

      /* As it came from the server, so that the next change names the server's version; unless an
       * earlier change of it waits as well. */
      if (!before || !store_resource_put (connection, before,
                                          unsent_before ? STORE_PUT_DEFAULT : STORE_PUT_KEEP_META,
                                          NULL, &put, error))
        return FALSE;
    }
  return store_journal_set_state (connection, entry->sequence, "done", "undone before it was sent",
                                  error);
}

/**
 * care_entry_undo:
 * @reference: what was changed last
 *
 * Takes the newest change back, as long as it has not left: CARE_ERROR_TOO_LATE after that.
 */
gboolean
care_entry_undo (StoreConnection *connection,
                 CareContext *context,
                 const char *reference,
                 GError **error)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  const StoreJournalEntry *newest = entries && fhir_reference_split (reference, &type, &id)
                                        ? find_newest (entries, type, id)
                                        : NULL;
  g_auto (CareWrite) write = { 0 };

  if (!entries)
    return FALSE;
  if (!newest || has_left (newest))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE,
                   _ ("It is on its way to the server and cannot be undone. Change it instead."));
      return FALSE;
    }
  care_write_init (&write, connection, context, newest->patient, CARE_PRIORITY_NORMAL);
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->group, newest->group) &&
          !withdraw (connection, entries, entry, error))
        return FALSE;
    }
  return care_write_audit (&write, "undo", reference, "entry", error);
}
