/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-rules.h"

#include <glib/gi18n.h>

#include "app-policies-page.h"
#include "app-quit.h"

#define SANDBOX_MARK "/.flatpak-info"

struct _AppRules
{
  GObject parent_instance;

  AppFleet *fleet;
  AppGuard *guard;
  AppNetwork *network;
  AppRestart *restart;
  AppAccount *account; /* (nullable) */
  AppUpdate *update;   /* (nullable): in a Flatpak */
  gboolean asking;     /* whether to leave what is not sent */
};

G_DEFINE_FINAL_TYPE (AppRules, app_rules, G_TYPE_OBJECT)

/* ---- actions ---- */

static void
lock_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppRules *self = user_data;

  if (self->guard)
    app_guard_lock (self->guard);
}

static void
restart_answered_cb (gpointer user_data, gboolean quit)
{
  g_autoptr (AppRules) self = user_data;
  g_autofree char *account = self->account ? app_account_dup_id (self->account) : NULL;

  self->asking = FALSE;
  if (quit)
    app_restart_update (self->restart, account);
}

/* H1: what is signed and not sent is said, as before quitting; and nobody restarts a locked one. */
static void
restart_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppRules *self = user_data;
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  GtkWindow *window = gtk_application_get_active_window (application);
  WorkspaceSession *session = app_restart_get_session (self->restart);

  if (self->asking || (self->guard && app_guard_is_locked (self->guard)))
    return;
  self->asking = session && window;
  if (self->asking)
    app_quit_ask (GTK_WIDGET (window), session, restart_answered_cb, g_object_ref (self));
  else
    restart_answered_cb (g_object_ref (self), TRUE);
}

static void
policies_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppRules *self = user_data;
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  AdwDialog *dialog = adw_preferences_dialog_new ();

  adw_dialog_set_title (dialog, _ ("Set by the Administrator"));
  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (dialog),
                              ADW_PREFERENCES_PAGE (app_policies_page_new (self->fleet)));
  adw_dialog_present (dialog, GTK_WIDGET (gtk_application_get_active_window (application)));
}

static const GActionEntry actions[] = {
  { .name = "lock", .activate = lock_action },
  { .name = "policies", .activate = policies_action },
  { .name = "restart", .activate = restart_action },
};

static void
add_actions (AppRules *self, GtkApplication *application)
{
  GActionMap *map = G_ACTION_MAP (application);

  g_action_map_add_action_entries (map, actions, G_N_ELEMENTS (actions), self);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, "policies")),
                               app_fleet_get (self->fleet) != NULL);
}

/* ---- object ---- */

static void
app_rules_dispose (GObject *object)
{
  AppRules *self = APP_RULES (object);

  app_rules_stop (self);
  g_clear_object (&self->account);
  g_clear_object (&self->update);
  g_clear_object (&self->network);
  g_clear_object (&self->restart);
  g_clear_object (&self->fleet);
  G_OBJECT_CLASS (app_rules_parent_class)->dispose (object);
}

static void
app_rules_class_init (AppRulesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_rules_dispose;
}

static void
app_rules_init (AppRules *self)
{
  self->fleet = app_fleet_load ();
  app_fleet_apply_language (self->fleet);
  /* GTK would take that back: it sets the environment's once more */
  gtk_disable_setlocale ();
  self->restart = app_restart_new ();
}

/* Reads the administrator's file. Before the first string is looked up. */
AppRules *
app_rules_new (void)
{
  return g_object_new (APP_TYPE_RULES, NULL);
}

/* Once there is a display. */
void
app_rules_start (AppRules *self, AdwApplication *application, BaseClock *clock)
{
  g_return_if_fail (APP_IS_RULES (self));

  g_autofree char *people = app_people_dup_path ();
  const char *theme = base_fleet_get_text (app_fleet_get (self->fleet), BASE_FLEET_THEME);
  AdwStyleManager *style = adw_application_get_style_manager (application);

  if (g_strcmp0 (theme, "dark") == 0)
    adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  else if (g_strcmp0 (theme, "light") == 0)
    adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_LIGHT);
  self->network = app_network_new (app_fleet_get (self->fleet), app_network_list_own, NULL);
  self->guard = app_guard_new (GTK_APPLICATION (application), self->fleet, clock, people);
  app_guard_set_network (self->guard, self->network);
  add_actions (self, GTK_APPLICATION (application));
  if (g_application_get_dbus_connection (G_APPLICATION (application)) &&
      g_file_test (SANDBOX_MARK, G_FILE_TEST_EXISTS))
    self->update = app_update_new (g_application_get_dbus_connection (G_APPLICATION (application)));
}

/* The windows go. */
void
app_rules_stop (AppRules *self)
{
  g_return_if_fail (APP_IS_RULES (self));

  g_clear_object (&self->guard);
}

AppFleet *
app_rules_get_fleet (AppRules *self)
{
  return self->fleet;
}

AppGuard *
app_rules_get_guard (AppRules *self)
{
  return self->guard;
}

AppNetwork *
app_rules_get_network (AppRules *self)
{
  return self->network;
}

/* (nullable) */
AppUpdate *
app_rules_get_update (AppRules *self)
{
  return self->update;
}

AppRestart *
app_rules_get_restart (AppRules *self)
{
  return self->restart;
}

/* For how long work goes on without the server, in µs. */
gint64
app_rules_get_lease (AppRules *self)
{
  guint days = base_fleet_get_number (app_fleet_get (self->fleet), BASE_FLEET_LEASE_DAYS);

  return days > 0 ? days * G_TIME_SPAN_DAY : CARE_LEASE_US;
}

/* (nullable): why nothing may open on this computer. */
const char *
app_rules_get_refusal (AppRules *self)
{
  return app_fleet_get_state (self->fleet) == APP_FLEET_REFUSED
             ? app_fleet_get_problem (self->fleet)
             : NULL;
}

/* (transfer full) (nullable): nobody works elsewhere than where the administrator says. @asked:
 * (nullable): by the command line. */
char *
app_rules_dup_server (AppRules *self, const char *asked)
{
  const char *url = base_fleet_get_text (app_fleet_get (self->fleet), BASE_FLEET_SERVER_URL);
  g_autofree char *set_by = app_fleet_dup_set_by (self->fleet);

  if (url && asked && !g_str_equal (url, asked))
    g_printerr (_ ("The server of this computer is %s, and “--server” changes nothing. %s.\n"), url,
                set_by);
  return g_strdup (url ? url : asked);
}

/* (transfer full) (nullable): the name with which the clinician of @account signs in. */
char *
app_rules_dup_login (AppRules *self, const char *account)
{
  g_autofree char *path = app_people_dup_path ();
  g_autoptr (GPtrArray) people = app_people_read (path);

  return app_people_dup_login (people, account);
}

/* Whose records are opened. */
void
app_rules_set_account (AppRules *self, AppAccount *account)
{
  g_return_if_fail (APP_IS_RULES (self));

  g_set_object (&self->account, account);
}
