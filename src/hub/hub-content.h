/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-content.h"

G_BEGIN_DECLS

/* The clinical content that a command works with: the site's own, or what comes with
 * Bedside. */
StoreContent *hub_content_open (const char *site_file, BaseClock *clock, GError **error);

G_END_DECLS
