/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-dosage.h"

G_BEGIN_DECLS

/* Writes one part of the sentence, or nothing where the dosage has no such part. */
typedef gboolean (*ClinicalPartWriter) (const FhirElement *dosage, GString *out, GError **error);

gboolean clinical_dosage_fail (GError **error, ClinicalError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean clinical_dosage_append_value (const FhirElement *value,
                                       const char *what,
                                       GString *out,
                                       GError **error);
gboolean clinical_dosage_append_time (const FhirElement *value,
                                      const FhirElement *max,
                                      const char *code,
                                      const char *what,
                                      GString *out,
                                      GError **error);
gboolean clinical_dosage_write_duration (const FhirElement *dosage, GString *out, GError **error);
gboolean clinical_dosage_write_frequency (const FhirElement *dosage, GString *out, GError **error);
gboolean clinical_dosage_write_when (const FhirElement *dosage, GString *out, GError **error);
gboolean clinical_dosage_write_days (const FhirElement *dosage, GString *out, GError **error);
gboolean clinical_dosage_write_bounds (const FhirElement *dosage, GString *out, GError **error);
gboolean clinical_dosage_write_count (const FhirElement *dosage, GString *out, GError **error);
gboolean clinical_dosage_write_event (const FhirElement *dosage, GString *out, GError **error);

G_END_DECLS
