/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-guard.h"

#include <glib/gi18n.h>

#include "care-prescription.h"

#include "app-code.h"
#include "app-connection.h"
#include "app-lock-window.h"
#include "app-proof.h"
#include "app-screen-lock.h"

/**
 * AppGuard:
 *
 * A lock is required where the administrator's file says so, and where a second clinician works on
 * the same account of this computer. It guards the screen: the key of each store lies in the
 * keyring of the account, so that a forgotten code costs nobody what they wrote
 * (bedside-fleet.conf(5)).
 */

#define MINUTES_OF_SEVERAL 10

struct _AppGuard
{
  GObject parent_instance;

  GtkApplication *application; /* not owned: it owns this; NULL in tests */
  AppFleet *fleet;
  BaseClock *clock;
  char *people_path;
  GPtrArray *people; /* AppPerson */
  AppAccount *account;
  WorkspaceSession *session; /* (nullable) */
  AppScreenLock *lock;
  AppLockWindow *window; /* while it is locked, or was */
  GCancellable *cancellable;
  gboolean has_code;
  gboolean later; /* what follows the choice of a code: TRUE: stay locked */
  AppGuardAdmitted admitted;
  gpointer admitted_data;
  GDestroyNotify admitted_destroy;
};

enum
{
  SIGNAL_SWITCH,
  SIGNAL_OPEN_BROWSER,
  SIGNAL_UNLOCKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppGuard, app_guard, G_TYPE_OBJECT)

/* ---- the rules ---- */

/* Whether anybody else works on this account of the computer. Records in a place of their own are
 * nobody else's. */
static gboolean
has_others (AppGuard *self)
{
  g_autofree char *id = self->account ? app_account_dup_id (self->account) : NULL;

  for (guint i = 0; id && i < self->people->len; i++)
    if (!g_str_equal (((AppPerson *) self->people->pdata[i])->account, id))
      return TRUE;
  return FALSE;
}

static gboolean
is_required (AppGuard *self)
{
  return app_fleet_is_set (self->fleet, BASE_FLEET_LOCK_MINUTES) ||
         app_fleet_is_set (self->fleet, BASE_FLEET_UNLOCK) || has_others (self);
}

/* After how many minutes it locks by itself; 0: never. */
guint
app_guard_get_minutes (AppGuard *self)
{
  if (app_fleet_is_set (self->fleet, BASE_FLEET_LOCK_MINUTES))
    return base_fleet_get_number (app_fleet_get (self->fleet), BASE_FLEET_LOCK_MINUTES);
  return has_others (self) ? MINUTES_OF_SEVERAL : 0;
}

static gboolean
takes_codes (AppGuard *self)
{
  return g_strcmp0 (base_fleet_get_text (app_fleet_get (self->fleet), BASE_FLEET_UNLOCK),
                    "sign-in") != 0;
}

/* How the server knows Bedside. */
const char *
app_guard_get_client_id (AppGuard *self)
{
  const char *set = base_fleet_get_text (app_fleet_get (self->fleet), BASE_FLEET_CLIENT_ID);

  return set ? set : APP_CONNECTION_CLIENT_ID;
}

static void
minutes_cb (AppGuard *self)
{
  app_screen_lock_set_minutes (self->lock, app_guard_get_minutes (self));
}

/* ---- opening ---- */

static void
unlock (AppGuard *self)
{
  AppGuardAdmitted admitted = g_steal_pointer (&self->admitted);
  gpointer data = g_steal_pointer (&self->admitted_data);
  GDestroyNotify destroy = g_steal_pointer (&self->admitted_destroy);

  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  app_screen_lock_unlock (self->lock);
  if (admitted)
    admitted (data);
  if (destroy)
    destroy (data);
  g_signal_emit (self, signals[SIGNAL_UNLOCKED], 0);
}

