/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-renderer.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "workspace-render-protocol.h"

/* Drawing what came from elsewhere. The file goes to bedside-render in memory that it cannot
 * change, and pictures come back through a pipe. All of it runs on worker threads, one request at a
 * time; a program that dies or does not answer in time is an error here and nothing more. */

#define SECONDS_EACH 15

struct _WorkspaceRenderer
{
  GObject parent_instance;

  GMutex mutex; /* one request at a time */
  GSubprocess *process;
  guint n_pages;
};

G_DEFINE_FINAL_TYPE (WorkspaceRenderer, workspace_renderer, G_TYPE_OBJECT)
G_DEFINE_QUARK (workspace - render - error - quark, workspace_render_error)

void
workspace_sheet_free (WorkspaceSheet *self)
{
  g_clear_object (&self->texture);
  g_free (self->text);
  g_free (self);
}

static void
set_error (GError **error, WorkspaceRenderError code)
{
  static const char *const words[] = {
    [WORKSPACE_RENDER_ERROR_BROKEN] =
        N_ ("What is in the file cannot be drawn. It may be damaged."),
    [WORKSPACE_RENDER_ERROR_PASSWORD] = N_ ("It is locked with a password."),
    [WORKSPACE_RENDER_ERROR_CRASHED] =
        N_ ("Something in it stopped the program that draws it. Nothing "
            "else was touched."),
    [WORKSPACE_RENDER_ERROR_HUNG] = N_ ("It took too long to draw and was stopped."),
    [WORKSPACE_RENDER_ERROR_MISSING] = N_ ("The program that draws documents is not installed."),
  };

  g_set_error_literal (error, WORKSPACE_RENDER_ERROR, (int) code, _ (words[code]));
}

static gint64
deadline (void)
{
  const char *told = g_getenv ("BEDSIDE_RENDER_SECONDS"); /* for tests */
  gint64 seconds = told ? g_ascii_strtoll (told, NULL, 10) : 0;

  return g_get_monotonic_time () + (seconds > 0 ? seconds : SECONDS_EACH) * G_USEC_PER_SEC;
}

/* Reads exactly @length bytes before @until, or says why not. */
static gboolean
read_all (WorkspaceRenderer *self,
          gpointer data,
          gsize length,
          gint64 until,
          GCancellable *cancellable,
          GError **error)
{
  int file = g_unix_input_stream_get_fd (
      G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (self->process)));
  int stopped = cancellable ? g_cancellable_get_fd (cancellable) : -1; /* poll passes -1 over */
  guint8 *at = data;

  while (length > 0)
    {
      struct pollfd waiting[] = { { file, POLLIN, 0 }, { stopped, POLLIN, 0 } };
      gint64 left = (until - g_get_monotonic_time ()) / 1000;
      int ready = left > 0 ? poll (waiting, 2, (int) left) : 0;
      gssize got;

      if (ready < 0 && errno == EINTR)
        continue;
      if (ready <= 0 || g_cancellable_is_cancelled (cancellable))
        {
          g_subprocess_force_exit (self->process);
          if (ready <= 0)
            set_error (error, WORKSPACE_RENDER_ERROR_HUNG);
          else
            g_cancellable_set_error_if_cancelled (cancellable, error);
          break;
        }
      got = read (file, at, MIN (length, 1 << 20));
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          set_error (error, WORKSPACE_RENDER_ERROR_CRASHED);
          break;
        }
      at += got;
      length -= (gsize) got;
    }
  if (stopped >= 0)
    g_cancellable_release_fd (cancellable);
  return length == 0;
}

/* ---- starting ---- */

typedef struct
{
  GBytes *bytes;
  char *kind;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_bytes_unref (self->bytes);
  g_free (self->kind);
  g_free (self);
}

