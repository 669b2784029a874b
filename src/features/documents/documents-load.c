/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-load.h"

#include <glib/gi18n.h>
#include <string.h>

#include "documents-received.h"
#include "fhir-date.h"
#include "net-fhir-client.h"

/* From a row to something to look at: the record, then the server where the bytes are not here,
 * then the process that draws or a thread that reads. Nothing of it runs on the main thread. */

typedef struct
{
  WorkspacePatient *patient;
  char *reference;
  DocumentsProgress progress;
  gpointer data;
  DocumentsLoaded *loaded;
} Load;

void
documents_loaded_free (DocumentsLoaded *self)
{
  g_clear_pointer (&self->document, care_document_free);
  g_clear_object (&self->renderer);
  g_clear_pointer (&self->narrative, documents_narrative_free);
  g_free (self->text);
  g_free (self->notice);
  g_free (self->problem);
  g_free (self);
}

static void
load_free (gpointer data)
{
  Load *self = data;

  g_object_unref (self->patient);
  g_free (self->reference);
  g_clear_pointer (&self->loaded, documents_loaded_free);
  g_free (self);
}

static void
finish (GTask *task)
{
  Load *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&self->loaded),
                         (GDestroyNotify) documents_loaded_free);
}

static void
finish_with_problem (GTask *task, const char *problem)
{
  Load *self = g_task_get_task_data (task);

  g_set_str (&self->loaded->problem, problem);
  finish (task);
}

static void
add_notice (DocumentsLoaded *self, const char *text)
{
  char *both = self->notice ? g_strconcat (self->notice, " ", text, NULL) : g_strdup (text);

  g_free (self->notice);
  self->notice = both;
}

/* ---- pages ---- */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->loaded->renderer = workspace_renderer_open_finish (result, &error);
  finish_with_problem (task, error ? error->message : NULL);
}

static void
open_pages (GTask *task, GBytes *bytes, DocumentsContent content)
{
  workspace_renderer_open_async (bytes, content == DOCUMENTS_CONTENT_PDF ? "pdf" : "image",
                                 g_task_get_cancellable (task), opened_cb, g_object_ref (task));
}

/* ---- words ---- */

/* "19610312" as a date; shorter or stranger texts as they are. */
static char *
dup_day (const char *digits)
{
  g_autofree char *iso = strlen (digits) == 8
                             ? g_strdup_printf ("%.4s-%.2s-%s", digits, digits + 4, digits + 6)
                             : NULL;

  return iso ? fhir_date_format (iso, NULL) : g_strdup (digits);
}

/* The document names a patient itself, and it may be another one. */
static void
compare_subject (Load *self)
{
  const char *birth_date = self->loaded->document->born;
  const char *subject = self->loaded->narrative->subject;
  g_auto (GStrv) parts = g_strsplit (birth_date ? birth_date : "", "-", -1);
  g_autofree char *digits = g_strjoinv ("", parts);
  g_autofree char *words = NULL, *born = NULL;

  if (!subject)
    return;
  born = self->loaded->narrative->born ? dup_day (self->loaded->narrative->born) : NULL;
  words = born ? g_strdup_printf (_ ("The document itself names %s, born %s."), subject, born)
               : g_strdup_printf (_ ("The document itself names %s."), subject);
  add_notice (self->loaded, words);
  if (strlen (digits) == 8 && self->loaded->narrative->born &&
      !g_str_equal (digits, self->loaded->narrative->born))
    add_notice (self->loaded, _ ("That is not this patient’s date of birth: it may be about "
                                 "somebody else."));
}

static void
parse_in_thread (GTask *parse, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  DocumentsNarrative *narrative = documents_narrative_parse (data, &error);

  if (narrative)
    g_task_return_pointer (parse, narrative, (GDestroyNotify) documents_narrative_free);
  else
    g_task_return_error (parse, error);
}

static void
parsed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  DocumentsNarrative *narrative = g_task_propagate_pointer (G_TASK (result), &error);

  self->loaded->narrative = narrative;
  if (!narrative)
    {
      finish_with_problem (task, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                                     ? error->message
                                     : _ ("It is not well-formed: parts of it may be missing."));
      return;
    }
  compare_subject (self);
  if (narrative->body && narrative->blocks->len <= 1)
    {
      DocumentsContent inner = documents_content_of (narrative->body, narrative->body_type);

      if (inner == DOCUMENTS_CONTENT_PDF || inner == DOCUMENTS_CONTENT_IMAGE)
        {
          g_autoptr (GBytes) body = g_bytes_ref (narrative->body);

          g_clear_pointer (&self->loaded->narrative, documents_narrative_free);
          open_pages (task, body, inner);
          return;
        }
      if (inner != DOCUMENTS_CONTENT_TEXT)
        {
          finish_with_problem (task, _ ("It wraps a file of a kind that Bedside does not show, or "
                                        "names one that did not come with it."));
          return;
        }
    }
  finish_with_problem (task, narrative->blocks->len > 0 || narrative->body
                                 ? NULL
                                 : _ ("There is nothing to read in it."));
}

static void
parse (GTask *task, GBytes *xml)
{
  g_autoptr (GTask) work =
      g_task_new (NULL, g_task_get_cancellable (task), parsed_cb, g_object_ref (task));

  g_task_set_task_data (work, g_bytes_ref (xml), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (work, parse_in_thread);
}

/* FHIR records that are kept as a file, as they are read before they are kept. */
static void
records_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentsReceived) received = documents_received_finish (result, &error);

  if (!received || !received->narrative)
    {
      finish_with_problem (task, error ? error->message : _ ("There is nothing to read in it."));
      return;
    }
  if (received->notice)
    add_notice (self->loaded, received->notice);
  self->loaded->narrative = documents_received_steal_narrative (received);
  finish (task);
}

