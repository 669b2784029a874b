/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* A health link before it is followed: what it says, where it leads, and until when. It is fetched
 * only when somebody presses.
 *
 * signal "fetched" (GPtrArray of GBytes): what it led to */
#define DOCUMENTS_TYPE_LINK (documents_link_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsLink, documents_link, DOCUMENTS, LINK, AdwBin)

gboolean documents_link_show (DocumentsLink *self,
                              WorkspaceSession *session,
                              const char *link,
                              GError **error);
char *documents_link_dup_name (DocumentsLink *self);

G_END_DECLS
