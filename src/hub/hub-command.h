/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "hub-server.h"

G_BEGIN_DECLS

/* The administrator's commands as the program runs them: they read options, print, and return an
 * exit status. What they do is in the files of the same name in the library. */

#define HUB_EXIT_REFUSED 2

typedef struct
{
  char *data, *key_file, *today, *user, *role, *reference, *display, *patient, *format, *output;
  char *input, *backup_key, *password_file, *quirk, *type, *depth, *seed, *language;
  char *upstream, *token_file, *client_file, *link_key, *copies, *public_url, *messages, *ice_file,
      *content, *trusted_proxy, *drugs, *allergies, *age, *weight, *egfr;
  int port, sample, patients, collect_days, medicines_days;
  gboolean pregnant, all_patients, overrides;
  gboolean demo, json, password, generate, replace, without_manifest;
  char **words; /* what stands there without an option: files, or an action and a name */
} HubOptions;

void hub_options_clear (HubOptions *options);
int hub_command_fail (const char *sentence);

gboolean hub_command_read_ice (const HubOptions *options, HubServer *server, GError **error);
int hub_command_front (const HubOptions *options, BaseClock *clock);
int hub_command_wait (void);
int hub_command_import (const HubOptions *options);
int hub_command_token (const HubOptions *options);
int hub_command_user (const HubOptions *options);
int hub_command_export (const HubOptions *options);
int hub_command_check (const HubOptions *options);
int hub_command_backup (const HubOptions *options);
int hub_command_restore (const HubOptions *options);
int hub_command_connect (const HubOptions *options);
int hub_command_describe (const HubOptions *options);
int hub_command_content (const HubOptions *options);
int hub_command_safety (const HubOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HubOptions, hub_options_clear)

G_END_DECLS
