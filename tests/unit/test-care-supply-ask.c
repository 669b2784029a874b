/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-supply-ask.h"

#include <locale.h>
#include <string.h>

#include "care-fixture.h"
#include "care-prescription-recheck.h"
#include "care-prescription.h"
#include "clinical-finding.h"
#include "fhir-builder.h"

/* Renewals and what pharmacies ask: what is read is what is approved, several at once or none, and
 * all of it can be taken back. */

#define ask_test(path, function)                                                                   \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, function, care_fixture_tear_down)

#define LISINOPRIL                                                                                 \
  "'medicationCodeableConcept':{'coding':[{'system':'" CARE_SYSTEM_RXNORM                          \
  "','code':'314076'}],'text':'lisinopril 10 MG Oral Tablet'}"
#define ONCE_A_DAY                                                                                 \
  "'dosageInstruction':[{'timing':{'repeat':{'frequency':1,'period':1,'periodUnit':'d'}},"         \
  "'route':{'text':'oral'},'doseAndRate':[{'doseQuantity':{'value':1,'unit':'tablet'}}]}]"
#define SUPPLY                                                                                     \
  "'dispenseRequest':{'numberOfRepeatsAllowed':3,'quantity':{'value':28,'unit':'tablet'},"         \
  "'validityPeriod':{'end':'2026-06-01'}}"

static GPtrArray *read_asks; /* CareSupplyAsk, by list_work () */
static GPtrArray *approvals; /* CareSupplyApproval */
static CareContext *who;
static const char *about, *words;

static void
put_order (StoreConnection *connection, const char *id, const char *rest)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'%s','intent':'order','authoredOn':'2026-01-05',"
      "'identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID "','value':'%s'}],"
      "'requester':{'reference':'Practitioner/other'}," SUPPLY ",%s}",
      id, id, rest);

  care_fixture_put (connection, json);
}

static void
put_ask (StoreConnection *connection,
         const char *id,
         const char *code,
         const char *order,
         const char *patient,
         const char *rest)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Task','id':'%s','status':'requested','intent':'proposal',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'%s'}]},"
      "'focus':{'reference':'MedicationRequest/%s'},'for':{'reference':'Patient/%s'},%s}",
      id, code, order, patient, rest);

  care_fixture_put (connection, json);
}

#define OF_JANE "'subject':{'reference':'Patient/p'}"
#define BY_JANE "'requester':{'reference':'Patient/p'},'authoredOn':'2026-11-20T09:00:00Z'"
#define BY_COUNTER                                                                                 \
  "'requester':{'reference':'Organization/ph'},'authoredOn':'2026-11-19T09:00:00Z',"               \
  "'reasonCode':{'text':'is it 10?'},'businessStatus':{'coding':[{'system':"                       \
  "'https://bedside.health/fhir/task','code':'dose-question'}]}"

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12',"
                                "'name':[{'family':'Smith','given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q','birthDate':'1950-01-02'}");
  care_fixture_put (connection, "{'resourceType':'Organization','id':'ph','name':'Mill Pharmacy'}");
  put_order (connection, "old", "'status':'active'," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_ask (connection, "r1", "renewal", "old", "p", BY_JANE ",'description':'Please renew'");
  put_ask (connection, "c1", "change-request", "old", "p", BY_COUNTER);
  return TRUE;
}

static gboolean
list_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_pointer (&read_asks, g_ptr_array_unref);
  read_asks = care_supply_ask_list (connection, fixture->clock, NULL,
                                    CLINICAL_CONTENT (fixture->content), error);
  return read_asks != NULL;
}

static CareSupplyAsk *
find_ask (const char *id)
{
  for (guint i = 0; i < read_asks->len; i++)
    if (g_str_equal (((CareSupplyAsk *) read_asks->pdata[i])->task_id, id))
      return read_asks->pdata[i];
  g_error ("%s is not asked", id);
}

