/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include <string.h>

#include "hub-policy.h"
#include "hub-reply.h"
#include "hub-second-factor.h"

/* POST of a Bundle to /fhir: a transaction is done whole or not at all, the entries of a batch each
 * for itself. Reading and checking happens on a thread of its own, so that neither the main loop
 * nor the store's writer waits for a long text. */

#define ENTRY_LIMIT 5000

static gboolean
fault (GError **error, guint status, guint position, const char *sentence)
{
  g_set_error (error, HUB_ERROR, (int) status, "Entry %u: %s", position, sentence);
  return FALSE;
}

static gboolean
read_verb (const char *method, HubVerb *verb)
{
  static const char *const methods[] = { [HUB_VERB_DELETE] = "DELETE",
                                         [HUB_VERB_POST] = "POST",
                                         [HUB_VERB_PUT] = "PUT",
                                         [HUB_VERB_PATCH] = "PATCH",
                                         [HUB_VERB_GET] = "GET" };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_strcmp0 (methods[i], method) == 0)
      {
        *verb = (HubVerb) i;
        return TRUE;
      }
  return FALSE;
}

/* What comes behind type and id: "_history", "_history/2", "$everything". */
static gboolean
read_rest (HubEntry *entry, GStrv parts)
{
  guint length = g_strv_length (parts);

  if (length == 2 && entry->id == NULL)
    entry->what = g_strdup (parts[1]);
  else if (length == 3)
    entry->what = g_strdup (parts[2]);
  else if (length == 4 && strcmp (parts[2], "_history") == 0)
    entry->vid = g_strdup (parts[3]);
  if (length <= 2 && entry->what == NULL)
    return TRUE;
  return entry->verb == HUB_VERB_GET &&
         (entry->vid != NULL || g_strcmp0 (entry->what, "_history") == 0 ||
          (entry->id != NULL && g_strcmp0 (entry->what, "$everything") == 0 &&
           strcmp (entry->type, "Patient") == 0));
}

/* "Patient", "Patient/1", "Patient?name=x", and for a GET "Patient/1/_history" and the like */
static gboolean
read_url (HubEntry *entry, const char *url, GError **error)
{
  g_auto (GStrv) halves = g_strsplit (url, "?", 2);
  g_auto (GStrv) parts = g_strsplit (halves[0] != NULL ? halves[0] : "", "/", 5);
  guint length = g_strv_length (parts);
  gboolean of_type = length == 1 || (length == 2 && strcmp (parts[1], "_history") == 0);

  if (length < 1 || length > 4 || !fhir_resource_type_is_known (parts[0]) ||
      (!of_type && !fhir_id_is_valid (parts[1])))
    return fault (error, 400, entry->position,
                  "request.url must be a resource type, or a type and an id, as in Patient/1");
  if (g_strv_length (halves) == 2 && strlen (halves[1]) > HUB_QUERY_LIMIT)
    return fault (error, 414, entry->position,
                  "the query in request.url is longer than 8192 bytes");
  entry->type = g_strdup (parts[0]);
  entry->id = g_strdup (of_type ? NULL : parts[1]);
  if (g_strv_length (halves) == 2 && *halves[1] != '\0')
    entry->query = g_strdup (halves[1]);
  return read_rest (entry, parts) ||
         fault (error, 400, entry->position,
                "a bundle may ask for _history, _history/VERSION and Patient/ID/$everything behind "
                "type and id, and for no other operation");
}

/* A patch travels as a Binary, http://hl7.org/fhir/R4/http.html#patch */
static gboolean
unpack_patch (HubEntry *entry, GError **error)
{
  FhirResource *resource = entry->resource;
  const char *data, *kind;
  g_autoptr (GError) problem = NULL;
  g_autofree guchar *bytes = NULL;
  gsize length;

  if (resource == NULL || strcmp (fhir_resource_get_type (resource), "Binary") != 0)
    return fault (error, 400, entry->position,
                  "a patch is a Binary with a JSON Patch; FHIRPath Patch is not supported");
  kind = fhir_resource_path_text (resource, "contentType");
  data = fhir_resource_path_text (resource, "data");
  if (g_strcmp0 (kind, "application/json-patch+json") != 0 || data == NULL)
    return fault (error, 415, entry->position,
                  "the patch's Binary must have contentType application/json-patch+json and data");
  bytes = g_base64_decode (data, &length);
  entry->patch = fhir_patch_parse ((const char *) bytes, (gssize) length, &problem);
  if (entry->patch == NULL)
    return fault (error, hub_reply_status_of (problem), entry->position, problem->message);
  g_clear_pointer (&entry->resource, fhir_resource_unref);
  return TRUE;
}

