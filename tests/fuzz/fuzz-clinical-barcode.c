/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "clinical-barcode.h"

/* Whatever a scanner sends: what is taken for a package's code has codes of digits alone, and what
 * is not leaves nothing behind. */

static gboolean
are_digits (const char *text, gsize length)
{
  return strlen (text) == length && strspn (text, "0123456789") == length;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  ClinicalBarcode code, empty;
  const char *why;
  ClinicalBarcodeKind kind =
      clinical_barcode_parse ((const char *) data, (gssize) size, 2026, &code, &why);

  memset (&empty, 0, sizeof empty);
  g_assert_true ((kind == CLINICAL_BARCODE_BAD) == (why != NULL));
  if (kind != CLINICAL_BARCODE_PACKAGE)
    {
      g_assert_cmpint (memcmp (&code, &empty, sizeof code), ==, 0);
      return 0;
    }
  g_assert_true (*code.gtin == '\0' || are_digits (code.gtin, 14));
  g_assert_true (*code.gtin != '\0' || *code.ndcs[0] != '\0');
  for (guint i = 0; i < G_N_ELEMENTS (code.ndcs); i++)
    g_assert_true (*code.ndcs[i] == '\0' || are_digits (code.ndcs[i], 11));
  g_assert_true (*code.expires == '\0' || strlen (code.expires) == 10);
  g_assert_cmpuint (strlen (code.lot), <=, 20);
  g_assert_cmpuint (strlen (code.serial), <=, 20);
  g_assert_cmpuint (strlen (code.national), <=, 20);
  return 0;
}
