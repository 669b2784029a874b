/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-scratch.h"

#include "store-connection-private.h"

/**
 * store_scratch_run:
 * @work: may put and read resources
 *
 * Runs @work on an empty store in memory, on this thread: what came from elsewhere is read as a
 * record is, and is in none. Nothing is left of it afterwards.
 */
gboolean
store_scratch_run (BaseClock *clock, StoreWork work, gpointer data, GError **error)
{
  g_autoptr (StoreConnection) connection = store_connection_open_scratch (clock, error);
  gboolean done;

  if (connection == NULL || !store_connection_begin (connection, error))
    return FALSE;
  done = work (connection, data, error);
  store_connection_rollback (connection);
  return done;
}
