/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-search.h"

#include "care-command.h"
#include "care-context.h"
#include "care-timeline-private.h"
#include "care-write.h"
#include "fhir-name.h"
#include "store-search-text.h"

#include <string.h>

/* Words in the record of one patient, or of all who are on this computer: each hit with its date,
 * its kind and the words around. What was entered in error is not found, and of what carries an
 * unknown modifier only that it is there. */

#define MAX_HITS  200
#define MAX_DEPTH 16

struct _CareHit
{
  GObject parent_instance;

  char *title, *context, *date, *reference, *patient_id, *patient;
  const char *kind;
  gint64 time_us;
};

G_DEFINE_FINAL_TYPE (CareHit, care_hit, G_TYPE_OBJECT)

struct _CareSearch
{
  GObject parent_instance;

  GListStore *hits;
  gboolean more;
};

G_DEFINE_FINAL_TYPE (CareSearch, care_search, G_TYPE_OBJECT)

/* ---- objects ---- */

static void
care_hit_finalize (GObject *object)
{
  CareHit *self = CARE_HIT (object);

  g_free (self->title);
  g_free (self->context);
  g_free (self->date);
  g_free (self->reference);
  g_free (self->patient_id);
  g_free (self->patient);
  G_OBJECT_CLASS (care_hit_parent_class)->finalize (object);
}

static void
care_hit_class_init (CareHitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_hit_finalize;
}

static void
care_hit_init (CareHit *self)
{
}

static void
care_search_finalize (GObject *object)
{
  g_object_unref (CARE_SEARCH (object)->hits);
  G_OBJECT_CLASS (care_search_parent_class)->finalize (object);
}

static void
care_search_class_init (CareSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_search_finalize;
}

static void
care_search_init (CareSearch *self)
{
  self->hits = g_list_store_new (CARE_TYPE_HIT);
}

/* ---- the words around ---- */

/* The first text anywhere in an element that has one of the words. */
static char *
dup_context_within (const FhirElement *element, const char *const *words, guint depth)
{
  FhirMemberIter iter;
  const FhirElement *value;
  const char *name;
  char *context = NULL;

  if (depth > MAX_DEPTH)
    return NULL;
  switch (fhir_element_get_kind (element))
    {
    case FHIR_KIND_STRING:
      return care_search_dup_context (fhir_element_get_text (element), words);
    case FHIR_KIND_ARRAY:
      fhir_element_foreach (item, element)
        if (!context)
          context = dup_context_within (item, words, depth + 1);
      return context;
    case FHIR_KIND_OBJECT:
      fhir_member_iter_init (&iter, element);
      while (!context && fhir_member_iter_next (&iter, &name, &value))
        if (!g_str_equal (name, "div") && !g_str_equal (name, "reference") &&
            !g_str_equal (name, "data") && !g_str_equal (name, "system"))
          context = dup_context_within (value, words, depth + 1);
      return context;
    case FHIR_KIND_NONE:
    case FHIR_KIND_NULL:
    case FHIR_KIND_BOOLEAN:
    case FHIR_KIND_NUMBER:
      break;
    }
  return NULL;
}

/* "136/80 mmHg": what the record says of what its title names. */
static char *
dup_says (const CareTimelineEvent *event)
{
  if (event->value && event->subtitle)
    return g_strdup_printf ("%s · %s", event->value, event->subtitle);
  return g_strdup (event->value ? event->value : event->subtitle);
}

/* What people wrote says more than a code's name, which the title says already. */
static char *
dup_context (FhirResource *resource, const CareTimelineEvent *event, const char *const *words)
{
  g_autofree char *notes = store_search_dup_notes (resource);
  char *context = care_search_dup_context (notes, words);
  g_autoptr (GArray) in_title = NULL;

  if (context)
    return context;
  in_title = care_search_find_marks (event->title, words);
  if (in_title->len > 0)
    return dup_says (event);
  context = event->subtitle ? care_search_dup_context (event->subtitle, words) : NULL;
  return context ? context : dup_context_within (fhir_resource_get_root (resource), words, 0);
}

/* ---- reading ---- */

typedef struct
{
  CareSearch *search;
  CareChart *chart;
  const char *const *words;
  GHashTable *names; /* patient's id -> name; "" for one who is not here */
} Reader;

static const char *
name_of (Reader *self, const char *id)
{
  const char *known = g_hash_table_lookup (self->names, id);
  g_autoptr (FhirResource) patient = NULL;
  char *name;

  if (known)
    return known;
  patient = care_read (self->chart->connection, "Patient", id, NULL);
  name = patient ? fhir_human_name_format (fhir_resource_path (patient, "name")) : g_strdup ("");
  if (patient && (!name || !*name))
    {
      g_free (name);
      name = g_strdup (id);
    }
  g_hash_table_insert (self->names, g_strdup (id), name);
  return name;
}

