/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-ucum.h"

G_BEGIN_DECLS

/* A unit that others are made of. */
typedef struct
{
  const char *symbol;
  gboolean metric; /* takes prefixes */
  FhirUcum value;
} FhirUcumAtom;

gboolean fhir_ucum_find_atom (const char *symbol, gsize length, FhirUcum *out);

G_END_DECLS
