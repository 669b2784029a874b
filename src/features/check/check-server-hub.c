/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "net-socket.h"

#include "check-server.h"

/* Whether the hub answers, and whether a socket as visits use comes through, and how fast. */

#define HUB_SECONDS 8
#define ECHOES      5
#define SLOW_MS     800

#define CHECK_TYPE_HUB (check_hub_get_type ())
G_DECLARE_FINAL_TYPE (CheckHub, check_hub, CHECK, HUB, CheckStep)

struct _CheckHub
{
  CheckStep parent_instance;
  CheckServer *server;
};

G_DEFINE_FINAL_TYPE (CheckHub, check_hub, CHECK_TYPE_STEP)

/* One test, on its task. */
typedef struct
{
  NetSocket *socket;
  gulong cancelled;
  guint echoes, best_ms;
  gint64 sent;
} Echo;

static void
echo_free (gpointer data)
{
  Echo *echo = data;

  if (echo->socket != NULL)
    {
      g_signal_handlers_disconnect_by_data (echo->socket, echo);
      net_socket_close (echo->socket);
    }
  g_clear_object (&echo->socket);
  g_free (echo);
}

static gboolean
close_idle (gpointer socket)
{
  net_socket_close (socket);
  g_object_unref (socket);
  return G_SOURCE_REMOVE;
}

/* Takes over @task, once. @result: (transfer full) (nullable): NULL: cancelled */
static void
end (GTask *task, CheckResult *result)
{
  Echo *echo = g_task_get_task_data (task);

  if (g_task_get_completed (task) || echo->socket == NULL)
    {
      g_clear_pointer (&result, check_result_free);
      return;
    }
  g_signal_handlers_disconnect_by_data (echo->socket, task);
  g_clear_signal_handler (&echo->cancelled, g_task_get_cancellable (task));
  g_idle_add_full (G_PRIORITY_DEFAULT, close_idle, g_steal_pointer (&echo->socket),
                   NULL); /* it may be what tells us this */
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) check_result_free);
  else
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_object_unref (task);
}

static void
send_echo (Echo *echo)
{
  echo->sent = g_get_monotonic_time ();
  net_socket_send (echo->socket, "echo");
}

static void
message_cb (GTask *task, const char *text)
{
  Echo *echo = g_task_get_task_data (task);
  guint took = (guint) ((g_get_monotonic_time () - echo->sent) / 1000);
  g_autofree char *sentence = NULL;

  echo->best_ms = echo->echoes == 0 ? took : MIN (echo->best_ms, took);
  if (++echo->echoes < ECHOES)
    {
      send_echo (echo);
      return;
    }
  sentence = g_strdup_printf (_ ("The hub answers within %u ms."), MAX (echo->best_ms, 1));
  end (task, echo->best_ms > SLOW_MS
                 ? check_result_new (WORKSPACE_CHECK_AMBER, sentence,
                                     _ ("The network is slow. A cable, or a place nearer to the "
                                        "wireless router, may help."))
                 : check_result_new (WORKSPACE_CHECK_GREEN, sentence, NULL));
}

static void
open_cb (GTask *task)
{
  Echo *echo = g_task_get_task_data (task);

  send_echo (echo);
}

static CheckResult *
no_socket (const char *sentence)
{
  g_autofree char *words = g_strdup_printf (
      _ ("The hub answers, but the connection of visits does not come through. %s"), sentence);

  return check_result_new (WORKSPACE_CHECK_RED, words,
                           _ ("Tell whoever looks after the network that WebSockets to the hub "
                              "must pass. Visits go by telephone until then."));
}

static void
closed_cb (GTask *task, const char *sentence)
{
  end (task, no_socket (sentence));
}

static void
cancelled_cb (GCancellable *cancellable, GTask *task)
{
  end (task, NULL);
}

