/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-signal-room.h"
#include "hub-signal.h"

G_BEGIN_DECLS

/* What the parts of the signalling share; the server owns it. */
typedef struct
{
  HubServer *server;
  StoreDatabase *store; /* NULL in front of another server */
  HubAccess *access;
  GHashTable *rooms;    /* encounter id -> HubSignalRoom */
  GHashTable *sessions; /* hash of a session's cookie -> encounter id */
  guint source, poll;
  guint estimate_source; /* the next look at when whose turn comes */
  gboolean estimating;
  GPtrArray *listeners; /* clinic windows, of hub-signal-lobby.c */
  guint lobby_source;
} HubSignal;

/* hub-signal.c */
HubSignal *hub_signal_of (HubServer *server);
HubSignalRoom *hub_signal_open_room (HubSignal *self, const char *encounter);
/* hub-signal-session.c */
GPtrArray *hub_signal_dup_session_hashes (SoupServerMessage *message);
gboolean
hub_signal_is_patient_of (HubSignal *self, SoupServerMessage *message, const char *encounter);
/* hub-signal-estimate.c */
void hub_signal_estimate_soon (HubSignal *self);
/* hub-signal-lobby.c */
void hub_signal_attach_lobby (HubSignal *self);
void hub_signal_recheck_lobby (HubSignal *self);
void hub_signal_close_lobby (HubSignal *self);
/* hub-signal-door.c */
void hub_signal_attach_door (HubSignal *self);

G_END_DECLS
