/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-readiness-button.h"

#include <glib/gi18n.h>

#include "workspace-line-layout.h"
#include "workspace-time.h"

/**
 * WorkspaceReadinessButton:
 *
 * Quiet while the chart is complete and fresh. What is counted is counted when somebody asks, not
 * each time the chart opens.
 */

struct _WorkspaceReadinessButton
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  WorkspaceReadiness *counted; /* (nullable): since the popover opened */
  GCancellable *cancellable;

  GtkMenuButton *button;
  GtkImage *icon;
  GtkLabel *mark_label;
  GtkLabel *sentence_label;
  GtkGrid *counts_grid;
  GtkBox *missing_box;
  GtkLabel *failure_label;
  GtkButton *read_button;
  GtkStack *read_stack;
};

G_DEFINE_FINAL_TYPE (WorkspaceReadinessButton, workspace_readiness_button, ADW_TYPE_BIN)

static gint64
now (WorkspaceReadinessButton *self)
{
  return base_clock_now (
      workspace_session_get_clock (workspace_patient_get_session (self->patient)));
}

static void
update_mark (WorkspaceReadinessButton *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  WorkspaceReadiness *readiness = workspace_patient_get_readiness (self->patient);
  gint64 pulled = workspace_session_get_pulled (session);

  gtk_widget_set_visible (GTK_WIDGET (self), readiness != NULL);
  if (!readiness)
    return;

  WorkspaceReadinessLevel level = workspace_readiness_get_level (readiness, pulled, now (self));
  g_autofree char *mark = workspace_readiness_dup_mark (readiness, pulled, now (self),
                                                        workspace_session_get_zone (session));
  gtk_label_set_label (self->mark_label, mark);
  gtk_image_set_from_icon_name (self->icon, workspace_readiness_icon_name (level));
  if (level == WORKSPACE_READINESS_FRESH)
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "chip-amber");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "chip-amber");
}

/* ---- the popover ---- */

static GtkWidget *
make_label (const char *text, float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  return label;
}

static void
clear (GtkWidget *box)
{
  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_first_child (box))
    gtk_widget_unparent (child);
}

static void
show_counts (WorkspaceReadinessButton *self)
{
  GArray *counts = workspace_readiness_get_counts (self->counted);

  clear (GTK_WIDGET (self->counts_grid));
  for (guint i = 0; i < counts->len; i++)
    {
      const WorkspaceReadinessCount *count = &g_array_index (counts, WorkspaceReadinessCount, i);
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, count->count);
      GtkWidget *title = make_label (count->title, 0);
      GtkWidget *value = make_label (number, 1);

      gtk_widget_set_hexpand (title, TRUE);
      gtk_widget_add_css_class (value, "numeric");
      gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                      title, NULL, -1);
      gtk_grid_attach (self->counts_grid, title, 0, (int) i, 1, 1);
      gtk_grid_attach (self->counts_grid, value, 1, (int) i, 1, 1);
    }
}

static void
show_missing (WorkspaceReadinessButton *self, gint64 pulled)
{
  g_auto (GStrv) missing = workspace_readiness_dup_missing (self->counted, pulled);

  clear (GTK_WIDGET (self->missing_box));
  for (guint i = 0; missing[i]; i++)
    {
      GtkWidget *label = make_label (missing[i], 0);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
      gtk_box_append (self->missing_box, label);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->missing_box), missing[0] != NULL);
}

static void
show_reading (WorkspaceReadinessButton *self)
{
  gboolean reading = workspace_patient_get_reading (self->patient);
  const char *failure = workspace_patient_get_reading_failure (self->patient);

  gtk_label_set_label (self->failure_label, failure ? failure : "");
  gtk_widget_set_visible (GTK_WIDGET (self->failure_label), failure != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->read_button), !reading);
  gtk_stack_set_visible_child_name (self->read_stack, reading ? "reading" : "idle");
}

