/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-connection.h"

#include <glib/gi18n.h>

#include "care-prescription-recheck.h"
#include "fhir-reference.h"
#include "net-error.h"
#include "net-probe.h"
#include "net-sign-in.h"

#include "app-people.h"

/**
 * AppConnection:
 *
 * Work never waits for this object. It resumes the last sign-in when there is one, else asks for a
 * new one in the browser; a server that is not reached is tried again with growing pauses. One that
 * answers as it should not (the sign-in of a hotel's network, a certificate that ran out, another
 * FHIR) is looked at, told to a person in words and tried again slowly, and at once in another
 * network. A server of another FHIR than R4 is never synced with.
 */

#define FIRST_PAUSE_S   2
#define LONGEST_PAUSE_S 15
#define SLOW_PAUSE_S    60
#define LOOK_S          20

struct _AppConnection
{
  GObject parent_instance;

  AppAccount *account;
  BaseClock *clock;
  StoreContent *content; /* what prescriptions are checked with, or NULL */
  NetSession *session;
  NetSession *held; /* signed in at a server that may not be synced with yet */
  SyncEngine *engine;
  GCancellable *cancellable;
  guint retry_source;
  guint pause;
  guint slow_pause;
  gboolean running; /* a sign-in waits for its answer, or the server is looked at */
  gboolean resuming;
  gboolean resume_failed;
  char *client_id;
  AppNetwork *network; /* (nullable): where it may talk */
};

enum
{
  SIGNAL_SIGNED_IN,
  SIGNAL_REFUSED,
  SIGNAL_OPEN_BROWSER,
  SIGNAL_NOT_REACHED,
  SIGNAL_KNOWN,
  SIGNAL_TROUBLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppConnection, app_connection, G_TYPE_OBJECT)

/* (transfer full): the FHIR base of what the user named: a bare host is a hub, whose base is /fhir.
 */
char *
app_connection_dup_base_url (const char *server)
{
  g_autofree char *hub = app_connection_dup_hub_url (server);

  return hub ? g_strconcat (hub, "/fhir", NULL) : g_strdup (server);
}

/* (transfer full) (nullable): the hub's root, or NULL when @server is the FHIR base of another kind
 * of server, which has no visits. */
char *
app_connection_dup_hub_url (const char *server)
{
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);

  if (!uri || (*g_uri_get_path (uri) && !g_str_equal (g_uri_get_path (uri), "/")))
    return NULL;
  g_autofree char *text = g_uri_to_string (uri);
  if (g_str_has_suffix (text, "/"))
    text[strlen (text) - 1] = '\0';
  return g_steal_pointer (&text);
}

static void
refuse (AppConnection *self, const char *sentence)
{
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, sentence);
}

static void
ended_cb (AppConnection *self)
{
  refuse (self, _ ("The clinic’s server no longer takes your sign-in. What you write is kept here; "
                   "sign in again to send it."));
}

/* (transfer full) (nullable): who signed in, as "Practitioner/1". */
char *
app_connection_dup_user (NetSession *session)
{
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;
  const char *user = net_session_get_fhir_user (session);

  if (!user || !fhir_reference_split (user, &type, &id))
    return NULL;
  return g_strdup_printf ("%s/%s", type, id);
}

/* In the sending worker: the chart has just been read again. */
static char *
recheck (StoreConnection *connection, GPtrArray *resources, gpointer data, GError **error)
{
  return care_prescription_recheck (connection, resources, data, error);
}

static void
unref_content (gpointer content)
{
  if (content)
    g_object_unref (content);
}

static void
start_sync (AppConnection *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NetFhirClient) client =
      net_fhir_client_new (net_session_get_base_url (self->session), self->session, &error);

  if (!client)
    {
      refuse (self, error->message);
      return;
    }
  self->engine = sync_engine_new (app_account_get_database (self->account), client, self->clock);
  sync_engine_set_review_check (self->engine, recheck,
                                self->content ? g_object_ref (self->content) : NULL, unref_content);
  /* the computer may have gone to another network while somebody signed in */
  if (!self->network || !app_network_get_refusal (self->network))
    sync_engine_start (self->engine);
}

