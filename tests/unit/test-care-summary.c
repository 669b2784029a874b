/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-summary.h"

#include "care-fixture.h"
#include "care-results.h"

#include <math.h>
#include <string.h>

#define VITAL "'category':[{'coding':[{'code':'vital-signs'}]}],'subject':{'reference':'Patient/p'}"
#define LAB   "'category':[{'coding':[{'code':'laboratory'}]}],'subject':{'reference':'Patient/p'}"
#define POTASSIUM                                                                                  \
  "'code':{'coding':[{'system':'http://loinc.org','code':'2823-3'}],'text':'Potassium'}"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','"
                                "given':['Jane'],'prefix':['Mrs']}],"
                                "'birthDate':'1961-03-12','gender':'female','identifier':["
                                "{'system':'urn:x','value':'zzz'},{'system':'https://fhir.nhs.uk/"
                                "Id/nhs-number','value':'9434765919'}]}");
  return TRUE;
}

static gboolean
put_chart (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Condition','id':'c1','clinicalStatus':{'coding':[{'code':'active'}]},'code':{"
    "'text':'Hypertension'},"
    "'onsetDateTime':'2015-04','subject':{'reference':'Patient/p'}}",
    "{'resourceType':'Condition','id':'c2','clinicalStatus':{'coding':[{'code':'resolved'}]},'code'"
    ":{'text':'Pneumonia'},"
    "'onsetDateTime':'2019','subject':{'reference':'Patient/p'}}",
    "{'resourceType':'Condition','id':'c3','verificationStatus':{'coding':[{'code':'entered-in-"
    "error'}]},'code':{'text':'Wrong'},"
    "'subject':{'reference':'Patient/p'}}",
    "{'resourceType':'Condition','id':'c4','verificationStatus':{'coding':[{'code':'refuted'}]},'"
    "code':{'text':'Refuted'},"
    "'subject':{'reference':'Patient/p'}}",
    "{'resourceType':'Condition','id':'c5','modifierExtension':[{'url':'urn:not','valueBoolean':"
    "true}],'code':{'text':'Diabetes'},"
    "'subject':{'reference':'Patient/p'}}",
    "{'resourceType':'MedicationRequest','id':'m1','status':'active','intent':'order','"
    "medicationReference':{'reference':'#d'},"
    "'contained':[{'resourceType':'Medication','id':'d','code':{'text':'hydroxyzine 25 "
    "mg'}}],'authoredOn':'2026-01-02',"
    "'dosageInstruction':[{'text':'1 at night'}],'subject':{'reference':'Patient/p'}}",
    "{'resourceType':'MedicationRequest','id':'m2','status':'stopped','intent':'order','"
    "medicationCodeableConcept':{'text':'old drug'},"
    "'authoredOn':'2020-01-02','subject':{'reference':'Patient/p'}}",
    "{'resourceType':'Observation','id':'k1','status':'final'," LAB "," POTASSIUM
    ",'effectiveDateTime':'2026-11-01T08:00:00Z',"
    "'valueQuantity':{'value':4.10,'unit':'mmol/"
    "L'},'referenceRange':[{'low':{'value':3.5,'unit':'mmol/L'},"
    "'high':{'value':5.1,'unit':'mmol/L'}}]}",
    "{'resourceType':'Observation','id':'k2','status':'final'," LAB "," POTASSIUM
    ",'effectiveDateTime':'2026-11-21T08:00:00Z',"
    "'valueQuantity':{'value':6.7,'unit':'mmol/"
    "L'},'referenceRange':[{'low':{'value':3.5,'unit':'mmol/L'},"
    "'high':{'value':5.1,'unit':'mmol/L'}}]}",
    "{'resourceType':'Observation','id':'k3','status':'final'," LAB "," POTASSIUM
    ",'effectiveDateTime':'2026-11-10T08:00:00Z',"
    "'valueQuantity':{'value':15.6,'unit':'mg/dL'}}",
    "{'resourceType':'Observation','id':'k4','status':'final'," LAB "," POTASSIUM
    ",'effectiveDateTime':'2026-11-11T08:00:00Z',"
    "'valueQuantity':{'value':2.0,'comparator':'<','unit':'mmol/L'}}",
    "{'resourceType':'Observation','id':'k5','status':'entered-in-error'," LAB "," POTASSIUM
    ",'effectiveDateTime':'2026-11-22T08:00:00Z',"
    "'valueQuantity':{'value':99,'unit':'mmol/L'}}",
    "{'resourceType':'Observation','id':'bp','status':'final'," VITAL
    ",'code':{'coding':[{'system':'http://loinc.org','code':'85354-9'}],"
    "'text':'Blood pressure'},'effectiveDateTime':'2026-11-20T08:00:00Z','component':["
    "{'code':{'coding':[{'system':'http://"
    "loinc.org','code':'8480-6'}]},'valueQuantity':{'value':142,'code':'mm[Hg]'}},"
    "{'code':{'coding':[{'system':'http://"
    "loinc.org','code':'8462-4'}]},'valueQuantity':{'value':88,'code':'mm[Hg]'}}]}",
    "{'resourceType':'Immunization','id':'i','status':'not-done','vaccineCode':{'text':'Influenza'}"
    ",'occurrenceDateTime':'2026-10-01',"
    "'patient':{'reference':'Patient/p'}}",
    "{'resourceType':'Encounter','id':'e','status':'finished','class':{'code':'VR'},'subject':{'"
    "reference':'Patient/p'},"
    "'period':{'start':'2026-10-01T09:00:00Z'},'reasonCode':[{'text':'cough'}]}",
    "{'resourceType':'DocumentReference','id':'d','status':'current','docStatus':'final','type':{'"
    "text':'Progress note'},"
    "'subject':{'reference':'Patient/"
    "p'},'date':'2026-10-01T09:30:00Z','content':[{'attachment':{'data':'eA=='}}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (resources); i++)
    care_fixture_put (connection, resources[i]);
  return TRUE;
}

