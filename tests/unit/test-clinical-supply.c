/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-supply.h"

#include "clinical-decimal.h"
#include "clinical-shorthand.h"

static GPtrArray *
steps_of (const char *typed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ClinicalShorthand) self = clinical_shorthand_parse (typed, ".", "tablet", &error);

  g_assert_no_error (error);
  return g_ptr_array_ref (self->steps);
}

static void
test_quantity (void)
{
  static const struct
  {
    const char *typed, *quantity;
  } cases[] = {
    { "1 t bd 7d", "14" },
    { "1.5 t bd 7d", "21" },
    { "0.5 t daily 7d", "3.5" },
    { "1-2 t q6h 5d", "40" },
    { "2 puffs q4h prn 10d max 8 a day", "80" },
    { "1 t q5h 1d", "5" },
    { "1 t every other day 7d", "4" },
    { "4 t weekly on monday 28d", "16" },
    { "1 t on mon and thu 14d", "4" },
    { "1 patch q72h 30d", "10" },
    { "40mg daily 5d then 20mg daily 5d then 10mg daily 5d", "350" },
    { "1 t bd", NULL },
    { "1 t daily 5d then 1 t daily", NULL },
    { "1 t daily 5d then 5mg daily 5d", NULL },
    { "1 t monthly 90d", NULL },
    { "500mg", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) steps = steps_of (cases[i].typed);
      g_autoptr (GError) error = NULL;
      g_autofree char *quantity = clinical_supply_quantity (steps, &error);

      g_test_message ("%s", cases[i].typed);
      g_assert_cmpstr (quantity, ==, cases[i].quantity);
      g_assert_true ((error == NULL) == (quantity != NULL));
    }
}

static void
test_days (void)
{
  static const struct
  {
    const char *typed, *quantity;
    int days;
  } cases[] = {
    { "1 t bd", "14", 7 },
    { "1.5 t bd", "21", 7 },
    { "0.5 t daily", "28", 56 },
    { "1-2 t bd", "28", 7 },
    { "1 t bd", "15", 7 },
    { "1 patch q72h", "10", 30 },
    { "4 t weekly", "16", 28 },
    { "1 t bd", "1", 0 },
    { "1 t bd", "x", 0 },
    { "1 t on mon and thu", "8", 0 },
    { "1 t bd 3d then 2 t bd 3d", "18", 0 },
    { "1 t monthly", "3", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) steps = steps_of (cases[i].typed);

      g_test_message ("%s of %s", cases[i].typed, cases[i].quantity);
      g_assert_cmpint (clinical_supply_days (steps, cases[i].quantity), ==, cases[i].days);
    }
}

/* Both ways: what is enough for so many days lasts so many days. */
static void
test_both_ways (void)
{
  static const char *const rhythms[] = { "daily", "bd", "tid", "q6h", "q8h", "q12h" };

  for (gsize i = 0; i < G_N_ELEMENTS (rhythms); i++)
    for (int days = 1; days < 100; days++)
      {
        g_autofree char *typed = g_strdup_printf ("1.25 t %s %dd", rhythms[i], days);
        g_autoptr (GPtrArray) steps = steps_of (typed);
        g_autofree char *quantity = clinical_supply_quantity (steps, NULL);

        g_assert_cmpint (clinical_supply_days (steps, quantity), ==, days);
      }
}

/* H11: exact, rounded to what can be given, the middle goes down. */
static void
test_weight (void)
{
  static const struct
  {
    const char *per_kg, *weight, *step, *exact, *rounded;
  } cases[] = {
    { "15", "12.4", "10", "186", "190" },
    { "15", "12.4", "20", "186", "180" },
    { "0.1", "3.25", "0.05", "0.325", "0.3" },
    { "50", "20", "250", "1000", "1000" },
    { "7.5", "10", "5", "75", "75" },
    { "1", "12.5", "5", "12.5", "10" },
    { "1", "2", "10", NULL, NULL },
    { "15", "6500", "10", NULL, NULL },
    { "15", "", "10", NULL, NULL },
    { "15", "12", "0", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ClinicalWeightDose) dose =
          clinical_weight_dose (cases[i].per_kg, cases[i].weight, cases[i].step, &error);

      g_test_message ("%s × %s", cases[i].per_kg, cases[i].weight);
      g_assert_cmpstr (dose ? dose->exact : NULL, ==, cases[i].exact);
      g_assert_cmpstr (dose ? dose->rounded : NULL, ==, cases[i].rounded);
      g_assert_true ((error == NULL) == (dose != NULL));
    }
}

static void
test_decimals (void)
{
  g_autofree char *sum = clinical_decimal_add ("0.1", "0.2");
  g_autofree char *product = clinical_decimal_multiply ("999999999", "999999999");
  g_autofree char *fraction = clinical_decimal_multiply ("0.000001", "0.001");
  int order = 7;

  g_assert_cmpstr (sum, ==, "0.3");
  g_assert_cmpstr (product, ==, "999999998000000001");
  g_assert_cmpstr (fraction, ==, "0.000000001");
  g_assert_null (clinical_decimal_multiply ("999999999999999999", "99"));
  g_assert_null (clinical_decimal_multiply ("0.000001", "0.0001"));
  g_assert_null (clinical_decimal_add ("-1", "2"));
  g_assert_null (clinical_decimal_add ("1e3", "2"));
  g_assert_null (clinical_decimal_round ("1", "0"));
  g_assert_true (clinical_decimal_compare ("1.50", "1.5", &order));
  g_assert_cmpint (order, ==, 0);
  g_assert_true (clinical_decimal_compare ("0.15", "0.2", &order));
  g_assert_cmpint (order, <, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical/supply/quantity", test_quantity);
  g_test_add_func ("/clinical/supply/days", test_days);
  g_test_add_func ("/clinical/supply/both-ways", test_both_ways);
  g_test_add_func ("/clinical/supply/weight", test_weight);
  g_test_add_func ("/clinical/supply/decimals", test_decimals);
  return g_test_run ();
}
