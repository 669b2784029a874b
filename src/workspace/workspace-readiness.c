/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-readiness.h"

#include <glib/gi18n.h>

#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"
#include "sync-engine.h"
#include "sync-setting.h"

#include "workspace-time.h"

/**
 * WorkspaceReadiness:
 *
 * Answers before a home visit or a network that may fail: is this chart on the computer, and how
 * old is it. A kind of record that was never read is named; it never looks like a kind of which
 * there is nothing.
 */

/* How far the first reading of a kind has come. */
typedef enum
{
  REACH_NONE,
  REACH_PART, /* a page has a next one */
  REACH_ALL,
} Reach;

/* What people call the parts of a chart; types of one title count together. */
static const struct
{
  const char *type, *title;
} kinds[] = {
  { "Condition", N_ ("Problems") },
  { "AllergyIntolerance", N_ ("Allergies") },
  { "Flag", N_ ("Alerts") },
  { "MedicationRequest", N_ ("Medicines") },
  { "MedicationStatement", N_ ("Medicines") },
  { "Observation", N_ ("Results and readings") },
  { "Immunization", N_ ("Immunizations") },
  { "Encounter", N_ ("Visits") },
  { "DocumentReference", N_ ("Documents") },
  { "Task", N_ ("Tasks") },
  { "Communication", N_ ("Messages") },
};

struct _WorkspaceReadiness
{
  GObject parent_instance;

  gint64 own;   /* when this chart was read by itself, or 0 */
  gint64 as_of; /* the newest of own and of everything */
  Reach reach[G_N_ELEMENTS (kinds)];
  GArray *counts; /* WorkspaceReadinessCount */
  guint absent_documents;
};

G_DEFINE_FINAL_TYPE (WorkspaceReadiness, workspace_readiness, G_TYPE_OBJECT)

static void
workspace_readiness_finalize (GObject *object)
{
  g_array_unref (WORKSPACE_READINESS (object)->counts);
  G_OBJECT_CLASS (workspace_readiness_parent_class)->finalize (object);
}

static void
workspace_readiness_class_init (WorkspaceReadinessClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workspace_readiness_finalize;
}

static void
workspace_readiness_init (WorkspaceReadiness *self)
{
  self->counts = g_array_new (FALSE, FALSE, sizeof (WorkspaceReadinessCount));
}

/* A cursor is "from high next", see sync-pull: with a third word there is another page. */
static Reach
read_reach (StoreConnection *connection, const char *type)
{
  g_autofree char *cursor = sync_setting_get_cursor (connection, type);
  g_auto (GStrv) words = g_strsplit (cursor ? cursor : "", " ", 3);

  if (!cursor)
    return REACH_NONE;
  return g_strv_length (words) > 2 ? REACH_PART : REACH_ALL;
}

/* (transfer full): without counts: a few settings, cheap enough for every row of a list. Inside a
 * StoreWork. */
WorkspaceReadiness *
workspace_readiness_load (StoreConnection *connection, const char *patient_id)
{
  WorkspaceReadiness *self = g_object_new (WORKSPACE_TYPE_READINESS, NULL);

  self->own = sync_setting_get_as_of (connection, patient_id);
  self->as_of = sync_as_of (connection, patient_id);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    self->reach[i] = read_reach (connection, kinds[i].type);
  return self;
}

static gboolean
count_kind (StoreConnection *connection,
            const char *type,
            const char *patient,
            gint64 *count,
            GError **error)
{
  g_autofree char *text = g_strdup_printf ("patient=%s&_summary=count", patient);
  g_autoptr (FhirQuery) query = fhir_query_parse (type, text, TRUE, error);
  g_autoptr (StoreSearch) found = query ? store_search (connection, query, error) : NULL;

  if (found)
    *count = found->total;
  return found != NULL;
}

