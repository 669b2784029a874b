/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-page.h"

#include <glib/gi18n.h>

#include "care-entry.h"
#include "workspace-line-layout.h"
#include "workspace-list-top.h"
#include "workspace-person-search.h"

#include "patients-contact-dialog.h"
#include "patients-list-page.h"
#include "patients-lists.h"
#include "patients-person-row.h"
#include "patients-register-dialog.h"
#include "patients-say.h"

/**
 * PatientsPage:
 *
 * Finds a patient by any part of the name, by birth date, telephone number or identifier, as one
 * types; while nothing is typed, those opened lately stand above the others. The cursor stays in
 * the entry; up, down and Enter choose. Two of the same name differ by birth date, identifier and
 * address, which are never cut off.
 */

#define SHOWN        20
#define TICK_SECONDS 60 /* marks say how old a chart is */

struct _PatientsPage
{
  WorkspacePage parent_instance;

  WorkspaceSession *session;
  WorkspacePersonSearch *search;
  GtkSingleSelection *selection;
  GtkListItemFactory *headings;
  guint tick_source;

  GtkSearchEntry *entry;
  PatientsLists *lists;
  PatientsListPage *list_page;
  GtkStack *stack;
  AdwStatusPage *empty_page;
  GtkListView *list;
  GtkLabel *more_label;
};

G_DEFINE_FINAL_TYPE (PatientsPage, patients_page, WORKSPACE_TYPE_PAGE)

/* Headings part those opened lately from the others; what is typed is answered by one list. */
static void
show_headings (PatientsPage *self, gboolean typed)
{
  g_autoptr (WorkspacePerson) first = g_list_model_get_item (G_LIST_MODEL (self->selection), 0);
  gboolean parted = !typed && first && workspace_person_is_recent (first);

  gtk_list_view_set_header_factory (self->list, parted ? self->headings : NULL);
  if (parted)
    workspace_list_top_show (self->list);
}

static void
finished_cb (PatientsPage *self)
{
  gboolean none = g_list_model_get_n_items (workspace_person_search_get_model (self->search)) == 0;
  gboolean typed = *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0';

  if (!typed && patients_lists_get_selected (self->lists))
    return;
  show_headings (self, typed);
  gtk_stack_set_visible_child_name (self->stack, none ? "empty" : "list");
  adw_status_page_set_title (self->empty_page,
                             typed ? _ ("Nobody Found") : _ ("No Patients Here Yet"));
  adw_status_page_set_description (
      self->empty_page,
      typed ? _ ("Nobody on this machine has such a name, birth date, phone number or "
                 "identifier.")
            : _ ("Patients appear here when they have come from the clinic’s server."));
  gtk_widget_set_visible (GTK_WIDGET (self->more_label),
                          workspace_person_search_get_more (self->search));
  gtk_single_selection_set_selected (self->selection,
                                     none || !typed ? GTK_INVALID_LIST_POSITION : 0);
}

