/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-shorthand.h"

#include <string.h>

static const struct
{
  const char *typed;
  const char *text; /* of the prescription; NULL: what was understood is not enough for one */
  const char *rest;
} understood[] = {
  { "1 t bd 7d", "1 tablet - twice a day - for 7 days", NULL },
  { "1 tab po tid x7d prn pain",
    "1 tablet - 3 times a day - oral - as required for pain - for 7 days", NULL },
  { "2 puffs q4h prn", "2 puffs - every 4 hours - as required", NULL },
  { "500mg bid", "500 mg - twice a day", NULL },
  { "500 MG BID", "500 mg - twice a day", NULL },
  { "take 4 tabs weekly on Monday", "Take 4 tablets - once a week - on Monday", NULL },
  { "10mg on mon and thu", "10 mg - twice a week - on Monday and Thursday", NULL },
  { "10 mg mondays", "10 mg - once a week - on Monday", NULL },
  { "1-2 t q4-6h prn pain max 8 a day",
    "1 to 2 tablets - every 4 to 6 hours - as required for pain - up to a maximum of 8 tablets "
    "every 24 hours",
    NULL },
  { "1 or 2 tablets every 6 hours as needed for chest pain, no more than 8 in 24 hours",
    "1 to 2 tablets - every 6 hours - as required for chest pain - up to a maximum of 8 tablets "
    "every 24 hours",
    NULL },
  { "half a tablet daily", "0.5 tablet - once a day", NULL },
  { "1 b.i.d. p.o.", "1 tablet - twice a day - oral", NULL },
  { "2 bd", "2 tablets - twice a day", NULL },
  { "one tablet three times a day for two weeks", "1 tablet - 3 times a day - for 14 days", NULL },
  { "1 t every other day", "1 tablet - every 2 days", NULL },
  { "1 t nocte", "1 tablet - once a day - at night", NULL },
  { "1 t mane", "1 tablet - once a day - in the morning", NULL },
  { "1 t tid pc", "1 tablet - 3 times a day - after meals", NULL },
  { "40mg daily 5d then 20mg daily 5d then 10 daily 5d",
    "40 mg - once a day - for 5 days, then 20 mg - once a day - for 5 days, then 10 mg - once a "
    "day "
    "- for 5 days",
    NULL },
  { "1.5 t daily", "1.5 tablets - once a day", NULL },
  { ".5 t daily", NULL, "!" },
  /* written out, with a note */
  { "10U daily", "10 units - once a day", NULL },
  { "1 t QD", "1 tablet - once a day", NULL },
  { "1 t QOD", "1 tablet - every 2 days", NULL },
  { "1 t qhs", "1 tablet - once a day - at bedtime", NULL },
  { "50 \xc2\xb5g daily", "50 mcg - once a day", NULL },
  { "5 cc bd", "5 mL - twice a day", NULL },
  /* not enough yet, but nothing wrong */
  { "500mg", NULL, NULL },
  { "bd", NULL, NULL },
  /* named, never dropped */
  { "1 t bd od", "1 tablet - twice a day", "od" },
  { "1/2 t bd", NULL, "!" },
  { "1 t bd <b>x</b>", NULL, "!" },
  { "1 t bd \xe2\x80\xaeolleh", "1 tablet - twice a day", "olleh" },
  { "2 squirts bd", "2 tablets - twice a day", "squirts" },
  { "1 t bd with grapefruit", "1 tablet - twice a day", "with grapefruit" },
  { "1 t up to 3 times a day", "1 tablet - 3 times a day", "up to" },
  { "99999999999999999999 times a day", NULL, "!" },
  /* refused */
  { "MS 5 mg", NULL, "!" },
  { "1.0 mg bd", NULL, "!" },
  { "1,000 mg bd", NULL, "!" },
  { "1.5.2 mg bd", NULL, "!" },
  { "1 t AS directed", NULL, "!" },
  { "1 t hs", NULL, "!" },
  { "1 t 2 t bd", NULL, "!" },
  { "1 t bd tid", NULL, "!" },
  { "1 t bd 7d 5d", NULL, "!" },
  { "1 t bd 1 month", NULL, "!" },
  { "1 t bd max 8", NULL, "!" },
  { "1 t prn max 8 mg a day", NULL, "!" },
  { "10000000000 t bd", NULL, "!" },
  { "0 t bd", NULL, "!" },
  { "", NULL, "!" },
  { "   ", NULL, "!" },
};

static void
test_understood (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (understood); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ClinicalShorthand) self =
          clinical_shorthand_parse (understood[i].typed, ".", "tablet", &error);
      g_autofree char *text = NULL;

      g_test_message ("%s: %s", understood[i].typed, error ? error->message : "taken");
      if (g_strcmp0 (understood[i].rest, "!") == 0)
        {
          g_assert_null (self);
          g_assert_cmpuint (error->domain, ==, CLINICAL_ERROR);
          continue;
        }
      g_assert_no_error (error);
      text = clinical_dosage_say_steps (self->steps, "en", CLINICAL_READER_CLINICIAN, NULL);
      g_assert_cmpstr (text, ==, understood[i].text);
      g_assert_cmpstr (self->rest, ==, understood[i].rest);
    }
}

/* An error-prone abbreviation that means one thing is said to have been written out. */
static void
test_notes (void)
{
  g_autoptr (ClinicalShorthand) self = clinical_shorthand_parse ("10U QD", ".", NULL, NULL);

  g_assert_cmpuint (self->notes->len, ==, 2);
  g_assert_nonnull (strstr (self->notes->pdata[0], "units"));
  g_assert_nonnull (strstr (self->notes->pdata[1], "QID"));
}

/* 10^9 tablets: seen as digits, and refused as a dose. */
static void
test_too_many (void)
{
  g_autoptr (ClinicalShorthand) self =
      clinical_shorthand_parse ("999999999 tablets bd", ".", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
      clinical_dosage_say_steps (self->steps, "en", CLINICAL_READER_CLINICIAN, &error);

  g_assert_null (text);
  g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE);
}

static void
test_marks (void)
{
  g_autoptr (ClinicalShorthand) comma = clinical_shorthand_parse ("1,5 t bd", ",", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (((ClinicalDosage *) comma->steps->pdata[0])->dose_value, ==, "1.5");
  g_assert_null (clinical_shorthand_parse ("1.000 mg bd", ",", NULL, &error));
  g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE);
}

static void
test_limits (void)
{
  g_autofree char *steps = g_strnfill (200, 'x');
  g_autoptr (GString) many = g_string_new ("1 t bd");
  g_autoptr (GString) endless = g_string_new ("1 t bd ");
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) second = NULL;

  for (int i = 0; i < 12; i++)
    g_string_append (many, " then 1 t bd");
  for (int i = 0; i < 5; i++)
    g_string_append (endless, steps);
  g_assert_null (clinical_shorthand_parse (many->str, ".", NULL, &first));
  g_assert_error (first, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE);
  g_assert_null (clinical_shorthand_parse (endless->str, ".", NULL, &second));
  g_assert_error (second, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical/shorthand/understood", test_understood);
  g_test_add_func ("/clinical/shorthand/notes", test_notes);
  g_test_add_func ("/clinical/shorthand/too-many", test_too_many);
  g_test_add_func ("/clinical/shorthand/marks", test_marks);
  g_test_add_func ("/clinical/shorthand/limits", test_limits);
  return g_test_run ();
}
