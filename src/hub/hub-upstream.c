/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-upstream.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>

#include "base-secret-file.h"
#include "hub-reply.h"
#include "net-error.h"
#include "net-http.h"

/* The server with the records: the hub's own sign-in there, and what went wrong in words for who
 * runs the hub. The hub keeps nothing for it: where it cannot be reached, who asked is told so, and
 * the next one who asks tries again. */

#define TIMEOUT_S  10
#define TRIES      5
#define SECRET_MAX ((gsize) 64 * 1024)
#define EARLY_US   (30 * G_USEC_PER_SEC)

struct _HubUpstream
{
  GObject parent_instance;
  char *url;
  char *token_file, *client_file;
  GBytes *link_key;
  BaseClock *clock;
  SoupSession *http;

  GMutex mutex; /* over what follows */
  NetFhirClient *client;
  char *token;
  gint64 expiry; /* monotonic microseconds; 0: not known */
  gboolean down;
};

G_DEFINE_FINAL_TYPE (HubUpstream, hub_upstream, G_TYPE_OBJECT)

static void
hub_upstream_finalize (GObject *object)
{
  HubUpstream *self = HUB_UPSTREAM (object);

  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  g_clear_object (&self->http);
  g_clear_pointer (&self->link_key, g_bytes_unref);
  g_free (self->url);
  g_free (self->token_file);
  g_free (self->client_file);
  g_free (self->token);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (hub_upstream_parent_class)->finalize (object);
}

static void
hub_upstream_class_init (HubUpstreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hub_upstream_finalize;
}

static void
hub_upstream_init (HubUpstream *self)
{
  g_mutex_init (&self->mutex);
  self->http = net_http_session_new ();
  soup_session_set_timeout (self->http, TIMEOUT_S);
}

const char *
hub_upstream_get_url (HubUpstream *self)
{
  return self->url;
}

GBytes *
hub_upstream_get_link_key (HubUpstream *self)
{
  return self->link_key;
}

BaseClock *
hub_upstream_get_clock (HubUpstream *self)
{
  return self->clock;
}

/* ---- the hub's own sign-in ------------------------------------------------------------------ */

static gboolean
fail (GError **error, const char *format, const char *about)
{
  g_set_error (error, HUB_ERROR, 503, format, about);
  return FALSE;
}

static char *
read_secret (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  struct stat status;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      fail (error, "The file %s, with which the hub signs in to the records, cannot be read", path);
      return NULL;
    }
  if (stat (path, &status) == 0 && !base_secret_file_is_private (path, &status))
    {
      fail (error, "Others may read the secret in %s: run chmod 600 on it first", path);
      return NULL;
    }
  g_strstrip (text);
  if (*text != '\0')
    return g_steal_pointer (&text);
  fail (error, "The file %s, with which the hub signs in to the records, is empty", path);
  return NULL;
}

