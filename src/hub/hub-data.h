/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "hub-access.h"
#include "store-database.h"

G_BEGIN_DECLS

typedef enum
{
  HUB_DATA_ERROR_BUSY, /* another process has the folder */
  HUB_DATA_ERROR_KEY,
  HUB_DATA_ERROR_FOLDER,
} HubDataError;

#define HUB_DATA_ERROR (hub_data_error_quark ())
GQuark hub_data_error_quark (void);

/* The hub's folder, opened by one process at a time: the store, its key, and the users. */
typedef struct
{
  char *folder;
  char *path;  /* of the store's file */
  GBytes *key; /* that encrypts it */
  char *key_path;
  int lock;
  StoreDatabase *store;
  BaseClock *clock;
  HubAccess *access;
  gboolean key_beside_data; /* the key lies in the same folder as what it locks */
} HubData;

HubData *hub_data_open (const char *folder, const char *key_file, BaseClock *clock, GError **error);
void hub_data_close (HubData *self);
int hub_data_lock (const char *folder, GError **error);
char *hub_data_dup_key_path (const char *folder, const char *key_file);
GBytes *hub_data_load_key (const char *folder, const char *key_file, GError **error);
GBytes *hub_data_load_other_key (const char *key_file, gboolean make, GError **error);
gboolean hub_data_found_demo (HubData *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubData, hub_data_close)

G_END_DECLS
