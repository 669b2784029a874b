/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print-feature.h"

#include <glib/gi18n.h>

#include "print-dialog.h"

/* The record on paper. Whoever wants one document printed activates "win.print-document" with its
 * name, or with the reference of a note or a visit. */

struct _PrintFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (PrintFeature, print_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_PATIENT, "win.print", N_ ("Print or Save as PDF"), "<Control>p" },
  { WORKSPACE_SCOPE_PATIENT, "win.print-document::summary", N_ ("Print the Summary"), NULL },
  { WORKSPACE_SCOPE_PATIENT, "win.print-document::medicines", N_ ("Print the Current Medicines"),
    NULL },
  { WORKSPACE_SCOPE_PATIENT, "win.print-document::note", N_ ("Print a Note"), NULL },
  { WORKSPACE_SCOPE_PATIENT, "win.print-document::after-visit",
    N_ ("Print the After-Visit Summary"), NULL },
};

static void
print_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWidget *window = g_object_get_data (G_OBJECT (action), "window");
  const char *wanted = parameter ? g_variant_get_string (parameter, NULL) : NULL;

  adw_dialog_present (print_dialog_new (user_data, wanted), window);
}

static void
add_action (GActionMap *window, WorkspacePatient *patient, const char *name, const char *type)
{
  g_autoptr (GSimpleAction) action =
      g_simple_action_new (name, type ? G_VARIANT_TYPE (type) : NULL);

  /* the action belongs to the window, so the window outlives it */
  g_object_set_data (G_OBJECT (action), "window", window);
  g_signal_connect_object (action, "activate", G_CALLBACK (print_action), patient, 0);
  g_action_map_add_action (window, G_ACTION (action));
}

static void
add_patient_actions (WorkspaceFeature *feature, GActionMap *window, WorkspacePatient *patient)
{
  add_action (window, patient, "print", NULL);
  add_action (window, patient, "print-document", "s");
}

static void
print_feature_class_init (PrintFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "print";
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->add_patient_actions = add_patient_actions;
}

static void
print_feature_init (PrintFeature *self)
{
}
