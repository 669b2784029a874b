/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-weight.h"

#include <string.h>

#include "care-fixture.h"
#include "care-prescription-facts.h"
#include "care-prescription-recheck.h"
#include "care-prescription.h"
#include "care-supply-ask.h"
#include "care-to-sign.h"

/* A dose that was worked out of a weight is one for that weight (hazard H11): what is known of it
 * when the prescription is signed, and when it leaves, counts; not what was known in the form. */

#define ID   "0193531e-0000-7000-8000-000000000001"
#define DRUG "308191" /* amoxicillin 500 mg */

#define WEIGHT(id, day, kilograms)                                                                 \
  "{'resourceType':'Observation','id':'" id "','status':'final','subject':{'reference':"           \
  "'Patient/p'},'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},"               \
  "'effectiveDateTime':'2026-11-" day "','valueQuantity':{'value':" kilograms ",'unit':'kg',"      \
  "'code':'kg'}}"

static const char *weight; /* that put_weight () adds */

static gboolean
put_chart (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'2014-03-12',"
                                "'name':[{'family':'Smith','given':['Tim']}]}");
  care_fixture_put (connection, WEIGHT ("w", "01", "40"));
  return TRUE;
}

static gboolean
put_weight (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, weight);
  return TRUE;
}

static void
weigh (CareFixture *fixture, const char *observation)
{
  weight = observation;
  care_fixture_write (fixture, put_weight);
}

static CarePrescriptionDraft *
draft_of (CareFixture *fixture, const char *author)
{
  const StoreDrug *drug = store_content_get_drug (fixture->content, DRUG);
  CarePrescriptionDraft *draft = care_prescription_draft_new (ID, "p", author, NULL);

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                "weight-note", "12 mg for each kg at 40 kg", "weight-reference", "Observation/w",
                NULL);
  return draft;
}

static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, "Practitioner/doctor");

  return care_prescription_sign (connection, fixture->doctor, draft,
                                 CLINICAL_CONTENT (fixture->content), NULL, NULL, error);
}

static gboolean
nothing_is_signed (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest", ""), ==, 0);
  return TRUE;
}

/* Another window wrote the weight while the dialog stood open. */
static void
test_weighed_before_the_signature (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_chart);
  weigh (fixture, WEIGHT ("w2", "20", "42"));
  error = care_fixture_try (fixture, sign);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (error->message, "weight of today"));
  care_fixture_read (fixture, nothing_is_signed);
}

/* The weight of the form came to be too old: the child is one of whom a year is too long. */
static gboolean
put_old (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'w','status':'final','subject':{'reference'"
                    ":'Patient/p'},'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}"
                    "]},'effectiveDateTime':'2025-10-01','valueQuantity':{'value':40,'unit':'kg',"
                    "'code':'kg'}}");
  return TRUE;
}

static void
test_too_old_at_the_signature (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_chart);
  care_fixture_write (fixture, put_old);
  error = care_fixture_try (fixture, sign);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (error->message, "older than a year"));
}

/* ---- before it leaves ---- */

static char *
dup_news (StoreConnection *connection, CareFixture *fixture)
{
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GError) error = NULL;
  char *news;

  g_ptr_array_add (resources, care_fixture_get (connection, "MedicationRequest", ID));
  news = care_prescription_recheck (connection, resources, CLINICAL_CONTENT (fixture->content),
                                    &error);
  g_assert_no_error (error);
  return news;
}

static gboolean
nothing_new (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *news = dup_news (connection, data);

  g_assert_null (news);
  return TRUE;
}

static gboolean
is_heavier (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *news = dup_news (connection, data);

  g_assert_nonnull (news);
  g_test_message ("%s", news);
  g_assert_nonnull (strstr (news, "40 kg"));
  g_assert_nonnull (strstr (news, "43 kg"));
  return TRUE;
}

/* H2: it waits for the prescriber; but the same weight once more is the same dose. */
static void
test_weighed_after_the_signature (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_chart);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, nothing_new);
  weigh (fixture, WEIGHT ("w2", "20", "40.0"));
  care_fixture_read (fixture, nothing_new);
  weigh (fixture, WEIGHT ("w3", "21", "43"));
  care_fixture_read (fixture, is_heavier);
}

/* ---- the mark ---- */

static gboolean
sign_by_hand (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, "Practitioner/doctor");

  g_object_set (draft, "dose-value", "2", "quantity", "28", NULL);
  return care_prescription_sign (connection, fixture->doctor, draft,
                                 CLINICAL_CONTENT (fixture->content), NULL, NULL, error);
}

/* What the form would begin with, in the next winter. */
static gboolean
is_marked (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", ID);
  g_autoptr (CarePrescriptionFacts) facts =
      care_prescription_facts (connection, fixture->doctor, "p", DRUG, error);
  const CareSig *sig;

  g_assert_true (care_prescription_rests_on_weight (request));
  g_assert_nonnull (facts);
  g_assert_cmpuint (facts->sigs->len, ==, 1);
  sig = facts->sigs->pdata[0];
  g_assert_true (sig->by_weight);
  g_assert_nonnull (sig->weight_reference);
  /* the draft that takes it is not signed before its dose is written anew */
  g_assert_cmpstr (sig->weight_reference, !=, facts->weight_reference);
  return TRUE;
}

