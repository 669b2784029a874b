/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-invite.h"

G_BEGIN_DECLS

/* Who may come in by an invitation now: a handshake can not wait for the records. */
typedef struct
{
  CareVisitRole role;
  char *encounter;
  char *session; /* SHA-256 of the cookie, hex */
  gint64 expires;
  char *name, *number, *language, *relation, *by;
  gboolean let_in; /* when the records were read: another hub, or this one before, let them in */
} HubInvitePass;

/* The cookie of such a session, followed by "-" and the start of its link's hash. It is no
 * patient's: a browser may have both. */
#define HUB_INVITE_COOKIE "bedside-guest"

void hub_invite_door_attach (HubServer *server);
void hub_invite_door_remember (HubServer *server, const HubInvite *invite);
void hub_invite_door_forget (HubServer *server, const char *encounter, CareVisitRole role);
void hub_invite_door_forget_session (HubServer *server,
                                     const char *encounter,
                                     CareVisitRole role,
                                     const char *session);
void hub_invite_door_void (HubServer *server,
                           const char *encounter,
                           CareVisitRole role,
                           const char *session,
                           const char *who);
void hub_invite_door_let_in (HubServer *server,
                             const char *encounter,
                             CareVisitRole role,
                             const char *session,
                             gboolean let_in);
void hub_invite_door_recheck (HubServer *server,
                              const char *encounter,
                              CareVisitRole role,
                              const char *session);
void hub_invite_door_void_again (HubServer *server);
gboolean hub_invite_door_asks (SoupServerMessage *message);
const HubInvitePass *
hub_invite_door_find (HubServer *server, SoupServerMessage *message, const char *encounter);
char *hub_invite_door_dup_session (SoupServerMessage *message, const char *link_hash);

G_END_DECLS
