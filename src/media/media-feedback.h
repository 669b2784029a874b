/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-rate-control.h"
#include "media-rtx-budget.h"

G_BEGIN_DECLS

/* What is heard about a path, collected from streaming threads; reference counted. */
typedef struct _MediaFeedback MediaFeedback;

MediaFeedback *media_feedback_new (void);
MediaFeedback *media_feedback_ref (MediaFeedback *self);
void media_feedback_unref (gpointer self);
void media_feedback_attach (MediaFeedback *self, GstElement *webrtcbin);
void media_feedback_set_audio_ssrcs (MediaFeedback *self, GArray *ssrcs);
void media_feedback_ask (MediaFeedback *self, GstElement *webrtcbin);
void media_feedback_take_sample (MediaFeedback *self, MediaRateSample *sample);
void media_feedback_forget_loss (MediaFeedback *self);
double media_feedback_take_loss_percent (MediaFeedback *self);
void media_feedback_read_buffers (MediaFeedback *self, double *loss_percent, int *jitter_ms);
int media_feedback_get_round_trip_ms (MediaFeedback *self);
MediaRtxBudget *media_feedback_get_budget (MediaFeedback *self);

G_END_DECLS
