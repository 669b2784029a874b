/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-case.h"

#include <math.h>
#include <string.h>

#include "clinical-tables.h"

/* Reads whatever the JSON has, of any type: the fuzzer feeds it too. */

static JsonNode *
member (JsonObject *object, const char *name, JsonNodeType type)
{
  JsonNode *node = object && json_object_has_member (object, name)
                       ? json_object_get_member (object, name)
                       : NULL;

  return node && JSON_NODE_TYPE (node) == type ? node : NULL;
}

static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, JSON_NODE_VALUE);

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}

static double
number_of (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, JSON_NODE_VALUE);
  GType type = node ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : NAN;
}

static gboolean
is_true (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, JSON_NODE_VALUE);

  return node && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static JsonArray *
array_of (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name, JSON_NODE_ARRAY);

  return node ? json_node_get_array (node) : NULL;
}

static JsonObject *
object_at (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static guint
length_of (JsonArray *array)
{
  return array ? json_array_get_length (array) : 0;
}

/* (transfer full) */
char *
clinical_case_days_ago (double days)
{
  g_autoptr (GDateTime) today =
      g_date_time_new_utc (2026, 11, 29, 0, 0, 0); /* CLINICAL_CASE_TODAY */
  g_autoptr (GDateTime) day = g_date_time_add_days (today, -(int) CLAMP (days, -40000, 40000));

  return g_date_time_format (day, "%Y-%m-%d");
}

static ClinicalMeasure *
measure_of (JsonObject *patient, const char *name, const char *unit)
{
  double value = number_of (patient, name);

  return isnan (value) ? NULL
                       : clinical_measure_new (value, unit, CLINICAL_CASE_TODAY, "Observation/x");
}

static void
set_status (ClinicalStatus *status, JsonObject *patient, const char *name)
{
  status->answer = !json_object_has_member (patient, name) ? CLINICAL_NOT_RECORDED
                   : is_true (patient, name)               ? CLINICAL_YES
                                                           : CLINICAL_NO;
  status->date = g_strdup (CLINICAL_CASE_TODAY);
}

static void
add_codes (ClinicalChartItem *item, JsonArray *codes)
{
  for (guint i = 0; i < length_of (codes); i++)
    {
      JsonNode *node = json_array_get_element (codes, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      if (length_of (pair) == 2 &&
          json_node_get_value_type (json_array_get_element (pair, 0)) == G_TYPE_STRING &&
          json_node_get_value_type (json_array_get_element (pair, 1)) == G_TYPE_STRING)
        clinical_chart_item_add_code (item, json_array_get_string_element (pair, 0),
                                      json_array_get_string_element (pair, 1));
    }
}

static void
add_allergies (ClinicalPatient *out, ClinicalContent *content, JsonArray *allergies)
{
  out->allergies_recorded = length_of (allergies) > 0;
  for (guint i = 0; i < length_of (allergies); i++)
    {
      JsonObject *one = object_at (allergies, i);
      const char *text = text_of (one, "text");
      g_autofree char *reference = g_strdup_printf ("AllergyIntolerance/%u", i);
      ClinicalChartItem *item = clinical_chart_item_new (reference, text);

      add_codes (item, array_of (one, "codes"));
      item->reaction = g_strdup (text_of (one, "reaction"));
      item->severe = is_true (one, "severe");
      item->none_known = text && strcasestr (text, "no known");
      g_ptr_array_add (out->allergies, clinical_allergy_new (content, item));
    }
}

static void
add_conditions (ClinicalPatient *out, JsonArray *conditions)
{
  for (guint i = 0; i < length_of (conditions); i++)
    {
      JsonObject *one = object_at (conditions, i);
      g_autofree char *reference = g_strdup_printf ("Condition/%u", i);
      ClinicalChartItem *item = clinical_chart_item_new (reference, text_of (one, "text"));

      if (text_of (one, "code"))
        clinical_chart_item_add_code (item, text_of (one, "system"), text_of (one, "code"));
      g_ptr_array_add (out->conditions, item);
    }
}

static ClinicalOrder *
order_of (ClinicalContent *content, JsonObject *drug, const char *reference)
{
  const char *rxcui = text_of (drug, "rxcui"), *text = text_of (drug, "text");
  const char *name = rxcui ? clinical_tables_get_name (content, rxcui) : NULL;
  ClinicalOrder *order = clinical_order_new (reference, name ? name : text ? text : rxcui);
  double times = number_of (drug, "per_day"), days = number_of (drug, "period_days");

  order->ingredients = rxcui  ? clinical_content_ingredients_of_drug (content, rxcui)
                       : text ? clinical_content_ingredients_in_text (content, text)
                              : NULL;
  order->dose = g_strdup (text_of (drug, "dose"));
  order->unit = g_strdup (text_of (drug, "unit"));
  order->per_day = times / (isnan (days) ? 1 : days);
  order->weekly_day = text_of (drug, "day") != NULL;
  order->as_needed = is_true (drug, "as_needed");
  order->route = g_strdup (text_of (drug, "route"));
  order->reason = g_strdup (text_of (drug, "reason"));
  order->ends = g_strdup (text_of (drug, "ends"));
  return order;
}

/* (transfer full) (element-type ClinicalOrder) */
GPtrArray *
clinical_case_orders (ClinicalContent *content, JsonArray *drugs)
{
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);

  for (guint i = 0; i < length_of (drugs); i++)
    {
      g_autofree char *reference = g_strdup_printf ("MedicationRequest/%u", i);

      g_ptr_array_add (out, order_of (content, object_at (drugs, i), reference));
    }
  return out;
}

/* (transfer full) */
ClinicalPatient *
clinical_case_patient (ClinicalContent *content, JsonObject *patient)
{
  ClinicalPatient *out = clinical_patient_new ();
  double age, kg = number_of (patient, "weight_kg"), days = number_of (patient, "weight_age_days");

  if (!patient)
    return out;
  age = number_of (patient, "age_months");
  out->age_months = isnan (age) || age < 0 || age > 1800 ? -1 : (int) age;
  out->sex = g_strdup (text_of (patient, "sex"));
  if (!isnan (kg))
    {
      g_autofree char *date = isnan (days) ? NULL : clinical_case_days_ago (days);

      g_ptr_array_add (out->weights, clinical_measure_new (kg, "kg", date, "Observation/weight"));
    }
  out->egfr = measure_of (patient, "egfr", "mL/min");
  out->crcl = measure_of (patient, "crcl", "mL/min");
  out->creatinine = measure_of (patient, "creatinine_umol", "umol/L");
  set_status (&out->pregnant, patient, "pregnant");
  set_status (&out->breastfeeding, patient, "breastfeeding");
  add_allergies (out, content, array_of (patient, "allergies"));
  add_conditions (out, array_of (patient, "conditions"));
  g_ptr_array_unref (out->medicines);
  out->medicines = clinical_case_orders (content, array_of (patient, "medicines"));
  for (guint i = 0; i < out->medicines->len; i++)
    {
      ClinicalOrder *medicine = out->medicines->pdata[i];

      g_free (medicine->reference);
      medicine->reference = g_strdup_printf ("MedicationStatement/%u", i);
    }
  return out;
}
