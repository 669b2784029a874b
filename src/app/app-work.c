/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-work.h"

#include <glib/gi18n.h>

#include "feature-table.h"
#include "workspace-feature.h"
#include "workspace-network.h"

#include "app-connection.h"
#include "app-progress.h"
#include "app-server-notice.h"
#include "app-signing-key.h"

/**
 * AppWork:
 *
 * The records are opened first; the session and its features are there as soon as it is known who
 * works, network or not; then the server, which nothing waits for.
 */

struct _AppWork
{
  GObject parent_instance;

  GtkApplication *application; /* not owned: it owns this */
  AppRules *rules;
  GSettings *settings; /* (nullable) where they are not installed */
  BaseClock *clock;
  AppSupport *support;
  AppClinicWindow *window; /* weak: the application's */
  char *server;            /* (nullable): to work from this machine alone */
  AppAccount *account;
  AppConnection *connection;
  StoreContent *content; /* the formulary; NULL where it cannot be read */
  WorkspaceSession *session;
  AppServerNotice *notice; /* since the sign-in */
  AppPatients *patients;   /* the windows of the session */
};

enum
{
  SIGNAL_BEGUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppWork, app_work, G_TYPE_OBJECT)

/* ---- the session ---- */

/* Only the first reading is shown: later ones are small, and nobody waits for them. */
static void
show_progress (AppWork *self, SyncStatus *status)
{
  guint done = 0, total = 0, seconds_left = 0;
  g_autofree char *text = NULL;
  gboolean first = sync_status_get_last_pull (status) == 0;

  g_object_get (status, "done", &done, "total", &total, "seconds-left", &seconds_left, NULL);
  if (first && sync_status_get_state (status) == SYNC_STATE_SYNCING)
    text = app_progress_dup_text (done, total, seconds_left);
  app_clinic_window_set_progress (self->window, text, app_progress_get_fraction (done, total));
}

static void
renew_lease (AppWork *self, gint64 pulled)
{
  workspace_lock_renew (workspace_session_get_lock (self->session),
                        MAX (pulled, app_account_get_signed_in (self->account)));
}

static void
sync_cb (AppWork *self)
{
  SyncEngine *engine = self->connection ? app_connection_get_engine (self->connection) : NULL;
  SyncStatus *status = engine ? sync_engine_get_status (engine) : NULL;

  if (!status || !self->session)
    return;
  show_progress (self, status);
  gint64 pulled = sync_status_get_last_pull (status);
  gboolean connected = sync_status_get_state (status) != SYNC_STATE_OFFLINE &&
                       !app_network_get_refusal (app_rules_get_network (self->rules));
  workspace_session_set_sync (self->session, connected, pulled);
  renew_lease (self, pulled);
}

static void
add_features (AppWork *self)
{
  for (const FeatureType *type = feature_table; *type; type++)
    {
      g_autoptr (WorkspaceFeature) feature = g_object_new ((*type) (), NULL);
      workspace_session_add_feature (self->session, feature);
    }
}

/* Whoever asks first, on the thread of the windows, must not wait until all of it is read. */
static gboolean
prepare_content (gpointer user_data)
{
  AppWork *self = user_data;

  if (self->content)
    store_content_prepare (self->content);
  return G_SOURCE_REMOVE;
}

static gboolean
start_features (gpointer user_data)
{
  AppWork *self = user_data;
  GListModel *features = workspace_session_get_features (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      workspace_feature_start (feature, self->session);
    }
  /* after what the features asked to be drawn */
  g_idle_add_full (G_PRIORITY_LOW, prepare_content, g_object_ref (self), g_object_unref);
  return G_SOURCE_REMOVE;
}

/* The site's own, or what comes with Bedside. A file that is not there is a state of the content,
 * which says so wherever it is asked. It is read once the first picture stands, or when it is asked
 * before. */
static void
open_content (AppWork *self)
{
  g_autofree char *own =
      self->settings ? g_settings_get_string (self->settings, "content-file") : g_strdup ("");
  g_autofree char *path = *own ? g_steal_pointer (&own) : store_content_dup_default_path ();

  if (self->content)
    return;
  self->content = store_content_new (path, self->clock);
  if (self->settings)
    store_content_set_limit_days (self->content,
                                  g_settings_get_uint (self->settings, "content-days"));
  app_support_set_content (self->support, self->content);
}

