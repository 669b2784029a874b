/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-name.h"

#include "fhir-resource.h"

static void
assert_name (const char *json, const char *formal, const char *plain)
{
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Patient\",\"name\":%s}", json);
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) patient = fhir_resource_parse (text, -1, &error);
  g_autofree char *formal_got = NULL, *plain_got = NULL;

  g_test_message ("%s", json);
  g_assert_no_error (error);
  formal_got = fhir_human_name_format (fhir_resource_path (patient, "name"));
  plain_got = fhir_human_name_format_plain (fhir_resource_path (patient, "name"));
  g_assert_cmpstr (formal_got, ==, formal);
  g_assert_cmpstr (plain_got, ==, plain);
}

static void
test_parts (void)
{
  assert_name ("[{\"family\":\"Smith\",\"given\":[\"Jane\",\"Ann\"],\"prefix\":[\"Mrs\"]}]",
               "SMITH, Jane Ann (Mrs)", "Jane Ann Smith");
  assert_name ("{\"family\":\"Smith\",\"given\":[\"Jane\"]}", "SMITH, Jane", "Jane Smith");
  assert_name ("[{\"family\":\"Smith\"}]", "SMITH", "Smith");
  assert_name ("[{\"given\":[\"Suharto\"]}]", "Suharto", "Suharto");
  assert_name (
      "[{\"family\":\"Ford\",\"given\":[\"John\"],\"suffix\":[\"Jr\"],\"prefix\":[\"Dr\"]}]",
      "FORD, John Jr (Dr)", "John Ford");
}

static void
test_choice_of_name (void)
{
  assert_name (
      "[{\"use\":\"nickname\",\"given\":[\"Jo\"]},{\"use\":\"maiden\",\"family\":\"Old\"},"
      "{\"use\":\"usual\",\"family\":\"Daily\"},{\"use\":\"official\",\"family\":\"Right\"}]",
      "RIGHT", "Right");
  assert_name ("[{\"use\":\"official\",\"family\":\"Before\",\"period\":{\"end\":\"2020\"}},"
               "{\"family\":\"Now\"}]",
               "NOW", "Now");
}

static void
test_every_script (void)
{
  assert_name ("[{\"family\":\"山田\",\"given\":[\"太郎\"]}]", "山田 太郎", "山田 太郎");
  assert_name ("[{\"family\":\"ヤマダ\",\"given\":[\"タロウ\"],\"prefix\":[\"様\"]}]",
               "ヤマダ タロウ (様)", "ヤマダ タロウ");
  assert_name ("[{\"family\":\"김\",\"given\":[\"민수\"]}]", "김 민수", "김 민수");
  assert_name ("[{\"family\":\"Cantú\",\"given\":[\"Agustín\"]}]", "CANTÚ, Agustín",
               "Agustín Cantú");
  assert_name ("[{\"family\":\"Straße\",\"given\":[\"Jörg\"]}]", "STRASSE, Jörg", "Jörg Straße");
  assert_name ("[{\"family\":\"Иванова\",\"given\":[\"Анна\"]}]", "ИВАНОВА, Анна", "Анна Иванова");
  assert_name ("[{\"family\":\"محمد\",\"given\":[\"علی‌رضا\"]}]",
               "محمد, علی‌رضا", "علی‌رضا محمد");
  assert_name ("[{\"family\":\"ბერიძე\",\"given\":[\"ნინო\"]}]", "ბერიძე, ნინო", "ნინო ბერიძე");
}

static void
test_nothing_recorded (void)
{
  const char *const cases[] = { "[]",
                                "{}",
                                "null",
                                "7",
                                "\"Jane\"",
                                "[{\"family\":\"  \"}]",
                                "[{\"given\":[null],\"_family\":{\"extension\":[]}}]",
                                "[[]]" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_name (cases[i], "Name not recorded", "Name not recorded");
  assert_name ("[{\"text\":\"Baby of\\nSmith\"}]", "Baby of Smith", "Baby of Smith");
}

static void
test_a_name_cannot_turn_the_line (void)
{
  assert_name ("[{\"family\":\"Smi\\u202eth\",\"given\":[\"Ja\\u200bne\\u0007\"]}]", "SMITH, Jane",
               "Jane Smith");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/name/parts", test_parts);
  g_test_add_func ("/fhir/name/choice", test_choice_of_name);
  g_test_add_func ("/fhir/name/every-script", test_every_script);
  g_test_add_func ("/fhir/name/nothing-recorded", test_nothing_recorded);
  g_test_add_func ("/fhir/name/bidi", test_a_name_cannot_turn_the_line);
  return g_test_run ();
}
