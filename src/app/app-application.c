/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-application.h"

#include <glib/gi18n.h>

#include "app-account.h"
#include "app-clinic-dialog.h"
#include "app-clinic-window.h"
#include "app-leave.h"
#include "app-links.h"
#include "app-options.h"
#include "app-rules.h"
#include "app-server-dialog.h"
#include "app-size.h"
#include "app-support.h"
#include "app-work.h"

/**
 * AppApplication:
 *
 * The order of a start: an empty clinic window at once, and only after its first frame the key and
 * the store; when it is known who works, the session with its features; then the server, which
 * nothing waits for.
 */

struct _AppApplication
{
  AdwApplication parent_instance;

  AppOptions options;

  AppRules *rules;     /* what the administrator set, and the lock */
  GSettings *settings; /* NULL where they are not installed */
  BaseClock *clock;
  AppClinicWindow *window;
  AppWork *work;       /* whose records are open; since there is a window */
  AppLeave *leave;     /* the end; since there is a window */
  AppStart *start;     /* where to work */
  char *asked_server;  /* a link to one, before there is a start */
  AppLinks *links;     /* to be followed when there is a session */
  AppSupport *support; /* help, preferences, report, about */
};

G_DEFINE_FINAL_TYPE (AppApplication, app_application, ADW_TYPE_APPLICATION)

/* ---- opening ---- */

static WorkspaceSession *
get_session (AppApplication *self)
{
  return self->work ? app_work_get_session (self->work) : NULL;
}

/* FALSE: a person has to say who works, or nobody may. */
static gboolean
find_account (AppApplication *self)
{
  gboolean named = self->options.folder || self->options.user || self->options.account_id;

  if (app_rules_get_refusal (self->rules))
    {
      app_clinic_window_show_failure (self->window, _ ("This Computer Is Not Set Up"),
                                      app_rules_get_refusal (self->rules));
      return FALSE;
    }
  if (!named && app_guard_ask_who (app_rules_get_guard (self->rules), self->options.server))
    return FALSE;
  if (!named)
    self->options.account_id =
        app_guard_dup_only_account (app_rules_get_guard (self->rules), self->options.server);
  return TRUE;
}

static void
open_account (AppApplication *self)
{
  g_autofree char *folder = NULL;
  g_autoptr (AppAccount) account = NULL;

  app_guard_set_keys (app_rules_get_guard (self->rules), self->options.key_file);
  if (!find_account (self))
    return;
  folder = self->options.account_id ? app_people_dup_folder (self->options.account_id)
                                    : g_strdup (self->options.folder);
  if (self->options.account_id && !self->options.server)
    self->options.server = app_start_dup_server_of (self->start, self->options.account_id);
  if (self->options.account_id && !self->options.user)
    self->options.user = app_rules_dup_login (self->rules, self->options.account_id);
  account =
      app_account_new (folder, self->options.server, self->options.user, self->options.key_file);
  app_work_open (self->work, account, self->options.offline ? NULL : self->options.server);
}

