/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "documents-narrative.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* A file that came from elsewhere, read and in no chart. Immutable, may cross threads. Strings that
 * are absent are NULL. */
typedef struct
{
  char *name; /* of the file */
  GBytes *bytes;
  const char *content_type; /* as which it is kept */
  char *what;               /* "Clinical document (C-CDA)" */
  char *title;
  FhirResource *subject; /* whose it says it is, as a Patient */
  guint n_subjects;
  char *author, *date; /* as printed; FHIR dateTime */
  char *notice;        /* what whoever reads it has to know, in sentences */
  DocumentsNarrative *narrative;
  char *link; /* of a health link, which holds nothing else yet: "shlink:/…" */
} DocumentsReceived;

DocumentsReceived *documents_received_ref (DocumentsReceived *self);
void documents_received_unref (DocumentsReceived *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentsReceived, documents_received_unref)

DocumentsNarrative *documents_received_steal_narrative (DocumentsReceived *self);

/* Any thread. */
DocumentsReceived *
documents_received_read (GBytes *bytes, const char *name, BaseClock *clock, GError **error);

/* From the main thread: @file is read up to a limit, and only where it is a file. */
void documents_received_open_async (GFile *file,
                                    BaseClock *clock,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
/* The same of what is already here. */
void documents_received_read_async (GBytes *bytes,
                                    const char *name,
                                    BaseClock *clock,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
DocumentsReceived *documents_received_finish (GAsyncResult *result, GError **error);

/* For the same folder. */
void documents_received_add_notice (DocumentsReceived *self, const char *sentence);
gboolean documents_received_read_fhir (DocumentsReceived *self, BaseClock *clock, GError **error);

G_END_DECLS
