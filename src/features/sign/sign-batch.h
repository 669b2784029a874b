/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-to-sign.h"
#include "workspace-open.h"

G_BEGIN_DECLS

typedef struct
{
  CareContext *context; /* who signs */
  WorkspaceOpen *open;  /* whose windows are */
  GPtrArray *items;     /* CareToSign: the whole list */
  GPtrArray *rows;      /* GtkWidget: what is signed now */
  guint more;           /* were chosen, and are signed afterwards */
  int width;            /* in pixels */
} SignOnceMore;

const CareToSign *sign_batch_find (GPtrArray *items, const char *task);
gboolean sign_batch_is_controlled (const CareToSign *item);
GPtrArray *sign_batch_first (GPtrArray *items, GPtrArray *rows);
GtkWidget *sign_batch_once_more_new (const SignOnceMore *facts, AdwAlertDialog *dialog);

G_END_DECLS
