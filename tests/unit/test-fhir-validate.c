/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-validate.h"

#include <string.h>

#include "fhir-structure.h"

/* "error code path|…" of what is wrong with the resource. */
static char *
dup_issues (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, &error);
  g_autoptr (GPtrArray) issues = NULL;
  GString *words = g_string_new (NULL);

  g_assert_no_error (error);
  issues = fhir_validate (resource);
  for (guint i = 0; i < issues->len; i++)
    {
      const FhirIssue *issue = issues->pdata[i];

      g_test_message ("%s: %s", issue->expression, issue->text);
      g_string_append_printf (words, "%s%s%s %s", i > 0 ? "|" : "",
                              strcmp (issue->severity, "error") == 0 ? "" : "(info) ", issue->code,
                              issue->expression);
    }
  return g_string_free_and_steal (words);
}

typedef struct
{
  const char *members, *issues;
} Case;

static void
check_cases (const char *type, const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"resourceType\":\"%s\"%s}", type, cases[i].members);
      g_autofree char *issues = dup_issues (text);

      g_assert_cmpstr (issues, ==, cases[i].issues);
    }
}

static void
test_elements (void)
{
  static const Case cases[] = {
    { "", "" },
    { ",\"shoeSize\":43", "structure Patient.shoeSize" },
    { ",\"_shoeSize\":{\"id\":\"x\"}", "structure Patient._shoeSize" },
    { ",\"_name\":[{\"id\":\"x\"}]", "structure Patient._name" },
    { ",\"name\":[{\"family\":\"A\",\"given\":[\"B\"],\"x\":1}]", "structure Patient.name[0].x" },
    { ",\"name\":{\"family\":\"A\"}", "structure Patient.name" },
    { ",\"birthDate\":[\"1980\"]", "structure Patient.birthDate" },
    { ",\"name\":[]", "structure Patient.name" },
    { ",\"name\":[{}]", "structure Patient.name[0]" },
    { ",\"name\":[\"A\"]", "structure Patient.name[0]" },
    { ",\"name\":[null]", "structure Patient.name[0]" },
    { ",\"maritalStatus\":\"M\"", "structure Patient.maritalStatus" },
    /* extensions of primitive values, alone and in lists */
    { ",\"_birthDate\":{\"extension\":[{\"url\":\"u\",\"valueDateTime\":\"1980-02\"}]}", "" },
    { ",\"name\":[{\"given\":[null,\"B\"],\"_given\":[{\"id\":\"x\"},null]}]", "" },
    { ",\"name\":[{\"given\":[\"B\",null],\"_given\":[{\"id\":\"x\"},null]}]",
      "structure Patient.name[0].given[1]|structure Patient.name[0].given[1]" },
    { ",\"_birthDate\":{\"url\":\"u\"}", "structure Patient.birthDate.url" },
    { ",\"extension\":[{\"valueString\":\"x\"}]", "required Patient.extension[0].url" },
    { ",\"extension\":[{\"url\":\"u\",\"valueString\":\"x\",\"valueCode\":\"y\"}]",
      "structure Patient.extension[0].value" },
    { ",\"extension\":[{\"url\":\"u\",\"valueShoe\":\"x\"}]",
      "structure Patient.extension[0].valueShoe" },
    { ",\"deceasedBoolean\":false,\"deceasedDateTime\":\"2020\"", "structure Patient.deceased" },
    { ",\"deceased\":true", "structure Patient.deceased" },
    { ",\"deceasedQuantity\":{\"value\":1}", "structure Patient.deceasedQuantity" },
    /* parts of their own, and resources within */
    { ",\"contact\":[{\"name\":{\"family\":\"A\"},\"x\":1}]", "structure Patient.contact[0].x" },
    { ",\"link\":[{\"type\":\"refer\"}]", "required Patient.link[0].other" },
    { ",\"contained\":[{\"resourceType\":\"Organization\",\"name\":7}]",
      "value Patient.contained[0].name" },
    { ",\"contained\":[{\"name\":\"x\"}]", "structure Patient.contained[0]" },
    { ",\"contained\":[{\"resourceType\":\"HumanName\"}]", "structure Patient.contained[0]" },
    { ",\"text\":{\"status\":\"generated\"}", "required Patient.text.div" },
    { ",\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"2020-01-01T00:00:00Z\"}", "" },
    { ",\"meta\":{\"author\":{\"reference\":\"Practitioner/1\"}}", /* of the package, not of R4 */
      "structure Patient.meta.author" },
  };

  check_cases ("Patient", cases, G_N_ELEMENTS (cases));
}

