/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* How often, as one choice of ten: a radio group that is a single stop of the Tab key, within which
 * the arrow keys choose. It writes "frequency", "period" and "period-unit" of a draft.
 *
 * signal "chosen" (): a person chose another */
#define PRESCRIBE_TYPE_FREQUENCY (prescribe_frequency_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeFrequency, prescribe_frequency, PRESCRIBE, FREQUENCY, AdwBin)

void
prescribe_frequency_show (PrescribeFrequency *self, int frequency, int period, const char *unit);
gboolean
prescribe_frequency_get (PrescribeFrequency *self, int *frequency, int *period, const char **unit);

G_END_DECLS
