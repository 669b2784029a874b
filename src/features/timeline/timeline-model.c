/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "timeline-model.h"

#include "fhir-text.h"

/* Of twenty thousand events a list shows some thirty: so it keeps positions, and rows only for what
 * was looked at of late. */

#define ROWS_KEPT 512

struct _TimelineModel
{
  GObject parent_instance;

  CareTimeline *timeline; /* NULL: not read yet */
  GArray *positions;      /* guint: of the events that pass */
  GArray *starts;         /* guint: where each section begins among them */
  GHashTable *rows;       /* position of an event -> CareRow */
  int kind;               /* -1: any */
  GStrv words;
  guint n_made;
};

static GType
get_item_type (GListModel *model)
{
  return CARE_TYPE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return TIMELINE_MODEL (model)->positions->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  TimelineModel *self = TIMELINE_MODEL (model);
  CareRow *row;
  guint event;

  if (position >= self->positions->len)
    return NULL;
  event = g_array_index (self->positions, guint, position);
  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (event));
  if (row)
    return g_object_ref (row);
  if (g_hash_table_size (self->rows) >= ROWS_KEPT)
    g_hash_table_remove_all (self->rows);
  row = care_timeline_dup_row (self->timeline, event);
  self->n_made++;
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (event), row);
  return g_object_ref (row);
}

static void
get_section (GtkSectionModel *model, guint position, guint *out_start, guint *out_end)
{
  TimelineModel *self = TIMELINE_MODEL (model);
  guint low = 0, high = self->starts->len;

  if (position >= self->positions->len)
    {
      *out_start = self->positions->len;
      *out_end = G_MAXUINT;
      return;
    }
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->starts, guint, middle) <= position)
        low = middle;
      else
        high = middle;
    }
  *out_start = g_array_index (self->starts, guint, low);
  *out_end =
      high < self->starts->len ? g_array_index (self->starts, guint, high) : self->positions->len;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
section_model_init (GtkSectionModelInterface *interface)
{
  interface->get_section = get_section;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TimelineModel,
                               timeline_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SECTION_MODEL,
                                                          section_model_init))

static void
timeline_model_finalize (GObject *object)
{
  TimelineModel *self = TIMELINE_MODEL (object);

  g_clear_object (&self->timeline);
  g_array_unref (self->positions);
  g_array_unref (self->starts);
  g_hash_table_unref (self->rows);
  g_strfreev (self->words);
  G_OBJECT_CLASS (timeline_model_parent_class)->finalize (object);
}

static void
timeline_model_class_init (TimelineModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = timeline_model_finalize;
}

static void
timeline_model_init (TimelineModel *self)
{
  self->positions = g_array_new (FALSE, FALSE, sizeof (guint));
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  self->rows = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->kind = -1;
}

static gboolean
passes (TimelineModel *self, const CareTimelineEvent *event)
{
  return (self->kind < 0 || (int) event->kind == self->kind) &&
         care_timeline_event_has_words (event, (const char *const *) self->words);
}

static void
filter (TimelineModel *self)
{
  guint before = self->positions->len;
  guint n = self->timeline ? care_timeline_get_n_events (self->timeline) : 0;
  int month = -1;

  g_array_set_size (self->positions, 0);
  g_array_set_size (self->starts, 0);
  for (guint i = 0; i < n; i++)
    {
      const CareTimelineEvent *event = care_timeline_get_event (self->timeline, i);

      if (!passes (self, event))
        continue;
      if (event->month != month)
        g_array_append_val (self->starts, self->positions->len);
      month = event->month;
      g_array_append_val (self->positions, i);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->positions->len);
}

TimelineModel *
timeline_model_new (void)
{
  return g_object_new (TIMELINE_TYPE_MODEL, NULL);
}

void
timeline_model_set_timeline (TimelineModel *self, CareTimeline *timeline)
{
  g_return_if_fail (TIMELINE_IS_MODEL (self));

  g_set_object (&self->timeline, timeline);
  g_hash_table_remove_all (self->rows);
  filter (self);
}

/* @kind: a CareTimelineKind, or -1 for all; @words: as typed, in any order, case and accents. */
void
timeline_model_set_filter (TimelineModel *self, int kind, const char *words)
{
  g_return_if_fail (TIMELINE_IS_MODEL (self));

  g_autofree char *folded = fhir_fold (words ? words : "");
  g_auto (GStrv) split = g_strsplit_set (folded, " \t", -1);

  if (kind == self->kind && self->words &&
      g_strv_equal ((const char *const *) split, (const char *const *) self->words))
    return;
  self->kind = kind;
  g_strfreev (self->words);
  self->words = g_steal_pointer (&split);
  filter (self);
}

/* (transfer none) (nullable): what a position shows; valid until the timeline is set again. */
const CareTimelineEvent *
timeline_model_get_event (TimelineModel *self, guint position)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), NULL);

  if (position >= self->positions->len)
    return NULL;
  return care_timeline_get_event (self->timeline, g_array_index (self->positions, guint, position));
}

/* GTK_INVALID_LIST_POSITION: no event that passes has this reference. */
guint
timeline_model_find (TimelineModel *self, const char *reference)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), GTK_INVALID_LIST_POSITION);

  for (guint i = 0; i < self->positions->len; i++)
    if (g_strcmp0 (timeline_model_get_event (self, i)->reference, reference) == 0)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

/* How many rows were ever made: a long list that was opened made few. */
guint
timeline_model_get_n_made (TimelineModel *self)
{
  g_return_val_if_fail (TIMELINE_IS_MODEL (self), 0);

  return self->n_made;
}
