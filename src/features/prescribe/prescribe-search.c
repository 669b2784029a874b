/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-search.h"

#include <glib/gi18n.h>

#include "prescribe-drug-row.h"

#define MAX_DRUGS 40

struct _PrescribeSearch
{
  AdwBin parent_instance;

  StoreContent *content; /* (nullable) */

  GtkSearchEntry *search_entry;
  GtkLabel *search_label;
  GtkListBox *drug_list;
};

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeSearch, prescribe_search, ADW_TYPE_BIN)

/* What is searched, and of which date: the scope stands above what is found. */
static void
show_scope (PrescribeSearch *self)
{
  g_autofree char *label = self->content ? store_content_dup_label (self->content) : NULL;

  gtk_label_set_label (self->search_label,
                       label ? label
                             : _ ("The formulary cannot be read: nothing can be prescribed. "
                                  "Reinstall Bedside, or tell your administrator."));
}

static void
search_changed_cb (PrescribeSearch *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autoptr (GPtrArray) drugs = NULL;

  gtk_list_box_remove_all (self->drug_list);
  if (!self->content || *text == '\0')
    return;
  drugs = store_content_search_drugs (self->content, text, MAX_DRUGS);
  for (guint i = 0; drugs && i < drugs->len; i++)
    gtk_list_box_append (self->drug_list, prescribe_drug_row_new (g_ptr_array_index (drugs, i)));
  if (!drugs || drugs->len == 0)
    gtk_label_set_label (self->search_label,
                         _ ("No drug of the formulary matches. Try another spelling, the "
                            "ingredient, or fewer words."));
  else
    show_scope (self);
}

static void
drug_activated_cb (PrescribeSearch *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, prescribe_drug_row_get_drug (row));
}

/* Enter in the search goes to the list: a drug is never taken unseen. */
static void
search_activate_cb (PrescribeSearch *self)
{
  search_changed_cb (self);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->drug_list, 0);
  if (row)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
search_cancel_cb (PrescribeSearch *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCELLED], 0);
}

static void
prescribe_search_dispose (GObject *object)
{
  PrescribeSearch *self = PRESCRIBE_SEARCH (object);

  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_SEARCH);
  g_clear_object (&self->content);
  G_OBJECT_CLASS (prescribe_search_parent_class)->dispose (object);
}

static void
prescribe_search_class_init (PrescribeSearchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_search_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-search.ui");
  gtk_widget_class_bind_template_child (widget_class, PrescribeSearch, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PrescribeSearch, search_label);
  gtk_widget_class_bind_template_child (widget_class, PrescribeSearch, drug_list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, drug_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cancel_cb);

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", PRESCRIBE_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_CANCELLED] = g_signal_new ("cancelled", PRESCRIBE_TYPE_SEARCH, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
prescribe_search_init (PrescribeSearch *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @content: (nullable): without it the search says so, and nothing is found */
void
prescribe_search_set_content (PrescribeSearch *self, StoreContent *content)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  g_set_object (&self->content, content);
}

/* Once it is to be seen. */
void
prescribe_search_start (PrescribeSearch *self)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  show_scope (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
prescribe_search_clear (PrescribeSearch *self)
{
  g_return_if_fail (PRESCRIBE_IS_SEARCH (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}
