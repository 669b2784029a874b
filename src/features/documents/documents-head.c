/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-head.h"

#include <string.h>

#include "documents-narrative.h"
#include "fhir-builder.h"
#include "fhir-text.h"

/* Reads the head of a C-CDA document up to its body: whose it is, who wrote it and when. As with
 * its narrative, GMarkup fetches nothing and swells nothing. Of several authors the first counts,
 * and of several patients the first is read and the others are counted. */

#define DEPTH_MAX       8
#define TEXT_MAX        512 /* bytes of one name or title */
#define IDENTIFIERS_MAX 16
#define NAMES_MAX       8

typedef enum
{
  TEXT_TITLE,
  TEXT_FAMILY,
  TEXT_GIVEN,
  TEXT_PREFIX,
  TEXT_SUFFIX,
  TEXT_NAME, /* of the patient, without parts */
  TEXT_AUTHOR,
  TEXT_ORGANIZATION,
  TEXT_CUSTODIAN,
  TEXT_N,
  TEXT_NONE = TEXT_N
} Text;

#define DOCUMENT "/ClinicalDocument"
#define ROLE     DOCUMENT "/recordTarget/patientRole"
#define NAME     ROLE "/patient/name"
#define AUTHOR   DOCUMENT "/author/assignedAuthor"

static const struct
{
  const char *path;
  Text text;
} texts[] = {
  { DOCUMENT "/title", TEXT_TITLE },
  { NAME "/family", TEXT_FAMILY },
  { NAME "/given", TEXT_GIVEN },
  { NAME "/prefix", TEXT_PREFIX },
  { NAME "/suffix", TEXT_SUFFIX },
  { NAME, TEXT_NAME },
  { AUTHOR "/assignedPerson/name", TEXT_AUTHOR },
  { AUTHOR "/assignedPerson/name/prefix", TEXT_AUTHOR },
  { AUTHOR "/assignedPerson/name/given", TEXT_AUTHOR },
  { AUTHOR "/assignedPerson/name/family", TEXT_AUTHOR },
  { AUTHOR "/assignedPerson/name/suffix", TEXT_AUTHOR },
  { AUTHOR "/representedOrganization/name", TEXT_ORGANIZATION },
  { DOCUMENT "/custodian/assignedCustodian/representedCustodianOrganization/name", TEXT_CUSTODIAN },
};

typedef struct
{
  DocumentsHead *head;
  FhirBuilder *patient;
  GString *path;
  GString *gathered[TEXT_N];
  guint depth, n_authors, n_names, n_given, n_identifiers;
  gboolean has_part; /* of the name that is read */
  gboolean done;     /* the body begins: the rest is not of the head */
} Reading;

void
documents_head_free (DocumentsHead *self)
{
  g_clear_pointer (&self->subject, fhir_resource_unref);
  g_free (self->title);
  g_free (self->kind);
  g_free (self->author);
  g_free (self->organization);
  g_free (self->custodian);
  g_free (self->date);
  g_free (self->confidentiality);
  g_free (self);
}

static const char *
local_name (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon ? colon + 1 : name;
}

static const char *
attribute (const char **names, const char **values, const char *wanted)
{
  for (gsize i = 0; names[i]; i++)
    if (g_str_equal (names[i], wanted))
      return values[i];
  return NULL;
}

static gboolean
is_at (Reading *self, const char *path)
{
  return g_str_equal (self->path->str, path);
}

/* ---- the patient ---- */

static void
put (Reading *self, const char *path, const char *value)
{
  g_autofree char *tidy = fhir_text_tidy (value);

  fhir_builder_set (self->patient, path, tidy);
}

static void
put_in_name (Reading *self, const char *part, const char *value)
{
  g_autofree char *path = g_strdup_printf ("name.%u.%s", self->n_names, part);

  put (self, path, value);
}

/* An identifier's number is its extension; where there is none the root is unique by itself. */
static void
put_identifier (Reading *self, const char *root, const char *extension)
{
  g_autofree char *system = NULL, *system_path = NULL, *value_path = NULL;

  if (!root || self->n_identifiers >= IDENTIFIERS_MAX)
    return;
  system = extension ? g_strconcat ("urn:oid:", root, NULL) : g_strdup ("urn:ietf:rfc:3986");
  system_path = g_strdup_printf ("identifier.%u.system", self->n_identifiers);
  value_path = g_strdup_printf ("identifier.%u.value", self->n_identifiers);
  put (self, system_path, system);
  put (self, value_path, extension ? extension : root);
  self->n_identifiers++;
}