#define FOR "'subject':{'reference':'Patient/p'}"
#define OF  "'patient':{'reference':'Patient/p'}"

/* What no author meant, and where it has to be seen all the same. */
static const struct
{
  CareList list;
  const char *type, *members;
} malformed[] = {
  { CARE_LIST_PROBLEMS, "Condition", FOR },
  { CARE_LIST_PROBLEMS, "Condition", FOR ",'code':'asthma'" },
  { CARE_LIST_PROBLEMS, "Condition", FOR ",'code':[],'clinicalStatus':'active'" },
  { CARE_LIST_PROBLEMS, "Condition", FOR ",'code':{'coding':{'code':7}},'onsetDateTime':'soon'" },
  { CARE_LIST_PROBLEMS, "Condition", FOR ",'code':{'text':['x']},'verificationStatus':[[]]" },
  { CARE_LIST_PROBLEMS, "Condition", FOR ",'code':null,'onsetDateTime':{},'severity':7" },
  { CARE_LIST_ALLERGIES, "AllergyIntolerance", OF },
  { CARE_LIST_ALLERGIES, "AllergyIntolerance", OF ",'code':'penicillin','reaction':'rash'" },
  { CARE_LIST_ALLERGIES, "AllergyIntolerance",
    OF ",'code':{'text':7},'reaction':[null,[],{'manifestation':'x'}]" },
  { CARE_LIST_ALLERGIES, "AllergyIntolerance", OF ",'clinicalStatus':'resolved','criticality':[]" },
  { CARE_LIST_MEDICINES, "MedicationRequest", FOR },
  { CARE_LIST_MEDICINES, "MedicationRequest", FOR ",'status':7,'medicationCodeableConcept':[]" },
  { CARE_LIST_MEDICINES, "MedicationRequest",
    FOR ",'medicationReference':{'reference':'#none'},'contained':[7,null,{}]" },
  { CARE_LIST_MEDICINES, "MedicationRequest",
    FOR ",'medicationReference':{'reference':'Patient/p'},'dosageInstruction':'1'" },
  { CARE_LIST_MEDICINES, "MedicationRequest",
    FOR ",'dosageInstruction':[[],7,{'timing':{'repeat':[]},'doseAndRate':{'doseQuantity':7}}]" },
  { CARE_LIST_MEDICINES, "MedicationStatement", FOR ",'dosage':{'text':[]},'doNotPerform':'yes'" },
  { CARE_LIST_MEDICINES, "MedicationRequest", FOR ",'authoredOn':'2026-02-30','reasonCode':'x'" },
  { CARE_LIST_VITALS, "Observation",
    VITAL ",'code':{'coding':[{'system':'http://loinc.org','code':'85354-9'}]},'component':'x',"
          "'effectiveDateTime':'2026-11-20'" },
  { CARE_LIST_VITALS, "Observation",
    VITAL ",'code':[],'component':[7,{'code':7,'valueQuantity':[]}],'valueQuantity':{'value':[]}" },
  { CARE_LIST_RESULTS, "Observation",
    LAB "," POTASSIUM ",'valueQuantity':{'value':'6,7'},"
        "'referenceRange':[{'low':{'value':3.5}}],"
        "'effectiveDateTime':'2026-11-20'" },
  { CARE_LIST_RESULTS, "Observation",
    LAB "," POTASSIUM ",'valueQuantity':{'value':5},"
        "'effectiveDateTime':'2026-13-20'" },
  { CARE_LIST_RESULTS, "Observation", LAB "," POTASSIUM ",'valueQuantity':{'value':6}" },
  { CARE_LIST_RESULTS, "Observation",
    FOR ",'code':{'text':'a'},'valueQuantity':'high',"
        "'referenceRange':'3-5'" },
  { CARE_LIST_RESULTS, "Observation",
    FOR ",'category':'laboratory','status':[],"
        "'valueQuantity':{'value':1e400},'interpretation':7" },
  { CARE_LIST_RESULTS, "Observation",
    FOR ",'referenceRange':[{'low':{'value':'x'},'high':7}],'valueQuantity':{'value':true}" },
  { CARE_LIST_IMMUNIZATIONS, "Immunization", OF },
  { CARE_LIST_IMMUNIZATIONS, "Immunization", OF ",'vaccineCode':7,'occurrenceDateTime':[]" },
  { CARE_LIST_VISITS, "Encounter", FOR },
  { CARE_LIST_VISITS, "Encounter", FOR ",'class':[],'period':'x','reasonCode':7,'type':{}" },
  { CARE_LIST_VISITS, "Encounter", FOR ",'participant':{'individual':[]},'status':null" },
  { CARE_LIST_DOCUMENTS, "DocumentReference", FOR ",'type':7,'content':'x','author':'me'" },
  { CARE_LIST_DOCUMENTS, "DiagnosticReport", FOR ",'code':'x','result':7,'conclusion':[]" },
};

