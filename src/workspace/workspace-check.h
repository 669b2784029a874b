/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How the workplace's self-test went, in one line. */
typedef enum
{
  WORKSPACE_CHECK_NONE, /* there is no test, or it has no result yet */
  WORKSPACE_CHECK_GREEN,
  WORKSPACE_CHECK_AMBER,
  WORKSPACE_CHECK_RED,
} WorkspaceCheckLevel;

/* Signal "changed" (). */
#define WORKSPACE_TYPE_CHECK (workspace_check_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceCheck, workspace_check, WORKSPACE, CHECK, GObject)

WorkspaceCheck *workspace_check_new (void);
void workspace_check_set (WorkspaceCheck *self, WorkspaceCheckLevel level, const char *sentence);
WorkspaceCheckLevel workspace_check_get_level (WorkspaceCheck *self);
const char *workspace_check_get_sentence (WorkspaceCheck *self);
const char *workspace_check_icon (WorkspaceCheckLevel level);
const char *workspace_check_style (WorkspaceCheckLevel level);

G_END_DECLS
