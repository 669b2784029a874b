/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-orders.h"

#include <glib/gi18n.h>

#include "workspace-composer.h"
#include "workspace-feature.h"

/* A form that was left is kept for as long as the visit lasts, so that the same command shows what
 * was written in it. */

struct _NoteOrders
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  GHashTable *composers; /* keyword -> WorkspaceComposer */
  const char *keyword;   /* of the one that is shown, or NULL */
};

enum
{
  SIGNAL_ORDERED,
  SIGNAL_LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (NoteOrders, note_orders, ADW_TYPE_BIN)

static void
hide (NoteOrders *self)
{
  self->keyword = NULL;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  adw_bin_set_child (ADW_BIN (self), NULL);
}

/* The focus goes back to the text before the form goes: a window that has to look for another place
 * keeps what had it. */
static void
committed_cb (NoteOrders *self, const char *reference, const char *words)
{
  const char *keyword = self->keyword;

  g_signal_emit (self, signals[SIGNAL_ORDERED], 0, words);
  hide (self);
  if (keyword)
    g_hash_table_remove (self->composers, keyword);
}

static void
closed_cb (NoteOrders *self)
{
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
  hide (self);
}

static WorkspaceComposer *
create (NoteOrders *self, const char *keyword)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  WorkspaceFeature *feature = workspace_session_find_composer (session, keyword);
  WorkspaceComposer *composer =
      feature ? workspace_feature_create_composer (feature, keyword, self->patient,
                                                   workspace_patient_get_encounter (self->patient),
                                                   NULL)
              : NULL;

  if (!composer)
    return NULL;
  g_hash_table_insert (self->composers, (gpointer) g_intern_string (keyword),
                       g_object_ref_sink (composer));
  g_signal_connect_object (composer, "committed", G_CALLBACK (committed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (composer, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  return composer;
}

static void
note_orders_dispose (GObject *object)
{
  NoteOrders *self = NOTE_ORDERS (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_pointer (&self->composers, g_hash_table_unref);
  g_clear_object (&self->patient);
  G_OBJECT_CLASS (note_orders_parent_class)->dispose (object);
}

static void
note_orders_class_init (NoteOrdersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = note_orders_dispose;
  signals[SIGNAL_ORDERED] = g_signal_new ("ordered", NOTE_TYPE_ORDERS, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_LEFT] = g_signal_new ("left", NOTE_TYPE_ORDERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
}

static void
note_orders_init (NoteOrders *self)
{
  self->composers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
note_orders_set_patient (NoteOrders *self, WorkspacePatient *patient)
{
  g_set_object (&self->patient, patient);
}

/* Shows the form of @keyword; FALSE where this user gets none. */
gboolean
note_orders_open (NoteOrders *self, const char *keyword)
{
  WorkspaceComposer *composer = g_hash_table_lookup (self->composers, keyword);

  if (!composer)
    composer = create (self, keyword);
  if (!composer)
    return FALSE;
  self->keyword = g_intern_string (keyword);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (composer));
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  workspace_composer_start (composer);
  return TRUE;
}

/* The visit is another: its forms go; what was written in them is on disk. */
void
note_orders_clear (NoteOrders *self)
{
  hide (self);
  g_hash_table_remove_all (self->composers);
}
