/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "documents-received.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* In whose chart a file from elsewhere is kept: a patient is proposed only where name, birth date
 * and an identifier are the same, and what is not the same is named and asked about.
 *
 * signal "kept" (reference, patient_id, name) */
#define DOCUMENTS_TYPE_KEEP (documents_keep_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsKeep, documents_keep, DOCUMENTS, KEEP, AdwDialog)

AdwDialog *documents_keep_new (WorkspaceSession *session, DocumentsReceived *received);

G_END_DECLS
