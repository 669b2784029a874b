/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-signature.h"

#include <string.h>

#include "care-fixture.h"
#include "care-prescription-group.h"
#include "care-prescription-recheck.h"
#include "care-prescription.h"
#include "care-signing-key.h"
#include "fhir-builder.h"

#define ID    "0193531e-0000-7000-8000-000000000001"
#define OTHER "0193531e-0000-7000-8000-000000000002"
#define ORDER "MedicationRequest"

/* A prescription signed with a key, and everything that may be done to it afterwards. */

static BaseKey *
make_key (gpointer data, GError **error)
{
  return base_key_new (error);
}

static BaseKey *
locked (gpointer data, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "Unlock the keyring, then sign again.");
  return NULL;
}

static void
set_up (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_set_up (fixture, data);
  care_context_set_key_source (fixture->doctor, make_key, NULL, NULL);
  g_assert_true (care_context_load_key (fixture->doctor, &error));
  g_assert_no_error (error);
}

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','given':['Jane']}]}");
  return TRUE;
}

static gboolean
sign_as (CareFixture *fixture,
         CareContext *who,
         StoreConnection *connection,
         const char *id,
         GError **error)
{
  const StoreDrug *drug = store_content_get_drug (fixture->content, "197806");
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new (id, "p", care_context_get_user_reference (who), "e");

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                "repeats", 1, "note", "Blister pack.", NULL);
  return care_prescription_sign (connection, who, draft, CLINICAL_CONTENT (fixture->content), NULL,
                                 NULL, error);
}

static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  return sign_as (fixture, fixture->doctor, connection, ID, error);
}

static gboolean
sign_another (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  return sign_as (fixture, fixture->doctor, connection, OTHER, error);
}

static FhirResource *
get_provenance (StoreConnection *connection, const char *id)
{
  g_autofree char *query = g_strconcat ("target=MedicationRequest/", id, NULL);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Provenance", query, NULL);

  g_assert_cmpuint (ids->len, ==, 1);
  return care_fixture_get (connection, "Provenance", ids->pdata[0]);
}

static void
put (StoreConnection *connection, FhirBuilder *builder)
{
  g_autoptr (FhirResource) resource = fhir_builder_end (builder);
  g_autoptr (GError) error = NULL;

  store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
}

static CareSignatureState
check (StoreConnection *connection, const char *id)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, ORDER, id);

  return care_signature_check (connection, request, FALSE);
}

static gboolean
is_signed_with_the_key (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) provenance = get_provenance (connection, ID);
  g_autoptr (GPtrArray) journal = store_journal_list (connection, NULL, 100, error);
  const StoreJournalEntry *first = journal->pdata[0], *second = journal->pdata[1];

  g_assert_cmpstr (fhir_resource_path_text (provenance, "signature.0.sigFormat"), ==,
                   "application/jose");
  g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_GOOD);
  /* the key leaves by itself, before what it signed, and does not rest */
  g_assert_cmpuint (journal->len, ==, 3);
  g_assert_cmpstr (first->type, ==, "Basic");
  g_assert_cmpstr (first->state, ==, "waiting");
  g_assert_cmpstr (first->group, !=, second->group);
  g_assert_cmpuint (care_fixture_count (connection, "Basic", "author=Practitioner/doctor"), ==, 1);
  g_assert_true (care_signing_key_has_any (connection, "Practitioner/doctor"));
  g_assert_false (care_signing_key_has_any (connection, "Practitioner/other"));
  return TRUE;
}

static void
test_signed_with_the_key (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, is_signed_with_the_key);
  /* a second one says nothing of the key again */
  care_fixture_write (fixture, sign_another);
}

/* Each part of an order, changed after the signature. */
static gboolean
change_each_part (StoreConnection *connection, gpointer data, GError **error)
{
  static const struct
  {
    const char *path, *text;
  } changes[] = {
    { "medicationCodeableConcept.text", "Ibuprofen 800 mg" },
    { "medicationCodeableConcept.coding.0.code", "197807" },
    { "dosageInstruction.0.text", "Take 2 tablets" },
    { "dosageInstruction.0.doseAndRate.0.doseQuantity.unit", "bottle" },
    { "dispenseRequest.quantity.unit", "bottle" },
    { "subject.reference", "Patient/q" },
    { "requester.reference", "Practitioner/other" },
    { "authoredOn", "2026-11-23T09:00:00Z" },
    { "identifier.0.value", OTHER },
    { "encounter.reference", "Encounter/other" },
    { "status", "on-hold" },
    { "intent", "plan" },
    { "note.0.text", "Blister pack!" },
    { "priority", "stat" },
    { "substitution.reason.text", "none" },
  };
  g_autoptr (FhirResource) as_signed = care_fixture_get (connection, ORDER, ID);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (FhirBuilder) changed = fhir_builder_new_from (as_signed);
      g_autoptr (FhirBuilder) back = fhir_builder_new_from (as_signed);

      g_test_message ("%s", changes[i].path);
      fhir_builder_set (changed, changes[i].path, changes[i].text);
      put (connection, changed);
      g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_BROKEN);
      put (connection, back);
      g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_GOOD);
    }
  return TRUE;
}

