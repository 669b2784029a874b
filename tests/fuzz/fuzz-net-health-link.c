/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "base-id.h"
#include "net-health-link.h"
#include "net-jwe.h"

/* A health link as it is typed, scanned or clicked, and what its server sends. What is taken has an
 * address of https and a key, and its words can be shown. */

#define LIMIT 65536

static void
try_link (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NetHealthLink) link = net_health_link_parse (text, &error);

  g_assert_true ((link == NULL) == (error != NULL));
  if (!link)
    return;
  g_assert_cmpint (g_ascii_strncasecmp (link->url, "https://", 8), ==, 0);
  g_assert_true (link->host && *link->host != '\0' && g_utf8_validate (link->host, -1, NULL));
  g_assert_cmpuint (g_bytes_get_size (link->key), ==, NET_JWE_KEY_BYTES);
  g_assert_true (!link->label || g_utf8_validate (link->label, -1, NULL));
}

/* So that the reader of what is within is reached, too. */
static void
try_wrapped (const char *json)
{
  g_autofree char *encoded = base_base64url ((const guint8 *) json, strlen (json));
  g_autofree char *text = g_strconcat (NET_HEALTH_LINK_PREFIX, encoded, NULL);

  try_link (text);
}

static void
try_answer (const char *compact)
{
  static const guint8 bytes[NET_JWE_KEY_BYTES] = { 7 };
  g_autoptr (GBytes) key = g_bytes_new_static (bytes, sizeof bytes);
  g_autoptr (GError) error = NULL;
  g_autofree char *type = NULL;
  g_autoptr (GBytes) clear = net_jwe_decrypt (compact, key, LIMIT, &type, &error);

  g_assert_true ((clear == NULL) == (error != NULL));
  g_assert_true (!clear || g_bytes_get_size (clear) <= LIMIT);
}

/* The first byte says which of the three it is. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = size > 0 ? g_strndup ((const char *) data + 1, size - 1) : NULL;

  if (!text)
    return 0;
  if (data[0] == 'l')
    try_link (text);
  else if (data[0] == 'j')
    try_wrapped (text);
  else
    try_answer (text);
  return 0;
}
