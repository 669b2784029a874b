/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-write.h"

G_BEGIN_DECLS

gboolean care_supply_end (CareWrite *write,
                          FhirResource *request,
                          const char *status,
                          const char *reason,
                          GError **error);

G_END_DECLS
