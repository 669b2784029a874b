/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-index-private.h"

#include <math.h>
#include <string.h>

#include "fhir-date.h"
#include "fhir-reference.h"

#define MAX_LOOK_BACK 16

/* From an element of a known data type to the values by which it is found. An element of another
 * shape than its type has gives none: the resource keeps it, a search does not see it. */

void
fhir_index_value_free (FhirIndexValue *self)
{
  g_free (self->system);
  g_free (self->value);
  g_free (self->second_system);
  g_free (self->second);
  g_free (self);
}

static FhirIndexValue *
add (const char *parameter,
     FhirSearchType type,
     const char *system,
     const char *value,
     GPtrArray *values)
{
  FhirIndexValue *self = g_new0 (FhirIndexValue, 1);

  self->parameter = parameter;
  self->type = type;
  self->system = g_strdup (system);
  self->value = g_strdup (value);
  g_ptr_array_add (values, self);
  return self;
}

/* ---- token -------------------------------------------------------------------------------------
 */

void
fhir_index_add_boolean (const char *parameter, gboolean value, GPtrArray *values)
{
  add (parameter, FHIR_SEARCH_TOKEN, NULL, value ? "true" : "false", values);
}

/* Words cut to the limit between characters, and folded; NULL where nothing is left. */
static char *
dup_folded (const char *text)
{
  g_autofree char *cut = NULL, *folded = NULL;

  if (text == NULL)
    return NULL;
  if (strlen (text) > FHIR_INDEX_MAX_STRING)
    {
      const char *end = g_utf8_find_prev_char (text, text + FHIR_INDEX_MAX_STRING);

      text = cut = g_strndup (text, end != NULL ? (gsize) (end - text) : 0);
    }
  folded = fhir_fold (text);
  return *folded != '\0' ? g_steal_pointer (&folded) : NULL;
}

/* The words beside a code, for “:text”. A text and a display that say the same are found once; how
 * far is looked back is limited, as a resource may have a hundred thousand codes. */
static void
add_words (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  g_autofree char *folded =
      leaf->text_parameter != NULL ? dup_folded (fhir_element_get_text (element)) : NULL;

  if (folded == NULL)
    return;
  for (guint i = values->len; i > 0 && i + MAX_LOOK_BACK > values->len; i--)
    {
      const FhirIndexValue *value = values->pdata[i - 1];

      if (value->parameter == leaf->text_parameter && strcmp (value->value, folded) == 0)
        return;
    }
  add (leaf->text_parameter, FHIR_SEARCH_SPECIAL, NULL, folded, values);
}

static void
convert_code (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  const char *text = fhir_element_get_text (element);

  if (text != NULL && *text != '\0')
    add (leaf->parameter, leaf->type, NULL, text, values);
}

static void
add_token (const FhirIndexLeaf *leaf,
           const FhirElement *element,
           const char *member,
           GPtrArray *values)
{
  const char *value = fhir_element_get_text (fhir_element_get (element, member));

  if (value != NULL && *value != '\0')
    add (leaf->parameter, leaf->type, fhir_element_get_text (fhir_element_get (element, "system")),
         value, values);
}

static void
convert_coding (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  add_token (leaf, element, "code", values);
  add_words (leaf, fhir_element_get (element, "display"), values);
}

static void
convert_concept (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  fhir_element_foreach (coding, fhir_element_get (element, "coding"))
    convert_coding (leaf, coding, values);
  add_words (leaf, fhir_element_get (element, "text"), values);
}

static void
convert_identifier (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  add_token (leaf, element, "value", values);
  add_words (leaf, fhir_element_path (element, "type.text"), values);
}

/* The system of a ContactPoint is phone, email…, not a namespace: only its value is searched. */
static void
convert_contact (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  convert_code (leaf, fhir_element_get (element, "value"), values);
}

/* ---- string ------------------------------------------------------------------------------------
 */

static void
convert_string (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  const char *text = fhir_element_get_text (element);
  g_autofree char *cut = NULL, *folded = NULL;

  if (text != NULL && strlen (text) > FHIR_INDEX_MAX_STRING)
    {
      const char *end = g_utf8_find_prev_char (text, text + FHIR_INDEX_MAX_STRING);

      text = cut = g_strndup (text, end != NULL ? (gsize) (end - text) : 0);
    }
  folded = dup_folded (text);
  if (folded == NULL)
    return;
  add (leaf->parameter, leaf->type, text, NULL, values)->value = g_steal_pointer (&folded);
}

static void
convert_parts (const FhirIndexLeaf *leaf,
               const FhirElement *element,
               const char *const *members,
               GPtrArray *values)
{
  for (; *members != NULL; members++)
    {
      const FhirElement *part = fhir_element_get (element, *members);

      convert_string (leaf, part, values);
      fhir_element_foreach (item, part)
        convert_string (leaf, item, values);
    }
}

static void
convert_name (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  static const char *const members[] = { "text", "family", "given", "prefix", "suffix", NULL };

  convert_parts (leaf, element, members, values);
}

