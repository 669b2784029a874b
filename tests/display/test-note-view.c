/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-view.h"

#include "care-note.h"
#include "care-phrase.h"
#include "display-fixture.h"
#include "prescribe-form.h"
#include "prescribe-search.h"
#include "workspace-patient.h"

/* The note pane in a window by itself, with all features to write orders by. */
typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient;
  GtkWidget *window;
  GtkTextView *view;
} Fixture;

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e1','status':'in-progress','class':{'code':"
                    "'VR'},'subject':{'reference':'Patient/jane'}}");
  care_fixture_put (
      connection,
      "{'resourceType':'Condition','id':'c1','subject':{'reference':'Patient/jane'},'code':{'text':"
      "'Hypertension'},'clinicalStatus':{'coding':[{'system':"
      "'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]}}");
  return TRUE;
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  GtkWidget *pane, *toasts;

  display_fixture_set_up (&self->display, data);
  care_fixture_write (&self->display.care, put_visit);
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  pane = note_view_new (self->patient);
  toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), pane);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 400, 500);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), toasts);
  gtk_window_present (GTK_WINDOW (self->window));
  self->view = GTK_TEXT_VIEW (display_find_child (pane, GTK_TYPE_TEXT_VIEW));
  g_assert_true (display_spin (is_mapped, self->view));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->patient);
  display_fixture_tear_down (&self->display, data);
}

static void
type (Fixture *self, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  for (const char *at = text; *at; at = g_utf8_next_char (at))
    gtk_text_buffer_insert_interactive_at_cursor (buffer, at, (int) (g_utf8_next_char (at) - at),
                                                  TRUE);
}

static gboolean
is_underlined (gpointer data)
{
  Fixture *self = data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter iter;

  gtk_text_buffer_get_start_iter (buffer, &iter);
  do
    {
      g_autoptr (GSList) tags = gtk_text_iter_get_tags (&iter);

      if (tags != NULL)
        return TRUE;
    }
  while (gtk_text_iter_forward_char (&iter));
  return FALSE;
}

/* A word that is none is marked; adding it to a file outside the store is not offered. */
static void
test_spelling (Fixture *self, gconstpointer data)
{
  type (self, "The patient coughhs today. ");
  g_assert_true (display_spin (is_underlined, self));
  g_assert_false (gtk_widget_activate_action (GTK_WIDGET (self->view), "spelling.add", "s", "x"));
}

static gboolean
save_phrase (StoreConnection *connection, gpointer data, GError **error)
{
  return care_phrase_save (connection, data, "mine", "Seen for {problems}", error);
}

/* The menu lists what is known when it is opened. */
static gboolean
offers_phrase (gpointer data)
{
  Fixture *self = data;
  GtkMenuButton *button = GTK_MENU_BUTTON (display_find_child (self->window, GTK_TYPE_MENU_BUTTON));
  GMenuModel *menu;

  gtk_menu_button_popup (button);
  gtk_menu_button_popdown (button);
  menu = gtk_menu_button_get_menu_model (button);
  g_autoptr (GMenuModel) own =
      menu ? g_menu_model_get_item_link (menu, g_menu_model_get_n_items (menu) - 1, "section")
           : NULL;

  return own && g_menu_model_get_n_items (own) == 3; /* the phrase, saving, removing */
}

typedef struct
{
  Fixture *fixture;
  const char *text; /* exactly */
} Expected;

static char *
dup_text (Fixture *self)
{
  char *text;

  g_object_get (gtk_text_view_get_buffer (self->view), "text", &text, NULL);
  return text;
}

static gboolean
has_text (gpointer data)
{
  Expected *expected = data;
  g_autofree char *text = dup_text (expected->fixture);

  return g_str_equal (text, expected->text);
}

static void
assert_text (Fixture *self, const char *text)
{
  if (!display_spin (has_text, &(Expected) { self, text }))
    {
      g_autofree char *is = dup_text (self);

      g_error ("“%s” is not “%s”", is, text);
    }
}

