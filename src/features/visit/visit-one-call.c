/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-one-call.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "visit-controller-private.h"
#include "workspace-alert.h"

/* One patient is in a call at a time: nobody hears what is said to another (H8). Who would be a
 * second asks first; whatever begins a call without asking puts the others on hold. */

#define CONTROLLERS "visit-controllers"

/* (transfer none): of the session's open visits */
static GPtrArray *
controllers_of (WorkspaceSession *session)
{
  GPtrArray *controllers = g_object_get_data (G_OBJECT (session), CONTROLLERS);

  if (controllers == NULL)
    {
      controllers = g_ptr_array_new ();
      g_object_set_data_full (G_OBJECT (session), CONTROLLERS, controllers,
                              (GDestroyNotify) g_ptr_array_unref);
    }
  return controllers;
}

static WorkspaceSession *
session_of (VisitController *controller)
{
  return workspace_patient_get_session (visit_controller_get_patient (controller));
}

/* From now on its calls are known of. */
void
visit_one_call_add (VisitController *controller)
{
  g_ptr_array_add (controllers_of (session_of (controller)), controller);
}

void
visit_one_call_remove (VisitController *controller)
{
  g_ptr_array_remove (controllers_of (session_of (controller)), controller);
  visit_one_call_tell (session_of (controller));
}

/**
 * visit_one_call_find_other:
 *
 * Returns: (transfer none) (nullable): who else is in a call, by phone too, or is called
 */
VisitController *
visit_one_call_find_other (VisitController *controller)
{
  GPtrArray *controllers = controllers_of (session_of (controller));

  for (guint i = 0; i < controllers->len; i++)
    if (controllers->pdata[i] != controller && visit_controller_is_engaged (controllers->pdata[i]))
      return controllers->pdata[i];
  return NULL;
}

static gpointer
copy_reference (gconstpointer controller, gpointer data)
{
  return g_object_ref ((gpointer) controller);
}

/**
 * visit_one_call_take:
 *
 * Before @controller begins a call: all others are on hold from now on, and whoever was let in
 * there and is away for a moment waits when they come back.
 */
void
visit_one_call_take (VisitController *controller)
{
  /* whoever is let go of may be gone with its window by then */
  g_autoptr (GPtrArray) controllers =
      g_ptr_array_copy (controllers_of (session_of (controller)), copy_reference, NULL);

  g_ptr_array_set_free_func (controllers, g_object_unref);
  for (guint i = 0; i < controllers->len; i++)
    {
      VisitController *other = controllers->pdata[i];
      g_autofree char *name = NULL, *sentence = NULL;

      if (other == controller || !visit_controller_release (other))
        continue;
      name = workspace_patient_dup_name (visit_controller_get_patient (other));
      /* Translators: %s is a patient's name */
      sentence = g_strdup_printf (_ ("The call with %s was ended for this one. Their visit is "
                                     "still open."),
                                  name);
      g_signal_emit_by_name (controller, "notice", sentence);
    }
}

/* ---- whose voice is heard ---- */

static gboolean
is_heard (VisitController *controller)
{
  VisitStage stage = visit_controller_get_stage (controller);
  VisitPeople *people = visit_controller_get_people (controller);

  return visit_controller_is_engaged (controller) &&
         (stage == VISIT_STAGE_LIVE || stage == VISIT_STAGE_RECONNECTING ||
          stage == VISIT_STAGE_PHONE || (people != NULL && visit_people_is_calling (people)));
}

/* Who is heard stays it while that is so. */
static VisitController *
find_heard (WorkspaceSession *session)
{
  GPtrArray *controllers = controllers_of (session);
  const char *caller = workspace_session_get_call_patient (session);
  VisitController *heard = NULL;

  for (guint i = 0; i < controllers->len; i++)
    {
      VisitController *controller = controllers->pdata[i];
      const char *id = workspace_patient_get_id (visit_controller_get_patient (controller));

      if (is_heard (controller) && (heard == NULL || g_strcmp0 (id, caller) == 0))
        heard = controller;
    }
  return heard;
}

/**
 * visit_one_call_tell:
 *
 * Tells every window whose voice is heard: of all visits that are open, not of the last that
 * changed.
 */
void
visit_one_call_tell (WorkspaceSession *session)
{
  VisitController *heard = find_heard (session);
  WorkspacePatient *patient = heard != NULL ? visit_controller_get_patient (heard) : NULL;
  g_autofree char *name = patient != NULL ? workspace_patient_dup_name (patient) : NULL;

  workspace_session_set_call (session, patient != NULL ? workspace_patient_get_id (patient) : NULL,
                              name);
}

