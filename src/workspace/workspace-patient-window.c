/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-patient-window-private.h"

#include <glib/gi18n.h>

#include "workspace-commands.h"
#include "workspace-failed-page.h"
#include "workspace-open.h"
#include "workspace-page.h"
#include "workspace-page-stack.h"
#include "workspace-toast.h"

/**
 * WorkspacePatientWindow:
 *
 * The window is the patient (law 1): it is built around one id and cannot change it. It asks the
 * session's features for their pages and panes and knows none of them by name. Pages are made when
 * first shown.
 */

typedef enum
{
  PROP_PATIENT = 1,
  PROP_NARROW,
} WorkspacePatientWindowProperty;

static GParamSpec *properties[PROP_NARROW + 1];

enum
{
  SIGNAL_SPOT_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspacePatientWindow, workspace_patient_window, ADW_TYPE_APPLICATION_WINDOW)

static int
entry_compare (gconstpointer a, gconstpointer b)
{
  const WorkspacePatientEntry *first = *(WorkspacePatientEntry *const *) a;
  const WorkspacePatientEntry *second = *(WorkspacePatientEntry *const *) b;

  return first->offer->order - second->offer->order;
}

GtkWidget *
workspace_patient_window_create (WorkspacePatientWindow *self, const WorkspacePatientEntry *entry)
{
  return workspace_feature_create_patient_widget (entry->feature, entry->offer, self->patient);
}

/* ---- pages ---- */

WorkspacePatientEntry *
workspace_patient_window_find_page (WorkspacePatientWindow *self, const char *id)
{
  for (guint i = 0; i < self->offers->len; i++)
    {
      WorkspacePatientEntry *entry = self->offers->pdata[i];
      if (entry->offer->place == WORKSPACE_PLACE_PATIENT_PAGE && g_str_equal (entry->offer->id, id))
        return entry;
    }
  return NULL;
}

void
workspace_patient_window_show_page (WorkspacePatientWindow *self, WorkspacePatientEntry *entry)
{
  const char *id = entry->offer->id;

  if (!gtk_stack_get_child_by_name (self->page_stack, id))
    gtk_stack_add_named (self->page_stack, workspace_patient_window_create (self, entry), id);
  workspace_page_stack_show (self->page_stack, id);
  adw_window_title_set_title (self->title, _ (entry->offer->title));
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->pages)); row;
       row = gtk_widget_get_next_sibling (row))
    if (GTK_IS_LIST_BOX_ROW (row) &&
        g_strcmp0 (g_object_get_data (G_OBJECT (row), "offer"), id) == 0)
      gtk_list_box_select_row (self->pages, GTK_LIST_BOX_ROW (row));
}

static void
page_activated_cb (WorkspacePatientWindow *self, GtkListBoxRow *row)
{
  const char *id = g_object_get_data (G_OBJECT (row), "offer");

  workspace_patient_window_show_page (self, workspace_patient_window_find_page (self, id));
  if (adw_overlay_split_view_get_collapsed (self->split))
    adw_overlay_split_view_set_show_sidebar (self->split, FALSE);
}

static void
add_page_row (WorkspacePatientWindow *self, const WorkspacePatientEntry *entry)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *label = gtk_label_new (_ (entry->offer->title));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (entry->offer->icon_name));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (entry->offer->title), -1);
  g_object_set_data (G_OBJECT (row), "offer", (gpointer) entry->offer->id);
  gtk_list_box_append (self->pages, row);
}

static void
gather (WorkspacePatientWindow *self)
{
  GListModel *features =
      workspace_session_get_features (workspace_patient_get_session (self->patient));

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n_offers = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n_offers);

      for (gsize n = 0; n < n_offers; n++)
        if (offers[n].place != WORKSPACE_PLACE_CLINIC)
          {
            WorkspacePatientEntry *entry = g_new0 (WorkspacePatientEntry, 1);
            entry->feature = feature;
            entry->offer = &offers[n];
            g_ptr_array_add (self->offers, entry);
          }
      workspace_feature_add_patient_actions (feature, G_ACTION_MAP (self), self->patient);
    }
  g_ptr_array_sort (self->offers, entry_compare);
}

static void
fill (WorkspacePatientWindow *self)
{
  WorkspacePatientEntry *first = NULL;

  gather (self);
  for (guint i = 0; i < self->offers->len; i++)
    {
      WorkspacePatientEntry *entry = self->offers->pdata[i];
      if (entry->offer->place != WORKSPACE_PLACE_PATIENT_PAGE)
        {
          workspace_patient_window_add_pane (self, entry);
          continue;
        }
      add_page_row (self, entry);
      first = first ? first : entry;
    }
  if (first)
    workspace_patient_window_show_page (self, first);
  workspace_patient_window_start_panes (self);
}

/* ---- following the model ---- */

static WorkspaceOpen *
open_of (WorkspacePatientWindow *self)
{
  return workspace_session_get_open (workspace_patient_get_session (self->patient));
}