static gboolean
put_malformed (StoreConnection *connection, gpointer data, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{'resourceType':'%s','id':'x%" G_GSIZE_FORMAT "',%s}",
                           malformed[i].type, i, malformed[i].members);

      care_fixture_put (connection, json);
    }
  return TRUE;
}

static gboolean
lists (CareSummary *summary, CareList which, const char *reference)
{
  GListModel *list = care_summary_get_list (summary, which);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (list, i);

      g_assert_nonnull (care_row_get_title (row));
      if (g_strcmp0 (care_row_get_text (row, CARE_ROW_REFERENCE), reference) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_malformed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);
  g_autoptr (GArray) potassium = care_summary_get_trend (summary, "2823-3");

  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autofree char *reference = g_strdup_printf ("%s/x%" G_GSIZE_FORMAT, malformed[i].type, i);

      g_test_message ("%s %s", reference, malformed[i].members);
      g_assert_true (lists (summary, malformed[i].list, reference));
    }
  g_assert_nonnull (strstr (care_summary_get_allergies_line (summary), "penicillin"));
  /* "6,7" is no number and 2026-13-20 no day: neither is a point of a line. */
  g_assert_cmpuint (potassium->len, ==, 0);
  return TRUE;
}

static void
test_malformed (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_malformed);
  care_fixture_read (fixture, check_malformed);
}

static CareRow *
row_at (CareSummary *summary, CareList which, guint at)
{
  g_autoptr (CareRow) row = g_list_model_get_item (care_summary_get_list (summary, which), at);

  g_assert_nonnull (row);
  return row; /* the list keeps it */
}

static guint
count (CareSummary *summary, CareList which)
{
  return g_list_model_get_n_items (care_summary_get_list (summary, which));
}

static gboolean
check_banner (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);

  g_assert_cmpstr (care_summary_get_name (summary), ==, "SMITH, Jane (Mrs)");
  g_assert_cmpstr (care_summary_get_birth_date (summary), ==, "12-Mar-1961");
  g_assert_cmpstr (care_summary_get_age (summary), ==, "65 y");
  g_assert_cmpstr (care_summary_get_sex (summary), ==, "Female");
  g_assert_cmpstr (care_summary_get_identifier (summary), ==, "943 476 5919");
  g_assert_cmpstr (care_summary_get_allergies_line (summary), ==, "Allergies not recorded");
  g_assert_null (care_summary_get_deceased (summary));
  for (guint i = 0; i < CARE_N_LISTS; i++)
    g_assert_cmpuint (count (summary, (CareList) i), ==, 0);
  return TRUE;
}