static void
show (AppGuard *self, AppLockWay way)
{
  const char *name = self->account ? app_account_get_user_name (self->account) : NULL;
  g_autofree char *id = self->account ? app_account_dup_id (self->account) : NULL;

  app_lock_window_set_way (self->window, way, name);
  app_lock_window_set_people (self->window, id || !self->account ? self->people : NULL, id);
  app_screen_lock_lock (self->lock, GTK_WINDOW (self->window));
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppGuard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *wait = NULL;
  guint seconds = 0;
  AppCodeAnswer answer = app_code_try_finish (result, &seconds, &error);

  if (!self->window)
    return; /* the program ends */
  app_lock_window_set_busy (self->window, FALSE);
  switch (answer)
    {
    case APP_CODE_RIGHT:
      if (app_screen_lock_is_locked (self->lock))
        unlock (self);
      break;
    case APP_CODE_WRONG:
      app_lock_window_say (self->window, _ ("This is not the code. Try again, or sign in at the "
                                            "clinic’s server."));
      break;
    case APP_CODE_WAIT:
      wait = g_strdup_printf (ngettext ("Too many wrong codes. Wait %u second, or sign in at the "
                                        "clinic’s server.",
                                        "Too many wrong codes. Wait %u seconds, or sign in at the "
                                        "clinic’s server.",
                                        seconds),
                              seconds);
      app_lock_window_say (self->window, wait);
      break;
    case APP_CODE_FAILED:
      app_lock_window_say (self->window, error->message);
      break;
    }
}

static void
code_cb (AppGuard *self, const char *code)
{
  StoreDatabase *store = self->account ? app_account_get_database (self->account) : NULL;

  if (!store)
    return;
  app_lock_window_set_busy (self->window, TRUE);
  app_code_try_async (store, code, base_clock_now (self->clock), tried_cb, g_object_ref (self));
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppGuard) self = user_data;
  g_autoptr (GError) error = NULL;

  gboolean set = app_code_set_finish (result, &error);

  if (!self->window)
    return;
  app_lock_window_set_busy (self->window, FALSE);
  if (!set)
    {
      app_lock_window_say (self->window, error->message);
      return;
    }
  self->has_code = TRUE;
  if (self->later)
    show (self, APP_LOCK_CODE);
  else
    unlock (self);
  self->later = FALSE;
}

static void
chosen_cb (AppGuard *self, const char *code)
{
  app_lock_window_set_busy (self->window, TRUE);
  app_code_set_async (app_account_get_database (self->account), code, set_cb, g_object_ref (self));
}

/* ---- signing in ---- */

static void
browser_cb (gpointer user_data, const char *url)
{
  g_signal_emit (user_data, signals[SIGNAL_OPEN_BROWSER], 0, url);
}

static void
proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppGuard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *user = app_proof_ask_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->window ||
      !app_screen_lock_is_locked (self->lock))
    return;
  app_lock_window_set_busy (self->window, FALSE);
  if (error)
    app_lock_window_say (self->window, error->message);
  else if (g_strcmp0 (user, app_account_get_user_reference (self->account)) != 0)
    app_lock_window_say (self->window,
                         _ ("Somebody else signed in. Choose Switch Clinician to work "
                            "with your own records."));
  else if (takes_codes (self))
    {
      self->later = FALSE;
      show (self, APP_LOCK_CHOOSE);
    }
  else
    unlock (self);
}

static void
sign_in_cb (AppGuard *self)
{
  const char *server = self->account ? app_account_get_server (self->account) : NULL;
  g_autofree char *base = NULL;

  if (!server)
    {
      app_lock_window_say (self->window, _ ("No server is named, so nobody can sign in."));
      return;
    }
  base = app_connection_dup_base_url (server);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  app_lock_window_say (self->window, NULL);
  app_proof_ask_async (base, app_guard_get_client_id (self), app_account_get_login (self->account),
                       browser_cb, self->cancellable, proved_cb, g_object_ref (self));
}

/* ---- another clinician ---- */

typedef struct
{
  AppGuard *self;
  char *account;
} Switch;

static void
switch_free (Switch *one)
{
  g_object_unref (one->self);
  g_free (one->account);
  g_free (one);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Switch, switch_free)

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Switch) one = user_data;

  if (g_str_equal (adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result), "switch"))
    g_signal_emit (one->self, signals[SIGNAL_SWITCH], 0, one->account);
}