static void
enable (AppApplication *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
go_cb (AppApplication *self)
{
  g_set_str (&self->options.server, app_start_get_server (self->start));
  g_set_str (&self->options.user, app_start_get_user (self->start));
  g_set_str (&self->options.key_file, app_start_get_key_file (self->start));
  g_set_str (&self->options.folder, app_start_get_folder (self->start));
  enable (self, "choose-clinic", app_start_is_chosen_here (self->start));
  enable (self, "clinic-here", app_start_get_clinic (self->start) != NULL);
  open_account (self);
}

static void
begin (AppApplication *self)
{
  /* what the administrator or a switch says is no question to a person either */
  gboolean told =
      self->options.offline || self->options.account_id || app_rules_get_refusal (self->rules);
  g_autofree char *authority = app_fleet_dup_authority (app_rules_get_fleet (self->rules));
  const AppStartOptions options = { self->options.server,
                                    self->options.user,
                                    self->options.key_file,
                                    self->options.folder,
                                    authority ? authority : self->options.authority,
                                    told };

  self->start = app_start_new (self->settings, self->window, &options);
  g_signal_connect_object (self->start, "go", G_CALLBACK (go_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->start, "trouble", G_CALLBACK (app_clinic_window_add_toast),
                           self->window, G_CONNECT_SWAPPED);
  if (self->asked_server)
    app_start_open_link (self->start, self->asked_server);
  g_clear_pointer (&self->asked_server, g_free);
  app_start_begin (self->start);
}

static gboolean
after_first_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  AppApplication *self = user_data;

  /* The first tick comes before the first frame is painted, the second after it. */
  if (gdk_frame_clock_get_frame_counter (clock) < 1)
    return G_SOURCE_CONTINUE;
  begin (self);
  return G_SOURCE_REMOVE;
}

static void
begun_cb (AppApplication *self)
{
  app_links_begin (self->links, self->window, app_work_get_patients (self->work),
                   app_work_get_session (self->work));
}

/* Whoever is in the visit may look at it only when it has ended. */
static void
waits_cb (AppApplication *self, const char *sentence)
{
  app_clinic_window_add_notice (self->window, sentence, NULL, NULL);
}

static void
app_application_activate (GApplication *application)
{
  AppApplication *self = APP_APPLICATION (application);

  if (!self->window)
    {
      self->window = app_clinic_window_new (GTK_APPLICATION (self));
      app_size_keep (self->settings, GTK_WINDOW (self->window), "clinic");
      self->work = app_work_new (GTK_APPLICATION (self), self->rules, self->settings, self->clock,
                                 self->support, self->window);
      self->leave = app_leave_new (G_APPLICATION (self), self->window, self->work);
      g_signal_connect_object (self->work, "begun", G_CALLBACK (begun_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (app_rules_get_restart (self->rules), "waits", G_CALLBACK (waits_cb),
                               self, G_CONNECT_SWAPPED);
      gtk_widget_add_tick_callback (GTK_WIDGET (self->window), after_first_frame, self, NULL);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
follow_link (AppApplication *self, const char *uri)
{
  if (app_start_is_link (uri) && self->start)
    app_start_open_link (self->start, uri);
  else if (app_start_is_link (uri))
    g_set_str (&self->asked_server, uri);
  else
    app_links_follow (self->links, uri);
}

/* What waits for a sign-in says so: else it would seem that nothing happened. */
static void
follow_links (AppApplication *self, const char *const *uris)
{
  app_links_follow_all (self->links, uris);
  if (app_links_must_wait (self->links))
    app_clinic_window_add_toast (self->window,
                                 _ ("It is opened once you are signed in and the screen is open."));
}

static void
app_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  AppApplication *self = APP_APPLICATION (application);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) uris = NULL;

  g_application_activate (application);
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      if (app_start_is_link (uri))
        follow_link (self, uri);
      else
        g_strv_builder_add (builder, uri);
    }
  uris = g_strv_builder_end (builder);
  if (uris[0])
    follow_links (self, (const char *const *) uris);
}

/* ---- actions ---- */

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  if (self->leave)
    app_leave_quit (self->leave);
  else
    g_application_quit (G_APPLICATION (self));
}

static void
retry_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  if (!app_work_sign_in (self->work))
    app_start_begin (self->start);
}

static void
choose_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  if (app_leave_for_another (self->leave, self->start))
    return;
  app_work_leave (self->work);
  g_clear_pointer (&self->options.account_id, g_free);
  app_start_choose_again (self->start);
}

static void
clinic_here_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  if (app_start_get_clinic (self->start))
    adw_dialog_present (app_clinic_dialog_new (app_start_get_clinic (self->start)),
                        GTK_WIDGET (self->window));
}

static void
clinic_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (APP_APPLICATION (user_data)->window));
}

static void
clinic_page_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppClinicWindow *window = APP_APPLICATION (user_data)->window;

  app_clinic_window_show_page (window, g_variant_get_string (parameter, NULL));
  gtk_window_present (GTK_WINDOW (window));
}

static void
sync_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  if (!app_work_sync (self->work))
    app_clinic_window_add_toast (self->window,
                                 _ ("Working from this machine alone: no server was named."));
}

static void
server_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  WorkspaceSession *session = get_session (self);
  SyncEngine *engine = session ? workspace_session_get_engine (session) : NULL;
  SyncStatus *status = engine ? sync_engine_get_status (engine) : NULL;

  adw_dialog_present (app_server_dialog_new (self->options.server,
                                             status ? sync_status_get_notes (status) : NULL),
                      GTK_WIDGET (window ? window : GTK_WINDOW (self->window)));
}

static void
suspect_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  if (self->work)
    app_work_ask_suspect (self->work);
}

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  const char *id = g_variant_get_string (parameter, NULL);
  g_autofree char *link = g_strconcat ("bedside:patient/", id, NULL);

  if (app_links_must_wait (self->links))
    app_links_follow (self->links, link);
  else
    app_patients_present (app_work_get_patients (self->work), id);
}

static void
new_visit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_activate (G_APPLICATION (user_data));
  follow_link (user_data, APP_LINK_NEW_VISIT_URI);
}

static void
open_file_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *const uris[] = { APP_LINK_OPEN_FILE_URI, NULL };

  g_application_activate (G_APPLICATION (user_data));
  follow_links (user_data, uris);
}

static const GActionEntry actions[] = {
  { .name = "quit", .activate = quit_action },
  { .name = "retry", .activate = retry_action },
  { .name = "choose-clinic", .activate = choose_action },
  { .name = "clinic-here", .activate = clinic_here_action },
  { .name = "clinic", .activate = clinic_action },
  { .name = "clinic-page", .activate = clinic_page_action, .parameter_type = "s" },
  { .name = "sync", .activate = sync_action },
  { .name = "server", .activate = server_action },
  { .name = "server-suspect", .activate = suspect_action },
  { .name = "open", .activate = open_action, .parameter_type = "s" },
  { .name = "new-visit", .activate = new_visit_action },
  { .name = "open-file", .activate = open_file_action },
};

