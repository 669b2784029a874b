/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-relay.h"

#include <glib/gi18n.h>

#include "care-visit-message.h"

/* Asks the hub which STUN and TURN servers there are, with a name as in a call, and then the first
 * of one kind as a call would. */

#define RELAY_SECONDS 10
#define ASK_SECONDS   6

#define CHECK_TYPE_RELAY (check_relay_get_type ())
G_DECLARE_FINAL_TYPE (CheckRelay, check_relay, CHECK, RELAY, CheckStep)

struct _CheckRelay
{
  CheckStep parent_instance;
  CheckServer *server;
  NetStunTransport transport;
  gboolean turn;
};

G_DEFINE_FINAL_TYPE (CheckRelay, check_relay, CHECK_TYPE_STEP)

/* Takes over @task and @result. */
static void
end (GTask *task, CheckResult *result)
{
  g_task_return_pointer (task, result, (GDestroyNotify) check_result_free);
  g_object_unref (task);
}

/* What is closed to one way is open to another, unless no other is allowed; what refuses is broken.
 */
static CheckResult *
judge_error (CheckRelay *self, const GError *error, gboolean relay_only)
{
  gboolean blocked = g_error_matches (error, NET_STUN_ERROR, NET_STUN_ERROR_SILENT) ||
                     g_error_matches (error, NET_STUN_ERROR, NET_STUN_ERROR_UNREACHABLE);

  if (blocked && !(relay_only && self->turn))
    return check_result_new (
        WORKSPACE_CHECK_AMBER, error->message,
        _ ("Calls look for another way. Where patients sit behind a strict firewall they may not "
           "find one; tell whoever looks after the network."));
  return check_result_new (WORKSPACE_CHECK_RED, error->message,
                           _ ("Tell whoever runs the hub: calls that need this server fail."));
}

static void
probed_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  GTask *task = user_data;
  CheckRelay *self = g_task_get_source_object (task);
  const CareVisitMessage *ice = g_task_get_task_data (task);
  g_autofree char *sentence = NULL;
  GError *error = NULL;
  guint took;

  if (net_stun_probe_finish (answer, &took, &error))
    {
      sentence = g_strdup_printf (_ ("It answers within %u ms."), MAX (took, 1));
      end (task, check_result_new (WORKSPACE_CHECK_GREEN, sentence, NULL));
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
    }
  else
    end (task, judge_error (self, error, ice->relay));
  g_clear_error (&error);
}

/* (transfer full) (nullable): the first address of this step's kind */
static char *
find_url (CheckRelay *self, const CareVisitMessage *ice)
{
  const char *list = self->turn ? ice->turn : ice->stun;
  g_auto (GStrv) urls = g_strsplit (list != NULL ? list : "", " ", -1);

  for (gsize i = 0; urls[i] != NULL; i++)
    {
      g_auto (NetStunServer) server = { 0 };

      if (net_stun_server_parse (urls[i], &server, NULL) && server.transport == self->transport &&
          server.is_turn == self->turn)
        return g_strdup (urls[i]);
    }
  return NULL;
}

static void
probe (GTask *task, CareVisitMessage *ice)
{
  CheckRelay *self = g_task_get_source_object (task);
  g_autofree char *url = find_url (self, ice);

  if (url == NULL)
    end (task, check_result_new (WORKSPACE_CHECK_NONE,
                                 _ ("Not set up. Calls find their way without it, except past "
                                    "strict firewalls."),
                                 NULL));
  else
    net_stun_probe_async (url, ice->user, ice->password, check_server_get_trusted (self->server),
                          ASK_SECONDS, g_task_get_cancellable (task), probed_cb, task);
}

static void
asked_cb (GObject *source, GAsyncResult *answer, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (NetCheck) check = NULL;
  CareVisitMessage *ice = NULL;
  GError *error = NULL;

  check = net_check_server_finish (answer, &error);
  if (check == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (check->status == 200 && check->body != NULL)
    ice = care_visit_message_parse (check->body, -1, NULL);
  if (ice == NULL || ice->type != CARE_SIGNAL_ICE)
    {
      g_clear_pointer (&ice, care_visit_message_free);
      end (task, check->status == 0 || check->status == 401
                     ? check_result_new_untried (_ ("Not tested: the hub does not answer."))
                     : check_result_new (WORKSPACE_CHECK_NONE,
                                         _ ("The server names no such servers."), NULL));
      return;
    }
  g_task_set_task_data (task, ice, (GDestroyNotify) care_visit_message_free);
  probe (task, ice);
}

static void
check_relay_run_async (CheckStep *step,
                       gboolean by_hand,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CheckRelay *self = CHECK_RELAY (step);
  GTask *task = g_task_new (step, cancellable, callback, user_data);

  g_task_set_source_tag (task, check_relay_run_async);
  if (check_server_get_net (self->server) == NULL)
    end (task, check_result_new_untried (_ ("Not tested: there is no connection.")));
  else if (check_server_get_hub (self->server) == NULL)
    end (task,
         check_result_new (WORKSPACE_CHECK_NONE, _ ("The server names no such servers."), NULL));
  else
    check_server_ask (self->server, cancellable, asked_cb, task);
}

static void
check_relay_finalize (GObject *object)
{
  g_object_unref (CHECK_RELAY (object)->server);
  G_OBJECT_CLASS (check_relay_parent_class)->finalize (object);
}

static void
check_relay_class_init (CheckRelayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = check_relay_finalize;
  CHECK_STEP_CLASS (klass)->run_async = check_relay_run_async;
}

static void
check_relay_init (CheckRelay *self)
{
}

static const char *
title_of (gboolean turn, NetStunTransport transport)
{
  if (!turn)
    return _ ("Own address (STUN)");
  switch (transport)
    {
    case NET_STUN_UDP:
      return _ ("Relay by UDP (TURN)");
    case NET_STUN_TCP:
      return _ ("Relay by TCP (TURN)");
    case NET_STUN_TLS:
      break;
    }
  return _ ("Relay by TLS (TURN)");
}

/**
 * check_relay_new:
 *
 * Returns: (transfer full): a step that does not apply where the hub names no such server
 */
CheckStep *
check_relay_new (CheckServer *server, gboolean turn, NetStunTransport transport)
{
  CheckRelay *self = g_object_new (CHECK_TYPE_RELAY, NULL);

  self->server = g_object_ref (server);
  self->turn = turn;
  self->transport = transport;
  check_step_set_up (CHECK_STEP (self), title_of (turn, transport), RELAY_SECONDS, NULL);
  return CHECK_STEP (self);
}
