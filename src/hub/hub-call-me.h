/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-join.h"

G_BEGIN_DECLS

/* In a HubRecordsWork. @known: the date of birth was typed in this session. */
gboolean hub_call_me_ask (HubRecords *records,
                          HubJoin *join,
                          gboolean known,
                          const char *number,
                          const char *step,
                          GError **error);
gboolean hub_call_me_withdraw (HubRecords *records, HubJoin *join, GError **error);
gboolean hub_call_me_write (
    HubRecords *records, HubJoin *join, gboolean known, JsonBuilder *out, GError **error);

G_END_DECLS
