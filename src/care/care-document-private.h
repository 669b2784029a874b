/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-document.h"
#include "care-write.h"

G_BEGIN_DECLS

/* care-document-attach.c */
gboolean care_document_put_binary (
    CareWrite *write, const char *id, const char *content_type, GBytes *content, GError **error);
char *care_document_dup_hash (GBytes *bytes);

G_END_DECLS
