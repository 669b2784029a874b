/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-query.h"

#include <math.h>

#include "fhir-types.h"

static FhirQuery *
parse (const char *type, const char *text)
{
  g_autoptr (GError) error = NULL;
  FhirQuery *query = fhir_query_parse (type, text, FALSE, &error);

  g_assert_no_error (error);
  return query;
}

static const FhirQueryParameter *
parameter (FhirQuery *query, guint index)
{
  g_assert_cmpuint (query->parameters->len, >, index);
  return query->parameters->pdata[index];
}

static const FhirQueryValue *
value (FhirQuery *query, guint index, guint of)
{
  g_assert_cmpuint (parameter (query, index)->values->len, >, of);
  return parameter (query, index)->values->pdata[of];
}

static void
assert_token (const char *text, gboolean has_system, const char *system, const char *code)
{
  g_autofree char *string = g_strconcat ("code=", text, NULL);
  g_autoptr (FhirQuery) query = parse ("Observation", string);

  g_assert_cmpint (parameter (query, 0)->type, ==, FHIR_SEARCH_TOKEN);
  g_assert_cmpint (value (query, 0, 0)->has_system, ==, has_system);
  g_assert_cmpstr (value (query, 0, 0)->system, ==, system);
  g_assert_cmpstr (value (query, 0, 0)->value, ==, code);
}

static void
test_tokens (void)
{
  g_autoptr (FhirQuery) gender =
      parse ("Patient", "gender=http://hl7.org/fhir/administrative-gender|female");
  g_autoptr (FhirQuery) two = parse ("Observation", "code:not=a,b\\,c&status=final");

  assert_token ("8480-6", FALSE, NULL, "8480-6");
  assert_token ("http://loinc.org%7C8480-6", TRUE, "http://loinc.org", "8480-6");
  assert_token ("%7C8480-6", TRUE, NULL, "8480-6");
  assert_token ("http://loinc.org|", TRUE, "http://loinc.org", NULL);
  assert_token ("a%5C%7Cb", FALSE, NULL, "a|b");
  /* The system of a plain code stands in no resource. */
  g_assert_false (value (gender, 0, 0)->has_system);
  g_assert_cmpstr (value (gender, 0, 0)->value, ==, "female");
  g_assert_cmpuint (two->parameters->len, ==, 2);
  g_assert_cmpuint (parameter (two, 0)->values->len, ==, 2);
  g_assert_cmpstr (parameter (two, 0)->modifier, ==, "not");
  g_assert_cmpstr (value (two, 0, 1)->value, ==, "b,c");
}

static void
test_strings (void)
{
  g_autoptr (FhirQuery) folded = parse ("Patient", "name=Agust%C3%ADn+Jos%C3%A9");
  g_autoptr (FhirQuery) exact = parse ("Patient", "family:exact=McDonald");
  g_autoptr (FhirQuery) contains = parse ("Patient", "name:contains=山田");
  g_autoptr (FhirQuery) missing = parse ("Patient", "birthdate:missing=true");

  g_assert_cmpstr (value (folded, 0, 0)->value, ==, "agustin jose");
  g_assert_null (parameter (folded, 0)->modifier);
  g_assert_cmpstr (value (exact, 0, 0)->value, ==, "McDonald");
  g_assert_cmpstr (value (contains, 0, 0)->value, ==, "山田");
  g_assert_cmpstr (value (missing, 0, 0)->value, ==, "true");
}

static void
test_dates (void)
{
  g_autoptr (FhirQuery) query =
      parse ("Observation", "date=ge2026-11&date=lt2026-11-09T14:05:00+01:00");
  const gint64 november = 1793491200 * G_GINT64_CONSTANT (1000000);

  g_assert_cmpint (value (query, 0, 0)->prefix, ==, FHIR_PREFIX_GE);
  g_assert_cmpint (value (query, 0, 0)->low, ==, november);
  g_assert_cmpint (value (query, 0, 0)->high, ==, november + 30 * G_TIME_SPAN_DAY);
  g_assert_cmpint (value (query, 1, 0)->prefix, ==, FHIR_PREFIX_LT);
  g_assert_cmpint (value (query, 1, 0)->low, ==,
                   november + 8 * G_TIME_SPAN_DAY + 13 * G_TIME_SPAN_HOUR + 5 * G_TIME_SPAN_MINUTE);
}

