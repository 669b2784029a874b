/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-gzip.h"

#include <string.h>

#include "hub-reply.h"

/* gzip both ways. What comes in is unpacked up to the limit that plain bodies have, whatever its
 * packed size; what goes out is packed where the client takes it and it is worth it. */

#define WORTH 1024        /* bytes of an answer; less is sent as it is */
#define LEVEL 3           /* a page of JSON shrinks to a tenth with any, and this one is quick */
#define PIECE (64 * 1024) /* bytes unpacked at once */

/* One step of @converter on what is left of @in. */
static GConverterResult
step (GConverter *converter,
      GBytes *in,
      gsize *at,
      GConverterFlags flags,
      GByteArray *out,
      GError **error)
{
  guint8 piece[PIECE];
  gsize length, read = 0, written = 0;
  const guint8 *bytes = g_bytes_get_data (in, &length);
  GConverterResult result = g_converter_convert (converter, bytes + *at, length - *at, piece,
                                                 sizeof piece, flags, &read, &written, error);

  *at += read;
  if (result != G_CONVERTER_ERROR)
    g_byte_array_append (out, piece, (guint) written);
  return result;
}

/**
 * hub_gzip_unpack:
 * @limit: bytes that the result may have
 *
 * Returns: (transfer full) (nullable): what was packed; HUB_ERROR 413 past the limit, where the
 *   unpacking ended, 400 where it is no gzip
 */
GBytes *
hub_gzip_unpack (GBytes *packed, gsize limit, GError **error)
{
  g_autoptr (GZlibDecompressor) unpacker = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) problem = NULL;
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize at = 0;

  while (result == G_CONVERTER_CONVERTED && out->len <= limit)
    result = step (G_CONVERTER (unpacker), packed, &at, G_CONVERTER_INPUT_AT_END, out, &problem);
  if (out->len > limit)
    g_set_error (error, HUB_ERROR, 413,
                 "The body is larger than %" G_GSIZE_FORMAT " MB when it is unpacked: send it in "
                 "smaller parts",
                 limit / 1024 / 1024);
  else if (result != G_CONVERTER_FINISHED || at != g_bytes_get_size (packed))
    g_set_error (error, HUB_ERROR, 400, "The body is not whole gzip: %s",
                 problem != NULL ? problem->message : "more follows its end");
  else
    return g_byte_array_free_to_bytes (g_steal_pointer (&out));
  return NULL;
}

/**
 * hub_gzip_read_body:
 * @body: (out) (transfer full): the body, unpacked where it was packed
 *
 * Returns: FALSE with HUB_ERROR 415 where it is packed in another way
 */
gboolean
hub_gzip_read_body (SoupServerMessage *message, gsize limit, GBytes **body, GError **error)
{
  const char *encoding =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message),
                                     "Content-Encoding");
  g_autoptr (GBytes) sent =
      soup_message_body_flatten (soup_server_message_get_request_body (message));

  if (encoding == NULL || g_ascii_strcasecmp (encoding, "identity") == 0)
    *body = g_steal_pointer (&sent);
  else if (g_ascii_strcasecmp (encoding, "gzip") == 0 ||
           g_ascii_strcasecmp (encoding, "x-gzip") == 0)
    *body = hub_gzip_unpack (sent, limit, error);
  else
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "Accept-Encoding", "gzip");
      g_set_error (error, HUB_ERROR, 415,
                   "The body is packed as “%s”: send it plain or as gzip, once", encoding);
      *body = NULL;
    }
  return *body != NULL;
}

static gboolean
is_in (GSList *list, const char *name)
{
  for (GSList *item = list; item != NULL; item = item->next)
    if (g_ascii_strcasecmp (item->data, name) == 0)
      return TRUE;
  return FALSE;
}

/**
 * hub_gzip_is_taken:
 *
 * Returns: whether the client takes an answer as gzip
 */
gboolean
hub_gzip_is_taken (SoupServerMessage *message)
{
  const char *accept =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message),
                                     "Accept-Encoding");
  GSList *refused = NULL, *taken;
  gboolean takes;

  if (accept == NULL)
    return FALSE;
  taken = soup_header_parse_quality_list (accept, &refused);
  takes = is_in (taken, "gzip") || (is_in (taken, "*") && !is_in (refused, "gzip"));
  soup_header_free_list (taken);
  soup_header_free_list (refused);
  return takes;
}

/* Pictures and the like are packed already. */
static gboolean
is_text (SoupMessageHeaders *headers)
{
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  return type != NULL && (g_str_has_prefix (type, "text/") || strstr (type, "json") != NULL ||
                          strstr (type, "xml") != NULL);
}

/**
 * hub_gzip_find_answer:
 *
 * Returns: (transfer full) (nullable): the answer in @message, where it is to be packed
 */
GBytes *
hub_gzip_find_answer (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  if (body->length < WORTH || !is_text (headers) ||
      soup_message_headers_get_one (headers, "Content-Encoding") != NULL)
    return NULL;
  soup_message_headers_replace (headers, "Vary", "Accept-Encoding");
  return hub_gzip_is_taken (message) ? soup_message_body_flatten (body) : NULL;
}

/**
 * hub_gzip_pack:
 *
 * May run on any thread.
 *
 * Returns: (transfer full): @plain as gzip
 */
GBytes *
hub_gzip_pack (GBytes *plain)
{
  g_autoptr (GZlibCompressor) packer = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize at = 0;

  while (result == G_CONVERTER_CONVERTED)
    result = step (G_CONVERTER (packer), plain, &at, G_CONVERTER_INPUT_AT_END, out, NULL);
  g_return_val_if_fail (result == G_CONVERTER_FINISHED, g_bytes_ref (plain));
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/**
 * hub_gzip_new_packer:
 *
 * Returns: (transfer full): for hub_gzip_pack_piece()
 */
GConverter *
hub_gzip_new_packer (void)
{
  return G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL));
}

/**
 * hub_gzip_pack_piece:
 * @plain: the next piece of what is packed as one
 *
 * May run on any thread, on one at a time.
 *
 * Returns: (transfer full): its packed bytes, all of them, so that they can be sent
 */
GBytes *
hub_gzip_pack_piece (GConverter *packer, GString *plain, gboolean is_last)
{
  GConverterFlags flags = is_last ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_FLUSH;
  g_autoptr (GBytes) in = g_bytes_new (plain->str, plain->len);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize at = 0;

  if (plain->len > 0 || is_last)
    while (result == G_CONVERTER_CONVERTED)
      result = step (packer, in, &at, flags, out, NULL);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/**
 * hub_gzip_set_answer:
 * @packed: of hub_gzip_pack()
 */
void
hub_gzip_set_answer (SoupServerMessage *message, GBytes *packed)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Content-Encoding", "gzip");
  soup_message_body_truncate (body);
  soup_message_body_append_bytes (body, packed);
}