static void
read_records (GTask *task, GBytes *bytes)
{
  Load *self = g_task_get_task_data (task);
  WorkspaceSession *session = workspace_patient_get_session (self->patient);

  documents_received_read_async (bytes, self->loaded->document->title,
                                 workspace_session_get_clock (session),
                                 g_task_get_cancellable (task), records_read_cb,
                                 g_object_ref (task));
}

/* ---- bytes ---- */

static void
take_text (Load *self, GBytes *bytes, const char *content_type)
{
  gboolean is_guessed, is_cut;

  self->loaded->text = documents_content_dup_text (bytes, content_type, &is_guessed, &is_cut);
  if (is_guessed)
    add_notice (self->loaded, _ ("Some characters may be wrong: the file does not say how they "
                                 "are written."));
  if (is_cut)
    add_notice (self->loaded, _ ("Only the first part is shown. Save a copy to read all of it."));
}

static void
take_bytes (GTask *task)
{
  Load *self = g_task_get_task_data (task);
  CareDocument *document = self->loaded->document;
  g_autofree char *problem = NULL;
  DocumentsContent content = documents_content_of (document->bytes, document->content_type);

  if (document->damaged)
    add_notice (self->loaded, _ ("It may not be as it was sent: its checksum does not match."));
  switch (content)
    {
    case DOCUMENTS_CONTENT_PDF:
    case DOCUMENTS_CONTENT_IMAGE:
      open_pages (task, document->bytes, content);
      return;
    case DOCUMENTS_CONTENT_XML:
      parse (task, document->bytes);
      return;
    case DOCUMENTS_CONTENT_FHIR:
      read_records (task, document->bytes);
      return;
    case DOCUMENTS_CONTENT_TEXT:
      take_text (self, document->bytes, document->content_type);
      finish (task);
      return;
    case DOCUMENTS_CONTENT_OTHER:
      break;
    }
  problem = g_bytes_get_size (document->bytes) == 0 ? g_strdup (_ ("It is empty."))
            : document->content_type
                ? g_strdup_printf (_ ("Bedside does not show files of the kind “%s”."),
                                   document->content_type)
                : g_strdup (_ ("Bedside does not know what kind of file it is."));
  finish_with_problem (task, problem);
}

/* ---- from the server ---- */

static void
downloaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->loaded->document->bytes =
      net_fhir_client_download_finish (NET_FHIR_CLIENT (source), result, &error);
  if (error)
    finish_with_problem (task, error->message);
  else
    take_bytes (task);
}

static void
download (GTask *task)
{
  Load *self = g_task_get_task_data (task);
  GObject *net = workspace_session_get_net (workspace_patient_get_session (self->patient));
  g_autoptr (NetFhirClient) client = NULL;

  if (net)
    client =
        net_fhir_client_new (net_session_get_base_url (NET_SESSION (net)), NET_SESSION (net), NULL);
  if (!client)
    {
      finish_with_problem (task, _ ("It is kept at the server and has not been read yet. It can be "
                                    "read when there is a connection."));
      return;
    }
  net_fhir_client_download_async (client, self->loaded->document->url, self->progress, self->data,
                                  g_task_get_cancellable (task), downloaded_cb,
                                  g_object_ref (task));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  CareDocument *document = care_document_load_finish (result, &error);

  if (document && document->note && !g_str_equal (document->note, self->reference))
    {
      g_set_str (&self->reference, document->note); /* an addendum is read with its note */
      care_document_free (document);
      care_document_load_async (workspace_session_get_context (
                                    workspace_patient_get_session (self->patient)),
                                self->reference, g_task_get_cancellable (task), read_cb,
                                g_object_ref (task));
      return;
    }
  self->loaded->document = document;
  if (!document)
    finish_with_problem (task, error->message);
  else if (document->withheld)
    finish_with_problem (task,
                         _ ("It carries a modifier that may change its meaning. Read it where "
                            "it was written."));
  else if (document->bytes)
    take_bytes (task);
  else if (document->narrative)
    {
      g_autoptr (GBytes) xml = g_bytes_new (document->narrative, strlen (document->narrative));

      parse (task, xml);
    }
  else if (document->url)
    download (task);
  else
    finish_with_problem (task, _ ("Nothing came with it: it names no file and has no text."));
}

/**
 * documents_load_async:
 * @reference: of a row of care_document_list()
 * @progress: called with 0 to 1, or less than 0 while nobody knows, until it ended or was cancelled
 */
void
documents_load_async (WorkspacePatient *patient,
                      const char *reference,
                      DocumentsProgress progress,
                      gpointer data,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Load *self = g_new0 (Load, 1);

  self->patient = g_object_ref (patient);
  self->reference = g_strdup (reference);
  self->progress = progress;
  self->data = data;
  self->loaded = g_new0 (DocumentsLoaded, 1);
  g_task_set_source_tag (task, documents_load_async);
  g_task_set_task_data (task, self, load_free);
  care_document_load_async (workspace_session_get_context (workspace_patient_get_session (patient)),
                            reference, cancellable, read_cb, task);
}

DocumentsLoaded *
documents_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