static void
test_banner (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_read (fixture, check_banner);
}

static gboolean
put_modified_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12',"
                                "'modifierExtension':[{'url':'urn:not','valueBoolean':true}]}");
  return TRUE;
}

static gboolean
check_modified_patient (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);

  g_assert_true (care_summary_is_withheld (summary));
  return TRUE;
}

static gboolean
check_plain_patient (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);

  g_assert_false (care_summary_is_withheld (summary));
  return TRUE;
}

/* H35: a modifier of the person themselves is said. */
static void
test_modified_patient (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_read (fixture, check_plain_patient);
  care_fixture_write (fixture, put_modified_patient);
  care_fixture_read (fixture, check_modified_patient);
}

static const char *expected_line;
static CareAllergyState expected_state;

static gboolean
check_line (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);

  g_assert_cmpstr (care_summary_get_allergies_line (summary), ==, expected_line);
  g_assert_cmpint (care_summary_get_allergy_state (summary), ==, expected_state);
  return TRUE;
}

static void
expect_line (CareFixture *fixture, const char *line, CareAllergyState state)
{
  expected_line = line;
  expected_state = state;
  care_fixture_read (fixture, check_line);
}

static gboolean
put_none_known (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'AllergyIntolerance','id':'none','clinicalStatus':"
                                "{'coding':[{'code':'active'}]},"
                                "'code':{'coding':[{'system':'http://snomed.info/"
                                "sct','code':'716186003'}]},'recordedDate':'2024-03-12',"
                                "'patient':{'reference':'Patient/p'}}");
  return TRUE;
}

static gboolean
put_penicillin (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'pen','clinicalStatus':{'coding':[{'code':'active'"
      "}]},"
      "'code':{'text':'penicillin'},'onsetDateTime':'2011-05','patient':{'reference':'Patient/p'},"
      "'reaction':[{'manifestation':[{'text':'Anaphylaxis'}]}]}");
  care_fixture_put (connection, "{'resourceType':'AllergyIntolerance','id':'old','clinicalStatus':{"
                                "'coding':[{'code':'resolved'}]},"
                                "'code':{'text':'milk'},'patient':{'reference':'Patient/p'}}");
  return TRUE;
}

/* Not recorded, none known and listed never look the same. */
static void
test_allergy_states (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  expect_line (fixture, "Allergies not recorded", CARE_ALLERGIES_NOT_RECORDED);
  care_fixture_write (fixture, put_none_known);
  expect_line (fixture, "No known allergies (recorded 12-Mar-2024)", CARE_ALLERGIES_NONE_KNOWN);
  care_fixture_write (fixture, put_penicillin);
  expect_line (fixture, "penicillin — anaphylaxis (2011)", CARE_ALLERGIES_LISTED);
}

static gboolean
put_doubtful_none (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'AllergyIntolerance','id':'none',"
                                "'modifierExtension':[{'url':'urn:not','valueBoolean':true}],"
                                "'code':{'coding':[{'system':'http://snomed.info/"
                                "sct','code':'716186003'}]},'patient':{'reference':'Patient/p'}}");
  return TRUE;
}

/* A modifier may say that the words do not hold: then nobody is told that there are none. */
static void
test_none_known_with_modifier (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_doubtful_none);
  expect_line (fixture, "Entry that Bedside cannot show safely", CARE_ALLERGIES_LISTED);
}

