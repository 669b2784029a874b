/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-server.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "net-error.h"
#include "store-resource.h"
#include "store-search.h"
#include "store-setting.h"
#include "sync-group.h"
#include "sync-setting.h"

/* A server may be emptied, set back to an older day, or replaced by another at the same address.
 * Nothing follows from that for the records here: they are not taken away, and the server is not
 * filled from here. A person decides. */

#define SUSPECT "sync.suspect"
#define ACCEPTED                                                                                   \
  "sync.accepted" /* the store's sequence at which a person said that it is right                  \
                   */
#define SAMPLE      20u
#define SAMPLE_MIN  3u
#define BATCH       1000u
#define BATCHES     10u /* at most so far is looked for patients */
#define SET_BACK_US (60 * G_USEC_PER_SEC)

gboolean
sync_server_is_suspect (StoreConnection *connection)
{
  g_autofree char *text = store_setting_get (connection, SUSPECT);

  return g_strcmp0 (text, "1") == 0;
}

/**
 * sync_server_get_accepted:
 *
 * Returns: the store's sequence after which a record is known to be from the server as it is now;
 * 0: all are
 */
gint64
sync_server_get_accepted (StoreConnection *connection)
{
  g_autofree char *text = store_setting_get (connection, ACCEPTED);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

const char *
sync_server_get_sentence (void)
{
  return _ ("The server no longer has most of the patients that are kept here. It may have been "
            "emptied, set back or replaced. Nothing is read from it or sent to it until somebody "
            "has looked; everything on this computer is kept.");
}

static gboolean
write_suspect (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, SUSPECT, data, error);
}

/**
 * sync_server_suspect:
 *
 * Stops reading and sending until a person decides.
 *
 * Returns: FALSE, with @error set to the sentence for that person
 */
gboolean
sync_server_suspect (SyncContext *context, GError **error)
{
  if (store_database_write (context->store, BASE_LANE_BATCH, write_suspect, (gpointer) "1", error))
    net_error_set_protocol (error, FALSE, "%s", sync_server_get_sentence ());
  return FALSE;
}

static gboolean
read_suspect (StoreConnection *connection, gpointer data, GError **error)
{
  *(gboolean *) data = sync_server_is_suspect (connection);
  return TRUE;
}

/**
 * sync_server_is_trusted:
 *
 * Returns: FALSE with @error set where a person has to decide first
 */
gboolean
sync_server_is_trusted (SyncContext *context, GError **error)
{
  gboolean suspect = FALSE;

  if (!store_database_read (context->store, read_suspect, &suspect, error))
    return FALSE;
  if (suspect)
    net_error_set_protocol (error, FALSE, "%s", sync_server_get_sentence ());
  return !suspect;
}

/* Patients that came from this server. */
typedef struct
{
  GPtrArray *patients; /* FhirResource */
  gboolean suspect;
} Sample;

static gboolean
take_sample (StoreConnection *connection, gpointer data, GError **error)
{
  Sample *sample = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  g_autoptr (GHashTable) open = groups != NULL ? sync_group_open_resources (groups) : NULL;
  gint64 sequence = sync_server_get_accepted (connection);
  guint count = BATCH;

  sample->suspect = sync_server_is_suspect (connection);
  for (guint batch = 0; open != NULL && batch < BATCHES && count == BATCH; batch++)
    {
      g_autoptr (GPtrArray) changes = store_changes_since (connection, sequence, BATCH, error);

      if (changes == NULL)
        return FALSE;
      count = changes->len;
      for (guint i = 0; i < count && sample->patients->len < SAMPLE; i++)
        {
          StoreChange *change = changes->pdata[i];
          g_autofree char *reference = g_strdup_printf ("%s/%s", change->type, change->id);
          FhirResource *patient = !change->deleted && strcmp (change->type, "Patient") == 0 &&
                                          !g_hash_table_contains (open, reference)
                                      ? store_resource_get (connection, "Patient", change->id, NULL)
                                      : NULL;

          if (patient != NULL)
            g_ptr_array_add (sample->patients, patient);
        }
      sequence = count > 0 ? ((StoreChange *) changes->pdata[count - 1])->sequence : sequence;
    }
  return open != NULL;
}

static gint64
instant_of (FhirResource *resource)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  const char *text = fhir_resource_get_updated (resource);
  g_autoptr (GDateTime) instant = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return instant != NULL ? g_date_time_to_unix_usec (instant) : 0;
}

