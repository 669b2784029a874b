/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-compartment.h"

#include <stdlib.h>
#include <string.h>

#include "fhir-index.h"

/* http://hl7.org/fhir/R4/compartmentdefinition-patient.html, as a table made by structures.py. */

#define COMPARTMENT(type, parameters) { type, parameters },
static const FhirCompartment entries[] = {
#include "fhir-compartment.inc"
};
#undef COMPARTMENT

/**
 * fhir_compartment_list:
 * @n: (out): how many types there are
 *
 * Returns: (transfer none) (array length=n): the types of a patient's record, sorted; Patient
 * itself is there for those that link to the patient
 */
const FhirCompartment *
fhir_compartment_list (gsize *n)
{
  *n = G_N_ELEMENTS (entries);
  return entries;
}

static int
compare_type (gconstpointer type, gconstpointer entry)
{
  return strcmp (type, ((const FhirCompartment *) entry)->type);
}

/**
 * fhir_compartment_find:
 *
 * Returns: (transfer none) (nullable): NULL where nothing of this type is in a patient's
 * compartment
 */
const FhirCompartment *
fhir_compartment_find (const char *type)
{
  return bsearch (type, entries, G_N_ELEMENTS (entries), sizeof *entries, compare_type);
}

/**
 * fhir_compartment_patients:
 *
 * Returns: (transfer full) (element-type utf8): the ids of all patients in whose compartments the
 *   resource is, each once; a Patient is in their own
 */
GPtrArray *
fhir_compartment_patients (FhirResource *resource)
{
  const char *type = fhir_resource_get_type (resource);
  const FhirCompartment *entry = fhir_compartment_find (type);
  GPtrArray *patients = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) values = entry != NULL ? fhir_index_values (resource) : NULL;
  g_auto (GStrv) parameters = entry != NULL ? g_strsplit (entry->parameters, " ", -1) : NULL;

  if (strcmp (type, "Patient") == 0 && fhir_resource_get_id (resource) != NULL)
    g_ptr_array_add (patients, g_strdup (fhir_resource_get_id (resource)));
  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];

      if (value->type == FHIR_SEARCH_REFERENCE && g_strcmp0 (value->system, "Patient") == 0 &&
          value->value != NULL &&
          g_strv_contains ((const char *const *) parameters, value->parameter) &&
          !g_ptr_array_find_with_equal_func (patients, value->value, g_str_equal, NULL))
        g_ptr_array_add (patients, g_strdup (value->value));
    }
  return patients;
}
