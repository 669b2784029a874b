/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-check.h"

#include <string.h>

/* A small content of its own: the rules are tested apart from the tables that are shipped. */

#define RXNORM "http://www.nlm.nih.gov/research/umls/rxnorm"

#define TEST_TYPE_CONTENT (test_content_get_type ())
G_DECLARE_FINAL_TYPE (TestContent, test_content, TEST, CONTENT, GObject)

struct _TestContent
{
  GObject parent_instance;
  GPtrArray *rows;
};

static const char *const known[][2] = { { "723", "amoxicillin" }, { "7984", "penicillin V" },
                                        { "2231", "cephalexin" }, { "5640", "ibuprofen" },
                                        { "1191", "aspirin" },    { "29046", "lisinopril" },
                                        { "2180", "cefazolin" },  { "7773", "oxacillin" } };

static GPtrArray *
test_ingredients_of_drug (ClinicalContent *content, const char *rxcui)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i][0], rxcui))
      {
        GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);

        g_ptr_array_add (out, clinical_ingredient_new (known[i][0], known[i][1]));
        return out;
      }
  return NULL;
}

static GPtrArray *
test_ingredients_in_text (ClinicalContent *content, const char *text)
{
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcasestr (text, known[i][1]))
      g_ptr_array_add (out, clinical_ingredient_new (known[i][0], known[i][1]));
  return out;
}

static GPtrArray *
test_class_rows (ClinicalContent *content)
{
  return TEST_CONTENT (content)->rows;
}

static char *
test_dup_date (ClinicalContent *content)
{
  return g_strdup ("06-Oct-2025");
}

static void
test_content_interface_init (ClinicalContentInterface *iface)
{
  iface->ingredients_of_drug = test_ingredients_of_drug;
  iface->ingredients_in_text = test_ingredients_in_text;
  iface->class_rows = test_class_rows;
  iface->dup_date = test_dup_date;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestContent,
                               test_content,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CLINICAL_TYPE_CONTENT,
                                                      test_content_interface_init))

static void
test_content_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_CONTENT (object)->rows);

  G_OBJECT_CLASS (test_content_parent_class)->finalize (object);
}

static void
test_content_class_init (TestContentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_content_finalize;
}

static void
test_content_init (TestContent *self)
{
}

/* The class table that is shipped. */
static ClinicalContent *
content_new (void)
{
  TestContent *self = g_object_new (TEST_TYPE_CONTENT, NULL);
  g_autofree char *path = g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "data", "content",
                                            "allergy-classes.tsv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  self->rows = clinical_class_rows_parse (text, &error);
  g_assert_no_error (error);
  return CLINICAL_CONTENT (self);
}

static GPtrArray *
items_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_chart_item_free);
}

static ClinicalChartItem *
add_item (
    GPtrArray *items, const char *text, const char *system, const char *code, const char *reaction)
{
  g_autofree char *reference = g_strdup_printf ("AllergyIntolerance/%u", items->len);
  ClinicalChartItem *item = clinical_chart_item_new (reference, text);

  if (code)
    clinical_chart_item_add_code (item, system, code);
  item->reaction = g_strdup (reaction);
  item->severe = reaction && strstr (reaction, "anaphylaxis");
  g_ptr_array_add (items, item);
  return item;
}

static GPtrArray *
drug (const char *code, const char *name)
{
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);

  g_ptr_array_add (out, clinical_ingredient_new (code, name));
  return out;
}

static ClinicalChartItem *
copy (const ClinicalChartItem *item)
{
  ClinicalChartItem *out = clinical_chart_item_new (item->reference, item->text);

  for (guint i = 0; i < item->codes->len; i++)
    clinical_chart_item_add_code (out, item->systems->pdata[i], item->codes->pdata[i]);
  out->reaction = g_strdup (item->reaction);
  out->severe = item->severe;
  out->none_known = item->none_known;
  return out;
}

/* The answers of one check, of a chart with these allergies and medicines. @allergies, @medicines:
 * (nullable): ClinicalChartItem */