static void
test_numbers (void)
{
  g_autoptr (FhirQuery) query =
      parse ("Observation", "value-quantity=gt5.40|http://unitsofmeasure.org|mmol/L,100,1e2,7||mg");

  g_assert_cmpint (value (query, 0, 0)->prefix, ==, FHIR_PREFIX_GT);
  g_assert_cmpfloat_with_epsilon (value (query, 0, 0)->number, 5.4, 1e-9);
  g_assert_cmpfloat_with_epsilon (value (query, 0, 0)->margin, 0.005, 1e-9);
  g_assert_cmpstr (value (query, 0, 0)->system, ==, "http://unitsofmeasure.org");
  g_assert_cmpstr (value (query, 0, 0)->value, ==, "mmol/L");
  g_assert_cmpfloat_with_epsilon (value (query, 0, 1)->margin, 0.5, 1e-9);
  g_assert_null (value (query, 0, 1)->value);
  g_assert_cmpfloat_with_epsilon (value (query, 0, 2)->margin, 50, 1e-9);
  g_assert_null (value (query, 0, 3)->system);
  g_assert_cmpstr (value (query, 0, 3)->value, ==, "mg");
}

static void
assert_reference (const char *text, const char *system, const char *id, gboolean full)
{
  g_autoptr (FhirQuery) query = parse ("Observation", text);

  g_test_message ("%s", text);
  g_assert_cmpstr (value (query, 0, 0)->system, ==, system);
  g_assert_cmpstr (value (query, 0, 0)->value, ==, id);
  g_assert_cmpint (value (query, 0, 0)->has_system, ==, full);
}

static void
test_references (void)
{
  g_autoptr (FhirQuery) identifier = parse ("Observation", "subject:identifier=urn:x|12");

  assert_reference ("subject=Patient/1", "Patient", "1", FALSE);
  assert_reference ("subject=1", NULL, "1", FALSE);
  assert_reference ("patient=1", "Patient", "1", FALSE);
  assert_reference ("subject:Patient=1", "Patient", "1", FALSE);
  assert_reference ("subject=https://other.example/fhir/Patient/1", NULL,
                    "https://other.example/fhir/Patient/1", TRUE);
  g_assert_cmpint (parameter (identifier, 0)->type, ==, FHIR_SEARCH_TOKEN);
  g_assert_cmpstr (value (identifier, 0, 0)->system, ==, "urn:x");
  g_assert_cmpstr (value (identifier, 0, 0)->value, ==, "12");
}

static void
test_chains (void)
{
  g_autoptr (FhirQuery) query =
      parse ("Observation", "subject:Patient.name:exact=Ann&patient.birthdate=1960-04-01");

  g_assert_cmpstr (parameter (query, 0)->name, ==, "subject");
  g_assert_cmpstr (parameter (query, 0)->chain_type, ==, "Patient");
  g_assert_cmpstr (parameter (query, 0)->chain_name, ==, "name");
  g_assert_cmpstr (parameter (query, 0)->modifier, ==, "exact");
  g_assert_cmpint (parameter (query, 0)->type, ==, FHIR_SEARCH_STRING);
  g_assert_cmpstr (value (query, 0, 0)->value, ==, "Ann");
  g_assert_cmpstr (parameter (query, 1)->chain_type, ==, "Patient");
  g_assert_cmpint (parameter (query, 1)->type, ==, FHIR_SEARCH_DATE);
}

static void
test_has (void)
{
  g_autoptr (FhirQuery) query =
      parse ("Patient", "_has:Observation:patient:code:not=http://loinc.org|8867-4");

  g_assert_cmpstr (parameter (query, 0)->name, ==, "_has");
  g_assert_cmpstr (parameter (query, 0)->chain_type, ==, "Observation");
  g_assert_cmpstr (parameter (query, 0)->has_reference, ==, "patient");
  g_assert_cmpstr (parameter (query, 0)->chain_name, ==, "code");
  g_assert_cmpstr (parameter (query, 0)->modifier, ==, "not");
  g_assert_cmpstr (value (query, 0, 0)->value, ==, "8867-4");
}

static void
test_composites (void)
{
  g_autoptr (FhirQuery) query =
      parse ("Observation",
             "combo-code-value-quantity=http://loinc.org|8480-6$gt140||mm[Hg],a\\$b$1"
             "&code-value-concept=x$urn:s|"
             "&code-value-date=x$ge2026"
             "&subject:Patient._id=1");
  const FhirQueryValue *first = value (query, 0, 0), *second = value (query, 0, 1);

  g_assert_cmpint (parameter (query, 0)->type, ==, FHIR_SEARCH_COMPOSITE);
  g_assert_cmpstr (first->system, ==, "http://loinc.org");
  g_assert_cmpstr (first->value, ==, "8480-6");
  g_assert_cmpint (first->second->prefix, ==, FHIR_PREFIX_GT);
  g_assert_cmpfloat (first->second->number, ==, 140);
  g_assert_cmpstr (first->second->value, ==, "mm[Hg]");
  g_assert_cmpstr (second->value, ==, "a$b");
  g_assert_false (second->has_system);
  g_assert_cmpfloat (second->second->number, ==, 1);
  g_assert_cmpstr (value (query, 1, 0)->second->system, ==, "urn:s");
  g_assert_null (value (query, 1, 0)->second->value);
  g_assert_cmpint (value (query, 2, 0)->second->prefix, ==, FHIR_PREFIX_GE);
}

