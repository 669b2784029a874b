/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-reconcile.h"

#include "care-fixture.h"
#include "care-medicines-private.h"
#include "care-prescription.h"

#define WRITTEN_HERE "'identifier':[{'system':'" CARE_SYSTEM_STATEMENT_ID "','value':'x'}],"

/* Going through the medicines with the patient: the answers survive, are signed together, and are
 * taken back together. */

static CareMedicines *medicines;
static CareReconciliation *answers;
static CareContext *who;
static char *body, *list;

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'ours','status':'active','intent':'order',"
      "'authoredOn':'2026-01-05','identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID
      "','value':'ours'}],'medicationCodeableConcept':{'coding':[{'system':'" CARE_SYSTEM_RXNORM
      "','code':'314076'}],'text':'lisinopril 10 MG Oral Tablet'},'dosageInstruction':[{'text':"
      "'one a day'}],'subject':{'reference':'Patient/p'}}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationStatement','id':'said'," WRITTEN_HERE
      "'status':'active','effectiveDateTime':"
      "'2026-03-01','medicationCodeableConcept':{'text':'Lisinopril 5 mg'},'dosage':[{'text':"
      "'two a day'}],'informationSource':{'reference':'Patient/p'},'subject':{'reference':"
      "'Patient/p'}}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationStatement','id':'theirs','status':'active',"
      "'medicationCodeableConcept':{'text':'Warfarin 3 mg'},'informationSource':{'reference':"
      "'Organization/x','display':'City Hospital'},'subject':{'reference':'Patient/p'}}");
  return TRUE;
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_object (&medicines);
  medicines = care_medicines_load (connection, "p", fixture->clock,
                                   CLINICAL_CONTENT (fixture->content), error);
  return medicines != NULL;
}

/* Opens the list as @context does, with nothing answered. */
static void
start (CareFixture *fixture, CareContext *context)
{
  care_fixture_read (fixture, load_work);
  g_clear_object (&answers);
  who = context;
  answers = care_reconciliation_new (context, "p");
  care_reconciliation_set_medicines (answers, medicines);
}

static void
set_up (CareFixture *fixture, gconstpointer data)
{
  care_fixture_set_up (fixture, data);
  care_fixture_write (fixture, fill);
  start (fixture, fixture->doctor);
}

static void
tear_down (CareFixture *fixture, gconstpointer data)
{
  g_clear_object (&answers);
  g_clear_object (&medicines);
  g_clear_pointer (&body, g_free);
  g_clear_pointer (&list, g_free);
  care_fixture_tear_down (fixture, data);
}

static CareMedicine *
row_of (const char *reference)
{
  GListModel *rows = care_medicines_get_rows (medicines);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (rows, i);

      if (care_medicine_has_reference (row, reference))
        return row;
    }
  g_error ("no row has %s", reference);
}

static void
answer (const char *reference, CareReconcileAct act, const char *reason)
{
  care_reconciliation_set_act (answers, row_of (reference), act);
  care_reconciliation_set_reason (answers, row_of (reference), reason);
}

static gboolean
sign_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_pointer (&list, g_free);
  return care_reconcile_sign (connection, who, "p", body, CLINICAL_CONTENT (fixture->content),
                              &list, error);
}

static GError *
try_sign (CareFixture *fixture)
{
  g_free (body);
  body = care_reconciliation_dup_body (answers);
  return care_fixture_try (fixture, sign_work);
}

static void
sign (CareFixture *fixture)
{
  g_autoptr (GError) error = try_sign (fixture);

  g_assert_no_error (error);
  g_assert_nonnull (list);
}

static gboolean
undo_work (StoreConnection *connection, gpointer data, GError **error)
{
  return care_reconcile_undo (connection, who, list, error);
}

typedef struct
{
  const char *type, *id, *path;
  char *text;
} Ask;

static gboolean
ask_work (StoreConnection *connection, gpointer data, GError **error)
{
  Ask *ask = data;
  g_autoptr (FhirResource) resource = care_fixture_get (connection, ask->type, ask->id);

  ask->text = g_strdup (fhir_resource_path_text (resource, ask->path));
  return TRUE;
}

static void
assert_text (
    CareFixture *fixture, const char *type, const char *id, const char *path, const char *text)
{
  Ask ask = { type, id, path, NULL };

  g_assert_true (store_database_read (fixture->database, ask_work, &ask, NULL));
  g_assert_cmpstr (ask.text, ==, text);
  g_free (ask.text);
}

typedef struct
{
  const char *type, *query;
  guint n;
} Count;

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  Count *asked = data;

  asked->n = care_fixture_count (connection, asked->type, asked->query);
  return TRUE;
}

static guint
count (CareFixture *fixture, const char *type, const char *query)
{
  Count asked = { type, query, 0 };

  g_assert_true (store_database_read (fixture->database, count_work, &asked, NULL));
  return asked.n;
}

