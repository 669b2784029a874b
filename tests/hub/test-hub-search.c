/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <string.h>

#define add(path, function)                                                                        \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

#define FORM "Content-Type: application/x-www-form-urlencoded"

static HubAnswer *
get (HubFixture *fixture, const char *user, const char *path)
{
  g_autofree char *request = g_strconcat ("GET ", path, NULL);

  return hub_fixture_send (fixture, user, request, NULL, NULL);
}

static void
put (HubFixture *fixture, const char *type, const char *id, const char *body)
{
  g_autofree char *request = g_strdup_printf ("PUT /fhir/%s/%s", type, id);
  g_autofree char *json =
      g_strdup_printf ("{\"resourceType\":\"%s\",\"id\":\"%s\",%s}", type, id, body);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, json);

  g_assert_cmpuint (answer->status / 100, ==, 2);
}

/* The ids on a page, matches first. */
static char *
ids_of (HubAnswer *answer)
{
  GString *ids = g_string_new (NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  fhir_element_foreach (entry, fhir_resource_path (answer->resource, "entry"))
    {
      const char *id = fhir_element_path_text (entry, "resource.id");

      if (id != NULL)
        g_string_append_printf (ids, "%s%s", ids->len > 0 ? " " : "", id);
    }
  return g_string_free_and_steal (ids);
}

static void
assert_found (HubFixture *fixture, const char *path, const char *expected)
{
  g_autoptr (HubAnswer) answer = get (fixture, "admin", path);
  g_autofree char *ids = NULL;

  g_test_message ("%s", path);
  ids = ids_of (answer);
  g_assert_cmpstr (ids, ==, expected);
}

static void
fill (HubFixture *fixture)
{
  put (fixture, "Patient", "p1", "\"name\":[{\"family\":\"Ito\"}],\"gender\":\"female\"");
  put (fixture, "Patient", "p2", "\"name\":[{\"family\":\"Abara\"}],\"gender\":\"male\"");
  put (fixture, "Observation", "o1",
       "\"status\":\"final\",\"text\":{\"status\":\"generated\",\"div\":\"<div/>\"},\"code\":{"
       "\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8867-4\",\"display\":\"Heart "
       "rate\"}]},"
       "\"subject\":{\"reference\":\"Patient/p1\"},\"note\":[{\"text\":\"n\"}],\"valueQuantity\":{"
       "\"value\":70.0,\"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"}");
  put (fixture, "Observation", "o2",
       "\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":"
       "\"8867-4\"}]},\"subject\":{\"reference\":\"Patient/p2\"}");
}

static void
test_what_is_asked (HubFixture *fixture, gconstpointer data)
{
  fill (fixture);
  assert_found (fixture, "/fhir/Observation?code:text=heart", "o1");
  assert_found (fixture,
                "/fhir/Observation?code-value-quantity=http://loinc.org%7C8867-4$ge70&_sort=-_id",
                "o1");
  assert_found (fixture, "/fhir/Patient?_has:Observation:patient:code-value-quantity=8867-4$gt60",
                "p1");
  assert_found (fixture, "/fhir/Patient?_has:Observation:patient:code=8867-4&_sort=family",
                "p2 p1");
  assert_found (fixture, "/fhir/Patient?_id=p1&_revinclude=Observation:subject", "p1 o1");
  assert_found (fixture,
                "/fhir/Observation?subject:Patient.gender=male&_include=Observation:subject",
                "o2 p2");
}

/* A search as a form, in the address, and in both at once. */
static void
test_post (HubFixture *fixture, gconstpointer data)
{
  const char *const cases[][3] = {
    { "/fhir/Observation/_search", "code=8867-4&patient=p1", "o1" },
    { "/fhir/Observation/_search?patient=p2", "code=8867-4", "o2" },
    { "/fhir/Observation/_search?patient=p2&code=8867-4", "", "o2" },
    { "/fhir/Observation/_search?patient=p2", "patient=p1", "" },
    { "/fhir/Observation/_search?_sort=-_id", "_count=1", "o2" },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *request = g_strconcat ("POST ", cases[i][0], NULL);
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "nurse", request, FORM "; charset=utf-8", cases[i][1]);
      g_autofree char *ids = NULL;

      g_test_message ("%s, %s", cases[i][0], cases[i][1]);
      ids = ids_of (answer);
      g_assert_cmpstr (ids, ==, cases[i][2]);
    }
  {
    g_autoptr (HubAnswer) first =
        hub_fixture_send (fixture, "nurse", "POST /fhir/Observation/_search?_sort=-_id", FORM,
                          "_count=1");
    const char *next = fhir_resource_path_text (first->resource, "link.1.url");
    g_autoptr (HubAnswer) second = get (fixture, "nurse", next);
    g_autofree char *ids = ids_of (second);

    g_assert_cmpstr (ids, ==, "o1");
    g_assert_null (strstr (next, "_sort"));
  }
}

