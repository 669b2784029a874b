/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-private.h"

#include "hub-copies.h"
#include "hub-gate.h"
#include "hub-records.h"
#include "hub-relay.h"
#include "hub-reply.h"

/* GET /visit/<encounter>/signal: who may come in, and to which copy of the hub. */

static char *
encounter_of_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  if (g_strv_length (parts) != 4 || !g_str_equal (parts[1], "visit") ||
      !g_str_equal (parts[3], "signal") || !fhir_id_is_valid (parts[2]))
    return NULL;
  return g_strdup (parts[2]);
}

/* A page of another origin can send the patient's cookie along; a browser says where it comes from.
 */
static gboolean
is_own_origin (HubSignal *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *origin = soup_message_headers_get_one (headers, "Origin");
  const char *host = soup_message_headers_get_one (headers, "Host");
  const char *after = origin != NULL ? strstr (origin, "://") : NULL;

  return origin == NULL || (after != NULL && g_strcmp0 (after + 3, host) == 0);
}

/* @user: (out) (nullable): who a clinician is */
static CareVisitRole
role_of (HubSignal *self, SoupServerMessage *message, const char *encounter, HubUser **user)
{
  CareVisitRole carried = hub_relay_read (self->server, message, encounter, user);

  if (carried != CARE_VISIT_ROLE_NONE)
    return carried;
  if (hub_invite_door_asks (message))
    {
      const HubInvitePass *pass = is_own_origin (self, message)
                                      ? hub_invite_door_find (self->server, message, encounter)
                                      : NULL;

      return pass != NULL ? pass->role : CARE_VISIT_ROLE_NONE;
    }
  *user = hub_access_authenticate (self->access, message);
  if (*user != NULL)
    return (*user)->role == HUB_ROLE_PRESCRIBER || (*user)->role == HUB_ROLE_NURSE
               ? CARE_VISIT_ROLE_CLINICIAN
               : CARE_VISIT_ROLE_NONE;
  if (is_own_origin (self, message) && hub_signal_is_patient_of (self, message, encounter))
    return CARE_VISIT_ROLE_PATIENT;
  return CARE_VISIT_ROLE_NONE;
}

/* ---- who is asked for elsewhere, before the handshake ---- */

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  char *encounter;
  GPtrArray *cookies; /* of char*: hashes of session cookies that came along */
  char *found;        /* the one that may come in */
} Arrival;

static void
arrival_end (Arrival *arrival, const GError *error)
{
  if (error != NULL)
    hub_reply_error (arrival->message, error);
  soup_server_message_unpause (arrival->message);
  g_object_unref (arrival->message);
  g_object_unref (arrival->server);
  g_clear_pointer (&arrival->cookies, g_ptr_array_unref);
  g_free (arrival->encounter);
  g_free (arrival->found);
  g_free (arrival);
}

static void
recognised_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  hub_gate_ask_finish (result, &error);
  arrival_end (data, error);
}

/* The links of the visit know their sessions. */
static gboolean
find_session_work (HubRecords *records, gpointer data, GError **error)
{
  Arrival *arrival = data;

  return hub_visit_find_session (records, arrival->encounter, arrival->cookies, &arrival->found,
                                 error);
}

static void
session_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Arrival *arrival = data;
  g_autoptr (GError) error = NULL;

  if (hub_records_run_finish (result, &error) && arrival->found != NULL)
    hub_signal_remember_session (arrival->server, arrival->found, arrival->encounter);
  arrival_end (arrival, error);
}

/* A handshake cannot wait, but what comes before it can: here nothing is known of who signed in to
 * another server, or came by another copy of this hub. */
static void
arrival_handler (SoupServer *soup,
                 SoupServerMessage *message,
                 const char *path,
                 GHashTable *query,
                 gpointer data)
{
  HubSignal *self = data;
  g_autofree char *encounter = encounter_of_path (path);
  g_autoptr (GPtrArray) cookies = hub_signal_dup_session_hashes (message);
  gboolean asks = hub_gate_must_ask (self->server, message);
  g_autoptr (HubUser) user = NULL;
  Arrival *arrival;

  if (encounter == NULL ||
      (!asks && (cookies->len == 0 || hub_signal_is_patient_of (self, message, encounter))))
    return;
  arrival = g_new0 (Arrival, 1);
  arrival->server = g_object_ref (self->server);
  arrival->message = g_object_ref (message);
  arrival->encounter = g_steal_pointer (&encounter);
  arrival->cookies = g_steal_pointer (&cookies);
  soup_server_message_pause (message);
  if (asks)
    hub_gate_ask_async (self->server, message, recognised_cb, arrival);
  else
    hub_records_run_async (self->server, FALSE, find_session_work, arrival, session_found_cb,
                           arrival);
}

