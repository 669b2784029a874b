/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-entry.h"

#include "chart-entry-page.h"
#include "workspace-list.h"

G_BEGIN_DECLS

#define CHART_TYPE_RECORD_PAGE (chart_record_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChartRecordPage, chart_record_page, CHART, RECORD_PAGE, ChartEntryPage)

/**
 * ChartRecordPageClass:
 * @title, @absence: to be translated
 * @has_team: whether those who care for the patient stand on the page too
 */
struct _ChartRecordPageClass
{
  ChartEntryPageClass parent_class;

  const char *title, *absence;
  gboolean has_team;
  const CareEntryKind *kinds;
  gsize n_kinds;
  const WorkspaceGroup *groups;
  guint n_groups;
};

/* Immunizations, procedures, family and social history. */
#define CHART_TYPE_HISTORY_PAGE (chart_history_page_get_type ())
GType chart_history_page_get_type (void);

/* Care plans, goals, the care team, devices, cover. */
#define CHART_TYPE_PLANS_PAGE (chart_plans_page_get_type ())
GType chart_plans_page_get_type (void);

G_END_DECLS