static void
answer_all (void)
{
  answer ("MedicationRequest/ours", CARE_RECONCILE_STOP, "Dry cough");
  answer ("MedicationStatement/theirs", CARE_RECONCILE_NOT_TAKEN, NULL);
}

/* ---- tests ---- */

/* What is missing is said by name, and nothing is written until nothing is. */
static void
test_missing (CareFixture *fixture, gconstpointer data)
{
  CareMedicine *row = row_of ("MedicationRequest/ours");
  g_autoptr (GError) open = NULL, reason = NULL, dosage = NULL, choice = NULL, refused = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (care_reconciliation_get_rows (answers)), ==, 2);
  g_assert_cmpuint (care_reconciliation_get_n_open (answers), ==, 2);
  g_assert_false (care_reconciliation_check (answers, row, &open));
  g_assert_nonnull (strstr (open->message, "is not answered yet"));
  answer ("MedicationRequest/ours", CARE_RECONCILE_STOP, "  ");
  g_assert_false (care_reconciliation_check (answers, row, &reason));
  g_assert_nonnull (strstr (reason->message, "Write why"));
  answer ("MedicationRequest/ours", CARE_RECONCILE_CHANGE, NULL);
  g_assert_false (care_reconciliation_check (answers, row, &dosage));
  g_assert_nonnull (strstr (dosage->message, "Write how"));
  answer ("MedicationRequest/ours", CARE_RECONCILE_CONTINUE, NULL);
  /* "one a day" and "two a day" are not known to differ, and are not the same either */
  g_assert_false (care_medicine_is_conflict (row));
  g_assert_false (care_reconciliation_check (answers, row, &choice));
  g_assert_nonnull (strstr (choice->message, "Choose which one is right"));
  care_reconciliation_set_holds (answers, row, "MedicationRequest/ours");
  g_assert_true (care_reconciliation_check (answers, row, NULL));
  g_assert_cmpuint (care_reconciliation_get_n_open (answers), ==, 1);
  refused = try_sign (fixture);
  g_assert_error (refused, CARE_ERROR, CARE_ERROR_MISSING);
  g_assert_cmpuint (count (fixture, "List", ""), ==, 0);
}

static gboolean
differ_work (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationStatement','id':'said'," WRITTEN_HERE "'status':'on-hold',"
      "'medicationCodeableConcept':{'text':'Lisinopril 5 mg'},'dosage':[{'text':'two a day'}],"
      "'informationSource':{'reference':'Patient/p'},'subject':{'reference':'Patient/p'}}");
  return TRUE;
}

/* Where sources differ, "continue" says which; the reported one says the same from then on, and
 * the prescription is untouched. */
static void
test_which_is_right (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, differ_work);
  start (fixture, fixture->nurse);
  answer ("MedicationRequest/ours", CARE_RECONCILE_CONTINUE, NULL);
  answer ("MedicationStatement/theirs", CARE_RECONCILE_NOT_TAKEN, NULL);
  g_assert_false (care_reconciliation_check (answers, row_of ("MedicationRequest/ours"), &error));
  g_assert_nonnull (strstr (error->message, "Choose which one is right"));
  care_reconciliation_set_holds (answers, row_of ("MedicationRequest/ours"),
                                 "MedicationRequest/ours");
  care_reconciliation_set_speaker (answers, row_of ("MedicationRequest/ours"), "relative");
  sign (fixture);
  assert_text (fixture, "MedicationStatement", "said", "status", "active");
  assert_text (fixture, "MedicationStatement", "said", "dosage.0.text", "one a day");
  assert_text (fixture, "MedicationStatement", "said", "medicationCodeableConcept.text",
               "lisinopril 10 MG Oral Tablet");
  assert_text (fixture, "MedicationStatement", "said", "informationSource.display",
               "A relative or carer");
  assert_text (fixture, "MedicationRequest", "ours", "status", "active");
  assert_text (fixture, "MedicationRequest", "ours", "meta.versionId", "1");
  /* what was only read is not said to be written: a server refuses that of a nurse (H36) */
  g_assert_cmpuint (count (fixture, "Provenance", "target=MedicationStatement/said"), ==, 1);
  g_assert_cmpuint (count (fixture, "Provenance", "target=MedicationRequest/ours"), ==, 0);
  start (fixture, fixture->nurse);
  g_assert_false (care_medicine_is_conflict (row_of ("MedicationRequest/ours")));
  g_assert_cmpstr (care_medicine_get_reconciled (row_of ("MedicationRequest/ours")), ==,
                   "Reconciled: continued as in “Our prescription” (A relative or carer)");
}

