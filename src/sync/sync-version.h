/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

char *sync_version_dup_note (const char *ours, FhirResource *statement);

G_END_DECLS
