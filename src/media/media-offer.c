/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-offer.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

/* The offer that a peer connection makes when it has something to agree on. */

typedef struct
{
  GstElement *webrtcbin; /* NULL while it is watched: it would hold itself */
  MediaLink *link;
  MediaLinkFunc made;
} Offer;

static Offer *
offer_new (GstElement *webrtcbin, MediaLink *link, MediaLinkFunc made)
{
  Offer *self = g_new (Offer, 1);

  *self = (Offer) { webrtcbin != NULL ? gst_object_ref (webrtcbin) : NULL, media_link_ref (link),
                    made };
  return self;
}

static void
offer_free (gpointer data)
{
  Offer *self = data;

  gst_clear_object (&self->webrtcbin);
  media_link_unref (self->link);
  g_free (self);
}

static void
offer_free_closure (gpointer data, GClosure *closure)
{
  offer_free (data);
}

static void
offer_created_cb (GstPromise *promise, gpointer data)
{
  Offer *self = data;
  const GstStructure *reply = gst_promise_get_reply (promise);
  g_autoptr (GstWebRTCSessionDescription) offer = NULL;
  g_autoptr (GstPromise) local = NULL;

  if (reply != NULL)
    gst_structure_get (reply, "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
  if (offer == NULL)
    return;
  local = gst_promise_new ();
  g_signal_emit_by_name (self->webrtcbin, "set-local-description", offer, local);
  gst_promise_interrupt (local);
  media_link_post (self->link, self->made, gst_sdp_message_as_text (offer->sdp), g_free);
}

static void
negotiation_needed_cb (GstElement *webrtcbin, Offer *watch)
{
  g_autoptr (GstPromise) promise =
      gst_promise_new_with_change_func (offer_created_cb,
                                        offer_new (webrtcbin, watch->link, watch->made),
                                        offer_free);

  g_signal_emit_by_name (webrtcbin, "create-offer", NULL, promise);
}

/**
 * media_offer_watch:
 * @made: hears on the main thread, by @link, of each offer that @webrtcbin made and took for its
 * own
 */
void
media_offer_watch (GstElement *webrtcbin, MediaLink *link, MediaLinkFunc made)
{
  g_signal_connect_data (webrtcbin, "on-negotiation-needed", G_CALLBACK (negotiation_needed_cb),
                         offer_new (NULL, link, made), offer_free_closure, 0);
}
