/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-session.h"

G_BEGIN_DECLS

/* What one request tells about a server besides its answer. */
typedef struct
{
  guint status;               /* 0: no answer came */
  char *body;                 /* NULL: none, or a large one */
  gint64 date_us;             /* what its clock said; 0: it said nothing */
  gboolean is_encrypted;      /* by TLS */
  GTlsCertificateFlags wrong; /* what is wrong with its certificate */
  GDateTime *good_from, *good_until;
  GError *error; /* NET_ERROR, where no answer came */
} NetCheck;

void net_check_free (NetCheck *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NetCheck, net_check_free)

void net_check_server_async (const char *url,
                             NetSession *session,
                             GTlsDatabase *trusted,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
NetCheck *net_check_server_finish (GAsyncResult *result, GError **error);

G_END_DECLS
