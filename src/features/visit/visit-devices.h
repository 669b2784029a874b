/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-sources.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* The clinic's camera, microphone and speaker: the same for every visit of a session, and chosen by
 * name again in the next. */
MediaSources *visit_devices_get (WorkspaceSession *session);
void visit_devices_set (WorkspaceSession *session, MediaSources *sources);
void visit_devices_choose (WorkspaceSession *session, MediaDeviceKind kind, const char *id);

/* What else of a call is remembered. */
void visit_devices_set_cleaning (WorkspaceSession *session, MediaVoiceCleaning part, gboolean on);
gboolean visit_devices_get_mirror (void);
void visit_devices_set_mirror (gboolean mirror);
int visit_devices_get_corner (void);
void visit_devices_set_corner (int corner);

G_END_DECLS
