/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-server-report.h"

#include <string.h>

#define TYPE(name, codes) "{\"type\":\"" name "\",\"interaction\":[" codes "]}"
#define READS             "{\"code\":\"read\"},{\"code\":\"search-type\"}"
#define WRITES            READS ",{\"code\":\"create\"},{\"code\":\"update\"}"
#define STATEMENT(resources)                                                                       \
  "{\"resourceType\":\"CapabilityStatement\",\"software\":{\"name\":\"Another server\","           \
  "\"version\":\"7.2\"},\"rest\":[{\"mode\":\"server\",\"resource\":[" resources "]}]}"

static GPtrArray *
report_of (const char *json, gboolean is_hub, const char *sign_in_problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) statement = fhir_resource_parse (json, -1, &error);
  NetProbe probe = { .statement = statement,
                     .is_hub = is_hub,
                     .signs_in = sign_in_problem == NULL,
                     .sign_in_problem = (char *) sign_in_problem };

  g_assert_no_error (error);
  return app_server_report_new (&probe);
}

static const AppServerLine *
find_line (GPtrArray *report, const char *part)
{
  for (guint i = 0; i < report->len; i++)
    {
      AppServerLine *line = report->pdata[i];

      if (strstr (line->sentence, part))
        return line;
    }
  return NULL;
}

static void
expect (GPtrArray *report, AppServerLineKind kind, const char *part, const char *detail)
{
  const AppServerLine *line = find_line (report, part);

  g_assert_nonnull (line);
  g_assert_cmpint (line->kind, ==, kind);
  g_assert_cmpstr (line->detail, ==, detail);
}

static void
test_hub (void)
{
  static const char all[] = "{\"resourceType\":\"CapabilityStatement\",\"software\":{\"name\":"
                            "\"bedside-hub\",\"version\":\"0.1.0\"}}";
  g_autoptr (GPtrArray) report = report_of (all, TRUE, NULL);

  expect (report, APP_SERVER_LINE_GOOD, "a FHIR R4 server", "bedside-hub 0.1.0");
  expect (report, APP_SERVER_LINE_GOOD, "sign in with your browser", NULL);
  expect (report, APP_SERVER_LINE_GOOD, "Video visits work", NULL);
  g_assert_nonnull (find_line (report, "read and written"));
  g_assert_null (find_line (report, "does not have"));
  g_assert_null (find_line (report, "too old"));
}

/* What can be seen, what can only be read, and what is not there, each by name. */
static void
test_another (void)
{
  g_autoptr (GPtrArray) report =
      report_of (STATEMENT (TYPE ("Patient", WRITES) "," TYPE ("Condition", WRITES) "," TYPE (
                     "AllergyIntolerance", READS) "," TYPE ("Task", "{\"code\":\"create\"}")),
                 FALSE, NULL);

  expect (report, APP_SERVER_LINE_GOOD, "read and written", "patients, problems");
  expect (report, APP_SERVER_LINE_NOTE, "only be read", "allergies");
  expect (report, APP_SERVER_LINE_MISSING, "does not have these",
          "prescriptions, results and measurements, documents, bookings, visits to the clinic, "
          "tasks");
  g_assert_cmpint (find_line (report, "Video visits do not")->kind, ==, APP_SERVER_LINE_MISSING);
  expect (report, APP_SERVER_LINE_NOTE, "offers no prescriptions", NULL);
}

static void
test_no_sign_in (void)
{
  g_autoptr (GPtrArray) report =
      report_of (STATEMENT (TYPE ("Patient", WRITES)), FALSE, "It does not offer PKCE with S256.");

  expect (report, APP_SERVER_LINE_MISSING, "Nobody can sign in",
          "It does not offer PKCE with S256.");
}

static void
test_other_version (void)
{
  static const char newer[] = "{\"resourceType\":\"CapabilityStatement\",\"software\":{\"name\":"
                              "\"bedside-hub\",\"version\":\"9.0.0\"}}";
  g_autoptr (GPtrArray) report = report_of (newer, TRUE, NULL);

  g_assert_nonnull (find_line (report, "Update Bedside on this computer"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/server-report/hub", test_hub);
  g_test_add_func ("/app/server-report/another", test_another);
  g_test_add_func ("/app/server-report/no-sign-in", test_no_sign_in);
  g_test_add_func ("/app/server-report/other-version", test_other_version);
  return g_test_run ();
}
