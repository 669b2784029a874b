/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-list-choice.h"

/**
 * WorkspaceListChoice:
 *
 * What Enter would open in a list that stands below an entry. A list that opens by one click
 * selects whatever comes to lie under the pointer; where rows appear under one that rests, Enter
 * would open a patient whom nobody chose (H42). So only a pointer that moves chooses.
 */

#define STILL 3 /* pixels: a hand on a mouse is never quite still */

struct _WorkspaceListChoice
{
  GObject parent_instance;

  GtkListView *list; /* not owned: it owns the selection */
  GtkSingleSelection *selection;
  guint position;
  double x, y; /* where the pointer rests */
};

G_DEFINE_FINAL_TYPE (WorkspaceListChoice, workspace_list_choice, G_TYPE_OBJECT)

/* FALSE: there is no pointer over the window. */
static gboolean
find_pointer (WorkspaceListChoice *self, double *x, double *y)
{
  GtkNative *native = self->list ? gtk_widget_get_native (GTK_WIDGET (self->list)) : NULL;
  GdkSurface *surface = native ? gtk_native_get_surface (native) : NULL;
  GdkSeat *seat = surface ? gdk_display_get_default_seat (gdk_surface_get_display (surface)) : NULL;
  GdkDevice *pointer = seat ? gdk_seat_get_pointer (seat) : NULL;

  return pointer && gdk_surface_get_device_position (surface, pointer, x, y, NULL);
}

static gboolean
has_moved (WorkspaceListChoice *self)
{
  double x, y;

  if (!find_pointer (self, &x, &y))
    return TRUE; /* so it was not the pointer */
  gboolean moved = ABS (x - self->x) > STILL || ABS (y - self->y) > STILL;
  self->x = x;
  self->y = y;
  return moved;
}

static void
selected_cb (WorkspaceListChoice *self)
{
  guint selected = gtk_single_selection_get_selected (self->selection);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  if (selected == self->position)
    return;
  if (has_moved (self) || self->position >= n_items)
    self->position = selected;
  else
    gtk_single_selection_set_selected (self->selection, self->position);
}

static void
workspace_list_choice_dispose (GObject *object)
{
  WorkspaceListChoice *self = WORKSPACE_LIST_CHOICE (object);

  g_clear_weak_pointer (&self->list);
  g_clear_object (&self->selection);
  G_OBJECT_CLASS (workspace_list_choice_parent_class)->dispose (object);
}

static void
workspace_list_choice_class_init (WorkspaceListChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workspace_list_choice_dispose;
}

static void
workspace_list_choice_init (WorkspaceListChoice *self)
{
}

WorkspaceListChoice *
workspace_list_choice_new (GtkListView *list, GtkSingleSelection *selection)
{
  WorkspaceListChoice *self = g_object_new (WORKSPACE_TYPE_LIST_CHOICE, NULL);

  g_set_weak_pointer (&self->list, list);
  self->selection = g_object_ref (selection);
  g_signal_connect_object (selection, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/* By a key, or because the list is another one: chosen until the pointer moves or a key is pressed.
 */
void
workspace_list_choice_set (WorkspaceListChoice *self, guint position)
{
  g_return_if_fail (WORKSPACE_IS_LIST_CHOICE (self));

  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  find_pointer (self, &self->x, &self->y);
  self->position = position;
  gtk_single_selection_set_selected (self->selection, position);
  if (self->list && position < n_items)
    gtk_list_view_scroll_to (self->list, position, GTK_LIST_SCROLL_SELECT, NULL);
}

/* @step: 1 down, -1 up. FALSE: there is nothing further that way. */
gboolean
workspace_list_choice_move (WorkspaceListChoice *self, int step)
{
  g_return_val_if_fail (WORKSPACE_IS_LIST_CHOICE (self), FALSE);

  guint selected = gtk_single_selection_get_selected (self->selection);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  if (n_items == 0 || (step < 0 && selected == 0) || (step > 0 && selected + 1 >= n_items))
    return FALSE;
  workspace_list_choice_set (self, selected + (guint) step);
  return TRUE;
}
