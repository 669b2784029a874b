/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-describe-private.h"

#include <string.h>

#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-quantity.h"
#include "fhir-text.h"

/* Data types on one line, as people write them. */

#define MAX_ATTACHED 4000 /* bytes of a text that is attached */

/**
 * hub_describe_words:
 * @name: "birthDate"
 *
 * Returns: (transfer full): "Birth date"
 */
char *
hub_describe_words (const char *name, gsize length)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      gboolean starts = i > 0 && g_ascii_isupper (name[i]) && !g_ascii_isupper (name[i - 1]);

      if (starts || name[i] == '-' || name[i] == '_')
        g_string_append_c (out, ' ');
      if (name[i] != '-' && name[i] != '_')
        g_string_append_c (out, i == 0 ? g_ascii_toupper (name[i]) : g_ascii_tolower (name[i]));
    }
  return g_string_free_and_steal (out);
}

/* A text from anywhere, fit for one line of a terminal: no control characters. */
static char *
tidy (const FhirElement *value, const char *path)
{
  return fhir_text_tidy (path != NULL ? fhir_element_path_text (value, path)
                                      : fhir_element_get_text (value));
}

static void
append (GString *out, const char *separator, const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (out->len > 0)
    g_string_append (out, separator);
  g_string_append (out, text);
}

static void
append_at (GString *out, const char *separator, const FhirElement *value, const char *path)
{
  g_autofree char *text = tidy (value, path);

  append (out, separator, text);
}

static char *
take (GString *out)
{
  return out->len > 0 ? g_string_free_and_steal (out) : (g_string_free (out, TRUE), NULL);
}

/* ---- codes ---- */

static const char *const systems[][2] = {
  { "http://loinc.org", "LOINC" },
  { "http://snomed.info/sct", "SNOMED CT" },
  { "http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm" },
  { "http://unitsofmeasure.org", "UCUM" },
  { "http://hl7.org/fhir/sid/icd-10", "ICD-10" },
  { "http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM" },
  { "http://hl7.org/fhir/sid/cvx", "CVX" },
  { "http://hl7.org/fhir/sid/ndc", "NDC" },
  { "http://hl7.org/fhir/sid/us-ssn", "US social security number" },
  { "https://fhir.nhs.uk/Id/nhs-number", "NHS number" },
  { "http://www.whocc.no/atc", "ATC" },
  { "urn:iso:std:iso:3166", "ISO 3166" },
  { "urn:ietf:bcp:47", "language" },
};

/* The name that people know, or the last word of the address. */
static char *
dup_system (const FhirElement *value)
{
  g_autofree char *system = tidy (value, "system");
  const char *last;

  for (gsize i = 0; system != NULL && i < G_N_ELEMENTS (systems); i++)
    if (g_str_equal (systems[i][0], system))
      return g_strdup (systems[i][1]);
  last = system != NULL && g_str_has_prefix (system, "http") ? strrchr (system, '/') : NULL;
  return last != NULL && last[1] != '\0' ? g_strdup (last + 1) : g_steal_pointer (&system);
}

/* Whether @value has none but these members: what else there is would go under. */
static gboolean
has_only (const FhirElement *value, const char *const *names)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *member;

  if (value == NULL)
    return TRUE;
  if (fhir_element_get_kind (value) != FHIR_KIND_OBJECT)
    return FALSE;
  fhir_member_iter_init (&iter, value);
  while (fhir_member_iter_next (&iter, &name, &member))
    if (!g_strv_contains (names, name))
      return FALSE;
  return TRUE;
}

static const char *const coding_members[] = { "system",  "version",      "code",
                                              "display", "userSelected", NULL };
static const char *const quantity_members[] = { "value",  "comparator", "unit",
                                                "system", "code",       NULL };

/* "38341003, SNOMED CT" */
static char *
code_and_system (const FhirElement *coding)
{
  GString *out = g_string_new (NULL);
  g_autofree char *system = dup_system (coding);

  append_at (out, "", coding, "code");
  append (out, ", ", system);
  append_at (out, " ", coding, "version");
  if (fhir_element_is_true (fhir_element_get (coding, "userSelected")))
    append (out, ", ", "chosen by a person");
  return take (out);
}

static char *
format_coding (const FhirElement *coding)
{
  GString *out = g_string_new (NULL);
  g_autofree char *code = code_and_system (coding);

  append_at (out, "", coding, "display");
  if (out->len == 0)
    append (out, "", code);
  else if (code != NULL)
    g_string_append_printf (out, " (%s)", code);
  return take (out);
}

