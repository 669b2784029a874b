/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-received.h"

#include <glib/gi18n.h>
#include <string.h>

#include "documents-content.h"
#include "documents-file.h"
#include "documents-head.h"

/* What kind of file it is, by how it begins, and what a person reads of it. A file of any other
 * kind is refused with a sentence that says where it belongs. */

#define BEGINNING 4096
#define LINK      "shlink:/"
#define LINK_MAX  8192 /* bytes of a text that is a link */

static void
clear (gpointer data)
{
  DocumentsReceived *self = data;

  g_free (self->name);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->what);
  g_free (self->title);
  g_clear_pointer (&self->subject, fhir_resource_unref);
  g_free (self->author);
  g_free (self->date);
  g_free (self->notice);
  g_clear_pointer (&self->narrative, documents_narrative_free);
  g_free (self->link);
}

DocumentsReceived *
documents_received_ref (DocumentsReceived *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
documents_received_unref (DocumentsReceived *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* (transfer full): of one that nobody else holds */
DocumentsNarrative *
documents_received_steal_narrative (DocumentsReceived *self)
{
  return g_steal_pointer (&self->narrative);
}

void
documents_received_add_notice (DocumentsReceived *self, const char *sentence)
{
  char *both = self->notice ? g_strconcat (self->notice, " ", sentence, NULL) : g_strdup (sentence);

  g_free (self->notice);
  self->notice = both;
}

/* ---- C-CDA ---- */

static char *
dup_author (DocumentsHead *head)
{
  const char *organization = head->organization ? head->organization : head->custodian;

  if (head->author && organization)
    return g_strjoin (" · ", head->author, organization, NULL);
  return g_strdup (head->author ? head->author : organization);
}

static void
take_head (DocumentsReceived *self, DocumentsHead *head)
{
  self->title = g_strdup (head->title ? head->title : head->kind);
  self->subject = g_steal_pointer (&head->subject);
  self->n_subjects = head->n_subjects;
  self->author = dup_author (head);
  self->date = g_strdup (head->date);
  /* Codes of HL7 Confidentiality: https://terminology.hl7.org/CodeSystem-v3-Confidentiality */
  if (g_strcmp0 (head->confidentiality, "R") == 0 || g_strcmp0 (head->confidentiality, "V") == 0)
    documents_received_add_notice (self, _ ("Whoever wrote it marked it as restricted."));
}

static gboolean
read_cda (DocumentsReceived *self, GError **error)
{
  g_autoptr (DocumentsHead) head = documents_head_read (self->bytes, NULL);

  self->what = g_strdup (_ ("Clinical document (C-CDA)"));
  self->content_type = "application/xml";
  self->narrative = head ? documents_narrative_parse (self->bytes, NULL) : NULL;
  if (!self->narrative)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           _ ("It is damaged: it is not written as a clinical document is. Ask "
                              "whoever sent it to send it again."));
      return FALSE;
    }
  take_head (self, head);
  if (self->narrative->body && self->narrative->blocks->len <= 1)
    documents_received_add_notice (
        self, _ ("It wraps another file, which can be read once it is kept in a chart."));
  return TRUE;
}

/* ---- which kind ---- */

/* (transfer full) (nullable): the link, where the whole text is one, with a viewer's address before
 * it or without */
static char *
dup_link (const char *text, gsize length)
{
  g_autofree char *whole =
      length <= LINK_MAX ? g_strstrip (g_strndup (text, length)) : g_strdup ("");
  const char *at = strstr (whole, LINK);

  if (!at || (at != whole && (at[-1] != '#' || !g_str_has_prefix (whole, "https://"))) ||
      strpbrk (at, " \n\r\t"))
    return NULL;
  return g_strdup (at);
}

/* (transfer full): how it begins, in UTF-8 */
static char *
dup_beginning (GBytes *bytes)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autoptr (GBytes) first =
      g_bytes_new_from_bytes (bytes, 0, MIN (length, BEGINNING) & ~(gsize) 1);

  if (length >= 2 && ((guint8) data[0] == 0xff || (guint8) data[0] == 0xfe))
    return documents_narrative_dup_utf8 (first, NULL);
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    data += 3, length -= 3;
  return g_strndup (data ? data : "", MIN (length, BEGINNING));
}

