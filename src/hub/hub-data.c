/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-data.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-id.h"
#include "base-secret-file.h"
#include "hub-demo.h"
#include "store-resource.h"
#include "store-setting.h"

G_DEFINE_QUARK (hub - data - error - quark, hub_data_error)

#define KEY_DIGITS (STORE_KEY_BYTES * 2)
#define DEMO_SEED  "bedside"
#define FOUNDED    "hub.demo"

static gboolean
fail (GError **error, HubDataError code, const char *format, const char *path)
{
  g_set_error (error, HUB_DATA_ERROR, (int) code, format, path, g_strerror (errno));
  return FALSE;
}

/**
 * hub_data_lock:
 * @folder: made where it is missing
 *
 * Returns: a descriptor that holds the folder until it is closed; -1 with HUB_DATA_ERROR_BUSY where
 *   another process has it
 */
int
hub_data_lock (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "hub.lock", NULL);
  int lock;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      fail (error, HUB_DATA_ERROR_FOLDER, "The folder %s cannot be made: %s", folder);
      return -1;
    }
  lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0)
    fail (error, HUB_DATA_ERROR_FOLDER, "%s cannot be opened: %s", path);
  else if (flock (lock, LOCK_EX | LOCK_NB) == 0)
    return lock;
  else
    g_set_error (error, HUB_DATA_ERROR, HUB_DATA_ERROR_BUSY,
                 "Another bedside-hub has the folder %s open", folder);
  if (lock >= 0)
    close (lock);
  return -1;
}

static gboolean
make_key (const char *path, GError **error)
{
  g_autoptr (GBytes) random = base_random_bytes (STORE_KEY_BYTES);
  g_autofree char *hex = base_hex (g_bytes_get_data (random, NULL), STORE_KEY_BYTES);
  g_autofree char *line = g_strconcat (hex, "\n", NULL);

  return g_file_set_contents_full (path, line, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static GBytes *
read_key (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) key = NULL;
  struct stat status;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  g_strstrip (text);
  key = strlen (text) == KEY_DIGITS ? base_unhex (text) : NULL;
  memset (text, 0, strlen (text));
  if (key == NULL)
    {
      g_set_error (error, HUB_DATA_ERROR, HUB_DATA_ERROR_KEY,
                   "%s holds no key: it must be %d hex digits", path, KEY_DIGITS);
      return NULL;
    }
  if (stat (path, &status) == 0 && !base_secret_file_is_private (path, &status))
    {
      g_set_error (error, HUB_DATA_ERROR, HUB_DATA_ERROR_KEY,
                   "Others may read the key %s: run chmod 600 on it first", path);
      return NULL;
    }
  return g_steal_pointer (&key);
}

char *
hub_data_dup_key_path (const char *folder, const char *key_file)
{
  return key_file != NULL ? g_strdup (key_file) : g_build_filename (folder, "hub.key", NULL);
}

/**
 * hub_data_load_other_key:
 * @make: whether a missing key is made
 *
 * Returns: (transfer full): the key in @key_file
 */
GBytes *
hub_data_load_other_key (const char *key_file, gboolean make, GError **error)
{
  if (make && !g_file_test (key_file, G_FILE_TEST_EXISTS) && !make_key (key_file, error))
    return NULL;
  return read_key (key_file, error);
}

/**
 * hub_data_load_key:
 * @key_file: (nullable): NULL for hub.key in @folder
 *
 * Returns: (transfer full): the folder's key, made where there is none and no records that it would
 *   have to open
 */
GBytes *
hub_data_load_key (const char *folder, const char *key_file, GError **error)
{
  g_autofree char *store = g_build_filename (folder, "hub.db", NULL);
  g_autofree char *path = hub_data_dup_key_path (folder, key_file);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && g_file_test (store, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, HUB_DATA_ERROR, HUB_DATA_ERROR_KEY,
                   "There are records in %s but no key at %s: name it with --key-file", folder,
                   path);
      return NULL;
    }
  return hub_data_load_other_key (path, TRUE, error);
}

/**
 * hub_data_open:
 * @folder: made where it is missing
 * @key_file: (nullable): 64 hex digits, made where it is missing; NULL for hub.key in @folder
 *
 * Returns: (transfer full): the folder, ours until it is closed; HUB_DATA_ERROR_BUSY where another
 *   process has it
 */
