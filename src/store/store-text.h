/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *store_text_stamp (const char *text, const char *version, const char *updated);
char *store_text_canonical (const char *text);

G_END_DECLS