/* Of a medicine the event that the words are about: why it was stopped is said where it stopped. */
static const CareTimelineEvent *
pick_event (CareTimeline *timeline, const char *const *words)
{
  for (guint i = 0; i < care_timeline_get_n_events (timeline); i++)
    {
      const CareTimelineEvent *event = care_timeline_get_event (timeline, i);
      g_autoptr (GArray) marks =
          event->subtitle ? care_search_find_marks (event->subtitle, words) : NULL;

      if (marks && marks->len > 0)
        return event;
    }
  return care_timeline_get_event (timeline, 0);
}

static void
add_hit (Reader *self, FhirResource *resource)
{
  g_autofree char *patient_id = care_patient_of (resource);
  const char *patient = patient_id ? name_of (self, patient_id) : "";
  g_autoptr (CareTimeline) timeline = g_object_new (CARE_TYPE_TIMELINE, NULL);
  g_autoptr (CareHit) hit = NULL;
  const CareTimelineEvent *event;

  if (!*patient)
    return;
  self->chart->patient_id = patient_id;
  care_timeline_read_one (timeline, self->chart, resource);
  if (care_timeline_get_n_events (timeline) == 0)
    return;
  event = pick_event (timeline, self->words);
  hit = g_object_new (CARE_TYPE_HIT, NULL);
  hit->title = g_strdup (event->title);
  if (care_chart_is_opaque (resource))
    hit->context = g_strdup (event->subtitle);
  else if (event != care_timeline_get_event (timeline, 0))
    hit->context = dup_says (event);
  else
    hit->context = dup_context (resource, event, self->words);
  hit->date = g_strdup (event->date);
  hit->reference = g_strdup (event->reference);
  hit->kind = care_timeline_kind_get_title (event->kind);
  hit->time_us = event->time_us;
  hit->patient = g_strdup (patient);
  hit->patient_id = g_steal_pointer (&patient_id);
  g_list_store_append (self->search->hits, hit);
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer data)
{
  const CareHit *x = a, *y = b;

  if (x->time_us != y->time_us)
    return x->time_us < y->time_us ? 1 : -1;
  return g_strcmp0 (x->reference, y->reference);
}

/**
 * care_search_load:
 * @connection: on its own thread
 * @patient_id: (nullable): whose record; NULL: of everybody who is on this computer
 * @typed: beginnings of words, in any order
 *
 * Returns: (transfer full) (nullable): what has the words
 */
CareSearch *
care_search_load (StoreConnection *connection,
                  const char *patient_id,
                  const char *typed,
                  BaseClock *clock,
                  GError **error)
{
  g_autoptr (CareSearch) self = g_object_new (CARE_TYPE_SEARCH, NULL);
  g_autoptr (GPtrArray) found =
      store_search_words (connection, patient_id, typed, MAX_HITS + 1, error);
  g_auto (GStrv) words = store_search_split_words (typed);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autofree char *today = base_clock_dup_today (clock);
  CareChart chart = { connection, clock, g_date_time_get_timezone (now), NULL, today, NULL, NULL };
  Reader reader = { self, &chart, (const char *const *) words, names };

  if (!found)
    return NULL;
  self->more = found->len > MAX_HITS;
  for (guint i = 0; i < MIN (found->len, MAX_HITS); i++)
    add_hit (&reader, found->pdata[i]);
  g_list_store_sort (self->hits, compare_newest, NULL);
  return g_steal_pointer (&self);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result =
      care_search_load (connection, command->texts[1], command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_search_load_async (CareContext *context,
                        const char *patient_id,
                        const char *typed,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_read (care_command_new (context, load_work, typed, patient_id, NULL),
                     care_context_get_store (context), care_search_load_async, cancellable,
                     callback, user_data);
}

CareSearch *
care_search_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

/* Law 11: every read has a record, and a list of hits shows something of each patient in it. The
 * words are not kept: they may name somebody. */
void
care_search_audit (CareSearch *self, CareContext *context)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->hits)); i++)
    {
      g_autoptr (CareHit) hit = g_list_model_get_item (G_LIST_MODEL (self->hits), i);

      if (g_hash_table_add (seen, hit->patient_id))
        care_context_audit (context, "read", hit->patient_id, NULL, "search of all records");
    }
}

/* (transfer none): of CareHit, newest first */
GListModel *
care_search_get_hits (CareSearch *self)
{
  return G_LIST_MODEL (self->hits);
}

/* More has these words than is listed. */
gboolean
care_search_get_more (CareSearch *self)
{
  return self->more;
}

const char *
care_hit_get_title (CareHit *self)
{
  return self->title;
}

/* (nullable): the words around what was found */
const char *
care_hit_get_context (CareHit *self)
{
  return self->context;
}

/* (nullable): NULL where it is not recorded */
const char *
care_hit_get_date (CareHit *self)
{
  return self->date;
}

/* "Messages", translated */
const char *
care_hit_get_kind (CareHit *self)
{
  return self->kind;
}

const char *
care_hit_get_reference (CareHit *self)
{
  return self->reference;
}

const char *
care_hit_get_patient_id (CareHit *self)
{
  return self->patient_id;
}

/* The name as the banner shows it. */
const char *
care_hit_get_patient (CareHit *self)
{
  return self->patient;
}
