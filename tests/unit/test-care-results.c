/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-results.h"

#include "care-fixture.h"

#include <math.h>
#include <string.h>

#define SUBJECT "'subject':{'reference':'Patient/p'}"
#define LAB     "'category':[{'coding':[{'code':'laboratory'}]}]," SUBJECT
#define VITAL   "'category':[{'coding':[{'code':'vital-signs'}]}]," SUBJECT
#define CODE(code, name)                                                                           \
  "'code':{'coding':[{'system':'http://loinc.org','code':'" code "'}],'text':'" name "'}"
#define UCUM(value, code)                                                                          \
  "{'value':" value ",'unit':'" code "','system':'http://unitsofmeasure.org','code':'" code "'}"
#define OBSERVATION(id, status, rest)                                                              \
  "{'resourceType':'Observation','id':'" id "','status':'" status "'," LAB "," rest "}"
#define AT(day)     "'effectiveDateTime':'2026-11-" day "T08:00:00Z'"
#define POTASSIUM   CODE ("6298-4", "Potassium")
#define LOINC(code) "http://loinc.org|" code
#define RANGE                                                                                      \
  "'referenceRange':[{'low':" UCUM ("3.5", "mmol/L") ",'high':" UCUM ("5.1", "mmol/L") "}]"

static void
put_all (StoreConnection *connection, const char *const *resources, gsize n)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12'}");
  for (gsize i = 0; i < n; i++)
    care_fixture_put (connection, resources[i]);
}

static CareResults *
load (StoreConnection *connection, gpointer fixture)
{
  g_autoptr (GError) error = NULL;
  CareResults *results =
      care_results_load (connection, "p", ((CareFixture *) fixture)->clock, &error);

  g_assert_no_error (error);
  return results;
}

static CareResult *
line (CareResults *results, const char *reference)
{
  GPtrArray *lines = care_results_get_lines (results);

  for (guint i = 0; i < lines->len; i++)
    if (g_strcmp0 (((CareResult *) lines->pdata[i])->reference, reference) == 0)
      return lines->pdata[i];
  return NULL;
}

/* ---- panels ---- */

static gboolean
check_panel (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    OBSERVATION ("k", "final",
                 POTASSIUM "," AT ("20") ",'valueQuantity':" UCUM ("5.3", "mmol/L") "," RANGE),
    OBSERVATION ("na", "final",
                 CODE ("2947-0", "Sodium") "," AT ("20") ",'valueQuantity':" UCUM ("139",
                                                                                   "mmol/L")),
    "{'resourceType':'DiagnosticReport','id':'r','status':'partial'," SUBJECT
    "," CODE ("24320-4", "Basic metabolic panel") "," AT (
        "20") ",'conclusion':'Repeat potassium.','result':[{'reference':'Observation/k'},"
              "{'reference':'Observation/na'},{'reference':'Observation/not-here'}]}",
    "{'resourceType':'DiagnosticReport','id':'letter','status':'final'," SUBJECT
    ",'code':{'text':'Chest film'}," AT ("20") "}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareResults) results = load (connection, fixture);
  CareResult *panel = line (results, "DiagnosticReport/r");
  g_assert_nonnull (panel);
  g_assert_cmpuint (panel->parts->len, ==, 2);
  g_assert_cmpuint (panel->missing, ==, 1);
  g_assert_true (care_result_is_partial (panel));
  g_assert_cmpstr (panel->note, ==, "Repeat potassium.");
  g_assert_cmpstr (care_result_get_gravest_flag (panel), ==, "H");
  g_assert_true (((CareResult *) panel->parts->pdata[0])->flag_is_own);
  /* the members stand as lines too, and a report without readings is none of them */
  g_assert_nonnull (line (results, "Observation/k"));
  g_assert_null (line (results, "DiagnosticReport/letter"));
  return FALSE;
}

