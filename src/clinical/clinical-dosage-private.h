/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-dosage.h"
#include "clinical-phrase.h"
#include "clinical-vocabulary.h"

G_BEGIN_DECLS

/* Writes one part of the sentence, or nothing where the dosage has no such part. */
typedef gboolean (*ClinicalPartWriter) (const ClinicalSpeaker *self,
                                        const FhirElement *dosage,
                                        GString *out,
                                        GError **error);

gboolean clinical_dosage_fail (GError **error, ClinicalError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

char *clinical_say_nothing (GError **error, ClinicalError code, const char *sentence);

/* (transfer full) (nullable): with an error where the value is none, or cannot be said. */
char *clinical_say_value (const ClinicalSpeaker *self,
                          const FhirElement *value,
                          const char *what,
                          GError **error);
char *clinical_say_time (const ClinicalSpeaker *self,
                         const FhirElement *value,
                         const FhirElement *max,
                         const char *code,
                         const char *what,
                         GError **error);
char *clinical_say_quantity (const ClinicalSpeaker *self,
                             const FhirElement *quantity,
                             const char *what,
                             GError **error);
char *clinical_say_range (const ClinicalSpeaker *self,
                          const FhirElement *range,
                          const char *what,
                          GError **error);
char *clinical_say_ratio (const ClinicalSpeaker *self,
                          const FhirElement *ratio,
                          const char *what,
                          GError **error);
char *clinical_say_words (const ClinicalSpeaker *self, const char *text, ClinicalWordKind kind);
char *clinical_say_concept (const ClinicalSpeaker *self,
                            const FhirElement *concept,
                            ClinicalWordKind kind,
                            const char *what,
                            GError **error);

gboolean clinical_dosage_write_duration (const ClinicalSpeaker *self,
                                         const FhirElement *dosage,
                                         GString *out,
                                         GError **error);
gboolean clinical_dosage_write_frequency (const ClinicalSpeaker *self,
                                          const FhirElement *dosage,
                                          GString *out,
                                          GError **error);
gboolean clinical_dosage_write_when (const ClinicalSpeaker *self,
                                     const FhirElement *dosage,
                                     GString *out,
                                     GError **error);
gboolean clinical_dosage_write_days (const ClinicalSpeaker *self,
                                     const FhirElement *dosage,
                                     GString *out,
                                     GError **error);
gboolean clinical_dosage_write_bounds (const ClinicalSpeaker *self,
                                       const FhirElement *dosage,
                                       GString *out,
                                       GError **error);
gboolean clinical_dosage_write_count (const ClinicalSpeaker *self,
                                      const FhirElement *dosage,
                                      GString *out,
                                      GError **error);
gboolean clinical_dosage_write_event (const ClinicalSpeaker *self,
                                      const FhirElement *dosage,
                                      GString *out,
                                      GError **error);

G_END_DECLS
