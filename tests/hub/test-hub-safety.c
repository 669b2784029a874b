/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-safety.h"

#include <glib/gstdio.h>
#include <string.h>

#include "clinical-tables.h"

/* What `bedside-hub safety` answers, over the tables that are shipped. */

#define TODAY "2026-11-29"

static JsonNode *
ask (const HubSafetyQuestion *question)
{
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autoptr (GError) error = NULL;
  JsonNode *result = hub_safety_ask (content, question, TODAY, &error);

  g_assert_no_error (error);
  return result;
}

static JsonObject *
find (JsonNode *result, const char *list, const char *member, const char *value)
{
  JsonArray *array = json_object_get_array_member (json_node_get_object (result), list);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *one = json_array_get_object_element (array, i);

      if (g_strcmp0 (json_object_get_string_member (one, member), value) == 0)
        return one;
    }
  return NULL;
}

/* Simvastatin and clarithromycin, penicillin and amoxicillin, in a woman who is pregnant. */
static void
test_ask (void)
{
  const HubSafetyQuestion question = { .drugs = "312961, 197517,308191",
                                       .allergies = "Penicillin",
                                       .age = "30.5",
                                       .weight = "70",
                                       .egfr = "25",
                                       .pregnant = TRUE };
  g_autoptr (JsonNode) result = ask (&question);
  JsonObject *interaction = find (result, "findings", "kind", "interaction"),
             *scope = json_object_get_object_member (json_node_get_object (result), "scope");
  g_autofree char *text = hub_safety_to_text (result);

  g_assert_nonnull (interaction);
  g_assert_cmpstr (json_object_get_string_member (interaction, "severity"), ==, "high");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (interaction, "subjects")),
                    ==, 2);
  g_assert_true (json_object_has_member (interaction, "source"));
  g_assert_nonnull (find (result, "findings", "kind", "allergy"));
  g_assert_nonnull (find (result, "findings", "kind", "pregnancy"));
  /* a code alone has no dose */
  g_assert_nonnull (find (result, "notChecked", "check", "dose"));
  g_assert_cmpint (json_object_get_int_member (scope, "covered"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (scope, "of"), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (scope, "date"), ==, "2026-11-29");
  g_assert_true (hub_safety_is_grave (result));
  g_assert_nonnull (strstr (text, "covering 3 of 3 drugs"));
}

/* A code that nobody knows is named as not checked, and is not covered. */
static void
test_unknown_code (void)
{
  const HubSafetyQuestion question = { .drugs = "999999999" };
  g_autoptr (JsonNode) result = ask (&question);
  JsonObject *scope = json_object_get_object_member (json_node_get_object (result), "scope");

  g_assert_nonnull (find (result, "notChecked", "subject", "999999999"));
  g_assert_cmpint (json_object_get_int_member (scope, "covered"), ==, 0);
  g_assert_false (hub_safety_is_grave (result));
}

static void
test_bad_words (void)
{
  static const HubSafetyQuestion bad[] = {
    { .drugs = "" },
    { .drugs = "aspirin" },
    { .drugs = "1,2;3" },
    { .drugs = "1191", .age = "old" },
    { .drugs = "1191", .age = "-3" },
    { .drugs = "1191", .weight = "nan" },
    { .drugs = "1191", .egfr = "1e9" },
  };
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (hub_safety_ask (content, &bad[i], TODAY, &error));
      g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, "--"));
    }
}

#define RX "http://www.nlm.nih.gov/research/umls/rxnorm"
#define BUNDLE                                                                                     \
  "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["                               \
  "{\"fullUrl\":\"urn:uuid:1\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\","           \
  "\"birthDate\":\"1950-01-01\"}},"                                                                \
  "{\"fullUrl\":\"urn:uuid:m\",\"resource\":{\"resourceType\":\"Medication\",\"id\":\"m\","        \
  "\"code\":{\"coding\":[{\"system\":\"" RX "\",\"code\":\"312961\"}]}}},"                         \
  "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"id\":\"a\",\"status\":\"active\","      \
  "\"intent\":\"order\",\"subject\":{\"reference\":\"urn:uuid:1\"},\"medicationReference\":"       \
  "{\"reference\":\"urn:uuid:m\"}}},"                                                              \
  "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"id\":\"b\",\"status\":\"active\","      \
  "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/p\"},\"medicationCodeableConcept\":"  \
  "{\"coding\":[{\"system\":\"" RX "\",\"code\":\"197517\"}]}}},"                                  \
  "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"id\":\"c\",\"status\":\"stopped\","     \
  "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/p\"},\"medicationCodeableConcept\":"  \
  "{\"coding\":[{\"system\":\"" RX "\",\"code\":\"308191\"}]}}}]}"
