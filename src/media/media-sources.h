/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "media-camera-portal.h"
#include "media-device-choice.h"
#include "media-voice.h"

G_BEGIN_DECLS

/* Derivable: tests and the scripted clinic send a picture of their own. */
#define MEDIA_TYPE_SOURCES (media_sources_get_type ())
G_DECLARE_DERIVABLE_TYPE (MediaSources, media_sources, MEDIA, SOURCES, GObject)

struct _MediaSourcesClass
{
  GObjectClass parent_class;

  /* (transfer floating): an element with a source pad of video/x-raw or audio/x-raw, or NULL with
   * error set in words for the clinician. Called on the main thread. */
  GstElement *(*make_camera) (MediaSources *self, GError **error);
  GstElement *(*make_microphone) (MediaSources *self, GError **error);
  /* (transfer floating): likewise, with a sink pad */
  GstElement *(*make_speaker) (MediaSources *self, GError **error);
};

/* Signals: "camera-changed" (), "microphone-changed" () and "speaker-changed" (): another device is
 * now the one to use; "notice" (const char *sentence): one was pulled out, or came back.
 */

MediaSources *media_sources_new (void);
void media_sources_set_portal (MediaSources *self, MediaCameraPortal *portal);
void media_sources_watch (MediaSources *self);
GListModel *media_sources_get_cameras (MediaSources *self);
GListModel *media_sources_get_microphones (MediaSources *self);
MediaDeviceChoice *media_sources_get_choice (MediaSources *self, MediaDeviceKind kind);
void media_sources_choose_camera (MediaSources *self, const char *id);
void media_sources_choose_microphone (MediaSources *self, const char *id);
GstElement *media_sources_make_camera (MediaSources *self, GError **error);
gboolean media_sources_has_camera (MediaSources *self, GError **error);
void media_sources_try_again (MediaSources *self);
GstElement *media_sources_make_microphone (MediaSources *self, GError **error);
GstElement *media_sources_make_speaker (MediaSources *self, GError **error);
void media_sources_set_cleaning (MediaSources *self, MediaVoiceCleaning cleaning);
MediaVoiceCleaning media_sources_get_cleaning (MediaSources *self);
void media_sources_set_echo_probe (MediaSources *self, const char *name);

G_END_DECLS
