/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-prescription.h"

G_BEGIN_DECLS

/* What passes between clinic and pharmacy about a prescription, as Tasks of CARE_SYSTEM_TASK whose
 * focus is the MedicationRequest. */
#define CARE_SUPPLY_DISPENSE "dispense"          /* the patient sent it to a pharmacy */
#define CARE_SUPPLY_CANCEL   "cancel-supply"     /* the clinic asks the pharmacy to stop */
#define CARE_SUPPLY_UNTAKEN  "never-collected"   /* nobody came for it: the clinic's to do */
#define CARE_SUPPLY_CALL     "call-patient"      /* it could not be stopped: the clinic's to do */
#define CARE_SUPPLY_QUESTION "pharmacy-question" /* a pharmacy waits, or turned it away */
#define CARE_SUPPLY_RENEWAL  "renewal"           /* a patient or a pharmacy asks for more of it */
#define CARE_SUPPLY_CHANGE   "change-request"    /* a pharmacy waits for a prescriber's word */
#define CARE_SUPPLY_COLLECT  "collect"           /* a token that is good for it, once */
/* businessStatus of that: how the patient has the token */
#define CARE_SUPPLY_PRINTED "printed"
#define CARE_SUPPLY_SHOWN   "shown"
/* businessStatus of a cancellation: no pharmacy had begun with it */
#define CARE_SUPPLY_NOT_TAKEN "not-taken"
/* businessStatus of what a pharmacy asks by its order, and of the Task that asks a prescriber */
#define CARE_SUPPLY_KIND_DOSE       "dose-question"
#define CARE_SUPPLY_KIND_SUBSTITUTE "substitution"
#define CARE_SUPPLY_KIND_STOCK      "out-of-stock"
#define CARE_SUPPLY_KIND_RENEWAL    "renewal-asked"
/* businessStatus of the answer, on both */
#define CARE_SUPPLY_APPROVED "approved"
#define CARE_SUPPLY_DECLINED "declined"

/* What a Task says of its work. */
typedef enum
{
  CARE_SUPPLY_STEP_NONE,    /* there is no such Task */
  CARE_SUPPLY_STEP_ASKED,   /* requested, and not taken */
  CARE_SUPPLY_STEP_TAKEN,   /* accepted, in progress */
  CARE_SUPPLY_STEP_WAITS,   /* on hold: the pharmacy waits for something */
  CARE_SUPPLY_STEP_READY,   /* to be collected, or on its way */
  CARE_SUPPLY_STEP_DONE,    /* completed */
  CARE_SUPPLY_STEP_REFUSED, /* rejected, failed */
  CARE_SUPPLY_STEP_GONE,    /* cancelled, entered in error */
} CareSupplyStep;

/* All that the state of what was sent depends on. */
typedef struct
{
  gboolean ended;     /* the order is cancelled or stopped */
  gboolean completed; /* the order says itself that it is over */
  CareSupplyStep dispense, cancel;
  gboolean not_collected; /* the clinic was told that nobody came for it */
  guint handed_out;       /* how often all that was ordered was handed out */
  guint allowed;          /* how often it may be; 0: not recorded */
  gboolean partly;        /* and beyond that a part of it */
  double part;            /* of one supply: that part, between 0 and 1 */
  gboolean late;          /* handed out after the clinic had asked to stop it */
  gboolean declined;      /* a prescriber said no to what the pharmacy waits for */
} CareSupplyFacts;

/* What there is about one prescription: the last Task of each kind, NULL where there is none. */
typedef struct
{
  FhirResource *dispense, *cancel, *untaken;
  gboolean printed;     /* the patient has it on paper */
  GPtrArray *dispenses; /* FhirResource: MedicationDispense */
} CareSupply;

CareSupply *care_supply_load (StoreConnection *connection, const char *request_id, GError **error);
void care_supply_free (CareSupply *self);
void care_supply_count (FhirResource *request, GPtrArray *dispenses, CareSupplyFacts *facts);
void care_supply_read (const CareSupply *self, FhirResource *request, CareSupplyFacts *facts);
CareSupplyStep care_supply_step_of (FhirResource *task);
CareDeliveryState care_supply_state (const CareSupplyFacts *facts);
gboolean care_supply_is_open (const CareSupply *self);
gboolean care_supply_is_printed (StoreConnection *connection, const char *request_id);
gboolean care_supply_is_of (FhirResource *request, FhirResource *task);
gboolean care_supply_is_task (FhirResource *task);

/* In words, and short names that lists know. */
void care_supply_say (StoreConnection *connection, FhirResource *request, CareDelivery *delivery);
const char *care_delivery_state_get_nick (CareDeliveryState state);
gboolean care_delivery_state_is_loud (CareDeliveryState state);
char *
care_supply_dup_cancel_words (StoreConnection *connection, const char *request_id, GError **error);
char *care_supply_dup_stop_words (StoreConnection *connection,
                                  const char *request_id,
                                  gboolean *is_open,
                                  GError **error);
void care_supply_dup_cancel_words_async (CareContext *context,
                                         const char *request_id,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
char *care_supply_dup_cancel_words_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareSupply, care_supply_free)

G_END_DECLS
