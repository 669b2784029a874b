/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-fixture.h"
#include "care-prescription.h"

/* What a prescriber writes beside what was found: @reason for each finding of @check. */
static inline GHashTable *
care_fixture_reasons (ClinicalContent *content,
                      StoreConnection *connection,
                      CarePrescriptionDraft *draft,
                      const char *check,
                      const char *reason)
{
  GHashTable *reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) findings = care_prescription_check (connection, draft, content, NULL);

  for (guint i = 0; findings && i < findings->len; i++)
    if (g_str_equal (((ClinicalFinding *) findings->pdata[i])->check, check))
      g_hash_table_insert (reasons, clinical_finding_dup_key (findings->pdata[i]),
                           g_strdup (reason));
  return reasons;
}
