/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-palette.h"

#include <glib/gi18n.h>

#include "care-document.h"
#include "care-row.h"

#include "workspace-commands.h"
#include "workspace-line-layout.h"
#include "workspace-list-choice.h"
#include "workspace-person-search.h"

/**
 * WorkspacePalette:
 *
 * Ctrl+K: patients first, of whom the last opened stand before the others, then everything that the
 * window can do, and from a patient the pages of the clinic window and the documents of this chart
 * too, found by words in any order; what is done often and was done lately stands first. The chosen
 * command is activated on the window that opened the palette, after the palette closed.
 */

#define PATIENTS_SHOWN 6

struct _WorkspacePalette
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  WorkspacePersonSearch *search;
  GListStore *people;
  GListStore *commands;
  GCancellable *reading; /* of the documents */
  GtkFilter *filter;
  GtkSorter *sorter;
  GtkSingleSelection *selection;
  WorkspaceListChoice *choice;
  char *text;
  gboolean is_searching; /* people of self->text have not been found yet */
  gboolean run_when_found;

  GtkSearchEntry *entry;
  GtkStack *stack;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (WorkspacePalette, workspace_palette, ADW_TYPE_DIALOG)

static void
update_stack (WorkspacePalette *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;

  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "list");
}

static gboolean
can_activate (GtkWidget *window, const char *action)
{
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  if (!g_action_parse_detailed_name (action, &name, &target, NULL))
    return FALSE;
  return gtk_widget_activate_action_variant (window, name, target);
}

static void
run (WorkspacePalette *self, guint position)
{
  g_autoptr (WorkspaceCommandItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  g_autoptr (GtkWidget) window = NULL;

  if (!item)
    return;
  workspace_usage_note (workspace_session_get_usage (self->session),
                        workspace_command_item_get_action (item));
  g_set_object (&window, GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  adw_dialog_close (ADW_DIALOG (self));
  if (window && !can_activate (window, workspace_command_item_get_action (item)))
    gtk_widget_error_bell (window);
}

/* Patients appear only for what was typed: an open palette is no list of patients on a screen. */
static void
people_cb (WorkspacePalette *self)
{
  GListModel *found = workspace_person_search_get_model (self->search);

  g_list_store_remove_all (self->people);
  for (guint i = 0; self->text && *self->text && i < g_list_model_get_n_items (found); i++)
    {
      g_autoptr (WorkspacePerson) person = g_list_model_get_item (found, i);
      const char *identifier = workspace_person_get_identifier (person);
      g_autofree char *subtitle = g_strjoin ("  ", workspace_person_get_born (person),
                                             workspace_person_get_sex (person), identifier, NULL);
      g_autofree char *action = g_strdup_printf ("app.open::%s", workspace_person_get_id (person));
      g_autoptr (WorkspaceCommandItem) item =
          workspace_command_item_new (workspace_person_get_name (person), subtitle, action, NULL,
                                      "avatar-default-symbolic");
      g_list_store_append (self->people, item);
    }
  workspace_list_choice_set (self->choice, 0);
  update_stack (self);
  self->is_searching = FALSE;
  if (self->run_when_found)
    run (self, 0);
}

static void
search_changed_cb (WorkspacePalette *self)
{
  if (g_strcmp0 (self->text, gtk_editable_get_text (GTK_EDITABLE (self->entry))) == 0)
    return;
  self->run_when_found = FALSE;
  g_set_str (&self->text, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  self->is_searching = *self->text != 0;
  workspace_person_search_set_text (self->search, self->text);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  if (!*self->text)
    g_list_store_remove_all (self->people);
  workspace_list_choice_set (self->choice, 0);
  update_stack (self);
}

static gboolean
matches (gpointer item, gpointer user_data)
{
  WorkspacePalette *self = user_data;

  return !self->text || workspace_command_item_matches (item, self->text);
}

static void
activated_cb (WorkspacePalette *self)
{
  search_changed_cb (self); /* what was typed this moment */
  self->run_when_found = self->is_searching;
  if (!self->is_searching)
    run (self, gtk_single_selection_get_selected (self->selection));
}

static void
row_activated_cb (WorkspacePalette *self, guint position)
{
  run (self, position);
}

static void
stop_cb (WorkspacePalette *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* The cursor stays in the entry; up and down walk the list. */
static gboolean
key_cb (WorkspacePalette *self, guint key)
{
  if (key != GDK_KEY_Down && key != GDK_KEY_Up)
    return GDK_EVENT_PROPAGATE;
  workspace_list_choice_move (self->choice, key == GDK_KEY_Down ? 1 : -1);
  return GDK_EVENT_STOP;
}

static gboolean
has_text (GObject *object, const char *text)
{
  return text && *text;
}

static void
workspace_palette_dispose (GObject *object)
{
  WorkspacePalette *self = WORKSPACE_PALETTE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_PALETTE);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->search);
  g_clear_object (&self->sorter);
  g_clear_object (&self->session);
  g_clear_object (&self->choice);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (workspace_palette_parent_class)->dispose (object);
}

static void
workspace_palette_class_init (WorkspacePaletteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_COMMAND_ITEM);
  G_OBJECT_CLASS (klass)->dispose = workspace_palette_dispose;
  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-palette.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspacePalette, entry);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePalette, stack);
  gtk_widget_class_bind_template_child (widget_class, WorkspacePalette, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, has_text);
}

