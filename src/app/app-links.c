/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-links.h"

/**
 * AppLinks:
 *
 * Nobody's chart is opened before somebody is signed in, nor behind the lock: whoever sends a link
 * to a locked computer is not the one who may see what it names. Of links that were asked for until
 * then the last counts, and of files from elsewhere the last few, for the one who opens the screen;
 * another clinician begins in another process, and finds nothing of it.
 */

/* Files that wait. */
#define FILES_MAX 10

struct _AppLinks
{
  GObject parent_instance;

  AppGuard *guard;
  AppClinicWindow *window;
  AppPatients *patients;
  WorkspaceSession *session; /* (nullable): before the sign-in */
  char *asked;
  GQueue files; /* URIs of what came from elsewhere */
};

G_DEFINE_FINAL_TYPE (AppLinks, app_links, G_TYPE_OBJECT)

/* Whether nothing may be opened now. */
gboolean
app_links_must_wait (AppLinks *self)
{
  return !self->session || app_guard_is_locked (self->guard);
}

static void
follow (AppLinks *self, char *uri)
{
  g_autofree char *followed = uri;

  app_link_follow (followed, self->window, self->patients, self->session);
}

/* The last file first, so that the first one is on top. */
static void
try_asked (AppLinks *self)
{
  if (app_links_must_wait (self))
    return;
  if (self->asked)
    follow (self, g_steal_pointer (&self->asked));
  while (!g_queue_is_empty (&self->files))
    follow (self, g_queue_pop_tail (&self->files));
}

static void
keep_file (AppLinks *self, const char *uri)
{
  GList *same = g_queue_find_custom (&self->files, uri, (GCompareFunc) (void (*) (void)) strcmp);

  if (!same)
    g_queue_push_tail (&self->files, g_strdup (uri));
  if (g_queue_get_length (&self->files) > FILES_MAX)
    g_free (g_queue_pop_head (&self->files));
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
  const char *const uris[] = { uri, NULL };

  app_links_follow_all (self, uris);
}

/* @uris: as they were given; several files are shown at once, the first on top. */
void
app_links_follow_all (AppLinks *self, const char *const *uris)
{
  g_return_if_fail (APP_IS_LINKS (self));

  for (; *uris; uris++)
    {
      g_autofree char *target = NULL;

      if (app_link_read (*uris, &target) == APP_LINK_FROM_ELSEWHERE)
        keep_file (self, *uris);
      else
        g_set_str (&self->asked, *uris);
    }
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
  g_queue_clear_full (&self->files, g_free);
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
  g_queue_init (&self->files);
}

AppLinks *
app_links_new (AppGuard *guard)
{
  AppLinks *self = g_object_new (APP_TYPE_LINKS, NULL);

  self->guard = g_object_ref (guard);
  g_signal_connect_object (guard, "unlocked", G_CALLBACK (try_asked), self, G_CONNECT_SWAPPED);
  return self;
}
