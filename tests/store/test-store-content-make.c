/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-make.h"

#include "content-tables.h"
#include "store-content-file.h"
#include "store-content.h"

#include <string.h>

/* ---- the same file as the build makes ---- */

static gboolean
append_row (const char *table,
            const char *const *columns,
            const char *const *values,
            gpointer data,
            GError **error)
{
  g_autofree char *line = g_strjoinv ("|", (char **) values);

  g_string_append_printf (data, "%s|%s\n", table, line);
  return TRUE;
}

static char *
dup_rows (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreContentFile) file = store_content_file_open (path, &error);
  GString *rows = g_string_new (NULL);

  g_assert_no_error (error);
  g_assert_true (store_content_file_walk (file, append_row, rows, &error));
  g_assert_no_error (error);
  /* every head and every digest, those of the words with them */
  g_string_append (rows, store_content_file_get_head (file, "", "sha256"));
  return g_string_free_and_steal (rows);
}

/* What make-content.py wrote when this was built, and what the importer writes of the same tables.
 */
static void
test_same_as_build (void)
{
  g_autofree char *source =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "data", "content", NULL);
  g_autofree char *folder = g_dir_make_tmp ("bedside-content-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "site.sqlite", NULL);
  g_autofree char *built = store_content_dup_default_path (), *ours = NULL, *theirs = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = store_content_make (source, path, &error);

  g_assert_no_error (error);
  ours = dup_rows (path);
  theirs = dup_rows (built);
  g_assert_cmpuint (strlen (ours), >, 1000000);
  g_assert_true (g_str_equal (ours, theirs));
  content_tables_remove (g_steal_pointer (&folder));
}

/* ---- errors ---- */

static char *
refuse (const char *name, const char *text, gssize length)
{
  g_autofree char *folder = content_tables_new ();
  g_autofree char *path = g_build_filename (folder, "site.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tables = NULL;
  g_autofree char *kept = NULL;
  g_autoptr (GDir) listing = NULL;

  g_assert_true (g_file_set_contents (path, "what was there", -1, NULL));
  content_tables_write_bytes (folder, name, text, length);
  tables = store_content_make (folder, path, &error);
  g_assert_null (tables);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "what was there");
  listing = g_dir_open (folder, 0, NULL);
  for (const char *file = g_dir_read_name (listing); file; file = g_dir_read_name (listing))
    g_assert_false (g_str_has_suffix (file, ".part"));
  content_tables_remove (g_steal_pointer (&folder));
  return g_strdup (error->message);
}

