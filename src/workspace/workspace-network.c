/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-network.h"

#include "workspace-session.h"

static G_DEFINE_QUARK (workspace - network - refused, workspace_network_refused)

    void workspace_network_set_allowed (WorkspaceSession *session, gboolean allowed)
{
  g_return_if_fail (WORKSPACE_IS_SESSION (session));

  g_object_set_qdata (G_OBJECT (session), workspace_network_refused_quark (),
                      GINT_TO_POINTER (!allowed));
}

gboolean
workspace_network_get_allowed (WorkspaceSession *session)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (session), FALSE);

  return !g_object_get_qdata (G_OBJECT (session), workspace_network_refused_quark ());
}
