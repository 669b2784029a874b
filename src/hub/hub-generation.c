/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-generation.h"

#include "store-setting.h"

/* Which life of the records this is. A restored back-up counts its versions on from where it
 * stands, so that "version 4" is soon another text than the one that a workstation knows by that
 * name: If-Match would let it write over what it never saw. Therefore the records carry a name that
 * a restore changes; a client that says which it knows is answered by these records or not at all,
 * so no order of events slips a write past. */

#define SETTING "hub.generation"
#define KEY     "hub-generation"

/**
 * hub_generation_renew:
 *
 * From now on these are other records than those that anybody knows.
 */
gboolean
hub_generation_renew (StoreConnection *connection, GError **error)
{
  g_autofree char *name = g_uuid_string_random ();

  return store_setting_set (connection, SETTING, name, error);
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  char **name = data;

  *name = store_setting_get (connection, SETTING);
  if (*name != NULL)
    return TRUE;
  if (!hub_generation_renew (connection, error))
    return FALSE;
  *name = store_setting_get (connection, SETTING);
  return TRUE;
}

/**
 * hub_generation_load:
 *
 * Once, before the port opens. Without it, where the store cannot be written, no name is given and
 * nobody is refused; the first request says what is wrong with the store.
 */
void
hub_generation_load (HubServer *server)
{
  StoreDatabase *store = hub_server_get_store (server);
  char *name = NULL;

  if (store != NULL && store_database_write (store, BASE_LANE_PERSON, load_work, &name, NULL))
    g_object_set_data_full (G_OBJECT (server), KEY, name, g_free);
}

/**
 * hub_generation_get:
 *
 * Returns: (nullable): NULL in front of another server
 */
const char *
hub_generation_get (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), KEY);
}

/**
 * hub_generation_admits:
 *
 * Returns: FALSE where the client asks for other records than these
 */
gboolean
hub_generation_admits (HubServer *server, SoupServerMessage *message)
{
  const char *known =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    HUB_GENERATION_HEADER);
  const char *name = hub_generation_get (server);

  return known == NULL || name == NULL || g_str_equal (known, name);
}
