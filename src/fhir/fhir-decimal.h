/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The mark of the record, and of whoever reads none but what the record says. */
#define FHIR_DECIMAL_RECORD "."

const char *fhir_decimal_get_mark (void);
char *fhir_decimal_format (const char *literal, const char *mark);

G_END_DECLS
