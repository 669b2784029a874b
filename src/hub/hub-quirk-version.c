/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-quirk-private.h"

/* Versions that are opaque: each number is a UUID of its own, and back again, without a table. The
 * same number is the same UUID in every resource. */

#define TAIL "-4bed-8c1e-0b5e55ed0a1f"

/* A number times an odd one, modulo 2^32: one to one, and without an order that one could see. */
#define SCRAMBLE 0x9e3779b1u

static guint32
inverse (void)
{
  guint32 x = SCRAMBLE; /* Newton: each step doubles the bits that are right */

  for (int i = 0; i < 5; i++)
    x *= 2u - SCRAMBLE * x;
  return x;
}

static char *
version_to_uuid (guint32 version)
{
  guint32 scrambled = version * SCRAMBLE;

  return g_strdup_printf ("%08x-%04x" TAIL, scrambled, (scrambled >> 16) ^ (scrambled & 0xffff));
}

static gboolean
encode_cb (const GMatchInfo *match, GString *out, gpointer data)
{
  g_autofree char *before = g_match_info_fetch (match, 1);
  g_autofree char *digits = g_match_info_fetch (match, 2);
  g_autofree char *uuid = version_to_uuid ((guint32) g_ascii_strtoull (digits, NULL, 10));

  g_string_append_printf (out, "%s%s", before, uuid);
  return FALSE;
}

static gboolean
decode_cb (const GMatchInfo *match, GString *out, gpointer data)
{
  g_autofree char *first = g_match_info_fetch (match, 1);

  g_string_append_printf (out, "%u", (guint32) g_ascii_strtoull (first, NULL, 16) * inverse ());
  return FALSE;
}

static char *
replace (const char *text, const char *pattern, GRegexEvalCallback callback)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, G_REGEX_MATCH_DEFAULT, NULL);
  char *replaced =
      g_regex_replace_eval (regex, text, -1, 0, G_REGEX_MATCH_DEFAULT, callback, NULL, NULL);

  return replaced != NULL ? replaced : g_strdup (text);
}

/* Where versions stand: meta.versionId, ETags, and version-specific URLs. */
char *
hub_quirk_encode_versions (const char *text)
{
  return replace (text, "(\"versionId\"\\s*:\\s*\"|W/\\\\?\"|/_history/)([0-9]+)(?![0-9A-Za-z-])",
                  encode_cb);
}

static gboolean
spoil_cb (const GMatchInfo *match, GString *out, gpointer data)
{
  g_autofree char *before = g_match_info_fetch (match, 1);
  g_autofree char *digits = g_match_info_fetch (match, 2);

  g_string_append_printf (out, "%sno-%s", before, digits);
  return FALSE;
}

/* An integer that a client made up is no version here, and must not become one. */
char *
hub_quirk_decode_versions (const char *text)
{
  g_autofree char *strange =
      replace (text, "(W/\\\\?\"|/_history/)([0-9]+)(?![0-9A-Za-z-])", spoil_cb);

  return replace (strange, "([0-9a-f]{8})-[0-9a-f]{4}" TAIL, decode_cb);
}
