/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient.h"

#include "base-id.h"
#include "hub-ice.h"
#include "hub-patient-information.h"
#include "hub-patient-private.h"
#include "hub-proxy.h"
#include "hub-reply.h"
#include "hub-signal.h"

/* The patient's pages: /join/<token> and what it asks below that path, and the files under
 * /patient. Nothing on them comes from another host, and nothing of them is kept by a browser. */

#define DATA_KEY     "hub-patient"
#define MAX_BODY     (16 * 1024)
#define MAX_DEPTH    16
#define MAX_CALLS    150 /* a link and minute: ten times what the page needs */
#define MAX_LINKS    10000
#define PROBE_BYTES  (192 * 1024)
#define TOKEN_LENGTH 43

typedef struct
{
  HubServer *server; /* owns this */
  GHashTable *calls; /* link hash -> how many in this minute */
  gint64 minute;
  GHashTable *sessions; /* hashes of session cookies that were seen to be good */
  gboolean test_hooks;
  GBytes *probe;
} Patient;

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  HubPatientCall *call;
} Exchange;

static const struct
{
  const char *name, *method;
  HubPatientAction action;
} actions[] = {
  { "state", "GET", HUB_PATIENT_STATE },
  { "verify", "POST", HUB_PATIENT_VERIFY },
  { "details", "POST", HUB_PATIENT_DETAILS },
  { "device-test", "POST", HUB_PATIENT_DEVICE_TEST },
  { "wait", "POST", HUB_PATIENT_WAIT },
  { "leave", "POST", HUB_PATIENT_LEAVE },
  { "medicines", "GET", HUB_PATIENT_MEDICINES },
  { "choice", "POST", HUB_PATIENT_CHOICE },
  { "probe", "GET", HUB_PATIENT_PROBE },
  { "language", "POST", HUB_PATIENT_LANGUAGE },
  { "consent", "POST", HUB_PATIENT_CONSENT },
  { "after", "GET", HUB_PATIENT_AFTER },
  { "survey", "POST", HUB_PATIENT_SURVEY },
  { "ice", "GET", HUB_PATIENT_ICE },
  { "invite", "POST", HUB_PATIENT_INVITE },
  { "call-me", "POST", HUB_PATIENT_CALL_ME },
  { "call-state", "GET", HUB_PATIENT_CALL_STATE },
  { "taking", "POST", HUB_PATIENT_TAKING },
  { "renewal", "POST", HUB_PATIENT_RENEWAL },
  { "code", "POST", HUB_PATIENT_CODE },
};

static Patient *
patient_of (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), DATA_KEY);
}

/* ---- headers ---- */

/* Some browsers do not count a WebSocket as 'self', so its origin is named where the Host header
 * can be trusted to be one. */
static char *
dup_policy (SoupServerMessage *message)
{
  const char *host =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");
  gboolean plain =
      host != NULL && strlen (host) < 200 &&
      strspn (host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") ==
          strlen (host);

  return g_strdup_printf ("default-src 'self'; connect-src 'self'%s%s%s%s; media-src 'self' blob: "
                          "mediastream:; img-src 'self'; object-src 'none'; base-uri 'none'; "
                          "form-action 'none'; frame-ancestors 'none'",
                          plain ? " ws://" : "", plain ? host : "", plain ? " wss://" : "",
                          plain ? host : "");
}

void
hub_patient_set_headers (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *policy = dup_policy (message);

  soup_message_headers_replace (headers, "Content-Security-Policy", policy);
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "X-Frame-Options", "DENY");
  soup_message_headers_replace (headers, "X-Robots-Tag", "noindex, nofollow");
  soup_message_headers_replace (headers, "Cross-Origin-Opener-Policy", "same-origin");
  soup_message_headers_replace (headers, "Permissions-Policy",
                                "camera=(self), microphone=(self), geolocation=(self), payment=()");
}

static void
set_cookie (Patient *self, SoupServerMessage *message, HubPatientCall *call)
{
  g_autofree char *name = g_strdup_printf (HUB_SIGNAL_COOKIE "-%.8s", call->hash);
  gboolean secure = g_str_has_prefix (hub_server_get_public_url (self->server), "https:");
  g_autofree char *cookie =
      g_strdup_printf ("%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%" G_GINT64_FORMAT "%s",
                       name, call->cookie, call->seconds, secure ? "; Secure" : "");

  soup_message_headers_append (soup_server_message_get_response_headers (message), "Set-Cookie",
                               cookie);
}

