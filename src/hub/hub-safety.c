/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-safety.h"

#include <math.h>
#include <string.h>

#include "care-safety.h"
#include "hub-safety-private.h"

/* The same checks as in the workstation, with the answers as JSON. */

#define RXNORM "http://www.nlm.nih.gov/research/umls/rxnorm"

/* ---- answers -------------------------------------------------------------------------------- */

static JsonArray *
texts_of (GPtrArray *texts)
{
  JsonArray *out = json_array_new ();

  for (guint i = 0; i < texts->len; i++)
    json_array_add_string_element (out, texts->pdata[i]);
  return out;
}

static JsonObject *
finding_json (const ClinicalFinding *finding, const char *patient)
{
  JsonObject *out = json_object_new ();

  if (patient != NULL)
    json_object_set_string_member (out, "patient", patient);
  json_object_set_string_member (out, "kind", finding->check);
  json_object_set_string_member (out, "severity", finding->severity);
  json_object_set_array_member (out, "subjects", texts_of (finding->subjects));
  json_object_set_string_member (out, "reason", finding->sentence);
  json_object_set_string_member (out, "source", finding->source != NULL ? finding->source : "");
  json_object_set_string_member (out, "scope", finding->scope != NULL ? finding->scope : "");
  if (finding->evidence != NULL)
    json_object_set_string_member (out, "evidence", finding->evidence);
  if (finding->blocks)
    json_object_set_boolean_member (out, "blocks", TRUE);
  return out;
}

static JsonObject *
unchecked_json (const ClinicalFinding *finding, const char *patient)
{
  JsonObject *out = json_object_new ();

  if (patient != NULL)
    json_object_set_string_member (out, "patient", patient);
  json_object_set_string_member (out, "subject",
                                 finding->subjects->len > 0 ? finding->subjects->pdata[0] : "");
  json_object_set_string_member (out, "check", finding->check);
  json_object_set_string_member (out, "why", finding->why != NULL ? finding->why : "");
  json_object_set_string_member (out, "reason", finding->sentence);
  if (finding->blocks)
    json_object_set_boolean_member (out, "blocks", TRUE);
  return out;
}

/* @patient: (nullable): whom it is about, where there are several */
void
hub_safety_add (HubSafetyAnswer *answer, GPtrArray *findings, const char *patient)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];

      if (finding->answer == CLINICAL_FOUND)
        json_array_add_object_element (answer->findings, finding_json (finding, patient));
      else if (finding->answer == CLINICAL_NOT_CHECKED)
        json_array_add_object_element (answer->unchecked, unchecked_json (finding, patient));
    }
}

/* @more: (transfer full) (nullable): members beside those of every answer */
JsonNode *
hub_safety_end (HubSafetyAnswer *answer, ClinicalContent *content, JsonObject *more)
{
  g_autoptr (ClinicalRules) rules = clinical_content_dup_rules (content);
  g_autofree char *date = clinical_content_dup_date (content);
  const char *version =
      rules != NULL ? clinical_rules_get_head (rules, "interactions", "date") : NULL;
  JsonObject *root = more != NULL ? more : json_object_new (), *scope = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (scope, "content",
                                 rules == NULL ? "no content" : "Bedside's clinical content");
  json_object_set_string_member (scope, "date", version != NULL ? version : "");
  json_object_set_string_member (scope, "formulary", date);
  json_object_set_int_member (scope, "covered", answer->covered);
  json_object_set_int_member (scope, "of", answer->of);
  json_object_set_array_member (root, "findings", answer->findings);
  json_object_set_array_member (root, "notChecked", answer->unchecked);
  json_object_set_object_member (root, "scope", scope);
  json_node_take_object (node, root);
  return node;
}

/* ---- one question --------------------------------------------------------------------------- */

