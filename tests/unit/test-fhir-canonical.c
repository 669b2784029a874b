/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-canonical.h"

#include <string.h>

#include "fhir-resource.h"

static char *
canonical (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, &error);

  g_assert_no_error (error);
  return fhir_canonical_json (fhir_resource_get_root (resource), NULL);
}

static void
test_one_text (void)
{
  static const char *const same[] = {
    "{\"resourceType\":\"Basic\",\"id\":\"a\",\"code\":{\"text\":\"x\"}}",
    " {\n\"code\" : { \"text\":\"x\" },\t\"id\":\"a\", \"resourceType\":\"Basic\" } ",
    "{\"id\":\"\\u0061\",\"code\":{\"text\":\"\\u0078\"},\"resourceType\":\"Basic\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *text = canonical (same[i]);

      g_assert_cmpstr (text, ==,
                       "{\"code\":{\"text\":\"x\"},\"id\":\"a\",\"resourceType\":\"Basic\"}");
    }
}

/* What says something else has another text. */
static void
test_others_differ (void)
{
  static const char *const others[] = {
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\",\"valueDecimal\":1.0}]}",
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\",\"valueDecimal\":1.00}]}",
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\",\"valueDecimal\":1}]}",
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\",\"valueString\":\"1\"}]}",
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\",\"valueString\":\"1 \"}]}",
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\",\"valueString\":\"é\"}]}",
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\",\"valueString\":\"e\\u0301\"}]}",
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"u\"},{\"url\":\"v\"}]}",
    "{\"resourceType\":\"Basic\",\"extension\":[{\"url\":\"v\"},{\"url\":\"u\"}]}",
    "{\"resourceType\":\"Basic\",\"a\\\":1,\\\"b\":\"x\"}",
    "{\"resourceType\":\"Basic\",\"a\":1,\"b\":\"x\"}",
    "{\"resourceType\":\"Basic\"}",
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_true (g_hash_table_add (seen, canonical (others[i])));
}

/* A member's order, at random, changes nothing; the text read again gives itself. */
static void
append_shuffled (GString *out, guint depth)
{
  guint order[] = { 0, 1, 2, 3 };

  for (guint i = 3; i > 0; i--)
    {
      guint j = (guint) g_test_rand_int_range (0, (int) i + 1), kept = order[i];

      order[i] = order[j];
      order[j] = kept;
    }
  g_string_append_c (out, '{');
  for (guint i = 0; i < 4; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      g_string_append_printf (out, "%s\"m%u\":", g_test_rand_bit () ? " " : "", order[i]);
      if (order[i] == 0 && depth > 0)
        append_shuffled (out, depth - 1);
      else if (order[i] == 1)
        g_string_append_printf (out, "[%u,\"b\",{\"z\":true,\"a\":null}]", depth);
      else
        g_string_append_printf (out, "\"text %u\"", order[i]);
    }
  g_string_append_c (out, '}');
}

static void
test_order_means_nothing (void)
{
  g_autofree char *first = NULL;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GString) json = g_string_new ("{\"resourceType\":\"Basic\",\"m\":");
      g_autofree char *text = NULL, *again = NULL;

      append_shuffled (json, 5);
      g_string_append_c (json, '}');
      text = canonical (json->str);
      again = canonical (text);
      g_assert_cmpstr (again, ==, text);
      if (first != NULL)
        g_assert_cmpstr (text, ==, first);
      else
        first = g_steal_pointer (&text);
    }
}

static void
test_without (void)
{
  static const char *const without[] = { "id", "meta", NULL };
  g_autoptr (FhirResource) resource = fhir_resource_parse (
      "{\"resourceType\":\"Basic\",\"id\":\"a\",\"meta\":{\"versionId\":\"3\"},"
      "\"contained\":[{\"resourceType\":\"Basic\",\"id\":\"b\",\"meta\":{}}]}",
      -1, NULL);
  g_autofree char *text = fhir_canonical_json (fhir_resource_get_root (resource), without);

  g_assert_cmpstr (text, ==,
                   "{\"contained\":[{\"id\":\"b\",\"meta\":{},\"resourceType\":\"Basic\"}],"
                   "\"resourceType\":\"Basic\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir-canonical/one-text", test_one_text);
  g_test_add_func ("/fhir-canonical/others-differ", test_others_differ);
  g_test_add_func ("/fhir-canonical/order-means-nothing", test_order_means_nothing);
  g_test_add_func ("/fhir-canonical/without", test_without);
  return g_test_run ();
}
