/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-records-local.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base-id.h"
#include "hub-reply.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-search.h"
#include "store-setting.h"

/* The records in the hub's own store. A join link is a setting named after the hash of its token,
 * so that reading the store does not give a link away. */

#define MAX_FOUND 1000 /* as from another server */

static StoreConnection *
connection_of (HubRecords *records)
{
  return ((HubRecordsLocal *) records)->connection;
}

static FhirResource *
local_get (HubRecords *self, const char *type, const char *id, GError **error)
{
  return store_resource_get (connection_of (self), type, id, error);
}

static GPtrArray *
local_search (HubRecords *self, const char *type, const char *query, GError **error)
{
  g_autofree char *whole =
      strstr (query, "_count=") == NULL ? g_strdup_printf ("%s&_count=%u", query, MAX_FOUND) : NULL;
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection_of (self), type, whole != NULL ? whole : query, error);
  GPtrArray *found;

  if (ids == NULL)
    return NULL;
  found = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; i < ids->len; i++)
    {
      FhirResource *resource = local_get (self, type, ids->pdata[i], NULL);

      if (resource != NULL)
        g_ptr_array_add (found, resource);
    }
  return found;
}

static gboolean
local_put (HubRecords *self,
           FhirResource *before,
           FhirResource *after,
           char **id,
           gboolean *changed,
           GError **error)
{
  g_auto (StorePut) put = { 0 };

  if (!store_resource_put (connection_of (self), after, STORE_PUT_SKIP_EQUAL, NULL, &put, error))
    return FALSE;
  *id = g_strdup (fhir_resource_get_id (after));
  *changed = !put.unchanged;
  return TRUE;
}

static gboolean
local_audit (HubRecords *self,
             const char *action,
             const char *who,
             const char *patient,
             const char *reference,
             const char *detail,
             GError **error)
{
  return store_audit_append (connection_of (self), action, who, patient, reference, detail, error);
}

/* ---- join links ----------------------------------------------------------------------------- */

static char *
setting_name (const char *hash)
{
  return g_strconcat ("join/", hash, NULL);
}

static HubJoin *
local_load_link (HubRecords *self, const char *token, GError **error)
{
  g_autofree char *hash = hub_join_hash (token);
  g_autofree char *name = setting_name (hash);
  g_autofree char *text = store_setting_get (connection_of (self), name);
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, error) : NULL;
  g_autoptr (HubJoin) join = hub_join_new (hash);
  JsonObject *object;
  JsonArray *sessions;

  if (text != NULL && root == NULL)
    return NULL;
  object = root != NULL ? json_node_get_object (root) : NULL;
  join->expires = object != NULL ? json_object_get_int_member (object, "expires") : 0;
  if (base_clock_now (self->clock) >= join->expires)
    {
      g_set_error_literal (error, HUB_ERROR, 404, "There is no such link");
      return NULL;
    }
  for (gsize i = 0; i < HUB_JOIN_TEXTS; i++)
    *hub_join_text (join, i) =
        g_strdup (json_object_get_string_member_with_default (object, hub_join_names[i], NULL));
  join->wrong = (guint) json_object_get_int_member_with_default (object, "wrong", 0);
  join->closed = json_object_get_boolean_member_with_default (object, "closed", FALSE);
  sessions = json_object_get_array_member (object, "sessions");
  for (guint i = 0; i < json_array_get_length (sessions); i++)
    g_ptr_array_add (join->sessions, g_strdup (json_array_get_string_element (sessions, i)));
  return g_steal_pointer (&join);
}

