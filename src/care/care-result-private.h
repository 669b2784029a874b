/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-result.h"
#include "care-types.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What reading one result needs to know of its patient. */
typedef struct
{
  StoreConnection *connection;
  GTimeZone *zone;
  const char *birth_date; /* NULL: not known */
} CareResultChart;

CareResult *care_result_read (const CareResultChart *chart, FhirResource *observation);
CareResult *care_result_read_report (const CareResultChart *chart, FhirResource *report);

G_END_DECLS
