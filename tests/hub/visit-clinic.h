/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "hub-join.h"
#include "hub-signal.h"

/* A hub in this process with one booked visit, and clients of it. Everything really goes over HTTP
 * and WebSockets on the loopback device. */

#define VISIT_SECRETS "Quillfeather", "Marigold", "1961", "ringing in the left ear", "Bramblewood"

typedef struct
{
  BaseClock *clock;
  StoreDatabase *store;
  HubAccess *access;
  HubServer *server;
  SoupSession *session;
  char *folder;
  char *url;                                   /* the join link */
  char *cookie;                                /* "name=value", once the hub has given one */
  const char *forwarded;                       /* (nullable): as a proxy before the hub writes it */
  char *doctor, *nurse, *reception, *pharmacy; /* bearer tokens */
  GString *said;                               /* every answer, headers and body */
} VisitClinic;

typedef struct
{
  SoupWebsocketConnection *connection;
  GQueue received; /* char* */
  gboolean closed;
  gushort code;
  GError *error;
} VisitSocket;

VisitClinic *visit_clinic_new (void);
void visit_clinic_free (VisitClinic *self);
char *visit_clinic_ask (VisitClinic *self,
                        const char *method,
                        const char *url,
                        const char *token,
                        const char *body,
                        guint *status);
char *visit_clinic_page (
    VisitClinic *self, const char *method, const char *action, const char *body, guint *status);
void visit_clinic_put (VisitClinic *self, const char *json);
GPtrArray *visit_clinic_find (VisitClinic *self, const char *type, const char *query);
FhirResource *visit_clinic_get (VisitClinic *self, const char *type, const char *id);
void visit_clinic_verify (VisitClinic *self);
char *visit_clinic_wait (VisitClinic *self);
void visit_clinic_restart (VisitClinic *self);
/* Runs the hub until @done, 30 s at most. */
gboolean visit_clinic_spin (gboolean (*done) (gpointer data), gpointer data);
/* (nullable): of hub-signal-room-private.h */
struct _HubSignalRoom *visit_clinic_find_room (VisitClinic *self, const char *encounter);

VisitSocket *
visit_socket_open (VisitClinic *clinic, const char *path, const char *cookie, const char *token);
void visit_socket_send (VisitSocket *self, const char *text);
char *visit_socket_expect (VisitSocket *self, const char *type);
void visit_socket_expect_closed (VisitSocket *self, gushort code);
void visit_socket_settle (VisitSocket *self);
gboolean visit_socket_has (VisitSocket *self, const char *type);
void visit_socket_free (VisitSocket *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisitClinic, visit_clinic_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisitSocket, visit_socket_free)
