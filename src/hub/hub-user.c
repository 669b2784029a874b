/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-user.h"

#include <string.h>

static const char *const role_names[] = {
  [HUB_ROLE_NONE] = "none",       [HUB_ROLE_PRESCRIBER] = "prescriber",
  [HUB_ROLE_NURSE] = "nurse",     [HUB_ROLE_RECEPTION] = "reception",
  [HUB_ROLE_PATIENT] = "patient", [HUB_ROLE_PHARMACY] = "pharmacy",
  [HUB_ROLE_ADMIN] = "admin",
};

const char *
hub_role_get_name (HubRole role)
{
  return role_names[role];
}

/**
 * hub_role_from_name:
 * @name: (nullable): a role's name as it stands in the store and in token answers
 *
 * Returns: the role, HUB_ROLE_NONE for any other word
 */
HubRole
hub_role_from_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (role_names); i++)
    if (g_strcmp0 (role_names[i], name) == 0)
      return (HubRole) i;
  return HUB_ROLE_NONE;
}

static void
hub_user_clear (gpointer data)
{
  HubUser *self = data;

  g_free (self->name);
  g_free (self->display);
  g_free (self->reference);
}

/**
 * hub_user_new:
 * @display: (nullable): @name where it is missing
 * @reference: (nullable): the resource that stands for this person or organisation
 */
HubUser *
hub_user_new (const char *name, const char *display, HubRole role, const char *reference)
{
  HubUser *self = g_atomic_rc_box_new0 (HubUser);

  self->name = g_strdup (name);
  self->display = g_strdup (display != NULL ? display : name);
  self->role = role;
  self->reference = g_strdup (reference);
  return self;
}

HubUser *
hub_user_ref (HubUser *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
hub_user_unref (HubUser *self)
{
  g_atomic_rc_box_release_full (self, hub_user_clear);
}

/**
 * hub_user_get_patient:
 *
 * Returns: (transfer none) (nullable): the patient id of a user who is a patient
 */
const char *
hub_user_get_patient (HubUser *self)
{
  if (self->role == HUB_ROLE_PATIENT && self->reference != NULL &&
      g_str_has_prefix (self->reference, "Patient/"))
    return self->reference + strlen ("Patient/");
  return NULL;
}
