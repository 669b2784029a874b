/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-entry.h"

#include <string.h>

#include "base-id.h"
#include "fhir-builder.h"
#include "fhir-index.h"
#include "fhir-query.h"
#include "hub-policy.h"
#include "hub-reach.h"
#include "hub-reply.h"
#include "hub-rewrite.h"
#include "hub-search.h"
#include "hub-subscription.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-search.h"

HubEntry *
hub_entry_new (HubVerb verb, const char *type, const char *id)
{
  HubEntry *self = g_new0 (HubEntry, 1);

  self->verb = verb;
  self->type = g_strdup (type);
  self->id = g_strdup (id);
  return self;
}

void
hub_entry_free (HubEntry *self)
{
  g_free (self->type);
  g_free (self->id);
  g_free (self->query);
  g_clear_pointer (&self->resource, fhir_resource_unref);
  g_free (self->if_match);
  g_free (self->if_none_match);
  g_free (self->if_none_exist);
  g_free (self->full_url);
  g_free (self->version);
  g_free (self->updated);
  g_clear_pointer (&self->answer, fhir_resource_unref);
  g_free (self->text);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * hub_entry_dup_version:
 * @etag: (nullable): W/"3", "3" or 3
 *
 * Returns: (transfer full) (nullable): the version in it
 */
char *
hub_entry_dup_version (const char *etag)
{
  gsize length;

  if (etag == NULL)
    return NULL;
  if (g_str_has_prefix (etag, "W/"))
    etag += 2;
  if (*etag == '"')
    etag++;
  length = strlen (etag);
  return g_strndup (etag, length > 0 && etag[length - 1] == '"' ? length - 1 : length);
}

static gboolean
is_free (StoreConnection *connection, const char *type, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) known = store_resource_get (connection, type, id, &error);

  return known == NULL && g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

/* A client that works offline already knows a new resource by the uuid in its full URL; where that
 * id is free it becomes the id here, and nothing has to be renamed on either side. */
static void
choose_id (HubEntry *self, StoreConnection *connection)
{
  const char *uuid = self->full_url != NULL && g_str_has_prefix (self->full_url, "urn:uuid:")
                         ? self->full_url + strlen ("urn:uuid:")
                         : NULL;
  /* One uuid may be written in two ways; ids may not. */
  g_autofree char *id =
      uuid != NULL && g_uuid_string_is_valid (uuid) ? g_ascii_strdown (uuid, -1) : NULL;

  if (id != NULL && is_free (connection, self->type, id))
    self->id = g_steal_pointer (&id);
  else
    self->id = base_id_new (base_clock_now (store_connection_get_clock (connection)));
}

/* What a condition finds tells something even where nothing of it is answered; so it is a search
 * like any other, and as narrow. */
static GPtrArray *
find_ids (
    StoreConnection *connection, HubUser *user, const char *type, const char *query, GError **error)
{
  g_autofree char *narrowed = hub_policy_narrow (user, type, query);
  g_autoptr (FhirQuery) parsed = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  if (!hub_policy_allows (user, HUB_SEARCH, type, error))
    return NULL;
  parsed = fhir_query_parse (type, narrowed, FALSE, error);
  if (parsed == NULL || !hub_policy_allows_query (user, parsed, error))
    return NULL;
  ids = store_search_ids (connection, type, narrowed, error);
  for (guint i = 0; ids != NULL && i < ids->len;)
    {
      g_autoptr (FhirResource) found = store_resource_get (connection, type, ids->pdata[i], NULL);

      if (found == NULL || hub_reach_allows (connection, user, found, NULL))
        i++;
      else
        g_ptr_array_remove_index (ids, i);
    }
  return g_steal_pointer (&ids);
}

static gboolean
find_existing (HubEntry *self,
               HubEntryContext *context,
               StoreConnection *connection,
               GError **error)
{
  g_autoptr (GPtrArray) ids =
      find_ids (connection, context->user, self->type, self->if_none_exist, error);

  if (ids == NULL)
    return FALSE;
  if (ids->len > 1)
    {
      g_set_error (
          error, HUB_ERROR, 412,
          "“%s” finds %u resources, so it is not clear which one is meant: make it narrower",
          self->if_none_exist, ids->len);
      return FALSE;
    }
  if (ids->len == 0)
    return TRUE;
  self->id = g_strdup (ids->pdata[0]);
  self->unchanged = TRUE;
  return TRUE;
}

/**
 * hub_entry_name:
 *
 * First step: decides under which id the entry's resource will stand, so that references to it can
 * be rewritten in all entries.
 */
gboolean
hub_entry_name (HubEntry *self,
                HubEntryContext *context,
                StoreConnection *connection,
                GError **error)
{
  if (self->verb == HUB_VERB_POST)
    {
      if (self->if_none_exist != NULL && !find_existing (self, context, connection, error))
        return FALSE;
      if (self->id == NULL)
        choose_id (self, connection);
    }
  if (self->full_url != NULL && self->id != NULL &&
      (self->verb == HUB_VERB_POST || self->verb == HUB_VERB_PUT))
    g_hash_table_replace (context->references, g_strdup (self->full_url),
                          g_strdup_printf ("%s/%s", self->type, self->id));
  return TRUE;
}

typedef struct
{
  HubEntryContext *context;
  StoreConnection *connection;
} Resolve;

static char *
resolve_conditional (
    StoreConnection *connection, HubUser *user, const char *type, const char *query, GError **error)
{
  g_autoptr (GPtrArray) ids = find_ids (connection, user, type, query, error);

  if (ids == NULL)
    return NULL;
  if (ids->len == 1)
    return g_strdup_printf ("%s/%s", type, (const char *) ids->pdata[0]);
  g_set_error (error, HUB_ERROR, 412, "The reference “%s?%s” finds %u resources; it must find one",
               type, query, ids->len);
  return NULL;
}

static char *
resolve (const char *reference, gpointer data, GError **error)
{
  const Resolve *job = data;
  const char *known = g_hash_table_lookup (job->context->references, reference);
  const char *base = job->context->base_url, *query;
  gsize length = strlen (base);
  g_autofree char *type = NULL;

  if (known != NULL)
    return g_strdup (known);
  if (hub_rewrite_is_conditional (reference, &type, &query))
    return resolve_conditional (job->connection, job->context->user, type, query, error);
  /* The hub's own address changes with its port; what points to itself is kept relative. */
  if (strncmp (reference, base, length) == 0 && g_str_has_prefix (reference + length, "/fhir/"))
    return g_strdup (reference + length + strlen ("/fhir/"));
  return NULL;
}

static gboolean
finish_resource (HubEntry *self,
                 HubEntryContext *context,
                 StoreConnection *connection,
                 GError **error)
{
  Resolve job = { context, connection };
  const FhirElement *meta = fhir_resource_path (self->resource, "meta");

  /* The store writes the version into it, so anything else there would be lost. */
  if (meta != NULL && fhir_element_get_kind (meta) != FHIR_KIND_OBJECT)
    {
      g_set_error (error, HUB_ERROR, 422, "“meta” must be an object");
      return FALSE;
    }
  if (g_strcmp0 (fhir_resource_get_id (self->resource), self->id) != 0)
    {
      g_autoptr (FhirBuilder) builder = fhir_builder_new_from (self->resource);

      fhir_builder_set (builder, "id", self->id);
      fhir_resource_unref (self->resource);
      self->resource = fhir_builder_end (builder);
    }
  if (!hub_rewrite_references (&self->resource, resolve, &job, error))
    return FALSE;
  if (strcmp (self->type, "Subscription") == 0)
    return hub_subscription_accept (&self->resource, error);
  return TRUE;
}

static gboolean
note (HubEntry *self,
      HubEntryContext *context,
      StoreConnection *connection,
      const char *detail,
      GError **error)
{
  g_autofree char *patient =
      self->resource != NULL ? hub_policy_dup_patient (self->resource) : NULL;
  g_autofree char *reference = strcmp (self->type, "Patient") == 0
                                   ? g_strdup ("Patient")
                                   : g_strdup_printf ("%s/%s", self->type, self->id);

  return store_audit_append (connection, "write", context->user->name, patient, reference, detail,
                             error);
}

static gboolean
put (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  g_auto (StorePut) out = { 0 };

  if (!store_resource_put (connection, self->resource, STORE_PUT_SKIP_EQUAL, self->if_match, &out,
                           error))
    return FALSE;
  self->status = out.created ? 201 : 200;
  self->unchanged = out.unchanged;
  self->version = g_strdup_printf ("%" G_GINT64_FORMAT, out.version);
  self->updated = g_strdup (out.updated);
  g_clear_pointer (&self->answer, fhir_resource_unref);
  self->answer = store_resource_get (connection, self->type, self->id, error);
  return self->answer != NULL &&
         note (self, context, connection, out.created ? "create" : "update", error);
}

static gboolean
answer_stored (HubEntry *self, FhirResource *stored)
{
  self->answer = stored;
  self->status = 200;
  self->version = g_strdup (fhir_resource_get_version (stored));
  self->updated = g_strdup (fhir_resource_get_updated (stored));
  return TRUE;
}

static gboolean
do_post (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  if (!hub_policy_allows (context->user, HUB_CREATE, self->type, error))
    return FALSE;
  if (self->unchanged) /* a conditional create that found one */
    {
      FhirResource *stored = store_resource_get (connection, self->type, self->id, error);

      if (stored != NULL && !hub_policy_allows_resource (context->user, HUB_READ, stored, error))
        g_clear_pointer (&stored, fhir_resource_unref);
      return stored != NULL && answer_stored (self, stored);
    }
  return finish_resource (self, context, connection, error) &&
         fhir_index_check_dates (self->resource, error) &&
         hub_policy_allows_resource (context->user, HUB_CREATE, self->resource, error) &&
         hub_reach_allows (connection, context->user, self->resource, error) &&
         put (self, context, connection, error);
}

static gboolean
has_all_of (FhirResource *one, FhirResource *other)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, fhir_resource_get_root (other));
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      const FhirElement *same = fhir_resource_path (one, name);

      if (strcmp (name, "meta") != 0 && (same == NULL || !fhir_element_equal (same, value)))
        return FALSE;
    }
  return TRUE;
}

