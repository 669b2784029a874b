/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-search-parameter.h"

#include <string.h>

#include "fhir-search-parameter-private.h"

static const FhirSearchParameter parameters[] = {
#define PARAMETER(resource_type, code, search, paths, targets)                                     \
  { resource_type, code, FHIR_SEARCH_##search, paths, targets },
#include "fhir-search-parameters.inc"
#undef PARAMETER
};

/* The first row that is not before (@resource_type, @code). */
static gsize
lower_bound (const char *resource_type, const char *code)
{
  gsize low = 0, high = G_N_ELEMENTS (parameters);

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      int order = strcmp (parameters[middle].resource_type, resource_type);

      if (order == 0)
        order = strcmp (parameters[middle].code, code);
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The search parameter of a type, or of every type; NULL where R4 has none or it is not supported.
 */
const FhirSearchParameter *
fhir_search_parameter_find (const char *resource_type, const char *code)
{
  const char *owner = *code == '_' ? "*" : resource_type;
  gsize at = lower_bound (owner, code);

  if (at < G_N_ELEMENTS (parameters) && strcmp (parameters[at].resource_type, owner) == 0 &&
      strcmp (parameters[at].code, code) == 0)
    return &parameters[at];
  return NULL;
}

/* The first of @count rows of @resource_type; "*" for those of every type. */
const FhirSearchParameter *
fhir_search_parameter_list (const char *resource_type, gsize *count)
{
  gsize at = lower_bound (resource_type, "");

  *count = 0;
  while (at + *count < G_N_ELEMENTS (parameters) &&
         strcmp (parameters[at + *count].resource_type, resource_type) == 0)
    (*count)++;
  return &parameters[MIN (at, G_N_ELEMENTS (parameters) - 1)];
}

/* The type of what a reference points at where only one is possible, else NULL. */
char *
fhir_search_parameter_dup_only_target (const FhirSearchParameter *self)
{
  if (*self->targets == '\0' || *self->targets == '*' || strchr (self->targets, ' ') != NULL)
    return NULL;
  return g_strdup (self->targets);
}

/* Whether all its values are plain codes, whose system is given by the element's definition and
 * stands in no resource: such a search compares the code alone. */
gboolean
fhir_search_parameter_is_plain_code (const FhirSearchParameter *self)
{
  static const char *const with_system[] = { ":Coding", ":CodeableConcept", ":Identifier",
                                             ":ContactPoint" };

  for (gsize i = 0; i < G_N_ELEMENTS (with_system); i++)
    if (strstr (self->paths, with_system[i]) != NULL)
      return FALSE;
  return self->type == FHIR_SEARCH_TOKEN;
}

/**
 * fhir_search_parameter_type:
 * @known: (out) (optional): whether @resource_type has this parameter
 *
 * Returns: how values of the parameter are compared; %FHIR_SEARCH_SPECIAL where it is not known
 */
FhirSearchType
fhir_search_parameter_type (const char *resource_type, const char *parameter, gboolean *known)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (resource_type, parameter);

  if (known != NULL)
    *known = found != NULL;
  return found != NULL ? found->type : FHIR_SEARCH_SPECIAL;
}

/* Code and value of an Observation stand once in it, so that both conditions on the resource are
 * the composite; those of its components need rows that hold them together. (code-value-string is
 * not here: “value-string” finds texts of concepts too.) */
static const FhirComposite composites[] = {
  { "Observation", "code-value-concept", "code", "value-concept", FHIR_SEARCH_TOKEN, NULL },
  { "Observation", "code-value-date", "code", "value-date", FHIR_SEARCH_DATE, NULL },
  { "Observation", "code-value-quantity", "code", "value-quantity", FHIR_SEARCH_QUANTITY, NULL },
  { "Observation", "combo-code-value-concept", "code", "value-concept", FHIR_SEARCH_TOKEN,
    "component-code-value-concept" },
  { "Observation", "combo-code-value-quantity", "code", "value-quantity", FHIR_SEARCH_QUANTITY,
    "component-code-value-quantity" },
  { "Observation", "component-code-value-concept", NULL, "value-concept", FHIR_SEARCH_TOKEN,
    "component-code-value-concept" },
  { "Observation", "component-code-value-quantity", NULL, "value-quantity", FHIR_SEARCH_QUANTITY,
    "component-code-value-quantity" },
};

/**
 * fhir_search_parameter_get_composite:
 *
 * Returns: (nullable): how the composite @parameter is answered; NULL where it is none, or is not
 */
const FhirComposite *
fhir_search_parameter_get_composite (const char *resource_type, const char *parameter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (composites); i++)
    if (strcmp (composites[i].resource_type, resource_type) == 0 &&
        strcmp (composites[i].code, parameter) == 0)
      return &composites[i];
  return NULL;
}