static void
test_bindings (void)
{
  static const Case cases[] = {
    { ",\"status\":\"final\",\"code\":{\"text\":\"x\"}", "" },
    { ",\"status\":\"done\",\"code\":{\"text\":\"x\"}", "code-invalid Observation.status" },
    { ",\"status\":\"Final\",\"code\":{\"text\":\"x\"}", "code-invalid Observation.status" },
    { ",\"status\":\"fin\",\"code\":{\"text\":\"x\"}", "code-invalid Observation.status" },
    { "", "required Observation.status|required Observation.code" },
    { ",\"_status\":{\"id\":\"x\"},\"code\":{\"text\":\"x\"}", "" },
    { ",\"status\":\"final\",\"code\":{\"text\":\"x\"},\"valueQuantity\":{\"value\":1.00,"
      "\"comparator\":\"about\"}",
      "code-invalid Observation.value.comparator" },
  };
  static const Case concepts[] = {
    { ",\"patient\":{\"reference\":\"Patient/1\"},\"clinicalStatus\":{\"coding\":[{\"system\":"
      "\"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical\",\"code\":"
      "\"active\"}]}",
      "" },
    { ",\"patient\":{\"reference\":\"Patient/1\"},\"clinicalStatus\":{\"coding\":[{\"system\":"
      "\"urn:other\",\"code\":\"active\"}]}",
      "code-invalid AllergyIntolerance.clinicalStatus" },
    { ",\"patient\":{\"reference\":\"Patient/1\"},\"clinicalStatus\":{\"text\":\"active\"}",
      "code-invalid AllergyIntolerance.clinicalStatus" },
  };
  static const Case lists[] = {
    { ",\"contentType\":\"text/plain\",\"data\":\"YQ==\"", "(info) incomplete Binary.contentType" },
    { ",\"data\":\"YQ==\"", "required Binary.contentType" },
  };

  check_cases ("Observation", cases, G_N_ELEMENTS (cases));
  check_cases ("AllergyIntolerance", concepts, G_N_ELEMENTS (concepts));
  check_cases ("Binary", lists, G_N_ELEMENTS (lists));
}

/* ---- where references lead ------------------------------------------------------------------ */

#define PATIENT_IN "\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"p\"}]"
#define UNKNOWN_TYPE                                                                               \
  ",\"subject\":{\"reference\":\"https://a.example/Shoe/1\",\"type\":\"http://a.example/Shoe\"}"