static void
make_session (AppWork *self)
{
  const char *reference = app_account_get_user_reference (self->account);
  const char *name = app_account_get_user_name (self->account);
  const char *role = app_account_get_role (self->account);
  g_autoptr (CareContext) context =
      care_context_new (app_account_get_database (self->account), self->clock, reference,
                        name ? name : reference, role ? role : "reception");

  app_signing_key_attach (self->account, context);
  care_context_set_lease_length (context, app_rules_get_lease (self->rules));
  self->session = workspace_session_new (context);
  workspace_session_set_sync (self->session, FALSE, app_account_get_pulled (self->account));
  renew_lease (self, 0);
  open_content (self);
  workspace_session_set_content (self->session, self->content);
  add_features (self);
  app_support_set_session (self->support, self->session);
  self->patients = app_patients_new (self->application, self->settings, self->session);
  g_signal_connect_object (self->patients, "refused", G_CALLBACK (app_clinic_window_add_toast),
                           self->window, G_CONNECT_SWAPPED);
  app_clinic_window_set_session (self->window, self->session);
  app_restart_set_session (app_rules_get_restart (self->rules), self->session);
  app_guard_set_session (app_rules_get_guard (self->rules), self->session);
  if (app_fleet_get_problem (app_rules_get_fleet (self->rules)))
    app_clinic_window_add_notice (self->window,
                                  app_fleet_get_problem (app_rules_get_fleet (self->rules)), NULL,
                                  NULL);
  workspace_network_set_allowed (self->session,
                                 !app_network_get_refusal (app_rules_get_network (self->rules)));
  if (app_network_get_refusal (app_rules_get_network (self->rules)))
    app_clinic_window_add_notice (self->window,
                                  app_network_get_refusal (app_rules_get_network (self->rules)),
                                  NULL, NULL);
  app_patients_restore (self->patients);
  g_signal_emit (self, signals[SIGNAL_BEGUN], 0);
  g_idle_add_full (G_PRIORITY_LOW, start_features, g_object_ref (self), g_object_unref);
}

static void
offer_server (AppWork *self)
{
  g_autofree char *hub = app_connection_dup_hub_url (self->server);

  workspace_session_set_server (self->session, hub, app_connection_get_session (self->connection),
                                app_connection_get_engine (self->connection));
}

/* Where the administrator does not allow it nothing is asked of the server, and no visit begins;
 * one that runs is not cut. */
static void
apply_network (AppWork *self)
{
  const char *refusal = app_network_get_refusal (app_rules_get_network (self->rules));

  if (refusal && !workspace_session_get_call_patient (self->session))
    workspace_session_set_server (self->session, NULL, NULL, NULL);
  else if (!refusal && self->connection && app_connection_get_engine (self->connection))
    offer_server (self);
}

static void
network_cb (AppWork *self)
{
  const char *refusal = app_network_get_refusal (app_rules_get_network (self->rules));

  if (!self->session)
    return;
  workspace_network_set_allowed (self->session, refusal == NULL);
  if (refusal)
    app_clinic_window_add_notice (self->window, refusal, NULL, NULL);
  apply_network (self);
  sync_cb (self);
}

/* The visit that was not cut has ended. */
static void
call_cb (AppWork *self)
{
  if (!workspace_session_get_call_patient (self->session) &&
      app_network_get_refusal (app_rules_get_network (self->rules)))
    apply_network (self);
}

