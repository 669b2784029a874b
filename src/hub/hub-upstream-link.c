/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-link.h"
#include "hub-reply.h"
#include "hub-upstream.h"
#include "hub-visit.h"

/* Join links in front of another server. The link itself is signed and needs no store. What a
 * patient does with it (wrong dates of birth, place and number, the device test) is one Task there,
 * of status `draft`, so that it is nobody's work: all copies of the hub count the same tries. */

#define CODE "join-link"

static GBytes *
key_of (HubRecords *records)
{
  return hub_upstream_get_link_key (((HubRecordsUpstream *) records)->upstream);
}

/* What a Task says of the link: not enough to make it. */
static char *
identifier_of (const char *hash)
{
  return g_strdup_printf (CODE "-%.40s", hash);
}

char *
hub_upstream_make_link (HubRecords *records, HubJoin *join, GError **error)
{
  char *token = hub_link_sign (key_of (records), join->appointment, join->patient, join->expires);

  g_free (join->hash);
  join->hash = hub_join_hash (token);
  return token;
}

/* ---- reading -------------------------------------------------------------------------------- */

static void
read_input (HubJoin *join, const FhirElement *input)
{
  const FhirElement *type = fhir_element_get (input, "type");
  const char *text = fhir_element_path_text (input, "valueString");

  if (text != NULL && fhir_concept_has_code (type, HUB_VISIT_TASK_SYSTEM, "session"))
    g_ptr_array_add (join->sessions, g_strdup (text));
  else if (fhir_concept_has_code (type, HUB_VISIT_TASK_SYSTEM, "wrong"))
    join->wrong = (guint) fhir_element_get_integer (fhir_element_get (input, "valueInteger"), 0);
  else if (fhir_concept_has_code (type, HUB_VISIT_TASK_SYSTEM, "closed"))
    join->closed = TRUE;
  for (gsize i = 0; text != NULL && i < HUB_JOIN_TEXTS; i++)
    if (fhir_concept_has_code (type, HUB_VISIT_TASK_SYSTEM, hub_join_names[i]))
      g_set_str (hub_join_text (join, i), text);
}

static gboolean
find_task (HubRecords *records, HubJoin *join, GError **error)
{
  g_autofree char *value = identifier_of (join->hash);
  g_autofree char *query = g_strconcat ("identifier=" HUB_RECORDS_IDENTIFIER "|", value, NULL);
  g_autoptr (GPtrArray) found = hub_records_search (records, "Task", query, error);

  for (guint i = 0; found != NULL && i < found->len && join->task == NULL; i++)
    if (g_strcmp0 (fhir_resource_path_text (found->pdata[i], "identifier.0.value"), value) == 0)
      join->task = fhir_resource_ref (found->pdata[i]);
  if (join->task != NULL)
    fhir_element_foreach (input, fhir_resource_path (join->task, "input"))
      read_input (join, input);
  return found != NULL;
}

/* A link cannot be taken back, so an appointment that no longer stands opens nothing. */
static gboolean
stands (FhirResource *appointment)
{
  const char *const gone[] = { "cancelled", "noshow", "entered-in-error", "proposed", NULL };
  const char *status = appointment != NULL ? fhir_resource_path_text (appointment, "status") : NULL;

  return status != NULL && !g_strv_contains (gone, status);
}