/* Members that name one another in a circle are said, and end. */
static gboolean
check_circle (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    OBSERVATION ("a", "final",
                 CODE ("1-1", "A") "," AT ("20") ",'hasMember':[{'reference':'Observation/b'}]"
                                                 ",'derivedFrom':[{'reference':'Observation/b'}]"),
    OBSERVATION ("b", "final",
                 CODE ("2-2", "B") "," AT (
                     "20") ",'valueInteger':7,'hasMember':[{'reference':'Observation/a'},"
                           "{'reference':'Observation/b'}]"),
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareResults) results = load (connection, fixture);
  CareResult *panel = line (results, "Observation/a");
  g_assert_true (panel->circular);
  g_assert_true (care_result_is_partial (panel));
  g_assert_cmpuint (panel->parts->len, ==, 1);
  g_assert_cmpstr (((CareResult *) panel->parts->pdata[0])->value, ==, "7");
  return FALSE;
}

static gboolean
check_pressure (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Observation','id':'bp','status':'final'," VITAL
    "," CODE ("85354-9", "Blood pressure") "," AT ("20") ",'component':[{" CODE (
        "8480-6",
        "Sys"
        "tol"
        "ic") ",'valueQuantity':" UCUM ("152",
                                        "mm[Hg]") ",'referenceRange':[{'high'"
                                                  ":" UCUM ("140",
                                                            "mm[Hg]") "}]},"
                                                                      "{" CODE (
                                                                          "8"
                                                                          "4"
                                                                          "6"
                                                                          "2"
                                                                          "-"
                                                                          "4",
                                                                          "D"
                                                                          "i"
                                                                          "a"
                                                                          "s"
                                                                          "t"
                                                                          "o"
                                                                          "l"
                                                                          "i"
                                                                          "c") ",'"
                                                                               "valu"
                                                                               "eQua"
                                                                               "ntit"
                                                                               "y'"
                                                                               ":" UCUM (
                                                                                   "80",
                                                                                   "mm[Hg]") "}]}",
    "{'resourceType':'Observation','id':'other','status':'final'," VITAL
    "," CODE ("85354-9", "Blood pressure") "," AT ("10") ",'component':[{" CODE (
        "8480-6", "Systolic") ",'modifierExtension':[{'url':'urn:not','valueBoolean':true}],"
                              "'valueQuantity':" UCUM ("200", "mm[Hg]") "},{" CODE (
                                  "8462-4", "Diastolic") ",'valueQuantity':" UCUM ("81",
                                                                                   "mm[Hg]") "}]}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareResults) results = load (connection, fixture);
  CareResult *pressure = line (results, "Observation/bp");
  CareResult *withheld = care_results_find (results, "Observation/other");
  g_autoptr (GArray) systolic = care_results_dup_series (results, LOINC ("8480-6"), NULL);
  g_assert_cmpstr (pressure->value, ==, "152/80 mmHg");
  g_assert_cmpuint (pressure->parts->len, ==, 2);
  g_assert_cmpstr (care_result_get_gravest_flag (pressure), ==, "H");
  /* where a part may mean something else the whole does not say it, and no line holds it */
  g_assert_null (withheld->value);
  g_assert_cmpstr (withheld->absent, ==, "A part of it cannot be shown safely");
  g_assert_cmpuint (systolic->len, ==, 1);
  return FALSE;
}

/* ---- what replaces what ---- */

static gboolean
put_first (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    OBSERVATION ("k", "final", POTASSIUM "," AT ("20") ",'valueQuantity':" UCUM ("5.9", "mmol/L")),
    OBSERVATION ("old", "final",
                 CODE ("2947-0", "Sodium") "," AT ("20") ",'valueQuantity':" UCUM ("193",
                                                                                   "mmol/L")),
    OBSERVATION ("wrong", "entered-in-error",
                 POTASSIUM "," AT ("21") ",'valueQuantity':" UCUM ("9.9", "mmol/L")),
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  return TRUE;
}

