/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription.h"

#include "care-fixture.h"
#include "care-reasons.h"
#include "care-supply.h"
#include "fhir-builder.h"

#include <string.h>

#define ID "0193531e-0000-7000-8000-000000000001"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','given':['Jane']}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'pen','clinicalStatus':{'coding':[{'code':'active'"
      "}]},"
      "'criticality':'high','code':{'text':'Penicillin'},'patient':{'reference':'Patient/p'},"
      "'reaction':[{'manifestation':[{'text':'Anaphylaxis'}]}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'m','status':'active','intent':'order',"
      "'medicationCodeableConcept':{'coding':[{'system':'http://www.nlm.nih.gov/research/umls/"
      "rxnorm',"
      "'code':'314076'}],'text':'Lisinopril 10 mg'},'subject':{'reference':'Patient/p'}}");
  return TRUE;
}

static CarePrescriptionDraft *
draft_of (CareFixture *fixture, const char *rxcui, const char *author)
{
  const StoreDrug *drug = store_content_get_drug (fixture->content, rxcui);
  CarePrescriptionDraft *draft = care_prescription_draft_new (ID, "p", author, "e");

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1.5", "frequency", 2, "duration-days", 7, "quantity", "21",
                "repeats", 1, "instructions", "With water.", NULL);
  return draft;
}

/* Ibuprofen 600 mg: neither allergy nor duplicate. Amoxicillin 500 mg: against the allergy. */
static CarePrescriptionDraft *
harmless (CareFixture *fixture)
{
  return draft_of (fixture, "197806", "Practitioner/doctor");
}

static CarePrescriptionDraft *
dangerous (CareFixture *fixture)
{
  return draft_of (fixture, "308191", "Practitioner/doctor");
}

static gboolean
sign_harmless (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = harmless (fixture);
  g_autofree char *id = NULL;

  if (!care_prescription_sign (connection, fixture->doctor, draft,
                               CLINICAL_CONTENT (fixture->content), NULL, &id, error))
    return FALSE;
  g_assert_cmpstr (id, ==, ID);
  return TRUE;
}

static gboolean
check_signed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", ID);
  g_autoptr (GPtrArray) provenances =
      store_search_ids (connection, "Provenance", "target=MedicationRequest/" ID, error);
  g_autoptr (GPtrArray) journal = store_journal_list (connection, NULL, 100, error);
  g_autoptr (FhirResource) provenance = NULL;
  g_autofree char *digest = care_prescription_dup_digest (request), *signature = NULL;
  g_autoptr (FhirBuilder) moving = fhir_builder_new_from (request);
  g_autoptr (FhirBuilder) changing = fhir_builder_new_from (request);
  g_autoptr (FhirResource) moved = NULL, changed = NULL;
  g_autofree char *moved_digest = NULL, *changed_digest = NULL;
  gsize length;

  g_assert_cmpstr (fhir_resource_path_text (request, "identifier.0.value"), ==, ID);
  g_assert_cmpstr (fhir_resource_path_text (request, "medicationCodeableConcept.coding.0.code"), ==,
                   "197806");
  g_assert_cmpstr (fhir_resource_path_text (request, "dosageInstruction.0.text"), ==,
                   "Take 1.5 tablets - twice a day - oral - for 7 days - With water.");
  g_assert_cmpstr (fhir_resource_path_text (request,
                                            "dosageInstruction.0.doseAndRate.0.doseQuantity.value"),
                   ==, "1.5");
  g_assert_cmpstr (fhir_resource_path_text (request, "dispenseRequest.quantity.value"), ==, "21");
  g_assert_cmpstr (fhir_resource_path_text (request, "dispenseRequest.numberOfRepeatsAllowed"), ==,
                   "1");
  g_assert_cmpstr (fhir_resource_path_text (request, "encounter.reference"), ==, "Encounter/e");
  g_assert_cmpstr (fhir_resource_path_text (request, "requester.reference"), ==,
                   "Practitioner/doctor");
  g_assert_cmpuint (provenances->len, ==, 1);
  provenance = care_fixture_get (connection, "Provenance", provenances->pdata[0]);
  signature =
      (char *) g_base64_decode (fhir_resource_path_text (provenance, "signature.0.data"), &length);
  signature = g_realloc (signature, length + 1);
  signature[length] = '\0';
  g_assert_nonnull (strstr (signature, digest));
  g_assert_nonnull (strstr (signature, "no key"));
  /* A server may give it another id, and nothing else. */
  fhir_builder_set_many (moving, "id", "4711", "meta.versionId", "1", NULL);
  fhir_builder_set (changing, "identifier.0.value", "another");
  moved = fhir_builder_end (moving);
  changed = fhir_builder_end (changing);
  moved_digest = care_prescription_dup_digest (moved);
  changed_digest = care_prescription_dup_digest (changed);
  g_assert_cmpstr (moved_digest, ==, digest);
  g_assert_cmpstr (changed_digest, !=, digest);
  g_assert_cmpuint (journal->len, ==, 2);
  g_assert_cmpstr (((StoreJournalEntry *) journal->pdata[0])->group, ==,
                   ((StoreJournalEntry *) journal->pdata[1])->group);
  g_assert_cmpint (((StoreJournalEntry *) journal->pdata[0])->priority, ==, 10);
  return TRUE;
}

