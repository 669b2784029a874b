/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-rules.h"

G_BEGIN_DECLS

/* What the command line asks for; of where to work, later what was chosen. */
typedef struct
{
  char *server;
  char *user;
  char *key_file;
  char *folder;
  char *authority;
  char *today;
  gboolean offline;
  gboolean serve_clinic; /* and nothing else */
  gboolean lock;         /* the screen of the one that runs, and end */
  char *account_id;      /* (nullable): whose records, where several work here */
  char *check_config;    /* (nullable): the file to check instead of starting */
} AppOptions;

void app_options_add (AppOptions *self, GApplication *application);
int app_options_read (AppOptions *self, AppRules *rules, BaseClock **clock);
void app_options_clear (AppOptions *self);

G_END_DECLS
