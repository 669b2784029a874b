/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-row.h"

struct _CareRow
{
  GObject parent_instance;
  char *texts[CARE_N_ROW_TEXTS];
  gint64 sort;
};

G_DEFINE_FINAL_TYPE (CareRow, care_row, G_TYPE_OBJECT)

#define PROP_SORT CARE_N_ROW_TEXTS

static GParamSpec *properties[CARE_N_ROW_TEXTS + 1];

static void
care_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CareRow *self = CARE_ROW (object);

  if (id == PROP_SORT)
    g_value_set_int64 (value, self->sort);
  else if (id > 0 && id < CARE_N_ROW_TEXTS)
    g_value_set_string (value, self->texts[id]);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
care_row_finalize (GObject *object)
{
  CareRow *self = CARE_ROW (object);

  for (guint i = 1; i < CARE_N_ROW_TEXTS; i++)
    g_free (self->texts[i]);

  G_OBJECT_CLASS (care_row_parent_class)->finalize (object);
}

static void
care_row_class_init (CareRowClass *klass)
{
  static const char *const names[] = { NULL,       "title",  "subtitle", "date",   "status",
                                       "severity", "value",  "unit",     "flag",   "reference",
                                       "group",    "detail", "code",     "review", "mark" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == CARE_N_ROW_TEXTS);
  object_class->get_property = care_row_get_property;
  object_class->finalize = care_row_finalize;
  for (guint i = 1; i < CARE_N_ROW_TEXTS; i++)
    properties[i] =
        g_param_spec_string (names[i], NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SORT] = g_param_spec_int64 ("sort", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
care_row_init (CareRow *self)
{
}

/**
 * care_row_new:
 * @sort: a key by which the list is ordered, mostly µs since 1970
 * @...: pairs of CareRowProperty and text (copied, may be NULL), ended by 0
 *
 * Returns: (transfer full): a line
 */
CareRow *
care_row_new (gint64 sort, ...)
{
  CareRow *self = g_object_new (CARE_TYPE_ROW, NULL);
  va_list args;

  self->sort = sort;
  va_start (args, sort);
  for (int property = va_arg (args, int); property > 0; property = va_arg (args, int))
    g_set_str (&self->texts[property], va_arg (args, const char *));
  va_end (args);
  return self;
}

/* (transfer full): @row as it is but for its mark. @mark: (nullable) */
CareRow *
care_row_new_marked (CareRow *row, const char *mark)
{
  CareRow *self = g_object_new (CARE_TYPE_ROW, NULL);

  self->sort = row->sort;
  for (guint i = 1; i < CARE_N_ROW_TEXTS; i++)
    self->texts[i] = g_strdup (i == CARE_ROW_MARK ? mark : row->texts[i]);
  return self;
}

/**
 * care_row_get_text:
 *
 * Returns: (nullable): one of the line's texts
 */
const char *
care_row_get_text (CareRow *self, CareRowProperty property)
{
  return self->texts[property];
}

const char *
care_row_get_title (CareRow *self)
{
  return self->texts[CARE_ROW_TITLE];
}

const char *
care_row_get_reference (CareRow *self)
{
  return self->texts[CARE_ROW_REFERENCE];
}

gint64
care_row_get_sort (CareRow *self)
{
  return self->sort;
}