static void
test_sign_twice_gives_one (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign_harmless);
  care_fixture_read (fixture, check_signed);
  base_clock_advance (fixture->clock, G_USEC_PER_SEC);
  care_fixture_write (fixture, sign_harmless);
  care_fixture_read (fixture, check_signed);
}

static gboolean
sign_and_fail (StoreConnection *connection, gpointer data, GError **error)
{
  if (!sign_harmless (connection, data, error))
    return FALSE;
  g_set_error (error, CARE_ERROR, CARE_ERROR_STATE, "the machine stumbles");
  return FALSE;
}

static gboolean
nothing_is_there (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) journal = store_journal_list (connection, NULL, 100, error);
  g_autoptr (FhirResource) request = store_resource_get (connection, "MedicationRequest", ID, NULL);

  g_assert_null (request);
  g_assert_cmpuint (journal->len, ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "target=MedicationRequest/" ID),
                    ==, 0);
  return TRUE;
}

static void
test_all_or_nothing (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_patient);
  error = care_fixture_try (fixture, sign_and_fail);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
  care_fixture_read (fixture, nothing_is_there);
}

static ClinicalFinding *
find (GPtrArray *findings, const char *check, ClinicalAnswer answer)
{
  for (guint i = 0; i < findings->len; i++)
    {
      ClinicalFinding *finding = findings->pdata[i];

      if (g_str_equal (finding->check, check) && finding->answer == answer)
        return finding;
    }
  return NULL;
}

static gboolean
check_both_drugs (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) bad = dangerous (fixture), good = harmless (fixture),
                                    again = draft_of (fixture, "314076", "x");
  g_autoptr (GPtrArray) of_bad =
      care_prescription_check (connection, bad, CLINICAL_CONTENT (fixture->content), error);
  g_autoptr (GPtrArray) of_good =
      care_prescription_check (connection, good, CLINICAL_CONTENT (fixture->content), error);
  g_autoptr (GPtrArray) of_again =
      care_prescription_check (connection, again, CLINICAL_CONTENT (fixture->content), error);
  ClinicalFinding *allergy = find (of_bad, "allergy", CLINICAL_FOUND);

  g_assert_nonnull (allergy);
  g_assert_cmpstr (allergy->evidence, ==, "AllergyIntolerance/pen");
  g_assert_nonnull (strstr (allergy->sentence, "anaphylaxis"));
  g_assert_nonnull (find (of_good, "allergy", CLINICAL_NOT_FOUND));
  g_assert_nonnull (find (of_good, "duplicate", CLINICAL_NOT_FOUND));
  /* with lisinopril it is worth a word, and no interruption */
  g_assert_nonnull (find (of_good, "interaction", CLINICAL_FOUND));
  g_assert_false (clinical_finding_needs_reason (find (of_good, "interaction", CLINICAL_FOUND)));
  g_assert_null (find (of_good, "allergy", CLINICAL_FOUND));
  g_assert_cmpstr (find (of_again, "duplicate", CLINICAL_FOUND)->evidence, ==,
                   "MedicationRequest/m");
  return TRUE;
}

static gboolean
sign_dangerous (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = dangerous (fixture);

  return care_prescription_sign (connection, fixture->doctor, draft,
                                 CLINICAL_CONTENT (fixture->content), NULL, NULL, error);
}