static GPtrArray *
check (ClinicalContent *content,
       const char *kind,
       const char *name,
       GPtrArray *ingredients,
       GPtrArray *allergies,
       GPtrArray *medicines,
       gboolean recorded)
{
  g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
  g_autoptr (GPtrArray) orders =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
  g_autoptr (GPtrArray) all = NULL;
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_finding_free);
  ClinicalOrder *order = clinical_order_new ("MedicationRequest/new", name);

  order->ingredients = ingredients ? g_ptr_array_ref (ingredients) : NULL;
  g_ptr_array_add (orders, order);
  patient->allergies_recorded = recorded;
  for (guint i = 0; allergies && i < allergies->len; i++)
    g_ptr_array_add (patient->allergies,
                     clinical_allergy_new (content, copy (allergies->pdata[i])));
  for (guint i = 0; medicines && i < medicines->len; i++)
    {
      const ClinicalChartItem *item = medicines->pdata[i];
      ClinicalOrder *medicine = clinical_order_new (item->reference, item->text);

      medicine->ingredients = clinical_chart_item_dup_ingredients (item, content);
      medicine->ends = g_strdup (item->ends);
      g_ptr_array_add (patient->medicines, medicine);
    }
  all = clinical_check_orders (content, patient, orders, "2026-11-29");
  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((ClinicalFinding *) all->pdata[i])->check, kind))
      g_ptr_array_add (out, clinical_finding_copy (all->pdata[i]));
  return out;
}

/* The words that must never stand in an answer (H4). */
static void
assert_honest (GPtrArray *findings)
{
  static const char *const never[] = { "no interactions", "no allergies", "all clear",
                                       "no duplicates", "safe" };

  g_assert_cmpuint (findings->len, >, 0);
  for (guint i = 0; i < findings->len; i++)
    {
      ClinicalFinding *finding = findings->pdata[i];
      g_autofree char *folded = g_utf8_casefold (finding->sentence, -1);

      g_assert_true (finding->scope && *finding->scope);
      for (gsize j = 0; j < G_N_ELEMENTS (never); j++)
        g_assert_null (strstr (folded, never[j]));
      if (finding->answer == CLINICAL_NOT_FOUND)
        g_assert_true (strstr (finding->sentence, "No match in") ||
                       strstr (finding->sentence, "no match in"));
    }
}

static ClinicalFinding *
single (GPtrArray *findings, ClinicalAnswer answer)
{
  assert_honest (findings);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_cmpint (((ClinicalFinding *) findings->pdata[0])->answer, ==, answer);
  return findings->pdata[0];
}