static void
signed_in_cb (AppWork *self)
{
  SyncStatus *status = sync_engine_get_status (app_connection_get_engine (self->connection));

  if (!self->session)
    make_session (self);
  workspace_session_set_offline_reason (self->session, NULL);
  apply_network (self);
  g_signal_connect_object (self->session, "notify::call-patient", G_CALLBACK (call_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (status, "notify", G_CALLBACK (sync_cb), self, G_CONNECT_SWAPPED);
  g_clear_object (&self->notice);
  self->notice = app_server_notice_new (self->account, self->window, self->session);
  sync_cb (self);
}

static void
refused_cb (AppWork *self, const char *sentence)
{
  if (self->session)
    {
      workspace_session_set_offline_reason (self->session, sentence);
      app_clinic_window_add_toast (self->window, sentence);
    }
  else
    app_clinic_window_show_failure (self->window, _ ("Not Signed In"), sentence);
}

/* (transfer full) (nullable): why work cannot begin before the server answers, or NULL. */
static char *
dup_lease_sentence (AppWork *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return workspace_lock_dup_start_sentence (app_account_get_signed_in (self->account),
                                            base_clock_now (self->clock),
                                            app_rules_get_lease (self->rules), zone);
}

/* @reason: (nullable): why the server cannot be asked, where that is known */
static void
show_lease_over (AppWork *self, const char *reason)
{
  g_autofree char *lease = dup_lease_sentence (self);
  g_autofree char *sentence = g_strjoin ("\n\n", lease, reason, NULL);
  gboolean ever = app_account_get_signed_in (self->account) > 0;

  app_clinic_window_show_sign_in (self->window,
                                  ever ? _ ("Sign In Again") : _ ("Sign In Once First"), sentence);
}

static void
not_reached_cb (AppWork *self, const char *sentence)
{
  g_autofree char *text = NULL;

  if (self->session)
    {
      workspace_session_set_offline_reason (self->session, NULL);
      return;
    }
  if (app_account_get_signed_in (self->account) > 0)
    {
      show_lease_over (self, NULL);
      return;
    }
  text = g_strdup_printf (_ ("%s It is asked again by itself."), sentence);
  app_clinic_window_show_failure (self->window, _ ("The Clinic’s Server Does Not Answer"), text);
}

/* What answers is not the server as it should be. It stays said until it is one. */
static void
trouble_cb (AppWork *self, const char *sentence)
{
  g_autofree char *text = g_strdup_printf (_ ("%s It is asked again by itself."), sentence);

  if (self->session)
    workspace_session_set_offline_reason (self->session, sentence);
  else if (app_account_get_signed_in (self->account) > 0)
    show_lease_over (self, text);
  else
    app_clinic_window_show_failure (self->window, _ ("The Clinic’s Server Cannot Be Used"), text);
}

static void
open_browser_cb (AppWork *self, const char *url)
{
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (url);

  gtk_uri_launcher_launch (launcher, GTK_WINDOW (self->window), NULL, NULL, NULL);
  if (!self->session)
    app_clinic_window_show_opening (self->window, _ ("Sign In in Your Browser…"));
}

static void
connect_server (AppWork *self)
{
  self->connection = app_connection_new (self->account, self->clock);
  app_connection_set_network (self->connection, app_rules_get_network (self->rules));
  app_connection_set_client_id (self->connection,
                                app_guard_get_client_id (app_rules_get_guard (self->rules)));
  g_signal_connect_object (self->connection, "known", G_CALLBACK (app_restart_switch),
                           app_rules_get_restart (self->rules), G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "signed-in", G_CALLBACK (signed_in_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "refused", G_CALLBACK (refused_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "open-browser", G_CALLBACK (open_browser_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "trouble", G_CALLBACK (trouble_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "not-reached", G_CALLBACK (not_reached_cb), self,
                           G_CONNECT_SWAPPED);
  open_content (self);
  app_connection_set_content (self->connection, self->content);
  app_connection_start (self->connection);
}

/* ---- opening ---- */

/* The records are open, and whose they are sits here. */
static void
begin_work (gpointer user_data)
{
  AppWork *self = user_data;
  /* Where a newer version wrote them nothing can be kept, so nothing is asked for either. */
  gboolean online = self->server && !app_account_is_read_only (self->account);
  g_autofree char *locked = dup_lease_sentence (self);
  if (!locked)
    make_session (self);
  else if (app_account_is_read_only (self->account))
    app_clinic_window_show_failure (
        self->window, _ ("Update Bedside"),
        _ ("A newer Bedside wrote these records, and your sign-in has run out since. With the "
           "newer version you can sign in again. Nothing is lost."));
  else if (online && app_account_get_signed_in (self->account) == 0)
    app_clinic_window_show_opening (self->window, _ ("Signing In…"));
  else
    show_lease_over (self, NULL);
  if (online)
    connect_server (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppWork) self = user_data;
  g_autoptr (GError) error = NULL;

  gboolean opened = app_account_open_finish (APP_ACCOUNT (source), result, &error);

  if (self->account != APP_ACCOUNT (source))
    return; /* another clinic was chosen meanwhile */
  if (!opened)
    {
      app_clinic_window_show_failure (self->window, _ ("Your Records Cannot Be Opened"),
                                      error->message);
      return;
    }
  app_guard_admit (app_rules_get_guard (self->rules), self->account, begin_work,
                   g_object_ref (self), g_object_unref);
}

/**
 * app_work_open:
 * @account: whose records
 * @server: (nullable): NULL to work from this machine alone
 *
 * Nothing is to be open yet, or what is was left.
 */
void
app_work_open (AppWork *self, AppAccount *account, const char *server)
{
  g_return_if_fail (APP_IS_WORK (self));

  g_set_object (&self->account, account);
  g_set_str (&self->server, server);
  app_rules_set_account (self->rules, self->account);
  app_clinic_window_show_opening (self->window, _ ("Opening Your Records…"));
  app_account_open_async (self->account, self->clock, NULL, opened_cb, g_object_ref (self));
}

/* The server is asked nothing any more. */
void
app_work_stop (AppWork *self)
{
  g_return_if_fail (APP_IS_WORK (self));

  if (self->connection)
    app_connection_stop (self->connection);
}

/* Before there is a session: what was opened is let go, for another clinic. Its store closes with
 * the last who holds it: a sign-in may still have to keep its token. */
void
app_work_leave (AppWork *self)
{
  g_return_if_fail (APP_IS_WORK (self));

  app_work_stop (self);
  g_clear_object (&self->connection);
  g_clear_object (&self->account);
}

/* The program ends. */
void
app_work_close (AppWork *self)
{
  g_return_if_fail (APP_IS_WORK (self));

  g_clear_object (&self->notice);
  app_work_stop (self);
  if (self->account && app_account_get_database (self->account))
    store_database_close (app_account_get_database (self->account));
}

/* Asks the server now rather than later. FALSE: there is none to ask. */
gboolean
app_work_sync (AppWork *self)
{
  g_return_val_if_fail (APP_IS_WORK (self), FALSE);

  if (self->connection)
    app_connection_wake (self->connection);
  return self->connection != NULL;
}

/* Tries to sign in again. FALSE: nothing is open to sign in with. */
gboolean
app_work_sign_in (AppWork *self)
{
  g_return_val_if_fail (APP_IS_WORK (self), FALSE);

  if (!self->connection || !app_account_get_database (self->account))
    return FALSE;
  app_clinic_window_show_opening (self->window, _ ("Signing In…"));
  app_connection_wake (self->connection);
  return TRUE;
}

/* Whether the server is the right one, where it lost its patients. */
void
app_work_ask_suspect (AppWork *self)
{
  g_return_if_fail (APP_IS_WORK (self));

  if (self->notice)
    app_server_notice_ask (self->notice);
}

gboolean
app_work_is_open (AppWork *self)
{
  return self->account != NULL;
}

/* (transfer none) (nullable): before it is known who works */
WorkspaceSession *
app_work_get_session (AppWork *self)
{
  return self->session;
}

/* (transfer none) (nullable): before there is a session */
AppPatients *
app_work_get_patients (AppWork *self)
{
  return self->patients;
}

/* ---- object ---- */

static void
app_work_finalize (GObject *object)
{
  AppWork *self = APP_WORK (object);

  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->support);
  g_clear_object (&self->rules);
  g_clear_object (&self->settings);
  g_clear_object (&self->notice);
  g_clear_object (&self->patients);
  g_clear_object (&self->session);
  g_clear_object (&self->connection);
  g_clear_object (&self->content);
  g_clear_object (&self->account);
  g_clear_object (&self->clock);
  g_free (self->server);
  G_OBJECT_CLASS (app_work_parent_class)->finalize (object);
}

static void
app_work_class_init (AppWorkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_work_finalize;

  signals[SIGNAL_BEGUN] =
      g_signal_new ("begun", APP_TYPE_WORK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
app_work_init (AppWork *self)
{
}

/* @settings: (nullable). @rules are started. */
AppWork *
app_work_new (GtkApplication *application,
              AppRules *rules,
              GSettings *settings,
              BaseClock *clock,
              AppSupport *support,
              AppClinicWindow *window)
{
  AppWork *self = g_object_new (APP_TYPE_WORK, NULL);

  self->application = application;
  self->rules = g_object_ref (rules);
  self->settings = settings ? g_object_ref (settings) : NULL;
  self->clock = g_object_ref (clock);
  self->support = g_object_ref (support);
  g_set_weak_pointer (&self->window, window);
  g_signal_connect_object (app_rules_get_network (rules), "changed", G_CALLBACK (network_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (app_rules_get_guard (rules), "open-browser",
                           G_CALLBACK (open_browser_cb), self, G_CONNECT_SWAPPED);
  return self;
}
