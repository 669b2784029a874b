/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-facts.h"

/* Which task stands before which, and which may not be waved through. */

#define TODAY "2026-11-22"

static TasksFacts *
facts_new (const char *reference, const char *code, const char *priority, gint64 since)
{
  TasksFacts *facts = g_new0 (TasksFacts, 1);

  facts->reference = g_strdup (reference);
  facts->code = g_strdup (code);
  facts->priority = g_strdup (priority);
  facts->since = since;
  return facts;
}

static void
test_red (void)
{
  g_autoptr (TasksFacts) stat = facts_new ("Task/1", "message", "stat", 1);
  g_autoptr (TasksFacts) critical = facts_new ("Task/2", "critical-result", "routine", 1);
  g_autoptr (TasksFacts) flagged = facts_new ("Task/3", "to-do", "routine", 1);
  g_autoptr (TasksFacts) urgent = facts_new ("Task/4", "message", "urgent", 1);
  g_autoptr (TasksFacts) high = facts_new ("Task/5", "to-do", "routine", 1);

  flagged->flag = g_strdup ("LL");
  high->flag = g_strdup ("H");
  g_assert_true (tasks_facts_is_red (stat));
  g_assert_true (tasks_facts_is_red (critical));
  g_assert_true (tasks_facts_is_red (flagged));
  g_assert_false (tasks_facts_is_red (urgent));
  g_assert_false (tasks_facts_is_red (high));
}

static void
test_level (void)
{
  g_autoptr (TasksFacts) unsent = facts_new ("MedicationRequest/1", NULL, NULL, 1);
  g_autoptr (TasksFacts) message = facts_new ("Task/1", "message", "routine", 1);
  g_autoptr (TasksFacts) today = facts_new ("Task/2", "follow-up", "routine", 1);
  g_autoptr (TasksFacts) later = facts_new ("Task/3", "follow-up", "routine", 1);
  g_autoptr (TasksFacts) bare = facts_new ("Task/4", NULL, NULL, 0);

  unsent->delivery = g_strdup ("NOT SENT: TELL THE PATIENT");
  today->due = g_strdup (TODAY);
  later->due = g_strdup ("2026-11-23");
  g_assert_cmpint (tasks_facts_get_level (unsent, TODAY), ==, TASKS_LEVEL_NOT_SENT);
  g_assert_cmpint (tasks_facts_get_level (message, TODAY), ==, TASKS_LEVEL_UNCHECKED);
  g_assert_cmpint (tasks_facts_get_level (today, TODAY), ==, TASKS_LEVEL_ROUTINE);
  g_assert_cmpint (tasks_facts_get_level (later, TODAY), ==, TASKS_LEVEL_LATER);
  g_assert_cmpint (tasks_facts_get_level (bare, TODAY), ==, TASKS_LEVEL_ROUTINE);
  g_assert_false (tasks_facts_can_complete (unsent));
  g_assert_true (tasks_facts_can_complete (message));
  g_assert_cmpstr (tasks_facts_get_id (message), ==, "1");
}

static void
assert_before (const TasksFacts *a, const TasksFacts *b)
{
  g_assert_cmpint (tasks_facts_compare (a, b, TODAY), <, 0);
  g_assert_cmpint (tasks_facts_compare (b, a, TODAY), >, 0);
}

static void
test_order (void)
{
  g_autoptr (TasksFacts) red_new = facts_new ("Task/1", "emergency", "stat", 900);
  g_autoptr (TasksFacts) red_old = facts_new ("Task/2", "message", "stat", 100);
  g_autoptr (TasksFacts) unsent = facts_new ("MedicationRequest/1", NULL, NULL, 50);
  g_autoptr (TasksFacts) asap = facts_new ("Task/3", "to-do", "asap", 10);
  g_autoptr (TasksFacts) urgent = facts_new ("Task/4", "link-closed", "urgent", 5);
  g_autoptr (TasksFacts) message = facts_new ("Task/5", "message", "routine", 800);
  g_autoptr (TasksFacts) overdue = facts_new ("Task/6", "to-do", "routine", 700);
  g_autoptr (TasksFacts) due = facts_new ("Task/7", "to-do", "routine", 1);
  g_autoptr (TasksFacts) later = facts_new ("Task/8", "follow-up", "routine", 1);
  const TasksFacts *order[9];

  unsent->delivery = g_strdup ("NOT SENT: TELL THE PATIENT");
  overdue->due = g_strdup ("2026-11-01");
  due->due = g_strdup (TODAY);
  later->due = g_strdup ("2027-01-12");
  order[0] = red_old;
  order[1] = red_new;
  order[2] = unsent;
  order[3] = asap;
  order[4] = urgent;
  order[5] = message;
  order[6] = overdue;
  order[7] = due;
  order[8] = later;
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint n = i + 1; n < G_N_ELEMENTS (order); n++)
      assert_before (order[i], order[n]);
}

/* Without a time nobody knows how long it waited; without a difference the order stays the same. */
static void
test_order_without_time (void)
{
  g_autoptr (TasksFacts) unknown = facts_new ("Task/1", "to-do", "routine", 0);
  g_autoptr (TasksFacts) known = facts_new ("Task/2", "to-do", "routine", 10);
  g_autoptr (TasksFacts) twin = facts_new ("Task/3", "to-do", "routine", 10);

  assert_before (unknown, known);
  assert_before (known, twin);
  g_assert_cmpint (tasks_facts_compare (known, known, TODAY), ==, 0);
}

static void
test_equal (void)
{
  g_autoptr (TasksFacts) a = facts_new ("Task/1", "message", "stat", 10);
  g_autoptr (TasksFacts) b = facts_new ("Task/1", "message", "stat", 10);

  g_assert_true (tasks_facts_equal (a, b));
  b->message = g_strdup ("My chest is tight");
  g_assert_false (tasks_facts_equal (a, b));
  g_set_str (&a->message, "My chest is tight");
  a->since = 11;
  g_assert_false (tasks_facts_equal (a, b));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tasks/facts/red", test_red);
  g_test_add_func ("/tasks/facts/level", test_level);
  g_test_add_func ("/tasks/facts/order", test_order);
  g_test_add_func ("/tasks/facts/order-without-time", test_order_without_time);
  g_test_add_func ("/tasks/facts/equal", test_equal);
  return g_test_run ();
}
