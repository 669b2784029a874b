/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "visit-controller.h"

G_BEGIN_DECLS

#define VISIT_TYPE_INVITE_DIALOG (visit_invite_dialog_get_type ())
G_DECLARE_FINAL_TYPE (VisitInviteDialog, visit_invite_dialog, VISIT, INVITE_DIALOG, AdwDialog)

VisitInviteDialog *visit_invite_dialog_new (VisitController *controller);

G_END_DECLS
