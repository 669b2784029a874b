/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  HUB_ROLE_NONE,
  HUB_ROLE_PRESCRIBER,
  HUB_ROLE_NURSE,
  HUB_ROLE_RECEPTION,
  HUB_ROLE_PATIENT,
  HUB_ROLE_PHARMACY,
  HUB_ROLE_ADMIN,
} HubRole;

/* Who asks: immutable, reference counted, may cross threads. */
typedef struct
{
  char *name;    /* what is typed to sign in */
  char *display; /* what others read */
  HubRole role;
  char *reference; /* "Practitioner/…", "Patient/…", "Organization/…"; NULL for admin */
} HubUser;

HubUser *hub_user_new (const char *name, const char *display, HubRole role, const char *reference);
HubUser *hub_user_ref (HubUser *self);
void hub_user_unref (HubUser *self);
const char *hub_user_get_patient (HubUser *self);
const char *hub_role_get_name (HubRole role);
HubRole hub_role_from_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubUser, hub_user_unref)

G_END_DECLS
