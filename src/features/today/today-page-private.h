/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "today-page.h"

#include "care-day.h"

#include "workspace-calls.h"
#include "today-check.h"
#include "today-context.h"
#include "today-lobby.h"
#include "today-week.h"

G_BEGIN_DECLS

struct _TodayPage
{
  WorkspacePage parent_instance;

  WorkspaceSession *session;
  GListStore *rows;
  GtkFilterListModel *shown; /* mine, or everyone's */
  GtkSingleSelection *selection;
  GPtrArray *lines; /* TodayRow that are bound */
  GCancellable *cancellable;
  char *date;
  gint64 read_at;   /* µs since 1970 */
  gint64 read_tick; /* the monotonic clock then */
  guint reload_source;
  guint tick_source;
  gboolean was_read, mine;

  GtkStack *stack;
  AdwStatusPage *failed_page;
  GtkLabel *date_label;
  GtkLabel *counts_label;
  GtkLabel *others_label;
  TodayCheck *check;
  AdwToggleGroup *whose;
  AdwToggleGroup *span;
  TodayWeek *week;
  GtkListView *list;
  WorkspaceCalls *calls;
  TodayContext *context;
  GtkMenuButton *late_button;
  GtkBox *asked_box;
  TodayLobby *lobby;
};

/* today-page.c */
gint64 today_page_now (TodayPage *self);
CareDayRow *today_page_find_appointment (TodayPage *self, const char *appointment);
/* today-page-actions.c */
void today_page_install_actions (GtkWidgetClass *widget_class);
void today_page_add_actions (TodayPage *self, GtkRoot *root);
void today_page_update_actions (TodayPage *self);

G_END_DECLS
