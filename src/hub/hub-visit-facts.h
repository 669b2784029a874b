/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-builder.h"
#include "hub-visit.h"

G_BEGIN_DECLS

void hub_visit_add_extension (FhirBuilder *builder,
                              const char *name,
                              const char *value_name,
                              const char *value);
void hub_visit_add_facts (FhirBuilder *builder, HubJoin *join);
gboolean hub_visit_tell (HubRecords *records, HubJoin *join, GError **error);

G_END_DECLS
