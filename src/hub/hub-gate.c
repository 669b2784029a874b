/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-gate.h"

#include <string.h>

#include "hub-reply.h"
#include "hub-upstream.h"

/* Tokens live in memory only. Each is asked about again while it is good, so that whoever is shut
 * out there leaves visits here; a token that merely ran out does not end a visit. */

#define DATA_KEY  "hub-gate"
#define FRESH_US  (60 * G_USEC_PER_SEC)
#define CHECK_S   15
#define MAX_KEPT  2000
#define TOKEN_MAX 8192

typedef struct
{
  gint64 expires; /* when the token ends; 0: not said */
  gint64 asked;
} Known;

typedef struct
{
  HubServer *server;  /* owns this */
  GHashTable *tokens; /* token -> Known */
  guint source;
} Gate;

typedef struct
{
  HubServer *server;
  char *token;
  HubGuestAnswer answer;
} Question;

static Gate *
gate_of (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), DATA_KEY);
}

static const char *
token_of (SoupServerMessage *message)
{
  const char *header =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "Authorization");

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    return NULL;
  header += 7;
  header += strspn (header, " ");
  return *header != '\0' && strlen (header) <= TOKEN_MAX ? header : NULL;
}

/**
 * hub_gate_must_ask:
 *
 * Returns: whether @message has a token of which nothing fresh is known
 */
gboolean
hub_gate_must_ask (HubServer *server, SoupServerMessage *message)
{
  const char *token = token_of (message);
  g_autoptr (HubUser) user = NULL;

  if (hub_server_get_upstream (server) == NULL || token == NULL)
    return FALSE;
  user = hub_access_check_token (hub_server_get_access (server), token);
  return user == NULL;
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->answer.user, hub_user_unref);
  g_object_unref (question->server);
  g_free (question->token);
  g_free (question);
}

static void
ask_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  GError *error = NULL;

  if (hub_upstream_recognise (hub_server_get_upstream (question->server), question->token,
                              &question->answer, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* On the main loop: what the answer means for who is here. */
static void
take_answer (Question *question)
{
  Gate *self = gate_of (question->server);
  HubAccess *access = hub_server_get_access (question->server);
  gint64 now = base_clock_now (hub_server_get_clock (question->server));
  Known *known = g_hash_table_lookup (self->tokens, question->token);
  gint64 until = now + FRESH_US;

  if (question->answer.user == NULL)
    {
      gboolean ran_out = known != NULL && known->expires != 0 && known->expires <= now;

      if (!ran_out)
        hub_access_dismiss_guest (access, question->token);
      g_hash_table_remove (self->tokens, question->token);
      return;
    }
  if (known == NULL)
    {
      if (g_hash_table_size (self->tokens) >= MAX_KEPT)
        g_hash_table_remove_all (self->tokens);
      known = g_new0 (Known, 1);
      g_hash_table_replace (self->tokens, g_strdup (question->token), known);
    }
  known->asked = g_get_monotonic_time ();
  known->expires = question->answer.expires;
  if (known->expires != 0)
    until = MIN (until, known->expires);
  hub_access_admit_guest (access, question->token, question->answer.user, until);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) outer = data;
  Question *question = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (outer, error);
      return;
    }
  take_answer (question);
  g_task_return_boolean (outer, TRUE);
}

static void
ask (HubServer *server, const char *token, GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);
  g_autoptr (GTask) outer = g_task_new (server, NULL, callback, user_data);
  g_autoptr (GTask) task = NULL;

  question->server = g_object_ref (server);
  question->token = g_strdup (token);
  task = g_task_new (NULL, NULL, asked_cb, g_steal_pointer (&outer));
  g_task_set_source_tag (task, ask);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, ask_thread);
}

/**
 * hub_gate_ask_async:
 * @message: one of which hub_gate_must_ask() is true
 */
void
hub_gate_ask_async (HubServer *server,
                    SoupServerMessage *message,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  ask (server, token_of (message), callback, user_data);
}

/**
 * hub_gate_ask_finish:
 * @error: HUB_ERROR 503 where nobody could be asked
 */
gboolean
hub_gate_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
guarded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SoupServerMessage) message = data;
  g_autoptr (GError) error = NULL;

  if (!hub_gate_ask_finish (result, &error))
    hub_reply_error (message, error);
  soup_server_message_unpause (message);
}

static void
guard_handler (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer server)
{
  if (!hub_gate_must_ask (server, message))
    return;
  soup_server_message_pause (message);
  hub_gate_ask_async (server, message, guarded_cb, g_object_ref (message));
}

/**
 * hub_gate_guard:
 *
 * Before anything at @path and below is answered it is known who asks: a WebSocket's handshake
 * cannot wait for that. Does nothing where the records are the hub's own.
 */
void
hub_gate_guard (HubServer *server, const char *path)
{
  if (hub_server_get_store (server) == NULL)
    soup_server_add_early_handler (hub_server_get_soup (server), path, guard_handler, server, NULL);
}

static gboolean
check_cb (gpointer data)
{
  Gate *self = data;
  g_autoptr (GPtrArray) tokens = g_hash_table_get_keys_as_ptr_array (self->tokens);
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < tokens->len; i++)
    {
      const Known *known = g_hash_table_lookup (self->tokens, tokens->pdata[i]);

      if (now - known->asked >= FRESH_US)
        ask (self->server, tokens->pdata[i], NULL, NULL);
    }
  return G_SOURCE_CONTINUE;
}

static void
gate_free (gpointer data)
{
  Gate *self = data;

  g_clear_handle_id (&self->source, g_source_remove);
  g_hash_table_unref (self->tokens);
  g_free (self);
}

void
hub_gate_attach (HubServer *server)
{
  Gate *self = g_new0 (Gate, 1);

  self->server = server;
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->source = g_timeout_add_seconds (CHECK_S, check_cb, self);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, gate_free);
}
