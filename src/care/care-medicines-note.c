/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines-private.h"

#include <glib/gi18n.h>

#include "fhir-concept.h"
#include "fhir-date.h"
#include "store-resource.h"

/* What the list of medicines says as a whole: not recorded, none known and only past ones never
 * look the same; and who last went through it with the patient. */

/* A server may round the moment of a version, or set its own. */
#define SLACK_US (2 * G_USEC_PER_SEC)

void
care_medicines_note_clear (CareMedicinesNote *self)
{
  g_clear_pointer (&self->absence, g_free);
  g_clear_pointer (&self->list, fhir_resource_unref);
  g_clear_pointer (&self->reconciled, g_free);
}

typedef struct
{
  guint current, past, withheld;
  const char *none_known; /* its date, "" where that is not recorded */
  gint64 none_known_us;
} Count;

static void
count (Count *self, FhirResource *resource)
{
  static const char *const over[] = { "stopped", "cancelled", "completed", "not-taken", NULL };
  const char *status = fhir_resource_path_text (resource, "status");

  if (care_chart_is_error (resource))
    return;
  if (care_chart_is_opaque (resource))
    self->withheld++;
  else if (care_medicine_is_none_known (resource))
    {
      const char *date = fhir_resource_path_text (resource, "dateAsserted");

      date = date ? date : fhir_resource_path_text (resource, "effectiveDateTime");
      if (!status || !g_strv_contains (over, status))
        {
          self->none_known = date ? date : "";
          self->none_known_us = care_chart_time (date);
        }
    }
  else if ((status && g_strv_contains (over, status)) ||
           fhir_element_is_true (fhir_resource_path (resource, "doNotPerform")))
    self->past++;
  else if (g_strcmp0 (status, "draft") != 0)
    self->current++;
}

static FhirResource *
find_list (GPtrArray *lists)
{
  FhirResource *last = NULL;
  gint64 best = G_MININT64;

  for (guint i = 0; i < lists->len; i++)
    {
      FhirResource *list = lists->pdata[i];
      gint64 time = care_chart_time (fhir_resource_path_text (list, "date"));

      if (!care_chart_is_error (list) && !care_chart_is_opaque (list) && time > best &&
          g_strcmp0 (fhir_resource_path_text (list, "status"), "current") == 0 &&
          fhir_concept_has_code (fhir_resource_path (list, "code"), CARE_SYSTEM_LIST,
                                 CARE_LIST_RECONCILED))
        {
          last = list;
          best = time;
        }
    }
  return last;
}

static char *
say_reconciled (CareChart *chart, FhirResource *list)
{
  const char *when = list ? fhir_resource_path_text (list, "date") : NULL;
  const char *who = list ? fhir_resource_path_text (list, "source.display") : NULL;
  g_autofree char *date = when ? fhir_date_format (when, chart->zone) : NULL;

  if (!date)
    return g_strdup (_ ("Not reconciled yet"));
  return who ? g_strdup_printf (_ ("Last reconciled %s by %s"), date, who)
             : g_strdup_printf (_ ("Last reconciled %s; by whom is not recorded"), date);
}

static char *
say_none_known (CareChart *chart, const char *when, gboolean contradicted)
{
  g_autofree char *date = *when ? fhir_date_format (when, chart->zone) : NULL;

  if (contradicted)
    return date ? g_strdup_printf (
                      _ ("The record also says that no medicines are taken (recorded %s)"), date)
                : g_strdup (_ ("The record also says that no medicines are taken (date not "
                               "recorded)"));
  return date ? g_strdup_printf (_ ("No known medicines (recorded %s)"), date)
              : g_strdup (_ ("No known medicines (date not recorded)"));
}

/* Source of the code: https://hl7.org/fhir/R4/codesystem-list-empty-reason.html "nilknown". It
 * holds until the next time that somebody goes through the list. */
static gboolean
is_nil_known (FhirResource *list)
{
  return list && fhir_concept_has_code (fhir_resource_path (list, "emptyReason"),
                                        CARE_LIST_EMPTY_REASONS, "nilknown");
}

/**
 * care_medicines_note_read:
 * @requests: (element-type FhirResource): MedicationRequest
 * @statements: (element-type FhirResource): MedicationStatement
 */
gboolean
care_medicines_note_read (CareMedicinesNote *self,
                          CareChart *chart,
                          GPtrArray *requests,
                          GPtrArray *statements,
                          GError **error)
{
  g_autoptr (GPtrArray) lists =
      store_resource_list (chart->connection, chart->patient_id, "List", error);
  Count all = { 0 };
  FhirResource *list;

  if (!lists)
    return FALSE;
  for (guint i = 0; i < requests->len; i++)
    count (&all, requests->pdata[i]);
  for (guint i = 0; i < statements->len; i++)
    count (&all, statements->pdata[i]);
  list = find_list (lists);
  self->list = list ? fhir_resource_ref (list) : NULL;
  self->reconciled = say_reconciled (chart, list);
  if (is_nil_known (list) &&
      (!all.none_known ||
       care_chart_time (fhir_resource_path_text (list, "date")) > all.none_known_us))
    all.none_known = fhir_resource_path_text (list, "date");
  self->is_recorded = all.current + all.past + all.withheld > 0 || all.none_known;
  if (all.none_known)
    self->absence = say_none_known (chart, all.none_known, all.current > 0 || all.withheld > 0);
  else if (all.current == 0 && all.withheld == 0)
    self->absence = g_strdup (all.past > 0 ? _ ("No current medicines recorded, only past ones")
                                           : _ ("Medicines not recorded"));
  return TRUE;
}

/**
 * care_medicines_note_dup_decision:
 *
 * Returns: (transfer full) (nullable): what was decided of an entry when the list was last gone
 *   through; that it was changed since, where it was
 */
char *
care_medicines_note_dup_decision (CareMedicinesNote *self, const CareMedicineFact *fact)
{
  const FhirElement *entries = self->list ? fhir_resource_path (self->list, "entry") : NULL;

  fhir_element_foreach (entry, entries)
    {
      gint64 then, now;
      const char *words = fhir_element_path_text (entry, "flag.text");

      if (g_strcmp0 (fhir_element_path_text (entry, "item.reference"), fact->side.reference) != 0)
        continue;
      then = care_chart_time (fhir_resource_get_updated (self->list));
      now = care_chart_time (fhir_resource_get_updated (fact->resource));
      if (now > then + SLACK_US)
        return g_strdup (_ ("Changed since it was last reconciled"));
      return words ? g_strdup_printf (_ ("Reconciled: %s"), words) : g_strdup (_ ("Reconciled"));
    }
  return NULL;
}
