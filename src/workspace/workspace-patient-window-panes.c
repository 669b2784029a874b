/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-patient-window-private.h"

#include <glib/gi18n.h>

/* The panes of a patient window. The one on top is made at once, because a call may already wait
 * there; those below once the chart was painted, or when they are shown before, because a draft may
 * wait there. */

/* A window that nobody sees paints nothing: its panes are made without waiting longer than this. */
#define PANES_MS 1000

/* Neither AdwInlineViewSwitcher nor AdwViewStack: those of libadwaita 1.7 leak, the one the child
 * of each toggle, the other an animation. */
static void
add_toggle (WorkspacePatientWindow *self, const WorkspaceOffer *offer)
{
  AdwToggle *toggle = adw_toggle_new ();

  adw_toggle_set_name (toggle, offer->id);
  adw_toggle_set_label (toggle, _ (offer->title));
  adw_toggle_set_tooltip (toggle, _ (offer->title)); /* where there is no room for all of it */
  adw_toggle_group_add (self->switcher, toggle);
}

void
workspace_patient_window_add_pane (WorkspacePatientWindow *self, WorkspacePatientEntry *entry)
{
  if (entry->offer->place == WORKSPACE_PLACE_SIDE_TOP)
    {
      gtk_box_append (self->top_box, workspace_patient_window_create (self, entry));
      return;
    }
  entry->pane = ADW_BIN (adw_bin_new ());
  gtk_stack_add_titled (self->bottom_stack, GTK_WIDGET (entry->pane), entry->offer->id,
                        _ (entry->offer->title));
  add_toggle (self, entry->offer);
}

static gboolean
fill_pane (WorkspacePatientWindow *self, const WorkspacePatientEntry *entry)
{
  if (!entry->pane || adw_bin_get_child (entry->pane))
    return FALSE;
  adw_bin_set_child (entry->pane, workspace_patient_window_create (self, entry));
  return TRUE;
}

/* One at a time, so that no frame waits for all of them; and not when there is nothing else to do,
 * for on a slow machine a call's pictures always are. */
#define PANE_MS 20

static gboolean
fill_next_pane_cb (gpointer data)
{
  WorkspacePatientWindow *self = data;

  for (guint i = 0; i < self->offers->len; i++)
    if (fill_pane (self, self->offers->pdata[i]))
      return G_SOURCE_CONTINUE;
  self->panes_source = 0;
  return G_SOURCE_REMOVE;
}

static void
fill_panes (gpointer data)
{
  WorkspacePatientWindow *self = data;

  g_clear_handle_id (&self->panes_source, g_source_remove);
  self->panes_source = g_timeout_add (PANE_MS, fill_next_pane_cb, self);
}

static void
painted_cb (WorkspacePatientWindow *self, GdkFrameClock *clock)
{
  if (workspace_patient_get_state (self->patient) == WORKSPACE_PATIENT_LOADING)
    return;
  g_signal_handlers_disconnect_by_func (clock, painted_cb, self);
  fill_panes (self);
}

static void
realized_cb (WorkspacePatientWindow *self)
{
  g_signal_connect_object (gtk_widget_get_frame_clock (GTK_WIDGET (self)), "after-paint",
                           G_CALLBACK (painted_cb), self, G_CONNECT_SWAPPED);
}

/* The pane that shows is made when it is first looked at, if not before. */
static void
pane_shown_cb (WorkspacePatientWindow *self)
{
  const char *id = gtk_stack_get_visible_child_name (self->bottom_stack);

  for (guint i = 0; id && self->offers && i < self->offers->len; i++)
    {
      const WorkspacePatientEntry *entry = self->offers->pdata[i];
      if (entry->pane && g_str_equal (entry->offer->id, id))
        fill_pane (self, entry);
    }
}

/* Where the pane itself chose what has the focus, that stays. */
static void
focus_pane (WorkspacePatientWindow *self)
{
  GtkWidget *pane = gtk_stack_get_visible_child (self->bottom_stack);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!focus || !gtk_widget_is_ancestor (focus, pane))
    gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD);
}

/* FALSE: there is no such pane. */
gboolean
workspace_patient_window_show_pane (WorkspacePatientWindow *self, const char *id)
{
  if (!gtk_stack_get_child_by_name (self->bottom_stack, id))
    return FALSE;
  gtk_stack_set_visible_child_name (self->bottom_stack, id);
  pane_shown_cb (self);
  adw_bottom_sheet_set_open (self->sheet, TRUE);
  focus_pane (self);
  return TRUE;
}

/* "Note · Prescribe · Tasks" on the handle of the sheet. */
static void
update_sheet (WorkspacePatientWindow *self)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < self->offers->len; i++)
    {
      const WorkspacePatientEntry *entry = self->offers->pdata[i];
      if (entry->offer->place == WORKSPACE_PLACE_SIDE_BOTTOM)
        g_string_append_printf (names, "%s%s", names->len ? " · " : "", _ (entry->offer->title));
    }
  gtk_label_set_label (self->sheet_label, names->str);
  adw_bottom_sheet_set_reveal_bottom_bar (self->sheet, names->len > 0);
  gtk_widget_set_visible (self->side, names->len > 0 ||
                                          gtk_widget_get_first_child (GTK_WIDGET (self->top_box)));
}

/* After the last pane was added: they are made one after the other when the chart was painted. */
void
workspace_patient_window_start_panes (WorkspacePatientWindow *self)
{
  update_sheet (self);
  g_object_bind_property (self->bottom_stack, "visible-child-name", self->switcher, "active-name",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->bottom_stack, "notify::visible-child", G_CALLBACK (pane_shown_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "realize", G_CALLBACK (realized_cb), self, 0);
  self->panes_source = g_timeout_add_once (PANES_MS, fill_panes, self);
}
