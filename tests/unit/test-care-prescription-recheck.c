/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-recheck.h"

#include "care-fixture.h"
#include "care-reasons.h"
#include "clinical-tables.h"
#include "care-prescription-renewal.h"
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
  g_autoptr (GHashTable) reasons = NULL;

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  reasons = care_fixture_reasons (CLINICAL_CONTENT (fixture->content), connection, draft, "allergy",
                                  "Tolerated it in 2024");
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

/* ---- a reason is for one alert ---- */

#define SECOND "0193531e-0000-7000-8000-000000000002"

static ClinicalContent *tables; /* with interactions */

static gboolean
put_simvastatin (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'simva','status':'active','intent':'order',"
      "'medicationCodeableConcept':{'coding':[{'system':'http://www.nlm.nih.gov/research/umls/"
      "rxnorm','code':'312961'}]},'subject':{'reference':'Patient/p'}}");
  return TRUE;
}

/* Two tablets of clarithromycin three times a day, three a day at most. */
static gboolean
sign_beside (StoreConnection *connection, CareFixture *fixture, const char *id, const char *check)
{
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new (id, "p", "Practitioner/doctor", "e");
  g_autoptr (GHashTable) reasons = NULL;
  g_autoptr (GError) error = NULL;

  care_prescription_draft_set_drug (draft, "197517", "clarithromycin 500 MG Oral Tablet",
                                    "clarithromycin", "21212", "500 MG", "Oral Tablet", "oral",
                                    NULL);
  g_object_set (draft, "dose-value", "2", "frequency", 3, "as-needed", TRUE, "max-a-day", "3",
                "duration-days", 7, "quantity", "21", NULL);
  reasons = care_fixture_reasons (tables, connection, draft, check, "monitoring: Watched");
  care_prescription_sign (connection, fixture->doctor, draft, tables, reasons, NULL, &error);
  g_assert_no_error (error);
  return TRUE;
}

static gboolean
sign_with_reason (StoreConnection *connection, gpointer fixture, GError **error)
{
  return sign_beside (connection, fixture, ID, "interaction");
}

static gboolean
sign_once_more (StoreConnection *connection, gpointer fixture, GError **error)
{
  return sign_beside (connection, fixture, SECOND, "duplicate");
}

/* Whether the interaction of this order is news, the overrides of it and of others beside it. */
static gboolean
interaction_is_new (StoreConnection *connection, const char *id)
{
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GPtrArray) all = list_group (connection), answers = NULL;
  guint found = 0, news = 0;

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (fhir_resource_get_type (all->pdata[i]), "DetectedIssue") ||
        g_str_equal (fhir_resource_get_id (all->pdata[i]), id))
      g_ptr_array_add (resources, fhir_resource_ref (all->pdata[i]));
  answers = care_prescription_recheck_list (connection, resources, tables, NULL);
  for (guint i = 0; i < answers->len; i++)
    {
      const CareRecheck *answer = answers->pdata[i];

      if (!g_str_equal (answer->finding->check, "interaction") ||
          answer->finding->answer != CLINICAL_FOUND)
        continue;
      g_test_message ("%s: %s", answer->finding->sentence, answer->finding->facts);
      found++;
      news += answer->is_new;
    }
  g_assert_cmpuint (found, >, 0);
  return news > 0;
}

static gboolean
both_are_known (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_assert_false (interaction_is_new (connection, ID));
  g_assert_false (interaction_is_new (connection, SECOND));
  return TRUE;
}

/* The dose was changed under way. */
static gboolean
change_dose (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", ID);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (request);
  g_autoptr (FhirResource) changed = NULL;
  g_auto (StorePut) put = { 0 };

  fhir_builder_set_decimal (builder, "dosageInstruction.0.doseAndRate.0.doseQuantity.value", "3");
  changed = fhir_builder_end (builder);
  return store_resource_put (connection, changed, STORE_PUT_DEFAULT, NULL, &put, error);
}

static gboolean
first_is_new (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_assert_true (interaction_is_new (connection, ID));
  return TRUE;
}

/* What an earlier override keeps in the line is no news before the order leaves: "2 tablets", three
 * a day at most, are the dose that was signed. A reason for one dose is none for another. */
static void
test_override_is_of_one_alert (CareFixture *fixture, gconstpointer data)
{
  tables = clinical_tables_new_shipped ();
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_simvastatin);
  care_fixture_write (fixture, sign_with_reason);
  care_fixture_write (fixture, sign_once_more);
  care_fixture_read (fixture, both_are_known);
  care_fixture_write (fixture, change_dose);
  care_fixture_read (fixture, first_is_new);
  g_clear_object (&tables);
}

static void
test_nothing_to_check_with (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, fails_without_content);
}

/* ---- the second signature ---- */

/* Begins the key of the finding; the alert itself follows. */
#define KEY ID "|allergy|AllergyIntolerance/pen|"

static gboolean
hold (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, NULL, 100, NULL);

  for (guint i = 0; i < entries->len; i++)
    if (!store_journal_set_state (connection, ((StoreJournalEntry *) entries->pdata[i])->sequence,
                                  "held", "review: the allergies changed", error))
      return FALSE;
  return TRUE;
}

static char *
dup_group (StoreConnection *connection)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, NULL, 1, NULL);

  return g_strdup (((StoreJournalEntry *) entries->pdata[0])->group);
}

