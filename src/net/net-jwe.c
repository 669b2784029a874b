/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-jwe.h"

#include <glib/gi18n.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base-id.h"

/* What a health link holds, opened: the compact serialization of RFC 7516 with one algorithm and no
 * choice, a key that is used as it is ("dir") with AES-256 in Galois/Counter Mode ("A256GCM"). The
 * mathematics is GnuTLS's. */

#define PARTS      5
#define NONCE      12
#define TAG        16
#define HEADER_MAX 4096

/* Whoever reads this needs to know no more. */
static void
set_broken (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("What the link leads to is damaged, or not made for this link. Ask for a "
                          "new link."));
}

static const char *
member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* Whether the header asks for what is done here and nothing else; @is_deflated: (out) */
static gboolean
read_header (const char *encoded, gboolean *is_deflated, char **content_type)
{
  g_autoptr (GBytes) bytes = strlen (encoded) <= HEADER_MAX ? base_unbase64url (encoded) : NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root = NULL;
  JsonObject *header;
  const char *zip;

  if (bytes && json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL),
                                           (gssize) g_bytes_get_size (bytes), NULL))
    root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;
  header = json_node_get_object (root);
  zip = member (header, "zip");
  *is_deflated = g_strcmp0 (zip, "DEF") == 0;
  *content_type = g_strdup (member (header, "cty"));
  return g_strcmp0 (member (header, "alg"), "dir") == 0 &&
         g_strcmp0 (member (header, "enc"), "A256GCM") == 0 &&
         (!json_object_has_member (header, "zip") || *is_deflated) &&
         !json_object_has_member (header, "crit");
}

/* (transfer full) (nullable): in the clear; NULL where the tag does not fit */
static GBytes *
open_sealed (GBytes *key, const char *header, GBytes *nonce, GBytes *sealed, GBytes *tag)
{
  gsize key_size, nonce_size = g_bytes_get_size (nonce), size = g_bytes_get_size (sealed);
  gnutls_datum_t secret = { (guint8 *) g_bytes_get_data (key, &key_size), (guint) key_size };
  gnutls_aead_cipher_hd_t cipher;
  g_autofree guint8 *both = g_malloc (size + TAG);
  g_autofree guint8 *clear = g_malloc (size + TAG);
  size_t clear_size = size + TAG;
  int code;

  if (size > 0)
    memcpy (both, g_bytes_get_data (sealed, NULL), size);
  memcpy (both + size, g_bytes_get_data (tag, NULL), TAG);
  if (gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &secret) < 0)
    return NULL;
  code = gnutls_aead_cipher_decrypt (cipher, g_bytes_get_data (nonce, NULL), nonce_size, header,
                                     strlen (header), TAG, both, size + TAG, clear, &clear_size);
  gnutls_aead_cipher_deinit (cipher);
  return code < 0 ? NULL : g_bytes_new_take (g_steal_pointer (&clear), clear_size);
}

/* A small text may stand for one that fills the memory: no more than @limit is unpacked. */
static GBytes *
inflate (GBytes *packed, gsize limit, GError **error)
{
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_bytes (packed);
  g_autoptr (GZlibDecompressor) unpacker = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, G_CONVERTER (unpacker));
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *part = g_malloc (65536);

  for (;;)
    {
      gssize got = g_input_stream_read (stream, part, 65536, NULL, NULL);

      if (got < 0 || out->len + (gsize) MAX (got, 0) > limit)
        {
          set_broken (error);
          return NULL;
        }
      if (got == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&out));
      g_byte_array_append (out, part, (guint) got);
    }
}

static gboolean
is_of_size (GBytes *bytes, gsize size)
{
  return bytes && g_bytes_get_size (bytes) == size;
}

/**
 * net_jwe_decrypt:
 * @compact: "header..nonce.sealed.tag"
 * @key: of NET_JWE_KEY_BYTES
 * @limit: bytes that it may unpack to
 * @content_type: (out) (transfer full) (nullable): what the header says it is
 *
 * Returns: (transfer full) (nullable): what was sealed; NULL with a sentence where it is not what
 *   it should be, whatever of it
 */
GBytes *
net_jwe_decrypt (const char *compact, GBytes *key, gsize limit, char **content_type, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (compact, ".", PARTS + 1);
  gboolean whole = g_strv_length (parts) == PARTS && *parts[1] == '\0';
  g_autoptr (GBytes) nonce = whole ? base_unbase64url (parts[2]) : NULL;
  g_autoptr (GBytes) sealed = whole ? base_unbase64url (parts[3]) : NULL;
  g_autoptr (GBytes) tag = whole ? base_unbase64url (parts[4]) : NULL;
  g_autoptr (GBytes) clear = NULL;
  g_autofree char *type = NULL;
  gboolean is_deflated = FALSE;

  if (whole && read_header (parts[0], &is_deflated, &type) && sealed && is_of_size (nonce, NONCE) &&
      is_of_size (tag, TAG) && is_of_size (key, NET_JWE_KEY_BYTES))
    clear = open_sealed (key, parts[0], nonce, sealed, tag);
  if (!clear || (!is_deflated && g_bytes_get_size (clear) > limit))
    {
      set_broken (error);
      return NULL;
    }
  if (content_type)
    *content_type = g_steal_pointer (&type);
  return is_deflated ? inflate (clear, limit, error) : g_steal_pointer (&clear);
}
