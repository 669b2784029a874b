/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-fleet.h"

G_BEGIN_DECLS

typedef enum
{
  BASE_FLEET_LINE,    /* a line of plain text */
  BASE_FLEET_TOKEN,   /* printable ASCII without spaces */
  BASE_FLEET_URL,     /* https, or http on this machine */
  BASE_FLEET_PATH,    /* of a file, or its name beside this one */
  BASE_FLEET_WHOLE,   /* a whole number from least to most */
  BASE_FLEET_CHOICE,  /* one of choices */
  BASE_FLEET_SUBNETS, /* addresses with a length, parted by ";" */
} BaseFleetKind;

typedef struct
{
  const char *group, *name;
  BaseFleetKind kind;
  guint least, most;
  const char *const *choices;
} BaseFleetSetting;

struct _BaseFleet
{
  char *values[BASE_FLEET_N_KEYS];
  GPtrArray *networks; /* GInetAddressMask */
};

extern const BaseFleetSetting base_fleet_settings[BASE_FLEET_N_KEYS];

void base_fleet_remark (GPtrArray *remarks, guint line, gboolean refused, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
char *base_fleet_check_value (const BaseFleetSetting *setting, const char *value);
GPtrArray *base_fleet_read_networks (const char *value, char **problem);

G_END_DECLS
