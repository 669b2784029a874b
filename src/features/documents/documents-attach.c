/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-attach.h"

#include <glib/gi18n.h>

#include "care-document.h"

/* From a file that somebody chose or dropped to a document of the record. Its size is looked at
 * before it is read. */

typedef struct
{
  WorkspacePatient *patient;
  char *title, *content_type;
  CareSensitivity sensitivity;
} Attaching;

static void
attaching_free (gpointer data)
{
  Attaching *self = data;

  g_object_unref (self->patient);
  g_free (self->title);
  g_free (self->content_type);
  g_free (self);
}

static void
attached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *reference = care_document_attach_finish (result, &error);

  if (reference)
    g_task_return_pointer (task, reference, g_free);
  else
    g_task_return_error (task, error);
}

static void
attach (GTask *task, GBytes *bytes)
{
  Attaching *self = g_task_get_task_data (task);
  CareAttachment attachment = { workspace_patient_get_id (self->patient),
                                workspace_patient_get_encounter (self->patient),
                                self->title,
                                self->content_type,
                                bytes,
                                self->sensitivity };

  care_document_attach_async (workspace_session_get_context (
                                  workspace_patient_get_session (self->patient)),
                              &attachment, attached_cb, g_object_ref (task));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (bytes)
    attach (task, bytes);
  else
    g_task_return_error (task, error);
}

static void
queried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Attaching *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (!info)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                               _ ("“%s” is not a file."), g_file_info_get_display_name (info));
      return;
    }
  if (g_file_info_get_size (info) > (goffset) CARE_ATTACHMENT_MAX)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                               _ ("“%s” is larger than %u MB, which is more than a server takes."),
                               g_file_info_get_display_name (info),
                               (guint) (CARE_ATTACHMENT_MAX >> 20));
      return;
    }
  self->title = g_strdup (g_file_info_get_display_name (info));
  if (g_file_info_get_content_type (info))
    self->content_type = g_content_type_get_mime_type (g_file_info_get_content_type (info));
  g_file_load_bytes_async (G_FILE (source), NULL, loaded_cb, g_object_ref (task));
}

static GTask *
task_new (WorkspacePatient *patient, gpointer tag, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Attaching *self = g_new0 (Attaching, 1);

  self->patient = g_object_ref (patient);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, self, attaching_free);
  return task;
}

void
documents_attach_async (WorkspacePatient *patient,
                        GFile *file,
                        CareSensitivity sensitivity,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = task_new (patient, documents_attach_async, callback, user_data);
  Attaching *self = g_task_get_task_data (task);

  self->sensitivity = sensitivity;
  g_file_query_info_async (file,
                           G_FILE_ATTRIBUTE_STANDARD_TYPE
                           "," G_FILE_ATTRIBUTE_STANDARD_SIZE
                           "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME
                           "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE,
                           G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT, NULL, queried_cb, task);
}

void
documents_attach_bytes_async (WorkspacePatient *patient,
                              const char *title,
                              const char *content_type,
                              GBytes *bytes,
                              CareSensitivity sensitivity,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = task_new (patient, documents_attach_bytes_async, callback, user_data);
  Attaching *self = g_task_get_task_data (task);

  self->title = g_strdup (title);
  self->content_type = g_strdup (content_type);
  self->sensitivity = sensitivity;
  attach (task, bytes);
}

/* (transfer full) (nullable): the reference of the new document */
char *
documents_attach_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
