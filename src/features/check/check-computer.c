/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-computer.h"

#include <glib/gi18n.h>

#include "fhir-date.h"

/* Room on the disk for what is typed, and how old the tables are that medicines are checked
 * against. */

#define COMPUTER_SECONDS 5
#define AMBER_BELOW      (2 * G_GUINT64_CONSTANT (1000000000))
#define RED_BELOW        (G_GUINT64_CONSTANT (200000000))
/* Our own choice, from no source: every check names the date of its tables besides. */
#define AMBER_MONTHS 18
#define RED_MONTHS   36

#define CHECK_TYPE_COMPUTER (check_computer_get_type ())
G_DECLARE_FINAL_TYPE (CheckComputer, check_computer, CHECK, COMPUTER, CheckStep)

struct _CheckComputer
{
  CheckStep parent_instance;
  char *folder; /* NULL: it is about the content */
  StoreContent *content;
  BaseClock *clock;
  guint64 amber_below, red_below;
};

G_DEFINE_FINAL_TYPE (CheckComputer, check_computer, CHECK_TYPE_STEP)

/* ---- disk ---- */

static CheckResult *
judge_disk (CheckComputer *self, GFileInfo *info)
{
  guint64 free = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
  g_autofree char *size = g_format_size (free);
  g_autofree char *sentence = g_strdup_printf (_ ("%s are free for records."), size);
  const char *advice =
      _ ("Make room on this disk: remove what is not needed, or move it elsewhere.");

  if (g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_FILESYSTEM_READONLY))
    return check_result_new (WORKSPACE_CHECK_RED, _ ("The disk cannot be written to."),
                             _ ("Write on paper, and tell whoever looks after this computer."));
  if (free < self->red_below)
    return check_result_new (WORKSPACE_CHECK_RED, sentence, advice);
  if (free < self->amber_below)
    return check_result_new (WORKSPACE_CHECK_AMBER, sentence, advice);
  return check_result_new (WORKSPACE_CHECK_GREEN, sentence, NULL);
}

static CheckResult *
look_at_disk (CheckComputer *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);
  g_autoptr (GFileInfo) info =
      g_file_query_filesystem_info (folder,
                                    G_FILE_ATTRIBUTE_FILESYSTEM_FREE
                                    "," G_FILE_ATTRIBUTE_FILESYSTEM_READONLY,
                                    cancellable, error);

  return info != NULL ? judge_disk (self, info) : NULL;
}

/* ---- content ---- */

/**
 * check_content_judge:
 * @day: (nullable): "2026-11-09"; NULL: the tables are not there
 */
CheckResult *
check_content_judge (const char *day, gint64 now_us)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc_usec (now_us);
  g_autoptr (GDateTime) of = NULL, amber = NULL, red = NULL;
  g_autofree char *instant = g_strconcat (day != NULL ? day : "", "T00:00:00Z", NULL);
  g_autofree char *shown = NULL, *sentence = NULL;
  WorkspaceCheckLevel level = WORKSPACE_CHECK_GREEN;

  of = g_date_time_new_from_iso8601 (instant, NULL);
  if (of == NULL)
    return check_result_new (WORKSPACE_CHECK_RED,
                             _ ("The tables of medicines could not be read, so nothing is checked "
                                "against them."),
                             _ ("Install Bedside again."));
  amber = g_date_time_add_months (of, AMBER_MONTHS);
  red = g_date_time_add_months (of, RED_MONTHS);
  shown = fhir_date_format (day, NULL);
  sentence = g_strdup_printf (_ ("The tables of medicines are of %s."), shown);
  if (g_date_time_compare (now, red) >= 0)
    level = WORKSPACE_CHECK_RED;
  else if (g_date_time_compare (now, amber) >= 0)
    level = WORKSPACE_CHECK_AMBER;
  return check_result_new (level, sentence,
                           level == WORKSPACE_CHECK_GREEN
                               ? NULL
                               : _ ("Newer medicines are missing in them and are not checked. "
                                    "Install a newer version of Bedside."));
}

/* ---- the step ---- */

static void
work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CheckComputer *self = source;
  g_autofree char *day = NULL;
  GError *error = NULL;
  CheckResult *result;

  if (self->folder != NULL)
    result = look_at_disk (self, cancellable, &error);
  else
    {
      day = self->content != NULL ? store_content_dup_day (self->content) : NULL;
      result = check_content_judge (day, base_clock_now (self->clock));
    }
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) check_result_free);
  else
    g_task_return_error (task, error);
}

static void
check_computer_run_async (CheckStep *step,
                          gboolean by_hand,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (step, cancellable, callback, user_data);

  g_task_set_source_tag (task, check_computer_run_async);
  g_task_run_in_thread (task, work);
}

static void
check_computer_finalize (GObject *object)
{
  CheckComputer *self = CHECK_COMPUTER (object);

  g_clear_object (&self->content);
  g_clear_object (&self->clock);
  g_free (self->folder);
  G_OBJECT_CLASS (check_computer_parent_class)->finalize (object);
}

static void
check_computer_class_init (CheckComputerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = check_computer_finalize;
  CHECK_STEP_CLASS (klass)->run_async = check_computer_run_async;
}

static void
check_computer_init (CheckComputer *self)
{
  self->amber_below = AMBER_BELOW;
  self->red_below = RED_BELOW;
}

/**
 * check_disk_new:
 * @folder: where the store is
 *
 * Returns: (transfer full): amber below 2 GB, red below 200 MB
 */
CheckStep *
check_disk_new (const char *folder)
{
  CheckComputer *self = g_object_new (CHECK_TYPE_COMPUTER, NULL);

  self->folder = g_strdup (folder);
  check_step_set_up (CHECK_STEP (self), _ ("Disk"), COMPUTER_SECONDS, NULL);
  return CHECK_STEP (self);
}

/* In bytes. */
void
check_disk_set_limits (CheckStep *step, guint64 amber_below, guint64 red_below)
{
  CHECK_COMPUTER (step)->amber_below = amber_below;
  CHECK_COMPUTER (step)->red_below = red_below;
}

/**
 * check_content_new:
 * @content: (nullable): NULL: it could not be opened
 */
CheckStep *
check_content_new (StoreContent *content, BaseClock *clock)
{
  CheckComputer *self = g_object_new (CHECK_TYPE_COMPUTER, NULL);

  g_set_object (&self->content, content);
  self->clock = g_object_ref (clock);
  check_step_set_up (CHECK_STEP (self), _ ("Tables of medicines"), COMPUTER_SECONDS, NULL);
  return CHECK_STEP (self);
}
