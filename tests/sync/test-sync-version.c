/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-version.h"

#include <string.h>

#include "sync-fixture.h"

/* A workstation and a hub of other versions: they work, or it is said which of the two is old. */

static FhirResource *
statement_of (const char *name, const char *version)
{
  g_autofree char *json = g_strdup_printf ("{\"resourceType\":\"CapabilityStatement\",\"software\":"
                                           "{\"name\":\"%s\",\"version\":\"%s\"}}",
                                           name, version);
  g_autoptr (GError) error = NULL;
  FhirResource *statement = fhir_resource_parse (json, -1, &error);

  g_assert_no_error (error);
  return statement;
}

static void
test_which_is_old (void)
{
  static const struct
  {
    const char *ours, *theirs, *part;
  } pairs[] = {
    { "1.4.0", "1.4.9", NULL },
    { "1.4.0", "1.5.0", NULL }, /* one apart */
    { "1.4.0", "1.3.7", NULL },
    { "1.4.0", "1.6.0", "Update Bedside on this computer" },
    { "1.4.0", "2.0.0", "Update Bedside on this computer" },
    { "1.4.0", "1.2.0", "update the server" },
    { "2.0.0", "1.9.0", "update the server" },
    { "1.4.0", "1.10.0", "Update Bedside" }, /* numbers, not letters */
    { "1.4.0", "", NULL },
    { "1.4.0", "new", NULL },
    { "1.4.0", "1", NULL },
    { "1.4.0", "99999999999999999999.1", NULL },
    { "1.4.0", "-1.0", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (FhirResource) statement = statement_of ("bedside-hub", pairs[i].theirs);
      g_autofree char *note = sync_version_dup_note (pairs[i].ours, statement);

      g_test_message ("%s with %s: %s", pairs[i].ours, pairs[i].theirs, note);
      g_assert_true ((note != NULL) == (pairs[i].part != NULL));
      g_assert_true (note == NULL || strstr (note, pairs[i].part) != NULL);
      g_assert_true (note == NULL || (strstr (note, pairs[i].ours) != NULL &&
                                      strstr (note, pairs[i].theirs) != NULL));
    }
}

/* The version of another program says nothing. */
static void
test_other_program (void)
{
  g_autoptr (FhirResource) other = statement_of ("Another FHIR server", "9.0.0");

  g_assert_null (sync_version_dup_note ("1.4.0", other));
  g_assert_null (sync_version_dup_note ("1.4.0", NULL));
}

static gboolean
has_note (SyncFixture *self, const char *word)
{
  g_auto (GStrv) notes = sync_engine_get_capability_notes (self->engine);

  for (guint i = 0; notes[i] != NULL; i++)
    if (strstr (notes[i], word) != NULL)
      return TRUE;
  return FALSE;
}

/* Whatever is said, what is written arrives, over real HTTP. */
static void
check_works (const char *version, const char *said)
{
  SyncFixture self = { 0 };
  g_autofree char *statement = g_strdup_printf (
      "{\"resourceType\":\"CapabilityStatement\",\"software\":{\"name\":\"bedside-hub\","
      "\"version\":\"%s\"},\"rest\":[{\"interaction\":[{\"code\":\"transaction\"}]}]}",
      version);

  sync_fixture_set_up (&self);
  self.mock->statement = statement;
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_fixture_write (&self, &(SyncChange) { "p", STORE_JOURNAL_CREATE,
                                             "{\"resourceType\":\"Patient\",\"id\":\"p1\"}", "p1",
                                             0, NULL, NULL });
  sync_fixture_wait_state (&self, "p", "done");
  if (said != NULL)
    sync_fixture_wait (has_note (&self, said));
  else
    g_assert_false (has_note (&self, "too old"));
  sync_fixture_tear_down (&self);
}

static void
test_hub_of_another_version (void)
{
  check_works ("0.0.9", NULL);
  check_works ("0.2.0", NULL);
  check_works ("0.9.0", "Update Bedside on this computer");
  check_works ("3.0.0", "Update Bedside on this computer");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/version/which-is-old", test_which_is_old);
  g_test_add_func ("/sync/version/other-program", test_other_program);
  g_test_add_func ("/sync/version/hub-of-another-version", test_hub_of_another_version);
  return g_test_run ();
}
