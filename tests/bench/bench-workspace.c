/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-workspace.h"

#include "feature-table.h"
#include "workspace-feature.h"

typedef struct
{
  BenchWorkspace workspace;
  BenchWorkspaceFunc activate;
  gpointer data;
  GtkWindow *clinic; /* stays open, as in the program */
} Running;

static void
add_features (BenchWorkspace *self)
{
  for (const FeatureType *type = feature_table; *type; type++)
    {
      g_autoptr (WorkspaceFeature) feature = g_object_new ((*type) (), NULL);

      g_string_append_printf (self->features, "%s%s", self->features->len > 0 ? " " : "",
                              workspace_feature_get_id (feature));
      workspace_session_add_feature (self->session, feature);
    }
}

/* A chart is opened from the clinic window, which stays: what GTK keeps of a display while any
 * window of it is drawn, it keeps. */
static void
activate_cb (GtkApplication *application, Running *self)
{
  g_application_hold (G_APPLICATION (application));
  self->clinic = GTK_WINDOW (adw_application_window_new (application));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->clinic),
                                      gtk_label_new ("Clinic"));
  gtk_window_present (self->clinic);
  self->activate (&self->workspace, self->data);
}

static void
run (Running *self)
{
  /* The program's own resources and style. */
  g_autoptr (AdwApplication) application =
      g_object_new (ADW_TYPE_APPLICATION, "application-id", "health.bedside.Bench",
                    "resource-base-path", "/health/bedside/Workstation", "flags",
                    G_APPLICATION_NON_UNIQUE, NULL);

  self->workspace.application = GTK_APPLICATION (application);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), self);
  g_application_run (G_APPLICATION (application), 0, NULL);
}

/* Runs the main loop over the records in @folder from @activate to bench_workspace_quit (), then
 * calls @ended, while the store is still open. */
gboolean
bench_workspace_run (const char *folder,
                     const char *content,
                     BenchWorkspaceFunc activate,
                     BenchWorkspaceFunc ended,
                     gpointer data,
                     GError **error)
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (StoreContent) known = store_content_open (content, error);
  g_autoptr (StoreDatabase) store = known ? bench_open_records (folder, clock, error) : NULL;
  g_autoptr (GString) features = g_string_new (NULL);
  Running self = { .workspace = { .store = store, .features = features },
                   .activate = activate,
                   .data = data };

  if (store == NULL)
    return FALSE;
  g_autoptr (CareContext) context =
      care_context_new (store, clock, "Practitioner/bench", "Bench", "prescriber");
  g_autoptr (WorkspaceSession) session = workspace_session_new (context);
  self.workspace.session = session;
  workspace_session_set_content (session, known);
  add_features (&self.workspace);
  run (&self);
  ended (&self.workspace, data);
  store_database_close (store);
  return TRUE;
}

void
bench_workspace_quit (BenchWorkspace *workspace)
{
  GList *windows = g_list_copy (gtk_application_get_windows (workspace->application));

  g_list_free_full (windows, (GDestroyNotify) gtk_window_destroy);
  g_application_quit (G_APPLICATION (workspace->application));
}
