/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

char *care_survey_words (FhirResource *answers, const char **level);
char *
care_survey_load_words (StoreConnection *connection, const char *encounter, const char **level);

G_END_DECLS
