/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-timeline.h"

#include "care-fixture.h"

#include <string.h>

#define SUBJECT "'subject':{'reference':'Patient/p'}"
#define LAB     "'category':[{'coding':[{'code':'laboratory'}]}]," SUBJECT
#define VITAL   "'category':[{'coding':[{'code':'vital-signs'}]}]," SUBJECT
#define READING(id, kind, name, when, value)                                                       \
  "{'resourceType':'Observation','id':'" id "','status':'final'," kind ",'code':{'text':'" name    \
  "'},'effectiveDateTime':'" when "','valueQuantity':{'value':" value ",'unit':'u'}}"

static void
put_all (StoreConnection *connection, const char *const *resources, gsize n)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'other'}");
  for (gsize i = 0; i < n; i++)
    care_fixture_put (connection, resources[i]);
}

static CareTimeline *
load (StoreConnection *connection, gpointer fixture)
{
  g_autoptr (GError) error = NULL;
  CareTimeline *timeline =
      care_timeline_load (connection, "p", ((CareFixture *) fixture)->clock, &error);

  g_assert_no_error (error);
  return timeline;
}

static const CareTimelineEvent *
find (CareTimeline *timeline, const char *reference, const char *value)
{
  for (guint i = 0; i < care_timeline_get_n_events (timeline); i++)
    {
      const CareTimelineEvent *event = care_timeline_get_event (timeline, i);

      if (g_strcmp0 (event->reference, reference) == 0 &&
          (!value || g_strcmp0 (event->value, value) == 0))
        return event;
    }
  return NULL;
}

/* ---- order ---- */

static gboolean
check_order (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Condition','id':'year'," SUBJECT
    ",'code':{'text':'Asthma'},'onsetDateTime':'2019'}",
    "{'resourceType':'Condition','id':'never'," SUBJECT ",'code':{'text':'Gout'}}",
    "{'resourceType':'Condition','id':'january'," SUBJECT
    ",'code':{'text':'Flu'},'onsetDateTime':'2019-01-02'}",
    "{'resourceType':'Procedure','id':'op','status':'completed'," SUBJECT
    ",'code':{'text':'Appendicectomy'},'performedDateTime':'2020-05-06'}",
    "{'resourceType':'Procedure','id':'theirs','status':'completed','subject':{'reference':"
    "'Patient/other'},'code':{'text':'Amputation'},'performedDateTime':'2020-05-06'}",
    "{'resourceType':'Communication','id':'m','status':'completed'," SUBJECT
    ",'sent':'2026-11-20T08:00:00Z','payload':[{'contentString':'My knee hurts'}]}",
    "{'resourceType':'Communication','id':'untold','status':'preparation'," SUBJECT
    ",'basedOn':[{'reference':'Task/t'}],'payload':[{'contentString':'Stop the tablets'}]}",
    "{'resourceType':'Claim','id':'bill','status':'active'," SUBJECT "}",
  };
  static const char *const expected[] = { "Communication/m",   "Procedure/op",
                                          "Condition/january", "Condition/year",
                                          "Condition/never",   "Communication/untold" };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareTimeline) timeline = load (connection, fixture);
  g_assert_cmpuint (care_timeline_get_n_events (timeline), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (care_timeline_get_event (timeline, i)->reference, ==, expected[i]);

  /* what is known by the year only is in no month of it */
  g_assert_cmpint (find (timeline, "Condition/year", NULL)->month, ==, 201900);
  g_assert_cmpint (find (timeline, "Condition/january", NULL)->month, ==, 201901);
  g_assert_cmpint (find (timeline, "Condition/never", NULL)->month, ==, 0);
  g_assert_cmpint (find (timeline, "Communication/m", NULL)->kind, ==, CARE_TIMELINE_MESSAGE);
  g_assert_null (find (timeline, "Communication/m", NULL)->value);
  g_assert_cmpstr (find (timeline, "Communication/untold", NULL)->value, ==,
                   "Nobody has told the patient yet");
  g_assert_cmpint (find (timeline, "Procedure/op", NULL)->kind, ==, CARE_TIMELINE_PROCEDURE);

  g_autofree char *month = care_timeline_dup_month (201901);
  g_autofree char *year = care_timeline_dup_month (201900);
  g_assert_cmpstr (month, ==, "January 2019");
  g_assert_cmpstr (year, ==, "2019, Month Not Recorded");
  return FALSE;
}

/* ---- readings ---- */

