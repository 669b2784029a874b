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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/item/not-sent", test_not_sent);
  g_test_add_func ("/outbox/item/resting", test_resting);
  g_test_add_func ("/outbox/item/group", test_group);
  g_test_add_func ("/outbox/item/unknown-type", test_unknown_type);
  return g_test_run ();
}
