/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-channel.h"
#include "care-context.h"

G_BEGIN_DECLS

/* A person to be registered. What is not known is NULL. */
typedef struct
{
  const char *family, *given;
  const char *birth_date; /* YYYY-MM-DD */
  const char *sex;        /* administrative: "female", "male", "other", "unknown" */
  const char *identifier;
  const char *phone;
  const char *address; /* in one line */
  const char *email;
  gboolean agrees[CARE_N_CHANNELS]; /* to messages about visits; FALSE: nobody has asked */
} CareRegistration;

gboolean care_names_sound_alike (const char *one, const char *other);
GListStore *care_registration_list_similar (StoreConnection *connection,
                                            const CareRegistration *registration,
                                            GError **error);
char *care_registration_write (StoreConnection *connection,
                               CareContext *context,
                               const CareRegistration *registration,
                               const char *const *answered,
                               GError **error);

/* From the main thread. Similar answers a GListStore of CareRow, write the patient's id. */
void care_registration_list_similar_async (CareContext *context,
                                           const CareRegistration *registration,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
GListStore *care_registration_list_similar_finish (GAsyncResult *result, GError **error);
void care_registration_write_async (CareContext *context,
                                    const CareRegistration *registration,
                                    const char *const *answered,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
char *care_registration_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
