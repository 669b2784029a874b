/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-measured.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-command.h"
#include "care-extension.h"
#include "care-visit-private.h"
#include "fhir-date.h"
#include "fhir-quantity.h"
#include "fhir-ucum.h"
#include "store-search.h"

/* What the patient measured and a clinician looked at becomes Observations of the visit. The
 * performer is the patient and the method says so: nobody reads them as measured in the clinic.
 * Codes and units of the vital signs are those of the R4 vital-signs profile; glucose in blood has
 * LOINC's codes for mass and for amount of substance, which the record uses elsewhere. */

#define IDENTIFIER  "https://bedside.health/fhir/identifier/patient-measured"
#define LOINC       "http://loinc.org"
#define SNOMED      "http://snomed.info/sct"
#define CATEGORY    "http://terminology.hl7.org/CodeSystem/observation-category"
#define MAX_REQUEST 64

typedef struct
{
  const char *code, *display;
} Code;

static const Code codes[CARE_N_MEASURED] = {
  [CARE_MEASURED_BLOOD_PRESSURE] = { "85354-9", "Blood pressure" },
  [CARE_MEASURED_PULSE] = { "8867-4", "Heart rate" },
  [CARE_MEASURED_TEMPERATURE] = { "8310-5", "Body temperature" },
  [CARE_MEASURED_WEIGHT] = { "29463-7", "Body weight" },
  [CARE_MEASURED_SATURATION] = { "2708-6", "Oxygen saturation" },
  [CARE_MEASURED_GLUCOSE] = { "2339-0", "Glucose [Mass/volume] in Blood" },
};

static const Code systolic = { "8480-6", "Systolic blood pressure" };
static const Code diastolic = { "8462-4", "Diastolic blood pressure" };
static const Code glucose_amount = { "15074-8", "Glucose [Moles/volume] in Blood" };

static const Code *
code_of (const CareMeasured *one)
{
  if (one->kind == CARE_MEASURED_GLUCOSE && g_str_equal (one->ucum, "mmol/L"))
    return &glucose_amount;
  return &codes[one->kind];
}

static void
set_quantity (FhirBuilder *builder, const char *path, const char *value, const char *ucum)
{
  g_autofree char *number = g_strconcat (path, ".value", NULL);
  g_autofree char *unit = g_strconcat (path, ".unit", NULL);
  g_autofree char *system = g_strconcat (path, ".system", NULL);
  g_autofree char *code = g_strconcat (path, ".code", NULL);

  fhir_builder_set_decimal (builder, number, value);
  fhir_builder_set_many (builder, unit, fhir_quantity_get_spoken_unit (ucum), system,
                         FHIR_UCUM_SYSTEM, code, ucum, NULL);
}

static void
set_value (FhirBuilder *builder, const CareMeasured *one)
{
  if (one->kind != CARE_MEASURED_BLOOD_PRESSURE)
    {
      set_quantity (builder, "valueQuantity", one->value, one->ucum);
      return;
    }
  fhir_builder_set_coding (builder, "component.0.code", LOINC, systolic.code, systolic.display);
  set_quantity (builder, "component.0.valueQuantity", one->value, one->ucum);
  fhir_builder_set_coding (builder, "component.1.code", LOINC, diastolic.code, diastolic.display);
  set_quantity (builder, "component.1.valueQuantity", one->second, one->ucum);
}

static FhirBuilder *
make_observation (CareVisitChange *change,
                  const CareMeasured *one,
                  const char *id,
                  const char *key,
                  const char *at)
{
  const Code *code = code_of (one);
  gboolean vital = one->kind != CARE_MEASURED_GLUCOSE;
  g_autofree char *patient = g_strconcat ("Patient/", change->write.patient, NULL);
  FhirBuilder *builder = fhir_builder_new ("Observation", id);

  fhir_builder_set_many (builder, "identifier.0.system", IDENTIFIER, "identifier.0.value", key,
                         "status", "final", NULL);
  fhir_builder_set_coding (builder, "category.0", CATEGORY, vital ? "vital-signs" : "laboratory",
                           vital ? "Vital Signs" : "Laboratory");
  fhir_builder_set_coding (builder, "code", LOINC, code->code, code->display);
  fhir_builder_set_many (builder, "subject.reference", patient, "encounter.reference",
                         change->reference, "effectiveDateTime", at, "issued", change->now,
                         "performer.0.reference", patient, NULL);
  set_value (builder, one);
  fhir_builder_set_coding (builder, "method", SNOMED, CARE_MEASURED_METHOD, "Self reported");
  fhir_builder_set (builder, "method.text", "Measured and typed by the patient");
  return builder;
}

/* One kind of one request of one visit is one Observation, however often it is sent or accepted. */
static char *
key_of (CareVisitChange *change, const char *request, CareMeasuredKind kind)
{
  g_autofree char *cause =
      g_strdup_printf ("%s %s %s", change->reference, request, care_measured_kind_name (kind));

  return base_sha256_hex (cause, -1);
}