static gboolean
sign_with_reason (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = dangerous (fixture);
  g_autoptr (GHashTable) reasons =
      care_fixture_reasons (CLINICAL_CONTENT (fixture->content), connection, draft, "allergy",
                            "Tolerated amoxicillin in 2024");
  g_autoptr (FhirResource) request = NULL, issue = NULL;
  g_auto (GStrv) parts = NULL;

  if (!care_prescription_sign (connection, fixture->doctor, draft,
                               CLINICAL_CONTENT (fixture->content), reasons, NULL, error))
    return FALSE;
  request = care_fixture_get (connection, "MedicationRequest", ID);
  parts = g_strsplit (fhir_resource_path_text (request, "detectedIssue.0.reference"), "/", 2);
  issue = care_fixture_get (connection, "DetectedIssue", parts[1]);
  g_assert_cmpstr (fhir_resource_path_text (issue, "mitigation.0.action.text"), ==,
                   "Tolerated amoxicillin in 2024");
  g_assert_cmpstr (fhir_resource_path_text (issue, "severity"), ==, "high");
  g_assert_cmpstr (fhir_resource_path_text (issue, "implicated.1.reference"), ==,
                   "AllergyIntolerance/pen");
  return TRUE;
}

static void
test_findings_need_reasons (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_patient);
  care_fixture_read (fixture, check_both_drugs);
  error = care_fixture_try (fixture, sign_dangerous);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  care_fixture_read (fixture, nothing_is_there);
  care_fixture_write (fixture, sign_with_reason);
}

static gboolean
sign_as_other (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = harmless (fixture);

  return care_prescription_sign (connection, fixture->other, draft,
                                 CLINICAL_CONTENT (fixture->content), NULL, NULL, error);
}

static gboolean
sign_as_nurse (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, "197806", "Practitioner/nurse");

  return care_prescription_sign (connection, fixture->nurse, draft,
                                 CLINICAL_CONTENT (fixture->content), NULL, NULL, error);
}

static gboolean
sign_incomplete (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = harmless (fixture);

  g_object_set (draft, "quantity", NULL, NULL);
  return care_prescription_sign (connection, fixture->doctor, draft,
                                 CLINICAL_CONTENT (fixture->content), NULL, NULL, error);
}

/* H9: nobody signs what somebody else wrote. */
static void
test_who_may_sign (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) other = NULL, nurse = NULL, incomplete = NULL;

  care_fixture_write (fixture, put_patient);
  other = care_fixture_try (fixture, sign_as_other);
  g_assert_error (other, CARE_ERROR, CARE_ERROR_AUTHOR);
  nurse = care_fixture_try (fixture, sign_as_nurse);
  g_assert_error (nurse, CARE_ERROR, CARE_ERROR_ROLE);
  incomplete = care_fixture_try (fixture, sign_incomplete);
  g_assert_error (incomplete, CARE_ERROR, CARE_ERROR_MISSING);
  care_fixture_read (fixture, nothing_is_there);
}

/* The sign-in ran out while the form stood open: nothing is signed until the server takes it again.
 */
static void
test_lease (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) over = NULL;

  care_fixture_write (fixture, put_patient);
  care_context_set_signed_in (fixture->doctor, base_clock_now (fixture->clock));
  base_clock_advance (fixture->clock, CARE_LEASE_US + G_TIME_SPAN_MINUTE);
  over = care_fixture_try (fixture, sign_harmless);
  g_assert_error (over, CARE_ERROR, CARE_ERROR_LEASE);
  care_fixture_read (fixture, nothing_is_there);
  care_context_set_signed_in (fixture->doctor, base_clock_now (fixture->clock));
  care_fixture_write (fixture, sign_harmless);
}

static CareDeliveryState expected;

static gboolean
check_delivery (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareDelivery) delivery =
      care_prescription_get_delivery (connection, ID, fixture->clock, error);
  g_autoptr (GListStore) unsent = care_prescription_list_unsent (connection, fixture->clock, error);
  gboolean open = expected <= CARE_DELIVERY_REFUSED;

  g_assert_cmpint (delivery->state, ==, expected);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (unsent)), ==, open ? 1 : 0);
  if (expected == CARE_DELIVERY_NOT_SENT)
    g_assert_cmpstr (delivery->text, ==, "NOT SENT: TELL THE PATIENT");
  if (open)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (unsent), 0);

      g_assert_cmpstr (care_row_get_text (row, CARE_ROW_SUBTITLE), ==, "SMITH, Jane");
      g_assert_cmpstr (care_row_get_text (row, CARE_ROW_VALUE), ==, delivery->text);
    }
  return TRUE;
}

static void
expect_delivery (CareFixture *fixture, CareDeliveryState state)
{
  expected = state;
  care_fixture_read (fixture, check_delivery);
}

