/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-review.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "store-resource.h"
#include "sync-setting.h"

/* Before a prescription leaves, its patient's chart is read again (HAZARDS.md, H2). What changed on
 * the server since the signature holds it as it arrives, in sync-apply.c; here stands what the
 * chart says by itself: the age of the signature, a death, an allergy written here meanwhile, and
 * whatever the clinical checks find in it now. */

typedef struct
{
  SyncContext *context;
  SyncGroup *group;
  const char *patient;
  gint64 signed_us;
  char *hold;
  char *found; /* what the checks say that is new */
} Look;

static gint64
signed_at (SyncGroup *group)
{
  gint64 when = group->created_us;

  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];

      if (entry->reason != NULL && g_str_has_prefix (entry->reason, SYNC_REASON_RENEWED))
        when = g_ascii_strtoll (entry->reason + strlen (SYNC_REASON_RENEWED), NULL, 10);
    }
  return when;
}

static gboolean
is_dead (FhirResource *patient)
{
  return fhir_element_is_true (fhir_resource_path (patient, "deceasedBoolean")) ||
         fhir_resource_path_text (patient, "deceasedDateTime") != NULL;
}

/* An allergy written on this computer after the signature. By the journal's order; after a renewed
 * signature by the time of that. */
static gboolean
has_newer_allergy (GPtrArray *groups, const Look *look)
{
  gboolean renewed = look->signed_us != look->group->created_us;

  for (guint i = 0; i < groups->len; i++)
    {
      SyncGroup *other = groups->pdata[i];

      for (guint j = 0; j < other->entries->len; j++)
        {
          StoreJournalEntry *entry = other->entries->pdata[j];

          if (strcmp (other->name, look->group->name) != 0 &&
              strcmp (entry->type, "AllergyIntolerance") == 0 &&
              g_strcmp0 (entry->patient, look->patient) == 0 &&
              (renewed ? entry->created_us > look->signed_us
                       : entry->sequence > look->group->first))
            return TRUE;
        }
    }
  return FALSE;
}

static GPtrArray *
list_resources (StoreConnection *connection, SyncGroup *group)
{
  GPtrArray *resources = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      FhirResource *resource = store_resource_get (connection, entry->type, entry->id, NULL);

      if (resource != NULL)
        g_ptr_array_add (resources, resource);
    }
  return resources;
}

/* Every check again. What held the order before and was signed all the same is not news. */
static void
check_again (StoreConnection *connection, Look *job)
{
  SyncContext *context = job->context;
  g_autoptr (GPtrArray) resources = list_resources (connection, job->group);
  g_autofree char *known = sync_setting_get_found (connection, job->group->name);
  g_autoptr (GError) problem = NULL;

  if (context->review_check == NULL)
    return;
  job->found = context->review_check (connection, resources, context->review_data, &problem);
  if (problem != NULL)
    job->hold = g_strdup_printf (
        _ ("The checks could not be run again before sending, so nothing was sent. %s"),
        problem->message);
  else if (job->found != NULL &&
           (g_strcmp0 (job->found, known) != 0 || job->signed_us == job->group->created_us))
    job->hold = g_strdup_printf (
        _ ("The checks found something that was not there when you signed: %s Look again and sign "
           "anew."),
        job->found);
}

static gboolean
look (StoreConnection *connection, gpointer data, GError **error)
{
  Look *job = data;
  g_autoptr (FhirResource) patient = store_resource_get (connection, "Patient", job->patient, NULL);
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);

  if (groups == NULL)
    return FALSE;
  if (patient != NULL && is_dead (patient))
    job->hold =
        g_strdup (_ ("This patient is now recorded as deceased. The prescription was not sent."));
  else if (has_newer_allergy (groups, job))
    job->hold =
        g_strdup (_ ("An allergy was recorded after you signed. Look again and sign anew."));
  else
    check_again (connection, job);
  return TRUE;
}

static gboolean
keep_found (StoreConnection *connection, gpointer data, GError **error)
{
  Look *job = data;

  return sync_setting_set_found (connection, job->group->name, job->found, error);
}

static gboolean
is_temporary (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_OFFLINE) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_THROTTLED) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_SERVER) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_UNAUTHORIZED) || error->domain != NET_ERROR;
}

/**
 * sync_review:
 * @hold: (out) (nullable): why the prescription needs its prescriber again
 *
 * Reads the patient's allergies, problems and medicines from the server first, and runs the checks
 * again.
 *
 * Returns: FALSE with @error set where that is not possible now; the prescription then waits
 */
gboolean
sync_review (SyncContext *context, SyncGroup *group, char **hold, GError **error)
{
  Look job = { .context = context,
               .group = group,
               .patient = sync_group_get_patient (group),
               .signed_us = signed_at (group) };
  g_autoptr (GError) problem = NULL;
  gboolean ok;

  *hold = NULL;
  if (base_clock_now (context->clock) - job.signed_us > SYNC_REVIEW_AGE_US)
    *hold = g_strdup (
        _ ("This was signed more than 12 hours ago and has not left. Look again and sign anew."));
  else if (job.patient == NULL)
    *hold = g_strdup (_ ("It does not say for which patient it is. Write it again."));
  if (*hold != NULL)
    return TRUE;
  if (!sync_pull_patient (context, job.patient, TRUE, &problem))
    {
      if (is_temporary (problem))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      *hold = g_strdup_printf (
          _ ("The chart could not be read again before sending, so nothing was sent. %s"),
          problem->message);
      return TRUE;
    }
  if (!store_database_read (context->store, look, &job, error))
    return FALSE;
  *hold = job.hold;
  ok = job.found == NULL || job.hold == NULL ||
       store_database_write (context->store, BASE_LANE_PERSON, keep_found, &job, error);
  g_free (job.found);
  if (!ok)
    g_clear_pointer (hold, g_free);
  return ok;
}
