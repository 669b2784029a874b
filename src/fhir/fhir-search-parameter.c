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