static gboolean
one_group_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "held", 100, NULL);
  gboolean *own = data;

  /* order, reported statement, new statement, list, provenance */
  g_assert_cmpuint (entries->len, ==, 5);
  for (guint i = 0; i < entries->len; i++)
    {
      StoreJournalEntry *entry = entries->pdata[i], *first = entries->pdata[0];

      g_assert_cmpstr (entry->group, ==, first->group);
      *own |= g_str_equal (entry->type, "List");
    }
  return TRUE;
}

/* Everything in one transaction and one group, with who did it; another organisation's record is
 * left as it was sent. */
static void
test_sign (CareFixture *fixture, gconstpointer data)
{
  gboolean has_list = FALSE;
  CareMedicine *row;

  answer_all ();
  sign (fixture);
  g_assert_true (store_database_read (fixture->database, one_group_work, &has_list, NULL));
  g_assert_true (has_list);
  assert_text (fixture, "MedicationRequest", "ours", "status", "stopped");
  assert_text (fixture, "MedicationRequest", "ours", "statusReason.text", "Dry cough");
  assert_text (fixture, "MedicationRequest", "ours", "authoredOn", "2026-01-05");
  assert_text (fixture, "MedicationStatement", "said", "status", "stopped");
  assert_text (fixture, "MedicationStatement", "said", "statusReason.0.text", "Dry cough");
  assert_text (fixture, "MedicationStatement", "said", "effectivePeriod.start", "2026-03-01");
  assert_text (fixture, "MedicationStatement", "said", "effectivePeriod.end", "2026-11-22");
  assert_text (fixture, "MedicationStatement", "theirs", "meta.versionId", "1");
  g_assert_cmpuint (count (fixture, "MedicationStatement", "status=not-taken"), ==, 1);
  g_assert_cmpuint (count (fixture, "List",
                           "code=http://terminology.hl7.org/CodeSystem/list-example-use-codes|"
                           "medications&subject=Patient/p"),
                    ==, 1);
  g_assert_cmpuint (count (fixture, "Provenance", "target=MedicationRequest/ours"), ==, 1);
  assert_text (fixture, "List", strchr (list, '/') + 1, "source.display", "Dr Ada Stone");
  start (fixture, fixture->doctor);
  g_assert_cmpstr (care_medicines_get_reconciled (medicines), ==,
                   "Last reconciled 22-Nov-2026 09:00 by Dr Ada Stone");
  row = row_of ("MedicationRequest/ours");
  g_assert_cmpstr (care_medicine_get_side (row, 0)->why, ==, "Dry cough");
  g_assert_cmpstr (care_medicine_get_side (row, 0)->stopped_by, ==, "Dr Ada Stone");
  /* the pharmacy does not know yet */
  g_assert_true (care_medicine_get_supply (row)->loud);
  /* their record still says that it is taken: that stays to be seen */
  row = row_of ("MedicationStatement/theirs");
  g_assert_cmpint (care_medicine_get_agreement (row, CARE_ASPECT_STATUS), ==,
                   CARE_AGREEMENT_DIFFERS);
  g_assert_cmpstr (care_medicine_get_reconciled (row), ==, "Reconciled: not taken (The patient)");
}

static gboolean
draft_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) drafts = store_draft_list (connection, "Practitioner/doctor", "p", NULL);
  GString *kinds = data;

  for (guint i = 0; i < drafts->len; i++)
    g_string_append_printf (kinds, "%s ", ((StoreDraft *) drafts->pdata[i])->kind);
  return TRUE;
}

static void
assert_drafts (CareFixture *fixture, const char *text)
{
  g_autoptr (GString) kinds = g_string_new (NULL);

  g_assert_true (store_database_read (fixture->database, draft_work, kinds, NULL));
  g_assert_cmpstr (kinds->str, ==, text);
}

/* Undo leaves nothing of it behind, and gives the answers back. */
static void
test_undo (CareFixture *fixture, gconstpointer data)
{
  answer_all ();
  sign (fixture);
  assert_drafts (fixture, "reconcile-signed ");
  care_fixture_write (fixture, undo_work);
  assert_text (fixture, "MedicationRequest", "ours", "status", "active");
  assert_text (fixture, "MedicationStatement", "said", "status", "active");
  assert_text (fixture, "MedicationStatement", "said", "effectiveDateTime", "2026-03-01");
  g_assert_cmpuint (count (fixture, "MedicationStatement", ""), ==, 2);
  g_assert_cmpuint (count (fixture, "List", ""), ==, 0);
  g_assert_cmpuint (count (fixture, "Provenance", ""), ==, 0);
  assert_drafts (fixture, "reconcile ");
  start (fixture, fixture->doctor);
  g_assert_cmpstr (care_medicines_get_reconciled (medicines), ==, "Not reconciled yet");
}

static gboolean
release_work (StoreConnection *connection, gpointer data, GError **error)
{
  return care_prescription_release_due (connection, who, NULL, error);
}

