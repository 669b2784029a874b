/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-find.h"

#include "patients-page.h"

/* Somebody is found by what they say of themselves, and opened without the mouse. */

typedef struct
{
  DisplayFixture display;
  GtkWidget *window, *entry;
  GString *opened;
} Fixture;

static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12','identifier':[{'value':'9434765919'}],"
                    "'telecom':[{'system':'phone','value':'+44 (0)7700 900123'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'bob','name':[{'family':'Smithers','given':['"
                    "Bob']}],'birthDate':'1990-03-12'}");
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'omar','name':[{'family':'Khan','given':['"
                    "Omar']}],'birthDate':'1990-03-12','telecom':[{'system':'sms','value':"
                    "'020 7946 0018'}]}");
  return TRUE;
}

static void
opened_cb (WorkspaceSession *session,
           const char *id,
           const char *verb,
           const char *target,
           GString *opened)
{
  g_string_assign (opened, id);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  display_fixture_set_up (&fixture->display, data);
  care_fixture_write (&fixture->display.care, put_people);
  fixture->opened = g_string_new (NULL);
  g_signal_connect (fixture->display.session, "open-patient", G_CALLBACK (opened_cb),
                    fixture->opened);
}

static void
open_page (Fixture *fixture)
{
  fixture->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (fixture->window),
                                      patients_page_new (fixture->display.session));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 900);
  gtk_window_present (GTK_WINDOW (fixture->window));
  fixture->entry = display_find_child (fixture->window, GTK_TYPE_SEARCH_ENTRY);
  display_assert_label (fixture->window, "KHAN, Omar");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_string_free (fixture->opened, TRUE);
  display_fixture_tear_down (&fixture->display, data);
}

/* As the key would be pressed in the entry. */
static void
press (Fixture *fixture, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (fixture->entry);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled = FALSE;

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &handled);
      if (handled)
        return;
    }
}

static void
type (Fixture *fixture, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), text);
}

static void
assert_opens (Fixture *fixture, const char *id)
{
  g_string_truncate (fixture->opened, 0);
  g_signal_emit_by_name (fixture->entry, "activate");
  g_assert_cmpstr (fixture->opened->str, ==, id);
}

/* Each of what tells a person apart finds this one alone. */
static void
test_find (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *typed, *shown, *gone, *id;
  } cases[] = {
    { "smith ja", "SMITH, Jane", "SMITHERS, Bob", "jane" },
    { "khan", "KHAN, Omar", "SMITH, Jane", "omar" },
    { "12-Mar-1961", "SMITH, Jane", "KHAN, Omar", "jane" },
    { "(020) 79460018", "KHAN, Omar", "SMITH, Jane", "omar" },
    { "943 476 5919", "SMITH, Jane", "KHAN, Omar", "jane" },
    { "020 7946-0018", "KHAN, Omar", "SMITH, Jane", "omar" },
    { "07700 900123", "SMITH, Jane", "KHAN, Omar", "jane" },
  };

  open_page (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].typed);
      type (fixture, cases[i].typed);
      display_assert_gone (fixture->window, cases[i].gone);
      display_assert_label (fixture->window, cases[i].shown);
      assert_opens (fixture, cases[i].id);
    }
  type (fixture, "0170 999999");
  display_assert_label (fixture->window, "such a name, birth date, phone number or identifier");
  assert_opens (fixture, "");
}

/* The cursor stays in the entry; nobody is opened before somebody was chosen. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  open_page (fixture);
  assert_opens (fixture, "");
  press (fixture, GDK_KEY_Down);
  assert_opens (fixture, "omar");
  press (fixture, GDK_KEY_Down);
  press (fixture, GDK_KEY_Down);
  press (fixture, GDK_KEY_Down);
  assert_opens (fixture, "bob");
  press (fixture, GDK_KEY_Up);
  assert_opens (fixture, "jane");
  type (fixture, "smith");
  display_assert_gone (fixture->window, "KHAN, Omar");
  assert_opens (fixture, "jane");
  press (fixture, GDK_KEY_Down);
  assert_opens (fixture, "bob");
}

/* Those opened lately stand above the others, the last one first, while nothing is typed. */
static void
test_recent (Fixture *fixture, gconstpointer data)
{
  WorkspaceRecent *recent = workspace_session_get_recent (fixture->display.session);

  open_page (fixture);
  g_assert_null (display_find_label (fixture->window, "Opened Lately"));
  workspace_recent_note (recent, "omar");
  workspace_recent_note (recent, "jane");
  display_assert_label (fixture->window, "Opened Lately");
  display_assert_label (fixture->window, "By Name");
  press (fixture, GDK_KEY_Down);
  assert_opens (fixture, "jane");
  press (fixture, GDK_KEY_Down);
  assert_opens (fixture, "omar");
  press (fixture, GDK_KEY_Down);
  assert_opens (fixture, "bob");
  type (fixture, "smith");
  display_assert_gone (fixture->window, "Opened Lately");
  display_assert_gone (fixture->window, "KHAN, Omar");
  assert_opens (fixture, "jane");
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  add ("/patients/page/find", test_find);
  add ("/patients/page/keys", test_keys);
  add ("/patients/page/recent", test_recent);
  return g_test_run ();
}
