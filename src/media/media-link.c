/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-link.h"

struct _MediaLink
{
  gpointer object; /* main thread only; NULL once cut */
};

typedef struct
{
  MediaLink *link;
  MediaLinkFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Parcel;

/**
 * media_link_new:
 * @object: an object of the main thread, which calls media_link_cut () in its dispose
 */
MediaLink *
media_link_new (gpointer object)
{
  MediaLink *self = g_atomic_rc_box_new0 (MediaLink);

  self->object = object;
  return self;
}

MediaLink *
media_link_ref (MediaLink *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
media_link_unref (gpointer self)
{
  g_atomic_rc_box_release (self);
}

void
media_link_unref_closure (gpointer self, GClosure *closure)
{
  media_link_unref (self);
}

void
media_link_cut (MediaLink *self)
{
  self->object = NULL;
}

static gboolean
deliver (gpointer data)
{
  Parcel *parcel = data;

  if (parcel->link->object != NULL)
    {
      g_autoptr (GObject) object = g_object_ref (parcel->link->object);

      parcel->func (object, parcel->data);
    }
  return G_SOURCE_REMOVE;
}

static void
parcel_free (gpointer data)
{
  Parcel *parcel = data;

  if (parcel->destroy != NULL)
    parcel->destroy (parcel->data);
  media_link_unref (parcel->link);
  g_free (parcel);
}

/**
 * media_link_post:
 * @func: called on the main thread, unless the object is gone
 *
 * May be called from any thread; keeps the order of calls.
 */
void
media_link_post (MediaLink *self, MediaLinkFunc func, gpointer data, GDestroyNotify destroy)
{
  Parcel *parcel = g_new (Parcel, 1);

  *parcel = (Parcel) { media_link_ref (self), func, data, destroy };
  g_idle_add_full (G_PRIORITY_DEFAULT, deliver, parcel, parcel_free);
}
