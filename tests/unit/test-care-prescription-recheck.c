/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-recheck.h"

#include "care-fixture.h"
#include "care-prescription.h"
#include "store-journal.h"

#include <string.h>

#define ID "0193531e-0000-7000-8000-000000000001"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith'}]}");
  return TRUE;
}

static gboolean
put_allergy (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'pen','clinicalStatus':{'coding':[{'code':'active'"
      "}]},'criticality':'high','code':{'text':'Penicillin'},'patient':{'reference':'Patient/p'}}");
  return TRUE;
}

/* Amoxicillin 500 mg, with a reason for the allergy where it is on the chart. */
static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  const StoreDrug *drug = store_content_get_drug (fixture->content, "308191");
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new (ID, "p", "Practitioner/doctor", "e");
  g_autoptr (GHashTable) reasons = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (reasons, (gpointer) "allergy|AllergyIntolerance/pen",
                       (gpointer) "Tolerated it in 2024");
  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  return care_prescription_sign (connection, fixture->doctor, draft,
                                 CLINICAL_CONTENT (fixture->content), reasons, NULL, error);
}

/* What leaves together. */
static GPtrArray *
list_group (StoreConnection *connection)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, NULL, 100, NULL);
  GPtrArray *resources = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  for (guint i = 0; i < entries->len; i++)
    {
      StoreJournalEntry *entry = entries->pdata[i];

      g_ptr_array_add (resources, care_fixture_get (connection, entry->type, entry->id));
    }
  return resources;
}

static gboolean
finds_nothing (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) resources = list_group (connection);
  g_autoptr (GError) problem = NULL;
  g_autofree char *news = care_prescription_recheck (connection, resources,
                                                     CLINICAL_CONTENT (fixture->content), &problem);

  g_assert_no_error (problem);
  g_assert_null (news);
  return TRUE;
}

static gboolean
finds_allergy (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) resources = list_group (connection);
  g_autofree char *news =
      care_prescription_recheck (connection, resources, CLINICAL_CONTENT (fixture->content), NULL);

  g_assert_nonnull (news);
  g_assert_nonnull (strstr (news, "enicillin"));
  return TRUE;
}

static gboolean
fails_without_content (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) resources = list_group (connection);
  g_autoptr (GError) problem = NULL;

  g_assert_null (care_prescription_recheck (connection, resources, NULL, &problem));
  g_assert_error (problem, CARE_ERROR, CARE_ERROR_FINDINGS);
  return TRUE;
}

static void
test_new_allergy (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, finds_nothing);
  care_fixture_write (fixture, put_allergy);
  care_fixture_read (fixture, finds_allergy);
}

/* What the prescriber saw, and signed all the same with a reason, is not news. */
static void
test_override_is_known (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_allergy);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, finds_nothing);
}

static void
test_nothing_to_check_with (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, fails_without_content);
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/prescription-recheck/new-allergy", test_new_allergy);
  ADD ("/care/prescription-recheck/override-is-known", test_override_is_known);
  ADD ("/care/prescription-recheck/nothing-to-check-with", test_nothing_to_check_with);
  return g_test_run ();
}