/* A dot and a name become what the chart says; other words with a dot stay. */
static void
test_fact (Fixture *self, gconstpointer data)
{
  type (self, "Known: .problems ");
  assert_text (self, "Known: - Hypertension ");
  type (self, ".nothing e.g. ");
  display_settle ();
  assert_text (self, "Known: - Hypertension .nothing e.g. ");
}

/* A phrase of one's own, saved under a name, is inserted by it with its facts filled. */
static void
test_phrase (Fixture *self, gconstpointer data)
{
  store_database_write (self->display.care.database, BASE_LANE_PERSON, save_phrase,
                        self->display.care.doctor, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window),
                                      note_view_new (self->patient));
  self->view = GTK_TEXT_VIEW (display_find_child (self->window, GTK_TYPE_TEXT_VIEW));
  g_assert_true (display_spin (is_mapped, self->view));
  g_assert_true (display_spin (offers_phrase, self));
  type (self, ".mine ");
  assert_text (self, "Seen for - Hypertension ");
}

/* The first mapped widget of @type below @widget whose title or placeholder begins with @name. */
static GtkWidget *
find_row (GtkWidget *widget, const char *name)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (ADW_IS_ENTRY_ROW (widget) &&
      g_str_has_prefix (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), name))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, name);

      if (found)
        return found;
    }
  return NULL;
}

typedef struct
{
  Fixture *fixture;
  const char *name;
  GtkWidget *row;
} Row;

static gboolean
row_is_there (gpointer data)
{
  Row *row = data;

  row->row = find_row (row->fixture->window, row->name);
  return row->row != NULL;
}

static GtkWidget *
wait_for_row (Fixture *self, const char *name)
{
  Row row = { self, name, NULL };

  if (!display_spin (row_is_there, &row))
    g_error ("no row is called “%s”", name);
  return row.row;
}

static gboolean
text_has_focus (gpointer data)
{
  Fixture *self = data;

  return gtk_window_get_focus (GTK_WINDOW (self->window)) == GTK_WIDGET (self->view);
}

static gboolean
is_within (gpointer data)
{
  Row *row = data;
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (row->fixture->window));

  return focus && gtk_widget_is_ancestor (focus, row->row);
}

/* A task and a problem are written in the note's own pane, with the keys alone, and leave a line
 * that says what they are; the focus is where one wrote. */
static void
test_order (Fixture *self, gconstpointer data)
{
  Row row = { self, NULL, NULL };

  type (self, "Plan: /task ");
  row.row = wait_for_row (self, "What has to be done");
  g_assert_true (display_spin (is_within, &row));
  assert_text (self, "Plan: ");
  gtk_editable_set_text (GTK_EDITABLE (row.row), "Ring her");
  g_signal_emit_by_name (row.row, "entry-activated");
  assert_text (self, "Plan: \nTask: Ring her\n");
  g_assert_true (display_spin (text_has_focus, self));
  type (self, "/problem ");
  row.row = wait_for_row (self, "Problem");
  g_assert_true (display_spin (is_within, &row));
  gtk_editable_set_text (GTK_EDITABLE (row.row), "Asthma");
  g_signal_emit_by_name (row.row, "entry-activated");
  assert_text (self, "Plan: \nTask: Ring her\nProblem added: Asthma\n");
  g_assert_true (display_spin (text_has_focus, self));
}

/* Left with Escape, nothing is ordered and nothing is lost: the same command shows what was
 * written. */
static void
test_order_left (Fixture *self, gconstpointer data)
{
  GtkWidget *row;

  type (self, "/task ");
  row = wait_for_row (self, "What has to be done");
  gtk_editable_set_text (GTK_EDITABLE (row), "Half a tho");
  g_assert_true (gtk_widget_activate_action (row, "composer.close", NULL));
  g_assert_true (display_spin (text_has_focus, self));
  assert_text (self, "");
  g_assert_null (find_row (self->window, "What has to be done"));
  type (self, "/task ");
  row = wait_for_row (self, "What has to be done");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "Half a tho");
}

static gboolean
search_has_focus (gpointer data)
{
  Fixture *self = data;
  GtkWidget *entry = display_find_child (self->window, GTK_TYPE_SEARCH_ENTRY);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self->window));

  return entry && focus && gtk_widget_is_ancestor (focus, entry);
}