static gboolean
release (StoreConnection *connection, gpointer data, GError **error)
{
  return care_prescription_release_due (connection, ((CareFixture *) data)->doctor, NULL, error);
}

static const char *journal_state, *journal_reason;

static gboolean
set_journal (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, NULL, 100, error);

  for (guint i = 0; i < entries->len; i++)
    if (!store_journal_set_state (connection, ((StoreJournalEntry *) entries->pdata[i])->sequence,
                                  journal_state, journal_reason, error))
      return FALSE;
  return TRUE;
}

static void
move_journal (CareFixture *fixture, const char *state, const char *reason)
{
  journal_state = state;
  journal_reason = reason;
  care_fixture_write (fixture, set_journal);
}

static gboolean
choose_pharmacy (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareDelivery) delivery = NULL;

  care_fixture_put (connection, "{'resourceType':'Organization','id':'ph','name':'Mill Pharmacy'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Task','id':'t','status':'requested','intent':'order',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'dispense'}]},"
      "'focus':{'reference':'MedicationRequest/" ID "'},'for':{'reference':'Patient/p'},"
      "'owner':{'reference':'Organization/ph'},"
      "'input':[{'type':{'text':'supply-mode'},'valueCode':'delivery'}]}");
  delivery = care_prescription_get_delivery (connection, ID, fixture->clock, error);
  g_assert_cmpstr (delivery->text, ==, "Sent. The patient chose Mill Pharmacy, delivery");
  return TRUE;
}

/* The pharmacy sends it back: it must not read as sent, and the reason is said. */
static gboolean
refuse_at_pharmacy (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const answers[] = { "rejected", "failed" };
  CareFixture *fixture = data;

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (CareDelivery) delivery = NULL;
      g_autofree char *task = g_strdup_printf (
          "{'resourceType':'Task','id':'t','status':'%s','intent':'order',"
          "'statusReason':{'text':'out of stock until Thursday'},"
          "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'dispense'}]},"
          "'focus':{'reference':'MedicationRequest/" ID "'},'for':{'reference':'Patient/p'},"
          "'owner':{'reference':'Organization/ph'}}",
          answers[i]);

      care_fixture_put (connection, task);
      delivery = care_prescription_get_delivery (connection, ID, fixture->clock, error);
      g_assert_cmpint (delivery->state, ==, CARE_DELIVERY_REFUSED);
      g_assert_cmpstr (delivery->text, ==,
                       "NOT SUPPLIED BY Mill Pharmacy, TELL THE PATIENT: out of stock until "
                       "Thursday");
    }
  return TRUE;
}

static const char *expected_words;

static gboolean
check_cancel_words (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *words = care_supply_dup_cancel_words (connection, ID, error);

  g_assert_nonnull (words);
  g_assert_nonnull (strstr (words, expected_words));
  return TRUE;
}

static void
expect_cancel_words (CareFixture *fixture, const char *words)
{
  expected_words = words;
  care_fixture_read (fixture, check_cancel_words);
}

/* H1: unacknowledged for a minute is said loudly, in the chart and before leaving. */
static void
test_not_sent_is_loud (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign_harmless);
  expect_delivery (fixture, CARE_DELIVERY_RESTING);
  base_clock_advance (fixture->clock, 11 * G_USEC_PER_SEC);
  care_fixture_write (fixture, release);
  expect_delivery (fixture, CARE_DELIVERY_WAITING);
  base_clock_advance (fixture->clock, 50 * G_USEC_PER_SEC);
  expect_delivery (fixture, CARE_DELIVERY_NOT_SENT);
  move_journal (fixture, "unknown", NULL);
  expect_delivery (fixture, CARE_DELIVERY_UNKNOWN);
  expect_cancel_words (fixture, "The cancellation goes to the server only");
  move_journal (fixture, "refused", "the drug is not on the list");
  expect_delivery (fixture, CARE_DELIVERY_REFUSED);
  expect_cancel_words (fixture, "The server did not take it");
  move_journal (fixture, "held", "the allergies changed");
  expect_delivery (fixture, CARE_DELIVERY_HELD);
  move_journal (fixture, "done", NULL);
  expect_delivery (fixture, CARE_DELIVERY_SENT);
  care_fixture_write (fixture, choose_pharmacy);
  expect_delivery (fixture, CARE_DELIVERY_CHOSEN);
  care_fixture_write (fixture, refuse_at_pharmacy);
}

static guint expected_raised;