static gboolean
check_groups (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    READING ("pulse", VITAL, "Pulse", "2026-11-20T08:00:00Z", "72"),
    READING ("weight", VITAL, "Weight", "2026-11-20T09:00:00Z", "80"),
    READING ("alone", VITAL, "Weight", "2026-11-19", "81"),
    READING ("k", LAB, "Potassium", "2026-11-20T08:00:00Z", "6.9"),
    READING ("na", LAB, "Sodium", "2026-11-20T08:00:00Z", "139"),
    READING ("loose", LAB, "Glucose", "2026-11-20T08:00:00Z", "5"),
    "{'resourceType':'Observation','id':'wrong','status':'entered-in-error'," LAB
    ",'code':{'text':'Calcium'}}",
    "{'resourceType':'Observation','id':'k2','status':'final'," LAB
    ",'code':{'text':'Lithium'},'effectiveDateTime':'2026-11-20','valueQuantity':{'value':2.4},"
    "'interpretation':[{'coding':[{'code':'HH'}]}]}",
    "{'resourceType':'DiagnosticReport','id':'r','status':'final'," SUBJECT
    ",'code':{'text':'Electrolytes'},'effectiveDateTime':'2026-11-20T08:00:00Z','result':[{"
    "'reference':'Observation/k'},{'reference':'Observation/na'},{'reference':'Observation/k2'}]}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareTimeline) timeline = load (connection, fixture);
  const CareTimelineEvent *panel = find (timeline, "DiagnosticReport/r", NULL);
  const CareTimelineEvent *vitals = find (timeline, "Observation/weight", NULL);

  g_assert_cmpuint (care_timeline_get_n_events (timeline), ==, 4);
  g_assert_cmpstr (panel->title, ==, "Electrolytes");
  g_assert_cmpstr (panel->value, ==, "3 readings");
  g_assert_cmpstr (panel->flag, ==, "HH");
  g_assert_nonnull (strstr (panel->subtitle, "Potassium 6.9 u"));
  g_assert_nonnull (strstr (panel->subtitle, "Lithium 2.4 (critically high)"));
  g_assert_cmpstr (vitals->title, ==, "Vital Signs");
  g_assert_cmpstr (vitals->value, ==, "2 readings");
  g_assert_cmpstr (find (timeline, "Observation/alone", NULL)->value, ==, "81 u");
  g_assert_cmpstr (find (timeline, "Observation/loose", NULL)->title, ==, "Glucose");
  g_assert_cmpuint (care_timeline_get_n_errors (timeline), ==, 1);
  return FALSE;
}

/* Two panels that name each other: both readings stand, once. */
static gboolean
check_circle (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Observation','id':'a','status':'final'," LAB
    ",'code':{'text':'A'},'effectiveDateTime':'2026-11-20','hasMember':[{'reference':"
    "'Observation/b'}]}",
    "{'resourceType':'Observation','id':'b','status':'final'," LAB
    ",'code':{'text':'B'},'effectiveDateTime':'2026-11-20','valueInteger':7,'hasMember':[{"
    "'reference':'Observation/a'},{'reference':'Observation/b'}]}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareTimeline) timeline = load (connection, fixture);
  g_assert_cmpuint (care_timeline_get_n_events (timeline), ==, 1);
  const CareTimelineEvent *event = care_timeline_get_event (timeline, 0);
  g_assert_nonnull (strchr (event->folded, 'a'));
  g_assert_nonnull (strstr (event->folded, "b 7"));
  return FALSE;
}

/* ---- medicines ---- */

static gboolean
check_medicines (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'MedicationStatement','id':'s','status':'stopped'," SUBJECT
    ",'medicationCodeableConcept':{'text':'Ramipril'},'effectivePeriod':{'start':'2024-01-05',"
    "'end':'2025-06-01'},'statusReason':[{'text':'Cough'}]}",
    "{'resourceType':'MedicationRequest','id':'r','status':'stopped','intent':'order'," SUBJECT
    ",'medicationCodeableConcept':{'text':'Digoxin'},'authoredOn':'2026-02-03'}",
    "{'resourceType':'MedicationRequest','id':'known','status':'stopped','intent':'order'," SUBJECT
    ",'medicationCodeableConcept':{'text':'Lisinopril'},'statusReason':{'text':'Dry cough'},"
    "'authoredOn':'2026-02-03'}",
    "{'resourceType':'Provenance','id':'why','target':[{'reference':'MedicationRequest/known'}],"
    "'recorded':'2026-04-09T09:00:00Z','activity':{'coding':[{'code':'UPDATE'}]},'agent':[{'who':{"
    "'display':'Dr Ada Stone'}}]}",
    "{'resourceType':'MedicationStatement','id':'later','status':'active'," SUBJECT
    ",'medicationCodeableConcept':{'text':'Warfarin'},'effectivePeriod':{'start':'2026-01-05',"
    "'end':'2027-06-01'}}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareTimeline) timeline = load (connection, fixture);
  const CareTimelineEvent *stop = find (timeline, "MedicationStatement/s", "Stopped");
  const CareTimelineEvent *unknown = find (timeline, "MedicationRequest/r", "Stopped");

  g_assert_cmpuint (care_timeline_get_n_events (timeline), ==, 7);
  g_assert_cmpint (find (timeline, "MedicationRequest/known", "Stopped")->month, ==, 202604);
  g_assert_cmpstr (find (timeline, "MedicationRequest/known", "Stopped")->subtitle, ==,
                   "Dry cough");
  g_assert_cmpint (find (timeline, "MedicationStatement/s", "Started")->month, ==, 202401);
  g_assert_cmpint (stop->month, ==, 202506);
  g_assert_cmpstr (stop->subtitle, ==, "Cough");
  /* when it was stopped is not known, and is not guessed */
  g_assert_cmpint (unknown->month, ==, 0);
  g_assert_cmpstr (unknown->subtitle, ==, "reason not recorded");
  g_assert_nonnull (find (timeline, "MedicationRequest/r", "Prescribed"));
  return FALSE;
}

