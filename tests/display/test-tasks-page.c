/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "care-cover.h"
#include "tasks-cover-dialog.h"
#include "tasks-page.h"

/* H18 where it is seen: for whom a red result is, and how one says who stands in. */

#define PERSON(id, given, family)                                                                  \
  "{'resourceType':'Practitioner','id':'" id "','active':true,'name':[{'family':'" family          \
  "','given':['" given "'],'prefix':['Dr']}]}"

static gboolean
put_clinic (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const records[] = {
    PERSON ("doctor", "Ada", "Stone"),
    PERSON ("other", "Ben", "Hill"),
    "{'resourceType':'Patient','id':'p','name':[{'family':'Rossi','given':['Giulia']}]}",
    "{'resourceType':'ServiceRequest','id':'order','status':'active','intent':'order','subject':{"
    "'reference':'Patient/p'},'requester':{'reference':'Practitioner/other','display':"
    "'Dr Ben Hill'}}",
    "{'resourceType':'Observation','id':'k','status':'final','basedOn':[{'reference':"
    "'ServiceRequest/order'}],'code':{'text':'Potassium'},'subject':{'reference':'Patient/p'},"
    "'effectiveDateTime':'2026-11-22T08:50:00Z','valueQuantity':{'value':6.8,'unit':'mmol/L'},"
    "'interpretation':[{'coding':[{'code':'HH'}]}]}",
    "{'resourceType':'Task','id':'red','status':'requested','intent':'order','priority':'stat',"
    "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'critical-result'}]},"
    "'focus':{'reference':'Observation/k'},'for':{'reference':'Patient/p'},"
    "'authoredOn':'2026-11-22T08:50:00Z'}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    care_fixture_put (connection, records[i]);
  return TRUE;
}

static gboolean
put_absence (StoreConnection *connection, gpointer data, GError **error)
{
  CareCoverRequest request = { "Practitioner/doctor", "Dr Ada Stone", "2026-11-22T08:00:00Z",
                               "2026-11-24T08:00:00Z" };

  return care_cover_set (connection, ((CareFixture *) data)->other, &request, error);
}

static GtkWidget *
open_page (DisplayFixture *fixture)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, NULL);

  gtk_window_set_default_size (GTK_WINDOW (window), 800, 700);
  adw_window_set_content (ADW_WINDOW (window), tasks_page_new (fixture->session));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* A result is its orderer's; it reaches who stands in as soon as that one is absent. */
static void
test_cover (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_clinic);
  GtkWidget *window = open_page (fixture);

  display_assert_label (window, "For Dr Ben Hill, who ordered it.");
  g_assert_null (display_find_label (window, "Needs you"));
  care_fixture_write (&fixture->care, put_absence);
  display_assert_label (window, "For Dr Ben Hill, absent until 24-Nov-2026 08:00. You stand in.");
  display_assert_label (window, "RED · Needs you");
  display_assert_label (window, "1 open, 1 red: it needs a written outcome · 1 needs you");
  display_assert_label (window, "You stand in for Dr Ben Hill until 24-Nov-2026 08:00.");
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget) &&
      g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);
      if (found)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_save (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) &&
      g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), "_Save") == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_save (child);
      if (found)
        return found;
    }
  return NULL;
}

static gboolean
has_colleagues (gpointer row)
{
  GListModel *model = adw_combo_row_get_model (ADW_COMBO_ROW (row));

  return model && g_list_model_get_n_items (model) == 2;
}

static gboolean
has_no_label (gpointer data)
{
  return !display_has_label (data);
}

static AdwDialog *
open_dialog (DisplayFixture *fixture, GtkWidget *window)
{
  AdwDialog *dialog = tasks_cover_dialog_new (fixture->session);

  adw_dialog_present (dialog, window);
  display_assert_label (dialog, "source: unverified");
  return dialog;
}

/* One says it of oneself, reads it on the page, and is back by a button. */
static void
test_dialog (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_clinic);
  GtkWidget *window = open_page (fixture);
  GtkWidget *dialog = GTK_WIDGET (open_dialog (fixture, window));
  GtkWidget *colleague = find_row (dialog, "Who stands in");
  GtkWidget *time = find_row (dialog, "Until, the time, as in 14:20");
  GtkWidget *save = find_save (dialog);

  display_assert_label (dialog, "Nobody stands in: your critical results go to every doctor");
  g_assert_true (display_spin (has_colleagues, colleague));
  adw_combo_row_set_selected (ADW_COMBO_ROW (colleague), 1);
  g_assert_null (display_find_label (dialog, "Nobody stands in:"));
  gtk_editable_set_text (GTK_EDITABLE (time), "25:00");
  g_assert_false (gtk_widget_is_sensitive (save));
  gtk_editable_set_text (GTK_EDITABLE (time), "18.30");
  g_assert_true (gtk_widget_is_sensitive (save));
  g_signal_emit_by_name (save, "clicked");
  display_assert_label (
      window, "You are absent until 23-Nov-2026 18:30. HILL, Ben (Dr) stands in for you.");

  dialog = GTK_WIDGET (open_dialog (fixture, window));
  display_assert_label (dialog, "22-Nov-2026 09:00 to 23-Nov-2026 18:30");
  GtkWidget *label = display_find_label (dialog, "I Am Back");
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
  g_assert_true (display_spin (has_no_label, &(DisplayLabel) { window, "You are absent" }));
  adw_dialog_force_close (ADW_DIALOG (dialog));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/tasks/page/cover", test_cover);
  display_add ("/tasks/page/absence", test_dialog);
  return g_test_run ();
}
