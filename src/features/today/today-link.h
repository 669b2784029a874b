/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-day.h"
#include "workspace-session.h"

G_BEGIN_DECLS

/* A new link by which the patient joins the visit, for who lost the first one. */
gboolean today_link_may_make (CareDayRow *row);
void today_link_make (GtkWidget *page, WorkspaceSession *session, CareDayRow *row);

G_END_DECLS
