/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-admin.h"

G_BEGIN_DECLS

/* backup: a copy of all records as of one moment, and beside it FILE.json that says what it must
 * hold. Works while a hub serves. */
JsonNode *hub_backup_run (HubData *data,
                          JsonNode *command,
                          HubAdminProgress progress,
                          gpointer progress_data,
                          GError **error);

typedef struct
{
  const char *folder, *key_file; /* of the hub that is to have the records; key_file may be NULL */
  const char *input;
  const char *backup_key_file; /* NULL: the folder's key opens the backup */
  gboolean replace;            /* records that are there are put aside */
  gboolean without_manifest;
} HubRestore;

JsonNode *hub_restore_run (const HubRestore *restore,
                           HubAdminProgress progress,
                           gpointer progress_data,
                           GError **error);

/* What FILE.json says, or what was found in a copy. */
typedef struct
{
  char *taken, *version, *sha256;
  gint64 schema, resources, deleted, versions, audit_rows, sequence, bytes;
} HubManifest;

HubManifest *hub_manifest_read (const char *backup, GError **error);
gboolean hub_manifest_write (const HubManifest *self, const char *backup, GError **error);
JsonNode *hub_manifest_to_json (const HubManifest *self);
char *hub_manifest_checksum (const char *path, GError **error);
gboolean hub_backup_sync (const char *path, GError **error);
void hub_manifest_free (HubManifest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubManifest, hub_manifest_free)

G_END_DECLS
