/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The administrator's file: how one clinic sets up all its workstations. What stands in it is set,
 * and nobody changes it on the workstation. It is taken whole or not at all. */
typedef enum
{
  BASE_FLEET_ADMINISTRATOR_NAME,
  BASE_FLEET_ADMINISTRATOR_CONTACT,
  BASE_FLEET_SERVER_URL,
  BASE_FLEET_AUTHORITY,
  BASE_FLEET_CLIENT_ID,
  BASE_FLEET_UNLOCK,
  BASE_FLEET_LOCK_MINUTES,
  BASE_FLEET_LEASE_DAYS,
  BASE_FLEET_NETWORKS,
  BASE_FLEET_THEME,
  BASE_FLEET_LANGUAGE,
  BASE_FLEET_N_KEYS
} BaseFleetKey;

/* More is no such file, and is refused before it is read. */
#define BASE_FLEET_MOST_BYTES 65536

/* What is wrong with a file, and what to do about it. */
typedef struct
{
  guint line;       /* from 1; 0: the file as a whole */
  gboolean refused; /* FALSE: a warning, the file is taken */
  char *text;
} BaseFleetRemark;

typedef struct _BaseFleet BaseFleet;

GPtrArray *base_fleet_remarks_new (void);
BaseFleet *base_fleet_parse (const char *text, gsize length, GPtrArray *remarks);
BaseFleet *base_fleet_ref (BaseFleet *self);
void base_fleet_unref (BaseFleet *self);
gboolean base_fleet_has (BaseFleet *self, BaseFleetKey key);
const char *base_fleet_get_text (BaseFleet *self, BaseFleetKey key);
guint base_fleet_get_number (BaseFleet *self, BaseFleetKey key);
gboolean base_fleet_allows (BaseFleet *self, GInetAddress *address);
const char *base_fleet_key_name (BaseFleetKey key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseFleet, base_fleet_unref)

G_END_DECLS
