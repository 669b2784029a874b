/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define NET_DISCOVERY_ANSWER_MAX ((gsize) 1024 * 1024)

gboolean net_discovery_read (SoupSession *http,
                             char **base_url,
                             char **authorize_url,
                             char **token_url,
                             GCancellable *cancellable,
                             GError **error);

G_END_DECLS
