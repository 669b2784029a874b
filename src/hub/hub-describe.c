/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-describe-private.h"

#include <string.h>

#include "fhir-structure.h"
#include "fhir-text.h"

/* A resource in words, line by line, along the official definitions: they tell what each member is,
 * and which members there should not be. Nothing is left out: what a line does not tell stands on
 * lines below it. What changes the meaning of the rest is loud. */

#define INDENT     2
#define LABEL      24
#define LINE_WIDTH 90
#define MAX_DEPTH  40
#define LOUD       "!!! "

typedef struct _Writer Writer;

struct _Writer
{
  HubDescription *out;
  const char *only_type;
  guint depth;
  GString *path; /* "Patient.contact" */
  /* A value may hold a resource, which holds values. */
  void (*value) (Writer *self, const char *label, const char *type, const FhirElement *value);
  void (*resource) (Writer *self, const char *label, const FhirElement *resource);
};

void
hub_description_free (HubDescription *self)
{
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->warnings);
  g_ptr_array_unref (self->unknown);
  g_free (self);
}

/* ---- lines ---- */

static void
indent (Writer *self)
{
  for (guint i = 0; i < self->depth * INDENT; i++)
    g_string_append_c (self->out->text, ' ');
}

static void
put_line (Writer *self, const char *label, const char *text)
{
  GString *out = self->out->text;

  indent (self);
  g_string_append (out, label);
  if (text != NULL)
    {
      for (glong width = g_utf8_strlen (label, -1); width < LABEL - 1; width++)
        g_string_append_c (out, ' ');
      g_string_append_printf (out, " %s", text);
    }
  g_string_append_c (out, '\n');
}

static void
put_loud (Writer *self, const char *sentence)
{
  indent (self);
  g_string_append_printf (self->out->text, LOUD "%s\n", sentence);
  g_ptr_array_add (self->out->warnings, g_strdup_printf ("%s: %s", self->path->str, sentence));
}

/* Many lines, or one that is too long, in a block of its own. */
static void
put_block (Writer *self, const char *label, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  put_line (self, label, NULL);
  self->depth++;
  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *tidy = fhir_text_tidy (*line);
      g_auto (GStrv) words = g_strsplit (tidy != NULL ? tidy : "", " ", -1);
      gsize width = 0;

      if (words[0] != NULL)
        indent (self);
      for (char **word = words; *word != NULL; word++)
        {
          gsize length = (gsize) g_utf8_strlen (*word, -1);

          if (width > 0 && width + 1 + length > LINE_WIDTH)
            {
              g_string_append_c (self->out->text, '\n');
              indent (self);
              width = 0;
            }
          g_string_append_printf (self->out->text, "%s%s", width > 0 ? " " : "", *word);
          width += length + (width > 0 ? 1 : 0);
        }
      g_string_append_c (self->out->text, '\n');
    }
  self->depth--;
}

static void
put_text (Writer *self, const char *label, const char *text)
{
  g_autofree char *tidy = fhir_text_tidy (text);

  if (strchr (text, '\n') != NULL || (tidy != NULL && g_utf8_strlen (tidy, -1) > LINE_WIDTH))
    put_block (self, label, text);
  else
    put_line (self, label, tidy != NULL ? tidy : "(empty)");
}

/* ---- primitives ---- */

static gboolean
is_date_type (const char *type)
{
  return g_str_equal (type, "date") || g_str_equal (type, "dateTime") ||
         g_str_equal (type, "instant");
}

static void
put_primitive (Writer *self, const char *label, const char *type, const FhirElement *value)
{
  const char *text = fhir_element_get_text (value);
  g_autofree char *date = NULL;

  switch (fhir_element_get_kind (value))
    {
    case FHIR_KIND_BOOLEAN:
      put_line (self, label, fhir_element_is_true (value) ? "yes" : "no");
      break;
    case FHIR_KIND_NULL:
    case FHIR_KIND_NONE:
      put_line (self, label, "(no value)");
      break;
    default:
      if (is_date_type (type))
        date = hub_describe_date (text);
      if (g_str_equal (type, "base64Binary") && text != NULL)
        {
          g_autofree char *size =
              g_strdup_printf ("%" G_GSIZE_FORMAT " signs of base64", strlen (text));

          put_line (self, label, size);
        }
      else
        put_text (self, label, date != NULL ? date : text != NULL ? text : "");
      break;
    }
}

/* ---- what no definition knows ---- */

