/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-supply-ask.h"
#include "workspace-session.h"

G_BEGIN_DECLS

GPtrArray *tasks_ask_controlled_first (GPtrArray *asks);
AdwDialog *tasks_ask_years_dialog_new (WorkspaceSession *session, GPtrArray *asks);
AdwDialog *
tasks_ask_controlled_dialog_new (WorkspaceSession *session, GPtrArray *asks, gboolean more);

G_END_DECLS