static gboolean
check_shape (HubEntry *entry, GError **error)
{
  if (entry->verb == HUB_VERB_POST && (entry->id != NULL || entry->query != NULL))
    return fault (error, 400, entry->position,
                  "a POST names the type only; to choose the id, use PUT");
  if (entry->verb != HUB_VERB_POST && entry->verb != HUB_VERB_GET && entry->id == NULL &&
      entry->query == NULL)
    return fault (error, 400, entry->position,
                  "request.url must name the id, as in Patient/1, or a query that finds it");
  if (entry->id != NULL && entry->query != NULL && entry->what == NULL)
    return fault (error, 400, entry->position, "request.url names an id and a query: name one");
  if (entry->verb == HUB_VERB_PATCH)
    return unpack_patch (entry, error);
  if (entry->verb == HUB_VERB_POST || entry->verb == HUB_VERB_PUT)
    {
      if (entry->resource == NULL)
        return fault (error, 400, entry->position, "it has no resource");
      if (!g_str_equal (fhir_resource_get_type (entry->resource), entry->type))
        return fault (error, 400, entry->position,
                      "request.url and the resource name different types");
    }
  return TRUE;
}

static gboolean
fill_entry (HubEntry *entry, const FhirElement *element, GError **error)
{
  const FhirElement *resource = fhir_element_get (element, "resource");
  const char *url = fhir_element_path_text (element, "request.url");
  g_autoptr (GError) problem = NULL;

  if (!read_verb (fhir_element_path_text (element, "request.method"), &entry->verb))
    return fault (error, 400, entry->position,
                  "request.method must be GET, POST, PUT, PATCH or DELETE");
  if (url == NULL || !read_url (entry, url, error))
    return url != NULL ? FALSE : fault (error, 400, entry->position, "it has no request.url");
  if (resource != NULL)
    {
      entry->resource = fhir_resource_new_from_element (resource, &problem);
      if (entry->resource == NULL)
        return fault (error, hub_reply_status_of (problem), entry->position, problem->message);
    }
  entry->full_url = g_strdup (fhir_element_path_text (element, "fullUrl"));
  entry->if_match = g_strdup (fhir_element_path_text (element, "request.ifMatch"));
  entry->if_none_match = g_strdup (fhir_element_path_text (element, "request.ifNoneMatch"));
  entry->if_none_exist = g_strdup (fhir_element_path_text (element, "request.ifNoneExist"));
  return check_shape (entry, error);
}

static gboolean
check_twice (
    GHashTable *seen, const char *what, HubEntry *entry, const char *sentence, GError **error)
{
  if (what == NULL || g_hash_table_add (seen, g_strdup (what)))
    return TRUE;
  return fault (error, 400, entry->position, sentence);
}

