/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-export-private.h"

#include <string.h>

#include "base-id.h"
#include "hub-reply.h"
#include "store-setting.h"

/* The exports that are there, and how they outlive the hub: each is a row of the store's settings,
 * written in the transaction that takes its snapshot, so that it names patients in no file beside
 * the encrypted one and goes along with a backup. */

#define STATE  "hub-export"
#define ROW    "hub.export." /* and the job's id */
#define FORMAT 1             /* of a row */
#define LIFETIME                                                                                   \
  (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC) /* since somebody last asked for the job */
#define TOUCH                                                                                      \
  (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC) /* how old what the row says of that may be */

static HubExportJob *
job_alloc (StoreDatabase *store, const char *id)
{
  HubExportJob *self = g_atomic_rc_box_new0 (HubExportJob);

  self->id = g_strdup (id);
  self->store = g_object_ref (store);
  self->place.since_us = G_MININT64;
  return self;
}

HubExportJob *
hub_export_job_new (HubRequest *request, const char *group, gboolean of_patients)
{
  g_autofree char *id = base_id_new_token ();
  HubExportJob *self = job_alloc (hub_server_get_store (request->server), id);

  self->user = g_strdup (request->user->name);
  self->group = g_strdup (group);
  self->place.of_patients = of_patients;
  self->used_us = base_clock_now (hub_server_get_clock (request->server));
  self->saved_us = self->used_us;
  return self;
}

HubExportJob *
hub_export_job_ref (HubExportJob *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
job_clear (gpointer data)
{
  HubExportJob *self = data;

  g_free (self->id);
  g_free (self->user);
  g_free (self->request);
  g_free (self->group);
  g_free (self->time);
  store_snapshot_clear (&self->place);
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  g_clear_pointer (&self->types, g_ptr_array_unref);
  g_clear_object (&self->store);
  g_free (self->counts);
  g_clear_error (&self->error);
}

void
hub_export_job_unref (HubExportJob *self)
{
  g_atomic_rc_box_release_full (self, job_clear);
}

/* Whether things of this type were asked for. */
gboolean
hub_export_job_wants (HubExportJob *self, const char *type)
{
  return g_ptr_array_find_with_equal_func (self->types, type, g_str_equal, NULL);
}

gboolean
hub_export_job_is_counted (HubExportJob *self)
{
  return self->types != NULL && self->counted > self->types->len;
}

/* When it is forgotten, unless somebody asks for it. */
GDateTime *
hub_export_job_dup_end (HubExportJob *self)
{
  return g_date_time_new_from_unix_utc ((self->used_us + LIFETIME) / G_USEC_PER_SEC);
}

/* ---- as a row ------------------------------------------------------------------------------- */

static void
add_string (JsonBuilder *row, const char *name, const char *value)
{
  json_builder_set_member_name (row, name);
  json_builder_add_string_value (row, value);
}

static void
add_number (JsonBuilder *row, const char *name, gint64 value)
{
  json_builder_set_member_name (row, name);
  json_builder_add_int_value (row, value);
}

static void
add_patients (JsonBuilder *row, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer id;

  if (ids == NULL)
    return;
  json_builder_set_member_name (row, "patients");
  json_builder_begin_array (row);
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    json_builder_add_string_value (row, id);
  json_builder_end_array (row);
}

static void
add_types (JsonBuilder *row, HubExportJob *self)
{
  json_builder_set_member_name (row, "types");
  json_builder_begin_array (row);
  for (guint i = 0; i < self->types->len; i++)
    json_builder_add_string_value (row, self->types->pdata[i]);
  json_builder_end_array (row);
  if (!hub_export_job_is_counted (self))
    return;
  json_builder_set_member_name (row, "counts");
  json_builder_begin_array (row);
  for (guint i = 0; i <= self->types->len; i++)
    json_builder_add_int_value (row, self->counts[i]);
  json_builder_end_array (row);
}

static char *
dup_row (HubExportJob *self)
{
  g_autoptr (JsonBuilder) row = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (row);
  add_number (row, "format", FORMAT);
  add_string (row, "user", self->user);
  add_string (row, "request", self->request);
  add_string (row, "time", self->time);
  add_number (row, "used", self->used_us);
  add_number (row, "until", self->place.until);
  add_number (row, "since", self->place.since_us);
  add_number (row, "ofPatients", self->place.of_patients);
  add_patients (row, self->place.ids);
  add_types (row, self);
  if (self->error != NULL)
    {
      add_number (row, "status", hub_reply_status_of (self->error));
      add_string (row, "error", self->error->message);
    }
  json_builder_end_object (row);
  root = json_builder_get_root (row);
  return json_to_string (root, FALSE);
}

static const char *
string_of (JsonObject *row, const char *name)
{
  return json_object_get_string_member_with_default (row, name, NULL);
}

static gboolean
read_types (HubExportJob *self, JsonObject *row)
{
  JsonArray *types =
      json_object_has_member (row, "types") ? json_object_get_array_member (row, "types") : NULL;
  JsonArray *counts =
      json_object_has_member (row, "counts") ? json_object_get_array_member (row, "counts") : NULL;
  guint n = types != NULL ? json_array_get_length (types) : 0;

  self->types = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n; i++)
    if (!fhir_resource_type_is_known (json_array_get_string_element (types, i)))
      return FALSE;
    else
      g_ptr_array_add (self->types, g_strdup (json_array_get_string_element (types, i)));
  if (counts != NULL && json_array_get_length (counts) == n + 1)
    {
      self->counts = g_new0 (gint64, n + 1);
      for (guint i = 0; i <= n; i++)
        self->counts[i] = json_array_get_int_element (counts, i);
      self->counted = n + 1;
    }
  return types != NULL;
}

