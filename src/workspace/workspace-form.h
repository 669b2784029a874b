/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* (transfer full): what stands in the form now; of care_form_values_new () */
typedef GHashTable *(*WorkspaceFormRead) (gpointer widget);
/* Puts back what was typed before. */
typedef void (*WorkspaceFormFill) (gpointer widget, GHashTable *values);

/* Keeps what is typed into a form on disk, until it is done with. */
#define WORKSPACE_TYPE_FORM (workspace_form_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceForm, workspace_form, WORKSPACE, FORM, GObject)

WorkspaceForm *workspace_form_new (CareContext *context,
                                   const char *form,
                                   const char *about,
                                   WorkspaceFormRead read,
                                   WorkspaceFormFill fill,
                                   gpointer widget);
void workspace_form_changed (WorkspaceForm *self);
void workspace_form_close (WorkspaceForm *self);
void workspace_form_forget (WorkspaceForm *self);

G_END_DECLS
