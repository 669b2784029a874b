/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-quality.h"

#include <glib/gi18n.h>

#include "media-ladder.h"

#include "visit-controller-private.h"
#include "visit-line-private.h"

MediaHistory *
visit_line_get_history (VisitLine *self)
{
  if (self->history == NULL)
    self->history = media_history_new ();
  return self->history;
}

int
visit_line_get_chosen_rung (VisitLine *self)
{
  return self->rung_is_chosen ? (int) self->rung : VISIT_RUNG_AUTOMATIC;
}

/**
 * visit_line_choose_rung:
 * @rung: a MediaRung, or VISIT_RUNG_AUTOMATIC
 *
 * Lasts for the line's next calls too.
 */
void
visit_line_choose_rung (VisitLine *self, int rung)
{
  self->rung_is_chosen = rung != VISIT_RUNG_AUTOMATIC;
  self->rung = self->rung_is_chosen ? (MediaRung) rung : media_rung_automatic ();
  if (self->call != NULL)
    media_call_set_rung (self->call, self->rung);
  visit_line_changed (self);
}

/**
 * visit_controller_get_history:
 *
 * Returns: (transfer none) (nullable): what was measured; NULL without a line to the patient
 */
MediaHistory *
visit_controller_get_history (VisitController *self)
{
  return self->line != NULL ? visit_line_get_history (self->line) : NULL;
}

int
visit_controller_get_chosen_rung (VisitController *self)
{
  return self->line != NULL ? visit_line_get_chosen_rung (self->line) : VISIT_RUNG_AUTOMATIC;
}

/* What is allowed by hand, or else what is sent just now. */
static MediaRung
rung_now (VisitController *self)
{
  MediaHistory *history = visit_line_get_history (self->line);
  int chosen = visit_line_get_chosen_rung (self->line);
  guint length = media_history_get_length (history);

  if (chosen != VISIT_RUNG_AUTOMATIC)
    return (MediaRung) chosen;
  if (length == 0)
    return MEDIA_RUNG_SD;
  return MAX (media_history_get (history, length - 1)->quality.rung, MEDIA_RUNG_AUDIO);
}

/**
 * visit_controller_step_rung:
 * @direction: -1 for less picture, 1 for more
 *
 * Returns: what it is now, in a sentence
 */
const char *
visit_controller_step_rung (VisitController *self, int direction)
{
  MediaRung now, next;

  if (self->line == NULL)
    return NULL;
  now = rung_now (self);
  if (direction < 0 && now <= MEDIA_RUNG_AUDIO)
    return _ ("Sound alone is the least. To go on by phone, call the patient’s number.");
  next = (MediaRung) CLAMP ((int) now + direction, (int) MEDIA_RUNG_AUDIO, (int) MEDIA_RUNG_HD);
  visit_line_choose_rung (self->line, (int) next);
  switch (next)
    {
    case MEDIA_RUNG_HD:
      return _ ("Pictures may now be as sharp as the connection allows.");
    case MEDIA_RUNG_SD:
      return _ ("Pictures are of normal size at most.");
    case MEDIA_RUNG_THUMBNAIL:
      return _ ("Pictures are small now, so that the sound has room.");
    case MEDIA_RUNG_AUDIO:
    case MEDIA_RUNG_PHONE:
    default:
      return _ ("Pictures are paused now; sound goes on.");
    }
}

/**
 * visit_controller_release_rung:
 *
 * Returns: what it is now, in a sentence
 */
const char *
visit_controller_release_rung (VisitController *self)
{
  if (self->line == NULL)
    return NULL;
  visit_line_choose_rung (self->line, VISIT_RUNG_AUTOMATIC);
  return _ ("Bedside chooses the size of the pictures by the connection.");
}

/**
 * visit_rung_get_name:
 *
 * Returns: what is sent, for the figures
 */
const char *
visit_rung_get_name (MediaRung rung)
{
  switch (rung)
    {
    case MEDIA_RUNG_HD:
      return _ ("sharp picture");
    case MEDIA_RUNG_SD:
      return _ ("normal picture");
    case MEDIA_RUNG_THUMBNAIL:
      return _ ("small picture");
    case MEDIA_RUNG_AUDIO:
      return _ ("sound alone");
    case MEDIA_RUNG_PHONE:
    default:
      return _ ("nothing gets through");
    }
}
