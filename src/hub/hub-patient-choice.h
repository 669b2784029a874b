/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-patient-api.h"

G_BEGIN_DECLS

gboolean hub_patient_write_choice (HubRecords *records,
                                   FhirResource *request,
                                   JsonBuilder *out,
                                   GError **error);
gboolean
hub_patient_find_preferred (HubRecords *records, HubJoin *join, char **out, GError **error);
gboolean
hub_patient_choose (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);

G_END_DECLS
