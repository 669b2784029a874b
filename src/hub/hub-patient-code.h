/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-patient-api.h"
#include "hub-records.h"

G_BEGIN_DECLS

gboolean
hub_patient_code (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);

G_END_DECLS
