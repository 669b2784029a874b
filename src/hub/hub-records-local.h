/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-records.h"

G_BEGIN_DECLS

/* The records in the hub's own store. */
typedef struct
{
  HubRecords parent;
  StoreConnection *connection;
} HubRecordsLocal;

StoreConnection *hub_records_local_get_connection (HubRecords *records);
void hub_records_local_init (HubRecordsLocal *self, StoreConnection *connection);

G_END_DECLS
