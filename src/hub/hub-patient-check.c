/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-private.h"

#include <string.h>

#include "care-paper-words.h"
#include "hub-reply.h"
#include "hub-visit-facts.h"

/* What a patient's page tells of its device test, after each step, and of its language. Only known
 * codes are taken: the clinic's words for them are the workstation's own. */

#define MAX_SUMMARY 300
#define MAX_MEASURE 40
#define MAX_BROWSER 60

static const char *const results[] = { "ok", "amber", "failed", "unknown", NULL };

static const struct
{
  const char *step;
  const char *reasons[12];
} reasons_of[] = {
  { "camera", { "denied", "denied-system", "none", "taken", "insecure", "in-app", "dark", NULL } },
  { "microphone",
    { "denied", "denied-system", "none", "taken", "insecure", "in-app", "quiet", NULL } },
  { "speaker", { "unheard", NULL } },
  { "network", { "unreachable", "socket", "webrtc", "relay", "slow", NULL } },
};

static gboolean
is_reason (const char *step, const char *reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons_of); i++)
    if (strcmp (reasons_of[i].step, step) == 0)
      return g_strv_contains (reasons_of[i].reasons, reason);
  return FALSE;
}

/* Returns: FALSE where the body has what is no reason of its step */
static gboolean
read_reasons (HubPatientCall *self, char **out)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (reasons_of); i++)
    {
      g_autofree char *name = g_strconcat (reasons_of[i].step, "Why", NULL);
      const char *reason = hub_patient_body_text (self, name);

      if (reason == NULL || *reason == '\0')
        continue;
      if (!is_reason (reasons_of[i].step, reason))
        return FALSE;
      g_string_append_printf (text, "%s%s:%s", text->len > 0 ? " " : "", reasons_of[i].step,
                              reason);
    }
  *out = text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
  return TRUE;
}

static void
take_text (HubPatientCall *self, const char *name, glong limit, char **out)
{
  g_free (*out);
  *out = hub_patient_clean_text (hub_patient_body_text (self, name), limit);
}

/* Returns: (nullable): the name of the step whose result is none */
static const char *
read_results (HubPatientCall *self, HubJoin *join)
{
  const struct
  {
    const char *name;
    char **out;
  } steps[] = {
    { "camera", &join->camera },
    { "microphone", &join->microphone },
    { "speaker", &join->speaker },
    { "network", &join->network },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const char *result = hub_patient_body_text (self, steps[i].name);

      if (result == NULL || !g_strv_contains (results, result))
        return steps[i].name;
      g_set_str (steps[i].out, result);
    }
  return NULL;
}

/* POST device-test */
gboolean
hub_patient_device_test (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  const char *wrong = read_results (self, join);
  g_autofree char *why = NULL;

  if (wrong != NULL || !read_reasons (self, &why))
    {
      hub_patient_answer_error (self, 422, wrong != NULL ? wrong : "why");
      return TRUE;
    }
  g_set_str (&join->why, why);
  take_text (self, "summary", MAX_SUMMARY, &join->summary);
  take_text (self, "measure", MAX_MEASURE, &join->measure);
  take_text (self, "browser", MAX_BROWSER, &join->browser);
  if (!hub_visit_tell (records, join, error) || !hub_join_save (records, join, error))
    return FALSE;
  return hub_patient_answer_state (records, self, join, error);
}

/**
 * hub_patient_tell_clinic:
 *
 * The clinic sees at once what changed; a visit that is over has nothing to see.
 */
gboolean
hub_patient_tell_clinic (HubRecords *records, HubJoin *join, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (hub_visit_tell (records, join, &local) || g_error_matches (local, HUB_ERROR, 410))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * hub_patient_refuse_over:
 * @error: HUB_ERROR 410
 *
 * Returns: whether the visit is not over
 */
gboolean
hub_patient_refuse_over (HubRecords *records, HubJoin *join, GError **error)
{
  g_autoptr (FhirResource) encounter = NULL;

  if (join->encounter == NULL)
    return TRUE;
  if (!hub_records_find (records, "Encounter", join->encounter, &encounter, error))
    return FALSE;
  if (encounter == NULL || hub_visit_get_state (encounter) != HUB_VISIT_OVER)
    return TRUE;
  g_set_error_literal (error, HUB_ERROR, 410, "This visit has ended");
  return FALSE;
}

/* POST language: one that the pages have words in */
gboolean
hub_patient_language (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  const char *language = care_words_language (hub_patient_body_text (self, "language"));

  if (language == NULL)
    {
      hub_patient_answer_error (self, 422, "language");
      return TRUE;
    }
  if (g_set_str (&join->language, language) &&
      ((!hub_join_is_for_medicines (join) && !hub_patient_tell_clinic (records, join, error)) ||
       !hub_join_save (records, join, error)))
    return FALSE;
  return hub_patient_answer_state (records, self, join, error);
}