static gboolean
change_numbers_and_members (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const removed[] = { "dosageInstruction", "note", "dispenseRequest" };
  static const char *const values[] = { "14.0", "140", "1.4e1" };
  g_autoptr (FhirResource) as_signed = care_fixture_get (connection, ORDER, ID);

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (FhirBuilder) changed = fhir_builder_new_from (as_signed);

      fhir_builder_set_decimal (changed, "dispenseRequest.quantity.value", values[i]);
      put (connection, changed);
      g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_BROKEN);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (removed); i++)
    {
      g_autoptr (FhirBuilder) changed = fhir_builder_new_from (as_signed);

      fhir_builder_remove (changed, removed[i]);
      put (connection, changed);
      g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_BROKEN);
    }
  return TRUE;
}

static void
test_any_edit_voids (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_write (fixture, change_each_part);
  care_fixture_write (fixture, change_numbers_and_members);
}

/* What may follow a signature without a new one: the end, and words added. */
static gboolean
end_and_add (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) as_signed = care_fixture_get (connection, ORDER, ID);
  g_autoptr (FhirBuilder) noted = fhir_builder_new_from (as_signed),
                          ended = fhir_builder_new_from (as_signed),
                          wrong = fhir_builder_new_from (as_signed);

  fhir_builder_set (noted, "note.1.text", "Rang the pharmacy.");
  put (connection, noted);
  g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_GOOD);
  fhir_builder_set_many (ended, "status", "cancelled", "statusReason.text", "Wrong drug", NULL);
  put (connection, ended);
  g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_GOOD);
  fhir_builder_set_many (wrong, "status", "cancelled", "dosageInstruction.0.text", "Take 9", NULL);
  put (connection, wrong);
  g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_BROKEN);
  return TRUE;
}

static void
test_an_end_is_no_edit (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_write (fixture, end_and_add);
}

static char *
dup_jws (FhirResource *provenance)
{
  gsize length = 0;
  guchar *bytes =
      g_base64_decode (fhir_resource_path_text (provenance, "signature.0.data"), &length);
  char *text = g_strndup ((char *) bytes, length);

  g_free (bytes);
  return text;
}

static CareSignatureState
verify_with (StoreConnection *connection, FhirResource *provenance, const char *jws)
{
  g_autofree char *data = g_base64_encode ((const guchar *) jws, strlen (jws));
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (provenance);
  g_autoptr (FhirResource) request = care_fixture_get (connection, ORDER, ID);
  g_autoptr (FhirResource) changed = NULL;

  fhir_builder_set (builder, "signature.0.data", data);
  changed = fhir_builder_end (builder);
  return care_signature_verify (connection, changed, request);
}

/* Each byte of it, and headers that ask for less. */
static gboolean
forge_signatures (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const headers[] = {
    "eyJhbGciOiJub25lIn0",  /* {"alg":"none"} */
    "eyJhbGciOiJIUzI1NiJ9", /* {"alg":"HS256"} */
    "eyJhbGciOiJFUzI1NiJ9", /* {"alg":"ES256"}: no key, no time */
    "",
    "e30", /* {} */
    "W10", /* [] */
  };
  g_autoptr (FhirResource) provenance = get_provenance (connection, ID);
  g_autofree char *jws = dup_jws (provenance);
  g_auto (GStrv) parts = g_strsplit (jws, ".", 3);

  g_assert_cmpint (verify_with (connection, provenance, jws), ==, CARE_SIGNATURE_GOOD);
  for (char *at = jws; *at; at++)
    {
      char kept = *at;

      *at = kept == 'A' ? 'B' : 'A';
      g_assert_cmpint (verify_with (connection, provenance, jws), !=, CARE_SIGNATURE_GOOD);
      *at = kept;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *with = g_strconcat (headers[i], "..", parts[2], NULL);
      g_autofree char *bare = g_strconcat (headers[i], "..", NULL);

      g_assert_cmpint (verify_with (connection, provenance, with), ==, CARE_SIGNATURE_BROKEN);
      g_assert_cmpint (verify_with (connection, provenance, bare), ==, CARE_SIGNATURE_BROKEN);
    }
  return TRUE;
}

