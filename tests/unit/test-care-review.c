/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-review.h"

#include "care-fixture.h"
#include "care-results.h"
#include "care-write.h"

#define CRITICAL                                                                                   \
  "{'resourceType':'Observation','id':'k','status':'final','subject':{'reference':'Patient/p'},"   \
  "'code':{'coding':[{'system':'http://loinc.org','code':'6298-4'}],'text':'Potassium'},"          \
  "'effectiveDateTime':'2026-11-22T08:00:00Z','valueQuantity':{'value':6.8,'unit':'mmol/L',"       \
  "'system':'http://unitsofmeasure.org','code':'mmol/L'}}"

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q'}");
  care_fixture_put (connection, CRITICAL);
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'na','status':'final','subject':{"
                    "'reference':'Patient/p'},'code':{'coding':[{'system':'http://loinc.org',"
                    "'code':'2947-0'}],'text':'Sodium'},'effectiveDateTime':'2026-11-22T08:00:00Z',"
                    "'valueQuantity':{'value':139,'unit':'mmol/L'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'red','status':'requested','intent':'order',"
                    "'priority':'stat','code':{'coding':[{'system':'" CARE_SYSTEM_TASK
                    "','code':'critical-result'}]},'focus':{'reference':'Observation/k'},"
                    "'for':{'reference':'Patient/p'},'authoredOn':'2026-11-22T08:26:00Z'}");
  return TRUE;
}

static CareReviewRequest request;
static CareContext *who;
static char *group;

static char *
stamp_of (StoreConnection *connection, CareFixture *fixture, const char *reference)
{
  g_autoptr (CareResults) results = care_results_load (connection, "p", fixture->clock, NULL);

  return care_result_dup_stamp (care_results_find (results, reference));
}

static gboolean
review_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *stamp = stamp_of (connection, data, request.reference);

  g_clear_pointer (&group, g_free);
  if (!request.stamp)
    request.stamp = stamp;
  gboolean done = care_review_write (connection, who, &request, &group, error);
  request.stamp = NULL;
  return done;
}

static GError *
review (CareFixture *fixture,
        CareContext *context,
        const char *reference,
        CareReviewAction action,
        const char *text)
{
  request = (CareReviewRequest) { "p", reference, NULL, action, text, "2026-12-01" };
  who = context;
  return care_fixture_try (fixture, review_work);
}

static void
set_up (CareFixture *fixture, gconstpointer data)
{
  care_fixture_set_up (fixture, data);
  care_fixture_write (fixture, fill);
}

static void
tear_down (CareFixture *fixture, gconstpointer data)
{
  g_clear_pointer (&group, g_free);
  care_fixture_tear_down (fixture, data);
}

/* ---- done ---- */

static gboolean
check_done (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareResults) results =
      care_results_load (connection, "p", ((CareFixture *) data)->clock, NULL);
  CareResult *sodium = care_results_find (results, "Observation/na");
  g_autoptr (GPtrArray) journal = store_journal_list (connection, "held", 10, NULL);

  g_assert_nonnull (sodium->review.task);
  g_assert_false (sodium->review.open || sodium->review.stale);
  g_assert_true (sodium->review.unsent);
  g_assert_cmpstr (sodium->review.group, ==, group);
  g_assert_cmpstr (sodium->review.who, ==, "Dr Ada Stone");
  g_assert_cmpstr (sodium->review.outcome, ==, "Reviewed");
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "_count=9"), ==, 1);
  g_assert_cmpuint (journal->len, ==, 2); /* both rest, in one group */
  g_assert_cmpstr (((StoreJournalEntry *) journal->pdata[0])->group, ==, group);
  g_assert_cmpstr (((StoreJournalEntry *) journal->pdata[1])->group, ==, group);
  return TRUE;
}

static gboolean
change_sodium (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'na','status':'corrected','subject':{"
                    "'reference':'Patient/p'},'code':{'coding':[{'system':'http://loinc.org',"
                    "'code':'2947-0'}]},'effectiveDateTime':'2026-11-22T08:00:00Z',"
                    "'valueQuantity':{'value':119,'unit':'mmol/L'}}");
  return TRUE;
}

static gboolean
check_stale (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareResults) results =
      care_results_load (connection, "p", ((CareFixture *) data)->clock, NULL);

  g_assert_true (care_results_find (results, "Observation/na")->review.stale);
  return TRUE;
}

static void
test_done (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error =
      review (fixture, fixture->doctor, "Observation/na", CARE_REVIEW_DONE, NULL);

  g_assert_no_error (error);
  care_fixture_read (fixture, check_done);
  /* a correction after the review was not reviewed */
  care_fixture_write (fixture, change_sodium);
  care_fixture_read (fixture, check_stale);
}

/* ---- what follows ---- */

