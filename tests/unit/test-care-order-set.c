/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-order-set.h"

#include <string.h>

#include "care-fixture.h"
#include "care-prescription-private.h"
#include "fhir-validate.h"
#include "store-journal.h"

#define AMOXICILLIN "308191"
#define IBUPROFEN   "197806"

static CarePrescriptionDraft *
draft_of (CareFixture *fixture, const char *rxcui)
{
  const StoreDrug *drug = store_content_get_drug (fixture->content, rxcui);
  CarePrescriptionDraft *draft =
      care_prescription_draft_new ("d", "p", "Practitioner/doctor", NULL);

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 3, "duration-days", 7, "quantity", "21",
                "repeats", 2, "instructions", "With water.", "note", "For Jane Smith only",
                "reason", "Otitis of the patient\\'s 'left' ear", NULL);
  return draft;
}

static GPtrArray *
drafts_of (CareFixture *fixture)
{
  GPtrArray *drafts = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (drafts, draft_of (fixture, AMOXICILLIN));
  g_ptr_array_add (drafts, draft_of (fixture, IBUPROFEN));
  g_object_set (drafts->pdata[1], "as-needed", TRUE, "as-needed-for", "pain", "no-substitution",
                TRUE, "substitution-reason", "Swallows this one", NULL);
  return drafts;
}

static gboolean
save (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);

  return care_order_set_save (connection, fixture->doctor, "  Otitis,\tadult ", drafts, error);
}

static CareOrderSet *
get_only (StoreConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sets = care_order_set_list (connection, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sets->len, ==, 1);
  g_ptr_array_set_free_func (sets, NULL);
  return sets->pdata[0];
}

static void
assert_same (CareFixture *fixture, const CareOrderSetItem *item, CarePrescriptionDraft *before)
{
  static const char *const kept[] = {
    "drug-code", "dose-value", "dose-unit",    "quantity",      "quantity-unit",
    "route",     "reason",     "instructions", "as-needed-for", "substitution-reason"
  };
  const StoreDrug *drug = store_content_get_drug (fixture->content, item->code);
  g_autoptr (CarePrescriptionDraft) after =
      care_prescription_draft_new ("e", "q", "Practitioner/other", NULL);
  g_autofree char *text = NULL, *again = NULL, *note = NULL;
  g_autoptr (GError) error = NULL;
  int repeats;

  care_prescription_draft_set_drug (after, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_assert_true (care_order_set_fill (item, after, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *one = NULL, *other = NULL;

      g_object_get (before, kept[i], &one, NULL);
      g_object_get (after, kept[i], &other, NULL);
      g_assert_cmpstr (other, ==, one);
    }
  text = care_prescription_draft_dup_text (before, NULL);
  again = care_prescription_draft_dup_text (after, NULL);
  g_assert_nonnull (text);
  g_assert_cmpstr (again, ==, text);
  g_object_get (after, "note", &note, "repeats", &repeats, NULL);
  g_assert_cmpstr (note, ==, NULL);
  g_assert_cmpint (repeats, ==, 2);
}

static gboolean
is_as_saved (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);
  g_autoptr (CareOrderSet) set = get_only (connection);
  g_autoptr (FhirResource) plan = care_fixture_get (connection, "PlanDefinition", set->id);
  g_autofree char *json = fhir_element_dup_json (fhir_resource_get_root (plan));

  g_assert_cmpstr (set->title, ==, "Otitis, adult");
  g_assert_cmpstr (set->author, ==, "Dr Ada Stone");
  g_assert_cmpuint (set->items->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    assert_same (fixture, set->items->pdata[i], drafts->pdata[i]);
  /* nothing of the patient in whose sheet it was made */
  g_assert_null (strstr (json, "Jane"));
  g_assert_null (strstr (json, "Patient/"));
  g_assert_cmpstr (fhir_resource_path_text (plan, "type.coding.0.code"), ==, "order-set");
  g_assert_true (care_order_set_matches (set, "otit AMOX"));
  g_assert_false (care_order_set_matches (set, "otitis child"));
  return TRUE;
}

static void
test_as_saved (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, save);
  care_fixture_read (fixture, is_as_saved);
}

static gboolean
is_valid (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareOrderSet) set = get_only (connection);
  g_autoptr (FhirResource) plan = care_fixture_get (connection, "PlanDefinition", set->id);
  g_autoptr (GPtrArray) journal = store_journal_list (connection, NULL, 10, error);
  g_autoptr (GPtrArray) issues = fhir_validate (plan);

  for (guint i = 0; i < issues->len; i++)
    {
      const FhirIssue *issue = issues->pdata[i];

      g_test_message ("%s: %s", issue->expression, issue->text);
      g_assert_cmpstr (issue->severity, !=, "error");
    }
  g_assert_cmpuint (journal->len, ==, 1); /* for every station of the clinic */
  return TRUE;
}

static void
test_valid (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, save);
  care_fixture_read (fixture, is_valid);
}

static gboolean
save_less (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);

  g_ptr_array_set_size (drafts, 1);
  return care_order_set_save (connection, fixture->other, "OTITIS, adult", drafts, error);
}

static gboolean
has_one_drug (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareOrderSet) set = get_only (connection);

  g_assert_cmpuint (set->items->len, ==, 1);
  g_assert_cmpstr (set->author, ==, "Dr Ben Hill");
  return TRUE;
}

static gboolean
retire (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareOrderSet) set = get_only (connection);

  return care_order_set_retire (connection, fixture->doctor, set->id, error);
}

static gboolean
has_none (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) sets = care_order_set_list (connection, error);

  g_assert_cmpuint (sets->len, ==, 0);
  return TRUE;
}