/* (nullable): a text of an object; @root may be anything, or NULL */
const char *
hub_upstream_member (JsonNode *root, const char *name)
{
  JsonNode *node = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
                       ? json_object_get_member (json_node_get_object (root), name)
                       : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static SoupMessage *
make_grant (HubUpstream *self, GError **error)
{
  g_autofree char *text = read_secret (self->client_file, error);
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  const char *url = hub_upstream_member (root, "token_url");
  const char *id = hub_upstream_member (root, "client_id");
  const char *secret = hub_upstream_member (root, "client_secret");
  const char *scope = hub_upstream_member (root, "scope");
  g_autoptr (GUri) uri = url != NULL ? net_http_parse_url (url, NULL) : NULL;

  if (text == NULL)
    return NULL;
  if (uri == NULL || id == NULL || secret == NULL)
    {
      fail (error, "%s must be a JSON object with token_url (https), client_id and client_secret",
            self->client_file);
      return NULL;
    }
  return soup_message_new_from_encoded_form (
      "POST", url,
      soup_form_encode ("grant_type", "client_credentials", "client_id", id, "client_secret",
                        secret, "scope", scope != NULL ? scope : "system/*.cruds", NULL));
}

static char *
ask_for_token (HubUpstream *self, gint64 *expiry, GError **error)
{
  g_autoptr (SoupMessage) message = make_grant (self, error);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  const char *token;
  gint64 seconds;

  if (message == NULL)
    return NULL;
  body = net_http_send (self->http, message, SECRET_MAX, NULL, error);
  if (body == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  root = json_from_string (text, NULL);
  token = hub_upstream_member (root, "access_token");
  if (soup_message_get_status (message) != 200 || token == NULL)
    {
      fail (error,
            "The records' server gave the hub no token for the client in %s: check its id, its "
            "secret and what it may do",
            self->client_file);
      return NULL;
    }
  seconds = json_object_get_int_member_with_default (json_node_get_object (root), "expires_in", 0);
  *expiry = seconds > 0 ? g_get_monotonic_time () + seconds * G_USEC_PER_SEC - EARLY_US : 0;
  return g_strdup (token);
}

static char *
find_token (HubUpstream *self, gint64 *expiry, GError **error)
{
  *expiry = 0;
  if (self->token_file != NULL)
    return read_secret (self->token_file, error);
  return self->client_file != NULL ? ask_for_token (self, expiry, error) : g_strdup ("");
}

/* Called with the mutex held. */
static gboolean
sign_in (HubUpstream *self, GError **error)
{
  gint64 expiry;
  g_autofree char *token = find_token (self, &expiry, error);
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetFhirClient) client = NULL;

  if (token == NULL)
    return FALSE;
  session = *token != '\0' ? net_session_new (self->url, token) : NULL;
  client = net_fhir_client_new (self->url, session, error);
  if (client == NULL)
    return FALSE;
  net_fhir_client_set_timeout (client, TIMEOUT_S);
  g_set_object (&self->client, client);
  g_set_str (&self->token, token);
  self->expiry = expiry;
  return TRUE;
}

/* @refused: (nullable): a client whose token the server did not take */
static NetFhirClient *
dup_client (HubUpstream *self, NetFhirClient *refused, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gboolean old = self->client == NULL || self->client == refused ||
                 (self->expiry != 0 && g_get_monotonic_time () >= self->expiry);

  return !old || sign_in (self, error) ? g_object_ref (self->client) : NULL;
}

SoupSession *
hub_upstream_get_http (HubUpstream *self)
{
  return self->http;
}

/**
 * hub_upstream_dup_token:
 *
 * Waits.
 *
 * Returns: (transfer full) (nullable): what the hub itself signs in with; "" where nothing was
 * named
 */
char *
hub_upstream_dup_token (HubUpstream *self, GError **error)
{
  g_autoptr (NetFhirClient) client = dup_client (self, NULL, error);
  g_autoptr (GMutexLocker) locker = NULL;

  if (client == NULL)
    return NULL;
  locker = g_mutex_locker_new (&self->mutex);
  return g_strdup (self->token);
}

/* ---- asking --------------------------------------------------------------------------------- */

/* Says it once when the records are lost, and once when they are back. */
static void
note (HubUpstream *self, const GError *problem)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gboolean down = problem != NULL;

  if (down == self->down)
    return;
  self->down = down;
  if (down)
    g_message ("%s", problem->message);
  else
    g_message ("The records at %s can be reached again", self->url);
}

static GError *
in_words (HubUpstream *self, const GError *problem)
{
  const char *file = self->token_file != NULL    ? self->token_file
                     : self->client_file != NULL ? self->client_file
                                                 : "(no file was named)";

  if (problem->domain != NET_ERROR)
    return g_error_copy (problem);
  switch (problem->code)
    {
    case NET_ERROR_NOT_FOUND:
      return g_error_new_literal (STORE_ERROR, STORE_ERROR_NOT_FOUND, problem->message);
    case NET_ERROR_GONE:
      return g_error_new_literal (STORE_ERROR, STORE_ERROR_GONE, problem->message);
    case NET_ERROR_CONFLICT:
      return g_error_new_literal (STORE_ERROR, STORE_ERROR_CONFLICT, problem->message);
    case NET_ERROR_OFFLINE:
      return g_error_new (HUB_ERROR, 503,
                          "The server with the clinic's records, %s, cannot be reached. The hub "
                          "keeps nothing and tries again whenever somebody asks.",
                          self->url);
    case NET_ERROR_UNAUTHORIZED:
      return g_error_new (HUB_ERROR, 503,
                          "The server with the clinic's records, %s, does not take the hub's "
                          "sign-in: put a token that it takes into %s. The hub need not be started "
                          "anew.",
                          self->url, file);
    case NET_ERROR_FORBIDDEN:
      return g_error_new (HUB_ERROR, 503,
                          "The server with the clinic's records, %s, does not allow the hub what "
                          "visits need: see bedside-hub(1). %s",
                          self->url, problem->message);
    default:
      return g_error_new (HUB_ERROR, 503, "The server with the clinic's records, %s: %s", self->url,
                          problem->message);
    }
}

/* One question, in whichever way it is asked. */
typedef gpointer (*Ask) (NetFhirClient *client, gconstpointer data, GError **error);

