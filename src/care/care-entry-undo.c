/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>

#include "care-journal.h"
#include "fhir-reference.h"

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

/* Whether the newest change of @resource is here and nowhere else. */
gboolean
care_entry_can_undo (StoreConnection *connection, FhirResource *resource)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, NULL);
  const StoreJournalEntry *newest = entries
                                        ? find_newest (entries, fhir_resource_get_type (resource),
                                                       fhir_resource_get_id (resource))
                                        : NULL;

  return newest && !care_journal_has_left (newest);
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
  if (!newest || care_journal_has_left (newest))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE,
                   _ ("It is on its way to the server and cannot be undone. Change it instead."));
      return FALSE;
    }
  care_write_init (&write, connection, context, newest->patient, CARE_PRIORITY_NORMAL);
  return care_journal_withdraw (connection, entries, newest->group, error) &&
         care_write_audit (&write, "undo", reference, "entry", error);
}
