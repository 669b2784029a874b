/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-unfinished.h"

#include "care-fixture.h"
#include "care-note.h"
#include "care-prescription.h"

/* What was begun is listed, whatever kind it is and whatever became of its chart. */

#define DOCTOR "Practitioner/doctor"

static gboolean
put_draft (StoreConnection *connection,
           const char *id,
           const char *kind,
           const char *patient,
           const char *author,
           const char *body)
{
  return store_draft_save (connection, id, kind, patient, author, NULL, body, NULL);
}

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) rx = care_prescription_draft_new ("0195-rx", "p", DOCTOR, NULL);

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Rossi',"
                                "'given':['Giulia']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'old','active':false,'name':[{"
                                "'family':'Smith','given':['Jane']}],'link':[{'type':"
                                "'replaced-by','other':{'reference':'Patient/p'}}]}");
  care_fixture_put (connection, "{'resourceType':'Observation','id':'k','status':'final','code':{"
                                "'text':'Potassium'},'subject':{'reference':'Patient/p'}}");
  g_object_set (rx, "dose-value", "1", NULL);
  return care_note_save (connection, fixture->doctor, "p", "visit", "Sore throat\nfor 3 days",
                         error) &&
         care_prescription_save (connection, fixture->doctor, rx, error) &&
         put_draft (connection, "entry:p:Condition:" DOCTOR, "entry", "p", DOCTOR, "[values]\n") &&
         put_draft (connection, "entry:p:Condition/c:" DOCTOR, "entry", "p", DOCTOR,
                    "[values]\n") &&
         put_draft (connection, "review Observation/k " DOCTOR, "review", "p", DOCTOR, "Rang") &&
         put_draft (connection, "task-new Patient/p " DOCTOR, "task", "p", DOCTOR, "Weigh her") &&
         put_draft (connection, "task-outcome Task/t " DOCTOR, "task", "p", DOCTOR, "Sent") &&
         put_draft (connection, "addendum:DocumentReference/n:" DOCTOR, "addendum", "p", DOCTOR,
                    "Also") &&
         put_draft (connection, "0195-list", "reconcile", "p", DOCTOR, "{}") &&
         put_draft (connection, "0195-done", "reconcile-signed", "p", DOCTOR, "{}") &&
         store_draft_save (connection, "form:registration::" DOCTOR, "form", NULL, DOCTOR, NULL,
                           "[values]\nfamily=Lopez\n", error) &&
         put_draft (connection, "new-kind", "dream", "p", DOCTOR, "of the future") &&
         put_draft (connection, "0195-signed", "prescription-signed", "p", DOCTOR, "{}") &&
         put_draft (connection, "note:lost:" DOCTOR, "note", "gone", DOCTOR, "Lost") &&
         put_draft (connection, "note:merged:" DOCTOR, "note", "old", DOCTOR, "Moved") &&
         put_draft (connection, "note:visit:Practitioner/other", "note", "p", "Practitioner/other",
                    "Not mine");
}

static const CareUnfinished *
find (GPtrArray *list, const char *id)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((CareUnfinished *) list->pdata[i])->id, id))
      return list->pdata[i];
  g_error ("%s is not listed", id);
}

static void
assert_item (
    GPtrArray *list, const char *id, const char *title, const char *missing, const char *target)
{
  const CareUnfinished *item = find (list, id);

  g_assert_cmpstr (item->title, ==, title);
  g_assert_cmpstr (item->missing, ==, missing);
  g_assert_cmpstr (item->target, ==, target);
  g_assert_true (item->is_draft);
}

static gboolean
check_kinds (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) list =
      care_unfinished_list (connection, ((CareFixture *) data)->doctor, "p", NULL, error);
  const CareUnfinished *rx;

  g_assert_cmpuint (list->len, ==, 10); /* neither another's nor what is kept for Undo */
  assert_item (list, "note:visit:" DOCTOR, "Visit note", "Not signed", "note");
  g_assert_cmpstr (find (list, "note:visit:" DOCTOR)->excerpt, ==, "Sore throat for 3 days");
  assert_item (list, "entry:p:Condition:" DOCTOR, "Problem", "The new entry is not saved",
               "Condition/");
  assert_item (list, "entry:p:Condition/c:" DOCTOR, "Problem", "The change is not saved",
               "Condition/c");
  assert_item (list, "review Observation/k " DOCTOR, "Answer to a result: Potassium",
               "The result is not answered", "Observation/k");
  g_assert_false (find (list, "review Observation/k " DOCTOR)->resumes);
  assert_item (list, "task-new Patient/p " DOCTOR, "New task", "The task is not added", "tasks");
  assert_item (list, "task-outcome Task/t " DOCTOR, "Outcome of a red task",
               "The task is not closed", "tasks");
  assert_item (list, "addendum:DocumentReference/n:" DOCTOR, "Addendum to a note", "Not signed",
               "DocumentReference/n");
  assert_item (list, "0195-list", "Reconciliation of medicines", "Not signed", "medicines");
  assert_item (list, "new-kind", "Something of a kind that this program does not know", "Not ended",
               NULL);
  g_assert_false (care_unfinished_can_open (find (list, "new-kind")));
  rx = find (list, "0195-rx");
  g_assert_cmpstr (rx->title, ==, "Prescription without a medicine");
  g_assert_true (g_str_has_prefix (rx->missing, "Not signed. "));
  g_assert_true (care_unfinished_can_open (rx) && rx->resumes);
  return TRUE;
}

static void
test_kinds (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, fill);
  care_fixture_read (fixture, check_kinds);
}

