/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-usage.h"

#include "care-fixture.h"
#include "last-reference.h"

static void
loaded_cb (WorkspaceUsage *usage, gpointer loaded)
{
  *(gboolean *) loaded = TRUE;
}

/* Each use that is written holds the store until then; four hold it always. */
static WorkspaceUsage *
open_usage (CareFixture *fixture)
{
  WorkspaceUsage *usage = workspace_usage_new (fixture->doctor);
  gboolean loaded = FALSE;

  g_signal_connect (usage, "changed", G_CALLBACK (loaded_cb), &loaded);
  while (!loaded)
    g_main_context_iteration (NULL, TRUE);
  return usage;
}

static void
close_usage (CareFixture *fixture, WorkspaceUsage *usage)
{
  last_reference_drop (usage);
  while (G_OBJECT (fixture->database)->ref_count > 4)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_order (CareFixture *fixture, gconstpointer data)
{
  WorkspaceUsage *usage = open_usage (fixture);

  g_assert_cmpfloat (workspace_usage_get_score (usage, "win.show::results"), ==, 0);
  for (guint day = 0; day < 5; day++)
    {
      workspace_usage_note (usage, "win.show::results");
      base_clock_advance (fixture->clock, G_TIME_SPAN_DAY);
    }
  workspace_usage_note (usage, "win.show::medicines");
  /* what is done every day stands before what was done once just now, */
  g_assert_cmpfloat (workspace_usage_get_score (usage, "win.show::results"), >,
                     workspace_usage_get_score (usage, "win.show::medicines"));
  /* and what nobody does any more sinks. */
  base_clock_advance (fixture->clock, 60 * G_TIME_SPAN_DAY);
  workspace_usage_note (usage, "app.sync");
  g_assert_cmpfloat (workspace_usage_get_score (usage, "app.sync"), >,
                     workspace_usage_get_score (usage, "win.show::results"));
  close_usage (fixture, usage);
}

static gboolean
count_settings (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *kept = store_setting_get (connection, "palette.used/win.note");
  g_autofree char *record =
      store_setting_get (connection, "palette.used/win.show::DocumentReference/letter");
  g_autofree char *patient = store_setting_get (connection, "palette.used/app.open::jane");

  g_assert_nonnull (kept);
  g_assert_null (patient);
  g_assert_null (record);
  return TRUE;
}

/* It is there when Bedside starts again; whom somebody opened is not. */
static void
test_kept (CareFixture *fixture, gconstpointer data)
{
  WorkspaceUsage *usage = open_usage (fixture);

  workspace_usage_note (usage, "win.note");
  workspace_usage_note (usage, "app.open::jane");
  workspace_usage_note (usage, "win.show::DocumentReference/letter");
  close_usage (fixture, usage);
  care_fixture_read (fixture, count_settings);

  usage = open_usage (fixture);
  g_assert_cmpfloat_with_epsilon (workspace_usage_get_score (usage, "win.note"), 1, 0.001);
  g_assert_cmpfloat (workspace_usage_get_score (usage, "app.open::jane"), ==, 0);
  close_usage (fixture, usage);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/workspace/usage/order", CareFixture, NULL, care_fixture_set_up, test_order,
              care_fixture_tear_down);
  g_test_add ("/workspace/usage/kept", CareFixture, NULL, care_fixture_set_up, test_kept,
              care_fixture_tear_down);
  return g_test_run ();
}
