/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-line-private.h"

/* What keeps the line alive while the network does not: another network or a computer that woke up
 * is not waited for but tried, and a page that does not answer is said, not waited for in silence.
 */

#define UNANSWERED_SECONDS 12
#define GIVE_UP_SECONDS    60

static void
path_changed_cb (VisitLine *self, const char *reason)
{
  g_debug ("The line is made anew: %s", reason);
  if (self->displaced)
    return;
  net_socket_renew (self->socket);
  if (self->call != NULL && self->call_wanted)
    media_call_hurry (self->call);
  visit_people_hurry (self->people);
}

/*
 * visit_line_watch_network:
 *
 * Listens to networks and sleep as long as the line is open.
 */
void
visit_line_watch_network (VisitLine *self)
{
  net_socket_set_eager (self->socket, TRUE);
  self->path = net_path_new ();
  g_signal_connect_object (self->path, "changed", G_CALLBACK (path_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* ---- a page that does not answer ---- */

void
visit_line_stop_waiting (VisitLine *self)
{
  g_clear_handle_id (&self->answer_source, g_source_remove);
  self->unanswered = FALSE;
}

static gboolean
give_up_cb (gpointer data)
{
  VisitLine *self = data;

  self->answer_source = 0;
  if (!self->call_wanted)
    return G_SOURCE_REMOVE; /* it ended meanwhile: there is nothing to give up */
  self->gave_up = TRUE;
  visit_line_drop_call (self);
  visit_line_say_call_over (self, CARE_SIGNAL_HANGUP);
  g_signal_emit_by_name (self, "lost");
  visit_line_changed (self);
  return G_SOURCE_REMOVE;
}

static gboolean
unanswered_cb (gpointer data)
{
  VisitLine *self = data;

  self->unanswered = TRUE;
  self->answer_source =
      g_timeout_add_seconds (GIVE_UP_SECONDS - UNANSWERED_SECONDS, give_up_cb, self);
  visit_line_changed (self);
  return G_SOURCE_REMOVE;
}

/*
 * visit_line_wait_for_answer:
 *
 * An offer is on its way. One that is made again while nobody has answered has no time of its own.
 */
void
visit_line_wait_for_answer (VisitLine *self)
{
  if (self->answer_source == 0)
    self->answer_source = g_timeout_add_seconds (UNANSWERED_SECONDS, unanswered_cb, self);
}

/**
 * visit_line_is_unanswered:
 *
 * Returns: whether the patient's page has an offer for a while and says nothing to it
 */
gboolean
visit_line_is_unanswered (VisitLine *self)
{
  return self->unanswered && self->call_wanted;
}

/**
 * visit_line_gave_up:
 *
 * Returns: whether the last call ended because the patient's page never answered
 */
gboolean
visit_line_gave_up (VisitLine *self)
{
  return self->gave_up;
}

/**
 * visit_line_get_said:
 *
 * Returns: (nullable): why the hub let us in no more, in its own words; NULL where it did not say
 *   so, or the line comes back by itself
 */
const char *
visit_line_get_said (VisitLine *self)
{
  return self->shut && !self->displaced ? self->said : NULL;
}
