/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define HUB_LINK_KEY_BYTES 32

/* What a signed join link says. */
typedef struct
{
  char *appointment;
  gint64 expires; /* microseconds since 1970, whole seconds */
  char *patient;  /* a mark of the patient, which says nothing to who has no key */
} HubLink;

char *hub_link_sign (GBytes *key, const char *appointment, const char *patient, gint64 expires);
gboolean hub_link_read (GBytes *key, const char *token, gint64 now, HubLink *out, GError **error);
gboolean hub_link_is_of (const HubLink *self, GBytes *key, const char *patient);
char *hub_link_mark (GBytes *key, const char *purpose, const char *text);
char *hub_link_decode (const char *body);
void hub_link_clear (HubLink *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HubLink, hub_link_clear)

G_END_DECLS
