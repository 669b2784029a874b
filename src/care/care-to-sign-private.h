/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-to-sign.h"

G_BEGIN_DECLS

gboolean care_to_sign_is_mine (FhirResource *task, CareContext *context);
GPtrArray *care_to_sign_read_items (StoreConnection *connection,
                                    CareContext *context,
                                    ClinicalContent *content,
                                    GError **error);
GPtrArray *
care_to_sign_drafts_beside (GPtrArray *items, const CareToSign *item, const char *const *tasks);
void care_to_sign_check_item (StoreConnection *connection,
                              CareToSign *self,
                              GPtrArray *items,
                              ClinicalContent *content);

G_END_DECLS
