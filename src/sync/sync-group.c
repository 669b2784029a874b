/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-group.h"

#include <string.h>

#include "fhir-reference.h"
#include "store-resource.h"
#include "sync-reference.h"

/* The outbox as groups, and which one goes next: prescriptions and other high priorities first, in
 * order within one patient and along references. What is set aside blocks only what depends on it.
 */

#define OPEN_MAX       10000u
#define REST_MAX_US    (10 * G_USEC_PER_SEC)
#define BULKY_BYTES    (128u * 1024) /* a second at 1 Mbit/s */
#define REMEMBERED_MAX 256u
#define URGENT         10 /* as care gives to a prescription */

void
sync_group_free (SyncGroup *group)
{
  g_free (group->name);
  g_ptr_array_unref (group->entries);
  g_hash_table_unref (group->needs);
  g_free (group);
}

static SyncGroupState
read_state (const StoreJournalEntry *entry)
{
  if (strcmp (entry->state, "waiting") == 0)
    return SYNC_GROUP_WAITING;
  if (strcmp (entry->state, "refused") == 0)
    return SYNC_GROUP_REFUSED;
  if (strcmp (entry->state, "held") != 0)
    return SYNC_GROUP_UNKNOWN;
  if (g_strcmp0 (entry->reason, SYNC_REASON_UNDO) == 0 ||
      (entry->reason != NULL && g_str_has_prefix (entry->reason, SYNC_REASON_UNTIL)))
    return SYNC_GROUP_RESTING;
  if (entry->reason != NULL && g_str_has_prefix (entry->reason, SYNC_REASON_CONFLICT))
    return SYNC_GROUP_CONFLICT;
  return SYNC_GROUP_REVIEW;
}

static gint64
read_rest (const StoreJournalEntry *entry)
{
  if (g_str_has_prefix (entry->reason, SYNC_REASON_UNTIL))
    return g_ascii_strtoll (entry->reason + strlen (SYNC_REASON_UNTIL), NULL, 10);
  return entry->created_us + REST_MAX_US;
}

static void
add_entry (SyncGroup *group, StoreJournalEntry *entry)
{
  SyncGroupState state = read_state (entry);

  g_ptr_array_add (group->entries, entry);
  group->state = MAX (group->state, state);
  group->singly |= entry->reason != NULL && g_str_has_prefix (entry->reason, SYNC_REASON_SENT) &&
                   g_str_has_suffix (entry->reason, SYNC_REASON_SINGLY);
  group->priority = MAX (group->priority, entry->priority);
  if (group->first == 0 || entry->sequence < group->first)
    group->first = entry->sequence;
  if (group->created_us == 0 || entry->created_us < group->created_us)
    group->created_us = entry->created_us;
  if (state == SYNC_GROUP_RESTING)
    group->rests_until = MAX (group->rests_until, read_rest (entry));
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const StoreJournalEntry *left = *(StoreJournalEntry *const *) a;
  const StoreJournalEntry *right = *(StoreJournalEntry *const *) b;

  return (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const SyncGroup *left = *(SyncGroup *const *) a;
  const SyncGroup *right = *(SyncGroup *const *) b;

  return (left->first > right->first) - (left->first < right->first);
}

static gboolean
collect (StoreConnection *connection,
         const char *state,
         GHashTable *by_name,
         GPtrArray *groups,
         GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, state, OPEN_MAX, error);

  if (entries == NULL)
    return FALSE;
  g_ptr_array_set_free_func (entries, NULL);
  for (guint i = 0; i < entries->len; i++)
    {
      StoreJournalEntry *entry = entries->pdata[i];
      SyncGroup *group = g_hash_table_lookup (by_name, entry->group);

      if (group == NULL)
        {
          group = g_new0 (SyncGroup, 1);
          group->name = g_strdup (entry->group);
          group->entries =
              g_ptr_array_new_with_free_func ((GDestroyNotify) store_journal_entry_free);
          group->needs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
          g_hash_table_insert (by_name, group->name, group);
          g_ptr_array_add (groups, group);
        }
      add_entry (group, entry);
    }
  return TRUE;
}

