/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-structure.h"

#include <stdlib.h>
#include <string.h>

/* The table that structures.py makes of the official definitions; its first lines say how a
 * structure is written. */

typedef enum
{
  RESOURCE,
  DOMAINRESOURCE,
  BACKBONEELEMENT,
  ELEMENT,
} Kind;

struct _FhirStructure
{
  const char *name;
  Kind kind;
  const char *elements;
};

typedef struct
{
  const char *url, *codes; /* "<system> code code <system> code" */
} ValueSet;

/* http://hl7.org/fhir/R4/resource.html, domainresource.html, backboneelement.html, element.html */
static const char *const always[] = {
  [RESOURCE] = "id?id meta?Meta implicitRules?uri language?code",
  [DOMAINRESOURCE] = ("id?id meta?Meta implicitRules?uri language?code text?Narrative "
                      "contained*Resource extension*Extension modifierExtension*Extension"),
  [BACKBONEELEMENT] = "id?string extension*Extension modifierExtension*Extension",
  [ELEMENT] = "id?string extension*Extension",
};

#define STRUCTURE(name, kind, elements) { name, kind, elements },
#define VALUE_SET(number, url, codes)
static const FhirStructure structures[] = {
#include "fhir-structures.inc"
};
#undef STRUCTURE
#undef VALUE_SET

#define STRUCTURE(name, kind, elements)
#define VALUE_SET(number, url, codes) [number] = { url, codes },
static const ValueSet value_sets[] = {
#include "fhir-structures.inc"
};
#undef STRUCTURE
#undef VALUE_SET

typedef struct
{
  const char *path, *types;
} Targets;

#define TARGETS(path, types) { path, types },
static const Targets targets[] = {
#include "fhir-reference-targets.inc"
};
#undef TARGETS

static int
compare (const void *name, const void *structure)
{
  return strcmp (name, ((const FhirStructure *) structure)->name);
}

/**
 * fhir_structure_of_extensions:
 *
 * Returns: (transfer none): what stands beside a primitive value, as in _birthDate
 */
const FhirStructure *
fhir_structure_of_extensions (void)
{
  static const FhirStructure element = { "Element", ELEMENT, "" };

  return &element;
}

/**
 * fhir_structure_find:
 * @name: "Patient", "HumanName", "Patient.contact"
 *
 * Returns: (transfer none) (nullable): the structure; NULL for a primitive type too
 */
const FhirStructure *
fhir_structure_find (const char *name)
{
  if (strcmp (name, "Element") == 0)
    return fhir_structure_of_extensions ();
  return bsearch (name, structures, G_N_ELEMENTS (structures), sizeof *structures, compare);
}

const char *
fhir_structure_get_name (const FhirStructure *self)
{
  return self->name;
}

gboolean
fhir_structure_is_resource (const FhirStructure *self)
{
  return self->kind == RESOURCE || self->kind == DOMAINRESOURCE;
}

void
fhir_structure_iter_init (FhirStructureIter *iter, const FhirStructure *structure)
{
  iter->structure = structure;
  iter->at = always[structure->kind];
  iter->in_own = FALSE;
}

/* "value%?Quantity|string=12" */
static void
read_word (const char *word, gsize length, FhirStructureElement *element)
{
  const char *end = word + length, *often = word + strcspn (word, "?!*+"), *binding;

  element->name = word;
  element->is_choice = often[-1] == '%';
  element->name_length = (gsize) (often - word) - (element->is_choice ? 1 : 0);
  element->is_required = *often == '!' || *often == '+';
  element->is_many = *often == '*' || *often == '+';
  element->types = often + 1;
  binding = memchr (often, '=', (gsize) (end - often));
  element->types_length = (gsize) ((binding != NULL ? binding : end) - element->types);
  element->value_set = binding != NULL ? atoi (binding + 1) : -1;
}

/**
 * fhir_structure_iter_next:
 *
 * Returns: FALSE after the last element
 */
gboolean
fhir_structure_iter_next (FhirStructureIter *iter, FhirStructureElement *element)
{
  gsize length;

  if (*iter->at == '\0' && !iter->in_own)
    {
      iter->at = iter->structure->elements;
      iter->in_own = TRUE;
    }
  if (*iter->at == '\0')
    return FALSE;
  length = strcspn (iter->at, " ");
  read_word (iter->at, length, element);
  iter->at += length + (iter->at[length] == ' ');
  return TRUE;
}

/* The type that @suffix names with a capital letter: "Quantity" of valueQuantity, "dateTime" of
 * effectiveDateTime. */
static char *
dup_chosen (const FhirStructureElement *element, const char *suffix)
{
  g_autofree char *types = g_strndup (element->types, element->types_length);
  g_auto (GStrv) list = g_strsplit (types, "|", -1);

  for (char **type = list; *type != NULL; type++)
    if (g_ascii_toupper (**type) == *suffix && strcmp (*type + 1, suffix + 1) == 0)
      return g_strdup (*type);
  return NULL;
}

/**
 * fhir_structure_member:
 * @name: the name of a member in JSON
 * @element: (out): the element that it is
 *
 * Returns: (transfer full) (nullable): its type; NULL where the structure has no such member
 */
char *
fhir_structure_member (const FhirStructure *self, const char *name, FhirStructureElement *element)
{
  FhirStructureIter iter;

  fhir_structure_iter_init (&iter, self);
  while (fhir_structure_iter_next (&iter, element))
    {
      char *chosen;

      if (strncmp (element->name, name, element->name_length) != 0)
        continue;
      if (!element->is_choice && name[element->name_length] == '\0')
        return g_strndup (element->types, element->types_length);
      chosen = element->is_choice && name[element->name_length] != '\0'
                   ? dup_chosen (element, name + element->name_length)
                   : NULL;
      if (chosen != NULL)
        return chosen;
    }
  return NULL;
}

static int
compare_path (const void *path, const void *entry)
{
  return strcmp (path, ((const Targets *) entry)->path);
}

/**
 * fhir_structure_get_targets:
 *
 * Returns: (transfer none) (nullable): the types that references of the element may lead to,
 *   separated by a space; NULL where they may lead anywhere, or it is no reference
 */
const char *
fhir_structure_get_targets (const FhirStructure *self, const FhirStructureElement *element)
{
  g_autofree char *path =
      g_strdup_printf ("%s.%.*s", self->name, (int) element->name_length, element->name);
  const Targets *entry =
      bsearch (path, targets, G_N_ELEMENTS (targets), sizeof *targets, compare_path);

  return entry != NULL ? entry->types : NULL;
}

const char *
fhir_value_set_get_url (int number)
{
  return value_sets[number].url;
}

static gboolean
is_word (const char *at, gsize length, const char *word)
{
  return strlen (word) == length && strncmp (at, word, length) == 0;
}

/**
 * fhir_value_set_has:
 * @number: of a binding
 * @system: (nullable): the system of a Coding; NULL for a plain code, which has none
 */
gboolean
fhir_value_set_has (int number, const char *system, const char *code)
{
  gboolean in_system = system == NULL;
  gsize length;

  for (const char *at = value_sets[number].codes; *at != '\0'; at += length + (at[length] == ' '))
    {
      length = strcspn (at, " ");
      if (*at == '<')
        in_system = system == NULL || is_word (at + 1, length - 2, system);
      else if (in_system && is_word (at, length, code))
        return TRUE;
    }
  return FALSE;
}
