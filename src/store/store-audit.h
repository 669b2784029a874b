/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

/* Who read, wrote, signed, printed or overrode what. Append-only, each row hashed over the one
 * before; the patient stands in it as a keyed pseudonym whose mapping row can be erased. */
gboolean store_audit_append (StoreConnection *connection,
                             const char *action,
                             const char *who,
                             const char *patient,
                             const char *reference,
                             const char *detail,
                             GError **error);
gboolean store_audit_verify (StoreConnection *connection, gint64 *rows, GError **error);
gboolean store_audit_forget (StoreConnection *connection, const char *patient, GError **error);

G_END_DECLS
