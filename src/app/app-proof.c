/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-proof.h"

#include <glib/gi18n.h>

#include "app-connection.h"
#include "net-sign-in.h"

/* What the sign-in gives is thrown away once it has said who signed in. */

typedef struct
{
  AppProofBrowser browser;
  gpointer user_data;
  char *role; /* (nullable): of whoever signed in, as the server calls it */
} Ask;

static void
ask_free (gpointer data)
{
  Ask *self = data;

  g_free (self->role);
  g_free (self);
}

static void
open_browser_cb (NetSignIn *sign_in, const char *url, gpointer data)
{
  Ask *ask = data;

  ask->browser (ask->user_data, url);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) session = net_sign_in_finish (NET_SIGN_IN (source), result, &error);
  char *user = session ? app_connection_dup_user (session) : NULL;
  Ask *ask = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_data (source, ask);
  if (session)
    ask->role = g_strdup (net_session_get_role (session));
  if (user || g_strcmp0 (ask->role, APP_PROOF_ADMINISTRATOR) == 0)
    g_task_return_pointer (task, user ? user : g_strdup (""), g_free);
  else if (error)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                                     _ ("The server signed you in without saying who you are."));
}

/* @login: (nullable): the name to put on the sign-in page. @browser is not called after @callback.
 */
void
app_proof_ask_async (const char *base_url,
                     const char *client_id,
                     const char *login,
                     AppProofBrowser browser,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (NetSignIn) sign_in = net_sign_in_new (base_url, client_id, NULL);
  Ask *ask = g_new0 (Ask, 1);

  ask->browser = browser;
  ask->user_data = user_data;
  g_task_set_source_tag (task, app_proof_ask_async);
  g_task_set_task_data (task, ask, ask_free);
  net_sign_in_set_login_hint (sign_in, login);
  net_sign_in_set_ask_again (sign_in, TRUE);
  g_signal_connect (sign_in, "open-browser", G_CALLBACK (open_browser_cb), ask);
  net_sign_in_follow_async (sign_in, cancellable, signed_in_cb, g_steal_pointer (&task));
}

/* (transfer full): "Practitioner/1", "" for an administrator who is no practitioner, or NULL with
 * an error. @role: (out) (optional) (nullable): as the server calls it */
char *
app_proof_ask_finish (GAsyncResult *result, char **role, GError **error)
{
  const Ask *ask = g_task_get_task_data (G_TASK (result));

  if (role)
    *role = g_strdup (ask->role);
  return g_task_propagate_pointer (G_TASK (result), error);
}
