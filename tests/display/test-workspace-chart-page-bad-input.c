/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

/* A chart of records that no form would have let through: the pages show of each what can be said
 * of it safely, and go on. */

#define OF_P "'subject':{'reference':'Patient/p'}"
#define RESULT(id, name, rest)                                                                     \
  "{'resourceType':'Observation','id':'" id "','status':'final','category':[{'coding':[{'code':'"  \
  "laboratory'}]}]," OF_P ",'effectiveDateTime':'2026-11-20T08:00:00Z','code':{'text':'" name      \
  "'}" rest "}"
#define MODIFIER "'modifierExtension':[{'url':'urn:not-so','valueBoolean':true}]"

static const char *const chart[] = {
  "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','given':['Jane']}],'birthDate':'"
  "1961-03-12'}",
  RESULT ("none", "Alpha", ""),
  RESULT ("reason", "Beta", ",'dataAbsentReason':{'text':'haemolysed'}"),
  RESULT ("parts",
          "Gamma",
          ",'component':[{'code':{'text':'Left'},'valueQuantity':{'value':12,'unit':'mm'}},{'code':"
          "{'text':'Right'},'dataAbsentReason':{'text':'not seen'}}]"),
  RESULT ("huge", "Delta", ",'valueQuantity':{'value':1e400,'unit':'furlong'}"),
  RESULT ("words", "Epsilon", ",'valueQuantity':{'value':'6,7','unit':'mmol/L'}"),
  RESULT ("long",
          "Zeta",
          ",'valueQuantity':{'value':-0.00000000000000000000000000001,'unit':'(((((mmol/L/L/L/L'}"),
  RESULT ("opaque",
          "Secret potassium",
          "," MODIFIER ",'valueQuantity':{'value':9.9,'unit':'mmol/L'}"),
  RESULT ("self", "Eta", ",'hasMember':[{'reference':'Observation/self'}]"),
  RESULT ("a", "Theta", ",'hasMember':[{'reference':'Observation/b'}]"),
  RESULT ("b", "Iota", ",'hasMember':[{'reference':'Observation/a'}]"),
  "{'resourceType':'Observation','id':'gone','status':'entered-in-error','category':[{'coding':[{'"
  "code':'laboratory'}]}]," OF_P ",'effectiveDateTime':'2026-11-21','code':{'text':'Mistaken "
  "sodium'},'valueQuantity':{'value':119,'unit':'mmol/L'}}",
  "{'resourceType':'Condition','id':'c1'," OF_P ",'code':{'text':'Essential hypertension'}}",
  "{'resourceType':'Condition','id':'c2'," OF_P "," MODIFIER ",'code':{'text':'Secret disease'}}",
  "{'resourceType':'Condition','id':'c3'," OF_P
  ",'code':{'text':'Mistaken disease'},'verificationStatus':{'coding':[{'code':'entered-in-error'}]"
  "}}",
  "{'resourceType':'Encounter','id':'e1','status':'finished','class':{'code':'AMB'}," OF_P
  ",'period':{'start':'2026-11-01'},'reasonCode':[{'text':'Round and round'}],'partOf':{"
  "'reference':'Encounter/e2'}}",
  "{'resourceType':'Encounter','id':'e2','status':'finished','class':{'code':'AMB'}," OF_P
  ",'period':{'start':'2026-11-02','end':'2026-10-01'},'partOf':{'reference':'Encounter/e1'}}",
  "{'resourceType':'CarePlan','id':'p1','status':'active','intent':'plan'," OF_P
  ",'title':'Endless plan','partOf':[{'reference':'CarePlan/p1'}],'basedOn':[{'reference':'"
  "CarePlan/p1'}]}",
};

static gboolean
put_chart (StoreConnection *connection, gpointer data, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (chart); i++)
    care_fixture_put (connection, chart[i]);
  return TRUE;
}

static WorkspacePatientWindow *
open_page (DisplayFixture *fixture, const char *page)
{
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "p");

  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 1400);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", page);
  return window;
}

static void
assert_absent (gpointer window, const char *text)
{
  display_settle ();
  if (display_find_label (window, text))
    g_error ("a label says “%s”", text);
}

static void
test_results (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const said[] = { "No value was recorded", "haemolysed", "1e400",
                                      "Its value is not a number: 6,7",
                                      "-0.00000000000000000000000000001" };

  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_page (fixture, "results");

  for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
    display_assert_label (window, said[i]);
  assert_absent (window, "Mistaken sodium");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What only has parts shows them, with the reason of the one that has no value. */
static void
test_parts (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_page (fixture, "Observation/parts");

  display_assert_label (window, "Left");
  display_assert_label (window, "12 mm");
  display_assert_label (window, "not seen");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Neither value nor name of what carries a modifier is shown, but that it is there, and why. */
static void
test_modifier (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_page (fixture, "Observation/opaque");

  display_assert_label (window, "urn:not-so");
  assert_absent (window, "9.9");
  assert_absent (window, "Secret potassium");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "problems");
  display_assert_label (window, "Essential hypertension");
  display_assert_label (window, "It carries a modifier that may change its meaning.");
  assert_absent (window, "Secret disease");
  /* a mistake is no problem, but it is not lost */
  display_assert_label (window, "Active Problems · 1");
  display_assert_label (window, "Entered in Error · 1");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What names itself, or one another, is shown once and ends. */
static void
test_circles (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_page (fixture, "Observation/self");

  display_assert_label (window, "Eta");
  display_assert_label (window, "its parts name one another in a circle");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "visits");
  display_assert_label (window, "Round and round");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "plans");
  display_assert_label (window, "Endless plan");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The timeline and the summary say no more of them than the pages do. */
static void
test_elsewhere (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const hidden[] = { "Secret", "Mistaken", "9.9 mmol" };

  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_page (fixture, "timeline");

  display_assert_label (window, "not shown.");
  for (gsize i = 0; i < G_N_ELEMENTS (hidden); i++)
    assert_absent (window, hidden[i]);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "summary");
  display_assert_label (window, "Essential hypertension");
  for (gsize i = 0; i < G_N_ELEMENTS (hidden); i++)
    assert_absent (window, hidden[i]);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/workspace/chart-page/bad-input/results", test_results);
  display_add ("/workspace/chart-page/bad-input/parts", test_parts);
  display_add ("/workspace/chart-page/bad-input/modifier", test_modifier);
  display_add ("/workspace/chart-page/bad-input/circles", test_circles);
  display_add ("/workspace/chart-page/bad-input/elsewhere", test_elsewhere);
  return g_test_run ();
}
