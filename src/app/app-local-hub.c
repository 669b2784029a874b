/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-local-hub.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <unistd.h>

/**
 * AppLocalHub:
 *
 * The hub is another program and stays one: what it does wrong takes no window along. It ends with
 * this program, however that ends. Its port is kept, so that what was read from it yesterday is
 * still of the same server today.
 *
 * Another process may serve the same folder: the one that was started when somebody logged in. It
 * holds the file "serving" locked and writes the address into it. Whoever finds it locked uses that
 * hub, starts none, and takes over when the lock is free.
 */

#define FIRST_PAUSE_S   1
#define LONGEST_PAUSE_S 16
#define MOST_FAILURES   5 /* in a row */
#define STOP_SECONDS    15
#define SERVING         "serving"
#define LOOK_S          1
#define GOOD_US         (60 * G_USEC_PER_SEC) /* whoever served so long had started well */

struct _AppLocalHub
{
  GObject parent_instance;

  char *folder;
  gboolean demo;
  GSubprocess *process;
  GDataInputStream *output;
  char *url; /* NULL while it does not serve */
  gint64 ready_at;
  guint failures;
  guint pause_s;
  guint source;
  int lock;          /* -1: another process serves, or none does yet */
  gboolean any_port; /* the kept one is taken by somebody else */
  gboolean stopping;
};

enum
{
  SIGNAL_READY,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppLocalHub, app_local_hub, G_TYPE_OBJECT)

static char *
path_of (AppLocalHub *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* ---- the program ---- */

/**
 * app_local_hub_dup_program:
 *
 * Returns: (transfer full) (nullable): where the hub's program is: beside this one, where both were
 *   built, or where programs are
 */
char *
app_local_hub_dup_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self ? g_path_get_dirname (self) : g_strdup (".");
  g_autofree char *beside = g_build_filename (folder, "bedside-hub", NULL);
  g_autofree char *built = g_build_filename (folder, "..", "hub", "bedside-hub", NULL);
  const char *named = g_getenv ("BEDSIDE_HUB");

  if (named)
    return g_strdup (named);
  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_find_program_in_path ("bedside-hub");
}

/* In the child, before it is the hub. */
static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static char *
dup_port (AppLocalHub *self)
{
  g_autofree char *path = path_of (self, "port");
  g_autofree char *text = NULL;
  guint64 port = 0;

  if (self->any_port || !g_file_get_contents (path, &text, NULL, NULL) ||
      !g_ascii_string_to_unsigned (g_strstrip (text), 10, 1, 65535, &port, NULL))
    return g_strdup ("0");
  return g_strdup_printf ("%" G_GUINT64_FORMAT, port);
}

static void
keep_port (AppLocalHub *self)
{
  g_autofree char *path = path_of (self, "port");
  g_autoptr (GUri) uri = g_uri_parse (self->url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *text = g_strdup_printf ("%d\n", uri ? g_uri_get_port (uri) : 0);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, text, -1, &error))
    g_warning ("cannot keep the port of the clinic on this computer: %s", error->message);
}

/* ---- one for a folder ---- */

static gboolean
make_folder (AppLocalHub *self, GError **error)
{
  if (g_mkdir_with_parents (self->folder, 0700) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("Cannot make the folder %s (%s). Ask whoever looks after this computer to "
                  "make room or to let you write there, then try again."),
               self->folder, g_strerror (errno));
  return FALSE;
}

/* Returns: FALSE where another process serves. Where nothing can be locked everybody may: the hub
 * itself refuses records that another one has. */
static gboolean
take_lock (AppLocalHub *self)
{
  g_autofree char *path = path_of (self, SERVING);

  if (self->lock >= 0)
    return TRUE;
  self->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock < 0 || flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  if (errno != EWOULDBLOCK)
    return TRUE;
  g_clear_fd (&self->lock, NULL);
  return FALSE;
}

