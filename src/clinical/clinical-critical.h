/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a value stands to the limits past which somebody has to act at once. */
typedef enum
{
  CLINICAL_CRITICAL_NOT_CHECKED, /* no cited limit for this test, unit or age */
  CLINICAL_CRITICAL_WITHIN,
  CLINICAL_CRITICAL_LOW,
  CLINICAL_CRITICAL_HIGH,
} ClinicalCritical;

/* The limits that were asked, for people to read. */
typedef struct
{
  const char *low, *high, *unit;
  const char *whom;       /* "adults", to be translated */
  const char *source;     /* address of the page */
  const char *unverified; /* what of it no page says, to be translated; NULL: nothing */
} ClinicalCriticalLimit;

gboolean clinical_critical_is_flag (const char *flag);
ClinicalCritical clinical_critical_check (const char *loinc,
                                          const char *literal,
                                          const char *comparator,
                                          const char *ucum,
                                          int age_years,
                                          ClinicalCriticalLimit *limit);

G_END_DECLS
