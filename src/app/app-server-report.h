/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net-probe.h"

G_BEGIN_DECLS

typedef enum
{
  APP_SERVER_LINE_GOOD,
  APP_SERVER_LINE_NOTE,    /* works in another way */
  APP_SERVER_LINE_MISSING, /* does not work */
} AppServerLineKind;

/* A sentence about a server, before anybody signs in there. */
typedef struct
{
  AppServerLineKind kind;
  char *sentence;
  char *detail; /* NULL: nothing to add */
} AppServerLine;

GPtrArray *app_server_report_new (const NetProbe *probe);

G_END_DECLS
