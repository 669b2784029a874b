/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void base_locale_start (const char *installed);
void base_locale_use_language (const char *language);

G_END_DECLS