/* ---- files ---- */

static void
file_handler (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer data)
{
  Patient *self = data;
  const char *name = path + strlen ("/patient");

  hub_patient_set_headers (message);
  name += *name == '/' ? 1 : 0;
  if (g_strcmp0 (soup_server_message_get_method (message), "GET") != 0)
    hub_reply_text (message, 405, "text/plain", g_strdup ("Only GET\n"));
  else if (g_str_has_prefix (name, "test-") && !self->test_hooks)
    hub_reply_text (message, 404, "text/plain", g_strdup ("There is nothing here\n"));
  else
    hub_patient_reply_file (message, 200, name);
}

/* ---- the page ---- */

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  char *token;
  gboolean known;
  HubClinic clinic;
} Page;

/* The page itself says so where the records cannot be reached, and asks again. */
static gboolean
page_work (HubRecords *records, gpointer data, GError **error)
{
  Page *page = data;
  g_autoptr (GError) problem = NULL;
  g_autoptr (HubJoin) join = hub_join_load (records, page->token, &problem);

  page->known = join != NULL || !g_error_matches (problem, HUB_ERROR, 404);
  if (!page->known)
    hub_visit_load_clinic (records, &page->clinic);
  return TRUE;
}

static void
replace (GString *text, const char *mark, const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value, -1);

  g_string_replace (text, mark, escaped, 0);
}

static void
reply_closed (Page *page)
{
  g_autoptr (GBytes) bytes = hub_patient_find_file ("link-closed.html");
  g_autoptr (GString) text =
      g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  g_autofree char *way =
      page->clinic.phone != NULL
          ? g_strdup_printf ("You can call the clinic on %s.", page->clinic.phone)
          : g_strdup ("Please call the clinic on the number you have from them.");

  replace (text, "@CLINIC@", page->clinic.name != NULL ? page->clinic.name : "Your clinic");
  replace (text, "@WAY@", way);
  replace (text, "@PHONE@", page->clinic.phone != NULL ? page->clinic.phone : "");
  hub_reply_text (page->message, 404, "text/html; charset=utf-8",
                  g_string_free_and_steal (g_steal_pointer (&text)));
}

static void
page_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Page *page = data;

  if (!hub_records_run_finish (result, NULL) || !page->known)
    reply_closed (page);
  else
    hub_patient_reply_file (page->message, 200, "join.html");
  soup_server_message_unpause (page->message);
  hub_clinic_clear (&page->clinic);
  g_object_unref (page->message);
  g_object_unref (page->server);
  g_free (page->token);
  g_free (page);
}

static void
reply_page (Patient *self, SoupServerMessage *message, const char *token)
{
  Page *page = g_new0 (Page, 1);

  page->server = g_object_ref (self->server);
  page->message = g_object_ref (message);
  page->token = g_strdup (token);
  soup_server_message_pause (message);
  hub_records_run_async (self->server, FALSE, page_work, page, page_done_cb, page);
}

/* ---- what the page asks ---- */

void
hub_patient_reply_probe (HubServer *server, SoupServerMessage *message)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Content-Type",
                                "application/octet-stream");
  soup_message_body_append_bytes (soup_server_message_get_response_body (message),
                                  patient_of (server)->probe);
  soup_server_message_set_status (message, 200, NULL);
}

/**
 * hub_patient_dup_ice:
 * @known: whether it is for a patient of the clinic: nobody else gets a relay's password
 *
 * Returns: (transfer full): which STUN and TURN servers the device test may try, as JSON
 */
char *
hub_patient_dup_ice (HubServer *server, gboolean known)
{
  HubIce *ice = hub_server_get_ice (server);
  g_autoptr (CareVisitMessage) message =
      ice != NULL ? hub_ice_mint (ice) : care_visit_message_new (CARE_SIGNAL_ICE);

  if (!known)
    {
      g_clear_pointer (&message->turn, g_free);
      g_clear_pointer (&message->user, g_free);
      g_clear_pointer (&message->password, g_free);
    }
  return care_visit_message_serialise (message);
}