static gboolean
send_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "waiting", 100, NULL);

  for (guint i = 0; i < entries->len; i++)
    if (!store_journal_set_state (connection, ((StoreJournalEntry *) entries->pdata[i])->sequence,
                                  "sending", NULL, error))
      return FALSE;
  return entries->len == 5;
}

/* After ten seconds it may leave; once it has, it is not undone, and its draft is gone. */
static void
test_too_late (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  answer_all ();
  sign (fixture);
  base_clock_advance (fixture->clock, CARE_UNDO_US);
  care_fixture_write (fixture, release_work);
  assert_drafts (fixture, "");
  /* not sent, but there is nothing to give back any more */
  error = care_fixture_try (fixture, undo_work);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE);
  g_clear_error (&error);
  care_fixture_write (fixture, send_work);
  error = care_fixture_try (fixture, undo_work);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE);
  assert_text (fixture, "MedicationRequest", "ours", "status", "stopped");
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;

  g_assert_true (care_reconcile_command_finish (result, NULL));
  *done = TRUE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;

  g_assert_true (care_reconciliation_load_finish (answers, result, NULL));
  *done = TRUE;
}

static void
spin (gboolean *done)
{
  while (!*done)
    g_main_context_iteration (NULL, TRUE);
  *done = FALSE;
}

/* The program ends without a word, and the answers are there again; but not about a medicine that
 * has changed meanwhile. */
static void
test_draft (CareFixture *fixture, gconstpointer data)
{
  gboolean done = FALSE;

  answer_all ();
  care_reconciliation_set_speaker (answers, row_of ("MedicationRequest/ours"), "pharmacy");
  care_reconciliation_save_async (answers, saved_cb, &done);
  spin (&done);
  g_clear_object (&answers);
  care_fixture_close (fixture);
  care_fixture_open (fixture);
  start (fixture, fixture->doctor);
  g_assert_cmpuint (care_reconciliation_get_n_open (answers), ==, 2);
  care_reconciliation_load_async (answers, NULL, loaded_cb, &done);
  spin (&done);
  g_assert_true (care_reconciliation_is_found (answers));
  g_assert_cmpuint (care_reconciliation_get_n_open (answers), ==, 0);
  g_assert_cmpstr (care_reconciliation_get_answer (answers, row_of ("MedicationRequest/ours"))
                       ->reason,
                   ==, "Dry cough");
  g_assert_cmpstr (care_reconciliation_get_answer (answers, row_of ("MedicationRequest/ours"))
                       ->speaker,
                   ==, "pharmacy");
  care_fixture_write (fixture, differ_work);
  start (fixture, fixture->doctor);
  care_reconciliation_load_async (answers, NULL, loaded_cb, &done);
  spin (&done);
  g_assert_cmpuint (care_reconciliation_get_n_open (answers), ==, 1);
  /* another author has none of it */
  start (fixture, fixture->other);
  care_reconciliation_load_async (answers, NULL, loaded_cb, &done);
  spin (&done);
  g_assert_false (care_reconciliation_is_found (answers));
  g_clear_object (&answers);
}

/* Undo gives the answers back to whoever signed, and takes nothing from what was answered since. */
static void
test_undo_keeps_both (CareFixture *fixture, gconstpointer data)
{
  g_autofree char *kept = NULL;
  gboolean done = FALSE;

  answer_all ();
  sign (fixture);
  start (fixture, fixture->doctor);
  care_reconciliation_set_reason (answers, row_of ("MedicationStatement/theirs"), "Since then");
  care_reconciliation_save_async (answers, saved_cb, &done);
  spin (&done);
  who = fixture->nurse;
  care_fixture_write (fixture, undo_work);
  assert_drafts (fixture, "reconcile ");
  start (fixture, fixture->doctor);
  care_reconciliation_load_async (answers, NULL, loaded_cb, &done);
  spin (&done);
  g_assert_cmpstr (care_reconciliation_get_answer (answers, row_of ("MedicationRequest/ours"))
                       ->reason,
                   ==, "Dry cough");
  kept = care_reconciliation_dup_body (answers);
  g_assert_nonnull (strstr (kept, "Since then"));
}

/* What changed between the answer and the signature is not signed over. */
static void
test_changed_meanwhile (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  answer_all ();
  care_fixture_write (fixture, differ_work);
  error = try_sign (fixture);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "lisinopril"));
  assert_text (fixture, "MedicationRequest", "ours", "status", "active");
  g_assert_cmpuint (count (fixture, "MedicationStatement", "status=not-taken"), ==, 0);
}

