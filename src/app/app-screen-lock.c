/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-screen-lock.h"

/**
 * AppScreenLock:
 *
 * While it is locked one window is there, the cover; every other is hidden with whatever dialogs
 * stand in it, and one that somebody opens meanwhile, as by an action from the bus, is hidden
 * before it is painted. Nothing is closed: what was typed stays where it is.
 */

#define TICK_SECONDS 5
#define WATCHED      "app-screen-lock-watched"
#define HARMLESS     "app-screen-lock-harmless"

/* Their dialogs would stand over the cover, for whoever passes by. */
static const char *const closing[] = { "preferences",    "report",        "policies",   "server",
                                       "server-suspect", "choose-clinic", "clinic-here" };

struct _AppScreenLock
{
  GObject parent_instance;

  BaseClock *clock;
  GListModel *toplevels;
  guint minutes; /* 0: never by itself */
  gboolean held;
  gint64 touched_tick, touched_at;
  guint source;
  GActionMap *actions; /* (nullable): the application's, which outlives it */
  guint closed;        /* a bit for each of those that it closed */
  GtkWindow *cover;    /* (nullable): while it is locked */
  GPtrArray *hidden;   /* GtkWindow, in the order in which they were hidden */
};

enum
{
  SIGNAL_IDLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppScreenLock, app_screen_lock, G_TYPE_OBJECT)

/* ---- whether anybody is there ---- */

/* Somebody is there. */
void
app_screen_lock_touch (AppScreenLock *self)
{
  self->touched_tick = base_clock_monotonic (self->clock);
  self->touched_at = base_clock_now (self->clock);
}

static gboolean
event_cb (AppScreenLock *self, GdkEvent *event)
{
  switch (gdk_event_get_event_type (event))
    {
    case GDK_MOTION_NOTIFY:
    case GDK_BUTTON_PRESS:
    case GDK_KEY_PRESS:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
    case GDK_PAD_BUTTON_PRESS:
      app_screen_lock_touch (self);
      break;
    default:
      break;
    }
  return GDK_EVENT_PROPAGATE;
}

/* Asks both clocks: one stands still while the computer sleeps, the other can be set back. Early by
 * a tick, so that the minutes are never passed. It is told of a locked one too: what stands on the
 * cover may not be for everybody. */
void
app_screen_lock_check (AppScreenLock *self)
{
  gint64 passed = MAX (base_clock_monotonic (self->clock) - self->touched_tick,
                       base_clock_now (self->clock) - self->touched_at);

  if ((self->cover || !self->held) && self->minutes > 0 &&
      passed + TICK_SECONDS * G_USEC_PER_SEC >= self->minutes * G_TIME_SPAN_MINUTE)
    g_signal_emit (self, signals[SIGNAL_IDLE], 0);
}

static gboolean
tick_cb (gpointer data)
{
  app_screen_lock_check (data);
  return G_SOURCE_CONTINUE;
}

/* ---- the cover ---- */

static void
hide (AppScreenLock *self, GtkWindow *window)
{
  if (!g_ptr_array_find (self->hidden, window, NULL))
    g_ptr_array_add (self->hidden, g_object_ref (window));
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
}

static void
visible_cb (AppScreenLock *self, GParamSpec *pspec, GtkWindow *window)
{
  if (!self->cover || window == self->cover || !gtk_widget_get_visible (GTK_WIDGET (window)) ||
      g_object_get_data (G_OBJECT (window), HARMLESS))
    return;
  hide (self, window);
  gtk_window_present (self->cover);
}

static void
watch (AppScreenLock *self, GtkWindow *window)
{
  GtkEventController *events;

  if (g_object_get_data (G_OBJECT (window), WATCHED))
    return;
  g_object_set_data (G_OBJECT (window), WATCHED, self);
  events = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (window), events);
  g_signal_connect_object (window, "notify::visible", G_CALLBACK (visible_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
windows_cb (AppScreenLock *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (self->toplevels, i);
      watch (self, window);
    }
}

static gboolean
is_open (AppScreenLock *self, GtkWindow *window)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->toplevels); i++)
    {
      g_autoptr (GtkWindow) one = g_list_model_get_item (self->toplevels, i);
      if (one == window)
        return TRUE;
    }
  return FALSE;
}