/* One question for all of them; @found: id → the server's version of those that came. */
static gboolean
ask_for_all (SyncContext *context, GPtrArray *patients, GHashTable *found, GError **error)
{
  g_autoptr (GString) query = g_string_new ("_count=50&_id=");
  g_autoptr (FhirResource) bundle = NULL;

  for (guint i = 0; i < patients->len; i++)
    g_string_append_printf (query, "%s%s", i > 0 ? "," : "",
                            fhir_resource_get_id (patients->pdata[i]));
  bundle = net_fhir_client_search (context->client, "Patient", query->str, TRUE,
                                   context->cancellable, error);
  if (bundle == NULL)
    return FALSE;
  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    {
      const FhirElement *element = fhir_element_get (entry, "resource");
      FhirResource *resource =
          element != NULL ? fhir_resource_new_from_element (element, NULL) : NULL;

      if (resource != NULL && fhir_resource_get_id (resource) != NULL)
        g_hash_table_replace (found, g_strdup (fhir_resource_get_id (resource)), resource);
      else if (resource != NULL)
        fhir_resource_unref (resource);
    }
  return TRUE;
}

/* It has never heard of it. One that was deleted is answered with 410 by most servers; so a few of
 * those that did not come are asked for by name. */
static gboolean
is_unheard_of (SyncContext *context, const char *id, gboolean *unheard, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (FhirResource) resource =
      net_fhir_client_read (context->client, "Patient", id, context->cancellable, &problem);

  *unheard = resource == NULL && g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND);
  if (resource != NULL || *unheard || g_error_matches (problem, NET_ERROR, NET_ERROR_GONE) ||
      g_error_matches (problem, NET_ERROR, NET_ERROR_FORBIDDEN))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
judge (SyncContext *context, GPtrArray *patients, GHashTable *found, guint *strange, GError **error)
{
  for (guint i = 0; i < patients->len; i++)
    {
      FhirResource *here = patients->pdata[i];
      FhirResource *there = g_hash_table_lookup (found, fhir_resource_get_id (here));
      gboolean unheard = FALSE;

      if (there == NULL && !is_unheard_of (context, fhir_resource_get_id (here), &unheard, error))
        return FALSE;
      /* An older version than the one that is here: the server was set back. */
      if (unheard || (there != NULL && instant_of (there) != 0 &&
                      instant_of (here) - instant_of (there) > SET_BACK_US))
        ++*strange;
    }
  return TRUE;
}

/**
 * sync_server_check:
 *
 * Asks the server for a few of the patients that came from it.
 *
 * Returns: FALSE with @error set where it has most of them no longer, or a person has not decided
 *   yet what that means, or where it cannot be asked now
 */
gboolean
sync_server_check (SyncContext *context, GError **error)
{
  g_autoptr (GPtrArray) patients =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GHashTable) found =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);
  Sample sample = { .patients = patients };
  g_autoptr (GError) problem = NULL;
  guint strange = 0;

  if (!store_database_read (context->store, take_sample, &sample, error))
    return FALSE;
  if (sample.suspect)
    {
      net_error_set_protocol (error, FALSE, "%s", sync_server_get_sentence ());
      return FALSE;
    }
  if (patients->len < SAMPLE_MIN)
    return TRUE;
  if (!ask_for_all (context, patients, found, &problem) &&
      !g_error_matches (problem, NET_ERROR, NET_ERROR_REFUSED) &&
      !g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND) &&
      !g_error_matches (problem, NET_ERROR, NET_ERROR_FORBIDDEN))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (!judge (context, patients, found, &strange, error))
    return FALSE;
  return strange * 2 > patients->len ? sync_server_suspect (context, error) : TRUE;
}

static gboolean
accept (StoreConnection *connection, gpointer data, GError **error)
{
  const char *const *types = data;
  g_autofree char *text = NULL;
  gint64 sequence = sync_server_get_accepted (connection);
  guint count = BATCH;

  while (count == BATCH)
    {
      g_autoptr (GPtrArray) changes = store_changes_since (connection, sequence, BATCH, error);

      if (changes == NULL)
        return FALSE;
      count = changes->len;
      if (count > 0)
        sequence = ((StoreChange *) changes->pdata[count - 1])->sequence;
    }
  text = g_strdup_printf ("%" G_GINT64_FORMAT, sequence);
  for (guint i = 0; types[i] != NULL; i++)
    if (!sync_setting_set_cursor (connection, types[i], NULL, error))
      return FALSE;
  return store_setting_set (connection, ACCEPTED, text, error) &&
         store_setting_set (connection, SUSPECT, "", error);
}

/**
 * sync_server_accept:
 * @types: whose reading begins again
 *
 * A person said that this is the right server. What is here and not there stays here.
 */
gboolean
sync_server_accept (SyncContext *context, const char *const *types, GError **error)
{
  return store_database_write (context->store, BASE_LANE_PERSON, accept, (gpointer) types, error);
}