/* TRUE: an attachment is named by its address only, and what lies there is not here. */
static gboolean
is_absent (StoreConnection *connection, const FhirElement *attachment)
{
  const char *url = fhir_element_path_text (attachment, "url");
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (!url || fhir_element_path_text (attachment, "data"))
    return FALSE;
  if (!fhir_reference_split (url, &type, &id))
    return TRUE;
  g_autoptr (FhirResource) binary = store_resource_get (connection, type, id, NULL);
  return binary == NULL;
}

static gboolean
count_absent_documents (WorkspaceReadiness *self,
                        StoreConnection *connection,
                        const char *patient,
                        GError **error)
{
  g_autoptr (GPtrArray) documents =
      store_resource_list (connection, patient, "DocumentReference", error);

  for (guint i = 0; documents && i < documents->len; i++)
    {
      gboolean absent = FALSE;
      fhir_element_foreach (content, fhir_resource_path (documents->pdata[i], "content"))
        absent = absent || is_absent (connection, fhir_element_get (content, "attachment"));
      self->absent_documents += absent;
    }
  return documents != NULL;
}

static void
add_count (WorkspaceReadiness *self, const char *title, gint64 count)
{
  for (guint i = 0; i < self->counts->len; i++)
    {
      WorkspaceReadinessCount *known = &g_array_index (self->counts, WorkspaceReadinessCount, i);
      if (g_str_equal (known->title, _ (title)))
        {
          known->count += count;
          return;
        }
    }
  WorkspaceReadinessCount fresh = { _ (title), count };
  g_array_append_val (self->counts, fresh);
}

