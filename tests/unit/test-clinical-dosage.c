/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage.h"

#include "clinical-abbreviation.h"
#include "clinical-line.h"
#include "clinical-tallman.h"
#include "tallman-names.h"

#include <string.h>

static ClinicalDosage *
make (const char *value, const char *unit, int frequency, int period, const char *period_unit)
{
  ClinicalDosage *dosage = clinical_dosage_new ();

  dosage->dose_value = g_strdup (value);
  dosage->dose_unit = g_strdup (unit);
  dosage->frequency = frequency;
  dosage->period = period;
  dosage->period_unit = g_strdup (period_unit);
  return dosage;
}

static const struct
{
  const char *value, *unit;
  int frequency, period;
  const char *period_unit;
  gboolean as_needed;
  const char *text, *words, *patient;
} dosages[] = {
  { "1.5", "tablet", 2, 1, "d", FALSE, "1.5 tablets - twice a day",
    "one and a half tablets twice a day = 3 tablets a day",
    "Use 1 and a half tablets, 2 times a day." },
  { "0.5", "tablet", 1, 1, "d", FALSE, "0.5 tablet - once a day",
    "half a tablet once a day = 0.5 tablet a day", "Use half a tablet, once a day." },
  { "0.25", "tablet", 4, 1, "d", FALSE, "0.25 tablet - 4 times a day",
    "a quarter of a tablet four times a day = 1 tablet a day",
    "Use a quarter of a tablet, 4 times a day." },
  { "500", "mg", 3, 1, "d", FALSE, "500 mg - 3 times a day",
    "five hundred milligrams three times a day = 1,500 mg a day",
    "Use 500 milligrams, 3 times a day." },
  { "2", "puff", 1, 6, "h", TRUE, "2 puffs - every 6 hours - as required",
    "two puffs every six hours as required = up to 8 puffs in 24 hours",
    "Use 2 puffs, every 6 hours, only if you need it." },
  { "1", "tablet", 1, 5, "h", FALSE, "1 tablet - every 5 hours",
    "one tablet every five hours = up to 5 tablets in 24 hours", "Use 1 tablet, every 5 hours." },
  { "4", "tablet", 1, 1, "wk", FALSE, "4 tablets - once a week",
    "four tablets once a week = 4 tablets a week, not every day",
    "Use 4 tablets, once a week (not every day)." },
  { "1", "patch", 1, 72, "h", FALSE, "1 patch - every 72 hours",
    "one patch every seventy-two hours = 1 patch every 72 hours, not every day",
    "Use 1 patch, every 72 hours." },
  { "2.4", "mL", 2, 1, "d", FALSE, "2.4 mL - twice a day",
    "two point four millilitres twice a day = 4.8 mL a day",
    "Use 2.4 millilitres, 2 times a day." },
  { "10", "unit", 1, 1, "d", FALSE, "10 units - once a day",
    "ten units once a day = 10 units a day", "Use 10 units, once a day." },
  { "1250", "mg", 1, 1, "d", FALSE, "1,250 mg - once a day",
    "one thousand two hundred and fifty milligrams once a day = 1,250 mg a day",
    "Use 1,250 milligrams, once a day." },
};

static void
test_text_words_patient (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dosages); i++)
    {
      g_autoptr (ClinicalDosage) dosage =
          make (dosages[i].value, dosages[i].unit, dosages[i].frequency, dosages[i].period,
                dosages[i].period_unit);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL, *words = NULL, *patient = NULL;

      dosage->as_needed = dosages[i].as_needed;
      text = clinical_dosage_text (dosage, &error);
      g_assert_no_error (error);
      words = clinical_dosage_words (dosage);
      patient = clinical_dosage_patient_text (dosage);
      g_assert_cmpstr (text, ==, dosages[i].text);
      g_assert_cmpstr (words, ==, dosages[i].words);
      g_assert_cmpstr (patient, ==, dosages[i].patient);
    }
}

