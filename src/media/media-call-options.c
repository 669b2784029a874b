/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-call-private.h"

/* What a call is made with: sinks, relays and channel from the next epoch on; camera, microphone
 * and rung at once. */

void
media_call_factory_clear (MediaCallFactory *factory)
{
  if (factory->destroy != NULL)
    factory->destroy (factory->data);
  *factory = (MediaCallFactory) { 0 };
}

void
media_call_factory_set (MediaCallFactory *factory,
                        MediaSinkFactory make,
                        gpointer data,
                        GDestroyNotify destroy)
{
  media_call_factory_clear (factory);
  *factory = (MediaCallFactory) { make, data, destroy };
}

/**
 * media_call_set_self_view:
 *
 * Shows what the patient is sent, the slate included; from the next epoch on.
 */
void
media_call_set_self_view (MediaCall *self,
                          MediaSinkFactory make_sink,
                          gpointer data,
                          GDestroyNotify destroy)
{
  media_call_factory_set (&self->self_view, make_sink, data, destroy);
}

/**
 * media_call_set_speaker:
 *
 * Plays the patient's voice; without it the system's default speaker does. From the next epoch on.
 */
void
media_call_set_speaker (MediaCall *self,
                        MediaSinkFactory make_sink,
                        gpointer data,
                        GDestroyNotify destroy)
{
  media_call_factory_set (&self->speaker, make_sink, data, destroy);
}

/**
 * media_call_set_ice:
 * @stun: (nullable): from media_ice_stun_uri ()
 * @turn: (nullable): from media_ice_turn_uri ()
 * @relay_only: whether only relays may carry the call
 *
 * From the next epoch on.
 */
void
media_call_set_ice (MediaCall *self, const char *stun, const char *const *turn, gboolean relay_only)
{
  g_set_str (&self->stun, stun);
  g_strfreev (self->turn);
  self->turn = g_strdupv ((GStrv) turn);
  self->relay_only = relay_only;
}

/**
 * media_call_set_channel:
 * @channel: for messages and files, from the next epoch on. Without it the other side has no way to
 *   send any: guest and interpreter get none
 */
void
media_call_set_channel (MediaCall *self, MediaChannel *channel)
{
  g_set_object (&self->channel, channel);
}

/**
 * media_call_set_loopback:
 * @loopback: also offer 127.0.0.1, for a patient's browser on this computer; the default is what
 *   BEDSIDE_ICE_LOOPBACK=1 says
 */
void
media_call_set_loopback (MediaCall *self, gboolean loopback)
{
  self->loopback = loopback;
}

/**
 * media_call_set_microphone:
 * @on: when FALSE the patient gets true silence
 */
void
media_call_set_microphone (MediaCall *self, gboolean on)
{
  self->microphone = on;
  if (self->peer != NULL)
    media_peer_set_microphone (self->peer, on);
}

/**
 * media_call_set_camera:
 * @on: when FALSE the camera is closed and the patient gets a picture that says so
 */
void
media_call_set_camera (MediaCall *self, gboolean on)
{
  self->camera = on;
  if (self->peer != NULL)
    media_peer_set_camera (self->peer, on);
}

/**
 * media_call_set_rung:
 * @highest: what a person allows; measured loss and delay go lower by themselves, never higher
 */
void
media_call_set_rung (MediaCall *self, MediaRung highest)
{
  self->highest = highest;
  if (self->peer != NULL)
    media_peer_set_highest (self->peer, highest);
}
