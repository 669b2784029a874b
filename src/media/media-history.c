/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-history.h"

#define KEPT_US ((gint64) MEDIA_HISTORY_SECONDS * G_USEC_PER_SEC)

struct _MediaHistory
{
  GObject parent_instance;
  GArray *moments; /* MediaMoment */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (MediaHistory, media_history, G_TYPE_OBJECT)

static void
media_history_finalize (GObject *object)
{
  g_array_unref (MEDIA_HISTORY (object)->moments);
  G_OBJECT_CLASS (media_history_parent_class)->finalize (object);
}

static void
media_history_class_init (MediaHistoryClass *class)
{
  G_OBJECT_CLASS (class)->finalize = media_history_finalize;
  changed_signal = g_signal_new ("changed", MEDIA_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
media_history_init (MediaHistory *self)
{
  self->moments = g_array_new (FALSE, FALSE, sizeof (MediaMoment));
}

MediaHistory *
media_history_new (void)
{
  return g_object_new (MEDIA_TYPE_HISTORY, NULL);
}

/**
 * media_history_add:
 * @now_us: monotonic, not before the last one
 *
 * Two within half a second are one: the later counts.
 */
void
media_history_add (MediaHistory *self, const MediaQuality *quality, gint64 now_us)
{
  MediaMoment moment = { now_us, *quality };
  guint old = 0;

  if (self->moments->len > 0 &&
      now_us - g_array_index (self->moments, MediaMoment, self->moments->len - 1).time_us <
          G_USEC_PER_SEC / 2)
    g_array_set_size (self->moments, self->moments->len - 1);
  g_array_append_val (self->moments, moment);
  while (g_array_index (self->moments, MediaMoment, old).time_us <= now_us - KEPT_US)
    old++;
  if (old > 0)
    g_array_remove_range (self->moments, 0, old);
  g_signal_emit (self, changed_signal, 0);
}

guint
media_history_get_length (MediaHistory *self)
{
  return self->moments->len;
}

/**
 * media_history_get:
 * @index: below media_history_get_length (); 0 is the oldest
 */
const MediaMoment *
media_history_get (MediaHistory *self, guint index)
{
  return &g_array_index (self->moments, MediaMoment, index);
}

/**
 * media_history_dup_text:
 *
 * For support, the same in every language: a line a second, counted back from the last one.
 *
 * Returns: (transfer full): nothing in it names a person, a place or an address
 */
char *
media_history_dup_text (MediaHistory *self)
{
  GString *text = g_string_new ("Bedside " BEDSIDE_VERSION ", figures of a call\n"
                                "seconds ago: verdict sent/asked rung, rtt ms, silent ms, then to "
                                "and from the patient: loss %, jitter ms, kbit/s carried, kbit/s "
                                "available, frames/s (-1: not known)\n");
  gint64 last_us =
      self->moments->len > 0 ? media_history_get (self, self->moments->len - 1)->time_us : 0;

  for (guint i = 0; i < self->moments->len; i++)
    {
      const MediaMoment *moment = media_history_get (self, i);
      g_autofree char *line = media_quality_dup_text (&moment->quality);

      g_string_append_printf (text, "%3d: %s\n",
                              (int) ((last_us - moment->time_us + G_USEC_PER_SEC / 2) /
                                     G_USEC_PER_SEC),
                              line);
    }
  return g_string_free (text, FALSE);
}
