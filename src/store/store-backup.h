/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* What a copy holds: all that was committed at its moment, nothing of what came after. */
typedef struct
{
  int schema;
  gint64 resources, deleted, versions; /* standing, deleted, and those that were replaced */
  gint64 audit_rows;
  gint64 sequence; /* of the last change that is in it */
  gint64 bytes;
} StoreBackup;

typedef void (*StoreBackupProgress) (double part, gpointer data);

/* These block for long and open the file by themselves: not for the main thread, nor for one of a
 * StoreDatabase. Others may go on reading and writing meanwhile. */
gboolean store_backup_copy (const char *from,
                            GBytes *from_key,
                            const char *to,
                            GBytes *to_key,
                            BaseClock *clock,
                            StoreBackupProgress progress,
                            gpointer data,
                            StoreBackup *out,
                            GError **error);
gboolean store_backup_verify (
    const char *path, GBytes *key, BaseClock *clock, StoreBackup *out, GError **error);
gboolean store_backup_settle (const char *path, GBytes *key, BaseClock *clock, GError **error);
gboolean store_apart_read (
    const char *path, GBytes *key, BaseClock *clock, StoreWork work, gpointer data, GError **error);

/* In a StoreWork: */
gboolean store_backup_check_pages (StoreConnection *connection, gint64 *pages, GError **error);

G_END_DECLS
