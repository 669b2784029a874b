/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-saver.h"

#include "care-note.h"

#define AGAIN_MS 250

typedef struct
{
  char *encounter, *text;
} Text;

struct _NoteSaver
{
  CareContext *context;
  char *patient;
  NoteSaved saved; /* NULL: closed */
  gpointer user_data;
  GQueue waiting; /* Text, one of each visit */
  Text *written;  /* on its way to the disk */
  gboolean once;  /* it is not tried again */
  guint source;   /* runs, and holds the saver, until everything is written */
};

static void
text_free (gpointer data)
{
  Text *text = data;

  g_free (text->encounter);
  g_free (text->text);
  g_free (text);
}

static void
clear (gpointer data)
{
  NoteSaver *self = data;

  g_queue_clear_full (&self->waiting, text_free);
  g_clear_object (&self->context);
  g_free (self->patient);
}

static void
release (gpointer data)
{
  g_rc_box_release_full (data, clear);
}

/* (nullable) */
static GList *
find (NoteSaver *self, const char *encounter)
{
  for (GList *link = self->waiting.head; link; link = link->next)
    if (g_str_equal (((Text *) link->data)->encounter, encounter))
      return link;
  return NULL;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  NoteSaver *self = user_data;
  g_autoptr (GError) error = NULL;
  Text *text = g_steal_pointer (&self->written);

  care_note_save_finish (result, &error);
  if (self->saved)
    self->saved (self->user_data, text->encounter, error);
  /* tried again, unless its author has written on, or nobody is left to be told */
  if (error && self->saved && !self->once && !find (self, text->encounter))
    g_queue_push_head (&self->waiting, text);
  else
    text_free (text);
  if (g_queue_is_empty (&self->waiting))
    g_clear_handle_id (&self->source, g_source_remove);
  release (self);
}

/* One write at a time, so that the newest text is the last. */
static void
write_next (NoteSaver *self)
{
  if (self->written || g_queue_is_empty (&self->waiting))
    return;
  self->written = g_queue_pop_head (&self->waiting);
  self->once = FALSE;
  care_note_save_async (self->context, self->patient, self->written->encounter, self->written->text,
                        NULL, written_cb, g_rc_box_acquire (self));
}

static gboolean
again_cb (gpointer user_data)
{
  NoteSaver *self = user_data;

  write_next (self);
  if (self->written || !g_queue_is_empty (&self->waiting))
    return G_SOURCE_CONTINUE;
  self->source = 0;
  return G_SOURCE_REMOVE;
}

/* @text goes before what waits of that visit. */
void
note_saver_put (NoteSaver *self, const char *encounter_id, const char *text)
{
  Text *waiting = g_new0 (Text, 1);

  note_saver_drop (self, encounter_id);
  waiting->encounter = g_strdup (encounter_id);
  waiting->text = g_strdup (text);
  g_queue_push_tail (&self->waiting, waiting);
  write_next (self);
  if (self->source == 0)
    self->source = g_timeout_add_full (G_PRIORITY_DEFAULT, AGAIN_MS, again_cb,
                                       g_rc_box_acquire (self), release);
}

/* What waits of that visit is not to be written any more, and what is on its way not again.
 * Returns: whether something waited */
gboolean
note_saver_drop (NoteSaver *self, const char *encounter_id)
{
  GList *link = find (self, encounter_id);

  if (self->written && g_str_equal (self->written->encounter, encounter_id))
    self->once = TRUE;
  if (!link)
    return FALSE;
  text_free (link->data);
  g_queue_delete_link (&self->waiting, link);
  return TRUE;
}

/* (nullable): the newest text of that visit of which it is not known that it is on disk */
const char *
note_saver_get_text (NoteSaver *self, const char *encounter_id)
{
  GList *link = find (self, encounter_id);

  if (link)
    return ((Text *) link->data)->text;
  return self->written && g_str_equal (self->written->encounter, encounter_id) ? self->written->text
                                                                               : NULL;
}

NoteSaver *
note_saver_new (CareContext *context, const char *patient_id, NoteSaved saved, gpointer user_data)
{
  NoteSaver *self = g_rc_box_new0 (NoteSaver);

  self->context = g_object_ref (context);
  self->patient = g_strdup (patient_id);
  self->saved = saved;
  self->user_data = user_data;
  return self;
}

/* What waits is written too, after what is on its way, but nobody is told. */
void
note_saver_close (NoteSaver *self)
{
  Text *text;

  while ((text = g_queue_pop_head (&self->waiting)))
    {
      care_note_save_async (self->context, self->patient, text->encounter, text->text, NULL, NULL,
                            NULL);
      text_free (text);
    }
  g_clear_handle_id (&self->source, g_source_remove);
  self->saved = NULL;
  release (self);
}