#define ISSUE                                                                                      \
  "{\"resourceType\":\"DetectedIssue\",\"id\":\"i\",\"status\":\"final\",\"code\":{\"text\":"      \
  "\"interaction\"},\"severity\":\"high\",\"patient\":{\"reference\":\"Patient/p\"},"              \
  "\"mitigation\":[{\"action\":{\"coding\":[{\"code\":\"9\"}],\"text\":\"CK weekly\"},\"date\":"   \
  "\"2026-11-01\",\"author\":{\"reference\":\"Practitioner/d\"}}]}\nbroken\n"

static char *
folder_new (void)
{
  char *folder = g_dir_make_tmp ("bedside-safety-XXXXXX", NULL);
  g_autofree char *bundle = g_build_filename (folder, "one.json", NULL);
  g_autofree char *lines = g_build_filename (folder, "two.ndjson", NULL);

  g_assert_true (g_file_set_contents (bundle, BUNDLE, -1, NULL));
  g_assert_true (g_file_set_contents (lines, ISSUE, -1, NULL));
  return folder;
}

static void
folder_remove (const char *folder)
{
  g_autofree char *bundle = g_build_filename (folder, "one.json", NULL);
  g_autofree char *lines = g_build_filename (folder, "two.ndjson", NULL);

  g_assert_cmpint (g_unlink (bundle), ==, 0);
  g_assert_cmpint (g_unlink (lines), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Full URLs and ids, a Medication of its own, one that was stopped, an entry that cannot be read.
 */
static void
test_panel (void)
{
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autofree char *folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = hub_safety_panel (content, folder, TODAY, &error);
  JsonObject *root, *interaction;

  g_assert_no_error (error);
  root = json_node_get_object (result);
  interaction = find (result, "findings", "kind", "interaction");
  g_assert_cmpint (json_object_get_int_member (root, "patients"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (root, "unreadable"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (root, "scope"), "of"),
                   ==, 2);
  g_assert_cmpstr (json_object_get_string_member (interaction, "patient"), ==, "Patient/p");
  g_assert_cmpstr (json_object_get_string_member (interaction, "evidence"), ==,
                   "MedicationRequest/a");
  folder_remove (folder);
}

static void
test_overrides (void)
{
  g_autofree char *folder = folder_new (), *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = hub_safety_overrides (folder, &error);
  JsonObject *one, *reasons;

  g_assert_no_error (error);
  one = find (result, "overrides", "kind", "interaction");
  reasons = json_object_get_object_member (json_node_get_object (result), "reasons");
  g_assert_cmpstr (json_object_get_string_member (one, "reason"), ==, "CK weekly");
  g_assert_cmpstr (json_object_get_string_member (one, "who"), ==, "Practitioner/d");
  g_assert_cmpint (json_object_get_int_member (reasons, "9"), ==, 1);
  text = hub_safety_to_text (result);
  g_assert_nonnull (strstr (text, "Overridden: 1"));
  folder_remove (folder);
}

static void
test_no_files (void)
{
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autofree char *folder = g_dir_make_tmp ("bedside-safety-XXXXXX", NULL);
  g_autoptr (GError) empty = NULL, missing = NULL;

  g_assert_null (hub_safety_panel (content, folder, TODAY, &empty));
  g_assert_nonnull (strstr (empty->message, "--data"));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_null (hub_safety_panel (content, folder, TODAY, &missing));
  g_assert_error (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-safety/ask", test_ask);
  g_test_add_func ("/hub-safety/unknown-code", test_unknown_code);
  g_test_add_func ("/hub-safety/bad-words", test_bad_words);
  g_test_add_func ("/hub-safety/panel", test_panel);
  g_test_add_func ("/hub-safety/overrides", test_overrides);
  g_test_add_func ("/hub-safety/no-files", test_no_files);
  return g_test_run ();
}
