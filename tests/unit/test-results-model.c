/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-model.h"

#include <math.h>
#include <string.h>

#include "care-fixture.h"
#include "care-review.h"
#include "results-plot.h"
#include "results-table.h"

#define SUBJECT "'subject':{'reference':'Patient/p'}"
#define LAB     "'category':[{'coding':[{'code':'laboratory'}]}]," SUBJECT
#define CODE(code, name)                                                                           \
  "'code':{'coding':[{'system':'http://loinc.org','code':'" code "'}],'text':'" name "'}"
#define VALUE(value, unit)                                                                         \
  "'valueQuantity':{'value':" value ",'unit':'" unit                                               \
  "','system':'http://unitsofmeasure.org','code':'" unit "'}"
#define AT(day) "'effectiveDateTime':'2026-11-" day "T08:00:00Z'"
#define OBSERVATION(id, status, rest)                                                              \
  "{'resourceType':'Observation','id':'" id "','status':'" status "'," LAB "," rest "}"
#define READING(id, code, name, day, value, unit)                                                  \
  OBSERVATION (id, "final", CODE (code, name) "," AT (day) "," VALUE (value, unit))
#define KEY(code) "http://loinc.org|" code

static const char *const chart[] = {
  "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12'}",
  READING ("k1", "2823-3", "Potassium", "19", "6.9", "mmol/L"),
  READING ("k2", "2823-3", "Potassium", "21", "4.4", "mmol/L"),
  READING ("na", "2951-2", "Sodium", "21", "139", "mmol/L"),
  READING ("g1", "2345-7", "Glucose", "19", "110", "mg/dL"),
  READING ("g2", "2345-7", "Glucose", "21", "5.5", "mmol/L"),
  READING ("huge", "2345-7", "Glucose", "20", "1e300", "mmol/L"),
  READING ("u", "3084-1", "Urate", "20", "5.2", "mg/dL"),
  READING ("tsh", "3016-3", "Thyrotropin <TSH>", "20", "2.1", "mIU/L"),
  OBSERVATION ("none",
               "preliminary",
               CODE ("1-1",
                     "Culture") "," AT ("20") ",'dataAbsentReason':{'text':'no growth yet'}"),
  OBSERVATION ("opaque",
               "final",
               "'modifierExtension':[{'url':'urn:not-so','valueBoolean':true}]," CODE (
                   "2-2", "Hidden") "," AT ("20") "," VALUE ("9", "mmol/L")),
  "{'resourceType':'Observation','id':'hr','status':'final','category':[{'coding':[{'code':"
  "'vital-signs'}]}]," SUBJECT
  "," CODE ("8867-4", "Heart rate") "," AT ("21") "," VALUE ("72", "/min") "}",
  "{'resourceType':'DiagnosticReport','id':'r','status':'partial'," SUBJECT
  "," CODE ("24320-4", "Basic panel") "," AT (
      "21") ",'result':[{'reference':'Observation/k2'},{'reference':'Observation/na'},"
            "{'reference':'Observation/gone'}]}",
  "{'resourceType':'MedicationRequest','id':'m','status':'active','intent':'order'," SUBJECT
  ",'medicationCodeableConcept':{'text':'losartan'},'authoredOn':'2026-11-20'}",
};

static CareResults *
load (StoreConnection *connection, CareFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  CareResults *results = care_results_load (connection, "p", fixture->clock, &error);

  g_assert_no_error (error);
  return results;
}

static CareResults *
put_and_load (StoreConnection *connection, gpointer fixture)
{
  for (gsize i = 0; i < G_N_ELEMENTS (chart); i++)
    care_fixture_put (connection, chart[i]);
  return load (connection, fixture);
}

/* (transfer full) (nullable) */
static ResultsItem *
find (GListStore *items, const char *reference)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (items)); i++)
    {
      g_autoptr (ResultsItem) item = g_list_model_get_item (G_LIST_MODEL (items), i);

      if (g_strcmp0 (results_item_get_result (item)->reference, reference) == 0)
        return g_steal_pointer (&item);
    }
  return NULL;
}

