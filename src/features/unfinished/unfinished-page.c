/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unfinished-page.h"

#include <glib/gi18n.h>

#include "care-unfinished.h"

#include "unfinished-row.h"
#include "workspace-toast.h"

/**
 * UnfinishedPage:
 *
 * What the user began and did not end, by patient, of all or of one. Drafts change without a record
 * changing, so the list is read again now and then, and rebuilt only where it differs.
 */

#define SETTLE_MS    120
#define TICK_SECONDS 5

struct _UnfinishedPage
{
  WorkspacePage parent_instance;

  WorkspaceSession *session;
  char *patient; /* id; NULL: of all */
  GPtrArray *items;
  char *shown;           /* what the list says, to be compared */
  GHashTable *discarded; /* StoreDraft by id: each has its Undo */
  GCancellable *cancellable;
  guint reload_source, tick_source;
  gboolean is_reading, is_stale;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *failed_page;
  GtkBox *groups_box;
};

G_DEFINE_FINAL_TYPE (UnfinishedPage, unfinished_page, WORKSPACE_TYPE_PAGE)

static CareContext *
context_of (UnfinishedPage *self)
{
  return workspace_session_get_context (self->session);
}

/* ---- the list ---- */

static GtkWidget *
label_new (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
list_new (const char *name)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return list;
}

static GtkWidget *
add_patient (UnfinishedPage *self, const CareUnfinished *item)
{
  const char *name = item->patient_name ? item->patient_name
                     : item->of_clinic  ? _ ("Of the clinic")
                     : item->patient    ? _ ("A patient who is not here")
                                        : _ ("About no patient");
  GtkWidget *list = list_new (name);

  if (!self->patient)
    {
      GtkWidget *heading = label_new (name, "section-title");

      gtk_widget_set_margin_top (heading, 12);
      gtk_box_append (self->groups_box, heading);
    }
  if (item->problem)
    gtk_box_append (self->groups_box, label_new (item->problem, "warning"));
  gtk_box_append (self->groups_box, list);
  return list;
}

static void
fill (UnfinishedPage *self)
{
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  const CareUnfinished *before = NULL;
  GtkWidget *list = NULL, *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups_box))))
    gtk_box_remove (self->groups_box, child);
  for (guint i = 0; i < self->items->len; i++)
    {
      const CareUnfinished *item = self->items->pdata[i];

      if (!before || g_strcmp0 (before->patient, item->patient) != 0)
        list = add_patient (self, item);
      gtk_list_box_append (GTK_LIST_BOX (list), unfinished_row_new (item, now));
      before = item;
    }
}

