/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-program.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "fhir-resource.h"

/* The administrator's commands, on a folder that is free and on one that a hub serves. */

#define FORM "application/x-www-form-urlencoded"

static char *
in_folder (HubProgram *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static gint64
number_of (const HubResult *result, const char *name)
{
  g_autoptr (JsonNode) root = NULL;

  return json_object_get_int_member (hub_result_object (result, &root), name);
}

/* ---- users ---- */

/* 302 with a code where the password is right. */
static guint
sign_in (HubProgram *fixture, const char *user, const char *password)
{
  g_autofree char *escaped = g_uri_escape_string (password, NULL, FALSE);
  g_autofree char *base = g_strconcat (fixture->base_url, "/fhir", NULL);
  g_autofree char *aud = g_uri_escape_string (base, NULL, FALSE);
  g_autofree char *body = g_strdup_printf (
      "response_type=code&client_id=test&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%3A1%%2F&state=x&"
      "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&"
      "scope=openid&aud=%s&user=%s&password=%s",
      aud, user, escaped);

  return hub_program_send (fixture, "POST", "/auth/authorize", NULL, FORM, body, NULL);
}

#define user_command(...)                                                                          \
  hub_program_run (NULL, "user", __VA_ARGS__, "--data", fixture->folder, NULL)

static void
test_passwords (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "password");
  g_autofree char *generated = NULL;
  g_auto (HubResult) stdin_ =
      hub_program_run ("from the pipe\n", "user", "add", "anna", "--role", "nurse", "--data",
                       fixture->folder, "--password-stdin", NULL);
  g_auto (HubResult) made = { 0 };
  g_auto (HubResult) read = { 0 };
  g_auto (HubResult) open = { 0 };
  g_autoptr (JsonNode) root = NULL;

  g_assert_cmpint (stdin_.status, ==, 0);
  hub_program_start_with (fixture, NULL);
  made = user_command ("add", "berta", "--role", "prescriber", "--password-generate", "--json");
  g_assert_cmpint (made.status, ==, 0);
  generated = g_strdup (
      json_object_get_string_member (hub_result_object (&made, &root), "generated_password"));
  g_assert_cmpuint (strlen (generated), >=, 20);
  g_assert_true (g_file_set_contents_full (file, "from a file\nand no more\n", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0644, NULL));
  open = user_command ("password", "anna", "--password-file", file);
  g_assert_cmpint (open.status, ==, 1);
  g_assert_nonnull (strstr (open.err, "chmod"));
  g_assert_cmpuint (sign_in (fixture, "anna", "from the pipe"), ==, 302);
  g_assert_cmpuint (sign_in (fixture, "berta", generated), ==, 302);
  g_chmod (file, 0600);
  read = user_command ("password", "anna", "--password-file", file);
  g_assert_cmpint (read.status, ==, 0);
  g_assert_cmpuint (sign_in (fixture, "anna", "from the pipe"), ==, 401);
  g_assert_cmpuint (sign_in (fixture, "anna", "from a file"), ==, 302);
}

/* Each line of JSON has "user" and "disabled". */
static gboolean
is_listed (HubProgram *fixture, const char *name, gboolean disabled)
{
  g_auto (HubResult) list = user_command ("list", "--json");
  g_autoptr (JsonNode) root = NULL;
  JsonArray *users = json_object_get_array_member (hub_result_object (&list, &root), "users");

  for (guint i = 0; i < json_array_get_length (users); i++)
    {
      JsonObject *user = json_array_get_object_element (users, i);

      if (g_str_equal (json_object_get_string_member (user, "user"), name))
        return json_object_get_boolean_member (user, "disabled") == disabled;
    }
  return FALSE;
}