/* A client whose answer was lost sends the same once more. Where a resource may be created and not
 * changed, as a signature, that must not end as a refusal of what is there already. */
static gboolean
is_repeated (HubEntry *self, HubEntryContext *context, FhirResource *stored)
{
  return !hub_policy_allows (context->user, HUB_UPDATE, self->type, NULL) &&
         hub_policy_allows_resource (context->user, HUB_CREATE, stored, NULL) &&
         hub_policy_allows_resource (context->user, HUB_READ, stored, NULL) &&
         has_all_of (stored, self->resource) && has_all_of (self->resource, stored);
}

/* What came in by another way may hold a date that there is not. To change something else in it
 * must stay possible: to stop a medicine, above all. */
static gboolean
dates_are_good (HubEntry *self, FhirResource *stored, GError **error)
{
  g_autoptr (GError) before = NULL;
  g_autoptr (GError) now = NULL;

  if (fhir_index_check_dates (self->resource, &now) ||
      (stored != NULL && !fhir_index_check_dates (stored, &before) &&
       strcmp (before->message, now->message) == 0))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&now));
  return FALSE;
}

static gboolean
do_put (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (FhirResource) stored = NULL;
  HubOperation operation;

  if (g_strcmp0 (fhir_resource_get_id (self->resource), self->id) != 0)
    {
      g_set_error (error, HUB_ERROR, 400, "The resource must carry the id that the URL names, “%s”",
                   self->id);
      return FALSE;
    }
  stored = store_resource_get (connection, self->type, self->id, &missing);
  operation = stored != NULL ? HUB_UPDATE : HUB_CREATE;
  if (stored == NULL && self->if_match != NULL)
    {
      g_set_error (error, HUB_ERROR, 412,
                   "There is no such resource any more, so no version of it "
                   "can match: read again before you write");
      return FALSE;
    }
  if (stored != NULL && g_strcmp0 (self->if_none_match, "*") == 0)
    {
      g_set_error (error, HUB_ERROR, 412, "The resource is there already, so it was not created");
      return FALSE;
    }
  if (!finish_resource (self, context, connection, error))
    return FALSE;
  if (stored != NULL && is_repeated (self, context, stored))
    {
      self->unchanged = TRUE;
      return answer_stored (self, g_steal_pointer (&stored));
    }
  if (stored != NULL && (!hub_policy_allows_resource (context->user, operation, stored, error) ||
                         !hub_policy_allows_change (context->user, stored, self->resource, error) ||
                         !hub_reach_allows (connection, context->user, stored, error)))
    return FALSE;
  return dates_are_good (self, stored, error) &&
         hub_policy_allows_resource (context->user, operation, self->resource, error) &&
         hub_reach_allows (connection, context->user, self->resource, error) &&
         put (self, context, connection, error);
}

