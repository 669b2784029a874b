/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* One thing that happened in a visit. */
typedef struct
{
  gint64 at; /* µs since 1970 */
  char *words;
} CareVisitMoment;

GPtrArray *care_visit_course (FhirResource *encounter);
char *care_visit_course_dup_text (GPtrArray *course, GTimeZone *zone);

G_END_DECLS
