/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-export-private.h"

#include <string.h>

#include "base-id.h"
#include "fhir-reference.h"
#include "hub-page.h"
#include "hub-reply.h"
#include "store-resource.h"

/* Bulk Data, http://hl7.org/fhir/uv/bulkdata/: kick-off, status, manifest, cancel. No file is ever
 * written: a snapshot is a sequence of the store, and hub-export-file.c reads what stood then while
 * it sends. Jobs live in memory: after a restart a client begins anew. */

#define STATE "hub-export"
#define JOBS  8u
#define LIFETIME                                                                                   \
  (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC) /* since somebody last asked for the job */
#define COUNT_ROW 20000u                      /* rows counted in one read */

static HubExportJob *
job_new (HubRequest *request, const char *group, gboolean of_patients)
{
  HubExportJob *self = g_atomic_rc_box_new0 (HubExportJob);

  self->id = base_id_new_token ();
  self->user = g_strdup (request->user->name);
  self->group = g_strdup (group);
  self->store = g_object_ref (hub_server_get_store (request->server));
  self->place.of_patients = of_patients;
  self->place.since_us = G_MININT64;
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

/* The table of jobs lets go of one: whatever runs for it ends soon. */
static void
job_drop (gpointer data)
{
  HubExportJob *self = data;

  self->cancelled = TRUE;
  hub_export_job_unref (self);
}

static gboolean
is_old (gpointer id, gpointer job, gpointer now)
{
  return *(gint64 *) now - ((HubExportJob *) job)->used_us > LIFETIME;
}

static GHashTable *
jobs_of (HubServer *server)
{
  GHashTable *jobs = g_object_get_data (G_OBJECT (server), STATE);
  gint64 now = base_clock_now (hub_server_get_clock (server));

  if (jobs == NULL)
    {
      jobs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, job_drop);
      g_object_set_data_full (G_OBJECT (server), STATE, jobs, (GDestroyNotify) g_hash_table_unref);
    }
  g_hash_table_foreach_remove (jobs, is_old, &now);
  return jobs;
}

/* ---- counting ------------------------------------------------------------------------------- */

typedef struct
{
  HubExportJob *job;
  guint type;
  gint64 after, found;
} CountStep;

static void
count_one (const char *text, gpointer data)
{
  (*(gint64 *) data)++;
}

static void
count_deleted (const char *type, const char *id, gpointer data)
{
  CountStep *step = data;

  if (hub_export_job_wants (step->job, type))
    step->found++;
}

/* Who exports all needs no deletions, nor who never exported before. */
static gboolean
count_deletions (CountStep *step, StoreConnection *connection, GError **error)
{
  if (step->job->place.since_us != G_MININT64)
    return store_snapshot_walk_deleted (&step->job->place, connection, COUNT_ROW, &step->after,
                                        count_deleted, step, error);
  step->after = -1;
  return TRUE;
}

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  CountStep *step = data;

  if (step->type == step->job->types->len)
    return count_deletions (step, connection, error);
  return store_snapshot_walk (&step->job->place, connection, step->job->types->pdata[step->type],
                              FALSE, COUNT_ROW, &step->after, count_one, &step->found, error);
}

static void
count_step_free (CountStep *step)
{
  hub_export_job_unref (step->job);
  g_free (step);
}

static gboolean
is_counted (HubExportJob *job)
{
  return job->counted > job->types->len;
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  CountStep *step = data;
  HubExportJob *job = step->job;
  g_autoptr (GError) error = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    job->error = g_steal_pointer (&error);
  else if (step->after < 0)
    {
      job->counts[step->type] = step->found;
      job->counted++;
      step->type++;
      step->after = step->found = 0;
    }
  if (job->error == NULL && !job->cancelled && !is_counted (job))
    store_database_read_async (job->store, count_work, step, NULL, NULL, counted_cb, step);
  else
    count_step_free (step);
}

