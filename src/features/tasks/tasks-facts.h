/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How soon somebody has to look, the first first. */
typedef enum
{
  TASKS_LEVEL_RED,      /* own row, own timer, closed only by a written outcome (H18) */
  TASKS_LEVEL_NOT_SENT, /* a signed prescription that nobody has */
  TASKS_LEVEL_ASAP,
  TASKS_LEVEL_URGENT,
  TASKS_LEVEL_UNCHECKED, /* a message that no rule has looked at stands above routine (H17), as
                          * does what cannot be shown */
  TASKS_LEVEL_ROUTINE,
  TASKS_LEVEL_LATER, /* due on a day to come */
} TasksLevel;

/* What one line says. Strings that are absent are NULL. */
typedef struct
{
  char *reference; /* "Task/1", or "MedicationRequest/1" of a prescription that was not sent */
  char *code;      /* of CARE_SYSTEM_TASK */
  char *priority;  /* of FHIR: "stat", "asap", "urgent", "routine" */
  char *title;
  char *patient; /* id */
  char *patient_name;
  char *focus;  /* reference of what it is about */
  char *from;   /* who asked, by name */
  gint64 since; /* µs since 1970; 0: not recorded */
  char *due;    /* YYYY-MM-DD */

  char *message;  /* what the patient wrote, or a colleague who sent a note back */
  char *result;   /* name of the reading */
  char *value;    /* with its unit, as it was written */
  char *flag;     /* "HH", "LL"… */
  char *range;    /* the range that it came with */
  char *previous; /* the value before, with its unit */
  char *previous_date;
  char *missing;  /* what should be here and is not, in words */
  char *delivery; /* what the chart says of a prescription that was not sent */
  char *dosage;   /* of that prescription */
  char *route;    /* for whom a red result is, and who stands in (H18) */
  gboolean needs_you;
  gboolean withheld; /* the task itself carries a modifier that may change its meaning */
} TasksFacts;

void tasks_facts_free (TasksFacts *self);
TasksLevel tasks_facts_get_level (const TasksFacts *self, const char *today);
gboolean tasks_facts_is_red (const TasksFacts *self);
gboolean tasks_facts_can_complete (const TasksFacts *self);
gboolean tasks_facts_is_ask (const TasksFacts *self);
gboolean tasks_facts_is_of_note (const TasksFacts *self);
const char *tasks_facts_get_id (const TasksFacts *self);
gboolean tasks_facts_equal (const TasksFacts *a, const TasksFacts *b);
int tasks_facts_compare (const TasksFacts *a, const TasksFacts *b, const char *today);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TasksFacts, tasks_facts_free)

G_END_DECLS
