/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base-clock.h"
#include "store-error.h"
#include "store-types.h"

G_BEGIN_DECLS

/* One connection to the store's file, owned by one thread. Whoever is handed one in a StoreWork
 * uses it there and then, through the store_* functions only. */
BaseClock *store_connection_get_clock (StoreConnection *self);
gboolean store_connection_person_waits (StoreConnection *self);

G_END_DECLS
