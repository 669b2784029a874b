/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content.h"

#include <string.h>

static StoreContent *
open_shipped (void)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "data", "content", NULL);
  g_autoptr (GError) error = NULL;
  StoreContent *content = store_content_open (folder, &error);

  g_assert_no_error (error);
  g_assert_true (store_content_wait (content, &error));
  g_assert_no_error (error);
  return content;
}

static void
test_formulary_is_whole (void)
{
  g_autoptr (StoreContent) content = open_shipped ();
  g_autofree char *label = store_content_dup_label (content),
                  *attribution = store_content_dup_attribution (content);
  const StoreDrug *drug = store_content_get_drug (content, "308191");

  g_assert_cmpuint (store_content_get_size (content), ==, 11597);
  g_assert_cmpstr (label, ==, "RxNorm Current Prescribable Content, 06-Oct-2025");
  g_assert_true (strstr (attribution, "National Library of Medicine") != NULL);
  g_assert_cmpstr (drug->name, ==, "amoxicillin 500 MG Oral Capsule");
  g_assert_cmpstr (drug->ingredient_codes, ==, "723");
  g_assert_null (store_content_get_drug (content, "0"));
}

static void
test_search (void)
{
  static const struct
  {
    const char *typed, *first;
  } cases[] = {
    { "amox 500", "amoxicillin 500 MG" },
    { "amoxicilin 500mg", "amoxicillin 500 MG" },
    { "500 amox cap", "amoxicillin 500 MG Oral Capsule" },
    { "metfromin", "metformin" },
    { "ibuprofin 600", "ibuprofen 600 MG Oral Tablet" },
    { "lipitor", "atorvastatin" },
    { "AMLODIPINE 5 tab", "amlodipine 5 MG Oral Tablet" },
    { "sertraline", "sertraline" },
    { "warf", "warfarin" },
    { "levothyroxine 0.05", "levothyroxine" },
    { "amox clav 875", "amoxicillin 875 MG / clavulanate 125 MG Oral Tablet" },
  };
  g_autoptr (StoreContent) content = open_shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) drugs = store_content_search_drugs (content, cases[i].typed, 20);

      g_assert_cmpuint (drugs->len, >, 0);
      g_test_message ("%s: %s", cases[i].typed, ((StoreDrug *) drugs->pdata[0])->name);
      g_assert_true (g_str_has_prefix (((StoreDrug *) drugs->pdata[0])->name, cases[i].first) ||
                     strstr (((StoreDrug *) drugs->pdata[0])->name, cases[i].first));
    }
}

static void
test_search_finds_nothing_made_up (void)
{
  g_autoptr (StoreContent) content = open_shipped ();
  static const char *const typed[] = { "",  "   ",      "qqqqqqqqq",       "amoxicillin 77777",
                                       "%", "' OR 1=1", "\xf0\x9f\x92\x8a" };

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (GPtrArray) drugs = store_content_search_drugs (content, typed[i], 20);

      g_test_message ("%s", typed[i]);
      if (i != 5)
        g_assert_cmpuint (drugs->len, ==, 0);
    }
}

/* A strength is never guessed at, and a combination never comes before its single ingredient. */
static void
test_search_ranks (void)
{
  g_autoptr (StoreContent) content = open_shipped ();
  g_autoptr (GPtrArray) drugs = store_content_search_drugs (content, "losartan", 50);
  gboolean combination = FALSE;

  for (guint i = 0; i < drugs->len; i++)
    {
      gboolean is_combination = strchr (((StoreDrug *) drugs->pdata[i])->ingredients, '|') != NULL;

      g_assert_false (combination && !is_combination);
      combination |= is_combination;
    }
  g_assert_true (combination);
}

static gboolean
has (GPtrArray *ingredients, const char *name)
{
  for (guint i = 0; i < ingredients->len; i++)
    if (g_str_equal (((ClinicalIngredient *) ingredients->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

static void
test_ingredients (void)
{
  g_autoptr (StoreContent) content = open_shipped ();
  g_autoptr (GPtrArray) drug =
      clinical_content_ingredients_of_drug (CLINICAL_CONTENT (content), "562508");
  g_autoptr (GPtrArray) ingredient =
      clinical_content_ingredients_of_drug (CLINICAL_CONTENT (content), "723");
  g_autoptr (GPtrArray) salt =
      clinical_content_ingredients_of_drug (CLINICAL_CONTENT (content), "203195");
  g_autoptr (GPtrArray) brand = clinical_content_ingredients_in_text (CLINICAL_CONTENT (content),
                                                                      "Rash after Augmentin, 2011");
  g_autoptr (GPtrArray) nothing =
      clinical_content_ingredients_in_text (CLINICAL_CONTENT (content), "Allergy to grass pollen");

  g_assert_true (has (drug, "amoxicillin") && has (drug, "clavulanate"));
  g_assert_true (ingredient->len == 1 && has (ingredient, "amoxicillin"));
  g_assert_true (has (salt, "penicillin V"));
  g_assert_true (has (brand, "amoxicillin"));
  g_assert_cmpuint (nothing->len, ==, 0);
  g_assert_null (clinical_content_ingredients_of_drug (CLINICAL_CONTENT (content), "999999999"));
}

static void
write_table (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_broken_tables_say_so (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bedside-content-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreContent) none = store_content_open (folder, &error);
  g_autoptr (StoreContent) broken = NULL;
  g_autoptr (GPtrArray) drugs = NULL;

  g_assert_null (none);
  g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT);
  g_clear_error (&error);
  write_table (folder, "formulary.tsv", "# label: x\n# date: 2025-10-06\nheading\n1\ttoo few\n");
  write_table (folder, "ingredients.tsv", "rxcui\tname\ttty\n");
  write_table (folder, "allergy-classes.tsv", "");
  broken = store_content_open (folder, &error);
  g_assert_no_error (error);
  g_assert_false (store_content_wait (broken, &error));
  g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT);
  drugs = store_content_search_drugs (broken, "amox", 10);
  g_assert_cmpuint (drugs->len, ==, 0);
  g_assert_null (clinical_content_ingredients_of_drug (CLINICAL_CONTENT (broken), "723"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/content/whole", test_formulary_is_whole);
  g_test_add_func ("/store/content/search", test_search);
  g_test_add_func ("/store/content/search-nothing", test_search_finds_nothing_made_up);
  g_test_add_func ("/store/content/search-ranks", test_search_ranks);
  g_test_add_func ("/store/content/ingredients", test_ingredients);
  g_test_add_func ("/store/content/broken-tables", test_broken_tables_say_so);
  return g_test_run ();
}
