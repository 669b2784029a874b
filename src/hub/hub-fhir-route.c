/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include <string.h>

#include "hub-collect.h"
#include "hub-export.h"
#include "hub-notify-send.h"
#include "hub-policy.h"
#include "hub-reply.h"
#include "hub-subscription.h"

/* The routes under /fhir: what a path and a method ask for. */

static gboolean
refuse_id (HubRequest *self)
{
  return hub_request_refuse (self, 400, "An id has 1 to 64 of the characters A-Z a-z 0-9 - .");
}

static gboolean
refuse_query (HubRequest *self)
{
  return hub_request_refuse (self, 414,
                             "The query is longer than 8192 bytes: ask in several searches");
}

/* Takes over @self and pauses the message, or answers and returns FALSE. */
static gboolean
start_write (HubRequest *self, HubVerb verb)
{
  static const HubOperation operations[] = {
    [HUB_VERB_DELETE] = HUB_DELETE,
    [HUB_VERB_POST] = HUB_CREATE,
    [HUB_VERB_PUT] = HUB_UPDATE,
    [HUB_VERB_PATCH] = HUB_UPDATE,
  };
  g_autoptr (GError) error = NULL;

  if (!hub_policy_allows (self->user, operations[verb], self->type, &error) ||
      !hub_request_read_entry (self, verb, &error))
    {
      hub_reply_error (self->message, error);
      return FALSE;
    }
  hub_request_write (self);
  return TRUE;
}

/* Update, patch or delete of the one that the query finds. */
static gboolean
start_conditional (HubRequest *self, HubVerb verb, const char *query)
{
  if (strlen (query) > HUB_QUERY_LIMIT)
    return refuse_query (self);
  if (*query == '\0')
    return hub_request_refuse (self, 400,
                               "Name which one is meant: by its id, as in Patient/1, or by a query "
                               "that finds it, as in Patient?identifier=system|value");
  self->query = g_strdup (query);
  return start_write (self, verb);
}

static gboolean
start_search (HubRequest *self, const char *query)
{
  g_autoptr (GError) error = NULL;

  if (strlen (query) > HUB_QUERY_LIMIT)
    return refuse_query (self);
  if (!hub_policy_allows (self->user, HUB_SEARCH, self->type, &error))
    {
      hub_reply_error (self->message, error);
      return FALSE;
    }
  self->query = g_strdup (query);
  hub_request_search (self);
  return TRUE;
}

static gboolean
start_form_search (HubRequest *self, const char *query)
{
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (
                                                 self->message),
                                             NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *form = NULL;
  g_autofree char *both = NULL;
  const char *text;
  gsize length;

  if (type != NULL && !g_str_equal (type, "application/x-www-form-urlencoded"))
    return hub_request_refuse (self, 415, "Send the search as application/x-www-form-urlencoded");
  if (!hub_request_take_body (self, &error))
    {
      hub_reply_error (self->message, error);
      return FALSE;
    }
  text = g_bytes_get_data (self->body, &length);
  form = g_strndup (text != NULL ? text : "", length);
  both = g_strconcat (form, *form != '\0' && *query != '\0' ? "&" : "", query, NULL);
  return start_search (self, both);
}

static gboolean
start_history (HubRequest *self, const char *method, const char *query)
{
  if (!g_str_equal (method, "GET"))
    return hub_request_refuse_method (self, "GET");
  if (self->id != NULL && !fhir_id_is_valid (self->id))
    return refuse_id (self);
  if (strlen (query) > HUB_QUERY_LIMIT)
    return refuse_query (self);
  self->query = g_strdup (query);
  hub_request_history (self);
  return TRUE;
}

static gboolean
start_read (HubRequest *self)
{
  g_autoptr (GError) error = NULL;

  if (hub_policy_allows (self->user, HUB_READ, self->type, &error))
    {
      hub_request_read (self);
      return TRUE;
    }
  hub_reply_error (self->message, error);
  return FALSE;
}

static gboolean
start_bundle (HubRequest *self)
{
  g_autoptr (GError) error = NULL;

  if (hub_request_read_body (self, &error))
    {
      hub_request_bundle (self);
      return TRUE;
    }
  hub_reply_error (self->message, error);
  return FALSE;
}

static gboolean
route_type (HubRequest *self, const char *method, const char *query)
{
  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    return start_search (self, query);
  if (g_str_equal (method, "POST"))
    return start_write (self, HUB_VERB_POST);
  if (g_str_equal (method, "PUT"))
    return start_conditional (self, HUB_VERB_PUT, query);
  if (g_str_equal (method, "PATCH"))
    return start_conditional (self, HUB_VERB_PATCH, query);
  if (g_str_equal (method, "DELETE"))
    return start_conditional (self, HUB_VERB_DELETE, query);
  return hub_request_refuse_method (self, "GET, HEAD, POST, PUT, PATCH, DELETE");
}

