/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"

G_BEGIN_DECLS

/* Content for tests of the checks: the tables of a folder as they stand in the source, and nothing
 * of a store. Not for the program. */
ClinicalContent *clinical_tables_new (const char *folder, GError **error);
ClinicalContent *clinical_tables_new_shipped (void);
const char *clinical_tables_get_name (ClinicalContent *content, const char *rxcui);
void clinical_tables_set_rules (ClinicalContent *content, ClinicalRules *rules);

G_END_DECLS
