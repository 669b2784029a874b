/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

/* Look-alike names with their differing letters in capitals: a table of the clinical content. It is
 * made by whoever reads that, before anybody else knows of it. */
typedef struct _ClinicalTallman ClinicalTallman;

ClinicalTallman *clinical_tallman_new (const char *label, const char *date, const char *expires);
void clinical_tallman_free (ClinicalTallman *self);
gboolean clinical_tallman_add (ClinicalTallman *self,
                               const char *name,
                               const char *written,
                               gboolean unverified);

/* (transfer full) (nullable): asked once, when the first name is shown; from any thread */
typedef ClinicalTallman *(*ClinicalTallmanLoad) (gpointer data);

void clinical_tallman_set_source (ClinicalTallmanLoad load, gpointer data, GDestroyNotify destroy);
char *clinical_tallman (const char *text);
char *clinical_tallman_dup_scope (const char *text, const char *today);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalTallman, clinical_tallman_free)

G_END_DECLS
