/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-heartbeat.h"

#include <string.h>

#include "media-ladder.h"

/* "beat n=17 says=good send=sd", and back "beat n=17 loss=0.4 jitter=3 kbps=820 frames=30 frozen=0
 * silent=40 available=1200". What the page says comes from anybody: it is bounded, and can at most
 * make the picture small. */

#define LONGEST         300
#define STARVING_US     (2 * G_USEC_PER_SEC)
#define AFTER_OUTAGE_US (10 * G_USEC_PER_SEC)

void
media_heartbeat_init (MediaHeartbeat *self)
{
  *self = (MediaHeartbeat) {
    .round_trips = { -1, -1, -1, -1 },
    .to_them = { -1, -1, -1, -1, -1, -1 },
    .from_them = { -1, -1, -1, -1, -1, -1 },
  };
}

/**
 * media_heartbeat_dup_beat:
 * @verdict: what both ends are told
 * @their_rung: what the page is to send
 *
 * Returns: (transfer full): the next beat
 */
char *
media_heartbeat_dup_beat (MediaHeartbeat *self,
                          MediaVerdict verdict,
                          MediaRung their_rung,
                          gint64 now_us)
{
  self->number++;
  self->said_us[self->number % MEDIA_HEARTBEAT_KEPT] = now_us;
  return g_strdup_printf ("beat n=%u says=%s send=%s", self->number, media_verdict_to_id (verdict),
                          media_rung_to_id (their_rung));
}

/* Returns -1 for what is no figure, else at most @most. */
static double
read_figure (const char *text, double most)
{
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !(value >= 0))
    return -1;
  return MIN (value, most);
}

static void
read_field (MediaHeartbeat *self, const char *key, const char *value)
{
  const struct
  {
    const char *key;
    int *field;
    int most;
  } fields[] = {
    { "jitter", &self->to_them.jitter_ms, 10000 },
    { "kbps", &self->to_them.kbps, 100000 },
    { "frames", &self->to_them.frames, 120 },
    { "frozen", &self->to_them.frozen_ms, 3600000 },
    { "available", &self->from_them.available_kbps, 100000 },
  };

  if (g_str_equal (key, "loss"))
    self->to_them.loss_percent = read_figure (value, 100);
  else if (g_str_equal (key, "silent"))
    self->silent_ms = MAX ((gint64) read_figure (value, 3600000), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (key, fields[i].key))
      *fields[i].field = (int) read_figure (value, fields[i].most);
}

/* Each number counts once: an answer that is repeated, or was never asked for, times nothing. */
static void
take_number (MediaHeartbeat *self, guint64 number, gint64 now_us)
{
  gint64 *said_us = &self->said_us[number % MEDIA_HEARTBEAT_KEPT];

  if (number == 0 || number > self->number || self->number - number >= MEDIA_HEARTBEAT_KEPT ||
      *said_us == 0)
    return;
  self->round_trips[self->answers++ % G_N_ELEMENTS (self->round_trips)] =
      (int) MAX ((now_us - *said_us) / 1000, 0);
  *said_us = 0;
}

/**
 * media_heartbeat_take:
 * @text: from the page, from anybody
 * @now_us: when it came
 *
 * Returns: whether it is a sign of life; a figure that is missing or is none is unknown
 */
gboolean
media_heartbeat_take (MediaHeartbeat *self, const char *text, gint64 now_us)
{
  g_auto (GStrv) fields = NULL;

  if (strnlen (text, LONGEST + 1) > LONGEST || !g_str_has_prefix (text, "beat"))
    return FALSE;
  fields = g_strsplit (text, " ", 20);
  if (!g_str_equal (fields[0], "beat"))
    return FALSE;
  self->to_them = (MediaWay) { -1, -1, -1, -1, -1, -1 };
  self->from_them = (MediaWay) { -1, -1, -1, -1, -1, -1 };
  self->silent_ms = 0;
  for (gsize i = 1; fields[i] != NULL; i++)
    {
      char *value = strchr (fields[i], '=');

      if (value == NULL)
        continue;
      *value++ = '\0';
      if (g_str_equal (fields[i], "n"))
        take_number (self, g_ascii_strtoull (value, NULL, 10), now_us);
      else
        read_field (self, fields[i], value);
    }
  self->answered_us = now_us;
  return TRUE;
}

/**
 * media_heartbeat_get_round_trip_ms:
 *
 * The shortest of the last ones: a page that was busy says nothing of the path.
 *
 * Returns: -1 while nothing was answered
 */
int
media_heartbeat_get_round_trip_ms (const MediaHeartbeat *self)
{
  int shortest = -1;

  for (gsize i = 0; i < G_N_ELEMENTS (self->round_trips); i++)
    if (self->round_trips[i] >= 0 && (shortest < 0 || self->round_trips[i] < shortest))
      shortest = self->round_trips[i];
  return shortest;
}

/**
 * media_heartbeat_is_starving:
 * @coming_since_us: since when something has come without a pause; 0: nothing comes
 *
 * Returns: whether beats have no answer though something does come. After an outage their channel
 *   sends again only after a pause of its own that grows with the outage, so its silence proves
 *   nothing for a while: taken for starving, it kept pictures away for 20 s
 */
gboolean
media_heartbeat_is_starving (const MediaHeartbeat *self, gint64 coming_since_us, gint64 now_us)
{
  if (self->answered_us == 0 || coming_since_us == 0)
    return FALSE;
  if (self->answered_us >= coming_since_us)
    return now_us - self->answered_us >= STARVING_US;
  return now_us - coming_since_us >= AFTER_OUTAGE_US;
}
