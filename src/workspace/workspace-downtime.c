/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-downtime.h"

#include <glib/gi18n.h>

#include "workspace-time.h"

/**
 * WorkspaceDowntime:
 *
 * Says that the network is away without alarm: work goes on. What was shown is taken back with a
 * word on what waited, once it is true that it was sent.
 */

#define TICK_SECONDS 30
/* So early, an end of the sign-in is worth a word. */
#define SIGN_IN_SOON (12 * G_TIME_SPAN_HOUR)

struct _WorkspaceDowntime
{
  GObject parent_instance;

  WorkspaceSession *session; /* not owned: whoever shows this holds it */
  char *text;
  guint grace_ms;
  guint grace_source;
  guint tick_source;
  gboolean sending; /* back, and what waited is still on its way */
};

typedef enum
{
  PROP_TEXT = 1,
} WorkspaceDowntimeProperty;

enum
{
  SIGNAL_BACK,
  N_SIGNALS
};

static GParamSpec *properties[PROP_TEXT + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceDowntime, workspace_downtime, G_TYPE_OBJECT)

/* (transfer full): "Offline since 14:02. Keep working: 3 changes wait here and go by themselves."
 */
char *
workspace_downtime_dup_words (
    gint64 since, gint64 now, guint waiting, guint refused, GTimeZone *zone)
{
  g_autofree char *clock = since > 0 ? workspace_time_moment (since, now, zone) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (clock)
    g_string_append_printf (text, _ ("Offline since %s."), clock);
  else
    g_string_append (text, _ ("Not connected."));
  g_string_append_c (text, ' ');
  if (waiting > 0)
    g_string_append_printf (text,
                            ngettext ("Keep working: %u change waits here and goes by itself.",
                                      "Keep working: %u changes wait here and go by themselves.",
                                      waiting),
                            waiting);
  else
    g_string_append (text, _ ("Keep working: what you write is sent by itself later."));
  if (refused > 0)
    g_string_append_printf (text, ngettext (" %u needs you.", " %u need you.", refused), refused);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* (transfer full) (nullable): until when work can begin here without the server. */
char *
workspace_downtime_dup_sign_in (gint64 until, gint64 now, GTimeZone *zone)
{
  g_autofree char *clock = until > 0 ? workspace_time_moment (until, now, zone) : NULL;

  if (until <= 0)
    return NULL;
  if (now > until)
    return g_strdup_printf (_ ("Your sign-in ended at %s. Charts open, and signatures are taken, "
                               "once the clinic’s server is reached."),
                            clock);
  return g_strdup_printf (_ ("Bedside opens without the network until %s."), clock);
}

static void
set_text (WorkspaceDowntime *self, const char *text)
{
  if (g_set_str (&self->text, text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
show_words (WorkspaceDowntime *self)
{
  WorkspaceSession *session = self->session;
  GTimeZone *zone = workspace_session_get_zone (session);
  gint64 now = base_clock_now (workspace_session_get_clock (session));
  gint64 until = workspace_lock_get_until (workspace_session_get_lock (session));
  g_autofree char *words =
      workspace_downtime_dup_words (workspace_session_get_offline_since (session), now,
                                    workspace_session_get_waiting (session),
                                    workspace_session_get_refused (session), zone);
  const char *reason = workspace_session_get_offline_reason (session);
  gboolean soon = until > 0 && until - now < SIGN_IN_SOON;
  g_autofree char *sign_in = soon ? workspace_downtime_dup_sign_in (until, now, zone) : NULL;
  g_autofree char *both = g_strjoin (" ", reason ? reason : words, reason ? words : sign_in,
                                     reason ? sign_in : NULL, NULL);

  set_text (self, both);
}

/* A sign-in that ran out is said at once, and before all else: it is what stops work. */
static gboolean
show_lock (WorkspaceDowntime *self)
{
  const char *lock = workspace_lock_check (workspace_session_get_lock (self->session));

  if (lock)
    set_text (self, lock);
  return lock != NULL;
}

static gboolean
tick_cb (gpointer user_data)
{
  if (!show_lock (user_data))
    show_words (user_data);
  return G_SOURCE_CONTINUE;
}

static void
grace_cb (gpointer user_data)
{
  WorkspaceDowntime *self = user_data;

  self->grace_source = 0;
  self->sending = FALSE;
  if (self->tick_source == 0)
    self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  tick_cb (self);
}

static void
say_back (WorkspaceDowntime *self)
{
  guint waiting = workspace_session_get_waiting (self->session);
  g_autofree char *sentence = NULL;

  self->sending = waiting > 0;
  if (waiting > 0)
    sentence = g_strdup_printf (ngettext ("Connected again. %u change is being sent.",
                                          "Connected again. %u changes are being sent.", waiting),
                                waiting);
  else if (workspace_session_get_refused (self->session) > 0)
    sentence = g_strdup (_ ("Connected again. Something in the outbox needs you."));
  else
    sentence = g_strdup (_ ("Connected again. Everything was sent."));
  g_signal_emit (self, signals[SIGNAL_BACK], 0, sentence);
}

static void
connected_cb (WorkspaceDowntime *self)
{
  gboolean locked = show_lock (self);

  if (!workspace_session_get_connected (self->session))
    {
      if (!locked && self->tick_source == 0)
        set_text (self, NULL);
      if (self->grace_source == 0 && self->tick_source == 0)
        self->grace_source = g_timeout_add_once (self->grace_ms, grace_cb, self);
      return;
    }
  g_clear_handle_id (&self->grace_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (locked || !self->text)
    return;
  set_text (self, NULL);
  say_back (self);
}

static void
lock_cb (WorkspaceDowntime *self)
{
  if (self->tick_source > 0 && !workspace_session_get_connected (self->session))
    tick_cb (self);
  else
    connected_cb (self);
}

/* Somebody can mend it: that is worth a word at once. */
static void
reason_cb (WorkspaceDowntime *self)
{
  if (workspace_session_get_connected (self->session))
    return;
  if (workspace_session_get_offline_reason (self->session))
    {
      g_clear_handle_id (&self->grace_source, g_source_remove);
      grace_cb (self);
    }
  else if (self->text)
    tick_cb (self);
}

static void
counted_cb (WorkspaceDowntime *self)
{
  if (self->text)
    tick_cb (self);
  else if (self->sending && workspace_session_get_waiting (self->session) == 0)
    say_back (self);
}

static void
workspace_downtime_dispose (GObject *object)
{
  WorkspaceDowntime *self = WORKSPACE_DOWNTIME (object);

  g_clear_handle_id (&self->grace_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  G_OBJECT_CLASS (workspace_downtime_parent_class)->dispose (object);
}

static void
workspace_downtime_finalize (GObject *object)
{
  g_free (WORKSPACE_DOWNTIME (object)->text);
  G_OBJECT_CLASS (workspace_downtime_parent_class)->finalize (object);
}

static void
workspace_downtime_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((WorkspaceDowntimeProperty) id)
    {
    case PROP_TEXT:
      g_value_set_string (value, WORKSPACE_DOWNTIME (object)->text);
      break;
    }
}

static void
workspace_downtime_class_init (WorkspaceDowntimeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = workspace_downtime_dispose;
  object_class->finalize = workspace_downtime_finalize;
  object_class->get_property = workspace_downtime_get_property;

  properties[PROP_TEXT] =
      g_param_spec_string ("text", NULL, NULL, NULL,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_BACK] = g_signal_new ("back", WORKSPACE_TYPE_DOWNTIME, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
workspace_downtime_init (WorkspaceDowntime *self)
{
}

/* @grace_ms: for how long nothing is said; WORKSPACE_DOWNTIME_GRACE_MS. @session outlives it. */
WorkspaceDowntime *
workspace_downtime_new (WorkspaceSession *session, guint grace_ms)
{
  WorkspaceDowntime *self = g_object_new (WORKSPACE_TYPE_DOWNTIME, NULL);

  self->session = session;
  self->grace_ms = grace_ms;
  g_signal_connect_object (session, "notify::connected", G_CALLBACK (connected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::offline-reason", G_CALLBACK (reason_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::waiting", G_CALLBACK (counted_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::refused", G_CALLBACK (counted_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace_session_get_lock (session), "notify::text",
                           G_CALLBACK (lock_cb), self, G_CONNECT_SWAPPED);
  connected_cb (self);
  return self;
}

/* (nullable) */
const char *
workspace_downtime_get_text (WorkspaceDowntime *self)
{
  g_return_val_if_fail (WORKSPACE_IS_DOWNTIME (self), NULL);

  return self->text;
}
