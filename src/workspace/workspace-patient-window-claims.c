/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-patient-window-private.h"

#include <glib/gi18n.h>

#include "workspace-page.h"
#include "workspace-toast.h"

/* Several pages may claim one kind of record. They are asked in the order of the features, and one
 * that does not show this record passes it to the next. */

static gboolean
show_target (WorkspacePatientWindow *self, const char *id, const char *reference)
{
  WorkspacePatientEntry *entry = workspace_patient_window_find_page (self, id);
  GtkWidget *page;

  if (!entry && workspace_patient_window_show_pane (self, id))
    {
      workspace_patient_request (self->patient, "select", reference);
      return TRUE;
    }
  if (!entry)
    return FALSE;
  workspace_patient_window_show_page (self, entry);
  page = gtk_stack_get_child_by_name (self->page_stack, id);
  return !WORKSPACE_IS_PAGE (page) || workspace_page_show_target (WORKSPACE_PAGE (page), reference);
}

/* Shows @reference on the page or pane @id, which is said to have it. */
void
workspace_patient_window_show_at (WorkspacePatientWindow *self,
                                  const char *id,
                                  const char *reference)
{
  if (!show_target (self, id, reference))
    gtk_widget_error_bell (GTK_WIDGET (self));
}

/* @after: (nullable): the page that was asked for it last. Of one that no page shows it is said. */
void
workspace_patient_window_show_reference (WorkspacePatientWindow *self,
                                         const char *reference,
                                         const char *after)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  const char *id = after;

  while ((id = workspace_session_find_next_offer_of (session, reference, id)))
    if (show_target (self, id, reference))
      return;
  gtk_widget_error_bell (GTK_WIDGET (self));
  adw_toast_overlay_add_toast (self->toasts, workspace_toast_new (
                                                 _ ("This is not in the chart on this computer.")));
}

static void
not_here_cb (WorkspacePatientWindow *self, const char *reference)
{
  workspace_patient_window_show_reference (self, reference,
                                           gtk_stack_get_visible_child_name (self->page_stack));
}

/* Only the page that is seen is listened to: whoever went elsewhere is not taken away from there.
 */
static void
page_changed_cb (WorkspacePatientWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->page_stack);

  g_signal_group_set_target (self->page_signals, WORKSPACE_IS_PAGE (page) ? page : NULL);
}

void
workspace_patient_window_follow_pages (WorkspacePatientWindow *self)
{
  self->page_signals = g_signal_group_new (WORKSPACE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "not-here", G_CALLBACK (not_here_cb), self);
  g_signal_connect_object (self->page_stack, "notify::visible-child", G_CALLBACK (page_changed_cb),
                           self, G_CONNECT_SWAPPED);
  page_changed_cb (self);
}
