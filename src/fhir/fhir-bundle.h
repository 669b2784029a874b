/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

FhirResource *fhir_bundle_new (const char *type, GPtrArray *resources);

G_END_DECLS