/* Each says where: table, line, column. */
static void
test_errors_name_the_place (void)
{
  static const struct
  {
    const char *file, *text, *says[3];
  } cases[] = {
    { "ndc.tsv", CONTENT_HEAD "ndc11\trxcui\n123\t308191\n", { "ndc", "line 4", "column ndc11" } },
    { "ndc.tsv",
      CONTENT_HEAD "ndc11\trxcui\n00000000001\t308191\n00000000001\t308191\n",
      { "line 5", "column ndc11", "line 4 already" } },
    { "ndc.tsv",
      CONTENT_HEAD "ndc11\trxcui\n00000000001\t5\n",
      { "line 4", "column rxcui", "\"5\"" } },
    { "ndc.tsv", CONTENT_HEAD "ndc11\n00000000001\n", { "column rxcui", "missing", "ndc" } },
    { "ndc.tsv", CONTENT_HEAD "ndc11\trxcui\n00000000001\n", { "line 4", "1 cells", "2 columns" } },
    { "formulary.tsv", "", { "formulary", "no names", "columns" } },
    { "ingredients.tsv",
      "# date: 2026-11-01\nrxcui\tname\ttty\n",
      { "ingredients", "# label", "line 1" } },
    { "ingredients.tsv", "# label: x\nrxcui\tname\ttty\n", { "ingredients", "# date", "line 1" } },
    { "ingredients.tsv",
      "# label: x\n# date: 2026-02-30\nrxcui\tname\ttty\n",
      { "2026-02-30", "no day", "ingredients" } },
    { "ingredients.tsv",
      CONTENT_HEAD "# expires: soon\nrxcui\tname\ttty\n",
      { "expires", "soon", "no day" } },
    { "ingredients.tsv", CONTENT_HEAD "rxcui\tname\tname\n", { "line 3", "column name", "twice" } },
    { "ingredients.tsv",
      CONTENT_HEAD "rxcui\tname\ttty\"); DROP TABLE head; --\n",
      { "line 3", "no name of a column", "DROP TABLE" } },
    { "ingredients.tsv",
      CONTENT_HEAD "rxcui\tname\ttty\n1\t\tIN\n",
      { "line 4", "column name", "empty" } },
    { "ingredients.tsv",
      CONTENT_HEAD "rxcui\tname\ttty\nx\ty\tIN\n",
      { "line 4", "column rxcui", "digits" } },
    { "ingredients.tsv", CONTENT_HEAD "rxcui\tname\ttty\r\n", { "line 3", "LF", "ingredients" } },
    { "x'; DROP TABLE head.tsv", "a\nb\n", { "no name of a table", "DROP", "line 0" } },
    { "head.tsv", CONTENT_HEAD "a\nb\n", { "head", "Bedside's own", "else" } },
    { "allergy_classes.tsv", CONTENT_CLASSES, { "two files", "allergy_classes", "this table" } },
    { "interactions.tsv",
      CONTENT_HEAD "id\ta\tb\tseverity\tconsequence\tmechanism\taction\tunless\tsource\treviewer\t"
                   "reviewed\nx\trxcui:723\trxcui:6809\tawful\tdies\t\t\t\tunverified\t\t\n",
      { "interactions, line 4", "severity", "x" } },
    { "interactions.tsv",
      CONTENT_HEAD "id\ta\tb\tseverity\tconsequence\tmechanism\taction\tunless\tsource\treviewer\t"
                   "reviewed\nx\trxcui:723\trxcui:6809\thigh\tdies\t\t\t\tunverified\tA\t30-Feb\n",
      { "line 4", "column reviewed", "no day" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = refuse (cases[i].file, cases[i].text, -1);

      for (gsize j = 0; j < G_N_ELEMENTS (cases[i].says); j++)
        g_assert_nonnull (strstr (message, cases[i].says[j]));
    }
}

static void
test_hostile_bytes (void)
{
  static const char nul[] = CONTENT_HEAD "rxcui\tname\ttty\n1\ta\0b\tIN\n";
  static const char escape[] = CONTENT_HEAD "rxcui\tname\ttty\n1\t\x1b[2J\tIN\n";
  static const char latin[] = CONTENT_HEAD "rxcui\tname\ttty\n1\tna\xefve\tIN\n";
  g_autofree char *a = refuse ("ingredients.tsv", nul, sizeof nul - 1);
  g_autofree char *b = refuse ("ingredients.tsv", escape, sizeof escape - 1);
  g_autofree char *c = refuse ("ingredients.tsv", latin, sizeof latin - 1);
  g_autofree char *big = g_strnfill (30000, 'x');
  g_autofree char *text = g_strdup_printf (CONTENT_HEAD "rxcui\tname\ttty\n1\t%s\tIN\n", big);
  g_autofree char *d = refuse ("ingredients.tsv", text, -1);

  g_assert_nonnull (strstr (a, "line 4: there is a NUL byte"));
  g_assert_nonnull (strstr (b, "line 4: there is a control character"));
  g_assert_nonnull (strstr (c, "line 4: this is no UTF-8"));
  g_assert_nonnull (strstr (d, "column name"));
}

static void
test_no_tables (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bedside-content-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "site.sqlite", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (store_content_make (folder, path, &error));
  g_assert_nonnull (strstr (error->message, "no table"));
  g_clear_error (&error);
  g_assert_null (store_content_make ("/nowhere", path, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  content_tables_write (folder, "formulary.tsv", CONTENT_FORMULARY);
  g_assert_null (store_content_make (folder, "/nowhere/at/all.sqlite", &error));
  g_assert_nonnull (error);
  content_tables_remove (g_steal_pointer (&folder));
}

/* ---- what is odd and good ---- */

/* SQL in every cell is text, in every language; a table of its own that no check reads is kept. */
static void
test_hostile_text (void)
{
  static const char drop[] = "'; DROP TABLE formulary; --";
  g_autofree char *folder = content_tables_new (), *path = NULL;
  g_autoptr (StoreContent) content = NULL;
  g_autoptr (GPtrArray) drugs = NULL, tables = NULL;

  content_tables_write (folder, "formulary.tsv",
                        CONTENT_HEAD
                        "# free words without a key\n"
                        "scd_rxcui\tname\tingredients\tingredient_codes\tstrength\tform\troute\t"
                        "source\tbrands\n"
                        "308191\t'; DROP TABLE formulary; --\tamoxicillin|\"x\"\t723|-\t\t\t\t"
                        "confirmed\tÄmöxil|アモキシシリン\n");
  content_tables_write (folder, "own-words.tsv", CONTENT_HEAD "select\ttable\n1\t2\n");
  path = content_tables_make (folder);
  content = store_content_open (path, NULL);
  g_assert_cmpint (store_content_get_state (content, NULL), ==, STORE_CONTENT_READY);
  drugs = store_content_search_drugs (content, "AMOXIL", 5);
  g_assert_cmpuint (drugs->len, ==, 1);
  g_assert_cmpstr (((StoreDrug *) drugs->pdata[0])->name, ==, drop);
  g_clear_pointer (&drugs, g_ptr_array_unref);
  drugs = store_content_search_drugs (content, "アモキ", 5);
  g_assert_cmpuint (drugs->len, ==, 1);
  tables = store_content_summarize (path, NULL);
  g_assert_cmpuint (tables->len, ==, 5);
  g_assert_cmpstr (((StoreContentSummary *) tables->pdata[4])->name, ==, "own_words");
  g_assert_false (((StoreContentSummary *) tables->pdata[4])->known);
  content_tables_remove (g_steal_pointer (&folder));
}

static void
test_many_rows (void)
{
  g_autofree char *folder = content_tables_new (), *path = NULL;
  g_autoptr (GString) text = g_string_new (CONTENT_HEAD "number\tsource\n");
  g_autoptr (GPtrArray) tables = NULL;

  for (guint i = 0; i < 1000000; i++)
    g_string_append_printf (text, "%u\t%s\n", i, i % 2 ? "unverified" : "a page");
  content_tables_write (folder, "many.tsv", text->str);
  path = content_tables_make (folder);
  tables = store_content_summarize (path, NULL);
  for (guint i = 0; i < tables->len; i++)
    {
      const StoreContentSummary *table = tables->pdata[i];

      if (!g_str_equal (table->name, "many"))
        continue;
      g_assert_cmpuint (table->rows, ==, 1000000);
      g_assert_cmpuint (table->unverified, ==, 500000);
    }
  content_tables_remove (g_steal_pointer (&folder));
}

/* Making it again of the same tables gives the same bytes. */
static void
test_deterministic (void)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autofree char *first = NULL, *second = NULL;
  gsize lengths[2];

  g_assert_true (g_file_get_contents (path, &first, &lengths[0], NULL));
  g_free (content_tables_make (folder));
  g_assert_true (g_file_get_contents (path, &second, &lengths[1], NULL));
  g_assert_cmpmem (first, lengths[0], second, lengths[1]);
  content_tables_remove (g_steal_pointer (&folder));
}

static void
test_summary (void)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_autoptr (GPtrArray) tables = store_content_summarize (path, NULL);
  const StoreContentSummary *classes = tables->pdata[0];
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (tables->len, ==, 4);
  g_assert_cmpstr (classes->name, ==, "allergy_classes");
  g_assert_cmpstr (classes->label, ==, "Test tables");
  g_assert_cmpstr (classes->date, ==, "2026-11-01");
  g_assert_cmpuint (classes->rows, ==, 1);
  g_assert_cmpuint (classes->unverified, ==, 1);
  g_assert_true (classes->known);
  g_assert_null (store_content_summarize ("/nowhere", &error));
  g_assert_nonnull (error);
  content_tables_remove (g_steal_pointer (&folder));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/content-make/same-as-build", test_same_as_build);
  g_test_add_func ("/store/content-make/errors-name-the-place", test_errors_name_the_place);
  g_test_add_func ("/store/content-make/hostile-bytes", test_hostile_bytes);
  g_test_add_func ("/store/content-make/no-tables", test_no_tables);
  g_test_add_func ("/store/content-make/hostile-text", test_hostile_text);
  g_test_add_func ("/store/content-make/many-rows", test_many_rows);
  g_test_add_func ("/store/content-make/deterministic", test_deterministic);
  g_test_add_func ("/store/content-make/summary", test_summary);
  return g_test_run ();
}