/* (transfer full) (nullable): who signed in picks the store. Into a new one nobody comes whose own
 * lies beside it: what they wrote would seem to be gone. */
static char *
dup_other_account (AppConnection *self, const char *user)
{
  g_autofree char *path = app_people_dup_path ();
  g_autoptr (GPtrArray) people = app_people_read (path);
  g_autofree char *here = app_account_dup_id (self->account);
  const AppPerson *person = NULL;

  if (here && !app_account_get_user_reference (self->account))
    person = app_people_find (people, app_account_get_server (self->account), user);
  return person && !g_str_equal (person->account, here) ? g_strdup (person->account) : NULL;
}

static void
signed_in (AppConnection *self, NetSession *session)
{
  g_autofree char *user = app_connection_dup_user (session);
  const char *name = net_session_get_name (session);

  if (!user)
    {
      refuse (self, _ ("The server signed you in without saying who you are. Ask its administrator "
                       "for a user that is a practitioner."));
      return;
    }
  g_autofree char *other = dup_other_account (self, user);
  if (other)
    {
      g_signal_emit (self, signals[SIGNAL_KNOWN], 0, other);
      return;
    }
  if (!app_account_keep_user (self->account, user, name ? name : user,
                              net_session_get_role (session)))
    {
      refuse (self, _ ("The records on this machine belong to another user. Start Bedside with "
                       "your own name, or lock the screen and choose Switch Clinician."));
      return;
    }
  g_set_object (&self->session, session);
  g_signal_connect_object (session, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  start_sync (self);
  g_signal_emit (self, signals[SIGNAL_SIGNED_IN], 0);
}

static void
retry_cb (gpointer user_data)
{
  AppConnection *self = user_data;

  self->retry_source = 0;
  app_connection_start (self);
}

/* Each time after a longer pause. */
static void
retry_soon (AppConnection *self, const char *sentence)
{
  g_signal_emit (self, signals[SIGNAL_NOT_REACHED], 0, sentence);
  self->retry_source = g_timeout_add_seconds_once (self->pause, retry_cb, self);
  self->pause = MIN (self->pause * 2, LONGEST_PAUSE_S);
}

/* It may be mended by somebody, or in another network. */
static void
retry_slowly (AppConnection *self, const char *sentence, const char *advice)
{
  g_autofree char *text = g_strjoin (" ", sentence, advice, NULL);

  self->retry_source = g_timeout_add_seconds_once (self->slow_pause, retry_cb, self);
  g_signal_emit (self, signals[SIGNAL_TROUBLE], 0, text);
}

static gboolean
is_unreached (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_OFFLINE) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_THROTTLED) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_SERVER);
}

/* The server itself says that the old sign-in no longer holds; whatever else went wrong says
 * nothing about it. */
static gboolean
is_over (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_UNAUTHORIZED) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_FORBIDDEN) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_REFUSED);
}

/* What answered may not be the clinic's server at all. */
static gboolean
is_strange (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_PROTOCOL) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_GONE);
}

/* ---- a look at the server ---- */

typedef struct
{
  AppConnection *self;
  NetSession *session; /* (nullable): signed in, and not synced with yet */
  char *sentence;      /* (nullable): what the sign-in failed with */
} Look;