static gboolean
put_correction (StoreConnection *connection, gpointer fixture, GError **error)
{
  care_fixture_put (connection, OBSERVATION ("k", "corrected",
                                             POTASSIUM "," AT (
                                                 "20") ",'valueQuantity':" UCUM ("4.9", "mmol/L")));
  care_fixture_put (
      connection,
      OBSERVATION ("new", "final",
                   CODE ("2947-0", "Sodium") "," AT ("20") ",'valueQuantity':" UCUM (
                       "139", "mmol/L") ",'extension':[{'url':'http://hl7.org/fhir/"
                                        "StructureDefinition/observation-replaces',"
                                        "'valueReference':{'reference':'Observation/old'}}]"));
  return TRUE;
}

static gboolean
check_replaced (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) results = load (connection, fixture);
  g_autoptr (GArray) potassium = care_results_dup_series (results, LOINC ("6298-4"), NULL);
  CareResult *old = care_results_find (results, "Observation/old");

  g_assert_cmpstr (line (results, "Observation/k")->before, ==, "5.9 mmol/L");
  g_assert_cmpstr (line (results, "Observation/new")->before, ==, "193 mmol/L");
  g_assert_cmpint (old->state, ==, CARE_RESULT_REPLACED);
  g_assert_cmpstr (old->replaced_by, ==, "Observation/new");
  g_assert_null (line (results, "Observation/old"));
  /* an error is struck: it is in the history, and neither the latest nor on the line */
  g_assert_null (line (results, "Observation/wrong"));
  g_assert_cmpuint (care_results_get_history (results, LOINC ("6298-4"))->len, ==, 2);
  g_assert_cmpuint (potassium->len, ==, 1);
  return TRUE;
}

static void
test_replaced (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_first);
  care_fixture_write (fixture, put_correction);
  care_fixture_read (fixture, check_replaced);
}

/* ---- bad input ---- */

static gboolean
check_absent (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    OBSERVATION ("none", "final", CODE ("1-1", "None") "," AT ("20")),
    OBSERVATION ("reason", "final",
                 CODE ("2-2", "Reason") "," AT ("20") ",'dataAbsentReason':{'text':'haemolysed'}"),
    OBSERVATION ("sampled", "final",
                 CODE ("3-3", "Sampled") "," AT ("20") ",'valueSampledData':{'origin':{'value':0},'"
                                                       "period':1,'dimensions':1,'data':'1 2'}"),
    OBSERVATION ("words", "final",
                 CODE ("4-4",
                       "Words") "," AT ("20") ",'valueQuantity':{'value':'6,7','unit':'mmol/L'}"),
    OBSERVATION ("huge", "final",
                 CODE ("5-5", "Huge") "," AT ("20") ",'valueQuantity':" UCUM ("1e400", "furlong")),
    OBSERVATION ("less", "final",
                 CODE ("6-6", "Less") "," AT (
                     "20") ",'valueQuantity':{'value':5,'comparator':'<','unit':'mg/L'}"),
    OBSERVATION ("opaque", "final",
                 "'modifierExtension':[{'url':'urn:not-so','valueBoolean':true}]," POTASSIUM
                 "," AT ("20") ",'valueQuantity':" UCUM ("9.9", "mmol/L")),
    OBSERVATION ("when", "final",
                 CODE ("7-7", "When") ",'effectiveDateTime':'yesterday','valueInteger':3"),
    OBSERVATION ("bare", "final", "'code':{},'valueString':'  odd '"),
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareResults) results = load (connection, fixture);
  CareResult *opaque = line (results, "Observation/opaque");
  g_autoptr (GArray) huge = care_results_dup_series (results, LOINC ("5-5"), NULL);
  g_autoptr (GArray) less = care_results_dup_series (results, LOINC ("6-6"), NULL);

  g_assert_cmpstr (line (results, "Observation/none")->absent, ==, "No value was recorded");
  g_assert_cmpstr (line (results, "Observation/reason")->absent, ==, "haemolysed");
  g_assert_nonnull (strstr (line (results, "Observation/sampled")->absent, "valueSampledData"));
  g_assert_cmpstr (line (results, "Observation/words")->absent, ==,
                   "Its value is not a number: 6,7");
  g_assert_nonnull (strstr (line (results, "Observation/huge")->value, "1e400"));
  g_assert_cmpuint (huge->len, ==, 0);
  g_assert_cmpstr (line (results, "Observation/less")->value, ==, "< 5 mg/L");
  g_assert_cmpuint (less->len, ==, 0);
  /* content withheld, reason shown */
  g_assert_cmpint (opaque->state, ==, CARE_RESULT_WITHHELD);
  g_assert_null (opaque->value);
  g_assert_null (opaque->loinc);
  g_assert_nonnull (strstr (opaque->note, "urn:not-so"));
  g_assert_cmpint (line (results, "Observation/when")->time_us, ==, G_MININT64);
  g_assert_nonnull (line (results, "Observation/bare"));
  return FALSE;
}

