/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-device-choice.h"

#include <glib/gi18n.h>

struct _MediaDeviceChoice
{
  GObject parent_instance;
  MediaDeviceKind kind;
  GListStore *devices;
  char *chosen_id; /* NULL: only its name is known, or nothing was chosen */
  char *chosen_name;
  MediaDevice *in_use; /* (nullable) */
  gboolean looked;     /* for the first time: what is found then is no news */
};

enum
{
  CHANGED,
  NOTICE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaDeviceChoice, media_device_choice, G_TYPE_OBJECT)

/* ---- what is said ---- */

typedef enum
{
  NEWS_REPLACED, /* gone, name; used instead, name */
  NEWS_LOST,     /* gone, name */
  NEWS_BACK,     /* name */
  NEWS_FOUND,    /* name */
  N_NEWS
} News;

/* A sentence is whole in each language; %1$s is the name of a device, %2$s that of another. */
static const char *const sentences[MEDIA_N_DEVICE_KINDS][N_NEWS] = {
  [MEDIA_DEVICE_CAMERA] = { N_ ("The camera “%1$s” is gone. “%2$s” is used instead."),
                            N_ ("The camera “%1$s” is gone, and there is no other."),
                            N_ ("The camera “%1$s” is back and is used again."),
                            N_ ("The camera “%1$s” is used now.") },
  [MEDIA_DEVICE_MICROPHONE] = { N_ ("The microphone “%1$s” is gone. “%2$s” is used instead."),
                                N_ ("The microphone “%1$s” is gone, and there is no other."),
                                N_ ("The microphone “%1$s” is back and is used again."),
                                N_ ("The microphone “%1$s” is used now.") },
  [MEDIA_DEVICE_SPEAKER] = { N_ ("The speaker “%1$s” is gone. “%2$s” is used instead."),
                             N_ ("The speaker “%1$s” is gone, and there is no other."),
                             N_ ("The speaker “%1$s” is back and is used again."),
                             N_ ("The speaker “%1$s” is used now.") },
};

static void
say (MediaDeviceChoice *self, News news, MediaDevice *which, MediaDevice *other)
{
  g_autofree char *sentence =
      g_strdup_printf (_ (sentences[self->kind][news]), media_device_get_name (which),
                       other != NULL ? media_device_get_name (other) : "");

  g_signal_emit (self, signals[NOTICE], 0, sentence);
}

/* ---- which is used ---- */

static gboolean
is_chosen (MediaDeviceChoice *self, MediaDevice *device)
{
  return g_strcmp0 (self->chosen_id, media_device_get_id (device)) == 0;
}

static gboolean
is_named (MediaDeviceChoice *self, MediaDevice *device)
{
  return g_strcmp0 (self->chosen_name, media_device_get_name (device)) == 0;
}

static gboolean
is_default (MediaDeviceChoice *self, MediaDevice *device)
{
  return media_device_is_default (device);
}

static gboolean
is_any (MediaDeviceChoice *self, MediaDevice *device)
{
  return TRUE;
}

/**
 * media_device_choice_pick:
 *
 * Returns: (transfer full) (nullable): the one to use; NULL where none is plugged in
 */
MediaDevice *
media_device_choice_pick (MediaDeviceChoice *self)
{
  static gboolean (*const rules[]) (MediaDeviceChoice *, MediaDevice *) = { is_chosen, is_named,
                                                                            is_default, is_any };
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->devices));

  for (gsize rule = 0; rule < G_N_ELEMENTS (rules); rule++)
    for (guint i = 0; i < count; i++)
      {
        g_autoptr (MediaDevice) device = g_list_model_get_item (G_LIST_MODEL (self->devices), i);

        if (rules[rule](self, device))
          return g_steal_pointer (&device);
      }
  return NULL;
}

static gboolean
is_same (MediaDevice *a, MediaDevice *b)
{
  return a == b ||
         (a != NULL && b != NULL && g_str_equal (media_device_get_id (a), media_device_get_id (b)));
}

