/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

gint64 sync_instant_of (FhirResource *resource);

G_END_DECLS
