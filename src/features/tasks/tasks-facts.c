/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-facts.h"

#include <stddef.h>
#include <string.h>

#include "care-cosign.h"
#include "care-supply-ask.h"

static const gsize texts[] = {
  offsetof (TasksFacts, reference),     offsetof (TasksFacts, code),
  offsetof (TasksFacts, priority),      offsetof (TasksFacts, title),
  offsetof (TasksFacts, patient),       offsetof (TasksFacts, patient_name),
  offsetof (TasksFacts, focus),         offsetof (TasksFacts, due),
  offsetof (TasksFacts, message),       offsetof (TasksFacts, result),
  offsetof (TasksFacts, value),         offsetof (TasksFacts, flag),
  offsetof (TasksFacts, range),         offsetof (TasksFacts, previous),
  offsetof (TasksFacts, previous_date), offsetof (TasksFacts, missing),
  offsetof (TasksFacts, delivery),      offsetof (TasksFacts, dosage),
  offsetof (TasksFacts, route),         offsetof (TasksFacts, from),
};

static const char *
text_at (const TasksFacts *self, gsize offset)
{
  return G_STRUCT_MEMBER (char *, self, offset);
}

void
tasks_facts_free (TasksFacts *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, self, texts[i]));
  g_free (self);
}

static gboolean
is_one_of (const char *text, const char *const *words)
{
  return text && g_strv_contains (words, text);
}

/* TRUE when it may only be closed with a written outcome: whoever made it said so, or it is a
 * result past a critical limit, whatever priority it came with. */
gboolean
tasks_facts_is_red (const TasksFacts *self)
{
  static const char *const codes[] = { "critical-result", "emergency", NULL };
  static const char *const flags[] = { "HH", "LL", "AA", NULL };

  return g_strcmp0 (self->priority, "stat") == 0 || is_one_of (self->code, codes) ||
         is_one_of (self->flag, flags);
}

/* @today: YYYY-MM-DD of the clinic */
TasksLevel
tasks_facts_get_level (const TasksFacts *self, const char *today)
{
  if (self->delivery)
    return TASKS_LEVEL_NOT_SENT;
  if (tasks_facts_is_red (self))
    return TASKS_LEVEL_RED;
  if (g_strcmp0 (self->priority, "asap") == 0)
    return TASKS_LEVEL_ASAP;
  if (g_strcmp0 (self->priority, "urgent") == 0)
    return TASKS_LEVEL_URGENT;
  if (g_strcmp0 (self->code, "message") == 0 || self->withheld)
    return TASKS_LEVEL_UNCHECKED;
  if (self->due && strncmp (self->due, today, strlen ("YYYY-MM-DD")) > 0)
    return TASKS_LEVEL_LATER;
  return TASKS_LEVEL_ROUTINE;
}

/* (nullable): id of the Task; a prescription that was not sent has none. */
const char *
tasks_facts_get_id (const TasksFacts *self)
{
  return g_str_has_prefix (self->reference, "Task/") ? self->reference + strlen ("Task/") : NULL;
}

/* What a prescriber approves or refuses: a renewal, or what a pharmacy asks. */
gboolean
tasks_facts_is_ask (const TasksFacts *self)
{
  return care_supply_ask_is_code (self->code);
}

/* A colleague's signed note to co-sign, or one's own that was sent back. */
gboolean
tasks_facts_is_of_note (const TasksFacts *self)
{
  return g_strcmp0 (self->code, CARE_TASK_COSIGN) == 0 ||
         g_strcmp0 (self->code, CARE_TASK_COSIGN_RETURNED) == 0;
}

/* A prescription that was not sent leaves the list by being sent or cancelled, not by a tick, a
 * note to co-sign by an answer under the note, and what cannot be shown where it was written. */
gboolean
tasks_facts_can_complete (const TasksFacts *self)
{
  return !self->withheld && tasks_facts_get_id (self) != NULL &&
         g_strcmp0 (self->code, CARE_TASK_COSIGN) != 0;
}

gboolean
tasks_facts_equal (const TasksFacts *a, const TasksFacts *b)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (text_at (a, texts[i]), text_at (b, texts[i])) != 0)
      return FALSE;
  return a->since == b->since && a->needs_you == b->needs_you && a->withheld == b->withheld;
}

/* By level; within it what needs this person first, then by the day it is due where both have one,
 * else what waits longest first. What has no time stands before: nobody knows how long it has
 * waited. */
int
tasks_facts_compare (const TasksFacts *a, const TasksFacts *b, const char *today)
{
  TasksLevel first = tasks_facts_get_level (a, today), second = tasks_facts_get_level (b, today);
  int due = a->due && b->due ? strcmp (a->due, b->due) : 0;

  if (first != second)
    return first < second ? -1 : 1;
  if (a->needs_you != b->needs_you)
    return a->needs_you ? -1 : 1;
  if (due != 0)
    return due;
  if (a->since != b->since)
    return a->since < b->since ? -1 : 1;
  return g_strcmp0 (a->reference, b->reference);
}
