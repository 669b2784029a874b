/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-write.h"

#include "care-fixture.h"
#include "care-review.h"
#include "care-task.h"
#include "tasks-item.h"
#include "tasks-load.h"
#include "tasks-words.h"

/* Open tasks read from a store, and closed in it. */

#define TASK "https://bedside.health/fhir/task"

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Rossi',"
                                "'given':['Giulia']}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'k0','status':'final','code':{'coding':[{"
                    "'system':'http://loinc.org','code':'2823-3','display':'Potassium'}]},"
                    "'subject':{'reference':'Patient/p'},"
                    "'effectiveDateTime':'2026-10-12T08:00:00Z','valueQuantity':{'value':4.60,"
                    "'unit':'mmol/L'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'kx','status':'entered-in-error','code':{"
                    "'coding':[{'system':'http://loinc.org','code':'2823-3'}]},"
                    "'subject':{'reference':'Patient/p'},"
                    "'effectiveDateTime':'2026-11-20T08:00:00Z','valueQuantity':{'value':9.9,"
                    "'unit':'mmol/L'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'k1','status':'final','code':{'coding':[{"
                    "'system':'http://loinc.org','code':'2823-3','display':'Potassium'}]},"
                    "'subject':{'reference':'Patient/p'},"
                    "'effectiveDateTime':'2026-11-22T08:25:00Z','valueQuantity':{'value':6.8,"
                    "'unit':'mmol/L'},'interpretation':[{'coding':[{'code':'HH'}]}],"
                    "'referenceRange':[{'low':{'value':3.5,'unit':'mmol/L'},'high':{'value':5.1,"
                    "'unit':'mmol/L'}}]}");
  care_fixture_put (connection, "{'resourceType':'Communication','id':'m','status':'completed',"
                                "'subject':{'reference':'Patient/p'},'payload':[{'contentString':"
                                "'My chest is tight'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'critical','status':'requested','intent':'order',"
                    "'priority':'stat','code':{'coding':[{'system':'" TASK
                    "','code':'critical-result'}]},'focus':{'reference':'Observation/k1'},"
                    "'for':{'reference':'Patient/p'},'authoredOn':'2026-11-22T08:26:00Z'}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'message','status':'requested','intent':'order',"
                    "'priority':'urgent','code':{'coding':[{'system':'" TASK
                    "','code':'message'}]},'focus':{'reference':'Communication/m'},"
                    "'for':{'reference':'Patient/p'},'authoredOn':'2026-11-22T08:00:00Z'}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'pharmacy','status':'requested','intent':'order',"
                    "'code':{'coding':[{'system':'" TASK "','code':'dispense'}]},"
                    "'for':{'reference':'Patient/p'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'gone','status':'requested','intent':'order',"
                    "'priority':'routine','code':{'coding':[{'system':'" TASK
                    "','code':'critical-result'}]},'focus':{'reference':'Observation/none'},"
                    "'for':{'reference':'Patient/q'}}");
  return TRUE;
}

static GListStore *
load (StoreConnection *connection, CareFixture *fixture, const char *patient)
{
  g_autoptr (GError) error = NULL;
  GListStore *items = tasks_load (connection, patient, fixture->doctor, &error);

  g_assert_no_error (error);
  return items;
}

static const TasksFacts *
nth (GListStore *items, guint position)
{
  g_autoptr (TasksItem) item = g_list_model_get_item (G_LIST_MODEL (items), position);

  g_assert_nonnull (item);
  return tasks_item_get_facts (item);
}

static gboolean
check_list (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GListStore) all = load (connection, data, NULL);
  g_autoptr (GListStore) of_patient = load (connection, data, "p");
  const TasksFacts *facts = nth (all, 1);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (all)), ==, 3);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (of_patient)), ==, 2);
  g_assert_cmpuint (tasks_item_count_red (G_LIST_MODEL (all)), ==, 2);
  g_assert_cmpstr (nth (all, 0)->reference, ==, "Task/gone");
  g_assert_cmpstr (nth (all, 0)->missing, ==, "The result itself is not on this computer yet");
  g_assert_null (nth (all, 0)->patient_name);
  g_assert_cmpstr (facts->reference, ==, "Task/critical");
  g_assert_cmpstr (facts->patient_name, ==, "ROSSI, Giulia");
  g_assert_cmpstr (facts->result, ==, "Potassium");
  g_assert_cmpstr (facts->value, ==, "6.8 mmol/L");
  g_assert_cmpstr (facts->flag, ==, "HH");
  g_assert_cmpstr (facts->range, ==, "3.5 to 5.1 mmol/L");
  g_assert_cmpstr (facts->previous, ==, "4.60 mmol/L"); /* not the one that was an error */
  g_assert_cmpstr (nth (all, 2)->message, ==, "My chest is tight");
  /* nobody knows who ordered it: every doctor is asked, and no nurse */
  g_assert_true (facts->needs_you);
  g_assert_cmpstr (facts->route, ==, "It is not recorded who ordered it: every doctor is asked.");
  g_assert_null (nth (all, 2)->route);
  return TRUE;
}

