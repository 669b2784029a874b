/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bench-common.h"
#include "workspace-patient-window.h"

G_BEGIN_DECLS

/* The program's features, style and session around the records of a hub, without its main window.
 */

typedef struct
{
  GtkApplication *application;
  WorkspaceSession *session;
  StoreDatabase *store;
  GString *features; /* their ids */
} BenchWorkspace;

/* @data is what was given to bench_workspace_run(). */
typedef void (*BenchWorkspaceFunc) (BenchWorkspace *workspace, gpointer data);

gboolean bench_workspace_run (const char *folder,
                              const char *content,
                              BenchWorkspaceFunc activate,
                              BenchWorkspaceFunc ended,
                              gpointer data,
                              GError **error);
void bench_workspace_quit (BenchWorkspace *workspace);

G_END_DECLS
