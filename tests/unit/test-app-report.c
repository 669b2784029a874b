/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-report-facts.h"

#include "care-fixture.h"
#include "net-error.h"
#include "sync-status-private.h"

/* What stands in every place of a record, of a draft, of the journal, of addresses and settings. It
 * is looked for in the report, whole and in parts. */
#define MARK   "zzmark"
#define NUMBER "9434765919"

static gboolean
put_marked (StoreConnection *connection, gpointer data, GError **error)
{
  gint64 sequence = 0;

  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'" MARK "-id','name':[{'family':'" MARK
                    "','given':['" MARK "']}],'identifier':[{'value':'" NUMBER "'}],'birthDate':"
                    "'1961-03-12','telecom':[{'system':'phone','value':'" NUMBER "'}]}");
  return store_draft_save (connection, MARK "-draft", "note", MARK "-id", "Practitioner/doctor",
                           MARK "-visit", MARK " " NUMBER, error) &&
         store_setting_set (connection, "net.refresh-token", MARK "-token", error) &&
         store_journal_append (connection, MARK "-group", STORE_JOURNAL_CREATE, "Patient",
                               MARK "-id", MARK "-id", MARK, 0, &sequence, error) &&
         store_journal_set_state (connection, sequence, "sending", MARK " refused", error) &&
         store_journal_set_state (connection, sequence, "waiting", MARK " " NUMBER, error);
}

static void
assert_clean (const char *text)
{
  g_autofree char *folded = g_ascii_strdown (text, -1);

  for (const char *const *part = (const char *const[]) { MARK, NUMBER, "94347", "1961", "ada",
                                                         "stone", "practitioner", NULL };
       *part; part++)
    if (strstr (folded, *part))
      g_error ("“%s” stands in the report:\n%s", *part, text);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static AppReport *
gather (GSettings *settings, const char *server, WorkspaceSession *session)
{
  g_autoptr (GAsyncResult) result = NULL;

  app_report_facts_gather_async (NULL, settings, server, session, keep_result, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  return app_report_facts_gather_finish (result);
}

/* As it is built, with texts that name somebody in each setting. */
static GSettings *
make_settings (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BEDSIDE_BUILD"), "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSettingsSchemaSource) source =
      g_settings_schema_source_new_from_directory (folder, NULL, FALSE, &error);
  g_assert_no_error (error);
  g_autoptr (GSettingsSchema) schema =
      g_settings_schema_source_lookup (source, "health.bedside.Workstation", FALSE);
  g_auto (GStrv) keys = g_settings_schema_list_keys (schema);
  GSettings *settings = g_settings_new_full (schema, NULL, NULL);

  for (char **key = keys; *key; key++)
    {
      g_autoptr (GVariant) value = g_settings_get_value (settings, *key);
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        g_settings_set_string (settings, *key, MARK "’s camera");
    }
  return settings;
}

#define SERVER "https://" MARK ":" MARK "@hub.example.org:8443/" MARK "?patient=" MARK "#" NUMBER

/* The store is full of marked text, and so are address, settings and errors: nothing of it is in
 * the report, and what should be there is. */
static void
test_no_patient (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) failure = g_error_new (NET_ERROR, NET_ERROR_FORBIDDEN, MARK " may not");
  g_autoptr (GSettings) settings = make_settings ();
  g_autoptr (NetFhirClient) client = net_fhir_client_new ("http://127.0.0.1:1/fhir", NULL, &error);
  g_autoptr (SyncEngine) engine = sync_engine_new (fixture->database, client, fixture->clock);
  SyncStatus *status = sync_engine_get_status (engine);
  g_autoptr (WorkspaceSession) session = workspace_session_new (fixture->doctor);

  care_fixture_write (fixture, put_marked);
  workspace_session_set_content (session, fixture->content);
  workspace_session_set_server (session, "https://" MARK, NULL, engine);
  workspace_session_set_call (session, MARK "-id", MARK);
  workspace_check_set (workspace_session_get_check (session), WORKSPACE_CHECK_RED, MARK);
  sync_status_set_state (status, SYNC_STATE_ERROR, MARK " could not be sent");
  sync_status_set_notes (status, (const char *[]) { MARK, NULL });
  sync_status_set_last_error (status, failure);
  g_autoptr (AppReport) report = gather (settings, SERVER, session);
  g_autofree char *text = app_report_dup_text (report, FALSE);
  g_autofree char *named = app_report_dup_text (report, TRUE);

  assert_clean (text);
  assert_clean (named);
  g_assert_null (strstr (text, "hub.example.org"));
  g_assert_nonnull (strstr (text, "name: left out\n"));
  g_assert_nonnull (strstr (named, "name: hub.example.org\n"));
  for (const char *const *line =
           (const char *const[]) { "version: " BEDSIDE_VERSION "\n", "encrypted: yes\n",
                                   "role: prescriber\n", "a call is going on: yes\n",
                                   "state: needs a person\n", "things it cannot do: 1\n",
                                   "last error: forbidden\n", "result: red\n", "drafts: 1\n",
                                   "waiting that were tried before: 1\n", "visit-camera: set\n",
                                   "visit-mirror: yes\n", NULL };
       *line; line++)
    if (!strstr (text, *line))
      g_error ("no line “%s” in:\n%s", *line, text);
  workspace_session_set_server (session, NULL, NULL, NULL);
}

/* Nobody signed in, nothing installed, no server: the report is there all the same. */
static void
test_bare (void)
{
  g_autoptr (AppReport) report = gather (NULL, NULL, NULL);
  g_autofree char *text = app_report_dup_text (report, TRUE);

  g_assert_nonnull (strstr (text, "records are open: no\n"));
  g_assert_nonnull (strstr (text, "one is named: no\n"));
  g_assert_nonnull (strstr (text, "role: not known\n"));
  g_assert_nonnull (strstr (text, "name: left out\n"));
}

/* Each field takes what is of its kind, whatever is put into it. */
static void
test_kinds (void)
{
  g_autoptr (AppReport) report = app_report_new ();
  g_autoptr (GVariant) word = g_variant_ref_sink (g_variant_new_string (MARK));
  g_autoptr (GVariant) list =
      g_variant_ref_sink (g_variant_new_strv ((const char *[]) { MARK }, 1));
  g_autofree char *text = NULL;

  app_report_set_version (report, APP_REPORT_LIBRARY_GTK, "4.18.6-" MARK);
  app_report_set_version (report, APP_REPORT_LIBRARY_GLIB, NUMBER);
  app_report_set_version (report, APP_REPORT_LIBRARY_SOUP, MARK);
  app_report_set_version (report, APP_REPORT_LIBRARY_ADWAITA, "1.2.3.4.5.6");
  app_report_set_word (report, APP_REPORT_SYSTEM_NAME, MARK);
  app_report_set_word (report, APP_REPORT_SESSION_ROLE, "nurse");
  app_report_set_hardware (report, APP_REPORT_DISPLAY_GPU_MAKER, "0x8086");
  app_report_set_hardware (report, APP_REPORT_DISPLAY_GPU_DEVICE, "0x" MARK);
  app_report_add_setting (report, "some-text", word);
  app_report_add_setting (report, "some-list", list);
  app_report_set_host (report, "hub.example.org/" MARK);
  text = app_report_dup_text (report, TRUE);

  assert_clean (text);
  g_assert_nonnull (strstr (text, "GTK: 4.18.6\n"));
  g_assert_nonnull (strstr (text, "GLib: not known\n"));
  g_assert_nonnull (strstr (text, "libsoup: not known\n"));
  g_assert_nonnull (strstr (text, "libadwaita: 1.2.3.4\n"));
  g_assert_nonnull (strstr (text, "system: another\n"));
  g_assert_nonnull (strstr (text, "role: nurse\n"));
  g_assert_nonnull (strstr (text, "graphics maker: 0x8086\n"));
  g_assert_nonnull (strstr (text, "graphics device: not known\n"));
  g_assert_nonnull (strstr (text, "some-text: set\n"));
  g_assert_null (strstr (text, "some-list"));
  g_assert_nonnull (strstr (text, "name: left out\n"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/report/no-patient", CareFixture, NULL, care_fixture_set_up, test_no_patient,
              care_fixture_tear_down);
  g_test_add_func ("/app/report/bare", test_bare);
  g_test_add_func ("/app/report/kinds", test_kinds);
  return g_test_run ();
}