static void
test_list (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, fill);
  care_fixture_read (fixture, check_list);
}

static gboolean
complete_red_bare (StoreConnection *connection, gpointer data, GError **error)
{
  return tasks_write_complete (connection, ((CareFixture *) data)->doctor, "critical", " \n",
                               error);
}

static gboolean
complete_red (StoreConnection *connection, gpointer data, GError **error)
{
  return tasks_write_complete (connection, ((CareFixture *) data)->doctor, "critical",
                               " Rang her: repeat now ", error);
}

static gboolean
complete_urgent (StoreConnection *connection, gpointer data, GError **error)
{
  return tasks_write_complete (connection, ((CareFixture *) data)->nurse, "message", NULL, error);
}

static gboolean
reopen (StoreConnection *connection, gpointer data, GError **error)
{
  return tasks_write_reopen (connection, ((CareFixture *) data)->nurse, "message", error);
}

static gboolean
check_red (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "critical");
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "waiting", 10, error);
  const StoreJournalEntry *entry = entries->pdata[0];

  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "completed");
  g_assert_cmpstr (fhir_resource_path_text (task, "output.0.valueString"), ==,
                   "Rang her: repeat now");
  g_assert_cmpstr (fhir_resource_path_text (task, "output.0.type.coding.0.code"), ==, "outcome");
  g_assert_cmpstr (fhir_resource_path_text (task, "owner.reference"), ==, "Practitioner/doctor");
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpstr (entry->id, ==, "critical");
  g_assert_cmpstr (((StoreJournalEntry *) entries->pdata[1])->type, ==, "Provenance");
  g_assert_cmpstr (((StoreJournalEntry *) entries->pdata[1])->group, ==, entry->group);
  g_assert_cmpint (entry->priority, >, 0); /* goes before routine changes (H24) */
  return TRUE;
}

static void
test_red_needs_outcome (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) bare = NULL;
  g_autoptr (GError) again = NULL;

  care_fixture_write (fixture, fill);
  bare = care_fixture_try (fixture, complete_red_bare);
  g_assert_error (bare, CARE_ERROR, CARE_ERROR_MISSING);
  care_fixture_write (fixture, complete_red);
  care_fixture_read (fixture, check_red);
  again = care_fixture_try (fixture, complete_red);
  g_assert_error (again, CARE_ERROR, CARE_ERROR_STATE);
}

static gboolean
check_count (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GListStore) all = load (connection, data, NULL);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (all)), ==, 3);
  return TRUE;
}

static gboolean
check_one_less (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GListStore) all = load (connection, data, NULL);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (all)), ==, 2);
  return TRUE;
}

static void
test_undo (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, fill);
  care_fixture_write (fixture, complete_urgent);
  care_fixture_read (fixture, check_one_less);
  care_fixture_write (fixture, reopen);
  care_fixture_read (fixture, check_count);
}

static gboolean
put_tell (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'tell','status':'requested','intent':'order',"
                    "'code':{'coding':[{'system':'" TASK "','code':'" CARE_TASK_TELL
                    "'}]},'description':'Tell the patient: Potassium','for':{'reference':"
                    "'Patient/p'},'authoredOn':'2026-11-22T08:00:00Z'}");
  care_fixture_put (connection, "{'resourceType':'Communication','id':'words','status':"
                                "'preparation','basedOn':[{'reference':'Task/tell'}],"
                                "'subject':{'reference':'Patient/p'},'payload':[{"
                                "'contentString':'Stop the tablets.'}]}");
  return TRUE;
}

static gboolean
tell (StoreConnection *connection, gpointer data, GError **error)
{
  return tasks_write_complete (connection, ((CareFixture *) data)->nurse, "tell", NULL, error);
}

static gboolean
untell (StoreConnection *connection, gpointer data, GError **error)
{
  return tasks_write_reopen (connection, ((CareFixture *) data)->nurse, "tell", error);
}

