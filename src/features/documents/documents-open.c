/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-open.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "documents-elsewhere.h"

/* The ways by which a file from elsewhere comes to the clinic window: chosen, dropped, or handed
 * over by another program (win.receive). Each is shown by itself, the first on top. */

/* Files of one drop or choice that are opened. */
#define FILES_MAX 10

static void
receive (GtkWidget *window, WorkspaceSession *session, const char *uri)
{
  AdwDialog *dialog = documents_elsewhere_new (session);

  documents_elsewhere_open (DOCUMENTS_ELSEWHERE (dialog), uri);
  adw_dialog_present (dialog, window);
}

static void
receive_list (GtkWidget *window, WorkspaceSession *session, GList *uris)
{
  guint n = 0;

  for (GList *item = g_list_last (uris); item && n < FILES_MAX; item = item->prev, n++)
    receive (window, session, item->data);
}

/* ---- chosen ---- */

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) window = user_data;
  g_autoptr (GListModel) files =
      gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result, NULL);
  GList *uris = NULL;

  for (guint i = 0; files && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      uris = g_list_append (uris, g_file_get_uri (file));
    }
  receive_list (window, g_object_get_data (source, "session"), uris);
  g_list_free_full (uris, g_free);
}

static GListModel *
create_filters (void)
{
  GListStore *filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GtkFileFilter) known = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();
  static const char *const suffixes[] = { "xml", "cda", "ccda", "json", "fhir", "shlink" };

  gtk_file_filter_set_name (known, _ ("Clinical documents, FHIR records, health links"));
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (known, suffixes[i]);
  gtk_file_filter_set_name (all, _ ("All files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, known);
  g_list_store_append (filters, all);
  return G_LIST_MODEL (filters);
}

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GListModel) filters = create_filters ();

  gtk_file_dialog_set_title (dialog, _ ("Open a File from Elsewhere"));
  gtk_file_dialog_set_filters (dialog, filters);
  g_object_set_data_full (G_OBJECT (dialog), "session",
                          g_object_ref (g_object_get_data (G_OBJECT (action), "session")),
                          g_object_unref);
  gtk_file_dialog_open_multiple (dialog, window, NULL, chosen_cb, g_object_ref (window));
}

/* ---- handed over, dropped ---- */

static void
receive_action (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  receive (window, g_object_get_data (G_OBJECT (action), "session"),
           g_variant_get_string (parameter, NULL));
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer window)
{
  GList *uris = NULL;

  for (GSList *file = g_value_get_boxed (value); file; file = file->next)
    uris = g_list_append (uris, g_file_get_uri (file->data));
  receive_list (window, g_object_get_data (G_OBJECT (target), "session"), uris);
  g_list_free_full (uris, g_free);
  return TRUE;
}

static void
add_action (GActionMap *window,
            WorkspaceSession *session,
            const char *name,
            const GVariantType *type,
            GCallback activate)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, type);

  g_object_set_data_full (G_OBJECT (action), "session", g_object_ref (session), g_object_unref);
  /* the action belongs to the window, so the window outlives it */
  g_signal_connect (action, "activate", activate, window);
  g_action_map_add_action (window, G_ACTION (action));
}

void
documents_open_add_actions (WorkspaceFeature *feature,
                            GActionMap *window,
                            WorkspaceSession *session)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  add_action (window, session, "open-file", NULL, G_CALLBACK (open_action));
  add_action (window, session, "receive", G_VARIANT_TYPE_STRING, G_CALLBACK (receive_action));
  g_object_set_data_full (G_OBJECT (target), "session", g_object_ref (session), g_object_unref);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), window);
  gtk_widget_add_controller (GTK_WIDGET (window), GTK_EVENT_CONTROLLER (target));
}
