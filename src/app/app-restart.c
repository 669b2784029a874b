/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-restart.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "app-people.h"

#define SANDBOX_MARK "/.flatpak-info"
#define RELEASE_MS   2000

struct _AppRestart
{
  GObject parent_instance;

  WorkspaceSession *session; /* (nullable) */
  gboolean wanted, newest, is_ready;
  char *account; /* (nullable): whose records are opened then */
};

enum
{
  SIGNAL_WAITS,
  SIGNAL_READY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppRestart, app_restart, G_TYPE_OBJECT)

/* ---- when ---- */

static void
go_when_free (AppRestart *self)
{
  if (!self->wanted || self->is_ready)
    return;
  if (self->session && workspace_session_get_call_patient (self->session))
    {
      g_signal_emit (self, signals[SIGNAL_WAITS], 0,
                     _ ("A visit is running. Bedside starts again when it has ended."));
      return;
    }
  self->is_ready = TRUE;
  g_signal_emit (self, signals[SIGNAL_READY], 0);
}

/* Only what waits: a visit that begins says nothing. */
static void
call_cb (AppRestart *self)
{
  if (!workspace_session_get_call_patient (self->session))
    go_when_free (self);
}

/* Begins again as the clinician of @account; "" for one who was never here. */
void
app_restart_switch (AppRestart *self, const char *account)
{
  g_return_if_fail (APP_IS_RESTART (self));

  g_free (self->account);
  self->account = *account ? g_strdup (account) : app_people_new_account ();
  self->newest = FALSE;
  self->wanted = TRUE;
  go_when_free (self);
}

/* Begins again as the newest version that is installed. @account: (nullable): who works. */
void
app_restart_update (AppRestart *self, const char *account)
{
  g_return_if_fail (APP_IS_RESTART (self));

  g_set_str (&self->account, account);
  self->newest = TRUE;
  self->wanted = TRUE;
  go_when_free (self);
}

void
app_restart_set_session (AppRestart *self, WorkspaceSession *session)
{
  g_return_if_fail (APP_IS_RESTART (self));

  g_set_object (&self->session, session);
  g_signal_connect_object (session, "notify::call-patient", G_CALLBACK (call_cb), self,
                           G_CONNECT_SWAPPED);
}

/* (nullable): of whoever works */
WorkspaceSession *
app_restart_get_session (AppRestart *self)
{
  return self->session;
}

static void
app_restart_finalize (GObject *object)
{
  AppRestart *self = APP_RESTART (object);

  g_clear_object (&self->session);
  g_free (self->account);
  G_OBJECT_CLASS (app_restart_parent_class)->finalize (object);
}

static void
app_restart_class_init (AppRestartClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_restart_finalize;

  signals[SIGNAL_WAITS] = g_signal_new ("waits", APP_TYPE_RESTART, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_READY] = g_signal_new ("ready", APP_TYPE_RESTART, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
}

static void
app_restart_init (AppRestart *self)
{
}

AppRestart *
app_restart_new (void)
{
  return g_object_new (APP_TYPE_RESTART, NULL);
}

/* ---- how ---- */

/* Each takes a value: what stands behind one is no file or link. */
static const char *const valued[] = {
  "--account",   "--user",         "--data",
  "--server",    "--key-file",     "--today",
  "--authority", "--check-config", "--gapplication-app-id",
  NULL,
};

/* Which say whose records are opened. */
static const char *const replaced[] = { "--account", "--user", "--data", NULL };

static gboolean
is_one_of (const char *const *names, const char *argument)
{
  for (const char *const *name = names; *name; name++)
    {
      g_autofree char *joined = g_strconcat (*name, "=", NULL);

      if (g_str_equal (argument, *name) || g_str_has_prefix (argument, joined))
        return TRUE;
    }
  return FALSE;
}

/* A start by the bus shows no window, and what was to be opened was opened by then: for the
 * clinician who comes next a link may name a patient of the one who went. */
static gboolean
is_of_this_start (const char *argument)
{
  return *argument != '-' || g_str_equal (argument, "--gapplication-service");
}

/**
 * app_restart_make_arguments:
 * @arguments: those that the program was started with
 * @account: (nullable): whose records to open instead
 * @newest: a newer version may have been installed meanwhile
 *
 * Returns: (transfer full)
 */
char **
app_restart_make_arguments (char **arguments, const char *account, gboolean newest)
{
  g_autoptr (GStrvBuilder) made = g_strv_builder_new ();
  guint n_arguments = g_strv_length (arguments);

  /* in the sandbox the old version stays where it is; only the portal starts the new one */
  if (newest && g_file_test (SANDBOX_MARK, G_FILE_TEST_EXISTS))
    g_strv_builder_add_many (made, "flatpak-spawn", "--latest-version", NULL);
  if (n_arguments > 0)
    g_strv_builder_add (made, arguments[0]);
  for (guint i = 1; i < n_arguments && !g_str_equal (arguments[i], "--"); i++)
    {
      const char *name = arguments[i];
      const char *value = g_strv_contains (valued, name) ? arguments[i + 1] : NULL;

      if (!is_of_this_start (name) && !(account && is_one_of (replaced, name)))
        g_strv_builder_add_many (made, name, value, NULL);
      if (value)
        i++;
    }
  if (account)
    g_strv_builder_add_many (made, "--account", account, NULL);
  return g_strv_builder_end (made);
}

/* (transfer full) (nullable): how to begin again; NULL: the program just ends. */
char **
app_restart_dup_arguments (AppRestart *self, char **arguments)
{
  return self->is_ready ? app_restart_make_arguments (arguments, self->account, self->newest)
                        : NULL;
}

/* The name on the bus must be free before the next process asks for it, or it would hand its start
 * over to this one, which is gone. */
static void
release_name (const char *application_id)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer = NULL;

  if (bus)
    answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                          "org.freedesktop.DBus", "ReleaseName",
                                          g_variant_new ("(s)", application_id), NULL,
                                          G_DBUS_CALL_FLAGS_NONE, RELEASE_MS, NULL, NULL);
}

/* Comes back only where it could not be done. After the application has ended. */
void
app_restart_run (char **arguments, const char *application_id)
{
  release_name (application_id);
  execvp (arguments[0], arguments);
  g_warning ("cannot start %s again: %s", arguments[0], g_strerror (errno));
}