static void
test_words_of_codes (void)
{
  g_autoptr (FhirQuery) query = parse ("Observation", "code:text=H%C3%89ART");

  g_assert_cmpstr (value (query, 0, 0)->value, ==, "heart");
}

static void
test_result_parameters (void)
{
  g_autoptr (FhirQuery) query =
      parse ("MedicationRequest",
             "_include=MedicationRequest:requester:Practitioner&_revinclude=Provenance:target"
             "&_sort=-authoredon,_id&_count=5000&_summary=count&_elements=id,status&_cursor=abc%3D"
             "&_format=application/fhir%2Bjson&_pretty=true");
  g_autoptr (FhirQuery) plain = parse ("Patient", NULL);
  const FhirQueryInclude *include = query->includes->pdata[0],
                         *reverse = query->revincludes->pdata[0];

  g_assert_cmpuint (query->parameters->len, ==, 0);
  g_assert_cmpstr (include->parameter, ==, "requester");
  g_assert_cmpstr (include->target_type, ==, "Practitioner");
  g_assert_cmpstr (reverse->source_type, ==, "Provenance");
  g_assert_null (reverse->target_type);
  g_assert_cmpstr (query->sorts->pdata[0], ==, "-authoredon");
  g_assert_cmpstr (query->sorts->pdata[1], ==, "_id");
  g_assert_cmpint (query->count, ==, 1000);
  g_assert_true (query->count_limited);
  g_assert_false (plain->count_limited);
  g_assert_cmpstr (query->summary, ==, "count");
  g_assert_true (query->total);
  g_assert_cmpuint (query->elements->len, ==, 2);
  g_assert_cmpstr (query->cursor, ==, "abc=");
  g_assert_cmpint (plain->count, ==, -1);
  g_assert_false (plain->total);
}

static void
test_unsupported_is_named (void)
{
  const char *const cases[][2] = {
    { "flavour=sweet", "flavour" },
    { "flavour:exact=sweet", "flavour" },
    { "code:above=x", ":above" },
    { "date:exact=2026", ":exact" },
    { "_has:Observation:patient:code=1", "never points" },
    { "_content=x", "_content" },
    { "_filter=x", "_filter" },
    { "code-value-string=x$1", "code-value-string" },
    { "code-value-quantity:missing=true", ":missing" },
    { "code-value-quantity:text=x", ":text" },
    { "status:text=final", "status" },
    { "_id:text=a", "_id" },
    { "value-quantity:text=a", ":text" },
    { "_has:Observation=1", "_has:Observation" },
    { "_has:Device:parent:flavour=1", "never points" },
    { "_has:Observation:has-member:flavour=1", "flavour" },
    { "_has:Observation:has-member:patient.name=1", "more than one" },
    { "_has:Observation:has-member:_has:Observation:derived-from:code=1", "more than one" },
    { "_has:Observation:code:code=1", "never points" },
    { "_has:Pasta:code:code=1", "never points" },
    { "_list=1", "_list" },
    { "_elements=code.text", "code.text" },
    { "_summary=true&_elements=code", "_elements" },
    { "_summary=text&_include=Observation:subject", "_include" },
    { "_revinclude:iterate=Provenance:target", "_revinclude:iterate" },
    { "_include:recurse=Observation:subject", "_include:recurse" },
    { "_sort:desc=date", "_sort:desc" },
    { "subject:Medication=1", "Medication" },
    { "subject.name=x", "subject:Patient.name" },
    { "subject:Patient.organization.name=x", "more than one" },
    { "subject:Practitioner.name=x", "Practitioner" },
    { "subject:Patient.flavour=x", "flavour" },
    { "=x", "search parameter" },
    { ":exact=x", "search parameter" },
    { ".name=x", "search parameter" },
    { "patient.=x", "Patient has no" },
    { "subject:.name=x", "never points" },
    { "subject:=1", "modifier" },
    { "_sort=flavour", "flavour" },
    { "_include=*", "_include" },
    { "_include=Observation:code", "code" },
    { "_revinclude=Library:depends-on", "depends-on" },
    { "_include=Patient:organization", "Patient" },
    { "_include:iterate=Observation:subject", "_include:iterate" },
    { "_revinclude=Patient:organization", "organization" },
    { "_summary=maybe", "maybe" },
    { "_format=xml", "xml" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirQuery) query = fhir_query_parse ("Observation", cases[i][0], FALSE, &error);
      g_autoptr (FhirQuery) lenient = fhir_query_parse ("Observation", cases[i][0], TRUE, NULL);

      g_test_message ("%s: %s", cases[i][0], error != NULL ? error->message : "accepted");
      g_assert_null (query);
      g_assert_error (error, FHIR_ERROR, FHIR_ERROR_UNSUPPORTED);
      g_assert_nonnull (strstr (error->message, cases[i][1]));
      /* Of two that cannot be together, neither is the one to leave out. */
      if (strchr (cases[i][0], '&') != NULL)
        {
          g_assert_null (lenient);
          continue;
        }
      g_assert_nonnull (lenient);
      g_assert_cmpuint (lenient->ignored->len, ==, 1);
      g_assert_cmpuint (lenient->parameters->len, ==, 0);
    }
}

