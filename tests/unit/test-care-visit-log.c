/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-log.h"

#include "care-document.h"
#include "care-fixture.h"
#include "care-visit-course.h"
#include "care-visit.h"

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e','status':'in-progress','class':{'code':"
                    "'VR'},'subject':{'reference':'Patient/p'},'extension':[{'url':'https://"
                    "elsewhere.invalid/visit-event','extension':[{'url':'title','valueString':"
                    "'Somebody else’s'}]}]}");
  return TRUE;
}

static gboolean
write_events (StoreConnection *connection, gpointer data, GError **error)
{
  CareContext *doctor = ((CareFixture *) data)->doctor;

  return care_visit_log (connection, doctor, "e", CARE_VISIT_LOG_SHOWN, "Potassium", error) &&
         care_visit_log (connection, doctor, "e", CARE_VISIT_LOG_HIDDEN, "Potassium", error) &&
         care_visit_log (connection, doctor, "e", CARE_VISIT_LOG_FILE_KEPT, "knee.jpg", error) &&
         care_visit_log (connection, doctor, "e", CARE_VISIT_LOG_FILE_SENT, "leaflet.pdf", error);
}

static gboolean
read_course (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) encounter = store_resource_get (connection, "Encounter", "e", error);
  g_autoptr (GPtrArray) course = care_visit_course (encounter);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *text = care_visit_course_dup_text (course, zone);

  g_assert_cmpstr (text, ==,
                   "09:00 The patient was shown: Potassium.\n"
                   "09:00 No longer shown: Potassium.\n"
                   "09:00 A file that the patient sent was added to the chart: knee.jpg.\n"
                   "09:00 The patient received a file: leaflet.pdf.");
  return TRUE;
}

/* What was shown and sent stands in the course of the visit, which drafts its note. */
static void
test_course (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, write_events);
  care_fixture_read (fixture, read_course);
}

static gboolean
lose_twice (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  for (int i = 0; i < 2; i++)
    {
      if (!care_visit_log (connection, fixture->doctor, "e", CARE_VISIT_LOG_SILENCE,
                           i == 0 ? "14" : "1", error))
        return FALSE;
      base_clock_advance (fixture->clock, 60 * G_USEC_PER_SEC);
      if (!care_visit_mark_interrupted (connection, fixture->doctor, "e", error))
        return FALSE;
      base_clock_advance (fixture->clock, 60 * G_USEC_PER_SEC);
      if (!care_visit_admit (connection, fixture->doctor, "e", error))
        return FALSE;
    }
  return care_visit_log (connection, fixture->doctor, "e", CARE_VISIT_LOG_SILENCE, "soon", error);
}

static gboolean
read_losses (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) encounter = store_resource_get (connection, "Encounter", "e", error);
  g_autoptr (GPtrArray) course = care_visit_course (encounter);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *text = care_visit_course_dup_text (course, zone);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_test_message ("%s", text);
  g_assert_true (g_strv_contains ((const char *const *) lines,
                                  "09:00 Nothing had got through for 14 seconds."));
  g_assert_true (g_strv_contains ((const char *const *) lines, "09:01 The call was lost."));
  g_assert_true (
      g_strv_contains ((const char *const *) lines, "09:02 Nothing had got through for 1 second."));
  g_assert_true (g_strv_contains ((const char *const *) lines, "09:03 The call was lost."));
  g_assert_null (strstr (text, "soon"));
  return TRUE;
}

/* Each loss of the call stands there, not the last alone, and once. */
static void
test_losses (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, lose_twice);
  care_fixture_read (fixture, read_losses);
}

static gboolean
attach (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("%PDF-1.7", 8);
  CareAttachment attachment = { .patient_id = "p",
                                .encounter_id = "e",
                                .title = "scan.pdf",
                                .content_type = "application/pdf",
                                .bytes = bytes,
                                .from_patient = TRUE };
  g_autofree char *reference = NULL;
  g_autoptr (GPtrArray) provenances = NULL;
  g_autoptr (FhirResource) document = NULL;

  g_assert_true (care_document_attach (connection, ((CareFixture *) data)->nurse, &attachment,
                                       &reference, error));
  document = store_resource_get (connection, "DocumentReference",
                                 reference + strlen ("DocumentReference/"), error);
  g_assert_cmpstr (fhir_resource_path_text (document, "type.text"), ==,
                   "Sent by the patient in a visit");
  g_assert_cmpstr (fhir_resource_path_text (document, "context.encounter.0.reference"), ==,
                   "Encounter/e");
  g_assert_null (fhir_resource_path_text (document, "author.0.reference"));
  provenances =
      store_search_referrers (connection, "DocumentReference",
                              reference + strlen ("DocumentReference/"), "Provenance", error);
  g_assert_cmpuint (provenances->len, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (provenances->pdata[0], "entity.0.role"), ==, "source");
  g_assert_cmpstr (fhir_resource_path_text (provenances->pdata[0], "entity.0.what.reference"), ==,
                   "Encounter/e");
  g_assert_cmpstr (fhir_resource_path_text (provenances->pdata[0], "agent.0.who.reference"), ==,
                   "Practitioner/nurse");
  g_assert_null (fhir_resource_path (provenances->pdata[0], "agent.1"));
  return TRUE;
}

/* A document of the patient's says where it came from; who put it there is the clinician alone. */
static void
test_source (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, attach);
}

#define TEST(name, func)                                                                           \
  g_test_add (name, CareFixture, NULL, care_fixture_set_up, func, care_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/care/visit-log/course", test_course);
  TEST ("/care/visit-log/losses", test_losses);
  TEST ("/care/visit-log/source", test_source);
  return g_test_run ();
}