static void
workspace_palette_init (WorkspacePalette *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
}

/* What was never used keeps the order in which features offer it. */
static int
compare_use (gconstpointer a, gconstpointer b, gpointer user_data)
{
  WorkspaceUsage *usage = workspace_session_get_usage (WORKSPACE_PALETTE (user_data)->session);
  double x =
      workspace_usage_get_score (usage,
                                 workspace_command_item_get_action ((WorkspaceCommandItem *) a));
  double y =
      workspace_usage_get_score (usage,
                                 workspace_command_item_get_action ((WorkspaceCommandItem *) b));

  return (x < y) - (x > y);
}

static void
usage_cb (WorkspacePalette *self)
{
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
  workspace_list_choice_set (self->choice, 0);
}

/* ---- documents of the chart ---- */

/* Found by title, date, kind and author; shown by whichever feature claims it. */
static void
add_document (WorkspacePalette *self, CareRow *row)
{
  const char *date = care_row_get_text (row, CARE_ROW_DATE);
  const char *more = care_row_get_text (row, CARE_ROW_SUBTITLE);
  g_autofree char *action = g_strconcat ("win.show::", care_row_get_reference (row), NULL);
  g_autofree char *title = g_strdup_printf (_ ("Document: %s"), care_row_get_title (row));
  g_autofree char *subtitle =
      g_strjoin (date && more ? " · " : "", date ? date : "", more ? more : "", NULL);
  g_autoptr (WorkspaceCommandItem) item =
      workspace_command_item_new (title, subtitle, action, NULL, "bedside-documents-symbolic");

  g_list_store_append (self->commands, item);
}

/* What is wrong, superseded or withheld is read on the page of documents, whose list says so. */
static gboolean
is_offered (WorkspacePalette *self, CareRow *row)
{
  const char *reference = care_row_get_reference (row);

  return reference && care_row_get_title (row) &&
         g_strcmp0 (care_row_get_text (row, CARE_ROW_GROUP), "Current") == 0 &&
         workspace_session_find_offer_of (self->session, reference);
}

static void
documents_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspacePalette) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) rows = care_document_list_finish (result, &error);

  if (!rows && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("cannot list documents for the palette: %s", error->message);
  for (guint i = 0; rows && self->session && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      if (is_offered (self, row))
        add_document (self, row);
    }
  if (rows && self->session)
    update_stack (self);
}

static void
read_documents (WorkspacePalette *self, WorkspacePatient *patient)
{
  self->reading = g_cancellable_new ();
  care_document_list_async (workspace_session_get_context (self->session),
                            workspace_patient_get_id (patient), self->reading, documents_cb,
                            g_object_ref (self));
}

static void
fill (WorkspacePalette *self, WorkspaceScope scope)
{
  GListStore *lists = g_list_store_new (G_TYPE_LIST_MODEL);

  self->people = g_list_store_new (WORKSPACE_TYPE_COMMAND_ITEM);
  self->commands = workspace_commands_list (self->session, scope);
  if (scope == WORKSPACE_SCOPE_PATIENT)
    workspace_commands_add_clinic_pages (self->commands, self->session);
  workspace_commands_add_named (self->commands, self->session, scope);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  g_autoptr (GtkFilterListModel) filtered =
      gtk_filter_list_model_new (G_LIST_MODEL (self->commands), self->filter);
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare_use, self, NULL));
  g_autoptr (GtkSortListModel) sorted =
      gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (filtered)), g_object_ref (self->sorter));
  g_list_store_append (lists, self->people);
  g_list_store_append (lists, sorted);
  g_object_unref (self->people);
  self->selection =
      gtk_single_selection_new (G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists))));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  self->choice = workspace_list_choice_new (self->list, self->selection);
}

/* @patient: (nullable): whose window it is for, or the clinic's; present it on that window. */
AdwDialog *
workspace_palette_new (WorkspaceSession *session, WorkspacePatient *patient)
{
  WorkspacePalette *self = g_object_new (WORKSPACE_TYPE_PALETTE, NULL);

  self->session = g_object_ref (session);
  self->search = workspace_person_search_new (session, PATIENTS_SHOWN);
  workspace_person_search_put_recent_first (self->search);
  fill (self, patient ? WORKSPACE_SCOPE_PATIENT : WORKSPACE_SCOPE_CLINIC);
  if (patient)
    read_documents (self, patient);
  g_signal_connect_object (self->search, "finished", G_CALLBACK (people_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace_session_get_usage (session), "changed", G_CALLBACK (usage_cb),
                           self, G_CONNECT_SWAPPED);
  return ADW_DIALOG (self);
}
