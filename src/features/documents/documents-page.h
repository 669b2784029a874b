/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-chart-page.h"

G_BEGIN_DECLS

#define DOCUMENTS_TYPE_PAGE (documents_page_get_type ())
G_DECLARE_FINAL_TYPE (DocumentsPage, documents_page, DOCUMENTS, PAGE, WorkspaceChartPage)

G_END_DECLS
