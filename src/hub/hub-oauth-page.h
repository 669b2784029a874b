/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Why there is no sign-in at all. */
typedef enum
{
  HUB_OAUTH_FAULT_PROGRAM, /* the program that asks is not allowed to, as it asks */
  HUB_OAUTH_FAULT_METHOD,
} HubOauthFault;

/* What the person at the browser sees while signing in, in the language that the program asks for,
 * else in the browser's. @fields: (nullable): the client's question */
void hub_oauth_page_fault (SoupServerMessage *message,
                           guint status,
                           GHashTable *fields,
                           HubOauthFault fault);
void hub_oauth_page_sign_in (SoupServerMessage *message,
                             guint status,
                             GHashTable *fields,
                             const char *sentence);

G_END_DECLS
