/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

/* The CapabilityStatement is walked: each thing it claims is tried, for each type, and what it does
 * not claim is refused. A claim that nobody tries here fails the test. */

typedef struct
{
  HubFixture fixture;
  char *bearer;
  FhirResource *statement;
} Walk;

#define walk_test(path, function) g_test_add (path, Walk, NULL, set_up, function, tear_down)

static void
set_up (Walk *walk, gconstpointer data)
{
  g_autofree char *token = NULL;
  g_autoptr (HubAnswer) answer = NULL;

  hub_fixture_set_up (&walk->fixture, data);
  token = hub_fixture_token (&walk->fixture, "admin");
  walk->bearer = g_strconcat ("Authorization: Bearer ", token, "\n", NULL);
  answer = hub_fixture_send (&walk->fixture, NULL, "GET /fhir/metadata", NULL, NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  walk->statement = fhir_resource_ref (answer->resource);
}

static void
tear_down (Walk *walk, gconstpointer data)
{
  fhir_resource_unref (walk->statement);
  g_free (walk->bearer);
  hub_fixture_tear_down (&walk->fixture, data);
}

/* One request as the administrator; @path may have a %s for the type. */
static HubAnswer *
ask (Walk *walk,
     const char *method,
     const char *path,
     const char *type,
     const char *headers,
     const char *body)
{
  g_autofree char *filled = g_strdup_printf (path, type);
  g_autofree char *request = g_strconcat (method, " /fhir/", filled, NULL);
  g_autofree char *all = g_strconcat (walk->bearer, headers, NULL);

  return hub_fixture_send (&walk->fixture, NULL, request, all, body);
}

static void
assert_status (Walk *walk,
               const char *method,
               const char *path,
               const char *type,
               const char *headers,
               const char *body,
               guint status)
{
  g_autoptr (HubAnswer) answer = ask (walk, method, path, type, headers, body);

  if (answer->status != status)
    g_test_message ("%s %s of %s: %u %s", method, path, type, answer->status, answer->text);
  g_assert_cmpuint (answer->status, ==, status);
}

#define JSON_PATCH "Content-Type: application/json-patch+json"

/* The least that the hub takes of a type. */
static char *
dup_body (const char *type, const char *id, gboolean changed)
{
  gboolean subscription = strcmp (type, "Subscription") == 0;

  return g_strdup_printf (
      "{\"resourceType\":\"%s\",\"id\":\"%s\",\"meta\":{\"tag\":[{\"code\":\"%s\"}]}%s%s}", type,
      id, id, changed ? ",\"x\":1.00" : "",
      subscription ? ",\"status\":\"requested\",\"reason\":\"x\",\"criteria\":\"https://"
                     "bedside.health/fhir/SubscriptionTopic/clinic\",\"channel\":{\"type\":"
                     "\"websocket\"}"
                   : "");
}

static void
try_interaction (Walk *walk, const char *type, const char *code)
{
  g_autofree char *body = dup_body (type, "a", FALSE);
  g_autofree char *changed = dup_body (type, "a", TRUE);

  if (strcmp (code, "create") == 0)
    assert_status (walk, "POST", "%s", type, NULL, body, 201);
  else if (strcmp (code, "read") == 0)
    assert_status (walk, "GET", "%s/a", type, "Accept: application/fhir+json", NULL, 200);
  else if (strcmp (code, "vread") == 0)
    assert_status (walk, "GET", "%s/a/_history/1", type, NULL, NULL, 200);
  else if (strcmp (code, "update") == 0)
    assert_status (walk, "PUT", "%s/a", type, NULL, changed, 200);
  else if (strcmp (code, "patch") == 0)
    assert_status (walk, "PATCH", "%s/a", type, JSON_PATCH,
                   "[{\"op\":\"add\",\"path\":\"/y\",\"value\":1}]", 200);
  else if (strcmp (code, "history-instance") == 0)
    assert_status (walk, "GET", "%s/a/_history", type, NULL, NULL, 200);
  else if (strcmp (code, "history-type") == 0)
    assert_status (walk, "GET", "%s/_history", type, NULL, NULL, 200);
  else if (strcmp (code, "search-type") == 0)
    assert_status (walk, "GET", "%s?_id=a", type, NULL, NULL, 200);
  else
    g_assert_cmpstr (code, ==, "delete"); /* below, when nothing else is to be tried */
}

static void
try_operation (Walk *walk, const char *type, const char *name, const char *definition)
{
  g_autofree char *body = dup_body (type, "a", FALSE);
  gboolean group = strcmp (type, "Group") == 0;

  g_assert_true (g_str_has_prefix (definition, "http://hl7.org/fhir/"));
  if (strcmp (name, "validate") == 0)
    {
      assert_status (walk, "POST", "%s/$validate", type, NULL, body, 200);
      assert_status (walk, "GET", "%s/a/$validate", type, NULL, NULL, 200);
    }
  else if (strcmp (name, "everything") == 0)
    assert_status (walk, "GET", "%s/a/$everything", type, NULL, NULL, 200);
  else if (strcmp (name, "export") == 0)
    assert_status (walk, "GET", group ? "%s/a/$export" : "%s/$export", type,
                   "Prefer: respond-async", NULL, 202);
  else if (strcmp (name, "status") == 0)
    assert_status (walk, "GET", "%s/a/$status", type, NULL, NULL, 200);
  else
    {
      g_assert_cmpstr (name, ==, "get-ws-binding-token");
      assert_status (walk, "GET", "%s/a/$get-ws-binding-token", type, NULL, NULL, 200);
    }
}

static gboolean
claims (const FhirElement *resource, const char *list, const char *member, const char *value)
{
  fhir_element_foreach (item, fhir_element_get (resource, list))
    if (g_strcmp0 (fhir_element_path_text (item, member), value) == 0)
      return TRUE;
  return FALSE;
}

/* Conditions, and what only some types have. */
static void
try_conditions (Walk *walk, const FhirElement *resource, const char *type)
{
  g_autofree char *b = dup_body (type, "b", FALSE);
  g_autofree char *c = dup_body (type, "c", FALSE);

  g_assert_cmpstr (fhir_element_path_text (resource, "conditionalRead"), ==, "full-support");
  assert_status (walk, "GET", "%s/a", type,
                 "Accept: application/fhir+json\nIf-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT",
                 NULL, 304);
  assert_status (walk, "GET", "%s/a", type,
                 "Accept: application/fhir+json\nIf-None-Match: W/\"1\", W/\"2\", W/\"3\"", NULL,
                 304);
  g_assert_cmpstr (fhir_element_path_text (resource, "conditionalCreate"), ==, "true");
  assert_status (walk, "POST", "%s", type, "If-None-Exist: _id=a", b, 200);
  g_assert_cmpstr (fhir_element_path_text (resource, "updateCreate"), ==, "true");
  assert_status (walk, "PUT", "%s/b", type, NULL, b, 201);
  g_assert_cmpstr (fhir_element_path_text (resource, "conditionalUpdate"), ==, "true");
  assert_status (walk, "PUT", "%s?_id=c", type, NULL, c, 201);
  assert_status (walk, "PUT", "%s?_id=c", type, NULL, c, 200);
  g_assert_cmpstr (fhir_element_path_text (resource, "conditionalDelete"), ==, "single");
  assert_status (walk, "DELETE", "%s?_id=b,c", type, NULL, NULL, 412);
  assert_status (walk, "DELETE", "%s?_id=c", type, NULL, NULL, 204);
  g_assert_cmpstr (fhir_element_path_text (resource, "versioning"), ==, "versioned-update");
  assert_status (walk, "PUT", "%s/b", type, "If-Match: W/\"7\"", b, 412);
}

static void
refuse_operations (Walk *walk, const FhirElement *resource, const char *type)
{
  if (!claims (resource, "operation", "name", "everything"))
    assert_status (walk, "GET", "%s/a/$everything", type, NULL, NULL, 404);
  if (!claims (resource, "operation", "name", "export"))
    assert_status (walk, "GET", "%s/$export", type, "Prefer: respond-async", NULL, 404);
  if (!claims (resource, "operation", "name", "status"))
    assert_status (walk, "GET", "%s/a/$status", type, NULL, NULL, 404);
  if (!claims (resource, "operation", "name", "lastn"))
    assert_status (walk, "GET", "%s/$lastn", type, NULL, NULL, 404);
}

static void
test_types (Walk *walk, gconstpointer data)
{
  guint types = 0;

  fhir_element_foreach (resource, fhir_resource_path (walk->statement, "rest.0.resource"))
    {
      const char *type = fhir_element_path_text (resource, "type");
      g_autofree char *body = dup_body (type, "a", FALSE);

      assert_status (walk, "PUT", "%s/a", type, NULL, body, 201);
      fhir_element_foreach (interaction, fhir_element_get (resource, "interaction"))
        try_interaction (walk, type, fhir_element_path_text (interaction, "code"));
      fhir_element_foreach (operation, fhir_element_get (resource, "operation"))
        try_operation (walk, type, fhir_element_path_text (operation, "name"),
                       fhir_element_path_text (operation, "definition"));
      try_conditions (walk, resource, type);
      refuse_operations (walk, resource, type);
      g_assert_true (claims (resource, "interaction", "code", "delete"));
      assert_status (walk, "DELETE", "%s/a", type, NULL, NULL, 204);
      types++;
    }
  g_assert_cmpuint (types, ==, 146); /* of R4, all */
}

/* What the statement says of _sort is so, of each parameter that it names. */
static void
test_sort (Walk *walk, gconstpointer data)
{
  static const char *const types[] = { "date", "string", "number", "token", "uri", NULL };
  const FhirElement *rest = fhir_resource_path (walk->statement, "rest.0");
  guint sorted = 0, refused = 0;

  g_assert_true (claims (rest, "searchParam", "name", "_sort"));
  fhir_element_foreach (resource, fhir_element_get (rest, "resource"))
    fhir_element_foreach (parameter, fhir_element_get (resource, "searchParam"))
      {
        const char *type = fhir_element_path_text (resource, "type");
        const char *name = fhir_element_path_text (parameter, "name");
        gboolean good = g_strv_contains (types, fhir_element_path_text (parameter, "type"));
        g_autofree char *path = g_strdup_printf ("%s?_sort=-%s", type, name);

        if (*name == '_' && strcmp (type, "Patient") != 0) /* the same everywhere */
          continue;
        assert_status (walk, "GET", path, NULL, NULL, NULL, good ? 200 : 400);
        sorted += good;
        refused += !good;
      }
  g_test_message ("%u are sorted by, %u refused", sorted, refused);
  g_assert_cmpuint (sorted, >, 800);
  g_assert_cmpuint (refused, >, 300);
}

static void
test_system (Walk *walk, gconstpointer data)
{
  const FhirElement *rest = fhir_resource_path (walk->statement, "rest.0");

  fhir_element_foreach (interaction, fhir_element_get (rest, "interaction"))
    {
      const char *code = fhir_element_path_text (interaction, "code");
      g_autofree char *bundle =
          g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"%s\"}", code);

      if (strcmp (code, "history-system") == 0)
        assert_status (walk, "GET", "_history", NULL, NULL, NULL, 200);
      else
        assert_status (walk, "POST", "", NULL, NULL, bundle, 200);
    }
  fhir_element_foreach (operation, fhir_element_get (rest, "operation"))
    {
      g_assert_cmpstr (fhir_element_path_text (operation, "name"), ==, "export");
      assert_status (walk, "GET", "$export", NULL, "Prefer: respond-async", NULL, 202);
    }
  g_assert_false (claims (rest, "interaction", "code", "search-system"));
  assert_status (walk, "GET", "?_id=a", NULL, NULL, NULL, 405);
  assert_status (walk, "POST", "_search", NULL, NULL, "", 404);
  assert_status (walk, "DELETE", "metadata", NULL, NULL, NULL, 405);
  assert_status (walk, "GET", "$meta", NULL, NULL, NULL, 404);
  assert_status (walk, "GET", "Transport", NULL, NULL, NULL, 404); /* of R5 */
  assert_status (walk, "GET", "Patient/a/Observation", NULL, NULL, NULL, 404);
}

