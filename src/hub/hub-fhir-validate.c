/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include <string.h>

#include "fhir-builder.h"
#include "fhir-validate.h"
#include "hub-page.h"
#include "hub-policy.h"
#include "hub-reach.h"
#include "hub-reply.h"
#include "store-resource.h"

/* $validate, http://hl7.org/fhir/R4/resource-operation-validate.html: of what is sent, alone or in
 * Parameters, or of what is stored. The check runs on a thread of its own: a bundle may be large.
 */

#define CHECKED                                                                                    \
  "Checked against FHIR R4: elements, types, how often, codes of required bindings, the types "    \
  "that references lead to. Not checked: invariants (but ref-1), profiles, other bindings, "       \
  "whether what references lead to is there."

static gboolean
refuse_word (const char *what, const char *value, GError **error)
{
  g_set_error (error, HUB_ERROR, 400, "$validate with %s “%s” is not supported", what, value);
  return FALSE;
}

/* mode says what the resource is meant for; the structure is the same for both. */
static gboolean
check_mode (const char *mode, GError **error)
{
  return mode == NULL || strcmp (mode, "create") == 0 || strcmp (mode, "update") == 0 ||
         refuse_word ("mode", mode, error);
}

static gboolean
check_query (const char *text, GError **error)
{
  static const char *const known[] = { "mode", "profile", NULL };
  g_autoptr (GHashTable) query = hub_page_read_query (text, known, "$validate", error);
  const char *profile = query != NULL ? g_hash_table_lookup (query, "profile") : NULL;

  if (query == NULL)
    return FALSE;
  return profile != NULL ? refuse_word ("profile", profile, error)
                         : check_mode (g_hash_table_lookup (query, "mode"), error);
}

/* The resource in Parameters, which may say more that has to be known. */
static FhirResource *
unpack (FhirResource *parameters, GError **error)
{
  const FhirElement *resource = NULL;

  fhir_element_foreach (parameter, fhir_resource_path (parameters, "parameter"))
    {
      const char *name = fhir_element_path_text (parameter, "name");

      if (g_strcmp0 (name, "resource") == 0)
        resource = fhir_element_get (parameter, "resource");
      else if (g_strcmp0 (name, "mode") == 0)
        {
          if (!check_mode (fhir_element_path_text (parameter, "valueCode"), error))
            return NULL;
        }
      else
        {
          refuse_word ("parameter", name != NULL ? name : "", error);
          return NULL;
        }
    }
  if (resource != NULL)
    return fhir_resource_new_from_element (resource, error);
  g_set_error (error, HUB_ERROR, 400, "The Parameters have no parameter “resource”");
  return NULL;
}

static FhirResource *
read_sent (HubRequest *self, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (self->body, &length);
  g_autoptr (FhirResource) sent =
      fhir_resource_parse (text != NULL ? text : "", (gssize) length, error);
  g_autoptr (FhirResource) resource = NULL;

  if (sent == NULL)
    return NULL;
  if (strcmp (fhir_resource_get_type (sent), "Parameters") == 0 &&
      strcmp (self->type, "Parameters") != 0)
    resource = unpack (sent, error);
  else
    resource = g_steal_pointer (&sent);
  if (resource == NULL || strcmp (fhir_resource_get_type (resource), self->type) == 0)
    return g_steal_pointer (&resource);
  g_set_error (error, HUB_ERROR, 400, "The URL says %s, the body says %s", self->type,
               fhir_resource_get_type (resource));
  return NULL;
}

static void
add_issue (FhirBuilder *builder,
           const char *severity,
           const char *code,
           const char *expression,
           const char *text)
{
  g_autofree char *path =
      g_strdup_printf ("issue.%" G_GSIZE_FORMAT, fhir_builder_get_length (builder, "issue"));
  g_autofree char *severity_path = g_strconcat (path, ".severity", NULL);
  g_autofree char *code_path = g_strconcat (path, ".code", NULL);
  g_autofree char *text_path = g_strconcat (path, ".diagnostics", NULL);
  g_autofree char *expression_path = g_strconcat (path, ".expression.0", NULL);

  fhir_builder_set_many (builder, severity_path, severity, code_path, code, text_path, text,
                         expression_path, expression, NULL);
}

static char *
dup_outcome (HubRequest *self, FhirResource *resource)
{
  g_autoptr (GPtrArray) issues = fhir_validate (resource);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("OperationOutcome", NULL);
  g_autoptr (FhirResource) outcome = NULL;

  if (self->id != NULL && g_strcmp0 (fhir_resource_get_id (resource), self->id) != 0)
    {
      g_autofree char *expression = g_strconcat (self->type, ".id", NULL);

      add_issue (builder, "error", "value", expression, "The id is not the one that the URL names");
    }
  for (guint i = 0; i < issues->len; i++)
    {
      const FhirIssue *issue = issues->pdata[i];

      add_issue (builder, issue->severity, issue->code, issue->expression, issue->text);
    }
  add_issue (builder, "information", "informational", NULL, CHECKED);
  outcome = fhir_builder_end (builder);
  return g_strdup (fhir_resource_get_text (outcome, NULL));
}

static void
validate_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  HubRequest *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource =
      self->answer != NULL ? fhir_resource_ref (self->answer) : read_sent (self, &error);

  if (resource == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self->text = dup_outcome (self, resource);
  g_task_return_boolean (task, TRUE);
}

static void
validated_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *self = data;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    hub_request_answer_text (self, 200, g_steal_pointer (&self->text));
  hub_request_finish (self, error);
}

static void
validate (HubRequest *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, validated_cb, self);

  g_task_set_source_tag (task, validate);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, validate_thread);
}

static gboolean
stored_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *self = data;

  self->answer = store_resource_get (connection, self->type, self->id, error);
  return self->answer != NULL &&
         hub_policy_allows_resource (self->user, HUB_READ, self->answer, error) &&
         hub_reach_allows (connection, self->user, self->answer, error);
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *self = data;
  g_autoptr (GError) error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      g_autofree char *patient = hub_policy_dup_patient (self->answer);

      hub_request_note_read (self, patient);
      validate (self);
    }
  else
    hub_request_finish (self, error);
}

/**
 * hub_request_validate:
 * @query: what stood behind the question mark
 *
 * Answers with an OperationOutcome of what does not fit: of the body, or, where the request has
 * none, of the resource in the path.
 *
 * Returns: whether the message is paused and @self taken over; else it is answered
 */
gboolean
hub_request_validate (HubRequest *self, const char *query)
{
  gboolean is_get = g_str_equal (soup_server_message_get_method (self->message), "GET");
  g_autoptr (GError) error = NULL;

  if (!check_query (query, &error) || (!is_get && !hub_request_read_body (self, &error)))
    {
      hub_reply_error (self->message, error);
      return FALSE;
    }
  soup_server_message_pause (self->message);
  if (self->id != NULL && (is_get || g_bytes_get_size (self->body) == 0))
    {
      self->what = "validate";
      store_database_read_async (hub_server_get_store (self->server), stored_work, self, NULL, NULL,
                                 stored_cb, self);
    }
  else
    validate (self);
  return TRUE;
}
