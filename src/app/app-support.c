/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-support.h"

#include <gst/gst.h>

#include "app-about.h"
#include "app-founding.h"
#include "app-help-topic.h"
#include "app-help-window.h"
#include "app-preferences.h"
#include "app-report-dialog.h"
#include "app-report-facts.h"
#include "app-screen-lock.h"
#include "app-second-factor-dialog.h"

struct _AppSupport
{
  GObject parent_instance;

  GtkApplication *application; /* not owned: it owns this */
  GSettings *settings;         /* (nullable) where they are not installed */
  AppFleet *fleet;
  char *server;
  StoreContent *content;
  WorkspaceSession *session;
  AppHelpBook *book;   /* read when it is first asked for */
  AppHelpWindow *help; /* weak */
};

G_DEFINE_FINAL_TYPE (AppSupport, app_support, G_TYPE_OBJECT)

/* The one that is used; where the lock hides it, the one that is shown instead. */
static GtkWidget *
get_window (AppSupport *self)
{
  GtkWindow *active = gtk_application_get_active_window (self->application);

  if (active && gtk_widget_get_visible (GTK_WIDGET (active)))
    return GTK_WIDGET (active);
  for (GList *one = gtk_application_get_windows (self->application); one; one = one->next)
    if (gtk_widget_get_visible (one->data))
      return one->data;
  return GTK_WIDGET (active);
}

/* ---- help ---- */

static AppHelpBook *
get_book (AppSupport *self)
{
  if (!self->book)
    self->book = app_help_book_new (g_get_language_names ());
  return self->book;
}

/* @parameter: the id of a page; "": the one for what is shown. */
static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppSupport *self = user_data;
  const char *asked = g_variant_get_string (parameter, NULL);
  const char *id = *asked ? asked : app_help_topic_find (get_book (self), get_window (self));

  if (!self->help)
    {
      g_set_weak_pointer (&self->help, app_help_window_new (self->application, get_book (self)));
      app_screen_lock_let_show (GTK_WINDOW (self->help));
    }
  app_help_window_show (self->help, id);
  gtk_window_present (GTK_WINDOW (self->help));
}

/* ---- preferences ---- */

/* Also where somebody works elsewhere by now: what starts at login can be switched off. */
static void
add_clinic (AppPreferences *preferences)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "bedside", "clinic", NULL);
  g_autofree char *login = app_founding_dup_login (folder);
  g_autoptr (AppAutostart) autostart = app_autostart_new (folder);

  if (login)
    app_preferences_set_autostart (preferences, autostart);
}

/* @parameter: (nullable): the setting that is wanted */
static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppSupport *self = user_data;
  g_autoptr (MediaSources) sources = NULL;
  AppPreferences *preferences;

  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  sources = media_sources_new ();
  media_sources_watch (sources);
  preferences = app_preferences_new (self->settings, sources, self->fleet);
  add_clinic (preferences);
  adw_dialog_present (ADW_DIALOG (preferences), get_window (self));
  if (parameter)
    app_preferences_show (preferences, g_variant_get_string (parameter, NULL));
}

/* ---- report ---- */

static void
gathered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppReportDialog) dialog = user_data;
  g_autoptr (AppReport) report = app_report_facts_gather_finish (result);

  if (report)
    app_report_dialog_set_report (dialog, report);
}

static void
report_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppSupport *self = user_data;
  AppReportDialog *dialog = app_report_dialog_new ();

  app_report_facts_gather_async (get_window (self), self->settings, self->server, self->session,
                                 gathered_cb, g_object_ref_sink (dialog));
  adw_dialog_present (ADW_DIALOG (dialog), get_window (self));
}

/* ---- the second factor ---- */

static void
second_factor_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppSupport *self = user_data;

  if (self->session)
    adw_dialog_present (app_second_factor_dialog_new (self->session, "Bedside"), get_window (self));
}

/* Only who signs prescriptions has one. */
static void
update_second_factor (AppSupport *self)
{
  static const char *const prescribers[] = { "prescriber", "admin", NULL };
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->application), "second-factor");
  const char *role =
      self->session ? care_context_get_role (workspace_session_get_context (self->session)) : NULL;

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               role && g_strv_contains (prescribers, role));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppSupport *self = user_data;

  adw_dialog_present (app_about_new (self->content), get_window (self));
}

static const GActionEntry actions[] = {
  { .name = "help", .activate = help_action, .parameter_type = "s" },
  { .name = "preferences", .activate = preferences_action },
  { .name = "preferences-of", .activate = preferences_action, .parameter_type = "s" },
  { .name = "report", .activate = report_action },
  { .name = "second-factor", .activate = second_factor_action },
  { .name = "about", .activate = about_action },
};

/* ---- object ---- */

static void
app_support_finalize (GObject *object)
{
  AppSupport *self = APP_SUPPORT (object);

  g_clear_weak_pointer (&self->help);
  g_clear_object (&self->settings);
  g_clear_object (&self->fleet);
  g_clear_object (&self->content);
  g_clear_object (&self->session);
  g_clear_object (&self->book);
  g_free (self->server);
  G_OBJECT_CLASS (app_support_parent_class)->finalize (object);
}

static void
app_support_class_init (AppSupportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_support_finalize;
}

static void
app_support_init (AppSupport *self)
{
}

/* @settings: (nullable): without them there are no preferences to show. In windows that have no
 * list of commands, as in the help's own, the keys come from here. */
AppSupport *
app_support_new (GtkApplication *application, GSettings *settings, AppFleet *fleet)
{
  AppSupport *self = g_object_new (APP_TYPE_SUPPORT, NULL);
  GActionMap *map = G_ACTION_MAP (application);

  self->application = application;
  self->settings = settings ? g_object_ref (settings) : NULL;
  self->fleet = g_object_ref (fleet);
  g_action_map_add_action_entries (map, actions, G_N_ELEMENTS (actions), self);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "preferences")),
                               settings != NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "preferences-of")),
                               settings != NULL);
  update_second_factor (self);
  gtk_application_set_accels_for_action (application, "app.help('')",
                                         (const char *[]) { "F1", NULL });
  gtk_application_set_accels_for_action (application, "app.preferences",
                                         (const char *[]) { "<Control>comma", NULL });
  return self;
}

/* @server: (nullable): its address, for the report */
void
app_support_set_server (AppSupport *self, const char *server)
{
  g_return_if_fail (APP_IS_SUPPORT (self));

  g_set_str (&self->server, server);
}

void
app_support_set_content (AppSupport *self, StoreContent *content)
{
  g_return_if_fail (APP_IS_SUPPORT (self));

  g_set_object (&self->content, content);
}

void
app_support_set_session (AppSupport *self, WorkspaceSession *session)
{
  g_return_if_fail (APP_IS_SUPPORT (self));

  g_set_object (&self->session, session);
  update_second_factor (self);
}
