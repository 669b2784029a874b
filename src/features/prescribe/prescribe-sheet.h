/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "care-prescription-facts.h"
#include "care-prescription.h"
#include "clinical-shorthand.h"
#include "store-content.h"

G_BEGIN_DECLS

/* The draft behind the form, as its view model: it keeps the draft on disk, asks the checks again
 * when what they depend on changes, and says what still stands in the way of signing.
 *
 * signal "changed" (): text, findings or state may read differently
 * signal "edited" (): it says another thing to the checks of what is written beside it */
#define PRESCRIBE_TYPE_SHEET (prescribe_sheet_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeSheet, prescribe_sheet, PRESCRIBE, SHEET, GObject)

PrescribeSheet *
prescribe_sheet_new (CareContext *context, StoreContent *content, CarePrescriptionDraft *draft);
CarePrescriptionDraft *prescribe_sheet_get_draft (PrescribeSheet *self);
GPtrArray *prescribe_sheet_get_findings (PrescribeSheet *self);
guint prescribe_sheet_get_checked (PrescribeSheet *self);
const char *prescribe_sheet_get_state (PrescribeSheet *self);
void prescribe_sheet_choose_drug (PrescribeSheet *self, const StoreDrug *drug);
char *prescribe_sheet_dup_typed (const char *literal);
gboolean prescribe_sheet_set_dose (PrescribeSheet *self, const char *typed, GError **error);
gboolean prescribe_sheet_set_quantity (PrescribeSheet *self, const char *typed, GError **error);
void prescribe_sheet_set_text (PrescribeSheet *self, const char *property, const char *typed);
char *prescribe_sheet_read_typed (const char *typed, GError **error);
ClinicalShorthand *
prescribe_sheet_read_shorthand (PrescribeSheet *self, const char *typed, GError **error);
const CarePrescriptionFacts *prescribe_sheet_get_facts (PrescribeSheet *self);
void prescribe_sheet_save (PrescribeSheet *self);
void prescribe_sheet_set_beside (PrescribeSheet *self, GPtrArray *sheets);
void prescribe_sheet_set_looked (PrescribeSheet *self);
void prescribe_sheet_set_signing (PrescribeSheet *self, gboolean signing);
gboolean prescribe_sheet_is_signing (PrescribeSheet *self);
void prescribe_sheet_set_reasons (PrescribeSheet *self, GHashTable *reasons);
GHashTable *prescribe_sheet_dup_reasons (PrescribeSheet *self);
char *prescribe_sheet_dup_drug (PrescribeSheet *self);
char *prescribe_sheet_dup_problem (PrescribeSheet *self);
const char *prescribe_sheet_get_stage (PrescribeSheet *self);
char *prescribe_sheet_dup_patient_sentence (PrescribeSheet *self);
void prescribe_sheet_read_again (PrescribeSheet *self);
void prescribe_sheet_check_later (PrescribeSheet *self);
void prescribe_sheet_check_again (PrescribeSheet *self);
void prescribe_sheet_close (PrescribeSheet *self);

G_END_DECLS
