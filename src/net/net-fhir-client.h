/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "net-session.h"
#include "net-upload-stream.h"

G_BEGIN_DECLS

/* One request below the base URL. Everything but method and path may be NULL. */
typedef struct
{
  const char *method;
  const char *
      path; /* "Patient/1", "Task?status=requested", "" for the base, or a URL of the same server */
  const char *form; /* a query that is sent as a form, so that it stands in no log */
  FhirResource *body;
  const char *if_match;      /* a versionId */
  const char *if_none_exist; /* a query: identifier=system|value */
} NetRequest;

typedef struct
{
  guint status;
  char *version;          /* from ETag, or the body's meta */
  char *location;         /* "Patient/1" */
  char *updated;          /* the body's meta.lastUpdated */
  FhirResource *resource; /* NULL where the server sent no body */
} NetAnswer;

void net_answer_free (NetAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NetAnswer, net_answer_free)

#define NET_TYPE_FHIR_CLIENT (net_fhir_client_get_type ())
G_DECLARE_FINAL_TYPE (NetFhirClient, net_fhir_client, NET, FHIR_CLIENT, GObject)

NetFhirClient *net_fhir_client_new (const char *base_url, NetSession *session, GError **error);
NetFhirClient *net_fhir_client_new_paced (NetFhirClient *other, NetPace pace, gpointer data);
const char *net_fhir_client_get_base_url (NetFhirClient *self);
NetSession *net_fhir_client_get_session (NetFhirClient *self);
void net_fhir_client_set_store (NetFhirClient *self, const char *store);
gint64 net_fhir_client_get_server_time (NetFhirClient *self);
gboolean net_fhir_client_has_other_store (NetFhirClient *self);
void net_fhir_client_set_timeout (NetFhirClient *self, guint seconds);

/* for the main thread */
void net_fhir_client_send_async (NetFhirClient *self,
                                 const NetRequest *request,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
NetAnswer *net_fhir_client_send_finish (NetFhirClient *self, GAsyncResult *result, GError **error);

/* for worker threads: these block */
NetAnswer *net_fhir_client_send (NetFhirClient *self,
                                 const NetRequest *request,
                                 GCancellable *cancellable,
                                 GError **error);
FhirResource *net_fhir_client_read (NetFhirClient *self,
                                    const char *type,
                                    const char *id,
                                    GCancellable *cancellable,
                                    GError **error);
FhirResource *net_fhir_client_search (NetFhirClient *self,
                                      const char *type,
                                      const char *query,
                                      gboolean identifying,
                                      GCancellable *cancellable,
                                      GError **error);
FhirResource *net_fhir_client_page (NetFhirClient *self,
                                    const char *link,
                                    GCancellable *cancellable,
                                    GError **error);
NetAnswer *net_fhir_client_create (NetFhirClient *self,
                                   FhirResource *resource,
                                   const char *if_none_exist,
                                   GCancellable *cancellable,
                                   GError **error);
NetAnswer *net_fhir_client_update (NetFhirClient *self,
                                   FhirResource *resource,
                                   const char *if_match,
                                   GCancellable *cancellable,
                                   GError **error);
NetAnswer *net_fhir_client_delete (NetFhirClient *self,
                                   const char *type,
                                   const char *id,
                                   const char *if_match,
                                   GCancellable *cancellable,
                                   GError **error);
FhirResource *net_fhir_client_transaction (NetFhirClient *self,
                                           FhirResource *bundle,
                                           GCancellable *cancellable,
                                           GError **error);
FhirResource *
net_fhir_client_metadata (NetFhirClient *self, GCancellable *cancellable, GError **error);

/* the bytes of an attachment, from the same server only; @progress runs on the main thread with 0
 * to 1, or with less than 0 where the server does not say how much there is */
typedef void (*NetProgress) (double part, gpointer data);
void net_fhir_client_download_async (NetFhirClient *self,
                                     const char *url,
                                     NetProgress progress,
                                     gpointer data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
GBytes *net_fhir_client_download_finish (NetFhirClient *self, GAsyncResult *result, GError **error);

const char *net_fhir_bundle_get_next (FhirResource *bundle);

G_END_DECLS
