/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-check.h"

#include "net-error.h"
#include "net-http.h"

/* One small request to a server, looked at from the side: its certificate and its clock. A server
 * whose certificate is not believed is told nothing, but what is wrong with it is kept. */

#define MAX_BODY (16 * 1024)

typedef struct
{
  char *url;
  NetSession *session;
  GTlsDatabase *trusted;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->url);
  g_clear_object (&question->session);
  g_clear_object (&question->trusted);
  g_free (question);
}

void
net_check_free (NetCheck *self)
{
  g_free (self->body);
  g_clear_pointer (&self->good_from, g_date_time_unref);
  g_clear_pointer (&self->good_until, g_date_time_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static void
keep_certificate (NetCheck *check, GTlsCertificate *certificate, GTlsCertificateFlags wrong)
{
  if (certificate == NULL)
    return;
  g_clear_pointer (&check->good_from, g_date_time_unref);
  g_clear_pointer (&check->good_until, g_date_time_unref);
  check->is_encrypted = TRUE;
  check->wrong = wrong;
  check->good_from = g_tls_certificate_get_not_valid_before (certificate);
  check->good_until = g_tls_certificate_get_not_valid_after (certificate);
}

/* Asked only about one that is not believed; it stays that way. */
static gboolean
accept_cb (SoupMessage *message,
           GTlsCertificate *certificate,
           GTlsCertificateFlags wrong,
           NetCheck *check)
{
  keep_certificate (check, certificate, wrong);
  return FALSE;
}

static void
read_answer (NetCheck *check, SoupMessage *message, GBytes *body)
{
  const char *date =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Date");
  g_autoptr (GDateTime) parsed = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;

  check->status = soup_message_get_status (message);
  check->body = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  check->date_us = parsed != NULL ? g_date_time_to_unix_usec (parsed) : 0;
  /* Whoever was answered was believed, by this computer or by the clinic's own authority. */
  keep_certificate (check, soup_message_get_tls_peer_certificate (message),
                    G_TLS_CERTIFICATE_NO_FLAGS);
}

static gboolean
sign (SoupMessage *message, NetSession *session, GCancellable *cancellable, GError **error)
{
  g_autofree char *token = NULL, *value = NULL;

  if (session == NULL)
    return TRUE;
  token = net_session_dup_token (session, NULL, cancellable, error);
  if (token == NULL)
    return FALSE;
  value = g_strconcat ("Bearer ", token, NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
  return TRUE;
}

static void
ask (const Question *question, NetCheck *check, GCancellable *cancellable)
{
  g_autoptr (GUri) uri = net_http_parse_url (question->url, &check->error);
  g_autoptr (SoupSession) http = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) body = NULL;

  if (uri == NULL)
    return;
  http = net_http_session_new ();
  if (question->trusted != NULL)
    soup_session_set_tls_database (http, question->trusted);
  message = soup_message_new_from_uri ("GET", uri);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_cb), check);
  if (!sign (message, question->session, cancellable, &check->error))
    return;
  body = net_http_send (http, message, MAX_BODY, cancellable, &check->error);
  if (body != NULL)
    read_answer (check, message, body);
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  NetCheck *check = g_new0 (NetCheck, 1);

  ask (data, check, cancellable);
  g_task_return_pointer (task, check, (GDestroyNotify) net_check_free);
}

/**
 * net_check_server_async:
 * @url: of something small
 * @session: (nullable): to sign the request with
 * @trusted: (nullable): who vouches for the server; NULL: whom this computer trusts
 */
void
net_check_server_async (const char *url,
                        NetSession *session,
                        GTlsDatabase *trusted,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->url = g_strdup (url);
  g_set_object (&question->session, session);
  g_set_object (&question->trusted, trusted);
  g_task_set_source_tag (task, net_check_server_async);
  g_task_set_task_data (task, question, question_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, check_thread);
}

/**
 * net_check_server_finish:
 *
 * Returns: (transfer full) (nullable): what was found, also where no answer came; NULL when
 *   cancelled
 */
NetCheck *
net_check_server_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
