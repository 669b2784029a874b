/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-patient-window-private.h"

#include "workspace-commands.h"
#include "workspace-keys.h"
#include "workspace-page.h"
#include "workspace-palette.h"
#include "workspace-search-dialog.h"

/* What a patient window does by itself when it is told to: features add their own. */

static void
show_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  workspace_patient_window_show (WORKSPACE_PATIENT_WINDOW (widget),
                                 g_variant_get_string (target, NULL));
}

static void
palette_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  WorkspacePatient *patient = workspace_patient_window_get_patient (widget);

  adw_dialog_present (workspace_palette_new (workspace_patient_get_session (patient), patient),
                      widget);
}

static void
keys_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  WorkspacePatient *patient = workspace_patient_window_get_patient (widget);

  adw_dialog_present (workspace_keys_new (workspace_patient_get_session (patient),
                                          WORKSPACE_SCOPE_PATIENT),
                      widget);
}

static void
toggle_pages_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  WorkspacePatientWindow *self = WORKSPACE_PATIENT_WINDOW (widget);

  adw_overlay_split_view_set_show_sidebar (self->split,
                                           !adw_overlay_split_view_get_show_sidebar (self->split));
}

static void
search_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  WorkspacePatientWindow *self = WORKSPACE_PATIENT_WINDOW (widget);
  GtkWidget *page = gtk_stack_get_visible_child (self->page_stack);

  if (!WORKSPACE_IS_PAGE (page) || !workspace_page_start_search (WORKSPACE_PAGE (page)))
    palette_action (action, target, widget);
}

static void
find_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  WorkspacePatientWindow *self = WORKSPACE_PATIENT_WINDOW (widget);

  adw_dialog_present (workspace_search_dialog_new (workspace_patient_get_session (self->patient),
                                                   workspace_patient_get_id (self->patient)),
                      widget);
}

static void
reload_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  workspace_patient_reload (workspace_patient_window_get_patient (widget));
}

static const GActionEntry window_actions[] = {
  { .name = "show", .activate = show_action, .parameter_type = "s" },
  { .name = "palette", .activate = palette_action },
  { .name = "keys", .activate = keys_action },
  { .name = "toggle-pages", .activate = toggle_pages_action },
  { .name = "search", .activate = search_action },
  { .name = "find", .activate = find_action },
  { .name = "reload", .activate = reload_action },
};

void
workspace_patient_window_add_actions (WorkspacePatientWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), window_actions,
                                   G_N_ELEMENTS (window_actions), self);
}
