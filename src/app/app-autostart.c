/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-autostart.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "base-portal.h"

/**
 * AppAutostart:
 *
 * In a sandbox the Background portal decides (org.freedesktop.portal.Background): what it answered
 * last is kept beside the clinic, because it cannot be asked without asking a person. Elsewhere a
 * file in the desktop's folder says it, which other programs may change too, so it is read each
 * time (Desktop Application Autostart Specification).
 */

#define BACKGROUND "org.freedesktop.portal.Background"
#define FILE_NAME  "health.bedside.Workstation.Clinic.desktop"
#define KEPT       "at-login"
#define OPTION     "--serve-clinic"

struct _AppAutostart
{
  GObject parent_instance;

  char *path; /* of the desktop's file, or of what is kept */
  GDBusConnection *bus;
  gboolean sandboxed;
};

typedef enum
{
  PROP_ACTIVE = 1,
} AppAutostartProperty;

static GParamSpec *active_property;

G_DEFINE_FINAL_TYPE (AppAutostart, app_autostart, G_TYPE_OBJECT)

/* ---- a file of the desktop ---- */

/* Its rules of quoting: a sign that a shell would take up has a backslash, and % is doubled. */
static char *
quote (const char *path)
{
  GString *quoted = g_string_new ("\"");

  for (const char *at = path; *at; at++)
    {
      if (strchr ("\"`$\\", *at))
        g_string_append_c (quoted, '\\');
      else if (*at == '%')
        g_string_append_c (quoted, '%');
      g_string_append_c (quoted, *at);
    }
  g_string_append_c (quoted, '"');
  return g_string_free_and_steal (quoted);
}

static gboolean
write_file (AppAutostart *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *quoted = quote (program ? program : "bedside");
  g_autofree char *command = g_strconcat (quoted, " " OPTION, NULL);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (GError) local = NULL;
  const char *group = G_KEY_FILE_DESKTOP_GROUP;

  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_TYPE, "Application");
  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_NAME,
                         _ ("The Server of the Clinic on This Computer"));
  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_EXEC, command);
  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_ICON, "health.bedside.Workstation");
  g_key_file_set_boolean (file, group, G_KEY_FILE_DESKTOP_KEY_NO_DISPLAY, TRUE);
  if (g_mkdir_with_parents (folder, 0700) == 0 &&
      g_key_file_save_to_file (file, self->path, &local))
    return TRUE;
  g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_FAILED,
      _ ("The file %s cannot be written: %s. The clinic’s server does not start at login."),
      self->path, local ? local->message : g_strerror (errno));
  return FALSE;
}

static gboolean
remove_file (AppAutostart *self, GError **error)
{
  if (g_unlink (self->path) == 0 || errno == ENOENT)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("The file %s cannot be removed: %s. The clinic’s server still starts at login."),
               self->path, g_strerror (errno));
  return FALSE;
}

static gboolean
is_file_active (AppAutostart *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  const char *group = G_KEY_FILE_DESKTOP_GROUP;

  return g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, NULL) &&
         !g_key_file_get_boolean (file, group, G_KEY_FILE_DESKTOP_KEY_HIDDEN, NULL) &&
         (!g_key_file_has_key (file, group, "X-GNOME-Autostart-enabled", NULL) ||
          g_key_file_get_boolean (file, group, "X-GNOME-Autostart-enabled", NULL));
}

/* ---- the portal ---- */