HubData *
hub_data_open (const char *folder, const char *key_file, BaseClock *clock, GError **error)
{
  g_autoptr (HubData) self = g_new0 (HubData, 1);

  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, "hub.db", NULL);
  self->key_beside_data = key_file == NULL;
  self->clock = g_object_ref (clock);
  self->lock = hub_data_lock (folder, error);
  if (self->lock < 0)
    return NULL;
  self->key = hub_data_load_key (folder, key_file, error);
  if (self->key == NULL)
    return NULL;
  self->key_path = hub_data_dup_key_path (folder, key_file);
  self->store = store_database_open (self->path, self->key, clock, error);
  if (self->store == NULL)
    return NULL;
  self->access = hub_access_new (self->store, clock, error);
  return self->access != NULL ? g_steal_pointer (&self) : NULL;
}

void
hub_data_close (HubData *self)
{
  g_clear_object (&self->access);
  if (self->store != NULL)
    store_database_close (self->store);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  if (self->lock >= 0)
    close (self->lock);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->key_path);
  g_free (self);
}

/* ---- the demo clinic ------------------------------------------------------------------------ */

static gboolean
read_founded (StoreConnection *connection, gpointer data, GError **error)
{
  char **text = data;

  *text = store_setting_get (connection, FOUNDED);
  return TRUE;
}

static gboolean
write_clinic (StoreConnection *connection, gpointer data, GError **error)
{
  GPtrArray *resources = data;

  for (guint i = 0; i < resources->len; i++)
    {
      g_auto (StorePut) out = { 0 };

      if (!store_resource_put (connection, resources->pdata[i], STORE_PUT_SKIP_EQUAL, NULL, &out,
                               error))
        return FALSE;
    }
  return store_setting_set (connection, FOUNDED, DEMO_SEED, error);
}

static void
add_user (
    HubAccess *access, const char *name, const char *display, HubRole role, const char *reference)
{
  g_autoptr (HubUser) user = hub_user_new (name, display, role, reference);

  hub_access_put_user (access, user, NULL);
}

static gboolean
add_users (HubData *self, GError **error)
{
  g_auto (GStrv) staff = hub_demo_staff (error);
  g_autofree char *pharmacy = hub_demo_id (DEMO_SEED, "pharmacy", "harbour");
  g_autofree char *reference = g_strconcat ("Organization/", pharmacy, NULL);

  if (staff == NULL)
    return FALSE;
  for (char **key = staff; *key != NULL; key++)
    {
      g_autofree char *id = hub_demo_id (DEMO_SEED, "staff", *key);
      g_autofree char *practitioner = g_strconcat ("Practitioner/", id, NULL);
      g_autofree char *role = hub_demo_staff_role (*key);
      g_autofree char *name = hub_demo_staff_name (*key);

      add_user (self->access, *key, name, hub_role_from_name (role), practitioner);
    }
  add_user (self->access, "pharmacy", "Pharmacy", HUB_ROLE_PHARMACY, reference);
  add_user (self->access, "admin", "Administrator", HUB_ROLE_ADMIN, NULL);
  return hub_access_save (self->access, error);
}

/**
 * hub_data_found_demo:
 *
 * Writes the demo clinic and its users, once for a folder. Refuses one that has users already.
 */
gboolean
hub_data_found_demo (HubData *self, GError **error)
{
  g_autofree char *founded = NULL;
  g_autoptr (GPtrArray) resources = NULL;

  if (!store_database_read (self->store, read_founded, &founded, error))
    return FALSE;
  if (founded != NULL)
    return TRUE;
  /* The demo lets everyone in: never where real people sign in. */
  if (!hub_access_is_empty (self->access))
    {
      g_set_error (error, HUB_DATA_ERROR, HUB_DATA_ERROR_FOLDER,
                   "The folder %s has users of its own: give the demo clinic an empty one",
                   self->folder);
      return FALSE;
    }
  resources = hub_demo_resources (self->clock, DEMO_SEED, error);
  return resources != NULL && add_users (self, error) &&
         store_database_write (self->store, BASE_LANE_PERSON, write_clinic, resources, error);
}