static void
test_whole_sentence (void)
{
  g_autoptr (ClinicalDosage) dosage = make ("1", "tablet", 3, 1, "d");
  g_autofree char *text = NULL, *patient = NULL;

  dosage->method = g_strdup ("Take");
  dosage->route_text = g_strdup ("oral");
  dosage->when = g_strdup ("PC");
  dosage->as_needed = TRUE;
  dosage->as_needed_for = g_strdup ("pain");
  dosage->duration_days = 7;
  dosage->instruction = g_strdup ("Swallow whole.");
  text = clinical_dosage_text (dosage, NULL);
  patient = clinical_dosage_patient_text (dosage);
  g_assert_cmpstr (text, ==,
                   "Take 1 tablet - 3 times a day - after meals - oral - as required for pain - "
                   "for 7 days - Swallow whole.");
  g_assert_cmpstr (patient, ==,
                   "Take 1 tablet, 3 times a day, after meals, by mouth, only if you need it for "
                   "pain, for 7 days. Swallow whole.");
}

/* H10: the total is the most that may be taken, ranges and limits included. */
static void
test_words_of_limits (void)
{
  g_autoptr (ClinicalDosage) dosage = make ("1", "tablet", 1, 4, "h");
  g_autofree char *limited = NULL, *open = NULL, *weekly = NULL;

  dosage->dose_high = g_strdup ("2");
  dosage->period_max = 6;
  dosage->as_needed = TRUE;
  open = clinical_dosage_words (dosage);
  dosage->max_a_day = g_strdup ("8");
  limited = clinical_dosage_words (dosage);
  g_assert_cmpstr (
      open, ==,
      "one to two tablets every four to six hours as required = up to 12 tablets in 24 "
      "hours");
  g_assert_cmpstr (limited, ==,
                   "one to two tablets every four to six hours as required = up to 8 tablets in 24 "
                   "hours");
  g_set_str (&dosage->period_unit, "wk");
  dosage->period = 1;
  dosage->period_max = 0;
  dosage->days = g_strdup ("mon");
  weekly = clinical_dosage_words (dosage);
  g_assert_cmpstr (weekly, ==,
                   "one to two tablets once a week on Monday as required = up to 2 tablets a week, "
                   "not every day, never more than eight tablets in 24 hours");
  g_set_str (&dosage->max_a_day, "1");
  g_assert_null (clinical_dosage_words (dosage)); /* less than one dose */
  g_set_str (&dosage->max_a_day, "8");
  g_set_str (&dosage->days, "mon thu");
  g_assert_null (clinical_dosage_words (dosage)); /* once a week on two days */
}

static void
test_missing_parts_are_errors (void)
{
  ClinicalDosage *cases[] = { make (NULL, "mg", 1, 1, "d"), make ("1", NULL, 1, 1, "d"),
                              make ("1", "mg", 0, 1, "d"),  make ("1", "mg", 1, 0, "d"),
                              make ("1", "mg", 1, 1, NULL), make ("1", "mg", 1, 1, "fortnight") };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ClinicalDosage) dosage = cases[i];
      g_autoptr (GError) error = NULL;

      g_assert_null (clinical_dosage_text (dosage, &error));
      g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_MISSING);
      g_assert_null (clinical_dosage_words (dosage));
      g_assert_null (clinical_dosage_patient_text (dosage));
    }
}

