/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-probe.h"

#include <string.h>

#include "net-discovery.h"
#include "net-error.h"
#include "net-http.h"
#include "net-probe-private.h"

/* Asks an address that somebody typed what stands there. Nothing but a question is sent, and a
 * server that cannot prove who it is is not even asked. What the answer means is said in
 * net-probe-words.c. */

#define LARGEST ((gsize) 16 * 1024 * 1024) /* a CapabilityStatement of some servers has 4 MB */
#define LINK    "bedside:connect?"

void
net_probe_free (NetProbe *self)
{
  g_free (self->server);
  g_free (self->base_url);
  g_free (self->sentence);
  g_free (self->advice);
  g_clear_pointer (&self->statement, fhir_resource_unref);
  g_free (self->version);
  g_free (self->sign_in_problem);
  g_free (self);
}

static void
answer_clear (NetProbeAnswer *answer)
{
  g_free (answer->type);
  g_free (answer->location);
  g_free (answer->text);
  g_clear_object (&answer->certificate);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NetProbeAnswer, answer_clear)

/* ---- the address ---------------------------------------------------------------------------- */

/* A link that an administrator sends, or shows as a code: bedside:connect?server=ADDRESS */
static char *
dup_of_link (const char *text)
{
  g_autoptr (GHashTable) form = soup_form_decode (text + strlen (LINK));
  const char *server = g_hash_table_lookup (form, "server");

  return g_strdup (server != NULL ? server : "");
}

/* People leave the scheme away; only this computer itself is asked without TLS. */
static char *
add_scheme (const char *text)
{
  g_autofree char *plain = NULL;
  g_autoptr (GUri) uri = NULL;

  if (strstr (text, "://") != NULL || *text == '\0')
    return g_strdup (text);
  plain = g_strconcat ("http://", text, NULL);
  uri = net_http_parse_url (plain, NULL);
  return uri != NULL ? g_steal_pointer (&plain) : g_strconcat ("https://", text, NULL);
}

static void
cut_end (char *text, const char *end)
{
  if (g_str_has_suffix (text, end))
    text[strlen (text) - strlen (end)] = '\0';
}

/**
 * net_probe_dup_server:
 * @typed: as somebody typed or pasted it, or a link "bedside:connect?server=…"
 *
 * Returns: (transfer full) (nullable): the whole address, without what stands at its end for
 *   nothing; NULL with a sentence in @error
 */
char *
net_probe_dup_server (const char *typed, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));
  g_autofree char *named =
      g_ascii_strncasecmp (text, LINK, strlen (LINK)) == 0 ? dup_of_link (text) : g_strdup (text);
  /* words are no address; a host's name would else take them up in disguise */
  g_autofree char *server = strpbrk (named, " \t\r\n") == NULL ? add_scheme (named) : g_strdup ("");
  g_autoptr (GUri) uri = net_http_parse_url (server, error);

  if (uri == NULL)
    return NULL;
  g_free (server);
  server = g_uri_to_string_partial (uri, G_URI_HIDE_QUERY | G_URI_HIDE_FRAGMENT);
  cut_end (server, "/");
  cut_end (server, "/metadata");
  cut_end (server, "/");
  return g_steal_pointer (&server);
}

/**
 * net_probe_dup_base_url:
 * @server: of net_probe_dup_server()
 *
 * Returns: (transfer full): the FHIR base: a bare host is a hub, whose base is /fhir
 */
char *
net_probe_dup_base_url (const char *server)
{
  g_autoptr (GUri) uri = g_uri_parse (server, SOUP_HTTP_URI_FLAGS, NULL);
  const char *path = uri != NULL ? g_uri_get_path (uri) : "";

  return *path == '\0' || g_str_equal (path, "/")
             ? g_strconcat (server, g_str_has_suffix (server, "/") ? "fhir" : "/fhir", NULL)
             : g_strdup (server);
}

/* ---- the question --------------------------------------------------------------------------- */

/* Asked only about one that is not believed; it stays that way. */
static gboolean
accept_cb (SoupMessage *message,
           GTlsCertificate *certificate,
           GTlsCertificateFlags wrong,
           NetProbeAnswer *answer)
{
  g_set_object (&answer->certificate, certificate);
  answer->wrong = wrong;
  return FALSE;
}

