/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "hub-reply.h"
#include "store-backup.h"

/* A backup is written beside its name, read again from its first byte to its last, and only then
 * gets its name: a file of that name is one that was good. */

#define FORMAT      1
#define COPIED      0.6 /* the part of the work that is done when the copy is made, … */
#define VERIFIED    0.9 /* … and when it was read again */
#define CHUNK_BYTES (1 << 20)

/* ---- what a backup must hold ---------------------------------------------------------------- */

void
hub_manifest_free (HubManifest *self)
{
  g_free (self->taken);
  g_free (self->version);
  g_free (self->sha256);
  g_free (self);
}

static char *
manifest_path (const char *backup)
{
  return g_strconcat (backup, ".json", NULL);
}

JsonNode *
hub_manifest_to_json (const HubManifest *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "program", "bedside-hub");
  hub_admin_add_text (builder, "version", self->version);
  hub_admin_add_number (builder, "format", FORMAT);
  hub_admin_add_text (builder, "taken", self->taken);
  hub_admin_add_number (builder, "schema", self->schema);
  hub_admin_add_number (builder, "resources", self->resources);
  hub_admin_add_number (builder, "deleted", self->deleted);
  hub_admin_add_number (builder, "versions", self->versions);
  hub_admin_add_number (builder, "audit_rows", self->audit_rows);
  hub_admin_add_number (builder, "sequence", self->sequence);
  hub_admin_add_number (builder, "bytes", self->bytes);
  hub_admin_add_text (builder, "sha256", self->sha256);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

gboolean
hub_manifest_write (const HubManifest *self, const char *backup, GError **error)
{
  g_autoptr (JsonNode) root = hub_manifest_to_json (self);
  g_autofree char *path = manifest_path (backup);
  g_autofree char *json = json_to_string (root, TRUE);
  g_autofree char *text = g_strconcat (json, "\n", NULL);

  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static gint64
number_of (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, -1);
}

static HubManifest *
parse_manifest (JsonObject *object)
{
  HubManifest *self = g_new0 (HubManifest, 1);

  self->taken = g_strdup (json_object_get_string_member_with_default (object, "taken", ""));
  self->version = g_strdup (json_object_get_string_member_with_default (object, "version", ""));
  self->sha256 = g_strdup (json_object_get_string_member_with_default (object, "sha256", ""));
  self->schema = number_of (object, "schema");
  self->resources = number_of (object, "resources");
  self->deleted = number_of (object, "deleted");
  self->versions = number_of (object, "versions");
  self->audit_rows = number_of (object, "audit_rows");
  self->sequence = number_of (object, "sequence");
  self->bytes = number_of (object, "bytes");
  return self;
}

/**
 * hub_manifest_read:
 *
 * Returns: (transfer full): what stands in @backup's FILE.json
 */
HubManifest *
hub_manifest_read (const char *backup, GError **error)
{
  g_autofree char *path = manifest_path (backup);
  g_autofree char *text = NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (!g_file_get_contents (path, &text, NULL, &problem))
    {
      g_set_error (error, HUB_ERROR, 400,
                   "%s, which says what the backup must hold, cannot be read: copy it along, or go "
                   "without it with --no-manifest (%s)",
                   path, problem->message);
      return NULL;
    }
  root = json_from_string (text, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) ||
      number_of (json_node_get_object (root), "format") < 1)
    {
      g_set_error (error, HUB_ERROR, 400, "%s is not what a backup has beside it", path);
      return NULL;
    }
  if (number_of (json_node_get_object (root), "format") > FORMAT)
    {
      g_set_error (error, HUB_ERROR, 400,
                   "%s was written by a newer bedside-hub: restore it with that version", path);
      return NULL;
    }
  return parse_manifest (json_node_get_object (root));
}

/**
 * hub_manifest_checksum:
 *
 * Returns: (transfer full): the SHA-256 of the file, in hex
 */
char *
hub_manifest_checksum (const char *path, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  gssize length = 0;

  while (stream != NULL && (length = g_input_stream_read (G_INPUT_STREAM (stream), chunk,
                                                          CHUNK_BYTES, NULL, error)) > 0)
    g_checksum_update (sum, chunk, length);
  return stream != NULL && length == 0 ? g_strdup (g_checksum_get_string (sum)) : NULL;
}

/**
 * hub_backup_sync:
 *
 * Waits until the file, or the folder, is on the disk.
 */
gboolean
hub_backup_sync (const char *path, GError **error)
{
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  gboolean good = descriptor >= 0 && fsync (descriptor) == 0;

  if (!good)
    g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno),
                 "%s could not be written to the disk: %s", path, g_strerror (errno));
  if (descriptor >= 0)
    close (descriptor);
  return good;
}

