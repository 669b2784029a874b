/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-fixture.h"
#include "outbox-export.h"

typedef struct
{
  OutboxExport *export;
  gboolean answered;
} Answer;

static void
built_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (GError) error = NULL;

  answer->export = outbox_export_finish (result, &error);
  g_assert_no_error (error);
  answer->answered = TRUE;
}

static OutboxExport *export (CareFixture *fixture)
{
  Answer answer = { 0 };

  outbox_export_async (fixture->database, base_clock_now (fixture->clock), NULL, built_cb, &answer);
  while (!answer.answered)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return answer.export;
}

static gboolean
change (StoreConnection *connection,
        StoreJournalVerb verb,
        const char *type,
        const char *id,
        const char *patient,
        const char *state)
{
  gint64 sequence = 0;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      store_journal_append (connection, "g", verb, type, id, patient, NULL, 0, &sequence, &error));
  g_assert_true (store_journal_set_state (connection, sequence, state, NULL, &error));
  return TRUE;
}

static gboolean
put_changes (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Task','id':'t1','status':'draft','for':{"
                                "'reference':'Patient/jane'}}");
  care_fixture_put (connection, "{'resourceType':'Observation','id':'o1','status':'final','subject'"
                                ":{'reference':'Patient/bob'},'valueQuantity':{'value':1.00}}");
  change (connection, STORE_JOURNAL_CREATE, "Observation", "o1", "bob", "waiting");
  change (connection, STORE_JOURNAL_CREATE, "Task", "t1", "jane", "refused");
  change (connection, STORE_JOURNAL_UPDATE, "Task", "t1", "jane", "held");
  change (connection, STORE_JOURNAL_DELETE, "Condition", "c1", "jane", "unknown");
  change (connection, STORE_JOURNAL_CREATE, "Condition", "sent", "jane", "done");
  return TRUE;
}

/* Every change that no server has acknowledged is in the file, once, as it is here, digits
 * included, in the order in which it was made; and what was sent is not. */
static void
test_bundle (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_changes);
  g_autoptr (OutboxExport) made = export (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) bundle = fhir_resource_parse (made->text, -1, &error);
  static const char *const expected[][2] = { { "PUT", "Observation/o1" },
                                             { "PUT", "Task/t1" },
                                             { "DELETE", "Condition/c1" } };

  g_assert_no_error (error);
  g_assert_cmpstr (fhir_resource_path_text (bundle, "type"), ==, "transaction");
  g_assert_cmpuint (made->changes, ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (fhir_element_get_length (fhir_resource_path (bundle, "entry")), ==,
                    G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const FhirElement *entry = fhir_element_at (fhir_resource_path (bundle, "entry"), i);

      g_assert_cmpstr (fhir_element_path_text (entry, "request.method"), ==, expected[i][0]);
      g_assert_cmpstr (fhir_element_path_text (entry, "request.url"), ==, expected[i][1]);
      g_assert_true ((fhir_element_get (entry, "resource") != NULL) == (i < 2));
    }
  g_assert_nonnull (strstr (made->text, "1.00"));
  g_assert_cmpuint (made->patients->len, ==, 2);
}

static void
test_empty (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (OutboxExport) made = export (fixture);

  g_assert_cmpuint (made->changes, ==, 0);
  g_assert_cmpuint (made->patients->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/outbox/export/bundle", CareFixture, NULL, care_fixture_set_up, test_bundle,
              care_fixture_tear_down);
  g_test_add ("/outbox/export/empty", CareFixture, NULL, care_fixture_set_up, test_empty,
              care_fixture_tear_down);
  return g_test_run ();
}
