/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-controller.h"

G_BEGIN_DECLS

/* What begins once nobody else is in a call. */
typedef enum
{
  VISIT_WISH_ADMIT,
  VISIT_WISH_CALL,
  VISIT_WISH_RING,
  VISIT_WISH_LET_IN, /* a guest or an interpreter */
} VisitWish;

typedef void (*VisitGoOn) (gpointer object);

void visit_one_call_add (VisitController *controller);
void visit_one_call_remove (VisitController *controller);
VisitController *visit_one_call_find_other (VisitController *controller);
void visit_one_call_take (VisitController *controller);
void visit_one_call_tell (WorkspaceSession *session);
void visit_one_call_ask (VisitController *controller,
                         VisitWish wish,
                         GtkWidget *parent,
                         VisitGoOn go_on,
                         gpointer object);

G_END_DECLS
