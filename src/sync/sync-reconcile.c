/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-reconcile.h"

#include <string.h>

#include "fhir-reference.h"
#include "net-error.h"
#include "store-search.h"
#include "sync-apply.h"
#include "sync-cursor.h"
#include "sync-group.h"
#include "sync-pull.h"
#include "sync-server.h"
#include "sync-setting.h"

/* A search never shows deletions. Where the server keeps a history it is read from there; else the
 * ids that it lists are compared with those that are here. Either way a record goes only after the
 * server, asked for it by name, has said that it is not there; and never one with unsent changes.
 */

#define PAGE_SIZE  "500"
#define ALL_IDS    "%s?_elements=id&_count=" PAGE_SIZE
#define PAGES_MAX  10000u
#define ASK_STEP   10u /* questions in one step */
#define ASK_TRIAL  50u /* so many without a deletion among them: the list was not complete */
#define GONE_MIN   10u /* so many, and a fifth of all: a person should look first */
#define GONE_SHARE 5u
#define BATCH      1000u

static void
end_type (SyncReconcile *self)
{
  g_clear_pointer (&self->next, g_free);
  g_clear_pointer (&self->high, g_free);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->missing, g_ptr_array_unref);
  self->begun = self->changes = FALSE;
  g_clear_pointer (&self->deleted, g_ptr_array_unref);
  self->pages = self->asked = self->held = 0;
}

void
sync_reconcile_clear (SyncReconcile *self)
{
  end_type (self);
  g_clear_pointer (&self->types, g_strfreev);
  self->position = 0;
}

typedef struct
{
  SyncReconcile *self;
  const char *type;
} Held;

/* The records of this type that came from the server, without those that have unsent changes. */
static gboolean
list_missing (StoreConnection *connection, gpointer data, GError **error)
{
  Held *job = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  g_autoptr (GHashTable) open = groups != NULL ? sync_group_open_resources (groups) : NULL;
  gint64 sequence = sync_server_get_accepted (connection);
  guint count = BATCH;

  while (open != NULL && count == BATCH)
    {
      g_autoptr (GPtrArray) changes = store_changes_since (connection, sequence, BATCH, error);

      if (changes == NULL)
        return FALSE;
      count = changes->len;
      for (guint i = 0; i < count; i++)
        {
          StoreChange *change = changes->pdata[i];
          g_autofree char *reference = g_strdup_printf ("%s/%s", change->type, change->id);

          sequence = change->sequence;
          if (change->deleted || strcmp (change->type, job->type) != 0)
            continue;
          job->self->held++;
          if (!g_hash_table_contains (job->self->ids, change->id) &&
              !g_hash_table_contains (open, reference))
            g_ptr_array_add (job->self->missing, g_strdup (change->id));
        }
    }
  return open != NULL;
}

static gboolean
read_history_mark (StoreConnection *connection, gpointer data, GError **error)
{
  Held *job = data;

  job->self->high = sync_setting_get_history (connection, job->type);
  job->self->changes = job->self->high != NULL;
  /* What was deleted up to here, comparing lists finds; what is deleted later, the history. */
  if (job->self->high == NULL)
    job->self->high = sync_pull_dup_newest (connection, job->type);
  return TRUE;
}

/* With some overlap: deletions are stamped by a clock that may have been put back a little. */
static char *
dup_since (const char *high)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) instant = g_date_time_new_from_iso8601 (high, utc);
  g_autoptr (GDateTime) earlier =
      instant != NULL ? g_date_time_add (instant, -SYNC_FIRST_OVERLAP_US) : NULL;
  g_autofree char *text = earlier != NULL ? g_date_time_format_iso8601 (earlier) : g_strdup (high);

  return g_uri_escape_string (text, NULL, FALSE);
}

static gboolean
begin_type (SyncContext *context, SyncReconcile *self, const char *type, GError **error)
{
  Held job = { .self = self, .type = type };
  g_autofree char *since = NULL;

  end_type (self);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->missing = g_ptr_array_new_with_free_func (g_free);
  self->deleted = g_ptr_array_new_with_free_func (g_free);
  self->begun = TRUE;
  if (!store_database_read (context->store, read_history_mark, &job, error))
    return FALSE;
  self->changes = self->changes && sync_capability_get (context->capability, SYNC_FEATURE_HISTORY,
                                                        type) == SYNC_ANSWER_YES;
  since = self->changes ? dup_since (self->high) : NULL;
  self->next = self->changes
                   ? g_strdup_printf ("%s/_history?_since=%s&_count=" PAGE_SIZE, type, since)
                   : g_strdup_printf (ALL_IDS, type);
  return TRUE;
}

