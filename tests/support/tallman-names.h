/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-tallman.h"

/* A few names of the content's table, where no content is read. */
static inline ClinicalTallman *
tallman_names_load (gpointer unverified)
{
  static const char *const names[][2] = {
    { "chlorpromazine", "chlorproMAZINE" },
    { "hydroxyzine", "hydrOXYzine" },
    { "prednisolone", "prednisoLONE" },
    { "prednisone", "predniSONE" },
  };
  ClinicalTallman *self = clinical_tallman_new ("Some names", "2026-11-01", "2027-11-01");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (clinical_tallman_add (self, names[i][0], names[i][1], unverified != NULL));
  return self;
}
