/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <curl/curl.h>
#include <string.h>

#include "hub-notify-config.h"
#include "hub-notify-mail.h"

/* E-mail through the clinic's mail server. The dialogue, its TLS and its sign-in are libcurl's; the
 * mail itself is hub-notify-mail.c's. A mail server knows no idempotency: after a crash in the very
 * moment of handing over the mail may come twice, and then with the same Message-ID. */

#define SECONDS         60
#define CONNECT_SECONDS 20

typedef struct
{
  HubNotifyBackEnd parent;
  char *server, *user, *password_file, *from, *name, *authorities;
  gboolean without_tls;
} Smtp;

/* One mail on its way, on a thread of its own. */
typedef struct
{
  Smtp *smtp;
  char *password;
  char *mail, *to;
  gsize sent;
  GCancellable *cancellable;
} Dialogue;

static const char *const keys[] = { "server",    "user",    "password-file", "from",
                                    "from-name", "ca-file", "tls",           NULL };

static void
smtp_free (HubNotifyBackEnd *back_end)
{
  Smtp *self = (Smtp *) back_end;

  g_free (self->server);
  g_free (self->user);
  g_free (self->password_file);
  g_free (self->from);
  g_free (self->name);
  g_free (self->authorities);
  g_free (self);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_str_equal (host, "localhost") ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

static gboolean
check_server (Smtp *self, const char *group, const char *tls, GError **error)
{
  g_autoptr (GUri) url = g_uri_parse (self->server, G_URI_FLAGS_NONE, NULL);
  const char *scheme = url != NULL ? g_uri_get_scheme (url) : "";
  const char *host = url != NULL ? g_uri_get_host (url) : NULL;

  if (!(g_str_equal (scheme, "smtp") || g_str_equal (scheme, "smtps")) || host == NULL ||
      *host == '\0' || g_uri_get_userinfo (url) != NULL || strlen (g_uri_get_path (url)) > 1)
    return hub_notify_refuse (error, group, "server",
                              "is smtp://HOST:PORT, which takes STARTTLS, or smtps://HOST:PORT");
  self->without_tls = g_strcmp0 (tls, "none") == 0;
  if (tls != NULL && !self->without_tls)
    return hub_notify_refuse (error, group, "tls", "is none, or left away");
  if (self->without_tls && (!is_loopback (host) || g_str_equal (scheme, "smtps")))
    return hub_notify_refuse (error, group, "tls",
                              "is none only for smtp to this machine itself: what goes further is "
                              "encrypted");
  return TRUE;
}

static gboolean
check_sender (Smtp *self, const char *group, GError **error)
{
  g_autofree char *valid = care_channel_dup_valid (CARE_CHANNEL_EMAIL, self->from);

  if (valid == NULL)
    return hub_notify_refuse (error, group, "from", "is no e-mail address");
  if (self->name != NULL &&
      (!g_utf8_validate (self->name, -1, NULL) || strpbrk (self->name, "\r\n") != NULL))
    return hub_notify_refuse (error, group, "from-name", "is one line");
  if ((self->user == NULL) != (self->password_file == NULL))
    return hub_notify_refuse (error, group, "password-file", "belongs to user: name both, or none");
  if (self->authorities != NULL && !g_file_test (self->authorities, G_FILE_TEST_IS_REGULAR))
    return hub_notify_refuse (error, group, "ca-file", "is no file");
  return TRUE;
}

static HubNotifyBackEnd *
smtp_open (GKeyFile *file, const char *group, GError **error)
{
  static gsize started = 0;
  Smtp *self = g_new0 (Smtp, 1);
  g_autoptr (HubNotifyBackEnd) back_end = &self->parent;
  g_autofree char *tls = g_key_file_get_string (file, group, "tls", NULL);

  if (g_once_init_enter (&started))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      g_once_init_leave (&started, 1);
    }
  self->parent.interface = &hub_notify_smtp;
  self->server = hub_notify_get_needed (file, group, "server", error);
  if (self->server == NULL ||
      (self->from = hub_notify_get_needed (file, group, "from", error)) == NULL)
    return NULL;
  self->name = g_key_file_get_string (file, group, "from-name", NULL);
  self->user = g_key_file_get_string (file, group, "user", NULL);
  self->authorities = g_key_file_get_string (file, group, "ca-file", NULL);
  if (!hub_notify_check_secret_file (file, group, "password-file", &self->password_file, error) ||
      !check_server (self, group, tls, error) || !check_sender (self, group, error))
    return NULL;
  return g_steal_pointer (&back_end);
}

/* ---- the dialogue ---- */