static gboolean
put_one (CareVisitChange *change,
         const CareMeasured *one,
         const CareVisitMeasured *measured,
         GPtrArray *targets,
         GError **error)
{
  g_autofree char *key = key_of (change, measured->request, one->kind);
  g_autofree char *query = g_strdup_printf ("identifier=" IDENTIFIER "|%s", key);
  g_autoptr (GPtrArray) found =
      store_search_ids (change->write.connection, "Observation", query, error);
  g_autofree char *id = NULL;
  g_autoptr (FhirBuilder) builder = NULL;

  if (found == NULL)
    return FALSE;
  if (found->len > 0)
    return TRUE;
  id = base_id_new (base_clock_now (care_context_get_clock (change->write.context)));
  builder = make_observation (change, one, id, key, measured->at);
  g_ptr_array_add (targets, g_strconcat ("Observation/", id, NULL));
  return care_write_put_builder (&change->write, builder, error);
}

/* The clinician entered it, and the patient is where it is from. */
static gboolean
put_provenance (CareVisitChange *change, GPtrArray *targets, GError **error)
{
  g_autofree char *patient = g_strconcat ("Patient/", change->write.patient, NULL);
  g_autoptr (FhirBuilder) builder =
      care_write_provenance (change->write.context, targets->pdata[0], change->now);

  for (guint i = 1; i < targets->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("target.%u.reference", i);

      fhir_builder_set (builder, path, targets->pdata[i]);
    }
  fhir_builder_set_coding (builder, "agent.0.type", CARE_SYSTEM_PARTICIPANT, "enterer", "Enterer");
  fhir_builder_set_coding (builder, "agent.1.type", CARE_SYSTEM_PARTICIPANT, "informant",
                           "Informant");
  fhir_builder_set_many (builder, "agent.1.who.reference", patient, "entity.0.role", "source",
                         "entity.0.what.reference", change->reference, NULL);
  return care_write_put_builder (&change->write, builder, error);
}

static gboolean
check (const CareVisitMeasured *measured, GError **error)
{
  FhirDate date;

  if (measured->request == NULL || *measured->request == '\0' ||
      g_utf8_strlen (measured->request, -1) > MAX_REQUEST || measured->at == NULL ||
      !fhir_date_parse (measured->at, &date) || date.precision < FHIR_PRECISION_MINUTE)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                         _ ("It is not known when the patient measured this. Ask again."));
  else
    return TRUE;
  return FALSE;
}

static gboolean
put_all (CareVisitChange *change,
         GPtrArray *values,
         const CareVisitMeasured *measured,
         GPtrArray *targets,
         GError **error)
{
  for (guint i = 0; i < values->len; i++)
    {
      const CareMeasured *one = values->pdata[i];

      if ((measured->accepted & (1u << one->kind)) &&
          !put_one (change, one, measured, targets, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * care_visit_measured_write:
 * @written: (out): how many Observations; those that were there already are not written again
 *
 * Adds what a patient measured to the record of the patient whose visit it is.
 */
gboolean
care_visit_measured_write (StoreConnection *connection,
                           CareContext *context,
                           const CareVisitMeasured *measured,
                           guint *written,
                           GError **error)
{
  g_auto (CareVisitChange) change = { 0 };
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) values = care_measured_parse (measured->values, error);

  *written = 0;
  if (values == NULL || !check (measured, error) ||
      !care_visit_change_begin (&change, connection, context, measured->encounter_id, error) ||
      !put_all (&change, values, measured, targets, error))
    return FALSE;
  *written = targets->len;
  if (targets->len == 0)
    return TRUE;
  care_extension_add (change.builder, CARE_VISIT_MEASURED_ADDED, "valueInstant", change.now);
  return put_provenance (&change, targets, error) &&
         care_visit_change_write (&change, "write", "added what the patient measured", error);
}

/* ---- off the main thread ---- */

static gboolean
write_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  CareVisitMeasured measured = { command->texts[0], command->texts[1], command->texts[2],
                                 command->texts[3], (guint) command->number };
  guint written;

  if (!care_visit_measured_write (connection, command->context, &measured, &written, error))
    return FALSE;
  command->result = GUINT_TO_POINTER (written);
  return TRUE;
}

void
care_visit_measured_write_async (CareContext *context,
                                 const CareVisitMeasured *measured,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  CareCommand *command = care_command_new (context, write_work, measured->encounter_id,
                                           measured->request, measured->at, measured->values, NULL);

  command->number = (int) measured->accepted;
  care_command_write (command, care_visit_measured_write_async, NULL, callback, user_data);
}

gboolean
care_visit_measured_write_finish (GAsyncResult *result, guint *written, GError **error)
{
  g_autoptr (GError) local = NULL;

  *written = GPOINTER_TO_UINT (care_command_finish_result (result, &local));
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