static void
test_parts (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *query;
    gboolean text, code, note, entry;
    int total;
  } cases[] = {
    { "", TRUE, TRUE, TRUE, TRUE, -1 },
    { "_summary=false", TRUE, TRUE, TRUE, TRUE, -1 },
    { "_summary=true", FALSE, TRUE, FALSE, TRUE, -1 },
    { "_summary=text", TRUE, TRUE, FALSE, TRUE, -1 },
    { "_summary=data&_total=accurate", FALSE, TRUE, TRUE, TRUE, 1 },
    { "_summary=count", FALSE, FALSE, FALSE, FALSE, 1 },
    { "_count=0", FALSE, FALSE, FALSE, FALSE, 1 },
    { "_elements=note&_total=estimate", FALSE, TRUE, TRUE, TRUE, 1 },
    { "_total=none", TRUE, TRUE, TRUE, TRUE, -1 },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/fhir/Observation?_id=o1&%s", cases[i].query);
      g_autoptr (HubAnswer) answer = get (fixture, "nurse", path);
      const FhirElement *entry = fhir_resource_path (answer->resource, "entry.0.resource");
      gboolean cut = cases[i].entry && !(cases[i].text && cases[i].note);

      g_test_message ("%s", path);
      g_assert_cmpuint (answer->status, ==, 200);
      g_assert_cmpint (entry != NULL, ==, cases[i].entry);
      g_assert_cmpint (fhir_element_get (entry, "text") != NULL, ==, cases[i].text);
      g_assert_cmpint (fhir_element_get (entry, "code") != NULL, ==, cases[i].code);
      g_assert_cmpint (fhir_element_get (entry, "note") != NULL, ==, cases[i].note);
      g_assert_cmpint (fhir_element_get_integer (fhir_resource_path (answer->resource, "total"),
                                                 -1),
                       ==, cases[i].total);
      g_assert_cmpstr (fhir_element_path_text (entry, "meta.tag.code"), ==,
                       cut ? "SUBSETTED" : NULL);
    }
}

/* What is refused, each with an OperationOutcome that names it. */
static void
test_refused (HubFixture *fixture, gconstpointer data)
{
  const char *const cases[][2] = {
    { "/fhir/Observation?code:above=1", ":above" },
    { "/fhir/Observation?status:text=final", "status" },
    { "/fhir/Observation?code-value-string=a$b", "code-value-string" },
    { "/fhir/Location?near=1%7C2%7C3", "near" },
    { "/fhir/Observation?_include:iterate=Observation:subject", "_include:iterate" },
    { "/fhir/Observation?_revinclude:iterate=Provenance:target", "_revinclude:iterate" },
    { "/fhir/Observation?subject:Patient.organization.name=x", "more than one reference" },
    { "/fhir/Patient?_has:Observation:patient:_has:Provenance:target:agent=x",
      "more than one reference" },
    { "/fhir/Observation?_sort=value-quantity", "value-quantity" },
    { "/fhir/Observation?_sort=date,_id,value-date,code", "3 keys" },
    { "/fhir/Observation?_text=x", "_text" },
    { "/fhir/Observation?_page=bm8", "no page" },
    { "/fhir/Observation?_page=Y29kZT0xCmFiYw", "no link" },
  };
  g_autoptr (GString) parameters = g_string_new ("GET /fhir/Observation?code=1");
  g_autoptr (GString) values = g_string_new ("GET /fhir/Observation?code=1");
  g_autoptr (GString) includes = g_string_new ("GET /fhir/Observation?_count=1");
  g_autoptr (HubAnswer) many = NULL, much = NULL, along = NULL, longest = NULL;
  g_autofree char *long_request = g_strdup_printf ("GET /fhir/Observation?code=%09000d", 1);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer = get (fixture, "nurse", cases[i][0]);
      g_autofree char *sentence = hub_answer_sentence (answer);

      g_test_message ("%s: %s", cases[i][0], sentence);
      g_assert_cmpuint (answer->status / 100, ==, 4);
      g_assert_nonnull (strstr (sentence, cases[i][1]));
    }
  for (int i = 0; i < 100; i++)
    g_string_append (parameters, "&code=1");
  for (int i = 0; i < 1000; i++)
    g_string_append (values, ",1");
  for (int i = 0; i < 21; i++)
    g_string_append (includes, "&_include=Observation:subject");
  many = hub_fixture_send (fixture, "nurse", parameters->str, NULL, NULL);
  much = hub_fixture_send (fixture, "nurse", values->str, NULL, NULL);
  along = hub_fixture_send (fixture, "nurse", includes->str, NULL, NULL);
  longest = hub_fixture_send (fixture, "nurse", long_request, NULL, NULL);
  hub_assert_outcome (many, 400);
  g_assert_nonnull (strstr (many->text, "100 parameters"));
  hub_assert_outcome (much, 400);
  g_assert_nonnull (strstr (much->text, "1000 values"));
  hub_assert_outcome (along, 400);
  g_assert_nonnull (strstr (along->text, "20 of _include"));
  hub_assert_outcome (longest, 414);
  g_assert_nonnull (strstr (longest->text, "8192"));
}

