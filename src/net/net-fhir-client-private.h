/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "net-fhir-client.h"

G_BEGIN_DECLS

struct _NetFhirClient
{
  GObject parent_instance;
  char *base_url; /* without a slash at the end */
  GUri *base;
  NetSession *session;
  SoupSession *http;
  gint no_form_search; /* atomic: the server does not take POST _search */
  NetPace pace;        /* of request bodies; NULL: as fast as they go */
  gpointer pace_data;
  NetFhirClient *origin; /* that this one was made from, and has the records' name */
  GMutex mutex;          /* over the rest */
  char *store;           /* NULL: whichever the server has */
  gint64 server_time;    /* µs, of its newest answer; 0: it does not say */
  gboolean other_store;  /* it said that it has others */
};

GUri *net_fhir_client_resolve (NetFhirClient *self, const char *path, GError **error);

/* In which a request names the records that it is meant for, and a refusal those that are there. */
#define NET_STORE_HEADER "Bedside-Store"

/* Steps 1, 2 and 4 of a request; step 3, sending, is the client's. */
SoupMessage *
net_fhir_client_create_message (NetFhirClient *self, const NetRequest *request, GUri *uri);
void net_fhir_client_sign_message (SoupMessage *message, const char *token);
NetAnswer *
net_fhir_client_interpret (NetFhirClient *self, SoupMessage *message, GBytes *body, GError **error);
char *net_fhir_client_dup_store (NetFhirClient *self);
void net_fhir_client_note_other_store (NetFhirClient *self);
void net_fhir_client_note_time (NetFhirClient *self, const char *date);

G_END_DECLS