static void
answer_exchange (Exchange *exchange)
{
  HubPatientCall *call = exchange->call;
  Patient *self = patient_of (exchange->server);

  if (call->cookie != NULL)
    set_cookie (self, exchange->message, call);
  if (call->known && call->session != NULL)
    {
      if (g_hash_table_size (self->sessions) >= MAX_LINKS)
        g_hash_table_remove_all (self->sessions);
      g_hash_table_add (self->sessions, g_strdup (call->session));
      if (call->encounter != NULL)
        hub_signal_remember_session (exchange->server, call->session, call->encounter);
    }
  if (call->action == HUB_PATIENT_PROBE && call->known)
    {
      hub_patient_reply_probe (exchange->server, exchange->message);
      return;
    }
  if (call->action == HUB_PATIENT_ICE && call->known)
    {
      g_free (call->text);
      call->text = hub_patient_dup_ice (exchange->server, !call->over);
    }
  if (call->invited != NULL)
    hub_patient_answer_invited (exchange->server, call);
  hub_reply_text (exchange->message, call->status, "application/json",
                  g_steal_pointer (&call->text));
}

static void
call_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Exchange *exchange = data;
  g_autoptr (GError) error = NULL;

  if (!hub_records_run_finish (result, &error))
    hub_patient_call_fail (exchange->call, error);
  answer_exchange (exchange);
  soup_server_message_unpause (exchange->message);
  hub_patient_call_free (exchange->call);
  g_object_unref (exchange->message);
  g_object_unref (exchange->server);
  g_free (exchange);
}

static void
start_call (Patient *self, SoupServerMessage *message, HubPatientCall *call)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->server = g_object_ref (self->server);
  exchange->message = g_object_ref (message);
  exchange->call = call;
  soup_server_message_pause (message);
  hub_records_run_async (self->server, hub_patient_call_writes (call->action), hub_patient_call_run,
                         call, call_done_cb, exchange);
}

void
hub_patient_reply_error (SoupServerMessage *message, guint status, const char *error)
{
  hub_reply_text (message, status, "application/json",
                  g_strdup_printf ("{\"error\":\"%s\"}", error));
}

/* Whether somebody who has the link with this hash, or a name of that kind, may ask again. */
gboolean
hub_patient_may_call (HubServer *server, const char *hash)
{
  Patient *self = patient_of (server);
  gint64 minute = g_get_monotonic_time () / G_TIME_SPAN_MINUTE;
  guint count;

  if (minute != self->minute || g_hash_table_size (self->calls) >= MAX_LINKS)
    g_hash_table_remove_all (self->calls);
  self->minute = minute;
  count = GPOINTER_TO_UINT (g_hash_table_lookup (self->calls, hash)) + 1;
  g_hash_table_replace (self->calls, g_strdup (hash), GUINT_TO_POINTER (count));
  return count <= MAX_CALLS;
}

/* The session's cookie is SameSite=Strict; a browser's own word on the origin is believed as well.
 */
gboolean
hub_patient_is_cross_site (SoupServerMessage *message)
{
  const char *site =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "Sec-Fetch-Site");

  return site != NULL && !g_str_equal (site, "same-origin") && !g_str_equal (site, "none");
}

/* What a page posts, of at most @depth levels; NULL where it is no such JSON. */
JsonNode *
hub_patient_read_body (SoupServerMessage *message, guint depth)
{
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (message),
                                             NULL);
  g_autoptr (GBytes) bytes =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  guint levels = 0;

  if (g_strcmp0 (type, "application/json") != 0 || length == 0 || memchr (text, 0, length) != NULL)
    return NULL;
  for (gsize i = 0; i < length; i++)
    levels += text[i] == '[' || text[i] == '{' ? 1 : 0;
  if (levels > depth || !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  return json_node_ref (json_parser_get_root (parser));
}

static void
answer_call (Patient *self, SoupServerMessage *message, gsize index, const char *token)
{
  HubPatientCall *call;

  if (g_strcmp0 (soup_server_message_get_method (message), actions[index].method) != 0)
    {
      hub_patient_reply_error (message, 405, "method");
      return;
    }
  if (hub_patient_call_writes (actions[index].action) && hub_patient_is_cross_site (message))
    {
      hub_patient_reply_error (message, 403, "origin");
      return;
    }
  call = g_new0 (HubPatientCall, 1);
  call->action = actions[index].action;
  call->token = g_strdup (token);
  call->hash = hub_join_hash (token);
  call->session = hub_signal_dup_session (message, call->hash);
  call->test_hooks = self->test_hooks;
  call->content = hub_patient_get_content (self->server);
  if (call->content != NULL && call->action == HUB_PATIENT_VERIFY)
    store_content_prepare (call->content); /* is read by when somebody asks */
  if (g_str_equal (actions[index].method, "POST"))
    call->body = hub_patient_read_body (message, MAX_DEPTH);
  if (g_str_equal (actions[index].method, "POST") && call->body == NULL)
    {
      hub_patient_call_free (call);
      hub_patient_reply_error (message, 400, "body");
      return;
    }
  start_call (self, message, call);
}

