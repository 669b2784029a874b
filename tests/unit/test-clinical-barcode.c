/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-barcode.h"

#include <string.h>

#define YEAR 2026
#define GS   "\x1d"
/* NDC 0093-4155-73 in a GTIN; its check digit is 0 */
#define GTIN14 "00300934155730"

static ClinicalBarcodeKind
parse (const char *text, ClinicalBarcode *code)
{
  const char *why = NULL;
  ClinicalBarcodeKind kind = clinical_barcode_parse (text, -1, YEAR, code, &why);

  g_test_message ("%s", text);
  g_assert_true ((kind == CLINICAL_BARCODE_BAD) == (why != NULL));
  return kind;
}

static gboolean
has_ndc (const ClinicalBarcode *code, const char *ndc)
{
  for (guint i = 0; i < G_N_ELEMENTS (code->ndcs); i++)
    if (g_str_equal (code->ndcs[i], ndc))
      return TRUE;
  return FALSE;
}

/* Three layouts of ten digits, told by the hyphens; digits alone stand for all three. */
static void
test_ndc (void)
{
  static const struct
  {
    const char *typed, *ndc;
    guint others;
  } cases[] = {
    { "0093-4155-73", "00093415573", 0 },    { "12345-678-90", "12345067890", 0 },
    { "12345-6789-0", "12345678900", 0 },    { "00093-4155-73", "00093415573", 0 },
    { "00093415573", "00093415573", 0 },     { "0093415573", "00093415573", 2 },
    { "0093415573", "00934015573", 2 },      { "0093415573", "00934155703", 2 },
    { "  0093-4155-73 ", "00093415573", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ClinicalBarcode code;

      g_assert_cmpint (parse (cases[i].typed, &code), ==, CLINICAL_BARCODE_PACKAGE);
      g_assert_true (has_ndc (&code, cases[i].ndc));
      g_assert_true ((*code.ndcs[1] != '\0') == (cases[i].others > 0));
      g_assert_cmpstr (code.gtin, ==, "");
    }
}

static void
test_gtin (void)
{
  static const char *const good[] = { GTIN14, "0300934155730", "300934155730" };
  ClinicalBarcode code;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_cmpint (parse (good[i], &code), ==, CLINICAL_BARCODE_PACKAGE);
      g_assert_cmpstr (code.gtin, ==, GTIN14);
      g_assert_true (has_ndc (&code, "00093415573"));
    }
  /* of another country: a package's code, and no National Drug Code */
  g_assert_cmpint (parse ("4006381333931", &code), ==, CLINICAL_BARCODE_PACKAGE);
  g_assert_cmpstr (code.ndcs[0], ==, "");
  g_assert_cmpint (parse ("96385074", &code), ==, CLINICAL_BARCODE_PACKAGE);
}

/* Every single wrong digit is seen, in every place. */
static void
test_check_digit (void)
{
  for (guint at = 0; at < 14; at++)
    for (char digit = '0'; digit <= '9'; digit++)
      {
        char text[] = GTIN14;
        ClinicalBarcode code;
        const char *why;

        if (text[at] == digit)
          continue;
        text[at] = digit;
        g_assert_cmpint (clinical_barcode_parse (text, -1, YEAR, &code, &why), ==,
                         CLINICAL_BARCODE_BAD);
        g_assert_cmpstr (code.gtin, ==, "");
        g_assert_nonnull (why);
      }
}