static gboolean
check_charts (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) list =
      care_unfinished_list (connection, ((CareFixture *) data)->doctor, NULL, NULL, error);
  const CareUnfinished *lost = find (list, "note:lost:" DOCTOR);
  const CareUnfinished *merged = find (list, "note:merged:" DOCTOR);

  g_assert_cmpuint (list->len, ==, 13);
  assert_item (list, "form:registration::" DOCTOR, "Registration of a person", "Not saved",
               "registration");
  g_assert_null (find (list, "form:registration::" DOCTOR)->problem);
  g_assert_true (care_unfinished_can_open (find (list, "form:registration::" DOCTOR)));
  g_assert_true (list->pdata[1] == lost); /* what has no chart stands first */
  g_assert_cmpstr (lost->problem, ==, "This chart is no longer on this computer.");
  g_assert_cmpstr (lost->excerpt, ==, "Lost");
  g_assert_false (care_unfinished_can_open (lost));
  g_assert_cmpstr (merged->problem, ==,
                   "This chart was merged into ROSSI, Giulia: write there what still holds, then "
                   "discard this.");
  g_assert_cmpstr (merged->patient, ==, "old");
  g_assert_true (care_unfinished_can_open (merged));
  return TRUE;
}

/* A draft outlives its chart, and moves to no other by itself. */
static void
test_charts (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, fill);
  care_fixture_read (fixture, check_charts);
}

/* ---- how far a prescription is ---- */

static gboolean
put_whole (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  const StoreDrug *drug = store_content_get_drug (fixture->content, "197806");
  g_autoptr (CarePrescriptionDraft) rx = care_prescription_draft_new ("0195-rx", "p", DOCTOR, NULL);

  care_prescription_draft_set_drug (rx, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (rx, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14", NULL);
  return care_prescription_save (connection, fixture->doctor, rx, error);
}

static gboolean
put_allergy (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'ibu','clinicalStatus':{'coding':[{'code':'active'"
      "}]},'criticality':'high','code':{'text':'Ibuprofen'},'patient':{'reference':'Patient/p'},"
      "'reaction':[{'manifestation':[{'text':'Anaphylaxis'}]}]}");
  return TRUE;
}

static const char *stage;

static gboolean
check_stage (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) list = care_unfinished_list (connection, fixture->doctor, "p",
                                                     CLINICAL_CONTENT (fixture->content), error);
  g_autoptr (GPtrArray) unchecked =
      care_unfinished_list (connection, fixture->doctor, "p", NULL, error);

  g_assert_cmpstr (find (list, "0195-rx")->stage, ==, stage);
  g_assert_cmpstr (find (unchecked, "0195-rx")->stage, ==, "draft");
  g_assert_null (find (list, "note:visit:" DOCTOR)->stage);
  return TRUE;
}

/* Checked is what the checks say now, and not once. */
static void
test_stages (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, fill);
  stage = "draft";
  care_fixture_read (fixture, check_stage);
  care_fixture_write (fixture, put_whole);
  stage = "checked";
  care_fixture_read (fixture, check_stage);
  care_fixture_write (fixture, put_allergy);
  stage = "draft";
  care_fixture_read (fixture, check_stage);
}

/* ---- what is signed and not sent ---- */

static gboolean
put_order (StoreConnection *connection, gpointer data, GError **error)
{
  gint64 sequence = 0;

  care_fixture_put (connection, "{'resourceType':'ServiceRequest','id':'o','status':'active',"
                                "'intent':'order','code':{'text':'Potassium'},'subject':{"
                                "'reference':'Patient/p'}}");
  return store_journal_append (connection, "g", STORE_JOURNAL_CREATE, "ServiceRequest", "o", "p",
                               NULL, 0, &sequence, error) &&
         store_journal_append (connection, "g", STORE_JOURNAL_CREATE, "Provenance", "v", "p", NULL,
                               0, &sequence, error);
}

static gboolean
check_order (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) list =
      care_unfinished_list (connection, ((CareFixture *) data)->doctor, NULL, NULL, error);
  const CareUnfinished *order = find (list, "ServiceRequest/o");

  g_assert_cmpuint (list->len, ==, 14); /* the order, and not what goes with it */
  g_assert_cmpstr (order->title, ==, "Order: Potassium");
  g_assert_false (order->is_draft);
  return TRUE;
}

static void
test_order (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, fill);
  care_fixture_write (fixture, put_order);
  care_fixture_read (fixture, check_order);
}

/* ---- discarding ---- */

static gboolean
discard (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  const char *id = "note:visit:" DOCTOR;
  g_autoptr (GError) theirs = NULL, again = NULL;
  g_autoptr (StoreDraft) draft = NULL, there = NULL;

  g_assert_null (care_unfinished_discard (connection, fixture->other, id, &theirs));
  g_assert_error (theirs, CARE_ERROR, CARE_ERROR_AUTHOR);
  draft = care_unfinished_discard (connection, fixture->doctor, id, error);
  g_assert_null (store_draft_load (connection, id, NULL));
  g_assert_true (care_unfinished_restore (connection, draft, error));
  there = store_draft_load (connection, id, error);
  g_assert_cmpstr (there->body, ==, "Sore throat\nfor 3 days");
  g_assert_cmpstr (there->encounter, ==, "visit");
  g_assert_false (care_unfinished_restore (connection, draft, &again));
  g_assert_error (again, CARE_ERROR, CARE_ERROR_STATE);
  return TRUE;
}

static void
test_discard (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, fill);
  care_fixture_write (fixture, discard);
}

static void
add (const char *path, void (*test) (CareFixture *, gconstpointer))
{
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/care/unfinished/kinds", test_kinds);
  add ("/care/unfinished/charts", test_charts);
  add ("/care/unfinished/stages", test_stages);
  add ("/care/unfinished/order", test_order);
  add ("/care/unfinished/discard", test_discard);
  return g_test_run ();
}