static void
start_counting (HubExportJob *job)
{
  CountStep *step;

  job->counts = g_new0 (gint64, job->types->len + 1);
  step = g_new0 (CountStep, 1);
  step->job = hub_export_job_ref (job);
  store_database_read_async (job->store, count_work, step, NULL, NULL, counted_cb, step);
}

/* ---- kick-off ------------------------------------------------------------------------------- */

typedef struct
{
  HubRequest *request;
  HubExportJob *job;
} KickOff;

static gboolean
add_members (HubExportJob *job, StoreConnection *connection, GError **error)
{
  g_autoptr (FhirResource) group = store_resource_get (connection, "Group", job->group, error);

  if (group == NULL)
    return FALSE;
  store_snapshot_limit (&job->place);
  fhir_element_foreach (member, fhir_resource_path (group, "member"))
    {
      const char *reference = fhir_element_path_text (member, "entity.reference");
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;

      if (reference != NULL && fhir_reference_split (reference, &type, &id) &&
          strcmp (type, "Patient") == 0 &&
          !fhir_element_is_true (fhir_element_get (member, "inactive")) &&
          !store_snapshot_add_patient (&job->place, connection, id, error))
        return FALSE;
    }
  return TRUE;
}

/* A write that writes nothing: while it runs nobody else writes, so that all that was changed up to
 * the time it notes is in the snapshot, and a later _since with this time misses nothing. */
static gboolean
take_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubExportJob *job = ((KickOff *) data)->job;

  if (job->group != NULL && !add_members (job, connection, error))
    return FALSE;
  if (job->types == NULL)
    job->types = store_snapshot_types (connection, error);
  job->time = base_clock_dup_instant (store_connection_get_clock (connection));
  return job->types != NULL && store_snapshot_take (connection, &job->place.until, error);
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KickOff *start = data;
  HubRequest *request = start->request;
  g_autoptr (HubExportJob) job = start->job;
  HubServer *server = request->server;
  g_autoptr (GError) error = NULL;

  g_free (start);
  if (store_database_write_finish (STORE_DATABASE (source), result, &error))
    {
      g_autofree char *location =
          g_strdup_printf ("%s/fhir/$export-status/%s", hub_server_get_base_url (server), job->id);
      const char *path = strstr (job->request, "/fhir/") + strlen ("/fhir/");

      job->used_us = base_clock_now (hub_server_get_clock (server));
      g_hash_table_insert (jobs_of (server), job->id, hub_export_job_ref (job));
      hub_server_audit (server, "export", job->user, NULL, path, "started");
      start_counting (job);
      hub_request_set_header (request, "Content-Location", location);
      hub_request_refuse (request, 202, "The export has begun: its address is in Content-Location");
    }
  hub_request_finish (request, error);
}

static gboolean
read_types (HubExportJob *job, const char *text, GError **error)
{
  g_auto (GStrv) types = NULL;

  if (text == NULL)
    return TRUE;
  types = g_strsplit (text, ",", -1);
  job->types = g_ptr_array_new_with_free_func (g_free);
  for (char **type = types; *type != NULL; type++)
    if (!fhir_resource_type_is_known (*type))
      {
        g_set_error (error, HUB_ERROR, 400, "“_type”: “%s” is no resource type of FHIR R4", *type);
        return FALSE;
      }
    else if (!g_ptr_array_find_with_equal_func (job->types, *type, g_str_equal, NULL))
      g_ptr_array_add (job->types, g_strdup (*type));
  return TRUE;
}

static gboolean
check_format (const char *format, GError **error)
{
  static const char *const known[] = { "application/fhir+ndjson", "application/ndjson", "ndjson",
                                       NULL };

  /* “+” stands for a space in a query, and hardly anyone minds. */
  if (format == NULL || g_strv_contains (known, format) ||
      g_str_equal (format, "application/fhir ndjson"))
    return TRUE;
  g_set_error (error, HUB_ERROR, 400, "“_outputFormat=%s”: an export is application/fhir+ndjson",
               format);
  return FALSE;
}

