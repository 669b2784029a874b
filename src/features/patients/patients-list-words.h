/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "patients-list-model.h"

G_BEGIN_DECLS

/* What is said about a list of patients. */
char *patients_list_words_pill (PatientsListModel *model);
char *patients_list_words_share (PatientsListModel *model);
char *patients_list_words_covers (PatientsListModel *model, gint64 now, GTimeZone *zone);
char *patients_list_words_unjudged (PatientsListModel *model);
char *patients_list_words_empty (PatientsListModel *model);

G_END_DECLS
