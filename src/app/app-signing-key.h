/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-account.h"
#include "care-context.h"

G_BEGIN_DECLS

void app_signing_key_attach (AppAccount *account, CareContext *context);

G_END_DECLS
