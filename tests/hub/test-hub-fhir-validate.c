/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#include "fhir-validate.h"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

#define GOOD "{\"resourceType\":\"Patient\",\"id\":\"a\",\"gender\":\"female\"}"
#define BAD  "{\"resourceType\":\"Patient\",\"id\":\"a\",\"gender\":\"f\",\"shoeSize\":43}"
#define PARAMETERS(resource, more)                                                                 \
  "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":" resource  \
  "}" more "]}"

static char *
dup_issues (HubAnswer *answer)
{
  GString *words = g_string_new (NULL);

  g_assert_cmpstr (fhir_resource_get_type (answer->resource), ==, "OperationOutcome");
  fhir_element_foreach (issue, fhir_resource_path (answer->resource, "issue"))
    {
      const char *expression = fhir_element_path_text (issue, "expression.0");

      g_string_append_printf (words, "%s%s %s%s%s", words->len > 0 ? "|" : "",
                              fhir_element_path_text (issue, "severity"),
                              fhir_element_path_text (issue, "code"), expression != NULL ? " " : "",
                              expression != NULL ? expression : "");
    }
  return g_string_free_and_steal (words);
}

#define NONE "information informational"
#define TWO                                                                                        \
  "error code-invalid Patient.gender|error structure Patient.shoeSize|information informational"

static void
test_sent (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *request, *body, *issues;
  } cases[] = {
    { "POST /fhir/Patient/$validate", GOOD, NONE },
    { "POST /fhir/Patient/$validate", BAD, TWO },
    { "POST /fhir/Patient/$validate?mode=create", BAD, TWO },
    { "POST /fhir/Patient/$validate",
      PARAMETERS (BAD, ",{\"name\":\"mode\",\"valueCode\":\"update\"}"), TWO },
    { "POST /fhir/Patient/a/$validate", BAD, TWO },
    { "POST /fhir/Patient/b/$validate", GOOD, "error value Patient.id|" NONE },
    { "POST /fhir/Parameters/$validate", PARAMETERS (GOOD, ""), NONE },
    { "POST /fhir/Bundle/$validate",
      "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"resource\":" BAD "}]}",
      "error code-invalid Bundle.entry[0].resource.gender|error structure "
      "Bundle.entry[0].resource.shoeSize|" NONE },
  };
  g_autoptr (HubAnswer) none = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "reception", cases[i].request, NULL, cases[i].body);
      g_autofree char *issues = dup_issues (answer);

      g_assert_cmpuint (answer->status, ==, 200);
      g_assert_cmpstr (issues, ==, cases[i].issues);
      g_assert_nonnull (strstr (answer->text, "Not checked: invariants"));
    }
  none = hub_fixture_send (fixture, "admin", "GET /fhir/Patient/a", NULL, NULL);
  g_assert_cmpuint (none->status, ==, 404); /* nothing was stored */
}

static void
test_stored (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) put = hub_fixture_send (fixture, "nurse", "PUT /fhir/Patient/a", NULL, BAD);
  g_autoptr (HubAnswer) answer =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/a/$validate", NULL, NULL);
  g_autoptr (HubAnswer) post =
      hub_fixture_send (fixture, "nurse", "POST /fhir/Patient/a/$validate", NULL, NULL);
  g_autoptr (HubAnswer) other =
      hub_fixture_send (fixture, "patient", "GET /fhir/Patient/a/$validate", NULL, NULL);
  g_autoptr (HubAnswer) missing =
      hub_fixture_send (fixture, "nurse", "GET /fhir/Patient/z/$validate", NULL, NULL);
  g_autofree char *issues = dup_issues (answer);
  g_autofree char *same = dup_issues (post);

  g_assert_cmpuint (put->status, ==, 201);
  g_assert_cmpstr (issues, ==, TWO);
  g_assert_cmpstr (same, ==, TWO);
  hub_assert_outcome (other, 403);
  hub_assert_outcome (missing, 404);
}

