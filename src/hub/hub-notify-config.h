/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-notify-back-end.h"

G_BEGIN_DECLS

/* By which ways this hub sends, and how long it tries. */
typedef struct
{
  HubNotifyBackEnd *back_ends[CARE_N_CHANNELS]; /* NULL: not by this way */
  char *clinic;                                 /* in place of the Organization's name, or NULL */
  gint64 give_up;                               /* µs */
  guint per_hour;                               /* messages of one visit */
  gboolean at_booking;                          /* whoever agreed gets the link unasked */
} HubNotifyConfig;

HubNotifyConfig *hub_notify_config_load (const char *path, GError **error);
HubNotifyConfig *hub_notify_config_new_demo (void);
gboolean hub_notify_config_reaches_out (HubNotifyConfig *self);
HubNotifyConfig *hub_notify_config_ref (HubNotifyConfig *self);
void hub_notify_config_unref (HubNotifyConfig *self);

/* For back ends. */
char *hub_notify_read_secret (const char *path, GError **error);
char *hub_notify_get_needed (GKeyFile *file, const char *group, const char *key, GError **error);
gboolean hub_notify_check_secret_file (
    GKeyFile *file, const char *group, const char *key, char **path, GError **error);
gint64 hub_notify_get_number (GKeyFile *file,
                              const char *group,
                              const char *key,
                              gint64 fallback,
                              gint64 most,
                              GError **error);
gboolean
hub_notify_refuse (GError **error, const char *group, const char *key, const char *sentence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubNotifyConfig, hub_notify_config_unref)

G_END_DECLS