static gboolean
check_told (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) words = care_fixture_get (connection, "Communication", "words");
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "waiting", 10, error);

  g_assert_cmpstr (fhir_resource_path_text (words, "status"), ==, "completed");
  g_assert_true (g_str_has_prefix (fhir_resource_path_text (words, "sent"), "2026-11-22T09:00:00"));
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpstr (((StoreJournalEntry *) entries->pdata[0])->group, ==,
                   ((StoreJournalEntry *) entries->pdata[1])->group);
  return TRUE;
}

static gboolean
check_untold (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) words = care_fixture_get (connection, "Communication", "words");

  g_assert_cmpstr (fhir_resource_path_text (words, "status"), ==, "preparation");
  g_assert_null (fhir_resource_path_text (words, "sent"));
  return TRUE;
}

/* What was written for a patient counts as sent only while somebody says that they told it. */
static void
test_told (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_tell);
  care_fixture_write (fixture, tell);
  care_fixture_read (fixture, check_told);
  care_fixture_write (fixture, untell);
  care_fixture_read (fixture, check_untold);
}

#define MODIFIER "'modifierExtension':[{'url':'urn:not','valueBoolean':true}]"

static gboolean
put_modified (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'k2','status':'final'," MODIFIER
                    ",'code':{'coding':[{'system':'http://loinc.org','code':'2823-3','display':"
                    "'Potassium'}]},'subject':{'reference':'Patient/p'},'effectiveDateTime':"
                    "'2026-11-22T08:30:00Z','valueQuantity':{'value':6.8,'unit':'mmol/L'},"
                    "'interpretation':[{'coding':[{'code':'HH'}]}]}");
  care_fixture_put (connection, "{'resourceType':'Communication','id':'m2','status':'completed',"
                                "'subject':{'reference':'Patient/p'}," MODIFIER
                                ",'payload':[{'contentString':'My chest is tight'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'a','status':'requested','intent':'order',"
                    "'focus':{'reference':'Observation/k2'},'for':{'reference':'Patient/p'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'b','status':'requested','intent':'order',"
                    "'focus':{'reference':'Communication/m2'},'for':{'reference':'Patient/p'}}");
  care_fixture_put (
      connection, "{'resourceType':'Task','id':'c','status':'requested','intent':'order'," MODIFIER
                  ",'priority':'routine','description':'Give potassium','requester':{'display':"
                  "'Dr Ben Hill'},'focus':{'reference':'Communication/m2'},"
                  "'for':{'reference':'Patient/p'}}");
  return TRUE;
}

static gboolean
check_modified (StoreConnection *connection, gpointer data, GError **error)
{
  static const char why[] =
      "It carries a modifier that may change its meaning. Read it where it was written.";
  g_autoptr (GListStore) all = load (connection, data, NULL);
  const TasksFacts *result = nth (all, 0), *task = nth (all, 1), *message = nth (all, 2);
  g_autofree char *level = tasks_words_level (task, "2026-11-22");

  g_assert_cmpstr (result->reference, ==, "Task/a"); /* red still, though the flag may be none */
  g_assert_null (result->value);
  g_assert_null (result->result);
  g_assert_cmpstr (result->missing, ==, why);
  g_assert_cmpstr (task->reference, ==, "Task/c");
  g_assert_cmpstr (task->title, ==, "Task that Bedside cannot show safely");
  g_assert_cmpstr (task->missing, ==, why);
  g_assert_cmpstr (task->patient, ==, "p");
  g_assert_null (task->from);
  g_assert_null (task->focus);
  g_assert_cmpstr (level, ==, "Cannot be shown");
  g_assert_false (tasks_facts_can_complete (task));
  g_assert_cmpstr (message->reference, ==, "Task/b");
  g_assert_null (message->message);
  g_assert_cmpstr (message->missing, ==, why);
  return TRUE;
}

static gboolean
complete_modified (StoreConnection *connection, gpointer data, GError **error)
{
  return tasks_write_complete (connection, ((CareFixture *) data)->doctor, "c", "Done", error);
}

/* H35: what may mean the opposite is not shown, and why is said. */
static void
test_modifier (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_modified);
  care_fixture_read (fixture, check_modified);
  error = care_fixture_try (fixture, complete_modified);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
}

