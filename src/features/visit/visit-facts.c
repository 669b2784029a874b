/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-facts.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-device-words.h"
#include "care-visit-course.h"
#include "care-visit-guest.h"
#include "care-visit-phone.h"
#include "care-visit-picture.h"
#include "fhir-date.h"
#include "store-resource.h"

static const FhirElement *
extension (const FhirElement *owner, const char *url)
{
  fhir_element_foreach (item, fhir_element_get (owner, "extension"))
    if (g_strcmp0 (fhir_element_path_text (item, "url"), url) == 0)
      return item;
  return NULL;
}

/* The worst of the device test's steps. */
static const char *
worst_level (const FhirElement *test)
{
  static const char *const levels[] = { "failed", "amber", "unknown", "ok" };

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    fhir_element_foreach (step, fhir_element_get (test, "extension"))
      if (g_strcmp0 (fhir_element_path_text (step, "valueCode"), levels[i]) == 0)
        return levels[i];
  return "unknown";
}

/* Whoever came last and did not leave. */
static void
read_clinician (VisitFacts *self, const FhirElement *root)
{
  const char *since = NULL;

  fhir_element_foreach (item, fhir_element_get (root, "participant"))
    {
      const char *start = fhir_element_path_text (item, "period.start");

      if (start == NULL || care_visit_guest_is_one (item) ||
          fhir_element_path_text (item, "period.end") != NULL ||
          (since != NULL && strcmp (start, since) < 0))
        continue;
      since = start;
      g_set_str (&self->clinician, fhir_element_path_text (item, "individual.reference"));
      g_set_str (&self->clinician_name, fhir_element_path_text (item, "individual.display"));
    }
}

static char *
dup_intake (const FhirElement *root)
{
  const char *intake =
      fhir_element_path_text (extension (root, CARE_EXTENSION_BASE "visit-intake"), "valueString");
  const char *nurse =
      fhir_element_path_text (extension (root, CARE_EXTENSION_BASE "visit-intake-by"),
                              "valueString");

  /* Translators: a nurse's name, what the nurse wrote */
  return intake != NULL ? g_strdup_printf (_ ("Intake by %s: %s"),
                                           nurse != NULL ? nurse : _ ("a colleague"), intake)
                        : NULL;
}

static gboolean
is_eventful (const FhirElement *root)
{
  fhir_element_foreach (item, fhir_element_get (root, "participant"))
    if (care_visit_guest_is_one (item))
      return TRUE;
  return extension (root, CARE_EXTENSION_BASE CARE_VISIT_PICTURE_KEPT) != NULL ||
         extension (root, CARE_EXTENSION_BASE "visit-interrupted-at") != NULL;
}

/**
 * visit_facts_new:
 * @encounter: an Encounter of class VR, as the hub writes it
 *
 * Returns: (transfer full): what it says
 */
VisitFacts *
visit_facts_new (FhirResource *encounter)
{
  const FhirElement *root = fhir_resource_get_root (encounter);
  const FhirElement *test = extension (root, CARE_EXTENSION_BASE "visit-device-test");
  const char *since =
      fhir_element_path_text (extension (root, CARE_EXTENSION_BASE "visit-waiting-since"),
                              "valueInstant");
  VisitFacts *self = g_new0 (VisitFacts, 1);

  self->state = care_visit_state_of (encounter);
  self->place = g_strdup (
      fhir_element_path_text (extension (root, CARE_EXTENSION_BASE "visit-stated-location"),
                              "valueString"));
  self->number = g_strdup (
      fhir_element_path_text (extension (root, CARE_EXTENSION_BASE "visit-callback-number"),
                              "valueString"));
  self->identity = g_strdup (
      fhir_element_path_text (extension (root, CARE_EXTENSION_BASE "visit-identity"), "valueCode"));
  self->reason = g_strdup (fhir_element_path_text (root, "reasonCode.0.text"));
  self->intake = dup_intake (root);
  read_clinician (self, root);
  self->speakerphone = g_strdup (care_visit_guest_get_speakerphone (encounter));
  self->device_test = care_device_words (test);
  self->device_level = g_strdup (worst_level (test));
  self->wants_phone =
      g_strcmp0 (fhir_element_path_text (extension (test, "video"), "valueCode"), "refused") == 0;
  self->waiting_since = fhir_date_begin (since);
  self->course = care_visit_course (encounter);
  self->is_eventful = is_eventful (root);
  self->phone_start = fhir_date_begin (care_visit_phone_get_start (encounter));
  self->phone_end = fhir_date_begin (care_visit_phone_get_end (encounter));
  self->phone_since = fhir_date_begin (care_visit_phone_get_since (encounter));
  return self;
}

void
visit_facts_free (VisitFacts *self)
{
  g_free (self->place);
  g_free (self->number);
  g_free (self->identity);
  g_free (self->reason);
  g_free (self->intake);
  g_free (self->clinician);
  g_free (self->clinician_name);
  g_free (self->speakerphone);
  g_free (self->device_test);
  g_free (self->device_level);
  g_clear_pointer (&self->course, g_ptr_array_unref);
  g_free (self);
}

typedef struct
{
  char *encounter_id;
  VisitFacts *facts;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_clear_pointer (&load->facts, visit_facts_free);
  g_free (load->encounter_id);
  g_free (load);
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Load *load = data;
  g_autoptr (FhirResource) encounter =
      store_resource_get (connection, "Encounter", load->encounter_id, error);

  if (encounter == NULL)
    return FALSE;
  load->facts = visit_facts_new (encounter);
  return TRUE;
}

static void
load_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&load->facts), (GDestroyNotify) visit_facts_free);
}

/**
 * visit_facts_load_async:
 *
 * Reads the Encounter from the local store.
 */
void
visit_facts_load_async (StoreDatabase *store,
                        const char *encounter_id,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  g_task_set_source_tag (task, visit_facts_load_async);
  load->encounter_id = g_strdup (encounter_id);
  g_task_set_task_data (task, load, load_free);
  store_database_read_async (store, load_work, load, NULL, cancellable, load_read_cb, task);
}

VisitFacts *
visit_facts_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
