/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-invite-door.h"

#include <string.h>

#include "base-id.h"
#include "hub-gate.h"
#include "hub-records.h"
#include "hub-reply.h"
#include "hub-signal.h"

/* Invitations at the hub's door: the clinic makes and voids their links, and their sessions open a
 * visit's signalling as a guest or an interpreter. A visit has one guest and one interpreter, so a
 * later session takes the place of the one before. */

#define DATA_KEY "hub-invite-door"
#define MAX_OPEN 2000
#define VOID_KEY "hub-invite-door-void"

/* ---- who may come in ---- */

static GHashTable *
passes_of (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), DATA_KEY);
}

static char *
place_of (const char *encounter, CareVisitRole role)
{
  return g_strdup_printf ("%s/%s", encounter, care_visit_role_name (role));
}

static void
pass_free (gpointer data)
{
  HubInvitePass *pass = data;

  g_free (pass->encounter);
  g_free (pass->session);
  g_free (pass->name);
  g_free (pass->number);
  g_free (pass->language);
  g_free (pass->relation);
  g_free (pass->by);
  g_free (pass);
}

/* Who was sent away. */
typedef struct
{
  char *encounter, *who;
  CareVisitRole role;
  gboolean asked, written; /* the records, to void the link */
} Voided;

static void
voided_free (gpointer data)
{
  Voided *voided = data;

  g_free (voided->encounter);
  g_free (voided->who);
  g_free (voided);
}

/* The sessions that were sent away: a request that was on its way then brings none of them back. */
static GHashTable *
voided_of (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), VOID_KEY);
}

/**
 * hub_invite_door_remember:
 * @invite: one whose session has just been seen to be good
 */
void
hub_invite_door_remember (HubServer *server, const HubInvite *invite)
{
  GHashTable *passes = passes_of (server);
  HubInvitePass *pass;

  if (invite->session == NULL || g_hash_table_contains (voided_of (server), invite->session))
    return;
  pass = g_new0 (HubInvitePass, 1);
  if (g_hash_table_size (passes) >= MAX_OPEN)
    g_hash_table_remove_all (passes);
  pass->role = invite->role;
  pass->encounter = g_strdup (invite->encounter);
  pass->session = g_strdup (invite->session);
  pass->name = g_strdup (invite->name);
  pass->number = g_strdup (invite->number);
  pass->language = g_strdup (invite->language);
  pass->relation = g_strdup (invite->relation);
  pass->by = g_strdup (invite->by);
  pass->expires = invite->expires;
  pass->let_in = g_strcmp0 (invite->let_in, invite->session) == 0;
  g_hash_table_replace (passes, place_of (invite->encounter, invite->role), pass);
}

/**
 * hub_invite_door_forget:
 *
 * The invitation is void: nobody comes in by it, and who came goes.
 */
void
hub_invite_door_forget (HubServer *server, const char *encounter, CareVisitRole role)
{
  g_autofree char *place = place_of (encounter, role);

  g_hash_table_remove (passes_of (server), place);
  hub_signal_close_person (server, encounter, role);
}

/**
 * hub_invite_door_forget_session:
 *
 * As hub_invite_door_forget(), where it is still @session that came by it: another one may have
 * taken its place meanwhile.
 */
void
hub_invite_door_forget_session (HubServer *server,
                                const char *encounter,
                                CareVisitRole role,
                                const char *session)
{
  g_autofree char *place = place_of (encounter, role);
  HubInvitePass *pass = g_hash_table_lookup (passes_of (server), place);

  if (pass != NULL && g_strcmp0 (pass->session, session) != 0)
    return;
  hub_invite_door_forget (server, encounter, role);
}

/**
 * hub_invite_door_asks:
 *
 * Returns: whether the page says that it is not the patient's. It has to: both pages may be open in
 *   one browser, which sends all cookies with each.
 */
gboolean
hub_invite_door_asks (SoupServerMessage *message)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));

  return g_strcmp0 (query, "as=guest") == 0;
}

/* Whether a cookie whose name begins with @prefix came along: that of @session, or any where it is
 * NULL. @out: (out) (optional): its hash */
static gboolean
has_session (SoupServerMessage *message, const char *prefix, const char *session, char **out)
{
  const char *header =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Cookie");
  g_auto (GStrv) parts = header != NULL ? g_strsplit (header, ";", 32) : NULL;

  for (gsize i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      const char *equals = strchr (g_strstrip (parts[i]), '=');
      g_autofree char *hash = NULL;

      if (equals == NULL || !g_str_has_prefix (parts[i], prefix))
        continue;
      hash = hub_join_hash (equals + 1);
      if (session != NULL && !base_equal_constant_time (hash, session))
        continue;
      if (out != NULL)
        *out = g_steal_pointer (&hash);
      return TRUE;
    }
  return FALSE;
}