static void
put_unknown (Writer *self, const char *label, const FhirElement *value)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *member;

  if (self->depth > MAX_DEPTH)
    put_line (self, label, "(too deep to be shown)");
  else if (fhir_element_get_kind (value) == FHIR_KIND_ARRAY)
    fhir_element_foreach (item, value)
      put_unknown (self, label, item);
  else if (fhir_element_get_kind (value) == FHIR_KIND_OBJECT)
    {
      put_line (self, label, NULL);
      self->depth++;
      fhir_member_iter_init (&iter, value);
      while (fhir_member_iter_next (&iter, &name, &member))
        {
          g_autofree char *tidy = fhir_text_tidy (name);

          put_unknown (self, tidy != NULL ? tidy : "(no name)", member);
        }
      self->depth--;
    }
  else
    put_primitive (self, label, "", value);
}

static void
put_stranger (Writer *self, const char *name, const FhirElement *value)
{
  g_autofree char *tidy = fhir_text_tidy (name);
  g_autofree char *label =
      g_strdup_printf ("%s (not in FHIR R4)", tidy != NULL ? tidy : "(no name)");

  g_ptr_array_add (self->out->unknown, g_strdup_printf ("%s.%s", self->path->str, tidy));
  put_unknown (self, label, value);
}

/* ---- elements ---- */

static gboolean
is_covered (const char *name, const char *const *covered)
{
  return covered != NULL && g_strv_contains (covered, name);
}

/* Extensions of an extension, or its one value under the extension's own name. */
static void
put_extension (Writer *self, const FhirElement *extension, gboolean modifies)
{
  g_autofree char *label = hub_describe_extension (extension, modifies);
  const FhirStructure *structure = fhir_structure_find ("Extension");
  FhirStructureElement element;
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;
  gboolean has_value = FALSE;

  if (modifies)
    put_loud (self,
              "AN EXTENSION CHANGES THE MEANING OF THIS: read it before you rely on the rest");
  fhir_member_iter_init (&iter, extension);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      g_autofree char *type = g_str_has_prefix (name, "value") && structure != NULL
                                  ? fhir_structure_member (structure, name, &element)
                                  : NULL;

      if (type == NULL)
        continue;
      has_value = TRUE;
      self->value (self, label, type, value);
    }
  if (!has_value)
    put_line (self, label, NULL);
  self->depth++;
  fhir_element_foreach (inner, fhir_element_get (extension, "extension"))
    put_extension (self, inner, FALSE);
  self->depth--;
}

static void
put_extensions (Writer *self, const FhirElement *list, gboolean modifies)
{
  if (fhir_element_get_kind (list) != FHIR_KIND_ARRAY)
    put_stranger (self, modifies ? "modifierExtension" : "extension", list);
  else
    fhir_element_foreach (extension, list)
      put_extension (self, extension, modifies);
}

/* What stands beside a primitive: one of a list each, or one. */
static void
put_beside (Writer *self, const FhirElement *beside)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  if (fhir_element_get_kind (beside) != FHIR_KIND_OBJECT)
    return;
  self->depth++;
  fhir_member_iter_init (&iter, beside);
  while (fhir_member_iter_next (&iter, &name, &value))
    if (g_str_equal (name, "extension"))
      put_extensions (self, value, FALSE);
    else if (g_str_equal (name, "id"))
      put_primitive (self, "Id", "string", value);
    else
      put_stranger (self, name, value);
  self->depth--;
}

/* Of a value that stands on a line with others. */
static void
put_beside_all (Writer *self, const char *label, const FhirElement *beside)
{
  put_line (self, label, NULL);
  put_beside (self, beside);
  if (fhir_element_get_kind (beside) == FHIR_KIND_ARRAY)
    fhir_element_foreach (item, beside)
      put_beside (self, item);
}

static void
put_items (Writer *self,
           const char *label,
           const char *type,
           const FhirElement *value,
           const FhirElement *beside)
{
  gsize count =
      MAX (fhir_element_get_length (value), fhir_element_get_kind (beside) == FHIR_KIND_ARRAY
                                                ? fhir_element_get_length (beside)
                                                : 0);

  if (fhir_element_get_kind (value) != FHIR_KIND_ARRAY && value != NULL)
    {
      self->value (self, label, type, value);
      put_beside (self, beside);
      return;
    }
  if (value == NULL && fhir_element_get_kind (beside) == FHIR_KIND_OBJECT)
    {
      put_line (self, label, "(no value)");
      put_beside (self, beside);
      return;
    }
  for (gsize i = 0; i < count; i++)
    {
      const FhirElement *item = fhir_element_at (value, i);

      if (item != NULL)
        self->value (self, label, type, item);
      else
        put_line (self, label, "(no value)");
      put_beside (self, fhir_element_at (beside, i));
    }
}

