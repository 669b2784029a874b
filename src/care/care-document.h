/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-release.h"

G_BEGIN_DECLS

/* One thing to read: an attachment of a DocumentReference or a DiagnosticReport, or the narrative
 * of a Composition. Strings that are absent are NULL. */
typedef struct
{
  char *reference; /* "DocumentReference/1"; of a second attachment "DocumentReference/1#1" */
  char *title, *kind, *author, *date;
  char *content_type; /* as it was sent, "text/plain; charset=utf-8" */
  char *file_name;    /* to offer where a copy is saved */
  char *url;          /* where the bytes are, when they are not here */
  GBytes *bytes;
  char *narrative;   /* XHTML */
  char *note;        /* the signed note that it is or that it belongs to, "DocumentReference/1" */
  char *born;        /* the patient's date of birth as it is in the record, YYYY-MM-DD or less */
  gboolean damaged;  /* the bytes are not those that the checksum was made of */
  gboolean withheld; /* a modifier that is not understood: not to be shown */
  gboolean kept;     /* it stays in the clinic until it is released */
  gboolean can_keep; /* and can be released, or kept from now on */
} CareDocument;

void care_document_free (CareDocument *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareDocument, care_document_free)

GListStore *care_document_list (StoreConnection *connection,
                                const char *patient_id,
                                BaseClock *clock,
                                GError **error);
CareDocument *care_document_load (StoreConnection *connection,
                                  const char *reference,
                                  BaseClock *clock,
                                  GError **error);

void care_document_list_async (CareContext *context,
                               const char *patient_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GListModel *care_document_list_finish (GAsyncResult *result, GError **error);
void care_document_load_async (CareContext *context,
                               const char *reference,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
CareDocument *care_document_load_finish (GAsyncResult *result, GError **error);

/* A file of this machine that becomes part of the record. */
#define CARE_ATTACHMENT_MAX ((gsize) 40 * 1024 * 1024)

typedef struct
{
  const char *patient_id;
  const char *encounter_id; /* nullable */
  const char *title;
  const char *content_type; /* nullable */
  GBytes *bytes;
  CareSensitivity sensitivity;
  gboolean from_patient; /* sent by the patient in the visit of @encounter_id */
  const char *origin;    /* nullable: of a file from elsewhere, what it came as */
  const char *kind;      /* nullable: what sort of document it says it is */
  const char *author;    /* nullable: who wrote it, as is printed in it */
  const char *written;   /* nullable: when, as a FHIR dateTime */
} CareAttachment;

gboolean care_document_attach (StoreConnection *connection,
                               CareContext *context,
                               const CareAttachment *attachment,
                               char **reference,
                               GError **error);
gboolean care_document_undo (StoreConnection *connection,
                             CareContext *context,
                             const char *reference,
                             GError **error);
void care_document_attach_async (CareContext *context,
                                 const CareAttachment *attachment,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
char *care_document_attach_finish (GAsyncResult *result, GError **error);
void care_document_undo_async (CareContext *context,
                               const char *reference,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean care_document_undo_finish (GAsyncResult *result, GError **error);

G_END_DECLS
