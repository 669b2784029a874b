/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "real-pipewire.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WAIT_SECONDS 60

static const char parts[] =
    "context.properties = { core.daemon = true core.name = pipewire-0 support.dbus = false }\n"
    "context.spa-libs = { videotestsrc = videotestsrc/libspa-videotestsrc"
    " support.* = support/libspa-support audio.convert.* = audioconvert/libspa-audioconvert"
    " videoconvert.* = videoconvert/libspa-videoconvert }\n"
    "context.modules = [ { name = libpipewire-module-protocol-native }"
    " { name = libpipewire-module-metadata } { name = libpipewire-module-spa-node-factory }"
    " { name = libpipewire-module-spa-device-factory } { name = libpipewire-module-client-node }"
    " { name = libpipewire-module-client-device } { name = libpipewire-module-access }"
    " { name = libpipewire-module-adapter } { name = libpipewire-module-link-factory }"
    " { name = libpipewire-module-session-manager } ]\n";

static const char camera_part[] =
    "context.objects = [ { factory = spa-node-factory args = { factory.name = videotestsrc"
    " node.name = test-camera node.description = \"Test Camera\" media.class = Video/Source"
    " node.param.Props = { live = true patternType = 1 } } } ]\n";

static GSubprocess *
spawn (RealPipewire *self, const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
      (g_getenv ("PIPEWIRE_DEBUG") ? 0 : G_SUBPROCESS_FLAGS_STDERR_SILENCE));
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", self->folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "PIPEWIRE_RUNTIME_DIR", self->folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_STATE_HOME", self->folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", self->folder, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "PIPEWIRE_REMOTE");
  process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  return process;
}

/* A way to it, as a portal would hand out.
 *
 * Returns: a descriptor; -1 while there is none */
int
real_pipewire_connect (RealPipewire *self)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_snprintf (address.sun_path, sizeof address.sun_path, "%s/pipewire-0", self->folder);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    return fd;
  close (fd);
  return -1;
}

/* Until then a stream that is started has nobody who links it to the camera. */
static gboolean
is_managed (RealPipewire *self)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) dump = NULL;
  g_autofree char *said = NULL;

  g_subprocess_launcher_setenv (launcher, "PIPEWIRE_RUNTIME_DIR", self->folder, TRUE);
  dump = g_subprocess_launcher_spawn (launcher, NULL, "pw-dump", NULL);
  return dump != NULL && g_subprocess_communicate_utf8 (dump, NULL, NULL, &said, NULL, NULL) &&
         said != NULL && strstr (said, "\"metadata.name\": \"default\"") != NULL &&
         strstr (said, "WirePlumber") != NULL;
}

void
real_pipewire_start (RealPipewire *self, gboolean camera)
{
  g_autofree char *text = g_strconcat (parts, camera ? camera_part : "", NULL);
  g_autofree char *config = NULL;
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  int fd;

  self->folder = g_dir_make_tmp ("bedside-pw-XXXXXX", NULL);
  config = g_build_filename (self->folder, "test.conf", NULL);
  g_assert_true (g_file_set_contents (config, text, -1, NULL));
  self->daemon = spawn (self, (const char *[]) { "pipewire", "-c", config, NULL });
  while ((fd = real_pipewire_connect (self)) < 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (20000);
    }
  close (fd);
  self->manager = spawn (self, (const char *[]) { "wireplumber", "-p", "policy", NULL });
  while (!is_managed (self))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (50000);
    }
}

static void
end_process (GSubprocess **process)
{
  if (*process == NULL)
    return;
  g_subprocess_send_signal (*process, 15);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

void
real_pipewire_stop (RealPipewire *self)
{
  g_autoptr (GSubprocess) rm = NULL;

  end_process (&self->manager);
  end_process (&self->daemon);
  if (self->folder == NULL)
    return;
  rm = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "rm", "-rf", self->folder, NULL);
  g_subprocess_wait (rm, NULL, NULL);
  g_clear_pointer (&self->folder, g_free);
}