/**
 * hub_invite_door_find:
 *
 * Returns: (transfer none) (nullable): as whom a socket's handshake may come into the visit
 */
const HubInvitePass *
hub_invite_door_find (HubServer *server, SoupServerMessage *message, const char *encounter)
{
  gint64 now = base_clock_now (hub_server_get_clock (server));

  for (guint role = CARE_VISIT_ROLE_GUEST; role <= CARE_VISIT_ROLE_INTERPRETER; role++)
    {
      g_autofree char *place = place_of (encounter, role);
      const HubInvitePass *pass = g_hash_table_lookup (passes_of (server), place);

      if (pass != NULL && pass->session != NULL && now < pass->expires &&
          has_session (message, HUB_INVITE_COOKIE "-", pass->session, NULL))
        return pass;
    }
  return NULL;
}

/**
 * hub_invite_door_dup_session:
 *
 * Returns: (transfer full) (nullable): the hash of the session's cookie for the link of @link_hash
 */
char *
hub_invite_door_dup_session (SoupServerMessage *message, const char *link_hash)
{
  g_autofree char *prefix = g_strdup_printf (HUB_INVITE_COOKIE "-%.8s=", link_hash);
  char *hash = NULL;

  has_session (message, prefix, NULL, &hash);
  return hash;
}

/* ---- POST /fhir/Encounter/{id}/$invite and $uninvite ---- */

typedef struct
{
  HubServer *server;
  SoupServerMessage *message; /* NULL: nobody waits for an answer */
  char *encounter;
  CareVisitRole role;
  gboolean voids;
  char *session; /* NULL: whichever it is */
  char *who;
  char *token;
  gint64 expires;
} Work;

static void
work_free (Work *work)
{
  g_clear_object (&work->message);
  g_object_unref (work->server);
  g_free (work->encounter);
  g_free (work->session);
  g_free (work->who);
  g_free (work->token);
  g_free (work);
}

static gboolean
run_work (HubRecords *records, gpointer data, GError **error)
{
  Work *work = data;

  if (work->voids)
    return hub_invite_revoke (records, work->encounter, work->role, work->session, work->who,
                              error);
  g_free (work->token);
  work->token =
      hub_invite_create (records, work->encounter, work->role, "clinic", &work->expires, error);
  return work->token != NULL;
}

static char *
dup_parameters (Work *work)
{
  g_autofree char *url = hub_invite_dup_url (work->server, work->token);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc_usec (work->expires);
  g_autofree char *instant = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

  /* Neither part can hold a character that JSON escapes. */
  return g_strdup_printf ("{\"resourceType\":\"Parameters\",\"parameter\":["
                          "{\"name\":\"url\",\"valueUrl\":\"%s\"},"
                          "{\"name\":\"expires\",\"valueInstant\":\"%s\"}]}",
                          url, instant);
}

static void
end_work (Work *work)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (work->message),
                                "Cache-Control", "no-store");
  soup_server_message_unpause (work->message);
  work_free (work);
}

static void
work_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;
  gboolean done = hub_records_run_finish (result, &error);

  if (done && work->session == NULL)
    hub_invite_door_forget (work->server, work->encounter, work->role);
  if (work->message == NULL)
    {
      Voided *voided = g_hash_table_lookup (voided_of (work->server), work->session);

      if (voided != NULL)
        {
          voided->asked = FALSE;
          voided->written = done;
        }
      if (!done)
        g_log (G_LOG_DOMAIN, hub_reply_log_level (error),
               "An invitation could not be revoked, and is tried again: %s", error->message);
      work_free (work);
      return;
    }
  if (!done)
    hub_reply_error (work->message, error);
  else if (work->voids)
    hub_reply_text (work->message, 200, HUB_FHIR_JSON,
                    g_strdup ("{\"resourceType\":\"Parameters\"}"));
  else
    hub_reply_text (work->message, 200, HUB_FHIR_JSON, dup_parameters (work));
  end_work (work);
}

static void
write_void (HubServer *server, const char *session, Voided *voided)
{
  Work *work = g_new0 (Work, 1);

  voided->asked = TRUE;
  work->server = g_object_ref (server);
  work->encounter = g_strdup (voided->encounter);
  work->role = voided->role;
  work->voids = TRUE;
  work->session = g_strdup (session);
  work->who = g_strdup (voided->who);
  hub_records_run_async (server, TRUE, run_work, work, work_done_cb, work);
}

/**
 * hub_invite_door_void_again:
 *
 * What of it the records have not taken yet: else whoever was sent away would be back after a
 * restart. The hub calls it now and then.
 */
void
hub_invite_door_void_again (HubServer *server)
{
  GHashTableIter iter;
  gpointer session, voided;

  g_hash_table_iter_init (&iter, voided_of (server));
  while (g_hash_table_iter_next (&iter, &session, &voided))
    if (!((Voided *) voided)->written && !((Voided *) voided)->asked)
      write_void (server, session, voided);
}

