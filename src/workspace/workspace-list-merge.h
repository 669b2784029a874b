/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void workspace_list_merge (GListStore *shown, GListModel *fresh, GEqualFunc is_same);

G_END_DECLS
