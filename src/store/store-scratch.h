/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

gboolean store_scratch_run (BaseClock *clock, StoreWork work, gpointer data, GError **error);

G_END_DECLS
