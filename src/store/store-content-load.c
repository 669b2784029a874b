/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-load.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "fhir-date.h"

/* The file of another program may be cut off or replaced at any moment, and a mapping of it would
 * then be a signal: so it is mapped only once it is proved, and read by the system's calls until
 * then. */

StoreContentLoad *
store_content_load_new (const char *path)
{
  StoreContentLoad *self = g_new0 (StoreContentLoad, 1);

  self->path = g_strdup (path);
  store_content_identify (path, &self->identity);
  self->class_rows = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_class_row_free);
  self->names = store_content_names_new ();
  return self;
}

void
store_content_load_free (StoreContentLoad *self)
{
  g_clear_pointer (&self->file, store_content_file_close);
  g_clear_pointer (&self->index, store_content_index_free);
  g_clear_pointer (&self->names, store_content_names_free);
  g_clear_pointer (&self->class_rows, g_ptr_array_unref);
  g_clear_pointer (&self->rules, clinical_rules_unref);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self->label);
  g_free (self->day);
  g_free (self->date);
  g_free (self->attribution);
  g_free (self);
}

static gboolean
has_drugs (StoreContentLoad *self)
{
  self->label = g_strdup (store_content_file_get_head (self->file, "formulary", "label"));
  self->day = g_strdup (store_content_file_get_head (self->file, "formulary", "date"));
  self->attribution =
      g_strdup (store_content_file_get_head (self->file, "formulary", "attribution"));
  if (store_content_index_get_size (self->index) == 0)
    g_set_error (&self->error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_EMPTY,
                 _ ("The clinical content is empty: nothing is found and nothing is checked. Its "
                    "file is %s. Reinstall Bedside, or tell your administrator."),
                 self->path);
  else if (self->label == NULL || self->day == NULL)
    store_content_set_corrupt ("it does not say what it is", &self->error);
  else
    {
      g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

      self->date = fhir_date_format (self->day, utc);
      if (self->date == NULL)
        store_content_set_corrupt ("it does not say of which day it is", &self->error);
    }
  return self->error == NULL;
}

/*
 * store_content_load_open:
 *
 * Reads what a search needs.
 *
 * Returns: whether drugs can be searched; else the reason is in error
 */
gboolean
store_content_load_open (StoreContentLoad *self)
{
  self->file = store_content_file_open (self->path, &self->error);
  if (self->file != NULL)
    self->index = store_content_index_load (self->file, &self->error);
  return self->index != NULL && has_drugs (self);
}

static const char *
cell (const char *const *columns, const char *const *values, const char *name)
{
  for (guint i = 0; columns[i] != NULL; i++)
    if (g_str_equal (columns[i], name))
      return values[i];
  return "";
}

static void
add_class_row (StoreContentLoad *self, const char *const *columns, const char *const *values)
{
  ClinicalClassRow *row = g_new0 (ClinicalClassRow, 1);
  const char *system = cell (columns, values, "system");

  row->group = g_strdup (cell (columns, values, "group"));
  row->label = g_strdup (cell (columns, values, "label"));
  row->severity = g_strdup (cell (columns, values, "severity"));
  row->kind = g_strdup (cell (columns, values, "kind"));
  row->system = *system != '\0' ? g_strdup (system) : NULL;
  row->value = g_strdup (cell (columns, values, "value"));
  row->name = g_strdup (cell (columns, values, "name"));
  row->source = g_strdup (cell (columns, values, "source"));
  g_ptr_array_add (self->class_rows, row);
}

static gboolean
take_row (const char *table,
          const char *const *columns,
          const char *const *values,
          gpointer data,
          GError **error)
{
  StoreContentLoad *self = data;

  if (g_str_equal (table, "formulary"))
    store_content_names_add_drug (self->names, cell (columns, values, "ingredients"),
                                  cell (columns, values, "ingredient_codes"),
                                  cell (columns, values, "brands"));
  else if (g_str_equal (table, "ingredients"))
    store_content_names_add_ingredient (self->names, cell (columns, values, "rxcui"),
                                        cell (columns, values, "name"),
                                        cell (columns, values, "tty"));
  else if (g_str_equal (table, "allergy_classes"))
    add_class_row (self, columns, values);
  return clinical_rules_add (self->rules, table, columns, values, error);
}