static gboolean
is_answered (const FhirSearchParameter *self)
{
  if (self->type == FHIR_SEARCH_COMPOSITE)
    return fhir_search_parameter_get_composite (self->resource_type, self->code) != NULL;
  return self->type != FHIR_SEARCH_SPECIAL;
}

/**
 * fhir_search_parameter_is_answered:
 *
 * Returns: whether a search by @parameter is answered, and not refused
 */
gboolean
fhir_search_parameter_is_answered (const char *resource_type, const char *parameter)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (resource_type, parameter);

  return found != NULL && is_answered (found);
}

/**
 * fhir_search_parameter_is_sortable:
 *
 * A reference has no order that means anything, nor have quantities whose units differ: whoever saw
 * 500 mg after 1 g would read the list wrongly.
 *
 * Returns: whether a search may sort by @parameter
 */
gboolean
fhir_search_parameter_is_sortable (const char *resource_type, const char *parameter)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (resource_type, parameter);

  return found != NULL && (found->type == FHIR_SEARCH_DATE || found->type == FHIR_SEARCH_STRING ||
                           found->type == FHIR_SEARCH_NUMBER || found->type == FHIR_SEARCH_TOKEN ||
                           found->type == FHIR_SEARCH_URI);
}

/**
 * fhir_search_parameter_list_names:
 *
 * Returns: (transfer full): every parameter by which @resource_type can be searched, sorted; those
 *   of every type come first
 */
char **
fhir_search_parameter_list_names (const char *resource_type)
{
  const char *const owners[] = { "*", resource_type };
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (owners); i++)
    {
      gsize count;
      const FhirSearchParameter *list = fhir_search_parameter_list (owners[i], &count);

      for (gsize j = 0; j < count; j++)
        if (is_answered (&list[j]))
          g_strv_builder_add (names, list[j].code);
    }
  return g_strv_builder_end (names);
}

/**
 * fhir_search_parameter_is_includable:
 *
 * Returns: whether what @parameter points at may come along: a Reference, not a canonical URL
 */
gboolean
fhir_search_parameter_is_includable (const char *resource_type, const char *parameter)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (resource_type, parameter);

  return found != NULL && found->type == FHIR_SEARCH_REFERENCE &&
         strstr (found->paths, ":Reference") != NULL;
}

/**
 * fhir_search_parameter_has_texts:
 *
 * Returns: whether words stand beside the codes of @parameter, so that “:text” finds by them
 */
gboolean
fhir_search_parameter_has_texts (const char *resource_type, const char *parameter)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (resource_type, parameter);

  return found != NULL && found->type == FHIR_SEARCH_TOKEN &&
         (strstr (found->paths, ":Coding") != NULL ||
          strstr (found->paths, ":Identifier") != NULL ||
          strstr (found->paths, ":CodeableConcept") != NULL);
}

/**
 * fhir_search_parameter_get_name:
 *
 * Returns: (nullable): @parameter as a text that lives as long as the program
 */
const char *
fhir_search_parameter_get_name (const char *resource_type, const char *parameter)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (resource_type, parameter);

  return found != NULL ? found->code : NULL;
}

/**
 * fhir_search_parameter_get_targets:
 *
 * Returns: the types that a reference may point at, joined by spaces; "*" for every type; "" where
 *   @parameter is no reference
 */
const char *
fhir_search_parameter_get_targets (const char *resource_type, const char *parameter)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (resource_type, parameter);

  return found != NULL && found->type == FHIR_SEARCH_REFERENCE ? found->targets : "";
}

/**
 * fhir_search_parameter_has_target:
 *
 * Returns: whether @parameter is a reference that may point at a @target_type
 */
gboolean
fhir_search_parameter_has_target (const char *resource_type,
                                  const char *parameter,
                                  const char *target_type)
{
  const FhirSearchParameter *found = fhir_search_parameter_find (resource_type, parameter);
  gsize length = strlen (target_type);

  if (found == NULL || found->type != FHIR_SEARCH_REFERENCE || length == 0)
    return FALSE;
  if (*found->targets == '*')
    return TRUE;
  for (const char *at = found->targets; (at = strstr (at, target_type)) != NULL; at += length)
    if ((at == found->targets || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
      return TRUE;
  return FALSE;
}