/* A cancellation is never kept back; an order is. */
static gboolean
orders_medicine (FhirResource *resource)
{
  static const char *const ended[] = { "cancelled", "stopped", "completed", "entered-in-error",
                                       NULL };
  const char *status = fhir_resource_path_text (resource, "status");

  return strcmp (fhir_resource_get_type (resource), "MedicationRequest") == 0 &&
         !(status != NULL && g_strv_contains (ended, status));
}

/* An order, or its cancellation, and whatever is marked as urgent. */
static gboolean
is_urgent (FhirResource *resource)
{
  static const char *const urgent[] = { "urgent", "asap", "stat", NULL };
  const char *priority = fhir_resource_path_text (resource, "priority");

  return strcmp (fhir_resource_get_type (resource), "MedicationRequest") == 0 ||
         (priority != NULL && g_strv_contains (urgent, priority));
}

/* What counts of a resource for its place in the outbox. */
typedef struct
{
  GHashTable *needs;
  gboolean orders, urgent;
  gsize bytes;
} Facts;

static void
facts_free (gpointer data)
{
  Facts *facts = data;

  g_hash_table_unref (facts->needs);
  g_free (facts);
}

static Facts *
facts_new (FhirResource *resource)
{
  Facts *facts = g_new0 (Facts, 1);

  facts->needs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sync_reference_collect (fhir_resource_get_root (resource), facts->needs);
  facts->orders = orders_medicine (resource);
  facts->urgent = is_urgent (resource);
  fhir_resource_get_text (resource, &facts->bytes);
  return facts;
}

static void
take_facts (SyncGroup *group, const Facts *facts, gsize *bytes)
{
  GHashTableIter iter;
  gpointer reference;

  g_hash_table_iter_init (&iter, facts->needs);
  while (g_hash_table_iter_next (&iter, &reference, NULL))
    g_hash_table_add (group->needs, g_strdup (reference));
  group->prescribes |= facts->orders;
  if (facts->urgent)
    group->priority = MAX (group->priority, URGENT);
  *bytes += facts->bytes;
}

/* A large file is read from the disk once for each change of it, and not each time that somebody
 * looks at the outbox: a prescription would wait for that. Any thread. */
static GMutex remembered_mutex;
static GHashTable *remembered; /* what names the change → Facts, of large resources only */

static char *
name_change (const StoreJournalEntry *entry)
{
  return g_strdup_printf ("%s/%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, entry->type, entry->id,
                          entry->sequence, entry->created_us);
}

static gboolean
recall (SyncGroup *group, const char *change, gsize *bytes)
{
  const Facts *facts;

  g_mutex_lock (&remembered_mutex);
  facts = remembered != NULL ? g_hash_table_lookup (remembered, change) : NULL;
  if (facts != NULL)
    take_facts (group, facts, bytes);
  g_mutex_unlock (&remembered_mutex);
  return facts != NULL;
}

static void
remember (const char *change, Facts *facts)
{
  g_mutex_lock (&remembered_mutex);
  if (remembered == NULL)
    remembered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, facts_free);
  if (g_hash_table_size (remembered) >= REMEMBERED_MAX)
    g_hash_table_remove_all (remembered);
  g_hash_table_replace (remembered, g_strdup (change), facts);
  g_mutex_unlock (&remembered_mutex);
}

