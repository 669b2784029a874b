/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-start.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-http.h"

#include "app-local-hub.h"
#include "app-people.h"
#include "app-welcome.h"

/**
 * AppStart:
 *
 * A place is kept by its word in the settings: "server", "demo" or "clinic". The demo and the
 * clinic on this computer lie in folders of their own, and their hub is a child of this program.
 */

#define LINK "bedside:connect?"

struct _AppStart
{
  GObject parent_instance;

  GSettings *settings;     /* (nullable) */
  AppClinicWindow *window; /* outlives it */
  char *home;              /* where the demo and the clinic lie */
  char *clinic;            /* (nullable): the folder of the clinic, where that is the place */
  char *server, *user, *key_file, *folder, *authority;
  gboolean told;     /* the command line says where */
  gboolean gone;     /* "go" was told */
  gboolean stopping; /* waits for the end of the hub: whoever presses again waits too */
  char *place;       /* (nullable): chosen in this run, where there are no settings to keep it */
  char *link;        /* (nullable): that came before it could be shown */
  AppLocalHub *hub;
  GtkWidget *welcome; /* (nullable): while it is shown */
};

enum
{
  SIGNAL_GO,
  SIGNAL_TROUBLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppStart, app_start, G_TYPE_OBJECT)

static char *
dup_kept (AppStart *self, const char *key)
{
  return self->settings ? g_settings_get_string (self->settings, key) : g_strdup ("");
}

/* What cannot be kept is asked again at the next start; that is no reason to stop. */
static void
keep (AppStart *self, const char *place, const char *server, const char *user)
{
  g_set_str (&self->place, place);
  if (!self->settings)
    return;
  g_settings_set_string (self->settings, "place", place);
  g_settings_set_string (self->settings, "server", server ? server : "");
  g_settings_set_string (self->settings, "user", user ? user : "");
}

static void
go (AppStart *self)
{
  self->gone = TRUE;
  self->welcome = NULL;
  app_clinic_window_set_may_choose (self->window, app_start_is_chosen_here (self));
  g_signal_emit (self, signals[SIGNAL_GO], 0);
}

/* ---- what runs on this computer ---- */

static void
ready_cb (AppStart *self, const char *url)
{
  if (!self->gone)
    {
      g_set_str (&self->server, url);
      go (self);
    }
  else if (g_strcmp0 (url, self->server) != 0)
    g_signal_emit (self, signals[SIGNAL_TROUBLE], 0,
                   _ ("The clinic on this computer began again at another address. Close Bedside "
                      "and start it again."));
}

static void
failed_cb (AppStart *self, const char *sentence)
{
  if (self->gone)
    g_signal_emit (self, signals[SIGNAL_TROUBLE], 0, sentence);
  else
    {
      app_clinic_window_set_may_choose (self->window, TRUE);
      app_clinic_window_show_failure (self->window, _ ("The Clinic Does Not Start"), sentence);
    }
}

static void
stop_hub (AppStart *self)
{
  g_autoptr (AppLocalHub) hub = g_steal_pointer (&self->hub);

  if (!hub)
    return;
  g_signal_handlers_disconnect_by_data (hub, self);
  self->stopping = TRUE;
  app_local_hub_stop (hub);
  self->stopping = FALSE;
}