/* Each way to write a reference, to what fits and to what does not. */
static void
test_references (void)
{
  static const Case cases[] = {
    { ",\"subject\":{\"reference\":\"Patient/1\"}", "" },
    { ",\"subject\":{\"reference\":\"Practitioner/1\"}", "value Observation.subject" },
    { ",\"subject\":{\"reference\":\"Patient/1/_history/2\"}", "" },
    { ",\"subject\":{\"reference\":\"Practitioner/1/_history/2\"}", "value Observation.subject" },
    { ",\"subject\":{\"reference\":\"https://a.example/fhir/Patient/1\"}", "" },
    { ",\"subject\":{\"reference\":\"https://a.example/fhir/Practitioner/1\"}",
      "value Observation.subject" },
    { ",\"subject\":{\"reference\":\"https://a.example/about/us\"}", "" },
    { ",\"subject\":{\"reference\":\"Patient?identifier=a|1\"}", "" },
    { ",\"subject\":{\"reference\":\"Practitioner?identifier=a|1\"}", "value Observation.subject" },
    { ",\"subject\":{\"reference\":\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001\"}", "" },
    { ",\"subject\":{\"reference\":\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001\",\"type\":"
      "\"Practitioner\"}",
      "value Observation.subject" },
    { ",\"subject\":{\"identifier\":{\"value\":\"1\"},\"type\":\"Patient\"}", "" },
    { ",\"subject\":{\"identifier\":{\"value\":\"1\"},\"type\":\"Practitioner\"}",
      "value Observation.subject" },
    { ",\"subject\":{\"display\":\"she\"}", "" },
    { UNKNOWN_TYPE, "" },
    { ",\"subject\":{\"reference\":\"Patient/1\",\"type\":\"Group\"}",
      "value Observation.subject" },
    /* in lists, parts of their own, and where any resource may stand */
    { ",\"performer\":[{\"reference\":\"Patient/1\"},{\"reference\":\"Location/1\"}]",
      "value Observation.performer[1]" },
    { ",\"focus\":[{\"reference\":\"Location/1\"}]", "" },
    { ",\"note\":[{\"text\":\"x\",\"authorReference\":{\"reference\":\"Location/1\"}}]",
      "value Observation.note[0].author" },
    { ",\"identifier\":[{\"assigner\":{\"reference\":\"Location/1\"}}]",
      "value Observation.identifier[0].assigner" },
    { ",\"extension\":[{\"url\":\"u\",\"valueReference\":{\"reference\":\"Location/1\"}}]", "" },
    /* what is contained */
    { ",\"subject\":{\"reference\":\"#p\"}," PATIENT_IN, "" },
    { ",\"subject\":{\"reference\":\"#q\"}," PATIENT_IN, "not-found Observation.subject" },
    { ",\"encounter\":{\"reference\":\"#p\"}," PATIENT_IN, "value Observation.encounter" },
    { ",\"subject\":{\"reference\":\"#p\",\"type\":\"Group\"}," PATIENT_IN,
      "value Observation.subject" },
    { ",\"subject\":{\"reference\":\"#p\"}", "not-found Observation.subject" },
    { ",\"hasMember\":[{\"reference\":\"#\"}]", "" },
    { ",\"subject\":{\"reference\":\"#\"}", "value Observation.subject" },
    { ",\"contained\":[{\"resourceType\":\"Basic\",\"id\":\"b\",\"code\":{\"text\":\"x\"},"
      "\"author\":{\"reference\":\"#p\"}},{\"resourceType\":\"Patient\",\"id\":\"p\"}]",
      "" },
    { ",\"contained\":[{\"resourceType\":\"Basic\",\"id\":\"b\",\"code\":{\"text\":\"x\"},"
      "\"author\":{\"reference\":\"#\"}}]",
      "value Observation.contained[0].author" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members =
          g_strconcat (",\"status\":\"final\",\"code\":{\"text\":\"x\"}", cases[i].members, NULL);

      check_cases ("Observation", &(Case) { members, cases[i].issues }, 1);
    }
}

#define IN_BUNDLE(reference, more)                                                                 \
  ",\"type\":\"transaction\",\"entry\":["                                                          \
  "{\"fullUrl\":\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001\",\"resource\":{\"resourceType\":" \
  "\"Patient\"},\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}},"                           \
  "{\"fullUrl\":\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a002\",\"resource\":{\"resourceType\":" \
  "\"Substance\",\"code\":{\"text\":\"x\"}},\"request\":{\"method\":\"POST\",\"url\":"             \
  "\"Substance\"}},"                                                                               \
  "{\"resource\":{\"resourceType\":\"Account\",\"status\":\"active\",\"subject\":[{\"reference\":" \
  "\"" reference "\"" more "}]},\"request\":{\"method\":\"POST\",\"url\":\"Account\"}}]"

/* A resource in a Bundle has its own parts, and not its neighbour's. */
static void
test_references_in_bundle (void)
{
  static const Case cases[] = {
    { ",\"type\":\"collection\",\"entry\":[{\"resource\":{\"resourceType\":\"Account\",\"status\":"
      "\"active\",\"subject\":[{\"reference\":\"#p\"}]," PATIENT_IN "}},{\"resource\":{"
      "\"resourceType\":\"Account\",\"status\":\"active\",\"subject\":[{\"reference\":\"#p\"}]}}]",
      "not-found Bundle.entry[1].resource.subject[0]" },
    /* what a uuid stands for is said by the entry that has it */
    { IN_BUNDLE ("urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001", ""), "" },
    { IN_BUNDLE ("urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a002", ""),
      "value Bundle.entry[2].resource.subject[0]" },
    { IN_BUNDLE ("urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a003", ""), "" },
    { IN_BUNDLE ("urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001", ",\"type\":\"Device\""),
      "value Bundle.entry[2].resource.subject[0]" },
  };

  check_cases ("Bundle", cases, G_N_ELEMENTS (cases));
}

typedef struct
{
  const char *type, *name, *path, *targets;
} Target;

#define PARAMETER(type, name, search, path, targets) { type, name, path, targets },
static const Target parameters[] = {
#include "fhir-search-parameters.inc"
};
#undef PARAMETER

/* "subject:Reference" and its like, not what is narrowed to one type. */
static gboolean
is_whole_reference (const Target *target)
{
  gsize length = strcspn (target->path, ":[|");

  return strcmp (target->path + length, ":Reference") == 0;
}

/* The members from @at on, with a reference to @to as the innermost. */
static char *
dup_member (const FhirStructure *structure, const char *at, const char *to)
{
  gsize length = strcspn (at, ".:");
  g_autofree char *name = g_strndup (at, length);
  FhirStructureElement element;
  g_autofree char *type = fhir_structure_member (structure, name, &element);
  g_autofree char *value = NULL;

  g_assert_nonnull (type);
  value = at[length] == ':' ? g_strdup_printf ("{\"reference\":\"%s/1\"}", to)
                            : dup_member (fhir_structure_find (*type == '@' ? type + 1 : type),
                                          at + length + 1, to);
  return g_strdup_printf (element.is_many ? "{\"%s\":[%s]}" : "{\"%s\":%s}", name, value);
}

static gboolean
is_refused (const Target *target, const char *to)
{
  g_autofree char *members = dup_member (fhir_structure_find (target->type), target->path, to);
  g_autofree char *text =
      g_strdup_printf ("{\"resourceType\":\"%s\",%s", target->type, members + 1);
  g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, NULL);
  g_autoptr (GPtrArray) issues = NULL;
  gboolean refused = FALSE;

  g_assert_nonnull (resource);
  issues = fhir_validate (resource);
  for (guint i = 0; i < issues->len; i++)
    {
      const FhirIssue *issue = issues->pdata[i];

      g_assert_cmpstr (issue->code, !=, "structure");
      refused = refused || strcmp (issue->code, "value") == 0;
    }
  return refused;
}