static gboolean
local_save_link (HubRecords *self, HubJoin *join, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *name = setting_name (join->hash);
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  for (gsize i = 0; i < HUB_JOIN_TEXTS; i++)
    if (*hub_join_text (join, i) != NULL)
      {
        json_builder_set_member_name (builder, hub_join_names[i]);
        json_builder_add_string_value (builder, *hub_join_text (join, i));
      }
  json_builder_set_member_name (builder, "expires");
  json_builder_add_int_value (builder, join->expires);
  json_builder_set_member_name (builder, "wrong");
  json_builder_add_int_value (builder, join->wrong);
  json_builder_set_member_name (builder, "closed");
  json_builder_add_boolean_value (builder, join->closed);
  json_builder_set_member_name (builder, "sessions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < join->sessions->len; i++)
    json_builder_add_string_value (builder, join->sessions->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return store_setting_set (connection_of (self), name, text, error);
}

static char *
local_make_link (HubRecords *self, HubJoin *join, GError **error)
{
  g_autofree char *token = base_id_new_token ();
  g_autofree char *hash = hub_join_hash (token);

  g_set_str (&join->hash, hash);
  return local_save_link (self, join, error) ? g_steal_pointer (&token) : NULL;
}

/* Links of an appointment, or, of none, a patient's for their medicines. */
typedef struct
{
  const char *appointment, *patient;
  GPtrArray *names;
  HubJoinEnded *ended;
} Ending;

static void
note_ended (JsonObject *link, HubJoinEnded *ended)
{
  const char *encounter = json_object_get_string_member_with_default (link, "encounter", NULL);
  JsonArray *sessions = json_object_has_member (link, "sessions")
                            ? json_object_get_array_member (link, "sessions")
                            : NULL;

  if (encounter != NULL)
    g_ptr_array_add (ended->encounters, g_strdup (encounter));
  for (guint i = 0; sessions != NULL && i < json_array_get_length (sessions); i++)
    g_ptr_array_add (ended->sessions, g_strdup (json_array_get_string_element (sessions, i)));
}

static gboolean
is_meant (JsonObject *link, const Ending *ending)
{
  const char *appointment = json_object_get_string_member_with_default (link, "appointment", NULL);
  const char *patient = json_object_get_string_member_with_default (link, "patient", NULL);

  return g_strcmp0 (appointment, ending->appointment) == 0 &&
         (ending->appointment != NULL || g_strcmp0 (patient, ending->patient) == 0);
}

static void
find_link (const char *name, const char *value, gpointer data)
{
  Ending *ending = data;
  g_autoptr (JsonNode) root = json_from_string (value, NULL);
  JsonObject *object =
      root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;

  if (object != NULL && is_meant (object, ending))
    {
      g_ptr_array_add (ending->names, g_strdup (name));
      note_ended (object, ending->ended);
    }
}

/* What is gone answers as what never was. */
static gboolean
end_links (HubRecords *self, Ending *ending, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  ending->names = names;
  if (!store_setting_foreach (connection_of (self), "join/", find_link, ending, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    if (!store_setting_delete (connection_of (self), names->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
local_end_links (HubRecords *self, const char *appointment, HubJoinEnded *ended, GError **error)
{
  Ending ending = { .appointment = appointment, .ended = ended };

  return end_links (self, &ending, error);
}

/* As local_end_links(), of a patient's links that belong to no appointment. */
gboolean
hub_records_local_end_medicines (HubRecords *records,
                                 const char *patient,
                                 HubJoinEnded *ended,
                                 GError **error)
{
  Ending ending = { .patient = patient, .ended = ended };

  return end_links (records, &ending, error);
}

static const HubRecordsInterface local_interface = {
  local_get,       local_search,    local_put,       local_audit,
  local_make_link, local_load_link, local_save_link, local_end_links,
};

/**
 * hub_records_local_get_connection:
 *
 * Returns: (nullable): the own store's connection; NULL in front of another server
 */
StoreConnection *
hub_records_local_get_connection (HubRecords *records)
{
  return records->interface == &local_interface ? connection_of (records) : NULL;
}

void
hub_records_local_init (HubRecordsLocal *self, StoreConnection *connection)
{
  self->parent.interface = &local_interface;
  self->parent.clock = store_connection_get_clock (connection);
  self->connection = connection;
}
