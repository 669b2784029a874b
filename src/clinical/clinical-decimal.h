/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exact decimal arithmetic on literals such as "0.125": never floating point. Each answers NULL, or
 * FALSE, where a literal is none or the result does not fit. */
gboolean clinical_decimal_compare (const char *a, const char *b, int *order);
char *clinical_decimal_add (const char *a, const char *b);
char *clinical_decimal_multiply (const char *a, const char *b);
char *clinical_decimal_round (const char *literal, const char *step);
gboolean clinical_decimal_divide (const char *a, const char *b, gint64 *whole);

G_END_DECLS
