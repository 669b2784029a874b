/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-server.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "store-search.h"
#include "store-setting.h"
#include "sync-setting.h"

/* A server may be emptied, set back to an older day, or replaced by another at the same address.
 * Nothing follows from that for the records here: they are not taken away, and the server is not
 * filled from here. A person decides. */

#define SUSPECT "sync.suspect"
#define ACCEPTED                                                                                   \
  "sync.accepted" /* the store's sequence at which a person said that it is right                  \
                   */
#define GENERATION "sync.generation"
#define BATCH      1000u

/* The words on disk, by suspicion. Append only. */
static const char *const words[] = { "", "1", "2" };

SyncSuspicion
sync_server_get_suspicion (StoreConnection *connection)
{
  g_autofree char *text = store_setting_get (connection, SUSPECT);

  for (guint i = SYNC_SUSPICION_LOST; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (text, words[i]) == 0)
      return i;
  return SYNC_SUSPICION_NONE;
}

/**
 * sync_server_get_generation:
 *
 * Returns: (transfer full) (nullable): the name that the server gave to the records it had when a
 *   person, or the first reading, took it for the right one
 */
char *
sync_server_get_generation (StoreConnection *connection)
{
  return store_setting_get (connection, GENERATION);
}

gboolean
sync_server_set_generation (StoreConnection *connection, const char *generation, GError **error)
{
  g_autofree char *stands = sync_server_get_generation (connection);

  return g_strcmp0 (stands, generation) == 0 ||
         store_setting_set (connection, GENERATION, generation, error);
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
sync_server_get_sentence (SyncSuspicion suspicion)
{
  switch (suspicion)
    {
    case SYNC_SUSPICION_LOST:
      return _ ("The server no longer has most of the patients that are kept here. It may have "
                "been emptied, set back or replaced. Nothing is read from it or sent to it until "
                "somebody has looked; everything on this computer is kept.");
    case SYNC_SUSPICION_SET_BACK:
      return _ ("The server has gone back to an earlier day: it no longer knows changes that it "
                "had taken. A back-up was probably restored. Nothing is read from it or sent to it "
                "until somebody has looked; everything on this computer is kept.");
    case SYNC_SUSPICION_NONE:
      break;
    }
  return "";
}

/**
 * sync_server_find_suspicion:
 * @sentence: of an error
 *
 * Returns: which of them it tells
 */
SyncSuspicion
sync_server_find_suspicion (const char *sentence)
{
  for (SyncSuspicion i = SYNC_SUSPICION_LOST; i <= SYNC_SUSPICION_SET_BACK; i++)
    if (strcmp (sentence, sync_server_get_sentence (i)) == 0)
      return i;
  return SYNC_SUSPICION_NONE;
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
sync_server_suspect (SyncContext *context, SyncSuspicion suspicion, GError **error)
{
  if (store_database_write (context->store, BASE_LANE_BATCH, write_suspect,
                            (gpointer) words[suspicion], error))
    net_error_set_protocol (error, FALSE, "%s", sync_server_get_sentence (suspicion));
  return FALSE;
}

typedef struct
{
  SyncSuspicion suspicion;
  char *generation;
} Trust;

static gboolean
read_trust (StoreConnection *connection, gpointer data, GError **error)
{
  Trust *trust = data;

  trust->suspicion = sync_server_get_suspicion (connection);
  trust->generation = sync_server_get_generation (connection);
  return TRUE;
}

/**
 * sync_server_is_trusted:
 *
 * From here on each request says which records it is meant for.
 *
 * Returns: FALSE with @error set where a person has to decide first
 */
gboolean
sync_server_is_trusted (SyncContext *context, GError **error)
{
  Trust trust = { 0 };

  if (!store_database_read (context->store, read_trust, &trust, error))
    return FALSE;
  net_fhir_client_set_store (context->client, trust.generation);
  g_free (trust.generation);
  if (trust.suspicion != SYNC_SUSPICION_NONE)
    net_error_set_protocol (error, FALSE, "%s", sync_server_get_sentence (trust.suspicion));
  return trust.suspicion == SYNC_SUSPICION_NONE;
}

typedef struct
{
  const char *const *types;
  const char *generation; /* NULL: the server gives none */
} Accept;

static gboolean
accept (StoreConnection *connection, gpointer data, GError **error)
{
  Accept *job = data;
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
  for (guint i = 0; job->types[i] != NULL; i++)
    if (!sync_setting_set_cursor (connection, job->types[i], NULL, error))
      return FALSE;
  return (job->generation == NULL ||
          sync_server_set_generation (connection, job->generation, error)) &&
         store_setting_set (connection, ACCEPTED, text, error) &&
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
  g_autofree char *generation = sync_capability_dup_generation (context->capability);
  Accept job = { types, generation };

  if (!store_database_write (context->store, BASE_LANE_PERSON, accept, &job, error))
    return FALSE;
  net_fhir_client_set_store (context->client, generation);
  return TRUE;
}
