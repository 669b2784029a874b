/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean media_description_check_answer (const char *offer, const char *answer, GError **error);
GArray *media_description_get_ssrcs (const char *sdp, const char *kind);

G_END_DECLS