static void
close_actions (AppScreenLock *self, gboolean close)
{
  for (guint i = 0; self->actions && i < G_N_ELEMENTS (closing); i++)
    {
      GAction *action = g_action_map_lookup_action (self->actions, closing[i]);
      guint bit = 1u << i;

      if (!action || (close ? !g_action_get_enabled (action) : !(self->closed & bit)))
        continue;
      g_simple_action_set_enabled (G_SIMPLE_ACTION (action), !close);
      self->closed = close ? self->closed | bit : self->closed & ~bit;
    }
}

/* @cover: shown instead of every other window; not owned, and outlives the locking. */
void
app_screen_lock_lock (AppScreenLock *self, GtkWindow *cover)
{
  g_return_if_fail (APP_IS_SCREEN_LOCK (self));

  if (self->cover)
    return;
  self->cover = cover;
  for (guint i = 0; i < g_list_model_get_n_items (self->toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (self->toplevels, i);
      if (window != cover && gtk_widget_get_visible (GTK_WIDGET (window)))
        hide (self, window);
    }
  close_actions (self, TRUE);
  gtk_window_present (cover);
}

/* What was hidden is there again, in its order. */
void
app_screen_lock_unlock (AppScreenLock *self)
{
  g_return_if_fail (APP_IS_SCREEN_LOCK (self));

  g_autoptr (GPtrArray) hidden = g_steal_pointer (&self->hidden);
  GtkWindow *cover = g_steal_pointer (&self->cover);

  close_actions (self, FALSE);
  self->hidden = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < hidden->len; i++)
    if (is_open (self, hidden->pdata[i]))
      gtk_window_present (hidden->pdata[i]);
  if (cover)
    gtk_widget_set_visible (GTK_WIDGET (cover), FALSE);
  app_screen_lock_touch (self);
}

gboolean
app_screen_lock_is_locked (AppScreenLock *self)
{
  return self->cover != NULL;
}

/* @actions: (nullable): those that open a dialog over any window are closed while it is locked. */
void
app_screen_lock_set_actions (AppScreenLock *self, GActionMap *actions)
{
  g_return_if_fail (APP_IS_SCREEN_LOCK (self));

  self->actions = actions;
}

/* @window shows nothing of anybody, as the help does, so it may be opened over the cover. */
void
app_screen_lock_let_show (GtkWindow *window)
{
  g_object_set_data (G_OBJECT (window), HARMLESS, (gpointer) HARMLESS);
}

/* After how many minutes "idle" is told; 0: never. */
void
app_screen_lock_set_minutes (AppScreenLock *self, guint minutes)
{
  g_return_if_fail (APP_IS_SCREEN_LOCK (self));

  self->minutes = minutes;
}

/* A visit runs: whoever listens to a patient touches nothing, and is there. */
void
app_screen_lock_set_held (AppScreenLock *self, gboolean held)
{
  g_return_if_fail (APP_IS_SCREEN_LOCK (self));

  if (self->held && !held)
    app_screen_lock_touch (self);
  self->held = held;
}

/* ---- object ---- */

static void
app_screen_lock_dispose (GObject *object)
{
  AppScreenLock *self = APP_SCREEN_LOCK (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->hidden, g_ptr_array_unref);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (app_screen_lock_parent_class)->dispose (object);
}

static void
app_screen_lock_class_init (AppScreenLockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_screen_lock_dispose;

  signals[SIGNAL_IDLE] = g_signal_new ("idle", APP_TYPE_SCREEN_LOCK, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
app_screen_lock_init (AppScreenLock *self)
{
  self->hidden = g_ptr_array_new_with_free_func (g_object_unref);
  self->toplevels = gtk_window_get_toplevels ();
  self->source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
}

AppScreenLock *
app_screen_lock_new (BaseClock *clock)
{
  AppScreenLock *self = g_object_new (APP_TYPE_SCREEN_LOCK, NULL);

  self->clock = g_object_ref (clock);
  app_screen_lock_touch (self);
  g_signal_connect_object (self->toplevels, "items-changed", G_CALLBACK (windows_cb), self,
                           G_CONNECT_SWAPPED);
  windows_cb (self, 0, 0, g_list_model_get_n_items (self->toplevels));
  return self;
}
