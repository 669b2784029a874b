/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-entry.h"
#include "hub-server.h"

G_BEGIN_DECLS

/* Bytes of a body, as it is sent and when it is unpacked. */
#define HUB_REQUEST_BODY_LIMIT (56u * 1024 * 1024)

/* One FHIR request on its way: read on the main loop, worked on a thread of the store, answered on
 * the main loop again. For the files hub-fhir*.c. */
typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  HubUser *user;
  char *type, *id, *version; /* from the path */
  char *query;               /* what a search asks, or which one a conditional write means */
  gboolean lenient, minimal;
  HubEntry *entry;    /* the one thing to do */
  GPtrArray *entries; /* HubEntry*, of a bundle */
  gboolean is_batch;
  GBytes *body;

  FhirResource *answer;
  char *text;
  const char *what; /* what was read, where that was no single resource */
  guint shown;      /* matches that a search showed, or versions */
  char *patient;    /* whose record was read, where it is one person's */
} HubRequest;

void hub_request_free (HubRequest *self);
void hub_request_finish (HubRequest *self, const GError *error);

/* hub-fhir-read.c */
void hub_request_read (HubRequest *self);
void hub_request_search (HubRequest *self);
void hub_request_history (HubRequest *self);
void hub_request_everything (HubRequest *self);
void hub_request_note_read (HubRequest *self, const char *patient);
/* hub-fhir-validate.c */
gboolean hub_request_validate (HubRequest *self, const char *query);
/* hub-fhir-write.c */
void hub_request_write (HubRequest *self);
ClinicalContent *hub_request_get_content (HubRequest *self);
/* hub-fhir-bundle.c */
void hub_request_bundle (HubRequest *self);
/* hub-fhir-metadata.c */
char *hub_request_capability (HubServer *server);
/* hub-fhir-route.c */
gboolean hub_request_route (HubRequest *self, GStrv parts, const char *method, const char *query);
/* hub-fhir-body.c */
gboolean hub_request_accepts_json (HubRequest *self, GHashTable *query);
void hub_request_read_preferences (HubRequest *self);
gboolean hub_request_prefers (HubRequest *self, const char *word);
gboolean hub_request_take_body (HubRequest *self, GError **error);
gboolean hub_request_read_body (HubRequest *self, GError **error);
gboolean hub_request_read_entry (HubRequest *self, HubVerb verb, GError **error);
/* hub-fhir-binary.c */
gboolean hub_request_read_binary (HubRequest *self, FhirResource **resource, GError **error);
void hub_request_answer_binary (HubRequest *self, FhirResource *binary);
/* hub-fhir.c */
gboolean hub_request_answer_unchanged (HubRequest *self, FhirResource *resource);
void hub_request_set_header (HubRequest *self, const char *name, const char *value);
gboolean hub_request_refuse (HubRequest *self, guint status, const char *sentence);
gboolean hub_request_refuse_method (HubRequest *self, const char *allowed);
void hub_request_answer_stored (HubRequest *self, guint status, FhirResource *resource);
void hub_request_answer_written (HubRequest *self, HubEntry *entry);
void hub_request_answer_text (HubRequest *self, guint status, char *text);

G_END_DECLS
