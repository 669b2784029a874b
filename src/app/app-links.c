/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-links.h"

/**
 * AppLinks:
 *
 * Nobody's chart is opened before somebody is signed in, nor behind the lock: whoever sends a link
 * to a locked computer is not the one who may see what it names. Of what was asked until then the
 * last counts, for the one who opens the screen; another clinician begins in another process, and
 * finds nothing of it.
 */

struct _AppLinks
{
  GObject parent_instance;

  AppGuard *guard;
  AppClinicWindow *window;
  AppPatients *patients;
  WorkspaceSession *session; /* (nullable): before the sign-in */
  char *asked;
};

G_DEFINE_FINAL_TYPE (AppLinks, app_links, G_TYPE_OBJECT)

/* Whether nothing may be opened now. */
gboolean
app_links_must_wait (AppLinks *self)
{
  return !self->session || app_guard_is_locked (self->guard);
}

static void
try_asked (AppLinks *self)
{
  g_autofree char *uri = NULL;

  if (!self->asked || app_links_must_wait (self))
    return;
  uri = g_steal_pointer (&self->asked);
  app_link_follow (uri, self->window, self->patients, self->session);
}

/* Once, when it is known who works. */
void
app_links_begin (AppLinks *self,
                 AppClinicWindow *window,
                 AppPatients *patients,
                 WorkspaceSession *session)
{
  g_return_if_fail (APP_IS_LINKS (self));

  g_set_object (&self->window, window);
  g_set_object (&self->patients, patients);
  g_set_object (&self->session, session);
  try_asked (self);
}

/* @uri: follows it now, or when it may be followed. */
void
app_links_follow (AppLinks *self, const char *uri)
{
  g_return_if_fail (APP_IS_LINKS (self));

  g_set_str (&self->asked, uri);
  try_asked (self);
}

/* ---- object ---- */

static void
app_links_dispose (GObject *object)
{
  AppLinks *self = APP_LINKS (object);

  g_clear_object (&self->guard);
  g_clear_object (&self->window);
  g_clear_object (&self->patients);
  g_clear_object (&self->session);
  g_clear_pointer (&self->asked, g_free);
  G_OBJECT_CLASS (app_links_parent_class)->dispose (object);
}

static void
app_links_class_init (AppLinksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_links_dispose;
}

static void
app_links_init (AppLinks *self)
{
}

AppLinks *
app_links_new (AppGuard *guard)
{
  AppLinks *self = g_object_new (APP_TYPE_LINKS, NULL);

  self->guard = g_object_ref (guard);
  g_signal_connect_object (guard, "unlocked", G_CALLBACK (try_asked), self, G_CONNECT_SWAPPED);
  return self;
}
