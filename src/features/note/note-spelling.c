/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-spelling.h"

#include <libspelling.h>

/* Words that no dictionary of this machine knows are underlined, with corrections in the context
 * menu. Checking is local. A word cannot be added to the dictionary: that would be a plain file
 * outside the store, and the words that are missing there are often people's names. */

static void
forward_cb (GSimpleAction *action, GVariant *parameter, gpointer adapter)
{
  const char *name = g_action_get_name (G_ACTION (action));

  if (g_action_group_get_action_enabled (G_ACTION_GROUP (adapter), name))
    g_action_group_activate_action (G_ACTION_GROUP (adapter), name, parameter);
}

static GSimpleActionGroup *
make_actions (SpellingTextBufferAdapter *adapter)
{
  static const char *const forwarded[] = { "correct" };
  static const char *const properties[] = { "enabled", "language" };
  GSimpleActionGroup *actions = g_simple_action_group_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (forwarded); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (forwarded[i], G_VARIANT_TYPE_STRING);

      g_signal_connect_object (action, "activate", G_CALLBACK (forward_cb), adapter,
                               G_CONNECT_DEFAULT);
      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr (GPropertyAction) action =
          g_property_action_new (properties[i], adapter, properties[i]);

      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
    }
  return actions;
}

/* The dictionary is read, and what libspelling 0.4.8 never frees is made, only where a note can be
 * written. */
static void
map_cb (GtkTextView *view)
{
  GtkSourceBuffer *buffer = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (view));
  g_autoptr (SpellingTextBufferAdapter) adapter = NULL;
  g_autoptr (GSimpleActionGroup) actions = NULL;

  g_signal_handlers_disconnect_by_func (view, map_cb, NULL);
  spelling_init ();
  adapter = spelling_text_buffer_adapter_new (buffer, spelling_checker_get_default ());
  actions = make_actions (adapter);
  gtk_text_view_set_extra_menu (view, spelling_text_buffer_adapter_get_menu_model (adapter));
  gtk_widget_insert_action_group (GTK_WIDGET (view), "spelling", G_ACTION_GROUP (actions));
  spelling_text_buffer_adapter_set_enabled (adapter, TRUE);
  /* a check that is under way still asks the adapter for text after the view has gone */
  g_object_set_data_full (G_OBJECT (adapter), "note-spelling-buffer", g_object_ref (buffer),
                          g_object_unref);
  g_object_set_data_full (G_OBJECT (view), "note-spelling", g_steal_pointer (&adapter),
                          g_object_unref);
}

void
note_spelling_attach (GtkTextView *view)
{
  g_autoptr (GtkSourceBuffer) buffer = gtk_source_buffer_new (NULL);

  gtk_source_buffer_set_highlight_syntax (buffer, FALSE);
  gtk_source_buffer_set_highlight_matching_brackets (buffer, FALSE);
  gtk_text_view_set_buffer (view, GTK_TEXT_BUFFER (buffer));
  g_signal_connect (view, "map", G_CALLBACK (map_cb), NULL);
}