static ResultsGroup
group_of (GListStore *items, const char *reference)
{
  g_autoptr (ResultsItem) item = find (items, reference);

  g_assert_nonnull (item);
  return results_item_get_group (item);
}

/* ---- lines ---- */

/* H18: a critical value has a line of its own for as long as nobody has closed it, also when a
 * newer one of its kind is well. */
static gboolean
check_groups (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) results = put_and_load (connection, fixture);
  g_autoptr (GListStore) items = results_model_new (results);
  g_autoptr (ResultsItem) absent = NULL;

  g_assert_cmpint (group_of (items, "Observation/k1"), ==, RESULTS_GROUP_CRITICAL);
  g_assert_cmpint (group_of (items, "Observation/k2"), ==, RESULTS_GROUP_LABORATORY);
  g_assert_cmpint (group_of (items, "DiagnosticReport/r"), ==, RESULTS_GROUP_PANELS);
  g_assert_cmpint (group_of (items, "Observation/hr"), ==, RESULTS_GROUP_VITALS);
  g_assert_cmpint (group_of (items, "Observation/opaque"), ==, RESULTS_GROUP_WITHHELD);
  /* an older one that is not critical is not a line */
  absent = find (items, "Observation/g1");
  g_assert_null (absent);
  g_assert_cmpuint (results_model_count_waiting (G_LIST_MODEL (items)), ==, 1);
  return FALSE;
}

/* H18: what is critical is not among what is answered at once; a member goes with its panel. */
static gboolean
check_bulk (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) results = put_and_load (connection, fixture);
  g_autoptr (GListStore) items = results_model_new (results);
  guint n_red = 0;
  g_autoptr (GPtrArray) bulk = results_model_dup_bulk (G_LIST_MODEL (items), &n_red);
  g_autoptr (GString) references = g_string_new (NULL);

  for (guint i = 0; i < bulk->len; i++)
    g_string_append_printf (references, "%s ", results_item_get_result (bulk->pdata[i])->reference);
  g_assert_cmpuint (n_red, ==, 1);
  g_assert_null (strstr (references->str, "Observation/k1"));
  g_assert_nonnull (strstr (references->str, "DiagnosticReport/r"));
  g_assert_null (strstr (references->str, "Observation/na"));
  g_assert_nonnull (strstr (references->str, "Observation/tsh"));
  g_assert_null (strstr (references->str, "Observation/hr"));
  g_assert_null (strstr (references->str, "Observation/opaque"));
  return FALSE;
}

static gboolean
check_reviewed (StoreConnection *connection, gpointer fixture, GError **error)
{
  CareFixture *care = fixture;
  g_autoptr (CareResults) before = put_and_load (connection, fixture);
  g_autofree char *stamp = care_result_dup_stamp (care_results_find (before, "Observation/k1"));
  CareReviewRequest request = { "p", "Observation/k1", stamp, CARE_REVIEW_CALL, "Sent to the ward",
                                NULL };

  g_assert_true (care_review_write (connection, care->doctor, &request, NULL, error));
  g_assert_no_error (*error);
  g_autoptr (CareResults) results = load (connection, fixture);
  g_autoptr (GListStore) items = results_model_new (results);
  g_autoptr (ResultsItem) item = find (items, "Observation/k1");
  g_autofree char *words = results_dup_review (care_results_find (results, "Observation/k1"));

  g_assert_null (item);
  g_assert_nonnull (strstr (words, "Sent to the ward"));
  g_assert_nonnull (strstr (words, "Dr Ada Stone"));
  return FALSE;
}

