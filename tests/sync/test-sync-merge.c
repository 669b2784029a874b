/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-merge.h"

#include <string.h>

static FhirResource *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (json, -1, &error);

  g_assert_no_error (error);
  return resource;
}

static char *
merge (const char *base, const char *mine, const char *theirs)
{
  g_autoptr (FhirResource) first = parse (base);
  g_autoptr (FhirResource) left = parse (mine);
  g_autoptr (FhirResource) right = parse (theirs);
  g_autoptr (FhirResource) merged = sync_merge (first, left, right);

  return merged != NULL ? g_strdup (fhir_resource_get_text (merged, NULL)) : NULL;
}

/* @expected NULL: a person has to decide. */
static void
assert_merge (const char *base, const char *mine, const char *theirs, const char *expected)
{
  g_autofree char *text = merge (base, mine, theirs);
  g_autoptr (FhirResource) merged = NULL;
  g_autoptr (FhirResource) wanted = NULL;

  if (expected == NULL)
    {
      g_assert_null (text);
      return;
    }
  g_assert_nonnull (text);
  merged = parse (text);
  wanted = parse (expected);
  g_assert_true (sync_merge_is_same (merged, wanted));
}

#define TASK(rest) "{\"resourceType\":\"Task\",\"id\":\"t\",\"intent\":\"order\"" rest "}"

static void
test_disjoint (void)
{
  assert_merge (TASK (",\"status\":\"requested\""), TASK (",\"status\":\"completed\""),
                TASK (",\"status\":\"requested\",\"priority\":\"urgent\""),
                TASK (",\"status\":\"completed\",\"priority\":\"urgent\""));
  /* One removes, the other adds. */
  assert_merge (TASK (",\"status\":\"requested\",\"description\":\"x\""),
                TASK (",\"status\":\"requested\""),
                TASK (",\"status\":\"accepted\",\"description\":\"x\""),
                TASK (",\"status\":\"accepted\""));
  /* Both the same. */
  assert_merge (TASK (",\"status\":\"requested\""), TASK (",\"status\":\"completed\""),
                TASK (",\"status\":\"completed\",\"priority\":\"stat\""),
                TASK (",\"status\":\"completed\",\"priority\":\"stat\""));
}

static void
test_overlap (void)
{
  assert_merge (TASK (",\"status\":\"requested\""), TASK (",\"status\":\"completed\""),
                TASK (",\"status\":\"cancelled\""), NULL);
}

/* A name is one thing: one side's family name never meets the other side's given name. */
static void
test_an_element_is_whole (void)
{
  static const char patient[] = "{\"resourceType\":\"Patient\",\"id\":\"p\",\"name\":[{\"family\":"
                                "\"%s\",\"given\":[\"%s\"]}]}";
  g_autofree char *base = g_strdup_printf (patient, "Smith", "Jane");
  g_autofree char *mine = g_strdup_printf (patient, "Smythe", "Jane");
  g_autofree char *theirs = g_strdup_printf (patient, "Smith", "Janet");

  assert_merge (base, mine, theirs, NULL);
}

/* "_birthDate" belongs to "birthDate". */
static void
test_sibling (void)
{
  assert_merge ("{\"resourceType\":\"Patient\",\"id\":\"p\",\"birthDate\":\"1961\"}",
                "{\"resourceType\":\"Patient\",\"id\":\"p\",\"birthDate\":\"1962\"}",
                "{\"resourceType\":\"Patient\",\"id\":\"p\",\"birthDate\":\"1961\",\"_birthDate\":{"
                "\"id\":\"a\"}}",
                NULL);
}

/* HAZARDS.md, H3: what treats a patient never merges, however disjoint. */
static void
test_clinical_never_merges (void)
{
  static const char *const types[] = { "MedicationRequest", "AllergyIntolerance", "Condition",
                                       "Observation",       "Immunization",       "Consent",
                                       "DocumentReference" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *base =
          g_strdup_printf ("{\"resourceType\":\"%s\",\"id\":\"x\",\"status\":\"active\"}",
                           types[i]);
      g_autofree char *mine =
          g_strdup_printf ("{\"resourceType\":\"%s\",\"id\":\"x\",\"status\":\"stopped\"}",
                           types[i]);
      g_autofree char *theirs =
          g_strdup_printf ("{\"resourceType\":\"%s\",\"id\":\"x\",\"status\":\"active\","
                           "\"note\":[{\"text\":\"dose doubled\"}]}",
                           types[i]);

      assert_merge (base, mine, theirs, NULL);
    }
}

#define EXTENSION(url, value) "{\"url\":\"" url "\",\"valueString\":\"" value "\"}"
#define VISIT(extensions)                                                                          \
  "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"extension\":[" extensions "]}"

/* The patient says where they are while the doctor writes the outcome. */
static void
test_extensions (void)
{
  assert_merge (VISIT (EXTENSION ("place", "home")),
                VISIT (EXTENSION ("place", "home") "," EXTENSION ("outcome", "settled")),
                VISIT (EXTENSION ("place", "car")),
                VISIT (EXTENSION ("place", "car") "," EXTENSION ("outcome", "settled")));
  assert_merge (VISIT (EXTENSION ("place", "home")), VISIT (EXTENSION ("place", "work")),
                VISIT (EXTENSION ("place", "car")), NULL);
}

static void
test_modifier_parks (void)
{
  assert_merge (TASK (",\"status\":\"requested\""),
                TASK (",\"status\":\"requested\",\"modifierExtension\":[{\"url\":\"not\"}]"),
                TASK (",\"status\":\"accepted\""), NULL);
}