static gboolean
check_lists (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);
  gboolean opaque = FALSE;

  g_assert_cmpuint (count (summary, CARE_LIST_PROBLEMS), ==, 3); /* neither in error nor refuted */
  for (guint i = 0; i < 3; i++)
    {
      CareRow *row = row_at (summary, CARE_LIST_PROBLEMS, i);

      opaque |= g_str_equal (care_row_get_title (row), "Entry that Bedside cannot show safely");
      g_assert_cmpstr (care_row_get_title (row), !=, "Diabetes");
    }
  g_assert_true (opaque);
  g_assert_cmpstr (care_row_get_title (row_at (summary, CARE_LIST_PROBLEMS, 0)), ==, "Pneumonia");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_PROBLEMS, 0), CARE_ROW_GROUP), ==,
                   "Inactive");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_PROBLEMS, 1), CARE_ROW_DATE), ==,
                   "Apr-2015");
  g_assert_cmpstr (care_row_get_title (row_at (summary, CARE_LIST_MEDICINES, 0)), ==,
                   "hydrOXYzine 25 mg");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_MEDICINES, 0), CARE_ROW_SUBTITLE),
                   ==, "1 at night");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_MEDICINES, 1), CARE_ROW_GROUP), ==,
                   "Stopped");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_MEDICINES, 1), CARE_ROW_SUBTITLE),
                   ==, "dosage not recorded");
  g_assert_cmpuint (count (summary, CARE_LIST_VITALS), ==, 1);
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_VITALS, 0), CARE_ROW_VALUE), ==,
                   "142/88 mmHg");
  g_assert_cmpuint (count (summary, CARE_LIST_RESULTS), ==, 1);
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_RESULTS, 0), CARE_ROW_VALUE), ==,
                   "6.7 mmol/L");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_RESULTS, 0), CARE_ROW_FLAG), ==,
                   "H");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_RESULTS, 0), CARE_ROW_DETAIL), ==,
                   "range 3.5 to 5.1 mmol/L");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_IMMUNIZATIONS, 0), CARE_ROW_GROUP),
                   ==, "Not given");
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_VISITS, 0), CARE_ROW_SUBTITLE), ==,
                   "cough");
  g_assert_cmpstr (care_row_get_title (row_at (summary, CARE_LIST_DOCUMENTS, 0)), ==,
                   "Progress note");
  g_assert_cmpuint (count (summary, CARE_LIST_PRESCRIPTIONS), ==, 0);
  return TRUE;
}

static void
test_lists (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_chart);
  care_fixture_read (fixture, check_lists);
}

static gboolean
check_trend (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);
  g_autoptr (GArray) potassium = care_summary_get_trend (summary, "2823-3");
  g_autoptr (GArray) systolic = care_summary_get_trend (summary, "8480-6");
  g_autoptr (GArray) nothing = care_summary_get_trend (summary, "0-0");
  CareTrendPoint *points = (CareTrendPoint *) (gpointer) potassium->data;

  g_assert_cmpuint (potassium->len, ==, 3); /* neither "<" nor in error */
  g_assert_cmpstr (points[0].literal, ==, "4.10");
  g_assert_true (points[0].comparable && points[2].comparable);
  g_assert_false (points[1].comparable); /* mg/dL among mmol/L: not joined */
  g_assert_false (points[1].has_range);
  g_assert_cmpstr (points[1].flag, ==, ""); /* came without a range: no flag */
  g_assert_cmpstr (points[0].flag, ==, "");
  g_assert_cmpstr (points[2].flag, ==, "H");
  g_assert_cmpfloat (points[2].high, ==, 5.1);
  g_assert_true (points[0].time_us < points[1].time_us && points[1].time_us < points[2].time_us);
  g_assert_cmpuint (systolic->len, ==, 1);
  g_assert_true (isnan (g_array_index (systolic, CareTrendPoint, 0).low));
  g_assert_cmpuint (nothing->len, ==, 0);
  return TRUE;
}

/* H15 */
static void
test_trend_joins_only_comparable (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_chart);
  care_fixture_read (fixture, check_trend);
}

static gboolean
put_pulled (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("%" G_GINT64_FORMAT, base_clock_now (((CareFixture *) data)->clock));

  return store_setting_set (connection, "sync.as-of/p", text, error);
}

static const char *expected_as_of;

static gboolean
check_as_of (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);

  g_assert_cmpstr (care_summary_get_as_of (summary), ==, expected_as_of);
  return TRUE;
}

/* H6: an old pull says its age. */
static void
test_as_of (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  expected_as_of = "this machine only";
  care_fixture_read (fixture, check_as_of);
  care_fixture_write (fixture, put_pulled);
  expected_as_of = "09:00";
  care_fixture_read (fixture, check_as_of);
  base_clock_advance (fixture->clock, (gint64) 3 * 3600 * G_USEC_PER_SEC);
  expected_as_of = "09:00 (3 h ago)";
  care_fixture_read (fixture, check_as_of);
  base_clock_advance (fixture->clock, (gint64) 24 * 3600 * G_USEC_PER_SEC);
  expected_as_of = "22-Nov-2026 09:00";
  care_fixture_read (fixture, check_as_of);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareSummary) summary = care_summary_load_finish (result, &error);

  g_assert_null (summary);
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  *(gboolean *) user_data = TRUE;
}