/* Codes of HL7 AdministrativeGender, https://terminology.hl7.org/CodeSystem-v3-AdministrativeGender
 */
static void
put_sex (Reading *self, const char *code)
{
  const char *sex = g_strcmp0 (code, "F") == 0    ? "female"
                    : g_strcmp0 (code, "M") == 0  ? "male"
                    : g_strcmp0 (code, "UN") == 0 ? "other"
                                                  : NULL;

  put (self, "gender", sex);
}

/**
 * documents_head_dup_date:
 * @digits: (nullable): a time of HL7, YYYY[MM[DD[HHMM[SS[.S]][+ZZZZ]]]]
 *
 * Returns: (transfer full) (nullable): as a FHIR dateTime, of which a time without a zone is left
 *   out; NULL where it is none
 */
char *
documents_head_dup_date (const char *digits)
{
  gsize n = digits ? strspn (digits, "0123456789") : 0;
  const char *rest = digits ? digits + n : "";
  gboolean in_zone;

  if (n < 4)
    return NULL;
  if (*rest == '.')
    rest += 1 + strspn (rest + 1, "0123456789");
  in_zone = (*rest == '+' || *rest == '-') && strspn (rest + 1, "0123456789") == 4;
  if (n >= 12 && in_zone)
    return g_strdup_printf ("%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%.3s:%.2s", digits, digits + 4,
                            digits + 6, digits + 8, digits + 10, n >= 14 ? digits + 12 : "00", rest,
                            rest + 3);
  if (n >= 8)
    return g_strdup_printf ("%.4s-%.2s-%.2s", digits, digits + 4, digits + 6);
  if (n >= 6)
    return g_strdup_printf ("%.4s-%.2s", digits, digits + 4);
  return g_strndup (digits, 4);
}

static void
put_birth_date (Reading *self, const char *value)
{
  g_autofree char *digits = g_strndup (value ? value : "", 8);
  g_autofree char *date = documents_head_dup_date (digits);

  put (self, "birthDate", date);
}

/* ---- elements ---- */

static void
start_of_patient (Reading *self, const char **names, const char **values)
{
  if (is_at (self, ROLE "/id") && !attribute (names, values, "nullFlavor"))
    put_identifier (self, attribute (names, values, "root"),
                    attribute (names, values, "extension"));
  else if (is_at (self, NAME))
    {
      self->n_given = 0;
      self->has_part = FALSE;
    }
  else if (is_at (self, ROLE "/patient/birthTime"))
    put_birth_date (self, attribute (names, values, "value"));
  else if (is_at (self, ROLE "/patient/administrativeGenderCode"))
    put_sex (self, attribute (names, values, "code"));
}

static void
start_of_document (Reading *self, const char **names, const char **values)
{
  if (is_at (self, DOCUMENT "/recordTarget"))
    self->head->n_subjects++;
  else if (is_at (self, DOCUMENT "/author"))
    self->n_authors++;
  else if (is_at (self, DOCUMENT "/code") && !self->head->kind)
    self->head->kind = fhir_text_tidy (attribute (names, values, "displayName"));
  else if (is_at (self, DOCUMENT "/effectiveTime") && !self->head->date)
    self->head->date = documents_head_dup_date (attribute (names, values, "value"));
  else if (is_at (self, DOCUMENT "/confidentialityCode") && !self->head->confidentiality)
    self->head->confidentiality = g_strdup (attribute (names, values, "code"));
}

/* Whether the head goes on; an error only in so far as it ends the parser. */
static gboolean
stop_at_body (Reading *self, GError **error)
{
  if (self->depth != 2 || !is_at (self, DOCUMENT "/component"))
    return FALSE;
  self->done = TRUE;
  g_set_error_literal (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "");
  return TRUE;
}

static void
start_cb (GMarkupParseContext *context,
          const char *element,
          const char **names,
          const char **values,
          gpointer data,
          GError **error)
{
  Reading *self = data;

  if (++self->depth > DEPTH_MAX)
    return;
  g_string_append_printf (self->path, "/%s", local_name (element));
  if (stop_at_body (self, error))
    return;
  if (self->head->n_subjects == 1)
    start_of_patient (self, names, values);
  start_of_document (self, names, values);
}

static Text
text_here (Reading *self)
{
  if (self->depth > DEPTH_MAX)
    return TEXT_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (is_at (self, texts[i].path))
      return texts[i].text;
  return TEXT_NONE;
}