static void
search_changed_cb (PatientsPage *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)))
    patients_lists_unselect (self->lists);
  workspace_person_search_set_text (self->search,
                                    gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
open_person (PatientsPage *self, WorkspacePerson *person)
{
  if (person)
    workspace_session_open_patient (self->session, workspace_person_get_id (person), "show", NULL);
}

static void
entry_activate_cb (PatientsPage *self)
{
  open_person (self, gtk_single_selection_get_selected_item (self->selection));
}

static void
list_activate_cb (PatientsPage *self, guint position)
{
  g_autoptr (WorkspacePerson) person =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  open_person (self, person);
}

static gboolean
key_cb (PatientsPage *self, guint key)
{
  guint selected = gtk_single_selection_get_selected (self->selection);
  guint n_people = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  guint wanted = 0;

  if (n_people == 0 || (key != GDK_KEY_Down && key != GDK_KEY_Up))
    return GDK_EVENT_PROPAGATE;
  if (selected != GTK_INVALID_LIST_POSITION)
    wanted = key == GDK_KEY_Down ? MIN (selected + 1, n_people - 1) : selected - (selected > 0);
  gtk_list_view_scroll_to (self->list, wanted, GTK_LIST_SCROLL_SELECT, NULL);
  return GDK_EVENT_STOP;
}

/* ---- saved lists ---- */

/* What is typed goes before the list, and the list before whoever comes first by name. */
static void
list_chosen_cb (PatientsPage *self)
{
  PatientsListModel *model = patients_lists_get_selected (self->lists);

  patients_list_page_set_model (self->list_page, self->session, model);
  if (!model)
    {
      finished_cb (self);
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_stack_set_visible_child_name (self->stack, "saved");
}

/* The next list, or after the last one none; the cursor goes where Enter opens somebody. */
static void
next_list_cb (PatientsPage *self)
{
  patients_lists_select_next (self->lists);
  if (!patients_lists_get_selected (self->lists) ||
      !gtk_widget_grab_focus (GTK_WIDGET (self->list_page)))
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

/* ---- registering ---- */

static void
registered_cb (PatientsPage *self, const char *id, const char *name)
{
  g_autofree char *text = g_strdup_printf (_ ("%s is registered."), name);

  patients_say (GTK_WIDGET (self), text, "win.undo-registration", id);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), name);
}

static void
register_cb (PatientsPage *self)
{
  AdwDialog *dialog = patients_register_dialog_new (self->session);

  g_signal_connect_object (dialog, "registered", G_CALLBACK (registered_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_entry_command_finish (result, &error))
    patients_say (GTK_WIDGET (self), _ ("Undone: it is as it was."), NULL, NULL);
  else
    patients_say (GTK_WIDGET (self), error->message, NULL, NULL);
}

static void
undo_cb (PatientsPage *self, GVariant *patient)
{
  g_autofree char *reference = g_strconcat ("Patient/", g_variant_get_string (patient, NULL), NULL);

  care_entry_undo_async (workspace_session_get_context (self->session), reference, NULL, undone_cb,
                         g_object_ref (self));
}

/* ---- how a person is reached ---- */

/* (transfer full) (nullable): who is chosen, in the search or in a list. */
static char *
dup_chosen (PatientsPage *self)
{
  WorkspacePerson *person = gtk_single_selection_get_selected_item (self->selection);
  const char *listed = patients_list_page_get_selected (self->list_page);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "saved") == 0)
    return g_strdup (listed);
  return person ? g_strdup (workspace_person_get_id (person)) : NULL;
}

static void
corrected_cb (PatientsPage *self, AdwDialog *dialog)
{
  patients_say (GTK_WIDGET (self), _ ("Corrected. What stood there is kept as old."),
                "win.undo-registration", g_object_get_data (G_OBJECT (dialog), "patient"));
}

static void
noted_cb (PatientsPage *self)
{
  patients_say (GTK_WIDGET (self), _ ("Written down."), NULL, NULL);
}

static void
correct_cb (PatientsPage *self)
{
  g_autofree char *id = dup_chosen (self);

  if (!id)
    {
      patients_say (GTK_WIDGET (self), _ ("Choose a patient first."), NULL, NULL);
      return;
    }
  AdwDialog *dialog = patients_contact_dialog_new (self->session, id);
  g_object_set_data_full (G_OBJECT (dialog), "patient", g_steal_pointer (&id), g_free);
  g_signal_connect_object (dialog, "corrected", G_CALLBACK (corrected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "noted", G_CALLBACK (noted_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
add_action (PatientsPage *self,
            GActionMap *window,
            const char *name,
            const GVariantType *target,
            GCallback callback)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, target);

  g_signal_connect_object (action, "activate", callback, self, G_CONNECT_SWAPPED);
  g_action_map_add_action (window, G_ACTION (action));
}

static void
patients_page_root (GtkWidget *widget)
{
  PatientsPage *self = PATIENTS_PAGE (widget);
  GTK_WIDGET_CLASS (patients_page_parent_class)->root (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  if (!G_IS_ACTION_MAP (root))
    return;
  add_action (self, G_ACTION_MAP (root), "register-patient", NULL, G_CALLBACK (register_cb));
  add_action (self, G_ACTION_MAP (root), "undo-registration", G_VARIANT_TYPE_STRING,
              G_CALLBACK (undo_cb));
  add_action (self, G_ACTION_MAP (root), "next-patient-list", NULL, G_CALLBACK (next_list_cb));
  add_action (self, G_ACTION_MAP (root), "correct-contact", NULL, G_CALLBACK (correct_cb));
  patients_lists_add_actions (self->lists, G_ACTION_MAP (root));
}

static void
patients_page_start_search (WorkspacePage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (PATIENTS_PAGE (page)->entry));
}

static void
patients_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (patients_page_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (PATIENTS_PAGE (widget)->entry));
}

/* ---- those opened lately ---- */

static int
compare_recent (gconstpointer a, gconstpointer b, gpointer data)
{
  return workspace_person_is_recent ((WorkspacePerson *) b) -
         workspace_person_is_recent ((WorkspacePerson *) a);
}

static void
setup_heading_cb (GtkListItemFactory *factory, GtkListHeader *header)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, NULL);

  gtk_widget_add_css_class (label, "heading");
  gtk_list_header_set_child (header, label);
}

