/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-entry.h"
#include "hub-server.h"

G_BEGIN_DECLS

/* One FHIR request on its way: read on the main loop, worked on a thread of the store, answered on
 * the main loop again. For the files hub-fhir*.c. */
typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  HubUser *user;
  char *type, *id, *version; /* from the path */
  char *query;               /* what a search asks */
  gboolean lenient, minimal;
  gboolean wants_history;
  HubEntry *entry;    /* the one thing to do */
  GPtrArray *entries; /* HubEntry*, of a bundle */
  gboolean is_batch;
  GBytes *body;

  FhirResource *answer;
  char *text;
  guint shown; /* matches that a search showed */
} HubRequest;

void hub_request_free (HubRequest *self);
void hub_request_finish (HubRequest *self, const GError *error);

/* hub-fhir-read.c */
void hub_request_read (HubRequest *self);
void hub_request_search (HubRequest *self);
void hub_request_history (HubRequest *self);
/* hub-fhir-write.c */
void hub_request_write (HubRequest *self);
/* hub-fhir-bundle.c */
void hub_request_bundle (HubRequest *self);
/* hub-fhir-metadata.c */
char *hub_request_capability (HubServer *server);
/* hub-fhir.c */
void hub_request_answer_stored (HubRequest *self, guint status, FhirResource *resource);
void hub_request_answer_text (HubRequest *self, guint status, char *text);

G_END_DECLS
