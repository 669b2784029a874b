/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-rules-private.h"

#include <math.h>
#include <string.h>

#define CLASSES                                                                                    \
  "# label: Test classes\n# date: 2026-11-29\n# expires: 2027-11-29\n"                             \
  "class\tlabel\trxcui\tname\tsource\treviewer\treviewed\n"                                        \
  "maoi\tMAO inhibitors\t8123\tphenelzine\tunverified\t\t\n"                                       \
  "maoi\tMAO inhibitors\t\tamazinine\tunverified\t\t\n"                                            \
  "ssri\tSSRIs\t36437\tsertraline\thttps://example.org/label\t\t\n"
#define INTERACTIONS                                                                               \
  "id\ta\tb\tseverity\tconsequence\tmechanism\taction\tunless\tsource\n"                           \
  "one\tssri\tmaoi\thigh\tserotonin syndrome\t\tdo not combine\t\thttps://example.org\n"           \
  "two\trxcui:1\tmaoi\tlow\tnothing much\t\t\t\tunverified\n"

static ClinicalRules *
rules_new (void)
{
  g_autoptr (ClinicalRules) rules = clinical_rules_new ();
  g_autoptr (GError) error = NULL;

  clinical_rules_add_tsv (rules, "interaction-classes", CLASSES, &error);
  g_assert_no_error (error);
  /* the name that it has in SQL is the same table */
  clinical_rules_add_tsv (rules, "interactions", INTERACTIONS, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&rules);
}

static gboolean
has_side (ClinicalRules *rules, gboolean b, const char *name, guint row)
{
  g_auto (ClinicalRowSet) set = { 0 };

  clinical_rules_add_side (rules, CLINICAL_TABLE_INTERACTIONS, b, name, &set);
  return set.n_words > 0 && (set.words[0] >> row & 1) != 0;
}

static void
test_find (void)
{
  g_autoptr (ClinicalRules) rules = rules_new ();
  g_autoptr (ClinicalRules) shared = clinical_rules_ref (rules);
  g_autoptr (ClinicalIngredient) coded = clinical_ingredient_new ("8123", "phenelzine");
  g_autoptr (ClinicalIngredient) named = clinical_ingredient_new ("-", "Amazinine");
  g_autoptr (ClinicalIngredient) other = clinical_ingredient_new ("9", "phenelzine");
  g_autoptr (GPtrArray) of_coded = clinical_rules_dup_classes (rules, coded);
  g_autoptr (GPtrArray) of_named = clinical_rules_dup_classes (rules, named);
  g_autoptr (GPtrArray) of_other = clinical_rules_dup_classes (rules, other);
  g_autofree char *date = clinical_rules_dup_date (rules, CLINICAL_TABLE_INTERACTION_CLASSES);
  g_autofree char *unknown = clinical_rules_dup_date (rules, CLINICAL_TABLE_INTERACTIONS);
  const ClinicalRow *first = clinical_rules_get_rows (rules, CLINICAL_TABLE_INTERACTIONS)->pdata[0];
  const ClinicalRow *second =
      clinical_rules_get_rows (rules, CLINICAL_TABLE_INTERACTIONS)->pdata[1];

  g_assert_cmpuint (of_coded->len, ==, 2);
  g_assert_cmpstr (of_coded->pdata[0], ==, "rxcui:8123");
  g_assert_cmpstr (of_coded->pdata[1], ==, "maoi");
  /* without a code, by its name alone */
  g_assert_cmpuint (of_named->len, ==, 1);
  g_assert_cmpstr (of_named->pdata[0], ==, "maoi");
  /* the same name under another code is another substance */
  g_assert_cmpuint (of_other->len, ==, 1);
  g_assert_true (has_side (rules, TRUE, "maoi", 0));
  g_assert_true (has_side (rules, TRUE, "maoi", 1));
  g_assert_false (has_side (rules, FALSE, "maoi", 0));
  g_assert_true (has_side (rules, FALSE, "ssri", 0));
  g_assert_false (has_side (rules, FALSE, "ssri", 1));
  g_assert_true (has_side (rules, FALSE, "rxcui:1", 1));
  g_assert_cmpstr (first->texts[CLINICAL_COLUMN_ACTION], ==, "do not combine");
  g_assert_null (first->texts[CLINICAL_COLUMN_MECHANISM]);
  g_assert_false (clinical_row_is_unverified (first));
  g_assert_true (clinical_row_is_unverified (second));
  g_assert_cmpstr (clinical_rules_get_class_label (rules, "maoi"), ==, "MAO inhibitors");
  g_assert_cmpstr (date, ==, "29-Nov-2026");
  g_assert_cmpstr (unknown, ==, "an unknown date");
  g_assert_cmpuint (clinical_rules_get_size (shared, "interaction_classes"), ==, 3);
  g_assert_cmpuint (clinical_rules_get_size (shared, "renal"), ==, 0);
}

