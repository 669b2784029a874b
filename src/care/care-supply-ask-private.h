/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-supply-ask.h"

G_BEGIN_DECLS

gboolean care_supply_ask_is_renewed (StoreConnection *connection, FhirResource *request);
FhirResource *care_supply_ask_renewed (CareContext *context,
                                       FhirResource *request,
                                       const char *id,
                                       GPtrArray *issues);
GPtrArray *care_supply_ask_check (StoreConnection *connection,
                                  FhirResource *request,
                                  ClinicalContent *content,
                                  GError **error);

G_END_DECLS
