/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal.h"

#include "fhir-builder.h"
#include "hub-gate.h"
#include "hub-records.h"
#include "hub-relay.h"
#include "hub-reply.h"
#include "hub-signal-room.h"

/* GET /visit/<encounter>/signal: who may open a visit's signalling, the rooms, and what the record
 * changes in them. */

#define DATA_KEY     "hub-signal"
#define MAX_ROOMS    500
#define MAX_SESSIONS 5000

typedef struct
{
  HubServer *server;    /* owns this */
  StoreDatabase *store; /* NULL in front of another server */
  HubAccess *access;
  GHashTable *rooms;    /* encounter id -> HubSignalRoom */
  GHashTable *sessions; /* hash of a session's cookie -> encounter id */
  guint source, poll;
} Signal;

/* A question to the records about one visit. Holds the server, and so the Signal. */
typedef struct
{
  HubServer *server;
  char *encounter;
  HubVisitState state;
  char *patient;
  GPtrArray *found; /* of char*: ids of visits that were open when the hub started */
} Question;

static Signal *
signal_of (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), DATA_KEY);
}

static Question *
question_new (Signal *self, const char *encounter)
{
  Question *question = g_new0 (Question, 1);

  question->server = g_object_ref (self->server);
  question->encounter = g_strdup (encounter);
  return question;
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->found, g_ptr_array_unref);
  g_free (question->encounter);
  g_free (question->patient);
  g_object_unref (question->server);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* ---- the record ---- */

static gboolean
load_work (HubRecords *records, gpointer data, GError **error)
{
  Question *question = data;
  g_autoptr (GError) local = NULL;

  question->state = hub_visit_load_state (records, question->encounter, &question->patient, &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static void
load_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  g_autoptr (GError) error = NULL;
  Signal *self = signal_of (question->server);
  gboolean found = hub_records_run_finish (result, &error);
  HubSignalRoom *room = g_hash_table_lookup (self->rooms, question->encounter);

  if (room == NULL)
    return;
  if (found)
    {
      hub_signal_room_set_record (room, question->state, question->patient);
      return;
    }
  /* Records that cannot be reached say nothing about the visit: it is asked again. */
  if (!g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND) &&
      !g_error_matches (error, STORE_ERROR, STORE_ERROR_GONE))
    return;
  hub_signal_room_refuse (room, "There is no such visit");
  g_hash_table_remove (self->rooms, question->encounter);
}

static void
load_record (Signal *self, const char *encounter)
{
  Question *question = question_new (self, encounter);

  hub_records_run_async (self->server, FALSE, load_work, question, load_done_cb, question);
}

static HubSignalRoom *
open_room (Signal *self, const char *encounter)
{
  HubSignalRoom *room = g_hash_table_lookup (self->rooms, encounter);

  if (room != NULL)
    return room;
  if (g_hash_table_size (self->rooms) >= MAX_ROOMS)
    return NULL;
  room = hub_signal_room_new (encounter, hub_server_get_clock (self->server));
  g_hash_table_insert (self->rooms, g_strdup (encounter), room);
  load_record (self, encounter);
  return room;
}

static gboolean
leave_work (HubRecords *records, gpointer data, GError **error)
{
  return hub_visit_leave (records, ((Question *) data)->encounter, error);
}

static gboolean
interrupted_work (HubRecords *records, gpointer data, GError **error)
{
  return hub_visit_report_interrupted (records, ((Question *) data)->encounter, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  g_autoptr (GError) error = NULL;

  if (!hub_records_run_finish (result, &error))
    g_log (G_LOG_DOMAIN, hub_reply_log_level (error),
           "What became of a visit could not be written: %s", error->message);
}

static void
write_record (Signal *self, const char *encounter, HubRecordsWork work)
{
  Question *question = question_new (self, encounter);

  hub_records_run_async (self->server, TRUE, work, question, written_cb, question);
}

static void
changed_cb (StoreDatabase *store, GPtrArray *changes, gpointer data)
{
  Signal *self = data;

  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];
      GHashTableIter iter;
      gpointer room;

      if (g_str_equal (change->type, "Encounter"))
        {
          if (g_hash_table_contains (self->rooms, change->id))
            load_record (self, change->id);
          continue;
        }
      if (!g_str_equal (change->type, "MedicationRequest") && !g_str_equal (change->type, "Task"))
        continue;
      g_hash_table_iter_init (&iter, self->rooms);
      while (g_hash_table_iter_next (&iter, NULL, &room))
        if (change->patient != NULL &&
            g_strcmp0 (hub_signal_room_get_patient (room), change->patient) == 0)
          hub_signal_room_tell_medicines (room);
    }
}

/* ---- time ---- */

/**
 * hub_signal_tick:
 *
 * Looks after the rooms; the hub calls it every HUB_SIGNAL_TICK seconds.
 */
