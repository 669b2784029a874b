/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-phone.h"

#include "care-fixture.h"
#include "care-visit-course.h"
#include "care-visit-hand-over.h"
#include "care-visit.h"

#define MINUTE (60 * G_USEC_PER_SEC)

typedef struct
{
  CareFixture care; /* first: commands get the fixture */
  const char *start, *end;
  FhirResource *encounter;
} Fixture;

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e','status':'arrived','class':{'code':'VR'},"
                    "'subject':{'reference':'Patient/p'},'extension':[{'url':'https://"
                    "bedside.health/fhir/StructureDefinition/"
                    "visit-waiting-since','valueInstant':'2026-11-22T08:50:00Z'}]}");
  return TRUE;
}

static gboolean
begin (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_phone_begin (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
begin_as_other (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_phone_begin (connection, ((CareFixture *) data)->other, "e", error);
}

static gboolean
end (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_phone_end (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
correct (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  return care_visit_phone_correct (connection, self->care.doctor, "e", self->start, self->end,
                                   error);
}

static gboolean
hold (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_hold (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
interrupt (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_mark_interrupted (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
finish (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_end (connection, ((CareFixture *) data)->doctor, "e", CARE_OUTCOME_SETTLED,
                         NULL, error);
}

static gboolean
read_encounter (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  g_clear_pointer (&self->encounter, fhir_resource_unref);
  self->encounter = care_fixture_get (connection, "Encounter", "e");
  return TRUE;
}

static FhirResource *
encounter (Fixture *self)
{
  care_fixture_read (&self->care, read_encounter);
  return self->encounter;
}

static void
later (Fixture *self, int minutes)
{
  base_clock_advance (self->care.clock, (gint64) minutes * MINUTE);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, data);
  care_fixture_write (&self->care, put_visit);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->encounter, fhir_resource_unref);
  care_fixture_tear_down (&self->care, data);
}

static guint
count_calls (Fixture *self)
{
  const FhirElement *extensions = fhir_resource_path (encounter (self), "extension");
  guint count = 0;

  fhir_element_foreach (item, extensions)
    if (g_str_has_suffix (fhir_element_path_text (item, "url"), "/visit-phone"))
      count++;
  return count;
}

/* Who waits is admitted by being rung; twice is once; a second call is a second period. */
static void
test_periods (Fixture *self, gconstpointer data)
{
  later (self, 5);
  care_fixture_write (&self->care, begin);
  later (self, 1);
  care_fixture_write (&self->care, begin);
  g_assert_cmpuint (count_calls (self), ==, 1);
  g_assert_cmpint (care_visit_state_of (self->encounter), ==, CARE_VISIT_IN_PROGRESS);
  g_assert_cmpstr (fhir_resource_path_text (self->encounter, "class.code"), ==, "VR");
  g_assert_cmpstr (fhir_resource_path_text (self->encounter, "participant.0.individual.reference"),
                   ==, "Practitioner/doctor");
  g_assert_true (
      g_str_has_prefix (care_visit_phone_get_since (self->encounter), "2026-11-22T09:05"));
  later (self, 9);
  care_fixture_write (&self->care, end);
  later (self, 1);
  care_fixture_write (&self->care, end);
  g_assert_null (care_visit_phone_get_since (encounter (self)));
  g_assert_true (g_str_has_prefix (care_visit_phone_get_end (self->encounter), "2026-11-22T09:15"));
  care_fixture_write (&self->care, begin);
  g_assert_cmpuint (count_calls (self), ==, 2);
  g_assert_true (
      g_str_has_prefix (care_visit_phone_get_since (self->encounter), "2026-11-22T09:16"));
}

/* The phone takes up a visit whose call was lost, and one that is on hold. */
static void
test_takes_up (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, begin);
  care_fixture_write (&self->care, end);
  care_fixture_write (&self->care, interrupt);
  g_assert_cmpint (care_visit_state_of (encounter (self)), ==, CARE_VISIT_INTERRUPTED);
  care_fixture_write (&self->care, begin);
  g_assert_cmpint (care_visit_state_of (encounter (self)), ==, CARE_VISIT_IN_PROGRESS);
  care_fixture_write (&self->care, end);
  care_fixture_write (&self->care, hold);
  care_fixture_write (&self->care, begin);
  g_assert_cmpint (care_visit_state_of (encounter (self)), ==, CARE_VISIT_IN_PROGRESS);
}

/* The end of the visit, or a colleague who takes it over, ends the call. */
static void
test_closed (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, begin);
  later (self, 3);
  care_fixture_write (&self->care, begin_as_other);
  g_assert_cmpuint (count_calls (self), ==, 2);
  /* the clock goes on between the two */
  g_assert_true (
      g_str_has_prefix (fhir_resource_path_text (self->encounter, "extension.1.valuePeriod.end"),
                        "2026-11-22T09:03"));
  g_assert_true (
      g_str_has_prefix (care_visit_phone_get_since (self->encounter), "2026-11-22T09:03"));
  later (self, 3);
  care_fixture_write (&self->care, finish);
  g_assert_true (
      g_str_has_prefix (care_visit_phone_get_end (encounter (self)), "2026-11-22T09:06"));
}

static gboolean
admit_as_nurse (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->nurse, "e", error);
}

static gboolean
ready (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_ready (connection, ((CareFixture *) data)->nurse, "e", "Weight 70 kg", error);
}

static gboolean
ask_other (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_ask_hand_over (connection, ((CareFixture *) data)->doctor, "e",
                                   "Practitioner/other", error);
}

static gboolean
accept_as_other (StoreConnection *connection, gpointer data, GError **error)
{
  CareContext *other = ((CareFixture *) data)->other;
  g_autoptr (GListStore) rows = care_visit_list_hand_overs (connection, other, error);
  g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), 0);

  return care_visit_answer_hand_over (connection, other,
                                      care_row_get_text (row, CARE_ROW_REFERENCE), TRUE, error);
}

static void
assert_closed (Fixture *self, const char *at)
{
  g_assert_null (care_visit_phone_get_since (encounter (self)));
  g_assert_true (g_str_has_prefix (care_visit_phone_get_end (self->encounter), at));
}

/* A patient who waits again, or is another's now, is not on the phone any more. */
static void
test_closed_by_others (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, begin);
  care_fixture_write (&self->care, admit_as_nurse);
  care_fixture_write (&self->care, begin);
  later (self, 3);
  care_fixture_write (&self->care, ready);
  assert_closed (self, "2026-11-22T09:03");
  care_fixture_write (&self->care, begin);
  later (self, 4);
  care_fixture_write (&self->care, ask_other);
  care_fixture_write (&self->care, accept_as_other);
  assert_closed (self, "2026-11-22T09:07");
}

