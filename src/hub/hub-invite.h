/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-people.h"
#include "hub-join.h"

G_BEGIN_DECLS

/* An invitation of one guest or one interpreter to one visit. It has a link of its own, which gives
 * none of the patient's rights. */
typedef struct
{
  char *encounter, *patient;
  CareVisitRole role;
  char *link;    /* SHA-256 of the link's token, hex; NULL: no link is good any more */
  char *session; /* SHA-256 of the session's cookie; a second opening replaces it */
  char *name, *number, *language, *relation; /* what they said of themselves */
  char *by;                                  /* "clinic" or "patient": who invited them */
  char *let_in;       /* the session that the clinician let in; NULL: none, or put aside since */
  gint64 expires;     /* microseconds since 1970 */
  FhirResource *task; /* where all of this is kept */
} HubInvite;

void hub_invite_free (HubInvite *self);
gboolean hub_invite_is_task (FhirResource *task);
char *hub_invite_create (HubRecords *records,
                         const char *encounter,
                         CareVisitRole role,
                         const char *by,
                         gint64 *expires,
                         GError **error);
gboolean hub_invite_revoke (HubRecords *records,
                            const char *encounter,
                            CareVisitRole role,
                            const char *session,
                            const char *who,
                            GError **error);
gboolean hub_invite_set_let_in (HubRecords *records,
                                const char *encounter,
                                CareVisitRole role,
                                const char *session,
                                gboolean let_in,
                                GError **error);
gboolean hub_invite_is_of (HubRecords *records,
                           const char *encounter,
                           CareVisitRole role,
                           const char *session,
                           gboolean *is_of,
                           GError **error);
HubInvite *hub_invite_load (HubRecords *records, const char *token, GError **error);
char *hub_invite_add_session (HubInvite *self);
gboolean hub_invite_save (HubRecords *records, HubInvite *self, const char *detail, GError **error);
char *hub_invite_dup_url (HubServer *server, const char *token);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubInvite, hub_invite_free)

G_END_DECLS
