/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-measured.h"

#include <string.h>

static void
test_reads_what_a_page_sends (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) values =
      care_measured_parse ("blood-pressure=128/82 mm[Hg];temperature=37.5 Cel;weight=154 [lb_av];"
                           "saturation=97 %;glucose=5.4 mmol/L;pulse=72 /min",
                           &error);
  const char *const shown[] = {
    "128/82 mmHg", "37.5 °C", "154 lb", "97 %", "5.4 mmol/L", "72 /min"
  };

  g_assert_no_error (error);
  g_assert_cmpuint (values->len, ==, G_N_ELEMENTS (shown));
  for (guint i = 0; i < values->len; i++)
    {
      g_autofree char *text = care_measured_dup_value (values->pdata[i]);

      g_assert_cmpstr (text, ==, shown[i]);
    }
}

/* Each would be another number, another unit, or nothing that a household device shows. */
static void
test_refuses_what_is_not_plain (void)
{
  const char *const wrong[] = {
    "",
    ";",
    "pulse",
    "pulse=",
    "pulse= /min",
    "pulse=72",
    "pulse=72/min",
    "pulse=72 /h",
    "pulse=7,2 /min",
    "pulse=72.0 /min",
    "pulse=+72 /min",
    "pulse=-72 /min",
    "pulse=072 /min",
    "pulse=7e1 /min",
    "pulse=0x48 /min",
    "pulse=72  /min",
    "pulse=72 /min;",
    "pulse=72 /min;pulse=73 /min",
    "pulse=nan /min",
    "pulse=１２０ /min",
    "heart=72 /min",
    "temperature=37.55 Cel",
    "temperature=37. Cel",
    "temperature=.5 Cel",
    "temperature=3.7.5 Cel",
    "temperature=37.5 K",
    "weight=1.000 kg",
    "weight=70000 kg",
    "blood-pressure=128 mm[Hg]",
    "blood-pressure=128/ mm[Hg]",
    "blood-pressure=/82 mm[Hg]",
    "blood-pressure=128/82/1 mm[Hg]",
    "blood-pressure=17/11 kPa",
    "glucose=5.4 mg/dL",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) values = care_measured_parse (wrong[i], &error);

      if (values != NULL)
        g_error ("“%s” was taken", wrong[i]);
      g_assert_error (error, CARE_MEASURED_ERROR, CARE_MEASURED_ERROR_SYNTAX);
      /* an error goes back to the page and into logs: it repeats nothing */
      g_assert_true (*wrong[i] == '\0' || strstr (error->message, wrong[i]) == NULL);
    }
}

static void
test_refuses_what_cannot_be (void)
{
  const char *const wrong[] = {
    "temperature=98.6 Cel",
    "temperature=37 [degF]",
    "pulse=7 /min",
    "weight=0 kg",
    "weight=0.9 kg",
    "saturation=101 %",
    "glucose=99 mmol/L",
    "blood-pressure=82/128 mm[Hg]",
    "blood-pressure=90/90 mm[Hg]",
    "glucose=5 mg/dL",
    "blood-pressure=999/80 mm[Hg]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) values = care_measured_parse (wrong[i], &error);

      if (values != NULL)
        g_error ("“%s” was taken", wrong[i]);
      g_assert_error (error, CARE_MEASURED_ERROR, CARE_MEASURED_ERROR_RANGE);
    }
}

static void
test_kinds_go_there_and_back (void)
{
  g_autoptr (GError) error = NULL;
  guint kinds = 99;

  g_assert_true (care_measured_parse_kinds ("", &kinds, &error));
  g_assert_cmpuint (kinds, ==, 0);
  for (guint set = 1; set < 1u << CARE_N_MEASURED; set++)
    {
      g_autofree char *text = care_measured_dup_kinds (set);

      g_assert_true (care_measured_parse_kinds (text, &kinds, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (kinds, ==, set);
    }
  for (const char **wrong =
           (const char *[]) { "pulse pulse", "pulse ", " pulse", "heart", "pulse,weight", NULL };
       *wrong != NULL; wrong++)
    {
      g_clear_error (&error);
      g_assert_false (care_measured_parse_kinds (*wrong, &kinds, &error));
      g_assert_error (error, CARE_MEASURED_ERROR, CARE_MEASURED_ERROR_SYNTAX);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care-measured/reads-what-a-page-sends", test_reads_what_a_page_sends);
  g_test_add_func ("/care-measured/refuses-what-is-not-plain", test_refuses_what_is_not_plain);
  g_test_add_func ("/care-measured/refuses-what-cannot-be", test_refuses_what_cannot_be);
  g_test_add_func ("/care-measured/kinds-go-there-and-back", test_kinds_go_there_and_back);
  return g_test_run ();
}
