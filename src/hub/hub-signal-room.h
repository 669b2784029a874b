/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-message.h"
#include "care-wait.h"
#include "hub-invite-door.h"
#include "hub-visit.h"

G_BEGIN_DECLS

typedef struct _HubSignalRoom HubSignalRoom;

/* What a room asks of its owner. */
typedef enum
{
  HUB_SIGNAL_NOTHING,
  HUB_SIGNAL_MARK_LEFT,          /* one who waited has gone */
  HUB_SIGNAL_REPORT_INTERRUPTED, /* a visit in progress that both sides lost */
  HUB_SIGNAL_FORGET,             /* nobody is there and nothing is open */
} HubSignalWish;

HubSignalRoom *hub_signal_room_new (const char *encounter, BaseClock *clock, HubIce *ice);
void hub_signal_room_free (HubSignalRoom *self);
const char *hub_signal_limit_enter (HubSignalRoom *self, CareVisitRole role);
gboolean hub_signal_room_is_met (HubSignalRoom *self);
void hub_signal_room_end_link (HubSignalRoom *self);
void hub_signal_room_move (HubSignalRoom *self);
gboolean hub_signal_room_is_open (HubSignalRoom *self);
const char *hub_signal_room_get_patient (HubSignalRoom *self);
gboolean hub_signal_room_enter (HubSignalRoom *self,
                                CareVisitRole role,
                                HubUser *user,
                                const HubInvitePass *pass,
                                SoupWebsocketConnection *socket);
void hub_signal_room_set_server (HubSignalRoom *self, HubServer *server);
void hub_signal_people_recheck (HubSignalRoom *self);
void hub_signal_people_close (HubSignalRoom *self, CareVisitRole role);
void hub_signal_room_recheck (HubSignalRoom *self, HubAccess *access);
void hub_signal_room_set_record (HubSignalRoom *self, HubVisitState record, const char *patient);
void hub_signal_room_refuse (HubSignalRoom *self, const char *text);
void hub_signal_room_tell_medicines (HubSignalRoom *self);
gboolean hub_signal_room_is_waiting (HubSignalRoom *self);
void hub_signal_room_set_estimate (HubSignalRoom *self, const CareWaitEstimate *estimate);
void hub_signal_room_set_who (HubSignalRoom *self, const char *name);
gboolean hub_signal_room_is_patient_here (HubSignalRoom *self);
guint hub_signal_room_count_unread (HubSignalRoom *self);
HubSignalWish hub_signal_room_tick (HubSignalRoom *self);

G_END_DECLS
