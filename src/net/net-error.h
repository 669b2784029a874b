/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fhir-resource.h"

G_BEGIN_DECLS

typedef enum
{
  NET_ERROR_OFFLINE,      /* nothing answered, or the answer was cut off */
  NET_ERROR_UNAUTHORIZED, /* the sign-in no longer holds */
  NET_ERROR_FORBIDDEN,    /* signed in, but this account may not */
  NET_ERROR_NOT_FOUND,
  NET_ERROR_GONE,
  NET_ERROR_CONFLICT,    /* 409 and 412: somebody changed it first */
  NET_ERROR_REFUSED,     /* any other 4xx: sending it again will not help */
  NET_ERROR_THROTTLED,   /* 429 and 503 with Retry-After */
  NET_ERROR_SERVER,      /* 5xx */
  NET_ERROR_PROTOCOL,    /* it answered, but not as a FHIR server does */
  NET_ERROR_OTHER_STORE, /* 412: it has other records than those that were asked for */
} NetError;

#define NET_ERROR (net_error_quark ())
GQuark net_error_quark (void);

GError *net_error_new_from_response (guint status, const char *retry_after, FhirResource *outcome);
GError *net_error_new_from_transport (const GError *transport, gboolean sent);
void net_error_set_protocol (GError **error, gboolean sent, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void net_error_set_other_store (GError **error);
guint net_error_get_retry_after (const GError *error);
guint net_error_get_status (const GError *error);
gboolean net_error_is_too_large (const GError *error);
gboolean net_error_is_answer_lost (const GError *error);

G_END_DECLS
