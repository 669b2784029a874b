/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-window.h"

#include <glib/gi18n.h>

#include "visit-actions.h"
#include "visit-view.h"

/* Only "Hang Up" ends a call: closing the patient window in a call leaves this window, which shows
 * whose call it is, and goes when the call ends or the patient is opened again. */

struct _VisitWindow
{
  AdwApplicationWindow parent_instance;
  VisitController *controller;
};

G_DEFINE_FINAL_TYPE (VisitWindow, visit_window, ADW_TYPE_APPLICATION_WINDOW)

static void
open_patient_cb (VisitWindow *self)
{
  WorkspacePatient *patient = visit_controller_get_patient (self->controller);

  workspace_session_open_patient (workspace_patient_get_session (patient),
                                  workspace_patient_get_id (patient), "show", NULL);
}

static void
changed_cb (VisitWindow *self)
{
  if (!visit_controller_is_talking (self->controller))
    gtk_window_destroy (GTK_WINDOW (self));
}

/* The window manager's close button shows the chart again rather than cutting the patient off. */
static gboolean
visit_window_close_request (GtkWindow *window)
{
  open_patient_cb (VISIT_WINDOW (window));
  return TRUE;
}

static void
visit_window_dispose (GObject *object)
{
  VisitWindow *self = VISIT_WINDOW (object);

  if (self->controller != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->controller, self);
      g_object_set_data (G_OBJECT (self->controller), "visit-window", NULL);
    }
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (visit_window_parent_class)->dispose (object);
}

static void
visit_window_class_init (VisitWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = visit_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = visit_window_close_request;
}

static void
visit_window_init (VisitWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), 400, 420);
}

static VisitWindow *
visit_window_new (GtkApplication *application, VisitController *controller)
{
  VisitWindow *self = g_object_new (VISIT_TYPE_WINDOW, "application", application, NULL);
  GtkWidget *toolbar_view = adw_toolbar_view_new (), *header = adw_header_bar_new ();
  GtkWidget *open = gtk_button_new_with_mnemonic (_ ("_Open Chart"));
  g_autofree char *name = workspace_patient_dup_name (visit_controller_get_patient (controller));

  self->controller = g_object_ref (controller);
  visit_actions_add (controller, G_ACTION_MAP (self));
  gtk_window_set_title (GTK_WINDOW (self), name);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), open);
  g_signal_connect_swapped (open, "clicked", G_CALLBACK (open_patient_cb), self);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (toolbar_view), header);
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (toolbar_view), visit_view_new (controller));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), toolbar_view);
  g_signal_connect_object (controller, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_object_set_data (G_OBJECT (controller), "visit-window", self);
  return self;
}

static gboolean
patient_window_close_cb (GtkWindow *patient_window)
{
  VisitController *controller = g_object_get_data (G_OBJECT (patient_window), "visit-controller");

  if (visit_controller_is_talking (controller) &&
      g_object_get_data (G_OBJECT (controller), "visit-window") == NULL)
    gtk_window_present (
        GTK_WINDOW (visit_window_new (gtk_window_get_application (patient_window), controller)));
  return FALSE;
}

static void
patient_window_map_cb (GtkWindow *patient_window)
{
  VisitController *controller = g_object_get_data (G_OBJECT (patient_window), "visit-controller");
  GtkWindow *small = g_object_get_data (G_OBJECT (controller), "visit-window");

  if (small != NULL)
    gtk_window_destroy (small);
}

/**
 * visit_window_watch:
 * @patient_window: a window whose "visit-controller" is @controller
 *
 * Keeps the call when @patient_window is closed, in a small window of its own.
 */
void
visit_window_watch (VisitController *controller, GtkWindow *patient_window)
{
  g_signal_connect (patient_window, "close-request", G_CALLBACK (patient_window_close_cb), NULL);
  g_signal_connect (patient_window, "map", G_CALLBACK (patient_window_map_cb), NULL);
}
