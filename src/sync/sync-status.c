/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-status-private.h"

#include <glib/gi18n.h>

#include "net-error.h"

/* What the screen says about the traffic with the server. Only the engine writes it, on the main
 * thread; windows bind to its properties. */

struct _SyncStatus
{
  GObject parent_instance;
  SyncState state;
  char *sentence;
  gboolean live;
  SyncCounts counts;
  gint64 last_pull;
  guint done;
  guint total;
  guint seconds_left;
  SyncSuspicion suspicion;
  GStrv notes;
  int last_error; /* see sync_status_get_last_error() */
};

typedef enum
{
  PROP_STATE = 1,
  PROP_SENTENCE,
  PROP_LIVE,
  PROP_WAITING,
  PROP_HELD,
  PROP_REFUSED,
  PROP_CONFLICTS,
  PROP_SINCE,
  PROP_LAST_PULL,
  PROP_DONE,
  PROP_TOTAL,
  PROP_NOTES,
  PROP_SECONDS_LEFT,
  PROP_SUSPECT,
} SyncStatusProperty;

static GParamSpec *properties[PROP_SUSPECT + 1];

G_DEFINE_FINAL_TYPE (SyncStatus, sync_status, G_TYPE_OBJECT)

static void
sync_status_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SyncStatus *self = SYNC_STATUS (object);

  switch ((SyncStatusProperty) id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_SENTENCE:
      g_value_set_string (value, self->sentence);
      break;
    case PROP_LIVE:
      g_value_set_boolean (value, self->live);
      break;
    case PROP_WAITING:
      g_value_set_uint (value, self->counts.waiting);
      break;
    case PROP_HELD:
      g_value_set_uint (value, self->counts.held);
      break;
    case PROP_REFUSED:
      g_value_set_uint (value, self->counts.refused);
      break;
    case PROP_CONFLICTS:
      g_value_set_uint (value, self->counts.conflicts);
      break;
    case PROP_SINCE:
      g_value_set_int64 (value, self->counts.since);
      break;
    case PROP_LAST_PULL:
      g_value_set_int64 (value, self->last_pull);
      break;
    case PROP_DONE:
      g_value_set_uint (value, self->done);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->total);
      break;
    case PROP_SECONDS_LEFT:
      g_value_set_uint (value, self->seconds_left);
      break;
    case PROP_SUSPECT:
      g_value_set_boolean (value, self->suspicion != SYNC_SUSPICION_NONE);
      break;
    case PROP_NOTES:
      g_value_set_boxed (value, self->notes);
      break;
    }
}

static void
sync_status_finalize (GObject *object)
{
  SyncStatus *self = SYNC_STATUS (object);

  g_clear_pointer (&self->sentence, g_free);
  g_clear_pointer (&self->notes, g_strfreev);

  G_OBJECT_CLASS (sync_status_parent_class)->finalize (object);
}

static void
sync_status_class_init (SyncStatusClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sync_status_get_property;
  object_class->finalize = sync_status_finalize;

  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, SYNC_STATE_ERROR, 0, flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, flags);
  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, flags);
  properties[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_HELD] = g_param_spec_uint ("held", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_REFUSED] = g_param_spec_uint ("refused", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CONFLICTS] = g_param_spec_uint ("conflicts", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SINCE] = g_param_spec_int64 ("since", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LAST_PULL] =
      g_param_spec_int64 ("last-pull", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_DONE] = g_param_spec_uint ("done", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SECONDS_LEFT] =
      g_param_spec_uint ("seconds-left", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SUSPECT] = g_param_spec_boolean ("suspect", NULL, NULL, FALSE, flags);
  properties[PROP_NOTES] = g_param_spec_boxed ("notes", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
sync_status_init (SyncStatus *self)
{
  self->sentence = g_strdup (_ ("Not connected yet."));
  self->notes = g_new0 (char *, 1);
  self->last_error = SYNC_STATUS_NO_ERROR;
}

static void
set_count (SyncStatus *self, guint *field, guint value, SyncStatusProperty property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
sync_status_set_state (SyncStatus *self, SyncState state, const char *sentence)
{
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  if (g_set_str (&self->sentence, sentence))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENTENCE]);
}

