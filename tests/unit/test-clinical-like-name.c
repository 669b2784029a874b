/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-like-name.h"

static void
test_alike (void)
{
  static const char *const pairs[][2] = {
    { "SMITH, Jane (Mrs)", "SMITH, Jane (Miss)" },
    { "SMITH, Jane", "SMITH, Robert" }, /* one family, two windows */
    { "SMITH, Jane", "SMYTHE, Janet" },
    { "SMITH, Jane", "SMTIH, Joan" }, /* two letters turned round */
    { "MÜLLER, Jörg", "MULLER, Georg" },
    { "JAMES, Thomas", "THOMAS, James" },
    { "KHAN, Omar", "KAHN" },
    { "山田 太郎", "山田 花子" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_test_message ("%s, %s", pairs[i][0], pairs[i][1]);
      g_assert_true (clinical_names_are_alike (pairs[i][0], pairs[i][1]));
      g_assert_true (clinical_names_are_alike (pairs[i][1], pairs[i][0]));
    }
}

static void
test_apart (void)
{
  static const char *const pairs[][2] = {
    { "SMITH, Jane", "JONES, Bob" },
    { "SMITH, Jane", "SMYTHE, Robert" },
    { "LI, Wei", "LU, Wei" },
    { "KHAN, Omar", "LOPEZ, Ana" },
    { "山田 太郎", "佐藤 太郎" },
    { "SMITH, Jane (Mrs)", "STONE, Judy (Mrs)" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_test_message ("%s, %s", pairs[i][0], pairs[i][1]);
      g_assert_false (clinical_names_are_alike (pairs[i][0], pairs[i][1]));
      g_assert_false (clinical_names_are_alike (pairs[i][1], pairs[i][0]));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical/like-name/alike", test_alike);
  g_test_add_func ("/clinical/like-name/apart", test_apart);
  return g_test_run ();
}
