/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-webhook.h"

#include <string.h>

#include "base-id.h"
#include "hub-notify-config.h"
#include "net-http.h"

/* A service that sends text messages, behind one POST. Signed as https://www.standardwebhooks.com
 * says: the message's id, the time and the body under an HMAC, which the other side checks with the
 * secret that both have; it reports by the same rule. The id is the idempotency key as well, in the
 * header of draft-ietf-httpapi-idempotency-key-header. */

#define ANSWER_BYTES 4096 /* of what it answers that are read */
#define TOLERANCE    300  /* seconds between the two clocks */

typedef struct
{
  HubNotifyBackEnd parent;
  SoupSession *session;
  GUri *url;
  char *secret_file;
} Webhook;

static const char *const keys[] = { "url", "secret-file", NULL };

static void
webhook_free (HubNotifyBackEnd *back_end)
{
  Webhook *self = (Webhook *) back_end;

  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_uri_unref (self->url);
  g_free (self->secret_file);
  g_free (self);
}

static HubNotifyBackEnd *
webhook_open (GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *text = hub_notify_get_needed (file, group, "url", error);
  g_autoptr (GUri) url = NULL;
  g_autofree char *secret = NULL;
  Webhook *self;

  if (text == NULL || !hub_notify_check_secret_file (file, group, "secret-file", &secret, error))
    return NULL;
  url = net_http_parse_url (text, NULL);
  if (url == NULL || !g_str_has_prefix (g_uri_get_scheme (url), "http"))
    hub_notify_refuse (error, group, "url",
                       "is an https address without a user name; http only to this machine");
  else if (secret == NULL)
    hub_notify_refuse (error, group, "secret-file", "is missing: messages are signed");
  else
    {
      self = g_new0 (Webhook, 1);
      self->parent.interface = &hub_notify_webhook;
      self->session = net_http_session_new ();
      self->url = g_steal_pointer (&url);
      self->secret_file = g_steal_pointer (&secret);
      return &self->parent;
    }
  return NULL;
}

/* ---- the signature ---- */

static char *
sign (const char *secret, const char *id, const char *timestamp, const char *body, gsize length)
{
  gsize n_key = strlen (secret);
  g_autofree guchar *decoded = g_str_has_prefix (secret, "whsec_")
                                   ? g_base64_decode (secret + strlen ("whsec_"), &n_key)
                                   : NULL;
  g_autoptr (GHmac) hmac =
      g_hmac_new (G_CHECKSUM_SHA256, decoded != NULL ? decoded : (const guchar *) secret, n_key);
  guint8 digest[32];
  gsize n_digest = sizeof digest;
  g_autofree char *encoded = NULL;

  g_hmac_update (hmac, (const guchar *) id, -1);
  g_hmac_update (hmac, (const guchar *) ".", 1);
  g_hmac_update (hmac, (const guchar *) timestamp, -1);
  g_hmac_update (hmac, (const guchar *) ".", 1);
  g_hmac_update (hmac, (const guchar *) body, (gssize) length);
  g_hmac_get_digest (hmac, digest, &n_digest);
  encoded = g_base64_encode (digest, n_digest);
  return g_strconcat ("v1,", encoded, NULL);
}

static const char *
header_of (SoupMessageHeaders *headers, const char *name)
{
  const char *text = soup_message_headers_get_one (headers, name);

  return text != NULL ? text : "";
}

/**
 * hub_notify_webhook_is_signed:
 * @now: µs since 1970
 *
 * Returns: whether what comes in was signed with this back end's secret, not long ago
 */
gboolean
hub_notify_webhook_is_signed (HubNotifyBackEnd *back_end,
                              SoupMessageHeaders *headers,
                              const char *body,
                              gsize length,
                              gint64 now)
{
  Webhook *self = (Webhook *) back_end;
  const char *timestamp = header_of (headers, "webhook-timestamp");
  const char *signature = header_of (headers, "webhook-signature");
  g_auto (GStrv) signatures = g_strsplit (signature, " ", 8);
  g_autofree char *secret = NULL;
  g_autofree char *wanted = NULL;
  gint64 sent;

  if (strstr (signature, "v1,") == NULL || strlen (timestamp) > 12 ||
      !g_ascii_string_to_signed (timestamp, 10, 0, G_MAXINT64, &sent, NULL) ||
      ABS (now / G_USEC_PER_SEC - sent) > TOLERANCE)
    return FALSE;
  secret = hub_notify_read_secret (self->secret_file, NULL);
  if (secret == NULL)
    return FALSE;
  wanted = sign (secret, header_of (headers, "webhook-id"), timestamp, body, length);
  for (gsize i = 0; signatures[i] != NULL; i++)
    if (base_equal_constant_time (signatures[i], wanted))
      return TRUE;
  return FALSE;
}

