/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "net-probe.h"

G_BEGIN_DECLS

/* What one request brought. */
typedef struct
{
  guint status;
  char *type;     /* of its content; NULL: not said */
  char *location; /* where it sends us; NULL: nowhere */
  char *text;     /* as far as it was read */
  gsize length;
  GTlsCertificate *certificate; /* that was not believed */
  GTlsCertificateFlags wrong;
} NetProbeAnswer;

void net_probe_judge (NetProbe *probe, GUri *uri, const NetProbeAnswer *answer);
void net_probe_judge_failure (NetProbe *probe,
                              GUri *uri,
                              const NetProbeAnswer *answer,
                              guint patience_s,
                              const GError *error);

G_END_DECLS
