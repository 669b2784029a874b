/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "care-safety.h"
#include "clinical-tables.h"

/* A chart and an order as FHIR, whatever they hold, against the tables that are shipped: every
 * check answers, in words that can be shown, and says what it covered. The input is resources, a
 * line each; the MedicationRequests are also what is prescribed. */

static ClinicalContent *content;

static void
read_lines (const char *text, GPtrArray *resources)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 20);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      FhirResource *resource = fhir_resource_parse (lines[i], -1, NULL);

      if (resource != NULL)
        g_ptr_array_add (resources, resource);
    }
}

static void
assert_said (const ClinicalFinding *finding, guint orders)
{
  g_autofree char *key = clinical_finding_dup_alert_key (finding);

  g_assert_cmpuint (finding->order, <, orders);
  g_assert_true (g_utf8_validate (finding->sentence, -1, NULL));
  g_assert_nonnull (finding->scope);
  g_assert_true (finding->answer != CLINICAL_FOUND || finding->severity != NULL);
  g_assert_true (finding->answer != CLINICAL_NOT_CHECKED || finding->why != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GPtrArray) orders =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
  g_autoptr (GPtrArray) findings = NULL;
  g_autoptr (ClinicalPatient) patient = NULL;

  if (content == NULL)
    content = clinical_tables_new_shipped ();
  read_lines (text, resources);
  patient = care_safety_patient_of (resources, NULL, content, "2026-11-29", NULL, NULL);
  for (guint i = 0; i < resources->len; i++)
    if (g_str_equal (fhir_resource_get_type (resources->pdata[i]), "MedicationRequest"))
      g_ptr_array_add (orders, care_safety_order_of (resources->pdata[i], content, NULL, NULL));
  findings = clinical_check_orders (content, patient, orders, "2026-11-29");
  g_assert_cmpuint (findings->len, >=, orders->len * 9);
  for (guint i = 0; i < findings->len; i++)
    assert_said (findings->pdata[i], orders->len);
  return 0;
}