/* What people call it, and each code with what it displays where that is something else. */
static char *
format_concept (const FhirElement *concept)
{
  g_autofree char *text = fhir_concept_dup_text (concept);
  g_autoptr (GString) codes = g_string_new (NULL);

  fhir_element_foreach (coding, fhir_element_get (concept, "coding"))
    if (!has_only (coding, coding_members))
      return NULL;
  fhir_element_foreach (coding, fhir_element_get (concept, "coding"))
    {
      g_autofree char *display = tidy (coding, "display");
      /* A code that nobody gave words stands before the bracket already. */
      g_autofree char *code = g_strcmp0 (fhir_element_path_text (coding, "code"), text) == 0
                                  ? dup_system (coding)
                                  : code_and_system (coding);

      if (display != NULL && g_strcmp0 (display, text) != 0)
        {
          append (codes, "; ", display);
          if (code != NULL)
            g_string_append_printf (codes, ": %s", code);
        }
      else
        append (codes, "; ", code);
    }
  if (text == NULL || codes->len == 0)
    return g_steal_pointer (&text);
  return g_strdup_printf ("%s (%s)", text, codes->str);
}

static char *
format_identifier (const FhirElement *identifier)
{
  g_autofree char *value = tidy (identifier, "value");
  g_autofree char *type = format_concept (fhir_element_get (identifier, "type"));
  g_autofree char *system = dup_system (identifier);
  g_autoptr (GString) notes = g_string_new (NULL);

  append (notes, "; ", type);
  append (notes, "; ", system);
  append_at (notes, "; ", identifier, "use");
  if (value == NULL || notes->len == 0)
    return g_steal_pointer (&value);
  return g_strdup_printf ("%s (%s)", value, notes->str);
}

static char *
format_reference (const FhirElement *reference)
{
  g_autofree char *display = tidy (reference, "display");
  g_autofree char *identifier = format_identifier (fhir_element_get (reference, "identifier"));
  g_autoptr (GString) target = g_string_new (NULL);

  append_at (target, "", reference, "reference");
  append (target, "; ", identifier);
  if (display == NULL)
    return target->len > 0 ? g_strdup (target->str) : NULL;
  return target->len > 0 ? g_strdup_printf ("%s (%s)", display, target->str)
                         : g_steal_pointer (&display);
}

/* ---- amounts and times ---- */

/* The code too, where people write the unit in another way. */
static char *
format_quantity (const FhirElement *quantity)
{
  g_autofree char *text = fhir_quantity_format (quantity);
  g_autofree char *spoken = fhir_quantity_dup_unit (quantity);
  g_autofree char *code = tidy (quantity, "code");
  g_autofree char *system = dup_system (quantity);

  if (text == NULL || code == NULL || g_strcmp0 (spoken, code) == 0 || g_str_equal (code, "1"))
    return g_steal_pointer (&text);
  return g_strdup_printf ("%s (%s%s%s)", text, code, system != NULL ? ", " : "",
                          system != NULL ? system : "");
}

static char *
format_money (const FhirElement *money)
{
  GString *out = g_string_new (NULL);

  append_at (out, "", money, "value");
  append_at (out, " ", money, "currency");
  return take (out);
}

static char *
format_range (const FhirElement *range)
{
  const FhirElement *from = fhir_element_get (range, "low"), *to = fhir_element_get (range, "high");
  g_autofree char *low = format_quantity (from);
  g_autofree char *high = format_quantity (to);

  if (!has_only (from, quantity_members) || !has_only (to, quantity_members))
    return NULL;
  if (low != NULL && high != NULL)
    return g_strdup_printf ("%s to %s", low, high);
  if (low != NULL)
    return g_strdup_printf ("%s or more", low);
  return high != NULL ? g_strdup_printf ("%s or less", high) : NULL;
}

static char *
format_ratio (const FhirElement *ratio)
{
  const FhirElement *over = fhir_element_get (ratio, "numerator");
  const FhirElement *under = fhir_element_get (ratio, "denominator");
  g_autofree char *above = format_quantity (over);
  g_autofree char *below = format_quantity (under);

  if (!has_only (over, quantity_members) || !has_only (under, quantity_members))
    return NULL;
  return above != NULL && below != NULL ? g_strdup_printf ("%s per %s", above, below) : NULL;
}

