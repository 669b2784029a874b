/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

/* What a pharmacy asks a prescriber by its own order, and the answer on its way back. */
gboolean hub_supply_ask_is_one (FhirResource *dispense);
gboolean hub_supply_ask_raise (StoreConnection *connection,
                               FhirResource *request,
                               FhirResource *dispense,
                               GError **error);
gboolean hub_supply_ask_answer (StoreConnection *connection,
                                FhirResource *request,
                                FhirResource *task,
                                GError **error);

/* Who may say which of it. */
gboolean hub_supply_ask_is_answer (FhirResource *task);
gboolean hub_supply_ask_closes (FhirResource *before, FhirResource *task);
gboolean hub_supply_ask_stays (FhirResource *before, FhirResource *task, GError **error);

G_END_DECLS
