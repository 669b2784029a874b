/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage.h"
#include "clinical-shorthand.h"

#include <string.h>

/* Dosages in five languages, against tests/fixtures/dosage/golden.txt: a name, the FHIR, and what
 * each language makes of it for a clinician ("de: ") and for the patient ("de+ "). */

static const char *const languages[] = { "en", "de", "es", "fr", "ja" };

typedef struct
{
  char *name;
  FhirResource *carrier;
  char *said[G_N_ELEMENTS (languages)][2];
} Golden;

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
golden_free (gpointer data)
{
  Golden *self = data;

  g_free (self->name);
  fhir_resource_unref (self->carrier);
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    for (int j = 0; j < 2; j++)
      g_free (self->said[i][j]);
  g_free (self);
}

static void
read_line (Golden *self, const char *line)
{
  if (*line == '[')
    {
      self->carrier = carry (line);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_has_prefix (line, languages[i]) && (line[2] == ':' || line[2] == '+'))
      {
        self->said[i][line[2] == '+'] = g_strdup (line + 4);
        return;
      }
  g_error ("golden.txt: %s", line);
}

static GPtrArray *
load_golden (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "tests", "fixtures",
                                            "dosage", "golden.txt", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  GPtrArray *all = g_ptr_array_new_with_free_func (golden_free);
  Golden *last = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    if (g_str_has_prefix (*line, "# "))
      {
        last = g_new0 (Golden, 1);
        last->name = g_strdup (*line + 2);
        g_ptr_array_add (all, last);
      }
    else if (**line)
      read_line (last, *line);
  return all;
}

static const FhirElement *
dosages_of (const Golden *golden)
{
  return fhir_resource_path (golden->carrier, "dosageInstruction");
}

static void
test_golden (void)
{
  g_autoptr (GPtrArray) all = load_golden ();

  g_assert_cmpuint (all->len, >=, 60);
  for (guint i = 0; i < all->len; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (languages); j++)
      for (int reader = 0; reader < 2; reader++)
        {
          const Golden *golden = all->pdata[i];
          g_autoptr (GError) error = NULL;
          g_autofree char *said = clinical_dosage_say (dosages_of (golden), languages[j],
                                                       (ClinicalReader) reader, &error);

          g_test_message ("%s, %s", golden->name, languages[j]);
          g_assert_no_error (error);
          g_assert_cmpstr (said, ==, golden->said[j][reader]);
        }
}

/* H20: eleven. And no other word of one language in another, but for what is marked as written. */
static void
test_one_language (void)
{
  g_autoptr (GPtrArray) all = load_golden ();
  g_autoptr (GRegex) english = g_regex_new (
      "\\b(once|twice|times?|a day|every|hours?|days?|weeks?|meals?|bedtime|tablets?|by mouth|"
      "take|the|for|with|needed?)\\b",
      G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GRegex) quoted = g_regex_new ("„[^“]*“|«[^»]*»|「[^」]*」", 0, 0, NULL);

  for (guint i = 0; i < all->len; i++)
    for (gsize j = 1; j < G_N_ELEMENTS (languages); j++)
      for (int reader = 0; reader < 2; reader++)
        {
          const Golden *golden = all->pdata[i];
          g_autofree char *own =
              g_regex_replace_literal (quoted, golden->said[j][reader], -1, 0, "", 0, NULL);

          g_test_message ("%s, %s: %s", golden->name, languages[j], own);
          g_assert_false (g_regex_match (english, own, 0, NULL));
        }
}

/* What a program elsewhere speaks has no part in it: the text is the same in every locale. */
static void
test_decimal_marks (void)
{
  static const struct
  {
    const char *tag, *text;
  } cases[] = {
    { "es", "1,5 comprimidos - 1 vez al día" },
    { "es-MX", "1.5 comprimidos - 1 vez al día" },
    { "es_ES", "1,5 comprimidos - 1 vez al día" },
    { "de", "1,5 Tabletten - 1-mal am Tag" },
    { "de-CH", "1.5 Tabletten - 1-mal am Tag" },
    { "fr-FR", "1,5 comprimé - 1 fois par jour" },
    { "ja-JP", "1回1.5錠 - 1日1回" },
    { "en-GB", "1.5 tablets - once a day" },
    { NULL, "1.5 tablets - once a day" },
  };
  g_autoptr (FhirResource) carrier =
      carry ("[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1.50,\"unit\":\"tablets\"}}],"
             "\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}}}]");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *said =
          clinical_dosage_say (fhir_resource_path (carrier, "dosageInstruction"), cases[i].tag,
                               CLINICAL_READER_CLINICIAN, NULL);

      g_assert_cmpstr (said, ==, cases[i].text);
    }
}