/* A prescription begins with the search for its drug; a word that is no command stays. */
static void
test_command (Fixture *self, gconstpointer data)
{
  type (self, "/what /rx ");
  g_assert_true (display_spin (search_has_focus, self));
  assert_text (self, "/what ");
}

static gboolean
drug_is_found (gpointer data)
{
  GtkWidget *search = display_find_child (((Fixture *) data)->window, PRESCRIBE_TYPE_SEARCH);

  return search && display_find_child (search, GTK_TYPE_LIST_BOX_ROW) != NULL;
}

static gboolean
is_ready (gpointer form)
{
  return prescribe_form_is_ready (form);
}

static gboolean
dialog_is_there (gpointer window)
{
  return adw_application_window_get_visible_dialog (window) != NULL;
}

static gboolean
says_what_was_prescribed (gpointer data)
{
  g_autofree char *text = dup_text (data);

  return g_str_has_prefix (text, "Plan: \nPrescribed: amoxicillin") &&
         strstr (text, "3 times a day") && g_str_has_suffix (text, "\n");
}

static gboolean
check_prescribed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "MedicationRequest", "patient=Patient/jane", error);
  g_autoptr (FhirResource) request = NULL;

  g_assert_cmpuint (ids->len, ==, 1);
  request = care_fixture_get (connection, "MedicationRequest", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (request, "encounter.reference"), ==, "Encounter/e1");
  return TRUE;
}

static gboolean
signs (gpointer data)
{
  return gtk_widget_activate_action (data, "win.note-sign", NULL);
}

/* H8: with another patient on the line one more key is asked for, and Enter is not it. */
static void
test_other_call (Fixture *self, gconstpointer data)
{
  GtkWidget *dialog;

  workspace_session_set_call (self->display.session, "bob", "JONES, Bob");
  type (self, "Sore throat.");
  g_assert_true (display_spin (signs, self->view));
  display_assert_label (self->window, "On call with JONES, Bob – this is SMITH, Jane");
  dialog = display_find_child (self->window, ADW_TYPE_ALERT_DIALOG);
  g_assert_cmpstr (adw_alert_dialog_get_default_response (ADW_ALERT_DIALOG (dialog)), ==, "cancel");
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (self->view)));
  g_signal_emit_by_name (dialog, "response::sign", "sign");
  display_assert_label (self->window, "Signed.");
  workspace_session_set_call (self->display.session, NULL, NULL);
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  GtkWidget *found =
      GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0
          ? widget
          : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); !found && child;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

static gboolean
offers_undo (gpointer data)
{
  return find_button (data, "_Undo") != NULL;
}

static gboolean
has_both (gpointer data)
{
  Fixture *self = data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_autofree char *text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return g_str_equal (text, "Sore throat.\n\nAnd a rash.");
}

static gboolean
check_no_note (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "DocumentReference", "_count=9"), ==, 0);
  return TRUE;
}

/* H21: one key signs without a question, so one press takes it back, with what was written since.
 */
static void
test_undo (Fixture *self, gconstpointer data)
{
  type (self, "Sore throat.");
  g_assert_true (display_spin (signs, self->view));
  display_assert_label (self->window, "The note is signed.");
  g_assert_true (display_spin (offers_undo, self->window));
  type (self, "And a rash.");
  g_signal_emit_by_name (find_button (GTK_WIDGET (self->window), "_Undo"), "clicked");
  g_assert_true (display_spin (has_both, self));
  display_assert_label (self->window, "Draft again: the signature was taken back");
  care_fixture_read (&self->display.care, check_no_note);
}

/* A whole prescription without leaving the note: it is read once more, signed, and stands in the
 * note's own words. */
