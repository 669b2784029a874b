/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-private.h"

#include "hub-copies.h"
#include "hub-invite-door.h"
#include "hub-records.h"
#include "hub-reply.h"

/* The rooms of the visits that are open, and what the record changes in them. */

#define DATA_KEY  "hub-signal"
#define MAX_ROOMS 500

/* A question to the records about one visit. Holds the server, and so the HubSignal. */
typedef struct
{
  HubServer *server;
  char *encounter;
  HubVisitState state;
  char *patient;
  GPtrArray *found; /* of char*: ids of visits that were open when the hub started */
} Question;

HubSignal *
hub_signal_of (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), DATA_KEY);
}

static Question *
question_new (HubSignal *self, const char *encounter)
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
  HubSignal *self = hub_signal_of (question->server);
  gboolean found = hub_records_run_finish (result, &error);
  HubSignalRoom *room = g_hash_table_lookup (self->rooms, question->encounter);

  if (room == NULL)
    return;
  if (found)
    {
      hub_signal_room_set_record (room, question->state, question->patient);
      hub_signal_estimate_soon (self);
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
load_record (HubSignal *self, const char *encounter)
{
  Question *question = question_new (self, encounter);

  hub_records_run_async (self->server, FALSE, load_work, question, load_done_cb, question);
}

/*
 * hub_signal_open_room:
 *
 * Returns: (transfer none) (nullable): the visit's room, made where there is none; NULL where too
 *   many are open
 */
HubSignalRoom *
hub_signal_open_room (HubSignal *self, const char *encounter)
{
  HubSignalRoom *room = g_hash_table_lookup (self->rooms, encounter);

  if (room != NULL)
    return room;
  if (g_hash_table_size (self->rooms) >= MAX_ROOMS)
    return NULL;
  room = hub_signal_room_new (encounter, hub_server_get_clock (self->server),
                              hub_server_get_ice (self->server));
  hub_signal_room_set_server (room, self->server);
  g_hash_table_insert (self->rooms, g_strdup (encounter), room);
  load_record (self, encounter);
  return room;
}

/**
 * hub_signal_close_person:
 *
 * The invitation of @role to the visit is void: who came by it goes.
 */
void
hub_signal_close_person (HubServer *server, const char *encounter, CareVisitRole role)
{
  HubSignal *self = hub_signal_of (server);
  HubSignalRoom *room = g_hash_table_lookup (self->rooms, encounter);

  if (room != NULL)
    hub_signal_people_close (room, role);
}

static gboolean
leave_work (HubRecords *records, gpointer data, GError **error)
{
  return hub_visit_leave (records, ((Question *) data)->encounter, error);
}

static gboolean
interrupted_work (HubRecords *records, gpointer data, GError **error)
{
  return hub_visit_report_interrupted (records, ((Question *) data)->encounter, FALSE, error);
}

static gboolean
interrupted_again_work (HubRecords *records, gpointer data, GError **error)
{
  return hub_visit_report_interrupted (records, ((Question *) data)->encounter, TRUE, error);
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
write_record (HubSignal *self, const char *encounter, HubRecordsWork work)
{
  Question *question = question_new (self, encounter);

  hub_records_run_async (self->server, TRUE, work, question, written_cb, question);
}

static void
changed_cb (StoreDatabase *store, GPtrArray *changes, gpointer data)
{
  HubSignal *self = data;

  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];
      GHashTableIter iter;
      gpointer room;

      if (g_str_equal (change->type, "Encounter") || g_str_equal (change->type, "Appointment"))
        hub_signal_estimate_soon (self);
      if (g_str_equal (change->type, "Encounter"))
        {
          if (g_hash_table_contains (self->rooms, change->id))
            load_record (self, change->id);
          continue;
        }
      if (!g_str_equal (change->type, "MedicationRequest") &&
          !g_str_equal (change->type, "MedicationDispense") && !g_str_equal (change->type, "Task"))
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
  HubSignal *self = hub_signal_of (server);
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
        write_record (self, encounter,
                      hub_signal_room_is_met (room) ? interrupted_again_work : interrupted_work);
        break;
      case HUB_SIGNAL_FORGET:
        g_hash_table_iter_remove (&iter);
        break;
      case HUB_SIGNAL_NOTHING:
        break;
      }
  hub_invite_door_void_again (server);
  hub_signal_estimate_soon (self);
}

/* Another server does not say what changes there, so it is asked about the visits that are open. */
static gboolean
poll_cb (gpointer data)
{
  HubSignal *self = data;
  GHashTableIter iter;
  gpointer encounter, room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &encounter, &room))
    if (hub_signal_room_is_open (room))
      {
        load_record (self, encounter);
        hub_signal_people_recheck (room);
      }
  return G_SOURCE_CONTINUE;
}

static gboolean
tick_cb (gpointer data)
{
  hub_signal_tick (((HubSignal *) data)->server);
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
      hub_signal_open_room (hub_signal_of (question->server), question->found->pdata[i]);
}

static void
find_open (HubSignal *self)
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
  HubSignal *self = data;
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

/* An account that was disabled leaves every visit at once. */
static void
user_changed_cb (HubAccess *access, const char *name, gpointer data)
{
  HubSignal *self = data;
  GHashTableIter iter;
  gpointer room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    hub_signal_room_recheck (room, access);
  hub_signal_recheck_lobby (self);
}

static void
signal_free (gpointer data)
{
  HubSignal *self = data;

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->poll, g_source_remove);
  g_clear_handle_id (&self->estimate_source, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_signal_handlers_disconnect_by_data (self->access, self);
  g_object_unref (self->access);
  hub_signal_close_lobby (self);
  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->sessions);
  g_clear_object (&self->store);
  g_free (self);
}

void
hub_signal_attach (HubServer *server)
{
  HubSignal *self = g_new0 (HubSignal, 1);

  self->server = server;
  g_set_object (&self->store, hub_server_get_store (server));
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) hub_signal_room_free);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, signal_free);
  hub_signal_attach_door (self);
  hub_signal_attach_lobby (self);
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