static void
look_into (StoreConnection *connection, SyncGroup *group, GHashTable *newest)
{
  gsize bytes = 0;

  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      g_autofree char *reference = g_strdup_printf ("%s/%s", entry->type, entry->id);
      g_autofree char *change = name_change (g_hash_table_lookup (newest, reference));
      g_autoptr (FhirResource) resource = NULL;
      Facts *facts;

      if (recall (group, change, &bytes))
        continue;
      resource = store_resource_get (connection, entry->type, entry->id, NULL);
      if (resource == NULL)
        continue;
      facts = facts_new (resource);
      take_facts (group, facts, &bytes);
      if (facts->bytes > BULKY_BYTES)
        remember (change, facts);
      else
        facts_free (facts);
    }
  if (bytes > BULKY_BYTES && !group->prescribes)
    group->lane = SYNC_LANE_BULKY;
  /* An order that waited for its prescriber and was cancelled instead: as a cancellation it may go.
   */
  if (group->state == SYNC_GROUP_REVIEW && !group->prescribes)
    group->state = SYNC_GROUP_WAITING;
}

/* "Type/id" → the newest entry that changes it */
static GHashTable *
list_newest (GPtrArray *groups)
{
  GHashTable *newest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];

      for (guint j = 0; j < group->entries->len; j++)
        {
          StoreJournalEntry *entry = group->entries->pdata[j];
          char *reference = g_strdup_printf ("%s/%s", entry->type, entry->id);
          StoreJournalEntry *other = g_hash_table_lookup (newest, reference);

          if (other == NULL || other->sequence < entry->sequence)
            g_hash_table_replace (newest, reference, entry);
          else
            g_free (reference);
        }
    }
  return newest;
}

/**
 * sync_group_list:
 *
 * Returns: (transfer full) (nullable): every group that is not done, oldest first
 */
GPtrArray *
sync_group_list (StoreConnection *connection, GError **error)
{
  static const char *const states[] = { "waiting", "sending", "unknown", "held", "refused" };
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func ((GDestroyNotify) sync_group_free);
  g_autoptr (GHashTable) newest = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (!collect (connection, states[i], by_name, groups, error))
      return NULL;
  g_ptr_array_sort (groups, compare_groups);
  newest = list_newest (groups);
  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];

      g_ptr_array_sort (group->entries, compare_entries);
      look_into (connection, group, newest);
    }
  return g_steal_pointer (&groups);
}