/* ---- family ---- */

/* What a relative had, and not only who it was. */
static gboolean
check_family (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'FamilyMemberHistory','id':'f','status':'completed','patient':{'reference':"
    "'Patient/p'},'relationship':{'text':'Aunt'},'date':'2026-02-03','condition':[{'code':{'text':"
    "'Breast cancer'}},{'code':{'text':'Diabetes'}}]}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareTimeline) timeline = load (connection, fixture);
  const CareTimelineEvent *event = care_timeline_get_event (timeline, 0);

  g_assert_cmpstr (event->title, ==, "Aunt: Breast cancer, Diabetes");
  return FALSE;
}

/* ---- states ---- */

/* In words; what has none stands as the code that it is. */
static gboolean
check_states (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Procedure','id':'not','status':'not-done'," SUBJECT
    ",'code':{'text':'Colonoscopy'},'performedDateTime':'2026-05-06'}",
    "{'resourceType':'Procedure','id':'odd','status':'half-way'," SUBJECT
    ",'code':{'text':'Biopsy'},'performedDateTime':'2026-05-06'}",
    "{'resourceType':'Procedure','id':'done','status':'completed'," SUBJECT
    ",'code':{'text':'Appendicectomy'},'performedDateTime':'2026-05-06'}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareTimeline) timeline = load (connection, fixture);
  g_assert_cmpstr (find (timeline, "Procedure/not", NULL)->subtitle, ==, "Procedure · not done");
  g_assert_cmpstr (find (timeline, "Procedure/odd", NULL)->subtitle, ==,
                   "Procedure · code “half-way”");
  g_assert_cmpstr (find (timeline, "Procedure/done", NULL)->subtitle, ==, "Procedure");
  return FALSE;
}

/* ---- what is not understood ---- */

static gboolean
check_opaque (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Procedure','id':'odd','status':'completed'," SUBJECT
    ",'code':{'text':'Transplant'},'performedDateTime':'2020-05-06','modifierExtension':[{'url':"
    "'urn:x','valueBoolean':true}]}",
    "{'resourceType':'VisionPrescription','id':'glasses','status':'active','patient':{'reference':"
    "'Patient/p'},'created':'2021-05-06'}",
    "{'resourceType':'Condition','id':'no','verificationStatus':{'coding':[{'code':'refuted'}]},"
    "'code':{'text':'Lupus'}," SUBJECT "}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareTimeline) timeline = load (connection, fixture);
  g_assert_cmpuint (care_timeline_get_n_events (timeline), ==, 2);
  g_assert_null (strstr (find (timeline, "Procedure/odd", NULL)->folded, "transplant"));
  g_assert_cmpstr (find (timeline, "VisionPrescription/glasses", NULL)->title, ==,
                   "VisionPrescription");
  g_assert_cmpuint (care_timeline_get_n_errors (timeline), ==, 1);
  return FALSE;
}

/* ---- words ---- */

static gboolean
check_words (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Condition','id':'c'," SUBJECT
    ",'code':{'text':'Ménière disease'},'onsetDateTime':'2019-03'}",
  };
  static const char *const both[] = { "meniere", "mar-2019", NULL };
  static const char *const one[] = { "meniere", "asthma", NULL };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareTimeline) timeline = load (connection, fixture);
  const CareTimelineEvent *event = care_timeline_get_event (timeline, 0);
  g_assert_true (care_timeline_event_has_words (event, both));
  g_assert_false (care_timeline_event_has_words (event, one));
  g_assert_true (care_timeline_event_has_words (event, NULL));

  g_autoptr (CareRow) row = care_timeline_dup_row (timeline, 0);
  g_assert_cmpstr (care_row_get_title (row), ==, "Ménière disease");
  g_assert_cmpstr (care_row_get_text (row, CARE_ROW_VALUE), ==, "Began");
  g_assert_cmpstr (care_row_get_reference (row), ==, "Condition/c");
  return FALSE;
}

static void
run (CareFixture *fixture, gconstpointer check)
{
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->database, BASE_LANE_PERSON, (StoreWork) check, fixture, &error);
}

#define ADD(name, check)                                                                           \
  g_test_add ("/care-timeline/" name, CareFixture, check, care_fixture_set_up, run,                \
              care_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("order", check_order);
  ADD ("groups", check_groups);
  ADD ("circle", check_circle);
  ADD ("medicines", check_medicines);
  ADD ("family", check_family);
  ADD ("states", check_states);
  ADD ("opaque", check_opaque);
  ADD ("words", check_words);
  return g_test_run ();
}
