/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-text.h"

static void
test_fold (void)
{
  const char *const cases[][2] = {
    { "Jane  SMITH ", "jane smith" },
    { "Agustín", "agustin" },
    { "Straße", "strasse" },
    { "Søren Łukasz", "soren lukasz" },
    { "O’Brien", "o'brien" },
    { "Ｙａｍａｄａ", "yamada" },
    { "ガンマ", "ガンマ" },
    { "ｶﾞ", "ガ" },
    { "が", "が" },
    { "山田", "山田" },
    { "김민수", "김민수" },
    { "Ёлка", "елка" },
    { "हिन्दी", "हिन्दी" },
    { "a\xe2\x80\x8b"
      "b",
      "ab" },
    { "İstanbul", "istanbul" },
    { "", "" },
    { "\xc3\xa9\n\te", "e e" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folded = fhir_fold (cases[i][0]), *again = fhir_fold (folded);

      g_assert_cmpstr (folded, ==, cases[i][1]);
      g_assert_cmpstr (again, ==, folded);
    }
}

static void
test_folding_keeps_words_apart (void)
{
  g_autofree char *ka = fhir_fold ("か"), *ga = fhir_fold ("が");

  g_assert_cmpstr (ka, !=, ga);
}

static void
test_broken_text_is_made_valid (void)
{
  g_autofree char *folded = fhir_fold ("a\xff\xe9z"), *tidy = fhir_text_tidy ("a\xff");

  g_assert_true (g_utf8_validate (folded, -1, NULL));
  g_assert_true (g_utf8_validate (tidy, -1, NULL));
}

static void
test_tidy (void)
{
  g_autofree char *line = fhir_text_tidy ("  one\r\n two\x01 \xe2\x80\xaethree ");
  g_autofree char *persian = fhir_text_tidy ("علی‌رضا");

  g_assert_cmpstr (line, ==, "one two three");
  g_assert_cmpstr (persian, ==, "علی‌رضا");
  g_assert_null (fhir_text_tidy (" \n"));
  g_assert_null (fhir_text_tidy (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/text/fold", test_fold);
  g_test_add_func ("/fhir/text/fold-keeps-words-apart", test_folding_keeps_words_apart);
  g_test_add_func ("/fhir/text/broken", test_broken_text_is_made_valid);
  g_test_add_func ("/fhir/text/tidy", test_tidy);
  return g_test_run ();
}
