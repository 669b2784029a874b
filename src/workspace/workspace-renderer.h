/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKSPACE_RENDER_ERROR (workspace_render_error_quark ())
typedef enum
{
  WORKSPACE_RENDER_ERROR_BROKEN,   /* what is in the file cannot be drawn */
  WORKSPACE_RENDER_ERROR_PASSWORD, /* it is locked */
  WORKSPACE_RENDER_ERROR_CRASHED,  /* it brought the program that draws it to an end */
  WORKSPACE_RENDER_ERROR_HUNG,     /* it took longer than a page may take */
  WORKSPACE_RENDER_ERROR_MISSING,  /* that program is not installed */
} WorkspaceRenderError;
GQuark workspace_render_error_quark (void);

/* A page as it is drawn, and its words. */
typedef struct
{
  GdkTexture *texture;
  char *text; /* empty where the page is a picture */
} WorkspaceSheet;

void workspace_sheet_free (WorkspaceSheet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorkspaceSheet, workspace_sheet_free)

/* One file in a process of its own, which ends with this object. */
#define WORKSPACE_TYPE_RENDERER (workspace_renderer_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceRenderer, workspace_renderer, WORKSPACE, RENDERER, GObject)

void workspace_renderer_open_async (GBytes *bytes,
                                    const char *kind,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
WorkspaceRenderer *workspace_renderer_open_finish (GAsyncResult *result, GError **error);
guint workspace_renderer_get_n_pages (WorkspaceRenderer *self);
void workspace_renderer_draw_async (WorkspaceRenderer *self,
                                    guint page,
                                    guint width,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
WorkspaceSheet *workspace_renderer_draw_finish (GAsyncResult *result, GError **error);

G_END_DECLS