static void
test_refusals (void)
{
  static const char *const cases[] = {
    "[{\"route\":null,\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"d\"}}}]",
    "[{\"asNeededBoolean\":null,\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"d\"}}}]",
    "[{\"timing\":null,\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"mg\"}}]}]",
    "[{\"timing\":{\"repeat\":{\"frequency\":null,\"period\":1,\"periodUnit\":\"d\"}}}]",
    "[{\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\",\"when\":[null]}}}"
    "]",
    "[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":null,\"unit\":\"mg\"}}]}]",
    "[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1e3,\"unit\":\"mg\"}}]}]",
    "[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":-1,\"unit\":\"mg\"}}]}]",
    "[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"\\u202e\"}}]}]",
    "[{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"mg\",\"comparator\":\"<\"}}]}]",
    "[{\"doseAndRate\":[{\"doseRange\":{\"low\":{\"value\":1,\"unit\":\"mg\"},\"high\":{\"value\":"
    "2,"
    "\"unit\":\"g\"}}}]}]",
    "[{\"modifierExtension\":[{\"url\":\"http://x.invalid\",\"valueBoolean\":true}],\"timing\":{"
    "\"repeat\":{\"period\":1,\"periodUnit\":\"d\"}}}]",
    "[{\"timing\":{\"repeat\":{\"offset\":30,\"when\":[\"C\"]}}}]",
    "[{\"timing\":{\"repeat\":{\"timeOfDay\":[\"noon!\"]}}}]",
    "[{\"timing\":{\"repeat\":{\"boundsDuration\":{\"value\":3,\"unit\":\"days\"}}}}]",
    "[{\"timing\":{\"repeat\":{\"boundsRange\":{\"low\":{\"value\":3,\"code\":\"d\"},\"high\":{"
    "\"value\":1,\"code\":\"wk\"}}}}}]",
    "[{\"timing\":{\"code\":{\"coding\":[{\"code\":\"BID\"}]},\"repeat\":{\"frequency\":3,"
    "\"period\":1,\"periodUnit\":\"d\"}}}]",
    "[{\"sequence\":1,\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"d\"}}},{\"timing\":{"
    "\"repeat\":{\"period\":1,\"periodUnit\":\"h\"}}}]",
    "[]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (languages); j++)
      {
        g_autoptr (FhirResource) carrier = carry (cases[i]);
        g_autoptr (GError) error = NULL;

        g_test_message ("%s", cases[i]);
        g_assert_null (clinical_dosage_say (fhir_resource_path (carrier, "dosageInstruction"),
                                            languages[j], CLINICAL_READER_PATIENT, &error));
        g_assert_cmpuint (error->domain, ==, CLINICAL_ERROR);
      }
}

static void
test_other_language (void)
{
  g_autoptr (FhirResource) carrier =
      carry ("[{\"timing\":{\"repeat\":{\"period\":1,\"periodUnit\":\"d\"}}}]");
  static const char *const tags[] = { "it", "enx", "", "deutsch", "x" };

  for (gsize i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (clinical_dosage_say (fhir_resource_path (carrier, "dosageInstruction"),
                                          tags[i], CLINICAL_READER_PATIENT, &error));
      g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_LANGUAGE);
    }
}

/* The law: what is read of the sentence is what the codes say. */
static void
test_golden_round_trip (void)
{
  g_autoptr (GPtrArray) all = load_golden ();
  guint read = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const FhirElement *dosages = dosages_of (all->pdata[i]);
      g_autofree char *text = clinical_dosage_text_of_element (dosages, NULL);
      g_autoptr (ClinicalDosage) first = clinical_dosage_read (fhir_element_at (dosages, 0), NULL);
      g_autoptr (ClinicalShorthand) said = NULL;
      g_autoptr (GError) error = NULL;

      if (!first)
        continue;
      said = clinical_shorthand_read_text (text, &error);
      g_test_message ("%s", text);
      if (fhir_element_get_length (dosages) > 1 &&
          fhir_element_get_integer (fhir_element_path (dosages, "1.sequence"), 0) == 1)
        continue; /* two at once: the reader of sentences has only one after the other */
      g_assert_no_error (error);
      if (said->rest)
        continue; /* it says that it did not understand: nothing is claimed */
      g_assert_cmpuint (said->steps->len, ==, fhir_element_get_length (dosages));
      for (guint j = 0; j < said->steps->len; j++)
        {
          g_autoptr (ClinicalDosage) coded =
              clinical_dosage_read (fhir_element_at (dosages, j), NULL);

          g_assert_true (clinical_shorthand_means (coded, said->steps->pdata[j]));
        }
      read++;
    }
  g_assert_cmpuint (read, >=, 25);
}

