/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-prescription-draft.h"
#include "care-context.h"

G_BEGIN_DECLS

/* Prescriptions that belong together, under a name, kept by the clinic for everybody who
 * prescribes: a PlanDefinition of the type order-set, with an ActivityDefinition for each. */

/* One of them. */
typedef struct
{
  char *code; /* (nullable): of RxNorm; none where it is nothing that can be prescribed here */
  char *name; /* as it was saved */
  GPtrArray *steps; /* (nullable) ClinicalDosage; none where it must be written anew */
  char *problem;    /* (nullable): why it is not whole, in a sentence */
  char *text;       /* (nullable): the dosage as it is read */
  char *quantity, *quantity_unit, *reason, *substitution_reason;
  int repeats;
  gboolean no_substitution;
} CareOrderSetItem;

typedef struct
{
  char *id, *title;
  char *author;     /* (nullable): who saved it last */
  GPtrArray *items; /* CareOrderSetItem */
} CareOrderSet;

#define CARE_ORDER_SET_MAX_TITLE 80

void care_order_set_item_free (CareOrderSetItem *self);
void care_order_set_free (CareOrderSet *self);
gboolean care_order_set_matches (const CareOrderSet *self, const char *typed);
gboolean
care_order_set_fill (const CareOrderSetItem *item, CarePrescriptionDraft *draft, GError **error);
gboolean care_order_set_may_save (CareContext *context, GPtrArray *drafts, GError **error);

/* (element-type CareOrderSet), by title */
GPtrArray *care_order_set_list (StoreConnection *connection, GError **error);
gboolean care_order_set_save (StoreConnection *connection,
                              CareContext *context,
                              const char *title,
                              GPtrArray *drafts,
                              GError **error);
gboolean care_order_set_retire (StoreConnection *connection,
                                CareContext *context,
                                const char *id,
                                GError **error);
void
care_order_set_list_async (CareContext *context, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *care_order_set_list_finish (GAsyncResult *result, GError **error);
void care_order_set_save_async (CareContext *context,
                                const char *title,
                                GPtrArray *drafts,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void care_order_set_retire_async (CareContext *context,
                                  const char *id,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean care_order_set_command_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareOrderSet, care_order_set_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareOrderSetItem, care_order_set_item_free)

G_END_DECLS
