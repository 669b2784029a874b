/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DOCUMENTS_ERROR (documents_error_quark ())
typedef enum
{
  DOCUMENTS_ERROR_BROKEN,   /* what is in the file cannot be drawn */
  DOCUMENTS_ERROR_PASSWORD, /* it is locked */
  DOCUMENTS_ERROR_CRASHED,  /* it brought the program that draws it to an end */
  DOCUMENTS_ERROR_HUNG,     /* it took longer than a page may take */
  DOCUMENTS_ERROR_MISSING,  /* that program is not installed */
} DocumentsError;
GQuark documents_error_quark (void);

/* A page as it is drawn, and its words. */
typedef struct
{
  GdkTexture *texture;
  char *text; /* empty where the page is a picture */
} DocumentsSheet;

void documents_sheet_free (DocumentsSheet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentsSheet, documents_sheet_free)

/* One file in a process of its own, which ends with this object. */
#define DOCUMENTS_TYPE_RENDERER (documents_renderer_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsRenderer, documents_renderer, DOCUMENTS, RENDERER, GObject)

void documents_renderer_open_async (GBytes *bytes,
                                    const char *kind,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
DocumentsRenderer *documents_renderer_open_finish (GAsyncResult *result, GError **error);
guint documents_renderer_get_n_pages (DocumentsRenderer *self);
void documents_renderer_draw_async (DocumentsRenderer *self,
                                    guint page,
                                    guint width,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
DocumentsSheet *documents_renderer_draw_finish (GAsyncResult *result, GError **error);

G_END_DECLS