/* As somebody who has read it approves it. @reason: (nullable): for each finding that needs one */
static void
choose (const char *id, const char *reason)
{
  CareSupplyAsk *ask = find_ask (id);
  CareSupplyApproval *approval = g_new0 (CareSupplyApproval, 1);

  approval->task_id = g_strdup (id);
  approval->seen = g_strdup (ask->seen);
  approval->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; reason && ask->findings && i < ask->findings->len; i++)
    if (clinical_finding_needs_reason (ask->findings->pdata[i]))
      g_hash_table_insert (approval->reasons, clinical_finding_dup_key (ask->findings->pdata[i]),
                           g_strdup (reason));
  g_ptr_array_add (approvals, approval);
}

static void
start (CareFixture *fixture, StoreWork more)
{
  care_fixture_write (fixture, fill);
  if (more)
    care_fixture_write (fixture, more);
  who = fixture->doctor;
  g_clear_pointer (&approvals, g_ptr_array_unref);
  approvals = g_ptr_array_new_with_free_func ((GDestroyNotify) care_supply_approval_free);
  care_fixture_read (fixture, list_work);
}

static void
end (void)
{
  g_clear_pointer (&approvals, g_ptr_array_unref);
  g_clear_pointer (&read_asks, g_ptr_array_unref);
}

static gboolean
approve_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  return care_supply_ask_approve (connection, who, approvals, CLINICAL_CONTENT (fixture->content),
                                  error);
}

static gboolean
refuse_work (StoreConnection *connection, gpointer data, GError **error)
{
  return care_supply_ask_refuse (connection, who, about, words, error);
}

static gboolean
undo_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < approvals->len; i++)
    g_ptr_array_add (ids, ((CareSupplyApproval *) approvals->pdata[i])->task_id);
  g_ptr_array_add (ids, NULL);
  return care_supply_ask_undo (connection, who, (const char *const *) ids->pdata, error);
}

static void
expect (CareFixture *fixture, StoreWork work, int code, const char *part)
{
  g_autoptr (GError) error = care_fixture_try (fixture, work);

  g_assert_error (error, CARE_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static gboolean
is_as_before (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) old = care_fixture_get (connection, "MedicationRequest", "old");
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "r1");

  g_assert_cmpstr (fhir_resource_path_text (old, "status"), ==, "active");
  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "requested");
  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest",
                                        "requester=Practitioner/doctor"),
                    ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 0);
  return TRUE;
}

/* ---- what is read ---- */

static void
test_list (CareFixture *fixture, gconstpointer data)
{
  CareSupplyAsk *renewal, *change;

  start (fixture, NULL);
  g_assert_cmpuint (read_asks->len, ==, 2);
  change = read_asks->pdata[0]; /* what waits longest */
  renewal = read_asks->pdata[1];
  g_assert_false (change->is_renewal);
  g_assert_cmpstr (change->from, ==, "Mill Pharmacy");
  g_assert_cmpstr (change->words, ==, "is it 10?");
  g_assert_nonnull (strstr (change->what, "the dose is meant"));
  g_assert_null (change->findings);
  g_assert_true (renewal->is_renewal);
  g_assert_cmpstr (renewal->from, ==, "The patient");
  g_assert_cmpstr (renewal->words, ==, "Please renew");
  g_assert_nonnull (strstr (renewal->patient, "SMITH"));
  g_assert_nonnull (strstr (renewal->medicine, "lisinopril"));
  g_assert_nonnull (renewal->dosage);
  g_assert_cmpstr (renewal->supply, ==, "Supply 28 tablets, 3 repeats");
  g_assert_null (renewal->problem);
  g_assert_cmpuint (renewal->findings->len, >=, 5);
  /* what it takes the place of is no second one of the same */
  for (guint i = 0; i < renewal->findings->len; i++)
    g_assert_false (clinical_finding_needs_reason (renewal->findings->pdata[i]));
  end ();
}

