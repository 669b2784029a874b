/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

char *care_device_words (const FhirElement *test);

G_END_DECLS
