/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-cover.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-command.h"
#include "care-route.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-name.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* Who stands in while somebody is absent: a Task that the absent one requests of the other, for the
 * time of its restriction (hazard H18). One says so of oneself only. */

static const char *const clinicians[] = { "prescriber", "nurse", "admin", NULL };

void
care_cover_free (CareCover *self)
{
  g_free (self->task);
  g_free (self->who);
  g_free (self->who_name);
  g_free (self->cover);
  g_free (self->cover_name);
  g_free (self);
}

/* (transfer full) (nullable): "Practitioner/1" of a practitioner or a role of one. */
static char *
practitioner_of (StoreConnection *connection, const char *reference)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) role = NULL;

  if (!reference || !fhir_reference_split (reference, &type, &id))
    return NULL;
  if (g_str_equal (type, "Practitioner"))
    return g_strconcat (type, "/", id, NULL);
  role = g_str_equal (type, "PractitionerRole") ? store_resource_get (connection, type, id, NULL)
                                                : NULL;
  return role ? g_strdup (fhir_resource_path_text (role, "practitioner.reference")) : NULL;
}

/* (transfer full) (nullable) */
static char *
name_of (StoreConnection *connection, const char *reference)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) person = NULL;

  if (!reference || !fhir_reference_split (reference, &type, &id))
    return NULL;
  person = store_resource_get (connection, type, id, NULL);
  return person ? fhir_human_name_format (fhir_resource_path (person, "name")) : NULL;
}

static char *
dup_name (StoreConnection *connection, FhirResource *task, const char *member)
{
  g_autofree char *display = g_strconcat (member, ".display", NULL);
  g_autofree char *reference = g_strconcat (member, ".reference", NULL);
  const char *name = fhir_resource_path_text (task, display);

  return name ? g_strdup (name) : name_of (connection, fhir_resource_path_text (task, reference));
}

/* ---- reading ---- */

/**
 * care_cover_read:
 *
 * Returns: (transfer full) (nullable): what a Task says of an absence; NULL where it says none
 */
CareCover *
care_cover_read (StoreConnection *connection, FhirResource *task)
{
  const char *from = fhir_resource_path_text (task, "restriction.period.start");
  const char *until = fhir_resource_path_text (task, "restriction.period.end");
  const char *who = fhir_resource_path_text (task, "requester.reference");
  CareCover *self;

  if (!fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK,
                              CARE_COVER_CODE) ||
      care_chart_is_opaque (task) || !who || !from || !until)
    return NULL;
  self = g_new0 (CareCover, 1);
  self->task = g_strdup (fhir_resource_get_id (task));
  self->who = g_strdup (who);
  self->who_name = dup_name (connection, task, "requester");
  self->cover = g_strdup (fhir_resource_path_text (task, "owner.reference"));
  self->cover_name = dup_name (connection, task, "owner");
  self->from_us = care_chart_time (from);
  self->until_us = care_chart_time (until);
  return self;
}

/**
 * care_cover_find_all:
 *
 * Returns: (transfer full) (nullable) (element-type FhirResource): all that a search finds, page
 *   after page: none is left out, however many there are
 */
GPtrArray *
care_cover_find_all (StoreConnection *connection,
                     const char *type,
                     const char *text,
                     GError **error)
{
  g_autoptr (FhirQuery) query = fhir_query_parse (type, text, FALSE, error);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  gboolean more = query != NULL;

  while (more)
    {
      g_autoptr (StoreSearch) search = store_search (connection, query, error);

      if (!search)
        return NULL;
      for (guint i = 0; i < search->matches->len; i++)
        g_ptr_array_add (all, fhir_resource_ref (search->matches->pdata[i]));
      g_free (query->cursor);
      query->cursor = g_steal_pointer (&search->next_cursor);
      more = query->cursor != NULL;
    }
  return query ? g_steal_pointer (&all) : NULL;
}

/**
 * care_cover_list:
 *
 * Returns: (transfer full) (nullable) (element-type CareCover): absences that are, were, or are to
 *   come, what was said last first; what was called off is left out
 */
