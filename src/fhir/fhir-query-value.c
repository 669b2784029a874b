/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-query-private.h"

#include <math.h>
#include <string.h>

#include "fhir-date.h"
#include "fhir-reference.h"

/* The values of one search parameter, as http://hl7.org/fhir/R4/search.html writes them. */

void
fhir_query_value_free (FhirQueryValue *self)
{
  g_clear_pointer (&self->second, fhir_query_value_free);
  g_free (self->system);
  g_free (self->value);
  g_free (self);
}

/* Percent-decodes a part of a query string; "+" is a space. */
char *
fhir_query_decode (const char *text, gsize length, GError **error)
{
  g_autoptr (GString) out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      int high = i + 2 < length ? g_ascii_xdigit_value (text[i + 1]) : -1;
      int low = i + 2 < length ? g_ascii_xdigit_value (text[i + 2]) : -1;

      if (text[i] == '+')
        g_string_append_c (out, ' ');
      else if (text[i] != '%')
        g_string_append_c (out, text[i]);
      else if (high >= 0 && low >= 0 && high + low > 0)
        {
          g_string_append_c (out, (char) (high * 16 + low));
          i += 2;
        }
      else
        {
          g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE,
                       "The search has a “%%” that is not followed by two hexadecimal digits");
          return NULL;
        }
    }
  if (!g_utf8_validate (out->str, (gssize) out->len, NULL))
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE, "The search is not UTF-8");
      return NULL;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Splits at separators that no backslash escapes; the escapes stay, for the next split. */
GStrv
fhir_query_split (const char *text, char separator)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  const char *start = text, *p = text;

  for (;; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else if (*p == separator || *p == '\0')
        {
          g_strv_builder_take (parts, g_strndup (start, (gsize) (p - start)));
          start = p + 1;
          if (*p == '\0')
            return g_strv_builder_end (parts);
        }
    }
}

/* Takes the escapes away, in place: \, \| \$ and \\ stand for the character itself. */
static char *
unescape (char *text)
{
  char *out = text;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0' && strchr (",|$\\", p[1]) != NULL)
        p++;
      *out++ = *p;
    }
  *out = '\0';
  return text;
}

static gboolean
refuse (GError **error, const FhirQueryParameter *parameter, const char *text, const char *what)
{
  g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE, "“%s” in the search parameter “%s” is not %s",
               text, parameter->name, what);
  return FALSE;
}

static const char *
read_prefix (const char *text, FhirPrefix *prefix)
{
  static const char *const names[] = { "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap" };

  *prefix = FHIR_PREFIX_EQ;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (text, names[i]))
      {
        *prefix = (FhirPrefix) i;
        return text + 2;
      }
  return text;
}

static gboolean
read_date (FhirQueryParameter *parameter, FhirQueryValue *value, char *text, GError **error)
{
  char *at = (char *) read_prefix (text, &value->prefix);
  FhirDate date;

  /* A zone's “+” that nobody encoded has been read as a space. */
  g_strdelimit (at, " ", '+');
  if (!fhir_date_parse (at, &date))
    return refuse (error, parameter, text, "a date");
  fhir_date_bounds (&date, &value->low, &value->high);
  return TRUE;
}

/* Half of the last digit written: what 5.40 leaves open is 0.005, 1e2 leaves open 50. */
static double
open_margin (const char *literal)
{
  const char *point = strchr (literal, '.');
  const char *exponent = strpbrk (literal, "eE");
  gssize decimals = 0;
  int power = exponent != NULL ? atoi (exponent + 1) : 0;

  if (point != NULL)
    decimals = (exponent != NULL ? exponent : literal + strlen (literal)) - point - 1;
  return 0.5 * pow (10, power - (double) decimals);
}

static gboolean
read_number (FhirQueryParameter *parameter, FhirQueryValue *value, const char *text, GError **error)
{
  const char *literal = read_prefix (text, &value->prefix);
  char *end = NULL;

  if (strspn (literal, "0123456789+-.eE") != strlen (literal) || *literal == '\0')
    return refuse (error, parameter, text, "a number");
  value->number = g_ascii_strtod (literal, &end);
  value->margin =
      value->prefix == FHIR_PREFIX_AP ? fabs (value->number) * 0.1 : open_margin (literal);
  if (*end != '\0' || !isfinite (value->number) || !isfinite (value->margin))
    return refuse (error, parameter, text, "a number");
  return TRUE;
}

static gboolean
read_quantity (FhirQueryParameter *parameter, FhirQueryValue *value, char *text, GError **error)
{
  g_auto (GStrv) parts = fhir_query_split (text, '|');
  guint length = g_strv_length (parts);

  if (length != 1 && length != 3)
    return refuse (error, parameter, text, "number or number|system|code");
  if (!read_number (parameter, value, parts[0], error))
    return FALSE;
  if (length == 3 && *parts[1] != '\0')
    value->system = g_strdup (unescape (parts[1]));
  if (length == 3 && *parts[2] != '\0')
    value->value = g_strdup (unescape (parts[2]));
  value->has_system = value->system != NULL;
  return TRUE;
}