/* The file in memory that nobody can change any more. */
static int
make_file (GBytes *bytes, GError **error)
{
  gsize left, written = 0;
  const guint8 *data = g_bytes_get_data (bytes, &left);
  int file = memfd_create ("document", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  while (file >= 0 && left > 0)
    {
      gssize done = write (file, data + written, left);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        break;
      written += (gsize) done;
      left -= (gsize) done;
    }
  if (file < 0 || left > 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _ ("There is not enough memory for it: %s"), g_strerror (errno));
      g_clear_fd (&file, NULL);
      return -1;
    }
  fcntl (file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  lseek (file, 0, SEEK_SET);
  return file;
}

static char *
find_program (void)
{
  const char *told = g_getenv ("BEDSIDE_RENDER");

  return g_strdup (told ? told : WORKSPACE_RENDER_PROGRAM);
}

/* What the program needs to find fonts, and nothing of what else the environment holds. */
static char **
make_environment (void)
{
  static const char *const kept[] = { "HOME",
                                      "LANG",
                                      "LC_ALL",
                                      "LC_CTYPE",
                                      "PATH",
                                      "XDG_CACHE_HOME",
                                      "XDG_DATA_DIRS",
                                      "XDG_DATA_HOME",
                                      "XDG_CONFIG_HOME",
                                      "FONTCONFIG_FILE",
                                      "FONTCONFIG_PATH",
                                      "LD_LIBRARY_PATH",
                                      "ASAN_OPTIONS",
                                      "BEDSIDE_RENDER_FAULT" };
  char **environment = g_new0 (char *, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_getenv (kept[i]))
      environment = g_environ_setenv (environment, kept[i], g_getenv (kept[i]), TRUE);
  return environment;
}

static gboolean
start (WorkspaceRenderer *self, Opening *opening, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                 G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *program = find_program ();
  g_auto (GStrv) environment = make_environment ();
  int file = make_file (opening->bytes, error);

  if (file < 0)
    return FALSE;
  g_subprocess_launcher_take_fd (launcher, file, WORKSPACE_RENDER_FILE);
  g_subprocess_launcher_set_environ (launcher, environment);
  self->process = g_subprocess_launcher_spawn (launcher, NULL, program, opening->kind, NULL);
  if (!self->process)
    set_error (error, WORKSPACE_RENDER_ERROR_MISSING);
  return self->process != NULL;
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (WorkspaceRenderer) self = g_object_new (WORKSPACE_TYPE_RENDERER, NULL);
  WorkspaceRenderAnswer answer;
  GError *error = NULL;

  if (!start (self, data, &error) ||
      !read_all (self, &answer, sizeof answer, deadline (), cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (answer.status != WORKSPACE_RENDER_STATUS_OK || answer.pages < 1 ||
      answer.pages > WORKSPACE_RENDER_MAX_PAGES)
    {
      set_error (&error, answer.status == WORKSPACE_RENDER_STATUS_PASSWORD
                             ? WORKSPACE_RENDER_ERROR_PASSWORD
                             : WORKSPACE_RENDER_ERROR_BROKEN);
      g_task_return_error (task, error);
      return;
    }
  self->n_pages = answer.pages;
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

/**
 * workspace_renderer_open_async:
 * @bytes: the whole file
 * @kind: "pdf" or "image"
 */
void
workspace_renderer_open_async (GBytes *bytes,
                               const char *kind,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);

  opening->bytes = g_bytes_ref (bytes);
  opening->kind = g_strdup (kind);
  g_task_set_source_tag (task, workspace_renderer_open_async);
  g_task_set_task_data (task, opening, opening_free);
  g_task_run_in_thread (task, open_in_thread);
}

WorkspaceRenderer *
workspace_renderer_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

guint
workspace_renderer_get_n_pages (WorkspaceRenderer *self)
{
  return self->n_pages;
}

/* ---- a page ---- */

static WorkspaceSheet *
read_sheet (WorkspaceRenderer *self,
            const WorkspaceRenderAnswer *answer,
            gint64 until,
            GError **error)
{
  gsize stride = (gsize) answer->width * 4, size = stride * answer->height;
  g_autofree guint8 *pixels = g_try_malloc (size);
  g_autofree char *text = g_malloc0 (answer->n_text + 1);
  g_autoptr (GBytes) bytes = NULL;
  WorkspaceSheet *sheet;

  if (!pixels)
    {
      set_error (error, WORKSPACE_RENDER_ERROR_BROKEN);
      return NULL;
    }
  if (!read_all (self, pixels, size, until, NULL, error) ||
      !read_all (self, text, answer->n_text, until, NULL, error))
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&pixels), size);
  sheet = g_new0 (WorkspaceSheet, 1);
  sheet->texture = gdk_memory_texture_new ((int) answer->width, (int) answer->height,
                                           GDK_MEMORY_DEFAULT, bytes, stride);
  sheet->text = g_utf8_make_valid (text, -1);
  return sheet;
}

/* The program may have been taken over by the file: its numbers are checked before they are used.
 */
static gboolean
is_plausible (const WorkspaceRenderAnswer *answer)
{
  return answer->status == WORKSPACE_RENDER_STATUS_OK && answer->width > 0 && answer->height > 0 &&
         answer->width <= WORKSPACE_RENDER_MAX_WIDTH &&
         answer->height <= WORKSPACE_RENDER_MAX_HEIGHT &&
         answer->n_text <= WORKSPACE_RENDER_MAX_TEXT;
}

static void
draw_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  WorkspaceRenderer *self = source;
  WorkspaceRenderRequest *request = data;
  gint64 until;
  WorkspaceRenderAnswer answer;
  WorkspaceSheet *sheet = NULL;
  GError *error = NULL;
  sigset_t broken_pipe;

  /* a program that died is an answer here, not a reason to die: for good on this worker thread */
  sigemptyset (&broken_pipe);
  sigaddset (&broken_pipe, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &broken_pipe, NULL);
  g_mutex_lock (&self->mutex);
  until = deadline ();
  if (!g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), request,
                                  sizeof *request, NULL, NULL, NULL))
    set_error (&error, WORKSPACE_RENDER_ERROR_CRASHED);
  else if (read_all (self, &answer, sizeof answer, until, NULL, &error))
    {
      if (is_plausible (&answer))
        sheet = read_sheet (self, &answer, until, &error);
      else
        set_error (&error, WORKSPACE_RENDER_ERROR_BROKEN);
    }
  g_mutex_unlock (&self->mutex);
  if (sheet)
    g_task_return_pointer (task, sheet, (GDestroyNotify) workspace_sheet_free);
  else
    g_task_return_error (task, error);
}

/**
 * workspace_renderer_draw_async:
 * @page: from 0
 * @width: in pixels; the height follows
 */
void
workspace_renderer_draw_async (WorkspaceRenderer *self,
                               guint page,
                               guint width,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  WorkspaceRenderRequest *request = g_new0 (WorkspaceRenderRequest, 1);

  request->page = page;
  request->width = CLAMP (width, 1, WORKSPACE_RENDER_MAX_WIDTH);
  g_task_set_source_tag (task, workspace_renderer_draw_async);
  g_task_set_task_data (task, request, g_free);
  g_task_run_in_thread (task, draw_in_thread);
}

WorkspaceSheet *
workspace_renderer_draw_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
workspace_renderer_finalize (GObject *object)
{
  WorkspaceRenderer *self = WORKSPACE_RENDERER (object);

  if (self->process)
    g_subprocess_force_exit (self->process);
  g_clear_object (&self->process);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (workspace_renderer_parent_class)->finalize (object);
}

static void
workspace_renderer_class_init (WorkspaceRendererClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workspace_renderer_finalize;
}

static void
workspace_renderer_init (WorkspaceRenderer *self)
{
  g_mutex_init (&self->mutex);
}
