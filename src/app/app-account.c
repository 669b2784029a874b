/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-account.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>

#include "base-id.h"
#include "store-setting.h"

#include "app-code.h"
#include "app-people.h"

/**
 * AppAccount:
 *
 * Finds or makes the key, then opens the encrypted store, all in one worker thread. The key lies in
 * the Secret Service, or in a file where the user says so. A store that exists never gets a new
 * key, and without a key nothing is opened: Bedside refuses to run unencrypted.
 */

#define KEY_BYTES 32

struct _AppAccount
{
  GObject parent_instance;

  char *folder;
  char *server;
  char *login;
  char *key_file;
  gboolean own_key; /* no other account has the same */
  char *user_reference;
  char *user_name;
  char *role;
  char *refresh_token;
  gint64 pulled;
  gint64 signed_in;
  gboolean has_code;
  char *notes_seen;
  BaseClock *clock; /* since the store was opened */
  StoreDatabase *database;
};

G_DEFINE_FINAL_TYPE (AppAccount, app_account, G_TYPE_OBJECT)

static const SecretSchema key_schema = {
  "health.bedside.Store",
  SECRET_SCHEMA_NONE,
  { { "store", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

/* ---- the key ---- */

static gboolean
write_new_key (const char *path, GBytes *key, GError **error)
{
  g_autofree char *hex = base_hex (g_bytes_get_data (key, NULL), g_bytes_get_size (key));
  g_autoptr (GError) local = NULL;

  if (g_file_set_contents_full (path, hex, -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &local))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("The key of your records cannot be kept in the file %s (%s). Make room there, or "
                  "name a place where you may write, then start again."),
               path, local->message);
  return FALSE;
}

/* (transfer full): the 32 bytes of a key file, written as 64 hexadecimal digits. */
GBytes *
app_account_read_key_file (const char *path, gboolean may_create, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) key = NULL;
  struct stat status;

  if (may_create && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      key = base_random_bytes (KEY_BYTES);
      return write_new_key (path, key, error) ? g_steal_pointer (&key) : NULL;
    }
  if (stat (path, &status) == 0 && (status.st_mode & 077) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _ ("The key file %s can be read by others on this computer. Run: chmod 600 %s"),
                   path, path);
      return NULL;
    }
  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  key = base_unhex (g_strstrip (text));
  if (!key || g_bytes_get_size (key) != KEY_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("The key file %s does not hold 64 hexadecimal digits."), path);
      return NULL;
    }
  return g_steal_pointer (&key);
}

static GBytes *
look_up_key (AppAccount *self, gboolean may_create, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *hex =
      secret_password_lookup_sync (&key_schema, cancellable, &local, "store", self->folder, NULL);
  g_autoptr (GBytes) key = hex ? base_unhex (hex) : NULL;

  if (local)
    {
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
          _ ("Records are kept encrypted, and the place where this desktop keeps keys "
             "does not answer (%s). Unlock the keyring, or start with --key-file. The demo "
             "clinic needs neither."),
          local->message);
      return NULL;
    }
  if (key)
    return g_steal_pointer (&key);
  if (!may_create)
    {
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
          _ ("There are records of this account here, but no key for them in the keyring."));
      return NULL;
    }
  key = base_random_bytes (KEY_BYTES);
  g_autofree char *fresh = base_hex (g_bytes_get_data (key, NULL), KEY_BYTES);
  if (secret_password_store_sync (&key_schema, SECRET_COLLECTION_DEFAULT,
                                  _ ("Bedside: key of the patient records on this machine"), fresh,
                                  cancellable, &local, "store", self->folder, NULL))
    return g_steal_pointer (&key);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("The key of your records cannot be kept in the keyring (%s), and without it none "
                  "are kept here. Unlock the keyring, make room on the disk, then start again."),
               local->message);
  return NULL;
}

/**
 * app_account_erase_key:
 *
 * Takes the key of the records out of the keyring, or its file away: what it encrypted opens
 * nowhere any more. A key that several accounts share stays. Blocks; for worker threads.
 *
 * Returns: FALSE where the key is still there
 */
gboolean
app_account_erase_key (AppAccount *self, GError **error)
{
  g_return_val_if_fail (APP_IS_ACCOUNT (self), FALSE);

  g_autoptr (GError) local = NULL;

  if (!self->own_key)
    return TRUE;
  if (self->key_file)
    {
      if (g_unlink (self->key_file) == 0 || errno == ENOENT)
        return TRUE;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->key_file,
                   g_strerror (errno));
      return FALSE;
    }
  secret_password_clear_sync (&key_schema, NULL, &local, "store", self->folder, NULL);
  if (!local)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("The place where this desktop keeps keys does not answer (%s). Unlock the "
                  "keyring, then try again."),
               local->message);
  return FALSE;
}

