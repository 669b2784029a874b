/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "fhir-query.h"
#include "store-sql.h"

G_BEGIN_DECLS

void store_range_widen (FhirQueryValue *value, BaseClock *clock);
StoreSql *store_range_of_date (const FhirQueryValue *value);
void store_range_add_number (StoreSql *where, const FhirQueryValue *value);

G_END_DECLS
