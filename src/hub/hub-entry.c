/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-entry.h"

#include <string.h>

#include "base-id.h"
#include "care-critical.h"
#include "fhir-index.h"
#include "hub-condition.h"
#include "hub-cover.h"
#include "hub-critical.h"
#include "hub-everything.h"
#include "hub-history.h"
#include "hub-note.h"
#include "hub-policy.h"
#include "hub-quirk.h"
#include "hub-reach.h"
#include "hub-reply.h"
#include "hub-rewrite.h"
#include "hub-same.h"
#include "hub-search.h"
#include "hub-signature.h"
#include "hub-subscription.h"
#include "hub-supply-answer.h"
#include "hub-supply-once.h"
#include "hub-supply.h"
#include "store-audit.h"
#include "store-resource.h"

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
  g_free (self->vid);
  g_free (self->what);
  g_clear_pointer (&self->resource, fhir_resource_unref);
  g_clear_pointer (&self->patch, fhir_patch_free);
  g_free (self->if_match);
  g_free (self->if_none_match);
  g_free (self->if_none_exist);
  g_free (self->full_url);
  g_free (self->version);
  g_free (self->updated);
  g_clear_pointer (&self->answer, fhir_resource_unref);
  g_free (self->written);
  g_free (self->text);
  g_clear_error (&self->error);
  g_free (self);
}

/* @tag without W/ and quotes is @version. */
static gboolean
is_tag_of (const char *tag, const char *version)
{
  gsize length = strlen (version);

  if (g_str_has_prefix (tag, "W/"))
    tag += 2;
  if (*tag == '"')
    return strncmp (tag + 1, version, length) == 0 && strcmp (tag + 1 + length, "\"") == 0;
  return strcmp (tag, version) == 0;
}

/**
 * hub_entry_matches:
 * @tags: an If-Match or If-None-Match: W/"3", "3", 3, several of them, or * for any
 * @version: (nullable): the version that stands
 */
gboolean
hub_entry_matches (const char *tags, const char *version)
{
  g_auto (GStrv) list = g_strsplit (tags, ",", -1);

  if (version == NULL)
    return FALSE;
  for (char **tag = list; *tag != NULL; tag++)
    if (strcmp (g_strstrip (*tag), "*") == 0 || is_tag_of (*tag, version))
      return TRUE;
  return FALSE;
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

  if (id != NULL && !hub_quirk_is_on (HUB_QUIRK_SERVER_IDS) && is_free (connection, self->type, id))
    self->id = g_steal_pointer (&id);
  else
    self->id = base_id_new (base_clock_now (store_connection_get_clock (connection)));
}

static gboolean
find_existing (HubEntry *self,
               HubEntryContext *context,
               StoreConnection *connection,
               GError **error)
{
  if (!hub_condition_find_one (connection, context->user, self->type, self->if_none_exist,
                               &self->id, error))
    return FALSE;
  self->unchanged = self->id != NULL;
  return TRUE;
}

/* A conditional update that found nothing creates, under the client's own id where it is free. */
static gboolean
name_new (HubEntry *self, StoreConnection *connection, GError **error)
{
  const char *id = fhir_resource_get_id (self->resource);
  g_autoptr (FhirResource) stands =
      id != NULL ? store_resource_get (connection, self->type, id, NULL) : NULL;

  if (stands != NULL)
    {
      g_set_error (
          error, HUB_ERROR, 409,
          "“%s” finds nothing, and the id “%s” that the resource brings belongs to another "
          "one: leave the id out, or update %s/%s itself",
          self->query, id, self->type, id);
      return FALSE;
    }
  if (id != NULL)
    self->id = g_strdup (id);
  else
    choose_id (self, connection);
  return TRUE;
}