static gboolean
renew (StoreConnection *connection,
       CareFixture *fixture,
       CareContext *who,
       const char *key,
       const char *reason,
       GError **error)
{
  g_autofree char *group = dup_group (connection);
  g_autoptr (GHashTable) reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (CareRenewal) shown =
      care_prescription_renewal (connection, group, CLINICAL_CONTENT (fixture->content), NULL);

  for (guint i = 0; key && shown && i < shown->findings->len; i++)
    {
      char *own = care_recheck_dup_key (shown->findings->pdata[i]);

      if (g_str_has_prefix (own, key))
        g_hash_table_insert (reasons, own, (gpointer) reason);
      else
        g_free (own);
    }
  return care_prescription_renew (connection, who, group, CLINICAL_CONTENT (fixture->content),
                                  reasons, error);
}

static gboolean
shows_what_is_new (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autofree char *group = dup_group (connection);
  g_autoptr (CareRenewal) renewal =
      care_prescription_renewal (connection, group, CLINICAL_CONTENT (fixture->content), error);
  guint news = 0;

  g_assert_nonnull (renewal);
  g_assert_cmpuint (renewal->orders->len, ==, 1);
  g_assert_nonnull (strstr (renewal->orders->pdata[0], "moxicillin"));
  g_assert_cmpuint (renewal->findings->len, >=, 3); /* each check answers */
  for (guint i = 0; i < renewal->findings->len; i++)
    {
      const CareRecheck *found = renewal->findings->pdata[i];
      g_autofree char *key = care_recheck_dup_key (found);

      if (!found->is_new)
        continue;
      news++;
      g_assert_true (g_str_has_prefix (key, KEY));
      g_assert_true (care_recheck_needs_reason (found));
    }
  g_assert_cmpuint (news, ==, 1);
  return TRUE;
}

static gboolean
refuses (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GError) unseen = NULL, unreasoned = NULL, another = NULL, role = NULL;

  g_assert_false (renew (connection, fixture, fixture->doctor, NULL, NULL, &unseen));
  g_assert_error (unseen, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (unseen->message, "changed while you read"));
  g_assert_false (renew (connection, fixture, fixture->doctor, KEY, "", &unreasoned));
  g_assert_error (unreasoned, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_false (renew (connection, fixture, fixture->other, KEY, "Tolerated it", &another));
  g_assert_error (another, CARE_ERROR, CARE_ERROR_AUTHOR);
  g_assert_false (renew (connection, fixture, fixture->nurse, KEY, "Tolerated it", &role));
  g_assert_error (role, CARE_ERROR, CARE_ERROR_ROLE);
  return TRUE;
}

static gboolean
refuses_without_lease (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  gint64 now = base_clock_now (fixture->clock);
  g_autoptr (GError) over = NULL;

  care_context_set_signed_in (fixture->doctor, now - CARE_LEASE_US - G_TIME_SPAN_MINUTE);
  g_assert_false (renew (connection, fixture, fixture->doctor, KEY, "Tolerated it", &over));
  g_assert_error (over, CARE_ERROR, CARE_ERROR_LEASE);
  care_context_set_signed_in (fixture->doctor, now);
  return TRUE;
}

static gboolean
signs_again (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  return renew (connection, fixture, fixture->doctor, KEY, "Tolerated it in 2024", error);
}

/* One group as before, all of it held, with a second signature and the reason. */
static gboolean
is_one_group (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "held", 100, error);
  g_autofree char *group = dup_group (connection);
  guint signatures = 0, overrides = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      g_assert_cmpstr (entry->group, ==, group);
      signatures += g_str_equal (entry->type, "Provenance");
      overrides += g_str_equal (entry->type, "DetectedIssue");
    }
  g_assert_cmpuint (signatures, ==, 2);
  g_assert_cmpuint (overrides, ==, 1);
  return TRUE;
}

static void
test_renew (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_write (fixture, put_allergy);
  care_fixture_write (fixture, hold);
  care_fixture_read (fixture, shows_what_is_new);
  care_fixture_write (fixture, refuses);
  care_fixture_write (fixture, refuses_without_lease);
  care_fixture_write (fixture, signs_again);
  care_fixture_read (fixture, is_one_group);
  care_fixture_read (fixture, finds_nothing); /* it is not held for the same finding again */
}

/* The text was changed under way: it says one thing and the codes another. */
static gboolean
change_text (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", ID);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (request);
  g_autoptr (FhirResource) changed = NULL;
  g_auto (StorePut) put = { 0 };

  fhir_builder_set (builder, "dosageInstruction.0.text", "Take 10 capsules - twice a day");
  changed = fhir_builder_end (builder);
  return store_resource_put (connection, changed, STORE_PUT_DEFAULT, NULL, &put, error);
}

static gboolean
refuses_two_things (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autofree char *group = dup_group (connection);
  g_autoptr (CareRenewal) renewal =
      care_prescription_renewal (connection, group, CLINICAL_CONTENT (fixture->content), error);
  g_autoptr (GError) twofold = NULL;

  g_assert_nonnull (strstr (renewal->orders->pdata[0], "Take 10 capsules - twice a day (coded: "));
  g_assert_false (
      renew (connection, fixture, fixture->doctor, KEY, "Tolerated it in 2024", &twofold));
  g_assert_error (twofold, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (twofold->message, "say different things"));
  return TRUE;
}

static void
test_two_things (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_write (fixture, put_allergy);
  care_fixture_write (fixture, hold);
  care_fixture_write (fixture, change_text);
  care_fixture_write (fixture, refuses_two_things);
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/prescription-recheck/new-allergy", test_new_allergy);
  ADD ("/care/prescription-recheck/override-is-known", test_override_is_known);
  ADD ("/care/prescription-recheck/override-is-of-one-alert", test_override_is_of_one_alert);
  ADD ("/care/prescription-recheck/nothing-to-check-with", test_nothing_to_check_with);
  ADD ("/care/prescription-renewal/signs-what-was-read", test_renew);
  ADD ("/care/prescription-renewal/refuses-two-things", test_two_things);
  return g_test_run ();
}
