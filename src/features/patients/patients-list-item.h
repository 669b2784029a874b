/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-people.h"
#include "workspace-person.h"

G_BEGIN_DECLS

/* A place in a list of patients. Who stands there is read when somebody looks: property "person",
 * NULL until then. */
#define PATIENTS_TYPE_LIST_ITEM (patients_list_item_get_type ())
G_DECLARE_FINAL_TYPE (PatientsListItem, patients_list_item, PATIENTS, LIST_ITEM, GObject)

PatientsListItem *patients_list_item_new (const StorePerson *person);
gint64 patients_list_item_get_number (PatientsListItem *self);
const char *patients_list_item_get_id (PatientsListItem *self);
int patients_list_item_compare (PatientsListItem *self, const StorePerson *person);
gboolean patients_list_item_get_asked (PatientsListItem *self);
void patients_list_item_set_asked (PatientsListItem *self, gboolean asked);
WorkspacePerson *patients_list_item_get_person (PatientsListItem *self);
void patients_list_item_set_person (PatientsListItem *self, WorkspacePerson *person);

G_END_DECLS
