/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-summary.h"

G_BEGIN_DECLS

const char *const *note_facts_list (void);
char *note_facts_get (const char *name, CareSummary *summary, const char *today);
char *note_facts_expand (const char *text, CareSummary *summary, const char *today);

G_END_DECLS