/* PUT, PATCH and DELETE of what a query finds. */
static gboolean
name_by_query (HubEntry *self,
               HubEntryContext *context,
               StoreConnection *connection,
               GError **error)
{
  const char *id = self->resource != NULL ? fhir_resource_get_id (self->resource) : NULL;

  if (!hub_condition_find_one (connection, context->user, self->type, self->query, &self->id,
                               error))
    return FALSE;
  if (self->id == NULL && self->verb == HUB_VERB_PUT)
    return name_new (self, connection, error);
  if (self->id == NULL && self->verb == HUB_VERB_PATCH)
    {
      g_set_error (error, HUB_ERROR, 404, "“%s” finds nothing that could be changed", self->query);
      return FALSE;
    }
  self->unchanged = self->id == NULL; /* nothing to delete */
  if (id == NULL || self->id == NULL || strcmp (id, self->id) == 0)
    return TRUE;
  g_set_error (error, HUB_ERROR, 400, "“%s” finds %s/%s, but the resource brings the id “%s”",
               self->query, self->type, self->id, id);
  return FALSE;
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
  else if (self->verb != HUB_VERB_GET && self->id == NULL &&
           !name_by_query (self, context, connection, error))
    return FALSE;
  if (self->full_url != NULL && self->id != NULL && self->verb != HUB_VERB_DELETE &&
      self->verb != HUB_VERB_GET)
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
    return hub_condition_resolve (job->connection, job->context->user, type, query, error);
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
  if (!hub_rewrite_as (&self->resource, self->id, resolve, &job, error))
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

  if (!hub_note_allows (connection, context->user, self->resource, error) ||
      !hub_critical_allows (connection, context->user, self->resource, error) ||
      !hub_supply_allows (connection, context->user, self->resource, error) ||
      !hub_signature_allows (connection, context->user, self->resource, error))
    return FALSE;
  if (!store_resource_put (connection, self->resource, STORE_PUT_SKIP_EQUAL, NULL, &out, error))
    return FALSE;
  self->status = out.created ? 201 : 200;
  self->unchanged = out.unchanged;
  self->version = g_strdup_printf ("%" G_GINT64_FORMAT, out.version);
  self->updated = g_strdup (out.updated);
  g_clear_pointer (&self->answer, fhir_resource_unref);
  self->written = g_steal_pointer (&out.text);
  if (self->written == NULL)
    self->answer = store_resource_get (connection, self->type, self->id, error);
  return (self->written != NULL || self->answer != NULL) &&
         note (self, context, connection,
               self->verb == HUB_VERB_PATCH ? "patch" : (out.created ? "create" : "update"), error);
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
         hub_cover_allows (connection, context->user, self->resource, error) &&
         put (self, context, connection, error);
}

/* A client whose answer was lost sends the same once more. Where a resource may be created and not
 * changed, as a signature, that must not end as a refusal of what is there already. It is told
 * nothing but what it said itself, so it need not be allowed to read. */
