/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-fhir-client.h"
#include "sync-capability.h"

G_BEGIN_DECLS

/* Changes as the server pushes them: R4 Subscriptions Backport over a WebSocket.
 * signal "up" (): connected or connected again: read what was missed
 * signal "down" (): poll until it is up again
 * signal "heard" (): the channel is alive, and nothing was missed up to now
 * signal "changed" (resources, references): GPtrArray of FhirResource that came along, and of
 * "Type/id" that are to be read */
#define SYNC_TYPE_LIVE (sync_live_get_type ())
G_DECLARE_FINAL_TYPE (SyncLive, sync_live, SYNC, LIVE, GObject)

SyncLive *
sync_live_new (NetFhirClient *client, SyncCapability *capability, const char *subscription);
void sync_live_start (SyncLive *self);
void sync_live_wake (SyncLive *self);
void sync_live_stop (SyncLive *self);
gboolean sync_live_is_up (SyncLive *self);
const char *sync_live_get_subscription (SyncLive *self);

G_END_DECLS
