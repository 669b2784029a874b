/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean fhir_reference_split (const char *reference, char **type, char **id);

G_END_DECLS
