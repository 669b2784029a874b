/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *hub_quirk_encode_urls (const char *text);
char *hub_quirk_decode_urls (const char *text);
char *hub_quirk_encode_tag (const char *tag, const char *url);
char *hub_quirk_decode_tag (const char *tag, const char *url);
char *hub_quirk_encode_body (const char *text);
char *hub_quirk_decode_body (const char *text);

G_END_DECLS
