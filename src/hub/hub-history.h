/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "hub-user.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* What a history is asked of, and what came of it. */
typedef struct
{
  HubUser *user;
  const char *base_url;
  const char *type; /* NULL: of all types */
  const char *id;   /* NULL: of all resources */
  const char *query;

  guint shown;
  char *patient; /* whose record one resource's history is of; NULL where not known */
} HubHistory;

char *hub_history_run (HubHistory *self, StoreConnection *connection, GError **error);

G_END_DECLS