/* ---- backup --------------------------------------------------------------------------------- */

typedef struct
{
  HubAdminProgress progress;
  gpointer data;
} Teller;

static void
tell (const Teller *teller, double part)
{
  if (teller->progress != NULL)
    teller->progress (part, teller->data);
}

static void
copied_cb (double part, gpointer data)
{
  tell (data, part * COPIED);
}

static void
take_counts (HubManifest *manifest, const StoreBackup *counts)
{
  manifest->schema = counts->schema;
  manifest->resources = counts->resources;
  manifest->deleted = counts->deleted;
  manifest->versions = counts->versions;
  manifest->audit_rows = counts->audit_rows;
  manifest->sequence = counts->sequence;
  manifest->bytes = counts->bytes;
}

static HubManifest *
make_copy (HubData *data, const char *part, GBytes *key, Teller *teller, GError **error)
{
  g_autoptr (HubManifest) manifest = g_new0 (HubManifest, 1);
  StoreBackup copied = { 0 }, read = { 0 };

  manifest->version = g_strdup (BEDSIDE_VERSION);
  /* Before the copy: what was committed up to here is in it. */
  manifest->taken = base_clock_dup_instant (data->clock);
  if (!store_backup_copy (data->path, data->key, part, key, data->clock, copied_cb, teller, &copied,
                          error) ||
      !hub_backup_sync (part, error) || !store_backup_verify (part, key, data->clock, &read, error))
    return NULL;
  tell (teller, VERIFIED);
  if (read.resources != copied.resources || read.audit_rows != copied.audit_rows)
    {
      g_set_error (error, HUB_ERROR, 500,
                   "The copy does not hold what was copied: do not trust this disk");
      return NULL;
    }
  take_counts (manifest, &read);
  manifest->sha256 = hub_manifest_checksum (part, error);
  return manifest->sha256 != NULL ? g_steal_pointer (&manifest) : NULL;
}

static gboolean
give_name (const HubManifest *manifest, const char *part, const char *output, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (output);

  if (g_rename (part, output) != 0)
    {
      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno),
                   "%s cannot be written: %s", output, g_strerror (errno));
      return FALSE;
    }
  return hub_manifest_write (manifest, output, error) && hub_backup_sync (folder, error);
}

static gboolean
output_is_free (const char *output, GError **error)
{
  g_autofree char *manifest = manifest_path (output);
  g_autofree char *folder = g_path_get_dirname (output);

  if (g_file_test (output, G_FILE_TEST_EXISTS) || g_file_test (manifest, G_FILE_TEST_EXISTS))
    g_set_error (error, HUB_ERROR, 409,
                 "%s is there already, and a backup never replaces one: name another file", output);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, HUB_ERROR, 404, "There is no folder %s: make it first", folder);
  else
    return TRUE;
  return FALSE;
}

/**
 * hub_backup_run:
 * @command: "output", and "backup-key-file" where the copy is to have a key of its own
 *
 * Returns: (transfer full): the manifest, and the names of the file and its key in "output" and
 *   "key_file"
 */
JsonNode *
hub_backup_run (HubData *data,
                JsonNode *command,
                HubAdminProgress progress,
                gpointer progress_data,
                GError **error)
{
  const char *output = hub_admin_text (command, "output");
  const char *key_file = hub_admin_text (command, "backup-key-file");
  Teller teller = { progress, progress_data };
  g_autofree char *part = NULL, *detail = NULL, *opens = NULL;
  g_autoptr (GBytes) key = NULL;
  g_autoptr (HubManifest) manifest = NULL;
  JsonNode *result;

  if (output == NULL)
    {
      g_set_error (error, HUB_ERROR, 400, "Name the backup's file with --output");
      return NULL;
    }
  if (!output_is_free (output, error))
    return NULL;
  key =
      key_file != NULL ? hub_data_load_other_key (key_file, TRUE, error) : g_bytes_ref (data->key);
  if (key == NULL)
    return NULL;
  part = g_strconcat (output, ".part", NULL);
  g_unlink (part); /* of a backup that was ended */
  manifest = make_copy (data, part, key, &teller, error);
  if (manifest == NULL || !give_name (manifest, part, output, error))
    {
      g_unlink (part);
      return NULL;
    }
  detail = g_strdup_printf ("backup of %" G_GINT64_FORMAT " resources", manifest->resources);
  if (!hub_admin_note (data, "administer", NULL, detail, error))
    return NULL;
  tell (&teller, 1);
  result = hub_manifest_to_json (manifest);
  json_object_set_string_member (json_node_get_object (result), "output", output);
  opens = g_canonicalize_filename (key_file != NULL ? key_file : data->key_path, NULL);
  json_object_set_string_member (json_node_get_object (result), "key_file", opens);
  return result;
}
