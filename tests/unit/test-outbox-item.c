/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-item.h"

#define START (G_GINT64_CONSTANT (1795651200) * G_USEC_PER_SEC)

static StoreJournalEntry
make (const char *type, const char *state)
{
  return (StoreJournalEntry) { .group = (char *) "g1",
                               .type = (char *) type,
                               .id = (char *) "1",
                               .patient = (char *) "p1",
                               .state = (char *) state,
                               .created_us = START };
}

/* H1: a signed prescription without an answer for a minute is no quiet state. */
static void
test_not_sent (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  StoreJournalEntry entry = make ("MedicationRequest", "waiting");
  g_autoptr (OutboxItem) item = outbox_item_new (&entry, "SMITH, Jane", FALSE);
  g_autofree char *early = outbox_item_dup_state (item, START + 59 * G_USEC_PER_SEC, zone);
  g_autofree char *late = outbox_item_dup_state (item, START + 61 * G_USEC_PER_SEC, zone);

  g_assert_nonnull (strstr (early, "Waiting"));
  g_assert_nonnull (strstr (late, "NOT SENT: TELL THE PATIENT"));
  g_assert_false (outbox_item_needs_person (item, START));
  g_assert_true (outbox_item_needs_person (item, START + 61 * G_USEC_PER_SEC));
}

/* The ten seconds of undo are no alarm, but a signature that never left is. */
static void
test_resting (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  StoreJournalEntry entry = make ("MedicationRequest", "held");
  g_autoptr (OutboxItem) item = NULL;
  g_autofree char *early = NULL, *late = NULL;

  entry.reason = (char *) "undo";
  item = outbox_item_new (&entry, "SMITH, Jane", FALSE);
  early = outbox_item_dup_state (item, START + 3 * G_USEC_PER_SEC, zone);
  late = outbox_item_dup_state (item, START + 61 * G_USEC_PER_SEC, zone);
  g_assert_nonnull (strstr (early, "leaves by itself"));
  g_assert_null (outbox_item_get_reason (item));
  g_assert_false (outbox_item_needs_person (item, START + 3 * G_USEC_PER_SEC));
  g_assert_null (strstr (late, "leaves by itself"));
  g_assert_true (outbox_item_needs_person (item, START + 61 * G_USEC_PER_SEC));
}

/* The provenance that goes with a prescription does not name the group, and the worst state stands
 * for it. */
static void
test_group (void)
{
  StoreJournalEntry first = make ("Provenance", "waiting"),
                    second = make ("MedicationRequest", "refused");
  g_autoptr (OutboxItem) item = outbox_item_new (&first, "SMITH, Jane", FALSE);

  outbox_item_add (item, &second);
  g_autofree char *title = outbox_item_dup_title (item);
  g_assert_cmpstr (title, ==, "Prescription for SMITH, Jane");
  g_assert_true (outbox_item_may_retry (item));
}

static void
test_unknown_type (void)
{
  StoreJournalEntry entry = make ("Basic", "unknown");
  g_autoptr (OutboxItem) item = outbox_item_new (&entry, NULL, FALSE);
  g_autofree char *title = outbox_item_dup_title (item);

  g_assert_cmpstr (title, ==, "Basic");
}

/* H24: what a person reads says that a prescription does not stand behind anything. */
static void
test_lane (void)
{
  static const struct
  {
    const char *type, *state;
    int priority;
    const char *lane;
  } cases[] = {
    { "MedicationRequest", "waiting", 10, "goes before all else" },
    { "Task", "waiting", 0, "in this patient’s order" },
    { "Binary", "waiting", 0, "goes last" },
    { "Binary", "refused", 0, NULL },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      StoreJournalEntry entry = make (cases[i].type, cases[i].state);
      g_autoptr (OutboxItem) item = NULL;
      g_autofree char *state = NULL;

      entry.priority = cases[i].priority;
      item = outbox_item_new (&entry, NULL, FALSE);
      state = outbox_item_dup_state (item, START, zone);
      g_test_message ("%s", state);
      if (cases[i].lane)
        g_assert_nonnull (strstr (state, cases[i].lane));
      else
        g_assert_null (strstr (state, "goes"));
    }
}

/* What is set aside says why, in the server's words, and what to do; and only what is refused can
 * be given up, only what the chart overtook can be signed again. */
static void
test_set_aside (void)
{
  StoreJournalEntry refused = make ("Task", "refused"), held = make ("MedicationRequest", "held"),
                    conflict = make ("MedicationRequest", "held"),
                    waiting = make ("Task", "waiting");
  OutboxItem *items[4];
  g_autofree char *why = NULL, *review = NULL;

  refused.reason = (char *) "Task.owner: no such practitioner";
  held.reason = (char *) "review: A new allergy was recorded: penicillin.";
  conflict.reason = (char *) "conflict: Two people changed this.";
  items[0] = outbox_item_new (&refused, NULL, FALSE);
  items[1] = outbox_item_new (&held, NULL, FALSE);
  items[2] = outbox_item_new (&conflict, NULL, TRUE);
  items[3] = outbox_item_new (&waiting, NULL, FALSE);
  why = outbox_item_dup_why (items[0]);
  review = outbox_item_dup_why (items[1]);
  g_assert_cmpstr (why, ==, "The server says: “Task.owner: no such practitioner”");
  g_assert_cmpstr (review, ==, "A new allergy was recorded: penicillin.");
  for (gsize i = 0; i < 2; i++)
    g_assert_nonnull (outbox_item_get_advice (items[i], START));
  g_assert_cmpstr (outbox_item_get_style (items[0], START), ==, "error");
  g_assert_cmpstr (outbox_item_get_style (items[2], START), ==, "warning");
  g_assert_null (outbox_item_get_advice (items[3], START));
  g_assert_true (outbox_item_may_give_up (items[0]));
  g_assert_false (outbox_item_may_sign (items[0]));
  g_assert_true (outbox_item_may_sign (items[1]));
  g_assert_false (outbox_item_may_give_up (items[1]));
  g_assert_false (outbox_item_may_sign (items[2]));
  g_assert_false (outbox_item_may_give_up (items[3]));
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    g_object_unref (items[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/item/not-sent", test_not_sent);
  g_test_add_func ("/outbox/item/resting", test_resting);
  g_test_add_func ("/outbox/item/group", test_group);
  g_test_add_func ("/outbox/item/unknown-type", test_unknown_type);
  g_test_add_func ("/outbox/item/lane", test_lane);
  g_test_add_func ("/outbox/item/set-aside", test_set_aside);
  return g_test_run ();
}
