/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"
#include "clinical-finding.h"
#include "clinical-patient.h"

G_BEGIN_DECLS

GPtrArray *clinical_check_orders (ClinicalContent *content,
                                  const ClinicalPatient *patient,
                                  GPtrArray *orders,
                                  const char *today);

G_END_DECLS