static gboolean
raise_unsent (StoreConnection *connection, gpointer data, GError **error)
{
  guint raised = 99;
  gboolean ok =
      care_prescription_raise_unsent (connection, ((CareFixture *) data)->doctor, &raised, error);

  g_assert_cmpuint (raised, ==, expected_raised);
  g_assert_cmpuint (care_fixture_count (connection, "Task", "focus=MedicationRequest/" ID), <=, 1);
  return ok;
}

/* H1: after fifteen minutes others can see it, once. */
static void
test_unsent_makes_a_task (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign_harmless);
  base_clock_advance (fixture->clock, (gint64) 14 * 60 * G_USEC_PER_SEC);
  expected_raised = 0;
  care_fixture_write (fixture, raise_unsent);
  base_clock_advance (fixture->clock, (gint64) 2 * 60 * G_USEC_PER_SEC);
  expected_raised = 1;
  care_fixture_write (fixture, raise_unsent);
  expected_raised = 0;
  care_fixture_write (fixture, raise_unsent);
}

/* A machine that dies in the ten seconds does not swallow the prescription. */
static void
test_rest_survives_a_restart (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign_harmless);
  care_fixture_close (fixture);
  care_fixture_open (fixture);
  base_clock_advance (fixture->clock, 20 * G_USEC_PER_SEC);
  expect_delivery (fixture, CARE_DELIVERY_WAITING);
  care_fixture_write (fixture, release);
  expect_delivery (fixture, CARE_DELIVERY_WAITING);
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  return care_prescription_undo (connection, ((CareFixture *) data)->doctor, ID, error);
}

static gboolean
check_undone (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = store_resource_get (connection, "MedicationRequest", ID, NULL);
  g_autoptr (CarePrescriptionDraft) draft = care_prescription_load (connection, ID, error);
  g_autofree char *words = care_prescription_draft_dup_words (draft);
  g_autoptr (GPtrArray) waiting = store_journal_list (connection, "waiting", 100, error);
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 100, error);

  g_assert_null (request);
  g_assert_cmpstr (words, ==, "one and a half tablets twice a day = 3 tablets a day");
  g_assert_cmpuint (waiting->len + held->len, ==, 0);
  return TRUE;
}

static gboolean
sign_changed (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = harmless (fixture);

  g_object_set (draft, "dose-value", "2", NULL);
  return care_prescription_sign (connection, fixture->doctor, draft,
                                 CLINICAL_CONTENT (fixture->content), NULL, NULL, error);
}

static gboolean
save_changed (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = harmless (fixture);

  g_object_set (draft, "dose-value", "2", NULL);
  return care_prescription_save (connection, fixture->doctor, draft, error);
}

/* What is typed after the signature is neither signed by it nor on disk as a draft: that is the
 * one that Undo gives back. */
static void
test_changed_after_signing (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) signing = NULL, saving = NULL;

  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign_harmless);
  signing = care_fixture_try (fixture, sign_changed);
  g_assert_error (signing, CARE_ERROR, CARE_ERROR_STATE);
  saving = care_fixture_try (fixture, save_changed);
  g_assert_error (saving, CARE_ERROR, CARE_ERROR_STATE);
  care_fixture_read (fixture, check_signed);
  care_fixture_write (fixture, undo);
  care_fixture_read (fixture, check_undone);
  care_fixture_write (fixture, save_changed);
  care_fixture_write (fixture, sign_changed);
}

/* H21: ten seconds to take it back; then Undo says that it is too late. */
static void
test_undo_within_ten_seconds (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) late = NULL;

  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign_harmless);
  base_clock_advance (fixture->clock, 5 * G_USEC_PER_SEC);
  care_fixture_write (fixture, release);
  expect_delivery (fixture, CARE_DELIVERY_RESTING);
  care_fixture_write (fixture, undo);
  care_fixture_read (fixture, check_undone);
  care_fixture_write (fixture, sign_harmless); /* and may be signed again */
  base_clock_advance (fixture->clock, 11 * G_USEC_PER_SEC);
  care_fixture_write (fixture, release);
  late = care_fixture_try (fixture, undo);
  g_assert_error (late, CARE_ERROR, CARE_ERROR_TOO_LATE);
  expect_delivery (fixture, CARE_DELIVERY_WAITING);
}

