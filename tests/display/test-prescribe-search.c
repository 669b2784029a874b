/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-search.h"

#include "content-tables.h"
#include "display-fixture.h"
#include "prescribe-drug-row.h"

typedef struct
{
  DisplayFixture display;
  GtkWidget *window;
  PrescribeSearch *search;
  char *chosen;
} Fixture;

static void
chosen_cb (Fixture *self, const StoreDrug *drug)
{
  g_set_str (&self->chosen, drug->rxcui);
}

/* @content: (nullable) */
static void
show_search (Fixture *self, StoreContent *content)
{
  self->search = g_object_new (PRESCRIBE_TYPE_SEARCH, NULL);
  prescribe_search_set_content (self->search, content);
  prescribe_search_set_context (self->search, self->display.care.doctor);
  g_signal_connect_swapped (self->search, "chosen", G_CALLBACK (chosen_cb), self);
  self->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->search));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 360, 600);
  gtk_window_present (GTK_WINDOW (self->window));
  prescribe_search_start (self->search);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  display_settle ();
  g_clear_pointer (&self->chosen, g_free);
  display_fixture_tear_down (&self->display, NULL);
}

static void
type (Fixture *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (
                             display_find_child (GTK_WIDGET (self->search), GTK_TYPE_SEARCH_ENTRY)),
                         text);
}

static GtkListBoxRow *
first_row (Fixture *self)
{
  GtkWidget *row = display_find_child (GTK_WIDGET (self->search), ADW_TYPE_ACTION_ROW);

  return row ? GTK_LIST_BOX_ROW (row) : NULL;
}

static void
assert_says (Fixture *self, const char *text)
{
  display_assert_label (self->search, text);
}

typedef struct
{
  Fixture *self;
  const char *rxcui;
} Wanted;

static gboolean
is_first (gpointer data)
{
  Wanted *wanted = data;
  GtkListBoxRow *row = first_row (wanted->self);

  return row && g_str_equal (prescribe_drug_row_get_drug (row)->rxcui, wanted->rxcui);
}

static void
assert_first (Fixture *self, const char *rxcui)
{
  if (!display_spin (is_first, &(Wanted) { self, rxcui }))
    g_error ("the first drug is %s and not %s",
             first_row (self) ? prescribe_drug_row_get_drug (first_row (self))->name : "none",
             rxcui);
}

static gboolean
is_empty (gpointer self)
{
  return first_row (self) == NULL;
}

static gboolean
has_many (gpointer self)
{
  GtkListBoxRow *row = first_row (self);

  return row && gtk_widget_get_next_sibling (GTK_WIDGET (row)) != NULL;
}

static gboolean
has_no_heading (gpointer self)
{
  return has_many (self) &&
         display_find_label (GTK_WIDGET (((Fixture *) self)->search), "Spelled nearly") == NULL;
}

static gboolean
check_stars (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *star =
      store_setting_get (connection, "drug-favourite/Practitioner/doctor/308189");

  *(guint *) data = star != NULL;
  return TRUE;
}

static gboolean
has_star (gpointer self)
{
  guint stars = 0;

  g_assert_true (
      store_database_read (((Fixture *) self)->display.care.database, check_stars, &stars, NULL));
  return stars > 0;
}

static gboolean
has_no_star (gpointer self)
{
  return !has_star (self);
}

/* A key press as the list's own controllers get it. */
static gboolean
press (GtkWidget *widget, guint key, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, state, &handled);
    }
  return handled;
}

static GtkListBoxRow *
row_of (Fixture *self, const char *rxcui)
{
  GtkWidget *list = gtk_widget_get_ancestor (GTK_WIDGET (first_row (self)), GTK_TYPE_LIST_BOX);

  for (int i = 0;; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i);

      g_assert_nonnull (row);
      if (g_str_equal (prescribe_drug_row_get_drug (row)->rxcui, rxcui))
        return row;
    }
}

/* The star is set by key and taken by pointer; a starred drug stands first from then on, also
 * before anything is typed. */