/* The server's words, so that no clock of ours comes in. */
static void
raise_high (SyncReconcile *self, const char *instant)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) left = instant != NULL ? g_date_time_new_from_iso8601 (instant, utc) : NULL;
  g_autoptr (GDateTime) right =
      self->high != NULL ? g_date_time_new_from_iso8601 (self->high, utc) : NULL;

  if (left != NULL && (right == NULL || g_date_time_compare (left, right) > 0))
    g_set_str (&self->high, instant);
}

static void
take_history_entry (SyncReconcile *self, const FhirElement *entry, const char *type)
{
  const char *url = fhir_element_path_text (entry, "request.url");
  g_autofree char *of_type = NULL;
  g_autofree char *id = NULL;

  raise_high (self, fhir_element_path_text (entry, "response.lastModified"));
  raise_high (self, fhir_element_path_text (entry, "resource.meta.lastUpdated"));
  if (g_strcmp0 (fhir_element_path_text (entry, "request.method"), "DELETE") == 0 && url != NULL &&
      fhir_reference_split (url, &of_type, &id) && strcmp (of_type, type) == 0)
    g_ptr_array_add (self->missing, g_steal_pointer (&id));
}

static void
take_list_entry (SyncReconcile *self, const FhirElement *entry, const char *type)
{
  const char *id = fhir_element_path_text (entry, "resource.id");

  if (id != NULL && g_strcmp0 (fhir_element_path_text (entry, "resource.resourceType"), type) == 0)
    g_hash_table_add (self->ids, g_strdup (id));
}

/* The server's clock says less than it did: what it deletes now looks older than what is known. */
static gboolean
is_put_back (SyncContext *context, SyncReconcile *self)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) high = g_date_time_new_from_iso8601 (self->high, utc);
  gint64 now = net_fhir_client_get_server_time (context->client);

  return high != NULL && now != 0 && now < g_date_time_to_unix_usec (high) - SYNC_OVERLAP_US;
}

static gboolean
compare_instead (SyncContext *context, SyncReconcile *self, const char *type)
{
  g_autoptr (GDateTime) now =
      g_date_time_new_from_unix_utc_usec (net_fhir_client_get_server_time (context->client));

  self->changes = FALSE;
  self->pages = 0;
  g_free (self->high);
  self->high = g_date_time_format_iso8601 (now);
  g_free (self->next);
  self->next = g_strdup_printf (ALL_IDS, type);
  return TRUE;
}

static gboolean
read_page (SyncContext *context, SyncReconcile *self, const char *type, GError **error)
{
  g_autoptr (FhirResource) page =
      net_fhir_client_page (context->client, self->next, context->cancellable, error);
  const char *next;
  Held job = { .self = self, .type = type };

  if (page == NULL)
    return FALSE;
  if (self->changes && is_put_back (context, self))
    return compare_instead (context, self, type);
  fhir_element_foreach (entry, fhir_resource_path (page, "entry"))
    if (self->changes)
      take_history_entry (self, entry, type);
    else
      take_list_entry (self, entry, type);
  next = net_fhir_bundle_get_next (page);
  if (next != NULL && g_strcmp0 (next, self->next) == 0)
    next = NULL;
  g_set_str (&self->next, next);
  if (++self->pages > PAGES_MAX)
    {
      net_error_set_protocol (error, FALSE, "The server's pages have no end.");
      return FALSE;
    }
  return self->next != NULL || self->changes ||
         store_database_read (context->store, list_missing, &job, error);
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_GONE) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND);
}

/* A fifth of what is here at once is no clinic's day. */
static gboolean
is_too_many (SyncReconcile *self)
{
  return !self->changes && self->deleted->len >= GONE_MIN &&
         self->deleted->len * GONE_SHARE > self->held;
}

