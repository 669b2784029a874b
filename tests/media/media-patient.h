/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-call.h"

G_BEGIN_DECLS

/* The patient's side of a call in the same process: answers each offer with its own webrtcbin,
 * sends a picture with a painted clock and a tone, and counts what it receives. */
typedef struct
{
  MediaCall *call;
  GstElement *pipeline, *webrtcbin;

  char *(*alter) (char *sdp); /* (transfer full) both ways: what a meddler does to the answer */
  gboolean mute_signalling;   /* answers are not handed over */
  /* (transfer full) (nullable): what the other end is told instead of a candidate */
  char *(*route) (gpointer data, gboolean to_patient, const char *candidate);
  gpointer route_data;
  char *answer;
  guint epoch, offers;
  int clocked, plain;      /* pictures received with and without a painted clock; atomic */
  int contrast;            /* of the last plain one, largest minus smallest luma; atomic */
  int beats;               /* atomic */
  int flood;               /* atomic: answers to each beat, and as many giant ones; 0: one answer */
  const char *figures;     /* what it measures, as " loss=1 …"; NULL nothing */
  int sound_buffers, peak; /* atomic; the loudest sample since media_patient_listen () */
} MediaPatient;

MediaPatient *media_patient_new (MediaCall *call);
void media_patient_free (MediaPatient *self);
void media_patient_drop (MediaPatient *self);
void media_patient_listen (MediaPatient *self);

/* Sources of a clinic: a clock-painted camera and a tone, or neither. */
#define MEDIA_TYPE_TEST_SOURCES (media_test_sources_get_type ())
G_DECLARE_FINAL_TYPE (MediaTestSources, media_test_sources, MEDIA, TEST_SOURCES, MediaSources)
MediaTestSources *media_test_sources_new (gboolean has_devices);
void media_test_sources_set_breaking (MediaTestSources *self);
void media_test_sources_set_noisy (MediaTestSources *self);

typedef gboolean (*MediaTestCondition) (gpointer data);
gboolean media_test_wait (MediaTestCondition condition, gpointer data, guint seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaPatient, media_patient_free)

G_END_DECLS