static gboolean
put_problems (StoreConnection *connection, gpointer data, GError **error)
{
  put_order (connection, "stopped", "'status':'stopped'," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_order (connection, "theirs",
             "'status':'active'," LISINOPRIL "," ONCE_A_DAY ",'subject':{'reference':'Patient/q'}");
  put_order (connection, "draft", "'status':'draft'," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_order (connection, "silent", "'status':'completed'," LISINOPRIL "," OF_JANE);
  put_order (connection, "two",
             "'status':'completed'," LISINOPRIL ",'dosageInstruction':[{'text':'three tablets a "
             "day','timing':{'repeat':{'frequency':1,'period':1,'periodUnit':'d'}},'doseAndRate':[{"
             "'doseQuantity':{'value':1,'unit':'tablet'}}]}]," OF_JANE);
  put_order (connection, "dated",
             "'status':'completed'," LISINOPRIL ",'dosageInstruction':[{'timing':{'repeat':{"
             "'boundsPeriod':{'end':'2026-02-01'},'frequency':1,'period':1,'periodUnit':'d'}},"
             "'doseAndRate':[{'doseQuantity':{'value':1,'unit':'tablet'}}]}]," OF_JANE);
  put_order (connection, "open", "'status':'active'," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_ask (connection, "t", "dispense", "open", "p", "'owner':{'reference':'Organization/ph'}");
  put_order (connection, "renewed", "'status':'completed'," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_order (connection, "since",
             "'status':'active','priorPrescription':{'reference':'MedicationRequest/"
             "renewed'}," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_order (connection, "first", "'status':'completed'," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_order (connection, "then",
             "'status':'completed','priorPrescription':{'reference':'MedicationRequest/"
             "first'}," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_order (connection, "begun", "'status':'completed'," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  put_order (connection, "ended",
             "'status':'stopped','priorPrescription':{'reference':'MedicationRequest/"
             "begun'}," LISINOPRIL "," ONCE_A_DAY "," OF_JANE);
  return TRUE;
}

static const struct
{
  const char *order, *problem;
} problems[] = {
  { "stopped", "It was stopped" },
  { "theirs", "another patient" },
  { "draft", "no signed prescription" },
  { "silent", "say different things" },
  { "two", "say different things" },
  { "dated", "certain days" },
  { "open", "A pharmacy still has it" },
  { "renewed", "renewed already" },
  { "first", "renewed already" },
  { "begun", "It was stopped" },
  { "nowhere", "not on this computer yet" },
};

static gboolean
ask_for_each (StoreConnection *connection, gpointer data, GError **error)
{
  put_problems (connection, data, error);
  for (gsize i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      g_autofree char *id = g_strconcat ("of-", problems[i].order, NULL);

      put_ask (connection, id, "renewal", problems[i].order, "p", BY_JANE);
    }
  return TRUE;
}

/* What cannot be signed as it stands says what to do instead, and is not signed. */
static void
test_problems (CareFixture *fixture, gconstpointer data)
{
  start (fixture, ask_for_each);
  for (gsize i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      g_autofree char *id = g_strconcat ("of-", problems[i].order, NULL);

      g_test_message ("%s: %s", problems[i].order, find_ask (id)->problem);
      g_assert_nonnull (find_ask (id)->problem);
      g_assert_nonnull (strstr (find_ask (id)->problem, problems[i].problem));
      g_ptr_array_set_size (approvals, 0);
      choose (id, NULL);
      expect (fixture, approve_work, CARE_ERROR_STATE, problems[i].problem);
    }
  /* with one of them, none of the others is signed */
  choose ("r1", NULL);
  expect (fixture, approve_work, CARE_ERROR_STATE, "");
  care_fixture_read (fixture, is_as_before);
  end ();
}

/* ---- approving ---- */

static gboolean
is_renewed (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (FhirResource) old = care_fixture_get (connection, "MedicationRequest", "old");
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "r1");
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "MedicationRequest", "requester=Practitioner/doctor", error);
  g_autoptr (FhirResource) new = NULL;
  g_autoptr (GPtrArray) leaving = g_ptr_array_new ();
  g_autofree char *reference = NULL, *target = NULL, *news = NULL;

  g_assert_cmpstr (fhir_resource_path_text (old, "status"), ==, "completed");
  g_assert_cmpuint (ids->len, ==, 1);
  new = care_fixture_get (connection, "MedicationRequest", ids->pdata[0]);
  reference = fhir_resource_dup_reference (new);
  target = g_strconcat ("target=", reference, NULL);
  g_assert_cmpstr (fhir_resource_path_text (new, "status"), ==, "active");
  g_assert_cmpstr (fhir_resource_path_text (new, "priorPrescription.reference"), ==,
                   "MedicationRequest/old");
  g_assert_cmpstr (fhir_resource_path_text (new, "identifier.0.value"), ==, ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (new, "dispenseRequest.quantity.value"), ==, "28");
  g_assert_null (fhir_resource_path (new, "dispenseRequest.validityPeriod"));
  g_assert_nonnull (fhir_resource_path (new, "dosageInstruction.0.timing"));
  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "completed");
  g_assert_cmpstr (fhir_resource_path_text (task, "output.0.valueReference.reference"), ==,
                   reference);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", target), ==, 1);
  /* and nothing holds it back before it leaves */
  g_ptr_array_add (leaving, new);
  news =
      care_prescription_recheck (connection, leaving, CLINICAL_CONTENT (fixture->content), error);
  g_assert_null (news);
  return TRUE;
}

static void
test_approve (CareFixture *fixture, gconstpointer data)
{
  start (fixture, NULL);
  choose ("r1", NULL);
  care_fixture_write (fixture, approve_work);
  care_fixture_read (fixture, is_renewed);
  expect (fixture, approve_work, CARE_ERROR_STATE, "does not wait");
  care_fixture_read (fixture, is_renewed);
  care_fixture_read (fixture, list_work);
  g_assert_cmpuint (read_asks->len, ==, 1);
  care_fixture_write (fixture, undo_work);
  care_fixture_read (fixture, is_as_before);
  base_clock_advance (fixture->clock, CARE_UNDO_US);
  expect (fixture, undo_work, CARE_ERROR_TOO_LATE, "cannot be undone");
  end ();
}

/* ---- where a renewal goes ---- */

#define BY_MILL "'owner':{'reference':'Organization/ph','display':'Mill'},"
#define BROUGHT "'input':[{'type':{'text':'mode'},'valueCode':'mail'}],"

static const char *last_status; /* of the Task by which a pharmacy had the one before */

static gboolean
put_last (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Task','id':'last','status':'%s','intent':'order'," BY_MILL BROUGHT
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'dispense'}]},"
      "'focus':{'reference':'MedicationRequest/old'},'for':{'reference':'Patient/p'}}",
      last_status);

  care_fixture_put (connection, json);
  return TRUE;
}

static gboolean
put_ask_of_another (StoreConnection *connection, gpointer data, GError **error)
{
  last_status = "completed";
  put_last (connection, data, error);
  put_ask (connection, "r1", "renewal", "old", "p",
           "'requester':{'reference':'Organization/next'},'authoredOn':'2026-11-20T09:00:00Z'");
  return TRUE;
}

/* (transfer full) (nullable): what asks a pharmacy for the renewal */
static FhirResource *
find_sent (StoreConnection *connection)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "Task", "requester=Practitioner/doctor", NULL);

  g_assert_cmpuint (ids->len, <=, 1);
  return ids->len == 1 ? care_fixture_get (connection, "Task", ids->pdata[0]) : NULL;
}