static void
test_elements (void)
{
  static const char *const texts[] = {
    "]d201" GTIN14 "17270331"
    "10LOT7" GS "21S1",
    "]C101" GTIN14 "10LOT7" GS "1727033121S1",
    "01" GTIN14 "17270331"
    "10LOT7" GS "21S1",
    GS "01" GTIN14 "21S1" GS "10LOT7" GS "17270331",
    "]d210LOT7" GS "21S1" GS "1727033101" GTIN14,
    "(01)" GTIN14 "(17)270331(10)LOT7(21)S1",
    "]Q301" GTIN14 "7101234" GS "17270331"
    "21S1" GS "10LOT7",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ClinicalBarcode code;

      g_assert_cmpint (parse (texts[i], &code), ==, CLINICAL_BARCODE_PACKAGE);
      g_assert_cmpstr (code.gtin, ==, GTIN14);
      g_assert_cmpstr (code.expires, ==, "2027-03-31");
      g_assert_cmpstr (code.lot, ==, "LOT7");
      g_assert_cmpstr (code.serial, ==, "S1");
      g_assert_true (has_ndc (&code, "00093415573"));
    }
}

/* Day 00 is the month's last, leap years with it; a year is one within -49 and +50. */
static void
test_expiry (void)
{
  static const struct
  {
    const char *digits, *day;
  } cases[] = { { "280200", "2028-02-29" },
                { "270200", "2027-02-28" },
                { "760101", "2076-01-01" },
                { "770101", "1977-01-01" },
                { "991231", "1999-12-31" },
                { "271301", "" },
                { "270230", "" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat ("]d201" GTIN14 "17", cases[i].digits, NULL);
      ClinicalBarcode code;

      g_assert_cmpint (parse (text, &code), ==, CLINICAL_BARCODE_PACKAGE);
      g_assert_cmpstr (code.expires, ==, cases[i].day);
    }
}

static void
test_bad (void)
{
  static const char *const texts[] = {
    "]d2",       /* nothing */
    "]d210LOT7", /* no product */
    "]d201"
    "0030093415573", /* cut off */
    "]d201" GTIN14 "01"
    "00300002821307",         /* two products */
    "]d201" GTIN14 "9912345", /* an identifier that is not known */
    "]d201" GTIN14 "10THISLOTISLONGERTHAN20X",
    "]X0whatever",
    "(01)123(17)270331",
    "01" GTIN14 "zz",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ClinicalBarcode code;

      g_assert_cmpint (parse (texts[i], &code), ==, CLINICAL_BARCODE_BAD);
      g_assert_cmpstr (code.gtin, ==, "");
      g_assert_cmpstr (code.ndcs[0], ==, "");
    }
}

/* What people type to find a drug by its name is never taken for a code. */
static void
test_names (void)
{
  static const char *const texts[] = { "",
                                       "amox 500",
                                       "500",
                                       "0.05",
                                       "12345",
                                       "5-fluorouracil",
                                       "vitamin b12",
                                       "2-3",
                                       "1000000 units",
                                       "levothyroxine 25" };
  ClinicalBarcode code;
  const char *why;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpint (parse (texts[i], &code), ==, CLINICAL_BARCODE_NONE);
  g_assert_cmpint (clinical_barcode_parse ("0093415573\0x", 12, YEAR, &code, &why), ==,
                   CLINICAL_BARCODE_NONE);
  g_assert_cmpint (clinical_barcode_parse ("00934\n15573", -1, YEAR, &code, &why), ==,
                   CLINICAL_BARCODE_NONE);
}

static void
test_beginnings (void)
{
  static const char *const texts[] = { "009341", "009341557", "0093-", "0093-4155", "0093-4155-7" };
  ClinicalBarcode code;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpint (parse (texts[i], &code), ==, CLINICAL_BARCODE_PART);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical/barcode/ndc", test_ndc);
  g_test_add_func ("/clinical/barcode/gtin", test_gtin);
  g_test_add_func ("/clinical/barcode/check-digit", test_check_digit);
  g_test_add_func ("/clinical/barcode/elements", test_elements);
  g_test_add_func ("/clinical/barcode/expiry", test_expiry);
  g_test_add_func ("/clinical/barcode/bad", test_bad);
  g_test_add_func ("/clinical/barcode/names", test_names);
  g_test_add_func ("/clinical/barcode/beginnings", test_beginnings);
  return g_test_run ();
}
