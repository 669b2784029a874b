/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* What a reference becomes: (transfer full), NULL to leave it. With @error set the rewriting ends.
 */
typedef char *(*HubRewrite) (const char *reference, gpointer data, GError **error);

gboolean
hub_rewrite_references (FhirResource **resource, HubRewrite rewrite, gpointer data, GError **error);
gboolean hub_rewrite_as (
    FhirResource **resource, const char *id, HubRewrite rewrite, gpointer data, GError **error);
gboolean hub_rewrite_is_conditional (const char *reference, char **type, const char **query);

G_END_DECLS
