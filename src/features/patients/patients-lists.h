/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "patients-list-model.h"

G_BEGIN_DECLS

/* The saved lists as buttons with their counts, of which one may be chosen: property "selected"
 * (PatientsListModel, nullable). */
#define PATIENTS_TYPE_LISTS (patients_lists_get_type ())
G_DECLARE_FINAL_TYPE (PatientsLists, patients_lists, PATIENTS, LISTS, AdwBin)

void patients_lists_set_session (PatientsLists *self, WorkspaceSession *session);
void patients_lists_add_actions (PatientsLists *self, GActionMap *window);
PatientsListModel *patients_lists_get_selected (PatientsLists *self);
void patients_lists_refresh (PatientsLists *self);
void patients_lists_unselect (PatientsLists *self);
void patients_lists_select_next (PatientsLists *self);

G_END_DECLS
