/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-check.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A case of tests/fixtures/prescribe as the checks take it. */
#define CLINICAL_CASE_TODAY "2026-11-29"

ClinicalPatient *clinical_case_patient (ClinicalContent *content, JsonObject *patient);
char *clinical_case_days_ago (double days);
GPtrArray *clinical_case_orders (ClinicalContent *content, JsonArray *drugs);

G_END_DECLS
