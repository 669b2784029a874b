/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  DOCUMENTS_BLOCK_TITLE,
  DOCUMENTS_BLOCK_CAPTION,
  DOCUMENTS_BLOCK_PARAGRAPH,
  DOCUMENTS_BLOCK_ITEM, /* of a list */
  DOCUMENTS_BLOCK_ROW,  /* of a table: @lead is the first column, @text the others with their heads
                         */
} DocumentsBlockKind;

typedef struct
{
  DocumentsBlockKind kind;
  guint depth; /* of a list */
  char *lead;
  char *text;
} DocumentsBlock;

/* The readable part of a clinical document. No style, no script, nothing fetched. */
typedef struct
{
  char *title;
  char *subject; /* whom the document itself names */
  char *born;    /* that person's date of birth, YYYYMMDD or less of it */
  GPtrArray *blocks;
  char *body_type; /* of a C-CDA that only wraps another file */
  GBytes *body;
} DocumentsNarrative;

void documents_narrative_free (DocumentsNarrative *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentsNarrative, documents_narrative_free)

char *documents_narrative_dup_utf8 (GBytes *xml, GError **error);
DocumentsNarrative *documents_narrative_parse (GBytes *xml, GError **error);
char *documents_narrative_dup_plain (DocumentsNarrative *self);

G_END_DECLS
