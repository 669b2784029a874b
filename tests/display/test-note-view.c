/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-view.h"

#include "care-phrase.h"
#include "display-fixture.h"
#include "workspace-patient.h"

/* The note pane in a window that has the actions which slash commands are answered by. */
typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient;
  GtkWidget *window;
  GtkTextView *view;
  guint opened;
} Fixture;

static GtkWidget *
find_child (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_child (child, type);

      if (found)
        return found;
    }
  return NULL;
}

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
opened_cb (Fixture *self)
{
  self->opened++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("prescribe-new", NULL);
  GtkWidget *pane;

  display_fixture_set_up (&self->display, data);
  care_fixture_write (&self->display.care, put_visit);
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->window = g_object_new (GTK_TYPE_APPLICATION_WINDOW, NULL);
  g_signal_connect_swapped (action, "activate", G_CALLBACK (opened_cb), self);
  g_action_map_add_action (G_ACTION_MAP (self->window), G_ACTION (action));
  pane = note_view_new (self->patient);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 400, 500);
  gtk_window_set_child (GTK_WINDOW (self->window), pane);
  gtk_window_present (GTK_WINDOW (self->window));
  self->view = GTK_TEXT_VIEW (find_child (pane, GTK_TYPE_TEXT_VIEW));
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
  GtkMenuButton *button = GTK_MENU_BUTTON (find_child (self->window, GTK_TYPE_MENU_BUTTON));
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
  gtk_window_set_child (GTK_WINDOW (self->window), note_view_new (self->patient));
  self->view = GTK_TEXT_VIEW (find_child (self->window, GTK_TYPE_TEXT_VIEW));
  g_assert_true (display_spin (is_mapped, self->view));
  g_assert_true (display_spin (offers_phrase, self));
  type (self, ".mine ");
  assert_text (self, "Seen for - Hypertension ");
}

static gboolean
is_open (gpointer data)
{
  return ((Fixture *) data)->opened == 1;
}

/* A command opens what it names and leaves no trace; one that would open nothing stays a word. */
static void
test_command (Fixture *self, gconstpointer data)
{
  type (self, "/rx ");
  g_assert_true (display_spin (is_open, self));
  assert_text (self, " ");
  type (self, "/task /what ");
  display_settle ();
  assert_text (self, " /task /what ");
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/note/view/spelling", Fixture, NULL, set_up, test_spelling, tear_down);
  g_test_add ("/note/view/fact", Fixture, NULL, set_up, test_fact, tear_down);
  g_test_add ("/note/view/phrase", Fixture, NULL, set_up, test_phrase, tear_down);
  g_test_add ("/note/view/command", Fixture, NULL, set_up, test_command, tear_down);
  g_test_add ("/note/view/carry-nothing", Fixture, NULL, set_up, test_carry_nothing, tear_down);
  return g_test_run ();
}
