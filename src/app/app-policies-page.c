/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-policies-page.h"

#include <glib/gi18n.h>

/**
 * AppPoliciesPage:
 *
 * One row for each setting of the administrator's file. There is nothing to change in it: a row
 * says its value and who set it, and can be reached by keyboard, so that it is read aloud too.
 */

struct _AppPoliciesPage
{
  AdwPreferencesPage parent_instance;

  AppFleet *fleet;
};

G_DEFINE_FINAL_TYPE (AppPoliciesPage, app_policies_page, ADW_TYPE_PREFERENCES_PAGE)

static const struct
{
  BaseFleetKey key;
  const char *title;
} rows[] = {
  { BASE_FLEET_SERVER_URL, N_ ("Server") },
  { BASE_FLEET_AUTHORITY, N_ ("Certificates of the clinic’s authority") },
  { BASE_FLEET_CLIENT_ID, N_ ("Name of Bedside at the server") },
  { BASE_FLEET_UNLOCK, N_ ("Opens again") },
  { BASE_FLEET_LOCK_MINUTES, N_ ("Locks by itself") },
  { BASE_FLEET_LEASE_DAYS, N_ ("Works without the server") },
  { BASE_FLEET_NETWORKS, N_ ("Talks to the server in") },
  { BASE_FLEET_THEME, N_ ("Appearance") },
  { BASE_FLEET_LANGUAGE, N_ ("Language") },
};

static char *
dup_theme (const char *theme)
{
  return g_strdup (g_str_equal (theme, "dark")    ? _ ("Dark")
                   : g_str_equal (theme, "light") ? _ ("Light")
                                                  : _ ("As the desktop"));
}

/* Each language in its own words. */
static char *
dup_language (const char *tag)
{
  static const char *const names[][2] = { { "de", "Deutsch" },
                                          { "en", "English" },
                                          { "es", "Español" },
                                          { "fr", "Français" },
                                          { "ja", "日本語" } };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i][0], tag))
      return g_strdup (names[i][1]);
  return g_strdup (tag);
}

/* (transfer full): in words. */
static char *
dup_value (BaseFleet *fleet, BaseFleetKey key)
{
  const char *text = base_fleet_get_text (fleet, key);
  guint number = base_fleet_get_number (fleet, key);

  switch (key)
    {
    case BASE_FLEET_UNLOCK:
      return g_strdup (g_str_equal (text, "code") ? _ ("By a code that each clinician chooses")
                                                  : _ ("By signing in at the server"));
    case BASE_FLEET_LOCK_MINUTES:
      return g_strdup_printf (ngettext ("After %u minute without a key or the pointer",
                                        "After %u minutes without a key or the pointer", number),
                              number);
    case BASE_FLEET_LEASE_DAYS:
      return g_strdup_printf (ngettext ("For %u day", "For %u days", number), number);
    case BASE_FLEET_THEME:
      return dup_theme (text);
    case BASE_FLEET_LANGUAGE:
      return dup_language (text);
    case BASE_FLEET_ADMINISTRATOR_NAME:
    case BASE_FLEET_ADMINISTRATOR_CONTACT:
    case BASE_FLEET_SERVER_URL:
    case BASE_FLEET_AUTHORITY:
    case BASE_FLEET_CLIENT_ID:
    case BASE_FLEET_NETWORKS:
    case BASE_FLEET_N_KEYS:
      break;
    }
  return g_strdup (text);
}

/* A row's description is what describes it on the screen, its value; so what the lock says is
 * both. */
static GtkWidget *
make_lock (GtkWidget *row, const char *value, const char *set_by)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("changes-prevent-symbolic");
  g_autofree char *said = g_strdup_printf ("%s. %s", value, set_by);

  gtk_widget_add_css_class (icon, "dimmed");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, icon,
                                  NULL, -1);
  return icon;
}

static GtkWidget *
make_row (AppPoliciesPage *self, BaseFleetKey key, const char *title)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *value = dup_value (app_fleet_get (self->fleet), key);
  g_autofree char *set_by = app_fleet_dup_set_by (self->fleet);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), value);
  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), FALSE);
  gtk_widget_add_css_class (row, "property");
  gtk_widget_set_tooltip_text (row, set_by);
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_DISABLED, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_lock (row, value, set_by));
  return row;
}

static void
fill (AppPoliciesPage *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *set_by = app_fleet_dup_set_by (self->fleet);

  adw_preferences_group_set_title (group, _ ("This Computer"));
  adw_preferences_group_set_description (
      group, set_by ? set_by : _ ("No administrator has set up this computer. You choose."));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (app_fleet_is_set (self->fleet, rows[i].key))
      adw_preferences_group_add (group, make_row (self, rows[i].key, _ (rows[i].title)));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (self), group);
}

static void
app_policies_page_dispose (GObject *object)
{
  g_clear_object (&APP_POLICIES_PAGE (object)->fleet);
  G_OBJECT_CLASS (app_policies_page_parent_class)->dispose (object);
}

static void
app_policies_page_class_init (AppPoliciesPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_policies_page_dispose;
}

static void
app_policies_page_init (AppPoliciesPage *self)
{
}

AppPoliciesPage *
app_policies_page_new (AppFleet *fleet)
{
  AppPoliciesPage *self =
      g_object_new (APP_TYPE_POLICIES_PAGE, "name", "policies", "title", _ ("Administrator"),
                    "icon-name", "changes-prevent-symbolic", NULL);

  self->fleet = g_object_ref (fleet);
  fill (self);
  return self;
}