static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'MedicationRequest','id':'rx','status':'active',"
                                "'intent':'order','subject':{'reference':'Patient/p'},"
                                "'medicationCodeableConcept':{'text':'azithromycin'},"
                                "'dosageInstruction':[{'text':'1 tablet - once a day'}]}");
  return store_journal_append (connection, "group", STORE_JOURNAL_CREATE, "MedicationRequest", "rx",
                               "p", NULL, 10, NULL, error);
}

static gboolean
raise_task (StoreConnection *connection, gpointer data, GError **error)
{
  return care_task_create (connection, ((CareFixture *) data)->doctor, "prescription-not-sent",
                           "Not acknowledged", "p", "MedicationRequest/rx", "urgent", NULL, NULL,
                           error);
}

static gboolean
check_unsent (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GListStore) items = load (connection, data, "p");
  g_autoptr (GListStore) others = load (connection, data, "q");
  const TasksFacts *facts = nth (items, 1);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (items)), ==, 3);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (others)), ==, 1);
  g_assert_cmpstr (facts->focus, ==, "MedicationRequest/rx");
  g_assert_cmpstr (facts->delivery, ==, "NOT SENT: TELL THE PATIENT");
  g_assert_cmpstr (facts->title, ==, "Prescription: azithromycin");
  g_assert_cmpstr (facts->patient_name, ==, "ROSSI, Giulia");
  g_assert_cmpstr (facts->dosage, ==, "1 tablet - once a day");
  return TRUE;
}

/* A prescription that nobody has becomes a line after its minute, and one line only. */
static void
test_not_sent (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, fill);
  care_fixture_write (fixture, sign);
  care_fixture_read (fixture, check_count);
  base_clock_advance (fixture->clock, 61 * G_USEC_PER_SEC);
  care_fixture_read (fixture, check_unsent);
  care_fixture_write (fixture, raise_task);
  care_fixture_read (fixture, check_unsent);
}

typedef struct
{
  GMainLoop *loop;
  char *text;
} Waiting;

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (tasks_write_finish (result, &error));
  g_assert_no_error (error);
  g_main_loop_quit (((Waiting *) data)->loop);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;
  g_autoptr (GError) error = NULL;

  g_free (waiting->text);
  waiting->text = tasks_write_load_draft_finish (result, &error);
  g_assert_no_error (error);
  g_main_loop_quit (waiting->loop);
}

static void
assert_draft (CareFixture *fixture, const char *draft, Waiting *waiting, const char *expected)
{
  tasks_write_load_draft_async (fixture->doctor, draft, read_cb, waiting);
  g_main_loop_run (waiting->loop);
  g_assert_cmpstr (waiting->text, ==, expected);
}

/* What was typed comes back to its author until the outcome is written. */
static void
test_draft (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *mine = tasks_write_draft_id (fixture->doctor, "outcome", "Task/critical");
  g_autofree char *other = tasks_write_draft_id (fixture->other, "outcome", "Task/critical");
  Waiting waiting = { loop, NULL };

  care_fixture_write (fixture, fill);
  tasks_write_draft_async (fixture->doctor, mine, "p", "Rang", written_cb, &waiting);
  g_main_loop_run (loop);
  assert_draft (fixture, mine, &waiting, "Rang");
  assert_draft (fixture, other, &waiting, "");
  care_fixture_write (fixture, complete_red);
  assert_draft (fixture, mine, &waiting, "");
  g_free (waiting.text);
}

static TasksItem *
item_new (const char *reference)
{
  TasksFacts *facts = g_new0 (TasksFacts, 1);

  facts->reference = g_strdup (reference);
  return tasks_item_new (facts);
}

static GListStore *
list_new (const char *references)
{
  GListStore *list = g_list_store_new (TASKS_TYPE_ITEM);

  for (const char *letter = references; *letter; letter++)
    {
      g_autofree char *reference = g_strdup_printf ("Task/%c", *letter);
      g_autoptr (TasksItem) item = item_new (reference);
      g_list_store_append (list, item);
    }
  return list;
}

/* A line that stays is the same object: whoever looks at it does not lose it. */
static void
assert_merged (const char *before, const char *after, guint kept)
{
  g_autoptr (GListStore) shown = list_new (before), fresh = list_new (after), old = list_new ("");
  guint same = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (shown)); i++)
    {
      g_autoptr (TasksItem) item = g_list_model_get_item (G_LIST_MODEL (shown), i);
      g_list_store_append (old, item);
    }
  tasks_item_merge (shown, G_LIST_MODEL (fresh));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (shown)), ==, strlen (after));
  for (guint i = 0; i < strlen (after); i++)
    {
      g_autoptr (TasksItem) item = g_list_model_get_item (G_LIST_MODEL (shown), i);
      g_assert_cmpstr (nth (shown, i)->reference, ==, nth (fresh, i)->reference);
      same += g_list_store_find (old, item, NULL);
    }
  g_assert_cmpuint (same, ==, kept);
}

