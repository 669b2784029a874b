/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In any text: a body, an ETag, a URL. */
char *hub_quirk_encode_versions (const char *text);
char *hub_quirk_decode_versions (const char *text);

G_END_DECLS
