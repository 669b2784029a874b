/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "patients-list-model.h"

G_BEGIN_DECLS

/* One saved list: what it asks, what it covers, and who belongs. */
#define PATIENTS_TYPE_LIST_PAGE (patients_list_page_get_type ())
G_DECLARE_FINAL_TYPE (PatientsListPage, patients_list_page, PATIENTS, LIST_PAGE, GtkBox)

void patients_list_page_set_model (PatientsListPage *self,
                                   WorkspaceSession *session,
                                   PatientsListModel *model);
const char *patients_list_page_get_selected (PatientsListPage *self);
void patients_list_page_update (PatientsListPage *self);

G_END_DECLS
