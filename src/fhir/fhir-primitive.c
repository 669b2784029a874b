/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-validate.h"

#include <stdlib.h>
#include <string.h>

#include "fhir-date.h"

/* The primitive types, http://hl7.org/fhir/R4/datatypes.html#primitive. */

#define STRING_LIMIT (1024 * 1024) /* characters, as R4 says of string */

static gboolean
is_integer (const FhirElement *value, gint64 least)
{
  const char *text = fhir_element_get_text (value);
  gint64 number;

  /* 1.0 and 1e3 are no integers, nor is -0 */
  return strcmp (text, "-0") != 0 &&
         g_ascii_string_to_signed (text, 10, least, G_MAXINT32, &number, NULL);
}

static gboolean
is_string (const char *text)
{
  for (const guchar *at = (const guchar *) text; *at != '\0'; at++)
    if (*at < 0x20 && *at != '\t' && *at != '\r' && *at != '\n')
      return FALSE;
  return g_utf8_strlen (text, -1) <= STRING_LIMIT;
}

/* No white space at either end, and only one space between. */
static gboolean
is_code (const char *text)
{
  gsize length = strlen (text);

  return text[strcspn (text, "\t\r\n")] == '\0' && *text != ' ' && text[length - 1] != ' ' &&
         strstr (text, "  ") == NULL;
}

static gboolean
is_uri (const char *text)
{
  return text[strcspn (text, " \t\r\n")] == '\0';
}

static gboolean
is_oid (const char *text)
{
  return g_regex_match_simple ("^urn:oid:[0-2](\\.(0|[1-9][0-9]*))+$", text, G_REGEX_DOLLAR_ENDONLY,
                               0);
}

static gboolean
is_uuid (const char *text)
{
  return g_str_has_prefix (text, "urn:uuid:") &&
         g_uuid_string_is_valid (text + strlen ("urn:uuid:"));
}

static gboolean
is_time (const char *text)
{
  return g_regex_match_simple ("^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?$", text,
                               G_REGEX_DOLLAR_ENDONLY, 0);
}

static gboolean
is_base64 (const char *text)
{
  gsize letters = 0, padding = 0;

  for (; *text != '\0'; text++)
    if (*text == '=')
      padding++;
    else if (padding == 0 && (g_ascii_isalnum (*text) || *text == '+' || *text == '/'))
      letters++;
    else if (!g_ascii_isspace (*text))
      return FALSE;
  return padding <= 2 && (letters + padding) % 4 == 0;
}

static gboolean
is_date (const char *text)
{
  FhirDate date;

  return fhir_date_parse (text, &date) && date.precision <= FHIR_PRECISION_DAY;
}

static gboolean
is_instant (const char *text)
{
  FhirDate date;

  return fhir_date_parse (text, &date) && date.precision == FHIR_PRECISION_SECOND && date.has_zone;
}

static gboolean
is_date_time (const char *text)
{
  return is_date (text) || is_instant (text);
}

static gboolean
is_xhtml (const char *text)
{
  return g_str_has_prefix (text + strspn (text, " \t\r\n"), "<div");
}

typedef struct
{
  const char *type;
  gboolean (*is_good) (const char *text);
} StringType;

static const StringType string_types[] = {
  { "base64Binary", is_base64 },
  { "canonical", is_uri },
  { "code", is_code },
  { "date", is_date },
  { "dateTime", is_date_time },
  { "id", fhir_id_is_valid },
  { "instant", is_instant },
  { "markdown", is_string },
  { "oid", is_oid },
  { "string", is_string },
  { "time", is_time },
  { "uri", is_uri },
  { "url", is_uri },
  { "uuid", is_uuid },
  { "xhtml", is_xhtml },
};

/**
 * fhir_primitive_check:
 * @type: "date", "positiveInt"
 *
 * Returns: whether @value is one of this primitive type
 */
gboolean
fhir_primitive_check (const FhirElement *value, const char *type)
{
  FhirKind kind = fhir_element_get_kind (value);
  const char *text = fhir_element_get_text (value);

  if (strcmp (type, "boolean") == 0)
    return kind == FHIR_KIND_BOOLEAN;
  if (strcmp (type, "decimal") == 0)
    return kind == FHIR_KIND_NUMBER;
  if (strcmp (type, "integer") == 0)
    return kind == FHIR_KIND_NUMBER && is_integer (value, G_MININT32);
  if (strcmp (type, "unsignedInt") == 0)
    return kind == FHIR_KIND_NUMBER && is_integer (value, 0);
  if (strcmp (type, "positiveInt") == 0)
    return kind == FHIR_KIND_NUMBER && is_integer (value, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (string_types); i++)
    if (strcmp (type, string_types[i].type) == 0)
      return kind == FHIR_KIND_STRING && *text != '\0' && string_types[i].is_good (text);
  return FALSE;
}