static void
test_unknown_patient (CareFixture *fixture, gconstpointer data)
{
  gboolean done = FALSE;

  care_summary_load_async (fixture->database, "nobody", fixture->clock, NULL, loaded_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

#define MMOL                                                                                       \
  "'unit':'mmol/L','system':'http://unitsofmeasure.org','code':'mmol/L'},'referenceRange':[{"      \
  "'low':{'value':3.5,'unit':'mmol/L'},'high':{'value':5.1,'unit':'mmol/L'}}]"
#define PRESSURE                                                                                   \
  "'code':{'coding':[{'system':'http://loinc.org','code':'85354-9'}],'text':'Blood pressure'}"

/* Each time a newer one is well. */
static gboolean
put_critical (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Observation','id':'k-old','status':'final'," LAB "," POTASSIUM
    ",'effectiveDateTime':'2026-11-18T08:00:00Z','valueQuantity':{'value':6.9," MMOL "}",
    "{'resourceType':'Observation','id':'k-new','status':'final'," LAB "," POTASSIUM
    ",'effectiveDateTime':'2026-11-21T08:00:00Z','valueQuantity':{'value':4.2," MMOL "}",
    "{'resourceType':'Observation','id':'alb','status':'final'," LAB
    ",'code':{'text':'Albumin'},'effectiveDateTime':'2026-11-21T08:00:00Z',"
    "'valueQuantity':{'value':41,'unit':'g/L'}}",
    "{'resourceType':'Observation','id':'bp-old','status':'final'," VITAL "," PRESSURE
    ",'effectiveDateTime':'2026-11-18T08:00:00Z','component':[{'code':{'coding':[{'system':"
    "'http://loinc.org','code':'8480-6'}]},'interpretation':[{'coding':[{'code':'HH'}]}],"
    "'valueQuantity':{'value':240,'unit':'mmHg'}},{'code':{'coding':[{'system':"
    "'http://loinc.org','code':'8462-4'}]},'valueQuantity':{'value':130,'unit':'mmHg'}}]}",
    "{'resourceType':'Observation','id':'bp-new','status':'final'," VITAL "," PRESSURE
    ",'effectiveDateTime':'2026-11-20T08:00:00Z','component':[{'code':{'coding':[{'system':"
    "'http://loinc.org','code':'8480-6'}]},'valueQuantity':{'value':140,'unit':'mmHg'}},{'code':{"
    "'coding':[{'system':'http://loinc.org','code':'8462-4'}]},'valueQuantity':{'value':80,"
    "'unit':'mmHg'}}]}",
    "{'resourceType':'Observation','id':'na-wrong','status':'final'," LAB
    ",'code':{'text':'Sodium'},'effectiveDateTime':'2026-11-19T08:00:00Z','interpretation':[{"
    "'coding':[{'code':'LL'}]}],'valueQuantity':{'value':100,'unit':'mmol/L'}}",
    "{'resourceType':'Observation','id':'na-right','status':'corrected'," LAB
    ",'code':{'text':'Sodium'},'effectiveDateTime':'2026-11-19T09:00:00Z','extension':[{'url':"
    "'http://hl7.org/fhir/StructureDefinition/observation-replaces','valueReference':{'reference':"
    "'Observation/na-wrong'}}],'valueQuantity':{'value':140,'unit':'mmol/L'}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (resources); i++)
    care_fixture_put (connection, resources[i]);
  return TRUE;
}

/* What a row says of itself is what all results say of it. */
static void
assert_one_rule (CareSummary *summary, CareResults *results, CareList which)
{
  for (guint i = 0; i < count (summary, which); i++)
    {
      CareRow *row = row_at (summary, which, i);
      const char *group = care_row_get_text (row, CARE_ROW_GROUP);
      CareResult *result = care_results_find (results, care_row_get_reference (row));

      g_test_message ("%s %s", care_row_get_reference (row), group);
      g_assert_cmpint (care_result_is_unread (result), ==, group != NULL);
      g_assert_cmpint (care_result_is_red (result), ==,
                       g_strcmp0 (group, CARE_GROUP_CRITICAL) == 0);
      g_assert_cmpstr (care_result_get_gravest_flag (result), ==,
                       care_row_get_text (row, CARE_ROW_FLAG));
    }
}

static void
assert_row (CareSummary *summary, CareList which, guint at, const char *value, const char *flag)
{
  CareRow *row = row_at (summary, which, at);

  g_assert_cmpstr (care_row_get_text (row, CARE_ROW_VALUE), ==, value);
  g_assert_cmpstr (care_row_get_text (row, CARE_ROW_FLAG), ==, flag);
}

static gboolean
check_critical (StoreConnection *connection, gpointer data, GError **error)
{
  BaseClock *clock = ((CareFixture *) data)->clock;
  g_autoptr (CareSummary) summary = care_summary_load (connection, "p", clock, error);
  g_autoptr (CareResults) results = care_results_load (connection, "p", clock, error);
  g_autoptr (GArray) systolic = care_summary_get_trend (summary, "8480-6");
  CareRow *red;

  g_assert_cmpuint (count (summary, CARE_LIST_RESULTS), ==, 4);
  assert_row (summary, CARE_LIST_RESULTS, 0, "6.9 mmol/L", "HH");
  assert_row (summary, CARE_LIST_RESULTS, 1, "41 g/L", NULL);
  assert_row (summary, CARE_LIST_RESULTS, 2, "4.2 mmol/L", NULL);
  assert_row (summary, CARE_LIST_RESULTS, 3, "140 mmol/L", NULL); /* the LL was replaced */
  red = row_at (summary, CARE_LIST_RESULTS, 0);
  g_assert_cmpstr (care_row_get_text (red, CARE_ROW_GROUP), ==, CARE_GROUP_CRITICAL);
  g_assert_cmpstr (care_row_get_text (red, CARE_ROW_REVIEW), ==, "critical, not answered");
  g_assert_nonnull (strstr (care_row_get_text (red, CARE_ROW_DETAIL),
                            "Past a critical limit: 6.2 mmol/L (adults"));
  g_assert_cmpuint (count (summary, CARE_LIST_VITALS), ==, 2);
  assert_row (summary, CARE_LIST_VITALS, 0, "240/130 mmHg", "HH");
  assert_row (summary, CARE_LIST_VITALS, 1, "140/80 mmHg", NULL);
  g_assert_cmpstr (g_array_index (systolic, CareTrendPoint, 0).flag, ==, "HH");
  assert_one_rule (summary, results, CARE_LIST_RESULTS);
  assert_one_rule (summary, results, CARE_LIST_VITALS);
  return TRUE;
}

/* A careless sender's result that replaces itself is still there, and what nobody can read stands
 * beside what came after it. */
static gboolean
put_odd (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Observation','id':'lac','status':'final'," LAB
      ",'code':{'text':'Lactate'},'effectiveDateTime':'2026-11-21T08:00:00Z','interpretation':[{"
      "'coding':[{'code':'HH'}]}],'extension':[{'url':"
      "'http://hl7.org/fhir/StructureDefinition/observation-replaces','valueReference':{"
      "'reference':'Observation/lac'}}],'valueQuantity':{'value':9,'unit':'mmol/L'}}");
  care_fixture_put (
      connection,
      "{'resourceType':'Observation','id':'odd','status':'final'," LAB "," POTASSIUM
      ",'effectiveDateTime':'2026-11-20T08:00:00Z','modifierExtension':[{'url':'http://example."
      "com/not','valueBoolean':true}],'valueQuantity':{'value':6.9," MMOL "}");
  care_fixture_put (connection, "{'resourceType':'Observation','id':'k','status':'final'," LAB
                                "," POTASSIUM ",'effectiveDateTime':'2026-11-21T08:00:00Z',"
                                "'valueQuantity':{'value':4.2," MMOL "}");
  return TRUE;
}

static gboolean
has_row (CareSummary *summary, const char *reference)
{
  for (guint i = 0; i < count (summary, CARE_LIST_RESULTS); i++)
    if (g_strcmp0 (care_row_get_reference (row_at (summary, CARE_LIST_RESULTS, i)), reference) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_odd (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);

  g_assert_true (has_row (summary, "Observation/lac"));
  g_assert_true (has_row (summary, "Observation/odd"));
  g_assert_true (has_row (summary, "Observation/k"));
  return TRUE;
}

static void
test_odd (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_odd);
  care_fixture_read (fixture, check_odd);
}

/* The potassium is answered; of the albumin the report was looked at; somebody is asked to look at
 * the newer potassium. */
static gboolean
put_answers (StoreConnection *connection, gpointer data, GError **error)
{
#define TASK(code)                                                                                 \
  "'for':{'reference':'Patient/p'},'code':{'coding':[{'system':"                                   \
  "'https://bedside.health/fhir/task','code':'" code "'}]}"
  care_fixture_put (connection, "{'resourceType':'DiagnosticReport','id':'r','status':'final','"
                                "subject':{'reference':'Patient/p'},'code':{'text':'Proteins'},"
                                "'result':[{'reference':'Observation/alb'}]}");
  care_fixture_put (connection, "{'resourceType':'Task','id':'t1','status':'completed','focus':{"
                                "'reference':'Observation/k-old'}," TASK ("critical-result") "}");
  care_fixture_put (connection, "{'resourceType':'Task','id':'t2','status':'completed','focus':{"
                                "'reference':'DiagnosticReport/r'}," TASK ("review-result") "}");
  care_fixture_put (connection, "{'resourceType':'Task','id':'t3','status':'requested','focus':{"
                                "'reference':'Observation/k-new'}," TASK ("review-result") "}");
  return TRUE;
}

static gboolean
check_answers (StoreConnection *connection, gpointer data, GError **error)
{
  BaseClock *clock = ((CareFixture *) data)->clock;
  g_autoptr (CareSummary) summary = care_summary_load (connection, "p", clock, error);
  g_autoptr (CareResults) results = care_results_load (connection, "p", clock, error);

  g_assert_cmpuint (count (summary, CARE_LIST_RESULTS), ==, 3);
  assert_row (summary, CARE_LIST_RESULTS, 0, "41 g/L", NULL);
  g_assert_null (care_row_get_text (row_at (summary, CARE_LIST_RESULTS, 0), CARE_ROW_GROUP));
  g_assert_cmpstr (care_row_get_text (row_at (summary, CARE_LIST_RESULTS, 1), CARE_ROW_GROUP), ==,
                   CARE_GROUP_WAITING);
  assert_one_rule (summary, results, CARE_LIST_RESULTS);
  return TRUE;
}

/* H18: a newer value hides no critical one that nobody has answered, and once somebody has, it
 * goes. */
static void
test_critical (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_critical);
  care_fixture_read (fixture, check_critical);
  care_fixture_write (fixture, put_answers);
  care_fixture_read (fixture, check_answers);
}

