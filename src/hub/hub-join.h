/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "hub-server.h"

G_BEGIN_DECLS

/* How many wrong dates of birth close a link (hazard H7), and how many devices of a patient may
 * hold a session of one link at a time. */
#define HUB_JOIN_TRIES    5
#define HUB_JOIN_SESSIONS 4

typedef struct _HubRecords HubRecords;

/* A join link: the patient's only key to one appointment. The token itself is never stored. */
typedef struct
{
  char *hash; /* SHA-256 of the token, hex */
  char *appointment, *patient;
  char *encounter; /* NULL until the patient waits */
  gint64 expires;  /* microseconds since 1970 */
  guint wrong;
  gboolean closed;
  GPtrArray *sessions;       /* SHA-256 of session cookies, oldest first */
  char *location, *callback; /* as typed; NULL until then */
  char *camera, *microphone, *speaker, *network, *summary; /* NULL until tested */
  char *why;          /* of what does not work: "camera:denied network:slow" */
  char *measure;      /* of the network, "3.1 Mbit/s, 40 ms" */
  char *browser;      /* the patient's, "Safari, iPhone" */
  char *language;     /* that the patient reads, "ja"; NULL until the page said */
  char *consents;     /* what was answered last: "video:permit picture:deny" */
  FhirResource *task; /* where all of this is kept in another server; NULL until it is, or here */
} HubJoin;

/* Its texts, for what keeps a link. */
#define HUB_JOIN_TEXTS 15
extern const char *const hub_join_names[HUB_JOIN_TEXTS];
char **hub_join_text (HubJoin *join, gsize index);
HubJoin *hub_join_new (const char *hash);

/* What ended with the links of an appointment. */
typedef struct
{
  GPtrArray *sessions;   /* of char*: hashes of their sessions' cookies; NULL: none */
  GPtrArray *encounters; /* of char*: ids of the visits that they opened */
} HubJoinEnded;

void hub_join_ended_clear (HubJoinEnded *ended);

char *hub_join_create (HubServer *server, const char *appointment, gint64 *expires, GError **error);
char *
hub_join_create_in (HubRecords *records, const char *appointment, gint64 *expires, GError **error);
char *hub_join_dup_patient (FhirResource *appointment);
char *hub_join_dup_url (HubServer *server, const char *token);
char *
hub_join_create_medicines (HubServer *server, const char *patient, gint64 *expires, GError **error);
gboolean hub_join_is_for_medicines (HubJoin *join);
void hub_join_set_medicines_days (HubServer *server, int days);
char *hub_join_hash (const char *secret);
HubJoin *hub_join_load (HubRecords *records, const char *token, GError **error);
gboolean hub_join_save (HubRecords *records, HubJoin *join, GError **error);
gboolean hub_join_end_links (HubRecords *records,
                             const char *appointment,
                             HubJoinEnded *ended,
                             GError **error);
gboolean hub_join_end_medicines (HubRecords *records,
                                 const char *patient,
                                 HubJoinEnded *ended,
                                 GError **error);
gboolean hub_join_has_session (HubJoin *join, const char *session_hash);
char *hub_join_add_session (HubJoin *join);
void hub_join_free (HubJoin *join);
void hub_join_attach (HubServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubJoin, hub_join_free)

G_END_DECLS