static gboolean
read_token (FhirQueryParameter *parameter,
            const FhirSearchParameter *definition,
            FhirQueryValue *value,
            char *text,
            GError **error)
{
  g_auto (GStrv) parts = fhir_query_split (text, '|');
  guint length = g_strv_length (parts);

  if (length > 2)
    return refuse (error, parameter, text, "code or system|code");
  value->has_system = length == 2 && !fhir_search_parameter_is_plain_code (definition);
  if (value->has_system && *parts[0] != '\0')
    value->system = g_strdup (unescape (parts[0]));
  if (*parts[length - 1] != '\0')
    value->value = g_strdup (unescape (parts[length - 1]));
  if (value->value == NULL && value->system == NULL)
    return refuse (error, parameter, text, "code or system|code");
  return TRUE;
}

static gboolean
read_reference (FhirQueryParameter *parameter,
                const FhirSearchParameter *definition,
                FhirQueryValue *value,
                char *text,
                GError **error)
{
  g_autofree char *type = NULL, *id = NULL;
  const char *wanted = parameter->modifier;

  unescape (text);
  if (fhir_reference_split (text, &type, &id) && g_str_has_prefix (text, type))
    {
      if (wanted != NULL && !g_str_equal (wanted, type))
        return refuse (error, parameter, text, "a reference to the type that the modifier names");
      value->system = g_steal_pointer (&type);
      value->value = g_steal_pointer (&id);
    }
  else if (fhir_id_is_valid (text))
    {
      value->system =
          wanted != NULL ? g_strdup (wanted) : fhir_search_parameter_dup_only_target (definition);
      value->value = g_strdup (text);
    }
  else
    {
      value->has_system = TRUE;
      value->value = g_strdup (text);
    }
  return TRUE;
}

/* What one value of a parameter of @self's type says, without a modifier. */
static gboolean
read_plain (FhirQueryParameter *self,
            const FhirSearchParameter *definition,
            FhirQueryValue *value,
            char *text,
            GError **error)
{
  switch (self->type)
    {
    case FHIR_SEARCH_TOKEN:
      return read_token (self, definition, value, text, error);
    case FHIR_SEARCH_DATE:
      return read_date (self, value, text, error);
    case FHIR_SEARCH_NUMBER:
      return read_number (self, value, text, error);
    case FHIR_SEARCH_QUANTITY:
      return read_quantity (self, value, text, error);
    case FHIR_SEARCH_REFERENCE:
      return read_reference (self, definition, value, text, error);
    case FHIR_SEARCH_STRING:
      unescape (text);
      value->value = g_strcmp0 (self->modifier, "exact") == 0 ? g_strdup (text) : fhir_fold (text);
      return *value->value != '\0' || refuse (error, self, text, "a text to search for");
    case FHIR_SEARCH_URI:
      value->value = g_strdup (unescape (text));
      return TRUE;
    case FHIR_SEARCH_COMPOSITE:
    case FHIR_SEARCH_SPECIAL:
      break;
    }
  g_return_val_if_reached (FALSE);
}

/* "code$value": a token, and a value of the kind that the definition says. */
static gboolean
read_composite (FhirQueryParameter *self,
                const FhirSearchParameter *definition,
                FhirQueryValue *value,
                char *text,
                GError **error)
{
  const FhirComposite *composite =
      fhir_search_parameter_get_composite (definition->resource_type, definition->code);
  g_auto (GStrv) parts = fhir_query_split (text, '$');
  FhirQueryParameter second = { .name = self->name, .type = composite->second_type };

  if (g_strv_length (parts) != 2 || *parts[0] == '\0' || *parts[1] == '\0')
    return refuse (error, self, text, "code$value");
  value->second = g_new0 (FhirQueryValue, 1);
  return read_token (self,
                     fhir_search_parameter_find (definition->resource_type, composite->token != NULL
                                                                                ? composite->token
                                                                                : "component-code"),
                     value, parts[0], error) &&
         read_plain (&second,
                     fhir_search_parameter_find (definition->resource_type, composite->second),
                     value->second, parts[1], error);
}

static gboolean
read_value (FhirQueryParameter *self,
            const FhirSearchParameter *definition,
            FhirQueryValue *value,
            char *text,
            GError **error)
{
  if (g_strcmp0 (self->modifier, "missing") == 0)
    {
      value->value = g_strdup (text);
      return g_str_equal (text, "true") || g_str_equal (text, "false") ||
             refuse (error, self, text, "true or false");
    }
  if (g_strcmp0 (self->modifier, "text") == 0)
    {
      value->value = fhir_fold (unescape (text));
      return *value->value != '\0' || refuse (error, self, text, "a text to search for");
    }
  if (self->type == FHIR_SEARCH_COMPOSITE)
    return read_composite (self, definition, value, text, error);
  return read_plain (self, definition, value, text, error);
}

/* Reads the values of @self, any of which may match, from the decoded text after its “=”. */
gboolean
fhir_query_read_values (FhirQueryParameter *self,
                        const FhirSearchParameter *definition,
                        const char *text,
                        GError **error)
{
  g_auto (GStrv) parts = fhir_query_split (text, ',');

  if (g_strv_length (parts) > FHIR_QUERY_MAX_VALUES)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT,
                   "The search parameter “%s” has more than %d values", self->name,
                   FHIR_QUERY_MAX_VALUES);
      return FALSE;
    }
  for (char **part = parts; *part != NULL; part++)
    {
      FhirQueryValue *value = g_new0 (FhirQueryValue, 1);

      g_ptr_array_add (self->values, value);
      if (**part == '\0')
        return refuse (error, self, text, "complete: a value is empty");
      if (!read_value (self, definition, value, *part, error))
        return FALSE;
    }
  return TRUE;
}