/* A nurse goes through the list, but stops no prescription; then nothing at all is written. */
static void
test_role (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, refused = NULL;

  start (fixture, fixture->nurse);
  g_assert_false (care_reconcile_may_act (fixture->nurse, row_of ("MedicationRequest/ours"),
                                          CARE_RECONCILE_STOP, &error));
  g_assert_error (error, CARE_ERROR, CARE_ERROR_ROLE);
  g_assert_true (care_reconcile_may_act (fixture->nurse, row_of ("MedicationRequest/ours"),
                                         CARE_RECONCILE_NOT_TAKEN, NULL));
  answer_all ();
  refused = try_sign (fixture);
  g_assert_error (refused, CARE_ERROR, CARE_ERROR_ROLE);
  g_assert_cmpuint (count (fixture, "List", ""), ==, 0);
  g_assert_cmpuint (count (fixture, "MedicationStatement", "status=not-taken"), ==, 0);
}

/* Words that were typed take the place of the codes that said otherwise. */
static void
test_change (CareFixture *fixture, gconstpointer data)
{
  answer ("MedicationRequest/ours", CARE_RECONCILE_CHANGE, NULL);
  care_reconciliation_set_dosage (answers, row_of ("MedicationRequest/ours"), "every other day");
  answer ("MedicationStatement/theirs", CARE_RECONCILE_CONTINUE, NULL);
  sign (fixture);
  assert_text (fixture, "MedicationStatement", "said", "dosage.0.text", "every other day");
  assert_text (fixture, "MedicationRequest", "ours", "dosageInstruction.0.text", "one a day");
  /* what another organisation's record says, and the patient confirms, is in ours from now on */
  g_assert_cmpuint (count (fixture, "MedicationStatement", "status=active"), ==, 3);
  start (fixture, fixture->doctor);
  g_assert_cmpuint (care_medicine_get_n_sides (row_of ("MedicationStatement/theirs")), ==, 2);
  g_assert_false (care_medicine_is_conflict (row_of ("MedicationStatement/theirs")));
}

static const char *const *extra; /* resources, or NULL */

static gboolean
extra_work (StoreConnection *connection, gpointer data, GError **error)
{
  for (const char *const *at = extra; *at; at++)
    care_fixture_put (connection, *at);
  return TRUE;
}

/* With these in the chart beside what is there, and the other medicines answered. */
static void
start_with (CareFixture *fixture, const char *const *resources)
{
  extra = resources;
  care_fixture_write (fixture, extra_work);
  start (fixture, fixture->doctor);
  answer_all ();
}

#define SAID(id, status, name, dosage)                                                             \
  "{'resourceType':'MedicationStatement','id':'" id "','status':'" status "'," WRITTEN_HERE        \
  "'medicationCodeableConcept':{'text':'" name "'},'dosage':[{'text':'" dosage                     \
  "'}],'informationSource':{'reference':'Patient/p'},'subject':{'reference':'Patient/p'}"

static const char *const two_doses[] = { SAID ("m1", "active", "Metformin 500 mg", "morning") "}",
                                         SAID ("m2", "active", "Metformin 1000 mg", "evening") "}",
                                         NULL };

/* One in the morning and another in the evening: neither takes the words of the other. */
static void
test_twice_both (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_with (fixture, two_doses);
  answer ("MedicationStatement/m1", CARE_RECONCILE_CONTINUE, NULL);
  g_assert_true (row_of ("MedicationStatement/m1") == row_of ("MedicationStatement/m2"));
  g_assert_false (care_reconciliation_check (answers, row_of ("MedicationStatement/m1"), &error));
  g_assert_nonnull (strstr (error->message, "Choose which one is right"));
  care_reconciliation_set_holds (answers, row_of ("MedicationStatement/m1"),
                                 CARE_RECONCILE_HOLDS_ALL);
  sign (fixture);
  assert_text (fixture, "MedicationStatement", "m1", "dosage.0.text", "morning");
  assert_text (fixture, "MedicationStatement", "m2", "dosage.0.text", "evening");
  assert_text (fixture, "MedicationStatement", "m1", "medicationCodeableConcept.text",
               "Metformin 500 mg");
  assert_text (fixture, "MedicationStatement", "m2", "medicationCodeableConcept.text",
               "Metformin 1000 mg");
  assert_text (fixture, "MedicationStatement", "m2", "status", "active");
  /* of what is written once there is no "all" */
  care_reconciliation_set_act (answers, row_of ("MedicationRequest/ours"), CARE_RECONCILE_CONTINUE);
  care_reconciliation_set_holds (answers, row_of ("MedicationRequest/ours"),
                                 CARE_RECONCILE_HOLDS_ALL);
  g_assert_false (care_reconciliation_check (answers, row_of ("MedicationRequest/ours"), NULL));
}

