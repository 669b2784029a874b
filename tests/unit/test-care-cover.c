/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-cover.h"

#include "care-fixture.h"
#include "care-results.h"
#include "care-review.h"
#include "care-route.h"
#include "care-write.h"

/* Hazard H18: a critical result whose orderer is absent reaches who stands in; else every doctor.
 */

#define DOCTOR "Practitioner/doctor"
#define OTHER  "Practitioner/other"
#define NURSE  "Practitioner/nurse"
#define MINUTE (60 * G_USEC_PER_SEC)

/* A role in Bedside's words; who has one of a clinician as well is one. */
#define ROLE(id, who, code)                                                                        \
  "{'resourceType':'PractitionerRole','id':'" id "','active':true,'practitioner':{'reference':"    \
  "'Practitioner/" who "'},'code':[{'coding':[{'system':'https://bedside.health/fhir/role',"       \
  "'code':" code "}]}]}"

static const char *const staff[] = {
  "{'resourceType':'Practitioner','id':'doctor','active':true,'name':[{'family':'Stone','given':["
  "'Ada'],'prefix':['Dr']}]}",
  "{'resourceType':'Practitioner','id':'other','active':true,'name':[{'family':'Hill','given':["
  "'Ben'],'prefix':['Dr']}]}",
  "{'resourceType':'Practitioner','id':'nurse','name':[{'family':'Lind','given':['Noor']}]}",
  "{'resourceType':'Practitioner','id':'left','active':false}",
  "{'resourceType':'Practitioner','id':'desk','active':true,'name':[{'family':'Moor'}]}",
  ROLE ("1", "desk", "'reception'"),
  ROLE ("2", "nurse", "'nurse'"),
  ROLE ("3", "doctor", "'reception'"),
  ROLE ("4", "doctor", "'prescriber'"),
};

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (staff); i++)
    care_fixture_put (connection, staff[i]);
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12'}");
  care_fixture_put (connection,
                    "{'resourceType':'ServiceRequest','id':'order','status':'active','intent':"
                    "'order','subject':{'reference':'Patient/p'},'requester':{'reference':'" DOCTOR
                    "','display':'Dr Ada Stone'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'k','status':'final','subject':{"
                    "'reference':'Patient/p'},'code':{'coding':[{'system':'http://loinc.org',"
                    "'code':'6298-4'}],'text':'Potassium'},'effectiveDateTime':"
                    "'2026-11-22T08:50:00Z','valueQuantity':{'value':6.8,'unit':'mmol/L',"
                    "'system':'http://unitsofmeasure.org','code':'mmol/L'}}");
  care_fixture_put (connection,
                    "{'resourceType':'DiagnosticReport','id':'r','status':'final','subject':{"
                    "'reference':'Patient/p'},'basedOn':[{'reference':'ServiceRequest/order'}],"
                    "'result':[{'reference':'Observation/k'}]}");
  return TRUE;
}

/* ---- setting ---- */

static CareCoverRequest request;
static CareContext *who;

static gboolean
set_work (StoreConnection *connection, gpointer data, GError **error)
{
  return care_cover_set (connection, who, &request, error);
}

static GError *
set (CareFixture *fixture,
     CareContext *context,
     const char *cover,
     const char *from,
     const char *until)
{
  request = (CareCoverRequest) { cover, NULL, from, until };
  who = context;
  return care_fixture_try (fixture, set_work);
}

static void
set_up (CareFixture *fixture, gconstpointer data)
{
  care_fixture_set_up (fixture, data);
  care_fixture_write (fixture, fill);
}

typedef struct
{
  CareFixture *fixture;
  const char *orderer;
  gint64 since_us;
  CareRoute *route;
} Asked;

static gboolean
route_work (StoreConnection *connection, gpointer data, GError **error)
{
  Asked *asked = data;
  g_autoptr (CareRota) rota = care_rota_load (connection, error);

  g_assert_cmpuint (rota->staff->len, ==, 3); /* not who has left, nor the desk */
  asked->route = care_route_find (rota, asked->orderer, NULL, asked->since_us,
                                  base_clock_now (asked->fixture->clock));
  return TRUE;
}

static CareRoute *
route (CareFixture *fixture, const char *orderer, int minutes_ago)
{
  Asked asked = { fixture, orderer, base_clock_now (fixture->clock) - minutes_ago * MINUTE, NULL };
  g_autoptr (GError) error = NULL;

  store_database_read (fixture->database, route_work, &asked, &error);
  g_assert_no_error (error);
  return asked.route;
}

static void
assert_words (CareRoute *route, const char *user, const char *words)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *said = care_route_dup_words (route, user, zone);

  g_assert_cmpstr (said, ==, words);
}

/* ---- tests ---- */

