/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "media-call.h"
#include "media-patient.h"
#include "udp-relay.h"

G_BEGIN_DECLS

/* The clinic's MediaCall against a real Chromium, headless, on the loopback. The browser runs the
 * patient's own call.js and quality.js; one is opened for all calls of a test program. */
typedef struct
{
  MediaSources *sources;
  MediaCall *call;
  UdpRelay *relay; /* NULL: a good network */
  guint epoch;
  gboolean meddle;
  guint shown, clocked, refused, renewals;
  GArray *delays;      /* ms, patient to clinic */
  gint64 frames, seen; /* at the patient: all, and with a readable clock */
  gint64 base_seen;    /* for the tests */
  double peak;
  GArray *their_delays;

  MediaQuality quality; /* the last second at the clinic */
  guint qualities;
  guint said[MEDIA_VERDICT_LOST + 1], shown_there[MEDIA_VERDICT_LOST + 1]; /* seconds of each */
  MediaVerdict verdict;                                                    /* what the page shows */
  int beat_ago_ms, heard_ago_ms; /* at the page: the last beat; anything at all */
  double samples, concealed;     /* of sound, at the page */
  guint reports, agreed;         /* of the page, four a second; those that say the same as here */
  gint64 started_us;
  FILE *record; /* what each end knew, and when, is written there; NULL */
} MediaBrowserCall;

void media_browser_open (void);
void media_browser_close (void);
MediaVerdict media_browser_verdict (const char *id);
gint64 media_browser_median (GArray *values);

MediaBrowserCall *media_browser_call_new (MediaTestSources *sources, UdpRelay *relay);
void media_browser_call_free (MediaBrowserCall *self);
void media_browser_call_start (MediaBrowserCall *self);

G_END_DECLS
