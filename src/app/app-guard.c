/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-guard.h"

#include <glib/gi18n.h>

#include "app-code.h"
#include "app-connection.h"
#include "app-lock-window.h"
#include "app-proof.h"
#include "app-removal-dialog.h"
#include "app-screen-lock.h"
#include "app-switch.h"

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
  AppLockWindow *window;     /* while it is locked, or was */
  char *listed;              /* (nullable): of which server the others on it are */
  AppNetwork *network;       /* (nullable): where the server may be asked */
  char *keys;                /* (nullable): where keys lie that are not in the keyring */
  AppRemovalDialog *removal; /* weak: while somebody is removed */
  GCancellable *cancellable;
  gboolean has_code;
  gboolean later;       /* what follows the choice of a code: TRUE: stay locked */
  gboolean is_choosing; /* a code is to be chosen */
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

/* Where a newer version wrote the records no code can be kept in them. */
static gboolean
can_choose (AppGuard *self)
{
  return takes_codes (self) && !app_account_is_read_only (self->account);
}

/* Whether the records that are open were written with another server: its Practitioner/1 is
 * somebody else, and nothing of the sign-in there is for this one. */
static gboolean
is_elsewhere (AppGuard *self)
{
  g_autofree char *id = app_account_dup_id (self->account);
  g_autofree char *server = id ? app_people_dup_server (self->people, id) : NULL;

  return server && !app_people_is_same_server (server, app_account_get_server (self->account));
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
  guint minutes = app_guard_get_minutes (self);

  /* whoever was to choose a code and went away leaves that to nobody else */
  app_screen_lock_set_minutes (self->lock,
                               self->is_choosing && minutes == 0 ? MINUTES_OF_SEVERAL : minutes);
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
  self->is_choosing = FALSE;
  minutes_cb (self);
  if (self->removal)
    adw_dialog_force_close (ADW_DIALOG (self->removal));
  app_screen_lock_unlock (self->lock);
  if (admitted)
    admitted (data);
  if (destroy)
    destroy (data);
  g_signal_emit (self, signals[SIGNAL_UNLOCKED], 0);
}

/* With a key that several have in common nobody's can be taken away. */
static gboolean
may_remove (AppGuard *self)
{
  return !self->keys || g_file_test (self->keys, G_FILE_TEST_IS_DIR);
}

static void
fill_people (AppGuard *self)
{
  g_autofree char *id = self->account ? app_account_dup_id (self->account) : NULL;
  g_autoptr (GPtrArray) fitting = app_people_list_of_server (self->people, self->listed);

  app_lock_window_set_people (self->window, id || !self->account ? fitting : NULL, id,
                              may_remove (self));
}

/* @server: (nullable): that of those who can work here; NULL: whichever is theirs */
static void
show_at (AppGuard *self, AppLockWay way, const char *server)
{
  const char *name = self->account ? app_account_get_user_name (self->account) : NULL;

  g_set_str (&self->listed, server);
  self->is_choosing = way == APP_LOCK_CHOOSE;
  minutes_cb (self);
  app_lock_window_set_way (self->window, way, name);
  fill_people (self);
  if (self->is_choosing)
    app_screen_lock_touch (self->lock);
  app_screen_lock_lock (self->lock, GTK_WINDOW (self->window));
}

static void
show (AppGuard *self, AppLockWay way)
{
  show_at (self, way, self->account ? app_account_get_server (self->account) : NULL);
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
  g_autofree char *user = app_proof_ask_finish (result, NULL, &error);

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
  else if (can_choose (self))
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
  const char *trouble = !server         ? _ ("No server is named, so nobody can sign in.")
                        : self->network ? app_network_get_refusal (self->network)
                                        : NULL;
  g_autofree char *base = NULL;

  app_lock_window_say (self->window, trouble);
  if (trouble)
    return;
  base = app_connection_dup_base_url (server);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  app_proof_ask_async (base, app_guard_get_client_id (self), app_account_get_login (self->account),
                       browser_cb, self->cancellable, proved_cb, g_object_ref (self));
}

/* ---- removing a clinician ---- */

static void
removed_cb (AppGuard *self)
{
  g_ptr_array_unref (self->people);
  self->people = app_people_read (self->people_path);
  minutes_cb (self);
  fill_people (self);
}

