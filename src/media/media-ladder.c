/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-ladder.h"

/* Down at once, because a path that is too full hurts the sound; up one rung at a time, only after
 * the rate was there for a while, and more slowly each time that a climb did not last. */

#define WAIT_US      (3 * G_USEC_PER_SEC)
#define MOST_WAIT_US (60 * G_USEC_PER_SEC)
#define LASTING_US   (20 * G_USEC_PER_SEC) /* a climb that fell within this time did not last */
#define LIGHT_US     (10 * G_USEC_PER_SEC) /* little proves little of what more would pass */

/* The rate at which each rung is left downwards. */
static guint
leave_below (MediaRung rung)
{
  switch (rung)
    {
    case MEDIA_RUNG_HD:
      return 1100000;
    case MEDIA_RUNG_SD:
      return 150000;
    case MEDIA_RUNG_THUMBNAIL:
      return 100000;
    case MEDIA_RUNG_AUDIO:
    case MEDIA_RUNG_PHONE:
    default:
      return 0;
    }
}

/**
 * media_rung_enter_bps:
 *
 * Returns: the rate from which @rung is climbed to, a quarter above the one it is left at
 */
guint
media_rung_enter_bps (MediaRung rung)
{
  return leave_below (rung) / 4 * 5;
}

/**
 * media_rung_ceiling_bps:
 *
 * Returns: what pictures on @rung may take at most
 */
guint
media_rung_ceiling_bps (MediaRung rung)
{
  switch (rung)
    {
    case MEDIA_RUNG_PHONE:
    case MEDIA_RUNG_AUDIO:
      return 100000;
    case MEDIA_RUNG_THUMBNAIL:
      return 300000;
    case MEDIA_RUNG_SD:
      return 1000000;
    case MEDIA_RUNG_HD:
    default:
      return 2500000;
    }
}

/**
 * media_rung_automatic:
 *
 * Returns: how high a call climbs by itself on this computer; HD takes a fast one
 */
MediaRung
media_rung_automatic (void)
{
  return g_get_num_processors () >= 4 ? MEDIA_RUNG_HD : MEDIA_RUNG_SD;
}

/**
 * media_rung_to_id:
 *
 * Returns: the rung's name on the heartbeat and in figures for support; never shown as prose
 */
const char *
media_rung_to_id (MediaRung rung)
{
  static const char *const ids[] = { "phone", "audio", "thumbnail", "sd", "hd" };

  return ids[CLAMP (rung, MEDIA_RUNG_PHONE, MEDIA_RUNG_HD)];
}

void
media_ladder_init (MediaLadder *ladder, MediaRung rung, MediaRung highest)
{
  *ladder = (MediaLadder) { .rung = MIN (rung, highest), .highest = highest, .wait_us = WAIT_US };
}

/**
 * media_ladder_set_highest:
 * @highest: chosen by hand
 *
 * Whoever allows more wants to see it: nothing that went before delays the next climb.
 */
void
media_ladder_set_highest (MediaLadder *ladder, MediaRung highest)
{
  if (highest > ladder->highest)
    {
      ladder->wait_us = WAIT_US;
      ladder->enough_since_us = 0;
    }
  ladder->highest = highest;
  ladder->rung = MIN (ladder->rung, highest);
}

static void
go_down (MediaLadder *ladder, gint64 now_us)
{
  if (ladder->climbed && now_us - ladder->changed_us < LASTING_US)
    ladder->wait_us = MIN (ladder->wait_us * 2, MOST_WAIT_US);
  ladder->rung--;
  ladder->climbed = FALSE;
  ladder->changed_us = now_us;
  ladder->enough_since_us = 0;
}

static void
go_up (MediaLadder *ladder, gint64 now_us)
{
  ladder->rung++;
  ladder->climbed = TRUE;
  ladder->changed_us = now_us;
  ladder->enough_since_us = 0;
}

static gint64
wait_of (const MediaLadder *ladder, gboolean light)
{
  return light || ladder->rung <= MEDIA_RUNG_AUDIO ? MAX (ladder->wait_us, LIGHT_US)
                                                   : ladder->wait_us;
}

static void
forget_failures (MediaLadder *ladder, gint64 now_us)
{
  if (ladder->climbed && now_us - ladder->changed_us >= LASTING_US)
    ladder->wait_us = WAIT_US;
}

/**
 * media_ladder_step:
 * @bps: what the path is believed to carry
 * @light: whether the sender uses much less than that, as with a still picture: then a low figure
 *   proves nothing and costs nothing
 * @now_us: monotonic
 */
void
media_ladder_step (MediaLadder *ladder, guint bps, gboolean light, gint64 now_us)
{
  forget_failures (ladder, now_us);
  while (!light && ladder->rung > MEDIA_RUNG_AUDIO && bps < leave_below (ladder->rung))
    go_down (ladder, now_us);
  if (ladder->rung >= ladder->highest || bps < media_rung_enter_bps (ladder->rung + 1))
    ladder->enough_since_us = 0;
  else if (ladder->enough_since_us == 0)
    ladder->enough_since_us = MAX (now_us, 1);
  else if (now_us - ladder->enough_since_us >= wait_of (ladder, light))
    go_up (ladder, now_us);
}

/**
 * media_ladder_go_down:
 *
 * One rung, at once; never below sound alone.
 */
void
media_ladder_go_down (MediaLadder *ladder, gint64 now_us)
{
  if (ladder->rung > MEDIA_RUNG_AUDIO)
    go_down (ladder, now_us);
}

/**
 * media_ladder_resume:
 * @before: where it stood when the path fell silent
 * @bps: what is tried now
 *
 * The path is back: an outage says nothing of what it carries, so nobody waits for the climb.
 */
void
media_ladder_resume (MediaLadder *ladder, MediaRung before, guint bps, gint64 now_us)
{
  MediaRung rung = MIN (before, ladder->highest);

  while (rung > MEDIA_RUNG_AUDIO && bps < leave_below (rung))
    rung--;
  if (rung <= ladder->rung)
    return;
  ladder->rung = rung;
  ladder->climbed = FALSE;
  ladder->changed_us = now_us;
  ladder->enough_since_us = 0;
}
