/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-types.h"

void
store_change_free (StoreChange *self)
{
  g_free (self->type);
  g_free (self->id);
  g_free (self->patient);
  g_free (self);
}