static void
test_formats (Walk *walk, gconstpointer data)
{
  fhir_element_foreach (format, fhir_resource_path (walk->statement, "format"))
    {
      g_autofree char *accept = g_strconcat ("Accept: ", fhir_element_get_text (format), NULL);

      assert_status (walk, "GET", "Patient", NULL, accept, NULL, 200);
    }
  g_assert_cmpstr (fhir_resource_path_text (walk->statement, "patchFormat.0"), ==,
                   "application/json-patch+json");
  assert_status (walk, "GET", "Patient", NULL, "Accept: application/fhir+xml", NULL, 406);
  assert_status (walk, "GET", "Patient?_format=xml", NULL, NULL, NULL, 406);
  assert_status (walk, "GET", "Patient", NULL, "Accept: text/turtle", NULL, 406);
  assert_status (walk, "POST", "Patient", NULL, "Content-Type: application/fhir+xml", "<Patient/>",
                 415);
  assert_status (walk, "PATCH", "Patient/a", NULL, "Content-Type: application/xml-patch+xml",
                 "<x/>", 415);
}

static void
test_is_valid (Walk *walk, gconstpointer data)
{
  g_autoptr (HubAnswer) answer = ask (walk, "POST", "CapabilityStatement/$validate", NULL, NULL,
                                      fhir_resource_get_text (walk->statement, NULL));

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_null (strstr (answer->text, "\"error\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  walk_test ("/hub-fhir-metadata/types", test_types);
  walk_test ("/hub-fhir-metadata/sort", test_sort);
  walk_test ("/hub-fhir-metadata/system", test_system);
  walk_test ("/hub-fhir-metadata/formats", test_formats);
  walk_test ("/hub-fhir-metadata/is-valid", test_is_valid);
  return g_test_run ();
}