static gboolean
check_follow_ups (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) orders = store_search_ids (connection, "ServiceRequest", "_count=9", NULL);
  g_autoptr (FhirResource) order =
      care_fixture_get (connection, "ServiceRequest", orders->pdata[0]);

  g_assert_cmpuint (orders->len, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (order, "code.coding.0.code"), ==, "2947-0");
  g_assert_cmpstr (fhir_resource_path_text (order, "occurrenceDateTime"), ==, "2026-12-01");
  g_assert_cmpstr (fhir_resource_path_text (order, "requester.reference"), ==,
                   "Practitioner/doctor");
  g_assert_cmpstr (fhir_resource_path_text (order, "reasonReference.0.reference"), ==,
                   "Observation/na");
  g_assert_cmpuint (care_fixture_count (connection, "Communication", "recipient=Patient/p"), ==, 1);
  g_assert_cmpuint (care_fixture_count (connection, "Task", "code=call-patient&status=requested"),
                    ==, 1);
  /* who may not order asks for it, and signs nothing that a hub would refuse */
  g_assert_cmpuint (care_fixture_count (connection, "Task", "code=repeat-result&status=requested"),
                    ==, 1);
  g_assert_cmpuint (care_fixture_count (connection, "Task",
                                        "code=" CARE_TASK_TELL "&status=requested"),
                    ==, 1);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "_count=9"), ==, 4);
  return TRUE;
}

static void
test_follow_ups (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) repeat =
      review (fixture, fixture->doctor, "Observation/na", CARE_REVIEW_REPEAT, "fasting");
  g_autoptr (GError) message =
      review (fixture, fixture->doctor, "Observation/na", CARE_REVIEW_TELL, "All is well.");
  g_autoptr (GError) call =
      review (fixture, fixture->doctor, "Observation/na", CARE_REVIEW_CALL, NULL);
  g_autoptr (GError) asked =
      review (fixture, fixture->nurse, "Observation/na", CARE_REVIEW_REPEAT, NULL);
  g_autoptr (GError) empty =
      review (fixture, fixture->doctor, "Observation/na", CARE_REVIEW_TELL, " ");

  g_assert_no_error (repeat);
  g_assert_no_error (message);
  g_assert_no_error (call);
  g_assert_no_error (asked);
  g_assert_error (empty, CARE_ERROR, CARE_ERROR_MISSING);
  care_fixture_read (fixture, check_follow_ups);
}

/* ---- refused ---- */

static void
test_refused (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CareContext) desk =
      care_context_new (fixture->database, fixture->clock, "Practitioner/desk", "Desk", "desk");
  g_autoptr (GError) role = review (fixture, desk, "Observation/na", CARE_REVIEW_DONE, NULL);

  request = (CareReviewRequest) { "p", "Observation/na", "another", CARE_REVIEW_DONE, NULL, NULL };
  who = fixture->doctor;
  g_autoptr (GError) changed = care_fixture_try (fixture, review_work);
  request = (CareReviewRequest) { "q", "Observation/na", NULL, CARE_REVIEW_DONE, NULL, NULL };
  g_autoptr (GError) other = care_fixture_try (fixture, review_work);

  g_assert_error (role, CARE_ERROR, CARE_ERROR_ROLE);
  g_assert_error (changed, CARE_ERROR, CARE_ERROR_STATE);
  g_assert_error (other, CARE_ERROR, CARE_ERROR_STATE);
}

/* ---- critical, and taking it back ---- */

static gboolean
check_closed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "red");

  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "completed");
  g_assert_cmpstr (fhir_resource_path_text (task, "output.0.valueString"), ==,
                   "Reviewed: Sent to A&E.");
  g_assert_cmpstr (fhir_resource_path_text (task, "owner.reference"), ==, "Practitioner/doctor");
  return TRUE;
}

static gboolean
undo_work (StoreConnection *connection, gpointer data, GError **error)
{
  return care_review_undo (connection, ((CareFixture *) data)->doctor, group, error);
}

static gboolean
check_undone (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "red");
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, NULL);

  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "requested");
  g_assert_null (fhir_resource_path_text (task, "output.0.valueString"));
  g_assert_cmpuint (held->len, ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "_count=9"), ==, 0);
  return TRUE;
}

/* H18: closed only by words, whoever asks; and the task that the hub made is the one that closes.
 */
static void
test_critical (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) bare =
      review (fixture, fixture->doctor, "Observation/k", CARE_REVIEW_DONE, "  ");
  g_autoptr (GError) said =
      review (fixture, fixture->doctor, "Observation/k", CARE_REVIEW_DONE, "Sent to A&E.");

  g_assert_error (bare, CARE_ERROR, CARE_ERROR_MISSING);
  g_assert_no_error (said);
  care_fixture_read (fixture, check_closed);
  care_fixture_write (fixture, undo_work);
  care_fixture_read (fixture, check_undone);
}

static gboolean
send_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, error);

  g_assert_cmpuint (held->len, ==, 2);
  for (guint i = 0; i < held->len; i++)
    g_assert_true (store_journal_set_state (connection,
                                            ((StoreJournalEntry *) held->pdata[i])->sequence,
                                            "sending", NULL, error));
  return TRUE;
}

static void
test_too_late (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error =
      review (fixture, fixture->doctor, "Observation/na", CARE_REVIEW_DONE, NULL);

  g_assert_no_error (error);
  care_fixture_write (fixture, send_work);
  g_autoptr (GError) late = care_fixture_try (fixture, undo_work);
  g_assert_error (late, CARE_ERROR, CARE_ERROR_TOO_LATE);
}