/* @url: (nullable): NULL while it does not serve */
static void
write_address (AppLocalHub *self, const char *url)
{
  gsize length = url ? strlen (url) : 0;

  if (self->lock >= 0 && (ftruncate (self->lock, 0) != 0 ||
                          pwrite (self->lock, url ? url : "", length, 0) != (gssize) length))
    g_warning ("cannot write the address of the clinic on this computer: %s", g_strerror (errno));
}

static char *
dup_address (AppLocalHub *self)
{
  g_autofree char *path = path_of (self, SERVING);
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  if (!g_str_has_prefix (text, "http://127.0.0.1:") || !g_str_is_ascii (text))
    g_clear_pointer (&text, g_free);
  return text;
}

/* ---- its end ---- */

/* The last thing that it said; it says its reasons in one line. */
static char *
dup_last_words (AppLocalHub *self)
{
  g_autofree char *path = path_of (self, "hub.log");
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");
  line = strrchr (g_strchomp (text), '\n');
  line = line ? line + 1 : text;
  return g_utf8_make_valid (g_str_has_prefix (line, "bedside-hub: ") ? line + 13 : line, -1);
}

static void
fail (AppLocalHub *self)
{
  g_autofree char *words = dup_last_words (self);
  g_autofree char *sentence =
      *words ? g_strdup_printf (_ ("The clinic on this computer does not start. Its server says: "
                                   "“%s”"),
                                words)
             : g_strdup (_ ("The clinic on this computer does not start."));

  g_clear_fd (&self->lock, NULL);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, sentence);
}

static void
again_cb (gpointer user_data)
{
  AppLocalHub *self = user_data;

  self->source = 0;
  app_local_hub_start (self);
}

static void
try_again (AppLocalHub *self)
{
  self->source = g_timeout_add_seconds_once (self->pause_s, again_cb, self);
  self->pause_s = MIN (self->pause_s * 2, LONGEST_PAUSE_S);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppLocalHub) self = user_data;
  gboolean served = self->url != NULL;
  gint64 now = g_get_monotonic_time ();

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (self->process != G_SUBPROCESS (source))
    return;
  g_clear_object (&self->process);
  g_clear_object (&self->output);
  g_clear_pointer (&self->url, g_free);
  if (self->stopping)
    {
      g_clear_fd (&self->lock, NULL);
      return;
    }
  write_address (self, NULL);
  if (served && now - self->ready_at > GOOD_US)
    {
      self->failures = 0;
      self->pause_s = FIRST_PAUSE_S;
    }
  /* Its port may be another program's by now. */
  self->any_port = !served && !self->any_port;
  self->failures++;
  if (self->failures > MOST_FAILURES || (!served && !self->any_port))
    fail (self);
  else
    try_again (self);
}

/* ---- its beginning ---- */

static void
first_line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppLocalHub) self = user_data;
  g_autofree char *line =
      g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (self->output != G_DATA_INPUT_STREAM (source) || self->stopping || !line ||
      !g_str_has_prefix (line, "http://127.0.0.1:"))
    return;
  g_set_str (&self->url, line);
  self->ready_at = g_get_monotonic_time ();
  keep_port (self);
  write_address (self, self->url);
  g_signal_emit (self, signals[SIGNAL_READY], 0, self->url);
}

static GSubprocess *
spawn (AppLocalHub *self, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *program = app_local_hub_dup_program ();
  g_autofree char *data = path_of (self, "data");
  g_autofree char *log = path_of (self, "hub.log");
  g_autofree char *port = dup_port (self);

  if (!program)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("The program bedside-hub is not on this computer. Install it, or connect to "
                      "your clinic’s server instead."));
      return NULL;
    }
  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  return g_subprocess_launcher_spawn (launcher, error, program, "serve", "--data", data, "--port",
                                      port, self->demo ? "--demo" : NULL, NULL);
}

