/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "hub-server.h"

G_BEGIN_DECLS

/* The copies of a hub in front of another server. A visit belongs to one of those that live, by its
 * id, so that its two sockets meet without anybody remembering where.
 *
 * signal "changed": another copy came or went */
#define HUB_TYPE_COPIES (hub_copies_get_type ())
G_DECLARE_FINAL_TYPE (HubCopies, hub_copies, HUB, COPIES, GObject)

HubCopies *hub_copies_new (const char *urls, GError **error);
void hub_copies_attach (HubCopies *self, HubServer *server);
const char *hub_copies_find_owner (HubCopies *self, const char *visit);
void hub_copies_note_lost (HubCopies *self, const char *url);

G_END_DECLS