/* ---- series ---- */

/* H15: converted for the eye only, judged in its own unit, and said; what cannot be is left out. */
static gboolean
check_series (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    OBSERVATION ("g1", "final",
                 CODE ("2339-0", "Glucose") "," AT ("01") ",'valueQuantity':" UCUM (
                     "110", "mg/dL") ",'referenceRange':[{'high':" UCUM ("99", "mg/dL") "}]"),
    OBSERVATION ("g2", "final",
                 CODE ("2339-0", "Glucose") "," AT ("02") ",'valueQuantity':" UCUM ("7",
                                                                                    "furlong")),
    OBSERVATION ("g3", "preliminary",
                 CODE ("2339-0", "Glucose") "," AT ("03") ",'valueQuantity':" UCUM ("5.5",
                                                                                    "mmol/L")),
    "{'resourceType':'Observation','id':'foreign','status':'final'," LAB
    ",'code':{'coding':[{'system':'urn:lab','code':'2339-0'}]}," AT (
        "04") ",'valueQuantity':" UCUM ("5.9", "mmol/L") "}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareResults) results = load (connection, fixture);
  g_autoptr (GArray) points = care_results_dup_series (results, LOINC ("2339-0"), NULL);
  g_autoptr (GArray) back = care_results_dup_series (results, LOINC ("2339-0"), "mg/dL");
  g_autoptr (GPtrArray) units = care_results_dup_units (results, LOINC ("2339-0"));
  const CareTrendPoint *first = &g_array_index (points, CareTrendPoint, 0);

  g_assert_cmpuint (points->len, ==, 3); /* another system's code is another test */
  g_assert_true (first->converted && first->comparable);
  g_assert_cmpfloat_with_epsilon (first->value, 6.1, 0.05);
  g_assert_cmpstr (first->literal, ==, "110");
  g_assert_cmpstr (first->unit, ==, "mg/dL");
  g_assert_cmpfloat_with_epsilon (first->high, 5.5, 0.05);
  g_assert_true (isnan (first->low));
  g_assert_cmpstr (first->flag, ==, "H");
  g_assert_false (g_array_index (points, CareTrendPoint, 1).comparable);
  g_assert_false (g_array_index (points, CareTrendPoint, 2).converted);
  g_assert_true (g_array_index (points, CareTrendPoint, 2).not_final);
  g_assert_false (g_array_index (back, CareTrendPoint, 0).converted);
  g_assert_true (g_array_index (back, CareTrendPoint, 2).converted);
  g_assert_true (g_ptr_array_find_with_equal_func (units, "mg/dL", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (units, "mmol/L", g_str_equal, NULL));
  g_autofree char *words =
      care_result_dup_converted (care_results_find (results, "Observation/g1"), "mmol/L");
  g_assert_cmpstr (words, ==, "6.1 mmol/L");
  return FALSE;
}

/* ---- critical ---- */

static gboolean
check_critical (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    OBSERVATION ("k", "final",
                 POTASSIUM "," AT ("20") ",'valueQuantity':" UCUM ("6.4", "mmol/L") "," RANGE),
    OBSERVATION ("t", "final",
                 CODE ("9-9", "Troponin") "," AT ("20") ",'valueQuantity':" UCUM (
                     "90", "ng/L") ",'interpretation':[{'coding':[{'code':'HH'}]}]"),
    OBSERVATION ("na", "final",
                 CODE ("2947-0", "Sodium") "," AT ("20") ",'valueQuantity':" UCUM ("139",
                                                                                   "mmol/L")),
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareResults) results = load (connection, fixture);
  CareResult *potassium = line (results, "Observation/k");
  g_assert_cmpstr (potassium->flag, ==, "HH");
  g_assert_true (potassium->flag_is_own);
  g_assert_nonnull (
      strstr (potassium->critical, "6.2 mmol/L (adults; source: unverified for whole blood)"));
  g_assert_nonnull (strstr (potassium->limit, "https://"));
  g_assert_nonnull (line (results, "Observation/t")->critical);
  g_assert_false (line (results, "Observation/t")->flag_is_own);
  g_assert_null (line (results, "Observation/t")->limit);
  g_assert_null (line (results, "Observation/na")->critical);
  g_assert_nonnull (line (results, "Observation/na")->limit);
  return FALSE;
}

