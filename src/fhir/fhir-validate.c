/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-validate.h"

#include <string.h>

#include "fhir-reference.h"
#include "fhir-structure.h"

/* Structure of a resource against the definitions of R4: unknown elements, types, how often, codes
 * of required bindings, the type that a reference leads to, and that a contained resource is there.
 * What is not looked at: invariants, profiles, bindings that are not required, whether what a
 * reference leads to is there. Whoever shows the result says so. */

/* An object that is still to be looked at. */
typedef struct
{
  const FhirElement *object;
  const FhirStructure *structure;
  char *path;
  const FhirElement *container; /* the resource in which "#part" is looked for */
} Part;

typedef struct
{
  GQueue parts;                 /* of Part */
  const FhirElement *container; /* of the part at hand */
  GHashTable *full_urls;        /* (nullable): of a Bundle's entries -> type, both borrowed */
  GPtrArray *issues;
  guint dropped;
} Job;

/* What a value has to be. */
typedef struct
{
  const char *type;
  int value_set;
  const char *targets; /* (nullable): of a reference */
} Rule;

void
fhir_issue_free (FhirIssue *self)
{
  g_free (self->expression);
  g_free (self->text);
  g_free (self);
}

G_GNUC_PRINTF (5, 6)
static void
report (Job *job, const char *severity, const char *code, const char *path, const char *format, ...)
{
  FhirIssue *issue;
  va_list values;

  if (job->issues->len >= FHIR_VALIDATE_MAX_ISSUES)
    {
      job->dropped++;
      return;
    }
  issue = g_new0 (FhirIssue, 1);
  issue->severity = severity;
  issue->code = code;
  issue->expression = g_strdup (path);
  va_start (values, format);
  issue->text = g_strdup_vprintf (format, values);
  va_end (values);
  g_ptr_array_add (job->issues, issue);
}

static void
add_part (Job *job, const FhirElement *object, const FhirStructure *structure, const char *path)
{
  Part *part;

  if (fhir_element_get_kind (object) != FHIR_KIND_OBJECT)
    {
      report (job, "error", "structure", path, "Here an object must stand, a %s",
              fhir_structure_get_name (structure));
      return;
    }
  if (fhir_element_get_length (object) == 0)
    {
      report (job, "error", "structure", path, "An object must not be empty");
      return;
    }
  part = g_new (Part, 1);
  part->object = object;
  part->structure = structure;
  part->path = g_strdup (path);
  part->container = job->container;
  g_queue_push_tail (&job->parts, part);
}

/* ---- values --------------------------------------------------------------------------------- */

static gboolean
has_listed_coding (const FhirElement *concept, int value_set)
{
  fhir_element_foreach (coding, fhir_element_get (concept, "coding"))
    {
      const char *system = fhir_element_path_text (coding, "system");
      const char *code = fhir_element_path_text (coding, "code");

      if (system != NULL && code != NULL && fhir_value_set_has (value_set, system, code))
        return TRUE;
    }
  return FALSE;
}

static void
check_binding (Job *job, const FhirElement *value, const char *type, int number, const char *path)
{
  const char *code = fhir_element_get_text (value);
  gboolean good = TRUE;

  if (number < 0)
    return;
  if (number == 0)
    {
      report (job, "information", "incomplete", path,
              "The required codes of this element cannot be listed here: not checked");
      return;
    }
  if (strcmp (type, "Coding") == 0)
    {
      const char *system = fhir_element_path_text (value, "system");

      code = fhir_element_path_text (value, "code");
      good = code != NULL && system != NULL && fhir_value_set_has (number, system, code);
    }
  else if (strcmp (type, "CodeableConcept") == 0)
    good = has_listed_coding (value, number);
  else if (code != NULL)
    good = fhir_value_set_has (number, NULL, code);
  if (!good)
    report (job, "error", "code-invalid", path, "“%s” is not in the required value set %s",
            code != NULL ? code : "this", fhir_value_set_get_url (number));
}

static gboolean
is_contained (const char *path)
{
  const char *step = strrchr (path, '.');

  return step != NULL && g_str_has_prefix (step, ".contained[");
}

/* contained, Bundle.entry.resource, Parameters.parameter.resource */
static void
add_resource (Job *job, const FhirElement *value, const char *path)
{
  const char *type = fhir_element_path_text (value, "resourceType");
  const FhirStructure *structure = type != NULL ? fhir_structure_find (type) : NULL;
  const FhirElement *container = job->container;

  /* What is contained looks around itself, every other resource within itself. */
  if (container == NULL || !is_contained (path))
    job->container = value;
  if (structure != NULL && fhir_structure_is_resource (structure))
    add_part (job, value, structure, path);
  else
    report (job, "error", "structure", path,
            "Here a resource must stand, with a known resourceType");
  job->container = container;
}

