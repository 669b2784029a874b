/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-tallman.h"

#include "tallman-names.h"

/* Names as a table of the content writes them, and nothing else. */

#define TODAY "2026-11-29"

static void
test_names (void)
{
  static const char *const pairs[][2] = {
    { "chlorpromazine 25 MG and hydroxyzine", "chlorproMAZINE 25 MG and hydrOXYzine" },
    { "PREDNISONE", "predniSONE" },
    { "prednisonex", "prednisonex" }, /* a part of a word is no name */
    { "metformin", "metformin" },
    { "", "" },
  };
  g_autofree char *plain = NULL, *none = NULL;

  clinical_tallman_set_source (NULL, NULL, NULL);
  plain = clinical_tallman ("prednisone 5 mg");
  none = clinical_tallman_dup_scope ("prednisone 5 mg", TODAY);
  g_assert_cmpstr (plain, ==, "prednisone 5 mg");
  g_assert_null (none);
  clinical_tallman_set_source (tallman_names_load, NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *shown = clinical_tallman (pairs[i][0]);

      g_assert_cmpstr (shown, ==, pairs[i][1]);
    }
}

/* Whose capitals they are is said where there are any, with what is to be known of the table. */
static void
test_scope (void)
{
  g_autofree char *unreviewed = NULL, *reviewed = NULL, *expired = NULL, *none = NULL;

  clinical_tallman_set_source (tallman_names_load, (gpointer) "unverified", NULL);
  unreviewed = clinical_tallman_dup_scope ("prednisone 5 mg", TODAY);
  g_assert_cmpstr (unreviewed, ==,
                   "Capitals in a name: Some names of 01-Nov-2026, unreviewed content");
  none = clinical_tallman_dup_scope ("metformin", TODAY);
  g_assert_null (none);
  clinical_tallman_set_source (tallman_names_load, NULL, NULL);
  reviewed = clinical_tallman_dup_scope ("prednisone 5 mg", TODAY);
  g_assert_cmpstr (reviewed, ==, "Capitals in a name: Some names of 01-Nov-2026");
  expired = clinical_tallman_dup_scope ("prednisone 5 mg", "2027-12-01");
  g_assert_cmpstr (expired, ==,
                   "Capitals in a name: Some names of 01-Nov-2026, EXPIRED on 01-Nov-2027");
}

/* A broken table makes no drug out of another. */
static void
test_refused (void)
{
  static const char *const pairs[][2] = {
    { "prednisone", "predniSOLONE" },
    { "prednisone", "predni SONE" },
    { "prednisone", "" },
    { "vitamin b12", "vitamin B12" },
  };
  g_autoptr (ClinicalTallman) table = clinical_tallman_new (NULL, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_false (clinical_tallman_add (table, pairs[i][0], pairs[i][1], FALSE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical/tallman/names", test_names);
  g_test_add_func ("/clinical/tallman/scope", test_scope);
  g_test_add_func ("/clinical/tallman/refused", test_refused);
  return g_test_run ();
}
