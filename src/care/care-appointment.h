/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* A visit to be booked, or to be moved. */
typedef struct
{
  const char *appointment; /* nullable: the id of the one to be moved */
  const char *patient_id;
  const char *practitioner; /* "Practitioner/x" */
  const char *reason;       /* nullable: why the patient comes */
  gint64 start;             /* µs since 1970 */
  int minutes;
  gboolean over_another; /* all the same, where somebody is busy then */
} CareBooking;

/* Who took a visit back. */
typedef enum
{
  CARE_CANCEL_BY_PATIENT,
  CARE_CANCEL_BY_CLINIC,
  CARE_CANCEL_OTHER,
} CareCancelBy;

#define CARE_BOOKING_MIN_MINUTES 5
#define CARE_BOOKING_MAX_MINUTES 240

char *care_appointment_write (StoreConnection *connection,
                              CareContext *context,
                              const CareBooking *booking,
                              GError **error);
gboolean care_appointment_cancel (StoreConnection *connection,
                                  CareContext *context,
                                  const char *appointment_id,
                                  CareCancelBy by,
                                  const char *reason,
                                  GError **error);
gboolean care_appointment_no_show (StoreConnection *connection,
                                   CareContext *context,
                                   const char *appointment_id,
                                   GError **error);
char *care_appointment_dup_conflict (StoreConnection *connection,
                                     const CareBooking *booking,
                                     GTimeZone *zone,
                                     GError **error);
char *care_appointment_dup_conflict_among (StoreConnection *connection,
                                           const CareBooking *booking,
                                           GPtrArray *others,
                                           GTimeZone *zone);
gboolean care_appointment_undo (StoreConnection *connection,
                                CareContext *context,
                                const char *appointment_id,
                                GError **error);

/* From the main thread. write answers the appointment's id, conflict a sentence or NULL. */
void care_appointment_write_async (CareContext *context,
                                   const CareBooking *booking,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void care_appointment_cancel_async (CareContext *context,
                                    const char *appointment_id,
                                    CareCancelBy by,
                                    const char *reason,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
void care_appointment_no_show_async (CareContext *context,
                                     const char *appointment_id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void care_appointment_undo_async (CareContext *context,
                                  const char *appointment_id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void care_appointment_conflict_async (CareContext *context,
                                      const CareBooking *booking,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
void care_appointment_conflict_among_async (CareContext *context,
                                            const CareBooking *booking,
                                            GPtrArray *others,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
char *care_appointment_dup_actor_query (const CareBooking *booking, const char *actor);
char *care_appointment_text_finish (GAsyncResult *result, GError **error);
gboolean care_appointment_command_finish (GAsyncResult *result, GError **error);

G_END_DECLS
