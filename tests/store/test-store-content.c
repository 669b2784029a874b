/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content.h"

#include "clinical-tallman.h"
#include "content-tables.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static StoreContent *
open_shipped (void)
{
  g_autofree char *path = store_content_dup_default_path ();
  g_autoptr (GDateTime) day = g_date_time_new_utc (2026, 11, 30, 9, 0, 0);
  g_autoptr (BaseClock) clock = base_clock_new_at (day);
  g_autoptr (GError) error = NULL;
  StoreContent *content = store_content_new (path, clock);

  g_assert_true (store_content_wait (content, &error));
  g_assert_no_error (error);
  return content;
}

static void
test_formulary_is_whole (void)
{
  g_autoptr (StoreContent) content = open_shipped ();
  g_autofree char *label = store_content_dup_label (content),
                  *attribution = store_content_dup_attribution (content),
                  *day = store_content_dup_day (content), *sentence = NULL;
  g_autoptr (ClinicalRules) rules = clinical_content_dup_rules (CLINICAL_CONTENT (content));
  const StoreDrug *drug = store_content_get_drug (content, "308191");

  g_assert_cmpint (store_content_get_state (content, &sentence), ==, STORE_CONTENT_READY);
  g_assert_null (sentence);
  g_assert_cmpuint (store_content_get_size (content), ==, 11597);
  g_assert_cmpstr (label, ==, "RxNorm Current Prescribable Content, 06-Oct-2025");
  g_assert_cmpstr (day, ==, "2025-10-06");
  g_assert_nonnull (strstr (attribution, "National Library of Medicine"));
  g_assert_cmpstr (drug->name, ==, "amoxicillin 500 MG Oral Capsule");
  g_assert_cmpstr (drug->ingredient_codes, ==, "723");
  g_assert_true (drug == store_content_get_drug (content, "308191"));
  g_assert_null (store_content_get_drug (content, "0"));
  g_assert_nonnull (rules);
  g_assert_cmpuint (clinical_rules_get_size (rules, "allergy-classes"), ==, 83);
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
test_packages (void)
{
  static const char *const metformin[] = { "00087606005", NULL };
  static const char *const unknown[] = { "99999999999", "", NULL };
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  static const char *const amoxil[] = { "99999999999", "00093415573", "00093415573", NULL };
  g_autoptr (StoreContent) content = store_content_open (path, NULL), shipped = open_shipped ();
  g_autoptr (GPtrArray) found = store_content_find_packages (content, amoxil),
                        none = store_content_find_packages (content, unknown),
                        real = store_content_find_packages (shipped, metformin);

  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (((StoreDrug *) found->pdata[0])->rxcui, ==, "308191");
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (real->len, <=, 1);
  content_tables_remove (g_steal_pointer (&folder));
}

/* ---- states ---- */

/* Whatever is wrong: it has a sentence, finds nothing and lets nothing be checked. */
static void
assert_says (StoreContent *content, StoreContentState state, const char *word)
{
  g_autofree char *sentence = NULL;
  g_autoptr (GPtrArray) drugs = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ingredients = NULL;

  g_assert_cmpint (store_content_get_state (content, &sentence), ==, state);
  g_assert_nonnull (sentence);
  g_test_message ("%s", sentence);
  g_assert_nonnull (strstr (sentence, word));
  if (state == STORE_CONTENT_EXPIRED)
    return;
  g_assert_false (store_content_wait (content, &error));
  g_assert_nonnull (error);
  drugs = store_content_search_drugs (content, "amox", 10);
  g_assert_cmpuint (drugs->len, ==, 0);
  g_assert_cmpuint (store_content_get_size (content), ==, 0);
  g_assert_null (store_content_get_drug (content, "308191"));
  g_assert_null (store_content_dup_day (content));
  g_assert_null (clinical_content_dup_rules (CLINICAL_CONTENT (content)));
  g_assert_null (clinical_content_ingredients_of_drug (CLINICAL_CONTENT (content), "723"));
  g_assert_cmpuint (clinical_content_get_class_rows (CLINICAL_CONTENT (content))->len, ==, 0);
  ingredients = clinical_content_ingredients_in_text (CLINICAL_CONTENT (content), "amoxicillin");
  g_assert_cmpuint (ingredients->len, ==, 0);
}

static void
assert_path_says (const char *path, StoreContentState state, const char *word)
{
  g_autoptr (StoreContent) content = store_content_new (path, NULL);

  assert_says (content, state, word);
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;

  assert_path_says ("/nowhere/content.sqlite", STORE_CONTENT_MISSING, "/nowhere/content.sqlite");
  assert_path_says ("/", STORE_CONTENT_MISSING, "not there");
  g_assert_null (store_content_open ("/nowhere/content.sqlite", &error));
  g_assert_nonnull (error);
}

static void
test_empty (void)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autofree char *formulary = g_build_filename (folder, "formulary.tsv", NULL);
  g_autofree char *ndc = g_build_filename (folder, "ndc.tsv", NULL);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  assert_path_says (path, STORE_CONTENT_EMPTY, "empty");
  g_unlink (formulary);
  g_unlink (ndc);
  g_free (path);
  path = content_tables_make (folder);
  assert_path_says (path, STORE_CONTENT_EMPTY, "empty");
  content_tables_remove (g_steal_pointer (&folder));
}