static void
disable_and_enable (HubProgram *fixture)
{
  g_auto (HubResult) add = hub_program_run ("secret\n", "user", "add", "anna", "--role", "nurse",
                                            "--data", fixture->folder, "--password-stdin", NULL);
  g_autofree char *token = hub_program_token (fixture, "anna");
  g_auto (HubResult) disable = { 0 };
  g_auto (HubResult) change = { 0 };
  g_auto (HubResult) enable = { 0 };

  g_assert_cmpint (add.status, ==, 0);
  g_assert_true (is_listed (fixture, "anna", FALSE));
  if (fixture->server == NULL)
    hub_program_start_with (fixture, NULL);
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient", token), ==, 200);
  g_assert_cmpuint (sign_in (fixture, "anna", "secret"), ==, 302);
  disable = user_command ("disable", "anna");
  g_assert_cmpint (disable.status, ==, 0);
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient", token), ==, 401);
  g_assert_cmpuint (sign_in (fixture, "anna", "secret"), ==, 401);
  g_assert_true (is_listed (fixture, "anna", TRUE));
  /* to be given another role does not let anybody in again */
  change = user_command ("--user", "anna", "--role", "reception");
  g_assert_cmpint (change.status, ==, 0);
  g_assert_cmpuint (sign_in (fixture, "anna", "secret"), ==, 401);
  enable = user_command ("enable", "anna");
  g_assert_cmpint (enable.status, ==, 0);
  g_assert_cmpuint (sign_in (fixture, "anna", "secret"), ==, 302);
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient", token), ==, 401);
}

static void
test_disable_while_serving (HubProgram *fixture, gconstpointer data)
{
  hub_program_start_with (fixture, NULL);
  disable_and_enable (fixture);
}

static void
test_disable (HubProgram *fixture, gconstpointer data)
{
  disable_and_enable (fixture);
}

static void
test_user_refusals (HubProgram *fixture, gconstpointer data)
{
  g_auto (HubResult) first = user_command ("add", "anna", "--role", "nurse");
  const HubResult refused[] = {
    user_command ("add", "anna", "--role", "nurse"),
    user_command ("add", "bob"),
    user_command ("add", "bob", "--role", "king"),
    user_command ("add", "bob", "--role", "patient"),
    user_command ("add", "two words", "--role", "nurse"),
    user_command ("disable", "nobody"),
    user_command ("enable", "nobody"),
    user_command ("password", "anna"),
    user_command ("password", "nobody", "--password-generate"),
    user_command ("remove", "anna"),
    user_command ("disable"),
    user_command ("add", "bob", "carl", "--role", "nurse"),
    user_command ("add", "bob", "--role", "nurse", "--password-stdin", "--password-generate"),
    user_command ("add", "bob", "--role", "nurse", "--password-stdin"), /* and nothing comes */
  };

  g_assert_cmpint (first.status, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i].err);
      g_assert_cmpint (refused[i].status, ==, 1);
      g_assert_cmpstr (refused[i].out, ==, "");
      g_assert_true (g_str_has_prefix (refused[i].err, "bedside-hub: "));
      hub_result_clear ((HubResult *) &refused[i]);
    }
  g_assert_true (is_listed (fixture, "anna", FALSE));
  g_assert_false (is_listed (fixture, "bob", FALSE));
}

/* ---- export ---- */