static gboolean
check_words (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) results = put_and_load (connection, fixture);
  g_autoptr (GListStore) items = results_model_new (results);
  g_autoptr (ResultsItem) critical = find (items, "Observation/k1");
  g_autoptr (ResultsItem) none = find (items, "Observation/none");
  g_autoptr (ResultsItem) panel = find (items, "DiagnosticReport/r");
  g_autoptr (ResultsItem) opaque = find (items, "Observation/opaque");
  gint64 now = base_clock_now (((CareFixture *) fixture)->clock);
  g_autofree char *said = results_item_dup_words (critical, now);
  g_autofree char *absent = results_item_dup_words (none, now);
  g_autofree char *withheld = results_item_dup_words (opaque, now);
  g_autofree char *badges = results_dup_badges (results_item_get_result (panel));

  g_assert_nonnull (strstr (said, "6.9 mmol/L, ▲ critically high"));
  g_assert_nonnull (strstr (said, "Past a critical limit: 6.2 mmol/L"));
  g_assert_nonnull (strstr (said, "Taken 3 days ago, not reviewed"));
  g_assert_nonnull (strstr (absent, "no growth yet"));
  g_assert_nonnull (strstr (absent, "preliminary"));
  g_assert_cmpstr (badges, ==, "partial · 1 reading is not here");
  g_assert_nonnull (strstr (withheld, "Not shown"));
  g_assert_null (strstr (withheld, "9 mmol"));
  return FALSE;
}

static gboolean
check_search (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) results = put_and_load (connection, fixture);
  g_autoptr (GListStore) items = results_model_new (results);
  g_autoptr (ResultsItem) panel = find (items, "DiagnosticReport/r");
  g_autoptr (ResultsItem) heart = find (items, "Observation/hr");
  g_autoptr (ResultsItem) member = find (items, "Observation/na");

  g_assert_true (results_model_shows (panel, "", FALSE));
  g_assert_true (results_model_shows (panel, "SODIUM 139", FALSE)); /* by what stands in it */
  g_assert_false (results_model_shows (panel, "thyro", FALSE));
  g_assert_true (results_model_shows (heart, "8867-4", FALSE));
  g_assert_false (results_model_shows (heart, NULL, TRUE));
  g_assert_true (results_model_shows (panel, NULL, TRUE));
  g_assert_false (results_model_shows (member, NULL, TRUE)); /* its panel asks for it */
  return FALSE;
}

/* ---- graph ---- */

/* H15: one scale for one unit, never for two. */
static gboolean
check_lanes (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) results = put_and_load (connection, fixture);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (ResultsPlot) plot = results_plot_new (results, utc);
  const ResultsLane *lane;
  const ResultsSeries *glucose;

  g_assert_true (results_plot_add (plot, KEY ("2823-3"), "Potassium", NULL));
  g_assert_false (results_plot_add (plot, KEY ("2823-3"), "Potassium", NULL));
  g_assert_true (results_plot_add (plot, KEY ("2345-7"), "Glucose", NULL));
  g_assert_true (results_plot_add (plot, KEY ("3016-3"), "Thyrotropin", NULL));
  g_assert_false (results_plot_add (plot, KEY ("1-1"), "Culture", NULL));
  g_assert_true (results_plot_add (plot, KEY ("3084-1"), "Urate", NULL)); /* as high, other unit */
  g_assert_cmpuint (plot->lanes->len, ==, 3);
  lane = plot->lanes->pdata[0];
  g_assert_cmpuint (lane->series->len, ==, 2);
  glucose = lane->series->pdata[1];
  g_assert_cmpuint (glucose->points->len, ==, 3);
  g_assert_true (g_array_index (glucose->points, CareTrendPoint, 0).converted);
  /* an absurd number does not press the others flat, and is not silently gone */
  g_assert_false (g_array_index (glucose->points, CareTrendPoint, 1).comparable);
  g_assert_cmpfloat (lane->scale.high, <, 100);
  g_autofree char *words = results_plot_dup_words (plot, TRUE);
  g_assert_nonnull (strstr (words, "1 was converted and is hollow."));
  g_assert_nonnull (strstr (words, "Lowest 5.5, highest 6.1.")); /* in one unit */
  g_assert_nonnull (strstr (words, "not drawn"));
  g_assert_nonnull (strstr (words, "losartan since 20-Nov-2026"));
  return FALSE;
}