/* ---- opening ---- */

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  AppAccount *self = data;
  g_autofree char *pulled = store_setting_get (connection, "sync.as-of");
  g_autofree char *signed_in = store_setting_get (connection, "user.signed-in");

  self->signed_in = signed_in ? g_ascii_strtoll (signed_in, NULL, 10) : 0;
  self->pulled = pulled ? g_ascii_strtoll (pulled, NULL, 10) : 0;
  self->user_reference = store_setting_get (connection, "user.reference");
  self->notes_seen = store_setting_get (connection, "server.notes-seen");
  self->user_name = store_setting_get (connection, "user.name");
  self->role = store_setting_get (connection, "user.role");
  self->refresh_token = store_setting_get (connection, "net.refresh-token");
  self->has_code = app_code_has (connection);
  return TRUE;
}

/* After a roll-back the file may be a newer version's: then it is read, and stays as it is. */
static StoreDatabase *
open_store (const char *path, GBytes *key, BaseClock *clock, GError **error)
{
  g_autoptr (GError) problem = NULL;
  StoreDatabase *database = store_database_open (path, key, clock, &problem);

  if (database)
    return database;
  if (g_error_matches (problem, STORE_ERROR, STORE_ERROR_VERSION_NEWER))
    return store_database_open_to_read (path, key, clock, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

static void
open_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  AppAccount *self = source;
  g_autofree char *path = g_build_filename (self->folder, "records.db", NULL);
  gboolean is_new = !g_file_test (path, G_FILE_TEST_EXISTS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) key = NULL;

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                               _ ("Cannot make the folder %s (%s). Ask whoever looks after this "
                                  "computer to make room or to let you write there, then try "
                                  "again."),
                               self->folder, g_strerror (errno));
      return;
    }
  key = self->key_file ? app_account_read_key_file (self->key_file, is_new, &error)
                       : look_up_key (self, is_new, cancellable, &error);
  if (key)
    self->database = open_store (path, key, data, &error);
  if (self->database && store_database_read (self->database, read_work, self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Opens the store; on failure nothing is open. */
void
app_account_open_async (AppAccount *self,
                        BaseClock *clock,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_set_object (&self->clock, clock);
  g_task_set_source_tag (task, app_account_open_async);
  g_task_set_task_data (task, g_object_ref (clock), g_object_unref);
  g_task_run_in_thread (task, open_thread);
}

gboolean
app_account_open_finish (AppAccount *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- object ---- */

static void
app_account_finalize (GObject *object)
{
  AppAccount *self = APP_ACCOUNT (object);

  g_clear_object (&self->database);
  g_clear_object (&self->clock);
  g_free (self->folder);
  g_free (self->server);
  g_free (self->login);
  g_free (self->key_file);
  g_free (self->user_reference);
  g_free (self->user_name);
  g_free (self->role);
  g_free (self->refresh_token);
  g_free (self->notes_seen);
  G_OBJECT_CLASS (app_account_parent_class)->finalize (object);
}

static void
app_account_class_init (AppAccountClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_account_finalize;
}

static void
app_account_init (AppAccount *self)
{
}

/* @folder: (nullable): where records lie; else a folder of its own for @server and @user.
 * @server and @user: (nullable). @key_file: (nullable): a folder holds a key for each account. */
AppAccount *
app_account_new (const char *folder, const char *server, const char *user, const char *key_file)
{
  AppAccount *self = g_object_new (APP_TYPE_ACCOUNT, NULL);

  if (folder)
    self->folder = g_canonicalize_filename (folder, NULL);
  else
    {
      g_autofree char *both = g_strdup_printf ("%s %s", server ? server : "", user ? user : "");
      g_autofree char *digest = base_sha256_hex (both, -1);
      digest[16] = '\0';
      self->folder = g_build_filename (g_get_user_data_dir (), "bedside", digest, NULL);
    }
  self->server = g_strdup (server);
  self->login = g_strdup (user);
  if (key_file && g_file_test (key_file, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *name = g_path_get_basename (self->folder);
      self->key_file = g_build_filename (key_file, name, NULL);
      self->own_key = TRUE;
    }
  else
    {
      self->key_file = g_strdup (key_file);
      self->own_key = key_file == NULL;
    }
  return self;
}

/* (transfer none) (nullable): open until the account goes. */
StoreDatabase *
app_account_get_database (AppAccount *self)
{
  return self->database;
}

/* Whether a code opens this account's screen; as it was when the store was opened. */
gboolean
app_account_get_has_code (AppAccount *self)
{
  return self->has_code;
}

/* (transfer full) (nullable): by what the lock screen knows it; NULL where it lies in a place of
 * its own, or its key is not its alone, and so no other clinician is switched to from it. */
char *
app_account_dup_id (AppAccount *self)
{
  g_autofree char *name = g_path_get_basename (self->folder);
  g_autofree char *usual = app_people_dup_folder (name);

  return self->own_key && app_people_is_account (name) && g_str_equal (usual, self->folder)
             ? g_steal_pointer (&name)
             : NULL;
}

/* Whether a newer Bedside wrote the records: they can be read, and nothing is written or sent. */
gboolean
app_account_is_read_only (AppAccount *self)
{
  return self->database && store_database_is_read_only (self->database);
}

const char *
app_account_get_folder (AppAccount *self)
{
  return self->folder;
}

/* (nullable): where the key of the records lies when it is not in the keyring. */
const char *
app_account_get_key_file (AppAccount *self)
{
  return self->key_file;
}

const char *
app_account_get_server (AppAccount *self)
{
  return self->server;
}

const char *
app_account_get_login (AppAccount *self)
{
  return self->login;
}

/* (nullable): whoever signed in last; work can begin with it before the network answers. */
const char *
app_account_get_user_reference (AppAccount *self)
{
  return self->user_reference;
}

const char *
app_account_get_user_name (AppAccount *self)
{
  return self->user_name;
}

const char *
app_account_get_role (AppAccount *self)
{
  return self->role;
}

const char *
app_account_get_refresh_token (AppAccount *self)
{
  return self->refresh_token;
}

/* When everything was last read from the server, in µs since 1970; 0 for never. */
gint64
app_account_get_pulled (AppAccount *self)
{
  return self->pulled;
}

/* When the server last took this user's sign-in, in µs since 1970; 0 for never. It answers nobody
 * whose sign-in it does not take, so a reading counts too. */
gint64
app_account_get_signed_in (AppAccount *self)
{
  return self->user_reference ? MAX (self->signed_in, self->pulled) : 0;
}

static gboolean
keep_work (StoreConnection *connection, gpointer data, GError **error)
{
  char **user = data;

  return store_setting_set (connection, "user.reference", user[0], error) &&
         store_setting_set (connection, "user.name", user[1], error) &&
         store_setting_set (connection, "user.signed-in", user[2], error) &&
         store_setting_set (connection, "user.role", user[3], error);
}

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!store_database_write_finish (STORE_DATABASE (source), result, &error))
    g_warning ("cannot keep who signed in: %s", error->message);
}

static void
free_strv (gpointer data)
{
  g_strfreev (data);
}

/* Remembers who signed in. FALSE: these records belong to somebody else; nothing was changed. */
gboolean
app_account_keep_user (AppAccount *self, const char *reference, const char *name, const char *role)
{
  g_return_val_if_fail (APP_IS_ACCOUNT (self), FALSE);

  if (self->user_reference && g_strcmp0 (self->user_reference, reference) != 0)
    return FALSE;
  g_set_str (&self->user_reference, reference);
  g_set_str (&self->user_name, name);
  g_set_str (&self->role, role);
  self->signed_in = base_clock_now (self->clock);
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, self->signed_in);
  const char *const user[] = { reference, name, now, role, NULL };
  store_database_write_async (self->database, BASE_LANE_PERSON, keep_work,
                              g_strdupv ((char **) user), free_strv, NULL, keep_cb, NULL);
  return TRUE;
}

static gboolean
keep_notes_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, "server.notes-seen", data, error);
}

/* Remembers what a server cannot do; TRUE: this was not known before, and is worth a word. */
gboolean
app_account_keep_notes (AppAccount *self, const char *const *notes)
{
  g_return_val_if_fail (APP_IS_ACCOUNT (self), FALSE);

  g_autofree char *text = g_strjoinv ("\n", (char **) notes);
  g_autofree char *digest = base_sha256_hex (text, -1);

  if (!g_set_str (&self->notes_seen, digest))
    return FALSE;
  store_database_write_async (self->database, BASE_LANE_PERSON, keep_notes_work, g_strdup (digest),
                              g_free, NULL, keep_cb, NULL);
  return *notes != NULL;
}

static gboolean
save_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, "net.refresh-token", data, error);
}

/* A NetSessionSave: the refresh token lies in the encrypted store. Blocks; for worker threads. */
gboolean
app_account_save_refresh_token (const char *token, gpointer self, GError **error)
{
  return store_database_write (APP_ACCOUNT (self)->database, BASE_LANE_PERSON, save_work,
                               (gpointer) token, error);
}
