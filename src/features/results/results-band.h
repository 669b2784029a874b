/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "care-result.h"

G_BEGIN_DECLS

#define RESULTS_TYPE_BAND (results_band_get_type ())
G_DECLARE_FINAL_TYPE (ResultsBand, results_band, RESULTS, BAND, GtkWidget)

GtkWidget *results_band_new (void);
gboolean results_band_set_result (ResultsBand *self, const CareResult *result);

G_END_DECLS
