/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-desk.h"

/**
 * PrescribeDesk:
 *
 * Two forms that each kept a draft made two prescriptions of one thought, and one of them was left
 * behind unsigned. What is begun in one form goes on in the other. And two drugs that are written
 * at the same time are compared with each other before either is signed.
 */

struct _PrescribeDesk
{
  GObject parent_instance;

  GPtrArray *sheets;     /* PrescribeSheet, in the order in which they came */
  GHashTable *forms;     /* PrescribeSheet to the form that shows it; never looked into */
  PrescribeSheet *sheet; /* (nullable): of @sheets, the one that was shown last */
};

enum
{
  SIGNAL_MOVED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrescribeDesk, prescribe_desk, G_TYPE_OBJECT)

static void
sheet_changed_cb (PrescribeDesk *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* @but: (nullable) */
static void
check_others (PrescribeDesk *self, PrescribeSheet *but)
{
  for (guint i = 0; i < self->sheets->len; i++)
    if (self->sheets->pdata[i] != but)
      prescribe_sheet_check_later (self->sheets->pdata[i]);
}

static void
sheet_edited_cb (PrescribeDesk *self, PrescribeSheet *sheet)
{
  check_others (self, sheet);
}

static void
let_go (PrescribeDesk *self, PrescribeSheet *sheet)
{
  g_signal_handlers_disconnect_by_data (sheet, self);
  prescribe_sheet_set_beside (sheet, NULL);
}

static void
prescribe_desk_dispose (GObject *object)
{
  PrescribeDesk *self = PRESCRIBE_DESK (object);

  for (guint i = 0; self->sheets != NULL && i < self->sheets->len; i++)
    let_go (self, self->sheets->pdata[i]);
  g_clear_pointer (&self->forms, g_hash_table_unref);
  g_clear_pointer (&self->sheets, g_ptr_array_unref);
  G_OBJECT_CLASS (prescribe_desk_parent_class)->dispose (object);
}

static void
prescribe_desk_class_init (PrescribeDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = prescribe_desk_dispose;
  signals[SIGNAL_MOVED] = g_signal_new ("moved", PRESCRIBE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", PRESCRIBE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
prescribe_desk_init (PrescribeDesk *self)
{
  self->sheets = g_ptr_array_new_with_free_func (g_object_unref);
  self->forms = g_hash_table_new (NULL, NULL);
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

/* (transfer none) (nullable): the one that was shown last */
PrescribeSheet *
prescribe_desk_get_sheet (PrescribeDesk *self)
{
  g_return_val_if_fail (PRESCRIBE_IS_DESK (self), NULL);

  return self->sheet;
}

/* (transfer none) (element-type PrescribeSheet): all of them */
GPtrArray *
prescribe_desk_get_sheets (PrescribeDesk *self)
{
  g_return_val_if_fail (PRESCRIBE_IS_DESK (self), NULL);

  return self->sheets;
}

/* (transfer container) (element-type PrescribeSheet): those that @form has */
GPtrArray *
prescribe_desk_dup_sheets_at (PrescribeDesk *self, gconstpointer form)
{
  GPtrArray *sheets = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (PRESCRIBE_IS_DESK (self), sheets);

  for (guint i = 0; i < self->sheets->len; i++)
    if (prescribe_desk_is_at (self, self->sheets->pdata[i], form))
      g_ptr_array_add (sheets, g_object_ref (self->sheets->pdata[i]));
  return sheets;
}

/* (transfer none) (nullable): the sheet of a draft */
PrescribeSheet *
prescribe_desk_find (PrescribeDesk *self, const char *draft_id)
{
  g_return_val_if_fail (PRESCRIBE_IS_DESK (self), NULL);

  for (guint i = 0; i < self->sheets->len; i++)
    {
      CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheets->pdata[i]);

      if (g_strcmp0 (care_prescription_draft_get_id (draft), draft_id) == 0)
        return self->sheets->pdata[i];
    }
  return NULL;
}

/* @form: (nullable): NULL: nobody shows it */
gboolean
prescribe_desk_is_at (PrescribeDesk *self, PrescribeSheet *sheet, gconstpointer form)
{
  g_return_val_if_fail (PRESCRIBE_IS_DESK (self), FALSE);

  return g_ptr_array_find (self->sheets, sheet, NULL) &&
         g_hash_table_lookup (self->forms, sheet) == form;
}

static void
add (PrescribeDesk *self, PrescribeSheet *sheet)
{
  g_ptr_array_add (self->sheets, g_object_ref (sheet));
  prescribe_sheet_set_beside (sheet, self->sheets);
  g_signal_connect_object (sheet, "changed", G_CALLBACK (sheet_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (sheet, "edited", G_CALLBACK (sheet_edited_cb), self, G_CONNECT_SWAPPED);
  if (self->sheets->len > 1)
    check_others (self, NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * prescribe_desk_put:
 * @sheet: what is written; new here, or from another form
 * @form: where, from now on
 */
void
prescribe_desk_put (PrescribeDesk *self, PrescribeSheet *sheet, gconstpointer form)
{
  g_return_if_fail (PRESCRIBE_IS_DESK (self));
  g_return_if_fail (PRESCRIBE_IS_SHEET (sheet));

  if (self->sheet == sheet && prescribe_desk_is_at (self, sheet, form))
    return;
  if (!g_ptr_array_find (self->sheets, sheet, NULL))
    add (self, sheet);
  g_hash_table_insert (self->forms, sheet, (gpointer) form);
  self->sheet = sheet;
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

/* @sheet: it was signed or discarded */
void
prescribe_desk_remove (PrescribeDesk *self, PrescribeSheet *sheet)
{
  g_return_if_fail (PRESCRIBE_IS_DESK (self));

  if (!g_ptr_array_find (self->sheets, sheet, NULL))
    return;
  let_go (self, sheet);
  g_hash_table_remove (self->forms, sheet);
  if (self->sheet == sheet)
    self->sheet = NULL;
  g_ptr_array_remove (self->sheets, sheet);
  if (self->sheet == NULL && self->sheets->len > 0)
    self->sheet = self->sheets->pdata[self->sheets->len - 1];
  check_others (self, NULL);
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* @form goes away: what was written there stays, for whoever comes. */
void
prescribe_desk_leave (PrescribeDesk *self, gconstpointer form)
{
  gboolean any = FALSE;

  g_return_if_fail (PRESCRIBE_IS_DESK (self));

  for (guint i = 0; i < self->sheets->len; i++)
    if (g_hash_table_lookup (self->forms, self->sheets->pdata[i]) == form)
      any = g_hash_table_remove (self->forms, self->sheets->pdata[i]) || any;
  if (any)
    g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}