static void
update (WorkspacePatientWindow *self)
{
  g_autofree char *name = workspace_patient_dup_name (self->patient);
  gboolean failed = workspace_patient_get_state (self->patient) == WORKSPACE_PATIENT_FAILED;

  gtk_window_set_title (GTK_WINDOW (self), name);
  workspace_open_update (open_of (self));
  if (failed)
    workspace_failed_page_show (self->state, workspace_patient_get_failure (self->patient));
  else
    gtk_stack_set_visible_child_name (self->state, "chart");
}

/* The menu has more widgets than the page: it is made when somebody opens it. */
static void
make_menu_cb (GtkMenuButton *button, gpointer window)
{
  if (!gtk_menu_button_get_menu_model (button))
    gtk_menu_button_set_menu_model (button, WORKSPACE_PATIENT_WINDOW (window)->menu);
}

static void
layout_changed_cb (WorkspacePatientWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

static void
back_cb (WorkspacePatientWindow *self, const char *sentence)
{
  workspace_patient_window_add_toast (self, sentence);
}

/* ---- object ---- */

static void
spot_cb (WorkspacePatientWindow *self)
{
  g_signal_emit (self, signals[SIGNAL_SPOT_CHANGED], 0);
}

static void
workspace_patient_window_constructed (GObject *object)
{
  WorkspacePatientWindow *self = WORKSPACE_PATIENT_WINDOW (object);

  G_OBJECT_CLASS (workspace_patient_window_parent_class)->constructed (object);
  workspace_open_add (open_of (self), self->patient);
  workspace_banner_set_patient (self->banner, self->patient);
  workspace_downtime_banner_set_session (self->downtime,
                                         workspace_patient_get_session (self->patient));
  g_signal_connect_object (self->patient, "summary-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->patient, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  fill (self);
  workspace_patient_window_follow_pages (self);
  self->spot = workspace_spot_new (self->page_stack);
  g_signal_connect_object (self->spot, "changed", G_CALLBACK (spot_cb), self, G_CONNECT_SWAPPED);
  workspace_commands_install (GTK_WIDGET (self), workspace_patient_get_session (self->patient),
                              WORKSPACE_SCOPE_PATIENT);
  update (self);
}

/* GTK 4.18 leaves the actions of a closed window on the session bus for ever where the display is
 * Wayland: what it does there when a window was removed leaves out what its D-Bus part does. This
 * is that part; where it was done there is no id. The window has left its application by now. */
static void
withdraw_actions (WorkspacePatientWindow *self)
{
  gpointer id = g_object_steal_data (G_OBJECT (self), "GtkApplicationImplDBus export id");
  GApplication *application = g_application_get_default ();
  GDBusConnection *bus = application ? g_application_get_dbus_connection (application) : NULL;

  if (id && bus)
    g_dbus_connection_unexport_action_group (bus, GPOINTER_TO_UINT (id));
}

/* What features hung on the actions must go with the window, the patient above all, whoever still
 * holds them. */
static void
remove_actions (WorkspacePatientWindow *self)
{
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (self));

  withdraw_actions (self);
  for (gsize i = 0; names[i]; i++)
    g_action_map_remove_action (G_ACTION_MAP (self), names[i]);
}

static void
workspace_patient_window_dispose (GObject *object)
{
  WorkspacePatientWindow *self = WORKSPACE_PATIENT_WINDOW (object);

  if (self->patient)
    remove_actions (self);
  g_clear_handle_id (&self->panes_source, g_source_remove);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->spot);
  /* First: a stack that loses its panes shows one after the other. */
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_PATIENT_WINDOW);
  if (self->patient)
    workspace_open_remove (open_of (self), self->patient);
  g_clear_object (&self->patient);
  G_OBJECT_CLASS (workspace_patient_window_parent_class)->dispose (object);
}

static void
workspace_patient_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WorkspacePatientWindow *self = WORKSPACE_PATIENT_WINDOW (object);

  switch ((WorkspacePatientWindowProperty) id)
    {
    case PROP_PATIENT:
      g_value_set_object (value, self->patient);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, g_strcmp0 (adw_multi_layout_view_get_layout_name (self->panes),
                                             "narrow") == 0);
      break;
    }
}

static void
workspace_patient_window_set_property (GObject *object,
                                       guint id,
                                       const GValue *value,
                                       GParamSpec *pspec)
{
  WorkspacePatientWindow *self = WORKSPACE_PATIENT_WINDOW (object);

  switch ((WorkspacePatientWindowProperty) id)
    {
    case PROP_PATIENT:
      self->patient = g_value_dup_object (value);
      break;
    case PROP_NARROW:
      g_assert_not_reached ();
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/workspace/workspace-patient-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, title);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, downtime);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, state);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, menu);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, split);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, panes);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, wide_paned);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, side);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, sheet);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, sheet_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, page_stack);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, top_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePatientWindow, bottom_stack);
  gtk_widget_class_bind_template_callback (widget_class, page_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, layout_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
}

