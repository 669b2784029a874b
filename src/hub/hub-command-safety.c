/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "hub-command.h"
#include "hub-content.h"
#include "hub-safety.h"

/* safety: the checks of prescribing over a list of drugs, over a folder of patients, and what was
 * overridden there. Nothing is stored, and no hub has to run. */

static char *
dup_day (const HubOptions *options, BaseClock *clock, GError **error)
{
  GDate day;

  if (options->today == NULL)
    return base_clock_dup_today (clock);
  g_date_clear (&day, 1);
  g_date_set_parse (&day, options->today);
  if (g_date_valid (&day) && strlen (options->today) == strlen ("2026-11-29"))
    return g_strdup (options->today);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--today takes a date as in 2026-11-22");
  return NULL;
}

static JsonNode *
answer (const HubOptions *options, GError **error)
{
  const HubSafetyQuestion question = { options->drugs,  options->allergies, options->age,
                                       options->weight, options->egfr,      options->pregnant };
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autofree char *today = dup_day (options, clock, error);
  g_autoptr (StoreContent) content = NULL;

  if (today == NULL)
    return NULL;
  if (options->overrides)
    return hub_safety_overrides (options->data, error);
  content = hub_content_open (options->content, clock, error);
  if (content == NULL || !store_content_wait (content, error))
    return NULL;
  return options->drugs != NULL
             ? hub_safety_ask (CLINICAL_CONTENT (content), &question, today, error)
             : hub_safety_panel (CLINICAL_CONTENT (content), options->data, today, error);
}

/* (nullable): what is wrong with how the command was asked. */
static const char *
fault_of (const HubOptions *options)
{
  gboolean about_one = options->allergies != NULL || options->age != NULL ||
                       options->weight != NULL || options->egfr != NULL || options->pregnant;

  if (options->drugs != NULL && (options->all_patients || options->overrides))
    return "Ask about drugs with --drugs, or about patients with --data: not about both";
  if (options->drugs != NULL)
    return NULL;
  if (about_one)
    return "Name the drugs with --drugs and RxNorm codes, as in --drugs 308191,197806";
  if (options->data == NULL)
    return "Name drugs with --drugs, or a folder of FHIR files with --data and --all-patients";
  if (options->all_patients == options->overrides)
    return "With --data say --all-patients to check what they take, or --overrides to list what "
           "was "
           "overridden";
  return NULL;
}

int
hub_command_safety (const HubOptions *options)
{
  const char *fault = fault_of (options);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;
  g_autofree char *text = NULL;

  if (fault != NULL)
    return hub_command_fail (fault);
  result = answer (options, &error);
  if (result == NULL)
    return hub_command_fail (error->message);
  text = options->json ? json_to_string (result, FALSE) : hub_safety_to_text (result);
  printf ("%s%s", text, options->json ? "\n" : "");
  if (fflush (stdout) != 0)
    return hub_command_fail ("The answer could not be written whole");
  return hub_safety_is_grave (result) ? HUB_EXIT_REFUSED : 0;
}