static gboolean
is_named (const Target *target, const char *to)
{
  gboolean named = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (parameters) && !named; i++)
    if (strcmp (parameters[i].type, target->type) == 0 &&
        strcmp (parameters[i].path, target->path) == 0)
      {
        g_auto (GStrv) list = g_strsplit (parameters[i].targets, " ", -1);

        named = g_strv_contains ((const char *const *) list, to) ||
                g_strv_contains ((const char *const *) list, "*");
      }
  /* That parameter is one of many types, and leads to an episode in one of them. */
  return named && !(strcmp (target->name, "encounter") == 0 && strcmp (to, "EpisodeOfCare") == 0 &&
                    strcmp (target->path, "encounter:Reference") == 0);
}

/* Each element that a search parameter of R4 leads along, with each type: what the parameter names
 * as its targets, which was written down on its own, is what is allowed, and nothing else is. */
static void
test_reference_targets (void)
{
  static const char *const types[] = {
#define STRUCTURE(name, kind, elements) name,
#define VALUE_SET(number, url, codes)
#include "fhir-structures.inc"
#undef STRUCTURE
#undef VALUE_SET
  };
  guint looked = 0, refused = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parameters); i++)
    for (gsize k = 0; is_whole_reference (&parameters[i]) && k < G_N_ELEMENTS (types); k++)
      if (fhir_resource_type_is_known (types[k]))
        {
          gboolean bad = is_refused (&parameters[i], types[k]);

          if (bad == is_named (&parameters[i], types[k]))
            g_error ("%s.%s, %s: %s", parameters[i].type, parameters[i].path, types[k],
                     bad ? "refused" : "allowed");
          looked++;
          refused += bad;
        }
  g_test_message ("%u of %u refused", refused, looked);
  g_assert_cmpuint (looked, >, 50000);
  g_assert_cmpuint (refused, >, 40000);
}

