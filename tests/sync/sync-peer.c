/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gunixinputstream.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "last-reference.h"
#include "store-journal.h"
#include "store-resource.h"
#include "store-search.h"
#include "sync-engine.h"

/* A workstation without windows: a store in FOLDER and the engine against the server at BASE, with
 * the token in BEDSIDE_TEST_FHIR_TOKEN. Each line of standard input is a command, each is answered
 * with a line:
 *   {"do": "write", "group": …, "patient": …, "priority": …, "changes": [{"verb": "create",
 * "update" or "delete", "resource": TEXT}]}   one local change, in one transaction
 *   {"do": "state"}                     the status, the journal and what was set aside
 *   {"do": "list", "type": …}           the texts of the records of a type
 *   {"do": "wake"}                      do not wait for the next poll
 *   {"do": "open", "patient": …}        read this chart now
 *   {"do": "decide", "group": …, "decision": "retry", "renew", "mine" or "theirs"}
 *   {"do": "accept", "offer": BOOLEAN}  it is the right server; what is newer here is sent again
 *   {"do": "reconcile"}                 look now for what is gone on the server
 */

typedef struct
{
  GMainLoop *loop;
  GDataInputStream *input;
  StoreDatabase *store;
  SyncEngine *engine;
  GPtrArray *aside; /* "state: sentence" of each group-set-aside */
  int status;
} Station;

typedef struct
{
  JsonObject *command;
  JsonBuilder *answer;
} Job;

static const char *const verbs[] = { "create", "update", "delete" };

static void
on_set_aside (SyncEngine *engine,
              const char *group,
              const char *state,
              const char *sentence,
              GPtrArray *aside)
{
  g_ptr_array_add (aside, g_strdup_printf ("%s: %s: %s", group, state, sentence));
}

static gboolean
write_change (StoreConnection *connection, JsonObject *command, JsonObject *change, GError **error)
{
  g_autoptr (FhirResource) resource =
      fhir_resource_parse (json_object_get_string_member (change, "resource"), -1, error);
  const char *verb = json_object_get_string_member (change, "verb");
  StoreJournalVerb code = STORE_JOURNAL_CREATE;
  const char *type = resource != NULL ? fhir_resource_get_type (resource) : NULL;
  const char *id = resource != NULL ? fhir_resource_get_id (resource) : NULL;
  g_autoptr (FhirResource) before = NULL;
  gboolean written;
  gint64 sequence;

  if (resource == NULL)
    return FALSE;
  while (strcmp (verbs[code], verb) != 0)
    code++;
  before = store_resource_get (connection, type, id, NULL);
  written = code == STORE_JOURNAL_DELETE
                ? store_resource_delete (connection, type, id, NULL, NULL, error)
                : store_resource_put (connection, resource, STORE_PUT_DEFAULT,
                                      fhir_resource_get_version (resource), NULL, error);
  return written &&
         store_journal_append (connection, json_object_get_string_member (command, "group"), code,
                               type, id,
                               json_object_get_string_member_with_default (command, "patient",
                                                                           NULL),
                               before != NULL ? fhir_resource_get_version (before) : NULL,
                               (int) json_object_get_int_member_with_default (command, "priority",
                                                                              0),
                               &sequence, error);
}

static gboolean
write_changes (StoreConnection *connection, gpointer data, GError **error)
{
  Job *job = data;
  JsonArray *changes = json_object_get_array_member (job->command, "changes");

  for (guint i = 0; i < json_array_get_length (changes); i++)
    if (!write_change (connection, job->command, json_array_get_object_element (changes, i), error))
      return FALSE;
  return TRUE;
}

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static gboolean
list_journal (StoreConnection *connection, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (GPtrArray) entries = store_journal_list (connection, NULL, 10000, error);

  json_builder_set_member_name (job->answer, "journal");
  json_builder_begin_array (job->answer);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      StoreJournalEntry *entry = entries->pdata[i];

      json_builder_begin_object (job->answer);
      add_text (job->answer, "group", entry->group);
      add_text (job->answer, "verb", verbs[entry->verb]);
      add_text (job->answer, "type", entry->type);
      add_text (job->answer, "id", entry->id);
      add_text (job->answer, "state", entry->state);
      add_text (job->answer, "reason", entry->reason);
      json_builder_end_object (job->answer);
    }
  json_builder_end_array (job->answer);
  return entries != NULL;
}

/* All of a type, page after page. */
static gboolean
list_resources (StoreConnection *connection, gpointer data, GError **error)
{
  Job *job = data;
  const char *type = json_object_get_string_member (job->command, "type");
  g_autoptr (FhirQuery) query = fhir_query_parse (type, "_count=1000", FALSE, error);
  g_autoptr (StoreSearch) page = query != NULL ? store_search (connection, query, error) : NULL;

  json_builder_set_member_name (job->answer, "resources");
  json_builder_begin_array (job->answer);
  while (page != NULL)
    {
      for (guint i = 0; i < page->matches->len; i++)
        json_builder_add_string_value (job->answer,
                                       fhir_resource_get_text (page->matches->pdata[i], NULL));
      if (page->next_cursor == NULL)
        break;
      g_set_str (&query->cursor, page->next_cursor);
      store_search_free (page);
      page = store_search (connection, query, error);
    }
  json_builder_end_array (job->answer);
  return page != NULL;
}

