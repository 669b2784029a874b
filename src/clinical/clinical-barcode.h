/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

typedef enum
{
  CLINICAL_BARCODE_NONE,    /* not the code of a package: a name, or a strength */
  CLINICAL_BARCODE_PART,    /* the beginning of one, or too short */
  CLINICAL_BARCODE_BAD,     /* a code that was misread or is of another kind: see why */
  CLINICAL_BARCODE_PACKAGE, /* a package's code */
} ClinicalBarcodeKind;

/* What a package says of itself. A National Drug Code of ten digits stands for up to three of
 * eleven: the digits alone do not tell which. */
typedef struct
{
  char gtin[15];    /* fourteen digits, "" for a code without one */
  char ndcs[3][12]; /* eleven digits each, "" after the last */
  char lot[21], serial[21], national[21];
  char expires[11]; /* "2027-03-31", "" for none */
} ClinicalBarcode;

ClinicalBarcodeKind clinical_barcode_parse (
    const char *text, gssize length, int year, ClinicalBarcode *out, const char **why);

G_END_DECLS
