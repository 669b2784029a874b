/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-feature.h"

#include <glib/gi18n.h>

#include "note-view.h"

/* The visit note beside the chart. */

struct _NoteFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (NoteFeature, note_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_SIDE_BOTTOM, "note", N_ ("Note"), "document-edit-symbolic", "<Alt>n", 10 },
};

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_PATIENT, "win.show::note", N_ ("Write the Note"), "<Alt>n" },
  { WORKSPACE_SCOPE_PATIENT, "win.note-sign", N_ ("Sign the Note"), "<Control><Shift>s" },
};

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  return note_view_new (patient);
}

static void
note_feature_class_init (NoteFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "note";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->create_patient_widget = create_patient_widget;
}

static void
note_feature_init (NoteFeature *self)
{
}
