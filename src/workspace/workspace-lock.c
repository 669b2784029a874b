/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-lock.h"

#include <glib/gi18n.h>

#include "workspace-time.h"

/**
 * WorkspaceLock:
 *
 * The rule is care's: a signature is refused in the transaction that would write it. This says so
 * before anybody tries, and keeps charts shut. What is open stays open: a visit is not cut off.
 */

#define TICK_SECONDS 20

struct _WorkspaceLock
{
  GObject parent_instance;

  CareContext *context;
  GTimeZone *zone;
  char *text;
  guint tick_source;
};

typedef enum
{
  PROP_TEXT = 1,
} WorkspaceLockProperty;

static GParamSpec *properties[PROP_TEXT + 1];

G_DEFINE_FINAL_TYPE (WorkspaceLock, workspace_lock, G_TYPE_OBJECT)

/* (transfer full) (nullable): why work cannot begin without the server, and what to do; NULL when
 * it can. @signed_in: when the server last took the sign-in; 0 for never.
 * @length: for how long that is good; both in µs. */
char *
workspace_lock_dup_start_sentence (gint64 signed_in, gint64 now, gint64 length, GTimeZone *zone)
{
  g_autofree char *last = signed_in > 0 ? workspace_time_moment (signed_in, now, zone) : NULL;
  g_autofree char *reads = NULL;

  switch (care_lease_get_of (signed_in, now, length))
    {
    case CARE_LEASE_NONE:
      return g_strdup (_ ("This account has never signed in on this computer, so there is nothing "
                          "to work with offline. Connect to the clinic’s server and open Bedside "
                          "again."));
    case CARE_LEASE_GOOD:
      return NULL;
    case CARE_LEASE_OVER:
      return g_strdup_printf (
          _ ("The clinic’s server last took your sign-in at %s, and that was good for %d hours. "
             "What you wrote is kept here. Connect this computer to the network and sign in: "
             "everything opens again, and what waits is sent."),
          last, (int) (length / G_TIME_SPAN_HOUR));
    case CARE_LEASE_CLOCK:
      reads = workspace_time_moment (now, signed_in, zone);
      return g_strdup_printf (_ ("This computer’s clock says %s, but you signed in at %s, which is "
                                 "later. Set the clock, or connect to the network and sign in."),
                              reads, last);
    }
  g_return_val_if_reached (NULL);
}

/* (transfer full): what stands in every window meanwhile. A banner cuts off what three lines of a
 * narrow window do not hold, so it is short; WorkspaceDowntimeDialog says the rest. */
static char *
dup_text (WorkspaceLock *self)
{
  gint64 now = base_clock_now (care_context_get_clock (self->context));
  g_autofree char *ended = workspace_time_moment (workspace_lock_get_until (self), now, self->zone);

  return g_strdup_printf (
      _ ("Your sign-in ended at %s. Connect to the network to open other charts and to sign."),
      ended);
}

static gboolean
tick_cb (gpointer data)
{
  workspace_lock_check (data);
  return G_SOURCE_CONTINUE;
}

static void
workspace_lock_finalize (GObject *object)
{
  WorkspaceLock *self = WORKSPACE_LOCK (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_object (&self->context);
  g_time_zone_unref (self->zone);
  g_free (self->text);
  G_OBJECT_CLASS (workspace_lock_parent_class)->finalize (object);
}

static void
workspace_lock_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((WorkspaceLockProperty) id)
    {
    case PROP_TEXT:
      g_value_set_string (value, WORKSPACE_LOCK (object)->text);
      break;
    }
}

static void
workspace_lock_class_init (WorkspaceLockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = workspace_lock_finalize;
  object_class->get_property = workspace_lock_get_property;

  properties[PROP_TEXT] =
      g_param_spec_string ("text", NULL, NULL, NULL,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
workspace_lock_init (WorkspaceLock *self)
{
}

/* Open until workspace_lock_renew () says when the server last took the sign-in. */
WorkspaceLock *
workspace_lock_new (CareContext *context, GTimeZone *zone)
{
  WorkspaceLock *self = g_object_new (WORKSPACE_TYPE_LOCK, NULL);

  self->context = g_object_ref (context);
  self->zone = g_time_zone_ref (zone);
  return self;
}

/* The server took the sign-in at @signed_in, in µs since 1970: what was shut opens again. */
void
workspace_lock_renew (WorkspaceLock *self, gint64 signed_in)
{
  g_return_if_fail (WORKSPACE_IS_LOCK (self));

  care_context_set_signed_in (self->context, signed_in);
  if (self->tick_source == 0)
    self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  workspace_lock_check (self);
}

/* Asks the clock, not the last tick: a computer that slept for a weekend has not ticked.
 * (nullable): why nothing opens, or NULL. */
const char *
workspace_lock_check (WorkspaceLock *self)
{
  g_return_val_if_fail (WORKSPACE_IS_LOCK (self), NULL);

  g_autofree char *text = care_context_check_lease (self->context, NULL) ? NULL : dup_text (self);
  if (g_set_str (&self->text, text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
  return self->text;
}

/* Until when the sign-in is good, in µs since 1970; 0 when nothing is known of that. */
gint64
workspace_lock_get_until (WorkspaceLock *self)
{
  g_return_val_if_fail (WORKSPACE_IS_LOCK (self), 0);

  return care_lease_get_until (care_context_get_signed_in (self->context),
                               care_context_get_lease_length (self->context));
}