/* All that the list says; ages by the minute. */
static char *
dup_shown (UnfinishedPage *self, GPtrArray *items)
{
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      const CareUnfinished *item = items->pdata[i];
      const char *const parts[] = {
        item->id,      item->patient_name, item->problem, item->title,
        item->excerpt, item->missing,      item->stage,   item->target
      };

      for (gsize n = 0; n < G_N_ELEMENTS (parts); n++)
        g_string_append_printf (text, "%s\n", parts[n] ? parts[n] : "");
      g_string_append_printf (text, "%" G_GINT64_FORMAT "\n",
                              (now - item->since_us) / G_TIME_SPAN_MINUTE);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
take (UnfinishedPage *self, GPtrArray *items)
{
  g_autofree char *shown = dup_shown (self, items);

  workspace_page_set_count (WORKSPACE_PAGE (self), items->len);
  gtk_stack_set_visible_child_name (self->stack, items->len > 0 ? "list" : "empty");
  g_clear_pointer (&self->items, g_ptr_array_unref);
  self->items = g_ptr_array_ref (items);
  if (g_strcmp0 (shown, self->shown) == 0)
    return;
  g_set_str (&self->shown, shown);
  fill (self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UnfinishedPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = care_unfinished_list_finish (result, &error);

  self->is_reading = FALSE;
  if (!self->session || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (items)
    take (self, items);
  else
    {
      adw_status_page_set_description (self->failed_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  if (self->is_stale)
    gtk_widget_activate_action (GTK_WIDGET (self), "unfinished.reload", NULL);
}

static void
reload (gpointer user_data)
{
  UnfinishedPage *self = user_data;
  StoreContent *content;

  self->reload_source = 0;
  self->is_stale = self->is_reading;
  if (self->is_reading)
    return;
  self->is_reading = TRUE;
  content = workspace_session_get_content (self->session);
  care_unfinished_list_async (context_of (self), self->patient,
                              content ? CLINICAL_CONTENT (content) : NULL, self->cancellable,
                              loaded_cb, g_object_ref (self));
}

static void
queue_reload (UnfinishedPage *self)
{
  if (self->session && self->reload_source == 0)
    self->reload_source = g_timeout_add_once (SETTLE_MS, reload, self);
}

static gboolean
tick_cb (gpointer user_data)
{
  queue_reload (user_data);
  return G_SOURCE_CONTINUE;
}

/* ---- actions ---- */

static const CareUnfinished *
find (UnfinishedPage *self, const char *id)
{
  for (guint i = 0; self->items && i < self->items->len; i++)
    if (g_strcmp0 (((CareUnfinished *) self->items->pdata[i])->id, id) == 0)
      return self->items->pdata[i];
  return NULL;
}

/* @undo: (nullable): id of the draft that it gives back */
static void
add_toast (UnfinishedPage *self, const char *text, const char *undo)
{
  workspace_toast_add (self->toasts, text, "unfinished.undo", undo);
}

/* The clinic's own forms find what was typed when they are opened as they always are. */
static void
open_form (GtkWidget *widget, const char *form)
{
  static const struct
  {
    const char *form, *action;
  } forms[] = { { "registration", "win.register-patient" }, { "booking", "win.book-visit" } };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (g_str_equal (forms[i].form, form))
      gtk_widget_activate_action (widget, forms[i].action, NULL);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *target)
{
  UnfinishedPage *self = UNFINISHED_PAGE (widget);
  const CareUnfinished *item = find (self, g_variant_get_string (target, NULL));
  g_autofree char *place = NULL;

  if (!item || !care_unfinished_can_open (item))
    return;
  if (item->of_clinic)
    {
      open_form (widget, item->target);
      return;
    }
  if (item->resumes)
    place = g_strconcat (item->target, " ", item->id, NULL);
  workspace_session_open_patient (self->session, item->patient, place ? "resume" : "show",
                                  place ? place : item->target);
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UnfinishedPage) self = user_data;
  g_autoptr (GError) error = NULL;
  StoreDraft *draft = care_unfinished_discard_finish (result, &error);

  if (!self->session)
    {
      g_clear_pointer (&draft, store_draft_free);
      return;
    }
  if (draft)
    g_hash_table_replace (self->discarded, draft->id, draft);
  add_toast (self, draft ? _ ("Discarded") : error->message, draft ? draft->id : NULL);
  queue_reload (self);
}

static void
discard_action (GtkWidget *widget, const char *name, GVariant *target)
{
  care_unfinished_discard_async (context_of (UNFINISHED_PAGE (widget)),
                                 g_variant_get_string (target, NULL), discarded_cb,
                                 g_object_ref (widget));
}

typedef struct
{
  UnfinishedPage *page;
  char *id;
} Restoring;

/* What could not be restored stays in hand. */
static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Restoring *restoring = user_data;
  g_autoptr (UnfinishedPage) self = restoring->page;
  g_autofree char *id = restoring->id;
  g_autoptr (GError) error = NULL;

  if (care_unfinished_restore_finish (result, &error))
    g_hash_table_remove (self->discarded, id);
  else if (self->session)
    add_toast (self, error->message, id);
  queue_reload (self);
}

static StoreDraft *
copy_draft (const StoreDraft *draft)
{
  StoreDraft *copy = g_memdup2 (draft, sizeof *draft);

  copy->id = g_strdup (draft->id);
  copy->kind = g_strdup (draft->kind);
  copy->patient = g_strdup (draft->patient);
  copy->author = g_strdup (draft->author);
  copy->encounter = g_strdup (draft->encounter);
  copy->body = g_strdup (draft->body);
  return copy;
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *id)
{
  UnfinishedPage *self = UNFINISHED_PAGE (widget);
  StoreDraft *draft = g_hash_table_lookup (self->discarded, g_variant_get_string (id, NULL));
  Restoring *restoring;

  if (!draft)
    return;
  restoring = g_new0 (Restoring, 1);
  restoring->page = g_object_ref (self);
  restoring->id = g_strdup (draft->id);
  care_unfinished_restore_async (context_of (self), copy_draft (draft), restored_cb, restoring);
}

static void
reload_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  queue_reload (UNFINISHED_PAGE (widget));
}

/* ---- object ---- */

static void
unfinished_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (unfinished_page_parent_class)->map (widget);
  queue_reload (UNFINISHED_PAGE (widget));
}

static void
unfinished_page_dispose (GObject *object)
{
  UnfinishedPage *self = UNFINISHED_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), UNFINISHED_TYPE_PAGE);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (unfinished_page_parent_class)->dispose (object);
}

static void
unfinished_page_finalize (GObject *object)
{
  UnfinishedPage *self = UNFINISHED_PAGE (object);

  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->discarded, g_hash_table_unref);
  g_clear_object (&self->cancellable);
  g_free (self->patient);
  g_free (self->shown);
  G_OBJECT_CLASS (unfinished_page_parent_class)->finalize (object);
}

static void
unfinished_page_class_init (UnfinishedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = unfinished_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = unfinished_page_finalize;
  widget_class->map = unfinished_page_map;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/unfinished/unfinished-page.ui");
  gtk_widget_class_bind_template_child (widget_class, UnfinishedPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedPage, stack);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, UnfinishedPage, groups_box);
  gtk_widget_class_install_action (widget_class, "unfinished.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "unfinished.discard", "s", discard_action);
  gtk_widget_class_install_action (widget_class, "unfinished.undo", "s", undo_action);
  gtk_widget_class_install_action (widget_class, "unfinished.reload", NULL, reload_action);
}

static void
unfinished_page_init (UnfinishedPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->discarded =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) store_draft_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @patient_id: (nullable): only what is about this patient */
GtkWidget *
unfinished_page_new (WorkspaceSession *session, const char *patient_id)
{
  UnfinishedPage *self = g_object_new (UNFINISHED_TYPE_PAGE, NULL);

  self->session = g_object_ref (session);
  self->patient = g_strdup (patient_id);
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (queue_reload), self, G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  reload (self);
  return GTK_WIDGET (self);
}
