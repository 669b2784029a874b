/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-appointment.h"

#include "care-day.h"
#include "care-fixture.h"

#define AT(hour, minute)                                                                           \
  ((gint64) (1795305600 + (hour) * 3600 + (minute) * 60) * G_USEC_PER_SEC) /* 22-Nov-2026 */
#define DOCTOR "Practitioner/doctor"

static gboolean
put_clinic (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith',"
                                "'given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'bob','name':[{'family':'Jones',"
                                "'given':['Bob']}]}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'doctor','name':[{'family':"
                                "'Stone','given':['Ada'],'prefix':['Dr']}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'a1','meta':{'versionId':'7'},'status':'booked',"
      "'start':'2026-11-22T10:00:00Z','end':'2026-11-22T10:15:00Z','comment':'kept','participant':["
      "{'actor':{'reference':'Patient/jane'},'status':'accepted'},"
      "{'actor':{'reference':'Practitioner/doctor','display':'Dr Stone'},'status':'accepted'}]}");
  return TRUE;
}

/* What a test asks for, and what comes of it. */
typedef struct
{
  CareFixture care;
  CareBooking booking;
  CareContext *who;
  char *id;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
  care_fixture_write (&fixture->care, put_clinic);
  fixture->who = fixture->care.doctor;
  fixture->booking = (CareBooking) {
    .patient_id = "bob",
    .practitioner = DOCTOR,
    .reason = "cough",
    .start = AT (11, 0),
    .minutes = 20,
  };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->id);
  care_fixture_tear_down (&fixture->care, data);
}

static gboolean
write_booking (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *fixture = data;

  g_clear_pointer (&fixture->id, g_free);
  fixture->id = care_appointment_write (connection, fixture->who, &fixture->booking, error);
  return fixture->id != NULL;
}

static void
expect_error (Fixture *fixture, StoreWork work, CareError code, const char *words)
{
  g_autoptr (GError) error = care_fixture_try (&fixture->care, work);

  g_assert_error (error, CARE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

static gboolean
check_booked (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *fixture = data;
  g_autoptr (FhirResource) made = care_fixture_get (connection, "Appointment", fixture->id);
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 9, error);

  g_assert_cmpstr (fhir_resource_path_text (made, "status"), ==, "booked");
  g_assert_cmpstr (fhir_resource_path_text (made, "start"), ==, "2026-11-22T11:00:00.000Z");
  g_assert_cmpstr (fhir_resource_path_text (made, "end"), ==, "2026-11-22T11:20:00.000Z");
  g_assert_cmpstr (fhir_resource_path_text (made, "minutesDuration"), ==, "20");
  g_assert_cmpstr (fhir_resource_path_text (made, "participant.0.actor.reference"), ==,
                   "Patient/bob");
  g_assert_cmpstr (fhir_resource_path_text (made, "participant.1.actor.reference"), ==, DOCTOR);
  g_assert_cmpstr (fhir_resource_path_text (made, "reasonCode.0.text"), ==, "cough");
  g_assert_cmpuint (held->len, ==, 1); /* it rests for its Undo */
  return TRUE;
}

static gboolean
check_day (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;
  g_autoptr (GListStore) rows = care_day_load (connection, "2026-11-22", care->clock, error);
  g_autoptr (CareDayRow) second = g_list_model_get_item (G_LIST_MODEL (rows), 1);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 2);
  g_assert_cmpstr (care_day_row_get_name (second), ==, "JONES, Bob");
  g_assert_true (care_day_row_is_with (second, DOCTOR));
  g_assert_false (care_day_row_is_with (second, "Practitioner/other"));
  g_assert_cmpint (care_day_row_get_start (second), ==, AT (11, 0));
  g_assert_cmpint (care_day_row_get_minutes (second), ==, 20);
  return TRUE;
}

static void
test_book (Fixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, write_booking);
  care_fixture_read (&fixture->care, check_booked);
  care_fixture_read (&fixture->care, check_day);
}

