/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-secret-file.h"

/* The key file that says how this hub sends messages; bedside-hub(1) has its words. It is read once
 * and whole: what is not known in it, and what is known and no good, stops the hub before it
 * serves, with the group and the key in the sentence. Secrets stand in files of their own, which
 * only the hub's user may read, and are read anew for each message. */

#define GIVE_UP_HOURS 24
#define PER_HOUR      6
#define MAX_SECRET    4096

static const HubNotifyInterface *const ways[] = { &hub_notify_smtp, &hub_notify_webhook,
                                                  &hub_notify_command };

static const char *const general_keys[] = { "clinic-name", "give-up-hours", "messages-per-hour",
                                            "at-booking", NULL };

gboolean
hub_notify_refuse (GError **error, const char *group, const char *key, const char *sentence)
{
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "[%s] %s: %s", group, key,
               sentence);
  return FALSE;
}

/* Returns: (transfer full) (nullable): a text that is not empty */
char *
hub_notify_get_needed (GKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);

  if (text != NULL && *g_strstrip (text) != '\0')
    return g_steal_pointer (&text);
  hub_notify_refuse (error, group, key, "is missing");
  return NULL;
}

/* Returns: a number from 1 to @most; 0 with an error set */
gint64
hub_notify_get_number (GKeyFile *file,
                       const char *group,
                       const char *key,
                       gint64 fallback,
                       gint64 most,
                       GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);
  g_autofree char *sentence = g_strdup_printf ("is a number from 1 to %d", (int) most);
  gint64 number = fallback;

  if (text != NULL && !g_ascii_string_to_signed (text, 10, 1, most, &number, NULL))
    {
      hub_notify_refuse (error, group, key, sentence);
      return 0;
    }
  return number;
}

/* ---- secrets ---- */

static gboolean
fail_secret (GError **error, const char *path, const char *sentence)
{
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_PERM, "%s: %s", path, sentence);
  return FALSE;
}

/**
 * hub_notify_read_secret:
 *
 * Returns: (transfer full) (nullable): the first line of a file that only its owner may read
 */
char *
hub_notify_read_secret (const char *path, GError **error)
{
  char text[MAX_SECRET + 1];
  struct stat about;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  gssize length = -1;
  gboolean fine;

  if (fd < 0)
    {
      fail_secret (error, path, g_strerror (errno));
      return NULL;
    }
  fine = fstat (fd, &about) == 0 && S_ISREG (about.st_mode) &&
         base_secret_file_is_private (path, &about);
  if (fine)
    length = read (fd, text, MAX_SECRET);
  close (fd);
  text[MAX (length, 0)] = '\0';
  text[strcspn (text, "\r\n")] = '\0';
  if (!fine)
    fail_secret (error, path,
                 "a secret is a file that only the hub's own user may read: chmod 600");
  else if (*text == '\0')
    fail_secret (error, path, "holds no secret");
  else
    return g_strdup (text);
  return NULL;
}

/* Whether the file that @key names holds a secret. @path: (out): NULL where @key is not there. */
gboolean
hub_notify_check_secret_file (
    GKeyFile *file, const char *group, const char *key, char **path, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *secret = NULL;

  *path = g_key_file_get_string (file, group, key, NULL);
  if (*path == NULL)
    return TRUE;
  if (!g_path_is_absolute (*path))
    return hub_notify_refuse (error, group, key, "is the whole path of a file");
  secret = hub_notify_read_secret (*path, &problem);
  return secret != NULL || hub_notify_refuse (error, group, key, problem->message);
}

/* ---- the file ---- */

static gboolean
knows_keys (GKeyFile *file, const char *group, const char *const *known, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!g_strv_contains (known, keys[i]) && !g_str_equal (keys[i], "way"))
      return hub_notify_refuse (error, group, keys[i], "is not known here");
  return TRUE;
}

static HubNotifyBackEnd *
open_back_end (GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *way = hub_notify_get_needed (file, group, "way", error);

  if (way == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (way, ways[i]->name))
      return knows_keys (file, group, ways[i]->keys, error) ? ways[i]->open (file, group, error)
                                                            : NULL;
  hub_notify_refuse (error, group, "way", "is smtp, webhook or command");
  return NULL;
}

