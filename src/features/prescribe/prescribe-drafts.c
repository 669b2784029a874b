/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-drafts.h"

#include <glib/gi18n.h>

#include "care-prescription-stage.h"

struct _PrescribeDrafts
{
  AdwBin parent_instance;

  PrescribeDesk *desk;     /* (nullable) */
  gconstpointer form;      /* whose drafts are shown; never looked into */
  PrescribeSheet *current; /* (nullable): the one that the form shows; compared only */
  guint least;             /* with fewer there is nothing to choose */
  guint update_source;
  char *shown; /* (nullable): what the rows say: they are not made again for nothing */

  GtkListBox *list;
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeDrafts, prescribe_drafts, ADW_TYPE_BIN)

/* ---- rows ---- */

static char *
dup_title (PrescribeSheet *sheet)
{
  g_autofree char *drug = prescribe_sheet_dup_drug (sheet);

  return *drug != '\0' ? g_steal_pointer (&drug) : g_strdup (_ ("No drug chosen yet"));
}

/* (transfer full): what is missing, or how it is taken */
static char *
dup_subtitle (PrescribeSheet *sheet, gboolean *ready)
{
  char *problem = prescribe_sheet_dup_problem (sheet);

  *ready = problem == NULL;
  return *ready ? care_prescription_draft_dup_text (prescribe_sheet_get_draft (sheet), NULL)
                : problem;
}

static void
row_activated_cb (PrescribeDrafts *self, GtkListBoxRow *row)
{
  PrescribeSheet *sheet = g_object_get_data (G_OBJECT (row), "sheet");

  if (sheet != NULL)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, sheet);
}

/* A shape and words: no colour alone says that something is missing. */
static GtkWidget *
mark_new (gboolean ready)
{
  GtkWidget *mark =
      gtk_image_new_from_icon_name (ready ? "object-select-symbolic" : "dialog-warning-symbolic");

  gtk_widget_add_css_class (mark, ready ? "success" : "warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  ready ? _ ("Can be signed") : _ ("Something is missing"), -1);
  return mark;
}

static GtkWidget *
stage_new (PrescribeSheet *sheet)
{
  GtkWidget *label =
      gtk_label_new (care_prescription_stage_get_word (prescribe_sheet_get_stage (sheet)));

  gtk_widget_add_css_class (label, "caption");
  return label;
}

static GtkWidget *
row_new (PrescribeSheet *sheet, gboolean current)
{
  GtkWidget *row = adw_action_row_new ();
  gboolean ready;
  g_autofree char *title = dup_title (sheet), *subtitle = dup_subtitle (sheet, &ready);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), mark_new (ready));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), stage_new (sheet));
  if (current)
    {
      GtkWidget *here = gtk_label_new (_ ("Shown below"));

      gtk_widget_add_css_class (here, "caption");
      gtk_widget_add_css_class (here, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), here);
    }
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), !current);
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED, current, -1);
  g_object_set_data_full (G_OBJECT (row), "sheet", g_object_ref (sheet), g_object_unref);
  return row;
}

/* What the rows would say. */
static char *
dup_said (PrescribeDrafts *self, GPtrArray *sheets)
{
  g_autoptr (GString) said = g_string_new (NULL);

  for (guint i = 0; i < sheets->len; i++)
    {
      gboolean ready;
      g_autofree char *title = dup_title (sheets->pdata[i]),
                      *subtitle = dup_subtitle (sheets->pdata[i], &ready);

      g_string_append_printf (said, "%p\n%s\n%s\n%d%d\n", sheets->pdata[i], title,
                              subtitle != NULL ? subtitle : "", ready,
                              sheets->pdata[i] == self->current);
    }
  return g_string_free_and_steal (g_steal_pointer (&said));
}

/* The row that had the focus has it again. */
static gpointer
focused_sheet (PrescribeDrafts *self)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->list));

  return row != NULL ? g_object_get_data (G_OBJECT (row), "sheet") : NULL;
}

static void
update (PrescribeDrafts *self)
{
  g_autoptr (GPtrArray) sheets = self->desk != NULL
                                     ? prescribe_desk_dup_sheets_at (self->desk, self->form)
                                     : g_ptr_array_new ();
  g_autofree char *said = dup_said (self, sheets);
  gpointer focused;

  gtk_widget_set_visible (GTK_WIDGET (self), sheets->len >= self->least);
  if (g_strcmp0 (said, self->shown) == 0)
    return;
  g_set_str (&self->shown, said);
  focused = focused_sheet (self);
  gtk_list_box_remove_all (self->list);
  for (guint i = 0; i < sheets->len; i++)
    {
      GtkWidget *row = row_new (sheets->pdata[i], sheets->pdata[i] == self->current);

      gtk_list_box_append (self->list, row);
      if (sheets->pdata[i] == focused)
        gtk_widget_grab_focus (row);
    }
}

static gboolean
update_cb (gpointer data)
{
  PrescribeDrafts *self = data;

  self->update_source = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* A draft that is filled in changes twenty times at once. */
static void
update_later (PrescribeDrafts *self)
{
  if (self->update_source == 0)
    self->update_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_cb, self, NULL);
}

/* ---- object ---- */

static void
prescribe_drafts_dispose (GObject *object)
{
  PrescribeDrafts *self = PRESCRIBE_DRAFTS (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (prescribe_drafts_parent_class)->dispose (object);
}

static void
prescribe_drafts_class_init (PrescribeDraftsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = prescribe_drafts_dispose;
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", PRESCRIBE_TYPE_DRAFTS, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, PRESCRIBE_TYPE_SHEET);
}

static void
prescribe_drafts_init (PrescribeDrafts *self)
{
  self->least = 2;
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Prescriptions that are not signed yet"), -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* Once. @form: whose drafts are shown */
void
prescribe_drafts_set_desk (PrescribeDrafts *self, PrescribeDesk *desk, gconstpointer form)
{
  g_return_if_fail (PRESCRIBE_IS_DRAFTS (self));

  g_set_object (&self->desk, desk);
  self->form = form;
  g_signal_connect_object (desk, "changed", G_CALLBACK (update_later), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "moved", G_CALLBACK (update_later), self, G_CONNECT_SWAPPED);
  update (self);
}

/* @sheet: (nullable): the one that stands below */
void
prescribe_drafts_set_current (PrescribeDrafts *self, PrescribeSheet *sheet)
{
  g_return_if_fail (PRESCRIBE_IS_DRAFTS (self));

  self->current = sheet;
  update_later (self);
}

/* With fewer than @least it is not shown. */
void
prescribe_drafts_set_least (PrescribeDrafts *self, guint least)
{
  g_return_if_fail (PRESCRIBE_IS_DRAFTS (self));

  self->least = least;
  update_later (self);
}
