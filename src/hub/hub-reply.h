/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "fhir-resource.h"

G_BEGIN_DECLS

/* Errors of the hub: the code is the HTTP status that they are answered with. */
#define HUB_ERROR (hub_error_quark ())
GQuark hub_error_quark (void);

guint hub_reply_status_of (const GError *error);
GLogLevelFlags hub_reply_log_level (const GError *error);
void hub_reply_error (SoupServerMessage *message, const GError *error);
void hub_reply_outcome (SoupServerMessage *message, guint status, const char *diagnostics);
char *hub_reply_outcome_text (guint status, const char *diagnostics);
void hub_reply_status (SoupServerMessage *message, guint status);
void hub_reply_resource (SoupServerMessage *message, guint status, FhirResource *resource);
void
hub_reply_text (SoupServerMessage *message, guint status, const char *content_type, char *text);
void hub_reply_add_text (JsonBuilder *builder, const char *name, const char *text);
void hub_reply_json (SoupServerMessage *message, guint status, JsonBuilder *builder);
void hub_reply_redirect (SoupServerMessage *message, const char *location);
gboolean hub_reply_too_large (SoupServerMessage *message);
void hub_reply_limit_bodies (SoupServer *soup, const char *path, gsize limit);

#define HUB_FHIR_JSON "application/fhir+json; charset=utf-8"

G_END_DECLS
