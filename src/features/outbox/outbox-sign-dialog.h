/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-prescription-renewal.h"

#include "outbox-item.h"

G_BEGIN_DECLS

#define OUTBOX_TYPE_SIGN_DIALOG (outbox_sign_dialog_get_type ())
G_DECLARE_FINAL_TYPE (OutboxSignDialog, outbox_sign_dialog, OUTBOX, SIGN_DIALOG, AdwAlertDialog)

/* What is read before it is signed. Strings that are absent are NULL. */
typedef struct
{
  CareContext *context;       /* who signs */
  const CareRenewal *renewal; /* NULL where the checks could not be run: nothing can be signed */
  const char *problem;        /* why not */
  const char *as_of;          /* how old the chart is, where it is not fresh */
  const char *like;           /* whose window is open under a like name (H33) */
  const char *birth_date;     /* of this patient */
} OutboxSignFacts;

/* responses "cancel", "chart" and "sign" */
AdwDialog *outbox_sign_dialog_new (OutboxItem *item, const OutboxSignFacts *facts);
GHashTable *outbox_sign_dialog_dup_reasons (OutboxSignDialog *self);
char *outbox_sign_dialog_dup_code (OutboxSignDialog *self);

G_END_DECLS
