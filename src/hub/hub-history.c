/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-history.h"

#include <string.h>

#include "hub-page.h"
#include "hub-policy.h"
#include "hub-reach.h"
#include "hub-reply.h"
#include "store-history.h"

/* History of a resource, of a type and of everything: http://hl7.org/fhir/R4/http.html#history.
 * Newest first; a page continues below a sequence, which no later change moves. */

/* Versions that are looked at for one page. Who may see few of them gets a shorter page, and a next
 * link. */
#define SCAN_LIMIT 5000u
#define CHUNK      200u

typedef struct
{
  HubHistory *asked;
  StoreConnection *connection;
  GString *entries;
  guint count;
  StoreHistory place;
  gboolean more;
} Walk;

/* _at and _list are parameters of R4 too; like any other that is not here they are refused by name:
 * without them the answer would be to another question. */
static const char *const parameters[] = { "_since", "_count", "_page", NULL };

static gboolean
read_page (Walk *self, const char *word, GError **error)
{
  g_auto (GStrv) parts = hub_page_open (word, 3, error);
  guint64 count;

  if (parts == NULL)
    return FALSE;
  if (!g_ascii_string_to_signed (parts[0], 10, G_MININT64, G_MAXINT64, &self->place.since_us,
                                 error) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 1, HUB_PAGE_LIMIT, &count, error) ||
      !g_ascii_string_to_signed (parts[2], 10, 1, G_MAXINT64, &self->place.before, error))
    {
      g_clear_error (error);
      g_set_error (error, HUB_ERROR, 400,
                   "This is no page: follow the “next” link as it was given, or ask again");
      return FALSE;
    }
  self->count = (guint) count;
  return TRUE;
}

static gboolean
read_query (Walk *self, GError **error)
{
  g_autoptr (GHashTable) query =
      hub_page_read_query (self->asked->query, parameters, "a history", error);
  const char *page = query != NULL ? g_hash_table_lookup (query, "_page") : NULL;

  if (query == NULL)
    return FALSE;
  if (page != NULL)
    return read_page (self, page, error);
  return hub_page_read_count (query, &self->count, error) &&
         hub_page_read_since (query, &self->place.since_us, error);
}

/* A deletion says that something was there: only who might have read it hears of it. */
static gboolean
may_see (Walk *self, const StoreVersion *version, GError **error)
{
  FhirResource *said = version->resource != NULL ? version->resource : version->before;

  if (said == NULL)
    {
      g_set_error (error, HUB_ERROR, 403, "It is not known any more whose %s this was",
                   version->type);
      return self->asked->user->role == HUB_ROLE_ADMIN;
    }
  return hub_policy_allows_resource (self->asked->user, HUB_READ, said, error) &&
         hub_reach_allows (self->connection, self->asked->user, said, error);
}

static void
append_version (Walk *self, const StoreVersion *version)
{
  const char *method = version->deleted ? "DELETE" : (version->created ? "POST" : "PUT");
  GString *out = self->entries;

  g_string_append_printf (out, "%s{\"fullUrl\":\"%s/fhir/%s/%s\",", out->len > 0 ? "," : "",
                          self->asked->base_url, version->type, version->id);
  if (version->resource != NULL)
    g_string_append_printf (out, "\"resource\":%s,",
                            fhir_resource_get_text (version->resource, NULL));
  g_string_append_printf (out, "\"request\":{\"method\":\"%s\",\"url\":\"%s%s%s\"},", method,
                          version->type, version->created ? "" : "/",
                          version->created ? "" : version->id);
  g_string_append_printf (
      out, "\"response\":{\"status\":\"%s\",\"etag\":\"W/\\\"%s\\\"\",\"lastModified\":\"%s\"}}",
      version->deleted ? "204" : (version->created ? "201" : "200"), version->version,
      version->updated);
}

