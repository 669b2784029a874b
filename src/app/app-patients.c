/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-patients.h"

#include <glib/gi18n.h>

#include "app-size.h"
#include "app-windows.h"

struct _AppPatients
{
  GObject parent_instance;

  GtkApplication *application; /* not owned: it owns this; NULL in tests */
  GSettings *settings;         /* (nullable) */
  WorkspaceSession *session;
  GHashTable *windows; /* id → WorkspacePatientWindow, owned by GTK */
};

enum
{
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppPatients, app_patients, G_TYPE_OBJECT)

static void
forget (AppPatients *self, GtkWindow *window)
{
  GHashTableIter iter;
  gpointer id = NULL, value = NULL;

  g_hash_table_iter_init (&iter, self->windows);
  while (g_hash_table_iter_next (&iter, &id, &value))
    if (value == window)
      g_hash_table_iter_remove (&iter);
}

static WorkspacePatientWindow *
open_window (AppPatients *self, const char *id)
{
  WorkspacePatientWindow *window =
      workspace_patient_window_new (self->application, self->session, id);

  app_size_keep (self->settings, GTK_WINDOW (window), "patient");
  g_hash_table_insert (self->windows, g_strdup (id), window);
  app_windows_keep (self->session, window);
  g_signal_connect_object (window, "destroy", G_CALLBACK (forget), self, G_CONNECT_SWAPPED);
  care_context_audit (workspace_session_get_context (self->session), "read", id, NULL,
                      "patient window opened");
  return window;
}

/* (transfer none) (nullable): the patient's window, in front of all; NULL while the sign-in has run
 * out and none was open. */
WorkspacePatientWindow *
app_patients_present (AppPatients *self, const char *id)
{
  g_return_val_if_fail (APP_IS_PATIENTS (self), NULL);

  WorkspacePatientWindow *window = g_hash_table_lookup (self->windows, id);
  const char *shut = workspace_lock_check (workspace_session_get_lock (self->session));

  if (!window && shut)
    {
      g_signal_emit (self, signals[SIGNAL_REFUSED], 0, shut);
      return NULL;
    }
  if (!window)
    window = open_window (self, id);
  workspace_recent_note (workspace_session_get_recent (self->session), id);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
open_patient_cb (AppPatients *self, const char *id, const char *verb, const char *target)
{
  WorkspacePatientWindow *window = app_patients_present (self, id);

  if (!window)
    return;
  if (g_str_equal (verb, "resume"))
    workspace_patient_window_resume (window, target);
  else if (!g_str_equal (verb, "show"))
    workspace_patient_request (workspace_patient_window_get_patient (window), verb, target);
  else if (target && *target)
    workspace_patient_window_show (window, target);
}

static void
app_patients_finalize (GObject *object)
{
  AppPatients *self = APP_PATIENTS (object);

  g_hash_table_unref (self->windows);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (app_patients_parent_class)->finalize (object);
}

static void
app_patients_class_init (AppPatientsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_patients_finalize;

  signals[SIGNAL_REFUSED] = g_signal_new ("refused", APP_TYPE_PATIENTS, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
app_patients_init (AppPatients *self)
{
  self->windows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* @application outlives it; @settings: (nullable). */
AppPatients *
app_patients_new (GtkApplication *application, GSettings *settings, WorkspaceSession *session)
{
  AppPatients *self = g_object_new (APP_TYPE_PATIENTS, NULL);

  self->application = application;
  g_set_object (&self->settings, settings);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "open-patient", G_CALLBACK (open_patient_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

static void
restore_cb (const char *id, const char *spot, gpointer patients)
{
  WorkspacePatientWindow *window = app_patients_present (patients, id);

  if (!window)
    return;
  workspace_patient_window_go_to_spot (window, spot);
  workspace_patient_window_add_toast (window,
                                      _ ("Open again, as it was when Bedside ended by itself."));
}

/* Opens what was open when Bedside ended without being quit. */
void
app_patients_restore (AppPatients *self)
{
  g_return_if_fail (APP_IS_PATIENTS (self));

  app_windows_find (self->session, restore_cb, g_object_ref (self), g_object_unref);
}
