/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

/* How much may be sent again: a quarter of the rate, so that answering losses cannot cause more. */
typedef struct _MediaRtxBudget MediaRtxBudget;

MediaRtxBudget *media_rtx_budget_new (void);
MediaRtxBudget *media_rtx_budget_ref (MediaRtxBudget *self);
void media_rtx_budget_unref (MediaRtxBudget *self);
void media_rtx_budget_set_rate (MediaRtxBudget *self, guint bps);
gboolean media_rtx_budget_take (MediaRtxBudget *self, guint bytes, gint64 now_us);
guint media_rtx_budget_steal_refusals (MediaRtxBudget *self);
void media_rtx_budget_attach (MediaRtxBudget *self, GstElement *rtprtxsend);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaRtxBudget, media_rtx_budget_unref)

G_END_DECLS
