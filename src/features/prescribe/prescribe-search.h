/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-context.h"
#include "store-content.h"

G_BEGIN_DECLS

/* The search for a drug in the formulary.
 *
 * signal "chosen" (StoreDrug): valid while the handler runs
 * signal "set-chosen" (CareOrderSet): valid while the handler runs; where they are offered
 * signal "cancelled" () */
#define PRESCRIBE_TYPE_SEARCH (prescribe_search_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeSearch, prescribe_search, PRESCRIBE, SEARCH, AdwBin)

void prescribe_search_set_content (PrescribeSearch *self, StoreContent *content);
void prescribe_search_set_context (PrescribeSearch *self, CareContext *context);
void prescribe_search_offer_sets (PrescribeSearch *self);
void prescribe_search_start_sets (PrescribeSearch *self);
void prescribe_search_start (PrescribeSearch *self);
void prescribe_search_clear (PrescribeSearch *self);

G_END_DECLS
