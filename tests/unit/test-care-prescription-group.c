/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-group.h"

#include <string.h>

#include "care-fixture.h"
#include "care-prescription-recheck.h"
#include "store-journal.h"

/* Warfarin and metronidazole: either alone is ordinary, together they are graded high. */

#define WARFARIN      "855332"
#define METRONIDAZOLE "311681"
#define FIRST         "0193531e-0000-7000-8000-000000000001"
#define SECOND        "0193531e-0000-7000-8000-000000000002"

static gboolean
put_patients (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q','birthDate':'1961-03-12'}");
  return TRUE;
}

static CarePrescriptionDraft *
draft_of (CareFixture *fixture, const char *id, const char *patient, const char *rxcui)
{
  const StoreDrug *drug = store_content_get_drug (fixture->content, rxcui);
  CarePrescriptionDraft *draft =
      care_prescription_draft_new (id, patient, "Practitioner/doctor", NULL);

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 1, "duration-days", 7, "quantity", "7",
                NULL);
  return draft;
}

static GPtrArray *
both_of (CareFixture *fixture)
{
  GPtrArray *drafts = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (drafts, draft_of (fixture, FIRST, "p", WARFARIN));
  g_ptr_array_add (drafts, draft_of (fixture, SECOND, "p", METRONIDAZOLE));
  return drafts;
}

/* (nullable): the interaction that the checks find for @draft, where it needs a reason. */
static ClinicalFinding *
find_interaction (StoreConnection *connection,
                  CareFixture *fixture,
                  CarePrescriptionDraft *draft,
                  GPtrArray *beside)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings =
      care_prescription_check_beside (connection, draft, beside,
                                      CLINICAL_CONTENT (fixture->content), &error);

  g_assert_no_error (error);
  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];

      if (g_str_equal (finding->check, "interaction") && clinical_finding_needs_reason (finding))
        return clinical_finding_copy (finding);
    }
  return NULL;
}

/* Each names the other, and says nothing of it alone. */
static gboolean
each_finds_the_other (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) drafts = both_of (data);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ClinicalFinding) alone =
          find_interaction (connection, data, drafts->pdata[i], NULL);
      g_autoptr (ClinicalFinding) together =
          find_interaction (connection, data, drafts->pdata[i], drafts);

      g_assert_null (alone);
      g_assert_nonnull (together);
      g_assert_cmpstr (together->evidence, ==,
                       i == 0 ? "MedicationRequest/" SECOND : "MedicationRequest/" FIRST);
    }
  return TRUE;
}

static void
test_beside (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patients);
  care_fixture_read (fixture, each_finds_the_other);
}

/* What was begun in the pane is on disk, wherever the other is written; it is not in the chart, and
 * the other is signed without it. */
static gboolean
finds_what_is_on_disk (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = both_of (fixture);
  g_autoptr (ClinicalFinding) found = NULL, anew = NULL;

  if (!care_prescription_save (connection, fixture->doctor, drafts->pdata[0], error))
    return FALSE;
  found = find_interaction (connection, fixture, drafts->pdata[1], NULL);
  g_assert_nonnull (found);
  g_assert_cmpstr (found->evidence, ==, "MedicationRequest/" FIRST);
  if (!care_prescription_sign (connection, fixture->doctor, drafts->pdata[1],
                               CLINICAL_CONTENT (fixture->content), NULL, NULL, error))
    return FALSE;
  /* from now on it is the first that needs the reason */
  anew = find_interaction (connection, fixture, drafts->pdata[0], NULL);
  g_assert_nonnull (anew);
  g_assert_cmpstr (anew->evidence, ==, "MedicationRequest/" SECOND);
  return TRUE;
}

static void
test_on_disk (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patients);
  care_fixture_write (fixture, finds_what_is_on_disk);
}

/* @n: of how many of the two drafts the interaction has a reason. */
static GHashTable *
reasons_of (StoreConnection *connection, CareFixture *fixture, GPtrArray *drafts, guint n)
{
  GHashTable *reasons =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);

  for (guint i = 0; i < n; i++)
    {
      GHashTable *own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (ClinicalFinding) finding =
          find_interaction (connection, fixture, drafts->pdata[i], drafts);

      g_hash_table_insert (own, clinical_finding_dup_key (finding),
                           g_strdup ("monitoring: INR on day 3"));
      g_hash_table_insert (reasons, g_strdup (care_prescription_draft_get_id (drafts->pdata[i])),
                           own);
    }
  return reasons;
}

static gboolean
sign (StoreConnection *connection, CareFixture *fixture, guint n_reasons, GError **error)
{
  g_autoptr (GPtrArray) drafts = both_of (fixture);
  g_autoptr (GHashTable) reasons = reasons_of (connection, fixture, drafts, n_reasons);

  return care_prescription_sign_group (connection, fixture->doctor, drafts,
                                       CLINICAL_CONTENT (fixture->content), reasons, error);
}

static gboolean
sign_with_one_reason (StoreConnection *connection, gpointer data, GError **error)
{
  return sign (connection, data, 1, error);
}

static gboolean
sign_with_both (StoreConnection *connection, gpointer data, GError **error)
{
  return sign (connection, data, 2, error);
}

static gboolean
nothing_is_there (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) journal = store_journal_list (connection, NULL, 100, error);

  g_assert_cmpuint (journal->len, ==, 0);
  g_assert_null (store_resource_get (connection, "MedicationRequest", FIRST, NULL));
  return TRUE;
}

