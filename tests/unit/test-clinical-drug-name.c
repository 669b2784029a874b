/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-drug-name.h"
#include "tallman-names.h"

static void
test_shown (void)
{
  static const char *const pairs[][2] = {
    { "amoxicillin 500 MG Oral Capsule", "amoxicillin 500 mg oral capsule" },
    { "amoxicillin 50 MG/ML Oral Suspension", "amoxicillin 50 mg in 1 mL oral suspension" },
    { "amoxicillin 875 MG / clavulanate 125 MG Oral Tablet",
      "amoxicillin 875 mg and clavulanate 125 mg oral tablet" },
    { "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet",
      "24 hour metformin hydrochloride 500 mg extended release oral tablet" },
    { "insulin glargine 100 UNT/ML Injectable Solution [Lantus]",
      "insulin glargine 100 units in 1 mL injectable solution [Lantus]" },
    { "9 HR methylphenidate 2.22 MG/HR Transdermal System",
      "9 hour methylphenidate 2.22 mg per hour transdermal system" },
    { "14 ACTUAT fluticasone furoate 0.2 MG/ACTUAT Dry Powder Inhaler",
      "14 actuations fluticasone furoate 0.2 mg per actuation dry powder inhaler" },
    { "azithromycin 250 MG Oral Tablet (Zithromax)",
      "azithromycin 250 mg oral tablet (Zithromax)" },
    { "vitamin B12 0.01 MG Oral Tablet", "vitamin B12 0.01 mg oral tablet" },
    { "prednisone 5 MG Oral Tablet", "predniSONE 5 mg oral tablet" },
    { "9.1 MG (9 HR)", "9.1 mg (9 hour)" },
    /* not RxNorm's way of writing: left as somebody wrote it */
    { "Paracetamol Tablets 500 mg", "Paracetamol Tablets 500 mg" },
    { "MG Oral Tablet", "MG Oral Tablet" },
    { "Influenza, seasonal", "Influenza, seasonal" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *shown = clinical_drug_name (pairs[i][0]);

      g_assert_cmpstr (shown, ==, pairs[i][1]);
    }
}

/* A name that was shown can be shown again: nothing is changed twice. */
static void
test_twice (void)
{
  g_autofree char *once =
      clinical_drug_name ("amoxicillin 50 MG/ML / clavulanate 12.5 MG/ML Oral Suspension");
  g_autofree char *twice = clinical_drug_name (once);

  g_assert_cmpstr (once, ==,
                   "amoxicillin 50 mg in 1 mL and clavulanate 12.5 mg in 1 mL oral suspension");
  g_assert_cmpstr (twice, ==, once);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  clinical_tallman_set_source (tallman_names_load, NULL, NULL);
  g_test_add_func ("/clinical/drug-name/shown", test_shown);
  g_test_add_func ("/clinical/drug-name/twice", test_twice);
  return g_test_run ();
}
