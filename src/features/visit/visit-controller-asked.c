/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-controller-private.h"

#include <glib/gi18n.h>

#include "care-visit-measured.h"

/* What is asked of the patient, and what becomes of the answers. */

/* (nullable): while there is a line */
VisitAsked *
visit_controller_get_asked (VisitController *self)
{
  return self->line != NULL ? visit_line_get_asked (self->line) : NULL;
}

/* How many pictures of the patient came in this connection. */
guint64
visit_controller_get_frames (VisitController *self)
{
  return self->line != NULL ? visit_line_get_frames (self->line) : 0;
}

/* (transfer full) (nullable): the patient's picture as it is now */
MediaStill *
visit_controller_take_still (VisitController *self)
{
  return self->line != NULL ? visit_line_take_still (self->line) : NULL;
}

/* One picture at a time, of who is in the call and is seen. */
gboolean
visit_controller_may_take_picture (VisitController *self)
{
  VisitAsked *asked = visit_controller_get_asked (self);

  return asked != NULL && self->stage == VISIT_STAGE_LIVE &&
         visit_line_get_remote_picture (self->line) != NULL &&
         visit_asked_get_picture (asked) == VISIT_ASKED_NOTHING;
}

static void
measured_cb (VisitController *self)
{
  g_signal_emit_by_name (self, "notice",
                         _ ("The patient has sent measurements. Look at them before they go into "
                            "the record."));
}

void
visit_controller_watch_asked (VisitController *self)
{
  g_signal_connect_object (visit_line_get_asked (self->line), "measured", G_CALLBACK (measured_cb),
                           self, G_CONNECT_SWAPPED);
}

typedef struct
{
  VisitController *controller;
  VisitAsked *asked;
  char *id;
} Adding;

static void
adding_free (gpointer data)
{
  Adding *adding = data;

  g_object_unref (adding->controller);
  g_object_unref (adding->asked);
  g_free (adding->id);
  g_free (adding);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Adding, adding_free)

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Adding) adding = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  guint written;

  if (!care_visit_measured_write_finish (result, &written, &error))
    {
      g_signal_emit_by_name (adding->controller, "failed", error->message);
      return;
    }
  visit_asked_finish_set (adding->asked, adding->id);
  sentence =
      g_strdup_printf (ngettext ("%u measurement is in the record, marked as the patient’s.",
                                 "%u measurements are in the record, marked as the patient’s.",
                                 written),
                       written);
  g_signal_emit_by_name (adding->controller, "notice",
                         written > 0 ? sentence
                                     : _ ("These measurements were in the record already."));
  visit_controller_reload (adding->controller);
}

/**
 * visit_controller_add_measured:
 * @set: of this controller's visit
 * @accepted: bits 1 << CareMeasuredKind; none: all is left out
 */
void
visit_controller_add_measured (VisitController *self, const CareVisitMessage *set, guint accepted)
{
  VisitAsked *asked = visit_controller_get_asked (self);
  CareVisitMeasured measured = { self->encounter, set->id, set->at, set->values, accepted };
  Adding *adding;

  if (asked == NULL)
    return;
  if (accepted == 0)
    {
      visit_asked_finish_set (asked, set->id);
      return;
    }
  adding = g_new0 (Adding, 1);
  adding->controller = g_object_ref (self);
  adding->asked = g_object_ref (asked);
  adding->id = g_strdup (set->id);
  care_visit_measured_write_async (self->context, &measured, added_cb, adding);
}