void
sync_status_set_live (SyncStatus *self, gboolean live)
{
  if (self->live == live)
    return;
  self->live = live;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIVE]);
}

void
sync_status_set_counts (SyncStatus *self, const SyncCounts *counts)
{
  set_count (self, &self->counts.waiting, counts->waiting, PROP_WAITING);
  set_count (self, &self->counts.held, counts->held, PROP_HELD);
  set_count (self, &self->counts.refused, counts->refused, PROP_REFUSED);
  set_count (self, &self->counts.conflicts, counts->conflicts, PROP_CONFLICTS);
  if (self->counts.since == counts->since)
    return;
  self->counts.since = counts->since;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE]);
}

void
sync_status_set_last_pull (SyncStatus *self, gint64 last_pull)
{
  if (self->last_pull == last_pull)
    return;
  self->last_pull = last_pull;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_PULL]);
}

void
sync_status_set_suspicion (SyncStatus *self, SyncSuspicion suspicion)
{
  if (self->suspicion == suspicion)
    return;
  self->suspicion = suspicion;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUSPECT]);
}

void
sync_status_set_progress (SyncStatus *self, guint done, guint total, guint seconds_left)
{
  set_count (self, &self->done, done, PROP_DONE);
  set_count (self, &self->total, total, PROP_TOTAL);
  set_count (self, &self->seconds_left, seconds_left, PROP_SECONDS_LEFT);
}

void
sync_status_set_notes (SyncStatus *self, const char *const *notes)
{
  if (g_strv_equal ((const char *const *) self->notes, notes))
    return;
  g_strfreev (self->notes);
  self->notes = g_strdupv ((char **) notes);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTES]);
}

SyncState
sync_status_get_state (SyncStatus *self)
{
  return self->state;
}

const char *
sync_status_get_sentence (SyncStatus *self)
{
  return self->sentence;
}

gboolean
sync_status_get_live (SyncStatus *self)
{
  return self->live;
}

guint
sync_status_get_waiting (SyncStatus *self)
{
  return self->counts.waiting;
}

/**
 * sync_status_get_held:
 *
 * Returns: prescriptions that wait for a renewed signature; one in its ten seconds of rest counts
 * as waiting
 */
guint
sync_status_get_held (SyncStatus *self)
{
  return self->counts.held;
}

guint
sync_status_get_refused (SyncStatus *self)
{
  return self->counts.refused;
}

guint
sync_status_get_conflicts (SyncStatus *self)
{
  return self->counts.conflicts;
}

gint64
sync_status_get_since (SyncStatus *self)
{
  return self->counts.since;
}

gint64
sync_status_get_last_pull (SyncStatus *self)
{
  return self->last_pull;
}

/**
 * sync_status_get_notes:
 *
 * Returns: (transfer none): never NULL
 */
const char *const *
sync_status_get_notes (SyncStatus *self)
{
  return (const char *const *) self->notes;
}

/**
 * sync_status_get_suspect:
 *
 * Returns: whether the server seems to have been emptied, set back or replaced: nothing is read or
 *   sent until sync_engine_accept_server_async()
 */
gboolean
sync_status_get_suspect (SyncStatus *self)
{
  return self->suspicion != SYNC_SUSPICION_NONE;
}

/**
 * sync_status_get_suspicion:
 *
 * Returns: why; told together with "suspect"
 */
SyncSuspicion
sync_status_get_suspicion (SyncStatus *self)
{
  return self->suspicion;
}

/* Of a reading that failed: what for, without the words, which may name somebody. */
void
sync_status_set_last_error (SyncStatus *self, const GError *error)
{
  if (error != NULL)
    self->last_error = error->domain == NET_ERROR ? error->code : SYNC_STATUS_OTHER_ERROR;
}

/**
 * sync_status_get_last_error:
 *
 * Returns: the NetError of the last reading that failed, %SYNC_STATUS_OTHER_ERROR or
 *   %SYNC_STATUS_NO_ERROR; it stays when the next one succeeds
 */
int
sync_status_get_last_error (SyncStatus *self)
{
  g_return_val_if_fail (SYNC_IS_STATUS (self), SYNC_STATUS_NO_ERROR);

  return self->last_error;
}
