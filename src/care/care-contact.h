/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-channel.h"
#include "care-context.h"

G_BEGIN_DECLS

/* How a person is reached, and who may speak for them: what reception keeps right. */

/* Who speaks for a patient. NULL where it is not known. */
typedef struct
{
  const char *name;
  const char *relationship; /* of v3-RoleCode: "PRN", "CHILD", "SPS", "SIB", "FRND", or NULL */
  const char *phone;
} CareProxy;

/* What is recorded now. */
typedef struct
{
  char *name, *phone, *address, *email;
  char *ways[CARE_N_CHANNELS]; /* the number and the address that messages go to; NULL: none */
  CareConsent *consents[CARE_N_CHANNELS];
  GListStore *proxies; /* CareRow: title the name, subtitle relationship and number, reference
                          "RelatedPerson/1", date since; severity "over" where it has ended */
} CareContact;

void care_contact_free (CareContact *self);
CareContact *care_contact_read (StoreConnection *connection,
                                const char *patient_id,
                                BaseClock *clock,
                                GError **error);
char *care_contact_dup_speakers (StoreConnection *connection,
                                 const char *patient_id,
                                 const char *today,
                                 GError **error);
const char *care_contact_relationship_name (const char *code);

gboolean care_contact_correct (StoreConnection *connection,
                               CareContext *context,
                               const char *patient_id,
                               const char *phone,
                               const char *address,
                               GError **error);
char *care_contact_add_proxy (StoreConnection *connection,
                              CareContext *context,
                              const char *patient_id,
                              const CareProxy *proxy,
                              GError **error);
gboolean care_contact_end_proxy (StoreConnection *connection,
                                 CareContext *context,
                                 const char *reference,
                                 GError **error);

/* From the main thread. */
void care_contact_read_async (CareContext *context,
                              const char *patient_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
CareContact *care_contact_read_finish (GAsyncResult *result, GError **error);
void care_contact_correct_async (CareContext *context,
                                 const char *patient_id,
                                 const char *phone,
                                 const char *address,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
void care_contact_add_proxy_async (CareContext *context,
                                   const char *patient_id,
                                   const CareProxy *proxy,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *care_contact_add_proxy_finish (GAsyncResult *result, GError **error);
void care_contact_end_proxy_async (CareContext *context,
                                   const char *reference,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean care_contact_command_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareContact, care_contact_free)

G_END_DECLS
