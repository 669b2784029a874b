/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-summary.h"

#include "care-fixture.h"

/* What stands around a chart: alerts, goals, the care team, open tasks, visits to come. It is
 * 22-Nov-2026 09:00 UTC. */

#define OF_P "'subject':{'reference':'Patient/p'}"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Practitioner','id':'gp','name':[{'family':'Moss','given':["
                    "'Ida'],'prefix':['Dr']}],'telecom':[{'system':'email','value':'ida@x.example'}"
                    ",{'system':'phone','use':'old','value':'1'},{'system':'phone','value':'+44 "
                    "1632 960 001'}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith'}],"
                                "'generalPractitioner':[{'reference':'Practitioner/gp'}]}");
  return TRUE;
}

#define SAFETY                                                                                     \
  "'category':[{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/flag-category',"        \
  "'code':'safety'}]}]"

static gboolean
put_alerts (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const flags[] = {
    "'id':'interpreter','status':'active','code':{'text':'Needs an interpreter'},'period':{'start':"
    "'2026-10-01'},'author':{'display':'Dr Ada Stone'}",
    "'id':'fall','status':'active'," SAFETY ",'code':{'text':'Fall risk'},'period':{'start':"
    "'2020-01-01'},'meta':{'source':'https://other.example/ehr'}",
    "'id':'wrong','status':'entered-in-error'," SAFETY ",'code':{'text':'Wrong patient'}",
    "'id':'ended','status':'inactive','code':{'text':'Was isolated'}",
    "'id':'over','status':'active','code':{'text':'Cast'},'period':{'end':'2026-11-21'}",
    "'id':'until-today','status':'active','code':{'text':'Drops'},'period':{'end':'2026-11-22'}",
    "'id':'later','status':'active','code':{'text':'Travels'},'period':{'start':'2026-12-24'}",
    "'id':'odd','status':'active'," SAFETY ",'code':{'text':'Not a secret'},'modifierExtension':[{"
    "'url':'urn:not','valueBoolean':true}]",
    "'id':'strange','status':['?'],'code':'violent','category':7,'period':'now'",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autofree char *flag = g_strdup_printf ("{'resourceType':'Flag'," OF_P ",%s}", flags[i]);

      care_fixture_put (connection, flag);
    }
  return TRUE;
}

static gboolean
load (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  CareSummary *summary = care_summary_load (connection, "p", fixture->clock, error);

  g_object_set_data_full (G_OBJECT (fixture->clock), "summary", summary, g_object_unref);
  return summary != NULL;
}

static CareSummary *
load_summary (CareFixture *fixture)
{
  care_fixture_read (fixture, load);
  return g_object_get_data (G_OBJECT (fixture->clock), "summary");
}

/* "title|group" of each row, in order. */
static char *
describe (CareSummary *summary, CareList which)
{
  GListModel *rows = care_summary_get_list (summary, which);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      g_string_append_printf (text, "%s|%s\n", care_row_get_title (row),
                              care_row_get_text (row, CARE_ROW_GROUP));
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
assert_text (CareSummary *summary,
             CareList which,
             guint position,
             CareRowProperty property,
             const char *expected)
{
  g_autoptr (CareRow) row =
      g_list_model_get_item (care_summary_get_list (summary, which), position);

  g_assert_nonnull (row);
  g_assert_cmpstr (care_row_get_text (row, property), ==, expected);
}

/* Safety first, then what may be that; an error nowhere; what a modifier may turn around is
 * withheld; what has no status that is understood is still shown. */
static void
test_alerts (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_alerts);
  CareSummary *summary = load_summary (fixture);
  g_autofree char *text = describe (summary, CARE_LIST_ALERTS);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpstr (lines[0], ==, "Fall risk|Active");
  g_assert_cmpstr (lines[1], ==, "Entry that Bedside cannot show safely|Not shown");
  g_assert_cmpstr (lines[2], ==, "Travels|Planned");
  g_assert_cmpstr (lines[3], ==, "Needs an interpreter|Active");
  g_assert_cmpuint (g_strv_length (lines), ==, 8 + 1);
  g_assert_nonnull (strstr (text, "violent|Active"));
  g_assert_nonnull (strstr (text, "Was isolated|Inactive"));
  g_assert_nonnull (strstr (text, "Cast|Inactive"));
  g_assert_nonnull (strstr (text, "Drops|Active"));
  g_assert_null (strstr (text, "Wrong patient"));
  g_assert_null (strstr (text, "secret"));
  assert_text (summary, CARE_LIST_ALERTS, 0, CARE_ROW_CODE, CARE_ALERT_SAFETY);
  assert_text (summary, CARE_LIST_ALERTS, 0, CARE_ROW_SUBTITLE, "Safety");
  assert_text (summary, CARE_LIST_ALERTS, 0, CARE_ROW_DETAIL,
               "Author not recorded · source: https://other.example/ehr");
  assert_text (summary, CARE_LIST_ALERTS, 0, CARE_ROW_DATE, "01-Jan-2020");
  assert_text (summary, CARE_LIST_ALERTS, 3, CARE_ROW_DETAIL,
               "Dr Ada Stone · source: the clinic’s record");
}