/* The copy that has this visit; NULL: this one. What another copy carries here stays here. */
static const char *
owner_of (HubSignal *self, SoupServerMessage *message, const char *encounter)
{
  HubCopies *copies = hub_server_get_copies (self->server);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (copies == NULL || soup_message_headers_get_one (headers, HUB_RELAY_HEADER) != NULL)
    return NULL;
  return hub_copies_find_owner (copies, encounter);
}

/* Of a visit that this copy has. */
static void
let_in (HubSignal *self, SoupServerMessage *message, const char *encounter, CareVisitRole role)
{
  HubSignalRoom *room = hub_signal_open_room (self, encounter);
  const char *refusal = room != NULL ? hub_signal_limit_enter (room, role) : NULL;

  if (room == NULL)
    hub_reply_outcome (message, 503, "Too many visits are open");
  else if (refusal != NULL)
    hub_reply_outcome (message, 429, refusal);
}

/* Runs before the handshake: a status that it sets refuses the socket. */
static void
check_handler (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  HubSignal *self = data;
  g_autofree char *encounter = encounter_of_path (path);
  g_autoptr (HubUser) user = NULL;
  CareVisitRole role;
  const char *upgrade =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Upgrade");

  if (soup_server_message_get_status (message) != 0)
    return; /* nobody could be asked */
  if (encounter == NULL)
    hub_reply_outcome (message, 404, "There is nothing here");
  else if ((role = role_of (self, message, encounter, &user)) == CARE_VISIT_ROLE_NONE)
    hub_reply_outcome (message, 401, "Sign in, or open the visit with its link");
  else if (upgrade == NULL || g_ascii_strcasecmp (upgrade, "websocket") != 0)
    hub_reply_outcome (message, 426, "This is a WebSocket");
  else if (hub_invite_door_asks (message) && owner_of (self, message, encounter) != NULL)
    hub_reply_outcome (message, 503, "Another copy of the hub has this visit: come again");
  else if (owner_of (self, message, encounter) == NULL)
    let_in (self, message, encounter, role);
}

static void
socket_handler (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                SoupWebsocketConnection *socket,
                gpointer data)
{
  HubSignal *self = data;
  g_autofree char *encounter = encounter_of_path (path);
  g_autoptr (HubUser) user = NULL;
  CareVisitRole role = role_of (self, message, encounter, &user);
  const char *owner = owner_of (self, message, encounter);
  HubSignalRoom *room;

  if (role != CARE_VISIT_ROLE_NONE && !care_visit_role_is_invited (role) && owner != NULL)
    {
      hub_relay_start (self->server, owner, encounter, role, user, socket);
      return;
    }
  room = hub_signal_open_room (self, encounter);
  if (role == CARE_VISIT_ROLE_NONE || room == NULL)
    {
      g_signal_connect (g_object_ref (socket), "closed", G_CALLBACK (g_object_unref), NULL);
      soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
      return;
    }
  if (hub_signal_room_enter (room, role, user,
                             care_visit_role_is_invited (role)
                                 ? hub_invite_door_find (self->server, message, encounter)
                                 : NULL,
                             socket))
    {
      g_autofree char *reference = g_strconcat ("Encounter/", encounter, NULL);

      hub_server_audit (self->server, "visit", user->name, hub_signal_room_get_patient (room),
                        reference, "taken over from another clinician");
    }
}

void
hub_signal_attach_door (HubSignal *self)
{
  SoupServer *soup = hub_server_get_soup (self->server);

  if (self->store == NULL)
    soup_server_add_early_handler (soup, "/visit", arrival_handler, self, NULL);
  soup_server_add_handler (soup, "/visit", check_handler, self, NULL);
  soup_server_add_websocket_handler (soup, "/visit", NULL, NULL, socket_handler, self, NULL);
}