/* What touches is no conflict, what overlaps by a minute is; a free status gives the time back. */
static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  fixture->booking.start = AT (10, 14);
  expect_error (fixture, write_booking, CARE_ERROR_BUSY,
                "STONE, Ada (Dr) sees SMITH, Jane from 10:00 to 10:15.");
  fixture->booking.start = AT (9, 41);
  expect_error (fixture, write_booking, CARE_ERROR_BUSY, "from 10:00 to 10:15.");
  fixture->booking.start = AT (9, 40);
  care_fixture_write (&fixture->care, write_booking);
  fixture->booking.start = AT (10, 15);
  care_fixture_write (&fixture->care, write_booking);

  /* the patient cannot be in two visits, whoever else is free */
  fixture->booking.practitioner = "Practitioner/other";
  expect_error (fixture, write_booking, CARE_ERROR_BUSY, "JONES, Bob has a visit with");
  fixture->booking.over_another = TRUE;
  care_fixture_write (&fixture->care, write_booking);
}

static void
test_what_is_missing (Fixture *fixture, gconstpointer data)
{
  fixture->booking.start = AT (8, 0);
  expect_error (fixture, write_booking, CARE_ERROR_MISSING, "has passed");
  fixture->booking.start = AT (11, 0);
  fixture->booking.minutes = 0;
  expect_error (fixture, write_booking, CARE_ERROR_MISSING, "5 minutes");
  fixture->booking.minutes = 15;
  fixture->booking.practitioner = NULL;
  expect_error (fixture, write_booking, CARE_ERROR_MISSING, "who sees");
}

static gboolean
check_moved (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) now = care_fixture_get (connection, "Appointment", "a1");
  g_autoptr (FhirResource) before =
      store_resource_get_version (connection, "Appointment", "a1", "1", NULL);

  g_assert_cmpstr (fhir_resource_path_text (now, "start"), ==, "2026-11-22T11:00:00.000Z");
  g_assert_cmpstr (fhir_resource_path_text (now, "status"), ==, "booked");
  g_assert_cmpstr (fhir_resource_path_text (now, "comment"), ==, "kept");
  g_assert_cmpstr (fhir_resource_path_text (now, "participant.0.actor.reference"), ==,
                   "Patient/jane");
  g_assert_cmpstr (fhir_resource_path_text (now, "participant.1.actor.reference"), ==,
                   "Practitioner/other");
  g_assert_null (fhir_resource_path_text (now, "participant.1.actor.display"));
  g_assert_nonnull (before); /* history keeps what was */
  g_assert_cmpstr (fhir_resource_path_text (before, "start"), ==, "2026-11-22T10:00:00Z");
  return TRUE;
}

static gboolean
undo_move (StoreConnection *connection, gpointer data, GError **error)
{
  return care_appointment_undo (connection, ((CareFixture *) data)->doctor, "a1", error);
}

static gboolean
check_as_before (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) now = care_fixture_get (connection, "Appointment", "a1");
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 9, error);

  g_assert_cmpstr (fhir_resource_path_text (now, "status"), ==, "booked");
  g_assert_cmpstr (fhir_resource_path_text (now, "start"), ==, "2026-11-22T10:00:00Z");
  g_assert_cmpuint (held->len, ==, 0);
  return TRUE;
}

/* It does not stand in its own way, another clinician takes the first one's place, and Undo puts it
 * back. */
static void
test_move (Fixture *fixture, gconstpointer data)
{
  fixture->booking.appointment = "a1";
  fixture->booking.patient_id = "jane";
  fixture->booking.start = AT (10, 5);
  care_fixture_write (&fixture->care, write_booking);
  care_fixture_write (&fixture->care, undo_move);
  care_fixture_read (&fixture->care, check_as_before);
  fixture->booking.start = AT (11, 0);
  fixture->booking.practitioner = "Practitioner/other";
  care_fixture_write (&fixture->care, write_booking);
  care_fixture_read (&fixture->care, check_moved);
}

static gboolean
cancel (StoreConnection *connection, gpointer data, GError **error)
{
  return care_appointment_cancel (connection, ((Fixture *) data)->who, "a1", CARE_CANCEL_BY_PATIENT,
                                  "Feels well again", error);
}

