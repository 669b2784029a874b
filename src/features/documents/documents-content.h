/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  DOCUMENTS_CONTENT_OTHER, /* is not shown here */
  DOCUMENTS_CONTENT_PDF,
  DOCUMENTS_CONTENT_IMAGE,
  DOCUMENTS_CONTENT_XML,
  DOCUMENTS_CONTENT_FHIR, /* in JSON */
  DOCUMENTS_CONTENT_TEXT,
} DocumentsContent;

#define DOCUMENTS_TEXT_MAX (1024 * 1024)
#define DOCUMENTS_LINE_MAX 2000 /* characters */

DocumentsContent documents_content_of (GBytes *bytes, const char *content_type);
char *documents_content_dup_text (GBytes *bytes,
                                  const char *content_type,
                                  gboolean *is_guessed,
                                  gboolean *is_cut);

G_END_DECLS
