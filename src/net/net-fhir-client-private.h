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
};

GUri *net_fhir_client_resolve (NetFhirClient *self, const char *path, GError **error);

/* Steps 1, 2 and 4 of a request; step 3, sending, is the client's. */
SoupMessage *
net_fhir_client_create_message (NetFhirClient *self, const NetRequest *request, GUri *uri);
void net_fhir_client_sign_message (SoupMessage *message, const char *token);
NetAnswer *net_fhir_client_interpret (SoupMessage *message, GBytes *body, GError **error);

G_END_DECLS