/* ---- references ----------------------------------------------------------------------------- */

/* What the entries of a Bundle are called before they have an id. */
static GHashTable *
read_full_urls (FhirResource *bundle)
{
  GHashTable *types = g_hash_table_new (g_str_hash, g_str_equal);

  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    {
      const char *url = fhir_element_path_text (entry, "fullUrl");
      const char *type = fhir_element_path_text (entry, "resource.resourceType");

      if (url != NULL && type != NULL)
        g_hash_table_insert (types, (gpointer) url, (gpointer) type);
    }
  return types;
}

static const FhirElement *
find_contained (const FhirElement *container, const char *id)
{
  if (id == NULL || *id == '\0') /* "#" is the resource around it */
    return container;
  fhir_element_foreach (part, fhir_element_get (container, "contained"))
    if (g_strcmp0 (fhir_element_path_text (part, "id"), id) == 0)
      return part;
  return NULL;
}

static gboolean
has_word (const char *words, const char *word)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *) list, word);
}

static void
check_target (Job *job, const char *type, const char *targets, const char *path)
{
  g_auto (GStrv) list = NULL;
  g_autofree char *words = NULL;

  if (type == NULL || targets == NULL || !fhir_resource_type_is_known (type) ||
      has_word (targets, type))
    return;
  list = g_strsplit (targets, " ", -1);
  words = g_strjoinv (", ", list);
  report (job, "error", "value", path, "This may refer to %s, not to %s", words, type);
}

static void
check_reference (Job *job, const FhirElement *value, const char *targets, const char *path)
{
  const char *said = fhir_element_path_text (value, "type");
  g_auto (FhirReference) reference = { 0 };
  FhirReferenceKind kind = fhir_reference_read (value, &reference);
  const char *type = reference.type;

  if (kind == FHIR_REFERENCE_CONTAINED)
    {
      const FhirElement *part = find_contained (job->container, reference.id);

      if (part == NULL)
        report (job, "error", "not-found", path, "No contained resource has the id of “%s” (ref-1)",
                reference.text);
      type = fhir_element_path_text (part, "resourceType");
    }
  else if (reference.text != NULL && job->full_urls != NULL &&
           g_hash_table_contains (job->full_urls, reference.text))
    type = g_hash_table_lookup (job->full_urls, reference.text);
  if (said != NULL && type != NULL && fhir_resource_type_is_known (said) &&
      strcmp (said, type) != 0)
    report (job, "error", "value", path, "“%s” is no %s, which is the type that stands beside it",
            reference.text, said);
  check_target (job, type, targets, path);
}

/* ---- values of elements --------------------------------------------------------------------- */

static void
check_value (Job *job, const FhirElement *value, const Rule *rule, const char *path)
{
  const char *type = rule->type;
  const FhirStructure *structure = fhir_structure_find (*type == '@' ? type + 1 : type);

  if (strcmp (type, "Resource") == 0)
    add_resource (job, value, path);
  else if (structure != NULL)
    {
      add_part (job, value, structure, path);
      check_binding (job, value, type, rule->value_set, path);
      if (strcmp (type, "Reference") == 0)
        check_reference (job, value, rule->targets, path);
    }
  else if (!fhir_primitive_check (value, type))
    report (job, "error", "value", path, "This is no %s, http://hl7.org/fhir/R4/datatypes.html#%s",
            type, type);
  else
    check_binding (job, value, type, rule->value_set, path);
}

static void
check_list (
    Job *job, const FhirElement *list, const FhirElement *other, const Rule *rule, const char *path)
{
  const FhirElement *beside = fhir_element_first (other);
  gsize position = 0;

  if (fhir_element_get_length (list) == 0)
    report (job, "error", "structure", path, "A list must not be empty");
  fhir_element_foreach (item, list)
    {
      g_autofree char *place = g_strdup_printf ("%s[%" G_GSIZE_FORMAT "]", path, position++);

      /* In a list of primitive values null stands where only extensions are, in the list beside
       * it; and the other way round. */
      if (fhir_element_get_kind (item) != FHIR_KIND_NULL)
        check_value (job, item, rule, place);
      else if (beside == NULL || fhir_element_get_kind (beside) == FHIR_KIND_NULL)
        report (job, "error", "structure", place, "null stands for nothing here");
      beside = beside != NULL ? fhir_element_next (other, beside) : NULL;
    }
}

/* ---- members -------------------------------------------------------------------------------- */