/* Where one of two is right, the other ends with its own words, and does not double the first. */
static void
test_twice_one (CareFixture *fixture, gconstpointer data)
{
  g_autofree char *words = NULL;

  start_with (fixture, two_doses);
  answer ("MedicationStatement/m1", CARE_RECONCILE_CONTINUE, NULL);
  care_reconciliation_set_holds (answers, row_of ("MedicationStatement/m1"),
                                 "MedicationStatement/m2");
  words = care_reconciliation_dup_words (answers, row_of ("MedicationStatement/m1"));
  g_assert_cmpstr (words, ==, "continued as in “evening” (The patient)");
  sign (fixture);
  assert_text (fixture, "MedicationStatement", "m2", "status", "active");
  assert_text (fixture, "MedicationStatement", "m2", "dosage.0.text", "evening");
  assert_text (fixture, "MedicationStatement", "m1", "status", "stopped");
  assert_text (fixture, "MedicationStatement", "m1", "effectivePeriod.end", "2026-11-22");
  assert_text (fixture, "MedicationStatement", "m1", "dosage.0.text", "morning");
}

/* That the patient does not take it is no way to continue; it is not made active by choosing it. */
static void
test_over_holds (CareFixture *fixture, gconstpointer data)
{
  static const char *const not_taken[] = {
    SAID ("said", "not-taken", "Lisinopril 5 mg", "two a day") "}", NULL
  };
  g_autoptr (GError) error = NULL;

  start_with (fixture, not_taken);
  answer ("MedicationRequest/ours", CARE_RECONCILE_CONTINUE, NULL);
  care_reconciliation_set_holds (answers, row_of ("MedicationRequest/ours"),
                                 "MedicationStatement/said");
  g_assert_false (care_reconciliation_check (answers, row_of ("MedicationRequest/ours"), &error));
  g_clear_error (&error);
  error = try_sign (fixture);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_MISSING);
  assert_text (fixture, "MedicationStatement", "said", "status", "not-taken");
  care_reconciliation_set_holds (answers, row_of ("MedicationRequest/ours"),
                                 "MedicationRequest/ours");
  sign (fixture);
  assert_text (fixture, "MedicationStatement", "said", "status", "active");
}

/* What rests goes on resting. */
static void
test_on_hold (CareFixture *fixture, gconstpointer data)
{
  static const char *const resting[] = { SAID ("m1", "on-hold", "Metformin 500 mg", "morning") "}",
                                         NULL };

  start_with (fixture, resting);
  answer ("MedicationStatement/m1", CARE_RECONCILE_CONTINUE, NULL);
  sign (fixture);
  assert_text (fixture, "MedicationStatement", "m1", "status", "on-hold");
}

/* What goes on has no end behind it; a planned one stays. */
static void
test_end (CareFixture *fixture, gconstpointer data)
{
  static const char *const ended[] = {
    SAID ("m1", "active", "Metformin 500 mg", "morning") ",'effectivePeriod':{'end':'2026-02'}}",
    SAID ("m2", "active", "Doxycycline", "evening") ",'effectivePeriod':{'end':'2026-11-30'}}", NULL
  };

  start_with (fixture, ended);
  answer ("MedicationStatement/m1", CARE_RECONCILE_CONTINUE, NULL);
  answer ("MedicationStatement/m2", CARE_RECONCILE_CONTINUE, NULL);
  sign (fixture);
  assert_text (fixture, "MedicationStatement", "m1", "status", "active");
  assert_text (fixture, "MedicationStatement", "m1", "effectivePeriod.end", NULL);
  assert_text (fixture, "MedicationStatement", "m2", "effectivePeriod.end", "2026-11-30");
}

/* What the patient stopped in spring did not end today. */
static void
test_stopped_before (CareFixture *fixture, gconstpointer data)
{
  static const char *const stopped[] = {
    SAID ("said", "stopped", "Lisinopril 5 mg",
          "two a day") ",'statusReason':[{'text':'Dizzy'}],'effectivePeriod':{'end':'2026-04-01'}}",
    NULL
  };

  start_with (fixture, stopped);
  sign (fixture);
  assert_text (fixture, "MedicationRequest", "ours", "status", "stopped");
  assert_text (fixture, "MedicationStatement", "said", "effectivePeriod.end", "2026-04-01");
  assert_text (fixture, "MedicationStatement", "said", "statusReason.0.text", "Dizzy");
}

static gboolean
empty_work (StoreConnection *connection, gpointer data, GError **error)
{
  const char *const ids[][2] = { { "MedicationRequest", "ours" },
                                 { "MedicationStatement", "said" },
                                 { "MedicationStatement", "theirs" } };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_auto (StorePut) put = { 0 };

      if (!store_resource_delete (connection, ids[i][0], ids[i][1], NULL, &put, error))
        return FALSE;
    }
  return TRUE;
}

/* That the doctor who ordered it is in the directory, and that the patient is its source, does not
 * make another organisation's entry ours: it stays as it was sent, and a statement speaks. */