/* The demo's patients are made up: their records need no keyring. */
static void
start_hub (AppStart *self, gboolean demo)
{
  g_autofree char *folder = g_build_filename (self->home, demo ? "demo" : "clinic", NULL);

  stop_hub (self);
  g_free (self->folder);
  self->folder = g_build_filename (folder, "workstation", NULL);
  if (demo)
    {
      g_set_str (&self->user, "doctor");
      g_free (self->key_file);
      self->key_file = g_build_filename (folder, "workstation.key", NULL);
    }
  g_set_str (&self->clinic, demo ? NULL : folder);
  app_clinic_window_show_opening (self->window, demo ? _ ("Starting the Demo Clinic…")
                                                     : _ ("Starting Your Clinic…"));
  self->hub = app_local_hub_new (folder, demo);
  g_signal_connect_object (self->hub, "ready", G_CALLBACK (ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->hub, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  app_local_hub_start (self->hub);
}

/* ---- a person is asked ---- */

static void
demo_cb (AppStart *self)
{
  keep (self, "demo", NULL, NULL);
  app_start_begin (self);
}

static void
server_cb (AppStart *self, const char *server)
{
  keep (self, "server", server, NULL);
  g_set_str (&self->server, server);
  go (self);
}

static void
clinic_cb (AppStart *self, const char *login)
{
  keep (self, "clinic", NULL, login);
  g_set_str (&self->user, login);
  start_hub (self, FALSE);
}

static void
show_welcome (AppStart *self)
{
  g_autofree char *folder = g_build_filename (self->home, "clinic", NULL);

  self->welcome = app_welcome_new (folder);
  g_signal_connect_object (self->welcome, "demo", G_CALLBACK (demo_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->welcome, "server", G_CALLBACK (server_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->welcome, "clinic", G_CALLBACK (clinic_cb), self,
                           G_CONNECT_SWAPPED);
  app_clinic_window_show_welcome (self->window, self->welcome);
  if (self->link)
    app_welcome_connect_to (APP_WELCOME (self->welcome), self->link);
  g_clear_pointer (&self->link, g_free);
}

/* ---- the order ---- */

/* An authority that cannot be read is told: without it the clinic's server would be refused, and
 * nobody would know why. */
static gboolean
take_authority (AppStart *self)
{
  g_autofree char *kept = dup_kept (self, "authority-file");
  const char *path = self->authority ? self->authority : *kept ? kept : NULL;
  g_autoptr (GError) error = NULL;

  if (net_http_set_authority (path, &error))
    return TRUE;
  app_clinic_window_show_failure (self->window, _ ("The Authority’s File Cannot Be Read"),
                                  error->message);
  return FALSE;
}

static void
go_to_place (AppStart *self, const char *place)
{
  g_autofree char *server = dup_kept (self, "server");
  g_autofree char *user = dup_kept (self, "user");

  if (!self->user && *user)
    g_set_str (&self->user, user);
  if (g_str_equal (place, "server") && *server)
    {
      g_set_str (&self->server, server);
      go (self);
    }
  else if (g_str_equal (place, "demo") || g_str_equal (place, "clinic"))
    start_hub (self, g_str_equal (place, "demo"));
  else
    show_welcome (self);
}

/* Also once more, after something failed. */
void
app_start_begin (AppStart *self)
{
  g_return_if_fail (APP_IS_START (self));

  g_autofree char *kept = dup_kept (self, "place");

  if (self->stopping || !take_authority (self))
    return;
  if (self->told)
    go (self);
  else
    go_to_place (self, *kept || !self->place ? kept : self->place);
}

/* The next start asks again. */
void
app_start_forget (AppStart *self)
{
  g_return_if_fail (APP_IS_START (self));

  keep (self, "", NULL, NULL);
}

/* (transfer floating): asks whether to leave the clinic that is open; its answer is "choose" */
AdwDialog *
app_start_ask_new (void)
{
  AdwDialog *dialog = adw_alert_dialog_new (
      _ ("Choose Another Clinic?"),
      _ ("Bedside closes, and asks at its next start where to work. What is kept on this computer "
         "stays here, and what waits to be sent is sent when you come back to this clinic."));

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "stay", _ ("_Stay Here"), "choose",
                                  _ ("_Close and Choose"), NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "stay");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "stay");
  return dialog;
}

/* Forgets the place and asks anew. What lies on this computer stays there. */
void
app_start_choose_again (AppStart *self)
{
  g_return_if_fail (APP_IS_START (self));

  g_autoptr (AppStart) alive = g_object_ref (self);

  if (self->stopping || self->told)
    return;
  app_clinic_window_set_may_choose (self->window, FALSE);
  stop_hub (self);
  keep (self, "", NULL, NULL);
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->clinic, g_free);
  g_clear_pointer (&self->key_file, g_free);
  self->gone = FALSE;
  show_welcome (self);
}

/* "bedside:connect?server=…" */
gboolean
app_start_is_link (const char *uri)
{
  return g_ascii_strncasecmp (uri, LINK, strlen (LINK)) == 0;
}

/* A link to a server: it fills in an address where one is asked for, and changes nothing else. */
void
app_start_open_link (AppStart *self, const char *link)
{
  g_return_if_fail (APP_IS_START (self));

  if (self->welcome)
    app_welcome_connect_to (APP_WELCOME (self->welcome), link);
  else if (!self->gone)
    g_set_str (&self->link, link);
  else
    app_clinic_window_add_toast (self->window,
                                 _ ("Bedside works with a server already. Choose another clinic in "
                                    "the menu first."));
}

/* Waits until what runs on this computer has ended. */
void
app_start_stop (AppStart *self)
{
  g_return_if_fail (APP_IS_START (self));

  stop_hub (self);
}

/* Whether the place was chosen by a person here, and so may be chosen anew. */
gboolean
app_start_is_chosen_here (AppStart *self)
{
  return !self->told;
}

/* (transfer full) (nullable): with which server the clinician of @account works, where the command
 * line names none: that of their records, else, for one who was never here, the one that was chosen
 * here. */
char *
app_start_dup_server_of (AppStart *self, const char *account)
{
  g_return_val_if_fail (APP_IS_START (self), NULL);

  g_autofree char *path = g_build_filename (self->home, "clinicians", NULL);
  g_autoptr (GPtrArray) people = app_people_read (path);
  g_autofree char *theirs = app_people_dup_server (people, account);
  g_autofree char *place = dup_kept (self, "place");
  g_autofree char *server = dup_kept (self, "server");

  if (theirs)
    return g_steal_pointer (&theirs);
  return g_str_equal (place, "server") && *server ? g_steal_pointer (&server) : NULL;
}

/* (nullable): while working from this computer alone */
const char *
app_start_get_server (AppStart *self)
{
  return self->server;
}

const char *
app_start_get_user (AppStart *self)
{
  return self->user;
}

const char *
app_start_get_key_file (AppStart *self)
{
  return self->key_file;
}

const char *
app_start_get_folder (AppStart *self)
{
  return self->folder;
}

/* (nullable): the folder of the small clinic on this computer, where that is the place */
const char *
app_start_get_clinic (AppStart *self)
{
  return self->clinic;
}

/* ---- object ---- */

static void
app_start_finalize (GObject *object)
{
  AppStart *self = APP_START (object);

  g_clear_object (&self->hub);
  g_clear_object (&self->settings);
  g_free (self->home);
  g_free (self->clinic);
  g_free (self->server);
  g_free (self->user);
  g_free (self->key_file);
  g_free (self->folder);
  g_free (self->authority);
  g_free (self->place);
  g_free (self->link);
  G_OBJECT_CLASS (app_start_parent_class)->finalize (object);
}

static void
app_start_class_init (AppStartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_start_finalize;

  signals[SIGNAL_GO] =
      g_signal_new ("go", APP_TYPE_START, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_TROUBLE] = g_signal_new ("trouble", APP_TYPE_START, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
app_start_init (AppStart *self)
{
  self->home = g_build_filename (g_get_user_data_dir (), "bedside", NULL);
}

/* @settings: (nullable): nothing is kept without them. @window outlives it. */
AppStart *
app_start_new (GSettings *settings, AppClinicWindow *window, const AppStartOptions *options)
{
  AppStart *self = g_object_new (APP_TYPE_START, NULL);

  g_set_object (&self->settings, settings);
  self->window = window;
  self->server = g_strdup (options->server);
  self->user = g_strdup (options->user);
  self->key_file = g_strdup (options->key_file);
  self->folder = g_strdup (options->folder);
  self->authority = g_strdup (options->authority);
  self->told = options->server || options->folder || options->offline;
  return self;
}

/* For tests: the demo and the clinic lie there. */
void
app_start_set_home (AppStart *self, const char *folder)
{
  g_set_str (&self->home, folder);
}