static void
test_expired (void)
{
  g_autofree char *folder = content_tables_new (), *path = NULL;
  g_autoptr (GDateTime) day = g_date_time_new_utc (2026, 11, 22, 9, 0, 0);
  g_autoptr (BaseClock) clock = base_clock_new_at (day);
  g_autoptr (StoreContent) content = NULL;
  g_autoptr (GPtrArray) drugs = NULL;

  content_tables_write (folder, "allergy-classes.tsv", "# expires: 2026-11-22\n" CONTENT_CLASSES);
  path = content_tables_make (folder);
  content = store_content_new (path, clock);
  g_assert_cmpint (store_content_get_state (content, NULL), ==, STORE_CONTENT_READY);
  store_content_set_limit_days (content, 20);
  assert_says (content, STORE_CONTENT_EXPIRED, "21-Nov-2026"); /* date and the site's limit */
  store_content_set_limit_days (content, 21);
  g_assert_cmpint (store_content_get_state (content, NULL), ==, STORE_CONTENT_READY);
  store_content_set_limit_days (content, 0);
  base_clock_advance (clock, G_TIME_SPAN_DAY);
  assert_says (content, STORE_CONTENT_EXPIRED, "22-Nov-2026"); /* its own word */
  drugs = store_content_search_drugs (content, "amox", 10);
  g_assert_cmpuint (drugs->len, ==, 1);
  content_tables_remove (g_steal_pointer (&folder));
}

/* What nothing reads may be as old as it likes; the next table that is read may not. */
static void
test_expired_unread (void)
{
  static const char *const unread[][2] = {
    { "tall-man.tsv", "name\twritten\nbupropion\tbuPROPion\n" },
    { "drug-information.tsv", "rxcui\tname\tlanguage\twhat\thow\twatch\n"
                              "723\tamoxicillin\ten\tFor an infection\tTake it\tRash\n" },
  };
  g_autofree char *folder = content_tables_new (), *path = NULL;
  g_autoptr (GDateTime) day = g_date_time_new_utc (2026, 11, 22, 9, 0, 0);
  g_autoptr (BaseClock) clock = base_clock_new_at (day);
  g_autoptr (StoreContent) content = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (unread); i++)
    {
      g_autofree char *text =
          g_strconcat ("# label: Old\n# date: 2025-01-01\n# expires: 2025-06-01\n", unread[i][1],
                       NULL);

      content_tables_write (folder, unread[i][0], text);
    }
  content_tables_write (folder, "allergy-classes.tsv", "# expires: 2026-11-22\n" CONTENT_CLASSES);
  path = content_tables_make (folder);
  content = store_content_new (path, clock);
  g_assert_cmpint (store_content_get_state (content, NULL), ==, STORE_CONTENT_READY);
  base_clock_advance (clock, G_TIME_SPAN_DAY);
  assert_says (content, STORE_CONTENT_EXPIRED, "22-Nov-2026");
  content_tables_remove (g_steal_pointer (&folder));
}