static gboolean
do_delete (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  g_autoptr (FhirResource) stored = NULL;
  g_auto (StorePut) out = { 0 };

  if (!hub_policy_allows (context->user, HUB_DELETE, self->type, error))
    return FALSE;
  self->status = 204;
  stored = store_resource_get (connection, self->type, self->id, NULL);
  if (stored == NULL) /* what is not there is deleted */
    {
      self->unchanged = TRUE;
      return TRUE;
    }
  self->resource = fhir_resource_ref (stored);
  if (!hub_policy_allows_resource (context->user, HUB_DELETE, stored, error) ||
      !store_resource_delete (connection, self->type, self->id, self->if_match, &out, error))
    return FALSE;
  self->version = g_strdup_printf ("%" G_GINT64_FORMAT, out.version);
  return note (self, context, connection, "delete", error);
}

static gboolean
do_get (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  FhirResource *stored;

  if (self->id == NULL)
    {
      self->text = hub_search_run (connection, context->user, context->base_url, self->type,
                                   self->query != NULL ? self->query : "", FALSE, NULL, error);
      self->status = 200;
      return self->text != NULL;
    }
  stored = store_resource_get (connection, self->type, self->id, error);
  if (stored == NULL)
    return FALSE;
  if (!hub_policy_allows_resource (context->user, HUB_READ, stored, error) ||
      !hub_reach_allows (connection, context->user, stored, error))
    {
      fhir_resource_unref (stored);
      return FALSE;
    }
  return answer_stored (self, stored);
}

/**
 * hub_entry_do:
 *
 * Second step: does it, in the caller's store transaction, and leaves the answer in the entry.
 */
gboolean
hub_entry_do (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  switch (self->verb)
    {
    case HUB_VERB_DELETE:
      return do_delete (self, context, connection, error);
    case HUB_VERB_POST:
      return do_post (self, context, connection, error);
    case HUB_VERB_PUT:
      return do_put (self, context, connection, error);
    case HUB_VERB_GET:
      return do_get (self, context, connection, error);
    }
  g_return_val_if_reached (FALSE);
}
