/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-describe.h"

G_BEGIN_DECLS

/* A value of a data type on one line. @covered gets the members that the line tells; what else
 * stands there has to be told below. NULL: it takes more than a line. */
char *hub_describe_value (const char *type, const FhirElement *value, const char *const **covered);
char *hub_describe_words (const char *name, gsize length);
char *hub_describe_date (const char *text);
char *hub_describe_extension (const FhirElement *extension, gboolean modifies);
char *hub_describe_narrative (const char *div);
char *hub_describe_attached_text (const FhirElement *attachment);

G_END_DECLS