static const char records[] =
    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
    "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"anna\",\n  "
    "\"name\":[{\"family\":\"A\"}]}},"
    "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"otto\"}},"
    "{\"resource\":{\"resourceType\":\"Practitioner\",\"id\":\"dora\"}},"
    "{\"resource\":{\"resourceType\":\"PractitionerRole\",\"id\":\"role\",\"practitioner\":{"
    "\"reference\":\"Practitioner/dora\"},\"organization\":{\"reference\":\"Organization/h\"}}},"
    "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"h\",\"partOf\":{\"reference\":"
    "\"Organization/top\"}}},"
    "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"top\"}},"
    "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"unrelated\"}},"
    "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"id\":\"m\",\"subject\":{\"reference\":"
    "\"Patient/anna\"},\"requester\":{\"reference\":\"PractitionerRole/role\"},\"dose\":1.00}},"
    "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"id\":\"n\",\"subject\":{\"reference\":"
    "\"Patient/otto\"},\"requester\":{\"reference\":\"Practitioner/dora\"}}},"
    "{\"resource\":{\"resourceType\":\"Provenance\",\"id\":\"pm\",\"target\":[{\"reference\":"
    "\"MedicationRequest/m\"}],\"recorded\":\"2026-01-02T03:04:05Z\"}},"
    "{\"resource\":{\"resourceType\":\"Provenance\",\"id\":\"pn\",\"target\":[{\"reference\":"
    "\"MedicationRequest/n\"}],\"recorded\":\"2026-01-02T03:04:05Z\"}},"
    "{\"resource\":{\"resourceType\":\"Binary\",\"id\":\"b\",\"contentType\":\"text/plain\"}},"
    "{\"resource\":{\"resourceType\":\"DocumentReference\",\"id\":\"doc\",\"subject\":{"
    "\"reference\":"
    "\"Patient/anna\"},\"content\":[{\"attachment\":{\"url\":\"Binary/b\"}}]}},"
    "{\"resource\":{\"resourceType\":\"Group\",\"id\":\"g\",\"member\":[{\"entity\":{\"reference\":"
    "\"Patient/anna\"}},{\"entity\":{\"reference\":\"Patient/otto\"}}]}},"
    "{\"resource\":{\"resourceType\":\"Account\",\"id\":\"acc\",\"subject\":[{\"reference\":"
    "\"Patient/anna\"}]}}]}";

static const char wanted[] = "Account/acc Binary/b DocumentReference/doc MedicationRequest/m "
                             "Organization/h Organization/top Patient/anna Practitioner/dora "
                             "PractitionerRole/role Provenance/pm";

static void
import_records (HubProgram *fixture)
{
  g_autofree char *path = in_folder (fixture, "records.json");
  g_auto (HubResult) import = { 0 };

  g_assert_true (g_file_set_contents (path, records, -1, NULL));
  import = hub_program_run (NULL, "import", "--data", fixture->folder, path, NULL);
  g_assert_cmpint (import.status, ==, 0);
}

static int
compare_texts (gconstpointer one, gconstpointer other)
{
  return strcmp (*(const char *const *) one, *(const char *const *) other);
}

static char *
join_sorted (GPtrArray *references)
{
  g_ptr_array_sort (references, compare_texts);
  g_ptr_array_add (references, NULL);
  return g_strjoinv (" ", (char **) references->pdata);
}

static char *
references_of_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (g_free);

  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (FhirResource) resource = fhir_resource_parse (*line, -1, &error);

        g_assert_no_error (error);
        g_ptr_array_add (references, fhir_resource_dup_reference (resource));
      }
  return join_sorted (references);
}

static char *
references_of_bundle (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) bundle = fhir_resource_parse (text, -1, &error);
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (g_free);

  g_assert_no_error (error);
  g_assert_cmpstr (fhir_resource_path_text (bundle, "type"), ==, "collection");
  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    g_ptr_array_add (references,
                     g_strdup_printf ("%s/%s",
                                      fhir_element_path_text (entry, "resource.resourceType"),
                                      fhir_element_path_text (entry, "resource.id")));
  return join_sorted (references);
}

static gint64
audit_rows (HubProgram *fixture)
{
  g_auto (HubResult) check =
      hub_program_run (NULL, "check", "--data", fixture->folder, "--json", NULL);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *list = json_object_get_array_member (hub_result_object (&check, &root), "checks");

  for (guint i = 0; i < json_array_get_length (list); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (list, i),
                                                    "name"),
                     "audit"))
      return json_object_get_int_member (json_array_get_object_element (list, i), "looked_at");
  g_assert_not_reached ();
}

