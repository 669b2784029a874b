/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"
#include "store-connection.h"

G_BEGIN_DECLS

char *care_prescription_recheck (StoreConnection *connection,
                                 GPtrArray *resources,
                                 ClinicalContent *content,
                                 GError **error);

G_END_DECLS
