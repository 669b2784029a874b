/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-status.h"

#include <glib/gi18n.h>

/* Source of the codes: https://hl7.org/fhir/R4/ request-status, event-status, task-status,
 * appointmentstatus, observation-status, goal-status, care-plan-activity-status. */
static const struct
{
  const char *code, *words;
} statuses[] = {
  { "accepted", NC_ ("status", "accepted") },
  { "appended", NC_ ("status", "with an addition") },
  { "arrived", NC_ ("status", "arrived") },
  { "cancelled", NC_ ("status", "cancelled") },
  { "completed", NC_ ("status", "completed") },
  { "corrected", NC_ ("status", "corrected") },
  { "draft", NC_ ("status", "draft") },
  { "entered-in-error", NC_ ("status", "entered in error") },
  { "failed", NC_ ("status", "failed") },
  { "in-progress", NC_ ("status", "in progress") },
  { "noshow", NC_ ("status", "did not come") },
  { "not-done", NC_ ("status", "not done") },
  { "not-started", NC_ ("status", "not begun") },
  { "on-hold", NC_ ("status", "on hold") },
  { "pending", NC_ ("status", "waiting for an answer") },
  { "planned", NC_ ("status", "planned") },
  { "preliminary", NC_ ("status", "preliminary") },
  { "preparation", NC_ ("status", "in preparation") },
  { "proposed", NC_ ("status", "proposed") },
  { "ready", NC_ ("status", "ready") },
  { "received", NC_ ("status", "received") },
  { "registered", NC_ ("status", "registered, no result yet") },
  { "rejected", NC_ ("status", "rejected") },
  { "requested", NC_ ("status", "requested") },
  { "revoked", NC_ ("status", "revoked") },
  { "scheduled", NC_ ("status", "arranged") },
  { "stopped", NC_ ("status", "stopped") },
  { "superseded", NC_ ("status", "superseded") },
  { "unknown", NC_ ("status", "status not known") },
};

/**
 * care_status_dup_words:
 * @code: of a record
 *
 * Returns: (transfer full): what it says in the words of here; a code without words stands as a
 * code
 */
char *
care_status_dup_words (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_str_equal (statuses[i].code, code))
      return g_strdup (g_dpgettext2 (NULL, "status", statuses[i].words));
  /* Translators: a code of the record that Bedside has no words for */
  return g_strdup_printf (_ ("code “%s”"), code);
}