static gboolean
say_other_things_of_it (StoreConnection *connection, gpointer data, GError **error)
{
  static const struct
  {
    const char *path, *text;
  } changes[] = {
    { "signature.0.when", "2026-11-22T10:00:00Z" },
    { "signature.0.who.reference", "Practitioner/other" },
    { "signature.0.data", "!" },
  };
  g_autoptr (FhirResource) provenance = get_provenance (connection, ID);
  g_autoptr (FhirResource) request = care_fixture_get (connection, ORDER, ID);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (FhirBuilder) builder = fhir_builder_new_from (provenance);
      g_autoptr (FhirResource) changed = NULL;

      fhir_builder_set (builder, changes[i].path, changes[i].text);
      changed = fhir_builder_end (builder);
      g_assert_cmpint (care_signature_verify (connection, changed, request), ==,
                       CARE_SIGNATURE_BROKEN);
    }
  return TRUE;
}

static void
test_no_forged_signature (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, forge_signatures);
  care_fixture_read (fixture, say_other_things_of_it);
}

/* The signature of one prescription under another of the same words. */
static gboolean
replay (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) provenance = get_provenance (connection, ID),
                           own = get_provenance (connection, OTHER);
  g_autoptr (FhirResource) other = care_fixture_get (connection, ORDER, OTHER);

  g_assert_cmpint (care_signature_verify (connection, own, other), ==, CARE_SIGNATURE_GOOD);
  g_assert_cmpint (care_signature_verify (connection, provenance, other), ==,
                   CARE_SIGNATURE_BROKEN);
  return TRUE;
}

static void
test_not_for_another (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_write (fixture, sign_another);
  care_fixture_read (fixture, replay);
}

static gboolean
both_are_good (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "Basic", "author=Practitioner/doctor", error);

  g_assert_cmpuint (ids->len, ==, 2);
  g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_GOOD);
  g_assert_cmpint (check (connection, OTHER), ==, CARE_SIGNATURE_GOOD);
  /* without the key it is neither good nor broken */
  for (guint i = 0; i < ids->len; i++)
    g_assert_true (store_resource_delete (connection, "Basic", ids->pdata[i], NULL, NULL, error));
  g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_UNKNOWN);
  return TRUE;
}

/* Another computer has another key; what the first one signed stays signed. */
static void
test_key_rotated (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  g_clear_object (&fixture->doctor);
  fixture->doctor = care_context_new (fixture->database, fixture->clock, "Practitioner/doctor",
                                      "Dr Ada Stone", "prescriber");
  care_context_set_key_source (fixture->doctor, make_key, NULL, NULL);
  g_assert_true (care_context_load_key (fixture->doctor, NULL));
  care_fixture_write (fixture, sign_another);
  care_fixture_write (fixture, both_are_good);
}

static gboolean
end_the_key (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "Basic", "author=Practitioner/doctor", error);
  g_autoptr (FhirResource) basic = care_fixture_get (connection, "Basic", ids->pdata[0]);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (basic);

  fhir_builder_set_many (builder, "extension.1.url", CARE_EXTENSION_BASE "key-ended",
                         "extension.1.valueDateTime", "2026-11-22", NULL);
  put (connection, builder);
  return TRUE;
}

static void
test_an_ended_key_signs_no_more (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_write (fixture, end_the_key);
  error = care_fixture_try (fixture, sign_another);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
}

typedef struct
{
  gboolean done;
  char *id;
  GError *error;
} Signed;

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Signed *answer = data;

  answer->id = care_prescription_sign_finish (result, &answer->error);
  answer->done = TRUE;
}

static gboolean
is_good (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpint (check (connection, ID), ==, CARE_SIGNATURE_GOOD);
  return TRUE;
}

static gboolean
nothing_is_there (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) journal = store_journal_list (connection, NULL, 100, error);

  g_assert_cmpuint (journal->len, ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 0);
  return TRUE;
}

