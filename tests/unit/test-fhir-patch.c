/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-patch.h"

#include <string.h>

#define BASE                                                                                       \
  "{\"resourceType\":\"Patient\",\"id\":\"a\",\"name\":[{\"family\":\"Abara\",\"given\":[\"Ife\"," \
  "\"Ada\"]}],\"x\":1.00,\"a/b\":{\"m~n\":2.50},\"\":0,\"n\":null}"
#define OF(members) "{\"resourceType\":\"Patient\",\"id\":\"a\"" members "}"

static FhirResource *
resource_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return resource;
}

static FhirResource *
apply (const char *text, const char *patch_text, GError **error)
{
  g_autoptr (FhirResource) resource = resource_of (text);
  g_autoptr (FhirPatch) patch = fhir_patch_parse (patch_text, -1, error);

  return patch != NULL ? fhir_patch_apply (patch, resource, error) : NULL;
}

typedef struct
{
  const char *before, *patch, *after;
} Good;

static void
test_operations (void)
{
  static const Good cases[] = {
    { OF (""), "[]", OF ("") },
    { OF (""), "[{\"op\":\"add\",\"path\":\"/b\",\"value\":1.10}]", OF (",\"b\":1.10") },
    /* an existing member is replaced where it stands */
    { OF (",\"b\":1,\"c\":2"), "[{\"op\":\"add\",\"path\":\"/b\",\"value\":[]}]",
      OF (",\"b\":[],\"c\":2") },
    { OF (",\"l\":[1,2]"), "[{\"op\":\"add\",\"path\":\"/l/1\",\"value\":9}]",
      OF (",\"l\":[1,9,2]") },
    { OF (",\"l\":[1,2]"), "[{\"op\":\"add\",\"path\":\"/l/2\",\"value\":9}]",
      OF (",\"l\":[1,2,9]") },
    { OF (",\"l\":[1,2]"), "[{\"op\":\"add\",\"path\":\"/l/-\",\"value\":9}]",
      OF (",\"l\":[1,2,9]") },
    { OF (",\"l\":[1,2]"), "[{\"op\":\"remove\",\"path\":\"/l/0\"}]", OF (",\"l\":[2]") },
    { OF (",\"b\":1,\"c\":2.0"), "[{\"op\":\"remove\",\"path\":\"/b\"}]", OF (",\"c\":2.0") },
    { OF (",\"b\":1,\"c\":2"), "[{\"op\":\"replace\",\"path\":\"/b\",\"value\":1.00}]",
      OF (",\"b\":1.00,\"c\":2") },
    { OF (",\"l\":[1,2]"), "[{\"op\":\"replace\",\"path\":\"/l/1\",\"value\":{\"z\":0}}]",
      OF (",\"l\":[1,{\"z\":0}]") },
    { OF (",\"b\":{\"c\":1.0}"), "[{\"op\":\"move\",\"from\":\"/b/c\",\"path\":\"/d\"}]",
      OF (",\"b\":{},\"d\":1.0") },
    { OF (",\"l\":[1,2,3]"), "[{\"op\":\"move\",\"from\":\"/l/0\",\"path\":\"/l/2\"}]",
      OF (",\"l\":[2,3,1]") },
    { OF (",\"b\":1"), "[{\"op\":\"move\",\"from\":\"/b\",\"path\":\"/b\"}]", OF (",\"b\":1") },
    { OF (",\"b\":{\"c\":1.0}"), "[{\"op\":\"copy\",\"from\":\"/b\",\"path\":\"/b/d\"}]",
      OF (",\"b\":{\"c\":1.0,\"d\":{\"c\":1.0}}") },
    /* both signs of a pointer, in their order: ~01 is ~1 */
    { OF (",\"a/b\":1,\"c~d\":2,\"~1\":3"),
      "[{\"op\":\"remove\",\"path\":\"/a~1b\"},{\"op\":\"remove\",\"path\":\"/c~0d\"},"
      "{\"op\":\"remove\",\"path\":\"/~01\"}]",
      OF ("") },
    { OF (",\"\":1"), "[{\"op\":\"replace\",\"path\":\"/\",\"value\":2}]", OF (",\"\":2") },
    { OF (",\"b\":1"), "[{\"op\":\"replace\",\"path\":\"\",\"value\":" OF ("") "}]", OF ("") },
    /* what stands around is not looked at */
    { OF (""), "[{\"op\":\"add\",\"path\":\"/b\",\"value\":null,\"why\":\"x\"}]",
      OF (",\"b\":null") },
    /* the value of a member may be taken and given to again */
    { OF (",\"b\":1"),
      "[{\"op\":\"remove\",\"path\":\"/b\"},{\"op\":\"add\",\"path\":\"/b\",\"value\":2}]",
      OF (",\"b\":2") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) after = apply (cases[i].before, cases[i].patch, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (fhir_resource_get_text (after, NULL), ==, cases[i].after);
    }
}

/* Beyond 64 bits a power of ten is taken by its letters. */
static void
test_far_powers (void)
{
#define FAR "1500e9223372036854775807"
  static const struct
  {
    const char *value;
    gboolean same;
  } cases[] = {
    { FAR, TRUE },
    { "15e9223372036854775807", FALSE },
    { "1500e9223372036854775808", FALSE },
    { "1500", FALSE },
    { "1500e-9223372036854775809", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *patch =
          g_strdup_printf ("[{\"op\":\"test\",\"path\":\"/x\",\"value\":%s}]", cases[i].value);
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) after =
          apply ("{\"resourceType\":\"Basic\",\"x\":" FAR "}", patch, &error);

      g_assert_true ((after != NULL) == cases[i].same);
    }
}

static void
test_tests (void)
{
  static const char *const same[] = {
    "/x\",\"value\":1",
    "/x\",\"value\":1.0",
    "/x\",\"value\":100e-2",
    "/x\",\"value\":0.01E2",
    "/name\",\"value\":[{\"given\":[\"Ife\",\"Ada\"],\"family\":\"Abara\"}]",
    "/a~1b/m~0n\",\"value\":2.5",
    "/\",\"value\":-0.0",
    "/n\",\"value\":null",
  };
  static const char *const other[] = {
    "/x\",\"value\":1.001",
    "/x\",\"value\":-1",
    "/x\",\"value\":10",
    "/x\",\"value\":\"1.00\"",
    "/name\",\"value\":[]",
    "/name/0/given\",\"value\":[\"Ada\",\"Ife\"]",
    "/name/0\",\"value\":{\"family\":\"Abara\"}",
    "/a~1b\",\"value\":{\"m\":2.5}",
    "/n\",\"value\":false",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *patch = g_strdup_printf ("[{\"op\":\"test\",\"path\":\"%s}]", same[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) after = apply (BASE, patch, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (fhir_resource_get_text (after, NULL), ==, BASE);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_autofree char *patch = g_strdup_printf ("[{\"op\":\"test\",\"path\":\"%s}]", other[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) after = apply (BASE, patch, &error);

      g_assert_error (error, FHIR_ERROR, FHIR_ERROR_VALUE);
      g_assert_null (after);
    }
}

typedef struct
{
  const char *patch;
  FhirError code;
  const char *words; /* of the error */
} Bad;

static void
test_refusals (void)
{
  static const Bad cases[] = {
    { "", FHIR_ERROR_SYNTAX, "Not JSON" },
    { "{}", FHIR_ERROR_STRUCTURE, "list of operations" },
    { "[1]", FHIR_ERROR_STRUCTURE, "Operation 0: it is not an object" },
    { "[{\"op\":\"test\",\"path\":\"/x\",\"value\":1},{\"op\":\"put\",\"path\":\"/x\"}]",
      FHIR_ERROR_STRUCTURE, "Operation 1:" },
    { "[{\"op\":\"remove\"}]", FHIR_ERROR_STRUCTURE, "no “path”" },
    { "[{\"op\":\"add\",\"path\":\"/x\"}]", FHIR_ERROR_STRUCTURE, "Operation 0 (add /x)" },
    { "[{\"op\":\"move\",\"path\":\"/x\"}]", FHIR_ERROR_STRUCTURE, "no “from”" },
    { "[{\"op\":\"remove\",\"path\":\"x\"}]", FHIR_ERROR_STRUCTURE, "begins with" },
    { "[{\"op\":\"remove\",\"path\":\"/x~2\"}]", FHIR_ERROR_STRUCTURE, "~0" },
    { "[{\"op\":\"remove\",\"path\":\"/x~\"}]", FHIR_ERROR_STRUCTURE, "~0" },
    { "[{\"op\":\"remove\",\"path\":\"/x\",\"path\":\"/y\"}]", FHIR_ERROR_DUPLICATE, "twice" },
    { "[{\"op\":\"add\",\"path\":\"/x\",\"value\":\"a\\u0000b\"}]", FHIR_ERROR_VALUE, "U+0000" },
    { "[{\"op\":\"remove\",\"path\":\"/name/1\"}]", FHIR_ERROR_VALUE,
      "Operation 0 (remove /name/1)" },
    { "[{\"op\":\"remove\",\"path\":\"/name/00\"}]", FHIR_ERROR_VALUE, "nothing at “00”" },
    { "[{\"op\":\"remove\",\"path\":\"/name/-\"}]", FHIR_ERROR_VALUE, "nothing at “-”" },
    { "[{\"op\":\"remove\",\"path\":\"/name/99999999999999999999\"}]", FHIR_ERROR_VALUE,
      "nothing" },
    { "[{\"op\":\"remove\",\"path\":\"\"}]", FHIR_ERROR_VALUE, "delete it" },
    { "[{\"op\":\"replace\",\"path\":\"/y\",\"value\":1}]", FHIR_ERROR_VALUE, "nothing at “y”" },
    { "[{\"op\":\"replace\",\"path\":\"/x/y\",\"value\":1}]", FHIR_ERROR_VALUE, "step 2" },
    { "[{\"op\":\"add\",\"path\":\"/y/z\",\"value\":1}]", FHIR_ERROR_VALUE, "nothing at “y”" },
    { "[{\"op\":\"add\",\"path\":\"/x/z\",\"value\":1}]", FHIR_ERROR_VALUE, "neither" },
    { "[{\"op\":\"add\",\"path\":\"/name/2\",\"value\":1}]", FHIR_ERROR_VALUE, "no place" },
    { "[{\"op\":\"add\",\"path\":\"/name/a\",\"value\":1}]", FHIR_ERROR_VALUE, "no place" },
    { "[{\"op\":\"move\",\"from\":\"/name\",\"path\":\"/name/0\"}]", FHIR_ERROR_VALUE, "itself" },
    { "[{\"op\":\"copy\",\"from\":\"/y\",\"path\":\"/z\"}]", FHIR_ERROR_VALUE,
      "Operation 0 (copy /z)" },
    { "[{\"op\":\"replace\",\"path\":\"/id\",\"value\":\"b\"}]", FHIR_ERROR_VALUE,
      "resourceType or id" },
    { "[{\"op\":\"replace\",\"path\":\"/resourceType\",\"value\":\"Task\"}]", FHIR_ERROR_VALUE,
      "resourceType or id" },
    { "[{\"op\":\"remove\",\"path\":\"/resourceType\"}]", FHIR_ERROR_STRUCTURE,
      "no FHIR resource" },
    { "[{\"op\":\"replace\",\"path\":\"\",\"value\":[]}]", FHIR_ERROR_STRUCTURE,
      "no FHIR resource" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) after = apply (BASE, cases[i].patch, &error);

      g_test_message ("%s", cases[i].patch);
      g_assert_null (after);
      g_assert_error (error, FHIR_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
}

/* @count times the same operation. */
static char *
dup_many (const char *operation, guint count)
{
  GString *patch = g_string_new ("[");

  for (guint i = 0; i < count; i++)
    g_string_append_printf (patch, "%s%s", i > 0 ? "," : "", operation);
  g_string_append_c (patch, ']');
  return g_string_free_and_steal (patch);
}

static void
assert_limit (const char *before, const char *patch, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) after = apply (before, patch, &error);

  g_assert_null (after);
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_limits (void)
{
  const char *one = "{\"op\":\"test\",\"path\":\"/x\",\"value\":1}";
  g_autofree char *most = dup_many (one, FHIR_PATCH_MAX_OPERATIONS);
  g_autofree char *more = dup_many (one, FHIR_PATCH_MAX_OPERATIONS + 1);
  /* twice as much, and as deep, each time */
  g_autofree char *wide = dup_many ("{\"op\":\"copy\",\"from\":\"/l\",\"path\":\"/l/-\"}", 900);
  g_autofree char *deep = dup_many ("{\"op\":\"copy\",\"from\":\"/b\",\"path\":\"/b/b\"}", 900);
  g_autofree char *far =
      dup_many ("{\"op\":\"test\",\"path\":\"/l/199999\",\"value\":0}", FHIR_PATCH_MAX_OPERATIONS);
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *deepest = NULL;
  g_autofree char *long_list = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) after = apply (BASE, most, &error);

  g_assert_no_error (error);
  assert_limit (BASE, more, "1000 operations");
  assert_limit (OF (",\"l\":[\"0123456789012345678901234567890123456789\"]"), wide, "32 MiB");
  assert_limit (OF (",\"b\":{}"), deep, "levels");
  for (guint i = 0; i < 200000; i++)
    g_string_append (list, i > 0 ? ",0" : "0");
  long_list = g_strdup_printf (OF (",\"l\":[%s]"), list->str);
  assert_limit (long_list, far, "list items");
  deepest = dup_many ("{\"op\":\"copy\",\"from\":\"/l\",\"path\":\"/m\"}", 100);
  assert_limit (long_list, deepest, "32 MiB");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/patch/operations", test_operations);
  g_test_add_func ("/fhir/patch/tests", test_tests);
  g_test_add_func ("/fhir/patch/far-powers", test_far_powers);
  g_test_add_func ("/fhir/patch/refusals", test_refusals);
  g_test_add_func ("/fhir/patch/limits", test_limits);
  return g_test_run ();
}