static gboolean
is_sent_as_before (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "MedicationRequest", "requester=Practitioner/doctor", error);
  g_autofree char *focus = g_strdup_printf ("MedicationRequest/%s", (char *) ids->pdata[0]);
  g_autoptr (FhirResource) sent = find_sent (connection);

  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_nonnull (sent);
  g_assert_cmpstr (fhir_resource_path_text (sent, "status"), ==, "requested");
  g_assert_cmpstr (fhir_resource_path_text (sent, "code.coding.0.code"), ==, "dispense");
  g_assert_cmpstr (fhir_resource_path_text (sent, "focus.reference"), ==, focus);
  g_assert_cmpstr (fhir_resource_path_text (sent, "for.reference"), ==, "Patient/p");
  g_assert_cmpstr (fhir_resource_path_text (sent, "owner.reference"), ==, "Organization/ph");
  g_assert_cmpstr (fhir_resource_path_text (sent, "owner.display"), ==, "Mill");
  g_assert_cmpstr (fhir_resource_path_text (sent, "input.0.valueCode"), ==, "mail");
  return TRUE;
}

static gboolean
is_sent_to_who_asks (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) sent = find_sent (connection);

  g_assert_nonnull (sent);
  g_assert_cmpstr (fhir_resource_path_text (sent, "owner.reference"), ==, "Organization/next");
  g_assert_null (fhir_resource_path (sent, "input"));
  return TRUE;
}