static gboolean
cancel (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (FhirResource) before = care_fixture_get (connection, "MedicationRequest", ID),
                           after = NULL;

  if (!care_prescription_cancel (connection, fixture->doctor, ID, "Wrong strength", error))
    return FALSE;
  after = care_fixture_get (connection, "MedicationRequest", ID);
  g_assert_cmpstr (fhir_resource_path_text (after, "status"), ==, "cancelled");
  g_assert_cmpstr (fhir_resource_path_text (after, "authoredOn"), ==,
                   fhir_resource_path_text (before, "authoredOn"));
  return TRUE;
}

static gboolean
check_cancelled_loudly (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareDelivery) delivery =
      care_prescription_get_delivery (connection, ID, ((CareFixture *) data)->clock, error);

  g_assert_cmpint (delivery->state, ==, CARE_DELIVERY_CANCELLED);
  g_assert_nonnull (strstr (delivery->text, "NOT YET KNOWN ELSEWHERE"));
  return TRUE;
}

static void
test_cancel_after_it_left (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign_harmless);
  move_journal (fixture, "done", NULL);
  care_fixture_write (fixture, cancel);
  care_fixture_read (fixture, check_cancelled_loudly);
}

static gboolean
save_draft (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = harmless (fixture);

  g_object_set (draft, "note", "a=b\nc [x]", "as-needed", TRUE, "as-needed-for", "pain", NULL);
  return care_prescription_save (connection, fixture->doctor, draft, error);
}

static gboolean
check_draft (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePrescriptionDraft) draft = care_prescription_load (connection, ID, error);
  g_autofree char *note = NULL, *text = care_prescription_draft_dup_text (draft, error);

  g_object_get (draft, "note", &note, NULL);
  g_assert_cmpstr (note, ==, "a=b\nc [x]");
  g_assert_cmpstr (
      text, ==,
      "Take 1.5 tablets - twice a day - oral - as required for pain - for 7 days - With water.");
  g_assert_cmpstr (care_prescription_draft_get_patient_id (draft), ==, "p");
  g_assert_cmpstr (care_prescription_draft_get_author (draft), ==, "Practitioner/doctor");
  return TRUE;
}

static void
test_draft_survives (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, save_draft);
  care_fixture_close (fixture);
  care_fixture_open (fixture);
  care_fixture_read (fixture, check_draft);
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  char **id = user_data;

  *id = care_prescription_sign_finish (result, &error);
  g_assert_no_error (error);
}

static void
test_sign_from_the_main_thread (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CarePrescriptionDraft) draft = harmless (fixture);
  g_autofree char *id = NULL;

  care_fixture_write (fixture, put_patient);
  care_prescription_sign_async (fixture->doctor, draft, CLINICAL_CONTENT (fixture->content), NULL,
                                NULL, NULL, signed_cb, &id);
  while (!id)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (id, ==, ID);
  care_fixture_read (fixture, check_signed);
}

/* Another drug never keeps the dose of the one before. */
static void
test_changing_the_drug_clears_the_dose (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CarePrescriptionDraft) draft = harmless (fixture);
  g_autofree char *dose = NULL;
  g_autoptr (GError) error = NULL;

  care_prescription_draft_set_drug (draft, "1", "x", "x", "1", "5 MG", "Oral Capsule", "oral",
                                    NULL);
  g_object_get (draft, "dose-value", &dose, NULL);
  g_assert_null (dose);
  g_assert_false (care_prescription_draft_is_complete (draft, &error));
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/prescription/sign-twice-gives-one", test_sign_twice_gives_one);
  ADD ("/care/prescription/changed-after-signing", test_changed_after_signing);
  ADD ("/care/prescription/all-or-nothing", test_all_or_nothing);
  ADD ("/care/prescription/findings-need-reasons", test_findings_need_reasons);
  ADD ("/care/prescription/who-may-sign", test_who_may_sign);
  ADD ("/care/prescription/lease", test_lease);
  ADD ("/care/prescription/not-sent-is-loud", test_not_sent_is_loud);
  ADD ("/care/prescription/unsent-makes-a-task", test_unsent_makes_a_task);
  ADD ("/care/prescription/rest-survives-a-restart", test_rest_survives_a_restart);
  ADD ("/care/prescription/undo-within-ten-seconds", test_undo_within_ten_seconds);
  ADD ("/care/prescription/cancel-after-it-left", test_cancel_after_it_left);
  ADD ("/care/prescription/draft-survives", test_draft_survives);
  ADD ("/care/prescription/sign-from-the-main-thread", test_sign_from_the_main_thread);
  ADD ("/care/prescription/changing-the-drug-clears-the-dose",
       test_changing_the_drug_clears_the_dose);
  return g_test_run ();
}