static void
test_not_ours (CareFixture *fixture, gconstpointer data)
{
  static const char *const theirs[] = {
    "{'resourceType':'Practitioner','id':'far','name':[{'text':'Dr Far'}]}",
    "{'resourceType':'MedicationRequest','id':'far','status':'active','intent':'order',"
    "'requester':{'reference':'Practitioner/far'},'medicationCodeableConcept':{'text':"
    "'Metformin'},'subject':{'reference':'Patient/p'}}",
    "{'resourceType':'MedicationStatement','id':'far','status':'active','informationSource':{"
    "'reference':'Patient/p'},'medicationCodeableConcept':{'text':'Doxycycline'},'subject':{"
    "'reference':'Patient/p'}}",
    NULL
  };

  start_with (fixture, theirs);
  g_assert_cmpstr (care_medicine_get_side (row_of ("MedicationRequest/far"), 0)->source, ==,
                   "Record of Dr Far");
  answer ("MedicationRequest/far", CARE_RECONCILE_STOP, "Kidneys");
  answer ("MedicationStatement/far", CARE_RECONCILE_STOP, "Done");
  sign (fixture);
  assert_text (fixture, "MedicationRequest", "far", "meta.versionId", "1");
  assert_text (fixture, "MedicationStatement", "far", "meta.versionId", "1");
  start (fixture, fixture->doctor);
  g_assert_cmpint (care_medicine_get_agreement (row_of ("MedicationRequest/far"),
                                                CARE_ASPECT_STATUS),
                   ==, CARE_AGREEMENT_DIFFERS);
  g_assert_cmpint (care_medicine_get_agreement (row_of ("MedicationStatement/far"),
                                                CARE_ASPECT_STATUS),
                   ==, CARE_AGREEMENT_DIFFERS);
  g_assert_cmpstr (care_medicine_get_side (row_of ("MedicationStatement/far"), 1)->source, ==,
                   "Reported by the patient");
}

/* What refers to a medicine that is not here is known by what the reference displays; where it
 * displays nothing nobody can be asked about it, and that is said in place of a made-up name. */
static void
test_unnamed (CareFixture *fixture, gconstpointer data)
{
  static const char *const theirs[] = {
    "{'resourceType':'MedicationRequest','id':'far','status':'active','intent':'order',"
    "'medicationReference':{'reference':'Medication/gone'},'subject':{'reference':'Patient/p'}}",
    "{'resourceType':'MedicationStatement','id':'shown','status':'active','informationSource':{"
    "'display':'City Hospital'},'medicationReference':{'identifier':{'value':'x'},'display':"
    "'Doxycycline 100 mg'},'subject':{'reference':'Patient/p'}}",
    NULL
  };
  guint n_asked = g_list_model_get_n_items (care_reconciliation_get_rows (answers));

  start_with (fixture, theirs);
  g_assert_cmpuint (care_medicines_get_n_unnamed (medicines), ==, 1);
  g_assert_false (care_medicine_is_named (row_of ("MedicationRequest/far")));
  g_assert_cmpuint (g_list_model_get_n_items (care_reconciliation_get_rows (answers)), ==,
                    n_asked + 1);
  answer ("MedicationStatement/shown", CARE_RECONCILE_NOT_TAKEN, NULL);
  sign (fixture);
  g_assert_cmpuint (count (fixture, "MedicationStatement", "status=not-taken"), ==, 2);
  start (fixture, fixture->doctor);
  g_assert_cmpstr (care_medicine_get_name (row_of ("MedicationStatement/shown")), ==,
                   "Doxycycline 100 mg");
  assert_text (fixture, "List", strchr (list, '/') + 1, "note.0.text",
               "1 medicine that has no name here was not looked at");
  for (guint i = 0; i < g_list_model_get_n_items (care_medicines_get_rows (medicines)); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (care_medicines_get_rows (medicines), i);

      for (guint j = 0; j < care_medicine_get_n_sides (row); j++)
        g_assert_true (
            g_strcmp0 (care_medicine_get_side (row, j)->name, "Medicine without a name") != 0 ||
            g_str_equal (care_medicine_get_side (row, j)->reference, "MedicationRequest/far"));
    }
}

/* What was written here is changed, and not written a second time. */
static void
test_written_once (CareFixture *fixture, gconstpointer data)
{
  answer_all ();
  answer ("MedicationStatement/theirs", CARE_RECONCILE_CONTINUE, NULL);
  sign (fixture);
  g_assert_cmpuint (count (fixture, "MedicationStatement", ""), ==, 3);
  start (fixture, fixture->doctor);
  answer ("MedicationStatement/theirs", CARE_RECONCILE_CONTINUE, NULL);
  sign (fixture);
  g_assert_cmpuint (count (fixture, "MedicationStatement", ""), ==, 3);
}

static gboolean
no_draft_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_auto (StorePut) put = { 0 };

  return store_resource_delete (connection, "MedicationRequest", "new", NULL, &put, error);
}