static gboolean
route_instance (HubRequest *self, const char *method)
{
  if (!fhir_id_is_valid (self->id))
    return refuse_id (self);
  if (g_str_equal (method, "GET") || g_str_equal (method, "HEAD"))
    return start_read (self);
  if (g_str_equal (method, "PUT"))
    return start_write (self, HUB_VERB_PUT);
  if (g_str_equal (method, "PATCH"))
    return start_write (self, HUB_VERB_PATCH);
  if (g_str_equal (method, "DELETE"))
    return start_write (self, HUB_VERB_DELETE);
  return hub_request_refuse_method (self, "GET, HEAD, PUT, PATCH, DELETE");
}

static gboolean
start_everything (HubRequest *self, const char *method, const char *query)
{
  if (!g_str_equal (method, "GET"))
    return hub_request_refuse_method (self, "GET");
  if (strlen (query) > HUB_QUERY_LIMIT)
    return refuse_query (self);
  self->query = g_strdup (query);
  hub_request_everything (self);
  return TRUE;
}

static gboolean
start_validate (HubRequest *self, const char *method, const char *query)
{
  if (strlen (query) > HUB_QUERY_LIMIT)
    return refuse_query (self);
  if (g_str_equal (method, "POST") || (self->id != NULL && g_str_equal (method, "GET")))
    return hub_request_validate (self, query);
  return hub_request_refuse_method (self, self->id != NULL ? "GET, POST" : "POST");
}

/* An operation on the one resource in the path. */
static gboolean
start_operation (HubRequest *self, const char *operation, const char *method, const char *query)
{
  g_autoptr (GError) error = NULL;

  if (!fhir_id_is_valid (self->id))
    return refuse_id (self);
  if (!hub_policy_allows (self->user, HUB_READ, self->type, &error))
    return hub_request_refuse (self, 403, error->message);
  if (g_str_equal (self->type, "Patient") && g_str_equal (operation, "$everything"))
    return start_everything (self, method, query);
  if (g_str_equal (operation, "$validate"))
    return start_validate (self, method, query);
  if (g_str_equal (self->type, "MedicationRequest") && g_str_equal (operation, "$collect"))
    return g_str_equal (method, "POST") ? hub_collect (self)
                                        : hub_request_refuse_method (self, "POST");
  if (g_str_equal (self->type, "Appointment") && g_str_equal (operation, "$send-link"))
    return g_str_equal (method, "POST") ? hub_notify_send_link (self)
                                        : hub_request_refuse_method (self, "POST");
  if (g_str_equal (self->type, "Subscription"))
    return hub_subscription_operate (self, operation) ||
           hub_request_refuse (
               self, 404, "A Subscription has the operations $get-ws-binding-token and $status");
  return hub_request_refuse (self, 404,
                             "The hub has no such operation; /fhir/metadata lists what it has");
}

/**
 * hub_request_route:
 * @parts: the path below /fhir
 *
 * Returns: whether the message is paused and @self taken over; else it is answered
 */
gboolean
hub_request_route (HubRequest *self, GStrv parts, const char *method, const char *query)
{
  guint length = g_strv_length (parts);

  if (length == 0)
    return g_str_equal (method, "POST") ? start_bundle (self)
                                        : hub_request_refuse_method (self, "POST");
  if (g_str_has_prefix (parts[0], "$export") || g_str_equal (parts[length - 1], "$export"))
    return hub_export_route (self, parts, method, query);
  if (length == 1 && g_str_equal (parts[0], "_history"))
    return start_history (self, method, query);
  if (!fhir_resource_type_is_known (parts[0]))
    return hub_request_refuse (
        self, 404, "There is no such resource type in FHIR R4: check the first word after /fhir/");
  self->type = g_strdup (parts[0]);
  if (length == 1)
    return route_type (self, method, query);
  if (length == 2 && g_str_equal (parts[1], "_search"))
    return g_str_equal (method, "POST") ? start_form_search (self, query)
                                        : hub_request_refuse_method (self, "POST");
  if (length == 2 && g_str_equal (parts[1], "_history"))
    return start_history (self, method, query);
  if (length == 2 && g_str_equal (parts[1], "$validate"))
    return start_validate (self, method, query);
  if (parts[1][0] == '$' || parts[1][0] == '_')
    return hub_request_refuse (self, 404,
                               "The hub has no such operation; /fhir/metadata lists what it has");
  self->id = g_strdup (parts[1]);
  if (length == 2)
    return route_instance (self, method);
  if (length == 3 && g_str_equal (parts[2], "_history"))
    return start_history (self, method, query);
  if (length == 4 && g_str_equal (parts[2], "_history"))
    {
      self->version = g_strdup (parts[3]);
      return g_str_equal (method, "GET") || g_str_equal (method, "HEAD")
                 ? route_instance (self, method)
                 : hub_request_refuse_method (self, "GET, HEAD");
    }
  if (length == 3 && parts[2][0] == '$')
    return start_operation (self, parts[2], method, query);
  return hub_request_refuse (
      self, 404, "The hub has nothing under this address; /fhir/metadata lists what it has");
}
