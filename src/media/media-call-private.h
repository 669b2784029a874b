/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-call.h"
#include "media-peer.h"
#include "media-renewal.h"

G_BEGIN_DECLS

typedef struct
{
  MediaSinkFactory make;
  gpointer data;
  GDestroyNotify destroy;
} MediaCallFactory;

struct _MediaCall
{
  GObject parent_instance;
  MediaSources *sources;
  MediaCallFactory remote, self_view, speaker;
  char *stun;
  GStrv turn;
  gboolean relay_only, loopback, camera, microphone;
  MediaRung highest;
  MediaVerdict said;
  MediaPeer *peer;
  MediaChannel *channel;
  MediaCallState state;
  guint epoch, tick, ticks;
  MediaRenewal renewal;
  gboolean was_live, asked_renew;
  char *slate, *silence;
};

/* media-call-options.c */
void media_call_factory_clear (MediaCallFactory *factory);
void media_call_factory_set (MediaCallFactory *factory,
                             MediaSinkFactory make,
                             gpointer data,
                             GDestroyNotify destroy);

G_END_DECLS