static void
test_said_what_was_left_out (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) first = NULL, second = NULL, strict = NULL, large = NULL;

  fill (fixture);
  first = hub_fixture_send (fixture, "nurse", "GET /fhir/Observation?shoesize=7&_count=1",
                            "Prefer: handling=lenient", NULL);
  g_assert_nonnull (strstr (first->text, "shoesize"));
  g_assert_nonnull (strstr (first->text, "\"mode\":\"outcome\""));
  /* The next page is as lenient, whatever is sent with it. */
  second = get (fixture, "nurse", fhir_resource_path_text (first->resource, "link.1.url"));
  g_assert_cmpuint (second->status, ==, 200);
  g_assert_nonnull (strstr (second->text, "shoesize"));
  g_assert_nonnull (strstr (second->text, "\"o2\""));
  strict = get (fixture, "nurse", "/fhir/Observation?shoesize=7");
  hub_assert_outcome (strict, 400);
  large = get (fixture, "nurse", "/fhir/Observation?_count=5000");
  g_assert_cmpuint (large->status, ==, 200);
  g_assert_nonnull (strstr (large->text, "at most 1000"));
}

/* Between two pages one comes, one goes, one that was met and one that is to come change places. */
static void
test_pages_while_it_changes (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *path = g_strdup ("/fhir/Patient?_sort=birthdate&_count=3");
  guint page = 0;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("q%u", i);
      g_autofree char *born = g_strdup_printf ("\"birthDate\":\"19%02u\"", 40 + i);

      put (fixture, "Patient", id, born);
    }
  while (path != NULL)
    {
      g_autoptr (HubAnswer) answer = get (fixture, "nurse", path);
      g_autofree char *joined = ids_of (answer), *fresh = g_strdup_printf ("n%u", page);
      g_auto (GStrv) ids = g_strsplit (joined, " ", -1);
      g_autofree char *gone = g_strdup_printf ("DELETE /fhir/Patient/q%u", 4 + page * 4);
      g_autofree char *met = g_strdup_printf ("q%u", page),
                      *later = g_strdup_printf ("q%u", 19 - page);
      g_autoptr (HubAnswer) deleted = NULL;

      g_test_message ("page %u: %s", page, joined);
      for (guint i = 0; ids[i] != NULL; i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (ids[i])));
      g_free (path);
      path = g_strdup (fhir_resource_path_text (answer->resource, "link.1.url"));
      put (fixture, "Patient", fresh, "\"birthDate\":\"1950\"");
      put (fixture, "Patient", met, "\"birthDate\":\"1999\"");
      put (fixture, "Patient", later, "\"birthDate\":\"1901\"");
      if (page < 3)
        deleted = hub_fixture_send (fixture, "admin", gone, NULL, NULL);
      g_assert_cmpuint (++page, <, 20);
    }
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("q%u", i);

      if (i != 4 && i != 8 && i != 12)
        g_assert_true (g_hash_table_contains (seen, id));
    }
  g_assert_cmpuint (page, >, 5);
}

/* "Who has an observation like this" would tell a patient of others. */
static void
test_nobody_asks_backwards (HubFixture *fixture, gconstpointer data)
{
  const char *const paths[] = {
    "/fhir/Practitioner?_has:Observation:performer:code=8867-4",
    "/fhir/Organization?_has:Patient:organization:name=Ito",
  };
  const char *const users[] = { "patient", "pharmacy" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths) * G_N_ELEMENTS (users); i++)
    {
      g_autoptr (HubAnswer) answer = get (fixture, users[i % 2], paths[i / 2]);

      hub_assert_outcome (answer, 403);
    }
}

/* ---- the CapabilityStatement states what is answered ---- */