static gboolean
put_goals (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Goal','id':'walk'," OF_P
                                ",'lifecycleStatus':'active','description':{'text':'Walk daily'},"
                                "'startDate':'2026-01-01','target':[{'dueDate':'2027-01-01'}]}");
  care_fixture_put (connection, "{'resourceType':'Goal','id':'done'," OF_P
                                ",'lifecycleStatus':'completed','description':{'text':'Stop'}}");
  care_fixture_put (connection, "{'resourceType':'Goal','id':'no'," OF_P ",'lifecycleStatus':"
                                "'entered-in-error','description':{'text':'Wrong'}}");
  return TRUE;
}

static void
test_goals (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_goals);
  CareSummary *summary = load_summary (fixture);
  g_autofree char *text = describe (summary, CARE_LIST_GOALS);

  g_assert_cmpstr (text, ==, "Walk daily|Active\nStop|Inactive\n");
  assert_text (summary, CARE_LIST_GOALS, 0, CARE_ROW_SUBTITLE, "due 01-Jan-2027");
}

static gboolean
put_team (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Organization','id':'desk','name':'Diabetes service','telecom'"
                    ":[{'system':'phone','value':'555'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'PractitionerRole','id':'dsn','practitioner':{'display':'Noor "
                    "Lind'},'organization':{'reference':'Organization/desk'}}");
  care_fixture_put (
      connection,
      "{'resourceType':'CareTeam','id':'t','status':'active'," OF_P ",'participant':["
      "{'role':[{'text':'Diabetes nurse'}],'member':{'reference':'PractitionerRole/dsn'}},"
      "{'member':{'reference':'Practitioner/gp'}},{'member':{'reference':'Patient/p'}},"
      "{'role':[{'text':'Daughter'}],'member':{'display':'Amy'}},"
      "{'role':[{'text':'Gone'}],'member':{'display':'Old'},'period':{'end':'2025-01-01'}}]}");
  care_fixture_put (connection, "{'resourceType':'CareTeam','id':'u','status':'inactive'," OF_P
                                ",'participant':[{'member':{'display':'Nobody'}}]}");
  return TRUE;
}

/* Each once, with a role and how to reach them; who has left is not listed. */
static void
test_team (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_team);
  CareSummary *summary = load_summary (fixture);
  g_autofree char *text = describe (summary, CARE_LIST_TEAM);

  g_assert_cmpstr (text, ==, "Ida Moss|Care team\nNoor Lind|Care team\nAmy|Care team\n");
  assert_text (summary, CARE_LIST_TEAM, 0, CARE_ROW_SUBTITLE, "General practitioner");
  assert_text (summary, CARE_LIST_TEAM, 0, CARE_ROW_CODE, "+44 1632 960 001");
  assert_text (summary, CARE_LIST_TEAM, 1, CARE_ROW_SUBTITLE, "Diabetes nurse");
  assert_text (summary, CARE_LIST_TEAM, 1, CARE_ROW_DETAIL, "555");
  assert_text (summary, CARE_LIST_TEAM, 2, CARE_ROW_DETAIL, "no number recorded");
}

#define REVIEW                                                                                     \
  "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'review-result'}]}"
#define POTASSIUM                                                                                  \
  "'status':'final'," OF_P ",'effectiveDateTime':'2026-11-20','valueQuantity':{'value':4,'unit':"  \
  "'mmol/L'}"

