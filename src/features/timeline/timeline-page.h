/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-chart-page.h"

G_BEGIN_DECLS

#define TIMELINE_TYPE_PAGE (timeline_page_get_type ())
G_DECLARE_FINAL_TYPE (TimelinePage, timeline_page, TIMELINE, PAGE, WorkspaceChartPage)

G_END_DECLS
