/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-person-patience.h"

#include <glib/gi18n.h>

/* As for the patient: after so long the call is not tried on, and it is said. */
#define GIVE_UP_SECONDS 60

#define SOURCE_KEY   "visit-person-patience"
#define GIVEN_UP_KEY "visit-person-given-up"

static void
stop (VisitPerson *self)
{
  guint source = GPOINTER_TO_UINT (g_object_steal_data (G_OBJECT (self), SOURCE_KEY));

  if (source != 0)
    g_source_remove (source);
}

static gboolean
give_up_cb (gpointer data)
{
  VisitPerson *self = data;
  g_autofree char *title = visit_person_dup_title (self);
  g_autofree char *sentence =
      /* Translators: %s is a person's name and role */
      g_strdup_printf (_ ("No connection with %s: the call with them has ended."), title);

  g_object_set_data (G_OBJECT (self), SOURCE_KEY, NULL);
  g_object_ref (self);
  visit_person_set_wanted (self, FALSE);
  g_object_set_data (G_OBJECT (self), GIVEN_UP_KEY, GUINT_TO_POINTER (1));
  g_signal_emit_by_name (self, "lost", sentence);
  g_signal_emit_by_name (self, "changed");
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (VisitPerson *self)
{
  gboolean calling = visit_person_is_calling (self);

  if (calling)
    g_object_set_data (G_OBJECT (self), GIVEN_UP_KEY, NULL);
  if (!calling || visit_person_is_live (self))
    stop (self);
  else if (g_object_get_data (G_OBJECT (self), SOURCE_KEY) == NULL)
    g_object_set_data (G_OBJECT (self), SOURCE_KEY,
                       GUINT_TO_POINTER (g_timeout_add_seconds_full (G_PRIORITY_DEFAULT,
                                                                     GIVE_UP_SECONDS, give_up_cb,
                                                                     g_object_ref (self),
                                                                     g_object_unref)));
}

/**
 * visit_person_watch_patience:
 *
 * From now on a call without a connection ends by itself, with the signal "lost".
 */
void
visit_person_watch_patience (VisitPerson *self)
{
  g_signal_connect (self, "changed", G_CALLBACK (changed_cb), NULL);
}

/**
 * visit_person_is_given_up:
 *
 * Returns: whether the last call with them ended because there was no connection
 */
gboolean
visit_person_is_given_up (VisitPerson *self)
{
  return g_object_get_data (G_OBJECT (self), GIVEN_UP_KEY) != NULL;
}