/* Whether @later can only be understood by a server that has @earlier. */
static gboolean
depends_on (SyncGroup *later, SyncGroup *earlier)
{
  for (guint i = 0; i < earlier->entries->len; i++)
    {
      StoreJournalEntry *entry = earlier->entries->pdata[i];
      g_autofree char *reference = g_strdup_printf ("%s/%s", entry->type, entry->id);

      if (sync_group_touches (later, entry->type, entry->id) ||
          (entry->verb == STORE_JOURNAL_CREATE && g_hash_table_contains (later->needs, reference)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
shares_lane (SyncGroup *a, SyncGroup *b)
{
  for (guint i = 0; i < a->entries->len; i++)
    for (guint j = 0; j < b->entries->len; j++)
      if (g_strcmp0 (((StoreJournalEntry *) a->entries->pdata[i])->lane,
                     ((StoreJournalEntry *) b->entries->pdata[j])->lane) == 0)
        return TRUE;
  return FALSE;
}

static gboolean
is_blocked (GPtrArray *groups, guint position)
{
  SyncGroup *group = groups->pdata[position];

  for (guint i = 0; i < position; i++)
    {
      SyncGroup *earlier = groups->pdata[i];
      gboolean moving =
          earlier->state == SYNC_GROUP_WAITING || earlier->state == SYNC_GROUP_UNKNOWN;

      /* A file on its way keeps nothing back but other files, and what cannot do without it. */
      moving = moving && (earlier->lane == SYNC_LANE_ORDINARY || group->lane == SYNC_LANE_BULKY);
      if ((moving && shares_lane (group, earlier)) || depends_on (group, earlier))
        return TRUE;
    }
  return FALSE;
}

/* The clock may have been set back since the rest began, so a rest also ends by the monotonic
 * clock:
 * @resting remembers when each group was first seen resting. */
static gint64
rest_left (SyncGroup *group, GHashTable *resting, gint64 now, gint64 monotonic)
{
  gint64 *seen = g_hash_table_lookup (resting, group->name);

  if (seen == NULL)
    {
      seen = g_memdup2 (&monotonic, sizeof monotonic);
      g_hash_table_insert (resting, g_strdup (group->name), seen);
    }
  return MIN (group->rests_until - now, *seen + REST_MAX_US - monotonic);
}

/**
 * sync_group_choose:
 * @groups: from sync_group_list()
 * @lane: whose worker asks
 * @resting: group name → monotonic µs (gint64) until which it is left alone after a fault; a group
 *   that rests for its undo is added
 * @now: µs
 * @monotonic: µs
 * @wake: (inout): monotonic µs at which to look again, lowered where something only waits for time
 *
 * Returns: (transfer none) (nullable): the group to send now
 */
SyncGroup *
sync_group_choose (GPtrArray *groups,
                   SyncLane lane,
                   GHashTable *resting,
                   gint64 now,
                   gint64 monotonic,
                   gint64 *wake)
{
  SyncGroup *best = NULL;

  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];
      gint64 *until = g_hash_table_lookup (resting, group->name);
      gint64 left = 0;

      if (group->lane != lane || group->state > SYNC_GROUP_UNKNOWN || is_blocked (groups, i))
        continue;
      if (group->state == SYNC_GROUP_RESTING)
        left = rest_left (group, resting, now, monotonic);
      else if (until != NULL)
        left = *until - monotonic;
      if (left > 0)
        *wake = MIN (*wake, monotonic + left);
      else if (best == NULL || group->priority > best->priority)
        best = group;
    }
  return best;
}

/* (nullable) */
SyncGroup *
sync_group_find (GPtrArray *groups, const char *name)
{
  for (guint i = 0; i < groups->len; i++)
    if (strcmp (((SyncGroup *) groups->pdata[i])->name, name) == 0)
      return groups->pdata[i];
  return NULL;
}

void
sync_group_count (GPtrArray *groups, SyncCounts *counts)
{
  *counts = (SyncCounts) { 0 };
  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];

      if (group->state == SYNC_GROUP_REFUSED)
        counts->refused++;
      else if (group->state == SYNC_GROUP_CONFLICT)
        counts->conflicts++;
      else if (group->state == SYNC_GROUP_REVIEW)
        counts->held++;
      else
        counts->waiting++;
      if (group->state <= SYNC_GROUP_UNKNOWN &&
          (counts->since == 0 || group->created_us < counts->since))
        counts->since = group->created_us;
    }
}

gboolean
sync_group_set_state (StoreConnection *connection,
                      SyncGroup *group,
                      const char *state,
                      const char *reason,
                      GError **error)
{
  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];

      if (!store_journal_set_state (connection, entry->sequence, state, reason, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
sync_group_touches (SyncGroup *group, const char *type, const char *id)
{
  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];

      if (strcmp (entry->type, type) == 0 && strcmp (entry->id, id) == 0)
        return TRUE;
    }
  return FALSE;
}

const char *
sync_group_get_patient (SyncGroup *group)
{
  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];

      if (entry->patient != NULL)
        return entry->patient;
    }
  return NULL;
}

const char *
sync_group_get_reason (SyncGroup *group)
{
  StoreJournalEntry *entry = group->entries->pdata[0];

  return entry->reason;
}

/**
 * sync_group_open_resources:
 *
 * Returns: (transfer full): "Type/id" → the newest open group that changes it
 */
GHashTable *
sync_group_open_resources (GPtrArray *groups)
{
  GHashTable *open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];

      for (guint j = 0; j < group->entries->len; j++)
        {
          StoreJournalEntry *entry = group->entries->pdata[j];

          g_hash_table_replace (open, g_strdup_printf ("%s/%s", entry->type, entry->id), group);
        }
    }
  return open;
}