static void
test_refusals (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *request, *body;
    guint status;
    const char *words;
  } cases[] = {
    { "POST /fhir/Patient/$validate", "{", 400, "Not JSON" },
    { "POST /fhir/Patient/$validate", "", 400, "Not JSON" },
    { "POST /fhir/Observation/$validate", GOOD, 400, "The URL says Observation" },
    { "POST /fhir/Patient/$validate?profile=urn:x", GOOD, 400, "profile" },
    { "POST /fhir/Patient/$validate?mode=delete", GOOD, 400, "delete" },
    { "POST /fhir/Patient/$validate?strict=1", GOOD, 400, "strict" },
    { "POST /fhir/Patient/$validate",
      PARAMETERS (GOOD, ",{\"name\":\"profile\",\"valueUri\":\"urn:x\"}"), 400, "profile" },
    { "POST /fhir/Patient/$validate", "{\"resourceType\":\"Parameters\"}", 400, "resource" },
    { "GET /fhir/Patient/$validate", NULL, 405, "POST" },
  };
  g_autoptr (HubAnswer) nobody =
      hub_fixture_send (fixture, NULL, "POST /fhir/Patient/$validate", NULL, GOOD);

  hub_assert_outcome (nobody, 401);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "nurse", cases[i].request, NULL, cases[i].body);
      g_autofree char *sentence = hub_answer_sentence (answer);

      g_test_message ("%s: %s", cases[i].request, sentence);
      hub_assert_outcome (answer, cases[i].status);
      g_assert_nonnull (strstr (sentence, cases[i].words));
    }
}

static void
assert_valid (HubFixture *fixture, const char *request, const char *headers, const char *body)
{
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, headers, body);
  g_autoptr (GPtrArray) issues = NULL;

  g_assert_nonnull (answer->resource);
  issues = fhir_validate (answer->resource);
  for (guint i = 0; i < issues->len; i++)
    {
      const FhirIssue *issue = issues->pdata[i];

      g_test_message ("%s: %s: %s", request, issue->expression, issue->text);
      g_assert_cmpstr (issue->severity, !=, "error");
    }
}

/* What the hub itself writes is R4. */
static void
test_answers (HubFixture *fixture, gconstpointer data)
{
  const char *bundle =
      "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":["
      "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/a\"}},"
      "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/none\"}},"
      "{\"request\":{\"method\":\"GET\",\"url\":\"Patient/_history\"}},"
      "{\"request\":{\"method\":\"DELETE\",\"url\":\"Patient/b\"}},"
      "{\"request\":{\"method\":\"POST\",\"url\":\"Patient\"},\"resource\":{\"resourceType\":"
      "\"Patient\"}}]}";

  assert_valid (fixture, "PUT /fhir/Patient/a", NULL, GOOD);
  assert_valid (fixture, "PUT /fhir/Patient/b", NULL,
                "{\"resourceType\":\"Patient\",\"id\":\"b\"}");
  assert_valid (fixture, "PATCH /fhir/Patient/a", "Content-Type: application/json-patch+json",
                "[{\"op\":\"add\",\"path\":\"/active\",\"value\":true}]");
  assert_valid (fixture, "POST /fhir", NULL, bundle);
  assert_valid (fixture, "GET /fhir/_history", NULL, NULL);
  assert_valid (fixture, "GET /fhir/_history?_count=1", NULL, NULL);
  assert_valid (fixture, "GET /fhir/Device/_history", NULL, NULL); /* with nothing in it */
  assert_valid (fixture, "GET /fhir/Patient/a/_history", NULL, NULL);
  assert_valid (fixture, "GET /fhir/Patient/a/$everything", NULL, NULL);
  assert_valid (fixture, "GET /fhir/Patient/a/$everything?_since=2099", NULL, NULL);
  assert_valid (fixture, "GET /fhir/Patient", NULL, NULL);
  assert_valid (fixture, "GET /fhir/Patient/none", NULL, NULL);
  assert_valid (fixture, "POST /fhir/Patient/$validate", NULL, BAD);
  assert_valid (fixture, "GET /fhir/$export", "Prefer: respond-async", NULL);
  assert_valid (fixture, "PUT /fhir/Binary/x",
                "Content-Type: text/plain\nPrefer: "
                "return=representation",
                "x");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub-fhir-validate/sent", test_sent);
  fixture_test ("/hub-fhir-validate/stored", test_stored);
  fixture_test ("/hub-fhir-validate/refusals", test_refusals);
  fixture_test ("/hub-fhir-validate/answers", test_answers);
  return g_test_run ();
}