static gboolean
rests_on_w (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", ID);
  g_autofree char *same = care_prescription_dup_weight_of (request, TRUE);
  g_autofree char *other = care_prescription_dup_weight_of (request, FALSE);

  g_assert_cmpstr (same, ==, "Observation/w");
  g_assert_cmpstr (other, ==, CARE_WEIGHT_ELSEWHERE);
  return TRUE;
}

static void
test_same_as_last_time (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_chart);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, rests_on_w);
  weigh (fixture, WEIGHT ("w2", "20", "43"));
  care_fixture_read (fixture, is_marked);
}

/* Rounded by hand it still came from a weight. */
static void
test_rounded_by_hand (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_chart);
  care_fixture_write (fixture, sign_by_hand);
  care_fixture_read (fixture, nothing_new);
  care_fixture_read (fixture, is_marked);
}

/* ---- what others begin ---- */

static gboolean
hand_over (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = draft_of (fixture, "Practitioner/nurse");

  return care_to_sign_hand_over (connection, fixture->nurse, draft, "Practitioner/doctor",
                                 "Dr Ada Stone", error);
}

static gboolean
list_one (StoreConnection *connection, CareFixture *fixture, const char *problem)
{
  g_autoptr (GPtrArray) items =
      care_to_sign_list (connection, fixture->doctor, CLINICAL_CONTENT (fixture->content), NULL);
  const CareToSign *item;

  g_assert_cmpuint (items->len, ==, 1);
  item = items->pdata[0];
  if (problem)
    g_assert_nonnull (strstr (item->problem ? item->problem : "", problem));
  else
    g_assert_null (item->problem);
  return TRUE;
}

static gboolean
list_good (StoreConnection *connection, gpointer data, GError **error)
{
  return list_one (connection, data, NULL);
}

static gboolean
list_bad (StoreConnection *connection, gpointer data, GError **error)
{
  return list_one (connection, data, "weight of today");
}

static void
test_prepared (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_chart);
  care_fixture_write (fixture, hand_over);
  care_fixture_read (fixture, list_good);
  weigh (fixture, WEIGHT ("w2", "20", "43"));
  care_fixture_read (fixture, list_bad);
}

/* Signed here in the summer, and at the server since. */
static void
put_order (StoreConnection *connection, const char *id, const char *mark)
{
  g_autofree char *order = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'%s','status':'active','intent':'order',"
      "'authoredOn':'2026-11-05','subject':{'reference':'Patient/p'},'requester':{'reference':"
      "'Practitioner/doctor'},'medicationCodeableConcept':{'coding':[{'system':'" CARE_SYSTEM_RXNORM
      "','code':'" DRUG "'}]},%s'dosageInstruction':[{'timing':{'repeat':{'frequency':2,'period':1,"
      "'periodUnit':'d'}},'route':{'text':'oral'},'doseAndRate':[{'doseQuantity':{'value':1,'unit':"
      "'capsule'}}]}],'dispenseRequest':{'quantity':{'value':14,'unit':'capsule'}}}",
      id, mark);
  g_autofree char *ask = g_strdup_printf (
      "{'resourceType':'Task','id':'%s','status':'requested','intent':'order','code':{'coding':[{"
      "'system':'https://bedside.health/fhir/task','code':'renewal'}]},'focus':{'reference':"
      "'MedicationRequest/%s'},'for':{'reference':'Patient/p'},'requester':{'reference':'Patient/p'"
      "},'authoredOn':'2026-11-22'}",
      id, id);

  care_fixture_put (connection, order);
  care_fixture_put (connection, ask);
}

static gboolean
ask_for_renewals (StoreConnection *connection, gpointer data, GError **error)
{
  put_order (connection, "a", "");
  put_order (connection, "b", "'supportingInformation':[{'reference':'Observation/w'}],");
  put_order (connection, "c",
             "'extension':[{'url':'" CARE_EXTENSION_BY_WEIGHT "','valueBoolean':true}],");
  return TRUE;
}

static gboolean
renewals_are_refused (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) asks = care_supply_ask_list (connection, fixture->clock, "p",
                                                     CLINICAL_CONTENT (fixture->content), error);

  g_assert_nonnull (asks);
  g_assert_cmpuint (asks->len, ==, 3);
  for (guint i = 0; i < asks->len; i++)
    {
      const CareSupplyAsk *ask = asks->pdata[i];

      if (g_str_equal (ask->task_id, "a"))
        g_assert_null (ask->problem);
      else
        g_assert_nonnull (strstr (ask->problem ? ask->problem : "", "weight of today"));
    }
  return TRUE;
}

/* A renewal is the same dose once more: not where it goes by a weight, nor where it was rounded by
 * hand. */
static void
test_renewed (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_chart);
  care_fixture_write (fixture, ask_for_renewals);
  care_fixture_read (fixture, renewals_are_refused);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, function, care_fixture_tear_down)
  ADD ("/care/prescription-weight/weighed-before-the-signature", test_weighed_before_the_signature);
  ADD ("/care/prescription-weight/too-old-at-the-signature", test_too_old_at_the_signature);
  ADD ("/care/prescription-weight/weighed-after-the-signature", test_weighed_after_the_signature);
  ADD ("/care/prescription-weight/same-as-last-time", test_same_as_last_time);
  ADD ("/care/prescription-weight/rounded-by-hand", test_rounded_by_hand);
  ADD ("/care/prescription-weight/prepared", test_prepared);
  ADD ("/care/prescription-weight/renewed", test_renewed);

  return g_test_run ();
}
