/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-language.h"

G_BEGIN_DECLS

const char *clinical_timing_event_in (const char *code, ClinicalLanguage language);
const char *clinical_timing_unit_in (const char *code, gboolean plural, ClinicalLanguage language);
const char *clinical_timing_day_in (const char *code, ClinicalLanguage language);
const char *clinical_timing_event_text (const char *code);
const char *clinical_timing_unit_text (const char *code, gboolean plural);
const char *clinical_timing_day_text (const char *code);
gboolean clinical_text_is_one (const char *literal);
char *clinical_text_join (GPtrArray *items);

G_END_DECLS
