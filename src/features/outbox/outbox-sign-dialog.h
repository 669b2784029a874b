/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-prescription-renewal.h"

#include "outbox-item.h"

G_BEGIN_DECLS

#define OUTBOX_TYPE_SIGN_DIALOG (outbox_sign_dialog_get_type ())
G_DECLARE_FINAL_TYPE (OutboxSignDialog, outbox_sign_dialog, OUTBOX, SIGN_DIALOG, AdwAlertDialog)

/* responses "cancel", "chart" and "sign" */
AdwDialog *outbox_sign_dialog_new (OutboxItem *item,
                                   const CareRenewal *renewal,
                                   const char *problem,
                                   const char *as_of);
GHashTable *outbox_sign_dialog_dup_reasons (OutboxSignDialog *self);

G_END_DECLS