static gboolean
is_not_sent (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) sent = find_sent (connection);

  g_assert_null (sent);
  return TRUE;
}

/* A renewal goes with its signature to the pharmacy that had the one before; Undo takes both. */
static void
test_sent_as_before (CareFixture *fixture, gconstpointer data)
{
  last_status = "completed";
  start (fixture, put_last);
  choose ("r1", NULL);
  care_fixture_write (fixture, approve_work);
  care_fixture_read (fixture, is_renewed);
  care_fixture_read (fixture, is_sent_as_before);
  care_fixture_write (fixture, undo_work);
  care_fixture_read (fixture, is_as_before);
  care_fixture_read (fixture, is_not_sent);
  end ();
}

static void
test_sent_to_who_asks (CareFixture *fixture, gconstpointer data)
{
  start (fixture, put_ask_of_another);
  choose ("r1", NULL);
  care_fixture_write (fixture, approve_work);
  care_fixture_read (fixture, is_sent_to_who_asks);
  end ();
}

static void
test_not_sent_to_who_refused (CareFixture *fixture, gconstpointer data)
{
  last_status = "rejected";
  start (fixture, put_last);
  choose ("r1", NULL);
  care_fixture_write (fixture, approve_work);
  care_fixture_read (fixture, is_renewed);
  care_fixture_read (fixture, is_not_sent);
  end ();
}

static gboolean
put_second_ask (StoreConnection *connection, gpointer data, GError **error)
{
  put_ask (connection, "r2", "renewal", "old", "p", BY_COUNTER);
  return TRUE;
}

/* Patient and pharmacy ask for the same, and both are ticked: one prescription, or none. */
static void
test_asked_for_twice (CareFixture *fixture, gconstpointer data)
{
  start (fixture, put_second_ask);
  choose ("r1", NULL);
  choose ("r2", NULL);
  expect (fixture, approve_work, CARE_ERROR_STATE, "renewed already");
  care_fixture_read (fixture, is_as_before);
  g_ptr_array_remove_index (approvals, 1);
  care_fixture_write (fixture, approve_work);
  care_fixture_read (fixture, is_renewed);
  care_fixture_read (fixture, list_work);
  g_assert_nonnull (strstr (find_ask ("r2")->problem, "renewed already"));
  end ();
}

static gboolean
put_second_order (StoreConnection *connection, gpointer data, GError **error)
{
  put_order (connection, "second",
             "'status':'active','medicationCodeableConcept':{'text':'Cholecalciferol drops'}," //
             ONCE_A_DAY ",'subject':{'reference':'Patient/q'}");
  put_ask (connection, "r2", "renewal", "second", "q", BY_COUNTER);
  return TRUE;
}

static gboolean
has_both (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) change = care_fixture_get (connection, "Task", "c1");

  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest",
                                        "requester=Practitioner/doctor"),
                    ==, 2);
  g_assert_cmpstr (fhir_resource_path_text (change, "status"), ==, "completed");
  g_assert_cmpstr (fhir_resource_path_text (change, "businessStatus.coding.0.code"), ==,
                   "approved");
  return TRUE;
}

/* Of two patients and a pharmacy's question, at once; and all of it is taken back at once. */
static void
test_several_at_once (CareFixture *fixture, gconstpointer data)
{
  start (fixture, put_second_order);
  choose ("r1", "Read");
  choose ("r2", "Read");
  choose ("c1", NULL);
  care_fixture_write (fixture, approve_work);
  care_fixture_read (fixture, has_both);
  care_fixture_write (fixture, undo_work);
  care_fixture_read (fixture, is_as_before);
  end ();
}

