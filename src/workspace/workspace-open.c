/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-open.h"

#include "clinical-like-name.h"

/**
 * WorkspaceOpen:
 *
 * The patients whose windows are open. It says of each whether another one has a like name, and
 * knows of no "current" one (law 1).
 */

struct _WorkspaceOpen
{
  GObject parent_instance;

  GPtrArray *patients; /* not owned: their windows take them away */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceOpen, workspace_open, G_TYPE_OBJECT)

static void
workspace_open_finalize (GObject *object)
{
  g_ptr_array_unref (WORKSPACE_OPEN (object)->patients);
  G_OBJECT_CLASS (workspace_open_parent_class)->finalize (object);
}

static void
workspace_open_class_init (WorkspaceOpenClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workspace_open_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WORKSPACE_TYPE_OPEN, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workspace_open_init (WorkspaceOpen *self)
{
  self->patients = g_ptr_array_new ();
}

WorkspaceOpen *
workspace_open_new (void)
{
  return g_object_new (WORKSPACE_TYPE_OPEN, NULL);
}

void
workspace_open_add (WorkspaceOpen *self, WorkspacePatient *patient)
{
  g_return_if_fail (WORKSPACE_IS_OPEN (self));

  g_ptr_array_add (self->patients, patient);
  workspace_open_update (self);
}

void
workspace_open_remove (WorkspaceOpen *self, WorkspacePatient *patient)
{
  g_return_if_fail (WORKSPACE_IS_OPEN (self));

  if (g_ptr_array_remove (self->patients, patient))
    workspace_open_update (self);
}

/* A name was read, or changed. */
void
workspace_open_update (WorkspaceOpen *self)
{
  g_return_if_fail (WORKSPACE_IS_OPEN (self));

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* (transfer full) (nullable): who else than @id is open under a name like @name, with the birth
 * date: "SMITH, Janet (03-Apr-1975)"; NULL: nobody. The window of @id itself may be closed. */
char *
workspace_open_dup_like_name (WorkspaceOpen *self, const char *id, const char *name)
{
  g_return_val_if_fail (WORKSPACE_IS_OPEN (self), NULL);

  for (guint i = 0; i < self->patients->len; i++)
    {
      WorkspacePatient *other = self->patients->pdata[i];
      CareSummary *theirs = workspace_patient_get_summary (other);

      if (theirs && !g_str_equal (workspace_patient_get_id (other), id) &&
          clinical_names_are_alike (name, care_summary_get_name (theirs)))
        return g_strdup_printf ("%s (%s)", care_summary_get_name (theirs),
                                care_summary_get_birth_date (theirs));
    }
  return NULL;
}

char *
workspace_open_dup_like (WorkspaceOpen *self, WorkspacePatient *patient)
{
  CareSummary *own = workspace_patient_get_summary (patient);

  return own ? workspace_open_dup_like_name (self, workspace_patient_get_id (patient),
                                             care_summary_get_name (own))
             : NULL;
}