/* (transfer full) (nullable): with the counts by kind, and the documents that are not here. */
WorkspaceReadiness *
workspace_readiness_load_counted (StoreConnection *connection,
                                  const char *patient_id,
                                  GError **error)
{
  g_autoptr (WorkspaceReadiness) self = workspace_readiness_load (connection, patient_id);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gint64 count = 0;
      if (!count_kind (connection, kinds[i].type, patient_id, &count, error))
        return NULL;
      add_count (self, kinds[i].title, count);
    }
  if (!count_absent_documents (self, connection, patient_id, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* When this chart was last compared with the server, in µs since 1970; 0 for never. */
gint64
workspace_readiness_get_as_of (WorkspaceReadiness *self)
{
  g_return_val_if_fail (WORKSPACE_IS_READINESS (self), 0);

  return self->as_of;
}

/* @pulled: when everything was last read as far as the session knows, which may be newer. */
WorkspaceReadinessLevel
workspace_readiness_get_level (WorkspaceReadiness *self, gint64 pulled, gint64 now)
{
  g_return_val_if_fail (WORKSPACE_IS_READINESS (self), WORKSPACE_READINESS_NEVER);

  gint64 as_of = MAX (self->as_of, pulled);

  if (as_of > 0)
    return workspace_time_is_fresh (as_of, now) ? WORKSPACE_READINESS_FRESH
                                                : WORKSPACE_READINESS_OLD;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (self->reach[i] != REACH_NONE)
      return WORKSPACE_READINESS_PARTIAL;
  return WORKSPACE_READINESS_NEVER;
}

/* (transfer full): a few words, for a chip or a column. */
char *
workspace_readiness_dup_mark (WorkspaceReadiness *self, gint64 pulled, gint64 now, GTimeZone *zone)
{
  switch (workspace_readiness_get_level (self, pulled, now))
    {
    case WORKSPACE_READINESS_NEVER:
      return g_strdup (_ ("not read yet"));
    case WORKSPACE_READINESS_PARTIAL:
      return g_strdup (_ ("only part is here"));
    case WORKSPACE_READINESS_OLD:
      return workspace_time_as_of (MAX (self->as_of, pulled), now, zone);
    case WORKSPACE_READINESS_FRESH:
      return g_strdup (_ ("up to date"));
    }
  g_return_val_if_reached (NULL);
}

/* (transfer full): shorter still, for a row of a list: "33 h old". */
char *
workspace_readiness_dup_short (WorkspaceReadiness *self, gint64 pulled, gint64 now)
{
  g_autofree char *span = NULL;

  if (workspace_readiness_get_level (self, pulled, now) != WORKSPACE_READINESS_OLD)
    return workspace_readiness_dup_mark (self, pulled, now, NULL);
  span = workspace_time_span (now - MAX (self->as_of, pulled));
  return g_strdup_printf (_ ("%s old"), span);
}

/* Said by a shape too, never by colour alone. */
const char *
workspace_readiness_icon_name (WorkspaceReadinessLevel level)
{
  static const char *const names[] = { "dialog-question-symbolic", "bedside-part-symbolic",
                                       "bedside-clock-symbolic", "object-select-symbolic" };

  return names[level];
}

/* (transfer full): one sentence on how far what is here can be relied on. */
char *
workspace_readiness_dup_sentence (WorkspaceReadiness *self,
                                  gint64 pulled,
                                  gint64 now,
                                  GTimeZone *zone)
{
  gint64 as_of = MAX (self->as_of, pulled);
  g_autofree char *clock = as_of > 0 ? workspace_time_moment (as_of, now, zone) : NULL;
  g_autofree char *span = as_of > 0 ? workspace_time_span (now - as_of) : NULL;

  switch (workspace_readiness_get_level (self, pulled, now))
    {
    case WORKSPACE_READINESS_NEVER:
      return g_strdup (_ ("Nothing of this chart has been read from the clinic’s server yet."));
    case WORKSPACE_READINESS_PARTIAL:
      return g_strdup (_ ("This chart is still being read for the first time."));
    case WORKSPACE_READINESS_OLD:
    case WORKSPACE_READINESS_FRESH:
      return g_strdup_printf (_ ("Complete as the server had it at %s (%s ago)."), clock, span);
    }
  g_return_val_if_reached (NULL);
}

/* (transfer none) (element-type WorkspaceReadinessCount): empty unless it was loaded counted. */
GArray *
workspace_readiness_get_counts (WorkspaceReadiness *self)
{
  g_return_val_if_fail (WORKSPACE_IS_READINESS (self), NULL);

  return self->counts;
}

/* "Problems, Results and readings": the kinds whose reading has come as far as @reach. */
static char *
dup_kinds (WorkspaceReadiness *self, Reach reach)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (self->reach[i] == reach &&
        !g_ptr_array_find_with_equal_func (titles, _ (kinds[i].title), g_str_equal, NULL))
      g_ptr_array_add (titles, (gpointer) _ (kinds[i].title));
  if (titles->len == 0)
    return NULL;
  g_ptr_array_add (titles, NULL);
  return g_strjoinv (", ", (char **) titles->pdata);
}

/* (transfer full): what is missing, a sentence each; empty when nothing is. */
GStrv
workspace_readiness_dup_missing (WorkspaceReadiness *self, gint64 pulled)
{
  g_return_val_if_fail (WORKSPACE_IS_READINESS (self), NULL);

  g_autoptr (GStrvBuilder) sentences = g_strv_builder_new ();
  gboolean never = MAX (self->as_of, pulled) == 0;
  /* a chart that was read by itself has every page, whatever the long reading still waits for */
  g_autofree char *part = self->own > 0 ? NULL : dup_kinds (self, REACH_PART);
  g_autofree char *none = never ? dup_kinds (self, REACH_NONE) : NULL;

  if (none)
    g_strv_builder_take (sentences, g_strdup_printf (_ ("Not read yet: %s."), none));
  if (part)
    g_strv_builder_take (sentences, g_strdup_printf (_ ("More pages are to come: %s."), part));
  if (self->absent_documents > 0)
    g_strv_builder_take (
        sentences,
        g_strdup_printf (ngettext ("%u document is not on this computer and opens only while "
                                   "connected.",
                                   "%u documents are not on this computer and open only while "
                                   "connected.",
                                   self->absent_documents),
                         self->absent_documents));
  return g_strv_builder_end (sentences);
}
