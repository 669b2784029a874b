/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A SMART Health Link, taken apart: where something lies, and the key that opens it. Immutable.
 * Source: https://hl7.org/fhir/uv/smart-health-cards-and-links, links specification */
typedef struct
{
  char *url;
  char *host; /* of the URL, as it is shown */
  GBytes *key;
  char *label;           /* (nullable) */
  gint64 expires;        /* seconds since 1970; 0: it does not say */
  gboolean has_passcode; /* "P" */
  gboolean is_direct;    /* "U": one file, no manifest */
  gboolean is_long_term; /* "L": what it leads to may change */
} NetHealthLink;

#define NET_HEALTH_LINK_PREFIX "shlink:/"

NetHealthLink *net_health_link_parse (const char *text, GError **error);
NetHealthLink *net_health_link_copy (const NetHealthLink *self);
void net_health_link_free (NetHealthLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NetHealthLink, net_health_link_free)

/* (element-type GBytes): what it led to, in the clear; nothing is fetched but by this. */
void net_health_link_fetch_async (const NetHealthLink *self,
                                  const char *recipient,
                                  const char *passcode,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *net_health_link_fetch_finish (GAsyncResult *result, GError **error);

G_END_DECLS
