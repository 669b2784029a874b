/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

GBytes *hub_gzip_unpack (GBytes *packed, gsize limit, GError **error);
gboolean
hub_gzip_read_body (SoupServerMessage *message, gsize limit, GBytes **body, GError **error);
gboolean hub_gzip_is_taken (SoupServerMessage *message);
GConverter *hub_gzip_new_packer (void);
GBytes *hub_gzip_pack_piece (GConverter *packer, GString *plain, gboolean is_last);
GBytes *hub_gzip_find_answer (SoupServerMessage *message);
GBytes *hub_gzip_pack (GBytes *plain);
void hub_gzip_set_answer (SoupServerMessage *message, GBytes *packed);

G_END_DECLS
