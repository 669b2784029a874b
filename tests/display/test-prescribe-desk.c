/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "prescribe-composer.h"
#include "prescribe-desk.h"
#include "prescribe-search.h"
#include "prescribe-view.h"

/* One prescription is written in one form at a time: the pane's, or that of a note. */

typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient;
  GtkWidget *window, *note, *pane;
} Fixture;

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','birthDate':'1961-03-12',"
                                "'name':[{'family':'Smith','given':['Jane']}]}");
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer encounter)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  display_fixture_set_up (&self->display, NULL);
  care_fixture_write (&self->display.care, put_patient);
  self->patient = workspace_patient_new (self->display.session, "jane");
  self->pane = prescribe_view_new (self->patient, self->display.care.content);
  self->note =
      GTK_WIDGET (prescribe_composer_new (self->patient, encounter, self->display.care.content));
  gtk_widget_set_hexpand (self->note, TRUE);
  gtk_box_append (GTK_BOX (box), self->note);
  gtk_box_append (GTK_BOX (box), self->pane);
  self->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), box);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1200, 900);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->patient);
  display_fixture_tear_down (&self->display, NULL);
}

static gboolean
drug_is_found (gpointer form)
{
  GtkWidget *search = display_find_child (form, PRESCRIBE_TYPE_SEARCH);

  return display_find_child (search, GTK_TYPE_LIST_BOX_ROW) != NULL;
}

/* (nullable): the row of the dose; what the checks say of a dose has the word in it too. */
static GtkWidget *
find_dose (GtkWidget *widget)
{
  if (ADW_IS_ENTRY_ROW (widget) && gtk_widget_get_mapped (widget) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), "Dose"))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_dose (child);

      if (found)
        return found;
    }
  return NULL;
}

/* Chooses a drug in @form, whose search is shown, and types a dose. */
static void
begin (GtkWidget *form)
{
  GtkWidget *search = display_find_child (form, PRESCRIBE_TYPE_SEARCH), *row;

  gtk_editable_set_text (GTK_EDITABLE (display_find_child (search, GTK_TYPE_SEARCH_ENTRY)),
                         "amoxicillin 500");
  g_assert_true (display_spin (drug_is_found, form));
  row = display_find_child (search, GTK_TYPE_LIST_BOX_ROW);
  g_signal_emit_by_name (gtk_widget_get_ancestor (row, GTK_TYPE_LIST_BOX), "row-activated", row);
  display_assert_label (form, "Dose");
  gtk_editable_set_text (GTK_EDITABLE (find_dose (form)), "2");
}

static gboolean
has_dose (gpointer form)
{
  GtkWidget *row = find_dose (form);

  return row && g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row)), "2");
}

static gboolean
has_no_form (gpointer form)
{
  return find_dose (form) == NULL;
}

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) drafts =
      store_draft_list (connection, "Practitioner/doctor", "jane", error);

  g_assert_no_error (*error);
  *(guint *) data = drafts->len;
  return TRUE;
}

static guint
count_drafts (Fixture *self)
{
  guint n = 0;

  g_assert_true (store_database_read (self->display.care.database, count_work, &n, NULL));
  return n;
}

static gboolean
has_draft (gpointer self)
{
  return count_drafts (self) > 0;
}

static void
assert_in (Fixture *self, GtkWidget *form)
{
  GtkWidget *other = form == self->note ? self->pane : self->note;

  g_assert_true (display_spin (has_dose, form));
  g_assert_true (display_spin (has_no_form, other));
}

/* To and fro, with what was typed, and always one draft. */
static void
test_one_draft (Fixture *self, gconstpointer data)
{
  gint64 end;

  workspace_composer_start (WORKSPACE_COMPOSER (self->note));
  begin (self->note);
  assert_in (self, self->note);
  g_action_group_activate_action (G_ACTION_GROUP (self->window), "prescribe-new", NULL);
  assert_in (self, self->pane);
  workspace_composer_start (WORKSPACE_COMPOSER (self->note));
  assert_in (self, self->note);
  g_assert_true (gtk_widget_activate_action (self->note, "composer.close", NULL));
  assert_in (self, self->pane);
  g_assert_true (display_spin (has_draft, self)); /* what was typed is saved a moment later */
  end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  display_spin (display_has_passed, &end);
  g_assert_cmpuint (count_drafts (self), ==, 1);
}

/* What was begun for no visit, or another one, is not signed in this visit's note. */
static void
test_other_visit (Fixture *self, gconstpointer data)
{
  g_action_group_activate_action (G_ACTION_GROUP (self->window), "prescribe-new", NULL);
  begin (self->pane);
  workspace_composer_start (WORKSPACE_COMPOSER (self->note));
  display_settle ();
  assert_in (self, self->pane);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/prescribe/desk/one-draft", Fixture, NULL, set_up, test_one_draft, tear_down);
  g_test_add ("/prescribe/desk/other-visit", Fixture, "e1", set_up, test_other_visit, tear_down);
  return g_test_run ();
}
