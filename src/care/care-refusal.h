/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

gboolean
care_require_role (CareContext *context, const char *act, const char *const *roles, GError **error);

G_END_DECLS
