/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>

#include "care-status.h"
#include "care-summary-private.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* Entries of the record as lists: of one kind or several, and the versions of one. */

#define MAX_VERSIONS 200

/* Groups of CARE_ROW_GROUP: by state, and what was not done apart from what was. */
static const char *
group_of (CareEntryKind kind, FhirResource *resource)
{
  switch (care_entry_state_of (resource))
    {
    case CARE_ENTRY_ACTIVE:
      return care_entry_is_none_known (kind, resource) ? CARE_GROUP_NONE_KNOWN
             : g_strcmp0 (fhir_resource_path_text (resource, "status"), "not-done") == 0
                 ? "Not done"
                 : "Active";
    case CARE_ENTRY_ENDED:
      return "Inactive";
    case CARE_ENTRY_REFUTED:
      return "Refuted";
    case CARE_ENTRY_ERROR:
      return "Entered in error";
    }
  return NULL;
}

static const char *
date_of (CareEntryKind kind, FhirResource *resource)
{
  static const char *const paths[] = { "onsetDateTime",
                                       "onsetPeriod.start",
                                       "occurrenceDateTime",
                                       "performedDateTime",
                                       "performedPeriod.start",
                                       "effectiveDateTime",
                                       "period.start",
                                       "startDate",
                                       "recordedDate",
                                       "date",
                                       "created" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (fhir_resource_path_text (resource, paths[i]))
      return fhir_resource_path_text (resource, paths[i]);
  return NULL;
}

/* A status that neither is the usual one nor stands in the heading: "stopped" is not "done". */
static char *
unusual_status (const CareEntryTable *table, FhirResource *resource)
{
  static const char *const usual[] = { "active",   "completed",        "final",
                                       "amended",  "partial",          "inactive",
                                       "not-done", "entered-in-error", NULL };
  const char *life = fhir_resource_path_text (resource, "lifecycleStatus");
  const char *status = life ? life : fhir_resource_path_text (resource, "status");

  if (!status || g_strv_contains (usual, status))
    return NULL;
  for (gsize i = 0; i < table->n_fields; i++)
    if (g_str_equal (table->fields[i].path, "status"))
      for (const CareFieldChoice *choice = table->fields[i].choices; choice->code; choice++)
        if (g_str_equal (choice->code, status))
          return g_strdup (_ (choice->label));
  return care_status_dup_words (status);
}

/* The second line: what the fields after the title say, as far as it is short. */
static char *
subtitle_of (CareEntryKind kind, FhirResource *resource, const char *title)
{
  const CareEntryTable *table = care_entry_table (kind);
  g_autofree char *status = unusual_status (table, resource);
  g_autoptr (GString) out = g_string_new (status);

  for (gsize i = 0; i < table->n_fields; i++)
    {
      const CareField *field = &table->fields[i];
      g_autofree char *value = NULL;

      if (field->type != CARE_FIELD_TEXT && field->type != CARE_FIELD_CONCEPT)
        continue;
      /* when and how it ended would read as said of all that a relative had */
      if (kind == CARE_ENTRY_FAMILY &&
          fhir_element_get_length (fhir_resource_path (resource, "condition")) > 1)
        continue;
      value = care_entry_field_value (resource, field);
      if (value && !g_str_equal (value, title) && !(kind == CARE_ENTRY_FAMILY && i == 1))
        g_string_append_printf (out, "%s%s", out->len ? " · " : "", value);
    }
  return out->len ? g_string_free_and_steal (g_steal_pointer (&out)) : NULL;
}

static CareRow *
row_of (CareEntryKind kind, FhirResource *resource, GTimeZone *zone)
{
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  const char *when = date_of (kind, resource);
  g_autofree char *date = when ? fhir_date_format (when, zone) : NULL;
  g_autofree char *title = NULL, *subtitle = NULL;

  if (care_chart_is_opaque (resource))
    return care_row_new (
        care_chart_time (when), CARE_ROW_TITLE, _ ("Entry that Bedside cannot show safely"),
        CARE_ROW_SUBTITLE,
        _ ("It carries a modifier that may change its meaning. Read it where it was written."),
        CARE_ROW_REFERENCE, reference, CARE_ROW_GROUP, "Not shown", CARE_ROW_STATUS, "unknown", 0);
  title = care_entry_title_of (kind, resource);
  subtitle = subtitle_of (kind, resource, title);
  return care_row_new (care_chart_time (when), CARE_ROW_TITLE, title, CARE_ROW_SUBTITLE, subtitle,
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       fhir_resource_path_text (resource, "status"), CARE_ROW_REFERENCE, reference,
                       CARE_ROW_GROUP, group_of (kind, resource), 0);
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_row_get_sort ((CareRow *) a), y = care_row_get_sort ((CareRow *) b);

  return (x < y) - (x > y);
}

static gboolean
add_kind (StoreConnection *connection,
          const char *patient_id,
          CareEntryKind kind,
          GTimeZone *zone,
          GListStore *rows,
          GError **error)
{
  g_autoptr (GPtrArray) resources =
      store_resource_list (connection, patient_id, care_entry_kind_get_type_name (kind), error);

  for (guint i = 0; resources && i < resources->len; i++)
    {
      CareEntryKind actual;

      if (care_entry_kind_of (resources->pdata[i], &actual))
        {
          g_autoptr (CareRow) row = row_of (kind, resources->pdata[i], zone);

          g_list_store_append (rows, row);
        }
    }
  return resources != NULL;
}

/**
 * care_entry_list:
 * @kinds: which
 *
 * Returns: (transfer full) (nullable): all entries of these kinds as CareRow, newest first, those
 *   refuted or entered in error among them: CARE_ROW_GROUP tells
 */
GListStore *
care_entry_list (StoreConnection *connection,
                 const char *patient_id,
                 BaseClock *clock,
                 const CareEntryKind *kinds,
                 gsize n_kinds,
                 GError **error)
{
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);

  for (gsize i = 0; i < n_kinds; i++)
    if (!add_kind (connection, patient_id, kinds[i], g_date_time_get_timezone (now), rows, error))
      return NULL;
  g_list_store_sort (rows, compare_newest, NULL);
  return g_steal_pointer (&rows);
}