static gboolean
put_allergy (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'ace','clinicalStatus':{'coding':[{'code':"
      "'active'}]},'criticality':'high','code':{'text':'Lisinopril'},'patient':{'reference':"
      "'Patient/p'},'reaction':[{'manifestation':[{'text':'Angioedema'}]}]}");
  return TRUE;
}

static gboolean
has_override (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "DetectedIssue", "patient=p"), >=, 1);
  return TRUE;
}

/* What was not there when it was read is not signed past; read again, it needs a reason. */
static void
test_chart_changes (CareFixture *fixture, gconstpointer data)
{
  start (fixture, NULL);
  choose ("r1", NULL);
  care_fixture_write (fixture, put_allergy);
  expect (fixture, approve_work, CARE_ERROR_FINDINGS, "changed while you read");
  care_fixture_read (fixture, is_as_before);
  care_fixture_read (fixture, list_work);
  g_ptr_array_set_size (approvals, 0);
  choose ("r1", NULL);
  expect (fixture, approve_work, CARE_ERROR_FINDINGS, "Write why");
  care_fixture_read (fixture, is_as_before);
  g_ptr_array_set_size (approvals, 0);
  choose ("r1", "Taken for years");
  care_fixture_write (fixture, approve_work);
  care_fixture_read (fixture, has_override);
  end ();
}

static void
test_role (CareFixture *fixture, gconstpointer data)
{
  start (fixture, NULL);
  choose ("r1", NULL);
  who = fixture->nurse;
  about = "r1";
  words = "No";
  expect (fixture, approve_work, CARE_ERROR_ROLE, "nurse");
  expect (fixture, refuse_work, CARE_ERROR_ROLE, "nurse");
  expect (fixture, undo_work, CARE_ERROR_ROLE, "nurse");
  care_fixture_read (fixture, is_as_before);
  end ();
}

/* ---- refusing ---- */

static gboolean
is_refused (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "r1");

  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "rejected");
  g_assert_cmpstr (fhir_resource_path_text (task, "statusReason.text"), ==, "Come in first");
  g_assert_cmpstr (fhir_resource_path_text (task, "owner.reference"), ==, "Practitioner/doctor");
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 0);
  return TRUE;
}

static void
test_refuse (CareFixture *fixture, gconstpointer data)
{
  start (fixture, NULL);
  about = "r1";
  words = " \n";
  expect (fixture, refuse_work, CARE_ERROR_MISSING, "Write why");
  words = " Come in first ";
  care_fixture_write (fixture, refuse_work);
  care_fixture_read (fixture, is_refused);
  expect (fixture, refuse_work, CARE_ERROR_STATE, "does not wait");
  choose ("r1", NULL);
  care_fixture_write (fixture, undo_work);
  care_fixture_read (fixture, is_as_before);
  end ();
}

/* Ten times as much as was signed, and somebody asks for the same again. */
static gboolean
tamper_and_ask (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "MedicationRequest", "requester=Practitioner/doctor", error);
  g_autoptr (FhirResource) signed_one =
      care_fixture_get (connection, "MedicationRequest", ids->pdata[0]);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (signed_one);
  g_autoptr (FhirResource) changed = NULL;
  g_auto (StorePut) put = { 0 };

  fhir_builder_remove (builder, "dispenseRequest.quantity.value");
  fhir_builder_set_decimal (builder, "dispenseRequest.quantity.value", "280");
  changed = fhir_builder_end (builder);
  put_ask (connection, "again", "renewal", ids->pdata[0], "p", BY_JANE);
  return store_resource_put (connection, changed, STORE_PUT_DEFAULT, NULL, &put, error);
}

static BaseKey *
make_key (gpointer data, GError **error)
{
  return base_key_new (error);
}

static void
test_a_void_signature (CareFixture *fixture, gconstpointer data)
{
  start (fixture, NULL);
  care_context_set_key_source (fixture->doctor, make_key, NULL, NULL);
  g_assert_true (care_context_load_key (fixture->doctor, NULL));
  choose ("r1", NULL);
  care_fixture_write (fixture, approve_work);
  care_fixture_write (fixture, tamper_and_ask);
  care_fixture_read (fixture, list_work);
  g_assert_nonnull (strstr (find_ask ("again")->problem, "SIGNATURE VOID"));
  end ();
}