/* No signature by less where the keyring does not open. */
static void
test_keyring_locked (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CareContext) doctor =
      care_context_new (fixture->database, fixture->clock, "Practitioner/doctor", "Dr Ada Stone",
                        "prescriber");
  const StoreDrug *drug = store_content_get_drug (fixture->content, "197806");
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new (ID, "p", "Practitioner/doctor", NULL);
  g_autoptr (GError) error = NULL;
  Signed answer = { 0 };

  care_context_set_key_source (doctor, locked, NULL, NULL);
  care_fixture_write (fixture, put_patient);
  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  care_prescription_sign_async (doctor, draft, CLINICAL_CONTENT (fixture->content), NULL, NULL,
                                NULL, signed_cb, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (answer.id);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&answer.error);
  g_clear_object (&fixture->doctor);
  fixture->doctor = g_steal_pointer (&doctor);
  error = care_fixture_try (fixture, sign);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  care_fixture_read (fixture, nothing_is_there);
}

static void
group_signed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Signed *answer = data;

  care_prescription_command_finish (result, &answer->error);
  answer->done = TRUE;
}

/* Several together ask the keyring as one does. */
static void
test_a_group_asks_for_the_key (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CareContext) doctor =
      care_context_new (fixture->database, fixture->clock, "Practitioner/doctor", "Dr Ada Stone",
                        "prescriber");
  const StoreDrug *drug = store_content_get_drug (fixture->content, "197806");
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new (ID, "p", "Practitioner/doctor", NULL);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new ();
  Signed answer = { 0 };

  care_context_set_key_source (doctor, make_key, NULL, NULL);
  care_fixture_write (fixture, put_patient);
  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  g_ptr_array_add (drafts, draft);
  care_prescription_sign_group_async (doctor, drafts, CLINICAL_CONTENT (fixture->content), NULL,
                                      NULL, group_signed_cb, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (answer.error);
  care_fixture_read (fixture, is_good);
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  return care_prescription_undo (connection, ((CareFixture *) data)->doctor, ID, error);
}

static gboolean
the_key_stays (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_true (care_signing_key_has_any (connection, "Practitioner/doctor"));
  g_assert_cmpuint (care_fixture_count (connection, ORDER, ""), ==, 0);
  return TRUE;
}

static void
test_undo_keeps_the_key (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_write (fixture, undo);
  care_fixture_read (fixture, the_key_stays);
}

/* Right before it leaves. */
static gboolean
is_held_when_changed (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (FhirResource) as_signed = care_fixture_get (connection, ORDER, ID);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (as_signed);
  g_autofree char *news = NULL, *changed_news = NULL;

  g_ptr_array_add (resources, fhir_resource_ref (as_signed));
  news =
      care_prescription_recheck (connection, resources, CLINICAL_CONTENT (fixture->content), error);
  g_assert_null (news);
  fhir_builder_set_integer (builder, "dispenseRequest.numberOfRepeatsAllowed", 11);
  put (connection, builder);
  g_ptr_array_set_size (resources, 0);
  g_ptr_array_add (resources, care_fixture_get (connection, ORDER, ID));
  changed_news =
      care_prescription_recheck (connection, resources, CLINICAL_CONTENT (fixture->content), error);
  g_assert_nonnull (changed_news);
  g_assert_nonnull (strstr (changed_news, "is not what was signed"));
  return TRUE;
}

static void
test_verified_before_it_leaves (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, sign);
  care_fixture_write (fixture, is_held_when_changed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add (name, CareFixture, NULL, set_up, function, care_fixture_tear_down)
  ADD ("/care-signature/signed-with-the-key", test_signed_with_the_key);
  ADD ("/care-signature/any-edit-voids", test_any_edit_voids);
  ADD ("/care-signature/an-end-is-no-edit", test_an_end_is_no_edit);
  ADD ("/care-signature/no-forged-signature", test_no_forged_signature);
  ADD ("/care-signature/not-for-another", test_not_for_another);
  ADD ("/care-signature/key-rotated", test_key_rotated);
  ADD ("/care-signature/an-ended-key-signs-no-more", test_an_ended_key_signs_no_more);
  ADD ("/care-signature/keyring-locked", test_keyring_locked);
  ADD ("/care-signature/a-group-asks-for-the-key", test_a_group_asks_for_the_key);
  ADD ("/care-signature/undo-keeps-the-key", test_undo_keeps_the_key);
  ADD ("/care-signature/verified-before-it-leaves", test_verified_before_it_leaves);
#undef ADD
  return g_test_run ();
}
