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
 * it sends. Jobs outlive the hub: what was not counted to the end is counted anew. */

#define JOBS      8u
#define STARTING  "hub-export-starting" /* kick-offs whose snapshot is being taken */
#define COUNT_ROW 20000u                /* rows counted in one read */

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

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  CountStep *step = data;
  HubExportJob *job = step->job;
  g_autoptr (GError) error = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      g_warning ("An export ends early: %s", error->message);
      job->error = g_steal_pointer (&error);
    }
  else if (step->after < 0)
    {
      job->counts[step->type] = step->found;
      job->counted++;
      step->type++;
      step->after = step->found = 0;
    }
  if (job->error == NULL && !job->cancelled && !hub_export_job_is_counted (job))
    {
      store_database_read_async (job->store, count_work, step, NULL, NULL, counted_cb, step);
      return;
    }
  hub_export_job_save (job);
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

static guint
count_starting (HubServer *server)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (server), STARTING));
}

static void
set_starting (HubServer *server, guint starting)
{
  g_object_set_data (G_OBJECT (server), STARTING, GUINT_TO_POINTER (starting));
}

/* Those who are in the group: each id once. */
static GHashTable *
read_members (HubExportJob *job, StoreConnection *connection, GError **error)
{
  g_autoptr (FhirResource) group = store_resource_get (connection, "Group", job->group, error);
  GHashTable *members;

  if (group == NULL)
    return NULL;
  members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fhir_element_foreach (member, fhir_resource_path (group, "member"))
    {
      const char *reference = fhir_element_path_text (member, "entity.reference");
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;

      if (reference != NULL && fhir_reference_split (reference, &type, &id) &&
          strcmp (type, "Patient") == 0 &&
          !fhir_element_is_true (fhir_element_get (member, "inactive")))
        g_hash_table_add (members, g_steal_pointer (&id));
    }
  return members;
}

static gboolean
add_members (HubExportJob *job, StoreConnection *connection, GHashTable *members, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  store_snapshot_limit (&job->place);
  g_hash_table_iter_init (&iter, members);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!store_snapshot_add_patient (&job->place, connection, id, error))
      return FALSE;
  return TRUE;
}