static void
show_popover (WorkspaceReadinessButton *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  gint64 pulled = workspace_session_get_pulled (session);
  g_autofree char *sentence =
      workspace_readiness_dup_sentence (self->counted, pulled, now (self),
                                        workspace_session_get_zone (session));

  gtk_label_set_label (self->sentence_label, sentence);
  show_counts (self);
  show_missing (self, pulled);
}

/* ---- counting ---- */

typedef struct
{
  WorkspaceReadinessButton *self;
  char *patient;
  WorkspaceReadiness *counted;
} Count;

static void
count_free (Count *count)
{
  g_object_unref (count->self);
  g_clear_object (&count->counted);
  g_free (count->patient);
  g_free (count);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Count, count_free)

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  Count *count = data;

  count->counted = workspace_readiness_load_counted (connection, count->patient, error);
  return count->counted != NULL;
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Count) count = user_data;
  g_autoptr (GError) error = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("cannot count what is here of a chart: %s", error->message);
      return;
    }
  g_set_object (&count->self->counted, count->counted);
  show_popover (count->self);
}

static void
start_count (WorkspaceReadinessButton *self)
{
  Count *count = g_new0 (Count, 1);

  count->self = g_object_ref (self);
  count->patient = g_strdup (workspace_patient_get_id (self->patient));
  store_database_read_async (workspace_session_get_database (
                                 workspace_patient_get_session (self->patient)),
                             count_work, count, NULL, self->cancellable, count_cb, count);
}

static void
opened_cb (WorkspaceReadinessButton *self)
{
  if (!gtk_menu_button_get_active (self->button))
    return;
  show_reading (self);
  start_count (self);
}

static void
changed_cb (WorkspaceReadinessButton *self)
{
  update_mark (self);
  if (gtk_menu_button_get_active (self->button))
    start_count (self);
}

static void
read_cb (WorkspaceReadinessButton *self)
{
  workspace_patient_read_again (self->patient);
}

/* ---- object ---- */

static void
workspace_readiness_button_dispose (GObject *object)
{
  WorkspaceReadinessButton *self = WORKSPACE_READINESS_BUTTON (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_READINESS_BUTTON);
  g_clear_object (&self->counted);
  g_clear_object (&self->patient);
  G_OBJECT_CLASS (workspace_readiness_button_parent_class)->dispose (object);
}

static void
workspace_readiness_button_class_init (WorkspaceReadinessButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  G_OBJECT_CLASS (klass)->dispose = workspace_readiness_button_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/workspace/workspace-readiness-button.ui");
#define CHILD(name)                                                                                \
  gtk_widget_class_bind_template_child (widget_class, WorkspaceReadinessButton, name)
  CHILD (button);
  CHILD (icon);
  CHILD (mark_label);
  CHILD (sentence_label);
  CHILD (counts_grid);
  CHILD (missing_box);
  CHILD (failure_label);
  CHILD (read_button);
  CHILD (read_stack);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, read_cb);
}

static void
workspace_readiness_button_init (WorkspaceReadinessButton *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  /* without keyboard and pointer there is no grab, and a popover that asks for one never shows */
  if (!gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self))))
    gtk_popover_set_autohide (gtk_menu_button_get_popover (self->button), FALSE);
}

/* Once: a mark belongs to one patient. */
void
workspace_readiness_button_set_patient (WorkspaceReadinessButton *self, WorkspacePatient *patient)
{
  g_return_if_fail (WORKSPACE_IS_READINESS_BUTTON (self));
  g_return_if_fail (self->patient == NULL);

  self->patient = g_object_ref (patient);
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (patient, "notify::reading", G_CALLBACK (show_reading), self,
                           G_CONNECT_SWAPPED);
  update_mark (self);
}

/* Time passed, or the session read everything. */
void
workspace_readiness_button_update (WorkspaceReadinessButton *self)
{
  g_return_if_fail (WORKSPACE_IS_READINESS_BUTTON (self));

  update_mark (self);
}

void
workspace_readiness_button_open (WorkspaceReadinessButton *self)
{
  g_return_if_fail (WORKSPACE_IS_READINESS_BUTTON (self));

  gtk_menu_button_popup (self->button);
}