static gboolean
read_number (const char *text, const char *option, double most, double *out, GError **error)
{
  char *end = NULL;

  if (text == NULL)
    return TRUE;
  *out = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*out) && *out >= 0 && *out <= most)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--%s takes a number from 0 to %g with a decimal point, and not \"%s\"", option,
               most, text);
  return FALSE;
}

static gboolean
read_patient (ClinicalPatient *patient,
              const HubSafetyQuestion *question,
              const char *today,
              GError **error)
{
  double age = NAN, weight = NAN, egfr = NAN;

  if (!read_number (question->age, "age", 130, &age, error) ||
      !read_number (question->weight, "weight", 700, &weight, error) ||
      !read_number (question->egfr, "egfr", 500, &egfr, error))
    return FALSE;
  if (!isnan (age))
    patient->age_months = (int) (age * 12);
  if (!isnan (weight))
    g_ptr_array_add (patient->weights, clinical_measure_new (weight, "kg", today, NULL));
  if (!isnan (egfr))
    patient->egfr = clinical_measure_new (egfr, "mL/min", today, NULL);
  if (question->pregnant)
    {
      patient->pregnant.answer = CLINICAL_YES;
      patient->pregnant.date = g_strdup (today);
    }
  return TRUE;
}

/* "91936005" or "Penicillin": digits are a code, of SNOMED CT or of RxNorm. */
static void
add_allergies (ClinicalPatient *patient, ClinicalContent *content, const char *allergies)
{
  g_auto (GStrv) parts = g_strsplit (allergies != NULL ? allergies : "", ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *text = g_strstrip (parts[i]);
      ClinicalChartItem *item;

      if (*text == '\0')
        continue;
      item = clinical_chart_item_new (NULL, text);
      if (strspn (text, "0123456789") == strlen (text))
        {
          clinical_chart_item_add_code (item, "http://snomed.info/sct", text);
          clinical_chart_item_add_code (item, RXNORM, text);
        }
      patient->allergies_recorded = TRUE;
      g_ptr_array_add (patient->allergies, clinical_allergy_new (content, item));
    }
}

/* @name: (nullable) of the first ingredient stands for a code that is no clinical drug's name */
static ClinicalOrder *
order_of_code (ClinicalContent *content, const char *code)
{
  g_autoptr (GPtrArray) ingredients = clinical_content_ingredients_of_drug (content, code);
  g_autoptr (GString) name = g_string_new (NULL);
  ClinicalOrder *order;

  for (guint i = 0; ingredients != NULL && i < ingredients->len; i++)
    g_string_append_printf (name, "%s%s", i > 0 ? " with " : "",
                            ((ClinicalIngredient *) ingredients->pdata[i])->name);
  order = clinical_order_new (NULL, name->len > 0 ? name->str : code);
  order->ingredients = g_steal_pointer (&ingredients);
  return order;
}

static GPtrArray *
read_drugs (ClinicalContent *content, const char *drugs, GError **error)
{
  g_autoptr (GPtrArray) orders =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
  g_auto (GStrv) codes = g_strsplit (drugs, ",", -1);

  for (guint i = 0; codes[i] != NULL; i++)
    {
      const char *code = g_strstrip (codes[i]);

      if (*code == '\0')
        continue;
      if (strspn (code, "0123456789") != strlen (code) || strlen (code) > 12)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--drugs takes RxNorm codes with commas between, as in 308191,197806: "
                       "\"%s\" is none",
                       code);
          return NULL;
        }
      g_ptr_array_add (orders, order_of_code (content, code));
    }
  if (orders->len > 0)
    return g_steal_pointer (&orders);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--drugs names no drug: write RxNorm codes with commas between");
  return NULL;
}

static void
count (HubSafetyAnswer *answer, GPtrArray *orders)
{
  for (guint i = 0; i < orders->len; i++)
    answer->covered += ((ClinicalOrder *) orders->pdata[i])->ingredients != NULL;
  answer->of += orders->len;
}

