/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-stun-message.h"

#include <string.h>

#include "base-id.h"

/* Messages written, and answers read without belief in anything that they say of their own size. */

#define HEADER      20
#define SHA1_LENGTH 20
#define MAX_TEXT    763 /* of realm and nonce, RFC 8489 section 14 */

typedef enum
{
  ATTRIBUTE_MAPPED_ADDRESS = 0x0001,
  ATTRIBUTE_USERNAME = 0x0006,
  ATTRIBUTE_INTEGRITY = 0x0008,
  ATTRIBUTE_ERROR_CODE = 0x0009,
  ATTRIBUTE_LIFETIME = 0x000D,
  ATTRIBUTE_REALM = 0x0014,
  ATTRIBUTE_NONCE = 0x0015,
  ATTRIBUTE_RELAYED_ADDRESS = 0x0016,
  ATTRIBUTE_TRANSPORT = 0x0019,
  ATTRIBUTE_XOR_MAPPED_ADDRESS = 0x0020,
} Attribute;

static guint
read16 (const guint8 *data)
{
  return (guint) data[0] << 8 | data[1];
}

static void
set_length (GByteArray *message, guint extra)
{
  guint length = message->len - HEADER + extra;

  message->data[2] = (guint8) (length >> 8);
  message->data[3] = (guint8) length;
}

static void
add (GByteArray *message, Attribute type, gconstpointer value, gsize length)
{
  static const guint8 padding[4];
  const guint8 head[] = { (guint8) (type >> 8), (guint8) type, (guint8) (length >> 8),
                          (guint8) length };

  g_byte_array_append (message, head, sizeof head);
  g_byte_array_append (message, value, (guint) length);
  g_byte_array_append (message, padding, (guint) (-length & 3));
}

/* HMAC-SHA1 over all before it, under MD5 of "user:realm:password"; the header already counts it.
 */
static void
add_integrity (GByteArray *message, const NetStunCredentials *credentials)
{
  g_autofree char *text =
      g_strdup_printf ("%s:%s:%s", credentials->user, credentials->realm, credentials->password);
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  g_autoptr (GHmac) hmac = NULL;
  guint8 key[16], digest[SHA1_LENGTH];
  gsize key_length = sizeof key, length = sizeof digest;

  g_checksum_update (md5, (const guchar *) text, (gssize) strlen (text));
  g_checksum_get_digest (md5, key, &key_length);
  set_length (message, 4 + SHA1_LENGTH);
  hmac = g_hmac_new (G_CHECKSUM_SHA1, key, key_length);
  g_hmac_update (hmac, message->data, (gssize) message->len);
  g_hmac_get_digest (hmac, digest, &length);
  add (message, ATTRIBUTE_INTEGRITY, digest, length);
}

/**
 * net_stun_request_new:
 * @credentials: (nullable): with realm and nonce, or NULL to hear them
 *
 * Returns: (transfer full): an allocation asks for UDP towards the patient, a refresh ends one
 */
GByteArray *
net_stun_request_new (NetStunMethod method, const NetStunCredentials *credentials)
{
  static const guint8 udp[] = { 17, 0, 0, 0 }, nothing[4];
  const guint8 head[] = { 0, (guint8) method, 0, 0, 0x21, 0x12, 0xA4, 0x42 };
  GByteArray *message = g_byte_array_sized_new (256);
  g_autoptr (GBytes) id = base_random_bytes (NET_STUN_ID);

  g_byte_array_append (message, head, sizeof head);
  g_byte_array_append (message, g_bytes_get_data (id, NULL), NET_STUN_ID);
  if (method == NET_STUN_ALLOCATE)
    add (message, ATTRIBUTE_TRANSPORT, udp, sizeof udp);
  if (method == NET_STUN_REFRESH)
    add (message, ATTRIBUTE_LIFETIME, nothing, sizeof nothing);
  if (credentials != NULL)
    {
      add (message, ATTRIBUTE_USERNAME, credentials->user, strlen (credentials->user));
      add (message, ATTRIBUTE_REALM, credentials->realm, strlen (credentials->realm));
      add (message, ATTRIBUTE_NONCE, credentials->nonce, strlen (credentials->nonce));
      add_integrity (message, credentials);
    }
  set_length (message, 0);
  return message;
}

/**
 * net_stun_message_length:
 * @header: the first four bytes
 *
 * Returns: how long the message says that it is
 */
gsize
net_stun_message_length (const guint8 *header)
{
  return HEADER + read16 (header + 2);
}

static void
take (NetStunAnswer *answer, Attribute type, const guint8 *value, gsize length)
{
  switch (type)
    {
    case ATTRIBUTE_ERROR_CODE:
      if (length >= 4)
        answer->code = (value[2] & 7u) * 100 + value[3];
      break;
    case ATTRIBUTE_REALM:
    case ATTRIBUTE_NONCE:
      if (length <= MAX_TEXT && memchr (value, 0, length) == NULL)
        {
          char **text = type == ATTRIBUTE_REALM ? &answer->realm : &answer->nonce;

          g_free (*text);
          *text = g_strndup ((const char *) value, length);
        }
      break;
    case ATTRIBUTE_MAPPED_ADDRESS:
    case ATTRIBUTE_XOR_MAPPED_ADDRESS:
    case ATTRIBUTE_RELAYED_ADDRESS:
      answer->has_address = length >= 8;
      break;
    case ATTRIBUTE_USERNAME:
    case ATTRIBUTE_INTEGRITY:
    case ATTRIBUTE_LIFETIME:
    case ATTRIBUTE_TRANSPORT:
      break;
    }
}

/**
 * net_stun_answer_read:
 * @request: what it must be an answer to
 *
 * Returns: whether @data is a whole, well-formed answer to @request
 */
gboolean
net_stun_answer_read (const guint8 *data,
                      gsize length,
                      const GByteArray *request,
                      NetStunAnswer *answer)
{
  gsize at = HEADER;

  if (length < HEADER || length != net_stun_message_length (data) ||
      memcmp (data + 4, request->data + 4, 4 + NET_STUN_ID) != 0)
    return FALSE;
  /* success is 0x0100 beside the method, an error 0x0110 */
  if (data[0] != 1 || (data[1] & ~0x10) != request->data[1])
    return FALSE;
  answer->is_success = (data[1] & 0x10) == 0;
  while (at + 4 <= length)
    {
      guint type = read16 (data + at);
      gsize size = read16 (data + at + 2);

      if (size > length - at - 4)
        return FALSE;
      take (answer, type, data + at + 4, size);
      at += 4 + size + (-size & 3);
    }
  return TRUE;
}

void
net_stun_answer_clear (NetStunAnswer *answer)
{
  g_clear_pointer (&answer->realm, g_free);
  g_clear_pointer (&answer->nonce, g_free);
}
