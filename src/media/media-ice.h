/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *media_ice_turn_uri (const char *url, const char *user, const char *password);
char *media_ice_stun_uri (const char *url);
gboolean media_ice_candidate_is_sane (const char *candidate);
void media_ice_set_up (GObject *webrtcbin,
                       const char *stun,
                       const char *const *turn,
                       gboolean relay_only);
void media_ice_set_up_agent (GObject *webrtcbin, gboolean loopback);
void media_ice_give_back (GObject *ice);

G_END_DECLS