/* H1: how many, and whose; the patients are nobody else's business. */
static void
tell_unsent (Switch *one, guint count)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Not Sent Yet"), NULL);
  const char *name = app_account_get_user_name (one->self->account);
  g_autofree char *body = g_strdup_printf (
      ngettext ("%u prescription that %s signed has not reached the server. It is sent only while "
                "%s works here: tell them.",
                "%u prescriptions that %s signed have not reached the server. They are sent only "
                "while %s works here: tell them.",
                count),
      count, name, name);

  adw_alert_dialog_set_body (ADW_ALERT_DIALOG (dialog), body);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "back", _ ("_Back"), "switch",
                                  _ ("_Switch All the Same"), NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "back");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "back");
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (dialog), GTK_WIDGET (one->self->window), NULL,
                           answered_cb, one);
}

static void
unsent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Switch) one = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) unsent = care_prescription_list_unsent_finish (result, &error);
  guint count = unsent ? g_list_model_get_n_items (G_LIST_MODEL (unsent)) : 0;

  if (!unsent)
    g_warning ("cannot ask what is not sent: %s", error->message);
  if (!one->self->window)
    return;
  if (count > 0)
    tell_unsent (g_steal_pointer (&one), count);
  else
    g_signal_emit (one->self, signals[SIGNAL_SWITCH], 0, one->account);
}

static void
switch_cb (AppGuard *self, const char *account)
{
  Switch *one;

  if (!self->session)
    {
      g_signal_emit (self, signals[SIGNAL_SWITCH], 0, account);
      return;
    }
  if (workspace_session_get_call_patient (self->session))
    return; /* the rows are grey meanwhile; a visit is nobody's to leave behind */
  one = g_new0 (Switch, 1);
  one->self = g_object_ref (self);
  one->account = g_strdup (account);
  care_prescription_list_unsent_async (workspace_session_get_context (self->session), NULL,
                                       unsent_cb, one);
}

/* ---- locking ---- */

static void
call_cb (AppGuard *self)
{
  gboolean running = workspace_session_get_call_patient (self->session) != NULL;

  app_screen_lock_set_held (self->lock, running);
  app_lock_window_set_visit (self->window, running);
}

/* FALSE: it could not be opened again, so it is not locked. */
static gboolean
lock (AppGuard *self)
{
  gboolean can_sign_in = app_account_get_server (self->account) != NULL;

  if (takes_codes (self) && self->has_code)
    show (self, APP_LOCK_CODE);
  else if (can_sign_in)
    show (self, APP_LOCK_SIGN_IN);
  else
    return FALSE;
  return TRUE;
}

/* Closing the window opens nothing that it covers, and whoever was to choose a code and did not is
 * locked out all the same, where there is a way back. */
static void
quit_cb (AppGuard *self)
{
  if (self->later && self->session)
    {
      self->later = FALSE;
      if (!lock (self))
        unlock (self);
    }
  else if (self->session || !self->application)
    gtk_window_minimize (GTK_WINDOW (self->window));
  else
    g_application_quit (G_APPLICATION (self->application));
}

static void
idle_cb (AppGuard *self)
{
  if (self->account && app_account_get_user_reference (self->account))
    lock (self);
}

/* The person asks for it: whoever has no code chooses one first. */
void
app_guard_lock (AppGuard *self)
{
  g_return_if_fail (APP_IS_GUARD (self));

  if (!self->session || app_screen_lock_is_locked (self->lock))
    return;
  self->later = takes_codes (self) && !self->has_code;
  if (self->later)
    show (self, APP_LOCK_CHOOSE);
  else
    lock (self);
}

gboolean
app_guard_is_locked (AppGuard *self)
{
  return app_screen_lock_is_locked (self->lock);
}

/**
 * app_guard_ask_who:
 * @server: (nullable): only those who work with it
 *
 * Returns: TRUE where several clinicians are known, of whom one has to say so: "switch" tells
 */
gboolean
app_guard_ask_who (AppGuard *self, const char *server)
{
  g_return_val_if_fail (APP_IS_GUARD (self), FALSE);

  guint fitting = 0;

  for (guint i = 0; i < self->people->len; i++)
    fitting +=
        !server || g_strcmp0 (((AppPerson *) self->people->pdata[i])->server, server) == 0 ? 1 : 0;
  if (fitting > 1)
    show (self, APP_LOCK_WHO);
  return fitting > 1;
}

