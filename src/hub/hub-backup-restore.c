/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "hub-backup.h"
#include "hub-generation.h"
#include "hub-reply.h"
#include "store-audit.h"
#include "store-backup.h"

/* Restoring: the backup is proven, copied beside the records with the folder's own key, proven
 * again, and takes their place in one rename. Until then nothing of what is there has changed, and
 * afterwards it still lies beside. */

#define CHECKED 0.4
#define COPIED  0.8

typedef struct
{
  const HubRestore *asked;
  BaseClock *clock;
  GBytes *key, *backup_key;
  HubManifest *manifest; /* NULL: went without */
  char *store, *fresh;
  char *aside; /* where the records that were there are now; NULL: there were none */
  StoreBackup counts;
  HubAdminProgress progress;
  gpointer progress_data;
} Restore;

static void
restore_clear (Restore *self)
{
  g_clear_object (&self->clock);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_clear_pointer (&self->backup_key, g_bytes_unref);
  g_clear_pointer (&self->manifest, hub_manifest_free);
  g_free (self->store);
  g_free (self->fresh);
  g_free (self->aside);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Restore, restore_clear)

static gboolean
fail_with_errno (GError **error, const char *path)
{
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "%s: %s", path,
               g_strerror (errno));
  return FALSE;
}

static void
tell (Restore *self, double part)
{
  if (self->progress != NULL)
    self->progress (part, self->progress_data);
}

/* ---- before anything is done ---- */