static void
test_expires (void)
{
  g_autoptr (ClinicalRules) rules = rules_new ();
  g_autofree char *before = clinical_rules_dup_expired (rules, "2027-11-29");
  g_autofree char *after = clinical_rules_dup_expired (rules, "2027-11-30");

  g_assert_null (before);
  g_assert_cmpstr (after, ==, "2027-11-29");
}

static void
test_malformed (void)
{
  static const struct
  {
    const char *table, *tsv, *says;
  } cases[] = {
    { "ages", "name\tfrom\tto\tseverity\ttext\tsource\nx\t\t12\thigh\tno\tu\n", "column rxcui is" },
    { "ages", "rxcui\tname\tfrom\tto\tseverity\ttext\tsource\n1\tcodeine\t\t-3\thigh\tno\tu\n",
      "\"codeine\" the column to is no number" },
    { "ages", "rxcui\tname\tfrom\tto\tseverity\ttext\tsource\n1\tcodeine\t\tnan\thigh\tno\tu\n",
      "column to is no number" },
    { "ages", "rxcui\tname\tfrom\tto\tseverity\ttext\tsource\n1\tcodeine\t\t12\tgrave\tno\tu\n",
      "column severity holds a word" },
    { "ages", "rxcui\tname\tfrom\tto\tseverity\ttext\tsource\n1\tcodeine\t\t12\thigh\tno\n",
      "line 2 has 6 cells and not 7" },
    { "ages", "rxcui\tname\tfrom\tto\tseverity\ttext\tsource\n1\tcodeine\t\t12\thigh\tno\t\n",
      "column source is empty" },
    { "renal",
      "rxcui\tname\tcrcl_from\tcrcl_to\tadvice\tmax_daily\tunit\ttext\tsource\n"
      "1\tx\t0\t30\tstop\t\t\tno\tu\n",
      "column advice holds a word" },
    { "never-events", "id\trule\ta\ttext\tsource\n\tr\tx\tt\tu\n", "column id is empty" },
    { "never-events", "id\trule\ta\ttext\tsource\n\xff\tr\tx\tt\tu\n", "is not UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ClinicalRules) rules = clinical_rules_new ();
      g_autoptr (GError) error = NULL;

      g_assert_false (clinical_rules_add_tsv (rules, cases[i].table, cases[i].tsv, &error));
      g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_cmpuint (clinical_rules_get_size (rules, cases[i].table), ==, 0);
    }
}

static void
test_numbers (void)
{
  static const char *const columns[] = { "rxcui",      "name",       "route",       "indication",
                                         "age_from",   "age_to",     "weight_from", "weight_to",
                                         "per",        "max_single", "max_daily",   "unit",
                                         "first_pass", "source",     NULL };
  static const char *const values[] = {
    "161",       "acetaminophen", "oral", "",   "144",  "",           "",  "",
    "dose-unit", "1000",          "4000", "mg", "4000", "unverified", NULL
  };
  static const char *const bad[] = {
    "161",       "acetaminophen", "oral", "",        "144",  "",           "",  "",
    "dose-unit", "1000",          "4000", "tablets", "4000", "unverified", NULL
  };
  g_autoptr (ClinicalRules) rules = clinical_rules_new ();
  g_autoptr (ClinicalIngredient) drug = clinical_ingredient_new ("161", "acetaminophen");
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL, unit = NULL;
  const ClinicalRow *row;

  clinical_rules_add (rules, "dose_limits", columns, values, &error);
  g_assert_no_error (error);
  rows = clinical_rules_dup_rows_of (rules, CLINICAL_TABLE_DOSE_LIMITS, drug);
  g_assert_cmpuint (rows->len, ==, 1);
  row = rows->pdata[0];
  g_assert_cmpfloat (row->numbers[CLINICAL_COLUMN_MAX_DAILY], ==, 4000);
  g_assert_true (isnan (row->numbers[CLINICAL_COLUMN_AGE_TO]));
  g_assert_false (clinical_rules_add (rules, "dose_limits", columns, bad, &unit));
  g_assert_nonnull (strstr (unit->message, "is no unit of UCUM"));
  /* what no check reads is nobody's fault */
  g_assert_true (clinical_rules_add (rules, "tall_man", columns, values, &error));
}

static void
test_fits_together (void)
{
  g_autoptr (ClinicalRules) rules = rules_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (clinical_rules_check (rules, &error));
  g_assert_no_error (error);
  g_assert_true (clinical_rules_add_tsv (rules, "never-events",
                                         "id\trule\ta\ttext\tsource\nn\tr\tnitrates\tt\tu\n",
                                         &error));
  g_assert_false (clinical_rules_check (rules, &error));
  g_assert_nonnull (strstr (error->message, "nitrates"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical-rules/find", test_find);
  g_test_add_func ("/clinical-rules/expires", test_expires);
  g_test_add_func ("/clinical-rules/malformed", test_malformed);
  g_test_add_func ("/clinical-rules/numbers", test_numbers);
  g_test_add_func ("/clinical-rules/fits-together", test_fits_together);
  return g_test_run ();
}