static void
export_both (HubProgram *fixture)
{
  g_autofree char *path = in_folder (fixture, "anna.json");
  g_autofree char *lines = NULL, *bundle = NULL, *text = NULL;
  gint64 before = audit_rows (fixture);
  g_auto (HubResult) direct =
      hub_program_run (NULL, "export", "--data", fixture->folder, "--patient", "anna", NULL);
  g_auto (HubResult) file =
      hub_program_run (NULL, "export", "--data", fixture->folder, "--patient", "Patient/anna",
                       "--format", "bundle", "--output", path, "--json", NULL);

  g_assert_cmpint (direct.status, ==, 0);
  lines = references_of_lines (direct.out);
  g_assert_cmpstr (lines, ==, wanted);
  g_assert_nonnull (strstr (direct.out, "\"dose\":1.00"));
  g_assert_cmpint (file.status, ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  bundle = references_of_bundle (text);
  g_assert_cmpstr (bundle, ==, wanted);
  g_assert_cmpint (number_of (&file, "resources"), ==, 10);
  g_assert_cmpint (number_of (&file, "left_out"), ==, 1); /* the group */
  g_assert_cmpint (audit_rows (fixture), ==, before + 2);
}

static void
test_export (HubProgram *fixture, gconstpointer data)
{
  import_records (fixture);
  g_assert_cmpint (audit_rows (fixture), ==, 1); /* the import */
  export_both (fixture);
}

static void
test_export_while_serving (HubProgram *fixture, gconstpointer data)
{
  import_records (fixture);
  hub_program_start_with (fixture, NULL);
  export_both (fixture);
}

static void
test_export_refusals (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *nowhere = in_folder (fixture, "nowhere");
  g_auto (HubResult) no_folder = { 0 };
  g_auto (HubResult) nobody = { 0 };
  g_auto (HubResult) format = { 0 };
  g_auto (HubResult) mixed = { 0 };
  gint64 before;

  import_records (fixture);
  before = audit_rows (fixture);
  no_folder = hub_program_run (NULL, "export", "--data", nowhere, "--patient", "anna", NULL);
  nobody = hub_program_run (NULL, "export", "--data", fixture->folder, "--patient", "x", NULL);
  format = hub_program_run (NULL, "export", "--data", fixture->folder, "--patient", "anna",
                            "--format", "xml", NULL);
  mixed = hub_program_run (NULL, "export", "--data", fixture->folder, "--patient", "anna", "--json",
                           NULL);
  g_assert_cmpint (no_folder.status, ==, 1);
  g_assert_false (g_file_test (nowhere, G_FILE_TEST_EXISTS)); /* and none was made */
  g_assert_cmpint (nobody.status, ==, 1);
  g_assert_nonnull (strstr (nobody.err, "no patient"));
  g_assert_cmpint (format.status, ==, 1);
  g_assert_cmpint (mixed.status, ==, 1);
  g_assert_cmpint (audit_rows (fixture), ==, before);
}

/* ---- describe ---- */

static void
test_describe (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "a.json");
  static const char text[] = "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":"
                             "\"entered-in-error\",\"shoeSize\":44}";
  g_auto (HubResult) file = { 0 };
  g_auto (HubResult) pipe = hub_program_run (text, "describe", "-", "--json", NULL);
  g_auto (HubResult) nothing = hub_program_run ("{}", "describe", "-", NULL);
  g_auto (HubResult) missing = hub_program_run (NULL, "describe", "/nowhere", NULL);
  g_auto (HubResult) none = hub_program_run (NULL, "describe", NULL);
  g_auto (HubResult) help = hub_program_run (NULL, "describe", "--help", NULL);
  g_auto (HubResult) type = hub_program_run (text, "describe", "-", "--type", "Pasta", NULL);
  g_autoptr (JsonNode) root = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  file = hub_program_run (NULL, "describe", path, NULL);
  g_assert_cmpint (file.status, ==, 0);
  g_assert_true (g_str_has_prefix (file.out, "OBSERVATION o\n  !!! ENTERED IN ERROR"));
  g_assert_nonnull (strstr (file.out, "shoeSize (not in FHIR R4) 44"));
  g_assert_cmpint (pipe.status, ==, 0);
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (hub_result_object (&pipe, &root),
                                                      "warnings")),
                    ==, 1);
  g_assert_cmpint (nothing.status, ==, 1);
  g_assert_cmpint (missing.status, ==, 1);
  g_assert_cmpint (none.status, ==, 1);
  g_assert_cmpint (type.status, ==, 1);
  g_assert_cmpint (help.status, ==, 0);
}

