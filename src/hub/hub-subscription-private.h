/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-subscription.h"

/* What a client subscribed to, while it is bound to a WebSocket. */
typedef struct
{
  char *id;
  char *patient; /* only this patient's compartment; NULL: all that the user may read */
  char *type;    /* only this type; NULL: all */
  gboolean with_content;
  guint heartbeat; /* seconds */
} HubSubscription;

void hub_subscription_free (HubSubscription *self);
gboolean hub_subscription_read (FhirResource *resource, HubSubscription **out, GError **error);

/* A notification Bundle. @changes (element-type StoreChange) may be NULL; @count is the number of
 * the last event. @resources maps "Type/id" to FhirResource where the client wants the content. */
char *hub_subscription_notice (HubServer *server,
                               const char *subscription,
                               const char *type,
                               gint64 count,
                               GPtrArray *changes,
                               GHashTable *resources);
GPtrArray *hub_subscription_copy_changes (GPtrArray *changes);
void hub_subscription_load (StoreConnection *connection, GPtrArray *changes, GHashTable *resources);
char *hub_subscription_status (HubServer *server, const char *subscription, gint64 count);