static void
test_penicillin_and_amoxicillin (void)
{
  g_autoptr (ClinicalContent) content = content_new ();
  static const char *const named[][3] = {
    { "penicillin", NULL, NULL },
    { "Penicillins", NULL, NULL },
    { "Allergy to penicillin", "http://snomed.info/sct", "91936005" },
    { "PCN", "http://snomed.info/sct", "764146007" },
    { "penicillin V", RXNORM, "7984" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (named); i++)
    {
      g_autoptr (GPtrArray) allergies = items_new ();
      g_autoptr (GPtrArray) amoxicillin = drug ("723", "amoxicillin");
      g_autoptr (GPtrArray) findings = NULL;
      ClinicalFinding *finding;

      add_item (allergies, named[i][0], named[i][1], named[i][2], "anaphylaxis");
      findings =
          check (content, "allergy", "amoxicillin 500 mg", amoxicillin, allergies, NULL, TRUE);
      finding = single (findings, CLINICAL_FOUND);
      g_test_message ("%s", finding->sentence);
      g_assert_cmpstr (finding->severity, ==, "high");
      g_assert_cmpstr (finding->evidence, ==, "AllergyIntolerance/0");
      g_assert_nonnull (strstr (finding->sentence, "anaphylaxis"));
      g_assert_cmpstr (
          finding->scope, ==,
          "Bedside's ingredient check of 06-Oct-2025, covering 1 of 1 recorded allergy");
      g_assert_true (clinical_finding_needs_reason (finding));
    }
}

static void
test_same_substance (void)
{
  g_autoptr (ClinicalContent) content = content_new ();
  g_autoptr (GPtrArray) allergies = items_new (), lisinopril = drug ("29046", "lisinopril");
  g_autoptr (GPtrArray) findings = NULL;

  add_item (allergies, "ACE inhibitor cough", RXNORM, "29046", NULL);
  findings = check (content, "allergy", "lisinopril", lisinopril, allergies, NULL, TRUE);
  g_assert_cmpstr (single (findings, CLINICAL_FOUND)->severity, ==, "high");
}

static void
test_harmless_drug_is_silent (void)
{
  g_autoptr (ClinicalContent) content = content_new ();
  g_autoptr (GPtrArray) allergies = items_new (), lisinopril = drug ("29046", "lisinopril");
  g_autoptr (GPtrArray) findings = NULL;

  add_item (allergies, "penicillin", NULL, NULL, "anaphylaxis");
  add_item (allergies, "ibuprofen", RXNORM, "5640", NULL);
  findings = check (content, "allergy", "lisinopril", lisinopril, allergies, NULL, TRUE);
  g_assert_cmpstr (single (findings, CLINICAL_NOT_FOUND)->sentence, ==,
                   "Allergies: no match in Bedside's ingredient check of 06-Oct-2025, covering 2 "
                   "of 2 recorded allergies.");
}

/* H4: what could not be compared is named, and the count says so. */
static void
test_unmatched_is_named (void)
{
  g_autoptr (ClinicalContent) content = content_new ();
  g_autoptr (GPtrArray) allergies = items_new (), lisinopril = drug ("29046", "lisinopril");
  g_autoptr (GPtrArray) findings = NULL, only_unmatched = items_new (), second = NULL;
  ClinicalFinding *not_checked;

  add_item (allergies, "penicillin", NULL, NULL, NULL);
  add_item (allergies, "Allergy to mould", "http://snomed.info/sct", "419474003", NULL);
  findings = check (content, "allergy", "lisinopril", lisinopril, allergies, NULL, TRUE);
  assert_honest (findings);
  g_assert_cmpuint (findings->len, ==, 2);
  g_assert_nonnull (strstr (((ClinicalFinding *) findings->pdata[0])->sentence, "covering 1 of 2"));
  not_checked = findings->pdata[1];
  g_assert_cmpint (not_checked->answer, ==, CLINICAL_NOT_CHECKED);
  g_assert_nonnull (strstr (not_checked->sentence, "Allergy to mould"));
  add_item (only_unmatched, "Allergy to mould", NULL, NULL, NULL);
  second = check (content, "allergy", "lisinopril", lisinopril, only_unmatched, NULL, TRUE);
  single (second, CLINICAL_NOT_CHECKED);
}

static void
test_side_chains (void)
{
  g_autoptr (ClinicalContent) content = content_new ();
  static const struct
  {
    const char *allergy, *reaction, *code, *drug, *severity;
  } cases[] = {
    { "amoxicillin", NULL, "2231", "cephalexin", "moderate" },
    { "amoxicillin", "anaphylaxis", "2231", "cephalexin", "high" },
    { "penicillin", NULL, "2231", "cephalexin", "moderate" },
    { "penicillin", NULL, "2180", "cefazolin", NULL },
    { "aspirin", NULL, "5640", "ibuprofen", "high" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) allergies = items_new (),
                            ingredients = drug (cases[i].code, cases[i].drug);
      g_autoptr (GPtrArray) findings = NULL;

      add_item (allergies, cases[i].allergy, NULL, NULL, cases[i].reaction);
      findings = check (content, "allergy", cases[i].drug, ingredients, allergies, NULL, TRUE);
      g_test_message ("%s", ((ClinicalFinding *) findings->pdata[0])->sentence);
      g_assert_cmpstr (single (findings, cases[i].severity ? CLINICAL_FOUND : CLINICAL_NOT_FOUND)
                           ->severity,
                       ==, cases[i].severity);
    }
}

/* A class membership without a source is said to be one. */
static void
test_unverified_is_said (void)
{
  g_autoptr (ClinicalContent) content = content_new ();
  g_autoptr (GPtrArray) allergies = items_new (), oxacillin = drug ("7773", "oxacillin");
  g_autoptr (GPtrArray) findings = NULL;

  add_item (allergies, "penicillin", NULL, NULL, NULL);
  findings = check (content, "allergy", "oxacillin", oxacillin, allergies, NULL, TRUE);
  g_assert_nonnull (strstr (single (findings, CLINICAL_FOUND)->sentence, "not verified"));
}

/* Not recorded, none known, and a drug whose ingredients are not known: three different sentences.
 */
static void
test_absence_is_told_apart (void)
{
  g_autoptr (ClinicalContent) content = content_new ();
  g_autoptr (GPtrArray) empty = items_new (), none = items_new (), some = items_new (),
                        ingredients = drug ("723", "amoxicillin");
  g_autoptr (GPtrArray) a = NULL, b = NULL, c = NULL;

  add_item (none, "No known allergy", NULL, NULL, NULL)->none_known = TRUE;
  add_item (some, "penicillin", NULL, NULL, NULL);
  a = check (content, "allergy", "amoxicillin", ingredients, empty, NULL, FALSE);
  b = check (content, "allergy", "amoxicillin", ingredients, none, NULL, TRUE);
  c = check (content, "allergy", "mystery drug", NULL, some, NULL, TRUE);
  single (a, CLINICAL_NOT_CHECKED);
  single (b, CLINICAL_NOT_CHECKED);
  single (c, CLINICAL_NOT_CHECKED);
  g_assert_cmpstr (((ClinicalFinding *) a->pdata[0])->sentence, !=,
                   ((ClinicalFinding *) b->pdata[0])->sentence);
  g_assert_nonnull (strstr (((ClinicalFinding *) c->pdata[0])->sentence, "mystery drug"));
}

static void
test_duplicates (void)
{
  g_autoptr (ClinicalContent) content = content_new ();
  g_autoptr (GPtrArray) medicines = items_new (), ibuprofen = drug ("5640", "ibuprofen");
  g_autoptr (GPtrArray) findings = NULL;

  add_item (medicines, "Ibuprofen 400 MG Oral Tablet", RXNORM, "5640", NULL);
  add_item (medicines, "lisinopril 10 mg", NULL, NULL, NULL);
  add_item (medicines, "some herb", NULL, NULL, NULL);
  findings = check (content, "duplicate", "ibuprofen", ibuprofen, NULL, medicines, TRUE);
  assert_honest (findings);
  g_assert_cmpuint (findings->len, ==, 2);
  g_assert_cmpstr (((ClinicalFinding *) findings->pdata[0])->severity, ==, "moderate");
  g_assert_nonnull (
      strstr (((ClinicalFinding *) findings->pdata[0])->scope, "covering 2 of 3 active medicines"));
  g_assert_nonnull (strstr (((ClinicalFinding *) findings->pdata[1])->sentence, "some herb"));
}

/* Content that has allergy classes and no more: every other check says that it did not run. */
static void
test_missing_tables_are_said (void)
{
  static const char *const kinds[] = { "interaction", "dose",      "renal",      "pregnancy",
                                       "age",         "condition", "never-event" };
  g_autoptr (ClinicalContent) content = content_new ();
  g_autoptr (GPtrArray) ibuprofen = drug ("5640", "ibuprofen");

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GPtrArray) findings =
          check (content, kinds[i], "ibuprofen", ibuprofen, NULL, NULL, TRUE);

      assert_honest (findings);
      g_assert_cmpstr (single (findings, CLINICAL_NOT_CHECKED)->why, ==, "no content");
    }
}

static void
test_broken_class_table (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (clinical_class_rows_parse ("group\tlabel\nx\ty\n", &error));
  g_assert_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical/check/penicillin-amoxicillin", test_penicillin_and_amoxicillin);
  g_test_add_func ("/clinical/check/same-substance", test_same_substance);
  g_test_add_func ("/clinical/check/harmless-is-silent", test_harmless_drug_is_silent);
  g_test_add_func ("/clinical/check/unmatched-is-named", test_unmatched_is_named);
  g_test_add_func ("/clinical/check/side-chains", test_side_chains);
  g_test_add_func ("/clinical/check/unverified-is-said", test_unverified_is_said);
  g_test_add_func ("/clinical/check/absence-is-told-apart", test_absence_is_told_apart);
  g_test_add_func ("/clinical/check/duplicates", test_duplicates);
  g_test_add_func ("/clinical/check/missing-tables-are-said", test_missing_tables_are_said);
  g_test_add_func ("/clinical/check/broken-class-table", test_broken_class_table);
  return g_test_run ();
}