/**
 * hub_safety_ask:
 * @today: as in "2026-11-29"
 *
 * Checks some drugs against each other and against what is said of a patient.
 *
 * Returns: (transfer full) (nullable): findings, notChecked and scope
 */
JsonNode *
hub_safety_ask (ClinicalContent *content,
                const HubSafetyQuestion *question,
                const char *today,
                GError **error)
{
  g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
  g_autoptr (GPtrArray) orders = read_drugs (content, question->drugs, error), findings = NULL;
  HubSafetyAnswer answer = { 0 };

  if (orders == NULL || !read_patient (patient, question, today, error))
    return NULL;
  add_allergies (patient, content, question->allergies);
  answer.findings = json_array_new ();
  answer.unchecked = json_array_new ();
  findings = clinical_check_orders (content, patient, orders, today);
  count (&answer, orders);
  hub_safety_add (&answer, findings, NULL);
  return hub_safety_end (&answer, content, NULL);
}

/* ---- a panel -------------------------------------------------------------------------------- */

static FhirResource *
resolve (const char *reference, gpointer data)
{
  HubSafetyFiles *files = data;
  FhirResource *resource = g_hash_table_lookup (files->by_reference, reference);

  return resource != NULL ? fhir_resource_ref (resource) : NULL;
}

/* Everything that is taken, each against what stands before it. */
static void
check_patient (HubSafetyAnswer *answer,
               HubSafetyFiles *files,
               const char *name,
               ClinicalContent *content,
               const char *today)
{
  GPtrArray *resources = g_hash_table_lookup (files->of, name);
  g_autoptr (ClinicalPatient) patient =
      care_safety_patient_of (resources, NULL, content, today, resolve, files);
  g_autoptr (GPtrArray) orders = g_steal_pointer (&patient->medicines), findings = NULL;

  patient->medicines = g_ptr_array_new ();
  findings = clinical_check_orders (content, patient, orders, today);
  count (answer, orders);
  hub_safety_add (answer, findings, name);
}

/**
 * hub_safety_panel:
 * @folder: FHIR bundles, resources and NDJSON files
 *
 * Checks what every patient takes.
 *
 * Returns: (transfer full) (nullable): as hub_safety_ask (), each answer with its patient, and how
 *   many patients and unreadable entries there were
 */
JsonNode *
hub_safety_panel (ClinicalContent *content, const char *folder, const char *today, GError **error)
{
  g_autoptr (HubSafetyFiles) files = hub_safety_files_read (folder, error);
  HubSafetyAnswer answer = { 0 };
  JsonObject *more;

  if (files == NULL)
    return NULL;
  answer.findings = json_array_new ();
  answer.unchecked = json_array_new ();
  for (guint i = 0; i < files->patients->len; i++)
    check_patient (&answer, files, files->patients->pdata[i], content, today);
  more = json_object_new ();
  json_object_set_int_member (more, "patients", files->patients->len);
  json_object_set_int_member (more, "unreadable", files->faults);
  return hub_safety_end (&answer, content, more);
}

/* ---- overrides ------------------------------------------------------------------------------ */

static void
add_text (JsonObject *object, const char *name, FhirResource *resource, const char *path)
{
  const char *text = fhir_resource_path_text (resource, path);

  json_object_set_string_member (object, name, text != NULL ? text : "");
}

static JsonObject *
override_json (FhirResource *issue)
{
  static const char *const members[][2] = {
    { "patient", "patient.reference" },
    { "kind", "code.text" },
    { "rule", "code.coding.0.code" },
    { "severity", "severity" },
    { "order", "implicated.0.reference" },
    { "evidence", "implicated.1.reference" },
    { "found", "detail" },
    { "code", "mitigation.0.action.coding.0.code" },
    { "reason", "mitigation.0.action.text" },
    { "when", "mitigation.0.date" },
    { "who", "mitigation.0.author.reference" },
  };
  JsonObject *out = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    add_text (out, members[i][0], issue, members[i][1]);
  return out;
}

