/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-reference.h"

#include <string.h>

#include "fhir-concept.h"
#include "fhir-name.h"
#include "fhir-query-private.h"
#include "fhir-text.h"

/* Where the path step before @end begins. */
static const char *
step_before (const char *start, const char *end)
{
  while (end > start && end[-1] != '/')
    end--;
  return end;
}

/**
 * fhir_reference_split:
 * @reference: (nullable): the text of a Reference.reference
 * @type: (out) (optional) (transfer full): the resource type
 * @id: (out) (optional) (transfer full): the id
 *
 * Reads "Patient/1", "Patient/1/_history/2" and absolute URLs that end so.
 *
 * Returns: FALSE with both NULL for anything else: urn:, a contained "#x", a conditional reference,
 *   a type that R4 does not have
 */
gboolean
fhir_reference_split (const char *reference, char **type, char **id)
{
  const char *end, *history, *id_start, *type_start;
  char type_text[64], id_text[65];
  gsize type_length, id_length;

  if (type != NULL)
    *type = NULL;
  if (id != NULL)
    *id = NULL;
  if (reference == NULL || strpbrk (reference, "?#") != NULL)
    return FALSE;
  history = strstr (reference, "/_history/");
  end = history != NULL ? history : reference + strlen (reference);
  id_start = step_before (reference, end);
  if (id_start == reference)
    return FALSE;
  type_start = step_before (reference, id_start - 1);
  id_length = (gsize) (end - id_start);
  type_length = (gsize) (id_start - 1 - type_start);
  if (id_length >= sizeof id_text || type_length >= sizeof type_text)
    return FALSE;
  memcpy (id_text, id_start, id_length);
  id_text[id_length] = '\0';
  memcpy (type_text, type_start, type_length);
  type_text[type_length] = '\0';
  if (!fhir_id_is_valid (id_text) || !fhir_resource_type_is_known (type_text))
    return FALSE;
  if (type != NULL)
    *type = g_strdup (type_text);
  if (id != NULL)
    *id = g_strdup (id_text);
  return TRUE;
}

/* ---- taken apart ------------------------------------------------------------------------------
 */

void
fhir_reference_clear (FhirReference *self)
{
  g_free (self->text);
  g_free (self->base);
  g_free (self->type);
  g_free (self->id);
  g_free (self->version);
  g_free (self->query);
  g_free (self->identifier_system);
  g_free (self->identifier_value);
  g_free (self->display);
  *self = (FhirReference) { 0 };
}

static FhirReferenceKind
read_literal (FhirReference *self)
{
  const char *history = strstr (self->text, "/_history/");
  gsize length = history != NULL ? (gsize) (history - self->text) : strlen (self->text);
  gsize tail = strlen (self->type) + 1 + strlen (self->id);

  if (history != NULL)
    self->version = g_strdup (history + strlen ("/_history/"));
  if (length <= tail)
    return FHIR_REFERENCE_RELATIVE;
  self->base = g_strndup (self->text, length - tail - 1);
  return strstr (self->base, "://") != NULL ? FHIR_REFERENCE_ABSOLUTE : FHIR_REFERENCE_OTHER;
}

static gboolean
read_conditional (FhirReference *self)
{
  const char *mark = strchr (self->text, '?');
  const char *start = mark != NULL ? step_before (self->text, mark) : NULL;
  g_autofree char *type = mark != NULL ? g_strndup (start, (gsize) (mark - start)) : NULL;

  if (type == NULL || !fhir_resource_type_is_known (type))
    return FALSE;
  if (start > self->text)
    self->base = g_strndup (self->text, (gsize) (start - self->text) - 1);
  self->type = g_steal_pointer (&type);
  self->query = g_strdup (mark + 1);
  return TRUE;
}

static FhirReferenceKind
read_text (FhirReference *self)
{
  if (*self->text == '#')
    {
      self->id = g_strdup (self->text + 1);
      return FHIR_REFERENCE_CONTAINED;
    }
  if (g_str_has_prefix (self->text, "urn:"))
    {
      const char *name = strchr (self->text + 4, ':');

      self->id = name != NULL ? g_strdup (name + 1) : NULL;
      return FHIR_REFERENCE_URN;
    }
  if (fhir_reference_split (self->text, &self->type, &self->id))
    return read_literal (self);
  return read_conditional (self) ? FHIR_REFERENCE_CONDITIONAL : FHIR_REFERENCE_OTHER;
}

/**
 * fhir_reference_read:
 * @element: (nullable): a Reference
 * @out: (out): its parts, cleared with fhir_reference_clear()
 *
 * A type that Reference.type says is believed only where the reference itself says none.
 *
 * Returns: what kind it is; where it has both a reference and an identifier, the reference decides
 */