typedef struct
{
  const char *type;
  const char *good[6], *bad[10]; /* as JSON */
} Primitive;

static void
test_primitives (void)
{
  static const Primitive cases[] = {
    { "boolean", { "true", "false" }, { "\"true\"", "1", "null" } },
    { "integer", { "0", "-7", "2147483647" }, { "1.0", "1e2", "2147483648", "\"1\"", "-0" } },
    { "unsignedInt", { "0", "7" }, { "-1", "0.0" } },
    { "positiveInt", { "1" }, { "0", "-1" } },
    { "decimal", { "1.00", "-1e5", "0" }, { "\"1.0\"", "true" } },
    { "string", { "\" x\\n\"", "\"日\"" }, { "\"\"", "7", "\"\\u0001\"" } },
    { "code", { "\"a b\"", "\"x\"" }, { "\" a\"", "\"a \"", "\"a  b\"", "\"a\\tb\"", "\"\"" } },
    { "id", { "\"a-1.B\"" }, { "\"a b\"", "\"a_b\"" } },
    { "uri", { "\"urn:x\"", "\"a/b\"" }, { "\"a b\"", "\"a\\n\"" } },
    { "oid",
      { "\"urn:oid:1.2.3\"", "\"urn:oid:2.0\"" },
      { "\"1.2.3\"", "\"urn:oid:3.1\"", "\"urn:oid:1.02\"", "\"urn:oid:1\"" } },
    { "uuid",
      { "\"urn:uuid:0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001\"" },
      { "\"0c6d37b4-8d6f-4c2a-9d6e-3b1de3f7a001\"", "\"urn:uuid:x\"" } },
    { "date",
      { "\"1980\"", "\"1980-02\"", "\"1980-02-29\"" },
      { "\"1981-02-29\"", "\"1980-13\"", "\"80\"", "\"1980-02-01T00:00:00Z\"" } },
    { "dateTime",
      { "\"1980\"", "\"1980-02-29\"", "\"1980-02-29T10:00:00+01:00\"" },
      { "\"1980-02-29T10:00:00\"", "\"1980-02-29T10:00Z\"", "\"now\"" } },
    { "instant",
      { "\"1980-02-29T10:00:00.123Z\"" },
      { "\"1980-02-29\"", "\"1980-02-29T10:00:00\"", "\"1980-02-29T10:00Z\"" } },
    { "time", { "\"10:00:00\"", "\"23:59:60.5\"" }, { "\"24:00:00\"", "\"10:00\"" } },
    { "base64Binary",
      { "\"YQ==\"", "\"YWJj\"", "\"YW Jj\"" },
      { "\"YQ=\"", "\"Y?==\"", "\"=YQ=\"" } },
    { "xhtml", { "\"<div xmlns='x'>a</div>\"" }, { "\"a\"", "\"<p>a</p>\"" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint k = 0; k < 16; k++)
      {
        const char *json = k < 6 ? cases[i].good[k] : cases[i].bad[k - 6];
        g_autofree char *text =
            g_strdup_printf ("{\"resourceType\":\"Basic\",\"x\":%s}", json != NULL ? json : "0");
        g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, NULL);

        if (json == NULL)
          continue;
        g_test_message ("%s %s", cases[i].type, json);
        g_assert_nonnull (resource);
        g_assert_true (fhir_primitive_check (fhir_resource_path (resource, "x"), cases[i].type) ==
                       (k < 6));
      }
}

/* A text is limited in characters, not in bytes. */
static void
test_long_text (void)
{
  const gsize limit = 1024 * 1024;

  for (gsize more = 0; more < 2; more++)
    {
      GString *text = g_string_new ("{\"resourceType\":\"Basic\",\"x\":\"");
      g_autoptr (FhirResource) resource = NULL;

      for (gsize i = 0; i < limit + more; i++)
        g_string_append (text, "ä");
      g_string_append (text, "\"}");
      resource = fhir_resource_parse (text->str, (gssize) text->len, NULL);
      g_string_free (text, TRUE);
      g_assert_nonnull (resource);
      g_assert_true (fhir_primitive_check (fhir_resource_path (resource, "x"), "string") ==
                     (more == 0));
    }
}

static void
test_many_issues (void)
{
  GString *text = g_string_new ("{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"}");
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GPtrArray) issues = NULL;
  const FhirIssue *last;

  for (guint i = 0; i < 150; i++)
    g_string_append_printf (text, ",\"x%u\":1", i);
  g_string_append_c (text, '}');
  resource = fhir_resource_parse (text->str, (gssize) text->len, NULL);
  g_string_free (text, TRUE);
  issues = fhir_validate (resource);
  g_assert_cmpuint (issues->len, ==, FHIR_VALIDATE_MAX_ISSUES);
  last = issues->pdata[issues->len - 1];
  g_assert_nonnull (strstr (last->text, "51 more"));
}

