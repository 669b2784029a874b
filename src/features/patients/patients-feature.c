/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-feature.h"

#include <glib/gi18n.h>

#include "patients-page.h"

struct _PatientsFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (PatientsFeature, patients_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_CLINIC, "patients", N_ ("Patients"), "bedside-patients-symbolic", "<Alt>2",
    20 },
};

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_CLINIC, "win.register-patient", N_ ("Register a Patient"),
    "<Control><Shift>n" },
  { WORKSPACE_SCOPE_CLINIC, "win.correct-contact",
    N_ ("Correct the Chosen Patient’s Address, Telephone or Proxy"), "<Control>e" },
  { WORKSPACE_SCOPE_CLINIC, "win.next-patient-list", N_ ("Next List of Patients"), "<Control>l" },
  { WORKSPACE_SCOPE_CLINIC, "win.new-patient-list", N_ ("New List of Patients"),
    "<Control><Alt>n" },
  { WORKSPACE_SCOPE_PATIENT, "app.clinic-page::patients",
    N_ ("Show the Lists of Patients in the Clinic Window"), NULL },
};

static GtkWidget *
patients_feature_create_clinic_page (WorkspaceFeature *feature,
                                     const WorkspaceOffer *offer,
                                     WorkspaceSession *session)
{
  return patients_page_new (session);
}

static void
patients_feature_class_init (PatientsFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "patients";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->create_clinic_page = patients_feature_create_clinic_page;
}

static void
patients_feature_init (PatientsFeature *self)
{
}