/* What it answered is what holds: switched off is also what nobody allows any more. */
static GError *
explain (const GError *error)
{
  if (base_portal_is_missing (error))
    return g_error_new_literal (
        G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
        _ ("This desktop starts nothing at login for Bedside: its background portal is missing. "
           "Open Bedside after you logged in, and the clinic’s server runs."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_error_new_literal (
        G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
        _ ("The system does not let Bedside start at login. Allow it in the system’s settings, "
           "where the permissions of programs are, then try again."));
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED,
                              _ ("The system gave no answer whether the clinic’s server may start "
                                 "at login. Nothing was changed. Try again."));
}

static void
end (GTask *task, GError *error)
{
  AppAutostart *self = g_task_get_source_object (task);

  g_object_notify_by_pspec (G_OBJECT (self), active_property);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
keep (AppAutostart *self, gboolean active)
{
  g_autoptr (GError) error = NULL;

  if (!active)
    g_unlink (self->path);
  else if (!g_file_set_contents (self->path, "", 0, &error))
    g_warning ("cannot keep that the clinic's server starts at login: %s", error->message);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AppAutostart *self = g_task_get_source_object (task);
  gboolean wanted = GPOINTER_TO_INT (g_task_get_task_data (task)), active = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = base_portal_request_finish (result, &error);
  gboolean refused = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

  if (results && !g_variant_lookup (results, "autostart", "b", &active))
    {
      end (task, explain (NULL));
      return;
    }
  if (results || refused)
    keep (self, active);
  if (results && wanted && !active)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "not at login");
  end (task, error && !(refused && !wanted) ? explain (error) : NULL);
}

static void
ask (GTask *task)
{
  AppAutostart *self = g_task_get_source_object (task);
  const char *const command[] = { "bedside", OPTION, NULL };
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "reason", "s",
                         _ ("The clinic’s server starts when you log in, so that patients can "
                            "reach it."));
  g_variant_dict_insert (&options, "autostart", "b", GPOINTER_TO_INT (g_task_get_task_data (task)));
  g_variant_dict_insert_value (&options, "commandline", g_variant_new_strv (command, -1));
  g_variant_dict_insert (&options, "dbus-activatable", "b", FALSE);
  base_portal_request_async (self->bus, BACKGROUND, "RequestBackground", "",
                             g_variant_dict_end (&options), g_task_get_cancellable (task),
                             answered_cb, g_object_ref (task));
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AppAutostart *self = g_task_get_source_object (task);

  self->bus = g_bus_get_finish (result, NULL);
  if (self->bus)
    ask (task);
  else
    end (task, explain (NULL));
}

/* ---- the object ---- */

/* Not where "bedside" would start it: it is shown as it is, and a person may change it elsewhere.
 */
gboolean
app_autostart_get_active (AppAutostart *self)
{
  g_return_val_if_fail (APP_IS_AUTOSTART (self), FALSE);

  return self->sandboxed ? g_file_test (self->path, G_FILE_TEST_EXISTS) : is_file_active (self);
}

void
app_autostart_set_async (AppAutostart *self,
                         gboolean active,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (APP_IS_AUTOSTART (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, app_autostart_set_async);
  g_task_set_task_data (task, GINT_TO_POINTER (active), NULL);
  if (self->sandboxed && self->bus)
    ask (task);
  else if (self->sandboxed)
    g_bus_get (G_BUS_TYPE_SESSION, cancellable, bus_cb, g_object_ref (task));
  else if (active ? write_file (self, &error) : remove_file (self, &error))
    end (task, NULL);
  else
    end (task, error);
}

/* Returns: whether it is now as it was wanted; else a sentence. app_autostart_get_active () is true
 * to what came of it. */
gboolean
app_autostart_set_finish (AppAutostart *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
app_autostart_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  switch ((AppAutostartProperty) property)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, app_autostart_get_active (APP_AUTOSTART (object)));
      break;
    }
}

static void
app_autostart_finalize (GObject *object)
{
  AppAutostart *self = APP_AUTOSTART (object);

  g_free (self->path);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (app_autostart_parent_class)->finalize (object);
}

static void
app_autostart_class_init (AppAutostartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = app_autostart_get_property;
  object_class->finalize = app_autostart_finalize;
  active_property =
      g_param_spec_boolean ("active", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_ACTIVE, active_property);
}

static void
app_autostart_init (AppAutostart *self)
{
}

/* @clinic: the folder of the clinic on this computer */
AppAutostart *
app_autostart_new (const char *clinic)
{
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "autostart", NULL);

  return app_autostart_new_at (clinic, folder, NULL, base_portal_is_sandboxed ());
}

/* @folder: where the desktop looks for what to start. @bus: (nullable): the session's */
AppAutostart *
app_autostart_new_at (const char *clinic,
                      const char *folder,
                      GDBusConnection *bus,
                      gboolean sandboxed)
{
  AppAutostart *self = g_object_new (APP_TYPE_AUTOSTART, NULL);

  self->path = sandboxed ? g_build_filename (clinic, KEPT, NULL)
                         : g_build_filename (folder, FILE_NAME, NULL);
  self->bus = bus ? g_object_ref (bus) : NULL;
  self->sandboxed = sandboxed;
  return self;
}