void
hub_signal_tick (HubServer *server)
{
  Signal *self = signal_of (server);
  GHashTableIter iter;
  gpointer encounter, room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &encounter, &room))
    switch (hub_signal_room_tick (room))
      {
      case HUB_SIGNAL_MARK_LEFT:
        write_record (self, encounter, leave_work);
        break;
      case HUB_SIGNAL_REPORT_INTERRUPTED:
        write_record (self, encounter, interrupted_work);
        break;
      case HUB_SIGNAL_FORGET:
        g_hash_table_iter_remove (&iter);
        break;
      case HUB_SIGNAL_NOTHING:
        break;
      }
}

/* Another server does not say what changes there, so it is asked about the visits that are open. */
static gboolean
poll_cb (gpointer data)
{
  Signal *self = data;
  GHashTableIter iter;
  gpointer encounter, room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &encounter, &room))
    if (hub_signal_room_is_open (room))
      load_record (self, encounter);
  return G_SOURCE_CONTINUE;
}

static gboolean
tick_cb (gpointer data)
{
  hub_signal_tick (((Signal *) data)->server);
  return G_SOURCE_CONTINUE;
}

/* Visits that were in progress when the hub last stopped: if nobody comes back to one, it is
 * reported like one that broke off under its eyes. Only those that came through a join link. */
static gboolean
find_open_work (HubRecords *records, gpointer data, GError **error)
{
  Question *question = data;
  g_autoptr (GPtrArray) found =
      hub_records_search (records, "Encounter", "status=in-progress,onleave&class=VR", error);

  g_clear_pointer (&question->found, g_ptr_array_unref);
  question->found = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; found != NULL && i < found->len; i++)
    fhir_element_foreach (extension, fhir_resource_path (found->pdata[i], "extension"))
      if (g_strcmp0 (fhir_element_path_text (extension, "url"),
                     HUB_VISIT_EXTENSION "visit-waiting-since") == 0)
        g_ptr_array_add (question->found, g_strdup (fhir_resource_get_id (found->pdata[i])));
  return found != NULL;
}

static void
find_open_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  g_autoptr (GError) error = NULL;

  HubCopies *copies = hub_server_get_copies (question->server);

  if (!hub_records_run_finish (result, &error))
    g_log (G_LOG_DOMAIN, hub_reply_log_level (error),
           "Visits that were in progress could not be looked up: %s", error->message);
  for (guint i = 0; error == NULL && i < question->found->len; i++)
    if (copies == NULL || hub_copies_find_owner (copies, question->found->pdata[i]) == NULL)
      open_room (signal_of (question->server), question->found->pdata[i]);
}

static void
find_open (Signal *self)
{
  Question *question = question_new (self, NULL);

  hub_records_run_async (self->server, FALSE, find_open_work, question, find_open_done_cb,
                         question);
}

/* Visits that belong to another copy now move there, and those that a lost one had are looked for.
 */
static void
copies_changed_cb (HubCopies *copies, gpointer data)
{
  Signal *self = data;
  GHashTableIter iter;
  gpointer encounter, room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &encounter, &room))
    if (hub_copies_find_owner (copies, encounter) != NULL)
      {
        hub_signal_room_move (room);
        g_hash_table_iter_remove (&iter);
      }
  find_open (self);
}

/* ---- who may come in ---- */

static char *
encounter_of_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  if (g_strv_length (parts) != 4 || !g_str_equal (parts[1], "visit") ||
      !g_str_equal (parts[3], "signal") || !fhir_id_is_valid (parts[2]))
    return NULL;
  return g_strdup (parts[2]);
}

/* Hashes of all session cookies that @message has. */
static GPtrArray *
dup_session_hashes (SoupServerMessage *message)
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

static gboolean
is_patient_of (Signal *self, SoupServerMessage *message, const char *encounter)
{
  g_autoptr (GPtrArray) hashes = dup_session_hashes (message);

  for (guint i = 0; i < hashes->len; i++)
    if (g_strcmp0 (g_hash_table_lookup (self->sessions, hashes->pdata[i]), encounter) == 0)
      return TRUE;
  return FALSE;
}

/* A page of another origin can send the patient's cookie along; a browser says where it comes from.
 */
static gboolean
is_own_origin (Signal *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *origin = soup_message_headers_get_one (headers, "Origin");
  const char *host = soup_message_headers_get_one (headers, "Host");
  const char *after = origin != NULL ? strstr (origin, "://") : NULL;

  return origin == NULL || (after != NULL && g_strcmp0 (after + 3, host) == 0);
}

