/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "store-database.h"

G_BEGIN_DECLS

/* What the programs of the benches share: opening a hub's records, samples, and one JSON object. */

double bench_now (void);
double bench_cpu (void);
double bench_thread_cpu (void);
StoreDatabase *bench_open_records (const char *folder, BaseClock *clock, GError **error);
void
bench_add_pragmas (JsonBuilder *builder, const char *name, StoreDatabase *store, gboolean writer);
void bench_add_samples (JsonBuilder *builder, const char *name, GArray *seconds);
void bench_add_integer (JsonBuilder *builder, const char *name, gint64 value);
void bench_add_double (JsonBuilder *builder, const char *name, double value);
void bench_add_string (JsonBuilder *builder, const char *name, const char *value);
int bench_finish (JsonBuilder *builder, GError *error);

G_END_DECLS