static void
dialogue_free (gpointer data)
{
  Dialogue *dialogue = data;

  g_free (dialogue->password);
  g_free (dialogue->mail);
  g_free (dialogue->to);
  g_clear_object (&dialogue->cancellable);
  g_free (dialogue);
}

static size_t
read_cb (char *buffer, size_t size, size_t count, void *data)
{
  Dialogue *dialogue = data;
  gsize length = MIN (strlen (dialogue->mail + dialogue->sent), size * count);

  memcpy (buffer, dialogue->mail + dialogue->sent, length);
  dialogue->sent += length;
  return length;
}

static int
progress_cb (void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  Dialogue *dialogue = data;

  return g_cancellable_is_cancelled (dialogue->cancellable) ? 1 : 0;
}

static void
set_up (CURL *curl, Dialogue *dialogue, struct curl_slist *recipients)
{
  Smtp *smtp = dialogue->smtp;
  g_autofree char *from = g_strdup_printf ("<%s>", smtp->from);

  curl_easy_setopt (curl, CURLOPT_URL, smtp->server);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (curl, CURLOPT_USE_SSL,
                    (long) (smtp->without_tls ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  if (smtp->authorities != NULL)
    curl_easy_setopt (curl, CURLOPT_CAINFO, smtp->authorities);
  if (smtp->user != NULL)
    {
      curl_easy_setopt (curl, CURLOPT_USERNAME, smtp->user);
      curl_easy_setopt (curl, CURLOPT_PASSWORD, dialogue->password);
    }
  curl_easy_setopt (curl, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, read_cb);
  curl_easy_setopt (curl, CURLOPT_READDATA, dialogue);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, progress_cb);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, dialogue);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_PROXY, "");
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long) SECONDS);
}

/* What the server says is not repeated: it may hold the address. */
static HubNotifyResult *
interpret (CURLcode code, long status)
{
  g_autofree char *reason = NULL;

  if (code == CURLE_OK)
    return hub_notify_result_new (HUB_NOTIFY_DELIVERED, 0, NULL);
  if (code == CURLE_LOGIN_DENIED)
    return hub_notify_result_new (HUB_NOTIFY_LATER, 0,
                                  "The mail server does not take the clinic's sign-in.");
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_USE_SSL_FAILED ||
      code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE)
    return hub_notify_result_new (HUB_NOTIFY_LATER, 0,
                                  "The mail server cannot prove who it is, so nothing was sent.");
  if (status / 100 == 5)
    {
      reason =
          g_strdup_printf ("The mail server refused it (%ld): the address may be wrong.", status);
      return hub_notify_result_new (HUB_NOTIFY_REFUSED, 0, reason);
    }
  return hub_notify_result_new (HUB_NOTIFY_LATER, 0,
                                status / 100 == 4 ? "The mail server cannot take it just now."
                                                  : "The mail server could not be reached.");
}

static void
dialogue_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Dialogue *dialogue = data;
  g_autofree char *to = g_strdup_printf ("<%s>", dialogue->to);
  struct curl_slist *recipients = curl_slist_append (NULL, to);
  CURL *curl = curl_easy_init ();
  CURLcode code;
  long status = 0;

  set_up (curl, dialogue, recipients);
  code = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup (curl);
  curl_slist_free_all (recipients);
  if (code != CURLE_OK)
    g_message ("A mail was not sent: %s (%ld)", curl_easy_strerror (code), status);
  g_task_return_pointer (task, interpret (code, status), (GDestroyNotify) hub_notify_result_free);
}

static void
smtp_send (HubNotifyBackEnd *back_end, const HubNotice *notice, GTask *task)
{
  Smtp *self = (Smtp *) back_end;
  Dialogue *dialogue = g_new0 (Dialogue, 1);
  g_autoptr (GError) error = NULL;

  dialogue->smtp = self;
  dialogue->to = g_strdup (notice->to);
  dialogue->mail = hub_notify_mail (notice, self->from, self->name);
  g_set_object (&dialogue->cancellable, g_task_get_cancellable (task));
  g_task_set_task_data (task, dialogue, dialogue_free);
  if (self->password_file != NULL)
    dialogue->password = hub_notify_read_secret (self->password_file, &error);
  if (error == NULL)
    g_task_run_in_thread (task, dialogue_thread);
  else
    {
      g_warning ("A message waits: %s", error->message);
      g_task_return_pointer (
          task,
          hub_notify_result_new (HUB_NOTIFY_LATER, 0,
                                 "The hub's password for the mail server cannot be read."),
          (GDestroyNotify) hub_notify_result_free);
    }
}

const HubNotifyInterface hub_notify_smtp = { "smtp", keys, TRUE, smtp_open, smtp_send, smtp_free };