static gboolean
put_thousand (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'Observation','id':'o%u','status':'final'," LAB
          ",'code':{'coding':[{'system':'http://loinc.org',"
          "'code':'%u-1'}],'text':'Reading "
          "%u'},'effectiveDateTime':'2026-%02u-01T08:00:00Z','valueQuantity':{'value':%u.%u,"
          "'unit':'mmol/L'},'referenceRange':[{'low':{'value':3.5,'unit':'mmol/"
          "L'},'high':{'value':5.1,'unit':'mmol/L'}}]}",
          i, i % 40, i % 40, i % 11 + 1, i % 9, i % 10);

      care_fixture_put (connection, json);
    }
  return TRUE;
}

static gboolean
load_thousand (StoreConnection *connection, gpointer data, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (CareSummary) summary =
      care_summary_load (connection, "p", ((CareFixture *) data)->clock, error);
  g_autoptr (GArray) trend = care_summary_get_trend (summary, "7-1");

  g_test_message ("1,000 readings in %.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (count (summary, CARE_LIST_RESULTS), ==, 40);
  g_assert_cmpuint (trend->len, ==, 25);
  return TRUE;
}

static void
test_thousand (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_thousand);
  care_fixture_read (fixture, load_thousand);
  care_fixture_read (fixture, load_thousand);
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/summary/banner", test_banner);
  ADD ("/care/summary/modified-patient", test_modified_patient);
  ADD ("/care/summary/allergy-states", test_allergy_states);
  ADD ("/care/summary/none-known-with-modifier", test_none_known_with_modifier);
  ADD ("/care/summary/lists", test_lists);
  ADD ("/care/summary/malformed", test_malformed);
  ADD ("/care/summary/trend-joins-only-comparable", test_trend_joins_only_comparable);
  ADD ("/care/summary/critical", test_critical);
  ADD ("/care/summary/odd", test_odd);
  ADD ("/care/summary/as-of", test_as_of);
  ADD ("/care/summary/unknown-patient", test_unknown_patient);
  ADD ("/care/summary/thousand", test_thousand);
  return g_test_run ();
}