static void
test_merge (void)
{
  assert_merged ("", "ab", 0);
  assert_merged ("ab", "", 0);
  assert_merged ("abc", "abc", 3);
  assert_merged ("abc", "xabc", 3);
  assert_merged ("abc", "ac", 2);
  assert_merged ("abc", "axc", 2);
  assert_merged ("aa", "a", 1);
}

static gboolean
put_note_tasks (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'mine','status':'requested','intent':'order',"
                    "'code':{'coding':[{'system':'" TASK "','code':'co-sign'}]},'description':"
                    "'Note to co-sign','focus':{'reference':'DocumentReference/n'},'requester':{"
                    "'reference':'Practitioner/nurse','display':'Noor Lind'},'owner':{"
                    "'reference':'Practitioner/doctor'},'authoredOn':'2026-11-22T08:00:00Z'}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'theirs','status':'requested','intent':'order',"
                    "'code':{'coding':[{'system':'" TASK "','code':'co-sign'}]},'focus':{"
                    "'reference':'DocumentReference/n'},'owner':{'reference':"
                    "'Practitioner/other'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'returned','status':'requested','intent':'order',"
                    "'code':{'coding':[{'system':'" TASK "','code':'co-sign-returned'}]},'note':[{"
                    "'text':'Which wound?'}],'requester':{'display':'Dr Ben Hill'},'focus':{"
                    "'reference':'DocumentReference/n'},'owner':{'reference':"
                    "'Practitioner/doctor'},'authoredOn':'2026-11-22T08:30:00Z'}");
  return TRUE;
}

static gboolean
check_note_tasks (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GListStore) all = load (connection, data, NULL);
  g_autofree char *what = tasks_words_what (nth (all, 0)),
                  *detail = tasks_words_detail (nth (all, 0));

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (all)), ==, 2);
  g_assert_cmpstr (nth (all, 0)->reference, ==, "Task/mine");
  g_assert_cmpstr (what, ==, "A note to co-sign");
  g_assert_cmpstr (detail, ==, "From Noor Lind");
  g_assert_false (tasks_facts_can_complete (nth (all, 0)));
  g_assert_cmpstr (nth (all, 1)->reference, ==, "Task/returned");
  g_assert_cmpstr (nth (all, 1)->message, ==, "Which wound?");
  g_assert_true (tasks_facts_can_complete (nth (all, 1)));
  return TRUE;
}

static gboolean
complete_note (StoreConnection *connection, gpointer data, GError **error)
{
  return tasks_write_complete (connection, ((CareFixture *) data)->doctor, "mine", NULL, error);
}

/* A note to co-sign waits for the one who is asked, and no tick answers it. */
static void
test_note (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) ticked = NULL;

  care_fixture_write (fixture, put_note_tasks);
  care_fixture_read (fixture, check_note_tasks);
  ticked = care_fixture_try (fixture, complete_note);
  g_assert_error (ticked, CARE_ERROR, CARE_ERROR_STATE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/tasks/write/list", CareFixture, NULL, care_fixture_set_up, test_list,
              care_fixture_tear_down);
  g_test_add ("/tasks/write/red-needs-outcome", CareFixture, NULL, care_fixture_set_up,
              test_red_needs_outcome, care_fixture_tear_down);
  g_test_add ("/tasks/write/undo", CareFixture, NULL, care_fixture_set_up, test_undo,
              care_fixture_tear_down);
  g_test_add ("/tasks/write/told", CareFixture, NULL, care_fixture_set_up, test_told,
              care_fixture_tear_down);
  g_test_add ("/tasks/write/modifier", CareFixture, NULL, care_fixture_set_up, test_modifier,
              care_fixture_tear_down);
  g_test_add ("/tasks/write/not-sent", CareFixture, NULL, care_fixture_set_up, test_not_sent,
              care_fixture_tear_down);
  g_test_add ("/tasks/write/note", CareFixture, NULL, care_fixture_set_up, test_note,
              care_fixture_tear_down);
  g_test_add ("/tasks/write/draft", CareFixture, NULL, care_fixture_set_up, test_draft,
              care_fixture_tear_down);
  g_test_add_func ("/tasks/write/merge", test_merge);
  return g_test_run ();
}