/* ---- medicines ---- */

static gboolean
check_medicines (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'MedicationRequest','id':'m1','status':'active','intent':'order'," SUBJECT
    ",'medicationCodeableConcept':{'text':'losartan'},'authoredOn':'2026-01-02'}",
    "{'resourceType':'MedicationRequest','id':'m2','status':'stopped','intent':'order'," SUBJECT
    ",'medicationCodeableConcept':{'text':'ramipril'},'authoredOn':'2025-01-02'}",
    "{'resourceType':'MedicationStatement','id':'m3','status':'completed'," SUBJECT
    ",'medicationCodeableConcept':{'text':'amoxicillin'},'effectivePeriod':{'start':'2026-02-01','"
    "end':'2026-02-07'}}",
    "{'resourceType':'MedicationRequest','id':'m4','status':'cancelled','intent':'order'," SUBJECT
    ",'medicationCodeableConcept':{'text':'never'},'authoredOn':'2025-01-02'}",
    "{'resourceType':'MedicationRequest','id':'m5','status':'active','intent':'order'," SUBJECT
    ",'medicationCodeableConcept':{'text':'some day'}}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareResults) results = load (connection, fixture);
  GPtrArray *medicines = care_results_get_medicines (results);
  const CareMedicineSpan *span;
  g_assert_cmpuint (medicines->len, ==, 3);
  span = medicines->pdata[0];
  g_assert_cmpstr (span->name, ==, "ramipril");
  g_assert_true (span->ends_open && !span->active); /* stopped, and nobody wrote when */
  span = medicines->pdata[1];
  g_assert_true (span->active);
  span = medicines->pdata[2];
  g_assert_false (span->ends_open || span->active);
  g_assert_cmpint (span->end_us - span->start_us, >, 6 * G_TIME_SPAN_DAY);
  g_assert_cmpuint (care_results_get_medicines_withheld (results), ==, 1);
  return FALSE;
}

/* "name first day last day" of each, by start; "…" where it goes on, "?" where nobody wrote when.
 */