static void
look_free (Look *look)
{
  g_object_unref (look->self);
  g_clear_object (&look->session);
  g_free (look->sentence);
  g_free (look);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

/* One that does not describe itself is synced with as far as it goes, as ever. */
static void
judge_session (AppConnection *self, NetSession *session, const NetProbe *probe)
{
  switch (probe->kind)
    {
    case NET_PROBE_READY:
    case NET_PROBE_CLOSED:
    case NET_PROBE_STRANGE:
    case NET_PROBE_LEADS_AWAY:
    case NET_PROBE_ADDRESS:
      g_clear_object (&self->held);
      signed_in (self, session);
      break;
    case NET_PROBE_VERSION:
    case NET_PROBE_CERTIFICATE:
    case NET_PROBE_WEB_PAGE:
      retry_slowly (self, probe->sentence, probe->advice);
      break;
    case NET_PROBE_UNKNOWN:
    case NET_PROBE_SILENT:
    case NET_PROBE_SLOW:
    case NET_PROBE_FAULT:
      retry_soon (self, probe->sentence);
      break;
    }
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Look) look = user_data;
  g_autoptr (NetProbe) probe = net_probe_finish (result, NULL);

  look->self->running = FALSE;
  if (!probe)
    return;
  if (look->session)
    judge_session (look->self, look->session, probe);
  else if (probe->kind == NET_PROBE_READY && probe->sign_in_problem)
    retry_slowly (look->self, probe->sign_in_problem, NULL);
  else if (probe->sentence)
    retry_slowly (look->self, probe->sentence, probe->advice);
  else
    retry_slowly (look->self, look->sentence, NULL);
}

static void
look_at_server (AppConnection *self, NetSession *session, const char *sentence)
{
  g_autofree char *base = app_connection_dup_base_url (app_account_get_server (self->account));
  Look *look = g_new0 (Look, 1);

  look->self = g_object_ref (self);
  look->session = session ? g_object_ref (session) : NULL;
  look->sentence = g_strdup (sentence);
  self->running = TRUE;
  net_probe_async (session ? net_session_get_base_url (session) : base, LOOK_S, self->cancellable,
                   looked_cb, look);
}

static void
sign_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppConnection) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) session = net_sign_in_finish (NET_SIGN_IN (source), result, &error);

  self->running = FALSE;
  if (session)
    {
      g_set_object (&self->held, session);
      look_at_server (self, session, NULL);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else if (is_unreached (error))
    retry_soon (self, error->message);
  else if (self->resuming && is_over (error))
    {
      /* The old sign-in is over: ask for a new one, as the first time. */
      self->resume_failed = TRUE;
      app_connection_start (self);
    }
  else if (self->resuming || is_strange (error))
    look_at_server (self, NULL, error->message);
  else
    refuse (self, error->message);
}

static void
open_browser_cb (AppConnection *self, const char *url)
{
  g_signal_emit (self, signals[SIGNAL_OPEN_BROWSER], 0, url);
}

static void
app_connection_dispose (GObject *object)
{
  AppConnection *self = APP_CONNECTION (object);

  app_connection_stop (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->session);
  g_clear_object (&self->held);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->account);
  g_clear_object (&self->clock);
  g_clear_object (&self->content);
  g_clear_object (&self->network);
  g_clear_pointer (&self->client_id, g_free);
  G_OBJECT_CLASS (app_connection_parent_class)->dispose (object);
}

