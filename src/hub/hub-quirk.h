/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "base-clock.h"

G_BEGIN_DECLS

/* Ways in which other servers differ, for tests of clients against a hub that behaves so. None is
 * in force unless serve --quirk named it; then start-up and the CapabilityStatement say so. */
typedef enum
{
  HUB_QUIRK_INTEGER_VERSIONS,       /* as the hub does anyway; not with uuid-versions */
  HUB_QUIRK_UUID_VERSIONS,          /* versions are opaque UUIDs, everywhere */
  HUB_QUIRK_SERVER_IDS,             /* PUT to a new id is 404, ids of new resources are dropped */
  HUB_QUIRK_NO_HISTORY,             /* no version and no history can be read */
  HUB_QUIRK_NO_TRANSACTION,         /* transactions are refused, batches are not */
  HUB_QUIRK_NO_BATCH,               /* batches are refused */
  HUB_QUIRK_EXPIRING_NEXT,          /* a next link is good once and for =N seconds, 30 */
  HUB_QUIRK_SMALL_BODIES,           /* a body above 1 MB is refused as "File too large" */
  HUB_QUIRK_RATE_LIMIT,             /* after =N creates a minute, 500: 429 and Retry-After */
  HUB_QUIRK_PATCH_IGNORES_IF_MATCH, /* PATCH and DELETE do not look at If-Match */
  HUB_QUIRK_NO_BODY,                /* 201 without a body, a relative Location, a bare ETag */
  HUB_QUIRK_IGNORES_UNKNOWN_PARAMETERS, /* and does not say so */
  HUB_QUIRK_NO_SUBSCRIPTIONS,           /* there is no Subscription */
  HUB_N_QUIRKS
} HubQuirk;

gboolean hub_quirk_use (const char *names, BaseClock *clock, GError **error);
gboolean hub_quirk_is_on (HubQuirk quirk);
char *hub_quirk_dup_names (void);

/* The hooks, under /fhir: before a request is looked at, and before its answer leaves. */
gboolean hub_quirk_ask (SoupServerMessage *message, const char **path);
void hub_quirk_answer (SoupServerMessage *message);

/* What is sent piece by piece: notices, and the lines of an export. NULL: it stays as it is. */
char *hub_quirk_change_text (const char *text);

G_END_DECLS