static gboolean
is_written (gpointer session, gpointer voided, gpointer data)
{
  return ((Voided *) voided)->written;
}

/**
 * hub_invite_door_void:
 * @session: of who is sent away; the link of somebody else stays
 * @who: for the audit
 *
 * Voids the link at once, and in the records as soon as they can be written.
 */
void
hub_invite_door_void (HubServer *server,
                      const char *encounter,
                      CareVisitRole role,
                      const char *session,
                      const char *who)
{
  g_autofree char *place = place_of (encounter, role);
  HubInvitePass *pass = g_hash_table_lookup (passes_of (server), place);
  Voided *voided = g_new0 (Voided, 1);

  if (g_hash_table_size (voided_of (server)) >= MAX_OPEN)
    g_hash_table_foreach_remove (voided_of (server), is_written, NULL);
  voided->encounter = g_strdup (encounter);
  voided->role = role;
  voided->who = g_strdup (who);
  g_hash_table_replace (voided_of (server), g_strdup (session), voided);
  if (pass != NULL && g_strcmp0 (pass->session, session) == 0)
    g_hash_table_remove (passes_of (server), place);
  write_void (server, session, voided);
}

static gboolean
read_path (SoupServerMessage *message, Work *work)
{
  GUri *uri = soup_server_message_get_uri (message);
  g_auto (GStrv) parts = g_strsplit (g_uri_get_path (uri), "/", -1);
  const char *query = g_uri_get_query (uri);

  if (g_strv_length (parts) != 5 || !g_str_equal (parts[1], "fhir") ||
      !g_str_equal (parts[2], "Encounter") || !fhir_id_is_valid (parts[3]))
    return FALSE;
  work->encounter = g_strdup (parts[3]);
  work->voids = g_str_equal (parts[4], "$uninvite");
  if (query != NULL && g_str_has_prefix (query, "role="))
    work->role = care_visit_role_from_name (query + strlen ("role="));
  return TRUE;
}

static gboolean
may_invite (Work *work)
{
  g_autoptr (HubUser) user =
      hub_access_authenticate (hub_server_get_access (work->server), work->message);

  if (user == NULL)
    hub_reply_outcome (work->message, 401, "Sign in to invite somebody to a visit");
  else if (user->role != HUB_ROLE_PRESCRIBER && user->role != HUB_ROLE_NURSE)
    hub_reply_outcome (work->message, 403, "Invitations are made by clinicians");
  else if (!care_visit_role_is_invited (work->role))
    hub_reply_outcome (work->message, 400, "role is guest or interpreter");
  else
    {
      g_set_str (&work->who, user->name);
      return TRUE;
    }
  return FALSE;
}

static void
start_work (Work *work)
{
  hub_records_run_async (work->server, TRUE, run_work, work, work_done_cb, work);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  if (!hub_gate_ask_finish (result, &error))
    hub_reply_error (work->message, error);
  else if (may_invite (work))
    {
      start_work (work);
      return;
    }
  end_work (work);
}

static void
handle_operation (HubServer *server, SoupServerMessage *message)
{
  Work *work = g_new0 (Work, 1);
  gboolean asks = hub_gate_must_ask (server, message);

  work->server = g_object_ref (server);
  work->message = g_object_ref (message);
  if (!read_path (message, work))
    {
      work_free (work);
      return;
    }
  if (g_strcmp0 (soup_server_message_get_method (message), "POST") != 0)
    hub_reply_outcome (message, 405, "This operation is called with POST");
  else if (asks || may_invite (work))
    {
      soup_server_message_pause (message);
      if (asks)
        hub_gate_ask_async (server, message, asked_cb, work);
      else
        start_work (work);
      return;
    }
  work_free (work);
}

static void
got_headers_cb (SoupServerMessage *message, gpointer data)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  if (g_str_has_suffix (path, "/$invite") || g_str_has_suffix (path, "/$uninvite"))
    handle_operation (data, message);
}

static void
request_started_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers_cb), data);
}

/**
 * hub_invite_door_attach:
 *
 * The operations stand under the path of the FHIR server, as hub_join_attach() tells.
 */
void
hub_invite_door_attach (HubServer *server)
{
  g_object_set_data_full (G_OBJECT (server), DATA_KEY,
                          g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pass_free),
                          (GDestroyNotify) g_hash_table_unref);
  g_object_set_data_full (G_OBJECT (server), VOID_KEY,
                          g_hash_table_new_full (g_str_hash, g_str_equal, g_free, voided_free),
                          (GDestroyNotify) g_hash_table_unref);
  g_signal_connect (hub_server_get_soup (server), "request-started",
                    G_CALLBACK (request_started_cb), server);
}
