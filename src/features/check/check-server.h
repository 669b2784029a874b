/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "net-check.h"

#include "check-step.h"

G_BEGIN_DECLS

/* Which server the workplace works with, for all steps that ask it; it may change. */
#define CHECK_TYPE_SERVER (check_server_get_type ())
G_DECLARE_FINAL_TYPE (CheckServer, check_server, CHECK, SERVER, GObject)

CheckServer *check_server_new (BaseClock *clock);
void check_server_set (CheckServer *self, const char *hub, NetSession *net);
void check_server_set_trusted (CheckServer *self, GTlsDatabase *trusted);
const char *check_server_get_hub (CheckServer *self);
NetSession *check_server_get_net (CheckServer *self);
GTlsDatabase *check_server_get_trusted (CheckServer *self);
BaseClock *check_server_get_clock (CheckServer *self);
gboolean check_server_ask (CheckServer *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* Steps: whether its certificate holds, whether its clock is ours, whether visits can be held. */
CheckStep *check_certificate_new (CheckServer *server);
CheckStep *check_clock_new (CheckServer *server);
CheckStep *check_hub_new (CheckServer *server);

/* What they make of an answer. */
CheckResult *check_certificate_judge (const NetCheck *check, gint64 now_us);
CheckResult *check_clock_judge (const NetCheck *check, gint64 now_us);

G_END_DECLS
