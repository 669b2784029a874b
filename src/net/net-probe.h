/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fhir-resource.h"

G_BEGIN_DECLS

/* What stands at an address that somebody typed. */
typedef enum
{
  NET_PROBE_READY,       /* a FHIR R4 server */
  NET_PROBE_ADDRESS,     /* this is no address of a server */
  NET_PROBE_UNKNOWN,     /* nobody knows that name, or there is no network */
  NET_PROBE_SILENT,      /* nothing answers there, or the line was cut */
  NET_PROBE_SLOW,        /* it did not answer in time */
  NET_PROBE_CERTIFICATE, /* it cannot prove who it is */
  NET_PROBE_LEADS_AWAY,  /* it sends us to another address */
  NET_PROBE_WEB_PAGE,    /* a page for people, or the sign-in of the network */
  NET_PROBE_VERSION,     /* FHIR, and not R4 */
  NET_PROBE_CLOSED,      /* it does not even say what it is without a sign-in */
  NET_PROBE_FAULT,       /* it has a fault of its own */
  NET_PROBE_STRANGE,     /* it answered with something else */
} NetProbeKind;

typedef struct
{
  NetProbeKind kind;
  char *server;            /* the address, completed; NULL where there is none */
  char *base_url;          /* the FHIR base below it */
  char *sentence;          /* what is wrong; NULL where it is ready */
  char *advice;            /* what to do about it, and whom to call */
  FhirResource *statement; /* where it is ready */
  char *version;           /* of FHIR, as the server says it */
  gboolean is_hub;         /* it has visits */
  gboolean signs_in;       /* as Bedside signs in */
  char *sign_in_problem;   /* else why not */
} NetProbe;

#define NET_PROBE_PATIENCE_S 30

char *net_probe_dup_server (const char *typed, GError **error);
char *net_probe_dup_base_url (const char *server);
void net_probe_async (const char *typed,
                      guint patience_s,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
NetProbe *net_probe_finish (GAsyncResult *result, GError **error);
void net_probe_free (NetProbe *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NetProbe, net_probe_free)

G_END_DECLS