/**
 * hub_describe_date:
 *
 * Returns: (transfer full): "09-Nov-2026 14:05 +01:00": as it was written, for no clinic's time is
 *   known here
 */
char *
hub_describe_date (const char *text)
{
  g_autofree char *plain = fhir_text_tidy (text);
  g_autofree char *formatted = fhir_date_format (plain, NULL);
  FhirDate date;

  if (!fhir_date_parse (plain, &date) || !date.has_zone || date.precision < FHIR_PRECISION_MINUTE)
    return g_steal_pointer (&formatted);
  if (date.zone_minutes == 0)
    return g_strdup_printf ("%s UTC", formatted);
  return g_strdup_printf ("%s %c%02d:%02d", formatted, date.zone_minutes < 0 ? '-' : '+',
                          ABS (date.zone_minutes) / 60, ABS (date.zone_minutes) % 60);
}

static char *
format_date_at (const FhirElement *value, const char *path)
{
  const char *text = fhir_element_path_text (value, path);

  return text != NULL ? hub_describe_date (text) : NULL;
}

static char *
format_period (const FhirElement *period)
{
  g_autofree char *start = format_date_at (period, "start");
  g_autofree char *end = format_date_at (period, "end");

  if (start != NULL && end != NULL)
    return g_strdup_printf ("%s to %s", start, end);
  if (start != NULL)
    return g_strdup_printf ("since %s", start);
  return end != NULL ? g_strdup_printf ("until %s", end) : NULL;
}

/* ---- people and places ---- */

static char *
format_name (const FhirElement *name)
{
  g_autofree char *text = fhir_human_name_format (name);
  g_autofree char *use = tidy (name, "use");

  if (fhir_element_get_kind (name) != FHIR_KIND_OBJECT)
    return NULL;
  return use != NULL ? g_strdup_printf ("%s (%s)", text, use) : g_steal_pointer (&text);
}

static char *
format_contact (const FhirElement *contact)
{
  g_autofree char *value = tidy (contact, "value");
  g_autoptr (GString) notes = g_string_new (NULL);

  append_at (notes, ", ", contact, "system");
  append_at (notes, ", ", contact, "use");
  if (fhir_element_get (contact, "rank") != NULL)
    append_at (notes, ", choice ", contact, "rank");
  if (value == NULL || notes->len == 0)
    return g_steal_pointer (&value);
  return g_strdup_printf ("%s (%s)", value, notes->str);
}

