/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-desk.h"

/**
 * PrescribeDesk:
 *
 * Two forms that each kept a draft made two prescriptions of one thought, and one of them was left
 * behind unsigned. What is begun in one form goes on in the other.
 */

struct _PrescribeDesk
{
  GObject parent_instance;

  PrescribeSheet *sheet; /* (nullable) */
  gconstpointer form;    /* (nullable): which shows it; never looked into */
};

enum
{
  SIGNAL_MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeDesk, prescribe_desk, G_TYPE_OBJECT)

static void
prescribe_desk_finalize (GObject *object)
{
  g_clear_object (&PRESCRIBE_DESK (object)->sheet);
  G_OBJECT_CLASS (prescribe_desk_parent_class)->finalize (object);
}

static void
prescribe_desk_class_init (PrescribeDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = prescribe_desk_finalize;
  signals[SIGNAL_MOVED] = g_signal_new ("moved", PRESCRIBE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
prescribe_desk_init (PrescribeDesk *self)
{
}

/* (transfer none): the one of @patient, which lives as long as its window does. */
PrescribeDesk *
prescribe_desk_of (WorkspacePatient *patient)
{
  PrescribeDesk *self = g_object_get_data (G_OBJECT (patient), "prescribe-desk");

  if (self)
    return self;
  self = g_object_new (PRESCRIBE_TYPE_DESK, NULL);
  g_object_set_data_full (G_OBJECT (patient), "prescribe-desk", self, g_object_unref);
  return self;
}

/* (transfer none) (nullable) */
PrescribeSheet *
prescribe_desk_get_sheet (PrescribeDesk *self)
{
  g_return_val_if_fail (PRESCRIBE_IS_DESK (self), NULL);

  return self->sheet;
}

gboolean
prescribe_desk_is_at (PrescribeDesk *self, gconstpointer form)
{
  g_return_val_if_fail (PRESCRIBE_IS_DESK (self), FALSE);

  return self->form == form;
}

/**
 * prescribe_desk_put:
 * @sheet: (nullable): what is written from now on; NULL: it was signed or discarded
 * @form: where
 */
void
prescribe_desk_put (PrescribeDesk *self, PrescribeSheet *sheet, gconstpointer form)
{
  g_return_if_fail (PRESCRIBE_IS_DESK (self));

  if (self->sheet == sheet && self->form == form)
    return;
  g_set_object (&self->sheet, sheet);
  self->form = form;
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

/* @form goes away: what was written there stays, for whoever comes. */
void
prescribe_desk_leave (PrescribeDesk *self, gconstpointer form)
{
  g_return_if_fail (PRESCRIBE_IS_DESK (self));

  if (self->form != form)
    return;
  self->form = NULL;
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}