static void
end_of_name (Reading *self)
{
  g_autofree char *text = fhir_text_tidy (self->gathered[TEXT_NAME]->str);

  put_in_name (self, "text", text);
  self->n_names += text || self->has_part ? 1 : 0;
  g_string_truncate (self->gathered[TEXT_NAME], 0);
}

/* A part of the patient's name ends. */
static void
end_of_part (Reading *self, Text text)
{
  static const char *const parts[] = { [TEXT_FAMILY] = "family",
                                       [TEXT_GIVEN] = "given",
                                       [TEXT_PREFIX] = "prefix.0",
                                       [TEXT_SUFFIX] = "suffix.0" };
  GString *gathered = self->gathered[text];
  g_autofree char *given = text == TEXT_GIVEN ? g_strdup_printf ("given.%u", self->n_given) : NULL;
  g_autofree char *tidy = fhir_text_tidy (gathered->str);

  if (tidy && self->n_given < NAMES_MAX && self->n_names < NAMES_MAX)
    {
      put_in_name (self, given ? given : parts[text], tidy);
      self->n_given += text == TEXT_GIVEN;
      self->has_part = TRUE;
    }
  g_string_truncate (gathered, 0);
}

static void
end_cb (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Reading *self = data;
  Text text;

  if (self->depth > DEPTH_MAX)
    {
      self->depth--;
      return;
    }
  text = text_here (self);
  if (self->head->n_subjects == 1 && text >= TEXT_FAMILY && text <= TEXT_SUFFIX)
    end_of_part (self, text);
  else if (self->head->n_subjects == 1 && text == TEXT_NAME && self->n_names < NAMES_MAX)
    end_of_name (self);
  self->depth--;
  g_string_truncate (self->path, (gsize) (strrchr (self->path->str, '/') - self->path->str));
}

static void
text_cb (
    GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
  Reading *self = data;
  Text here = text_here (self);
  gboolean of_patient = here >= TEXT_FAMILY && here <= TEXT_NAME;
  gboolean of_author = here == TEXT_AUTHOR || here == TEXT_ORGANIZATION;

  if (here == TEXT_NONE || (of_patient && self->head->n_subjects != 1) ||
      (of_author && self->n_authors != 1) || self->gathered[here]->len > TEXT_MAX)
    return;
  g_string_append_len (self->gathered[here], text, (gssize) MIN (length, TEXT_MAX));
  g_string_append_c (self->gathered[here], ' ');
}

/* ---- the whole ---- */

static void
finish (Reading *self)
{
  DocumentsHead *head = self->head;

  head->title = fhir_text_tidy (self->gathered[TEXT_TITLE]->str);
  head->author = fhir_text_tidy (self->gathered[TEXT_AUTHOR]->str);
  head->organization = fhir_text_tidy (self->gathered[TEXT_ORGANIZATION]->str);
  head->custodian = fhir_text_tidy (self->gathered[TEXT_CUSTODIAN]->str);
  if (head->n_subjects > 0)
    head->subject = fhir_builder_end (self->patient);
}

/**
 * documents_head_read:
 * @xml: a C-CDA document
 *
 * Runs on any thread.
 *
 * Returns: (transfer full) (nullable): what its head says; NULL where it is not well-formed up to
 *   its body
 */
DocumentsHead *
documents_head_read (GBytes *xml, GError **error)
{
  static const GMarkupParser parser = { start_cb, end_cb, text_cb, NULL, NULL };
  g_autofree char *text = documents_narrative_dup_utf8 (xml, error);
  g_autoptr (DocumentsHead) head = g_new0 (DocumentsHead, 1);
  g_autoptr (FhirBuilder) patient = fhir_builder_new ("Patient", NULL);
  g_autoptr (GMarkupParseContext) context = NULL;
  g_autoptr (GError) problem = NULL;
  Reading reading = { .head = head, .patient = patient, .path = g_string_new (NULL) };

  for (gsize i = 0; i < TEXT_N; i++)
    reading.gathered[i] = g_string_new (NULL);
  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reading, NULL);
  if (text && g_markup_parse_context_parse (context, text, -1, &problem))
    g_markup_parse_context_end_parse (context, &problem);
  if (text && (reading.done || !problem))
    finish (&reading);
  g_string_free (reading.path, TRUE);
  for (gsize i = 0; i < TEXT_N; i++)
    g_string_free (reading.gathered[i], TRUE);
  if (text && (reading.done || !problem))
    return g_steal_pointer (&head);
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}