static void
put_member (Writer *self,
            const FhirStructure *structure,
            const FhirElement *object,
            const char *name,
            const FhirElement *value,
            const char *const *covered)
{
  const char *plain = *name == '_' ? name + 1 : name;
  FhirStructureElement element;
  g_autofree char *type = fhir_structure_member (structure, plain, &element);
  g_autofree char *other = g_strconcat ("_", name, NULL);
  g_autofree char *label = NULL;
  gsize before = self->path->len;

  if (*name == '_' && type != NULL)
    {
      label = hub_describe_words (element.name, element.name_length);
      if (is_covered (plain, covered))
        put_beside_all (self, label, value);
      else if (fhir_element_get (object, plain) == NULL) /* else told with the value */
        put_items (self, label, type, NULL, value);
      return;
    }
  if (type == NULL)
    {
      put_stranger (self, name, value);
      return;
    }
  label = hub_describe_words (element.name, element.name_length);
  g_string_append_printf (self->path, ".%s", name);
  if (g_str_equal (type, "Extension"))
    put_extensions (self, value, g_str_equal (name, "modifierExtension"));
  else
    put_items (self, label, type, value, fhir_element_get (object, other));
  g_string_truncate (self->path, before);
}

/* Text, parts and origin come last: they are not what one looks for first. */
static gboolean
comes_last (const char *name)
{
  static const char *const last[] = { "meta", "text", "contained", "extension", NULL };

  return g_strv_contains (last, name);
}

static void
put_members (Writer *self,
             const FhirStructure *structure,
             const FhirElement *object,
             const char *const *covered)
{
  gboolean is_resource = fhir_structure_is_resource (structure);
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  for (int pass = 0; pass < (is_resource ? 2 : 1); pass++)
    {
      fhir_member_iter_init (&iter, object);
      while (fhir_member_iter_next (&iter, &name, &value))
        if (!is_covered (name, covered) && (!is_resource || comes_last (name) == (pass == 1)))
          put_member (self, structure, object, name, value, covered);
    }
}

static void
put_structure (Writer *self, const char *label, const char *type, const FhirElement *value)
{
  const FhirStructure *structure = fhir_structure_find (*type == '@' ? type + 1 : type);
  const char *const *covered = NULL;
  g_autofree char *line = hub_describe_value (type, value, &covered);
  g_autofree char *attached =
      g_str_equal (type, "Attachment") ? hub_describe_attached_text (value) : NULL;

  if (line != NULL)
    put_text (self, label, line);
  else
    put_line (self, label, NULL);
  self->depth++;
  if (attached != NULL)
    put_block (self, "Text", attached);
  put_members (self, structure, value, covered);
  self->depth--;
}

static void
put_narrative (Writer *self, const char *label, const FhirElement *narrative)
{
  g_autofree char *text = hub_describe_narrative (fhir_element_path_text (narrative, "div"));
  g_autofree char *status = fhir_text_tidy (fhir_element_path_text (narrative, "status"));
  g_autofree char *whole =
      g_strdup_printf ("%s (%s)", label, status != NULL ? status : "no status");

  put_block (self, whole, text != NULL ? text : "(empty)");
}

static void
put_value (Writer *self, const char *label, const char *type, const FhirElement *value)
{
  const FhirStructure *structure = fhir_structure_find (*type == '@' ? type + 1 : type);
  gboolean is_object = fhir_element_get_kind (value) == FHIR_KIND_OBJECT;

  if (self->depth > MAX_DEPTH)
    put_line (self, label, "(too deep to be shown)");
  else if (g_str_equal (type, "Resource") && is_object)
    self->resource (self, label, value);
  else if (g_str_equal (type, "Narrative") && is_object)
    put_narrative (self, label, value);
  else if (structure != NULL && is_object)
    put_structure (self, label, type, value);
  else if (structure == NULL && !is_object)
    put_primitive (self, label, type, value);
  else
    {
      g_autofree char *strange =
          g_strdup_printf ("%s (not of the kind that FHIR R4 has here)", label);

      g_ptr_array_add (self->out->unknown, g_strdup (self->path->str));
      put_unknown (self, strange, value);
    }
}

/* ---- resources ---- */

static gboolean
is_entered_in_error (const FhirElement *resource)
{
  const char *status = fhir_element_path_text (resource, "status");

  if (g_strcmp0 (status, "entered-in-error") == 0)
    return TRUE;
  fhir_element_foreach (coding, fhir_element_path (resource, "verificationStatus.coding"))
    if (g_strcmp0 (fhir_element_path_text (coding, "code"), "entered-in-error") == 0)
      return TRUE;
  return FALSE;
}

static void
put_warnings (Writer *self, const FhirElement *resource)
{
  if (is_entered_in_error (resource))
    put_loud (self, "ENTERED IN ERROR: this never was so. Do not act on it");
  if (fhir_element_is_true (fhir_element_get (resource, "doNotPerform")))
    put_loud (self, "DO NOT PERFORM: this forbids what it describes");
  if (fhir_element_get (resource, "implicitRules") != NULL)
    put_loud (self, "OTHER RULES APPLY: this can only be read with what “Implicit rules” names");
}

