/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

/* The tables of data/content as the checks read them, indexed by ingredient. Whoever fills it adds
 * rows first and shares it afterwards: from then on it does not change, and any thread may read. */
typedef struct _ClinicalRules ClinicalRules;

ClinicalRules *clinical_rules_new (void);
ClinicalRules *clinical_rules_ref (ClinicalRules *self);
void clinical_rules_unref (ClinicalRules *self);

gboolean clinical_rules_add (ClinicalRules *self,
                             const char *table,
                             const char *const *columns,
                             const char *const *values,
                             GError **error);
gboolean
clinical_rules_add_tsv (ClinicalRules *self, const char *table, const char *tsv, GError **error);
void clinical_rules_set_head (ClinicalRules *self,
                              const char *table,
                              const char *key,
                              const char *value);
const char *clinical_rules_get_head (ClinicalRules *self, const char *table, const char *key);
guint clinical_rules_get_size (ClinicalRules *self, const char *table);
gboolean clinical_rules_check (ClinicalRules *self, GError **error);
char *clinical_rules_dup_expired (ClinicalRules *self, const char *today);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalRules, clinical_rules_unref)

G_END_DECLS
