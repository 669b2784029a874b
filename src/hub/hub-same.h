/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* Whether two versions of a resource say the same: numbers by their literal text, members in any
 * order. What neither has is the same in both. */
gboolean hub_same (const FhirElement *one, const FhirElement *other);
gboolean hub_same_at (FhirResource *one, FhirResource *other, const char *path);
gboolean hub_same_member (FhirResource *one, FhirResource *other, const char *name);
gboolean hub_same_but_for (FhirResource *one, FhirResource *other, const char *const *names);

G_END_DECLS
