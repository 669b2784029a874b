/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-cohort.h"
#include "workspace-session.h"

#include "patients-list-item.h"

G_BEGIN_DECLS

typedef enum
{
  PATIENTS_LIST_READING, /* nothing is known yet */
  PATIENTS_LIST_READY,
  PATIENTS_LIST_FAILED,
} PatientsListState;

/* The patients of one saved list, by name: a GListModel of PatientsListItem that follows the store.
 *
 * signal "updated": state, count or what cannot be judged changed */
#define PATIENTS_TYPE_LIST_MODEL (patients_list_model_get_type ())
G_DECLARE_FINAL_TYPE (PatientsListModel, patients_list_model, PATIENTS, LIST_MODEL, GObject)

PatientsListModel *patients_list_model_new (WorkspaceSession *session, CareCohort *cohort);
CareCohort *patients_list_model_get_cohort (PatientsListModel *self);
PatientsListState patients_list_model_get_state (PatientsListModel *self);
const char *patients_list_model_get_error (PatientsListModel *self);
guint patients_list_model_get_n_unjudged (PatientsListModel *self);
const char *patients_list_model_get_missing (PatientsListModel *self, gboolean *withheld);
gint64 patients_list_model_get_as_of (PatientsListModel *self);
guint patients_list_model_get_n_framed (PatientsListModel *self, guint *unsure);
guint patients_list_model_get_n_full (PatientsListModel *self);
void patients_list_model_refresh (PatientsListModel *self);

G_END_DECLS