static void
app_connection_class_init (AppConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_connection_dispose;

  signals[SIGNAL_SIGNED_IN] = g_signal_new ("signed-in", APP_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", APP_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_NOT_REACHED] = g_signal_new ("not-reached", APP_TYPE_CONNECTION, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_TROUBLE] = g_signal_new ("trouble", APP_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_KNOWN] = g_signal_new ("known", APP_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OPEN_BROWSER] =
      g_signal_new ("open-browser", APP_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
app_connection_init (AppConnection *self)
{
  self->cancellable = g_cancellable_new ();
  self->pause = FIRST_PAUSE_S;
  self->slow_pause = SLOW_PAUSE_S;
  self->client_id = g_strdup (APP_CONNECTION_CLIENT_ID);
}

/* What waits for its time need not in another network. */
static void
other_network_cb (AppConnection *self)
{
  if (self->retry_source > 0)
    app_connection_wake (self);
}

/* @account is open and names a server. */
AppConnection *
app_connection_new (AppAccount *account, BaseClock *clock)
{
  AppConnection *self = g_object_new (APP_TYPE_CONNECTION, NULL);

  self->account = g_object_ref (account);
  self->clock = g_object_ref (clock);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (other_network_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * app_connection_set_content:
 * @content: (nullable): without it no prescription can be checked again, and none leaves
 *
 * Before app_connection_start().
 */
void
app_connection_set_content (AppConnection *self, StoreContent *content)
{
  g_set_object (&self->content, content);
}

/* How the server knows Bedside. Before app_connection_start(). */
void
app_connection_set_client_id (AppConnection *self, const char *client_id)
{
  g_return_if_fail (APP_IS_CONNECTION (self));

  g_set_str (&self->client_id, client_id);
}

/* For how long nothing is asked of a server that answers as it should not. */
void
app_connection_set_slow_pause (AppConnection *self, guint seconds)
{
  g_return_if_fail (APP_IS_CONNECTION (self));

  self->slow_pause = seconds;
}

/* Another network: what may not go on stops, what may go on again does. */
static void
network_cb (AppConnection *self)
{
  if (!self->engine)
    app_connection_wake (self);
  else if (app_network_get_refusal (self->network))
    sync_engine_stop (self->engine);
  else
    sync_engine_start (self->engine);
}

/* Before app_connection_start(). */
void
app_connection_set_network (AppConnection *self, AppNetwork *network)
{
  g_return_if_fail (APP_IS_CONNECTION (self));

  g_set_object (&self->network, network);
  g_signal_connect_object (network, "changed", G_CALLBACK (network_cb), self, G_CONNECT_SWAPPED);
}

static void
sign_in (AppConnection *self)
{
  g_autofree char *base_url = app_connection_dup_base_url (app_account_get_server (self->account));
  g_autoptr (NetSignIn) sign_in = net_sign_in_new (base_url, self->client_id, NULL);
  const char *token = app_account_get_refresh_token (self->account);

  net_sign_in_set_login_hint (sign_in, app_account_get_login (self->account));
  net_sign_in_set_save (sign_in, app_account_save_refresh_token, g_object_ref (self->account),
                        g_object_unref);
  g_signal_connect_object (sign_in, "open-browser", G_CALLBACK (open_browser_cb), self,
                           G_CONNECT_SWAPPED);
  self->running = TRUE;
  self->resuming = token && !self->resume_failed;
  if (self->resuming)
    net_sign_in_resume_async (sign_in, token, self->cancellable, sign_in_cb, g_object_ref (self));
  else
    net_sign_in_follow_async (sign_in, self->cancellable, sign_in_cb, g_object_ref (self));
}

/* Signs in and starts sync; returns at once. In a network where it may not, it says so and waits
 * for another. Who is signed in is not signed in again: a token that was used is no good. */
void
app_connection_start (AppConnection *self)
{
  g_return_if_fail (APP_IS_CONNECTION (self));

  if (self->network && app_network_get_refusal (self->network))
    g_signal_emit (self, signals[SIGNAL_NOT_REACHED], 0, app_network_get_refusal (self->network));
  else if (self->held)
    look_at_server (self, self->held, NULL);
  else
    sign_in (self);
}

void
app_connection_stop (AppConnection *self)
{
  g_return_if_fail (APP_IS_CONNECTION (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->retry_source, g_source_remove);
  if (self->engine)
    sync_engine_stop (self->engine);
}

/* Sends and fetches now instead of after the next pause. */
void
app_connection_wake (AppConnection *self)
{
  g_return_if_fail (APP_IS_CONNECTION (self));

  if (self->engine)
    sync_engine_wake (self->engine);
  else if (!self->running)
    {
      g_clear_handle_id (&self->retry_source, g_source_remove);
      self->pause = FIRST_PAUSE_S;
      app_connection_start (self);
    }
}

/* (transfer none) (nullable) */
NetSession *
app_connection_get_session (AppConnection *self)
{
  return self->session;
}

/* (transfer none) (nullable): since "signed-in". */
SyncEngine *
app_connection_get_engine (AppConnection *self)
{
  return self->engine;
}
