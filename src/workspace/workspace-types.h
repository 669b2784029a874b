/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the shell and the features know of each other, and nothing more. */
typedef struct _WorkspaceFeature WorkspaceFeature;
typedef struct _WorkspaceComposer WorkspaceComposer;
typedef struct _WorkspaceSession WorkspaceSession;
typedef struct _WorkspacePatient WorkspacePatient;
typedef struct _WorkspacePatientWindow WorkspacePatientWindow;
typedef struct _WorkspacePage WorkspacePage;
typedef struct _WorkspaceOpen WorkspaceOpen;

/* Where an offer of a feature is shown. */
typedef enum
{
  WORKSPACE_PLACE_CLINIC,       /* a page of the clinic window */
  WORKSPACE_PLACE_PATIENT_PAGE, /* a page of the patient window */
  WORKSPACE_PLACE_SIDE_TOP,     /* upper right of the patient window; a strip when it is narrow */
  WORKSPACE_PLACE_SIDE_BOTTOM,  /* lower right, one tab each; a sheet when the window is narrow */
} WorkspacePlace;

typedef struct
{
  WorkspacePlace place;
  const char *id;    /* unique among all offers of a place; also the target of win.show */
  const char *title; /* N_(), translated by whoever shows it */
  const char *icon_name;
  const char *accelerator; /* of the action that shows it, or NULL */
  int order;
} WorkspaceOffer;

/* The window whose action a command is. The accelerator works in that window only. */
typedef enum
{
  WORKSPACE_SCOPE_CLINIC,
  WORKSPACE_SCOPE_PATIENT,
  WORKSPACE_SCOPE_BOTH,
} WorkspaceScope;

/* One line of the command palette, of the keys window and of the accelerator table. */
typedef struct
{
  WorkspaceScope scope;
  const char *action; /* detailed: "win.admit", "win.show::medicines" */
  const char *title;  /* N_() */
  const char *accelerator;
} WorkspaceCommand;

G_END_DECLS
