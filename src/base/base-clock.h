/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BASE_TYPE_CLOCK (base_clock_get_type ())
G_DECLARE_FINAL_TYPE (BaseClock, base_clock, BASE, CLOCK, GObject)

BaseClock *base_clock_new (void);
BaseClock *base_clock_new_at (GDateTime *start);
gint64 base_clock_now (BaseClock *self);
GDateTime *base_clock_dup_now (BaseClock *self);
char *base_clock_dup_instant (BaseClock *self);
char *base_clock_format_instant (gint64 microseconds);
char *base_clock_format_http_date (gint64 microseconds);
char *base_clock_dup_today (BaseClock *self);
gint64 base_clock_monotonic (BaseClock *self);
void base_clock_advance (BaseClock *self, gint64 microseconds);

G_END_DECLS