/* That there is none is said by a person, with their name and the day. */
static void
test_none_known (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, empty_work);
  start (fixture, fixture->nurse);
  g_assert_cmpstr (care_medicines_get_absence (medicines), ==, "Medicines not recorded");
  sign (fixture);
  g_assert_cmpuint (count (fixture, "List",
                           "empty-reason=http://terminology.hl7.org/CodeSystem/list-empty-reason|"
                           "nilknown"),
                    ==, 1);
  start (fixture, fixture->nurse);
  g_assert_cmpstr (care_medicines_get_absence (medicines), ==,
                   "No known medicines (recorded 22-Nov-2026 09:00)");
  g_assert_cmpstr (care_medicines_get_reconciled (medicines), ==,
                   "Last reconciled 22-Nov-2026 09:00 by Noor Lind");
  care_fixture_write (fixture, undo_work);
  start (fixture, fixture->nurse);
  g_assert_cmpstr (care_medicines_get_absence (medicines), ==, "Medicines not recorded");
}

/* A medicine that was handed out, or is being prescribed, is not "none known". */
static void
test_none_in_hand (CareFixture *fixture, gconstpointer data)
{
  static const char *const handed_out[] = {
    "{'resourceType':'MedicationDispense','id':'d','status':'completed','whenHandedOver':"
    "'2026-11-21','medicationCodeableConcept':{'text':'Warfarin 3 mg'},'subject':{'reference':"
    "'Patient/p'}}",
    NULL
  };
  static const char *const used_up[] = {
    "{'resourceType':'MedicationDispense','id':'d','status':'completed','whenHandedOver':"
    "'2025-11-21','daysSupply':{'value':7,'code':'d','system':'http://unitsofmeasure.org'},"
    "'medicationCodeableConcept':{'text':'Amoxicillin'},'subject':{'reference':'Patient/p'}}",
    "{'resourceType':'MedicationRequest','id':'new','status':'draft','intent':'order',"
    "'medicationCodeableConcept':{'text':'Warfarin 3 mg'},'subject':{'reference':'Patient/p'}}",
    NULL
  };
  g_autoptr (GError) supplied = NULL, draft = NULL;

  care_fixture_write (fixture, empty_work);
  extra = handed_out;
  care_fixture_write (fixture, extra_work);
  start (fixture, fixture->doctor);
  g_assert_false (care_reconcile_may_say_none (medicines, NULL));
  supplied = try_sign (fixture);
  g_assert_error (supplied, CARE_ERROR, CARE_ERROR_STATE);
  extra = used_up;
  care_fixture_write (fixture, extra_work);
  start (fixture, fixture->doctor);
  draft = try_sign (fixture);
  g_assert_error (draft, CARE_ERROR, CARE_ERROR_STATE);
  g_assert_cmpuint (count (fixture, "List", ""), ==, 0);
  care_fixture_write (fixture, no_draft_work);
  start (fixture, fixture->doctor);
  g_assert_true (care_reconcile_may_say_none (medicines, NULL));
  sign (fixture);
}

/* Whoever answered about medicines that are gone at the signature did not say that there are none.
 */
static void
test_none_by_nobody (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  answer_all ();
  care_fixture_write (fixture, empty_work);
  error = try_sign (fixture);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
  g_assert_cmpuint (count (fixture, "List", ""), ==, 0);
}

static void
add (const char *path, void (*test) (CareFixture *, gconstpointer))
{
  g_test_add (path, CareFixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/care/reconcile/missing", test_missing);
  add ("/care/reconcile/which-is-right", test_which_is_right);
  add ("/care/reconcile/sign", test_sign);
  add ("/care/reconcile/undo", test_undo);
  add ("/care/reconcile/too-late", test_too_late);
  add ("/care/reconcile/draft", test_draft);
  add ("/care/reconcile/undo-keeps-both", test_undo_keeps_both);
  add ("/care/reconcile/changed-meanwhile", test_changed_meanwhile);
  add ("/care/reconcile/role", test_role);
  add ("/care/reconcile/change", test_change);
  add ("/care/reconcile/twice-both", test_twice_both);
  add ("/care/reconcile/twice-one", test_twice_one);
  add ("/care/reconcile/over-holds", test_over_holds);
  add ("/care/reconcile/on-hold", test_on_hold);
  add ("/care/reconcile/end", test_end);
  add ("/care/reconcile/stopped-before", test_stopped_before);
  add ("/care/reconcile/not-ours", test_not_ours);
  add ("/care/reconcile/unnamed", test_unnamed);
  add ("/care/reconcile/written-once", test_written_once);
  add ("/care/reconcile/none-known", test_none_known);
  add ("/care/reconcile/none-in-hand", test_none_in_hand);
  add ("/care/reconcile/none-by-nobody", test_none_by_nobody);
  return g_test_run ();
}