static void
set_heads (StoreContentLoad *self)
{
  GPtrArray *tables = store_content_file_get_tables (self->file);

  for (guint i = 0; i < tables->len; i++)
    {
      const char *table = tables->pdata[i];
      GHashTableIter iter;
      gpointer key, value;

      g_hash_table_iter_init (&iter, store_content_file_get_heads (self->file, table));
      while (g_hash_table_iter_next (&iter, &key, &value))
        clinical_rules_set_head (self->rules, table, key, value);
    }
}

/*
 * store_content_load_prove:
 *
 * Reads the whole file, on a connection of its own, while the first one answers searches.
 */
void
store_content_load_prove (StoreContentLoad *self)
{
  g_autoptr (StoreContentFile) file = store_content_file_open (self->path, &self->error);
  g_autoptr (GError) problem = NULL;
  StoreContentIdentity now;

  if (file == NULL)
    return;
  self->rules = clinical_rules_new ();
  set_heads (self);
  if (!store_content_file_walk (file, take_row, self, &self->error))
    return;
  if (!clinical_rules_check (self->rules, &problem))
    {
      store_content_set_corrupt (problem->message, &self->error);
      return;
    }
  store_content_identify (self->path, &now);
  if (memcmp (&now, &self->identity, sizeof now) != 0)
    store_content_set_corrupt ("it changed while it was read", &self->error);
}

/* (transfer full) (nullable): the day after which a table is not to be relied on */
static char *
dup_end (StoreContentFile *file, const char *table, guint limit_days)
{
  const char *end = store_content_file_get_head (file, table, "expires");
  const char *date = store_content_file_get_head (file, table, "date");
  guint year = 0, month = 0, day = 0;
  GDate last;

  if (end != NULL)
    return g_strdup (end);
  if (limit_days == 0 || date == NULL || sscanf (date, "%4u-%2u-%2u", &year, &month, &day) != 3 ||
      !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return NULL;
  g_date_clear (&last, 1);
  g_date_set_dmy (&last, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  g_date_add_days (&last, MIN (limit_days, 36500));
  return g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (&last), g_date_get_month (&last),
                          g_date_get_day (&last));
}

/* No check reads these: past their day they make nothing else doubtful, and whoever shows them says
 * that they are. */
static gboolean
is_read (const char *table)
{
  static const char *const unread[] = { "tall_man", "drug_information", NULL };

  return !g_strv_contains (unread, table);
}

/*
 * store_content_load_dup_expired:
 * @today: as in "2026-11-29"
 * @limit_days: how long a table is good after its date where it does not say itself; 0: for ever
 * @label: (out): of the table that expired first
 *
 * Returns: (transfer full) (nullable): its last day; NULL where all that is read is good
 */
char *
store_content_load_dup_expired (StoreContentLoad *self,
                                const char *today,
                                guint limit_days,
                                char **label)
{
  GPtrArray *tables = store_content_file_get_tables (self->file);
  g_autofree char *first = NULL;

  for (guint i = 0; i < tables->len; i++)
    {
      const char *table = tables->pdata[i];
      const char *name = store_content_file_get_head (self->file, table, "label");
      g_autofree char *end = dup_end (self->file, table, limit_days);

      if (!is_read (table) || end == NULL || strcmp (end, today) >= 0 ||
          (first != NULL && strcmp (end, first) >= 0))
        continue;
      g_set_str (&first, end);
      g_set_str (label, name != NULL ? name : table);
    }
  return g_steal_pointer (&first);
}