/* One unit is not yet one scale: a potassium beside a sodium would be a flat line. */
static gboolean
check_scales (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) results = put_and_load (connection, fixture);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (ResultsPlot) plot = results_plot_new (results, utc);

  g_assert_true (results_plot_add (plot, KEY ("2823-3"), "Potassium", NULL));
  g_assert_true (results_plot_add (plot, KEY ("2951-2"), "Sodium", NULL));
  g_assert_cmpuint (plot->lanes->len, ==, 2);
  g_assert_cmpuint (results_plot_count (plot), ==, 2);
  g_assert_true (results_plot_has (plot, KEY ("2951-2")));
  return FALSE;
}

/* What there is no room for is said. */
static gboolean
check_room (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) before = put_and_load (connection, fixture);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  for (int i = 0; i <= RESULTS_MAX_SERIES; i++)
    {
      g_autofree char *reading =
          g_strdup_printf (READING ("m%d", "m-%d", "More", "20", "%d", "mmol/L"), i, i, i + 1);
      care_fixture_put (connection, reading);
    }
  g_autoptr (CareResults) results = load (connection, fixture);
  g_autoptr (ResultsPlot) plot = results_plot_new (results, utc);
  for (int i = 0; i <= RESULTS_MAX_SERIES; i++)
    {
      g_autofree char *key = g_strdup_printf (KEY ("m-%d"), i);

      g_assert_cmpint (results_plot_add (plot, key, "More", NULL), ==, i < RESULTS_MAX_SERIES);
    }
  g_autofree char *words = results_plot_dup_words (plot, FALSE);
  g_assert_nonnull (strstr (words, "There is no room for 1 more"));
  return FALSE;
}

static gboolean
check_view (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareResults) results = put_and_load (connection, fixture);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (ResultsPlot) plot = results_plot_new (results, utc);

  results_plot_add (plot, KEY ("2823-3"), "Potassium", NULL);
  gint64 whole = plot->end - plot->start, start = plot->start;
  g_assert_false (results_plot_pan (plot, 0.5));
  g_assert_false (results_plot_zoom (plot, 2, 0.5));
  g_assert_true (results_plot_zoom (plot, 0.5, 1));
  g_assert_cmpint (plot->end, ==, plot->last);
  g_assert_cmpint (llabs (plot->end - plot->start - whole / 2), <=, 1);
  g_assert_true (results_plot_pan (plot, -0.25));
  g_assert_true (results_plot_pan (plot, -1e9));
  g_assert_cmpint (plot->start, ==, start);
  g_assert_false (results_plot_zoom (plot, NAN, 0.5));
  g_assert_false (results_plot_zoom (plot, 0, 0.5));
  for (int i = 0; i < 100; i++)
    results_plot_zoom (plot, 0.5, 0.5);
  g_assert_cmpint (plot->end - plot->start, >=, G_TIME_SPAN_HOUR);
  /* nobody took it before that day */
  results_plot_pan (plot, -1000);
  g_autoptr (GPtrArray) early = results_plot_dup_medicines (plot, NULL);
  g_assert_cmpuint (early->len, ==, 0);
  results_plot_show_all (plot);
  g_autoptr (GPtrArray) all = results_plot_dup_medicines (plot, NULL);
  g_assert_cmpuint (all->len, ==, 1);
  g_autofree char *words = results_plot_dup_words (plot, TRUE);
  g_autofree char *bare = results_plot_dup_words (plot, FALSE);
  g_assert_nonnull (strstr (words, "\nMedicines: losartan since 20-Nov-2026."));
  g_assert_null (strstr (bare, "Medicines:"));
  return FALSE;
}

/* ---- table ---- */