static gboolean
fail_to_send (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) sending = store_journal_list (connection, "sending", 10, error);

  for (guint i = 0; i < sending->len; i++)
    g_assert_true (store_journal_set_state (connection,
                                            ((StoreJournalEntry *) sending->pdata[i])->sequence,
                                            "waiting", NULL, error));
  return TRUE;
}

/* What was sent once may have arrived, though its answer was lost: it waits, and is not undone. */
static void
test_tried (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error =
      review (fixture, fixture->doctor, "Observation/na", CARE_REVIEW_DONE, NULL);

  g_assert_no_error (error);
  care_fixture_write (fixture, send_work);
  care_fixture_write (fixture, fail_to_send);
  g_autoptr (GError) late = care_fixture_try (fixture, undo_work);
  g_assert_error (late, CARE_ERROR, CARE_ERROR_TOO_LATE);
}

static gboolean
note_on_task (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "red");
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);
  g_auto (CareWrite) write = { 0 };

  fhir_builder_set (builder, "note.0.text", "phoned twice");
  care_write_init (&write, connection, ((CareFixture *) data)->doctor, "p", CARE_PRIORITY_NORMAL);
  return care_write_put_builder (&write, builder, error);
}

static gboolean
check_note_is_left (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "red");
  g_autoptr (GPtrArray) waiting = store_journal_list (connection, "waiting", 10, NULL);

  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "requested");
  g_assert_cmpstr (fhir_resource_path_text (task, "note.0.text"), ==, "phoned twice");
  g_assert_cmpuint (waiting->len, ==, 1);
  return TRUE;
}

/* A change that waited before is still there and still leaves. */
static void
test_after_a_change (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, note_on_task);
  g_autoptr (GError) error =
      review (fixture, fixture->doctor, "Observation/k", CARE_REVIEW_DONE, "Sent to A&E.");

  g_assert_no_error (error);
  care_fixture_write (fixture, undo_work);
  care_fixture_read (fixture, check_note_is_left);
}

/* ---- what the patient is to be told ---- */

static gboolean
check_untold (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) tasks =
      store_search_ids (connection, "Task",
                        "code=" CARE_SYSTEM_TASK "|" CARE_TASK_TELL "&status=requested", NULL);
  g_autoptr (GPtrArray) words = store_search_ids (connection, "Communication", "_count=9", NULL);
  g_assert_cmpuint (tasks->len, ==, 1);
  g_assert_cmpuint (words->len, ==, 1);
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", tasks->pdata[0]);
  g_autoptr (FhirResource) message =
      care_fixture_get (connection, "Communication", words->pdata[0]);
  g_autoptr (FhirResource) red = care_fixture_get (connection, "Task", "red");
  g_autofree char *reference = fhir_resource_dup_reference (task);
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, NULL);

  g_assert_cmpstr (fhir_resource_path_text (message, "status"), ==, "preparation");
  g_assert_null (fhir_resource_path_text (message, "sent"));
  g_assert_cmpstr (fhir_resource_path_text (message, "basedOn.0.reference"), ==, reference);
  g_assert_cmpstr (fhir_resource_path_text (message, "recipient.0.reference"), ==, "Patient/p");
  g_assert_cmpstr (fhir_resource_path_text (message, "sender.reference"), ==,
                   "Practitioner/doctor");
  g_assert_cmpstr (fhir_resource_path_text (task, "description"), ==,
                   "Tell the patient: Potassium 6.8 mmol/L. Stop the tablets.");
  g_assert_cmpstr (fhir_resource_path_text (task, "focus.reference"), ==, "Observation/k");
  g_assert_cmpstr (fhir_resource_path_text (task, "priority"), ==, "asap");
  g_assert_cmpstr (fhir_resource_path_text (red, "output.0.valueString"), ==,
                   "The patient is to be told: Stop the tablets.");
  g_assert_cmpuint (held->len, ==, 4);
  return TRUE;
}

static gboolean
check_nothing_to_tell (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "Communication", "_count=9"), ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Task", "code=" CARE_TASK_TELL), ==, 0);
  return check_undone (connection, data, error);
}

/* H18: nothing carries words to the patient, so what is written was not sent, and a task stands
 * until somebody says that the patient was told. */
static void
test_tell (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error =
      review (fixture, fixture->doctor, "Observation/k", CARE_REVIEW_TELL, " Stop the tablets. ");

  g_assert_no_error (error);
  care_fixture_read (fixture, check_untold);
  care_fixture_write (fixture, undo_work);
  care_fixture_read (fixture, check_nothing_to_tell);
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
  add ("/care/review/done", test_done);
  add ("/care/review/follow-ups", test_follow_ups);
  add ("/care/review/refused", test_refused);
  add ("/care/review/critical", test_critical);
  add ("/care/review/tell", test_tell);
  add ("/care/review/too-late", test_too_late);
  add ("/care/review/tried", test_tried);
  add ("/care/review/after-a-change", test_after_a_change);
  return g_test_run ();
}