static const struct
{
  const char *dosages, *text;
} elements[] = {
  { "[{\"method\":{\"coding\":[{\"display\":\"Inject\"}]},\"route\":{\"coding\":[{\"display\":"
    "\"Subcutaneous route\"}]},"
    "\"doseAndRate\":[{\"doseQuantity\":{\"value\":10,\"unit\":\"milligram\"}}],\"timing\":{"
    "\"repeat\":{\"frequency\":5,"
    "\"period\":1,\"periodUnit\":\"d\",\"boundsDuration\":{\"value\":10,\"unit\":\"day\",\"code\":"
    "\"d\"}}}}]",
    "Inject 10 milligram - 5 times a day - Subcutaneous route - for 10 days" },
  { "[{\"timing\":{\"repeat\":{\"frequency\":1,\"period\":72,\"periodUnit\":\"h\"}}}]",
    "every 72 hours" },
  { "[{\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"d\"}}}]", "daily" },
  { "[{\"timing\":{\"repeat\":{\"frequency\":1,\"frequencyMax\":2,\"period\":1,\"periodUnit\":"
    "\"h\"}}}]",
    "1 to 2 times an hour" },
  { "[{\"timing\":{\"repeat\":{\"frequencyMax\":4,\"period\":1,\"periodUnit\":\"d\"}}}]",
    "up to 4 times a day" },
  { "[{\"timing\":{\"repeat\":{\"frequency\":1,\"period\":4,\"periodMax\":6,\"periodUnit\":\"h\"}}}"
    "]",
    "every 4 to 6 hours" },
  { "[{\"doseAndRate\":[{\"doseRange\":{\"low\":{\"value\":1,\"unit\":\"tablet\"},\"high\":{"
    "\"value\":2,\"unit\":\"tablet\"}}}]}]",
    "1 to 2 tablet" },
  { "[{\"doseAndRate\":[{\"rateRatio\":{\"numerator\":{\"value\":100,\"unit\":\"mL\"},"
    "\"denominator\":{\"value\":1,\"unit\":\"h\"}}}],"
    "\"timing\":{\"repeat\":{\"duration\":30,\"durationMax\":60,\"durationUnit\":\"min\"}}}]",
    "at a rate of 100 mL per hour - over 30 minutes (maximum 60 minutes)" },
  { "[{\"timing\":{\"repeat\":{\"offset\":30,\"when\":[\"AC\"]}}}]", "30 minutes before meals" },
  { "[{\"timing\":{\"repeat\":{\"offset\":120,\"when\":[\"PCM\",\"PCV\"]}}}]",
    "2 hours after breakfast and after the evening meal" },
  { "[{\"timing\":{\"repeat\":{\"dayOfWeek\":[\"mon\",\"thu\"],\"timeOfDay\":[\"08:00:00\"]}}}]",
    "on Monday and Thursday at 08:00" },
  { "[{\"sequence\":2,\"text\":\"x\",\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"wk\"}}},"
    "{\"sequence\":1,\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"d\"}}},"
    "{\"sequence\":2,\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"h\"}}}]",
    "daily, then weekly, and hourly" },
  { "[{\"maxDosePerPeriod\":{\"numerator\":{\"value\":4000,\"unit\":\"mg\"},\"denominator\":{"
    "\"value\":24,\"unit\":\"h\"}}}]",
    "up to a maximum of 4,000 mg every 24 hours" },
  { "[{\"asNeededCodeableConcept\":{\"coding\":[{\"display\":\"pain\"},{\"display\":\"fever\"},{"
    "\"display\":\"itch\"}]}}]",
    "as required for pain, fever and itch" },
  { "[{\"timing\":{\"repeat\":{\"boundsPeriod\":{\"start\":\"2026-11-09\",\"end\":\"2026-11-19\"}}}"
    "}]",
    "from 09-Nov-2026 to 19-Nov-2026" },
  /* what cannot be said is an error */
  { "[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":10}}]}]", NULL },
  { "[{\"doseAndRate\":[{\"doseQuantity\":{\"unit\":\"mg\"}}]}]", NULL },
  { "[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"mg\"}},{\"doseQuantity\":{"
    "\"value\":2,\"unit\":\"mg\"}}]}]",
    NULL },
  { "[{\"timing\":{\"repeat\":{\"frequency\":3}}}]", NULL },
  { "[{\"timing\":{\"repeat\":{\"period\":3,\"periodUnit\":\"d\"}}}]", NULL },
  { "[{\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"moon\"}}}]", NULL },
  { "[{\"timing\":{\"repeat\":{\"when\":[\"SOMETIMES\"]}}}]", NULL },
  { "[{\"route\":{}}]", NULL },
  { "[{\"text\":\"as directed\"}]", NULL },
  { "[{\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"d\"}}},{\"timing\":{\"repeat\":{"
    "\"period\":1,\"periodUnit\":\"h\"}}}]",
    NULL },
};

