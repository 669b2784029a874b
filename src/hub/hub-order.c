/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-order.h"

#include <string.h>

#include "hub-reply.h"
#include "hub-same.h"

/* Prescriptions: made in one's own name, and rewritten by nobody else. What others do to one is to
 * end it, and to add to its notes why. */

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, 403, sentence);
  return FALSE;
}

static gboolean
is_order (FhirResource *resource)
{
  return strcmp (fhir_resource_get_type (resource), "MedicationRequest") == 0;
}

/* A bare name or an identifier could be anybody's. */
static gboolean
is_by (HubUser *user, FhirResource *order)
{
  const char *requester = fhir_resource_path_text (order, "requester.reference");

  return requester != NULL && g_strcmp0 (requester, user->reference) == 0;
}

/**
 * hub_order_allows_new:
 *
 * Returns: whether a prescription names no other as its requester, unless it tells of what somebody
 *   else ordered; TRUE for all that is none
 */
gboolean
hub_order_allows_new (HubUser *user, FhirResource *resource, GError **error)
{
  return !is_order (resource) || fhir_resource_path (resource, "requester") == NULL ||
         is_by (user, resource) ||
         fhir_element_is_true (fhir_resource_path (resource, "reportedBoolean")) ||
         refuse (error, "A prescription is made in one's own name: its requester is someone else.");
}

/* Who asked for it, and whether it was only told of, stay as they were said: else what somebody
 * else is told to have ordered becomes their order. */
static gboolean
keeps_requester (HubUser *user, FhirResource *before, FhirResource *after, GError **error)
{
  static const char *const reported[] = { "reportedBoolean", "_reportedBoolean",
                                          "reportedReference" };

  for (gsize i = 0; i < G_N_ELEMENTS (reported); i++)
    if (!hub_same_at (before, after, reported[i]))
      return refuse (error, "Whether a prescription was only reported stays as it was said: write "
                            "a new one in your own name.");
  return hub_same_at (before, after, "requester") ||
         (fhir_resource_path (before, "requester") == NULL && is_by (user, after)) ||
         refuse (error, "A prescription keeps its requester: write a new one in your own name.");
}

static gboolean
is_over (FhirResource *order)
{
  static const char *const over[] = { "cancelled", "stopped", "completed", "entered-in-error",
                                      NULL };
  const char *status = fhir_resource_path_text (order, "status");

  return status != NULL && g_strv_contains (over, status);
}

/* Whether a list still begins with all that it held. */
static gboolean
is_added_to (const FhirElement *before, const FhirElement *after)
{
  gsize i = 0;

  fhir_element_foreach (element, before)
    if (!hub_same (element, fhir_element_at (after, i++)))
      return FALSE;
  return TRUE;
}

/* What another one may do to @name: the words of why it ends, more notes, and no narrative where it
 * would tell of what was. */
static gboolean
may_differ (const char *name, FhirResource *before, FhirResource *after)
{
  static const char *const free_ones[] = { "meta", "status", "statusReason", NULL };
  static const char *const lists[] = { "note", "detectedIssue", "eventHistory", NULL };

  if (g_strv_contains (lists, name))
    return is_added_to (fhir_resource_path (before, name), fhir_resource_path (after, name));
  return g_strv_contains (free_ones, name) ||
         (strcmp (name, "text") == 0 && fhir_resource_path (after, name) == NULL);
}

static gboolean
has_no_other (FhirResource *one, FhirResource *before, FhirResource *after)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, fhir_resource_get_root (one));
  while (fhir_member_iter_next (&iter, &name, &value))
    if (!hub_same_member (before, after, name) && !may_differ (name, before, after))
      return FALSE;
  return TRUE;
}

/**
 * hub_order_allows_change:
 * @before: what is stored
 *
 * Returns: whether a prescription stays what its requester signed: others may end it, only its
 *   requester may write another order in its place or take it up again, and nobody may make it
 *   someone else's; TRUE for all that is none
 */
gboolean
hub_order_allows_change (HubUser *user, FhirResource *before, FhirResource *after, GError **error)
{
  if (!is_order (before))
    return TRUE;
  if (!keeps_requester (user, before, after, error))
    return FALSE;
  if (fhir_resource_path (before, "requester") == NULL || is_by (user, before))
    return TRUE;
  if (!has_no_other (before, before, after) || !has_no_other (after, before, after))
    return refuse (error, "Someone else signed this prescription: stop it, and write a new one in "
                          "your own name.");
  return hub_same_at (before, after, "status") || (!is_over (before) && is_over (after)) ||
         refuse (error, "Someone else signed this prescription: others may only end it.");
}