static void
put_bundle_members (Writer *self, const FhirStructure *structure, const FhirElement *bundle)
{
  static const char *const covered[] = { "resourceType", "id", "entry", NULL };
  const FhirElement *entries = fhir_element_get (bundle, "entry");
  gsize position = 0;

  put_members (self, structure, bundle, covered);
  fhir_element_foreach (entry, entries)
    {
      g_autofree char *label = g_strdup_printf ("Entry %" G_GSIZE_FORMAT, ++position);
      const char *type = fhir_element_path_text (entry, "resource.resourceType");

      if (self->only_type != NULL && g_strcmp0 (type, self->only_type) != 0)
        {
          self->out->left_out++;
          continue;
        }
      self->out->shown++;
      g_string_append_c (self->out->text, '\n');
      self->value (self, label, "@Bundle.entry", entry);
    }
}

static void
put_resource (Writer *self, const char *label, const FhirElement *resource)
{
  static const char *const covered[] = { "resourceType", "id", NULL };
  g_autofree char *type = fhir_text_tidy (fhir_element_path_text (resource, "resourceType"));
  g_autofree char *id = fhir_text_tidy (fhir_element_path_text (resource, "id"));
  const FhirStructure *structure = type != NULL ? fhir_structure_find (type) : NULL;
  g_autofree char *words = type != NULL ? hub_describe_words (type, strlen (type)) : NULL;
  g_autofree char *upper = g_utf8_strup (words != NULL ? words : "no type", -1);
  g_autofree char *heading =
      g_strdup_printf ("%s%s%s%s%s", label != NULL ? label : "", label != NULL ? ": " : "", upper,
                       id != NULL ? " " : "", id != NULL ? id : "");
  gsize before = self->path->len;

  put_line (self, heading, NULL);
  g_string_append_printf (self->path, "%s%s/%s", before > 0 ? " > " : "", type != NULL ? type : "?",
                          id != NULL ? id : "-");
  self->depth++;
  put_warnings (self, resource);
  if (structure == NULL || !fhir_structure_is_resource (structure))
    put_stranger (self, "resource", resource);
  else if (g_str_equal (type, "Bundle"))
    put_bundle_members (self, structure, resource);
  else
    put_members (self, structure, resource, covered);
  self->depth--;
  g_string_truncate (self->path, before);
}

/* ---- a file ---- */

static void
put_whole (HubDescription *out, FhirResource *resource, const char *only_type)
{
  Writer self = { out, only_type, 0, g_string_new (NULL), put_value, put_resource };

  if (out->text->len > 0)
    g_string_append_c (out->text, '\n');
  put_resource (&self, NULL, fhir_resource_get_root (resource));
  g_string_free (self.path, TRUE);
}

/* A resource a line, as exports are. */
static gboolean
put_lines (HubDescription *out, const char *text, gsize length, const char *only_type)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  for (char **line = lines; *line != NULL; line++)
    {
      FhirResource *resource;

      if (*g_strstrip (*line) == '\0')
        continue;
      resource = fhir_resource_parse (*line, -1, NULL);
      if (resource == NULL)
        return FALSE;
      g_ptr_array_add (resources, resource);
    }
  for (guint i = 0; i < resources->len; i++)
    if (only_type == NULL || g_str_equal (fhir_resource_get_type (resources->pdata[i]), only_type))
      {
        out->shown++;
        put_whole (out, resources->pdata[i], only_type);
      }
    else
      out->left_out++;
  return resources->len > 0;
}

/**
 * hub_describe:
 * @text: a resource, a bundle, or a resource a line
 * @only_type: (nullable): of bundles and lines, show only resources of this type
 *
 * Returns: (transfer full): what it says; NULL with a reason where it is none of these
 */
HubDescription *
hub_describe (const char *text, gssize length, const char *only_type, GError **error)
{
  g_autoptr (HubDescription) out = g_new0 (HubDescription, 1);
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  g_autoptr (GError) problem = NULL;
  g_autoptr (FhirResource) resource = NULL;

  out->text = g_string_new (NULL);
  out->warnings = g_ptr_array_new_with_free_func (g_free);
  out->unknown = g_ptr_array_new_with_free_func (g_free);
  resource = fhir_resource_parse (text, (gssize) size, &problem);
  if (resource != NULL)
    put_whole (out, resource, only_type);
  else if (!put_lines (out, text, size, only_type))
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&problem),
                                  "This is no FHIR resource in JSON: ");
      return NULL;
    }
  return g_steal_pointer (&out);
}