/* The first is whole; the second is not: neither is signed, and the error names the second. */
static void
test_all_or_none (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_patients);
  error = care_fixture_try (fixture, sign_with_one_reason);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_true (g_str_has_prefix (error->message, "metronidazole"));
  care_fixture_read (fixture, nothing_is_there);
}

/* What leaves together with @id. */
static GPtrArray *
list_group_of (StoreConnection *connection, const char *id)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, NULL, 100, NULL);
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  const char *group = NULL;

  for (guint i = 0; i < entries->len; i++)
    if (g_str_equal (((StoreJournalEntry *) entries->pdata[i])->id, id))
      group = ((StoreJournalEntry *) entries->pdata[i])->group;
  g_assert_nonnull (group);
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->group, group))
        g_ptr_array_add (out, care_fixture_get (connection, entry->type, entry->id));
    }
  return out;
}

/* Each rests and leaves by itself; and what was overridden is no news to either when it is looked
 * at again right before that. */
static gboolean
each_leaves_by_itself (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  static const char *const ids[] = { FIRST, SECOND };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GPtrArray) group = list_group_of (connection, ids[i]);
      g_autoptr (GError) problem = NULL;
      g_autofree char *news =
          care_prescription_recheck (connection, group, CLINICAL_CONTENT (fixture->content),
                                     &problem);

      g_assert_no_error (problem);
      g_assert_cmpstr (news, ==, NULL);
      g_assert_cmpuint (group->len, ==, 3); /* request, override, signature */
    }
  return TRUE;
}

static gboolean
count_again (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) journal = store_journal_list (connection, NULL, 100, error);

  g_assert_cmpuint (journal->len, ==, 6);
  return TRUE;
}

static void
test_signed_together (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patients);
  care_fixture_write (fixture, sign_with_both);
  care_fixture_read (fixture, each_leaves_by_itself);
}

/* The answer was lost, and Sign was pressed again. */
static gboolean
sign_again (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = both_of (fixture);

  return care_prescription_sign_group (connection, fixture->doctor, drafts,
                                       CLINICAL_CONTENT (fixture->content), NULL, error);
}

static void
test_twice_gives_one (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patients);
  care_fixture_write (fixture, sign_with_both);
  care_fixture_write (fixture, sign_again);
  care_fixture_read (fixture, count_again);
}

static gboolean
sign_two_patients (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (drafts, draft_of (fixture, FIRST, "p", WARFARIN));
  g_ptr_array_add (drafts, draft_of (fixture, SECOND, "q", METRONIDAZOLE));
  return care_prescription_sign_group (connection, fixture->doctor, drafts,
                                       CLINICAL_CONTENT (fixture->content), NULL, error);
}

static gboolean
sign_too_many (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i <= CARE_GROUP_MAX; i++)
    g_ptr_array_add (drafts, draft_of (fixture, FIRST, "p", WARFARIN));
  return care_prescription_sign_group (connection, fixture->doctor, drafts,
                                       CLINICAL_CONTENT (fixture->content), NULL, error);
}

static void
test_one_patient (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, many = NULL;

  care_fixture_write (fixture, put_patients);
  error = care_fixture_try (fixture, sign_two_patients);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
  many = care_fixture_try (fixture, sign_too_many);
  g_assert_error (many, CARE_ERROR, CARE_ERROR_STATE);
  care_fixture_read (fixture, nothing_is_there);
}

static gboolean
save_both (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = both_of (fixture);
  g_autoptr (CarePrescriptionDraft) other =
      draft_of (fixture, "0193531e-0000-7000-8000-000000000003", "q", WARFARIN);

  return care_prescription_save (connection, fixture->doctor, drafts->pdata[1], error) &&
         care_prescription_save (connection, fixture->doctor, drafts->pdata[0], error) &&
         care_prescription_save (connection, fixture->doctor, other, error);
}

static gboolean
both_are_listed (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) own =
      care_prescription_list_drafts (connection, fixture->doctor, "p", error);
  g_autoptr (GPtrArray) others =
      care_prescription_list_drafts (connection, fixture->other, "p", error);

  g_assert_cmpuint (own->len, ==, 2);
  g_assert_cmpstr (care_prescription_draft_get_id (own->pdata[0]), ==, FIRST);
  g_assert_cmpstr (care_prescription_draft_get_id (own->pdata[1]), ==, SECOND);
  g_assert_cmpuint (others->len, ==, 0);
  return TRUE;
}

/* In the order in which they were begun, whichever was touched last; one's own, of this patient. */
static void
test_drafts (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patients);
  care_fixture_write (fixture, save_both);
  care_fixture_read (fixture, both_are_listed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function)                                                                       \
  g_test_add (name, CareFixture, NULL, care_fixture_set_up, function, care_fixture_tear_down)
  TEST ("/care/prescription-group/beside", test_beside);
  TEST ("/care/prescription-group/on-disk", test_on_disk);
  TEST ("/care/prescription-group/all-or-none", test_all_or_none);
  TEST ("/care/prescription-group/signed-together", test_signed_together);
  TEST ("/care/prescription-group/twice-gives-one", test_twice_gives_one);
  TEST ("/care/prescription-group/one-patient", test_one_patient);
  TEST ("/care/prescription-group/drafts", test_drafts);
#undef TEST
  return g_test_run ();
}