/* One version: shown, passed over, or the first of the next page. */
static gboolean
take (Walk *self, const StoreVersion *version, GError **error)
{
  FhirResource *said = version->resource != NULL ? version->resource : version->before;
  g_autoptr (GError) problem = NULL;

  if (self->asked->shown == self->count || self->entries->len > HUB_PAGE_BYTES)
    {
      self->more = TRUE;
      return TRUE;
    }
  self->place.before = version->sequence;
  if (may_see (self, version, &problem))
    {
      append_version (self, version);
      self->asked->shown++;
      if (self->asked->id != NULL && self->asked->patient == NULL && said != NULL)
        self->asked->patient = hub_policy_dup_patient (said);
    }
  else if (self->asked->id != NULL) /* who asks for one by name hears why not */
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

static gboolean
walk (Walk *self, GError **error)
{
  for (guint scanned = 0; !self->more;)
    {
      guint limit = MIN (CHUNK, self->count - self->asked->shown + 1);
      g_autoptr (GPtrArray) versions =
          store_history_page (self->connection, &self->place, limit, error);

      if (versions == NULL)
        return FALSE;
      for (guint i = 0; i < versions->len && !self->more; i++)
        if (!take (self, versions->pdata[i], error))
          return FALSE;
      scanned += versions->len;
      if (versions->len < limit)
        return TRUE;
      if (scanned >= SCAN_LIMIT)
        self->more = TRUE;
    }
  return TRUE;
}

static void
append_next (Walk *self, GString *out, const char *url)
{
  g_autofree char *since = g_strdup_printf ("%" G_GINT64_FORMAT, self->place.since_us);
  g_autofree char *count = g_strdup_printf ("%u", self->count);
  g_autofree char *before = g_strdup_printf ("%" G_GINT64_FORMAT, self->place.before);
  g_autofree char *word = hub_page_seal (since, count, before, NULL);
  g_autofree char *query = g_strconcat ("_page=", word, NULL);

  hub_page_append_link (out, "next", url, query);
}

static char *
dup_bundle (Walk *self, gint64 total)
{
  const HubHistory *asked = self->asked;
  g_autofree char *url =
      g_strdup_printf ("%s/fhir/%s%s%s%s_history", asked->base_url,
                       asked->type != NULL ? asked->type : "", asked->id != NULL ? "/" : "",
                       asked->id != NULL ? asked->id : "", asked->type != NULL ? "/" : "");
  GString *out = g_string_sized_new (self->entries->len + 1024);

  g_string_append (out, "{\"resourceType\":\"Bundle\",\"type\":\"history\"");
  if (total >= 0)
    g_string_append_printf (out, ",\"total\":%" G_GINT64_FORMAT, total);
  g_string_append (out, ",\"link\":[");
  hub_page_append_link (out, "self", url, asked->query);
  if (self->more)
    append_next (self, out, url);
  g_string_append_c (out, ']');
  if (self->entries->len > 0) /* R4 allows no empty list */
    g_string_append_printf (out, ",\"entry\":[%s]", self->entries->str);
  g_string_append_c (out, '}');
  return g_string_free_and_steal (out);
}

/**
 * hub_history_run:
 *
 * Runs in a store read.
 *
 * Returns: (transfer full) (nullable): a page of versions that the user may see, as a Bundle. Only
 *   the history of one resource says a total: others would count what the user may not see
 */
char *
hub_history_run (HubHistory *self, StoreConnection *connection, GError **error)
{
  g_autoptr (GString) entries = g_string_new (NULL);
  Walk job = { self, connection, entries, 0, { self->type, self->id, 0, G_MININT64 }, FALSE };
  gint64 total = -1, ever = 0;

  if (self->type != NULL && !hub_policy_allows (self->user, HUB_READ, self->type, error))
    return NULL;
  if (self->type != NULL && self->id == NULL &&
      !hub_policy_allows (self->user, HUB_SEARCH, self->type, error))
    return NULL;
  if (!read_query (&job, error) || !walk (&job, error))
    return NULL;
  if (self->id != NULL &&
      (!store_history_count (connection, self->type, self->id, G_MININT64, &ever, error) ||
       !store_history_count (connection, self->type, self->id, job.place.since_us, &total, error)))
    return NULL;
  if (self->id != NULL && ever == 0)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no %s/%s", self->type,
                   self->id);
      return NULL;
    }
  return dup_bundle (&job, total);
}