static void
remove_cb (AppGuard *self, const char *account)
{
  for (guint i = 0; i < self->people->len; i++)
    {
      const AppPerson *person = self->people->pdata[i];
      g_autoptr (AppRemoval) removal = NULL;

      if (!g_str_equal (person->account, account) || !may_remove (self))
        continue;
      removal = app_removal_new (person, self->keys, self->people_path, self->clock);
      if (self->account)
        app_removal_set_witness (removal, self->account);
      g_set_weak_pointer (&self->removal,
                          app_removal_dialog_new (removal, self->clock,
                                                  app_guard_get_client_id (self), self->network));
      g_signal_connect_object (self->removal, "open-browser", G_CALLBACK (browser_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->removal, "removed", G_CALLBACK (removed_cb), self,
                               G_CONNECT_SWAPPED);
      adw_dialog_present (ADW_DIALOG (self->removal), GTK_WIDGET (self->window));
      return;
    }
}

/* ---- another clinician ---- */

static void
left_cb (gpointer user_data, const char *account)
{
  g_signal_emit (user_data, signals[SIGNAL_SWITCH], 0, account);
}

static void
switch_cb (AppGuard *self, const char *account)
{
  if (!self->session)
    g_signal_emit (self, signals[SIGNAL_SWITCH], 0, account);
  else if (!workspace_session_get_call_patient (self->session))
    app_switch_ask (GTK_WIDGET (self->window), self->session,
                    app_account_get_user_name (self->account), account, left_cb, G_OBJECT (self));
  /* else the rows are grey; a visit is nobody's to leave behind */
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

/* Nobody is there: also not to choose a code, which waits until it is known again who is. */
static void
idle_cb (AppGuard *self)
{
  if (!self->account || !app_account_get_user_reference (self->account))
    return;
  if (!app_screen_lock_is_locked (self->lock) || self->is_choosing)
    lock (self);
}

/* The person asks for it. Whoever has no code signs in to open it again, and chooses one then: else
 * the next who passes would choose it. Where nobody can sign in, or not before the network is back,
 * it is chosen at once: nobody is locked out of the records in the middle of an outage. */
void
app_guard_lock (AppGuard *self)
{
  g_return_if_fail (APP_IS_GUARD (self));

  if (!self->session || app_screen_lock_is_locked (self->lock))
    return;
  if (!(can_choose (self) && !self->has_code &&
        workspace_session_get_offline_since (self->session) != 0) &&
      (lock (self) || !can_choose (self)))
    return;
  self->later = TRUE;
  show (self, APP_LOCK_CHOOSE);
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

  g_autoptr (GPtrArray) fitting = app_people_list_of_server (self->people, server);

  if (fitting->len > 1)
    show_at (self, APP_LOCK_WHO, server);
  return fitting->len > 1;
}

/* (transfer full) (nullable): of the one clinician who is known here to work with @server. */
char *
app_guard_dup_only_account (AppGuard *self, const char *server)
{
  g_autoptr (GPtrArray) fitting = app_people_list_of_server (self->people, server);

  return fitting->len == 1 ? g_strdup (((AppPerson *) fitting->pdata[0])->account) : NULL;
}

/* What is to be locked and cannot be opened here stays shut. */
static void
refuse (AppGuard *self)
{
  show (self, APP_LOCK_SIGN_IN);
  app_lock_window_say (self->window, _ ("No server is named, so nobody can sign in."));
}

static void
refuse_elsewhere (AppGuard *self)
{
  show (self, APP_LOCK_WHO);
  app_lock_window_say (self->window,
                       _ ("These records belong to another server. Start Bedside with "
                          "that server to open them."));
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
  if (is_elsewhere (self))
    refuse_elsewhere (self);
  else if (!app_account_get_user_reference (account) || !(self->has_code || is_required (self)))
    unlock (self);
  else if (!lock (self))
    refuse (self);
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
  if (is_required (self) && can_choose (self) && !self->has_code)
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
  g_clear_weak_pointer (&self->removal);
  if (self->window)
    gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&self->window)));
  g_clear_object (&self->lock);
  g_clear_object (&self->session);
  g_clear_object (&self->account);
  g_clear_object (&self->fleet);
  g_clear_object (&self->clock);
  g_clear_object (&self->network);
  g_clear_pointer (&self->listed, g_free);
  g_clear_pointer (&self->keys, g_free);
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
  if (application)
    app_screen_lock_set_actions (self->lock, G_ACTION_MAP (application));
  self->window = app_lock_window_new (application);
  g_signal_connect_object (self->lock, "idle", G_CALLBACK (idle_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "code", G_CALLBACK (code_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "sign-in", G_CALLBACK (sign_in_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "switch", G_CALLBACK (switch_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "remove", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "quit", G_CALLBACK (quit_cb), self, G_CONNECT_SWAPPED);
  minutes_cb (self);
  return self;
}

/* Where the server may be asked; without it, everywhere. */
void
app_guard_set_network (AppGuard *self, AppNetwork *network)
{
  g_return_if_fail (APP_IS_GUARD (self));

  g_set_object (&self->network, network);
}

/* @keys: (nullable): where the keys of the records lie; NULL: in the keyring. */
void
app_guard_set_keys (AppGuard *self, const char *keys)
{
  g_return_if_fail (APP_IS_GUARD (self));

  g_set_str (&self->keys, keys);
}
