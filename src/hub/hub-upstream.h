/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-records.h"
#include "net-fhir-client.h"

G_BEGIN_DECLS

/* Another FHIR server that has the clinic's records, as the hub in front of it sees it. May be used
 * from any thread; what asks the server waits for it. */
#define HUB_TYPE_UPSTREAM (hub_upstream_get_type ())
G_DECLARE_FINAL_TYPE (HubUpstream, hub_upstream, HUB, UPSTREAM, GObject)

/* How the hub signs in there. With neither it does not. */
typedef struct
{
  const char *token_file;  /* a bearer token, read again when the server refuses it */
  const char *client_file; /* JSON: token_url, client_id, client_secret, scope: OAuth 2.0 client
                              credentials */
} HubUpstreamSignIn;

HubUpstream *hub_upstream_new (const char *base_url,
                               const HubUpstreamSignIn *sign_in,
                               GBytes *link_key,
                               BaseClock *clock,
                               GError **error);
const char *hub_upstream_get_url (HubUpstream *self);
GBytes *hub_upstream_get_link_key (HubUpstream *self);
BaseClock *hub_upstream_get_clock (HubUpstream *self);

gboolean hub_upstream_run (HubUpstream *self, HubRecordsWork work, gpointer data, GError **error);
NetAnswer *hub_upstream_send (HubUpstream *self, const NetRequest *request, GError **error);
FhirResource *
hub_upstream_search (HubUpstream *self, const char *type, const char *query, GError **error);
FhirResource *hub_upstream_page (HubUpstream *self, const char *link, GError **error);
void hub_upstream_watch (HubUpstream *self);
void hub_upstream_audit (HubUpstream *self,
                         const char *action,
                         const char *who,
                         const char *patient,
                         const char *reference,
                         const char *detail);

SoupSession *hub_upstream_get_http (HubUpstream *self);
const char *hub_upstream_member (JsonNode *root, const char *name);
char *hub_upstream_dup_token (HubUpstream *self, GError **error);

/* hub-upstream-access.c */
typedef struct
{
  HubUser *user;  /* NULL: the token is nobody's */
  gint64 expires; /* when the token ends, in microseconds since 1970; 0: not said */
} HubGuestAnswer;

JsonNode *hub_upstream_configure (HubUpstream *self, GError **error);
gboolean
hub_upstream_recognise (HubUpstream *self, const char *token, HubGuestAnswer *out, GError **error);

/* hub-upstream-link.c */
char *hub_upstream_make_link (HubRecords *records, HubJoin *join, GError **error);
HubJoin *hub_upstream_load_link (HubRecords *records, const char *token, GError **error);
gboolean hub_upstream_save_link (HubRecords *records, HubJoin *join, GError **error);

/* hub-upstream-records.c */
typedef struct
{
  HubRecords parent;
  HubUpstream *upstream;
  GHashTable *read; /* "Type/id" -> FhirResource, in this work */
} HubRecordsUpstream;

void hub_records_upstream_init (HubRecordsUpstream *self, HubUpstream *upstream);
void hub_records_upstream_clear (HubRecordsUpstream *self);

G_END_DECLS