static void
assert_refused (Fixture *self, const char *start, const char *end_, const char *sentence)
{
  g_autoptr (GError) error = NULL;

  self->start = start;
  self->end = end_;
  error = care_fixture_try (&self->care, correct);
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, sentence);
}

static void
test_correct (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) none = care_fixture_try (&self->care, end);

  g_assert_error (none, CARE_ERROR, CARE_ERROR_STATE);
  later (self, 20);
  care_fixture_write (&self->care, begin);
  later (self, 20);
  assert_refused (self, "soon", NULL, "Write the time as hours and minutes.");
  assert_refused (self, "2026-11-22", NULL, "Write the time as hours and minutes.");
  assert_refused (self, "2026-11-22T09:41:00Z", NULL, "That time is still to come.");
  assert_refused (self, "2026-11-22T09:10:00Z", "2026-11-22T09:09:00Z",
                  "The call cannot end before it began.");
  self->start = "2026-11-22T09:10:00Z";
  self->end = NULL;
  care_fixture_write (&self->care, correct);
  g_assert_cmpstr (care_visit_phone_get_since (encounter (self)), ==, "2026-11-22T09:10:00Z");
  self->end = "2026-11-22T11:25:00+02:00";
  care_fixture_write (&self->care, correct);
  g_assert_cmpstr (care_visit_phone_get_end (encounter (self)), ==, "2026-11-22T11:25:00+02:00");
  assert_refused (self, "2026-11-22T09:26:00Z", NULL, "The call cannot end before it began.");
}

static void
assert_course (Fixture *self, const char *expected)
{
  g_autoptr (GPtrArray) course = care_visit_course (encounter (self));
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autofree char *text = care_visit_course_dup_text (course, zone);

  g_assert_cmpstr (text, ==, expected);
}

/* Who arrived and was then seen to by a nurse came once. */
static void
test_course_arrives_once (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) seen = fhir_resource_parse (
      "{\"resourceType\":\"Encounter\",\"status\":\"triaged\",\"statusHistory\":[{\"status\":"
      "\"arrived\",\"period\":{\"start\":\"2026-11-22T08:50:00Z\",\"end\":\"2026-11-22T08:55:00Z\"}"
      "}"
      "]}",
      -1, &error);
  g_autoptr (GPtrArray) course = NULL;

  g_assert_no_error (error);
  course = care_visit_course (seen);
  g_assert_cmpuint (course->len, ==, 1);
}

/* The course of the visit holds hold, phone and who was there, by the clinic's clock. */
static void
test_course (Fixture *self, gconstpointer data)
{
  assert_course (self, "09:50 The patient came to the waiting room.");
  care_fixture_write (&self->care, begin);
  later (self, 5);
  care_fixture_write (&self->care, end);
  later (self, 1);
  care_fixture_write (&self->care, hold);
  later (self, 14 * 60);
  care_fixture_write (&self->care, begin);
  later (self, 5);
  care_fixture_write (&self->care, finish);
  assert_course (self, "09:50 The patient came to the waiting room.\n"
                       "10:00 The patient was admitted.\n"
                       "10:00 Dr Ada Stone joined.\n"
                       "10:00 A call by phone began.\n"
                       "10:05 The call by phone ended.\n"
                       "10:06 The patient was put on hold.\n"
                       "23-Nov-2026 00:06 The visit went on.\n"
                       "00:06 A call by phone began.\n"
                       "00:11 Dr Ada Stone left.\n"
                       "00:11 The call by phone ended.\n"
                       "00:11 The visit ended.");
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/visit-phone/periods", test_periods);
  ADD ("/care/visit-phone/takes-up", test_takes_up);
  ADD ("/care/visit-phone/closed", test_closed);
  ADD ("/care/visit-phone/closed-by-others", test_closed_by_others);
  ADD ("/care/visit-phone/correct", test_correct);
  ADD ("/care/visit-phone/course", test_course);
  g_test_add_func ("/care/visit-phone/course-arrives-once", test_course_arrives_once);
  return g_test_run ();
}
