/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content.h"

#include <string.h>

static StoreContent *content;

static GPtrArray *
search (const char *text, guint limit)
{
  return store_content_search_drugs (content, text, limit);
}

static const char *
name_of (GPtrArray *drugs, guint at)
{
  return ((StoreDrug *) drugs->pdata[at])->name;
}

static void
test_found_first (void)
{
  static const struct
  {
    const char *typed, *first;
  } cases[] = {
    { "amox 500", "amoxicillin 500 MG" },
    { "amoxicilin 500mg", "amoxicillin 500 MG" },
    { "500 amox cap", "amoxicillin 500 MG Oral Capsule" },
    { "amo 500 cap", "amoxicillin 500 MG Oral Capsule" },
    { "met er", "metformin" },
    { "metformin xr 500", "metformin hydrochloride 500 MG Extended Release" },
    { "omep dr", "omeprazole" },
    { "ondansetron odt", "ondansetron 4 MG Disintegrating Oral Tablet" },
    { "metfromin", "metformin" },
    { "ibuprofin 600", "ibuprofen 600 MG Oral Tablet" },
    { "ibuprfen", "ibuprofen" },
    { "siimvastatin", "simvastatin" },
    { "lipitor", "atorvastatin" },
    { "AMLODIPINE 5 tab", "amlodipine 5 MG Oral Tablet" },
    { "sertraline", "sertraline" },
    { "warf", "warfarin" },
    { "levothyroxine 0.05", "levothyroxine sodium 0.05 MG" },
    { "amox clav 875", "amoxicillin 875 MG / clavulanate 125 MG Oral Tablet" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) drugs = search (cases[i].typed, 20);

      g_assert_cmpuint (drugs->len, >, 0);
      g_test_message ("%s: %s", cases[i].typed, name_of (drugs, 0));
      g_assert_nonnull (strstr (name_of (drugs, 0), cases[i].first));
    }
}

static void
test_finds_nothing_made_up (void)
{
  static const char *const typed[] = { "",
                                       "   ",
                                       "qqqqqqqqq",
                                       "amoxicillin 77777",
                                       "%",
                                       "\xf0\x9f\x92\x8a",
                                       "\"; DROP TABLE formulary",
                                       "'",
                                       "\xff\xfe",
                                       "アモキシシリン" };

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autoptr (GPtrArray) drugs = search (typed[i], 20);

      g_test_message ("%s", typed[i]);
      g_assert_cmpuint (drugs->len, ==, 0);
    }
}

/* However long: it ends, and what does not fit counts no more. */
static void
test_long_text (void)
{
  g_autofree char *letters = g_strnfill (100000, 'a'), *numbers = g_strnfill (100000, '9');
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GPtrArray) a = search (letters, 20), b = search (numbers, 20), c = NULL;
  g_autoptr (GPtrArray) none = search ("amox", 0);

  for (guint i = 0; i < 10000; i++)
    g_string_append (words, "amox ");
  c = search (words->str, 20);
  g_assert_cmpuint (a->len + b->len, ==, 0);
  g_assert_cmpuint (c->len, >, 0);
  g_assert_cmpuint (none->len, ==, 0);
}

/* A combination never comes before its single ingredient. */
static void
test_single_before_combined (void)
{
  g_autoptr (GPtrArray) drugs = search ("losartan", 50);
  gboolean combination = FALSE;

  for (guint i = 0; i < drugs->len; i++)
    {
      gboolean is_combination = strchr (((StoreDrug *) drugs->pdata[i])->ingredients, '|') != NULL;

      g_assert_false (combination && !is_combination);
      combination |= is_combination;
    }
  g_assert_true (combination);
}

/* A strength is never guessed at: 50 is not 500, nor the other way. */
static void
test_strength_is_literal (void)
{
  g_autoptr (GPtrArray) five = search ("amlodipine 5", 20), fifty = search ("losartn 50", 40);

  g_assert_nonnull (strstr (name_of (five, 0), "amlodipine 5 MG"));
  g_assert_cmpuint (fifty->len, >, 0);
  for (guint i = 0; i < fifty->len; i++)
    g_assert_nonnull (strstr (name_of (fifty, i), "50"));
}

/* Whether any word of the drug begins with @typed. */
static gboolean
begins (const StoreDrug *drug, const char *typed)
{
  g_autofree char *text =
      g_strdup_printf (" %s %s %s %s %s", drug->ingredients, drug->brand ? drug->brand : "",
                       drug->strength, drug->form, drug->route);
  g_autofree char *folded = g_ascii_strdown (g_strdelimit (text, "|-,/()'", ' '), -1);
  g_autofree char *part = g_strconcat (" ", typed, NULL);

  return strstr (folded, part) != NULL;
}

