/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-server.h"

#include <glib/gi18n.h>

#include "fhir-date.h"

/* The server's certificate and clock. Where it does not answer they say nothing: that is the hub's
 * step to say, once. */

#define ASK_SECONDS   8
#define SOON_US       (14 * G_TIME_SPAN_DAY)
#define AMBER_SECONDS 30
#define RED_SECONDS   (5 * 60)

typedef CheckResult *(*Judge) (const NetCheck *check, gint64 now_us);

#define CHECK_TYPE_ASKING (check_asking_get_type ())
G_DECLARE_FINAL_TYPE (CheckAsking, check_asking, CHECK, ASKING, CheckStep)

struct _CheckAsking
{
  CheckStep parent_instance;
  CheckServer *server;
  Judge judge;
};

G_DEFINE_FINAL_TYPE (CheckAsking, check_asking, CHECK_TYPE_STEP)

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CheckAsking *self = g_task_get_source_object (task);
  g_autoptr (NetCheck) check = NULL;
  GError *error = NULL;

  check = net_check_server_finish (result, &error);
  if (check == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task,
                           self->judge (check,
                                        base_clock_now (check_server_get_clock (self->server))),
                           (GDestroyNotify) check_result_free);
}

static void
check_asking_run_async (CheckStep *step,
                        gboolean by_hand,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (step, cancellable, callback, user_data);

  g_task_set_source_tag (task, check_asking_run_async);
  if (check_server_ask (CHECK_ASKING (step)->server, cancellable, asked_cb, task))
    return;
  g_task_return_pointer (task, check_result_new_untried (_ ("Not tested: there is no connection.")),
                         (GDestroyNotify) check_result_free);
  g_object_unref (task);
}

static void
check_asking_finalize (GObject *object)
{
  g_object_unref (CHECK_ASKING (object)->server);
  G_OBJECT_CLASS (check_asking_parent_class)->finalize (object);
}

static void
check_asking_class_init (CheckAskingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = check_asking_finalize;
  CHECK_STEP_CLASS (klass)->run_async = check_asking_run_async;
}

static void
check_asking_init (CheckAsking *self)
{
}

static CheckStep *
asking_new (CheckServer *server, const char *title, Judge judge)
{
  CheckAsking *self = g_object_new (CHECK_TYPE_ASKING, NULL);

  self->server = g_object_ref (server);
  self->judge = judge;
  check_step_set_up (CHECK_STEP (self), title, ASK_SECONDS, NULL);
  return CHECK_STEP (self);
}

/* ---- certificate ---- */

static char *
dup_day (GDateTime *instant)
{
  g_autofree char *iso = g_date_time_format (instant, "%Y-%m-%d");

  return fhir_date_format (iso, NULL);
}

static CheckResult *
judge_wrong (const NetCheck *check)
{
  g_autofree char *from = check->good_from != NULL ? dup_day (check->good_from) : NULL;
  g_autofree char *until = check->good_until != NULL ? dup_day (check->good_until) : NULL;
  g_autofree char *sentence = NULL;
  const char *advice = _ ("Tell whoever runs the server. Until then nothing is sent to it.");

  if ((check->wrong & G_TLS_CERTIFICATE_EXPIRED) != 0 && until != NULL)
    sentence = g_strdup_printf (_ ("The server’s certificate ran out on %s."), until);
  else if ((check->wrong & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0 && from != NULL)
    {
      sentence = g_strdup_printf (_ ("The server’s certificate is not good before %s."), from);
      advice = _ ("Look at the date of this computer first; then tell whoever runs the server.");
    }
  else if ((check->wrong & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    sentence = g_strdup (_ ("The server’s certificate is made out to another name."));
  else
    sentence = g_strdup (_ ("The server’s certificate is from nobody whom this computer trusts."));
  return check_result_new (WORKSPACE_CHECK_RED, sentence, advice);
}

CheckResult *
check_certificate_judge (const NetCheck *check, gint64 now_us)
{
  g_autofree char *until = NULL, *sentence = NULL;

  if (check->is_encrypted && check->wrong != 0)
    return judge_wrong (check);
  if (check->status == 0)
    return check_result_new_untried (_ ("Not tested: the server does not answer."));
  if (!check->is_encrypted)
    return check_result_new (WORKSPACE_CHECK_GREEN,
                             _ ("None is needed: the server is on this computer."), NULL);
  if (check->good_until == NULL)
    return check_result_new (WORKSPACE_CHECK_GREEN, _ ("The server’s certificate is good."), NULL);
  until = dup_day (check->good_until);
  sentence = g_strdup_printf (_ ("The server’s certificate is good until %s."), until);
  if (g_date_time_to_unix_usec (check->good_until) - now_us > SOON_US)
    return check_result_new (WORKSPACE_CHECK_GREEN, sentence, NULL);
  return check_result_new (WORKSPACE_CHECK_AMBER, sentence,
                           _ ("Tell whoever runs the server to renew it before that day."));
}

/**
 * check_certificate_new:
 *
 * Returns: (transfer full): red where it is not believed, amber in its last 14 days
 */
CheckStep *
check_certificate_new (CheckServer *server)
{
  return asking_new (server, _ ("Server’s certificate"), check_certificate_judge);
}

/* ---- clock ---- */

static char *
describe_difference (gint64 seconds)
{
  gint64 size = ABS (seconds), minutes = (size + 30) / 60;

  if (size < 120)
    return seconds > 0
               ? g_strdup_printf (ngettext ("This computer’s clock is %d second behind the "
                                            "server’s.",
                                            "This computer’s clock is %d seconds behind the "
                                            "server’s.",
                                            (gulong) size),
                                  (int) size)
               : g_strdup_printf (ngettext ("This computer’s clock is %d second ahead of "
                                            "the server’s.",
                                            "This computer’s clock is %d seconds ahead of "
                                            "the server’s.",
                                            (gulong) size),
                                  (int) size);
  return seconds > 0
             ? g_strdup_printf (ngettext ("This computer’s clock is %d minute behind the "
                                          "server’s.",
                                          "This computer’s clock is %d minutes behind the "
                                          "server’s.",
                                          (gulong) minutes),
                                (int) minutes)
             : g_strdup_printf (ngettext ("This computer’s clock is %d minute ahead of the "
                                          "server’s.",
                                          "This computer’s clock is %d minutes ahead of the "
                                          "server’s.",
                                          (gulong) minutes),
                                (int) minutes);
}

CheckResult *
check_clock_judge (const NetCheck *check, gint64 now_us)
{
  gint64 seconds = (check->date_us - now_us) / G_USEC_PER_SEC;
  g_autofree char *sentence = NULL;

  if (check->status == 0)
    return check_result_new_untried (_ ("Not tested: the server does not answer."));
  if (check->date_us == 0)
    return check_result_new_untried (_ ("Not tested: the server does not say what time it is."));
  if (ABS (seconds) <= AMBER_SECONDS)
    return check_result_new (WORKSPACE_CHECK_GREEN,
                             _ ("This computer and the server agree on the time."), NULL);
  sentence = describe_difference (seconds);
  return check_result_new (
      ABS (seconds) > RED_SECONDS ? WORKSPACE_CHECK_RED : WORKSPACE_CHECK_AMBER, sentence,
      _ ("Let this computer set its clock by itself (Settings, Date and Time). What is written "
         "carries its time, and relays refuse a clock that is wrong."));
}

/**
 * check_clock_new:
 *
 * Returns: (transfer full): amber beyond 30 seconds, red beyond 5 minutes
 */
CheckStep *
check_clock_new (CheckServer *server)
{
  return asking_new (server, _ ("Clock"), check_clock_judge);
}
