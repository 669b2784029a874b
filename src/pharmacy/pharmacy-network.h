/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fhir-resource.h"

G_BEGIN_DECLS

/* One prescription as a pharmacy network gives it to a pharmacy. */
typedef struct
{
  FhirResource *task;    /* by which it was sent here, as it stands there */
  FhirResource *request; /* the prescription; NULL: it may not be read (any more) */
  FhirResource *cancel;  /* the clinic's question to stop it, while it is open; or NULL */
  char *patient;         /* name, for people; NULL: not known */
} PharmacyOrder;

void pharmacy_order_free (PharmacyOrder *self);

/* What a pharmacy says of an order. */
typedef enum
{
  PHARMACY_ACCEPT,
  PHARMACY_HOLD, /* waits, with a reason */
  PHARMACY_READY,
  PHARMACY_REJECT, /* with a reason */
  PHARMACY_STOP,   /* agrees to the clinic's question to stop */
  PHARMACY_NOT_STOP,
  /* waits for a prescriber, who approves or declines: is the dose meant, may another product be
   * handed out, can the patient wait */
  PHARMACY_ASK_DOSE,
  PHARMACY_ASK_SUBSTITUTE,
  PHARMACY_ASK_STOCK,
} PharmacyWord;

/* What a prescriber has said to it. */
typedef enum
{
  PHARMACY_UNANSWERED,
  PHARMACY_APPROVED,
  PHARMACY_DECLINED,
} PharmacyAnswer;

PharmacyAnswer pharmacy_order_get_answer (const PharmacyOrder *self);

/* What was handed out of an order. */
typedef struct
{
  double part;            /* of all that was ordered: 1 is all of it */
  gboolean ends;          /* nothing more follows */
  const char *substitute; /* what was handed out in its place; NULL: what was ordered */
  gboolean asks_renewal;  /* the prescriber is asked for a new prescription of the same */
} PharmacySupply;

/* A network through which prescriptions reach a pharmacy, and its answers the clinic. All of it
 * blocks, for a worker thread; each call may be made again when its answer was lost, and has then
 * been made once. */
#define BEDSIDE_TYPE_PHARMACY_NETWORK (bedside_pharmacy_network_get_type ())
G_DECLARE_INTERFACE (
    BedsidePharmacyNetwork, bedside_pharmacy_network, BEDSIDE, PHARMACY_NETWORK, GObject)

struct _BedsidePharmacyNetworkInterface
{
  GTypeInterface parent_interface;

  GPtrArray *(*list) (BedsidePharmacyNetwork *self, GCancellable *cancellable, GError **error);
  gboolean (*answer) (BedsidePharmacyNetwork *self,
                      const PharmacyOrder *order,
                      PharmacyWord word,
                      const char *reason,
                      GCancellable *cancellable,
                      GError **error);
  gboolean (*hand_out) (BedsidePharmacyNetwork *self,
                        const PharmacyOrder *order,
                        const PharmacySupply *supply,
                        GCancellable *cancellable,
                        GError **error);
  gboolean (*collect) (BedsidePharmacyNetwork *self,
                       const char *number,
                       const char *token,
                       GCancellable *cancellable,
                       GError **error);
};

GPtrArray *bedside_pharmacy_network_list (BedsidePharmacyNetwork *self,
                                          GCancellable *cancellable,
                                          GError **error);
gboolean bedside_pharmacy_network_answer (BedsidePharmacyNetwork *self,
                                          const PharmacyOrder *order,
                                          PharmacyWord word,
                                          const char *reason,
                                          GCancellable *cancellable,
                                          GError **error);
gboolean bedside_pharmacy_network_hand_out (BedsidePharmacyNetwork *self,
                                            const PharmacyOrder *order,
                                            const PharmacySupply *supply,
                                            GCancellable *cancellable,
                                            GError **error);

gboolean bedside_pharmacy_network_collect (BedsidePharmacyNetwork *self,
                                           const char *number,
                                           const char *token,
                                           GCancellable *cancellable,
                                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PharmacyOrder, pharmacy_order_free)

G_END_DECLS
