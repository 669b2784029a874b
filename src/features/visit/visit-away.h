/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *visit_away_words (const char *reason, const char *since);

G_END_DECLS
