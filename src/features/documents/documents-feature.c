/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-feature.h"

#include <glib/gi18n.h>

#include "documents-open.h"
#include "documents-page.h"

/* What others wrote and sent: to read beside the note. */

struct _DocumentsFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (DocumentsFeature, documents_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_PATIENT_PAGE, "documents", N_ ("Documents"), "bedside-documents-symbolic",
    "<Alt>8", 80 },
};

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_CLINIC, "win.open-file", N_ ("Open a File from Elsewhere"), "<Control>o" },
  { WORKSPACE_SCOPE_PATIENT, "win.photograph", N_ ("Photograph a Document"), "<Control><Alt>p" },
};

static GtkWidget *
find_page (GtkWidget *widget)
{
  GtkWidget *found = DOCUMENTS_IS_PAGE (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_page (child);
  return found;
}

/* The page shows what became of it, so it is shown first. */
static void
photograph_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWidget *page;

  gtk_widget_activate_action (user_data, "win.show", "s", "documents");
  page = find_page (user_data);
  if (page)
    gtk_widget_activate_action (page, "documents.photograph", NULL);
}

static void
add_patient_actions (WorkspaceFeature *feature, GActionMap *window, WorkspacePatient *patient)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("photograph", NULL);

  /* the action belongs to the window, so the window outlives it */
  g_signal_connect (action, "activate", G_CALLBACK (photograph_action), window);
  g_action_map_add_action (window, G_ACTION (action));
}

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  return workspace_chart_page_new (DOCUMENTS_TYPE_PAGE, patient);
}

static const char *
claims (WorkspaceFeature *feature, const char *reference)
{
  return g_str_has_prefix (reference, "DocumentReference/") ||
                 g_str_has_prefix (reference, "Composition/") ||
                 g_str_has_prefix (reference, "DiagnosticReport/")
             ? "documents"
             : NULL;
}

static void
documents_feature_class_init (DocumentsFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "documents";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->add_clinic_actions = documents_open_add_actions;
  feature_class->add_patient_actions = add_patient_actions;
  feature_class->create_patient_widget = create_patient_widget;
  feature_class->claims = claims;
}

static void
documents_feature_init (DocumentsFeature *self)
{
}