static gpointer
ask (HubUpstream *self, Ask function, gconstpointer data, GError **error)
{
  g_autoptr (NetFhirClient) refused = NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (GError) said = NULL;
  gpointer answer = NULL;

  for (guint i = 0; i < 2 && answer == NULL; i++)
    {
      g_autoptr (NetFhirClient) client = NULL;

      g_clear_error (&problem);
      client = dup_client (self, refused, &problem);
      if (client != NULL)
        answer = function (client, data, &problem);
      if (!g_error_matches (problem, NET_ERROR, NET_ERROR_UNAUTHORIZED))
        break;
      g_set_object (&refused, client);
    }
  if (answer == NULL)
    said = in_words (self, problem);
  note (self, said != NULL && said->domain == HUB_ERROR ? said : NULL);
  if (said != NULL)
    g_propagate_error (error, g_steal_pointer (&said));
  return answer;
}

static gpointer
ask_send (NetFhirClient *client, gconstpointer data, GError **error)
{
  return net_fhir_client_send (client, data, NULL, error);
}

/**
 * hub_upstream_send:
 *
 * Returns: (transfer full) (nullable): an answer of 2xx
 */
NetAnswer *
hub_upstream_send (HubUpstream *self, const NetRequest *request, GError **error)
{
  return ask (self, ask_send, request, error);
}

typedef struct
{
  const char *type, *query;
} Search;

static gpointer
ask_search (NetFhirClient *client, gconstpointer data, GError **error)
{
  const Search *search = data;

  return net_fhir_client_search (client, search->type, search->query, TRUE, NULL, error);
}

FhirResource *
hub_upstream_search (HubUpstream *self, const char *type, const char *query, GError **error)
{
  const Search search = { type, query };

  return ask (self, ask_search, &search, error);
}

static gpointer
ask_page (NetFhirClient *client, gconstpointer data, GError **error)
{
  return net_fhir_client_page (client, data, NULL, error);
}

FhirResource *
hub_upstream_page (HubUpstream *self, const char *link, GError **error)
{
  return ask (self, ask_page, link, error);
}

/**
 * hub_upstream_run:
 *
 * Waits. Runs @work, and again where somebody else changed what it had read.
 */
gboolean
hub_upstream_run (HubUpstream *self, HubRecordsWork work, gpointer data, GError **error)
{
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; i < TRIES; i++)
    {
      HubRecordsUpstream records;
      gboolean done;

      g_clear_error (&problem);
      hub_records_upstream_init (&records, self);
      done = work (&records.parent, data, &problem);
      hub_records_upstream_clear (&records);
      if (done)
        return TRUE;
      if (!g_error_matches (problem, STORE_ERROR, STORE_ERROR_CONFLICT))
        break;
    }
  if (g_error_matches (problem, STORE_ERROR, STORE_ERROR_CONFLICT))
    return fail (error, "Somebody else keeps changing the same record at %s. Try again.",
                 self->url);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* ---- whether it is there -------------------------------------------------------------------- */

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const NetRequest request = { .method = "GET", .path = "Organization?_count=1" };
  g_autoptr (NetAnswer) answer = hub_upstream_send (source, &request, NULL);

  g_task_return_boolean (task, answer != NULL);
}

/**
 * hub_upstream_watch:
 *
 * Asks the server whether it is there and takes the hub's sign-in; what it finds stands in the log.
 */
void
hub_upstream_watch (HubUpstream *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, hub_upstream_watch);
  g_task_run_in_thread (task, look_thread);
}

/**
 * hub_upstream_new:
 * @base_url: of a FHIR R4 server: https, or http on this machine
 * @link_key: HUB_LINK_KEY_BYTES that sign join links
 *
 * Returns: (transfer full) (nullable): NULL where the address or a file can never do; a server that
 * is not there now may come
 */
HubUpstream *
hub_upstream_new (const char *base_url,
                  const HubUpstreamSignIn *sign_in_with,
                  GBytes *link_key,
                  BaseClock *clock,
                  GError **error)
{
  g_autoptr (HubUpstream) self = g_object_new (HUB_TYPE_UPSTREAM, NULL);
  g_autoptr (GUri) uri = net_http_parse_url (base_url, error);
  g_autofree char *secret = NULL;

  if (uri == NULL)
    return NULL;
  self->url = g_strdup (base_url);
  while (g_str_has_suffix (self->url, "/"))
    self->url[strlen (self->url) - 1] = '\0';
  self->token_file = g_strdup (sign_in_with->token_file);
  self->client_file = g_strdup (sign_in_with->client_file);
  self->link_key = g_bytes_ref (link_key);
  self->clock = g_object_ref (clock);
  if (self->token_file != NULL || self->client_file != NULL)
    {
      secret = read_secret (self->token_file != NULL ? self->token_file : self->client_file, error);
      if (secret == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}
