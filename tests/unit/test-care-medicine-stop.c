/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicine-stop.h"

#include <locale.h>
#include <string.h>

#include "care-fixture.h"
#include "care-prescription.h"

/* Stopping one medicine: what a pharmacy has of it is said first, asked back with it, and taken
 * back with it. */

#define stop_test(path, function)                                                                  \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, function, care_fixture_tear_down)

#define ORDER "MedicationRequest/ours"

static CareContext *who;
static const char *about, *reason;
static char *undo;

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Organization','id':'ph','name':'Mill Pharmacy'}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'ours','status':'active','intent':'order',"
      "'authoredOn':'2026-11-05','identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID
      "','value':'ours'}],'medicationCodeableConcept':{'text':'Amlodipine 5 mg'},"
      "'requester':{'reference':'Practitioner/doctor'},'subject':{'reference':'Patient/p'},"
      "'dosageInstruction':[{'text':'one a day'}],'dispenseRequest':{'numberOfRepeatsAllowed':0,"
      "'quantity':{'value':28,'unit':'tablet'}}}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationStatement','id':'theirs','status':'active',"
      "'medicationCodeableConcept':{'text':'Warfarin 3 mg'},'informationSource':{'reference':"
      "'Organization/x','display':'City Hospital'},'subject':{'reference':'Patient/p'}}");
  return TRUE;
}

static void
put_task (StoreConnection *connection, const char *status)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Task','id':'t','intent':'order','status':'%s',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'dispense'}]},"
      "'focus':{'reference':'" ORDER "'},'for':{'reference':'Patient/p'},"
      "'owner':{'reference':'Organization/ph'},'authoredOn':'2026-11-21T09:00:00Z'}",
      status);

  care_fixture_put (connection, json);
}

static void
put_dispense (StoreConnection *connection, int tablets)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'MedicationDispense','id':'d','status':'completed',"
      "'subject':{'reference':'Patient/p'},'whenHandedOver':'2026-11-21T12:00:00Z',"
      "'authorizingPrescription':[{'reference':'" ORDER "'}],"
      "'medicationCodeableConcept':{'text':'Amlodipine 5 mg'},"
      "'quantity':{'value':%d,'unit':'tablets'}}",
      tablets);

  care_fixture_put (connection, json);
}

static gboolean
with_the_pharmacy (StoreConnection *connection, gpointer data, GError **error)
{
  put_task (connection, "accepted");
  return TRUE;
}

static gboolean
stop_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_pointer (&undo, g_free);
  return care_medicine_stop (connection, who, "p", about, reason,
                             CLINICAL_CONTENT (fixture->content), &undo, error);
}

static void
start (CareFixture *fixture, const char *reference)
{
  care_fixture_write (fixture, fill);
  who = fixture->doctor;
  about = reference;
  reason = "Swollen ankles";
}

static void
expect_refusal (CareFixture *fixture, int code)
{
  g_autoptr (GError) error = care_fixture_try (fixture, stop_work);

  g_assert_error (error, CARE_ERROR, code);
}

/* ---- what is said first ---- */

static const struct
{
  const char *task; /* of the pharmacy, or NULL */
  int handed_out;   /* tablets */
  gboolean is_open;
  const char *where, *what;
} outlooks[] = {
  { NULL, 0, TRUE, "Sent", "No pharmacy has it" },
  { "requested", 0, TRUE, "chose Mill Pharmacy", "has not begun with it" },
  { "accepted", 0, TRUE, "Mill Pharmacy has it", "they are asked to stop" },
  { "ready", 10, TRUE, "handed out 10 of 28 tablets. The rest is to come",
    "has handed out 10 of 28 tablets: they are asked not to hand out the rest" },
  { "completed", 10, TRUE, "no pharmacy has been asked for it",
    "What is left is with the patient" },
  { "completed", 28, FALSE, "nothing is left to hand out", "What is left is with the patient" },
  { "rejected", 0, FALSE, "NOT SUPPLIED BY Mill Pharmacy", "nobody is asked to stop it" },
};

static gboolean
look_at_each (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  for (gsize i = 0; i < G_N_ELEMENTS (outlooks); i++)
    {
      g_autoptr (CareMedicineStop) stop = NULL;
      g_auto (StorePut) out = { 0 };
      CareMedicineStopOrder *order;

      if (outlooks[i].task)
        put_task (connection, outlooks[i].task);
      put_dispense (connection, outlooks[i].handed_out);
      if (outlooks[i].handed_out == 0)
        g_assert_true (
            store_resource_delete (connection, "MedicationDispense", "d", NULL, &out, error));
      stop = care_medicine_stop_look (connection, fixture->doctor, "p", ORDER,
                                      CLINICAL_CONTENT (fixture->content), error);
      g_assert_nonnull (stop);
      g_assert_cmpstr (stop->name, ==, "Amlodipine 5 mg");
      g_assert_cmpuint (stop->orders->len, ==, 1);
      order = stop->orders->pdata[0];
      g_test_message ("%s | %s", order->where, order->what);
      g_assert_nonnull (strstr (order->where, outlooks[i].where));
      g_assert_nonnull (strstr (order->what, outlooks[i].what));
      g_assert_cmpint (order->is_open, ==, outlooks[i].is_open);
      g_assert_cmpint (stop->is_open, ==, outlooks[i].is_open);
    }
  return TRUE;
}