/* Whom the kick-off names must be there, or who exports would take less for all. */
static gboolean
add_asked (HubExportJob *job, StoreConnection *connection, GHashTable *members, GError **error)
{
  for (guint i = 0; i < job->asked->len; i++)
    {
      const char *id = job->asked->pdata[i];
      g_autoptr (FhirResource) patient = NULL;

      if (members != NULL && !g_hash_table_contains (members, id))
        {
          g_set_error (error, HUB_ERROR, 400, "“patient”: Patient/%s is no member of Group/%s", id,
                       job->group);
          return FALSE;
        }
      patient = store_resource_get (connection, "Patient", id, error);
      if (patient == NULL || !store_snapshot_add_patient (&job->place, connection, id, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
choose_patients (HubExportJob *job, StoreConnection *connection, GError **error)
{
  g_autoptr (GHashTable) members = NULL;

  if (job->group != NULL)
    {
      members = read_members (job, connection, error);
      if (members == NULL)
        return FALSE;
    }
  if (job->asked != NULL)
    return add_asked (job, connection, members, error);
  return members == NULL || add_members (job, connection, members, error);
}

/* A write that changes no record: while it runs nobody else writes, so that all that was changed up
 * to the time it notes is in the snapshot, and a later _since with this time misses nothing. */
static gboolean
take_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubExportJob *job = ((KickOff *) data)->job;

  if (!choose_patients (job, connection, error))
    return FALSE;
  if (job->types == NULL)
    job->types = store_snapshot_types (connection, error);
  job->time = base_clock_dup_instant (store_connection_get_clock (connection));
  return job->types != NULL && store_snapshot_take (connection, &job->place.until, error) &&
         hub_export_job_put (job, connection, error);
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
  set_starting (server, count_starting (server) - 1);
  if (store_database_write_finish (STORE_DATABASE (source), result, &error))
    {
      g_autofree char *location =
          g_strdup_printf ("%s/fhir/$export-status/%s", hub_server_get_base_url (server), job->id);
      const char *path = strstr (job->request, "/fhir/") + strlen ("/fhir/");

      g_hash_table_insert (hub_export_jobs (server), job->id, hub_export_job_ref (job));
      hub_server_audit (server, "export", job->user, NULL, path, "started");
      start_counting (job);
      hub_request_set_header (request, "Content-Location", location);
      hub_request_refuse (request, 202, "The export has begun: its address is in Content-Location");
    }
  hub_request_finish (request, error);
}

static gboolean
kick_off (HubRequest *request, const char *path, const char *group, gboolean all, const char *query)
{
  g_autoptr (HubExportJob) job = hub_export_job_new (request, group, !all);
  g_autoptr (GError) error = NULL;
  KickOff *begin;

  if (!hub_request_prefers (request, "respond-async"))
    return hub_request_refuse (request, 400,
                               "An export is answered later: ask with “Prefer: respond-async”");
  if (g_hash_table_size (hub_export_jobs (request->server)) + count_starting (request->server) >=
      JOBS)
    {
      hub_request_set_header (request, "Retry-After", "60");
      return hub_request_refuse (request, 429,
                                 "8 exports are there already: DELETE one at its address, or wait");
    }
  if (!hub_export_read_ask (request, query, job, &error))
    {
      hub_reply_error (request->message, error);
      return FALSE;
    }
  job->request = g_strdup_printf ("%s/fhir/%s%s%s", hub_server_get_base_url (request->server), path,
                                  *query != '\0' ? "?" : "", query);
  begin = g_new0 (KickOff, 1);
  begin->request = request;
  begin->job = g_steal_pointer (&job);
  set_starting (request->server, count_starting (request->server) + 1);
  soup_server_message_pause (request->message);
  store_database_write_async (hub_server_get_store (request->server), BASE_LANE_PERSON, take_work,
                              begin, NULL, NULL, taken_cb, begin);
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
    hub_reply_outcome (request->message, hub_reply_status_of (job->error), job->error->message);
  else if (!hub_export_job_is_counted (job))
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
      g_autoptr (GDateTime) end = hub_export_job_dup_end (job);
      g_autofree char *expires = soup_date_time_to_string (end, SOUP_DATE_HTTP);

      hub_request_set_header (request, "Expires", expires);
      hub_reply_text (request->message, 200, "application/json",
                      dup_manifest (job, hub_server_get_base_url (request->server)));
    }
}

static HubExportJob *
find_job (HubRequest *request, const char *id)
{
  HubExportJob *job = g_hash_table_lookup (hub_export_jobs (request->server), id);

  if (job == NULL || strcmp (job->user, request->user->name) != 0)
    {
      hub_request_refuse (request, 404,
                          "There is no such export: it was cancelled, or nobody asked for it for "
                          "an hour");
      return NULL;
    }
  hub_export_job_touch (job, base_clock_now (hub_server_get_clock (request->server)));
  return job;
}

static gboolean
cancel_work (StoreConnection *connection, gpointer data, GError **error)
{
  return hub_export_job_forget (((KickOff *) data)->job, connection, error);
}

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KickOff *cancel = data;
  HubRequest *request = cancel->request;
  g_autoptr (GError) error = NULL;

  if (store_database_write_finish (STORE_DATABASE (source), result, &error))
    hub_request_refuse (request, 202, "The export is cancelled");
  hub_export_job_unref (cancel->job);
  g_free (cancel);
  hub_request_finish (request, error);
}

/* It ends at once, and is answered when a hub that is started later will not know it either. */
static gboolean
cancel (HubRequest *request, HubExportJob *job)
{
  KickOff *cancel = g_new (KickOff, 1);

  cancel->request = request;
  cancel->job = hub_export_job_ref (job);
  hub_server_audit (request->server, "export", job->user, NULL, NULL, "cancelled");
  g_hash_table_remove (hub_export_jobs (request->server), job->id);
  soup_server_message_pause (request->message);
  store_database_write_async (hub_server_get_store (request->server), BASE_LANE_PERSON, cancel_work,
                              cancel, NULL, NULL, cancelled_cb, cancel);
  return TRUE;
}

static gboolean
route_status (HubRequest *request, const char *id, const char *method)
{
  HubExportJob *job = find_job (request, id);

  if (job == NULL)
    return FALSE;
  if (g_str_equal (method, "DELETE"))
    return cancel (request, job);
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
  for (guint i = 0; hub_export_job_is_counted (job) && i <= job->types->len; i++)
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

  if (!g_str_equal (method, "GET") && !g_str_equal (method, "POST"))
    return hub_request_refuse_method (request, "GET, POST");
  return kick_off (request, path, length == 3 ? parts[1] : NULL, length == 1, query);
}

/**
 * hub_export_attach:
 *
 * The module for exports: takes up those that an earlier hub did not count to the end.
 */
void
hub_export_attach (HubServer *server)
{
  GHashTableIter iter;
  gpointer job;

  g_hash_table_iter_init (&iter, hub_export_jobs (server));
  while (g_hash_table_iter_next (&iter, NULL, &job))
    if (((HubExportJob *) job)->error == NULL && !hub_export_job_is_counted (job))
      start_counting (job);
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
