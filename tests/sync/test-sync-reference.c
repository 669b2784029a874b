/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-reference.h"

#define DOCUMENT                                                                                   \
  "{\"resourceType\":\"DocumentReference\",\"id\":\"d\",\"extension\":[{\"url\":\"http://x.org/"   \
  "a\","                                                                                           \
  "\"valueReference\":{\"reference\":\"Group/g\"}}],\"subject\":{\"reference\":\"Patient/p\"},"    \
  "\"content\":[{\"attachment\":{\"title\":\"Binary/b\",\"url\":\"Binary/b\"}},"                   \
  "{\"attachment\":{\"url\":\"https://elsewhere.org/Binary/b\"}}]}"

static FhirResource *
read_document (void)
{
  g_autoptr (GError) error = NULL;
  FhirResource *document = fhir_resource_parse (DOCUMENT, -1, &error);

  g_assert_no_error (error);
  return document;
}

/* An attachment waits for the Binary that it names, and for nothing on another machine. */
static void
test_collect (void)
{
  g_autoptr (FhirResource) document = read_document ();
  g_autoptr (GHashTable) references = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  sync_reference_collect (fhir_resource_get_root (document), references);
  g_assert_cmpuint (g_hash_table_size (references), ==, 3);
  g_assert_true (g_hash_table_contains (references, "Patient/p"));
  g_assert_true (g_hash_table_contains (references, "Group/g"));
  g_assert_true (g_hash_table_contains (references, "Binary/b"));
}

/* A server that chose other ids finds the attachment's bytes all the same. */
static void
test_rewrite (void)
{
  g_autoptr (FhirResource) document = read_document ();
  g_autoptr (GHashTable) renamed = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (FhirResource) after = NULL;

  g_hash_table_insert (renamed, (gpointer) "Binary/b", (gpointer) "Binary/90");
  g_hash_table_insert (renamed, (gpointer) "Patient/p", (gpointer) "Patient/7");
  after = sync_reference_rewrite (document, renamed);
  g_assert_cmpstr (fhir_resource_path_text (after, "subject.reference"), ==, "Patient/7");
  g_assert_cmpstr (fhir_resource_path_text (after, "content.0.attachment.url"), ==, "Binary/90");
  g_assert_cmpstr (fhir_resource_path_text (after, "content.0.attachment.title"), ==, "Binary/b");
  g_assert_cmpstr (fhir_resource_path_text (after, "content.1.attachment.url"), ==,
                   "https://elsewhere.org/Binary/b");
  g_assert_cmpstr (fhir_resource_path_text (after, "extension.0.url"), ==, "http://x.org/a");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/reference/collect", test_collect);
  g_test_add_func ("/sync/reference/rewrite", test_rewrite);
  return g_test_run ();
}