/**
 * hub_safety_overrides:
 * @folder: as hub_safety_panel ()
 *
 * Returns: (transfer full) (nullable): every alert that was overridden, with who, when and why, and
 *   how often each coded reason was given
 */
JsonNode *
hub_safety_overrides (const char *folder, GError **error)
{
  g_autoptr (HubSafetyFiles) files = hub_safety_files_read (folder, error);
  g_autoptr (JsonObject) reasons = NULL;
  JsonArray *overrides;
  JsonObject *root;
  JsonNode *node;

  if (files == NULL)
    return NULL;
  overrides = json_array_new ();
  reasons = json_object_new ();
  for (guint i = 0; i < files->resources->len; i++)
    {
      FhirResource *issue = files->resources->pdata[i];
      const char *code;

      if (!g_str_equal (fhir_resource_get_type (issue), "DetectedIssue") ||
          fhir_resource_path (issue, "mitigation.0") == NULL)
        continue;
      code = fhir_resource_path_text (issue, "mitigation.0.action.coding.0.code");
      code = code != NULL ? code : "none";
      json_object_set_int_member (reasons, code,
                                  json_object_get_int_member_with_default (reasons, code, 0) + 1);
      json_array_add_object_element (overrides, override_json (issue));
    }
  root = json_object_new ();
  json_object_set_array_member (root, "overrides", overrides);
  json_object_set_object_member (root, "reasons", g_steal_pointer (&reasons));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, root);
  return node;
}

/* ---- words ---------------------------------------------------------------------------------- */

static const char *
text_of (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static JsonArray *
list_of (JsonNode *result, const char *name)
{
  JsonObject *root = json_node_get_object (result);

  return json_object_has_member (root, name) ? json_object_get_array_member (root, name) : NULL;
}

/* Whether something graded high was found, or something blocks. */
gboolean
hub_safety_is_grave (JsonNode *result)
{
  static const char *const lists[] = { "findings", "notChecked" };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      JsonArray *list = list_of (result, lists[i]);

      for (guint j = 0; list != NULL && j < json_array_get_length (list); j++)
        {
          JsonObject *one = json_array_get_object_element (list, j);

          if (g_str_equal (text_of (one, "severity"), "high") ||
              json_object_get_boolean_member_with_default (one, "blocks", FALSE))
            return TRUE;
        }
    }
  return FALSE;
}

static void
append_list (GString *out, JsonArray *list, const char *title, const char *first, const char *then)
{
  if (list == NULL)
    return;
  g_string_append_printf (out, "%s: %u\n", title, json_array_get_length (list));
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonObject *one = json_array_get_object_element (list, i);
      const char *patient = text_of (one, "patient");

      g_string_append_printf (out, "  %s%s%s  %s\n", patient, *patient != '\0' ? "  " : "",
                              text_of (one, first), text_of (one, then));
    }
}

/* (transfer full): the answer for people. */
char *
hub_safety_to_text (JsonNode *result)
{
  GString *out = g_string_new (NULL);
  JsonObject *root = json_node_get_object (result), *scope;

  append_list (out, list_of (result, "findings"), "Found", "severity", "reason");
  append_list (out, list_of (result, "notChecked"), "Not checked", "check", "reason");
  append_list (out, list_of (result, "overrides"), "Overridden", "when", "reason");
  if (!json_object_has_member (root, "scope"))
    return g_string_free (out, FALSE);
  scope = json_object_get_object_member (root, "scope");
  g_string_append_printf (out, "Scope: %s of %s, formulary of %s, covering %d of %d drugs\n",
                          text_of (scope, "content"), text_of (scope, "date"),
                          text_of (scope, "formulary"),
                          (int) json_object_get_int_member (scope, "covered"),
                          (int) json_object_get_int_member (scope, "of"));
  return g_string_free (out, FALSE);
}