static FhirResource *
carry (const char *json)
{
  g_autofree char *text =
      g_strdup_printf ("{\"resourceType\":\"MedicationRequest\",\"dosageInstruction\":%s}", json);
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return resource;
}

static void
test_elements (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    {
      g_autoptr (FhirResource) carrier = carry (elements[i].dosages);
      g_autoptr (GError) error = NULL;
      g_autofree char *text =
          clinical_dosage_text_of_element (fhir_resource_path (carrier, "dosageInstruction"),
                                           &error);

      g_test_message ("%s", elements[i].dosages);
      g_assert_cmpstr (text, ==, elements[i].text);
      g_assert_true ((error == NULL) == (text != NULL));
    }
}

static void
test_round_trip (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dosages); i++)
    {
      g_autoptr (ClinicalDosage) dosage =
          make (dosages[i].value, dosages[i].unit, dosages[i].frequency, dosages[i].period,
                dosages[i].period_unit);
      g_autoptr (ClinicalDosage) back = NULL;
      g_autoptr (FhirBuilder) builder = fhir_builder_new ("MedicationRequest", "r");
      g_autoptr (FhirResource) request = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      dosage->as_needed = dosages[i].as_needed;
      g_assert_true (clinical_dosage_to_fhir (dosage, builder, "dosageInstruction.0", &error));
      request = fhir_builder_end (builder);
      g_assert_cmpstr (fhir_resource_path_text (request, "dosageInstruction.0.text"), ==,
                       dosages[i].text);
      g_assert_cmpstr (
          fhir_resource_path_text (request, "dosageInstruction.0.doseAndRate.0.doseQuantity.value"),
          ==, dosages[i].value);
      back =
          clinical_dosage_from_fhir (fhir_resource_path (request, "dosageInstruction.0"), &error);
      g_assert_no_error (error);
      text = clinical_dosage_text (back, NULL);
      g_assert_cmpstr (text, ==, dosages[i].text);
      g_assert_cmpstr (back->dose_unit, ==, dosages[i].unit);
    }
}

static void
test_from_fhir_refuses_what_it_cannot_hold (void)
{
  g_autoptr (FhirResource) rate =
      carry ("[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"g\"},"
             "\"rateQuantity\":{\"value\":1,\"unit\":\"mL\"}}],\"timing\":{\"repeat\":{"
             "\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}}}]");
  g_autoptr (FhirResource) times =
      carry ("[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"tablet\"}}],"
             "\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\","
             "\"timeOfDay\":[\"08:00:00\"]}}}]");
  g_autoptr (FhirResource) range =
      carry ("[{\"doseAndRate\":[{\"doseRange\":{\"low\":{\"value\":1,\"unit\":\"tablet\"},"
             "\"high\":{\"value\":2,\"unit\":\"tablet\"}}}],"
             "\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}}}]");
  g_autoptr (FhirResource) days =
      carry ("[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"tablet\"}}],"
             "\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"wk\","
             "\"dayOfWeek\":[\"mon\"]}}}]");

  g_autoptr (ClinicalDosage) held =
      clinical_dosage_read (fhir_resource_path (range, "dosageInstruction.0"), NULL);

  g_assert_null (clinical_dosage_read (fhir_resource_path (rate, "dosageInstruction.0"), NULL));
  g_assert_null (clinical_dosage_read (fhir_resource_path (times, "dosageInstruction.0"), NULL));
  /* the form holds a range; whoever counts doses does not get one that he takes for one dose */
  g_assert_cmpstr (held->dose_high, ==, "2");
  g_assert_null (
      clinical_dosage_from_fhir (fhir_resource_path (range, "dosageInstruction.0"), NULL));
  g_assert_null (
      clinical_dosage_from_fhir (fhir_resource_path (days, "dosageInstruction.0"), NULL));
}

