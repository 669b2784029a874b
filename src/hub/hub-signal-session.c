/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-private.h"

#include <string.h>

#include "hub-patient.h"
#include "hub-visit.h"

/* The sessions of patients, who come by a link: each has a cookie, and opens one visit. */

#define MAX_SESSIONS 5000
#define NO_VISIT     "" /* of a session whose link ended */

/* Hashes of all session cookies that @message has. */
GPtrArray *
hub_signal_dup_session_hashes (SoupServerMessage *message)
{
  const char *header =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Cookie");
  g_auto (GStrv) parts = header != NULL ? g_strsplit (header, ";", 32) : NULL;
  GPtrArray *hashes = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      const char *equals = strchr (parts[i], '=');

      if (g_str_has_prefix (g_strstrip (parts[i]), HUB_SIGNAL_COOKIE "-") && equals != NULL)
        g_ptr_array_add (hashes, hub_join_hash (strchr (parts[i], '=') + 1));
    }
  return hashes;
}

/* Whether a session of this visit came along. */
gboolean
hub_signal_is_patient_of (HubSignal *self, SoupServerMessage *message, const char *encounter)
{
  g_autoptr (GPtrArray) hashes = hub_signal_dup_session_hashes (message);

  for (guint i = 0; i < hashes->len; i++)
    if (g_strcmp0 (g_hash_table_lookup (self->sessions, hashes->pdata[i]), encounter) == 0)
      return TRUE;
  return FALSE;
}

/**
 * hub_signal_remember_session:
 * @session_hash: hash of a patient's session cookie
 * @encounter: the one visit that it opens
 *
 * A handshake can not wait for the records, so sessions that have a visit are known here; the
 * patient's page asks for its state first, which brings them back after a restart.
 */
void
hub_signal_remember_session (HubServer *server, const char *session_hash, const char *encounter)
{
  HubSignal *self = hub_signal_of (server);

  if (g_strcmp0 (g_hash_table_lookup (self->sessions, session_hash), NO_VISIT) == 0)
    return; /* it was asked before its link ended, and answered after */
  if (g_hash_table_size (self->sessions) >= MAX_SESSIONS)
    g_hash_table_remove_all (self->sessions);
  g_hash_table_replace (self->sessions, g_strdup (session_hash), g_strdup (encounter));
}

static gboolean
is_of (gpointer session, gpointer encounter, gpointer ended)
{
  return g_str_equal (encounter, ended);
}

/**
 * hub_signal_end_links:
 *
 * All links of an appointment have ended: whoever is in its visit as the patient came by one of
 * them, and goes. Their sessions open nothing from now on.
 */
void
hub_signal_end_links (HubServer *server, const HubJoinEnded *ended)
{
  HubSignal *self = hub_signal_of (server);

  if (self == NULL || ended->sessions == NULL)
    return;
  hub_patient_forget_sessions (server, ended->sessions);
  for (guint i = 0; i < ended->encounters->len; i++)
    {
      const char *encounter = ended->encounters->pdata[i];
      HubSignalRoom *room = g_hash_table_lookup (self->rooms, encounter);

      g_hash_table_foreach_remove (self->sessions, is_of, (gpointer) encounter);
      if (room != NULL)
        hub_signal_room_end_link (room);
    }
  for (guint i = 0; i < ended->sessions->len; i++)
    g_hash_table_replace (self->sessions, g_strdup (ended->sessions->pdata[i]),
                          g_strdup (NO_VISIT));
}

/**
 * hub_signal_dup_session:
 * @link_hash: hash of the link's token
 *
 * Returns: (transfer full) (nullable): the hash of the session cookie that @message has for this
 * link
 */
char *
hub_signal_dup_session (SoupServerMessage *message, const char *link_hash)
{
  const char *header =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Cookie");
  g_auto (GStrv) parts = header != NULL ? g_strsplit (header, ";", 32) : NULL;
  g_autofree char *name = g_strdup_printf (HUB_SIGNAL_COOKIE "-%.8s=", link_hash);

  for (gsize i = 0; parts != NULL && parts[i] != NULL; i++)
    if (g_str_has_prefix (g_strstrip (parts[i]), name))
      return hub_join_hash (parts[i] + strlen (name));
  return NULL;
}
