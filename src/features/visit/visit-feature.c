/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-feature.h"

#include <glib/gi18n.h>
#include <gst/gst.h>

#include "visit-actions.h"
#include "visit-pane.h"
#include "visit-float.h"
#include "visit-window.h"

/* The video visit in the patient window. One controller serves a patient however many views show
 * it: closing the patient window in a call leaves a small window with the same controller, and
 * opening the patient again finds it. */

#define INTERRUPTED_SECONDS 60

struct _VisitFeature
{
  WorkspaceFeature parent_instance;
  GHashTable *controllers;   /* patient id to VisitController, not owned */
  WorkspaceSession *session; /* not owned: it owns this */
  guint interrupted_source;
};

G_DEFINE_FINAL_TYPE (VisitFeature, visit_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_SIDE_TOP, "visit", N_ ("Visit"), "camera-video-symbolic", NULL, 10 },
};

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_PATIENT, "win.visit-admit", N_ ("Admit the Patient"), "<Control><Shift>a" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-call", N_ ("Call the Patient Again"), "<Control><Shift>r" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-take", N_ ("Take the Visit Here"), NULL },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-hang-up", N_ ("Hang Up"), "<Control><Shift>h" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-hold", N_ ("On Hold, or Go On"), "<Control><Shift>o" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-phone", N_ ("By Phone: Began, or Ended"),
    "<Control><Shift>l" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-phone-times", N_ ("Times of the Phone Call…"), NULL },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-devices", N_ ("Camera and Sound…"), "<Control><Shift>k" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-full-screen", N_ ("Picture: Full Screen"), "F11" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-pop-out", N_ ("Picture in Its Own Window"),
    "<Control><Shift>v" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-float", N_ ("Picture Over the Chart"),
    "<Control><Shift>j" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-float-corner", N_ ("Picture to the Next Corner"),
    "<Control><Shift>m" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-capture", N_ ("Take a Picture from the Call…"), "F4" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-measures", N_ ("Measurements by the Patient…"),
    "<Control><Shift>b" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-ready", N_ ("Ready for the Doctor…"), "<Control><Shift>y" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-end", N_ ("End the Visit…"), "<Control><Shift>e" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-microphone", N_ ("Microphone On or Off"), "F7" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-camera", N_ ("Camera On or Off"), "F8" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-small-picture", N_ ("Small or Large Picture"), "<Alt>v" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-rung-down", N_ ("Less Picture in the Call"),
    "<Alt>Page_Down" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-rung-up", N_ ("More Picture in the Call"), "<Alt>Page_Up" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-rung-automatic",
    N_ ("Choose the Picture by the Connection"), "<Alt>Home" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-quality", N_ ("Figures of the Connection"), "<Alt>q" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-chat", N_ ("Write to the Patient"), "<Control><Alt>c" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-send-file", N_ ("Send a File to the Patient…"),
    "<Control><Alt>s" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-stop-showing", N_ ("Stop Showing It to the Patient"),
    "<Control><Shift>x" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-confirm-identity", N_ ("Identity Confirmed"), "<Alt>i" },
  { WORKSPACE_SCOPE_PATIENT, "win.visit-copy-number", N_ ("Copy the Number to Call"), NULL },
};

static void
controller_gone (gpointer data, GObject *where_the_object_was)
{
  VisitFeature *self = data;
  GHashTableIter iter;
  gpointer controller;

  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &controller))
    if (controller == where_the_object_was)
      g_hash_table_iter_remove (&iter);
}

/* The one controller of @patient, made when it is first asked for. */
static VisitController *
dup_controller (VisitFeature *self, WorkspacePatient *patient)
{
  const char *id = workspace_patient_get_id (patient);
  VisitController *controller = g_hash_table_lookup (self->controllers, id);

  if (controller != NULL)
    return g_object_ref (controller);
  controller = visit_controller_new (patient);
  g_object_weak_ref (G_OBJECT (controller), controller_gone, self);
  g_hash_table_insert (self->controllers, g_strdup (id), controller);
  return controller;
}

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  g_autoptr (VisitController) controller = dup_controller (VISIT_FEATURE (feature), patient);

  return visit_pane_new (controller);
}

static void
request_admit_cb (GActionMap *window, const char *verb, const char *target)
{
  visit_actions_admit (window);
}

static void
add_patient_actions (WorkspaceFeature *feature, GActionMap *window, WorkspacePatient *patient)
{
  g_autoptr (VisitController) controller = dup_controller (VISIT_FEATURE (feature), patient);

  visit_actions_add (controller, window);
  visit_window_watch (controller, GTK_WINDOW (window));
  visit_float_watch (controller, GTK_WINDOW (window));
  g_signal_connect_object (patient, "request::admit", G_CALLBACK (request_admit_cb), window,
                           G_CONNECT_SWAPPED);
}

/* GStreamer takes a moment to look at its plugins: after the first frame, and off the main thread,
 * so that nobody waits for it. */
static gpointer
warm_up (gpointer data)
{
  gst_init (NULL, NULL);
  return NULL;
}

static void
raised_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!care_visit_command_finish (result, &error))
    g_warning ("Interrupted visits could not be looked for: %s", error->message);
}

/* A call that was lost before an outcome was chosen becomes a task that others see (H25). */
static gboolean
raise_interrupted_cb (gpointer data)
{
  VisitFeature *self = data;

  care_visit_raise_interrupted_async (workspace_session_get_context (self->session), NULL,
                                      raised_cb, NULL);
  return G_SOURCE_CONTINUE;
}

static void
start (WorkspaceFeature *feature, WorkspaceSession *session)
{
  VisitFeature *self = VISIT_FEATURE (feature);

  self->session = session;
  self->interrupted_source =
      g_timeout_add_seconds (INTERRUPTED_SECONDS, raise_interrupted_cb, self);
  g_thread_unref (g_thread_new ("gst-init", warm_up, NULL));
}

static void
visit_feature_finalize (GObject *object)
{
  VisitFeature *self = VISIT_FEATURE (object);
  GHashTableIter iter;
  gpointer controller;

  g_clear_handle_id (&self->interrupted_source, g_source_remove);
  g_hash_table_iter_init (&iter, self->controllers);
  while (g_hash_table_iter_next (&iter, NULL, &controller))
    g_object_weak_unref (controller, controller_gone, self);
  g_hash_table_unref (self->controllers);

  G_OBJECT_CLASS (visit_feature_parent_class)->finalize (object);
}

static void
visit_feature_class_init (VisitFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = visit_feature_finalize;
  feature_class->id = "visit";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->create_patient_widget = create_patient_widget;
  feature_class->add_patient_actions = add_patient_actions;
  feature_class->start = start;
}

static void
visit_feature_init (VisitFeature *self)
{
  self->controllers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}