static void
bind_heading_cb (GtkListItemFactory *factory, GtkListHeader *header)
{
  WorkspacePerson *person = gtk_list_header_get_item (header);

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)),
                       workspace_person_is_recent (person) ? _ ("Opened Lately") : _ ("By Name"));
}

/* (transfer full): of the search, parted where those end who were opened lately */
static GListModel *
part (PatientsPage *self)
{
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_recent, NULL, NULL));
  GtkSortListModel *parted =
      gtk_sort_list_model_new (g_object_ref (workspace_person_search_get_model (self->search)),
                               NULL);

  gtk_sort_list_model_set_section_sorter (parted, sorter);
  self->headings = gtk_signal_list_item_factory_new ();
  g_signal_connect (self->headings, "setup", G_CALLBACK (setup_heading_cb), NULL);
  g_signal_connect (self->headings, "bind", G_CALLBACK (bind_heading_cb), NULL);
  return G_LIST_MODEL (parted);
}

/* The list is made anew, so not while somebody chooses in it. */
static gboolean
tick_cb (gpointer user_data)
{
  PatientsPage *self = user_data;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    workspace_person_search_refresh (self->search);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    patients_lists_refresh (self->lists);
  patients_list_page_update (self->list_page);
  return G_SOURCE_CONTINUE;
}

static void
patients_page_dispose (GObject *object)
{
  PatientsPage *self = PATIENTS_PAGE (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), PATIENTS_TYPE_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->headings);
  g_clear_object (&self->search);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (patients_page_parent_class)->dispose (object);
}

static void
patients_page_class_init (PatientsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  g_type_ensure (WORKSPACE_TYPE_PERSON);
  g_type_ensure (PATIENTS_TYPE_LIST_PAGE);
  g_type_ensure (PATIENTS_TYPE_LISTS);
  g_type_ensure (PATIENTS_TYPE_PERSON_ROW);
  G_OBJECT_CLASS (klass)->dispose = patients_page_dispose;
  widget_class->map = patients_page_map;
  widget_class->root = patients_page_root;
  WORKSPACE_PAGE_CLASS (klass)->start_search = patients_page_start_search;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/patients/patients-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PatientsPage, entry);
  gtk_widget_class_bind_template_child (widget_class, PatientsPage, lists);
  gtk_widget_class_bind_template_child (widget_class, PatientsPage, list_page);
  gtk_widget_class_bind_template_child (widget_class, PatientsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PatientsPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, PatientsPage, list);
  gtk_widget_class_bind_template_child (widget_class, PatientsPage, more_label);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, patients_person_row_describe);
}

static void
patients_page_init (PatientsPage *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
}

GtkWidget *
patients_page_new (WorkspaceSession *session)
{
  PatientsPage *self = g_object_new (PATIENTS_TYPE_PAGE, NULL);

  self->session = g_object_ref (session);
  patients_lists_set_session (self->lists, session);
  self->search = workspace_person_search_new (session, SHOWN);
  workspace_person_search_put_recent_first (self->search);
  self->selection = gtk_single_selection_new (part (self));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->search, "finished", G_CALLBACK (finished_cb), self,
                           G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  return GTK_WIDGET (self);
}
