/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-person-search.h"

static void
test_query (void)
{
  static const struct
  {
    const char *typed, *query;
  } cases[] = {
    { "12-Mar-1961", "birthdate=1961-03-12" },
    { "12/03/1961", "birthdate=1961-03-12" },
    { "1961-03-12", "birthdate=1961-03-12" },
    { "31-Feb-1961", "identifier=31-Feb-1961,31-Feb-1961" },
    { "943 476 5919", "identifier=9434765919,943%20476%205919" },
    { "9434765919", "identifier=9434765919,9434765919" },
    { "Smith", NULL },
    { "smith jane", NULL },
    { "田中", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *query = workspace_person_search_dup_query (cases[i].typed);
      g_test_message ("%s", cases[i].typed);
      g_assert_cmpstr (query, ==, cases[i].query);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workspace/person-search/query", test_query);
  return g_test_run ();
}
