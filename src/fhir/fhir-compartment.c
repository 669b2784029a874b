/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-compartment.h"

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
