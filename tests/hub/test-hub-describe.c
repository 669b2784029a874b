/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fhir-text.h"
#include "hub-demo.h"
#include "hub-describe-dosage.h"

/* What a person reads of a resource: in words, whole, and loud where it matters. */

static HubDescription *
describe (const char *json)
{
  g_autoptr (GError) error = NULL;
  HubDescription *description = hub_describe (json, -1, NULL, &error);

  g_assert_no_error (error);
  return description;
}

/* A line "label text", whatever spaces are between and before. */
static gboolean
has_line (const HubDescription *description, const char *wanted)
{
  g_auto (GStrv) lines = g_strsplit (description->text->str, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *tidy = fhir_text_tidy (*line);

      if (g_strcmp0 (tidy, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
assert_line (const char *json, const char *wanted)
{
  g_autoptr (HubDescription) description = describe (json);

  if (!has_line (description, wanted))
    g_test_message ("%s\nlacks: %s", description->text->str, wanted);
  g_assert_true (has_line (description, wanted));
}

#define PATIENT(more) "{\"resourceType\":\"Patient\",\"id\":\"p\"," more "}"
#define OBSERVATION(more)                                                                          \
  "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\",\"code\":{\"text\":\"x\"}"  \
  "," more "}"

static void
test_lines (void)
{
  static const char *const pairs[][2] = {
    { PATIENT ("\"active\":true"), "PATIENT p" },
    { PATIENT ("\"active\":false"), "Active no" },
    { PATIENT ("\"birthDate\":\"2026-11-09\""), "Birth date 09-Nov-2026" },
    { PATIENT ("\"birthDate\":\"1961\""), "Birth date 1961" },
    { PATIENT ("\"deceasedDateTime\":\"2026-11-09T14:05:00+01:00\""),
      "Deceased 09-Nov-2026 14:05 +01:00" },
    { PATIENT ("\"deceasedDateTime\":\"2026-11-09T14:05:00Z\""), "Deceased 09-Nov-2026 14:05 UTC" },
    { PATIENT ("\"name\":[{\"use\":\"official\",\"family\":\"Smith\",\"given\":[\"Jane\"],"
               "\"prefix\":[\"Mrs\"]}]"),
      "Name SMITH, Jane (Mrs) (official)" },
    { PATIENT ("\"telecom\":[{\"system\":\"phone\",\"value\":\"1234\",\"use\":\"home\"}]"),
      "Telecom 1234 (phone, home)" },
    { PATIENT ("\"address\":[{\"line\":[\"1 Row\"],\"city\":\"Ely\",\"postalCode\":\"CB7\"}]"),
      "Address 1 Row, Ely, CB7" },
    { PATIENT ("\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":"
               "\"943\"}]"),
      "Identifier 943 (NHS number)" },
    { PATIENT ("\"generalPractitioner\":[{\"reference\":\"Practitioner/1\",\"display\":\"Dr X\"}]"),
      "General practitioner Dr X (Practitioner/1)" },
    { PATIENT ("\"managingOrganization\":{\"reference\":\"Organization/1\"}"),
      "Managing organization Organization/1" },
    { OBSERVATION ("\"valueQuantity\":{\"value\":1.00,\"unit\":\"mg/L\"}"), "Value 1.00 mg/L" },
    { OBSERVATION ("\"valueQuantity\":{\"value\":5,\"comparator\":\"<\",\"unit\":\"mmHg\",\"code\":"
                   "\"mm[Hg]\",\"system\":\"http://unitsofmeasure.org\"}"),
      "Value < 5 mmHg (mm[Hg], UCUM)" },
    { OBSERVATION ("\"effectivePeriod\":{\"start\":\"2026-01-02\",\"end\":\"2026-01-03\"}"),
      "Effective 02-Jan-2026 to 03-Jan-2026" },
    { OBSERVATION ("\"effectivePeriod\":{\"start\":\"2026-01-02\"}"),
      "Effective since 02-Jan-2026" },
    { OBSERVATION ("\"valueCodeableConcept\":{\"text\":\"High\",\"coding\":[{\"system\":"
                   "\"http://snomed.info/sct\",\"code\":\"1\",\"display\":\"Raised\"},{\"code\":"
                   "\"2\"}]}"),
      "Value High (Raised: 1, SNOMED CT; 2)" },
    { OBSERVATION ("\"valueRatio\":{\"numerator\":{\"value\":1},\"denominator\":{\"value\":128}}"),
      "Value 1 per 128" },
    { OBSERVATION ("\"valueRange\":{\"low\":{\"value\":1,\"unit\":\"g\"}}"), "Value 1 g or more" },
    { OBSERVATION ("\"referenceRange\":[{\"low\":{\"value\":3.50,\"unit\":\"g\"}}]"),
      "Low 3.50 g" },
    { OBSERVATION ("\"note\":[{\"text\":\"Well\",\"authorString\":\"Dr X\",\"time\":"
                   "\"2026-01-02\"}]"),
      "Note Well (Dr X, 02-Jan-2026)" },
    { OBSERVATION ("\"_effectiveDateTime\":{\"extension\":[{\"url\":\"http://hl7.org/fhir/"
                   "StructureDefinition/data-absent-reason\",\"valueCode\":\"unknown\"}]}"),
      "“Data absent reason” unknown" },
    { OBSERVATION ("\"text\":{\"status\":\"generated\",\"div\":\"<div>A &amp; <b>B</b></div>\"}"),
      "A & B" },
    { OBSERVATION ("\"contained\":[{\"resourceType\":\"Device\",\"id\":\"d\"}]"),
      "Contained: DEVICE d" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    assert_line (pairs[i][0], pairs[i][1]);
}

/* What a formatted line does not tell stands below it. */
static void
test_nothing_is_left_out (void)
{
  static const char *const pairs[][2] = {
    { PATIENT ("\"name\":[{\"family\":\"S\",\"period\":{\"end\":\"2020-01-01\"}}]"),
      "Period until 01-Jan-2020" },
    { PATIENT ("\"name\":[{\"family\":\"S\",\"text\":\"Sam S\"}]"), "Text Sam S" },
    { PATIENT ("\"managingOrganization\":{\"reference\":\"Organization/1\",\"type\":\"Odd\"}"),
      "Type Odd" },
    { PATIENT (
          "\"maritalStatus\":{\"text\":\"m\",\"extension\":[{\"url\":\"u/how\",\"valueString\":"
          "\"hidden\"}]}"),
      "“How” hidden" },
    { PATIENT ("\"maritalStatus\":{\"text\":\"m\",\"coding\":[{\"code\":\"M\",\"extension\":[{"
               "\"url\":\"u/how\",\"valueString\":\"hidden\"}]}]}"),
      "“How” hidden" },
    { PATIENT ("\"name\":[{\"given\":[\"A\",\"B\"],\"_given\":[null,{\"extension\":[{\"url\":"
               "\"u/kind\",\"valueCode\":\"middle\"}]}]}]"),
      "“Kind” middle" },
    { OBSERVATION ("\"valueRange\":{\"low\":{\"value\":1,\"odd\":2}}"), "odd (not in FHIR R4) 2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    assert_line (pairs[i][0], pairs[i][1]);
}

static void
test_loud (void)
{
  static const char *const loud[][2] = {
    { "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"entered-in-error\"}",
      "ENTERED IN ERROR" },
    { "{\"resourceType\":\"Condition\",\"id\":\"c\",\"verificationStatus\":{\"coding\":[{\"code\":"
      "\"entered-in-error\"}]}}",
      "ENTERED IN ERROR" },
    { "{\"resourceType\":\"MedicationRequest\",\"id\":\"m\",\"doNotPerform\":true}",
      "DO NOT PERFORM" },
    { PATIENT ("\"modifierExtension\":[{\"url\":\"u/not-me\",\"valueBoolean\":true}]"),
      "CHANGES THE MEANING" },
    { PATIENT ("\"contact\":[{\"modifierExtension\":[{\"url\":\"u\",\"valueBoolean\":true}]}]"),
      "CHANGES THE MEANING" },
    { PATIENT ("\"implicitRules\":\"http://rules\""), "OTHER RULES" },
    { "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{"
      "\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"entered-in-error\"}}]}",
      "ENTERED IN ERROR" },
  };
  g_autoptr (HubDescription) calm = describe (OBSERVATION ("\"valueInteger\":1"));

  g_assert_cmpuint (calm->warnings->len, ==, 0);
  g_assert_null (strstr (calm->text->str, "!!!"));
  for (gsize i = 0; i < G_N_ELEMENTS (loud); i++)
    {
      g_autoptr (HubDescription) description = describe (loud[i][0]);
      const char *mark = strstr (description->text->str, "!!! ");

      g_test_message ("%s", description->text->str);
      g_assert_nonnull (mark);
      g_assert_nonnull (strstr (mark, loud[i][1]));
      g_assert_cmpuint (description->warnings->len, ==, 1);
    }
}

static void
test_unknown (void)
{
  g_autoptr (HubDescription) description = describe (
      PATIENT ("\"shoeSize\":44,\"contact\":[{\"mood\":{\"a\":[1]}}],\"gender\":{\"x\":1},"
               "\"birthDate\":\"1970-01-01\""));
  g_autoptr (HubDescription) strange =
      describe ("{\"resourceType\":\"Patient\",\"deceased\":true}");

  g_assert_true (has_line (description, "shoeSize (not in FHIR R4) 44"));
  g_assert_true (has_line (description, "mood (not in FHIR R4)"));
  g_assert_true (has_line (description, "a 1"));
  g_assert_cmpuint (description->unknown->len, ==, 3);
  g_assert_cmpstr (description->unknown->pdata[0], ==, "Patient/p.shoeSize");
  g_assert_cmpuint (strange->unknown->len, ==, 1); /* a choice without its type */
}

/* A record may not move the cursor of the terminal that it is read in, nor feign a line. */
static void
test_terminal (void)
{
  g_autoptr (HubDescription) description = describe (
      PATIENT ("\"name\":[{\"text\":\"\\u001b[2Jx\\u202ey\"}],\"\\u001b[1mz\":\"a\\nActive "
               "no\""));

  g_assert_null (strchr (description->text->str, 0x1b));
  g_assert_null (strstr (description->text->str, "\xe2\x80\xae"));
  g_assert_false (has_line (description, "\nActive no"));
}

static void
test_files (void)
{
  static const char lines[] = "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n\n"
                              "{\"resourceType\":\"Device\",\"id\":\"b\"}\n";
  static const char bundle[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{"
      "\"resourceType\":\"Patient\",\"id\":\"a\"}},{\"resource\":{\"resourceType\":\"Device\","
      "\"id\":\"b\"}}]}";
  static const char *const texts[] = { lines, bundle };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (HubDescription) all = describe (texts[i]);
      g_autoptr (HubDescription) some = hub_describe (texts[i], -1, "Device", NULL);

      g_assert_nonnull (strstr (all->text->str, "PATIENT a"));
      g_assert_nonnull (strstr (all->text->str, "DEVICE b"));
      g_assert_null (strstr (some->text->str, "PATIENT a"));
      g_assert_nonnull (strstr (some->text->str, "DEVICE b"));
      g_assert_cmpuint (some->left_out, ==, 1);
    }
  g_assert_null (hub_describe ("{\"a\":1}", -1, NULL, &error));
  g_assert_nonnull (error);
}

/* ---- the demo clinic ---- */

static gboolean
is_told (const char *folded, const char *text)
{
  g_autofree char *wanted = fhir_fold (text);
  g_autofree char *tidy = fhir_text_tidy (wanted);

  return tidy == NULL || strstr (folded, tidy) != NULL;
}

/* Texts that stand as they are, in some line or wrapped. */
static void
check_told (const char *folded, const FhirElement *value, const char *name)
{
  static const char *const told[] = { "display", "code",      "family", "given",  "city", "title",
                                      "value",   "reference", "id",     "status", NULL };
  FhirMemberIter iter;
  const char *member;
  const FhirElement *inner;

  if (fhir_element_get_kind (value) == FHIR_KIND_ARRAY)
    fhir_element_foreach (item, value)
      check_told (folded, item, name);
  if (fhir_element_get_kind (value) == FHIR_KIND_STRING && g_strv_contains (told, name) &&
      !is_told (folded, fhir_element_get_text (value)))
    g_error ("%s “%s” is not told in %s", name, fhir_element_get_text (value), folded);
  if (fhir_element_get_kind (value) != FHIR_KIND_OBJECT)
    return;
  fhir_member_iter_init (&iter, value);
  while (fhir_member_iter_next (&iter, &member, &inner))
    check_told (folded, inner, member);
}

static void
test_demo (void)
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) resources = hub_demo_resources (clock, "bedside", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < resources->len; i++)
    {
      FhirResource *resource = resources->pdata[i];
      g_autoptr (HubDescription) description = describe (fhir_resource_get_text (resource, NULL));
      g_autofree char *line = fhir_text_tidy (description->text->str);
      g_autofree char *folded = fhir_fold (line);

      for (guint j = 0; j < description->unknown->len; j++)
        g_error ("%s", (char *) description->unknown->pdata[j]);
      check_told (folded, fhir_resource_get_root (resource), "");
    }
}

#define DOSAGE                                                                                     \
  "{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1.5,\"unit\":\"tablets\"}}],\"timing\":{"        \
  "\"repeat\":{"                                                                                   \
  "\"frequency\":2,\"period\":1,\"periodUnit\":\"d\"}}}"
#define DOSAGE_TAIL                                                                                \
  "\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"tablet\"}}],\"timing\":{\"repeat\":" \
  "{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}}}"
#define REQUEST(id, dosage)                                                                        \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"" id "\",\"medicationCodeableConcept\":{"      \
  "\"text\":\"A\\u202eB\"},\"dosageInstruction\":[" dosage "]}"

/* A Dosage alone, in a list, in a resource, a bundle, lines: the same text. */
static void
test_dosages (void)
{
  static const char *const shapes[] = {
    DOSAGE,
    "[" DOSAGE "]",
    REQUEST ("r", DOSAGE),
    REQUEST ("r", DOSAGE) "\n" REQUEST ("s", DOSAGE),
    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":" REQUEST (
        "r", DOSAGE) "}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HubDescription) told = hub_describe_dosages (shapes[i], -1, NULL, "es-MX", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (told->shown, ==, i == 3 ? 2 : 1);
      g_assert_cmpuint (told->warnings->len, ==, 0);
      g_assert_true (has_line (told, "1.5 comprimidos - 2 veces al día"));
      g_assert_true (has_line (told, "For the patient: 1.5 comprimidos, 2 veces al día."));
      g_assert_true (i < 2 || has_line (told, "MedicationRequest r (AB)"));
    }
}

/* What cannot be said, or says two things, is loud and as it was written. */
static void
test_dosages_loud (void)
{
  static const char *const cases[][2] = {
    { "{\"text\":\"As directed\"}", "!!! The dosage has no coded parts." },
    { "{\"text\":\"As directed\",\"timing\":null}",
      "!!! The dosage has a part that is not there." },
    { "{\"text\":\"10 tablets once a day\"," DOSAGE_TAIL,
      "!!! Its text says something else than its codes. Do not act on either." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubDescription) told = hub_describe_dosages (cases[i][0], -1, NULL, "de", NULL);

      g_test_message ("%s", told->text->str);
      g_assert_cmpuint (told->warnings->len, ==, 1);
      g_assert_true (has_line (told, cases[i][1]));
      g_assert_nonnull (strstr (told->text->str, "As written: "));
    }
}

static void
test_dosages_refused (void)
{
  static const char *const cases[][2] = {
    { DOSAGE, "it" }, { DOSAGE, "" }, { "{", "de" }, { "", "de" }, { "[1,", "de" },
  };
  g_autoptr (HubDescription) none =
      hub_describe_dosages (PATIENT ("\"active\":true"), -1, NULL, "de", NULL);
  g_autoptr (HubDescription) other =
      hub_describe_dosages (REQUEST ("r", DOSAGE), -1, "MedicationDispense", "de", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (hub_describe_dosages (cases[i][0], -1, NULL, cases[i][1], &error));
      g_assert_nonnull (error);
    }
  g_assert_cmpuint (none->shown, ==, 0);
  g_assert_cmpuint (other->shown, ==, 0);
  g_assert_cmpuint (other->left_out, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/describe/lines", test_lines);
  g_test_add_func ("/hub/describe/nothing-is-left-out", test_nothing_is_left_out);
  g_test_add_func ("/hub/describe/loud", test_loud);
  g_test_add_func ("/hub/describe/unknown", test_unknown);
  g_test_add_func ("/hub/describe/terminal", test_terminal);
  g_test_add_func ("/hub/describe/files", test_files);
  g_test_add_func ("/hub/describe/demo", test_demo);
  g_test_add_func ("/hub/describe/dosages", test_dosages);
  g_test_add_func ("/hub/describe/dosages-loud", test_dosages_loud);
  g_test_add_func ("/hub/describe/dosages-refused", test_dosages_refused);
  return g_test_run ();
}