static char *
describe_medicines (CareResults *results)
{
  GPtrArray *medicines = care_results_get_medicines (results);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < medicines->len; i++)
    {
      const CareMedicineSpan *span = medicines->pdata[i];
      g_autoptr (GDateTime) start = g_date_time_new_from_unix_utc_usec (span->start_us);
      g_autoptr (GDateTime) end = g_date_time_new_from_unix_utc_usec (span->end_us - 1);
      g_autofree char *from = g_date_time_format (start, "%F"),
                      *until = g_date_time_format (end, "%F");

      g_string_append_printf (text, "%s %s %s\n", span->name, from,
                              span->active      ? "…"
                              : span->ends_open ? "?"
                                                : until);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* It is 22-Nov-2026. As Medicines and the timeline have it. */
static gboolean
check_medicines_end (StoreConnection *connection, gpointer fixture, GError **error)
{
#define ORDER(id, status, name)                                                                    \
  "{'resourceType':'MedicationRequest','id':'" id "','status':'" status                            \
  "','intent':'order'," SUBJECT ",'medicationCodeableConcept':{'text':'" name "'},'authoredOn':'"  \
  "2026-01-01'"
#define STOPPED(id, activity)                                                                      \
  "{'resourceType':'Provenance','id':'why-" id "','target':[{'reference':'MedicationRequest/" id   \
  "'}],'recorded':'2026-11-10T08:00:00Z','occurredDateTime':'2026-11-08','activity':{'coding':[{"  \
  "'code':'" activity "'}]},'agent':[{'who':{'display':'Dr Stone'}}]}"
  static const char *const resources[] = {
    /* stopped early: not to the end that was planned */
    ORDER ("a", "stopped", "apixaban") ",'dosageInstruction':[{'timing':{'repeat':{'boundsPeriod':{"
                                       "'start':'2026-02-01','end':'2027-06-30'}}}}]}",
    STOPPED ("a", "UPDATE"),
    /* its date stands in the Provenance alone */
    ORDER ("b", "stopped", "bisoprolol") "}",
    STOPPED ("b", "UPDATE"),
    /* the end was planned, and nobody wrote when it was stopped before */
    ORDER ("c", "stopped", "codeine") ",'dosageInstruction':[{'timing':{'repeat':{'boundsPeriod':{"
                                      "'start':'2026-03-01','end':'2027-06-30'}}}}]}",
    /* a taper: from its first step to the end of its last */
    ORDER ("d", "completed", "dexamethasone") ",'dosageInstruction':[{'timing':{'repeat':{"
                                              "'boundsPeriod':{'start':'2026-04-05','end':"
                                              "'2026-04-10'}}}},{'timing':{'repeat':{"
                                              "'boundsPeriod':{'start':'2026-04-11','end':"
                                              "'2026-04-20'}}}}]}",
    /* the second step goes on */
    ORDER ("e", "active", "enalapril") ",'dosageInstruction':[{'timing':{'repeat':{'boundsPeriod':{"
                                       "'start':'2026-05-01','end':'2026-05-10'}}}},{'timing':{"
                                       "'repeat':{'boundsPeriod':{'start':'2026-05-11'}}}}]}",
  };

  put_all (connection, resources, G_N_ELEMENTS (resources));
  g_autoptr (CareResults) results = load (connection, fixture);
  g_autofree char *text = describe_medicines (results);
  g_assert_cmpstr (text, ==,
                   "bisoprolol 2026-01-01 2026-11-08\n"
                   "apixaban 2026-02-01 2026-11-08\n"
                   "codeine 2026-03-01 ?\n"
                   "dexamethasone 2026-04-05 2026-04-20\n"
                   "enalapril 2026-05-01 …\n");
  return FALSE;
}

/* The check runs in a write that is taken back. */
static void
run (CareFixture *fixture, gconstpointer data)
{
  StoreWork work = (StoreWork) data;

  store_database_write (fixture->database, BASE_LANE_PERSON, work, fixture, NULL);
}

static void
add (const char *path, StoreWork work)
{
  g_test_add (path, CareFixture, (gconstpointer) work, care_fixture_set_up, run,
              care_fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/care/results/panel", check_panel);
  add ("/care/results/circle", check_circle);
  add ("/care/results/pressure", check_pressure);
  add ("/care/results/absent", check_absent);
  add ("/care/results/series", check_series);
  add ("/care/results/critical", check_critical);
  add ("/care/results/medicines", check_medicines);
  add ("/care/results/medicines-end", check_medicines_end);
  g_test_add ("/care/results/replaced", CareFixture, NULL, care_fixture_set_up, test_replaced,
              care_fixture_tear_down);
  return g_test_run ();
}