static void
open_socket (GTask *task)
{
  CheckHub *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  const char *hub = check_server_get_hub (self->server);
  g_autofree char *url = g_strdup_printf ("ws%s/check/echo", hub + strlen ("http"));
  Echo *echo = g_new0 (Echo, 1);

  echo->socket = net_socket_new (url, check_server_get_net (self->server));
  g_task_set_task_data (task, echo, echo_free);
  g_signal_connect_swapped (echo->socket, "open", G_CALLBACK (open_cb), task);
  g_signal_connect_swapped (echo->socket, "message", G_CALLBACK (message_cb), task);
  g_signal_connect_swapped (echo->socket, "closed", G_CALLBACK (closed_cb), task);
  if (cancellable != NULL)
    echo->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);
  net_socket_open (echo->socket);
}

/* (nullable): NULL: it answers as it should */
static CheckResult *
judge_answer (const NetCheck *check)
{
  if (check->status == 0)
    return check_result_new (
        WORKSPACE_CHECK_RED,
        check->error != NULL ? check->error->message : _ ("The hub does not answer."),
        _ ("Charts and notes go on without it. Visits go by telephone until it "
           "is back; tell whoever runs the hub."));
  if (check->status == 403)
    return check_result_new (WORKSPACE_CHECK_NONE,
                             _ ("This account holds no visits, so their connection is not tested."),
                             NULL);
  if (check->status == 404)
    return check_result_new (WORKSPACE_CHECK_NONE,
                             _ ("This hub is older than this program and cannot be tested."), NULL);
  if (check->status == 401)
    return check_result_new (WORKSPACE_CHECK_RED, _ ("The hub no longer takes this sign-in."),
                             _ ("Sign in again."));
  if (check->status != 200)
    return check_result_new (WORKSPACE_CHECK_RED, _ ("The hub answers, but not as it should."),
                             _ ("Tell whoever runs the hub."));
  return NULL;
}

static void
asked_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  GTask *task = user_data;
  CheckHub *self = g_task_get_source_object (task);
  g_autoptr (NetCheck) check = NULL;
  CheckResult *result;
  GError *error = NULL;

  check = net_check_server_finish (answer, &error);
  if (check == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  result = judge_answer (check);
  if (result == NULL && check_server_get_hub (self->server) != NULL)
    {
      open_socket (task);
      return;
    }
  if (result == NULL)
    result = check_result_new (WORKSPACE_CHECK_NONE,
                               _ ("The server answers. It is not a Bedside hub, so there are no "
                                  "video visits."),
                               NULL);
  g_task_return_pointer (task, result, (GDestroyNotify) check_result_free);
  g_object_unref (task);
}

static void
check_hub_run_async (CheckStep *step,
                     gboolean by_hand,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task = g_task_new (step, cancellable, callback, user_data);

  g_task_set_source_tag (task, check_hub_run_async);
  if (check_server_ask (CHECK_HUB (step)->server, cancellable, asked_cb, task))
    return;
  g_task_return_pointer (
      task,
      check_result_new (WORKSPACE_CHECK_RED, _ ("There is no connection to the server."),
                        _ ("Charts and notes go on without it. Visits go by telephone until it is "
                           "back.")),
      (GDestroyNotify) check_result_free);
  g_object_unref (task);
}

static void
check_hub_finalize (GObject *object)
{
  g_object_unref (CHECK_HUB (object)->server);
  G_OBJECT_CLASS (check_hub_parent_class)->finalize (object);
}

static void
check_hub_class_init (CheckHubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = check_hub_finalize;
  CHECK_STEP_CLASS (klass)->run_async = check_hub_run_async;
}

static void
check_hub_init (CheckHub *self)
{
}

/**
 * check_hub_new:
 *
 * Returns: (transfer full): red where visits cannot be held through it
 */
CheckStep *
check_hub_new (CheckServer *server)
{
  CheckHub *self = g_object_new (CHECK_TYPE_HUB, NULL);

  self->server = g_object_ref (server);
  check_step_set_up (CHECK_STEP (self), _ ("Hub"), HUB_SECONDS, NULL);
  return CHECK_STEP (self);
}
