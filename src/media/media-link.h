/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The way from a streaming thread back to an object of the main thread, which may be gone by then.
 */
typedef struct _MediaLink MediaLink;
typedef void (*MediaLinkFunc) (gpointer object, gpointer data);

MediaLink *media_link_new (gpointer object);
MediaLink *media_link_ref (MediaLink *self);
void media_link_unref (gpointer self);
void media_link_unref_closure (gpointer self, GClosure *closure);
void media_link_cut (MediaLink *self);
void media_link_post (MediaLink *self, MediaLinkFunc func, gpointer data, GDestroyNotify destroy);

G_END_DECLS