static const char *
value_for (const char *type)
{
  const char *const values[][2] = {
    { "token", "x" },    { "string", "x" }, { "date", "2026" }, { "reference", "x" },
    { "quantity", "1" }, { "number", "1" }, { "uri", "urn:x" }, { "composite", "x$1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (values[i][0], type))
      return values[i][1];
  g_error ("nothing is searched by a value of type “%s”", type);
}

static void
add_get (GString *batch, const char *type, const char *query)
{
  g_autofree char *escaped = g_uri_escape_string (query, "=:$_.", FALSE);

  g_string_append_printf (batch, "%s{\"request\":{\"method\":\"GET\",\"url\":\"%s?_count=1&%s\"}}",
                          g_str_has_suffix (batch->str, "[") ? "" : ",", type, escaped);
}

static guint
add_gets (GString *batch, const FhirElement *resource)
{
  const char *type = fhir_element_path_text (resource, "type");
  guint count = 0;

  fhir_element_foreach (parameter, fhir_element_get (resource, "searchParam"))
    {
      const char *name = fhir_element_path_text (parameter, "name");
      const char *kind = fhir_element_path_text (parameter, "type");
      gboolean dated = g_str_equal (name, "code-value-date");
      g_autofree char *query = g_strconcat (name, "=", dated ? "x$2026" : value_for (kind), NULL);

      add_get (batch, type, query);
      count++;
    }
  fhir_element_foreach (include, fhir_element_get (resource, "searchInclude"))
    {
      g_autofree char *query = g_strconcat ("_include=", fhir_element_get_text (include), NULL);

      add_get (batch, type, query);
      count++;
    }
  fhir_element_foreach (include, fhir_element_get (resource, "searchRevInclude"))
    {
      g_autofree char *query = g_strconcat ("_revinclude=", fhir_element_get_text (include), NULL);

      add_get (batch, type, query);
      count++;
    }
  return count;
}

static void
test_capability (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) metadata = get (fixture, NULL, "/fhir/metadata");
  const FhirElement *resources = fhir_resource_path (metadata->resource, "rest.0.resource");
  guint all = 0;

  g_assert_cmpuint (fhir_element_get_length (resources), >, 50);
  fhir_element_foreach (resource, resources)
    {
      g_autoptr (GString) batch =
          g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[");
      guint count = add_gets (batch, resource), answered = 0;
      g_autoptr (HubAnswer) answer = NULL;

      g_string_append (batch, "]}");
      answer = hub_fixture_send (fixture, "admin", "POST /fhir", NULL, batch->str);
      g_test_message ("%s: %u", fhir_element_path_text (resource, "type"), count);
      g_assert_cmpuint (answer->status, ==, 200);
      fhir_element_foreach (entry, fhir_resource_path (answer->resource, "entry"))
        {
          const char *status = fhir_element_path_text (entry, "response.status");

          if (!g_str_has_prefix (status, "200"))
            g_error ("%s %s", status,
                     fhir_element_path_text (entry, "response.outcome.issue.diagnostics"));
          answered++;
        }
      g_assert_cmpuint (answered, ==, count);
      all += count;
    }
  g_test_message ("%u searches", all);
  g_assert_cmpuint (all, >, 1500);
  /* What is refused is not stated. */
  g_assert_null (strstr (metadata->text, "code-value-string"));
  g_assert_null (strstr (metadata->text, "\"near\""));
  g_assert_nonnull (strstr (metadata->text, "\"combo-code-value-quantity\""));
  g_assert_nonnull (strstr (metadata->text, "\"Observation:patient\""));
}

/* What was sent comes back: extensions, decimals, every script, what nobody knows. */
static void
test_round_trip (HubFixture *fixture, gconstpointer data)
{
  const char *body =
      "\"birthDate\":\"1960-02\",\"_birthDate\":{\"extension\":[{\"url\":\"urn:t\",\"valueTime\":"
      "\"04:05:06\"}]},\"contained\":[{\"resourceType\":\"Basic\",\"id\":\"c\"}],\"unknown\":{"
      "\"n\":["
      "1.00,1.0e-10,12345678901234567890.10,-0.0]},\"name\":[{\"text\":\"A\xe2\x80\x8bnn "
      "\xd8\xb9\xd8\xb1 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\xa7\x91\xe2\x80\x8d\xe2\x9a\x95\"}]";
  g_autoptr (HubAnswer) read = NULL, found = NULL;

  put (fixture, "Patient", "p1", body);
  read = get (fixture, "nurse", "/fhir/Patient/p1");
  found = get (fixture, "nurse", "/fhir/Patient?_id=p1");
  g_assert_nonnull (strstr (read->text, body));
  g_assert_nonnull (strstr (found->text, body));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/hub-search/asked", test_what_is_asked);
  add ("/hub-search/post", test_post);
  add ("/hub-search/parts", test_parts);
  add ("/hub-search/refused", test_refused);
  add ("/hub-search/left-out", test_said_what_was_left_out);
  add ("/hub-search/pages-while-it-changes", test_pages_while_it_changes);
  add ("/hub-search/backwards", test_nobody_asks_backwards);
  add ("/hub-search/capability", test_capability);
  add ("/hub-search/round-trip", test_round_trip);
  return g_test_run ();
}