/* A transaction may touch each resource once, and full URLs must be told apart. */
static gboolean
check_doubles (GPtrArray *entries, GError **error)
{
  g_autoptr (GHashTable) urls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      HubEntry *entry = entries->pdata[i];
      const char *query = entry->query != NULL ? entry->query : entry->if_none_exist;
      g_autofree char *target = NULL;

      if (entry->verb != HUB_VERB_GET && (entry->id != NULL || query != NULL))
        target = g_strdup_printf ("%s%s%s", entry->type, entry->id != NULL ? "/" : "?",
                                  entry->id != NULL ? entry->id : query);

      if (!check_twice (urls, entry->full_url, entry, "its fullUrl stands twice in the bundle",
                        error) ||
          !check_twice (targets, target, entry, "another entry changes the same resource", error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_entries (HubRequest *self, FhirResource *bundle, GError **error)
{
  const FhirElement *list = fhir_resource_path (bundle, "entry");

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) hub_entry_free);
  if (list != NULL && fhir_element_get_kind (list) != FHIR_KIND_ARRAY)
    {
      g_set_error (error, HUB_ERROR, 400, "Bundle.entry must be a list");
      return FALSE;
    }
  if (fhir_element_get_length (list) > ENTRY_LIMIT)
    {
      g_set_error (error, HUB_ERROR, 413, "A bundle may have %d entries: send it in parts",
                   ENTRY_LIMIT);
      return FALSE;
    }
  fhir_element_foreach (element, list)
    {
      HubEntry *entry = hub_entry_new (HUB_VERB_GET, NULL, NULL);
      g_autoptr (GError) problem = NULL;

      entry->position = self->entries->len;
      g_ptr_array_add (self->entries, entry);
      if (fill_entry (entry, element, &problem))
        continue;
      if (!self->is_batch)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      entry->error = g_steal_pointer (&problem);
    }
  return self->is_batch || check_doubles (self->entries, error);
}

static FhirResource *
parse_bundle (HubRequest *self, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (self->body, &length);
  g_autoptr (FhirResource) bundle =
      fhir_resource_parse (text != NULL ? text : "", (gssize) length, error);
  const char *type = bundle != NULL ? fhir_resource_path_text (bundle, "type") : NULL;

  if (bundle == NULL)
    return NULL;
  self->is_batch = g_strcmp0 (type, "batch") == 0;
  if (g_str_equal (fhir_resource_get_type (bundle), "Bundle") &&
      (self->is_batch || g_strcmp0 (type, "transaction") == 0))
    return g_steal_pointer (&bundle);
  g_set_error (error, HUB_ERROR, 400, "POST to /fhir takes a Bundle of type transaction or batch");
  return NULL;
}

/* ---- doing it ------------------------------------------------------------------------------- */

static void
prefix_position (GError **error, HubEntry *entry)
{
  GError *named;

  if (*error == NULL)
    return;
  named = g_error_new (HUB_ERROR, (int) hub_reply_status_of (*error), "Entry %u (%s): %s",
                       entry->position, entry->type, (*error)->message);
  g_error_free (*error);
  *error = named;
}

/* Ids are known now: what two entries would write, one of them would lose. */
static gboolean
check_targets (GPtrArray *entries, GError **error)
{
  g_autoptr (GHashTable) targets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      HubEntry *entry = entries->pdata[i];
      g_autofree char *target = entry->verb != HUB_VERB_GET && !entry->unchanged
                                    ? g_strdup_printf ("%s/%s", entry->type, entry->id)
                                    : NULL;

      if (!check_twice (targets, target, entry, "another entry changes the same resource", error))
        return FALSE;
    }
  return TRUE;
}

/* Counted by itself: what it came with is undone. */
static void
note_wrong_factor (HubRequest *self, HubEntryContext *context)
{
  if (context->wrong_factor != NULL)
    hub_second_factor_note_wrong_async (hub_server_get_store (self->server), context->wrong_factor);
  g_clear_pointer (&context->wrong_factor, g_free);
}

static gboolean
transaction_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *self = data;
  g_autoptr (GHashTable) references =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  HubEntryContext context = { self->user, hub_server_get_base_url (self->server), references,
                              hub_request_get_content (self), NULL };
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; i < self->entries->len && problem == NULL; i++)
    if (!hub_entry_name (self->entries->pdata[i], &context, connection, &problem))
      prefix_position (&problem, self->entries->pdata[i]);
  if (problem == NULL)
    check_targets (self->entries, &problem);
  for (int verb = HUB_VERB_DELETE; verb <= HUB_VERB_GET && problem == NULL; verb++)
    for (guint i = 0; i < self->entries->len && problem == NULL; i++)
      {
        HubEntry *entry = self->entries->pdata[i];

        if ((int) entry->verb == verb && !hub_entry_do (entry, &context, connection, &problem))
          prefix_position (&problem, entry);
      }
  if (problem == NULL)
    hub_entry_finish ((HubEntry *const *) self->entries->pdata, self->entries->len, &context,
                      connection, &problem);
  note_wrong_factor (self, &context);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

typedef struct
{
  HubRequest *request;
  HubEntry *entry;
} BatchStep;

static gboolean
batch_work (StoreConnection *connection, gpointer data, GError **error)
{
  BatchStep *step = data;
  g_autoptr (GHashTable) references =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  HubEntryContext context = { step->request->user, hub_server_get_base_url (step->request->server),
                              references, hub_request_get_content (step->request), NULL };
  gboolean good = hub_entry_name (step->entry, &context, connection, error) &&
                  hub_entry_do (step->entry, &context, connection, error) &&
                  hub_entry_finish (&step->entry, 1, &context, connection, error);

  note_wrong_factor (step->request, &context);
  return good;
}

static void
do_batch (HubRequest *self, StoreDatabase *store)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      BatchStep step = { self, self->entries->pdata[i] };
      HubOperation operation = step.entry->id != NULL ? HUB_READ : HUB_SEARCH;

      if (step.entry->error != NULL)
        continue;
      if (step.entry->verb != HUB_VERB_GET)
        store_database_write (store, BASE_LANE_PERSON, batch_work, &step, &step.entry->error);
      else if (hub_policy_allows (self->user, operation, step.entry->type, &step.entry->error))
        store_database_read (store, batch_work, &step, &step.entry->error);
    }
}

