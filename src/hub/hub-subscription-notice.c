/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-subscription-private.h"

#include <string.h>

#include "base-id.h"
#include "fhir-builder.h"
#include "fhir-reference.h"
#include "hub-reply.h"
#include "store-resource.h"

/* The resources of the R4 Subscriptions Backport (hl7.fhir.uv.subscriptions-backport 1.1.0):
 * reading a Subscription and writing a notification. */

#define BACKPORT "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"

void
hub_subscription_free (HubSubscription *self)
{
  g_free (self->id);
  g_free (self->patient);
  g_free (self->type);
  g_free (self);
}

static const FhirElement *
find_extension (const FhirElement *element, const char *name)
{
  g_autofree char *url = g_strconcat (BACKPORT, name, NULL);
  const FhirElement *extensions = fhir_element_get (element, "extension");

  fhir_element_foreach (extension, extensions)
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), url) == 0)
      return extension;
  return NULL;
}

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, 422, sentence);
  return FALSE;
}

/* "Encounter?patient=Patient/1" or "patient=1" */
static gboolean
read_filter (HubSubscription *self, const char *filter, GError **error)
{
  const char *mark = strchr (filter, '?'), *query = mark != NULL ? mark + 1 : filter;
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (mark != NULL)
    self->type = g_strndup (filter, (gsize) (mark - filter));
  if (self->type != NULL && !fhir_resource_type_is_known (self->type))
    return refuse (error, "The filter names a type that FHIR R4 does not have");
  if (*query == '\0')
    return TRUE;
  if (!g_str_has_prefix (query, "patient=") || strchr (query, '&') != NULL)
    return refuse (error, "The one filter there is reads Type?patient=Patient/id");
  query += strlen ("patient=");
  if (fhir_reference_split (query, &type, &id) && strcmp (type, "Patient") == 0)
    query = id;
  if (!fhir_id_is_valid (query))
    return refuse (error, "The filter names no patient: write patient=Patient/id");
  self->patient = g_strdup (query);
  return TRUE;
}

static gboolean
read_payload (HubSubscription *self, FhirResource *resource, GError **error)
{
  const FhirElement *extension = find_extension (fhir_resource_path (resource, "channel._payload"),
                                                 "backport-payload-content");
  const char *content = fhir_element_path_text (extension, "valueCode");

  self->with_content = g_strcmp0 (content, "full-resource") == 0;
  if (content == NULL || self->with_content || strcmp (content, "id-only") == 0)
    return TRUE;
  return refuse (error, "The payload content must be id-only or full-resource");
}

/**
 * hub_subscription_read:
 * @out: (out): what @resource asks for
 *
 * Returns: FALSE with HUB_ERROR 422 where the hub cannot serve it
 */
gboolean
hub_subscription_read (FhirResource *resource, HubSubscription **out, GError **error)
{
  HubSubscription *self = g_new0 (HubSubscription, 1);
  const FhirElement *filter =
      find_extension (fhir_resource_path (resource, "_criteria"), "backport-filter-criteria");
  const FhirElement *heartbeat =
      find_extension (fhir_resource_path (resource, "channel"), "backport-heartbeat-period");
  const char *text = fhir_element_path_text (filter, "valueString");
  gboolean good;

  self->id = g_strdup (fhir_resource_get_id (resource));
  self->heartbeat =
      (guint) CLAMP (fhir_element_get_integer (fhir_element_get (heartbeat, "valueUnsignedInt"),
                                               30),
                     1, 3600);
  if (g_strcmp0 (fhir_resource_path_text (resource, "criteria"), HUB_TOPIC) != 0)
    good = refuse (error, "The one topic there is, as criteria, is " HUB_TOPIC);
  else if (g_strcmp0 (fhir_resource_path_text (resource, "channel.type"), "websocket") != 0)
    good = refuse (error, "The channel must be of type websocket");
  else
    good =
        read_payload (self, resource, error) && (text == NULL || read_filter (self, text, error));
  if (good)
    *out = self;
  else
    hub_subscription_free (self);
  return good;
}

/**
 * hub_subscription_accept:
 * @resource: (inout): a Subscription to be stored; it becomes active
 *
 * Returns: FALSE with HUB_ERROR 422 where the hub cannot serve it
 */
gboolean
hub_subscription_accept (FhirResource **resource, GError **error)
{
  HubSubscription *read = NULL;
  g_autoptr (FhirBuilder) builder = NULL;

  if (!hub_subscription_read (*resource, &read, error))
    return FALSE;
  hub_subscription_free (read);
  builder = fhir_builder_new_from (*resource);
  fhir_builder_set (builder, "status", "active");
  fhir_resource_unref (*resource);
  *resource = fhir_builder_end (builder);
  return TRUE;
}

static void
append_events (GString *out, HubServer *server, gint64 count, GPtrArray *changes)
{
  const char *base_url = hub_server_get_base_url (server);
  g_autofree char *now = base_clock_dup_instant (hub_server_get_clock (server));

  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];

      g_string_append_printf (
          out,
          ",{\"name\":\"notification-event\",\"part\":["
          "{\"name\":\"event-number\",\"valueString\":\"%" G_GINT64_FORMAT "\"},"
          "{\"name\":\"timestamp\",\"valueInstant\":\"%s\"},"
          "{\"name\":\"focus\",\"valueReference\":{\"reference\":\"%s/fhir/%s/%s\"}}]}",
          count - changes->len + i + 1, now, base_url, change->type, change->id);
    }
}

