/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-totp.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* All run in a StoreWork. */
char *hub_second_factor_dup_secret (StoreConnection *connection, const char *who);
gboolean hub_second_factor_begin (StoreConnection *connection, const char *who, GError **error);
gboolean hub_second_factor_try (StoreConnection *connection,
                                const char *who,
                                const char *secret,
                                const char *code,
                                gint64 now,
                                BaseTotpAnswer *answer,
                                gint64 *step,
                                GError **error);
gboolean hub_second_factor_keep (StoreConnection *connection,
                                 const char *who,
                                 const char *secret,
                                 gint64 step,
                                 const char *what,
                                 GError **error);

G_END_DECLS
