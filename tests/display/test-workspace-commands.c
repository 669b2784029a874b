/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "workspace-commands.h"

/* Whatever can be done has keys, unless it stands here with the reason why it has none. */

static const struct
{
  const char *action, *reason;
} without[] = {
  { "app.help::privacy", "a page of the help, which F1 opens" },
  { "app.report", "asked for once in months, by whoever looks for a fault" },
  { "app.about", "nobody does it in a hurry" },
  { "app.preferences-of::visit-camera", "a part of what Ctrl+comma shows" },
  { "app.preferences-of::visit-echo-cancellation", "a part of what Ctrl+comma shows" },
  { "app.preferences-of::visit-mirror", "a part of what Ctrl+comma shows" },
  { "app.preferences-of::content-file", "a part of what Ctrl+comma shows" },
  { "app.second-factor", "a part of what Ctrl+comma shows" },
  { "app.clinic-page::patients", "Ctrl+Home and Alt+2" },
  { "win.print-document::summary", "Ctrl+P asks which" },
  { "win.print-document::medicines", "Ctrl+P asks which" },
  { "win.print-document::note", "Ctrl+P asks which" },
  { "win.print-document::after-visit", "Ctrl+P asks which" },
  { "win.self-test", "once when a workplace is set up; the page of the day leads there" },
  { "win.visit-take", "a button that has the focus where another computer has the visit" },
  { "win.visit-phone-times", "put right once after a call; a button beside its times" },
  { "win.visit-copy-number", "a button beside the number" },
};

static gboolean
is_without (const char *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (without); i++)
    if (g_str_equal (without[i].action, action))
      return TRUE;
  return FALSE;
}

static void
check (WorkspaceSession *session, WorkspaceScope scope, GHashTable *met)
{
  g_autoptr (GListStore) list = workspace_commands_list (session, scope);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (WorkspaceCommandItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      const char *action = workspace_command_item_get_action (item);
      g_autofree char *label = workspace_command_item_dup_keys (item);
      const char *other = label ? g_hash_table_lookup (keys, label) : NULL;

      if (!label && !is_without (action))
        g_error ("%s has no keys", action);
      if (label && is_without (action))
        g_error ("%s has keys and stands among those without", action);
      /* a page of the lower pane and the command that shows it are the same */
      if (other && !g_str_equal (other, action))
        g_error ("%s is both %s and %s", label, other, action);
      if (label)
        g_hash_table_insert (keys, g_strdup (label), g_strdup (action));
      g_hash_table_add (met, g_strdup (action));
    }
}

/* In each window no keys mean two things, and no exception outlives its command. */
static void
test_keys (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) met = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  check (fixture->session, WORKSPACE_SCOPE_CLINIC, met);
  check (fixture->session, WORKSPACE_SCOPE_PATIENT, met);
  for (gsize i = 0; i < G_N_ELEMENTS (without); i++)
    if (!g_hash_table_contains (met, without[i].action))
      g_error ("%s is no command any more", without[i].action);
}

static gboolean
trigger (GtkWidget *window, const char *accelerator)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (window);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GListModel) shortcuts = g_list_model_get_item (controllers, i);

      for (guint n = 0;
           GTK_IS_SHORTCUT_CONTROLLER (shortcuts) && n < g_list_model_get_n_items (shortcuts); n++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, n);
          g_autofree char *text =
              gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));

          if (g_str_equal (text, accelerator))
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, window,
                                                 gtk_shortcut_get_arguments (shortcut));
        }
    }
  return FALSE;
}

/* What is done by its keys counts as what is chosen in the palette; what opens the palette, and
 * what cannot be done now, does not. */
static void
test_counted (DisplayFixture *fixture, gconstpointer data)
{
  WorkspaceUsage *usage = workspace_session_get_usage (fixture->session);
  GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  g_autoptr (GSimpleAction) show = g_simple_action_new ("show", G_VARIANT_TYPE_STRING);
  g_autoptr (GSimpleAction) palette = g_simple_action_new ("palette", NULL);
  g_autoptr (GSimpleAction) sign = g_simple_action_new ("note-sign", NULL);

  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (show));
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (palette));
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (sign));
  g_simple_action_set_enabled (sign, FALSE);
  workspace_commands_install (window, fixture->session, WORKSPACE_SCOPE_PATIENT);
  g_assert_true (trigger (window, "<Alt>3"));
  g_assert_true (trigger (window, "<Control>k"));
  g_assert_false (trigger (window, "<Shift><Control>s"));
  g_assert_cmpfloat (workspace_usage_get_score (usage, "win.show::medicines"), >, 0);
  g_assert_cmpfloat (workspace_usage_get_score (usage, "win.palette"), ==, 0);
  g_assert_cmpfloat (workspace_usage_get_score (usage, "win.note-sign"), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/workspace/commands/keys", test_keys);
  display_add ("/workspace/commands/counted", test_counted);
  return g_test_run ();
}