static void
test_prescribe (Fixture *self, gconstpointer data)
{
  GtkWidget *form, *row;
  AdwDialog *dialog;

  type (self, "Plan: /rx ");
  g_assert_true (display_spin (search_has_focus, self));
  gtk_editable_set_text (GTK_EDITABLE (display_find_child (self->window, GTK_TYPE_SEARCH_ENTRY)),
                         "amoxicillin 500");
  g_assert_true (display_spin (drug_is_found, self));
  row = display_find_child (display_find_child (self->window, PRESCRIBE_TYPE_SEARCH),
                            GTK_TYPE_LIST_BOX_ROW);
  g_signal_emit_by_name (gtk_widget_get_ancestor (row, GTK_TYPE_LIST_BOX), "row-activated", row);
  gtk_editable_set_text (GTK_EDITABLE (wait_for_row (self, "Dose")), "1");
  gtk_editable_set_text (GTK_EDITABLE (wait_for_row (self, "Unit")), "capsule");
  gtk_editable_set_text (GTK_EDITABLE (wait_for_row (self, "Quantity")), "21");
  form = display_find_child (self->window, PRESCRIBE_TYPE_FORM);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (
                                    gtk_widget_get_ancestor (display_find_label (form,
                                                                                 "3 times a day"),
                                                             GTK_TYPE_TOGGLE_BUTTON)),
                                TRUE);
  g_assert_true (display_spin (is_ready, form));
  g_assert_true (gtk_widget_activate_action (form, "prescription.sign", NULL));
  g_assert_true (display_spin (dialog_is_there, self->window));
  dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));
  g_signal_emit_by_name (dialog, "response::sign", "sign");
  adw_dialog_force_close (dialog);
  g_assert_true (display_spin (says_what_was_prescribed, self));
  care_fixture_read (&self->display.care, check_prescribed);
}

static void
set_up_nurse (Fixture *self, gconstpointer data)
{
  set_up (self, data);
  /* a session of the nurse, with the same features */
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), NULL);
  g_clear_object (&self->patient);
  display_settle ();
  g_clear_object (&self->display.session);
  self->display.session = workspace_session_new (self->display.care.nurse);
  for (const FeatureType *feature_type = feature_table; *feature_type; feature_type++)
    {
      g_autoptr (WorkspaceFeature) feature = g_object_new ((*feature_type) (), NULL);

      if (data && g_str_equal (workspace_feature_get_id (feature), data))
        continue;
      workspace_session_add_feature (self->display.session, feature);
    }
  self->patient = workspace_patient_new (self->display.session, "jane");
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window),
                                      note_view_new (self->patient));
  self->view = GTK_TEXT_VIEW (display_find_child (self->window, GTK_TYPE_TEXT_VIEW));
  g_assert_true (display_spin (is_mapped, self->view));
}

/* Who may not prescribe is told so, and no form opens. */
static void
test_role (Fixture *self, gconstpointer data)
{
  type (self, "/rx ");
  display_assert_label (self->window, "Your role may not write this order.");
  g_assert_null (display_find_child (self->window, GTK_TYPE_SEARCH_ENTRY));
}

static gboolean
menu_offers (GMenuModel *menu, const char *keyword)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, "section");
      g_autofree char *target = NULL;

      if (section && menu_offers (section, keyword))
        return TRUE;
      if (g_menu_model_get_item_attribute (menu, i, "target", "s", &target) &&
          g_str_equal (target, keyword))
        return TRUE;
    }
  return FALSE;
}

/* Where a feature is left out, its command is a word like any other, and the menu has it not. */
static void
test_left_out (Fixture *self, gconstpointer data)
{
  GtkMenuButton *button = GTK_MENU_BUTTON (display_find_child (self->window, GTK_TYPE_MENU_BUTTON));
  GMenuModel *menu;

  type (self, "/task ");
  display_settle ();
  assert_text (self, "/task ");
  gtk_menu_button_popup (button);
  menu = gtk_menu_button_get_menu_model (button);
  g_assert_false (menu_offers (menu, "task"));
  g_assert_true (menu_offers (menu, "problem"));
}

static gboolean
says_nothing_to_carry (gpointer data)
{
  return display_find_label (data, "There is no signed note") != NULL;
}