/* What matches as typed stands before what nearly does; where enough does, nothing else comes. */
static void
test_slips_come_last (void)
{
  g_autoptr (GPtrArray) all = search ("oral", 5000);
  guint mixed = 0, checked = 0;

  for (guint i = 0; i < all->len; i += 7)
    {
      g_autofree char *typed = g_ascii_strdown (((StoreDrug *) all->pdata[i])->ingredients, -1);
      g_autoptr (GPtrArray) drugs = NULL;
      guint exact = 0, said = 0;

      typed[strspn (typed, "abcdefghijklmnopqrstuvwxyz")] = '\0';
      if (strlen (typed) < 4)
        continue;
      drugs = store_content_search (content, typed, NULL, 100, &said);
      while (exact < drugs->len && begins (drugs->pdata[exact], typed))
        exact++;
      for (guint j = exact; j < drugs->len; j++)
        g_assert_false (begins (drugs->pdata[j], typed));
      g_assert_cmpuint (exact, >, 0);
      g_assert_cmpuint (exact, ==, said);
      g_assert_true (exact < 5 || exact == drugs->len);
      mixed += exact < drugs->len;
      checked++;
    }
  g_test_message ("%u of %u with slips", mixed, checked);
  g_assert_cmpuint (checked, >, 300);
  g_assert_cmpuint (mixed, >, 5);
}

/* Typing one more letter takes drugs off the list and never turns two around that stay. */
static void
test_stable_per_keystroke (void)
{
  static const char *const typed[] = { "metformin",   "lisinopril", "hydrochlorothiazide",
                                       "prednisone",  "insulin",    "simvastatin",
                                       "amoxicillin", "losartan",   "levothyroxine" };

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      GPtrArray *before = NULL;

      for (gsize n = 3; n <= strlen (typed[i]); n++)
        {
          g_autofree char *part = g_strndup (typed[i], n);
          GPtrArray *now = search (part, 5000);
          guint at = 0, place;

          g_assert_cmpuint (now->len, >, 0);
          for (guint j = 0; before && j < now->len; j++)
            if (g_ptr_array_find (before, now->pdata[j], &place))
              {
                /* by ingredient at every length: its place does not depend on other fields */
                if (!g_str_has_prefix (((StoreDrug *) now->pdata[j])->ingredients, part))
                  continue;
                g_assert_cmpuint (place, >=, at);
                at = place;
              }
          g_clear_pointer (&before, g_ptr_array_unref);
          before = now;
        }
      g_ptr_array_unref (before);
    }
}

static void
test_own_first (void)
{
  g_autoptr (GPtrArray) plain = search ("amox", 200), marked = NULL, gone = NULL;
  const char *last = ((StoreDrug *) plain->pdata[plain->len - 1])->rxcui,
             *middle = ((StoreDrug *) plain->pdata[plain->len / 2])->rxcui,
             *other = ((StoreDrug *) plain->pdata[plain->len / 3])->rxcui;
  g_autoptr (GHashTable) favourites = g_hash_table_new (g_str_hash, g_str_equal),
                         counts = g_hash_table_new (g_str_hash, g_str_equal);
  StoreContentMarks marks = { favourites, counts };

  g_hash_table_add (favourites, (gpointer) last);
  g_hash_table_add (favourites, (gpointer) "not a code");
  g_hash_table_insert (counts, (gpointer) middle, GUINT_TO_POINTER (3));
  g_hash_table_insert (counts, (gpointer) other, GUINT_TO_POINTER (70000));
  g_hash_table_insert (counts, (gpointer) "99999999999", GUINT_TO_POINTER (G_MAXUINT32));
  marked = store_content_search (content, "amox", &marks, 200, NULL);
  g_assert_cmpuint (marked->len, ==, plain->len);
  g_assert_cmpstr (((StoreDrug *) marked->pdata[0])->rxcui, ==, last);
  g_assert_cmpstr (((StoreDrug *) marked->pdata[1])->rxcui, ==, other);
  g_assert_cmpstr (((StoreDrug *) marked->pdata[2])->rxcui, ==, middle);
  g_assert_true (marked->pdata[3] == plain->pdata[0]);
  gone =
      store_content_search (content, "metformin", &marks, 5, NULL); /* never what does not match */
  for (guint i = 0; i < gone->len; i++)
    g_assert_nonnull (strstr (name_of (gone, i), "metformin"));
}

int
main (int argc, char **argv)
{
  g_autofree char *path = store_content_dup_default_path ();
  int status;

  g_test_init (&argc, &argv, NULL);
  content = store_content_open (path, NULL);
  g_assert_nonnull (content);
  g_test_add_func ("/store/content-search/found-first", test_found_first);
  g_test_add_func ("/store/content-search/nothing-made-up", test_finds_nothing_made_up);
  g_test_add_func ("/store/content-search/long-text", test_long_text);
  g_test_add_func ("/store/content-search/single-before-combined", test_single_before_combined);
  g_test_add_func ("/store/content-search/strength-is-literal", test_strength_is_literal);
  g_test_add_func ("/store/content-search/slips-come-last", test_slips_come_last);
  g_test_add_func ("/store/content-search/stable-per-keystroke", test_stable_per_keystroke);
  g_test_add_func ("/store/content-search/own-first", test_own_first);
  status = g_test_run ();
  g_clear_object (&content);
  return status;
}