GPtrArray *
care_cover_list (StoreConnection *connection, GError **error)
{
  static const char text[] = "code=" CARE_SYSTEM_TASK "|" CARE_COVER_CODE
                             "&status=in-progress,completed&_sort=-authored-on&_count=500";
  g_autoptr (GPtrArray) tasks = care_cover_find_all (connection, "Task", text, error);
  g_autoptr (GPtrArray) covers = g_ptr_array_new_with_free_func ((GDestroyNotify) care_cover_free);

  for (guint i = 0; tasks && i < tasks->len; i++)
    {
      CareCover *cover = care_cover_read (connection, tasks->pdata[i]);

      if (cover)
        g_ptr_array_add (covers, cover);
    }
  return tasks ? g_steal_pointer (&covers) : NULL;
}

/* (transfer full) (nullable): the order that a result answers, its own or its report's. */
static char *
dup_order (StoreConnection *connection, FhirResource *result)
{
  const char *order = fhir_resource_path_text (result, "basedOn.0.reference");
  g_autofree char *reference = fhir_resource_dup_reference (result);
  g_autofree char *text = g_strdup_printf ("result=%s&_count=10", reference);
  g_autoptr (FhirQuery) query = NULL;
  g_autoptr (StoreSearch) search = NULL;

  if (order || !g_str_has_prefix (reference, "Observation/"))
    return g_strdup (order);
  query = fhir_query_parse ("DiagnosticReport", text, FALSE, NULL);
  search = query ? store_search (connection, query, NULL) : NULL;
  for (guint i = 0; search && i < search->matches->len && !order; i++)
    order = fhir_resource_path_text (search->matches->pdata[i], "basedOn.0.reference");
  return g_strdup (order);
}

/**
 * care_cover_dup_orderer:
 * @result: an Observation or a DiagnosticReport
 * @name: (out) (optional) (nullable): of who ordered it
 *
 * Returns: (transfer full) (nullable): reference of the practitioner who ordered it; NULL where the
 *   record does not say
 */
char *
care_cover_dup_orderer (StoreConnection *connection, FhirResource *result, char **name)
{
  g_autofree char *order = dup_order (connection, result);
  g_autofree char *type = NULL, *id = NULL, *orderer = NULL;
  g_autoptr (FhirResource) request = NULL;

  if (!order || !fhir_reference_split (order, &type, &id))
    return NULL;
  request = store_resource_get (connection, type, id, NULL);
  if (!request)
    return NULL;
  orderer = practitioner_of (connection, fhir_resource_path_text (request, "requester.reference"));
  if (orderer && name)
    *name = dup_name (connection, request, "requester");
  return g_steal_pointer (&orderer);
}

/* ---- writing ---- */

static gboolean
check_request (CareContext *context, const CareCoverRequest *request, GError **error)
{
  gint64 now = base_clock_now (care_context_get_clock (context));
  gint64 from = care_chart_time (request->from), until = care_chart_time (request->until);
  const char *problem = NULL;

  if (from == G_MININT64 || until == G_MININT64)
    problem = _ ("From when until when is missing.");
  else if (until <= from)
    problem = _ ("The end comes before the beginning.");
  else if (until <= now)
    problem = _ ("That time is over already.");
  else if (g_strcmp0 (request->cover, care_context_get_user_reference (context)) == 0)
    problem = _ ("Nobody stands in for themselves.");
  if (problem)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, problem);
  return problem == NULL;
}

/**
 * care_cover_set:
 *
 * Says that the user is absent, and who stands in.
 */
gboolean
care_cover_set (StoreConnection *connection,
                CareContext *context,
                const CareCoverRequest *request,
                GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *reference = g_strconcat ("Task/", id, NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);
  g_auto (CareWrite) write = { 0 };

  if (!care_require_role (context, "say who stands in", clinicians, error) ||
      !check_request (context, request, error))
    return FALSE;
  fhir_builder_set_many (builder, "status", "in-progress", "intent", "order", "priority", "routine",
                         "authoredOn", now, "lastModified", now, "requester.reference",
                         care_context_get_user_reference (context), "requester.display",
                         care_context_get_user_name (context), "restriction.period.start",
                         request->from, "restriction.period.end", request->until, NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_COVER_CODE, NULL);
  fhir_builder_set (builder, "owner.reference", request->cover);
  fhir_builder_set (builder, "owner.display", request->cover ? request->cover_name : NULL);
  care_write_init (&write, connection, context, NULL, CARE_PRIORITY_PRESCRIPTION);
  return care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "write", reference, "absence", error);
}

