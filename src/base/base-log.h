/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void base_log_patient (GLogLevelFlags level, const char *event, const char *patient_data);
char *base_log_mask (const char *patient_data);

G_END_DECLS