/* @user: (out) (nullable): who a clinician is */
static CareVisitRole
role_of (Signal *self, SoupServerMessage *message, const char *encounter, HubUser **user)
{
  CareVisitRole carried = hub_relay_read (self->server, message, encounter, user);

  if (carried != CARE_VISIT_ROLE_NONE)
    return carried;
  *user = hub_access_authenticate (self->access, message);
  if (*user != NULL)
    return (*user)->role == HUB_ROLE_PRESCRIBER || (*user)->role == HUB_ROLE_NURSE
               ? CARE_VISIT_ROLE_CLINICIAN
               : CARE_VISIT_ROLE_NONE;
  if (is_own_origin (self, message) && is_patient_of (self, message, encounter))
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
  Signal *self = data;
  g_autofree char *encounter = encounter_of_path (path);
  g_autoptr (GPtrArray) cookies = dup_session_hashes (message);
  gboolean asks = hub_gate_must_ask (self->server, message);
  g_autoptr (HubUser) user = NULL;
  Arrival *arrival;

  if (encounter == NULL ||
      (!asks && (cookies->len == 0 || is_patient_of (self, message, encounter))))
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
owner_of (Signal *self, SoupServerMessage *message, const char *encounter)
{
  HubCopies *copies = hub_server_get_copies (self->server);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (copies == NULL || soup_message_headers_get_one (headers, HUB_RELAY_HEADER) != NULL)
    return NULL;
  return hub_copies_find_owner (copies, encounter);
}

/* Runs before the handshake: a status that it sets refuses the socket. */
static void
check_handler (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  Signal *self = data;
  g_autofree char *encounter = encounter_of_path (path);
  g_autoptr (HubUser) user = NULL;
  const char *upgrade =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Upgrade");

  if (soup_server_message_get_status (message) != 0)
    return; /* nobody could be asked */
  if (encounter == NULL)
    hub_reply_outcome (message, 404, "There is nothing here");
  else if (role_of (self, message, encounter, &user) == CARE_VISIT_ROLE_NONE)
    hub_reply_outcome (message, 401, "Sign in, or open the visit with its link");
  else if (upgrade == NULL || g_ascii_strcasecmp (upgrade, "websocket") != 0)
    hub_reply_outcome (message, 426, "This is a WebSocket");
  else if (owner_of (self, message, encounter) == NULL && open_room (self, encounter) == NULL)
    hub_reply_outcome (message, 503, "Too many visits are open");
}

static void
socket_handler (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                SoupWebsocketConnection *socket,
                gpointer data)
{
  Signal *self = data;
  g_autofree char *encounter = encounter_of_path (path);
  g_autoptr (HubUser) user = NULL;
  CareVisitRole role = role_of (self, message, encounter, &user);
  const char *owner = owner_of (self, message, encounter);
  HubSignalRoom *room;

  if (role != CARE_VISIT_ROLE_NONE && owner != NULL)
    {
      hub_relay_start (self->server, owner, encounter, role, user, socket);
      return;
    }
  room = open_room (self, encounter);
  if (role == CARE_VISIT_ROLE_NONE || room == NULL)
    {
      g_signal_connect (g_object_ref (socket), "closed", G_CALLBACK (g_object_unref), NULL);
      soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
      return;
    }
  if (hub_signal_room_enter (room, role, user, socket))
    {
      g_autofree char *reference = g_strconcat ("Encounter/", encounter, NULL);

      hub_server_audit (self->server, "visit", user->name, hub_signal_room_get_patient (room),
                        reference, "taken over from another clinician");
    }
}

/* An account that was disabled leaves every visit at once. */
static void
user_changed_cb (HubAccess *access, const char *name, gpointer data)
{
  Signal *self = data;
  GHashTableIter iter;
  gpointer room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    hub_signal_room_recheck (room, access);
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
  Signal *self = signal_of (server);

  if (g_hash_table_size (self->sessions) >= MAX_SESSIONS)
    g_hash_table_remove_all (self->sessions);
  g_hash_table_replace (self->sessions, g_strdup (session_hash), g_strdup (encounter));
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

static void
signal_free (gpointer data)
{
  Signal *self = data;

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->poll, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_signal_handlers_disconnect_by_data (self->access, self);
  g_object_unref (self->access);
  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->sessions);
  g_clear_object (&self->store);
  g_free (self);
}

void
hub_signal_attach (HubServer *server)
{
  Signal *self = g_new0 (Signal, 1);
  SoupServer *soup = hub_server_get_soup (server);

  self->server = server;
  g_set_object (&self->store, hub_server_get_store (server));
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) hub_signal_room_free);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, signal_free);
  if (self->store == NULL)
    soup_server_add_early_handler (soup, "/visit", arrival_handler, self, NULL);
  soup_server_add_handler (soup, "/visit", check_handler, self, NULL);
  soup_server_add_websocket_handler (soup, "/visit", NULL, NULL, socket_handler, self, NULL);
  if (self->store != NULL)
    g_signal_connect (self->store, "changed", G_CALLBACK (changed_cb), self);
  else
    self->poll = g_timeout_add_seconds (HUB_SIGNAL_POLL, poll_cb, self);
  self->access = g_object_ref (hub_server_get_access (server));
  g_signal_connect (self->access, "user-changed", G_CALLBACK (user_changed_cb), self);
  self->source = g_timeout_add_seconds (HUB_SIGNAL_TICK, tick_cb, self);
  if (hub_server_get_copies (server) != NULL)
    g_signal_connect (hub_server_get_copies (server), "changed", G_CALLBACK (copies_changed_cb),
                      self);
  find_open (self);
}