static char *
format_address (const FhirElement *address)
{
  static const char *const parts[] = { "city", "district", "state", "postalCode", "country" };
  GString *out = g_string_new (NULL);
  g_autofree char *text = tidy (address, "text");
  g_autofree char *use = tidy (address, "use");

  fhir_element_foreach (line, fhir_element_get (address, "line"))
    append_at (out, ", ", line, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    append_at (out, ", ", address, parts[i]);
  if (out->len == 0)
    append (out, "", text);
  else if (text != NULL)
    g_string_append_printf (out, " (as text: %s)", text);
  if (out->len > 0 && use != NULL)
    g_string_append_printf (out, " (%s)", use);
  return take (out);
}

static char *
format_annotation (const FhirElement *note)
{
  g_autofree char *text = tidy (note, "text");
  g_autofree char *author = format_reference (fhir_element_get (note, "authorReference"));
  g_autofree char *time = format_date_at (note, "time");
  g_autoptr (GString) by = g_string_new (NULL);

  append (by, "", author);
  append_at (by, "", note, "authorString");
  append (by, ", ", time);
  if (text == NULL || by->len == 0)
    return g_steal_pointer (&text);
  return g_strdup_printf ("%s (%s)", text, by->str);
}

static gsize
decoded_length (const char *base64)
{
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  if (base64 != NULL)
    bytes = g_base64_decode (base64, &length);
  return length;
}

static char *
format_attachment (const FhirElement *attachment)
{
  GString *out = g_string_new (NULL);
  const char *data = fhir_element_path_text (attachment, "data");
  g_autofree char *created = format_date_at (attachment, "creation");

  append_at (out, "", attachment, "title");
  append_at (out, "; ", attachment, "contentType");
  append (out, "; ", created);
  append_at (out, "; ", attachment, "url");
  if (data != NULL)
    g_string_append_printf (out, "%s%" G_GSIZE_FORMAT " bytes", out->len > 0 ? "; " : "",
                            decoded_length (data));
  return take (out);
}

/**
 * hub_describe_attached_text:
 *
 * Returns: (transfer full) (nullable): what is attached, where that is text for people
 */
char *
hub_describe_attached_text (const FhirElement *attachment)
{
  const char *type = fhir_element_path_text (attachment, "contentType");
  const char *data = fhir_element_path_text (attachment, "data");
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  if (type == NULL || data == NULL || !g_str_has_prefix (type, "text/plain"))
    return NULL;
  bytes = g_base64_decode (data, &length);
  return g_utf8_make_valid ((char *) bytes, (gssize) MIN (length, MAX_ATTACHED));
}

/**
 * hub_describe_extension:
 *
 * Returns: (transfer full): what it is called: "http://…/StructureDefinition/patient-birthPlace" is
 *   “Patient birth place”
 */
char *
hub_describe_extension (const FhirElement *extension, gboolean modifies)
{
  g_autofree char *url = tidy (extension, "url");
  const char *last = url != NULL ? strrchr (url, '/') : NULL;
  const char *name = last != NULL && last[1] != '\0' ? last + 1 : url != NULL ? url : "no name";
  g_autofree char *words = hub_describe_words (name, strlen (name));

  return g_strdup_printf (modifies ? "Modified by “%s”" : "“%s”", words);
}

/**
 * hub_describe_narrative:
 * @div: (nullable): XHTML
 *
 * Returns: (transfer full) (nullable): the text in it, without what is no text
 */
char *
hub_describe_narrative (const char *div)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean in_tag = FALSE;

  for (; div != NULL && *div != '\0'; div++)
    {
      if (*div == '<')
        in_tag = TRUE;
      if (!in_tag)
        g_string_append_c (out, *div);
      if (*div == '>')
        {
          in_tag = FALSE;
          g_string_append_c (out, ' ');
        }
    }
  g_string_replace (out, "&lt;", "<", 0);
  g_string_replace (out, "&gt;", ">", 0);
  g_string_replace (out, "&quot;", "\"", 0);
  g_string_replace (out, "&nbsp;", " ", 0);
  g_string_replace (out, "&amp;", "&", 0);
  return fhir_text_tidy (out->str);
}

/* ---- which ---- */

static char *
format_dosage (const FhirElement *dosage)
{
  return tidy (dosage, "text");
}

static const struct
{
  const char *type;
  char *(*format) (const FhirElement *value);
  const char *const *covered;
} types[] = {
#define COVERS(...)                                                                                \
  (const char *const[])                                                                            \
  {                                                                                                \
    __VA_ARGS__, NULL                                                                              \
  }
#define QUANTITY format_quantity, quantity_members
  { "CodeableConcept", format_concept, COVERS ("text", "coding") },
  { "Coding", format_coding, coding_members },
  { "Reference", format_reference, COVERS ("reference", "display", "identifier") },
  { "Quantity", QUANTITY },
  { "Age", QUANTITY },
  { "Count", QUANTITY },
  { "Distance", QUANTITY },
  { "Duration", QUANTITY },
  { "SimpleQuantity", QUANTITY },
  { "MoneyQuantity", QUANTITY },
  { "Money", format_money, COVERS ("value", "currency") },
  { "Range", format_range, COVERS ("low", "high") },
  { "Ratio", format_ratio, COVERS ("numerator", "denominator") },
  { "Period", format_period, COVERS ("start", "end") },
  { "HumanName", format_name, COVERS ("family", "given", "prefix", "suffix", "use") },
  { "Identifier", format_identifier, COVERS ("value", "type", "system", "use") },
  { "ContactPoint", format_contact, COVERS ("value", "system", "use", "rank") },
  { "Address", format_address,
    COVERS ("line", "city", "district", "state", "postalCode", "country", "text", "use") },
  { "Annotation", format_annotation, COVERS ("text", "authorReference", "authorString", "time") },
  { "Attachment", format_attachment, COVERS ("title", "contentType", "creation", "url", "data") },
  { "Dosage", format_dosage, COVERS ("text") },
};

char *
hub_describe_value (const char *type, const FhirElement *value, const char *const **covered)
{
  static const char *const none[] = { NULL };

  *covered = none;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].type, type))
      {
        char *line = types[i].format (value);

        if (line != NULL)
          *covered = types[i].covered;
        return line;
      }
  return NULL;
}
