/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print-dialog.h"

#include "display-fixture.h"
#include "print-preview.h"
#include "workspace-commands.h"

typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient;
  GtkWidget *window;
  GtkWidget *dialog;
  char *path;
} Fixture;

static gboolean
put_all (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'nobody','name':[{'family':'Hill'"
                                "}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'m','status':'active','intent':'order','subject':{"
      "'reference':'Patient/jane'},'medicationCodeableConcept':{'text':'testamol'}}");
  care_fixture_put (
      connection,
      "{'resourceType':'DocumentReference','id':'first','status':'current','docStatus':'final',"
      "'subject':{'reference':'Patient/jane'},'date':'2026-10-01','description':'First note',"
      "'content':[{'attachment':{'contentType':'text/plain','data':'T25lLg=='}}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'DocumentReference','id':'second','status':'current','docStatus':'final',"
      "'subject':{'reference':'Patient/jane'},'date':'2026-11-01','description':'Second note',"
      "'content':[{'attachment':{'contentType':'text/plain','data':'VHdvLg=='}}]}");
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, data);
  care_fixture_write (&self->display.care, put_all);
  self->patient = workspace_patient_new (self->display.session, data ? data : "jane");
  self->window = g_object_new (ADW_TYPE_WINDOW, NULL);
  self->path = g_build_filename (self->display.care.folder, "out.pdf", NULL);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 900, 700);
  adw_window_set_content (ADW_WINDOW (self->window), gtk_label_new ("chart"));
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->path);
  gtk_window_destroy (GTK_WINDOW (self->window));
  display_settle ();
  g_clear_object (&self->patient);
  g_free (self->path);
  display_fixture_tear_down (&self->display, data);
}

static void
open_dialog (Fixture *self, const char *wanted)
{
  self->dialog = GTK_WIDGET (print_dialog_new (self->patient, wanted));
  adw_dialog_present (ADW_DIALOG (self->dialog), self->window);
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found)
        return found;
    }
  return NULL;
}

typedef struct
{
  Fixture *fixture;
  const char *words;
} Wanted;

/* The words of a page as a screen reader has them. */
static gboolean
shows (gpointer data)
{
  Wanted *wanted = data;
  GtkWidget *preview = find_type (wanted->fixture->dialog, PRINT_TYPE_PREVIEW);
  GtkWidget *picture = preview ? find_type (preview, GTK_TYPE_PICTURE) : NULL;
  const char *text = picture ? gtk_picture_get_alternative_text (GTK_PICTURE (picture)) : NULL;

  /* a page is higher than wide, on the screen too */
  return text && gtk_widget_get_height (picture) > gtk_widget_get_width (picture) &&
         gtk_picture_get_paintable (GTK_PICTURE (picture)) && strstr (text, wanted->words);
}

static void
assert_page (Fixture *self, const char *words)
{
  if (!display_spin (shows, &(Wanted) { self, words }))
    g_error ("no page says “%s”", words);
}

static void
choose (Fixture *self, const char *name, guint position)
{
  adw_combo_row_set_selected (ADW_COMBO_ROW (gtk_widget_get_template_child (self->dialog,
                                                                            PRINT_TYPE_DIALOG,
                                                                            name)),
                              position);
}

/* The summary first; another document or another note is shown as soon as it is chosen. */
static void
test_choose (Fixture *self, gconstpointer data)
{
  open_dialog (self, NULL);
  assert_page (self, "Patient summary");
  assert_page (self, "SMITH, Jane");
  assert_page (self, "Page 1 of 1");
  choose (self, "kind_row", 1);
  assert_page (self, "testamol");
  choose (self, "kind_row", 2);
  assert_page (self, "Two.");
  choose (self, "which_row", 1);
  assert_page (self, "One.");
  g_assert_true (gtk_widget_get_sensitive (find_button (self->dialog, "_Print…")));
}

/* Asked for by its reference, a note is the one that is shown. */
static void
test_by_reference (Fixture *self, gconstpointer data)
{
  open_dialog (self, "DocumentReference/first");
  assert_page (self, "One.");
}