FhirReferenceKind
fhir_reference_read (const FhirElement *element, FhirReference *out)
{
  *out = (FhirReference) { 0 };
  out->text = g_strdup (fhir_element_path_text (element, "reference"));
  out->identifier_system = g_strdup (fhir_element_path_text (element, "identifier.system"));
  out->identifier_value = g_strdup (fhir_element_path_text (element, "identifier.value"));
  out->display = g_strdup (fhir_element_path_text (element, "display"));
  if (out->text != NULL && *out->text != '\0')
    out->kind = read_text (out);
  else if (out->identifier_value != NULL)
    out->kind = FHIR_REFERENCE_LOGICAL;
  if (out->type == NULL)
    out->type = g_strdup (fhir_element_path_text (element, "type"));
  return out->kind;
}

/**
 * fhir_reference_find_contained:
 * @id: what stands after the "#"; empty for @resource itself
 *
 * Returns: (transfer none) (nullable): the contained resource, which lives as long as @resource
 */
const FhirElement *
fhir_reference_find_contained (FhirResource *resource, const char *id)
{
  if (*id == '\0')
    return fhir_resource_get_root (resource);
  fhir_element_foreach (contained, fhir_resource_path (resource, "contained"))
    {
      const char *own = fhir_element_path_text (contained, "id");

      /* Some write the mark into the id too. */
      if (own != NULL && strcmp (*own == '#' ? own + 1 : own, id) == 0)
        return contained;
    }
  return NULL;
}

/* ---- as a person reads it ---------------------------------------------------------------------
 */

static char *
dup_title (const FhirElement *resource)
{
  const FhirElement *name = fhir_element_get (resource, "name");
  char *title = NULL;

  if (fhir_element_get_kind (name) == FHIR_KIND_STRING)
    title = fhir_text_tidy (fhir_element_get_text (name));
  else if (name != NULL)
    title = fhir_human_name_format (name);
  if (title == NULL)
    title = fhir_concept_dup_text (fhir_element_get (resource, "code"));
  if (title == NULL)
    title = fhir_concept_dup_text (fhir_element_get (resource, "type"));
  return title != NULL ? title : g_strdup (fhir_element_path_text (resource, "resourceType"));
}

/* "identifier=http://hl7.org/fhir/sid/us-npi|9999974394" is 9999974394 to a person. */
static char *
dup_conditional (const FhirReference *self)
{
  g_auto (GStrv) pairs = g_strsplit (self->query, "&", -1);

  for (char **pair = pairs; *pair != NULL; pair++)
    if (g_str_has_prefix (*pair, "identifier="))
      {
        const char *encoded = *pair + strlen ("identifier=");
        g_autofree char *value = fhir_query_decode (encoded, strlen (encoded), NULL);
        const char *bar = value != NULL ? strrchr (value, '|') : NULL;

        if (value != NULL)
          return g_strdup_printf ("%s %s", self->type, bar != NULL ? bar + 1 : value);
      }
  return g_strdup (self->text);
}

static char *
dup_contained (const FhirReference *self, FhirResource *container)
{
  const FhirElement *part =
      container != NULL ? fhir_reference_find_contained (container, self->id) : NULL;

  return part != NULL ? dup_title (part) : g_strdup (self->text);
}

/**
 * fhir_reference_format:
 * @element: (nullable): a Reference
 * @container: (nullable): the resource that it stands in, to look into what is contained
 *
 * Returns: (transfer full) (nullable): what a person calls the target: its display, a contained
 *   resource's own name, an identifier, else type and id as they are; NULL where nothing is said
 */
char *
fhir_reference_format (const FhirElement *element, FhirResource *container)
{
  g_auto (FhirReference) self = { 0 };
  g_autofree char *display = NULL;

  fhir_reference_read (element, &self);
  display = fhir_text_tidy (self.display);
  if (display != NULL && *display != '\0')
    return g_steal_pointer (&display);
  switch (self.kind)
    {
    case FHIR_REFERENCE_CONTAINED:
      return dup_contained (&self, container);
    case FHIR_REFERENCE_CONDITIONAL:
      return dup_conditional (&self);
    case FHIR_REFERENCE_LOGICAL:
      return g_strdup_printf ("%s%s%s", self.type != NULL ? self.type : "",
                              self.type != NULL ? " " : "", self.identifier_value);
    case FHIR_REFERENCE_RELATIVE:
    case FHIR_REFERENCE_ABSOLUTE:
    case FHIR_REFERENCE_URN:
    case FHIR_REFERENCE_OTHER:
      return fhir_text_tidy (self.text);
    case FHIR_REFERENCE_NONE:
      break;
    }
  return NULL;
}
