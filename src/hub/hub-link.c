/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-link.h"

#include <string.h>

#include "base-id.h"
#include "fhir-resource.h"
#include "hub-reply.h"

/* Join links that are checked without a store: what they say, and an HMAC-SHA-256 of it with a key
 * that all copies of a hub share. The patient's id does not stand in the link, for links get into
 * histories and mail boxes; a keyed mark of it does, so that a link does not open the visit of
 * whoever is put into the appointment later. */

#define VERSION    "1"
#define MARK_CHARS 22 /* 131 bits */
#define TOKEN_MAX  512

/**
 * hub_link_mark:
 * @purpose: what for: a mark made for one purpose says nothing for another
 *
 * Returns: (transfer full): base64url of a keyed digest of @text
 */
char *
hub_link_mark (GBytes *key, const char *purpose, const char *text)
{
  g_autofree char *whole = g_strconcat (purpose, ":", text, NULL);
  gsize length;
  const guchar *bytes = g_bytes_get_data (key, &length);
  g_autofree char *hex =
      g_compute_hmac_for_string (G_CHECKSUM_SHA256, bytes, length, whole, (gssize) strlen (whole));
  g_autoptr (GBytes) digest = base_unhex (hex);

  return base_base64url (g_bytes_get_data (digest, NULL), g_bytes_get_size (digest));
}

static char *
patient_mark (GBytes *key, const char *patient)
{
  char *mark = hub_link_mark (key, "patient", patient);

  mark[MARK_CHARS] = '\0';
  return mark;
}

/**
 * hub_link_sign:
 * @expires: microseconds since 1970
 *
 * Returns: (transfer full): the token of a link
 */
char *
hub_link_sign (GBytes *key, const char *appointment, const char *patient, gint64 expires)
{
  g_autofree char *mark = patient_mark (key, patient);
  g_autofree char *payload = g_strdup_printf (VERSION ":%" G_GINT64_FORMAT ":%s:%s",
                                              expires / G_USEC_PER_SEC, mark, appointment);
  g_autofree char *body = base_base64url ((const guint8 *) payload, strlen (payload));
  g_autofree char *seal = hub_link_mark (key, "join", body);

  return g_strconcat (body, ".", seal, NULL);
}

/**
 * hub_link_decode:
 *
 * Returns: (transfer full): the text that @body is the base64url of
 */
char *
hub_link_decode (const char *body)
{
  g_autoptr (GString) text = g_string_new (body);
  g_autofree guchar *bytes = NULL;
  gsize length;

  g_string_replace (text, "-", "+", 0);
  g_string_replace (text, "_", "/", 0);
  while (text->len % 4 != 0)
    g_string_append_c (text, '=');
  bytes = g_base64_decode (text->str, &length);
  return g_strndup ((const char *) bytes, length);
}

static gboolean
read_payload (const char *payload, HubLink *out)
{
  g_auto (GStrv) parts = g_strsplit (payload, ":", 5);
  gint64 seconds;

  if (g_strv_length (parts) != 4 || !g_str_equal (parts[0], VERSION) ||
      !fhir_id_is_valid (parts[3]) ||
      !g_ascii_string_to_signed (parts[1], 10, 0, G_MAXINT64 / G_USEC_PER_SEC, &seconds, NULL))
    return FALSE;
  out->expires = seconds * G_USEC_PER_SEC;
  out->patient = g_strdup (parts[2]);
  out->appointment = g_strdup (parts[3]);
  return TRUE;
}

/**
 * hub_link_read:
 * @out: (out): what the link says
 * @error: HUB_ERROR 404 alike for one that nobody signed, that was changed, and that has expired
 */
gboolean
hub_link_read (GBytes *key, const char *token, gint64 now, HubLink *out, GError **error)
{
  const char *dot = strchr (token, '.');
  g_autofree char *body = dot != NULL ? g_strndup (token, (gsize) (dot - token)) : NULL;
  g_autofree char *seal = NULL;
  g_autofree char *payload = NULL;

  if (body != NULL && strlen (token) <= TOKEN_MAX)
    seal = hub_link_mark (key, "join", body);
  if (seal != NULL && base_equal_constant_time (seal, dot + 1))
    payload = hub_link_decode (body);
  if (payload != NULL && read_payload (payload, out) && now < out->expires)
    return TRUE;
  g_set_error_literal (error, HUB_ERROR, 404, "There is no such link");
  return FALSE;
}

/**
 * hub_link_is_of:
 *
 * Returns: whether the link was made for this patient
 */
gboolean
hub_link_is_of (const HubLink *self, GBytes *key, const char *patient)
{
  g_autofree char *mark = patient_mark (key, patient);

  return base_equal_constant_time (mark, self->patient);
}

void
hub_link_clear (HubLink *self)
{
  g_clear_pointer (&self->appointment, g_free);
  g_clear_pointer (&self->patient, g_free);
}
