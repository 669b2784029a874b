/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What the person at the browser sees while signing in. */
void hub_oauth_page_fault (SoupServerMessage *message, guint status, const char *sentence);
void hub_oauth_page_sign_in (SoupServerMessage *message,
                             guint status,
                             GHashTable *fields,
                             const char *sentence);

G_END_DECLS