static gboolean
place_is_free (Restore *self, GError **error)
{
  if (self->asked->replace || !g_file_test (self->store, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, HUB_ERROR, 409,
               "There are records in %s. Name an empty folder, or say --replace: then the backup "
               "takes their place, and they are kept beside it",
               self->asked->folder);
  return FALSE;
}

static gboolean
load_keys (Restore *self, GError **error)
{
  const HubRestore *asked = self->asked;
  g_autofree char *own = hub_data_dup_key_path (asked->folder, asked->key_file);

  if (asked->backup_key_file != NULL)
    {
      self->backup_key = hub_data_load_other_key (asked->backup_key_file, FALSE, error);
      self->key = self->backup_key != NULL
                      ? hub_data_load_key (asked->folder, asked->key_file, error)
                      : NULL;
      return self->key != NULL;
    }
  if (!g_file_test (own, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, HUB_ERROR, 400,
                   "There is no key at %s. Name the key that the backup was made with: "
                   "--backup-key-file, as a rule the hub.key of the hub that made it",
                   own);
      return FALSE;
    }
  self->key = hub_data_load_key (asked->folder, asked->key_file, error);
  if (self->key == NULL)
    return FALSE;
  self->backup_key = g_bytes_ref (self->key);
  return TRUE;
}

/* ---- whether the backup is what it says ---- */

static gboolean
file_is_whole (Restore *self, GError **error)
{
  g_autofree char *sum = NULL;
  GStatBuf status;

  if (g_stat (self->asked->input, &status) != 0)
    return fail_with_errno (error, self->asked->input);
  if (self->asked->without_manifest)
    return TRUE;
  self->manifest = hub_manifest_read (self->asked->input, error);
  if (self->manifest == NULL)
    return FALSE;
  sum = hub_manifest_checksum (self->asked->input, error);
  if (sum == NULL)
    return FALSE;
  if (g_str_equal (sum, self->manifest->sha256))
    return TRUE;
  g_set_error (error, HUB_ERROR, 422,
               "%s is not the file that was written: it has %" G_GINT64_FORMAT
               " bytes of %" G_GINT64_FORMAT
               ", and another checksum. Nothing was changed; take another copy of it",
               self->asked->input, (gint64) status.st_size, self->manifest->bytes);
  return FALSE;
}

static gboolean
counts_agree (Restore *self, GError **error)
{
  const HubManifest *said = self->manifest;

  if (said == NULL ||
      (said->resources == self->counts.resources && said->versions == self->counts.versions &&
       said->audit_rows == self->counts.audit_rows && said->sequence == self->counts.sequence))
    return TRUE;
  g_set_error (error, HUB_ERROR, 422,
               "The backup holds %" G_GINT64_FORMAT " resources and must hold %" G_GINT64_FORMAT
               ". Nothing was changed",
               self->counts.resources, said->resources);
  return FALSE;
}

static gboolean
prove (Restore *self, GError **error)
{
  if (!file_is_whole (self, error) ||
      !store_backup_verify (self->asked->input, self->backup_key, self->clock, &self->counts,
                            error) ||
      !counts_agree (self, error))
    return FALSE;
  tell (self, CHECKED);
  return TRUE;
}

/* ---- the records-to-be ---- */

static void
copied_cb (double part, gpointer data)
{
  tell (data, CHECKED + part * (COPIED - CHECKED));
}

static gboolean
note_work (StoreConnection *connection, gpointer data, GError **error)
{
  const Restore *self = data;
  g_autofree char *detail =
      g_strdup_printf ("restored from the backup of %s; every sign-in has ended",
                       self->manifest != NULL ? self->manifest->taken : "a time that is not known");

  /* Version numbers go on from where the backup stands: nobody may take them for the old ones. */
  return hub_generation_renew (connection, error) &&
         store_audit_append (connection, "administer", "command-line", NULL, NULL, detail, error);
}

/* Tokens that ended after the backup was made would be good again. */
static gboolean
end_sign_ins (Restore *self, StoreDatabase *store, GError **error)
{
  g_autoptr (HubAccess) access = hub_access_new (store, self->clock, error);

  if (access == NULL)
    return FALSE;
  hub_access_end_sign_ins (access, NULL);
  return hub_access_save (access, error) &&
         store_database_write (store, BASE_LANE_PERSON, note_work, self, error);
}

/* Opening it brings its schema up to date, as long as nothing depends on it. */
static gboolean
adapt (Restore *self, GError **error)
{
  g_autoptr (StoreDatabase) store =
      store_database_open (self->fresh, self->key, self->clock, error);
  gboolean good;

  if (store == NULL)
    return FALSE;
  good = end_sign_ins (self, store, error);
  store_database_close (store);
  return good && store_backup_settle (self->fresh, self->key, self->clock, error);
}

static void
remove_fresh (Restore *self)
{
  static const char *const ends[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (self->fresh, ends[i], NULL);

      g_unlink (path);
    }
}

static gboolean
make_fresh (Restore *self, GError **error)
{
  StoreBackup copied = { 0 };

  remove_fresh (self); /* of a restore that was ended */
  if (!store_backup_copy (self->asked->input, self->backup_key, self->fresh, self->key, self->clock,
                          copied_cb, self, &copied, error) ||
      !adapt (self, error) ||
      !store_backup_verify (self->fresh, self->key, self->clock, &copied, error) ||
      !hub_backup_sync (self->fresh, error))
    return FALSE;
  if (copied.resources == self->counts.resources)
    return TRUE;
  g_set_error (error, HUB_ERROR, 500,
               "The copy does not hold what was copied: do not trust this disk");
  return FALSE;
}

/* ---- taking their place ---- */

static char *
dup_aside (Restore *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc_usec (base_clock_now (self->clock));
  g_autofree char *at = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *first = g_strdup_printf ("%s.before-%s", self->store, at);
  char *path = g_strdup (first);

  for (int i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_free (path);
      path = g_strdup_printf ("%s-%d", first, i);
    }
  return path;
}

/* A second name for what is there. Its log, where it is so damaged that the log cannot be brought
 * in, goes along under a name that fits. */
static gboolean
put_aside (Restore *self, GError **error)
{
  g_autofree char *log = g_strconcat (self->store, "-wal", NULL);
  g_autofree char *shared = g_strconcat (self->store, "-shm", NULL);
  g_autofree char *log_aside = NULL;

  if (!g_file_test (self->store, G_FILE_TEST_EXISTS))
    return TRUE;
  store_backup_settle (self->store, self->key, self->clock, NULL);
  self->aside = dup_aside (self);
  if (link (self->store, self->aside) != 0)
    return fail_with_errno (error, self->aside);
  log_aside = g_strconcat (self->aside, "-wal", NULL);
  if (g_file_test (log, G_FILE_TEST_EXISTS) && g_rename (log, log_aside) != 0)
    return fail_with_errno (error, log_aside);
  g_unlink (shared);
  return TRUE;
}

static gboolean
take_place (Restore *self, GError **error)
{
  if (!put_aside (self, error))
    return FALSE;
  if (g_rename (self->fresh, self->store) != 0)
    return fail_with_errno (error, self->store);
  return hub_backup_sync (self->asked->folder, error);
}

static JsonNode *
describe (Restore *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "folder", self->asked->folder);
  hub_admin_add_text (builder, "taken", self->manifest != NULL ? self->manifest->taken : NULL);
  hub_admin_add_number (builder, "resources", self->counts.resources);
  hub_admin_add_number (builder, "versions", self->counts.versions);
  hub_admin_add_number (builder, "audit_rows", self->counts.audit_rows);
  hub_admin_add_text (builder, "aside", self->aside);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
run_locked (Restore *self, GError **error)
{
  if (!place_is_free (self, error) || !load_keys (self, error) || !prove (self, error))
    return NULL;
  if (!make_fresh (self, error) || !take_place (self, error))
    {
      remove_fresh (self);
      return NULL;
    }
  tell (self, 1);
  return describe (self);
}

/**
 * hub_restore_run:
 *
 * Blocks. No hub may have the folder.
 *
 * Returns: (transfer full): what was restored; NULL with a reason, and the folder's records as they
 *   were
 */
JsonNode *
hub_restore_run (const HubRestore *restore,
                 HubAdminProgress progress,
                 gpointer progress_data,
                 GError **error)
{
  g_auto (Restore)
      self = { .asked = restore, .progress = progress, .progress_data = progress_data };
  g_autoptr (GError) problem = NULL;
  int lock = hub_data_lock (restore->folder, &problem);
  JsonNode *result;

  if (lock < 0)
    {
      if (g_error_matches (problem, HUB_DATA_ERROR, HUB_DATA_ERROR_BUSY))
        g_set_error (error, HUB_DATA_ERROR, HUB_DATA_ERROR_BUSY,
                     "A hub serves %s, and people's records cannot be exchanged under their hands. "
                     "Stop it, run this again, start it: or restore into another folder, look "
                     "there first, and let the hub serve that one",
                     restore->folder);
      else
        g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  self.clock = base_clock_new ();
  self.store = g_build_filename (restore->folder, "hub.db", NULL);
  self.fresh = g_strconcat (self.store, ".restoring", NULL);
  result = run_locked (&self, error);
  close (lock);
  return result;
}