static gboolean
check_table (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const keys[] = { KEY ("2823-3"), KEY ("3016-3"), NULL };
  static const char *const names[] = { "Potassium", "Thyrotropin", NULL };
  g_autoptr (CareResults) results = put_and_load (connection, fixture);
  g_autoptr (ResultsTable) down = results_table_new (results, keys, names, FALSE);
  g_autoptr (ResultsTable) across = results_table_new (results, keys, names, TRUE);

  g_assert_cmpuint (down->columns->len, ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (down->rows)), ==, 3);
  g_assert_cmpuint (across->columns->len, ==, 3);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (across->rows)), ==, 2);
  g_assert_true (g_str_has_prefix (across->columns->pdata[0], "21-Nov-2026"));
  g_autoptr (ResultsTableRow) newest = g_list_model_get_item (G_LIST_MODEL (down->rows), 0);
  g_autoptr (ResultsTableRow) oldest = g_list_model_get_item (G_LIST_MODEL (down->rows), 2);
  g_autoptr (ResultsTableRow) potassium = g_list_model_get_item (G_LIST_MODEL (across->rows), 0);
  g_assert_cmpstr (results_table_row_get_markup (newest, 0), ==, "4.4 mmol/L");
  g_assert_cmpstr (results_table_row_get_markup (newest, 1), ==, "");
  g_assert_nonnull (strstr (results_table_row_get_words (oldest, 0), "critically high"));
  g_assert_cmpstr (results_table_row_get_head (potassium), ==, "Potassium");
  g_assert_cmpstr (results_table_row_get_markup (potassium, 1), ==, "");
  g_assert_cmpstr (results_table_row_get_markup (potassium, 9), ==, "");
  return FALSE;
}

static gboolean
put_wrong (StoreConnection *connection, gpointer fixture, GError **error)
{
  care_fixture_put (connection, chart[0]);
  care_fixture_put (connection, READING ("k", "2823-3", "Potassium", "20", "5.9", "mmol/L"));
  care_fixture_put (connection, OBSERVATION ("e", "entered-in-error",
                                             CODE ("2823-3", "Potassium") "," AT (
                                                 "19") "," VALUE ("1", "<&>")));
  return TRUE;
}

static gboolean
put_right (StoreConnection *connection, gpointer fixture, GError **error)
{
  care_fixture_put (connection, OBSERVATION ("k", "corrected",
                                             CODE ("2823-3", "Potassium") "," AT (
                                                 "20") "," VALUE ("4.9", "mmol/L")));
  return TRUE;
}

static gboolean
check_correction (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const keys[] = { KEY ("2823-3"), NULL };
  static const char *const names[] = { "Potassium", NULL };
  g_autoptr (CareResults) results = load (connection, fixture);
  g_autoptr (ResultsTable) table = results_table_new (results, keys, names, FALSE);
  g_autoptr (ResultsTableRow) row = g_list_model_get_item (G_LIST_MODEL (table->rows), 0);
  g_autoptr (ResultsTableRow) wrong = g_list_model_get_item (G_LIST_MODEL (table->rows), 1);

  g_assert_cmpstr (results_table_row_get_markup (row, 0), ==,
                   "<s>5.9 mmol/L</s> 4.9 mmol/L <small>corrected</small>");
  g_assert_nonnull (
      strstr (results_table_row_get_words (row, 0), "before the correction 5.9 mmol/L"));
  g_assert_true (g_str_has_prefix (results_table_row_get_markup (wrong, 0), "<s>1 &lt;&amp;&gt;"));
  g_assert_nonnull (strstr (results_table_row_get_markup (wrong, 0), "entered in error"));
  return TRUE;
}

static void
test_correction (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_wrong);
  care_fixture_write (fixture, put_right);
  care_fixture_read (fixture, check_correction);
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
  add ("/results/model/groups", check_groups);
  add ("/results/model/bulk", check_bulk);
  add ("/results/model/reviewed", check_reviewed);
  add ("/results/item/words", check_words);
  add ("/results/item/search", check_search);
  add ("/results/plot/lanes", check_lanes);
  add ("/results/plot/scales", check_scales);
  add ("/results/plot/room", check_room);
  add ("/results/plot/view", check_view);
  add ("/results/table/sides", check_table);
  g_test_add ("/results/table/correction", CareFixture, NULL, care_fixture_set_up, test_correction,
              care_fixture_tear_down);
  return g_test_run ();
}
