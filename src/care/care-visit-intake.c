/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit.h"

#include <glib/gi18n.h>

#include "care-extension.h"
#include "care-visit-phone.h"
#include "care-visit-private.h"

/* First the nurse, then the doctor: the nurse admits, writes down what was done, and the patient is
 * back in the waiting room, at its head. What was done stands in the Encounter, for the doctor
 * reads it before the patient is admitted again. */

#define MAX_TEXT 2000

static gboolean
check_text (const char *text, GError **error)
{
  if (!*text)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                         _ ("Write what was done, so that the doctor need not ask again."));
  else if (g_utf8_strlen (text, -1) > MAX_TEXT)
    g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                 _ ("The intake has more than %d characters. Put the rest into the note."),
                 MAX_TEXT);
  else
    return TRUE;
  return FALSE;
}

/**
 * care_visit_ready:
 * @intake: what was done, for the doctor
 *
 * Ends the nurse's part of a visit: the patient waits again, before all others, and whoever was in
 * the visit has left it.
 */
gboolean
care_visit_ready (StoreConnection *connection,
                  CareContext *context,
                  const char *encounter_id,
                  const char *intake,
                  GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (intake));
  g_auto (CareVisitChange) change = { 0 };
  CareVisitState next;

  if (!check_text (text, error) ||
      !care_visit_change_begin (&change, connection, context, encounter_id, error) ||
      !care_visit_change_step (&change, CARE_VISIT_READY, &next, error) ||
      !care_visit_resolve_interrupted (&change, error))
    return FALSE;
  care_visit_change_set_status (&change, "triaged");
  care_visit_change_leave (&change, NULL);
  care_visit_phone_close (change.builder, change.encounter, change.now);
  care_extension_set (change.builder, change.encounter, "visit-intake", "valueString", text);
  care_extension_set (change.builder, change.encounter, "visit-intake-by", "valueString",
                      care_context_get_user_name (context));
  care_extension_set (change.builder, change.encounter, "visit-intake-at", "valueInstant",
                      change.now);
  if (change.state == CARE_VISIT_INTERRUPTED)
    care_extension_set_boolean (change.builder, change.encounter, "visit-interrupted", FALSE);
  return care_visit_change_write (&change, "visit-ready", NULL, error);
}