/* ---- the question ---- */

typedef struct
{
  VisitController *controller, *other;
  VisitWish wish;
  GtkWidget *parent;
  VisitGoOn go_on;
  GObject *object;
} Asking;

static void
asking_free (gpointer data, GClosure *closure)
{
  Asking *asking = data;

  g_object_unref (asking->controller);
  g_object_unref (asking->other);
  g_object_unref (asking->parent);
  g_object_unref (asking->object);
  g_free (asking);
}

static char *
dup_body (const Asking *asking)
{
  g_autofree char *other =
      workspace_patient_dup_name (visit_controller_get_patient (asking->other));
  g_autofree char *name =
      workspace_patient_dup_name (visit_controller_get_patient (asking->controller));

  if (!visit_controller_get_call_active (asking->other) &&
      visit_controller_is_by_phone (asking->other))
    /* Translators: two patients' names, the first of whom is on the phone */
    return g_strdup_printf (_ ("You are on the phone with %1$s, who hears you until you hang up. "
                               "Hang up first: their call is marked as over, and %2$s is next."),
                            other, name);
  switch (asking->wish)
    {
    case VISIT_WISH_ADMIT:
      /* Translators: two patients' names, the first of whom is in a call */
      return g_strdup_printf (_ ("You are in a call with %1$s. Put %1$s on hold and admit %2$s?"),
                              other, name);
    case VISIT_WISH_CALL:
      /* Translators: two patients' names, the first of whom is in a call */
      return g_strdup_printf (_ ("You are in a call with %1$s. Put %1$s on hold and call %2$s?"),
                              other, name);
    case VISIT_WISH_RING:
      /* Translators: two patients' names, the first of whom is in a call */
      return g_strdup_printf (_ ("You are in a call with %1$s. Put %1$s on hold and ring %2$s?"),
                              other, name);
    case VISIT_WISH_LET_IN:
      break;
    }
  /* Translators: two patients' names, the first of whom is in a call */
  return g_strdup_printf (_ ("You are in a call with %1$s. Put %1$s on hold and let somebody into "
                             "the visit of %2$s?"),
                          other, name);
}

static const char *
get_answer (const Asking *asking)
{
  if (!visit_controller_get_call_active (asking->other) &&
      visit_controller_is_by_phone (asking->other))
    return _ ("I _Hung Up");
  switch (asking->wish)
    {
    case VISIT_WISH_ADMIT:
      return _ ("Hold and _Admit");
    case VISIT_WISH_CALL:
      return _ ("Hold and _Call");
    case VISIT_WISH_RING:
      return _ ("Hold and _Ring");
    case VISIT_WISH_LET_IN:
      break;
    }
  return _ ("Hold and _Let In");
}

/* Meanwhile there may be yet another: then it is asked again. */
static void
response_cb (AdwAlertDialog *dialog, const char *response, Asking *asking)
{
  if (!g_str_equal (response, "hold"))
    return;
  visit_controller_release (asking->other);
  visit_one_call_ask (asking->controller, asking->wish, asking->parent, asking->go_on,
                      asking->object);
}

/**
 * visit_one_call_ask:
 * @go_on: called with @object once nobody else is in a call: at once, or when whoever is was put
 *   on hold; it looks again whether that still can be done
 *
 * Asks before a second patient is in a call. Enter alone does not answer yes.
 */
void
visit_one_call_ask (VisitController *controller,
                    VisitWish wish,
                    GtkWidget *parent,
                    VisitGoOn go_on,
                    gpointer object)
{
  VisitController *other = visit_one_call_find_other (controller);
  g_autofree char *body = NULL;
  AdwAlertDialog *dialog;
  Asking *asking;

  if (other == NULL)
    {
      go_on (object);
      return;
    }
  asking = g_new0 (Asking, 1);
  *asking = (Asking) {
    g_object_ref (controller), g_object_ref (other), wish, g_object_ref (parent), go_on,
    g_object_ref (object)
  };
  body = dup_body (asking);
  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_ ("Another Patient Is in a Call"), body));
  adw_alert_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "hold", get_answer (asking),
                                  NULL);
  adw_alert_dialog_set_response_appearance (dialog, "hold", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asking, asking_free, 0);
  workspace_alert_present (ADW_DIALOG (dialog), parent);
}