static const char *
pick (GRand *rand, const char *const *from)
{
  return from[g_rand_int_range (rand, 0, (gint32) g_strv_length ((char **) from))];
}

static ClinicalDosage *
random_dosage (GRand *rand)
{
  static const char *const values[] = { "1", "2", "0.5", "1.25", "10", "62.5", NULL };
  static const char *const highs[] = { "63", "75", "100", NULL };
  static const char *const units[] = { "tablet", "capsule", "puff", "mg", "mcg",
                                       "mL",     "unit",    "drop", "g",  NULL };
  static const char *const routes[] = { "oral", "subcutaneous", "inhalation", "sublingual", NULL };
  static const char *const events[] = { "HS", "AC", "PCM", "MORN", "NIGHT", "WAKE", NULL };
  static const char *const reasons[] = { "pain", "chest pain", "pain, fever and itch", NULL };
  static const char *const rhythms[] = { "h", "d", "wk", NULL };
  ClinicalDosage *d = clinical_dosage_new ();

  d->dose_value = g_strdup (pick (rand, values));
  d->dose_unit = g_strdup (pick (rand, units));
  d->frequency = g_rand_int_range (rand, 1, 7);
  d->period = g_rand_boolean (rand) ? 1 : g_rand_int_range (rand, 2, 30);
  d->period_unit = g_strdup (pick (rand, rhythms));
  if (g_rand_boolean (rand))
    d->dose_high = g_strdup (pick (rand, highs));
  if (d->period > 1 && g_rand_boolean (rand))
    {
      d->frequency = 1;
      d->period_max = d->period + g_rand_int_range (rand, 1, 4);
    }
  if (g_str_equal (d->period_unit, "wk") && d->period == 1 && g_rand_boolean (rand))
    {
      d->days = g_strdup ("mon thu");
      d->frequency = 2;
    }
  if (g_rand_boolean (rand))
    d->when = g_strdup (pick (rand, events));
  if (g_rand_boolean (rand))
    d->route_text = g_strdup (pick (rand, routes));
  if (g_rand_boolean (rand))
    d->method = g_strdup ("Take");
  d->as_needed = g_rand_boolean (rand);
  if (d->as_needed && g_rand_boolean (rand))
    d->as_needed_for = g_strdup (pick (rand, reasons));
  if (g_rand_boolean (rand))
    d->duration_days = g_rand_int_range (rand, 1, 400);
  if (g_rand_boolean (rand))
    d->max_a_day = g_strdup ("1200");
  return d;
}

/* The same for 3000 dosages by chance, through text and through FHIR; and each is said whole in all
 * five languages. */
static void
test_random_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261129);

  for (int i = 0; i < 3000; i++)
    {
      g_autoptr (ClinicalDosage) dosage = random_dosage (rand), back = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = clinical_dosage_text (dosage, &error);
      g_autoptr (ClinicalShorthand) said = NULL;
      g_autoptr (FhirBuilder) builder = fhir_builder_new ("MedicationRequest", "r");
      g_autoptr (FhirResource) request = NULL;
      ClinicalDosage *step;

      g_assert_no_error (error);
      g_test_message ("%s", text);
      said = clinical_shorthand_read_text (text, &error);
      g_assert_no_error (error);
      g_assert_null (said->rest);
      g_assert_cmpuint (said->steps->len, ==, 1);
      step = said->steps->pdata[0];
      g_assert_true (clinical_shorthand_means (dosage, step));
      g_assert_cmpstr (step->as_needed_for, ==, dosage->as_needed_for);
      g_assert_cmpstr (step->route_text, ==, dosage->route_text);
      g_assert_cmpstr (step->method, ==, dosage->method);
      g_assert_true (clinical_dosage_to_fhir (dosage, builder, "dosageInstruction.0", &error));
      request = fhir_builder_end (builder);
      back = clinical_dosage_read (fhir_resource_path (request, "dosageInstruction.0"), &error);
      g_assert_no_error (error);
      g_assert_true (clinical_shorthand_means (dosage, back));
      g_assert_true (clinical_dosage_agrees (fhir_resource_path (request, "dosageInstruction.0")));
      for (gsize j = 0; j < G_N_ELEMENTS (languages); j++)
        {
          g_autofree char *other =
              clinical_dosage_say (fhir_resource_path (request, "dosageInstruction"), languages[j],
                                   CLINICAL_READER_PATIENT, &error);

          g_assert_no_error (error);
          g_assert_nonnull (other);
        }
    }
}

