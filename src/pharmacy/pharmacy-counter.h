/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pharmacy-network.h"

G_BEGIN_DECLS

/* What goes wrong at this counter, by switch. */
typedef struct
{
  gboolean refuse, ask, ask_substitute, out_of_stock, substitute, partial, deliver, keep, no_stop;
  gboolean renew;
  int slow; /* seconds before each step */
} PharmacyFaults;

/* One order as the counter shows it. */
typedef struct
{
  char *id, *patient, *medicine, *dosage, *state, *problem;
} PharmacyLine;

/* Works off what comes, one step of each order at a look. The page reads lines from the main
 * thread while a worker looks. */
typedef struct _PharmacyCounter PharmacyCounter;

PharmacyCounter *pharmacy_counter_new (BedsidePharmacyNetwork *network, PharmacyFaults faults);
void pharmacy_counter_free (PharmacyCounter *self);
gboolean pharmacy_counter_look (PharmacyCounter *self, GCancellable *stop, GError **error);
GPtrArray *pharmacy_counter_dup_lines (PharmacyCounter *self);

/* A code that a patient shows, as it was typed or scanned; and what came of the last ones, each a
 * sentence. */
gboolean pharmacy_counter_take_code (PharmacyCounter *self, const char *text, GError **error);
GPtrArray *pharmacy_counter_dup_codes (PharmacyCounter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PharmacyCounter, pharmacy_counter_free)

G_END_DECLS
