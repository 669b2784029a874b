/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-critical.h"

#include <string.h>

#include "care-cover.h"
#include "fhir-concept.h"
#include "hub-reply.h"
#include "hub-same.h"
#include "store-resource.h"

/* The Task of a critical result is what keeps it from being forgotten (hazard H18): it is between
 * clinicians, stays about what it was made for, and ends with words on what was done. */

#define CRITICAL_CODE "critical-result"

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, 403, sentence);
  return FALSE;
}

static gboolean
has_code (FhirResource *task, const char *code)
{
  return fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, code);
}

/* Whether somebody still sees it as theirs to answer: as care_critical_raise() asks. */
static gboolean
is_open (FhirResource *task)
{
  static const char *const open[] = { "requested",   "received", "accepted", "ready",
                                      "in-progress", "on-hold",  NULL };
  const char *status = fhir_resource_path_text (task, "status");

  return status != NULL && g_strv_contains (open, status);
}

/* @said: (nullable): what was said of an earlier answer does not count again */
static gboolean
has_outcome (FhirResource *task, FhirResource *said)
{
  gsize skip = said != NULL ? fhir_element_get_length (fhir_resource_path (said, "output")) : 0;

  fhir_element_foreach (output, fhir_resource_path (task, "output"))
    {
      const char *words = fhir_element_path_text (output, "valueString");

      if (skip > 0)
        skip--;
      else if (fhir_concept_has_code (fhir_element_get (output, "type"), CARE_SYSTEM_TASK,
                                      "outcome") &&
               words != NULL && strspn (words, " \t\r\n") < strlen (words))
        return TRUE;
    }
  return FALSE;
}

/* What was said of it stays; more may be said. */
static gboolean
keeps_outputs (FhirResource *before, FhirResource *after)
{
  gsize length = fhir_element_get_length (fhir_resource_path (before, "output"));

  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *path = g_strdup_printf ("output.%" G_GSIZE_FORMAT, i);

      if (!hub_same_at (before, after, path))
        return FALSE;
    }
  return TRUE;
}

/* What makes it another task, hides it from who reads tasks, or lets it wait for longer. */
static gboolean
stays_what_it_is (FhirResource *before, FhirResource *after, GError **error)
{
  static const char *const parts[] = {
    "code", "focus", "for", "authoredOn", "modifierExtension", "implicitRules",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!hub_same_at (before, after, parts[i]))
      return refuse (error, "The task of a critical result stays about that result.");
  return keeps_outputs (before, after) ||
         refuse (error, "What was done about a critical result stays in its task.");
}

/**
 * hub_critical_allows:
 * @resource: what is to be stored
 *
 * Runs in a StoreWork, after hub_policy_allows_resource().
 *
 * Returns: whether @resource leaves the Tasks of critical results to clinicians, about what they
 *   are about, and open until somebody says what was done; and absences to clinicians. Always, for
 *   the administrator, and for what is no such Task
 */
gboolean
hub_critical_allows (StoreConnection *connection,
                     HubUser *user,
                     FhirResource *resource,
                     GError **error)
{
  const char *id = fhir_resource_get_id (resource);
  g_autoptr (FhirResource) before = NULL;
  gboolean is, was;

  if (user->role == HUB_ROLE_ADMIN || strcmp (fhir_resource_get_type (resource), "Task") != 0)
    return TRUE;
  before = id != NULL ? store_resource_get (connection, "Task", id, NULL) : NULL;
  is = has_code (resource, CRITICAL_CODE);
  was = before != NULL && has_code (before, CRITICAL_CODE);
  if ((is || was || has_code (resource, CARE_COVER_CODE)) && user->role != HUB_ROLE_PRESCRIBER &&
      user->role != HUB_ROLE_NURSE)
    return refuse (error, "Critical results and absences are between the clinicians.");
  if (is != was && before != NULL)
    return refuse (error, "No other task becomes that of a critical result, nor that one another.");
  if (!is || (was && !stays_what_it_is (before, resource, error)))
    return !is;
  /* what was closed before this was asked for may still be written to */
  return is_open (resource) || (was && !is_open (before)) || has_outcome (resource, before) ||
         refuse (error, "A critical result is closed by writing what was done: an outcome.");
}