HubJoin *
hub_upstream_load_link (HubRecords *records, const char *token, GError **error)
{
  g_autofree char *hash = hub_join_hash (token);
  g_autoptr (HubJoin) join = hub_join_new (hash);
  g_autoptr (FhirResource) appointment = NULL;
  g_autofree char *patient = NULL;
  g_auto (HubLink) link = { 0 };

  if (!hub_link_read (key_of (records), token, base_clock_now (records->clock), &link, error) ||
      !hub_records_find (records, "Appointment", link.appointment, &appointment, error))
    return NULL;
  patient = stands (appointment) ? hub_join_dup_patient (appointment) : NULL;
  if (patient == NULL || !hub_link_is_of (&link, key_of (records), patient))
    {
      g_set_error_literal (error, HUB_ERROR, 404, "There is no such link");
      return NULL;
    }
  if (!find_task (records, join, error))
    return NULL;
  g_set_str (&join->appointment, link.appointment);
  g_set_str (&join->patient, patient);
  join->expires = link.expires;
  return g_steal_pointer (&join);
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Returns: the path of the value of a new input called @name */
static char *
add_input (FhirBuilder *builder, const char *name, const char *value_name)
{
  gsize at = fhir_builder_get_length (builder, "input");
  g_autofree char *type = g_strdup_printf ("input.%" G_GSIZE_FORMAT ".type", at);

  fhir_builder_set_coding (builder, type, HUB_VISIT_TASK_SYSTEM, name, NULL);
  return g_strdup_printf ("input.%" G_GSIZE_FORMAT ".%s", at, value_name);
}

static void
add_input_text (FhirBuilder *builder, const char *name, const char *text)
{
  g_autofree char *path = NULL;

  if (text == NULL)
    return;
  path = add_input (builder, name, "valueString");
  fhir_builder_set (builder, path, text);
}

static void
set_inputs (FhirBuilder *builder, HubJoin *join)
{
  fhir_builder_remove (builder, "input");
  for (gsize i = 0; i < HUB_JOIN_TEXTS; i++)
    add_input_text (builder, hub_join_names[i], *hub_join_text (join, i));
  for (guint i = 0; i < join->sessions->len; i++)
    add_input_text (builder, "session", join->sessions->pdata[i]);
  if (join->wrong > 0)
    {
      g_autofree char *path = add_input (builder, "wrong", "valueInteger");

      fhir_builder_set_integer (builder, path, join->wrong);
    }
  if (join->closed)
    {
      g_autofree char *path = add_input (builder, "closed", "valueBoolean");

      fhir_builder_set_boolean (builder, path, TRUE);
    }
}

gboolean
hub_upstream_save_link (HubRecords *records, HubJoin *join, GError **error)
{
  g_autofree char *value = identifier_of (join->hash);
  g_autofree char *focus = g_strconcat ("Appointment/", join->appointment, NULL);
  g_autofree char *subject = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autoptr (FhirBuilder) builder =
      join->task != NULL ? fhir_builder_new_from (join->task) : fhir_builder_new ("Task", value);
  g_autoptr (FhirResource) task = NULL;

  if (join->task == NULL)
    {
      fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                             "identifier.0.value", value, "status", "draft", "intent", "order",
                             "description", "What a patient did with a join link", "authoredOn",
                             now, "focus.reference", focus, "for.reference", subject, NULL);
      fhir_builder_set_coding (builder, "code", HUB_VISIT_TASK_SYSTEM, CODE, NULL);
    }
  if (join->encounter != NULL)
    {
      g_autofree char *encounter = g_strconcat ("Encounter/", join->encounter, NULL);

      fhir_builder_set (builder, "encounter.reference", encounter);
    }
  fhir_builder_set (builder, "lastModified", now);
  set_inputs (builder, join);
  task = fhir_builder_end (builder);
  return hub_records_put (records, join->task, task, "patient by join link", join->patient,
                          "join link", NULL, error);
}

/**
 * hub_visit_find_session:
 * @hashes: of char*: of session cookies
 * @found: (out) (nullable): the one that came by a link to this visit
 *
 * For records in another server, where a link's Task names its visit.
 *
 * Returns: FALSE where nobody knows
 */
gboolean
hub_visit_find_session (
    HubRecords *records, const char *encounter, GPtrArray *hashes, char **found, GError **error)
{
  g_autofree char *reference = g_strconcat ("Encounter/", encounter, NULL);
  g_autofree char *query =
      g_strdup_printf ("encounter=%s&code=" HUB_VISIT_TASK_SYSTEM "|" CODE, reference);
  g_autoptr (GPtrArray) tasks = hub_records_search (records, "Task", query, error);

  g_clear_pointer (found, g_free);
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      g_autoptr (HubJoin) join = hub_join_new (NULL);

      if (g_strcmp0 (fhir_resource_path_text (tasks->pdata[i], "encounter.reference"), reference) !=
          0)
        continue;
      fhir_element_foreach (input, fhir_resource_path (tasks->pdata[i], "input"))
        read_input (join, input);
      for (guint j = 0; j < hashes->len; j++)
        if (hub_join_has_session (join, hashes->pdata[j]))
          g_set_str (found, hashes->pdata[j]);
    }
  return tasks != NULL;
}