static void
answer_action (Patient *self, SoupServerMessage *message, const char *action, const char *token)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (action, actions[i].name))
      {
        answer_call (self, message, i, token);
        return;
      }
  hub_patient_reply_error (message, 404, "unknown");
}

static void
join_handler (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer data)
{
  Patient *self = data;
  g_auto (GStrv) parts = g_strsplit (path, "/", 6);
  guint count = g_strv_length (parts);
  g_autofree char *hash = count > 2 ? hub_join_hash (parts[2]) : g_strdup ("");
  gboolean is_page = count <= 3 || (count == 4 && *parts[3] == '\0');

  hub_patient_set_headers (message);
  if (hub_reply_too_large (message))
    hub_patient_reply_error (message, 413, "size");
  else if (!hub_patient_may_call (self->server, hash))
    hub_patient_reply_error (message, 429, "busy");
  else if (is_page && g_strcmp0 (soup_server_message_get_method (message), "GET") == 0)
    reply_page (self, message, count > 2 ? parts[2] : "");
  else if (count != 4)
    hub_patient_reply_error (message, 404, "unknown");
  else
    answer_action (self, message, parts[3], parts[2]);
}

/* Whether this is the hash of a session's cookie that was seen to be good. */
gboolean
hub_patient_knows_session (HubServer *server, const char *session)
{
  return g_hash_table_contains (patient_of (server)->sessions, session);
}

/* Whether somebody whom nobody knows may ask again: counted for each address by itself. */
gboolean
hub_patient_may_try (HubServer *server, SoupServerMessage *message)
{
  g_autofree char *host = hub_proxy_dup_host (server, message);
  g_autofree char *key = g_strconcat ("try ", host, NULL); /* no token's hash is that */

  return hub_patient_may_call (server, key);
}

/**
 * hub_patient_forget_sessions:
 * @sessions: (element-type utf8): hashes of session cookies whose links have ended
 */
void
hub_patient_forget_sessions (HubServer *server, GPtrArray *sessions)
{
  Patient *self = patient_of (server);

  for (guint i = 0; self != NULL && i < sessions->len; i++)
    g_hash_table_remove (self->sessions, sessions->pdata[i]);
}

static void
patient_free (gpointer data)
{
  Patient *self = data;

  g_hash_table_unref (self->calls);
  g_hash_table_unref (self->sessions);
  g_bytes_unref (self->probe);
  g_free (self);
}

static GBytes *
make_probe (void)
{
  guint8 *data = g_malloc (PROBE_BYTES);

  /* Random, so that nothing on the way can make it smaller. */
  for (gsize at = 0; at < PROBE_BYTES; at += 256)
    {
      g_autoptr (GBytes) random = base_random_bytes (256);

      memcpy (data + at, g_bytes_get_data (random, NULL), 256);
    }
  return g_bytes_new_take (data, PROBE_BYTES);
}

/**
 * hub_patient_attach:
 *
 * BEDSIDE_TEST_HOOKS=1 in the environment serves the page's test hooks as well: a painted clock in
 * the place of the camera. They are never served without it.
 */
void
hub_patient_attach (HubServer *server)
{
  Patient *self = g_new0 (Patient, 1);
  SoupServer *soup = hub_server_get_soup (server);

  self->server = server;
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->test_hooks = g_strcmp0 (g_getenv ("BEDSIDE_TEST_HOOKS"), "1") == 0;
  self->probe = make_probe ();
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, patient_free);
  hub_reply_limit_bodies (soup, "/join", MAX_BODY);
  soup_server_add_handler (soup, "/join", join_handler, self, NULL);
  soup_server_add_handler (soup, "/patient", file_handler, self, NULL);
  hub_patient_attach_echo (server);
  hub_patient_attach_try (server);
}