static void
workspace_patient_window_class_init (WorkspacePatientWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = workspace_patient_window_constructed;
  object_class->dispose = workspace_patient_window_dispose;
  object_class->get_property = workspace_patient_window_get_property;
  object_class->set_property = workspace_patient_window_set_property;

  properties[PROP_PATIENT] =
      g_param_spec_object ("patient", NULL, NULL, WORKSPACE_TYPE_PATIENT,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_SPOT_CHANGED] =
      g_signal_new ("spot-changed", WORKSPACE_TYPE_PATIENT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);

  g_type_ensure (WORKSPACE_TYPE_BANNER);
  g_type_ensure (WORKSPACE_TYPE_DOWNTIME_BANNER);
  bind_template (widget_class);
}

static void
workspace_patient_window_init (WorkspacePatientWindow *self)
{
  self->offers = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->menu_button, make_menu_cb, self, NULL);
  workspace_patient_window_make_overlay (self);
  workspace_patient_window_add_actions (self);
}

/* A window for @patient_id. The application asks for one only when none exists. */
WorkspacePatientWindow *
workspace_patient_window_new (GtkApplication *application,
                              WorkspaceSession *session,
                              const char *patient_id)
{
  g_autoptr (WorkspacePatient) patient = workspace_patient_new (session, patient_id);

  return g_object_new (WORKSPACE_TYPE_PATIENT_WINDOW, "application", application, "patient",
                       patient, NULL);
}

WorkspacePatient *
workspace_patient_window_get_patient (WorkspacePatientWindow *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT_WINDOW (self), NULL);

  return self->patient;
}

/* (transfer full) (nullable): of "tasks#Task/1" the page or pane. "DocumentReference/1#2" names
 * none. */
static char *
dup_place (const char *target)
{
  const char *mark = strchr (target, '#'), *slash = strchr (target, '/');

  return mark && (!slash || mark < slash) ? g_strndup (target, (gsize) (mark - target)) : NULL;
}

/* A key that shows a page leads to its first row; who writes in a pane beside it goes on writing.
 */
static void
focus_page (WorkspacePatientWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->page_stack);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean writes = focus && gtk_widget_get_mapped (focus) &&
                    (GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus)) &&
                    !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->page_stack));

  if (WORKSPACE_IS_PAGE (page) && !writes)
    workspace_page_focus_rows (WORKSPACE_PAGE (page));
}

/* Shows a page or pane by its offer's id ("problems"), whatever claims a reference
 * ("MedicationRequest/1"), or a reference where it is said to stand ("tasks#Task/1"). */
void
workspace_patient_window_show (WorkspacePatientWindow *self, const char *target)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT_WINDOW (self));
  g_return_if_fail (target);

  g_autofree char *place = dup_place (target);
  WorkspacePatientEntry *entry = workspace_patient_window_find_page (self, target);

  if (place)
    workspace_patient_window_show_at (self, place, strchr (target, '#') + 1);
  else if (strchr (target, '/'))
    workspace_patient_window_show_reference (self, target, NULL);
  else if (entry)
    {
      workspace_patient_window_show_page (self, entry);
      focus_page (self);
    }
  else if (!workspace_patient_window_show_pane (self, target))
    gtk_widget_error_bell (GTK_WIDGET (self));
}

/* Goes on with a draft: "PLACE DRAFT", where PLACE is a page, a pane, or what a page claims.
 * Whoever keeps such drafts there hears the request "resume" with the draft's id. */
void
workspace_patient_window_resume (WorkspacePatientWindow *self, const char *target)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT_WINDOW (self));

  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  g_auto (GStrv) parts = g_strsplit (target, " ", 2);
  const char *place = parts[0], *id = place;
  WorkspacePatientEntry *entry;

  g_return_if_fail (g_strv_length (parts) == 2);

  if (strchr (place, '/'))
    id = workspace_session_find_offer_of (session, place);
  entry = id ? workspace_patient_window_find_page (self, id) : NULL;
  if (entry)
    workspace_patient_window_show_page (self, entry);
  else if (!id || !workspace_patient_window_show_pane (self, id))
    gtk_widget_error_bell (GTK_WIDGET (self));
  workspace_patient_request (self->patient, "resume", parts[1]);
}

/* One sentence that needs no answer. */
void
workspace_patient_window_add_toast (WorkspacePatientWindow *self, const char *text)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT_WINDOW (self));

  adw_toast_overlay_add_toast (self->toasts, workspace_toast_new (text));
}

/* (transfer full): the page and how far it is scrolled. */
char *
workspace_patient_window_dup_spot (WorkspacePatientWindow *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT_WINDOW (self), NULL);

  return workspace_spot_dup_text (self->spot);
}

/* Goes back to what workspace_patient_window_dup_spot () wrote; a page that is no more is left out.
 */
void
workspace_patient_window_go_to_spot (WorkspacePatientWindow *self, const char *spot)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT_WINDOW (self));

  double scroll = 0;
  g_autofree char *id = workspace_spot_parse (spot, &scroll);
  WorkspacePatientEntry *entry = workspace_patient_window_find_page (self, id);
  if (!entry)
    return;
  workspace_patient_window_show_page (self, entry);
  workspace_spot_scroll_to (self->spot, scroll);
}