/* A few examples really are at odds with the definitions that they come with. */
static gboolean
is_at_odds (const char *file, const char *expression)
{
  static const char *const known[][2] = {
    { "bundle-questionnaire.json", ".linkId" }, /* items without one */
    { "devicemetric-example.json", "DeviceMetric.parent" },
    { "deviceusestatement-example.json", "DeviceUseStatement.reasonReference[0]" },
    { "medicationrequest0301.json", "MedicationRequest.dispenseRequest.performer" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (file, known[i][0]) == 0 && g_str_has_suffix (expression, known[i][1]))
      return TRUE;
  return FALSE;
}

/* Examples that HL7 publishes with R4 fit R4. */
static void
test_official_examples (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "..", "shared", "data",
                                              "fhir-r4-examples", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint errors = 0, read = 0;
  const char *file;

  if (dir == NULL)
    {
      g_test_skip ("the test data ../shared/data/fhir-r4-examples is not on this machine");
      return;
    }
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, file, NULL), *text = NULL;
      g_autoptr (FhirResource) resource = NULL;
      g_autoptr (GPtrArray) issues = NULL;

      if (!g_str_has_suffix (file, ".json"))
        continue;
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      resource = fhir_resource_parse (text, -1, NULL);
      g_assert_nonnull (resource);
      issues = fhir_validate (resource);
      read++;
      for (guint i = 0; i < issues->len; i++)
        {
          const FhirIssue *issue = issues->pdata[i];

          if (strcmp (issue->severity, "error") != 0 || is_at_odds (file, issue->expression))
            continue;
          g_test_message ("%s: %s: %s", file, issue->expression, issue->text);
          errors++;
        }
    }
  g_assert_cmpuint (read, >=, 70);
  g_assert_cmpuint (errors, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/validate/elements", test_elements);
  g_test_add_func ("/fhir/validate/bindings", test_bindings);
  g_test_add_func ("/fhir/validate/primitives", test_primitives);
  g_test_add_func ("/fhir/validate/references", test_references);
  g_test_add_func ("/fhir/validate/references-in-bundle", test_references_in_bundle);
  g_test_add_func ("/fhir/validate/reference-targets", test_reference_targets);
  g_test_add_func ("/fhir/validate/long-text", test_long_text);
  g_test_add_func ("/fhir/validate/many-issues", test_many_issues);
  g_test_add_func ("/fhir/validate/official-examples", test_official_examples);
  return g_test_run ();
}