static gboolean
read_body (NetProbeAnswer *answer, GInputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (65536);
  gssize got = 0;

  while (body->len < LARGEST &&
         (got = g_input_stream_read (stream, buffer, 65536, cancellable, error)) > 0)
    g_byte_array_append (body, buffer, (guint) got);
  if (got < 0)
    return FALSE;
  answer->length = body->len;
  g_byte_array_append (body, (const guint8 *) "", 1); /* ends it, and is there where nothing came */
  answer->text = (char *) g_byte_array_free (g_steal_pointer (&body), FALSE);
  return TRUE;
}

static gboolean
ask (
    SoupSession *http, GUri *uri, NetProbeAnswer *answer, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupMessage) message = soup_message_new_from_uri ("GET", uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GInputStream) stream = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (headers, "Accept",
                                "application/fhir+json, application/json;q=0.9, */*;q=0.1");
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_cb), answer);
  stream = soup_session_send (http, message, cancellable, error);
  if (stream == NULL)
    return FALSE;
  headers = soup_message_get_response_headers (message);
  answer->status = soup_message_get_status (message);
  answer->type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  answer->location = g_strdup (soup_message_headers_get_one (headers, "Location"));
  return read_body (answer, stream, cancellable, error);
}

static void
ask_how_to_sign_in (NetProbe *probe, SoupSession *http, GCancellable *cancellable)
{
  g_autofree char *base = g_strdup (probe->base_url), *authorize = NULL, *token = NULL;
  g_autoptr (GError) problem = NULL;

  probe->signs_in = net_discovery_read (http, &base, &authorize, &token, cancellable, &problem);
  if (problem != NULL)
    probe->sign_in_problem = g_strdup (problem->message);
}

/* A hub that was named by its base is a hub all the same. */
static void
name_hub (NetProbe *probe)
{
  const char *name = fhir_resource_path_text (probe->statement, "software.name");

  probe->is_hub = name != NULL && g_str_has_prefix (name, "bedside-hub");
  if (probe->is_hub)
    cut_end (probe->server, "/fhir");
}

static gboolean
probe_server (NetProbe *probe, guint patience_s, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = g_strconcat (probe->base_url, "/metadata", NULL);
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (SoupSession) http = net_http_session_new ();
  g_auto (NetProbeAnswer) answer = { 0 };
  g_autoptr (GError) problem = NULL;

  soup_session_set_timeout (http, patience_s);
  if (ask (http, uri, &answer, cancellable, &problem))
    net_probe_judge (probe, uri, &answer);
  else if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  else
    net_probe_judge_failure (probe, uri, &answer, patience_s, problem);
  if (probe->kind == NET_PROBE_READY)
    {
      name_hub (probe);
      ask_how_to_sign_in (probe, http, cancellable);
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

typedef struct
{
  char *typed;
  guint patience_s;
} Question;

static void
question_free (gpointer data)
{
  g_free (((Question *) data)->typed);
  g_free (data);
}

static void
probe_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  g_autoptr (NetProbe) probe = g_new0 (NetProbe, 1);
  g_autoptr (GError) problem = NULL;
  GError *error = NULL;

  probe->server = net_probe_dup_server (question->typed, &problem);
  if (probe->server == NULL)
    {
      probe->kind = NET_PROBE_ADDRESS;
      probe->sentence = g_strdup (problem->message);
    }
  else
    {
      probe->base_url = net_probe_dup_base_url (probe->server);
      if (!probe_server (probe, question->patience_s, cancellable, &error))
        {
          g_task_return_error (task, error);
          return;
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&probe), (GDestroyNotify) net_probe_free);
}

/**
 * net_probe_async:
 * @typed: an address as somebody typed it
 * @patience_s: after so many seconds without a word it is too slow
 */
void
net_probe_async (const char *typed,
                 guint patience_s,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->typed = g_strdup (typed);
  question->patience_s = patience_s;
  g_task_set_source_tag (task, net_probe_async);
  g_task_set_task_data (task, question, question_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, probe_thread);
}

/**
 * net_probe_finish:
 *
 * Returns: (transfer full) (nullable): what was found, also where that is nothing; NULL only when
 *   cancelled
 */
NetProbe *
net_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
