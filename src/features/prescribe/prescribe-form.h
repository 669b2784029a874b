/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "prescribe-desk.h"
#include "workspace-lock.h"

G_BEGIN_DECLS

/* The form of one prescription, above which stand those that are written with it: it only writes
 * into its sheet's draft, and says what still stands in the way of signing.
 *
 * property "ready" (boolean): it can be signed
 * signals "change-drug" (), "change-draft" (PrescribeSheet), "discard" () */
#define PRESCRIBE_TYPE_FORM (prescribe_form_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeForm, prescribe_form, PRESCRIBE, FORM, AdwBin)

void prescribe_form_set_context (PrescribeForm *self, CareContext *context, WorkspaceLock *lock);
void prescribe_form_set_desk (PrescribeForm *self, PrescribeDesk *desk, gconstpointer place);
void prescribe_form_set_sheet (PrescribeForm *self, PrescribeSheet *sheet);
void prescribe_form_set_sign_action (PrescribeForm *self, const char *action, const char *tooltip);
void prescribe_form_fill (PrescribeForm *self);
gboolean prescribe_form_is_ready (PrescribeForm *self);
GHashTable *prescribe_form_dup_reasons (PrescribeForm *self);
void prescribe_form_start (PrescribeForm *self);

G_END_DECLS