/* Where no note was signed, that is said and nothing is inserted. */
static void
test_carry_nothing (Fixture *self, gconstpointer data)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->view), "note.carry-forward", NULL));
  g_assert_true (display_spin (says_nothing_to_carry, self->window));
  assert_text (self, "");
}

/* ---- the note of an earlier visit ---- */

#define EARLIER "note:earlier:Practitioner/doctor"

static gboolean
put_earlier (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;

  return care_note_save (connection, care->doctor, "jane", "earlier", "Sore throat", error);
}

static gboolean
put_today (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;

  return care_note_save (connection, care->doctor, "jane", "e1", "Of today", error);
}

static void
resume (Fixture *self, const char *draft)
{
  workspace_patient_request (self->patient, "resume", draft);
}

static void
go_back (Fixture *self)
{
  GtkWidget *label;

  display_assert_label (self->window, "Back");
  label = display_find_label (self->window, "Back");
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
}

static gboolean
banner_is_gone (gpointer data)
{
  return !display_find_label (((Fixture *) data)->window, "the note of an EARLIER visit");
}

/* It says whose it is for as long as one writes there, and there is a way back. */
static void
test_earlier (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_earlier);
  resume (self, EARLIER);
  assert_text (self, "Sore throat");
  type (self, "!");
  display_assert_label (self->window, "Draft, on disk since");
  display_assert_label (self->window, "the note of an EARLIER visit");
  go_back (self);
  assert_text (self, "");
  g_assert_true (display_spin (banner_is_gone, self));
}

/* What is typed while the disk is written to is not lost when another note is gone on with. */
static void
test_left_while_saving (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_earlier);
  type (self, "One");
  gtk_widget_set_visible (GTK_WIDGET (self->view), FALSE);
  gtk_widget_set_visible (gtk_window_get_child (GTK_WINDOW (self->window)), FALSE);
  gtk_widget_set_visible (gtk_window_get_child (GTK_WINDOW (self->window)), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->view), TRUE);
  type (self, " and two");
  resume (self, EARLIER);
  assert_text (self, "Sore throat");
  go_back (self);
  assert_text (self, "One and two");
}

/* A draft that is gone leaves the page empty: the text of today never stands under that visit. */
static void
test_draft_is_gone (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_today);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window),
                                      note_view_new (self->patient));
  self->view = GTK_TEXT_VIEW (display_find_child (self->window, GTK_TYPE_TEXT_VIEW));
  resume (self, "note:gone:Practitioner/doctor");
  display_assert_label (self->window, "the note of an EARLIER visit");
  display_settle ();
  assert_text (self, "");
  go_back (self);
  assert_text (self, "Of today");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/note/view/spelling", Fixture, NULL, set_up, test_spelling, tear_down);
  g_test_add ("/note/view/fact", Fixture, NULL, set_up, test_fact, tear_down);
  g_test_add ("/note/view/phrase", Fixture, NULL, set_up, test_phrase, tear_down);
  g_test_add ("/note/view/command", Fixture, NULL, set_up, test_command, tear_down);
  g_test_add ("/note/view/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/note/view/order-left", Fixture, NULL, set_up, test_order_left, tear_down);
  g_test_add ("/note/view/undo", Fixture, NULL, set_up, test_undo, tear_down);
  g_test_add ("/note/view/other-call", Fixture, NULL, set_up, test_other_call, tear_down);
  g_test_add ("/note/view/prescribe", Fixture, NULL, set_up, test_prescribe, tear_down);
  g_test_add ("/note/view/role", Fixture, NULL, set_up_nurse, test_role, tear_down);
  g_test_add ("/note/view/left-out", Fixture, "tasks", set_up_nurse, test_left_out, tear_down);
  g_test_add ("/note/view/carry-nothing", Fixture, NULL, set_up, test_carry_nothing, tear_down);
  g_test_add ("/note/view/earlier", Fixture, NULL, set_up, test_earlier, tear_down);
  g_test_add ("/note/view/left-while-saving", Fixture, NULL, set_up, test_left_while_saving,
              tear_down);
  g_test_add ("/note/view/draft-is-gone", Fixture, NULL, set_up, test_draft_is_gone, tear_down);
  return g_test_run ();
}