static void
convert_address (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  static const char *const members[] = { "text",  "line",       "city",    "district",
                                         "state", "postalCode", "country", NULL };

  convert_parts (leaf, element, members, values);
}

/* ---- date --------------------------------------------------------------------------------------
 */

static gboolean
read_bounds (const FhirElement *element, gint64 *low, gint64 *high)
{
  FhirDate date;

  if (!fhir_date_parse (fhir_element_get_text (element), &date))
    return FALSE;
  fhir_date_bounds (&date, low, high);
  return TRUE;
}

static void
add_bounds (const FhirIndexLeaf *leaf, gint64 low, gint64 high, GPtrArray *values)
{
  FhirIndexValue *value = add (leaf->parameter, leaf->type, NULL, NULL, values);

  value->low = low;
  value->high = high;
}

static void
convert_date (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  gint64 low, high;

  if (read_bounds (element, &low, &high))
    add_bounds (leaf, low, high, values);
}

static void
convert_period (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  gint64 low = G_MININT64, high = G_MAXINT64, unused;
  gboolean starts = read_bounds (fhir_element_get (element, "start"), &low, &unused);
  gboolean ends = read_bounds (fhir_element_get (element, "end"), &unused, &high);

  if (starts || ends)
    add_bounds (leaf, low, high, values);
}

static void
convert_timing (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  gint64 low = G_MAXINT64, high = G_MININT64, begin, end;

  fhir_element_foreach (event, fhir_element_get (element, "event"))
    if (read_bounds (event, &begin, &end))
      {
        low = MIN (low, begin);
        high = MAX (high, end);
      }
  if (low < high)
    add_bounds (leaf, low, high, values);
  else
    convert_period (leaf, fhir_element_path (element, "repeat.boundsPeriod"), values);
}

static const char *
find_fault (const FhirElement *element)
{
  const char *text = fhir_element_get_text (element);
  FhirDate date;

  return text != NULL && !fhir_date_parse (text, &date) ? text : NULL;
}

static const char *
find_period_fault (const FhirElement *period, const char **member)
{
  static const char *const members[] = { "start", "end" };
  const char *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (members) && text == NULL; i++)
    {
      text = find_fault (fhir_element_get (period, members[i]));
      *member = members[i];
    }
  return text;
}

/*
 * fhir_index_find_date_fault:
 * @member: (out): "" or the member of @element that it stands in
 *
 * Returns: (transfer none) (nullable): the text in an element that is to be a date and is none
 */
const char *
fhir_index_find_date_fault (const FhirIndexLeaf *leaf,
                            const FhirElement *element,
                            const char **member)
{
  const char *text = NULL;

  *member = "";
  if (leaf->convert == convert_date)
    return find_fault (element);
  if (leaf->convert == convert_period)
    return find_period_fault (element, member);
  if (leaf->convert != convert_timing)
    return NULL;
  fhir_element_foreach (event, fhir_element_get (element, "event"))
    if (text == NULL)
      text = find_fault (event);
  if (text == NULL)
    return find_period_fault (fhir_element_path (element, "repeat.boundsPeriod"), member);
  *member = "event";
  return text;
}

/* ---- reference ---------------------------------------------------------------------------------
 */

static void
convert_reference (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  const char *text = fhir_element_get_text (fhir_element_get (element, "reference"));
  const char *said = fhir_element_get_text (fhir_element_get (element, "type"));
  const FhirElement *identifier = fhir_element_get (element, "identifier");
  const char *identifier_value = fhir_element_get_text (fhir_element_get (identifier, "value"));
  g_autofree char *type = NULL, *id = NULL;

  if (fhir_reference_split (text, &type, &id))
    said = type;
  if (leaf->target != NULL && g_strcmp0 (leaf->target, said) != 0)
    return;
  /* An absolute URL names a resource of that server: Patient/1 there is not Patient/1 here. */
  if (text != NULL && type != NULL && g_str_has_prefix (text, type))
    add (leaf->parameter, leaf->type, type, id, values);
  else if (text != NULL && *text != '\0' && *text != '#')
    add (leaf->parameter, leaf->type, NULL, text, values);
  if (identifier_value != NULL && *identifier_value != '\0')
    add (leaf->identifier_parameter, FHIR_SEARCH_TOKEN,
         fhir_element_get_text (fhir_element_get (identifier, "system")), identifier_value, values);
}

/* A canonical is found with its version and without. */
static void
convert_canonical (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  const char *text = fhir_element_get_text (element);
  const char *version = text != NULL ? strrchr (text, '|') : NULL;

  if (text == NULL || *text == '\0')
    return;
  add (leaf->parameter, leaf->type, NULL, text, values);
  if (version != NULL && version > text)
    add (leaf->parameter, leaf->type, NULL, NULL, values)->value =
        g_strndup (text, (gsize) (version - text));
}

/* ---- quantity and number -----------------------------------------------------------------------
 */

static gboolean
read_number (const FhirElement *element, double *number)
{
  *number = fhir_element_get_double (element, NAN);
  return isfinite (*number);
}

static void
convert_number (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  double number;

  if (read_number (element, &number))
    add (leaf->parameter, leaf->type, NULL, NULL, values)->number = number;
}

