/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-invite-door.h"
#include "hub-records.h"
#include "hub-reply.h"

/* What the records keep of who is in, beyond one life and one copy of the hub: whom the clinician
 * has let in, and whether an invitation was revoked at another copy meanwhile. */

typedef struct
{
  HubServer *server;
  char *encounter, *session;
  CareVisitRole role;
  gboolean asks,
      let_in; /* asks: whether it is still theirs; else: keeps that they are in, or not */
  gboolean is_of;
} Kept;

static void
kept_free (Kept *kept)
{
  g_object_unref (kept->server);
  g_free (kept->encounter);
  g_free (kept->session);
  g_free (kept);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Kept, kept_free)

static gboolean
kept_work (HubRecords *records, gpointer data, GError **error)
{
  Kept *kept = data;

  if (kept->asks)
    return hub_invite_is_of (records, kept->encounter, kept->role, kept->session, &kept->is_of,
                             error);
  return hub_invite_set_let_in (records, kept->encounter, kept->role, kept->session, kept->let_in,
                                error);
}

static void
kept_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Kept) kept = data;
  g_autoptr (GError) error = NULL;

  if (!hub_records_run_finish (result, &error))
    g_log (G_LOG_DOMAIN, hub_reply_log_level (error),
           "Who is in a visit could not be read or kept: %s", error->message);
  else if (kept->asks && !kept->is_of)
    hub_invite_door_forget_session (kept->server, kept->encounter, kept->role, kept->session);
}

static void
start (HubServer *server,
       const char *encounter,
       CareVisitRole role,
       const char *session,
       gboolean asks,
       gboolean let_in)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->server = g_object_ref (server);
  kept->encounter = g_strdup (encounter);
  kept->session = g_strdup (session);
  kept->role = role;
  kept->asks = asks;
  kept->let_in = let_in;
  hub_records_run_async (server, !asks, kept_work, kept, kept_done_cb, kept);
}

/**
 * hub_invite_door_let_in:
 *
 * Keeps that the clinician let this session in, or that it is not in any more.
 */
void
hub_invite_door_let_in (HubServer *server,
                        const char *encounter,
                        CareVisitRole role,
                        const char *session,
                        gboolean let_in)
{
  start (server, encounter, role, session, FALSE, let_in);
}

/**
 * hub_invite_door_recheck:
 *
 * Asks the records whether the link is still this session's. Where it was revoked or replaced, as
 * another copy of the hub may have done, whoever is here by it goes.
 */
void
hub_invite_door_recheck (HubServer *server,
                         const char *encounter,
                         CareVisitRole role,
                         const char *session)
{
  start (server, encounter, role, session, TRUE, FALSE);
}