static void
test_replaced_and_retired (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, save);
  care_fixture_write (fixture, save_less);
  care_fixture_read (fixture, has_one_drug);
  care_fixture_write (fixture, retire);
  care_fixture_read (fixture, has_none);
}

/* ---- what is refused ---- */

static gboolean
save_as_nurse (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);

  return care_order_set_save (connection, fixture->nurse, "Otitis", drafts, error);
}

/* A dose of this child's weight is none for the next (H11). */
static gboolean
save_weight (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);

  g_object_set (drafts->pdata[1], "weight-note", "10 mg for each kg at 12 kg", NULL);
  return care_order_set_save (connection, fixture->doctor, "Otitis", drafts, error);
}

/* Nor is it where its number was changed by hand, or the draft was closed since. */
static gboolean
save_from_weight (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);
  g_autoptr (CarePrescriptionDraft) again = NULL;

  g_object_set (drafts->pdata[1], "dose-value", "1", "weight-note", "10 mg for each kg at 12 kg",
                "weight-reference", "Observation/w", NULL);
  g_object_set (drafts->pdata[1], "dose-value", "2", NULL);
  again = care_prescription_copy_draft (drafts->pdata[1]);
  g_ptr_array_insert (drafts, 1, g_steal_pointer (&again));
  g_ptr_array_set_size (drafts, 2);
  return care_order_set_save (connection, fixture->doctor, "Otitis", drafts, error);
}

static gboolean
save_nameless (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);

  return care_order_set_save (connection, fixture->doctor, " \t\n", drafts, error);
}

static gboolean
save_long (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);
  g_autofree char *name = g_strnfill (CARE_ORDER_SET_MAX_TITLE + 1, 'x');

  return care_order_set_save (connection, fixture->doctor, name, drafts, error);
}

static gboolean
save_without_dose (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) drafts = drafts_of (fixture);

  g_object_set (drafts->pdata[0], "dose-value", NULL, NULL);
  return care_order_set_save (connection, fixture->doctor, "Otitis", drafts, error);
}

static void
test_refused (CareFixture *fixture, gconstpointer data)
{
  static const StoreWork refused[] = { save_as_nurse, save_weight, save_from_weight,
                                       save_nameless, save_long,   save_without_dose };

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = care_fixture_try (fixture, refused[i]);

      g_test_message ("%s", error ? error->message : "not refused");
      g_assert_nonnull (error);
      g_assert_true (g_utf8_strlen (error->message, -1) > 20);
    }
  care_fixture_read (fixture, has_none);
}

/* ---- from elsewhere ---- */

static gboolean
put_strange (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'PlanDefinition','id':'x','status':'active','title':'A\\u202eset',"
      "'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/plan-definition-type',"
      "'code':'order-set'}]},"
      "'contained':[{'resourceType':'ActivityDefinition','id':'a','status':'active',"
      "'kind':'MedicationRequest','productCodeableConcept':{'coding':[{'system':"
      "'http://www.nlm.nih.gov/research/umls/rxnorm','code':'308191'}],'text':'amoxicillin'},"
      "'dosage':[{'text':'one daily','doseAndRate':[{'doseQuantity':{'value':1000000000,"
      "'unit':'tablet'}}]}],'dynamicValue':[{'path':'dispenseRequest.numberOfRepeatsAllowed',"
      "'expression':{'language':'text/fhirpath','expression':'999999'}},{'path':'reasonCode.text',"
      "'expression':{'language':'text/fhirpath','expression':'%patient.name'}}]}],"
      "'action':[{'title':'amoxicillin','definitionCanonical':'#a'},"
      "{'title':'Bed rest'},{'definitionCanonical':'#nowhere'}]}");
  /* a protocol is no order set, and what is retired is not offered */
  care_fixture_put (connection, "{'resourceType':'PlanDefinition','id':'y','status':'active',"
                                "'title':'Protocol','action':[{'title':'x'}]}");
  return TRUE;
}

/* What cannot be taken over stays in the list by name, and nothing is computed. */
static gboolean
strange_is_said (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareOrderSet) set = get_only (connection);
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, AMOXICILLIN);
  const CareOrderSetItem *first = set->items->pdata[0], *second = set->items->pdata[1],
                         *third = set->items->pdata[2];
  g_autoptr (GError) problem = NULL;

  g_assert_cmpstr (set->title, ==, "Aset");
  g_assert_cmpuint (set->items->len, ==, 3);
  g_assert_cmpstr (first->code, ==, AMOXICILLIN);
  g_assert_cmpint (first->repeats, <=, 12);
  g_assert_cmpstr (first->reason, ==, NULL);
  g_assert_false (care_order_set_fill (first, draft, &problem));
  g_assert_nonnull (problem);
  g_assert_cmpstr (second->name, ==, "Bed rest");
  g_assert_cmpstr (second->code, ==, NULL);
  g_assert_cmpstr (third->code, ==, NULL);
  return TRUE;
}

static void
test_from_elsewhere (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_strange);
  care_fixture_read (fixture, strange_is_said);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, function)                                                                       \
  g_test_add (name, CareFixture, NULL, care_fixture_set_up, function, care_fixture_tear_down)
  TEST ("/care/order-set/as-saved", test_as_saved);
  TEST ("/care/order-set/valid", test_valid);
  TEST ("/care/order-set/replaced-and-retired", test_replaced_and_retired);
  TEST ("/care/order-set/refused", test_refused);
  TEST ("/care/order-set/from-elsewhere", test_from_elsewhere);
#undef TEST
  return g_test_run ();
}