/* ---- sending ---- */

static gint64
retry_after (SoupMessage *message)
{
  const char *text =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  g_autoptr (GDateTime) date = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  gint64 seconds = 0;

  if (text == NULL || g_ascii_string_to_signed (text, 10, 0, G_MAXINT32, &seconds, NULL))
    return seconds;
  date = soup_date_time_new_from_http_string (text);
  return date != NULL ? MAX (g_date_time_difference (date, now) / G_USEC_PER_SEC, 0) : 0;
}

/* A service that knows at once says so; else it reports later. */
static gboolean
says_delivered (GBytes *body)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  JsonNode *root;

  if (length == 0 || !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return FALSE;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) &&
         g_strcmp0 (json_object_get_string_member_with_default (json_node_get_object (root),
                                                                "status", NULL),
                    "delivered") == 0;
}

static HubNotifyResult *
interpret (SoupMessage *message, GBytes *body)
{
  guint status = soup_message_get_status (message);
  g_autofree char *reason = NULL;

  if (status / 100 == 2)
    return hub_notify_result_new (says_delivered (body) ? HUB_NOTIFY_DELIVERED
                                                        : HUB_NOTIFY_HANDED_OVER,
                                  0, NULL);
  if (status == 401 || status == 403)
    return hub_notify_result_new (HUB_NOTIFY_LATER, 0,
                                  "The message service does not know this clinic: its secret may "
                                  "be wrong.");
  if (status / 100 == 5 || status / 100 == 3 || status == 404 || status == 408 || status == 409 ||
      status == 425 || status == 429)
    {
      reason = g_strdup_printf ("The message service cannot take it just now (HTTP %u).", status);
      return hub_notify_result_new (HUB_NOTIFY_LATER, retry_after (message), reason);
    }
  reason = g_strdup_printf ("The message service refused it (HTTP %u): the number may be wrong.",
                            status);
  return hub_notify_result_new (HUB_NOTIFY_REFUSED, 0, reason);
}

static void
answer (GTask *task, HubNotifyResult *result)
{
  g_task_return_pointer (task, result, (GDestroyNotify) hub_notify_result_free);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GBytes) body =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  /* Taken is taken, whether or not what it says of it comes whole. */
  if (body == NULL)
    body = g_bytes_new (NULL, 0);
  answer (task, interpret (g_task_get_task_data (task), body));
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, NULL);

  if (stream == NULL)
    answer (task, hub_notify_result_new (HUB_NOTIFY_LATER, 0,
                                         "The message service could not be reached."));
  else
    g_input_stream_read_bytes_async (stream, ANSWER_BYTES, G_PRIORITY_DEFAULT, NULL, read_cb,
                                     g_object_ref (task));
}

static void
webhook_send (HubNotifyBackEnd *back_end, const HubNotice *notice, GTask *task)
{
  Webhook *self = (Webhook *) back_end;
  SoupMessage *message = soup_message_new_from_uri ("POST", self->url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GError) error = NULL;
  g_autofree char *secret = hub_notify_read_secret (self->secret_file, &error);
  char *text = hub_notify_dup_json (notice);
  g_autofree char *timestamp =
      g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *signature = NULL;
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));

  g_task_set_task_data (task, message, g_object_unref);
  if (secret == NULL)
    {
      g_warning ("A message waits: %s", error->message);
      answer (task,
              hub_notify_result_new (HUB_NOTIFY_LATER, 0,
                                     "The hub's secret for the message service cannot be read."));
      return;
    }
  signature = sign (secret, notice->id, timestamp, text, strlen (text));
  soup_message_headers_replace (headers, "webhook-id", notice->id);
  soup_message_headers_replace (headers, "webhook-timestamp", timestamp);
  soup_message_headers_replace (headers, "webhook-signature", signature);
  soup_message_headers_replace (headers, "Idempotency-Key", notice->id);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT,
                           g_task_get_cancellable (task), sent_cb, g_object_ref (task));
}

const HubNotifyInterface hub_notify_webhook = { "webhook",    keys,         TRUE,
                                                webhook_open, webhook_send, webhook_free };