/* ---- names in tall-man letters ---- */

static void
assert_written (const char *name, const char *written)
{
  g_autofree char *shown = clinical_tallman (name);

  g_assert_cmpstr (shown, ==, written);
}

/* They are those of the content that is open, and of no list beside it. */
static void
test_tallman (void)
{
  g_autofree char *shipped = store_content_dup_default_path (), *folder = content_tables_new ();
  g_autofree char *bare = content_tables_make (folder), *path = NULL, *scope = NULL;
  g_autoptr (StoreContent) first = store_content_new (shipped, NULL);
  g_autoptr (StoreContent) second = NULL, third = NULL;

  assert_written ("prednisone 5 mg", "predniSONE 5 mg");
  assert_written ("bupropion", "buPROPion");
  scope = clinical_tallman_dup_scope ("prednisone", "2026-11-29");
  g_assert_nonnull (strstr (scope, "Look-alike names in tall-man letters of 29-Nov-2026"));
  g_assert_nonnull (strstr (scope, "unreviewed"));
  second = store_content_new (bare, NULL);
  assert_written ("prednisone 5 mg", "prednisone 5 mg");
  content_tables_write (folder, "tall-man.tsv",
                        "# label: Own names\n# date: 2026-11-01\nname\twritten\n"
                        "bupropion\tbuPROPion\n");
  path = content_tables_make (folder);
  third = store_content_new (path, NULL);
  assert_written ("prednisone and bupropion", "prednisone and buPROPion");
  content_tables_remove (g_steal_pointer (&folder));
}

/* A byte anywhere: it is seen, or it was in no row, head or digest. */
static void
test_corrupt (void)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autofree char *good = NULL;
  gsize length, seen = 0;

  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  for (gsize i = 0; i < length; i += 61)
    {
      g_autofree char *bad = g_memdup2 (good, length);
      g_autoptr (StoreContent) content = NULL;
      const StoreDrug *drug;

      bad[i] ^= 0x10;
      g_assert_true (g_file_set_contents (path, bad, (gssize) length, NULL));
      content = store_content_new (path, NULL);
      seen += !store_content_wait (content, NULL);
      drug = store_content_get_drug (content, "308191");
      if (drug)
        g_assert_cmpstr (drug->name, ==, "amoxicillin 500 MG Oral Capsule");
    }
  g_test_message ("%zu of %zu seen", seen, length / 61);
  g_assert_cmpuint (seen, >, 0);
  content_tables_remove (g_steal_pointer (&folder));
}

/* One letter of one cell, which SQLite itself reads without a word. */
static void
test_changed_cell (void)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autofree char *text = NULL;
  gsize length;
  char *at;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  at = memmem (text, length, "metformin hydrochloride 500", 27);
  g_assert_nonnull (at);
  memcpy (at, "metformin hydrochloride 850", 27);
  g_assert_true (g_file_set_contents (path, text, (gssize) length, NULL));
  assert_path_says (path, STORE_CONTENT_CORRUPT, "formulary");
  content_tables_remove (g_steal_pointer (&folder));
}

static void
test_half_written (void)
{
  g_autofree char *path = store_content_dup_default_path (), *text = NULL;
  g_autofree char *folder = content_tables_new ();
  g_autofree char *half = g_build_filename (folder, "half.sqlite", NULL);
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (gsize part = 1; part < 8; part++)
    {
      g_assert_true (g_file_set_contents (half, text, (gssize) (length * part / 8), NULL));
      assert_path_says (half, STORE_CONTENT_CORRUPT, "half written");
    }
  g_assert_true (g_file_set_contents (half, "SQLite format 3", -1, NULL));
  assert_path_says (half, STORE_CONTENT_CORRUPT, "damaged");
  g_assert_true (g_file_set_contents (half, "rxcui\tname\n1\tx\n", -1, NULL));
  assert_path_says (half, STORE_CONTENT_CORRUPT, "damaged");
  content_tables_remove (g_steal_pointer (&folder));
}

/* ---- another file at the same place ---- */

