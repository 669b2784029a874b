/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-supply-ask.h"

G_BEGIN_DECLS

/* One thing that a prescriber is asked, with all that is needed to answer. Signal: "changed" ().
 * Its buttons activate "ask.refuse", "ask.change" and "ask.open" with the id of the Task. */
#define TASKS_TYPE_ASK_CARD (tasks_ask_card_get_type ())
G_DECLARE_FINAL_TYPE (TasksAskCard, tasks_ask_card, TASKS, ASK_CARD, AdwBin)

GtkWidget *tasks_ask_card_new (const CareSupplyAsk *ask, gboolean may_answer);
const char *tasks_ask_card_get_task_id (TasksAskCard *self);
gboolean tasks_ask_card_is_taken (TasksAskCard *self);
CareSupplyApproval *tasks_ask_card_dup_approval (TasksAskCard *self);

G_END_DECLS
