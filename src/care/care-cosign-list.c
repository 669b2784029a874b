/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-cosign.h"

#include <string.h>

#include "care-note-private.h"
#include "care-prescription.h"
#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "store-resource.h"
#include "store-search.h"

/* What became of the requests for a co-signature of a note. Only a signature makes one co-signed: a
 * Task that somebody closed says nothing of the kind. */

void
care_cosign_free (CareCosign *self)
{
  g_free (self->task);
  g_free (self->who_reference);
  g_free (self->who);
  g_free (self->when);
  g_free (self->words);
  g_free (self);
}

static gboolean
is_co_signature (FhirResource *provenance, const char *who)
{
  return fhir_concept_has_code (fhir_resource_path (provenance, "agent.0.type"),
                                CARE_SYSTEM_PARTICIPANT, "verifier") &&
         g_strcmp0 (fhir_resource_path_text (provenance, "agent.0.who.reference"), who) == 0 &&
         g_strcmp0 (fhir_resource_path_text (provenance, "signature.0.who.reference"), who) == 0;
}

/* (transfer full) (nullable): the signature of @who under @note */
static FhirResource *
find_signature (StoreConnection *connection, FhirResource *note, const char *who)
{
  g_autofree char *reference = fhir_resource_dup_reference (note);
  g_autofree char *query = g_strdup_printf ("target=%s&agent=%s", reference, who);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Provenance", query, NULL);

  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) provenance =
          store_resource_get (connection, "Provenance", ids->pdata[i], NULL);

      if (provenance && is_co_signature (provenance, who))
        return g_steal_pointer (&provenance);
    }
  return NULL;
}

/* Whether what was co-signed is not what stands there now. */
static gboolean
is_changed (FhirResource *provenance, FhirResource *note)
{
  const char *data = fhir_resource_path_text (provenance, "signature.0.data");
  g_autofree char *digest = care_prescription_dup_digest (note);
  gsize length = 0;
  g_autofree guchar *bytes = g_base64_decode (data ? data : "", &length);

  return !g_strstr_len ((const char *) bytes, (gssize) length, digest);
}

static void
read_state (StoreConnection *connection,
            FhirResource *note,
            FhirResource *task,
            GTimeZone *zone,
            CareCosign *self)
{
  const char *status = fhir_resource_path_text (task, "status");
  const char *when = fhir_resource_path_text (task, "lastModified");
  g_autoptr (FhirResource) signature = NULL;

  if (g_strcmp0 (status, "rejected") == 0)
    {
      self->state = CARE_COSIGN_SENT_BACK;
      self->words = g_strdup (fhir_resource_path_text (task, "statusReason.text"));
    }
  else if (g_strcmp0 (status, "completed") == 0)
    {
      signature =
          self->who_reference ? find_signature (connection, note, self->who_reference) : NULL;
      self->state = signature ? CARE_COSIGN_SIGNED : CARE_COSIGN_CLOSED;
      self->is_changed = signature && is_changed (signature, note);
      if (signature)
        when = fhir_resource_path_text (signature, "recorded");
    }
  else
    when = fhir_resource_path_text (task, "authoredOn");
  self->when = when ? fhir_date_format (when, zone) : NULL;
}

static int
compare_oldest (gconstpointer a, gconstpointer b)
{
  FhirResource *first = *(FhirResource **) a, *second = *(FhirResource **) b;
  gint64 x = care_chart_time (fhir_resource_path_text (first, "authoredOn")),
         y = care_chart_time (fhir_resource_path_text (second, "authoredOn"));

  return x == y ? strcmp (fhir_resource_get_id (first), fhir_resource_get_id (second))
                : (x > y) - (x < y);
}

static GPtrArray *
find_tasks (StoreConnection *connection, FhirResource *note, GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (note);
  g_autofree char *query =
      g_strdup_printf ("focus=%s&code=%s|%s", reference, CARE_SYSTEM_TASK, CARE_TASK_COSIGN);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", query, error);
  GPtrArray *tasks;

  if (!ids)
    return NULL;
  tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; i < ids->len; i++)
    {
      FhirResource *task = store_resource_get (connection, "Task", ids->pdata[i], NULL);

      if (task)
        g_ptr_array_add (tasks, task);
    }
  g_ptr_array_sort (tasks, compare_oldest);
  return tasks;
}

/**
 * care_cosign_list:
 * @note: a signed note
 *
 * Returns: (transfer full) (element-type CareCosign) (nullable): its requests for a co-signature,
 *   the oldest first; one that was taken back is none
 */
GPtrArray *
care_cosign_list (StoreConnection *connection, FhirResource *note, BaseClock *clock, GError **error)
{
  g_autoptr (GPtrArray) tasks = find_tasks (connection, note, error);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  GPtrArray *list;

  if (!tasks)
    return NULL;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) care_cosign_free);
  for (guint i = 0; i < tasks->len; i++)
    {
      FhirResource *task = tasks->pdata[i];
      const char *status = fhir_resource_path_text (task, "status");
      CareCosign *self;

      if (g_strcmp0 (status, "cancelled") == 0 || g_strcmp0 (status, "entered-in-error") == 0)
        continue;
      self = g_new0 (CareCosign, 1);
      self->task = g_strdup (fhir_resource_get_id (task));
      self->who_reference = g_strdup (fhir_resource_path_text (task, "owner.reference"));
      self->who = g_strdup (fhir_resource_path_text (task, "owner.display"));
      read_state (connection, note, task, g_date_time_get_timezone (now), self);
      g_ptr_array_add (list, self);
    }
  return list;
}
