/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-prescription-draft.h"
#include "care-row.h"
#include "clinical-check.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* A signed item rests this long before it may leave, and may be undone. */
#define CARE_UNDO_US (10 * G_USEC_PER_SEC)
/* Signed but unacknowledged for so long reads NOT SENT: TELL THE PATIENT. */
#define CARE_NOT_SENT_US (60 * G_USEC_PER_SEC)

/* Where a signed prescription is. */
typedef enum
{
  CARE_DELIVERY_RESTING,  /* Undo is still offered */
  CARE_DELIVERY_WAITING,  /* to be sent */
  CARE_DELIVERY_NOT_SENT, /* NOT SENT: TELL THE PATIENT */
  CARE_DELIVERY_UNKNOWN,  /* sent, the answer was lost: reconciling */
  CARE_DELIVERY_HELD,     /* needs the prescriber again */
  CARE_DELIVERY_REFUSED,  /* by the server, or by the pharmacy that the patient chose */
  CARE_DELIVERY_SENT,
  CARE_DELIVERY_CHOSEN, /* the patient chose a pharmacy */
  CARE_DELIVERY_CANCELLED,
  /* what a pharmacy has, as care-supply.c computes it */
  CARE_DELIVERY_ACKNOWLEDGED, /* the pharmacy took it */
  CARE_DELIVERY_ON_HOLD,      /* the pharmacy waits, and says for what */
  CARE_DELIVERY_READY,        /* to be collected, or on its way */
  CARE_DELIVERY_PARTLY,       /* a part was handed out */
  CARE_DELIVERY_DISPENSED,
  CARE_DELIVERY_NOT_COLLECTED, /* nobody came for it: the clinic has a task */
  CARE_DELIVERY_COMPLETED,     /* nothing is left to hand out */
  CARE_DELIVERY_CANCEL_ASKED,  /* the pharmacy was asked to stop, and has not answered */
  CARE_DELIVERY_CANCEL_FAILED, /* cancelled here, and the patient has it or will get it */
  CARE_DELIVERY_DECLINED,      /* a prescriber said no to the pharmacy, which has not gone on */
} CareDeliveryState;

typedef struct
{
  CareDeliveryState state;
  char *text;   /* what the chart says */
  char *reason; /* of a refusal or a hold, or NULL */
  gint64 signed_us;
} CareDelivery;

void care_delivery_free (CareDelivery *self);

/* Drafts on disk. */
gboolean care_prescription_save (StoreConnection *connection,
                                 CareContext *context,
                                 CarePrescriptionDraft *draft,
                                 GError **error);
CarePrescriptionDraft *
care_prescription_load (StoreConnection *connection, const char *draft_id, GError **error);
gboolean care_prescription_discard (StoreConnection *connection,
                                    CareContext *context,
                                    const char *draft_id,
                                    GError **error);
void care_prescription_save_async (CareContext *context,
                                   CarePrescriptionDraft *draft,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void care_prescription_discard_async (CareContext *context,
                                      const char *draft_id,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
void care_prescription_load_draft_async (CareContext *context,
                                         const char *draft_id,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
CarePrescriptionDraft *care_prescription_load_draft_finish (GAsyncResult *result, GError **error);

/* Checks: an array of ClinicalFinding, each with its scope. */
GPtrArray *care_prescription_check (StoreConnection *connection,
                                    CarePrescriptionDraft *draft,
                                    ClinicalContent *content,
                                    GError **error);
GPtrArray *care_prescription_check_beside (StoreConnection *connection,
                                           CarePrescriptionDraft *draft,
                                           GPtrArray *beside,
                                           ClinicalContent *content,
                                           GError **error);
/* of care_prescription_check_group_async () */
GPtrArray *care_prescription_check_finish (GAsyncResult *result, GError **error);

/* Signing. @code is that of the second factor, NULL where none was shown. @reasons maps
 * clinical_finding_dup_key () to the prescriber's reason (char * to char *), and may be NULL.
 * Checks run again inside the transaction. */
gboolean care_prescription_sign (StoreConnection *connection,
                                 CareContext *context,
                                 CarePrescriptionDraft *draft,
                                 ClinicalContent *content,
                                 GHashTable *reasons,
                                 char **request_id,
                                 GError **error);
void care_prescription_sign_async (CareContext *context,
                                   CarePrescriptionDraft *draft,
                                   ClinicalContent *content,
                                   GHashTable *reasons,
                                   const char *code,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
char *care_prescription_sign_finish (GAsyncResult *result, GError **error);
char *care_prescription_dup_digest (FhirResource *request);

/* The outbox. */
gboolean care_prescription_undo (StoreConnection *connection,
                                 CareContext *context,
                                 const char *request_id,
                                 GError **error);
gboolean care_prescription_cancel (StoreConnection *connection,
                                   CareContext *context,
                                   const char *request_id,
                                   const char *reason,
                                   GError **error);
gboolean care_prescription_release_due (StoreConnection *connection,
                                        CareContext *context,
                                        gint64 *next_due_us,
                                        GError **error);
gboolean care_prescription_raise_unsent (StoreConnection *connection,
                                         CareContext *context,
                                         guint *raised,
                                         GError **error);
CareDelivery *care_prescription_get_delivery (StoreConnection *connection,
                                              const char *request_id,
                                              BaseClock *clock,
                                              GError **error);
GListStore *
care_prescription_list_unsent (StoreConnection *connection, BaseClock *clock, GError **error);
void care_prescription_undo_async (CareContext *context,
                                   const char *request_id,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void care_prescription_cancel_async (CareContext *context,
                                     const char *request_id,
                                     const char *reason,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void care_prescription_release_due_async (CareContext *context,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
void care_prescription_list_unsent_async (CareContext *context,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
GListStore *care_prescription_list_unsent_finish (GAsyncResult *result, GError **error);
gboolean care_prescription_command_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareDelivery, care_delivery_free)

G_END_DECLS