static void
test_replaced (void)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autoptr (StoreContent) content = store_content_open (path, NULL);
  const StoreDrug *old = store_content_get_drug (content, "308191"), *new;
  GPtrArray *rows = clinical_content_get_class_rows (CLINICAL_CONTENT (content));
  g_autofree char *label = NULL;
  guint generation;

  g_assert_nonnull (old);
  g_assert_cmpuint (rows->len, ==, 1);
  generation = store_content_get_generation (content);
  content_tables_write (folder, "formulary.tsv",
                        "# label: The next one\n# date: 2026-11-20\n"
                        "scd_rxcui\tname\tingredients\tingredient_codes\tstrength\tform\troute\t"
                        "source\tbrands\n308191\tamoxicillin 500 MG Oral Tablet\tamoxicillin\t723\t"
                        "500 MG\tOral Tablet\toral\tconfirmed\t\n");
  g_free (content_tables_make (folder));
  new = store_content_get_drug (content, "308191");
  label = store_content_dup_label (content);
  g_assert_cmpstr (label, ==, "The next one");
  g_assert_cmpuint (store_content_get_generation (content), >, generation);
  g_assert_cmpstr (new->name, ==, "amoxicillin 500 MG Oral Tablet");
  /* what was handed out lives on */
  g_assert_cmpstr (old->name, ==, "amoxicillin 500 MG Oral Capsule");
  g_assert_cmpstr (((ClinicalClassRow *) rows->pdata[0])->group, ==, "penicillins");
  content_tables_remove (g_steal_pointer (&folder));
}

/* Cut off in place while it is mapped: an answer, and no signal. And back again without a restart.
 */
static void
test_cut_while_open (void)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autofree char *good = NULL;
  g_autoptr (StoreContent) content = store_content_open (path, NULL);
  gsize length;

  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  g_assert_true (store_content_wait (content, NULL));
  g_assert_cmpint (truncate (path, 4096), ==, 0);
  g_assert_null (store_content_get_drug (content, "861007"));
  assert_says (content, STORE_CONTENT_CORRUPT, "half written");
  g_unlink (path);
  assert_says (content, STORE_CONTENT_MISSING, "not there");
  g_assert_true (g_file_set_contents (path, good, (gssize) length, NULL));
  g_assert_nonnull (store_content_get_drug (content, "861007"));
  g_assert_cmpint (store_content_get_state (content, NULL), ==, STORE_CONTENT_READY);
  content_tables_remove (g_steal_pointer (&folder));
}

static gpointer
ask_in_thread (gpointer content)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GPtrArray) drugs =
          store_content_search_drugs (content, i % 2 ? "amox" : "metf", 5);
      g_autoptr (GPtrArray) ingredients = clinical_content_ingredients_of_drug (content, "723");
      g_autoptr (ClinicalRules) rules = clinical_content_dup_rules (content);

      g_assert_true (drugs->len == 0 || ((StoreDrug *) drugs->pdata[0])->name != NULL);
    }
  return NULL;
}

/* Four threads ask while the file is replaced under them. */
static void
test_threads (void)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autoptr (StoreContent) content = store_content_open (path, NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ask", ask_in_thread, content);
  for (guint i = 0; i < 5; i++)
    g_free (content_tables_make (folder));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_nonnull (store_content_get_drug (content, "308191"));
  content_tables_remove (g_steal_pointer (&folder));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/content/whole", test_formulary_is_whole);
  g_test_add_func ("/store/content/ingredients", test_ingredients);
  g_test_add_func ("/store/content/packages", test_packages);
  g_test_add_func ("/store/content/missing", test_missing);
  g_test_add_func ("/store/content/empty", test_empty);
  g_test_add_func ("/store/content/expired", test_expired);
  g_test_add_func ("/store/content/expired-unread", test_expired_unread);
  g_test_add_func ("/store/content/tallman", test_tallman);
  g_test_add_func ("/store/content/corrupt", test_corrupt);
  g_test_add_func ("/store/content/changed-cell", test_changed_cell);
  g_test_add_func ("/store/content/half-written", test_half_written);
  g_test_add_func ("/store/content/replaced", test_replaced);
  g_test_add_func ("/store/content/cut-while-open", test_cut_while_open);
  g_test_add_func ("/store/content/threads", test_threads);
  return g_test_run ();
}
