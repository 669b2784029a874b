/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-front.h"

#include "hub-copies.h"
#include "hub-gate.h"
#include "hub-reply.h"
#include "hub-upstream.h"

/* What a hub in front of another server answers where its own records would be: where they are. A
 * workstation talks to that server itself, so that the hub sees no record that no visit needs. */

static void
fhir_handler (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer data)
{
  const char *url = hub_upstream_get_url (hub_server_get_upstream (data));
  g_autofree char *sentence = NULL;

  if (soup_server_message_get_status (message) != 0)
    return; /* a join link, answered already */
  sentence = g_strdup_printf ("This hub keeps no records: they are at %s. Talk FHIR to that server "
                              "and sign in there; the hub carries visits and patients' pages.",
                              url);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "no-store");
  hub_reply_outcome (message, 404, sentence);
}

/* ---- where to sign in ----------------------------------------------------------------------- */

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
} Question;

static void
configure_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  JsonNode *root = hub_upstream_configure (source, &error);

  if (root != NULL)
    g_task_return_pointer (task, root, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
configured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = g_task_propagate_pointer (G_TASK (result), &error);

  if (root == NULL)
    hub_reply_error (question->message, error);
  else
    {
      json_object_set_string_member (json_node_get_object (root), HUB_FRONT_BASE,
                                     hub_upstream_get_url (HUB_UPSTREAM (source)));
      hub_reply_text (question->message, 200, "application/json", json_to_string (root, FALSE));
    }
  soup_server_message_unpause (question->message);
  g_object_unref (question->message);
  g_object_unref (question->server);
  g_free (question);
}

/* The other server's own answer, and where it is: a client that asks the hub signs in there. */
static void
configuration_handler (SoupServer *soup,
                       SoupServerMessage *message,
                       const char *path,
                       GHashTable *query,
                       gpointer data)
{
  Question *question = g_new (Question, 1);
  g_autoptr (GTask) task =
      g_task_new (hub_server_get_upstream (data), NULL, configured_cb, question);

  question->server = g_object_ref (data);
  question->message = g_object_ref (message);
  soup_server_message_pause (message);
  g_task_set_source_tag (task, configuration_handler);
  g_task_run_in_thread (task, configure_thread);
}

/**
 * hub_front_attach:
 *
 * The module for /fhir where the records are in another server.
 */
void
hub_front_attach (HubServer *server)
{
  SoupServer *soup = hub_server_get_soup (server);

  hub_gate_attach (server);
  if (hub_server_get_copies (server) != NULL)
    hub_copies_attach (hub_server_get_copies (server), server);
  soup_server_add_handler (soup, "/fhir", fhir_handler, server, NULL);
  soup_server_add_handler (soup, "/.well-known/smart-configuration", configuration_handler, server,
                           NULL);
  soup_server_add_handler (soup, "/fhir/.well-known/smart-configuration", configuration_handler,
                           server, NULL);
  hub_upstream_watch (hub_server_get_upstream (server));
}
