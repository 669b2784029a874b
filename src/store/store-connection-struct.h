/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection-private.h"

G_BEGIN_DECLS

struct _StoreConnection
{
  sqlite3 *db;
  GThread *thread;
  BaseClock *clock;
  StorePersonWaits person_waits;
  gpointer person_waits_data;
  GHashTable *statements; /* name or composed SQL -> sqlite3_stmt */
  GHashTable *composed;   /* SQL text -> sqlite3_stmt */
  GHashTable *names;      /* text -> id */
  GHashTable *identities; /* "type/id" -> number */
  guint most_identities;  /* how many of them are remembered */
  GHashTable *counters;   /* name -> value as of this transaction */
  gboolean counters_changed;
  gint64 stamp; /* the last time given out, µs */
  gint64 wal_pages;
  GPtrArray *changes; /* of StoreChange, of this transaction */
  guint savepoint_changes;
  gint64 audit_row; /* the last one, as this transaction knows it */
  char *audit_hash; /* of that row; NULL: not known */
  gboolean audit_changed;
};

/* A writer that takes in records meets the same ones again and again. A reader reads one patient
 * after the other: what it remembered of each would be kept for as long as the program runs. */
#define STORE_WRITER_IDENTITIES 65536
#define STORE_READER_IDENTITIES 32

gboolean store_migrate (StoreConnection *self, GError **error);
gboolean store_schema_read (StoreConnection *self, int *version, GError **error);
gboolean store_counters_load (StoreConnection *self, GError **error);
gboolean store_counters_save (StoreConnection *self, GError **error);
gboolean store_audit_save (StoreConnection *self, GError **error);
void store_audit_undo (StoreConnection *self);
void store_names_forget (StoreConnection *self);

G_END_DECLS