/* 5.4: whoever sends text and codes may say the same in other words, or something else. */
static void
test_agreement (void)
{
  static const struct
  {
    const char *text;
    gboolean agrees;
  } cases[] = {
    { "1 tablet - 3 times a day - for 7 days", TRUE },
    { "Take one tablet three times a day for 7 days", TRUE },
    { "1 tablet 3 times a day for 1 week", TRUE },
    { "1 tab tid 7 days", TRUE },
    { "1-mal", FALSE },
    { "1 Tablette - 3-mal am Tag - 7 Tage lang", TRUE },
    { "Use 1 tablet, 3 times a day, for 7 days.", TRUE },
    { "1 tablet 3 times a day", FALSE },
    { "10 tablets 3 times a day for 7 days", FALSE },
    { "1 tablet once a day for 7 days", FALSE },
    { "1 tablet 3 times a day for 7 days, but half if dizzy", FALSE },
    { "As directed", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf (
          "[{\"text\":\"%s\",\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"tablet\"}}]"
          ","
          "\"timing\":{\"repeat\":{\"frequency\":3,\"period\":1,\"periodUnit\":\"d\","
          "\"boundsDuration\":{\"value\":7,\"unit\":\"days\",\"code\":\"d\"}}}}]",
          cases[i].text);
      g_autoptr (FhirResource) carrier = carry (json);
      gboolean disagrees = FALSE;
      g_autofree char *shown =
          clinical_dosage_display (fhir_resource_path (carrier, "dosageInstruction"), &disagrees);

      g_test_message ("%s", cases[i].text);
      g_assert_true (disagrees == !cases[i].agrees);
      g_assert_true (g_str_has_prefix (shown, cases[i].text));
      g_assert_true ((strstr (shown, "(coded: ") != NULL) == disagrees);
    }
}

/* Signs between digits are part of the number. */
static void
test_tenfold (void)
{
  static const struct
  {
    const char *text;
    gboolean agrees;
  } cases[] = {
    { "1.5 tablets - once a day", TRUE },  { "1,5 Tabletten - 1-mal am Tag", TRUE },
    { "15 tablets - once a day", FALSE },  { "1-5 tablets - once a day", FALSE },
    { "1/5 tablets - once a day", FALSE }, { "1 5 tablets - once a day", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf (
          "[{\"text\":\"%s\",\"doseAndRate\":[{\"doseQuantity\":{\"value\":1.5,\"unit\":"
          "\"tablets\"}}],"
          "\"timing\":{\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}}}]",
          cases[i].text);
      g_autoptr (FhirResource) carrier = carry (json);

      g_test_message ("%s", cases[i].text);
      g_assert_true (clinical_dosage_agrees (fhir_resource_path (carrier, "dosageInstruction.0")) ==
                     cases[i].agrees);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical/dosage-language/golden", test_golden);
  g_test_add_func ("/clinical/dosage-language/one-language", test_one_language);
  g_test_add_func ("/clinical/dosage-language/decimal-marks", test_decimal_marks);
  g_test_add_func ("/clinical/dosage-language/refusals", test_refusals);
  g_test_add_func ("/clinical/dosage-language/other-language", test_other_language);
  g_test_add_func ("/clinical/dosage-language/golden-round-trip", test_golden_round_trip);
  g_test_add_func ("/clinical/dosage-language/random-round-trip", test_random_round_trip);
  g_test_add_func ("/clinical/dosage-language/agreement", test_agreement);
  g_test_add_func ("/clinical/dosage-language/tenfold", test_tenfold);
  return g_test_run ();
}