static void
check_member (Job *job, Part *part, const char *name, const FhirElement *value)
{
  gboolean beside = *name == '_';
  FhirStructureElement element;
  g_autofree char *type = fhir_structure_member (part->structure, name + beside, &element);
  gboolean is_primitive = type != NULL && g_ascii_islower (*type);
  const Rule extensions = { "Element", -1, NULL };
  Rule rule = { type, -1, NULL };
  g_autofree char *path = NULL, *other_name = NULL;
  const FhirElement *other;

  if (type == NULL || (beside && !is_primitive))
    {
      path = g_strdup_printf ("%s.%s", part->path, name);
      report (job, "error", "structure", path, "%s has no element “%s”",
              fhir_structure_get_name (part->structure), name);
      return;
    }
  path = g_strdup_printf ("%s.%.*s", part->path, (int) element.name_length, element.name);
  rule.value_set = element.value_set;
  if (strcmp (type, "Reference") == 0)
    rule.targets = fhir_structure_get_targets (part->structure, &element);
  other_name = g_strdup_printf ("%s%s", beside ? "" : "_", name + beside);
  other = is_primitive ? fhir_element_get (part->object, other_name) : NULL;
  if (element.is_many != (fhir_element_get_kind (value) == FHIR_KIND_ARRAY))
    report (job, "error", "structure", path,
            element.is_many ? "This may stand several times, so it must be a list"
                            : "This may stand once, so it must be no list");
  else if (element.is_many && beside)
    check_list (job, value, other, &extensions, path);
  else if (element.is_many)
    check_list (job, value, other, &rule, path);
  else if (beside)
    add_part (job, value, fhir_structure_of_extensions (), path);
  else
    check_value (job, value, &rule, path);
}

/* How many members stand for the element, as value and extensions of each type are one. */
static guint
count_of (const FhirElement *object, const FhirStructureElement *element)
{
  g_autofree char *types = g_strndup (element->types, element->types_length);
  g_auto (GStrv) list = g_strsplit (types, "|", -1);
  guint count = 0;

  for (char **type = list; *type != NULL; type++)
    {
      g_autofree char *plain =
          element->is_choice ? g_strdup_printf ("_%.*s%c%s", (int) element->name_length,
                                                element->name, g_ascii_toupper (**type), *type + 1)
                             : g_strdup_printf ("_%.*s", (int) element->name_length, element->name);

      if (fhir_element_get (object, plain + 1) != NULL || fhir_element_get (object, plain) != NULL)
        count++;
      if (!element->is_choice)
        break;
    }
  return count;
}

static void
check_part (Job *job, Part *part)
{
  FhirMemberIter members;
  FhirStructureIter elements;
  FhirStructureElement element;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&members, part->object);
  while (fhir_member_iter_next (&members, &name, &value))
    if (!fhir_structure_is_resource (part->structure) || strcmp (name, "resourceType") != 0)
      check_member (job, part, name, value);
  fhir_structure_iter_init (&elements, part->structure);
  while (fhir_structure_iter_next (&elements, &element))
    {
      guint count = count_of (part->object, &element);
      g_autofree char *path =
          g_strdup_printf ("%s.%.*s", part->path, (int) element.name_length, element.name);

      if (count == 0 && element.is_required)
        report (job, "error", "required", path, "This must be there, and is not");
      if (count > 1)
        report (job, "error", "structure", path, "This is there with %u types; it may have one",
                count);
    }
}

static void
part_free (Part *self)
{
  g_free (self->path);
  g_free (self);
}

/**
 * fhir_validate:
 *
 * Returns: (transfer full) (element-type FhirIssue): what does not fit the definition of the
 *   resource's type, at most %FHIR_VALIDATE_MAX_ISSUES and one that counts the others; and as
 *   information which required codes could not be checked
 */
GPtrArray *
fhir_validate (FhirResource *resource)
{
  g_autoptr (GHashTable) full_urls =
      strcmp (fhir_resource_get_type (resource), "Bundle") == 0 ? read_full_urls (resource) : NULL;
  Job job = { .parts = G_QUEUE_INIT,
              .full_urls = full_urls,
              .issues = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_issue_free) };
  Part *part;

  add_resource (&job, fhir_resource_get_root (resource), fhir_resource_get_type (resource));
  while ((part = g_queue_pop_head (&job.parts)) != NULL)
    {
      job.container = part->container;
      check_part (&job, part);
      part_free (part);
    }
  if (job.dropped > 0)
    {
      g_ptr_array_remove_index (job.issues, job.issues->len - 1);
      report (&job, "error", "too-costly", fhir_resource_get_type (resource),
              "%u more issues are not listed: mend these first", job.dropped + 1);
    }
  return job.issues;
}