static gboolean
is_there (MediaDeviceChoice *self, MediaDevice *device)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->devices));

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (MediaDevice) other = g_list_model_get_item (G_LIST_MODEL (self->devices), i);

      if (is_same (device, other))
        return TRUE;
    }
  return FALSE;
}

static void
tell (MediaDeviceChoice *self, MediaDevice *before, MediaDevice *now)
{
  if (before != NULL && !is_there (self, before))
    say (self, now != NULL ? NEWS_REPLACED : NEWS_LOST, before, now);
  else if (now != NULL)
    say (self, is_chosen (self, now) || is_named (self, now) ? NEWS_BACK : NEWS_FOUND, now, NULL);
}

static void
settle (MediaDeviceChoice *self, gboolean is_news)
{
  g_autoptr (MediaDevice) before = g_steal_pointer (&self->in_use);

  self->in_use = media_device_choice_pick (self);
  if (is_same (before, self->in_use))
    return;
  if (is_news)
    tell (self, before, self->in_use);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- the object ---- */

static void
media_device_choice_finalize (GObject *object)
{
  MediaDeviceChoice *self = MEDIA_DEVICE_CHOICE (object);

  g_clear_object (&self->devices);
  g_clear_object (&self->in_use);
  g_free (self->chosen_id);
  g_free (self->chosen_name);
  G_OBJECT_CLASS (media_device_choice_parent_class)->finalize (object);
}

static void
media_device_choice_class_init (MediaDeviceChoiceClass *class)
{
  G_OBJECT_CLASS (class)->finalize = media_device_choice_finalize;
  signals[CHANGED] = g_signal_new ("changed", MEDIA_TYPE_DEVICE_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[NOTICE] = g_signal_new ("notice", MEDIA_TYPE_DEVICE_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
media_device_choice_init (MediaDeviceChoice *self)
{
  self->devices = g_list_store_new (MEDIA_TYPE_DEVICE);
}

MediaDeviceChoice *
media_device_choice_new (MediaDeviceKind kind)
{
  MediaDeviceChoice *self = g_object_new (MEDIA_TYPE_DEVICE_CHOICE, NULL);

  self->kind = kind;
  return self;
}

/**
 * media_device_choice_get_list:
 *
 * Returns: (transfer none): of MediaDevice, as they are plugged in now
 */
GListModel *
media_device_choice_get_list (MediaDeviceChoice *self)
{
  return G_LIST_MODEL (self->devices);
}

/**
 * media_device_choice_update:
 * @found: (element-type MediaDevice): all that are plugged in now
 */
void
media_device_choice_update (MediaDeviceChoice *self, GPtrArray *found)
{
  gboolean is_news = self->looked;

  self->looked = TRUE;
  g_list_store_splice (self->devices, 0, g_list_model_get_n_items (G_LIST_MODEL (self->devices)),
                       found->pdata, found->len);
  settle (self, is_news);
}

/**
 * media_device_choice_choose:
 * @id: (nullable): of one in the list; NULL for the system's default
 */
void
media_device_choice_choose (MediaDeviceChoice *self, const char *id)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->devices));

  g_set_str (&self->chosen_id, id);
  g_set_str (&self->chosen_name, NULL);
  for (guint i = 0; id != NULL && i < count; i++)
    {
      g_autoptr (MediaDevice) device = g_list_model_get_item (G_LIST_MODEL (self->devices), i);

      if (is_chosen (self, device))
        g_set_str (&self->chosen_name, media_device_get_name (device));
    }
  settle (self, FALSE);
}

/**
 * media_device_choice_remember:
 * @name: (nullable): what was chosen in an earlier life of the program
 */
void
media_device_choice_remember (MediaDeviceChoice *self, const char *name)
{
  g_set_str (&self->chosen_id, NULL);
  g_set_str (&self->chosen_name, name != NULL && *name != '\0' ? name : NULL);
  settle (self, FALSE);
}

/**
 * media_device_choice_get_chosen_name:
 *
 * Returns: (nullable): what to remember; NULL where nothing was chosen
 */
const char *
media_device_choice_get_chosen_name (MediaDeviceChoice *self)
{
  return self->chosen_name;
}