static gboolean
read_at_booking (HubNotifyConfig *self, GKeyFile *file, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (!g_key_file_has_key (file, "messages", "at-booking", NULL))
    return TRUE;
  self->at_booking = g_key_file_get_boolean (file, "messages", "at-booking", &problem);
  return problem == NULL || hub_notify_refuse (error, "messages", "at-booking", "is true or false");
}

static gboolean
read_general (HubNotifyConfig *self, GKeyFile *file, GError **error)
{
  gint64 hours, limit;

  if (g_key_file_has_group (file, "messages") &&
      !knows_keys (file, "messages", general_keys, error))
    return FALSE;
  hours = hub_notify_get_number (file, "messages", "give-up-hours", GIVE_UP_HOURS, 24 * 14, error);
  if (hours == 0)
    return FALSE;
  limit = hub_notify_get_number (file, "messages", "messages-per-hour", PER_HOUR, 100, error);
  if (limit == 0)
    return FALSE;
  self->give_up = hours * G_TIME_SPAN_HOUR;
  self->per_hour = (guint) limit;
  self->clinic = g_key_file_get_string (file, "messages", "clinic-name", NULL);
  if (self->clinic != NULL && strpbrk (self->clinic, "\r\n") != NULL)
    return hub_notify_refuse (error, "messages", "clinic-name", "is one line");
  return read_at_booking (self, file, error);
}

static gboolean
read_groups (HubNotifyConfig *self, GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  guint found = 0;

  for (gsize i = 0; groups[i] != NULL; i++)
    {
      CareChannel channel;

      if (g_str_equal (groups[i], "messages"))
        continue;
      if (!care_channel_parse (groups[i], &channel) ||
          !g_str_equal (groups[i], care_channel_get_name (channel)))
        {
          g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND,
                       "[%s] is not known: there are [messages], [email] and [sms]", groups[i]);
          return FALSE;
        }
      self->back_ends[channel] = open_back_end (file, groups[i], error);
      if (self->back_ends[channel] == NULL)
        return FALSE;
      if (channel == CARE_CHANNEL_SMS && self->back_ends[channel]->interface == &hub_notify_smtp)
        return hub_notify_refuse (error, groups[i], "way", "a text message does not go by smtp");
      found++;
    }
  if (found == 0)
    g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND,
                         "names neither [email] nor [sms]");
  return found > 0;
}

/**
 * hub_notify_config_load:
 * @error: one sentence that names the file, the group and the key
 *
 * Returns: (transfer full) (nullable):
 */
HubNotifyConfig *
hub_notify_config_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (HubNotifyConfig) self = g_atomic_rc_box_new0 (HubNotifyConfig);

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error) &&
      read_general (self, file, error) && read_groups (self, file, error))
    return g_steal_pointer (&self);
  g_prefix_error (error, "%s: ", path);
  return NULL;
}

/* Returns: (transfer full): messages go to a page of the hub and nowhere else */
HubNotifyConfig *
hub_notify_config_new_demo (void)
{
  HubNotifyConfig *self = g_atomic_rc_box_new0 (HubNotifyConfig);

  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    self->back_ends[i] =
        hub_notify_outbox.open (NULL, care_channel_get_name ((CareChannel) i), NULL);
  self->give_up = GIVE_UP_HOURS * G_TIME_SPAN_HOUR;
  self->per_hour = PER_HOUR;
  return self;
}

/* Whether links are read on other machines. */
gboolean
hub_notify_config_reaches_out (HubNotifyConfig *self)
{
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    if (self->back_ends[i] != NULL && self->back_ends[i]->interface->reaches_out)
      return TRUE;
  return FALSE;
}

static void
clear (gpointer data)
{
  HubNotifyConfig *self = data;

  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    g_clear_pointer (&self->back_ends[i], hub_notify_back_end_free);
  g_free (self->clinic);
}

HubNotifyConfig *
hub_notify_config_ref (HubNotifyConfig *self)
{
  return g_atomic_rc_box_acquire (self);
}

/* A message on its way holds what it goes by. */
void
hub_notify_config_unref (HubNotifyConfig *self)
{
  g_atomic_rc_box_release_full (self, clear);
}
