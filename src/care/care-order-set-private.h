/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-order-set.h"
#include "fhir-builder.h"
#include "fhir-concept.h"

G_BEGIN_DECLS

/* Source: https://hl7.org/fhir/r4/codesystem-plan-definition-type.html */
#define CARE_ORDER_SET_TYPES "http://terminology.hl7.org/CodeSystem/plan-definition-type"
#define CARE_ORDER_SET_TYPE  "order-set"

CareOrderSetItem *care_order_set_read_item (FhirResource *plan, const FhirElement *action);
gboolean care_order_set_write_item (FhirBuilder *builder,
                                    guint index,
                                    CarePrescriptionDraft *draft,
                                    GError **error);

G_END_DECLS
