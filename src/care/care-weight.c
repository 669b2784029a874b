/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-weight.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-write.h"
#include "clinical-patient.h"
#include "fhir-quantity.h"
#include "fhir-ucum.h"
#include "store-resource.h"
#include "store-search.h"

/* Code, category and units are those of the R4 vital-signs profile,
 * https://hl7.org/fhir/r4/observation-vitalsigns.html (29463-7; kg, g or [lb_av]). */
#define LOINC    "http://loinc.org"
#define WEIGHTS  LOINC "|29463-7," LOINC "|3141-9" /* those that the checks reckon with */
#define CATEGORY "http://terminology.hl7.org/CodeSystem/observation-category"

#define MOST_KG 1000 /* beyond it a unit or a mark was taken for another */

static const char *const units[] = { "kg", "g", "[lb_av]", NULL };

const char *const *
care_weight_list_units (void)
{
  return units;
}

static gboolean
refuse (GError **error, int code, const char *sentence)
{
  g_set_error_literal (error, CARE_ERROR, code, sentence);
  return FALSE;
}

static const char *
date_of (FhirResource *observation)
{
  const char *date = fhir_resource_path_text (observation, "effectiveDateTime");

  return date ? date : fhir_resource_path_text (observation, "effectivePeriod.start");
}

static gboolean
add_before (StoreConnection *connection,
            ClinicalPatient *person,
            const char *patient_id,
            GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("patient=Patient/%s&code=" WEIGHTS "&status=final,amended,corrected"
                       "&_sort=-date&_count=2",
                       patient_id);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Observation", text, FALSE, error);
  g_autoptr (StoreSearch) found = query ? store_search (connection, query, error) : NULL;

  for (guint i = 0; found && i < found->matches->len; i++)
    {
      FhirResource *observation = found->matches->pdata[i];
      const FhirElement *quantity = fhir_resource_path (observation, "valueQuantity");

      if (quantity)
        g_ptr_array_add (person->weights,
                         clinical_measure_new (fhir_element_get_double (fhir_element_get (quantity,
                                                                                          "value"),
                                                                        0),
                                               fhir_element_path_text (quantity, "code"),
                                               date_of (observation), NULL));
    }
  return found != NULL;
}

/* H11: what cannot be at this age, or differs by more than a tenth from the last, is asked about
 * once more. */
static gboolean
is_believable (StoreConnection *connection,
               const char *patient_id,
               double value,
               const char *unit,
               const char *now,
               GError **error)
{
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  g_autoptr (ClinicalPatient) person = clinical_patient_new ();
  g_autofree char *today = g_strndup (now, strlen ("2026-11-29"));
  double kg;

  if (!patient)
    return FALSE;
  person->age_months = clinical_age_months (fhir_resource_path_text (patient, "birthDate"), today);
  g_ptr_array_add (person->weights, clinical_measure_new (value, unit, today, NULL));
  if (!add_before (connection, person, patient_id, error))
    return FALSE;
  switch (clinical_patient_weight (person, today, &kg))
    {
    case CLINICAL_WEIGHT_JUMP:
      return refuse (error, CARE_ERROR_FINDINGS,
                     _ ("It differs by more than a tenth from the weight before. Is it right, and "
                        "in this unit?"));
    case CLINICAL_WEIGHT_FOR_AGE:
      return refuse (error, CARE_ERROR_FINDINGS,
                     _ ("This is an unusual weight at this age. Is it right, and in this unit?"));
    case CLINICAL_WEIGHT_GOOD:
    case CLINICAL_WEIGHT_MISSING:
    case CLINICAL_WEIGHT_NO_UNIT:
    case CLINICAL_WEIGHT_TOO_OLD:
    case CLINICAL_WEIGHT_NO_DATE:
      break;
    }
  return TRUE;
}

static FhirBuilder *
observation_new (CareContext *context,
                 const char *patient_id,
                 const char *value,
                 const char *unit,
                 const char *now)
{
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (context)));
  g_autofree char *patient = g_strconcat ("Patient/", patient_id, NULL);
  FhirBuilder *builder = fhir_builder_new ("Observation", id);

  fhir_builder_set (builder, "status", "final");
  fhir_builder_set_coding (builder, "category.0", CATEGORY, "vital-signs", "Vital Signs");
  fhir_builder_set_coding (builder, "code", LOINC, "29463-7", "Body weight");
  fhir_builder_set_many (builder, "subject.reference", patient, "effectiveDateTime", now, "issued",
                         now, "performer.0.reference", care_context_get_user_reference (context),
                         "performer.0.display", care_context_get_user_name (context), NULL);
  fhir_builder_set_decimal (builder, "valueQuantity.value", value);
  fhir_builder_set_many (builder, "valueQuantity.unit", fhir_quantity_get_spoken_unit (unit),
                         "valueQuantity.system", FHIR_UCUM_SYSTEM, "valueQuantity.code", unit,
                         NULL);
  return builder;
}

static gboolean
may_save (CareContext *context, const char *value, const char *unit, GError **error)
{
  static const char *const roles[] = { "prescriber", "nurse", "admin", NULL };
  g_autoptr (ClinicalMeasure) measure = NULL;
  double kg;

  if (!care_require_role (context, "change the record", roles, error))
    return FALSE;
  if (!unit || !g_strv_contains (units, unit))
    return refuse (error, CARE_ERROR_MISSING, _ ("Choose the unit of the weight."));
  measure = clinical_measure_new (g_ascii_strtod (value, NULL), unit, NULL, NULL);
  kg = clinical_measure_in (measure, "kg");
  return (kg > 0 && kg <= MOST_KG) ||
         refuse (error, CARE_ERROR_STATE, _ ("This is no weight of a person."));
}

/**
 * care_weight_save:
 * @value: a decimal literal, as clinical_dose_parse () makes it
 * @unit: of care_weight_list_units ()
 *
 * Adds a weight that the user measured now to the record: an Observation and its Provenance.
 */
gboolean
care_weight_save (StoreConnection *connection,
                  CareContext *context,
                  const char *patient_id,
                  const char *value,
                  const char *unit,
                  gboolean sure,
                  GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirBuilder) builder = NULL, origin = NULL;
  g_autoptr (FhirResource) observation = NULL;
  g_autofree char *reference = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!may_save (context, value, unit, error))
    return FALSE;
  if (!sure &&
      !is_believable (connection, patient_id, g_ascii_strtod (value, NULL), unit, now, error))
    return FALSE;
  builder = observation_new (context, patient_id, value, unit, now);
  observation = fhir_builder_end (builder);
  reference = fhir_resource_dup_reference (observation);
  origin = care_write_provenance (context, reference, now);
  care_write_init (&write, connection, context, patient_id, CARE_PRIORITY_NORMAL);
  return care_write_put (&write, observation, error) &&
         care_write_put_builder (&write, origin, error) &&
         care_write_audit (&write, "write", reference, "weight", error);
}

/* ---- off the main thread ---- */

static gboolean
save_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_weight_save (connection, command->context, command->texts[0], command->texts[1],
                           command->texts[2], command->number != 0, error);
}

void
care_weight_save_async (CareContext *context,
                        const char *patient_id,
                        const char *value,
                        const char *unit,
                        gboolean sure,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  CareCommand *command = care_command_new (context, save_work, patient_id, value, unit, NULL);

  command->number = sure;
  care_command_write (command, care_weight_save_async, NULL, callback, user_data);
}

gboolean
care_weight_save_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
