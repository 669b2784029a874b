/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-document.h"
#include "documents-content.h"
#include "documents-narrative.h"
#include "workspace-renderer.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* A document as far as it could be read: one of renderer, narrative and text is there, or none with
 * @problem. */
typedef struct
{
  CareDocument *document; /* NULL: it is not in the record */
  WorkspaceRenderer *renderer;
  DocumentsNarrative *narrative;
  char *text;
  char *notice; /* what is to be known beside it */
  char *problem;
} DocumentsLoaded;

void documents_loaded_free (DocumentsLoaded *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentsLoaded, documents_loaded_free)

typedef void (*DocumentsProgress) (double part, gpointer data);

void documents_load_async (WorkspacePatient *patient,
                           const char *reference,
                           DocumentsProgress progress,
                           gpointer data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
DocumentsLoaded *documents_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