/* Nothing to print is a sentence, and then nothing can be printed. */
static void
test_nothing (Fixture *self, gconstpointer data)
{
  open_dialog (self, "note");
  display_assert_label (self->dialog, "There is no note of this patient on this computer.");
  g_assert_false (gtk_widget_get_sensitive (find_button (self->dialog, "_Print…")));
  choose (self, "kind_row", 3);
  display_assert_label (self->dialog, "No visit of this patient is on this computer.");
  choose (self, "kind_row", 0);
  assert_page (self, "Not known");
}

/* Saved: the file is there, and the dialog says so. */
static void
test_save (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) target = g_file_new_for_path (self->path);
  g_autofree char *bytes = NULL;

  open_dialog (self, "medicines");
  assert_page (self, "testamol");
  print_dialog_save (PRINT_DIALOG (self->dialog), target);
  display_assert_label (self->dialog, "Saved: 1 page.");
  g_assert_true (g_file_get_contents (self->path, &bytes, NULL, NULL));
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
}

/* Where it cannot be written the dialog says why, and it can be tried again. */
static void
test_cannot_save (Fixture *self, gconstpointer data)
{
  g_autoptr (GFile) target = g_file_new_for_path ("/nowhere/at-all/x.pdf");

  open_dialog (self, "medicines");
  assert_page (self, "testamol");
  print_dialog_save (PRINT_DIALOG (self->dialog), target);
  display_assert_label (self->dialog, "that folder is not there any more");
  g_assert_true (gtk_widget_get_sensitive (find_button (self->dialog, "_Save as PDF…")));
}

/* Once the sign-in has run out neither button does anything, and the dialog says why. */
static void
test_locked (Fixture *self, gconstpointer data)
{
  CareFixture *care = &self->display.care;
  g_autoptr (GFile) target = g_file_new_for_path (self->path);

  care_context_set_signed_in (care->doctor, base_clock_now (care->clock) - 80 * G_TIME_SPAN_HOUR);
  open_dialog (self, "medicines");
  assert_page (self, "testamol");
  display_assert_label (self->dialog, "sign-in");
  g_assert_false (gtk_widget_get_sensitive (find_button (self->dialog, "_Print…")));
  g_assert_false (gtk_widget_get_sensitive (find_button (self->dialog, "_Save as PDF…")));
  print_dialog_save (PRINT_DIALOG (self->dialog), target);
  display_settle ();
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

static gboolean
has_action (GMenuModel *menu, const char *wanted)
{
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      g_autofree char *action = NULL;

      g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &action);
      if (g_strcmp0 (action, wanted) == 0 || (section && has_action (section, wanted)))
        return TRUE;
    }
  return FALSE;
}

/* Who does not know the key finds it in the window's menu, and it opens the dialog. */
static void
test_menu (Fixture *self, gconstpointer data)
{
  GtkWidget *window =
      GTK_WIDGET (workspace_patient_window_new (NULL, self->display.session, "jane"));
  GObject *menu = gtk_widget_get_template_child (window, WORKSPACE_TYPE_PATIENT_WINDOW, "menu");

  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH, Jane");
  g_assert_true (has_action (G_MENU_MODEL (menu), "win.print"));
  g_assert_true (gtk_widget_activate_action (window, "win.print", NULL));
  display_assert_label (window, "Save as PDF…");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Ctrl+P and the palette's lines are commands of the patient window. */
static void
test_commands (Fixture *self, gconstpointer data)
{
  g_autoptr (GListStore) list =
      workspace_commands_list (self->display.session, WORKSPACE_SCOPE_PATIENT);
  guint found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (WorkspaceCommandItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      const char *action = workspace_command_item_get_action (item);

      if (g_strcmp0 (workspace_command_item_get_accelerator (item), "<Control>p") == 0)
        g_assert_cmpstr (action, ==, "win.print");
      found += g_str_has_prefix (action, "win.print");
    }
  g_assert_cmpuint (found, ==, 5);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path, *patient;
    void (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/print/dialog/choose", NULL, test_choose },
    { "/print/dialog/by-reference", NULL, test_by_reference },
    { "/print/dialog/nothing-to-print", "nobody", test_nothing },
    { "/print/dialog/save", NULL, test_save },
    { "/print/dialog/cannot-save", NULL, test_cannot_save },
    { "/print/dialog/locked", NULL, test_locked },
    { "/print/dialog/menu", NULL, test_menu },
    { "/print/dialog/commands", NULL, test_commands },
  };

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].patient, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