/* H20: a text that somebody sent is shown beside codes that say otherwise. */
static void
test_display_shows_both (void)
{
  g_autoptr (FhirResource) differs =
      carry ("[{\"text\":\"Once "
             "daily\",\"doseAndRate\":[{\"doseQuantity\":{\"value\":5,\"unit\":\"mg\"}}],"
             "\"timing\":{\"repeat\":{\"frequency\":5,\"period\":1,\"periodUnit\":\"d\"}}}]");
  g_autoptr (FhirResource) only_text = carry ("[{\"text\":\"As directed\"}]");
  gboolean disagrees = FALSE;
  g_autofree char *both =
      clinical_dosage_display (fhir_resource_path (differs, "dosageInstruction"), &disagrees);
  g_autofree char *text = NULL;

  g_assert_cmpstr (both, ==, "Once daily (coded: 5 mg - 5 times a day)");
  g_assert_true (disagrees);
  text = clinical_dosage_display (fhir_resource_path (only_text, "dosageInstruction"), &disagrees);
  g_assert_cmpstr (text, ==, "As directed");
  g_assert_false (disagrees);
}

/* H10 */
static void
test_typed_doses (void)
{
  static const struct
  {
    const char *typed, *mark, *literal;
  } cases[] = {
    { "1", ".", "1" },
    { " 1.5 ", ".", "1.5" },
    { "1,5", ",", "1.5" },
    { ".5", ".", "0.5" },
    { "0.125", ".", "0.125" },
    { "250", ",", "250" },
    { "1.000", ".", NULL },
    { "1.000", ",", NULL },
    { "1,000", ".", NULL },
    { "1,000", ",", NULL },
    { "1 000", ".", NULL },
    { "1'000", ".", NULL },
    { "1\xe2\x80\x99"
      "000",
      ".", NULL },
    { "1\xc2\xa0"
      "000",
      ".", NULL },
    { "1.5.2", ".", NULL },
    { "1,5.2", ",", NULL },
    { "1.", ".", NULL },
    { ".", ".", NULL },
    { "", ".", NULL },
    { "0", ".", NULL },
    { "05", ".", NULL },
    { "00.5", ".", NULL },
    { "-1", ".", NULL },
    { "+1", ".", NULL },
    { "1e3", ".", NULL },
    { "1/2", ".", NULL },
    { "2 mg", ".", NULL },
    { "\xd9\xa1", ".", NULL },
    { "1.50", ".", NULL },
    { "9999999999", ".", NULL },
    { "1.2345678", ".", NULL },
    { "\xff", ".", NULL },
    { "1_000", ".", NULL },
    /* the other mark, where it can only be a decimal one */
    { "0.5", ",", "0.5" },
    { "0,5", ".", "0.5" },
    { "12.25", ",", "12.25" },
    { "2,5", ".", "2.5" },
    { "0.125", ",", "0.125" },
    { ",125", ".", "0.125" },
    { "2.125", ",", NULL },
    { "2,125", ".", NULL },
    { "1.5.2", ",", NULL },
    { "1.50", ",", NULL },
    { "1.", ",", NULL },
    { "1.000,5", ",", NULL },
  };
  g_autofree char *comma = clinical_dose_dup_typed ("0.5", ",");
  g_autofree char *point = clinical_dose_dup_typed ("0.5", ".");
  g_autofree char *whole = clinical_dose_dup_typed ("250", ",");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *literal = NULL;
      g_autoptr (GError) error = NULL;
      gboolean ok = clinical_dose_parse (cases[i].typed, cases[i].mark, &literal, &error);

      g_test_message ("%u: “%s” with “%s”", (guint) i,
                      g_utf8_validate (cases[i].typed, -1, NULL) ? cases[i].typed : "?",
                      cases[i].mark);
      g_assert_cmpstr (literal, ==, cases[i].literal);
      g_assert_true (ok == (cases[i].literal != NULL));
      if (!ok)
        g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_NUMBER);
    }
  g_assert_cmpstr (comma, ==, "0,5");
  g_assert_cmpstr (point, ==, "0.5");
  g_assert_cmpstr (whole, ==, "250");
  g_assert_null (clinical_dose_dup_typed (NULL, ","));
}