static void
test_says_what_is_open (CareFixture *fixture, gconstpointer data)
{
  start (fixture, ORDER);
  care_fixture_write (fixture, look_at_each);
}

static gboolean
look_elsewhere (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareMedicineStop) stop =
      care_medicine_stop_look (connection, fixture->nurse, "p", "MedicationStatement/theirs",
                               CLINICAL_CONTENT (fixture->content), error);

  g_assert_nonnull (stop);
  g_assert_cmpuint (stop->orders->len, ==, 0);
  g_assert_false (stop->is_open);
  return TRUE;
}

/* ---- stopping ---- */

static gboolean
is_stopped (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", "ours");

  g_assert_cmpstr (fhir_resource_path_text (request, "status"), ==, "stopped");
  g_assert_cmpstr (fhir_resource_path_text (request, "statusReason.text"), ==, "Swollen ankles");
  g_assert_cmpuint (care_fixture_count (connection, "Task",
                                        "code=https://bedside.health/fhir/task|cancel-supply"),
                    ==, 1);
  g_assert_cmpuint (care_fixture_count (connection, "Task",
                                        "code=https://bedside.health/fhir/task|call-patient"),
                    ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance",
                                        "target=" ORDER "&agent=Practitioner/doctor"),
                    ==, 1);
  return TRUE;
}

static gboolean
is_as_before (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", "ours");

  g_assert_cmpstr (fhir_resource_path_text (request, "status"), ==, "active");
  g_assert_null (fhir_resource_path (request, "statusReason"));
  g_assert_cmpuint (care_fixture_count (connection, "Task",
                                        "code=https://bedside.health/fhir/task|cancel-supply"),
                    ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "target=" ORDER), ==, 0);
  return TRUE;
}

static gboolean
undo_work (StoreConnection *connection, gpointer data, GError **error)
{
  return care_medicine_stop_undo (connection, who, undo, error);
}

static gboolean
release_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  return care_prescription_release_due (connection, fixture->doctor, NULL, error);
}

static void
test_asks_the_pharmacy_back (CareFixture *fixture, gconstpointer data)
{
  start (fixture, ORDER);
  care_fixture_write (fixture, with_the_pharmacy);
  care_fixture_write (fixture, stop_work);
  care_fixture_read (fixture, is_stopped);
  /* a second press finds nothing to stop, and asks nobody again */
  expect_refusal (fixture, CARE_ERROR_STATE);
  care_fixture_read (fixture, is_stopped);
  g_clear_pointer (&undo, g_free);
}

static void
test_undo (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start (fixture, ORDER);
  care_fixture_write (fixture, with_the_pharmacy);
  care_fixture_write (fixture, stop_work);
  care_fixture_write (fixture, undo_work);
  care_fixture_read (fixture, is_as_before);
  error = care_fixture_try (fixture, undo_work);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE);
  g_clear_pointer (&undo, g_free);
}

static void
test_undo_too_late (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start (fixture, ORDER);
  care_fixture_write (fixture, with_the_pharmacy);
  care_fixture_write (fixture, stop_work);
  base_clock_advance (fixture->clock, CARE_UNDO_US);
  care_fixture_write (fixture, release_work);
  error = care_fixture_try (fixture, undo_work);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE);
  care_fixture_read (fixture, is_stopped);
  g_clear_pointer (&undo, g_free);
}

static void
test_refusals (CareFixture *fixture, gconstpointer data)
{
  start (fixture, ORDER);
  reason = "  ";
  expect_refusal (fixture, CARE_ERROR_MISSING);
  reason = "Swollen ankles";
  who = fixture->nurse;
  expect_refusal (fixture, CARE_ERROR_ROLE);
  who = fixture->doctor;
  about = "MedicationRequest/another";
  expect_refusal (fixture, CARE_ERROR_STATE);
  care_fixture_read (fixture, is_as_before);
}

static gboolean
is_said_beside_it (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) theirs = care_fixture_get (connection, "MedicationStatement", "theirs");

  g_assert_cmpstr (fhir_resource_path_text (theirs, "status"), ==, "active");
  g_assert_cmpuint (care_fixture_count (connection, "MedicationStatement", "status=stopped"), ==,
                    1);
  g_assert_cmpuint (care_fixture_count (connection, "Task", ""), ==, 0);
  return TRUE;
}

/* What others prescribe stays as they sent it, and no pharmacy is asked. */
static void
test_of_another_clinic (CareFixture *fixture, gconstpointer data)
{
  start (fixture, "MedicationStatement/theirs");
  care_fixture_read (fixture, look_elsewhere);
  who = fixture->nurse;
  care_fixture_write (fixture, stop_work);
  care_fixture_read (fixture, is_said_beside_it);
  g_clear_pointer (&undo, g_free);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  stop_test ("/care/medicine-stop/says-what-is-open", test_says_what_is_open);
  stop_test ("/care/medicine-stop/asks-the-pharmacy-back", test_asks_the_pharmacy_back);
  stop_test ("/care/medicine-stop/undo", test_undo);
  stop_test ("/care/medicine-stop/undo-too-late", test_undo_too_late);
  stop_test ("/care/medicine-stop/refusals", test_refusals);
  stop_test ("/care/medicine-stop/of-another-clinic", test_of_another_clinic);
  return g_test_run ();
}