static gboolean
read_query (HubExportJob *job, const char *text, GError **error)
{
  static const char *const known[] = { "_outputFormat", "_since", "_type", NULL };
  g_autoptr (GHashTable) query = hub_page_read_query (text, known, "an export", error);

  return query != NULL && check_format (g_hash_table_lookup (query, "_outputFormat"), error) &&
         hub_page_read_since (query, &job->place.since_us, error) &&
         read_types (job, g_hash_table_lookup (query, "_type"), error);
}

static gboolean
start (HubRequest *request, const char *path, const char *group, gboolean all, const char *query)
{
  g_autoptr (HubExportJob) job = job_new (request, group, !all);
  g_autoptr (GError) error = NULL;
  KickOff *kick_off;

  if (!hub_request_prefers (request, "respond-async"))
    return hub_request_refuse (request, 400,
                               "An export is answered later: ask with “Prefer: respond-async”");
  if (g_hash_table_size (jobs_of (request->server)) >= JOBS)
    {
      hub_request_set_header (request, "Retry-After", "60");
      return hub_request_refuse (request, 429,
                                 "8 exports are there already: DELETE one at its address, or wait");
    }
  if (!read_query (job, query, &error))
    {
      hub_reply_error (request->message, error);
      return FALSE;
    }
  job->request = g_strdup_printf ("%s/fhir/%s%s%s", hub_server_get_base_url (request->server), path,
                                  *query != '\0' ? "?" : "", query);
  kick_off = g_new0 (KickOff, 1);
  kick_off->request = request;
  kick_off->job = g_steal_pointer (&job);
  soup_server_message_pause (request->message);
  store_database_write_async (hub_server_get_store (request->server), BASE_LANE_PERSON, take_work,
                              kick_off, NULL, NULL, taken_cb, kick_off);
  return TRUE;
}

/* ---- status --------------------------------------------------------------------------------- */

static char *
dup_manifest (HubExportJob *job, const char *base_url)
{
  GString *out = g_string_new (NULL);
  gboolean first = TRUE;

  g_string_append_printf (out, "{\"transactionTime\":\"%s\",\"request\":", job->time);
  hub_page_append_quoted (out, job->request);
  g_string_append (out, ",\"requiresAccessToken\":true,\"output\":[");
  for (guint i = 0; i < job->types->len; i++)
    {
      const char *type = job->types->pdata[i];

      if (job->counts[i] == 0)
        continue;
      g_string_append_printf (out,
                              "%s{\"type\":\"%s\",\"url\":\"%s/fhir/$export-file/%s/%s.ndjson\","
                              "\"count\":%" G_GINT64_FORMAT "}",
                              first ? "" : ",", type, base_url, job->id, type, job->counts[i]);
      first = FALSE;
    }
  g_string_append (out, "],\"deleted\":[");
  if (job->counts[job->types->len] > 0)
    g_string_append_printf (
        out, "{\"type\":\"Bundle\",\"url\":\"%s/fhir/$export-file/%s/deleted.ndjson\"}", base_url,
        job->id);
  g_string_append (out, "],\"error\":[]}");
  return g_string_free_and_steal (out);
}

static void
answer_status (HubRequest *request, HubExportJob *job)
{
  if (job->error != NULL)
    hub_reply_error (request->message, job->error);
  else if (!is_counted (job))
    {
      g_autofree char *progress =
          g_strdup_printf ("%u of %u types counted", MIN (job->counted, job->types->len),
                           job->types->len);

      hub_request_set_header (request, "X-Progress", progress);
      hub_request_set_header (request, "Retry-After", "1");
      soup_server_message_set_status (request->message, 202, NULL);
    }
  else
    {
      g_autoptr (GDateTime) now = base_clock_dup_now (hub_server_get_clock (request->server));
      g_autoptr (GDateTime) end = g_date_time_add (now, LIFETIME);
      g_autofree char *expires = soup_date_time_to_string (end, SOUP_DATE_HTTP);

      hub_request_set_header (request, "Expires", expires);
      hub_reply_text (request->message, 200, "application/json",
                      dup_manifest (job, hub_server_get_base_url (request->server)));
    }
}