static void
add_status (Station *self, JsonBuilder *answer)
{
  static const char *const states[] = { "offline", "syncing", "idle", "error" };
  SyncStatus *status = sync_engine_get_status (self->engine);

  add_text (answer, "state", states[sync_status_get_state (status)]);
  add_text (answer, "sentence", sync_status_get_sentence (status));
  add_number (answer, "lastPull", sync_status_get_last_pull (status));
  add_number (answer, "waiting", sync_status_get_waiting (status));
  add_number (answer, "held", sync_status_get_held (status));
  add_number (answer, "refused", sync_status_get_refused (status));
  add_number (answer, "conflicts", sync_status_get_conflicts (status));
  json_builder_set_member_name (answer, "aside");
  json_builder_begin_array (answer);
  for (guint i = 0; i < self->aside->len; i++)
    json_builder_add_string_value (answer, self->aside->pdata[i]);
  json_builder_end_array (answer);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  sync_engine_pull_patient_finish (SYNC_ENGINE (source), result, NULL);
}

static void
on_decided (GObject *source, GAsyncResult *result, gpointer data)
{
  sync_engine_decide_finish (SYNC_ENGINE (source), result, NULL);
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  sync_engine_accept_server_finish (SYNC_ENGINE (source), result, NULL);
}

/* What a person asks the engine for. FALSE: it is no such command */
static gboolean
ask (Station *self, JsonObject *command, const char *what)
{
  static const char *const decisions[] = { "retry", "renew", "mine", "theirs", NULL };
  SyncDecision decision = SYNC_DECISION_RETRY;

  if (strcmp (what, "wake") == 0)
    sync_engine_wake (self->engine);
  else if (strcmp (what, "reconcile") == 0)
    sync_engine_reconcile (self->engine);
  else if (strcmp (what, "open") == 0)
    sync_engine_pull_patient_async (self->engine,
                                    json_object_get_string_member (command, "patient"), NULL,
                                    on_opened, NULL);
  else if (strcmp (what, "accept") == 0)
    sync_engine_accept_server_async (self->engine,
                                     json_object_get_boolean_member (command, "offer")
                                         ? SYNC_ACCEPT_AND_OFFER
                                         : SYNC_ACCEPT_AS_IT_IS,
                                     on_accepted, NULL);
  else if (strcmp (what, "decide") == 0)
    {
      while (strcmp (decisions[decision], json_object_get_string_member (command, "decision")) != 0)
        decision++;
      sync_engine_decide_async (self->engine, json_object_get_string_member (command, "group"),
                                decision, on_decided, NULL);
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
obey (Station *self, Job *job, GError **error)
{
  const char *what = json_object_get_string_member_with_default (job->command, "do", "");

  if (strcmp (what, "write") == 0)
    return store_database_write (self->store, BASE_LANE_PERSON, write_changes, job, error);
  if (strcmp (what, "list") == 0)
    return store_database_read (self->store, list_resources, job, error);
  if (ask (self, job->command, what))
    return TRUE;
  add_status (self, job->answer);
  return store_database_read (self->store, list_journal, job, error);
}

static gboolean
answer_line (Station *self, const char *line, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (line, error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) answer = NULL;
  g_autoptr (GError) refused = NULL;
  g_autofree char *text = NULL;
  Job job = { .answer = builder };

  if (node == NULL)
    return FALSE;
  job.command = json_node_get_object (node);
  json_builder_begin_object (builder);
  if (!obey (self, &job, &refused))
    add_text (builder, "error", refused->message);
  json_builder_end_object (builder);
  answer = json_builder_get_root (builder);
  text = json_to_string (answer, FALSE);
  puts (text); /* g_print() would turn it into the locale's characters */
  fflush (stdout);
  return TRUE;
}

static void
read_line_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Station *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish (self->input, result, NULL, &error);

  if (line != NULL && answer_line (self, line, &error))
    {
      g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, read_line_cb,
                                           self);
      return;
    }
  if (error != NULL)
    g_printerr ("sync-peer: %s\n", error->message);
  self->status = error != NULL ? 1 : 0;
  g_main_loop_quit (self->loop);
}

static NetFhirClient *
connect_to (const char *base, GError **error)
{
  const char *token = g_getenv ("BEDSIDE_TEST_FHIR_TOKEN");
  g_autoptr (NetSession) session = token != NULL ? net_session_new (base, token) : NULL;

  return net_fhir_client_new (base, session, error);
}

static void
run (Station *self, NetFhirClient *client, BaseClock *clock)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  self->loop = g_main_loop_new (NULL, FALSE);
  self->input = g_data_input_stream_new (input);
  self->aside = g_ptr_array_new_with_free_func (g_free);
  self->engine = sync_engine_new (self->store, client, clock);
  g_signal_connect (self->engine, "group-set-aside", G_CALLBACK (on_set_aside), self->aside);
  sync_engine_start (self->engine);
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, read_line_cb, self);
  g_main_loop_run (self->loop);
  sync_engine_stop (self->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  last_reference_drop (self->engine);
  g_clear_object (&self->input);
  g_clear_pointer (&self->aside, g_ptr_array_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GBytes) key = g_bytes_new_static ("0123456789abcdef0123456789abcdef", STORE_KEY_BYTES);
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (NetFhirClient) client = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  Station self = { 0 };

  if (argc != 3)
    {
      g_printerr ("usage: sync-peer BASE FOLDER\n");
      return 2;
    }
  path = g_build_filename (argv[2], "store.db", NULL);
  client = connect_to (argv[1], &error);
  self.store = client != NULL ? store_database_open (path, key, clock, &error) : NULL;
  if (self.store == NULL)
    {
      g_printerr ("sync-peer: %s\n", error->message);
      return 1;
    }
  run (&self, client, clock);
  store_database_close (self.store);
  g_clear_object (&self.store);
  return self.status;
}