/* Every Provenance that is here of one resource, oldest first. */
static GPtrArray *
provenances_of (StoreConnection *connection, const char *reference, GError **error)
{
  g_autofree char *text = g_strdup_printf ("target=%s&_sort=recorded&_count=200", reference);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Provenance", text, FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;

  return search ? g_ptr_array_ref (search->matches) : NULL;
}

/* Ours is recorded at the very moment of its version; a server may round that moment or set its
 * own. */
static FhirResource *
find_provenance (GPtrArray *provenances, const char *updated)
{
  gint64 at = care_chart_time (updated), best = G_USEC_PER_SEC * 2;
  FhirResource *found = NULL;

  for (guint i = 0; updated && i < provenances->len; i++)
    {
      gint64 recorded =
          care_chart_time (fhir_resource_path_text (provenances->pdata[i], "recorded"));

      if (ABS (recorded - at) < best)
        {
          best = ABS (recorded - at);
          found = provenances->pdata[i];
        }
    }
  return found;
}

/* What changed from one version to the next, by the names of the form's fields. */
static char *
difference (CareEntryKind kind, FhirResource *before, FhirResource *after)
{
  const CareEntryTable *table = care_entry_table (kind);
  g_autoptr (GString) out = g_string_new (NULL);
  CareEntryState state = care_entry_state_of (after);

  /* What a modifier may turn around is not told as a change either. */
  if (care_chart_is_opaque (after) || (before && care_chart_is_opaque (before)))
    return g_strdup (_ ("Not shown: a modifier may change its meaning"));
  if (!before)
    return g_strdup (_ ("First version here"));
  if (state != care_entry_state_of (before))
    g_string_append (out, state == CARE_ENTRY_ACTIVE    ? _ ("Active")
                          : state == CARE_ENTRY_ENDED   ? _ ("Ended")
                          : state == CARE_ENTRY_REFUTED ? _ ("Refuted")
                                                        : _ ("Entered in error"));
  for (gsize i = 0; i < table->n_fields; i++)
    {
      g_autofree char *old = care_entry_field_value (before, &table->fields[i]);
      g_autofree char *new = care_entry_field_value (after, &table->fields[i]);

      if (g_strcmp0 (old, new) != 0 && !g_str_equal (table->fields[i].name, "verification"))
        g_string_append_printf (out, "%s%s: %s → %s", out->len ? " · " : "",
                                _ (table->fields[i].label), old ? old : "–", new ? new : "–");
    }
  if (out->len == 0)
    g_string_append (out, fhir_element_get_length (fhir_resource_path (before, "note")) <
                                  fhir_element_get_length (fhir_resource_path (after, "note"))
                              ? _ ("Note added")
                              : _ ("Other details changed"));
  return g_string_free_and_steal (g_steal_pointer (&out));
}

static CareRow *
version_row (CareEntryKind kind,
             FhirResource *before,
             FhirResource *after,
             GPtrArray *provenances,
             GTimeZone *zone)
{
  const char *updated = fhir_resource_get_updated (after);
  FhirResource *provenance = find_provenance (provenances, updated);
  g_autofree char *date = updated ? fhir_date_format (updated, zone) : NULL;
  g_autofree char *what = difference (kind, before, after);
  const char *who = provenance ? fhir_resource_path_text (provenance, "agent.0.who.display") : NULL;

  return care_row_new (care_chart_time (updated), CARE_ROW_TITLE,
                       who ? who : _ ("Author not recorded"), CARE_ROW_DATE, date,
                       CARE_ROW_SUBTITLE, what, CARE_ROW_DETAIL,
                       provenance ? fhir_resource_path_text (provenance, "reason.0.text") : NULL,
                       CARE_ROW_STATUS, fhir_resource_get_version (after), 0);
}

/**
 * care_entry_versions:
 *
 * Returns: (transfer full) (nullable): the versions that this store has seen, newest first. Who
 * made one comes from the Provenance recorded within two seconds of it, else is said to be unknown
 */
GListStore *
care_entry_versions (StoreConnection *connection,
                     CareEntryKind kind,
                     FhirResource *resource,
                     BaseClock *clock,
                     GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autoptr (GPtrArray) provenances = provenances_of (connection, reference, error);
  g_autoptr (GPtrArray) versions =
      provenances ? store_resource_history (connection, fhir_resource_get_type (resource),
                                            fhir_resource_get_id (resource), MAX_VERSIONS, error)
                  : NULL;
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);

  for (guint i = 0; versions && i < versions->len; i++)
    {
      StoreVersion *version = versions->pdata[i];
      StoreVersion *before = i + 1 < versions->len ? versions->pdata[i + 1] : NULL;
      g_autoptr (CareRow) row = NULL;

      if (!version->resource)
        continue;
      row = version_row (kind, before ? before->resource : NULL, version->resource, provenances,
                         g_date_time_get_timezone (now));
      g_list_store_append (rows, row);
    }
  return versions ? g_steal_pointer (&rows) : NULL;
}