/* ---- writing another in its place ---- */

static char *draft_id;

static gboolean
change_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_pointer (&draft_id, g_free);
  draft_id =
      care_supply_ask_change (connection, who, about, CLINICAL_CONTENT (fixture->content), error);
  return draft_id != NULL;
}

static gboolean
is_begun (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePrescriptionDraft) draft = care_prescription_load (connection, draft_id, error);
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", "c1");
  g_autofree char *dose = NULL, *quantity = NULL;
  int frequency = 0, repeats = 0;

  g_object_get (draft, "dose-value", &dose, "frequency", &frequency, "quantity", &quantity,
                "repeats", &repeats, NULL);
  g_assert_cmpstr (care_prescription_draft_get_drug_code (draft), ==, "314076");
  g_assert_cmpstr (care_prescription_draft_get_patient_id (draft), ==, "p");
  g_assert_cmpstr (care_prescription_draft_get_author (draft), ==, "Practitioner/doctor");
  g_assert_cmpstr (dose, ==, "1");
  g_assert_cmpint (frequency, ==, 1);
  g_assert_cmpstr (quantity, ==, "28");
  g_assert_cmpint (repeats, ==, 3);
  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "rejected");
  g_assert_cmpstr (fhir_resource_path_text (task, "statusReason.text"), ==,
                   "Another prescription is written in its place.");
  /* nothing is signed by it, nor stopped */
  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest",
                                        "requester=Practitioner/doctor"),
                    ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest", "status=active"), ==, 1);
  return TRUE;
}

static gboolean
sign_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CarePrescriptionDraft) draft = care_prescription_load (connection, draft_id, error);
  g_autoptr (GPtrArray) findings =
      care_prescription_check (connection, draft, CLINICAL_CONTENT (fixture->content), error);
  g_autoptr (GHashTable) reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < findings->len; i++)
    if (clinical_finding_needs_reason (findings->pdata[i]))
      g_hash_table_insert (reasons, clinical_finding_dup_key (findings->pdata[i]),
                           g_strdup ("Instead of it"));
  return care_prescription_sign (connection, who, draft, CLINICAL_CONTENT (fixture->content),
                                 reasons, NULL, error);
}

static gboolean
undo_signature (StoreConnection *connection, gpointer data, GError **error)
{
  return care_prescription_undo (connection, who, draft_id, error);
}

static gboolean
put_waiting (StoreConnection *connection, gpointer data, GError **error)
{
  last_status = "on-hold";
  return put_last (connection, data, error);
}

static gboolean
is_in_its_place (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) old = care_fixture_get (connection, "MedicationRequest", "old");
  g_autoptr (FhirResource) new = care_fixture_get (connection, "MedicationRequest", draft_id);
  g_autoptr (FhirResource) stop = find_sent (connection);

  g_assert_cmpstr (fhir_resource_path_text (new, "status"), ==, "active");
  g_assert_cmpstr (fhir_resource_path_text (new, "priorPrescription.reference"), ==,
                   "MedicationRequest/old");
  g_assert_cmpstr (fhir_resource_path_text (old, "status"), ==, "stopped");
  g_assert_cmpstr (fhir_resource_path_text (old, "statusReason.text"), ==,
                   "Another prescription is written in its place.");
  /* and the pharmacy that has the old one hears of it */
  g_assert_nonnull (stop);
  g_assert_cmpstr (fhir_resource_path_text (stop, "code.coding.0.code"), ==, "cancel-supply");
  g_assert_cmpstr (fhir_resource_path_text (stop, "owner.reference"), ==, "Organization/ph");
  return TRUE;
}

static gboolean
has_no_draft (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) drafts = store_draft_list (connection, "Practitioner/doctor", "p", error);

  g_assert_cmpuint (drafts->len, ==, 0);
  return TRUE;
}