static gboolean
may_search_all (HubRequest *self, GError **error)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const HubEntry *entry = self->entries->pdata[i];

      if (entry->verb == HUB_VERB_GET && entry->id == NULL &&
          !hub_policy_allows (self->user, HUB_SEARCH, entry->type, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- the answer ----------------------------------------------------------------------------- */

static void
append_response (GString *out, HubRequest *self, HubEntry *entry)
{
  g_string_append_printf (out, "\"response\":{\"status\":\"%u\"", entry->status);
  if (entry->version != NULL)
    g_string_append_printf (out, ",\"etag\":\"W/\\\"%s\\\"\"", entry->version);
  if (entry->updated != NULL)
    g_string_append_printf (out, ",\"lastModified\":\"%s\"", entry->updated);
  if ((entry->answer != NULL || entry->written != NULL) && entry->verb != HUB_VERB_GET)
    g_string_append_printf (out, ",\"location\":\"%s/fhir/%s/%s/_history/%s\"",
                            hub_server_get_base_url (self->server), entry->type, entry->id,
                            entry->version);
  g_string_append (out, "}}");
}

static void
append_answer (GString *out, HubRequest *self, HubEntry *entry)
{
  if (entry->error != NULL)
    {
      guint status = hub_reply_status_of (entry->error);
      g_autofree char *outcome = hub_reply_outcome_text (status, entry->error->message);

      g_string_append_printf (out, "{\"response\":{\"status\":\"%u\",\"outcome\":%s}}", status,
                              outcome);
      return;
    }
  g_string_append_c (out, '{');
  if (entry->text != NULL)
    g_string_append_printf (out, "\"resource\":%s,", entry->text);
  else if (entry->answer != NULL || entry->written != NULL)
    {
      g_string_append_printf (out, "\"fullUrl\":\"%s/fhir/%s/%s\",",
                              hub_server_get_base_url (self->server), entry->type, entry->id);
      if (!self->minimal || entry->verb == HUB_VERB_GET)
        g_string_append_printf (out, "\"resource\":%s,",
                                entry->written != NULL
                                    ? entry->written
                                    : fhir_resource_get_text (entry->answer, NULL));
    }
  append_response (out, self, entry);
}

static char *
dup_answer (HubRequest *self)
{
  GString *out = g_string_sized_new (4096);

  g_string_append_printf (out, "{\"resourceType\":\"Bundle\",\"type\":\"%s-response\"",
                          self->is_batch ? "batch" : "transaction");
  for (guint i = 0; i < self->entries->len; i++)
    {
      g_string_append (out, i > 0 ? "," : ",\"entry\":[");
      append_answer (out, self, self->entries->pdata[i]);
    }
  g_string_append (out, self->entries->len > 0 ? "]}" : "}");
  return g_string_free_and_steal (out);
}

static void
bundle_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  HubRequest *self = data;
  StoreDatabase *store = hub_server_get_store (self->server);
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) bundle = parse_bundle (self, &error);

  if (bundle != NULL && read_entries (self, bundle, &error))
    {
      if (self->is_batch)
        do_batch (self, store);
      else if (may_search_all (self, &error))
        store_database_write (store, BASE_LANE_PERSON, transaction_work, self, &error);
    }
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self->text = dup_answer (self);
  g_task_return_boolean (task, TRUE);
}

static void
note_reads (HubRequest *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      HubEntry *entry = self->entries->pdata[i];
      g_autofree char *patient =
          entry->answer != NULL ? hub_policy_dup_patient (entry->answer) : NULL;

      if (entry->what != NULL && g_strcmp0 (entry->type, "Patient") == 0)
        patient = g_strdup (entry->id);

      if (entry->verb == HUB_VERB_GET && entry->error == NULL)
        hub_server_audit (self->server, "read", self->user->name, patient, entry->type,
                          "in a bundle");
    }
}

static void
bundle_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *self = data;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      hub_request_answer_text (self, 200, g_steal_pointer (&self->text));
      note_reads (self);
    }
  hub_request_finish (self, error);
}

/**
 * hub_request_bundle:
 *
 * Does the transaction or batch in the body.
 */
void
hub_request_bundle (HubRequest *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, bundle_done_cb, self);

  g_task_set_source_tag (task, hub_request_bundle);
  g_task_set_task_data (task, self, NULL);
  soup_server_message_pause (self->message);
  g_task_run_in_thread (task, bundle_thread);
}