static gboolean
ask (SyncContext *context, SyncReconcile *self, const char *type, GError **error)
{
  for (guint i = 0; i < ASK_STEP && self->asked < self->missing->len; i++)
    {
      const char *id = self->missing->pdata[self->asked];
      g_autoptr (GError) problem = NULL;
      g_autoptr (FhirResource) resource =
          net_fhir_client_read (context->client, type, id, context->cancellable, &problem);

      if (resource == NULL && is_gone (problem))
        g_ptr_array_add (self->deleted, g_strdup_printf ("%s/%s", type, id));
      else if (resource == NULL && !g_error_matches (problem, NET_ERROR, NET_ERROR_FORBIDDEN))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      self->asked++;
    }
  if (self->asked >= ASK_TRIAL && self->deleted->len == 0)
    self->asked = self->missing->len;
  return is_too_many (self) ? sync_server_suspect (context, SYNC_SUSPICION_LOST, error) : TRUE;
}

static gboolean
apply (SyncContext *context, SyncReconcile *self, GError **error)
{
  g_autoptr (GPtrArray) resources = g_ptr_array_new ();
  SyncApply deletions = { .resources = resources, .deleted = self->deleted };

  return self->deleted->len == 0 || sync_apply (context->store, &deletions, error);
}

static gboolean
write_history_mark (StoreConnection *connection, gpointer data, GError **error)
{
  Held *job = data;

  return sync_setting_set_history (connection, job->type, job->self->high, error);
}

static gboolean
finish_type (SyncContext *context, SyncReconcile *self, const char *type, GError **error)
{
  Held job = { .self = self, .type = type };

  if (!apply (context, self, error))
    return FALSE;
  if (self->high != NULL &&
      !store_database_write (context->store, BASE_LANE_BATCH, write_history_mark, &job, error))
    return FALSE;
  end_type (self);
  self->position++;
  return TRUE;
}

/* This type cannot be listed like that; the others can. */
static gboolean
may_pass_over (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_FORBIDDEN) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_GONE) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_REFUSED);
}

static gboolean
step (SyncContext *context, SyncReconcile *self, const char *type, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gboolean ok;

  if (!self->begun && !begin_type (context, self, type, error))
    return FALSE;
  if (self->next != NULL)
    {
      ok = read_page (context, self, type, &problem);
      if (!ok && may_pass_over (problem))
        {
          end_type (self);
          self->position++;
          return TRUE;
        }
      if (!ok)
        g_propagate_error (error, g_steal_pointer (&problem));
      if (!ok || self->next != NULL || self->missing->len > 0)
        return ok;
    }
  return self->asked < self->missing->len ? ask (context, self, type, error)
                                          : finish_type (context, self, type, error);
}

typedef struct
{
  GHashTable *held; /* types of which there is something here */
} Types;

static gboolean
list_held (StoreConnection *connection, gpointer data, GError **error)
{
  Types *types = data;
  gint64 sequence = 0;
  guint count = BATCH;

  while (count == BATCH)
    {
      g_autoptr (GPtrArray) changes = store_changes_since (connection, sequence, BATCH, error);

      if (changes == NULL)
        return FALSE;
      count = changes->len;
      for (guint i = 0; i < count; i++)
        {
          StoreChange *change = changes->pdata[i];

          sequence = change->sequence;
          if (!change->deleted && !g_hash_table_contains (types->held, change->type))
            g_hash_table_add (types->held, g_strdup (change->type));
        }
    }
  return TRUE;
}

/* Only what is here can be gone there. */
static gboolean
begin_pass (SyncContext *context, SyncReconcile *self, GError **error)
{
  g_autoptr (GHashTable) held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) all = NULL;
  g_autoptr (GStrvBuilder) types = g_strv_builder_new ();
  Types job = { .held = held };

  if (!sync_server_check (context, FALSE, error))
    return FALSE;
  all = sync_pull_list_types (context, error);
  if (all == NULL || !store_database_read (context->store, list_held, &job, error))
    return FALSE;
  for (guint i = 0; all[i] != NULL; i++)
    if (g_hash_table_contains (held, all[i]))
      g_strv_builder_add (types, all[i]);
  self->types = g_strv_builder_end (types);
  return TRUE;
}

/**
 * sync_reconcile_step:
 * @self: kept from step to step; begins a pass where it is empty
 * @finished: (out): the pass is over
 *
 * Blocks for one page, or a few questions.
 */
gboolean
sync_reconcile_step (SyncContext *context, SyncReconcile *self, gboolean *finished, GError **error)
{
  *finished = FALSE;
  if (self->types == NULL)
    return begin_pass (context, self, error);
  if (self->types[self->position] != NULL &&
      !step (context, self, self->types[self->position], error))
    return FALSE;
  *finished = self->types[self->position] == NULL;
  if (*finished)
    sync_reconcile_clear (self);
  return TRUE;
}
