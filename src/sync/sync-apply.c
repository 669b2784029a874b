/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-apply.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-concept.h"
#include "store-resource.h"
#include "store-snapshot.h"
#include "sync-group.h"
#include "sync-instant.h"
#include "sync-reference.h"
#include "sync-setting.h"

/* Puts what the server sent into the store. What has unsent changes here is not overwritten: the
 * sending of those finds out. What changes a patient's safety while a prescription waits to leave,
 * stops that prescription (HAZARDS.md, H2): it happens in the same transaction, so no order of
 * events and no clock can slip a prescription past it. */

/* A batch holds the writer no longer than this, and lets a person's write go between. */
#define HOLD_US       (15 * 1000)
#define CHUNK_MIN     16u
#define OVERTAKING_US (60 * G_USEC_PER_SEC)

typedef struct
{
  SyncApply *apply;
  guint position; /* in resources, then in deleted */
  GPtrArray *groups;
  GHashTable *open;
  gint64 sequence; /* of the store, as the chunk before left it */
  gboolean moved;  /* somebody else wrote since the server was asked */
} Chunk;

static gboolean
bears_on_prescribing (FhirResource *before, FhirResource *after, const char *type)
{
  static const char *const watched[] = { "birthDate", "gender", "deceasedBoolean",
                                         "deceasedDateTime" };

  if (strcmp (type, "AllergyIntolerance") == 0 || strcmp (type, "Condition") == 0 ||
      strcmp (type, "MedicationRequest") == 0)
    return TRUE;
  if (strcmp (type, "Patient") != 0 || before == NULL || after == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      const FhirElement *was = fhir_resource_path (before, watched[i]);
      const FhirElement *is = fhir_resource_path (after, watched[i]);

      if (was == NULL || is == NULL ? was != is : !fhir_element_equal (was, is))
        return TRUE;
    }
  return FALSE;
}

static char *
describe (FhirResource *resource, gboolean deleted)
{
  const char *type = fhir_resource_get_type (resource);
  const char *code = strcmp (type, "MedicationRequest") == 0 ? "medicationCodeableConcept" : "code";
  g_autofree char *name = fhir_concept_dup_text (fhir_resource_path (resource, code));
  const char *kind = strcmp (type, "AllergyIntolerance") == 0  ? _ ("the allergies changed")
                     : strcmp (type, "MedicationRequest") == 0 ? _ ("the medicines changed")
                     : strcmp (type, "Condition") == 0         ? _ ("the problems changed")
                                                       : _ ("the patient's particulars changed");

  return g_strdup_printf (
      deleted ? _ ("Since you signed, %s on the server: %s was removed. Look again and sign anew.")
              : _ ("Since you signed, %s on the server: %s. Look again and sign anew."),
      kind, name != NULL ? name : _ ("see the chart"));
}

/* Only what has not left yet: waiting, or resting for its undo. */
static gboolean
hold_prescriptions (
    StoreConnection *connection, Chunk *chunk, FhirResource *news, gboolean deleted, GError **error)
{
  g_autofree char *patient = sync_reference_dup_patient (news);

  for (guint i = 0; patient != NULL && i < chunk->groups->len; i++)
    {
      SyncGroup *group = chunk->groups->pdata[i];
      g_autofree char *sentence = NULL;
      g_autofree char *reason = NULL;

      if ((group->state != SYNC_GROUP_WAITING && group->state != SYNC_GROUP_RESTING) ||
          !group->prescribes || g_strcmp0 (sync_group_get_patient (group), patient) != 0)
        continue;
      sentence = describe (news, deleted);
      reason = g_strconcat (SYNC_REASON_REVIEW, sentence, NULL);
      if (!sync_group_set_state (connection, group, "held", reason, error))
        return FALSE;
      group->state = SYNC_GROUP_REVIEW;
    }
  return TRUE;
}

/* The server moved on beside an open conflict: show the person what it says now. */
static gboolean
refresh_conflict (StoreConnection *connection,
                  SyncGroup *group,
                  FhirResource *theirs,
                  GError **error)
{
  if (group->state != SYNC_GROUP_CONFLICT)
    return TRUE;
  return sync_setting_set_theirs (connection, fhir_resource_get_type (theirs),
                                  fhir_resource_get_id (theirs), theirs, error);
}

/* An answer that was under way while a notice, or our own change, overtook it. Only where the two
 * are close: a server whose clock was set back must not be shut out for ever. */
static gboolean
is_overtaken (FhirResource *before, FhirResource *resource)
{
  gint64 stands = before != NULL ? sync_instant_of (before) : 0;
  gint64 came = sync_instant_of (resource);

  return stands != 0 && came != 0 && came < stands && stands - came < OVERTAKING_US;
}

/* Changed or deleted here after the server was asked. */
static gboolean
has_moved (StoreConnection *connection, FhirResource *resource, gint64 known)
{
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, fhir_resource_get_type (resource),
                              fhir_resource_get_id (resource), 1, NULL);

  return history != NULL && history->len > 0 &&
         ((StoreVersion *) history->pdata[0])->sequence > known;
}

/* Whether @resource may be older than what is here. The server's stamps cannot tell: its clock may
 * have been put back, and then what it says last looks older. What was asked for after the record
 * came here is newer than it, whatever stands in it. */
