/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-session.h"

G_BEGIN_DECLS

/* What the hub tells this window of the waiting rooms, as long as it is connected.
 * signal "changed" ()
 * signal "written" (): somebody who waits wrote something that nobody has read */
#define TODAY_TYPE_LOBBY (today_lobby_get_type ())
G_DECLARE_FINAL_TYPE (TodayLobby, today_lobby, TODAY, LOBBY, GObject)

TodayLobby *today_lobby_new (WorkspaceSession *session);
void today_lobby_take (TodayLobby *self, const char *text);
gboolean today_lobby_is_connected (TodayLobby *self);
guint today_lobby_get_unread (TodayLobby *self, const char *encounter);
gboolean today_lobby_has_person (TodayLobby *self, const char *reference);

G_END_DECLS
