/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-windows.h"

#include "store-setting.h"

#include <string.h>

/* One setting of the store for each window that is open, which goes when the window is closed or
 * Bedside is quit: what is found there at a start was open when Bedside ended otherwise. */

#define PREFIX  "window/"
#define AT_MOST 8

typedef struct
{
  char *name, *text; /* NULL text: the window is closed */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->name);
  g_free (change->text);
  g_free (change);
}

static gboolean
change_work (StoreConnection *connection, gpointer data, GError **error)
{
  Change *change = data;

  return change->text ? store_setting_set (connection, change->name, change->text, error)
                      : store_setting_delete (connection, change->name, error);
}

/* A failure costs a place in a window, and nothing that anybody wrote. */
static void
write_change (WorkspaceSession *session, const char *id, char *text)
{
  Change *change = g_new0 (Change, 1);

  change->name = g_strconcat (PREFIX, id, NULL);
  change->text = text;
  store_database_write_async (workspace_session_get_database (session), BASE_LANE_PERSON,
                              change_work, change, change_free, NULL, NULL, NULL);
}

static const char *
id_of (WorkspacePatientWindow *window)
{
  return workspace_patient_get_id (workspace_patient_window_get_patient (window));
}

static void
spot_cb (WorkspaceSession *session, WorkspacePatientWindow *window)
{
  write_change (session, id_of (window), workspace_patient_window_dup_spot (window));
}

static void
closed_cb (WorkspaceSession *session, WorkspacePatientWindow *window)
{
  write_change (session, g_object_get_data (G_OBJECT (window), "app-windows-id"), NULL);
}

/* Remembers @window until it is closed. */
void
app_windows_keep (WorkspaceSession *session, WorkspacePatientWindow *window)
{
  g_object_set_data_full (G_OBJECT (window), "app-windows-id", g_strdup (id_of (window)), g_free);
  write_change (session, id_of (window), workspace_patient_window_dup_spot (window));
  g_signal_connect_object (window, "spot-changed", G_CALLBACK (spot_cb), session,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "destroy", G_CALLBACK (closed_cb), session, G_CONNECT_SWAPPED);
}

/* ---- coming back ---- */

typedef struct
{
  GPtrArray *ids, *spots;
  AppWindowsVisit visit;
  gpointer user_data;
  GDestroyNotify destroy;
} Find;

static void
add_one (const char *name, const char *value, gpointer data)
{
  Find *find = data;

  if (find->ids->len == AT_MOST)
    return;
  g_ptr_array_add (find->ids, g_strdup (name + strlen (PREFIX)));
  g_ptr_array_add (find->spots, g_strdup (value));
}

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_foreach (connection, PREFIX, add_one, data, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Find *find = user_data;

  if (store_database_read_finish (STORE_DATABASE (source), result, NULL))
    for (guint i = 0; i < find->ids->len; i++)
      find->visit (find->ids->pdata[i], find->spots->pdata[i], find->user_data);
  if (find->destroy)
    find->destroy (find->user_data);
  g_ptr_array_unref (find->ids);
  g_ptr_array_unref (find->spots);
  g_free (find);
}

/* Visits what was open when Bedside ended without being quit, a moment later. */
void
app_windows_find (WorkspaceSession *session,
                  AppWindowsVisit visit,
                  gpointer user_data,
                  GDestroyNotify destroy)
{
  Find *find = g_new0 (Find, 1);

  find->ids = g_ptr_array_new_with_free_func (g_free);
  find->spots = g_ptr_array_new_with_free_func (g_free);
  find->visit = visit;
  find->user_data = user_data;
  find->destroy = destroy;
  store_database_read_async (workspace_session_get_database (session), read_work, find, NULL, NULL,
                             read_cb, find);
}

static void
list_name (const char *name, const char *value, gpointer names)
{
  g_ptr_array_add (names, g_strdup (name));
}

static gboolean
forget_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!store_setting_foreach (connection, PREFIX, list_name, names, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    if (!store_setting_delete (connection, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* Bedside is quit by somebody: nothing comes back. Waits for the disk. */
void
app_windows_forget (WorkspaceSession *session)
{
  store_database_write (workspace_session_get_database (session), BASE_LANE_PERSON, forget_work,
                        NULL, NULL);
}