static const char *
verb_of (const StoreChange *change)
{
  if (change->deleted)
    return "DELETE";
  return change->version == 1 ? "POST" : "PUT";
}

static void
append_changes (GString *out, HubServer *server, GPtrArray *changes, GHashTable *resources)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];
      g_autofree char *reference = g_strdup_printf ("%s/%s", change->type, change->id);
      FhirResource *resource =
          resources != NULL ? g_hash_table_lookup (resources, reference) : NULL;

      g_string_append_printf (out, ",{\"fullUrl\":\"%s/fhir/%s\",",
                              hub_server_get_base_url (server), reference);
      if (resource != NULL && !change->deleted)
        g_string_append_printf (out, "\"resource\":%s,", fhir_resource_get_text (resource, NULL));
      g_string_append_printf (
          out,
          "\"request\":{\"method\":\"%s\",\"url\":\"%s\"},\"response\":{\"status\":"
          "\"%s\",\"etag\":\"W/\\\"%" G_GINT64_FORMAT "\\\"\"}}",
          verb_of (change), reference, change->deleted ? "204" : "200", change->version);
    }
}

/* The Parameters that say how the subscription stands. */
static void
append_status (GString *out,
               HubServer *server,
               const char *subscription,
               const char *type,
               gint64 count,
               GPtrArray *changes)
{
  g_autofree char *id = base_id_new (base_clock_now (hub_server_get_clock (server)));

  g_string_append_printf (
      out,
      "{\"fullUrl\":\"urn:uuid:%s\",\"resource\":{\"resourceType\":\"Parameters\",\"id\":\"%s\","
      "\"meta\":{\"profile\":[\"" BACKPORT "backport-subscription-status-r4\"]},\"parameter\":["
      "{\"name\":\"subscription\",\"valueReference\":{\"reference\":\"%s/fhir/Subscription/%s\"}},"
      "{\"name\":\"topic\",\"valueCanonical\":\"" HUB_TOPIC "\"},"
      "{\"name\":\"status\",\"valueCode\":\"%s\"},{\"name\":\"type\",\"valueCode\":\"%s\"},"
      "{\"name\":\"events-since-subscription-start\",\"valueString\":\"%" G_GINT64_FORMAT "\"}",
      id, id, hub_server_get_base_url (server), subscription,
      strcmp (type, "handshake") == 0 ? "requested" : "active", type, count);
  if (changes != NULL)
    append_events (out, server, count, changes);
  g_string_append (out, "]}");
}

static GString *
begin_bundle (HubServer *server, const char *type)
{
  BaseClock *clock = hub_server_get_clock (server);
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  GString *out = g_string_sized_new (1024);

  g_string_append_printf (out,
                          "{\"resourceType\":\"Bundle\",\"id\":\"%s\",\"type\":\"%s\","
                          "\"timestamp\":\"%s\",\"entry\":[",
                          id, type, now);
  return out;
}

/* A notification: the status, then what changed, with its content where @resources has it. */
char *
hub_subscription_notice (HubServer *server,
                         const char *subscription,
                         const char *type,
                         gint64 count,
                         GPtrArray *changes,
                         GHashTable *resources)
{
  GString *out = begin_bundle (server, "history");

  append_status (out, server, subscription, type, count, changes);
  g_string_append_printf (
      out,
      ",\"request\":{\"method\":\"GET\",\"url\":\"%s/fhir/Subscription/%s/$status\"},"
      "\"response\":{\"status\":\"200\"}}",
      hub_server_get_base_url (server), subscription);
  if (changes != NULL)
    append_changes (out, server, changes, resources);
  g_string_append (out, "]}");
  return g_string_free_and_steal (out);
}

/* The answer of $status. */
char *
hub_subscription_status (HubServer *server, const char *subscription, gint64 count)
{
  GString *out = begin_bundle (server, "searchset");

  append_status (out, server, subscription, "query-status", count, NULL);
  g_string_append (out, ",\"search\":{\"mode\":\"match\"}}]}");
  return g_string_free_and_steal (out);
}

static FhirResource *
find_last_version (StoreConnection *connection, const StoreChange *change)
{
  g_autoptr (GPtrArray) versions =
      store_resource_history (connection, change->type, change->id, 2, NULL);

  for (guint i = 0; versions != NULL && i < versions->len; i++)
    if (((StoreVersion *) versions->pdata[i])->resource != NULL)
      return fhir_resource_ref (((StoreVersion *) versions->pdata[i])->resource);
  return NULL;
}

/**
 * hub_subscription_load:
 * @resources: takes "Type/id" -> FhirResource for each change, of what was deleted the last
 * version: whose it was decides who may be told that it is gone
 *
 * Runs in a store read.
 */
void
hub_subscription_load (StoreConnection *connection, GPtrArray *changes, GHashTable *resources)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];
      FhirResource *resource = find_last_version (connection, change);

      if (resource != NULL)
        g_hash_table_replace (resources, g_strdup_printf ("%s/%s", change->type, change->id),
                              resource);
    }
}

static StoreChange *
copy_change (const StoreChange *change)
{
  StoreChange *copy = g_new0 (StoreChange, 1);

  copy->type = g_strdup (change->type);
  copy->id = g_strdup (change->id);
  copy->patient = g_strdup (change->patient);
  copy->version = change->version;
  copy->deleted = change->deleted;
  copy->sequence = change->sequence;
  return copy;
}

GPtrArray *
hub_subscription_copy_changes (GPtrArray *changes)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) store_change_free);

  for (guint i = 0; i < changes->len; i++)
    g_ptr_array_add (copy, copy_change (changes->pdata[i]));
  return copy;
}
