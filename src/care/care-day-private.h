/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-day.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

CareDayRow *care_day_row_new (StoreConnection *connection,
                              FhirResource *appointment,
                              const char *date,
                              GTimeZone *zone);
void care_day_row_forget_clinician (CareDayRow *self);

G_END_DECLS
