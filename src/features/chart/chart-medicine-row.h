/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-medicines.h"

G_BEGIN_DECLS

/* One medicine: as its only source says it, or with all sides beside one another. */
#define CHART_TYPE_MEDICINE_ROW (chart_medicine_row_get_type ())
G_DECLARE_FINAL_TYPE (ChartMedicineRow, chart_medicine_row, CHART, MEDICINE_ROW, GtkBox)

GtkWidget *chart_medicine_row_new (void);
void chart_medicine_row_offer_stop (ChartMedicineRow *self, CareMedicine *medicine);
void chart_medicine_row_set_medicine (ChartMedicineRow *self, CareMedicine *medicine);
GtkWidget *chart_medicine_line_new (GPtrArray *line);

G_END_DECLS