/* ---- object ---- */

/* The one that runs; where none does nothing is open that could be seen. */
static int
lock_running (GApplication *application)
{
  g_autoptr (GError) error = NULL;

  if (!g_application_register (application, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  if (g_application_get_is_remote (application))
    g_action_group_activate_action (G_ACTION_GROUP (application), "lock", NULL);
  return 0;
}

static int
app_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  AppApplication *self = APP_APPLICATION (application);

  if (self->options.lock)
    return lock_running (application);
  return app_options_read (&self->options, self->rules, &self->clock);
}

/* The direction of our words, not of the machine's language: in English words that are laid out
 * from right to left, groups of digits change places (H38). */
static void
set_direction (void)
{
  /* TRANSLATORS: "rtl" where this language is written from right to left, else "ltr" */
  const char *direction = C_ ("text direction", "ltr");

  gtk_widget_set_default_direction (g_str_equal (direction, "rtl") ? GTK_TEXT_DIR_RTL
                                                                   : GTK_TEXT_DIR_LTR);
}

/* Another clinician: where nothing is open yet, here; else in a process of their own. */
static void
switch_cb (AppApplication *self, const char *account)
{
  if (app_work_is_open (self->work))
    {
      app_restart_switch (app_rules_get_restart (self->rules), account);
      return;
    }
  self->options.account_id = *account ? g_strdup (account) : app_people_new_account ();
  open_account (self);
}

static void
restart_ready_cb (AppApplication *self)
{
  if (self->work)
    app_work_stop (self->work);
  g_application_quit (G_APPLICATION (self));
}

/* Nothing starts again by itself: whoever works chooses when. */
static void
installed_cb (AppApplication *self)
{
  if (self->window)
    app_clinic_window_add_notice (self->window, _ ("A newer version of Bedside is installed."),
                                  _ ("_Start Again"), "app.restart");
}

static void
start_rules (AppApplication *self)
{
  app_rules_start (self->rules, ADW_APPLICATION (self), self->clock);
  self->links = app_links_new (app_rules_get_guard (self->rules));
  g_signal_connect_object (app_rules_get_restart (self->rules), "ready",
                           G_CALLBACK (restart_ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (app_rules_get_guard (self->rules), "switch", G_CALLBACK (switch_cb),
                           self, G_CONNECT_SWAPPED);
  if (app_rules_get_update (self->rules))
    g_signal_connect_object (app_rules_get_update (self->rules), "installed",
                             G_CALLBACK (installed_cb), self, G_CONNECT_SWAPPED);
}

static void
app_application_startup (GApplication *application)
{
  AppApplication *self = APP_APPLICATION (application);

  G_APPLICATION_CLASS (app_application_parent_class)->startup (application);
  set_direction ();
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source ? g_settings_schema_source_lookup (source, "health.bedside.Workstation", TRUE) : NULL;
  if (schema)
    self->settings = g_settings_new_full (schema, NULL, NULL);
  self->support = app_support_new (GTK_APPLICATION (application), self->settings,
                                   app_rules_get_fleet (self->rules));
  app_support_set_server (self->support, self->options.server);
  gtk_window_set_default_icon_name ("health.bedside.Workstation");
  start_rules (APP_APPLICATION (application));
}

static void
app_application_shutdown (GApplication *application)
{
  AppApplication *self = APP_APPLICATION (application);

  g_clear_object (&self->links);
  app_rules_stop (self->rules);
  if (self->work)
    app_work_close (self->work);
  if (self->start)
    app_start_stop (self->start);
  G_APPLICATION_CLASS (app_application_parent_class)->shutdown (application);
}

static void
app_application_finalize (GObject *object)
{
  AppApplication *self = APP_APPLICATION (object);

  g_clear_object (&self->support);
  g_clear_object (&self->rules);
  g_clear_object (&self->settings);
  g_clear_object (&self->leave);
  g_clear_object (&self->work);
  g_clear_object (&self->clock);
  g_clear_object (&self->start);
  g_free (self->asked_server);
  app_options_clear (&self->options);
  g_free (self->options.account_id);
  G_OBJECT_CLASS (app_application_parent_class)->finalize (object);
}

static void
app_application_class_init (AppApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = app_application_finalize;
  application_class->activate = app_application_activate;
  application_class->open = app_application_open;
  application_class->handle_local_options = app_application_handle_local_options;
  application_class->startup = app_application_startup;
  application_class->shutdown = app_application_shutdown;
}

static void
app_application_init (AppApplication *self)
{
  self->rules = app_rules_new ();
  app_options_add (&self->options, G_APPLICATION (self));
}

/* (transfer full) (nullable): how to begin again after the end; NULL: it just ends. */
char **
app_application_dup_restart (AppApplication *self, char **arguments)
{
  return app_restart_dup_arguments (app_rules_get_restart (self->rules), arguments);
}

AppApplication *
app_application_new (void)
{
  return g_object_new (APP_TYPE_APPLICATION, "application-id", "health.bedside.Workstation",
                       "resource-base-path", "/health/bedside/Workstation", "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}