/**
 * care_cover_end:
 *
 * Is back, or stays after all: an absence that has begun ends now, one to come is called off.
 */
gboolean
care_cover_end (StoreConnection *connection,
                CareContext *context,
                const char *task_id,
                GError **error)
{
  g_autoptr (FhirResource) task = care_read (connection, "Task", task_id, error);
  g_autoptr (CareCover) cover = task ? care_cover_read (connection, task) : NULL;
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *reference = g_strconcat ("Task/", task_id, NULL);
  g_autoptr (FhirBuilder) builder = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task)
    return FALSE;
  if (!cover || g_strcmp0 (cover->who, care_context_get_user_reference (context)) != 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                           _ ("Only who is absent can say that they are back."));
      return FALSE;
    }
  builder = fhir_builder_new_from (task);
  fhir_builder_set (builder, "lastModified", now);
  if (cover->from_us <= base_clock_now (clock))
    fhir_builder_set_many (builder, "status", "completed", "restriction.period.end", now, NULL);
  else
    fhir_builder_set (builder, "status", "cancelled");
  care_write_init (&write, connection, context, NULL, CARE_PRIORITY_PRESCRIPTION);
  return care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "write", reference, "absence ended", error);
}

/**
 * care_cover_add_behalf:
 * @orderer: (nullable): for whom the critical result was
 * @provenance: of the answer, which the user gives
 *
 * Adds on whose behalf the user answered and the absences that say so, where the user stands in.
 */
gboolean
care_cover_add_behalf (StoreConnection *connection,
                       CareContext *context,
                       const char *orderer,
                       FhirBuilder *provenance,
                       GError **error)
{
  g_autoptr (GPtrArray) covers = care_cover_list (connection, error);
  g_autoptr (GPtrArray) chain = NULL;

  if (!covers)
    return FALSE;
  if (orderer)
    chain = care_route_dup_chain (covers, orderer, care_context_get_user_reference (context),
                                  base_clock_now (care_context_get_clock (context)));
  if (!chain)
    return TRUE;
  fhir_builder_set_many (provenance, "agent.0.onBehalfOf.reference", orderer,
                         "agent.0.onBehalfOf.display", ((CareCover *) chain->pdata[0])->who_name,
                         NULL);
  for (guint i = 0; i < chain->len; i++)
    {
      gsize at = fhir_builder_get_length (provenance, "entity");
      g_autofree char *role = g_strdup_printf ("entity.%" G_GSIZE_FORMAT ".role", at);
      g_autofree char *what = g_strdup_printf ("entity.%" G_GSIZE_FORMAT ".what.reference", at);
      g_autofree char *task = g_strconcat ("Task/", ((CareCover *) chain->pdata[i])->task, NULL);

      fhir_builder_set_many (provenance, role, "source", what, task, NULL);
    }
  return TRUE;
}

/* ---- off the main thread ---- */

static gboolean
set_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  CareCoverRequest request = { c->texts[0], c->texts[1], c->texts[2], c->texts[3] };

  return care_cover_set (connection, c->context, &request, error);
}

void
care_cover_set_async (CareContext *context,
                      const CareCoverRequest *request,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  CareCommand *command = care_command_new (context, set_work, NULL);

  command->texts[0] = g_strdup (request->cover);
  command->texts[1] = g_strdup (request->cover_name);
  command->texts[2] = g_strdup (request->from);
  command->texts[3] = g_strdup (request->until);
  care_command_write (command, care_cover_set_async, NULL, callback, user_data);
}

static gboolean
end_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_cover_end (connection, command->context, command->texts[0], error);
}

void
care_cover_end_async (CareContext *context,
                      const char *task_id,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_command_write (care_command_new (context, end_work, task_id, NULL), care_cover_end_async,
                      NULL, callback, user_data);
}

gboolean
care_cover_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) g_ptr_array_unref;
  command->result = care_cover_list (connection, error);
  return command->result != NULL;
}

void
care_cover_list_async (CareContext *context,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  care_command_read (care_command_new_read (care_context_get_clock (context), list_work, NULL),
                     care_context_get_store (context), care_cover_list_async, cancellable, callback,
                     user_data);
}

/* (transfer full) (nullable) (element-type CareCover) */
GPtrArray *
care_cover_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