static HubExportJob *
find_job (HubRequest *request, const char *id)
{
  HubExportJob *job = g_hash_table_lookup (jobs_of (request->server), id);

  if (job == NULL || strcmp (job->user, request->user->name) != 0)
    {
      hub_request_refuse (request, 404,
                          "There is no such export: it was cancelled, has ended, or the hub was "
                          "started anew");
      return NULL;
    }
  job->used_us = base_clock_now (hub_server_get_clock (request->server));
  return job;
}

static gboolean
route_status (HubRequest *request, const char *id, const char *method)
{
  HubExportJob *job = find_job (request, id);

  if (job == NULL)
    return FALSE;
  if (g_str_equal (method, "DELETE"))
    {
      hub_server_audit (request->server, "export", job->user, NULL, NULL, "cancelled");
      g_hash_table_remove (jobs_of (request->server), id);
      return hub_request_refuse (request, 202, "The export is cancelled");
    }
  if (g_str_equal (method, "GET"))
    answer_status (request, job);
  else
    hub_request_refuse_method (request, "GET, DELETE");
  return FALSE;
}

static gboolean
route_file (HubRequest *request, const char *id, const char *name, const char *method)
{
  HubExportJob *job = find_job (request, id);

  if (job == NULL)
    return FALSE;
  if (!g_str_equal (method, "GET"))
    return hub_request_refuse_method (request, "GET");
  for (guint i = 0; i <= job->types->len && is_counted (job); i++)
    {
      const char *stem = i < job->types->len ? job->types->pdata[i] : "deleted";
      g_autofree char *file = g_strconcat (stem, ".ndjson", NULL);

      if (g_str_equal (name, file) && job->counts[i] > 0)
        {
          hub_export_send_file (request, job, i);
          return TRUE;
        }
    }
  return hub_request_refuse (request, 404, "The manifest of this export names no such file");
}

/* "$export", "Patient/$export", "Group/1/$export" */
static gboolean
route_kick_off (HubRequest *request, GStrv parts, const char *method, const char *query)
{
  guint length = g_strv_length (parts);
  g_autofree char *path = g_strjoinv ("/", parts);

  if (!g_str_equal (method, "GET"))
    return hub_request_refuse_method (request, "GET");
  return start (request, path, length == 3 ? parts[1] : NULL, length == 1, query);
}

/**
 * hub_export_route:
 * @parts: the path below /fhir, of an export
 *
 * For the administrator only: an export passes every border that the policy draws.
 *
 * Returns: whether the message is paused and @request taken over; else it is answered
 */
gboolean
hub_export_route (HubRequest *request, GStrv parts, const char *method, const char *query)
{
  guint length = g_strv_length (parts);

  if (request->user->role != HUB_ROLE_ADMIN)
    return hub_request_refuse (request, 403, "Only the clinic's administrator may export records");
  if (length == 2 && g_str_equal (parts[0], "$export-status"))
    return route_status (request, parts[1], method);
  if (length == 3 && g_str_equal (parts[0], "$export-file"))
    return route_file (request, parts[1], parts[2], method);
  if (length == 1 || (length == 2 && g_str_equal (parts[0], "Patient")) ||
      (length == 3 && g_str_equal (parts[0], "Group") && fhir_id_is_valid (parts[1])))
    return route_kick_off (request, parts, method, query);
  return hub_request_refuse (request, 404,
                             "Export all, as /fhir/$export, patients, as /fhir/Patient/$export, or "
                             "a group, as /fhir/Group/1/$export");
}
