/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A few messages of RFC 8489 (STUN) and RFC 8656 (TURN): what asking a server takes. */

#define NET_STUN_MAX_MESSAGE 2048
#define NET_STUN_ID          12

typedef enum
{
  NET_STUN_BINDING = 0x001,
  NET_STUN_ALLOCATE = 0x003,
  NET_STUN_REFRESH = 0x004,
} NetStunMethod;

/* By the long-term mechanism; realm and nonce come from the server's first answer. */
typedef struct
{
  const char *user, *password;
  char *realm, *nonce;
} NetStunCredentials;

typedef struct
{
  gboolean is_success;
  guint code; /* of an error, 401 say */
  char *realm, *nonce;
  gboolean has_address; /* mapped, for a binding; relayed, for an allocation */
} NetStunAnswer;

GByteArray *net_stun_request_new (NetStunMethod method, const NetStunCredentials *credentials);
gboolean net_stun_answer_read (const guint8 *data,
                               gsize length,
                               const GByteArray *request,
                               NetStunAnswer *answer);
void net_stun_answer_clear (NetStunAnswer *answer);
gsize net_stun_message_length (const guint8 *header);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NetStunAnswer, net_stun_answer_clear)

G_END_DECLS