static gboolean
cancel_without_reason (StoreConnection *connection, gpointer data, GError **error)
{
  return care_appointment_cancel (connection, ((Fixture *) data)->who, "a1", CARE_CANCEL_BY_PATIENT,
                                  "", error);
}

static gboolean
check_cancelled (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) now = care_fixture_get (connection, "Appointment", "a1");

  g_assert_cmpstr (fhir_resource_path_text (now, "status"), ==, "cancelled");
  g_assert_cmpstr (fhir_resource_path_text (now, "cancelationReason.coding.0.code"), ==, "pat");
  g_assert_cmpstr (fhir_resource_path_text (now, "cancelationReason.text"), ==, "Feels well again");
  return TRUE;
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  expect_error (fixture, cancel_without_reason, CARE_ERROR_MISSING, "why");
  care_fixture_write (&fixture->care, cancel);
  care_fixture_read (&fixture->care, check_cancelled);
  expect_error (fixture, cancel, CARE_ERROR_STATE, "Nothing was changed");
  fixture->booking.start = AT (10, 0); /* the time is free again */
  care_fixture_write (&fixture->care, write_booking);
}

static gboolean
no_show (StoreConnection *connection, gpointer data, GError **error)
{
  return care_appointment_no_show (connection, ((Fixture *) data)->who, "a1", error);
}

static gboolean
check_no_show (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) now = care_fixture_get (connection, "Appointment", "a1");

  g_assert_cmpstr (fhir_resource_path_text (now, "status"), ==, "noshow");
  return TRUE;
}

static void
test_no_show (Fixture *fixture, gconstpointer data)
{
  expect_error (fixture, no_show, CARE_ERROR_STATE, "not come yet");
  base_clock_advance (fixture->care.clock, 70 * G_TIME_SPAN_MINUTE);
  care_fixture_write (&fixture->care, no_show);
  care_fixture_read (&fixture->care, check_no_show);
  care_fixture_write (&fixture->care, undo_move);
  care_fixture_read (&fixture->care, check_as_before);
}

static gboolean
arrive (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'"
                    "},'subject':{'reference':'Patient/jane'},'appointment':[{'reference':"
                    "'Appointment/a1'}]}");
  return TRUE;
}

/* Whoever has come is not sent away by a click in the schedule. */
static void
test_has_come (Fixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, arrive);
  base_clock_advance (fixture->care.clock, 70 * G_TIME_SPAN_MINUTE);
  expect_error (fixture, cancel, CARE_ERROR_STATE, "has come");
  expect_error (fixture, no_show, CARE_ERROR_STATE, "has come");
}

static gboolean
let_go (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 9, error);

  return store_journal_set_state (connection, ((StoreJournalEntry *) held->pdata[0])->sequence,
                                  "sending", NULL, error);
}

static void
test_too_late (Fixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, cancel);
  care_fixture_write (&fixture->care, let_go);
  expect_error (fixture, undo_move, CARE_ERROR_TOO_LATE, "cannot be undone");
}

/* A pharmacy's or a patient's account changes nobody's day. */
static void
test_who_may (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CareContext) patient = care_context_new (fixture->care.database, fixture->care.clock,
                                                      "Patient/jane", "Jane Smith", "patient");
  g_autoptr (CareContext) reception = care_context_new (fixture->care.database, fixture->care.clock,
                                                        "Practitioner/r", "Rae Moss", "reception");

  fixture->who = patient;
  expect_error (fixture, write_booking, CARE_ERROR_ROLE, "book a visit");
  expect_error (fixture, cancel, CARE_ERROR_ROLE, "cancel a visit");
  fixture->who = reception;
  care_fixture_write (&fixture->care, write_booking);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/appointment/book", test_book);
  ADD ("/care/appointment/conflict", test_conflict);
  ADD ("/care/appointment/what-is-missing", test_what_is_missing);
  ADD ("/care/appointment/move", test_move);
  ADD ("/care/appointment/cancel", test_cancel);
  ADD ("/care/appointment/no-show", test_no_show);
  ADD ("/care/appointment/has-come", test_has_come);
  ADD ("/care/appointment/too-late", test_too_late);
  ADD ("/care/appointment/who-may", test_who_may);
  return g_test_run ();
}
