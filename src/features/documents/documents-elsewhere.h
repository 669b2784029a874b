/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* A file or a link from elsewhere: shown, and kept in a chart only by whoever says in which. */
#define DOCUMENTS_TYPE_ELSEWHERE (documents_elsewhere_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsElsewhere, documents_elsewhere, DOCUMENTS, ELSEWHERE, AdwDialog)

AdwDialog *documents_elsewhere_new (WorkspaceSession *session);
void documents_elsewhere_open (DocumentsElsewhere *self, const char *uri);

G_END_DECLS
