/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-photo.h"

#include "care-photo.h"

#include "workspace-renderer.h"

/* The patient's portrait: its bytes from the store, its pixels from the process that draws, because
 * a picture is a file from elsewhere as a document is. It is a help and no part of the record, so
 * whoever asks shows initials where none comes, and says nothing. */

/* A banner of that many pixels is none: what claims to be larger was not asked for. */
#define HEIGHT_MAX 1024

static void
task_take_error (GTask *task, GError *error)
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (WorkspaceSheet) sheet = workspace_renderer_draw_finish (result, &error);

  if (!sheet)
    g_task_return_error (task, error);
  else if (gdk_texture_get_height (sheet->texture) > HEIGHT_MAX)
    g_task_return_new_error (task, WORKSPACE_RENDER_ERROR, WORKSPACE_RENDER_ERROR_BROKEN,
                             "It is no portrait");
  else
    g_task_return_pointer (task, g_object_ref (sheet->texture), g_object_unref);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (WorkspaceRenderer) renderer = workspace_renderer_open_finish (result, &error);

  if (renderer)
    workspace_renderer_draw_async (renderer, 0, GPOINTER_TO_UINT (g_task_get_task_data (task)),
                                   drawn_cb, task);
  else
    task_take_error (task, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = care_photo_load_finish (result, &error);

  if (!bytes)
    task_take_error (task, error);
  else if (g_bytes_get_size (bytes) == 0)
    {
      g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
    }
  else
    workspace_renderer_open_async (bytes, "image", g_task_get_cancellable (task), opened_cb, task);
}

/* @width: of the picture, in pixels; its height follows. */
void
workspace_photo_load_async (WorkspacePatient *patient,
                            guint width,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  WorkspaceSession *session = workspace_patient_get_session (patient);
  GObject *net = workspace_session_get_net (session);
  GTask *task = g_task_new (patient, cancellable, callback, user_data);

  g_task_set_source_tag (task, workspace_photo_load_async);
  g_task_set_task_data (task, GUINT_TO_POINTER (width), NULL);
  care_photo_load_async (workspace_session_get_context (session),
                         workspace_patient_get_id (patient),
                         net ? net_session_get_base_url (NET_SESSION (net)) : NULL, cancellable,
                         read_cb, task);
}

/* (transfer full) (nullable): NULL without an error where there is none on this computer. */
GdkTexture *
workspace_photo_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