static void
begin (AppLocalHub *self)
{
  g_autoptr (GError) error = NULL;

  write_address (self, NULL);
  self->process = spawn (self, &error);
  if (!self->process)
    {
      g_clear_fd (&self->lock, NULL);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error->message);
      return;
    }
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, NULL, first_line_cb,
                                       g_object_ref (self));
  g_subprocess_wait_async (self->process, NULL, ended_cb, g_object_ref (self));
}

/* The other process may be about to serve, serve, or be gone. */
static gboolean
look_cb (gpointer user_data)
{
  g_autoptr (AppLocalHub) self = g_object_ref (user_data);
  g_autofree char *url = NULL;

  if (take_lock (self))
    {
      self->source = 0;
      g_clear_pointer (&self->url, g_free);
      begin (self);
      return G_SOURCE_REMOVE;
    }
  url = dup_address (self);
  if (url && g_set_str (&self->url, url))
    g_signal_emit (self, signals[SIGNAL_READY], 0, self->url);
  return self->source ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
look_once_cb (gpointer user_data)
{
  AppLocalHub *self = user_data;

  self->source = g_timeout_add_seconds (LOOK_S, look_cb, self);
  look_cb (self);
}

/* Returns at once. */
void
app_local_hub_start (AppLocalHub *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (APP_IS_LOCAL_HUB (self));

  if (self->process || self->source)
    return;
  self->stopping = FALSE;
  if (!make_folder (self, &error))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error->message);
  else if (take_lock (self))
    begin (self);
  else
    self->source = g_timeout_add_once (0, look_once_cb, self);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Waits for its end: its records are written by then, and the folder is free. */
void
app_local_hub_stop (AppLocalHub *self)
{
  g_return_if_fail (APP_IS_LOCAL_HUB (self));

  /* whatever else happens while it waits may let go of it */
  g_autoptr (AppLocalHub) alive = g_object_ref (self);
  gint64 end = g_get_monotonic_time () + STOP_SECONDS * G_USEC_PER_SEC;
  guint wake;

  self->stopping = TRUE;
  g_clear_handle_id (&self->source, g_source_remove);
  if (!self->process)
    {
      g_clear_pointer (&self->url, g_free);
      g_clear_fd (&self->lock, NULL);
      return;
    }
  g_subprocess_send_signal (self->process, SIGTERM);
  wake = g_timeout_add (50, wake_cb, NULL);
  while (self->process && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  if (self->process)
    g_subprocess_force_exit (self->process);
}

/* (nullable): while it serves */
const char *
app_local_hub_get_url (AppLocalHub *self)
{
  return self->url;
}

/* (nullable): of its process, while there is one; NULL where another process has it */
const char *
app_local_hub_get_pid (AppLocalHub *self)
{
  return self->process ? g_subprocess_get_identifier (self->process) : NULL;
}

/* ---- object ---- */

static void
app_local_hub_finalize (GObject *object)
{
  AppLocalHub *self = APP_LOCAL_HUB (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->process);
  g_clear_object (&self->output);
  g_clear_fd (&self->lock, NULL);
  g_free (self->folder);
  g_free (self->url);
  G_OBJECT_CLASS (app_local_hub_parent_class)->finalize (object);
}

static void
app_local_hub_class_init (AppLocalHubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_local_hub_finalize;

  signals[SIGNAL_READY] = g_signal_new ("ready", APP_TYPE_LOCAL_HUB, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", APP_TYPE_LOCAL_HUB, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
app_local_hub_init (AppLocalHub *self)
{
  self->pause_s = FIRST_PAUSE_S;
  self->lock = -1;
}

/* @folder: its own, made where there is none. @demo: with made-up patients, and open to everyone on
 * this computer. */
AppLocalHub *
app_local_hub_new (const char *folder, gboolean demo)
{
  AppLocalHub *self = g_object_new (APP_TYPE_LOCAL_HUB, NULL);

  self->folder = g_canonicalize_filename (folder, NULL);
  self->demo = demo;
  return self;
}