static void
test_orderer (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CareRoute) fresh = route (fixture, DOCTOR, 10);

  g_assert_cmpint (fresh->kind, ==, CARE_ROUTE_ORDERER);
  g_assert_true (care_route_is_for (fresh, DOCTOR, "prescriber"));
  g_assert_false (care_route_is_for (fresh, OTHER, "prescriber"));
  assert_words (fresh, DOCTOR, "You ordered it.");
  /* nobody answered in time, for whatever reason */
  g_autoptr (CareRoute) late = route (fixture, DOCTOR, CARE_ROUTE_WAIT_MINUTES);
  g_assert_true (care_route_is_for (late, OTHER, "prescriber"));
  g_assert_false (care_route_is_for (late, NURSE, "nurse"));
  assert_words (late, OTHER,
                "For Practitioner/doctor, who ordered it.\nNobody has answered for 30 minutes: "
                "every doctor is asked.");
  g_autoptr (CareRoute) unknown = route (fixture, NULL, 0);
  g_assert_true (care_route_is_for (unknown, OTHER, "prescriber"));
  assert_words (unknown, OTHER, "It is not recorded who ordered it: every doctor is asked.");
}

static void
test_cover (CareFixture *fixture, gconstpointer data)
{
  g_assert_no_error (
      set (fixture, fixture->doctor, OTHER, "2026-11-22T08:00:00Z", "2026-11-24T08:00:00Z"));
  g_autoptr (CareRoute) covered = route (fixture, DOCTOR, 10);

  g_assert_cmpint (covered->kind, ==, CARE_ROUTE_COVER);
  g_assert_true (care_route_is_for (covered, OTHER, "prescriber"));
  g_assert_true (care_route_is_for (covered, DOCTOR, "prescriber"));
  g_assert_false (care_route_is_for (covered, NURSE, "prescriber"));
  assert_words (covered, OTHER, "For Dr Ada Stone, absent until 24-Nov-2026 08:00. You stand in.");
  assert_words (covered, NURSE,
                "For Dr Ada Stone, absent until 24-Nov-2026 08:00. HILL, Ben (Dr) stands in.");
  /* who stands in did not answer either */
  g_autoptr (CareRoute) late = route (fixture, DOCTOR, 31);
  g_assert_true (care_route_is_for (late, NURSE, "prescriber"));
  g_assert_false (late->nobody);
  /* before and after the absence it is the orderer's */
  g_autoptr (CareRoute) another = route (fixture, OTHER, 10);
  g_assert_cmpint (another->kind, ==, CARE_ROUTE_ORDERER);
}

static void
test_time (CareFixture *fixture, gconstpointer data)
{
  g_assert_no_error (
      set (fixture, fixture->doctor, OTHER, "2026-11-22T09:01:00Z", "2026-11-24T08:00:00Z"));
  g_autoptr (CareRoute) before = route (fixture, DOCTOR, 10);

  g_assert_cmpint (before->kind, ==, CARE_ROUTE_ORDERER);
}

/* A cover who is absent too hands it on; in a circle nobody stands in. */
static void
test_chain (CareFixture *fixture, gconstpointer data)
{
  const char *from = "2026-11-22T08:00:00Z", *until = "2026-11-24T08:00:00Z";

  g_assert_no_error (set (fixture, fixture->doctor, OTHER, from, until));
  g_assert_no_error (set (fixture, fixture->other, NURSE, from, until));
  g_autoptr (CareRoute) handed = route (fixture, DOCTOR, 10);
  g_assert_cmpstr (handed->cover, ==, NURSE);
  g_assert_no_error (set (fixture, fixture->nurse, DOCTOR, from, until));
  g_autoptr (CareRoute) circle = route (fixture, DOCTOR, 10);
  g_assert_cmpint (circle->kind, ==, CARE_ROUTE_UNCOVERED);
  /* and all of them are away: never silently nobody */
  g_assert_true (circle->nobody);
  assert_words (circle, DOCTOR,
                "For Dr Ada Stone, absent until 24-Nov-2026 08:00. Nobody stands in: every doctor "
                "is asked.\nNOBODY IS THERE: all who work here have said that they are absent. "
                "Call one of them.");
}

static void
test_nobody (CareFixture *fixture, gconstpointer data)
{
  g_assert_no_error (
      set (fixture, fixture->doctor, NULL, "2026-11-22T08:00:00Z", "2026-11-24T08:00:00Z"));
  g_autoptr (CareRoute) alone = route (fixture, DOCTOR, 1);

  g_assert_cmpint (alone->kind, ==, CARE_ROUTE_UNCOVERED);
  g_assert_true (care_route_is_for (alone, OTHER, "prescriber"));
  g_assert_false (alone->nobody);
}

static gboolean
fill_many (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < 1100; i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{'resourceType':'Task','id':'many%u','status':'in-progress','intent':'order','code':{"
          "'coding':[{'system':'https://bedside.health/fhir/task','code':'cover'}]},'authoredOn':"
          "'2099-01-01T00:00:00Z','requester':{'reference':'Patient/p'},'restriction':{'period':{"
          "'start':'2026-01-01T00:00:00Z','end':'2099-01-01T00:00:00Z'}}}",
          i);

      care_fixture_put (connection, text);
    }
  return TRUE;
}