/* (transfer full) (nullable): of the one clinician who is known here to work with @server. */
char *
app_guard_dup_only_account (AppGuard *self, const char *server)
{
  const AppPerson *only = NULL;

  for (guint i = 0; i < self->people->len; i++)
    {
      const AppPerson *person = self->people->pdata[i];
      if (server && g_strcmp0 (person->server, server) != 0)
        continue;
      if (only)
        return NULL;
      only = person;
    }
  return only ? g_strdup (only->account) : NULL;
}

/* Calls @admitted at once, or when whoever sits there has shown whose the records of @account,
 * which is open, are. */
void
app_guard_admit (AppGuard *self,
                 AppAccount *account,
                 AppGuardAdmitted admitted,
                 gpointer user_data,
                 GDestroyNotify destroy)
{
  g_return_if_fail (APP_IS_GUARD (self));

  g_set_object (&self->account, account);
  self->has_code = app_account_get_has_code (account);
  self->admitted = admitted;
  self->admitted_data = user_data;
  self->admitted_destroy = destroy;
  if (!app_account_get_user_reference (account) || !(self->has_code || is_required (self)) ||
      !lock (self))
    unlock (self);
}

static void
remember (AppGuard *self)
{
  g_autoptr (GError) error = NULL;
  AppPerson person = { .account = app_account_dup_id (self->account),
                       .server = (char *) app_account_get_server (self->account),
                       .reference = (char *) app_account_get_user_reference (self->account),
                       .name = (char *) app_account_get_user_name (self->account),
                       .login = (char *) app_account_get_login (self->account) };

  if (person.account && !app_people_keep (self->people_path, &person, &error))
    g_warning ("cannot remember who works here: %s", error->message);
  g_free (person.account);
  g_ptr_array_unref (self->people);
  self->people = app_people_read (self->people_path);
  minutes_cb (self);
}

/* Once, when it is known who works. */
void
app_guard_set_session (AppGuard *self, WorkspaceSession *session)
{
  g_return_if_fail (APP_IS_GUARD (self));

  g_set_object (&self->session, session);
  remember (self);
  g_signal_connect_object (session, "notify::call-patient", G_CALLBACK (call_cb), self,
                           G_CONNECT_SWAPPED);
  if (is_required (self) && takes_codes (self) && !self->has_code)
    show (self, APP_LOCK_CHOOSE);
}

/* ---- object ---- */

static void
app_guard_dispose (GObject *object)
{
  AppGuard *self = APP_GUARD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->admitted_destroy)
    g_steal_pointer (&self->admitted_destroy) (g_steal_pointer (&self->admitted_data));
  if (self->window)
    gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&self->window)));
  g_clear_object (&self->lock);
  g_clear_object (&self->session);
  g_clear_object (&self->account);
  g_clear_object (&self->fleet);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->people_path, g_free);
  G_OBJECT_CLASS (app_guard_parent_class)->dispose (object);
}

static void
app_guard_class_init (AppGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_guard_dispose;

  signals[SIGNAL_SWITCH] = g_signal_new ("switch", APP_TYPE_GUARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OPEN_BROWSER] = g_signal_new ("open-browser", APP_TYPE_GUARD, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_UNLOCKED] = g_signal_new ("unlocked", APP_TYPE_GUARD, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
}

static void
app_guard_init (AppGuard *self)
{
}

/* @application outlives it, and is NULL in tests. */
AppGuard *
app_guard_new (GtkApplication *application,
               AppFleet *fleet,
               BaseClock *clock,
               const char *people_path)
{
  AppGuard *self = g_object_new (APP_TYPE_GUARD, NULL);

  self->application = application;
  self->fleet = g_object_ref (fleet);
  self->clock = g_object_ref (clock);
  self->people_path = g_strdup (people_path);
  self->people = app_people_read (people_path);
  self->lock = app_screen_lock_new (clock);
  self->window = app_lock_window_new (application);
  g_signal_connect_object (self->lock, "idle", G_CALLBACK (idle_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "code", G_CALLBACK (code_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "sign-in", G_CALLBACK (sign_in_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "switch", G_CALLBACK (switch_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "quit", G_CALLBACK (quit_cb), self, G_CONNECT_SWAPPED);
  minutes_cb (self);
  return self;
}
