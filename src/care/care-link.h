/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-channel.h"

G_BEGIN_DECLS

/* The link to one visit on its way to the patient: how it may go, and what went. */

/* One message. */
typedef struct
{
  CareChannel channel;
  char *address;
  char *status; /* of the Communication */
  char *reason; /* why it waits or was not sent, as the hub says; NULL */
  char *sent;   /* FHIR dateTime; NULL */
} CareLinkMessage;

/* One way. */
typedef struct
{
  char *address; /* as recorded; NULL: none */
  gboolean valid;
  CareConsent *consent;
} CareLinkWay;

typedef struct
{
  char *name; /* of the patient */
  CareLinkWay ways[CARE_N_CHANNELS];
  GPtrArray *messages; /* CareLinkMessage, newest first */
} CareLink;

void care_link_free (CareLink *self);
CareLink *care_link_read (StoreConnection *connection,
                          const char *patient_id,
                          const char *appointment_id,
                          BaseClock *clock,
                          GError **error);
void care_link_read_async (CareContext *context,
                           const char *patient_id,
                           const char *appointment_id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
CareLink *care_link_read_finish (GAsyncResult *result, GError **error);
char *care_link_load_words (StoreConnection *connection,
                            const char *patient_id,
                            const char *appointment_id,
                            const char **level);
char *care_link_describe_message (const CareLinkMessage *message, GTimeZone *zone);
char *care_link_describe_way (CareChannel channel, const CareLinkWay *way, GTimeZone *zone);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareLink, care_link_free)

G_END_DECLS
