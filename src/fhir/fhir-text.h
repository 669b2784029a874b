/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *fhir_fold (const char *text);
char *fhir_text_tidy (const char *text);

G_END_DECLS