static gboolean
put_tasks (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Observation','id':'k'," POTASSIUM
                                ",'code':{'text':'Potassium'}}");
  care_fixture_put (connection, "{'resourceType':'Observation','id':'na'," POTASSIUM
                                ",'code':{'text':'Sodium'}}");
  care_fixture_put (connection, "{'resourceType':'Observation','id':'hb'," POTASSIUM
                                ",'code':{'text':'Haemoglobin'}}");
  care_fixture_put (connection,
                    "{'resourceType':'DiagnosticReport','id':'r','status':'final'," OF_P
                    ",'code':{'text':'Bloods'},'result':[{'reference':'Observation/k'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'t1','status':'requested','for':{'reference':"
                    "'Patient/p'},'focus':{'reference':'DiagnosticReport/r'}," REVIEW "}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'t2','status':'completed','for':{'reference':"
                    "'Patient/p'},'focus':{'reference':'Observation/na'}," REVIEW "}");
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'t3','status':'requested','priority':'urgent',"
                    "'description':'Ring her','for':{'reference':'Patient/p'},'restriction':{"
                    "'period':{'end':'2026-11-25'}}}");
  return TRUE;
}

static const char *
group_of (CareSummary *summary, const char *title)
{
  GListModel *rows = care_summary_get_list (summary, CARE_LIST_RESULTS);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      if (g_str_equal (care_row_get_title (row), title))
        return care_row_get_text (row, CARE_ROW_GROUP);
    }
  g_assert_not_reached ();
}

/* What is closed is no task, and a result waits to be read while its task, or that of its report,
 * is open; one without a task nobody has looked at. */
static void
test_tasks (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_tasks);
  CareSummary *summary = load_summary (fixture);

  g_assert_cmpuint (g_list_model_get_n_items (care_summary_get_list (summary, CARE_LIST_TASKS)), ==,
                    2);
  assert_text (summary, CARE_LIST_TASKS, 0, CARE_ROW_TITLE, "Ring her");
  assert_text (summary, CARE_LIST_TASKS, 0, CARE_ROW_SUBTITLE, "due 25-Nov-2026");
  assert_text (summary, CARE_LIST_TASKS, 0, CARE_ROW_SEVERITY, "urgent");
  g_assert_cmpstr (group_of (summary, "Potassium"), ==, CARE_GROUP_WAITING);
  g_assert_null (group_of (summary, "Sodium"));
  g_assert_cmpstr (group_of (summary, "Haemoglobin"), ==, CARE_GROUP_UNREAD);
}

static gboolean
put_bookings (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const bookings[] = {
    "'id':'far','status':'booked','start':'2027-02-01T09:00:00Z','end':'2027-02-01T09:20:00Z'",
    "'id':'next','status':'booked','start':'2026-11-22T08:50:00Z','end':'2026-11-22T09:10:00Z',"
    "'description':'Cough'",
    "'id':'past','status':'booked','start':'2026-11-21T09:00:00Z','end':'2026-11-21T09:20:00Z'",
    "'id':'off','status':'cancelled','start':'2026-12-01T09:00:00Z'",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bookings); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{'resourceType':'Appointment',%s,'participant':[{'status':'accepted','actor':{"
          "'reference':'Patient/p'}},{'status':'accepted','actor':{'reference':'Practitioner/gp'}}]"
          "}",
          bookings[i]);

      care_fixture_put (connection, text);
    }
  return TRUE;
}

/* The next first, and one that is under way is still to come. */
static void
test_bookings (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_patient);
  care_fixture_write (fixture, put_bookings);
  CareSummary *summary = load_summary (fixture);

  g_assert_cmpuint (g_list_model_get_n_items (care_summary_get_list (summary, CARE_LIST_BOOKINGS)),
                    ==, 2);
  assert_text (summary, CARE_LIST_BOOKINGS, 0, CARE_ROW_REFERENCE, "Appointment/next");
  assert_text (summary, CARE_LIST_BOOKINGS, 0, CARE_ROW_SUBTITLE, "Cough");
  assert_text (summary, CARE_LIST_BOOKINGS, 0, CARE_ROW_DETAIL, "Ida Moss");
  assert_text (summary, CARE_LIST_BOOKINGS, 1, CARE_ROW_SUBTITLE, "reason not recorded");
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/summary-around/alerts", test_alerts);
  ADD ("/care/summary-around/goals", test_goals);
  ADD ("/care/summary-around/team", test_team);
  ADD ("/care/summary-around/tasks", test_tasks);
  ADD ("/care/summary-around/bookings", test_bookings);
  return g_test_run ();
}