static void
convert_quantity (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  const char *code = fhir_element_get_text (fhir_element_get (element, "code"));
  const char *unit = fhir_element_get_text (fhir_element_get (element, "unit"));
  const char *system = fhir_element_get_text (fhir_element_get (element, "system"));
  double number;

  if (!read_number (fhir_element_get (element, "value"), &number))
    return;
  if (code != NULL || unit == NULL)
    add (leaf->parameter, leaf->type, system, code, values)->number = number;
  if (unit != NULL && g_strcmp0 (unit, code) != 0)
    add (leaf->parameter, leaf->type, NULL, unit, values)->number = number;
}

static void
convert_money (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  double number;

  if (read_number (fhir_element_get (element, "value"), &number))
    add (leaf->parameter, leaf->type, "urn:iso:std:iso:4217",
         fhir_element_get_text (fhir_element_get (element, "currency")), values)
        ->number = number;
}

/* ---- composite ---------------------------------------------------------------------------------
 */

/* Each code of a component with each form of the value beside it, as far as there are not so many
 * that together they would fill the memory. */
static void
pair (const FhirIndexLeaf *leaf, GPtrArray *codes, GPtrArray *seconds, GPtrArray *values)
{
  for (guint i = 0; i < MIN (codes->len, FHIR_INDEX_MAX_PAIRED); i++)
    for (guint j = 0; j < MIN (seconds->len, FHIR_INDEX_MAX_PAIRED); j++)
      {
        const FhirIndexValue *code = codes->pdata[i], *second = seconds->pdata[j];
        FhirIndexValue *value =
            add (leaf->parameter, FHIR_SEARCH_COMPOSITE, code->system, code->value, values);

        value->number = second->number;
        value->second_system = g_strdup (second->system);
        value->second = g_strdup (second->value);
      }
}

static void
convert_component (const FhirIndexLeaf *leaf,
                   const FhirElement *component,
                   const char *member,
                   FhirIndexConvert convert,
                   GPtrArray *values)
{
  const FhirIndexLeaf plain = { .parameter = leaf->parameter };
  g_autoptr (GPtrArray) codes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_index_value_free);
  g_autoptr (GPtrArray) seconds =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_index_value_free);

  if (fhir_element_get (component, member) == NULL)
    return;
  convert_concept (&plain, fhir_element_get (component, "code"), codes);
  convert (&plain, fhir_element_get (component, member), seconds);
  pair (leaf, codes, seconds, values);
}

static void
convert_component_quantity (const FhirIndexLeaf *leaf,
                            const FhirElement *element,
                            GPtrArray *values)
{
  convert_component (leaf, element, "valueQuantity", convert_quantity, values);
}

static void
convert_component_concept (const FhirIndexLeaf *leaf, const FhirElement *element, GPtrArray *values)
{
  convert_component (leaf, element, "valueCodeableConcept", convert_concept, values);
}

/* ------------------------------------------------------------------------------------------------
 */

/* How an element of @data_type becomes values of a parameter of @type. */
FhirIndexConvert
fhir_index_converter (FhirSearchType type, const char *data_type)
{
  static const struct
  {
    FhirSearchType type;
    const char *data_type; /* NULL: every other */
    FhirIndexConvert convert;
  } converters[] = {
    { FHIR_SEARCH_TOKEN, "Coding", convert_coding },
    { FHIR_SEARCH_TOKEN, "CodeableConcept", convert_concept },
    { FHIR_SEARCH_TOKEN, "Identifier", convert_identifier },
    { FHIR_SEARCH_TOKEN, "ContactPoint", convert_contact },
    { FHIR_SEARCH_TOKEN, NULL, convert_code },
    { FHIR_SEARCH_STRING, "HumanName", convert_name },
    { FHIR_SEARCH_STRING, "Address", convert_address },
    { FHIR_SEARCH_STRING, NULL, convert_string },
    { FHIR_SEARCH_DATE, "Period", convert_period },
    { FHIR_SEARCH_DATE, "Timing", convert_timing },
    { FHIR_SEARCH_DATE, NULL, convert_date },
    { FHIR_SEARCH_REFERENCE, "Reference", convert_reference },
    { FHIR_SEARCH_REFERENCE, NULL, convert_canonical },
    { FHIR_SEARCH_QUANTITY, "Money", convert_money },
    { FHIR_SEARCH_QUANTITY, NULL, convert_quantity },
    { FHIR_SEARCH_NUMBER, NULL, convert_number },
    { FHIR_SEARCH_URI, "canonical", convert_canonical },
    { FHIR_SEARCH_URI, NULL, convert_code },
    { FHIR_SEARCH_COMPOSITE, "Quantity", convert_component_quantity },
    { FHIR_SEARCH_COMPOSITE, "CodeableConcept", convert_component_concept },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (converters); i++)
    if (converters[i].type == type &&
        (converters[i].data_type == NULL || g_str_equal (converters[i].data_type, data_type)))
      return converters[i].convert;
  g_return_val_if_reached (convert_code);
}
