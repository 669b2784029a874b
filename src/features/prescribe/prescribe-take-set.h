/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-order-set.h"
#include "prescribe-desk.h"

G_BEGIN_DECLS

CarePrescriptionDraft *prescribe_draft_new (WorkspacePatient *patient, guint after);
void prescribe_take_set_find (CareContext *context,
                              const char *id,
                              GtkWidget *view,
                              void (*found) (GtkWidget *view, const CareOrderSet *set));
PrescribeSheet *prescribe_take_set (const CareOrderSet *set,
                                    WorkspacePatient *patient,
                                    StoreContent *content,
                                    PrescribeDesk *desk,
                                    gconstpointer form,
                                    char **notice);

G_END_DECLS
