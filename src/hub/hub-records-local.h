/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-join.h"
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

gboolean hub_records_local_end_medicines (HubRecords *records,
                                          const char *patient,
                                          HubJoinEnded *ended,
                                          GError **error);

G_END_DECLS
