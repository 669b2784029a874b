/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  MEDIA_CAMERA_PORTAL_LOOKING, /* whether there is a portal, and a camera behind it */
  MEDIA_CAMERA_PORTAL_MISSING, /* this desktop has none */
  MEDIA_CAMERA_PORTAL_ABSENT,  /* it knows of no camera */
  MEDIA_CAMERA_PORTAL_UNASKED, /* there is one, which nobody needed yet */
  MEDIA_CAMERA_PORTAL_ASKING,  /* a person is asked */
  MEDIA_CAMERA_PORTAL_REFUSED, /* somebody said no, now or at an earlier time */
  MEDIA_CAMERA_PORTAL_FAILED,  /* it was not answered, or not as a portal answers */
  MEDIA_CAMERA_PORTAL_OPEN,
} MediaCameraPortalState;

/**
 * MediaCameraPortal:
 *
 * Cameras that the desktop lends to a program which may not open one by itself: in a sandbox. It is
 * asked when a camera is needed, and not again before a person wants that.
 *
 * signal "changed" (): another state, or other cameras
 */
#define MEDIA_TYPE_CAMERA_PORTAL (media_camera_portal_get_type ())
G_DECLARE_FINAL_TYPE (MediaCameraPortal, media_camera_portal, MEDIA, CAMERA_PORTAL, GObject)

MediaCameraPortal *media_camera_portal_new (GDBusConnection *bus, gboolean sandboxed);
void media_camera_portal_close (MediaCameraPortal *self);
void media_camera_portal_ask (MediaCameraPortal *self);
void media_camera_portal_forget (MediaCameraPortal *self);
MediaCameraPortalState media_camera_portal_get_state (MediaCameraPortal *self);
void media_camera_portal_set_error (MediaCameraPortal *self, GError **error);
GList *media_camera_portal_list (MediaCameraPortal *self);

G_END_DECLS