/* However many absences were said later, one that stands is found. */
static void
test_many (CareFixture *fixture, gconstpointer data)
{
  g_assert_no_error (
      set (fixture, fixture->doctor, OTHER, "2026-11-22T08:00:00Z", "2026-11-24T08:00:00Z"));
  care_fixture_write (fixture, fill_many);
  g_autoptr (CareRoute) covered = route (fixture, DOCTOR, 10);

  g_assert_cmpint (covered->kind, ==, CARE_ROUTE_COVER);
  g_assert_cmpstr (covered->cover, ==, OTHER);
}

static void
assert_refused (GError *error)
{
  g_assert_error (error, CARE_ERROR, CARE_ERROR_MISSING);
  g_error_free (error);
}

static void
test_refused (CareFixture *fixture, gconstpointer data)
{
  CareContext *doctor = fixture->doctor;

  assert_refused (set (fixture, doctor, OTHER, "2026-11-24T08:00:00Z", "2026-11-23T08:00:00Z"));
  assert_refused (set (fixture, doctor, OTHER, "2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z"));
  assert_refused (set (fixture, doctor, DOCTOR, "2026-11-22T08:00:00Z", "2026-11-24T08:00:00Z"));
  assert_refused (set (fixture, doctor, OTHER, "tomorrow", "2026-11-24T08:00:00Z"));
}

static gboolean
end_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) covers = care_cover_list (connection, error);
  const CareCover *cover = covers->pdata[0];
  g_autoptr (GError) refused = NULL;

  g_assert_false (
      care_cover_end (connection, ((CareFixture *) data)->other, cover->task, &refused));
  g_assert_error (refused, CARE_ERROR, CARE_ERROR_AUTHOR);
  return care_cover_end (connection, ((CareFixture *) data)->doctor, cover->task, error);
}

/* Who is back gets their own results again. */
static void
test_end (CareFixture *fixture, gconstpointer data)
{
  g_assert_no_error (
      set (fixture, fixture->doctor, OTHER, "2026-11-22T08:00:00Z", "2026-11-24T08:00:00Z"));
  care_fixture_write (fixture, end_work);
  g_autoptr (CareRoute) back = route (fixture, DOCTOR, 10);

  g_assert_cmpint (back->kind, ==, CARE_ROUTE_ORDERER);
}

/* ---- the answer ---- */

static gboolean
review_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareResults) results = care_results_load (connection, "p", fixture->clock, error);
  CareResult *result = care_results_find (results, "Observation/k");
  g_autoptr (CareRoute) route =
      care_results_dup_route (results, result, base_clock_now (fixture->clock));
  g_autofree char *stamp = care_result_dup_stamp (result);
  CareReviewRequest review = { "p", "Observation/k", stamp, CARE_REVIEW_DONE, "Called", NULL };

  g_assert_cmpstr (result->orderer_name, ==, "Dr Ada Stone");
  g_assert_cmpstr (route->orderer, ==, DOCTOR);
  return care_review_write (connection, who, &review, NULL, error);
}

static gboolean
check_behalf (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Provenance", "_count=9", NULL);
  g_autoptr (FhirResource) said = care_fixture_get (connection, "Provenance", ids->pdata[0]);
  const char *absence = fhir_resource_path_text (said, "entity.1.what.reference");

  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (said, "agent.0.who.reference"), ==, OTHER);
  g_assert_cmpstr (fhir_resource_path_text (said, "agent.0.onBehalfOf.reference"), ==, DOCTOR);
  g_assert_true (g_str_has_prefix (absence, "Task/"));
  return TRUE;
}

/* What who stands in answers, they answer for the other, and the record says by which absence. */
static void
test_behalf (CareFixture *fixture, gconstpointer data)
{
  g_assert_no_error (
      set (fixture, fixture->doctor, OTHER, "2026-11-22T08:00:00Z", "2026-11-24T08:00:00Z"));
  who = fixture->other;
  care_fixture_write (fixture, review_work);
  care_fixture_read (fixture, check_behalf);
}

static gboolean
check_no_behalf (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Provenance", "_count=9", NULL);
  g_autoptr (FhirResource) said = care_fixture_get (connection, "Provenance", ids->pdata[0]);

  g_assert_null (fhir_resource_path (said, "agent.0.onBehalfOf"));
  return TRUE;
}

/* A third one who answers was not asked to stand in. */
static void
test_third (CareFixture *fixture, gconstpointer data)
{
  g_assert_no_error (
      set (fixture, fixture->doctor, OTHER, "2026-11-22T08:00:00Z", "2026-11-24T08:00:00Z"));
  who = fixture->nurse;
  care_fixture_write (fixture, review_work);
  care_fixture_read (fixture, check_no_behalf);
}

static void
add (const char *path, void (*test) (CareFixture *, gconstpointer))
{
  g_test_add (path, CareFixture, NULL, set_up, test, care_fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/care/cover/orderer", test_orderer);
  add ("/care/cover/cover", test_cover);
  add ("/care/cover/time", test_time);
  add ("/care/cover/chain", test_chain);
  add ("/care/cover/nobody", test_nobody);
  add ("/care/cover/many", test_many);
  add ("/care/cover/refused", test_refused);
  add ("/care/cover/end", test_end);
  add ("/care/cover/behalf", test_behalf);
  add ("/care/cover/third", test_third);
  return g_test_run ();
}