static void
test_bad_values_are_refused_even_leniently (void)
{
  const char *const cases[] = {
    "patient=",
    "patient",
    "date=yesterday",
    "date=2026-02-30",
    "value-quantity=five",
    "value-quantity=1|2",
    "value-quantity=1e999",
    "code=a|b|c",
    "code=|",
    "code=a,,b",
    "code=%GG",
    "code=%",
    "code=%4",
    "code=%00",
    "code=%ff",
    "_count=-1",
    "_count=many",
    "code:missing=perhaps",
    "subject:Patient=Group/1",
    "code-value-quantity=x",
    "code-value-quantity=x$",
    "code-value-quantity=$1",
    "code-value-quantity=x$1$2",
    "code-value-quantity=x$five",
    "code-value-quantity=a|b|c$5",
    "code-value-concept=x$|",
    "code-value-date=x$yesterday",
    "code:text=%CC%81",
    "code:text=",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirQuery) query = fhir_query_parse ("Observation", cases[i], TRUE, &error);

      g_test_message ("%s: %s", cases[i], error != NULL ? error->message : "accepted");
      g_assert_null (query);
      g_assert_error (error, FHIR_ERROR, FHIR_ERROR_VALUE);
    }
}

/* The message says which limit it is. */
static void
assert_limit (char *text, const char *which)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirQuery) query = fhir_query_parse ("Observation", text, TRUE, &error);

  g_assert_null (query);
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, which));
  g_free (text);
}

static void
test_limits (void)
{
  GString *many = g_string_new ("status=final"), *values = g_string_new ("_id=1"),
          *longest = g_string_new ("code="), *includes = g_string_new ("_count=1"),
          *elements = g_string_new ("_elements=a");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 200; i++)
    g_string_append (many, "&status=final");
  for (int i = 0; i < 1000; i++)
    g_string_append (values, ",1");
  for (int i = 0; i < 70000; i++)
    g_string_append_c (longest, 'x');
  for (int i = 0; i < 21; i++)
    g_string_append (includes, "&_include=Observation:subject");
  for (int i = 0; i < 100; i++)
    g_string_append (elements, ",a");
  assert_limit (g_string_free (many, FALSE), "100 parameters");
  assert_limit (g_string_free (values, FALSE), "1000 values");
  assert_limit (g_string_free (longest, FALSE), "64 KiB");
  assert_limit (g_string_free (includes, FALSE), "20 of _include");
  assert_limit (g_string_free (elements, FALSE), "100 names");
  assert_limit (g_strdup ("_sort=date,_id,code-value-date,status"), "3 keys");
  g_assert_null (fhir_query_parse ("Pasta", NULL, TRUE, &error));
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/query/tokens", test_tokens);
  g_test_add_func ("/fhir/query/strings", test_strings);
  g_test_add_func ("/fhir/query/dates", test_dates);
  g_test_add_func ("/fhir/query/numbers", test_numbers);
  g_test_add_func ("/fhir/query/references", test_references);
  g_test_add_func ("/fhir/query/chains", test_chains);
  g_test_add_func ("/fhir/query/has", test_has);
  g_test_add_func ("/fhir/query/composites", test_composites);
  g_test_add_func ("/fhir/query/words-of-codes", test_words_of_codes);
  g_test_add_func ("/fhir/query/result-parameters", test_result_parameters);
  g_test_add_func ("/fhir/query/unsupported", test_unsupported_is_named);
  g_test_add_func ("/fhir/query/bad-values", test_bad_values_are_refused_even_leniently);
  g_test_add_func ("/fhir/query/limits", test_limits);
  return g_test_run ();
}