/* (nullable): a refusal, where the file is of a kind that belongs somewhere else */
static const char *
find_refusal (GBytes *bytes, const char *start)
{
  DocumentsContent content = documents_content_of (bytes, NULL);

  if (content == DOCUMENTS_CONTENT_PDF || content == DOCUMENTS_CONTENT_IMAGE)
    return _ ("It is a picture or a PDF, and does not say in itself whose it is. Drop it on the "
              "Documents page of the patient whose it is.");
  if (strstr (start, "\"verifiableCredential\""))
    return _ ("It is a health card with a signature, which Bedside cannot check, so it does not "
              "show it.");
  if (content == DOCUMENTS_CONTENT_XML && strstr (start, "http://hl7.org/fhir\""))
    return _ ("It is a FHIR record in XML, which Bedside does not read. Ask for it in JSON.");
  return _ ("It is no clinical document (C-CDA), no FHIR record and no health link. Other files "
            "are attached on the Documents page of a patient.");
}

static gboolean
is_cda (const char *start)
{
  return strstr (start, "<ClinicalDocument") || strstr (start, ":ClinicalDocument");
}

static gboolean
is_fhir (const char *start)
{
  const char *at = start + strspn (start, " \t\r\n");

  return *at == '{' && strstr (at, "\"verifiableCredential\"") == NULL;
}

static gboolean
read_kind (DocumentsReceived *self, const char *start, BaseClock *clock, GError **error)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (self->bytes, &length);

  self->link = dup_link (data ? data : "", length);
  if (self->link)
    return TRUE;
  if (is_cda (start))
    return read_cda (self, error);
  if (is_fhir (start))
    return documents_received_read_fhir (self, clock, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       find_refusal (self->bytes, start));
  return FALSE;
}

/**
 * documents_received_read:
 * @name: of the file
 *
 * Returns: (transfer full) (nullable): what is in it; NULL with a sentence where it cannot be read
 */
DocumentsReceived *
documents_received_read (GBytes *bytes, const char *name, BaseClock *clock, GError **error)
{
  g_autoptr (DocumentsReceived) self = g_atomic_rc_box_new0 (DocumentsReceived);
  g_autofree char *start = dup_beginning (bytes);

  if (g_bytes_get_size (bytes) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("The file is empty."));
      return NULL;
    }
  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  if (!read_kind (self, start ? start : "", clock, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* ---- from the main thread ---- */

typedef struct
{
  GFile *file; /* NULL: @bytes are here */
  GBytes *bytes;
  char *name;
  BaseClock *clock;
} Open;

static void
open_free (gpointer data)
{
  Open *self = data;

  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);
  g_object_unref (self->clock);
  g_free (self);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Open *self = data;
  GError *error = NULL;
  DocumentsReceived *received;

  if (self->file)
    self->bytes = documents_file_read (self->file, &self->name, cancellable, &error);
  received =
      self->bytes ? documents_received_read (self->bytes, self->name, self->clock, &error) : NULL;
  if (received)
    g_task_return_pointer (task, received, (GDestroyNotify) documents_received_unref);
  else
    g_task_return_error (task, error);
}

static void
start (Open *self,
       gpointer tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, self, open_free);
  g_task_run_in_thread (task, open_in_thread);
}

void
documents_received_open_async (GFile *file,
                               BaseClock *clock,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Open *self = g_new0 (Open, 1);

  self->file = g_object_ref (file);
  self->clock = g_object_ref (clock);
  start (self, documents_received_open_async, cancellable, callback, user_data);
}

void
documents_received_read_async (GBytes *bytes,
                               const char *name,
                               BaseClock *clock,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Open *self = g_new0 (Open, 1);

  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);
  self->clock = g_object_ref (clock);
  start (self, documents_received_read_async, cancellable, callback, user_data);
}

DocumentsReceived *
documents_received_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