/* 1.0 and 1.00 are not the same measurement; the server's bookkeeping does not count. */
static void
test_same (void)
{
  g_autoptr (FhirResource) a =
      parse ("{\"resourceType\":\"Task\",\"id\":\"t\",\"meta\":{\"versionId\":\"1\"},\"n\":1.0}");
  g_autoptr (FhirResource) b =
      parse ("{\"resourceType\":\"Task\",\"id\":\"t\",\"meta\":{\"versionId\":\"2\"},\"n\":1.0,"
             "\"text\":{\"status\":\"generated\"}}");
  g_autoptr (FhirResource) c = parse ("{\"resourceType\":\"Task\",\"id\":\"t\",\"n\":1.00}");

  g_assert_true (sync_merge_is_same (a, b));
  g_assert_false (sync_merge_is_same (a, c));
}

#define CONTACT(system, value) "{\"system\":\"" system "\",\"value\":\"" value "\"}"
#define PATIENT(rest)          "{\"resourceType\":\"Patient\",\"id\":\"p\"" rest "}"
#define REACHED(contacts)      PATIENT (",\"telecom\":[" contacts "]")

/* One corrects the phone number while the other adds an e-mail address. */
static void
test_list_items_by_identity (void)
{
  assert_merge (REACHED (CONTACT ("phone", "1") "," CONTACT ("fax", "9")),
                REACHED (CONTACT ("phone", "2") "," CONTACT ("fax", "9")),
                REACHED (CONTACT ("phone", "1") "," CONTACT ("email", "a@b")),
                REACHED (CONTACT ("phone", "2") "," CONTACT ("email", "a@b")));
  /* Both correct the same number. */
  assert_merge (REACHED (CONTACT ("phone", "1")), REACHED (CONTACT ("phone", "2")),
                REACHED (CONTACT ("phone", "3")), NULL);
  /* One takes away what the other corrects. */
  assert_merge (REACHED (CONTACT ("phone", "1")), PATIENT (""), REACHED (CONTACT ("phone", "3")),
                NULL);
  /* Two that cannot be told apart: the list is one thing. */
  assert_merge (REACHED (CONTACT ("phone", "1") "," CONTACT ("phone", "2")),
                REACHED (CONTACT ("phone", "1") "," CONTACT ("phone", "3")),
                REACHED (CONTACT ("phone", "4") "," CONTACT ("phone", "2")), NULL);
  /* The order is a change too. */
  assert_merge (REACHED (CONTACT ("phone", "1") "," CONTACT ("fax", "9")),
                REACHED (CONTACT ("fax", "9") "," CONTACT ("phone", "1")),
                REACHED (CONTACT ("phone", "1") "," CONTACT ("fax", "8")), NULL);
}

/* "deceasedBoolean" and "deceasedDateTime" are one element. */
static void
test_choice_of_type (void)
{
  assert_merge (PATIENT (""), PATIENT (",\"deceasedBoolean\":true"),
                PATIENT (",\"deceasedDateTime\":\"2026-11-09\""), NULL);
  assert_merge (PATIENT (",\"deceasedBoolean\":false"),
                PATIENT (",\"deceasedDateTime\":\"2026-11-09\""),
                PATIENT (",\"deceasedBoolean\":false,\"gender\":\"male\""),
                PATIENT (",\"deceasedDateTime\":\"2026-11-09\",\"gender\":\"male\""));
}

/* A draft of a note merges, a signed one waits for a person. */
static void
test_drafts (void)
{
  static const char note[] = "{\"resourceType\":\"DocumentReference\",\"id\":\"d\","
                             "\"docStatus\":\"%s\",\"description\":\"%s\",\"status\":\"%s\"}";
  g_autofree char *base = g_strdup_printf (note, "preliminary", "a", "current");
  g_autofree char *mine = g_strdup_printf (note, "preliminary", "b", "current");
  g_autofree char *theirs = g_strdup_printf (note, "preliminary", "a", "superseded");
  g_autofree char *both = g_strdup_printf (note, "preliminary", "b", "superseded");
  g_autofree char *finished = g_strdup_printf (note, "final", "a", "current");

  assert_merge (base, mine, theirs, both);
  assert_merge (base, mine, finished, NULL);
}

/* A narrative of theirs does not stand above what was taken of mine. */
static void
test_narrative_goes (void)
{
  g_autofree char *text =
      merge (TASK (",\"status\":\"requested\""), TASK (",\"status\":\"completed\""),
             TASK (",\"status\":\"requested\",\"priority\":\"stat\",\"text\":{\"status\":"
                   "\"generated\",\"div\":\"<div>requested</div>\"}"));

  g_assert_nonnull (text);
  g_assert_null (strstr (text, "<div>"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/merge/disjoint", test_disjoint);
  g_test_add_func ("/sync/merge/overlap", test_overlap);
  g_test_add_func ("/sync/merge/an-element-is-whole", test_an_element_is_whole);
  g_test_add_func ("/sync/merge/sibling", test_sibling);
  g_test_add_func ("/sync/merge/clinical-never-merges", test_clinical_never_merges);
  g_test_add_func ("/sync/merge/extensions", test_extensions);
  g_test_add_func ("/sync/merge/modifier-parks", test_modifier_parks);
  g_test_add_func ("/sync/merge/same", test_same);
  g_test_add_func ("/sync/merge/list-items-by-identity", test_list_items_by_identity);
  g_test_add_func ("/sync/merge/choice-of-type", test_choice_of_type);
  g_test_add_func ("/sync/merge/drafts", test_drafts);
  g_test_add_func ("/sync/merge/narrative-goes", test_narrative_goes);
  return g_test_run ();
}