/* ---- check ---- */

static void
flip (const char *path, long at)
{
  FILE *file = fopen (path, "r+");
  int byte;

  g_assert_nonnull (file);
  fseek (file, at, SEEK_SET);
  byte = fgetc (file);
  fseek (file, at, SEEK_SET);
  fputc (byte ^ 1, file);
  fclose (file);
}

static void
test_check (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "hub.db");
  g_auto (HubResult) served = { 0 };
  g_auto (HubResult) sample = { 0 };
  g_auto (HubResult) bad = { 0 };
  g_auto (HubResult) bad_json = { 0 };
  g_autoptr (JsonNode) root = NULL;
  GStatBuf status;

  hub_program_start_with (fixture, "--demo", NULL);
  served = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);
  g_assert_cmpint (served.status, ==, 0);
  g_assert_null (strstr (served.out, "BAD"));
  g_assert_nonnull (strstr (served.out, "green  indexes"));
  g_assert_nonnull (strstr (served.out, "green  audit"));
  g_assert_cmpint (hub_program_stop (fixture), ==, 0);
  sample = hub_program_run (NULL, "check", "--data", fixture->folder, "--sample", "7", NULL);
  g_assert_cmpint (sample.status, ==, 0);
  g_assert_nonnull (strstr (sample.out, "by chance 7 resources"));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  flip (path, status.st_size - 4000); /* in the last page */
  bad = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);
  g_assert_cmpint (bad.status, ==, 1);
  g_assert_nonnull (strstr (bad.out, "BAD    pages"));
  bad_json = hub_program_run (NULL, "check", "--data", fixture->folder, "--json", NULL);
  g_assert_cmpint (bad_json.status, ==, 1);
  g_assert_false (json_object_get_boolean_member (hub_result_object (&bad_json, &root), "good"));
}

/* What cannot even be opened is a line too. */
static void
test_check_of_rubbish (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "hub.db");
  g_auto (HubResult) text = { 0 };
  g_auto (HubResult) json = { 0 };
  g_autoptr (JsonNode) root = NULL;

  import_records (fixture);
  g_assert_true (g_file_set_contents (path, "no store", -1, NULL));
  text = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);
  json = hub_program_run (NULL, "check", "--data", fixture->folder, "--json", NULL);
  g_assert_cmpint (text.status, ==, 1);
  g_assert_true (g_str_has_prefix (text.out, "BAD    file"));
  g_assert_cmpint (json.status, ==, 1);
  g_assert_false (json_object_get_boolean_member (hub_result_object (&json, &root), "good"));
}

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubProgram, NULL, hub_program_set_up, function, hub_program_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/admin/passwords", test_passwords);
  fixture_test ("/hub/admin/disable", test_disable);
  fixture_test ("/hub/admin/disable-while-serving", test_disable_while_serving);
  fixture_test ("/hub/admin/user-refusals", test_user_refusals);
  fixture_test ("/hub/admin/export", test_export);
  fixture_test ("/hub/admin/export-while-serving", test_export_while_serving);
  fixture_test ("/hub/admin/export-refusals", test_export_refusals);
  fixture_test ("/hub/admin/describe", test_describe);
  fixture_test ("/hub/admin/check", test_check);
  fixture_test ("/hub/admin/check-of-rubbish", test_check_of_rubbish);
  return g_test_run ();
}