static gboolean
is_repeated (HubEntry *self, HubEntryContext *context, FhirResource *stored)
{
  return !hub_policy_allows (context->user, HUB_UPDATE, self->type, NULL) &&
         hub_policy_allows_resource (context->user, HUB_CREATE, stored, NULL) &&
         hub_same_but_for (stored, self->resource, (const char *const[]) { "meta", NULL });
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

/* Nobody else writes until this transaction ends, so what is compared here stays true. */
static gboolean
check_match (HubEntry *self, FhirResource *stored, GError **error)
{
  const char *version = stored != NULL ? fhir_resource_get_version (stored) : NULL;

  if (self->if_match != NULL && stored == NULL)
    g_set_error (error, HUB_ERROR, 412,
                 "There is no such resource any more, so no version of it "
                 "can match: read again before you write");
  else if (self->if_match != NULL && !hub_entry_matches (self->if_match, version))
    g_set_error (error, HUB_ERROR, 412,
                 "Someone else has changed this: the version here is %s, the change was made to %s",
                 version, self->if_match);
  else if (self->if_none_match != NULL && hub_entry_matches (self->if_none_match, version))
    g_set_error (error, HUB_ERROR, 412,
                 "The resource is there already, as version %s, so it was not written", version);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_id (HubEntry *self, GError **error)
{
  /* By a query the resource may come without an id; another one was refused by name_by_query(). */
  if (self->query != NULL || g_strcmp0 (fhir_resource_get_id (self->resource), self->id) == 0)
    return TRUE;
  g_set_error (error, HUB_ERROR, 400, "The resource must carry the id that the URL names, “%s”",
               self->id);
  return FALSE;
}

/* As a server that chooses every id itself; see hub-quirk.c. */
static gboolean
set_unknown (HubEntry *self, GError **error)
{
  g_set_error (error, HUB_ERROR, 404, "There is no %s/%s", self->type, self->id);
  return FALSE;
}

static gboolean
do_put (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  g_autoptr (FhirResource) stored = store_resource_get (connection, self->type, self->id, NULL);
  HubOperation operation = stored != NULL ? HUB_UPDATE : HUB_CREATE;

  if (stored == NULL && hub_quirk_is_on (HUB_QUIRK_SERVER_IDS))
    return set_unknown (self, error);
  if (!check_id (self, error) || !check_match (self, stored, error) ||
      !finish_resource (self, context, connection, error))
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
         (stored != NULL || hub_cover_allows (connection, context->user, self->resource, error)) &&
         put (self, context, connection, error);
}

/* A patch is an update of what it makes of the stored one. Its tests tell what stands there, so who
 * may not read may not patch, and hears no more. */
static gboolean
do_patch (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  g_autoptr (FhirResource) stored = store_resource_get (connection, self->type, self->id, error);

  if (stored == NULL || !hub_policy_allows_resource (context->user, HUB_READ, stored, error) ||
      !hub_policy_allows_resource (context->user, HUB_UPDATE, stored, error) ||
      !hub_reach_allows (connection, context->user, stored, error) ||
      !check_match (self, stored, error))
    return FALSE;
  g_clear_pointer (&self->resource, fhir_resource_unref);
  self->resource = fhir_patch_apply (self->patch, stored, error);
  return self->resource != NULL && do_put (self, context, connection, error);
}

static gboolean
do_delete (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  g_autoptr (FhirResource) stored = NULL;
  g_auto (StorePut) out = { 0 };

  if (!hub_policy_allows (context->user, HUB_DELETE, self->type, error))
    return FALSE;
  self->status = 204;
  if (self->id != NULL)
    stored = store_resource_get (connection, self->type, self->id, NULL);
  if (stored == NULL) /* what is not there is deleted */
    {
      self->unchanged = TRUE;
      return TRUE;
    }
  self->resource = fhir_resource_ref (stored);
  if (!hub_policy_allows_resource (context->user, HUB_DELETE, stored, error) ||
      !hub_reach_allows (connection, context->user, stored, error) ||
      !check_match (self, stored, error) ||
      !store_resource_delete (connection, self->type, self->id, NULL, &out, error))
    return FALSE;
  self->version = g_strdup_printf ("%" G_GINT64_FORMAT, out.version);
  return note (self, context, connection, "delete", error);
}

/* What is answered with a Bundle. */
static char *
dup_found (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  const char *query = self->query != NULL ? self->query : "";
  HubHistory history = { context->user, context->base_url, self->type, self->id, query, 0, NULL };
  char *text;
  guint shown;

  if (self->what == NULL)
    return hub_search_run (connection, context->user, context->base_url, self->type, query, FALSE,
                           NULL, error);
  if (strcmp (self->what, "_history") != 0)
    return hub_everything_run (connection, context->user, context->base_url, self->id, query,
                               &shown, error);
  text = hub_history_run (&history, connection, error);
  g_free (history.patient);
  return text;
}

static gboolean
do_get (HubEntry *self, HubEntryContext *context, StoreConnection *connection, GError **error)
{
  FhirResource *stored;

  if (self->id == NULL || self->what != NULL)
    {
      self->text = dup_found (self, context, connection, error);
      self->status = 200;
      return self->text != NULL;
    }
  stored = self->vid != NULL
               ? store_resource_get_version (connection, self->type, self->id, self->vid, error)
               : store_resource_get (connection, self->type, self->id, error);
  if (stored == NULL)
    return FALSE;
  if (!hub_policy_allows_resource (context->user, HUB_READ, stored, error) ||
      !hub_reach_allows (connection, context->user, stored, error))
    {
      fhir_resource_unref (stored);
      return FALSE;
    }
  answer_stored (self, stored);
  if (self->if_none_match != NULL && hub_entry_matches (self->if_none_match, self->version))
    {
      self->status = 304;
      g_clear_pointer (&self->answer, fhir_resource_unref);
    }
  return TRUE;
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
    case HUB_VERB_PATCH:
      return do_patch (self, context, connection, error);
    case HUB_VERB_GET:
      return do_get (self, context, connection, error);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
is_written (const HubEntry *self, const char *type)
{
  return strcmp (self->type, type) == 0 && self->resource != NULL && !self->unchanged &&
         self->verb != HUB_VERB_DELETE && self->verb != HUB_VERB_GET;
}

/**
 * hub_entry_finish:
 * @entries: all that were done, with hub_entry_do(), in this transaction
 *
 * Third step: a critical result is somebody's to answer from now on, whether or not anybody looks
 * (H18). It is judged when all is written: its patient may have come with it. And what a pharmacy
 * or the clinic says of a prescription has what follows from it. An order is whole only with its
 * signature.
 */
gboolean
hub_entry_finish (HubEntry *const *entries,
                  guint n,
                  HubEntryContext *context,
                  StoreConnection *connection,
                  GError **error)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      if (is_written (entries[i], "Observation"))
        g_ptr_array_add (results, entries[i]->resource);
      else if (is_written (entries[i], "Task") &&
               !hub_supply_once (connection, entries[i]->resource, error))
        return FALSE;
      else if ((is_written (entries[i], "Task") || is_written (entries[i], "MedicationDispense")) &&
               !hub_supply_answer (connection, entries[i]->resource, error))
        return FALSE;
      else if ((is_written (entries[i], "MedicationRequest") ||
                is_written (entries[i], "Provenance")) &&
               !hub_signature_finish (connection, context, entries[i]->resource, error))
        return FALSE;
    }
  return care_critical_raise (connection, results, error);
}