static gboolean
ask_for_theirs (StoreConnection *connection, gpointer data, GError **error)
{
  put_order (connection, "theirs",
             "'status':'active'," LISINOPRIL "," ONCE_A_DAY ",'subject':{'reference':'Patient/q'}");
  put_order (connection, "plain",
             "'status':'active','medicationCodeableConcept':{'text':'A tea'}," ONCE_A_DAY
             "," OF_JANE);
  put_ask (connection, "of-theirs", "renewal", "theirs", "p", BY_JANE);
  put_ask (connection, "of-plain", "renewal", "plain", "p", BY_JANE);
  return TRUE;
}

static void
test_write_anew (CareFixture *fixture, gconstpointer data)
{
  start (fixture, NULL);
  about = "c1";
  care_fixture_write (fixture, change_work);
  care_fixture_read (fixture, is_begun);
  expect (fixture, change_work, CARE_ERROR_STATE, "does not wait");
  end ();
  g_clear_pointer (&draft_id, g_free);
}

static gboolean
forgets_elsewhere (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePrescriptionDraft) draft = care_prescription_load (connection, draft_id, error);
  g_autofree char *body = care_prescription_draft_dup_body (draft), *prior = NULL, *none = NULL;
  g_autoptr (CarePrescriptionDraft) other =
      care_prescription_draft_new_from_elsewhere ("n", "p", "Practitioner/doctor", NULL, body,
                                                  error);

  g_object_get (draft, "prior", &prior, NULL);
  g_object_get (other, "prior", &none, NULL);
  g_assert_cmpstr (prior, ==, "MedicationRequest/old");
  g_assert_null (none);
  return TRUE;
}

/* The old one ends with the signature of the new one, not before; and Undo gives it back. */
static void
test_sign_anew (CareFixture *fixture, gconstpointer data)
{
  start (fixture, put_waiting);
  about = "c1";
  care_fixture_write (fixture, change_work);
  care_fixture_read (fixture, is_begun);
  care_fixture_read (fixture, forgets_elsewhere);
  care_fixture_write (fixture, sign_work);
  care_fixture_read (fixture, is_in_its_place);
  care_fixture_write (fixture, undo_signature);
  care_fixture_read (fixture, is_as_before);
  care_fixture_read (fixture, is_not_sent);
  end ();
  g_clear_pointer (&draft_id, g_free);
}

static void
test_write_no_other (CareFixture *fixture, gconstpointer data)
{
  start (fixture, ask_for_theirs);
  about = "of-theirs";
  expect (fixture, change_work, CARE_ERROR_STATE, "another patient");
  about = "of-plain";
  expect (fixture, change_work, CARE_ERROR_STATE, "not in the list of medicines");
  about = "r1";
  who = fixture->nurse;
  expect (fixture, change_work, CARE_ERROR_ROLE, "nurse");
  care_fixture_read (fixture, has_no_draft);
  care_fixture_read (fixture, is_as_before);
  end ();
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  ask_test ("/care/supply-ask/list", test_list);
  ask_test ("/care/supply-ask/problems", test_problems);
  ask_test ("/care/supply-ask/approve", test_approve);
  ask_test ("/care/supply-ask/sent-as-before", test_sent_as_before);
  ask_test ("/care/supply-ask/sent-to-who-asks", test_sent_to_who_asks);
  ask_test ("/care/supply-ask/not-sent-to-who-refused", test_not_sent_to_who_refused);
  ask_test ("/care/supply-ask/asked-for-twice", test_asked_for_twice);
  ask_test ("/care/supply-ask/several-at-once", test_several_at_once);
  ask_test ("/care/supply-ask/chart-changes", test_chart_changes);
  ask_test ("/care/supply-ask/role", test_role);
  ask_test ("/care/supply-ask/refuse", test_refuse);
  ask_test ("/care/supply-ask/a-void-signature", test_a_void_signature);
  ask_test ("/care/supply-ask/write-anew", test_write_anew);
  ask_test ("/care/supply-ask/sign-anew", test_sign_anew);
  ask_test ("/care/supply-ask/write-no-other", test_write_no_other);
  return g_test_run ();
}