static gboolean
read_patients (HubExportJob *self, StoreConnection *connection, JsonObject *row, GError **error)
{
  JsonArray *patients;

  if (!json_object_has_member (row, "patients"))
    return TRUE;
  store_snapshot_limit (&self->place);
  patients = json_object_get_array_member (row, "patients");
  for (guint i = 0; i < json_array_get_length (patients); i++)
    if (!store_snapshot_add_patient (&self->place, connection,
                                     json_array_get_string_element (patients, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_members (HubExportJob *self, StoreConnection *connection, JsonObject *row, GError **error)
{
  const char *failure = string_of (row, "error");

  if (json_object_get_int_member_with_default (row, "format", 0) != FORMAT)
    return FALSE;
  self->request = g_strdup (string_of (row, "request"));
  self->time = g_strdup (string_of (row, "time"));
  self->place.until = json_object_get_int_member_with_default (row, "until", -1);
  self->place.since_us = json_object_get_int_member_with_default (row, "since", G_MININT64);
  self->place.of_patients = json_object_get_int_member_with_default (row, "ofPatients", 0) != 0;
  if (failure != NULL)
    self->error =
        g_error_new_literal (HUB_ERROR,
                             (int) json_object_get_int_member_with_default (row, "status", 500),
                             failure);
  return self->request != NULL && self->time != NULL && self->place.until >= 0 &&
         read_types (self, row) && read_patients (self, connection, row, error);
}

typedef struct
{
  StoreDatabase *store;
  GPtrArray *names, *rows; /* char* */
  GPtrArray *jobs;
} Load;

static void
collect (const char *name, const char *value, gpointer data)
{
  Load *load = data;

  g_ptr_array_add (load->names, g_strdup (name));
  g_ptr_array_add (load->rows, g_strdup (value));
}

/* NULL where the row does not even say whose the job is. */
static HubExportJob *
read_job (Load *load, StoreConnection *connection, const char *name, const char *text)
{
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonObject *row =
      root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  HubExportJob *self;
  g_autoptr (GError) error = NULL;

  if (row == NULL || string_of (row, "user") == NULL)
    return NULL;
  self = job_alloc (load->store, name + strlen (ROW));
  self->user = g_strdup (string_of (row, "user"));
  self->used_us =
      json_object_get_int_member_with_default (row, "used",
                                               base_clock_now (
                                                   store_connection_get_clock (connection)));
  self->saved_us = self->used_us;
  if (!read_members (self, connection, row, &error))
    {
      g_clear_pointer (&self->types, g_ptr_array_unref);
      g_clear_error (&self->error);
      self->error = g_error_new (
          HUB_ERROR, 500,
          "This export was begun before the hub was started anew and cannot be taken up again: "
          "DELETE it and export once more%s%s",
          error != NULL ? ". " : "", error != NULL ? error->message : "");
    }
  return self;
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Load *load = data;

  if (!store_setting_foreach (connection, ROW, collect, load, error))
    return FALSE;
  for (guint i = 0; i < load->names->len; i++)
    {
      HubExportJob *job = read_job (load, connection, load->names->pdata[i], load->rows->pdata[i]);

      if (job != NULL)
        g_ptr_array_add (load->jobs, job);
      else
        g_warning ("An export that was begun earlier cannot be read: it is left alone");
    }
  return TRUE;
}

/* ---- the table ------------------------------------------------------------------------------ */

typedef struct
{
  char *name, *row;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_free (save->name);
  g_free (save->row);
  g_free (save);
}

static gboolean
save_work (StoreConnection *connection, gpointer data, GError **error)
{
  Save *save = data;

  return save->row != NULL ? store_setting_set (connection, save->name, save->row, error)
                           : store_setting_delete (connection, save->name, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!store_database_write_finish (STORE_DATABASE (source), result, &error))
    g_warning ("The state of an export was not written: %s", error->message);
}

static void
write_row (HubExportJob *self, char *row)
{
  Save *save = g_new (Save, 1);

  save->name = g_strconcat (ROW, self->id, NULL);
  save->row = row;
  store_database_write_async (self->store, BASE_LANE_PERSON, save_work, save, save_free, NULL,
                              saved_cb, NULL);
}

/**
 * hub_export_job_put:
 *
 * Writes the job's row in the transaction that takes its snapshot.
 */
gboolean
hub_export_job_put (HubExportJob *self, StoreConnection *connection, GError **error)
{
  g_autofree char *name = g_strconcat (ROW, self->id, NULL);
  g_autofree char *row = dup_row (self);

  return store_setting_set (connection, name, row, error);
}

/* Deletes the row, in a write. */
gboolean
hub_export_job_forget (HubExportJob *self, StoreConnection *connection, GError **error)
{
  g_autofree char *name = g_strconcat (ROW, self->id, NULL);

  return store_setting_delete (connection, name, error);
}

/* How far the job is, for a hub that is started later. Where that is not written, it counts anew.
 */
void
hub_export_job_save (HubExportJob *self)
{
  if (self->cancelled || self->types == NULL) /* NULL: it could not be read */
    return;
  self->saved_us = self->used_us;
  write_row (self, dup_row (self));
}

/* Somebody asks for it, so it lives on. */
void
hub_export_job_touch (HubExportJob *self, gint64 now)
{
  self->used_us = now;
  if (ABS (now - self->saved_us) > TOUCH)
    hub_export_job_save (self);
}

/* The table lets go of one: whatever runs for it ends soon. */
static void
job_drop (gpointer data)
{
  HubExportJob *self = data;

  self->cancelled = TRUE;
  hub_export_job_unref (self);
}

static gboolean
drop_old (gpointer id, gpointer job, gpointer now)
{
  HubExportJob *self = job;

  if (*(gint64 *) now - self->used_us <= LIFETIME)
    return FALSE;
  write_row (self, NULL);
  return TRUE;
}

static GHashTable *
load_jobs (HubServer *server)
{
  GHashTable *jobs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, job_drop);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) loaded = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  Load load = { hub_server_get_store (server), names, rows, loaded };

  if (!store_database_read (load.store, load_work, &load, &error))
    g_warning ("Exports that were begun earlier cannot be read: %s", error->message);
  for (guint i = 0; i < loaded->len; i++)
    {
      HubExportJob *job = loaded->pdata[i];

      g_hash_table_insert (jobs, job->id, job);
    }
  return jobs;
}

/**
 * hub_export_jobs:
 *
 * Lets go of those that nobody asked for.
 *
 * Returns: (transfer none) (element-type utf8 HubExportJob): the exports that are there, by id; the
 *   first time those that an earlier hub began
 */
GHashTable *
hub_export_jobs (HubServer *server)
{
  GHashTable *jobs = g_object_get_data (G_OBJECT (server), STATE);
  gint64 now = base_clock_now (hub_server_get_clock (server));

  if (jobs == NULL)
    {
      jobs = load_jobs (server);
      g_object_set_data_full (G_OBJECT (server), STATE, jobs, (GDestroyNotify) g_hash_table_unref);
    }
  g_hash_table_foreach_remove (jobs, drop_old, &now);
  return jobs;
}