static gboolean
is_doubtful (StoreConnection *connection,
             Chunk *chunk,
             FhirResource *before,
             FhirResource *resource)
{
  SyncApply *apply = chunk->apply;
  gint64 stands = before != NULL ? sync_instant_of (before) : 0;
  gint64 came = sync_instant_of (resource);

  if (before != NULL &&
      g_strcmp0 (fhir_resource_get_version (before), fhir_resource_get_version (resource)) == 0)
    return FALSE;
  if (apply->notice)
    return stands != 0 && came != 0 && came <= stands;
  return chunk->moved && has_moved (connection, resource, apply->known);
}

static gboolean
put_one (StoreConnection *connection, Chunk *chunk, FhirResource *resource, GError **error)
{
  const char *type = fhir_resource_get_type (resource);
  const char *id = fhir_resource_get_id (resource);
  g_autofree char *key = g_strdup_printf ("%s/%s", type, id);
  g_autoptr (FhirResource) before = NULL;
  SyncGroup *open = g_hash_table_lookup (chunk->open, key);
  g_auto (StorePut) put = { 0 };
  const char *version = fhir_resource_get_version (resource);
  gsize length;

  if (open != NULL)
    return refresh_conflict (connection, open, resource, error);
  before = store_resource_get (connection, type, id, NULL);
  if (chunk->apply->insist || chunk->apply->doubtful == NULL)
    {
      if (is_overtaken (before, resource))
        return TRUE;
    }
  else if (is_doubtful (connection, chunk, before, resource))
    {
      g_ptr_array_add (chunk->apply->doubtful, g_steal_pointer (&key));
      return TRUE;
    }
  if (!store_resource_put (connection, resource, STORE_PUT_KEEP_META | STORE_PUT_SKIP_EQUAL, NULL,
                           &put, error))
    return FALSE;
  fhir_resource_get_text (resource, &length);
  if (length > SYNC_HEAVY_BYTES && !sync_setting_set_base (connection, type, id, NULL, NULL, error))
    return FALSE;
  if (put.unchanged)
    return TRUE;
  chunk->apply->changed++;
  /* The same version of the server with other words is our own change as the server wrote it down.
   */
  if (before != NULL && version != NULL &&
      g_strcmp0 (fhir_resource_get_version (before), version) == 0)
    return TRUE;
  return !bears_on_prescribing (before, resource, type) ||
         hold_prescriptions (connection, chunk, resource, FALSE, error);
}

static gboolean
delete_one (StoreConnection *connection, Chunk *chunk, const char *reference, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (reference, "/", 2);
  g_autoptr (FhirResource) before = NULL;

  if (g_strv_length (parts) != 2 || g_hash_table_contains (chunk->open, reference))
    return TRUE;
  before = store_resource_get (connection, parts[0], parts[1], NULL);
  if (before == NULL)
    return TRUE;
  if (!store_resource_delete (connection, parts[0], parts[1], NULL, NULL, error))
    return FALSE;
  chunk->apply->changed++;
  return strcmp (parts[0], "Patient") == 0 || !bears_on_prescribing (before, NULL, parts[0]) ||
         hold_prescriptions (connection, chunk, before, TRUE, error);
}

static gboolean
apply_chunk (StoreConnection *connection, gpointer data, GError **error)
{
  Chunk *chunk = data;
  SyncApply *apply = chunk->apply;
  guint total = apply->resources->len + apply->deleted->len;
  gint64 began = g_get_monotonic_time (), sequence;
  guint position = chunk->position;
  gboolean ok = TRUE;

  if (!store_snapshot_take (connection, &sequence, error))
    return FALSE;
  chunk->moved |= sequence != chunk->sequence;
  chunk->groups = sync_group_list (connection, error);
  if (chunk->groups == NULL)
    return FALSE;
  chunk->open = sync_group_open_resources (chunk->groups);
  for (; ok && position < total; position++)
    {
      guint stored = position - chunk->position;

      if (stored >= CHUNK_MIN &&
          (g_get_monotonic_time () - began > HOLD_US || store_connection_person_waits (connection)))
        break;
      if (position < apply->resources->len)
        ok = put_one (connection, chunk, apply->resources->pdata[position], error);
      else
        ok = delete_one (connection, chunk, apply->deleted->pdata[position - apply->resources->len],
                         error);
    }
  ok = ok && store_snapshot_take (connection, &chunk->sequence, error);
  if (ok && position == total && apply->cursor_type != NULL &&
      (apply->doubtful == NULL || apply->doubtful->len == 0))
    ok = sync_setting_set_cursor (connection, apply->cursor_type, apply->cursor, error);
  g_clear_pointer (&chunk->open, g_hash_table_unref);
  g_clear_pointer (&chunk->groups, g_ptr_array_unref);
  if (ok)
    chunk->position = position;
  return ok;
}

/**
 * sync_apply:
 *
 * Blocks, in transactions of a few milliseconds each. Whatever breaks off, the cursor moves only
 * when everything before it is stored, and nothing of it is in doubt: sync_search_put() asks for
 * that again.
 */
gboolean
sync_apply (StoreDatabase *store, SyncApply *apply, GError **error)
{
  Chunk chunk = { .apply = apply, .sequence = apply->known };
  guint total = apply->resources->len + apply->deleted->len;

  do
    if (!store_database_write (store, BASE_LANE_BATCH, apply_chunk, &chunk, error))
      return FALSE;
  while (chunk.position < total);
  return TRUE;
}