static void
test_favourite (Fixture *self, gconstpointer data)
{
  GtkListBoxRow *row;

  show_search (self, self->display.care.content);
  type (self, "amoxicillin 500");
  assert_first (self, "308192"); /* a tablet is what most mean */
  type (self, "amoxicillin");
  g_assert_true (display_spin (has_many, self));
  row = row_of (self, "308189");
  gtk_widget_grab_focus (GTK_WIDGET (row));
  g_assert_true (press (gtk_widget_get_parent (GTK_WIDGET (row)), GDK_KEY_d, GDK_CONTROL_MASK));
  g_assert_true (gtk_toggle_button_get_active (prescribe_drug_row_get_star (row)));
  g_assert_true (display_spin (has_star, self));
  type (self, "amoxicilli");
  assert_first (self, "308189");
  type (self, "");
  assert_first (self, "308189");
  assert_says (self, "Your favourites and what you prescribe most");
  g_signal_emit_by_name (prescribe_drug_row_get_star (first_row (self)), "clicked");
  g_assert_true (display_spin (has_no_star, self));
}

static gboolean
put_order (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane'}");
  care_fixture_put (connection,
                    "{'resourceType':'MedicationRequest','id':'a1','status':'active',"
                    "'intent':'order','subject':{'reference':'Patient/jane'},"
                    "'requester':{'reference':'Practitioner/doctor'},'authoredOn':'2026-11-01',"
                    "'medicationCodeableConcept':{'coding':[{'system':'" CARE_SYSTEM_RXNORM
                    "','code':'861007'}]}}");
  return TRUE;
}

/* What one prescribed is offered before anything is typed, and says so. */
static void
test_history (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->display.care, put_order);
  show_search (self, self->display.care.content);
  assert_first (self, "861007");
  assert_says (self, "you prescribed it once");
  g_signal_emit_by_name (gtk_widget_get_parent (GTK_WIDGET (first_row (self))), "row-activated",
                         first_row (self));
  g_assert_cmpstr (self->chosen, ==, "861007");
}

/* The code on a package, in the same field; what is not known says so, and that it says nothing. */
static void
test_package (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autoptr (StoreContent) content = store_content_open (path, NULL);

  show_search (self, content);
  type (self, "0093-4155-73");
  assert_first (self, "308191");
  assert_says (self, "Compare the name with the package");
  type (self, "]d201003009341557301720010110LOT");
  assert_says (self, "past its date, 01-Jan-2020");
  type (self, "0300934155738");
  assert_says (self, "misread");
  g_assert_true (display_spin (is_empty, self));
  type (self, "99999-9999-99");
  assert_says (self, "That says nothing about the product");
  type (self, "0093415");
  assert_says (self, "Go on typing");
  content_tables_remove (g_steal_pointer (&folder));
}

/* What is only spelled nearly as typed stands under a heading of its own. */
static void
test_nearly (Fixture *self, gconstpointer data)
{
  show_search (self, self->display.care.content);
  type (self, "amoxicillin 500");
  assert_first (self, "308192");
  assert_says (self, "Spelled nearly as you typed");
  type (self, "amoxicillin");
  g_assert_true (display_spin (has_no_heading, self));
  type (self, "amoxicilin 500");
  assert_says (self, "Spelled nearly as you typed"); /* above the first */
}

/* Missing content is said above an empty list, and not only when something is typed. */
static void
test_missing (Fixture *self, gconstpointer data)
{
  g_autoptr (StoreContent) content = store_content_new ("/nowhere/content.sqlite", NULL);

  show_search (self, content);
  assert_says (self, "The clinical content is not there");
  type (self, "amox");
  assert_says (self, "No drug of the formulary matches");
  assert_says (self, "The clinical content is not there");
}

static void
test_expired (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autoptr (StoreContent) content = store_content_new (path, self->display.care.clock);

  store_content_set_limit_days (content, 2);
  show_search (self, content);
  assert_says (self, "The clinical content is past its date");
  type (self, "amox");
  assert_first (self, "308191");
  content_tables_remove (g_steal_pointer (&folder));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/prescribe/search/favourite", test_favourite);
  ADD ("/prescribe/search/history", test_history);
  ADD ("/prescribe/search/package", test_package);
  ADD ("/prescribe/search/nearly", test_nearly);
  ADD ("/prescribe/search/missing", test_missing);
  ADD ("/prescribe/search/expired", test_expired);
  return g_test_run ();
}
