/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-options.h"

#include <glib/gi18n.h>

#include "app-serve.h"

static GDateTime *
parse_today (const char *today)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *morning = g_strconcat (today, "T09:41:00", NULL);

  return g_date_time_new_from_iso8601 (morning, zone);
}

static void
print_text (const char *text)
{
  g_print ("%s", text);
}

static int
serve_clinic (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "bedside", "clinic", NULL);

  return app_serve_clinic (folder);
}

/**
 * app_options_read:
 * @clock: (out) (transfer full): of the day that was asked for, or of today
 *
 * Once they are parsed. Nobody works elsewhere than where @rules say.
 *
 * Returns: with what to end at once; -1: to start
 */
int
app_options_read (AppOptions *self, AppRules *rules, BaseClock **clock)
{
  if (self->check_config)
    return app_fleet_check_file (self->check_config, print_text);
  if (self->serve_clinic)
    return serve_clinic ();
  if (self->account_id && !app_people_is_account (self->account_id))
    {
      g_printerr (_ ("“%s” is no account of this computer.\n"), self->account_id);
      return 2;
    }
  g_autofree char *server = app_rules_dup_server (rules, self->server);
  g_set_str (&self->server, server);
  g_autoptr (GDateTime) start = self->today ? parse_today (self->today) : NULL;

  if (self->today && !start)
    {
      g_printerr (_ ("“%s” is not a date. Write it as 2026-11-09.\n"), self->today);
      return 2;
    }
  *clock = start ? base_clock_new_at (start) : base_clock_new ();
  return -1;
}

/* What is asked for is kept in @self, which outlives @application's start. */
void
app_options_add (AppOptions *self, GApplication *application)
{
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, &self->server,
      N_ ("The hub, or the base of another FHIR server"), N_ ("URL") },
    { "user", 0, 0, G_OPTION_ARG_STRING, &self->user, N_ ("The name to sign in with"),
      N_ ("NAME") },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &self->key_file,
      N_ ("The key of the records, instead of the keyring"), N_ ("FILE") },
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &self->folder, N_ ("Where the records lie"),
      N_ ("FOLDER") },
    { "authority", 0, 0, G_OPTION_ARG_FILENAME, &self->authority,
      N_ ("Certificates of the clinic’s own authority, in PEM"), N_ ("FILE") },
    { "today", 0, 0, G_OPTION_ARG_STRING, &self->today, N_ ("Work as if it were this day"),
      N_ ("DATE") },
    { "account", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &self->account_id, NULL, NULL },
    { "check-config", 0, 0, G_OPTION_ARG_FILENAME, &self->check_config,
      N_ ("Say what is wrong with a file that sets up workstations, and end"), N_ ("FILE") },
    { "serve-clinic", 0, 0, G_OPTION_ARG_NONE, &self->serve_clinic,
      N_ ("Serve the clinic on this computer, without a window"), NULL },
    { "offline", 0, 0, G_OPTION_ARG_NONE, &self->offline, N_ ("Work from this machine alone"),
      NULL },
    { "lock", 0, 0, G_OPTION_ARG_NONE, &self->lock, N_ ("Lock the screen of the Bedside that runs"),
      NULL },
    { NULL },
  };

  g_application_add_main_option_entries (application, entries);
}

void
app_options_clear (AppOptions *self)
{
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->key_file, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->authority, g_free);
  g_clear_pointer (&self->today, g_free);
  g_clear_pointer (&self->account_id, g_free);
  g_clear_pointer (&self->check_config, g_free);
}
