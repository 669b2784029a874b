/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "workspace-person.h"

G_BEGIN_DECLS

/* One line of a list of people: property "person", NULL while it is being read. */
#define PATIENTS_TYPE_PERSON_ROW (patients_person_row_get_type ())
G_DECLARE_FINAL_TYPE (PatientsPersonRow, patients_person_row, PATIENTS, PERSON_ROW, GtkBox)

char *patients_person_row_describe (
    GObject *item, const char *born, const char *sex, const char *identifier, const char *mark);

G_END_DECLS