static void
test_exact_sums (void)
{
  static const struct
  {
    const char *literal;
    gint64 factor;
    const char *product;
  } cases[] = { { "0.1", 3, "0.3" },
                { "1.5", 2, "3" },
                { "0.125", 4, "0.5" },
                { "33.3", 3, "99.9" },
                { "999999999.999999", 24, "23999999999.999976" },
                { "abc", 2, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *product = clinical_dose_multiply (cases[i].literal, cases[i].factor);

      g_assert_cmpstr (product, ==, cases[i].product);
    }
}

static void
test_abbreviations (void)
{
  static const struct
  {
    const char *text, *expanded;
    guint refused;
  } cases[] = {
    { "10U daily", "10 units daily", 0 },
    { "10 IU QD", "10 units daily", 0 },
    { "1.0 mg", "1.0 mg", 1 },
    { ".5 mg", ".5 mg", 1 },
    { "0.5 mg and 10 mL", "0.5 mg and 10 mL", 0 },
    { "MS 5 mg", "MS 5 mg", 1 },
    { "take AS directed", "take AS directed", 1 },
    { "take as directed", "take as directed", 0 },
    { "5 cc qhs", "5 mL at bedtime", 0 },
    { "50 \xc2\xb5g @ night", "50 mcg at night", 0 },
    { "Usual dose", "Usual dose", 0 },
    { "OS", "OS", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) refused = NULL;
      g_autofree char *expanded = clinical_abbreviation_expand (cases[i].text, &refused);

      g_assert_cmpstr (expanded, ==, cases[i].expanded);
      g_assert_cmpuint (refused->len, ==, cases[i].refused);
    }
}

static void
test_medication_line (void)
{
  g_autoptr (GPtrArray) parts = clinical_line ("Prednisolone", "Pediapred", "Oral Solution",
                                               "400 mg / 5 mL", "oral", "once a day", NULL);
  g_autofree char *text = clinical_line_dup_text (parts);
  g_autofree char *tall = clinical_tallman ("chlorpromazine 25 MG and hydroxyzine");

  g_assert_cmpstr (text, ==,
                   "prednisoLONE – PEDIAPRED – oral solution – DOSE\xc2\xa0"
                   "400 mg in 5 mL – oral – once a day");
  g_assert_cmpstr (tall, ==, "chlorproMAZINE 25 MG and hydrOXYzine");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  clinical_tallman_set_source (tallman_names_load, NULL, NULL);
  g_test_add_func ("/clinical/dosage/text-words-patient", test_text_words_patient);
  g_test_add_func ("/clinical/dosage/whole-sentence", test_whole_sentence);
  g_test_add_func ("/clinical/dosage/words-of-limits", test_words_of_limits);
  g_test_add_func ("/clinical/dosage/missing-parts-are-errors", test_missing_parts_are_errors);
  g_test_add_func ("/clinical/dosage/elements", test_elements);
  g_test_add_func ("/clinical/dosage/round-trip", test_round_trip);
  g_test_add_func ("/clinical/dosage/from-fhir-refuses",
                   test_from_fhir_refuses_what_it_cannot_hold);
  g_test_add_func ("/clinical/dosage/display-shows-both", test_display_shows_both);
  g_test_add_func ("/clinical/dosage/typed-doses", test_typed_doses);
  g_test_add_func ("/clinical/dosage/exact-sums", test_exact_sums);
  g_test_add_func ("/clinical/dosage/abbreviations", test_abbreviations);
  g_test_add_func ("/clinical/dosage/medication-line", test_medication_line);
  return g_test_run ();
}
