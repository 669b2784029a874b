/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-page.h"

#include <glib/gi18n.h>

#include "outbox-actions.h"
#include "outbox-conflict-window.h"
#include "outbox-item.h"
#include "outbox-load.h"
#include "outbox-row.h"
#include "outbox-sign.h"
#include "workspace-line-layout.h"

/**
 * OutboxPage:
 *
 * Everything that was changed here and is not at the server: in which state, since when, why, and
 * what a person can do about it. Nothing leaves this list but by arriving, or by a person's
 * decision.
 */

#define SETTLE_MS    80
#define TICK_SECONDS 15

struct _OutboxPage
{
  WorkspacePage parent_instance;

  WorkspaceSession *session;
  GListStore *items;
  GCancellable *cancellable;
  guint reload_source;
  guint tick_source;

  GtkStack *stack;
  GtkLabel *sync_label;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (OutboxPage, outbox_page, WORKSPACE_TYPE_PAGE)

static gint64
now (OutboxPage *self)
{
  return base_clock_now (workspace_session_get_clock (self->session));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OutboxPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) items = outbox_load_finish (result, &error);

  if (!items)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("cannot read the outbox: %s", error->message);
      return;
    }
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (items));
  g_set_object (&self->items, items);
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (items)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  gtk_stack_set_visible_child_name (self->stack, n_items > 0 ? "list" : "empty");
  workspace_page_set_count (WORKSPACE_PAGE (self), n_items);
}

static void
reload (gpointer user_data)
{
  OutboxPage *self = user_data;

  self->reload_source = 0;
  outbox_load_async (workspace_session_get_database (self->session), self->cancellable, loaded_cb,
                     g_object_ref (self));
}

static void
changed_cb (OutboxPage *self)
{
  if (self->reload_source == 0)
    self->reload_source = g_timeout_add_once (SETTLE_MS, reload, self);
}

static gboolean
tick_cb (gpointer user_data)
{
  OutboxPage *self = user_data;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && self->items &&
      g_list_model_get_n_items (G_LIST_MODEL (self->items)) > 0)
    changed_cb (self);
  return G_SOURCE_CONTINUE;
}

static void
sync_text_cb (OutboxPage *self)
{
  gtk_label_set_label (self->sync_label, workspace_session_get_sync_text (self->session));
}

/* ---- the list ---- */

static void
setup_cb (OutboxPage *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, outbox_row_new ());
}

static void
bind_cb (OutboxPage *self, GtkListItem *item)
{
  OutboxItem *shown = gtk_list_item_get_item (item);
  GTimeZone *zone = workspace_session_get_zone (self->session);
  g_autofree char *title = outbox_item_dup_title (shown);
  g_autofree char *state = outbox_item_dup_state (shown, now (self), zone);

  outbox_row_set_item (OUTBOX_ROW (gtk_list_item_get_child (item)), shown, now (self), zone,
                       workspace_session_get_engine (self->session) != NULL);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_accessible_label (item, title);
  gtk_list_item_set_accessible_description (item, state);
}

/* ---- actions ---- */

static OutboxItem *
find (OutboxPage *self, const char *name)
{
  for (guint i = 0; self->items && i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    {
      g_autoptr (OutboxItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
      if (g_str_equal (outbox_item_get_group (item), name))
        return item;
    }
  return NULL;
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *target)
{
  OutboxPage *self = OUTBOX_PAGE (widget);

  outbox_actions_decide (widget, self->session, g_variant_get_string (target, NULL),
                         SYNC_DECISION_RETRY);
}

static void
item_action (GtkWidget *widget, const char *name, GVariant *target)
{
  OutboxPage *self = OUTBOX_PAGE (widget);
  OutboxItem *item = find (self, g_variant_get_string (target, NULL));

  if (item && g_str_equal (name, "outbox.sign"))
    outbox_sign (widget, self->session, item);
  else if (item)
    outbox_actions_give_up (widget, self->session, item);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *target)
{
  outbox_actions_export (widget, OUTBOX_PAGE (widget)->session);
}

static void
compare_action (GtkWidget *widget, const char *name, GVariant *target)
{
  OutboxPage *self = OUTBOX_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  outbox_conflict_window_present (self->session, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                  g_variant_get_string (target, NULL), NULL);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *target)
{
  OutboxPage *self = OUTBOX_PAGE (widget);
  OutboxItem *item = find (self, g_variant_get_string (target, NULL));

  if (item && outbox_item_get_patient (item))
    workspace_session_open_patient (self->session, outbox_item_get_patient (item), "show", NULL);
}

/* ---- object ---- */

static void
outbox_page_dispose (GObject *object)
{
  OutboxPage *self = OUTBOX_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), OUTBOX_TYPE_PAGE);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->items);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (outbox_page_parent_class)->dispose (object);
}

static void
outbox_page_class_init (OutboxPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  G_OBJECT_CLASS (klass)->dispose = outbox_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/outbox/outbox-page.ui");
  gtk_widget_class_bind_template_child (widget_class, OutboxPage, stack);
  gtk_widget_class_bind_template_child (widget_class, OutboxPage, sync_label);
  gtk_widget_class_bind_template_child (widget_class, OutboxPage, list);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_install_action (widget_class, "outbox.retry", "s", retry_action);
  gtk_widget_class_install_action (widget_class, "outbox.compare", "s", compare_action);
  gtk_widget_class_install_action (widget_class, "outbox.sign", "s", item_action);
  gtk_widget_class_install_action (widget_class, "outbox.give-up", "s", item_action);
  gtk_widget_class_install_action (widget_class, "outbox.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "outbox.open", "s", open_action);
}

static void
outbox_page_init (OutboxPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
outbox_page_new (WorkspaceSession *session)
{
  OutboxPage *self = g_object_new (OUTBOX_TYPE_PAGE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::sync-text", G_CALLBACK (sync_text_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::waiting", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  sync_text_cb (self);
  reload (self);
  return GTK_WIDGET (self);
}
