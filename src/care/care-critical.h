/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-types.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

gboolean care_critical_raise (StoreConnection *connection, GPtrArray *observations, GError **error);

G_END_DECLS
