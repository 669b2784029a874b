/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-invite-door.h"
#include "hub-patient-private.h"

/* The patient asks somebody to join: a link, which is worth nothing until the clinician lets in who
 * comes by it. */

/* The link itself is put in on the main loop, which knows the hub's address. */
gboolean
hub_patient_invite (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  g_clear_pointer (&self->invited, g_free);
  if (join->encounter == NULL)
    {
      hub_patient_answer_error (self, 409, "details");
      return TRUE;
    }
  self->invited =
      hub_invite_create (records, join->encounter, CARE_VISIT_ROLE_GUEST, "patient", NULL, error);
  return self->invited != NULL;
}

/* A new link makes the one before it void. */
void
hub_patient_answer_invited (HubServer *server, HubPatientCall *self)
{
  g_autofree char *url = hub_invite_dup_url (server, self->invited);

  hub_invite_door_forget (server, self->encounter, CARE_VISIT_ROLE_GUEST);
  self->status = 200;
  g_free (self->text);
  self->text = g_strdup_printf ("{\"url\":\"%s\"}", url);
}
