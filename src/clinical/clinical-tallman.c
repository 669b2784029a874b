/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-tallman.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-date.h"

/* Names that are easily taken for each other, with the letters that differ in capitals. Which ones
 * is in the clinical content, tall-man.tsv, and nowhere else. Names are written all over the
 * program, also where no content is at hand: so the table is the process's own, read when the first
 * name is shown. Without it names stand in small letters, as in the formulary. */

struct _ClinicalTallman
{
  GHashTable *names; /* "prednisone" to "predniSONE" */
  char *label, *date, *expires;
  gboolean unverified;
};

typedef struct
{
  ClinicalTallmanLoad load;
  gpointer data;
  GDestroyNotify destroy;
  ClinicalTallman *table; /* (nullable) */
  gboolean loaded;
} Source;

static GMutex lock;
static Source source;

/**
 * clinical_tallman_new:
 * @label: (nullable): what the table calls itself
 * @date: (nullable): of which day it is
 * @expires: (nullable): its last day
 */
ClinicalTallman *
clinical_tallman_new (const char *label, const char *date, const char *expires)
{
  ClinicalTallman *self = g_new0 (ClinicalTallman, 1);

  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->label = g_strdup (label);
  self->date = g_strdup (date);
  self->expires = g_strdup (expires);
  return self;
}

void
clinical_tallman_free (ClinicalTallman *self)
{
  g_hash_table_unref (self->names);
  g_free (self->label);
  g_free (self->date);
  g_free (self->expires);
  g_free (self);
}

static gboolean
is_word (const char *text)
{
  gsize length = 0;

  while (g_ascii_isalpha (text[length]))
    length++;
  return length > 0 && text[length] == '\0';
}

/**
 * clinical_tallman_add:
 * @name: as in the formulary
 * @written: the same letters, some of them capitals
 * @unverified: whether nobody had a page open when it was written
 *
 * Returns: FALSE where @written is another word: nothing makes one drug out of another
 */
gboolean
clinical_tallman_add (ClinicalTallman *self,
                      const char *name,
                      const char *written,
                      gboolean unverified)
{
  if (!is_word (written) || g_ascii_strcasecmp (name, written) != 0)
    return FALSE;
  g_hash_table_insert (self->names, g_ascii_strdown (name, -1), g_strdup (written));
  self->unverified |= unverified;
  return TRUE;
}

/**
 * clinical_tallman_set_source:
 * @load: (nullable): gives the table, once
 *
 * Of the whole process. What was set before is forgotten.
 */
void
clinical_tallman_set_source (ClinicalTallmanLoad load, gpointer data, GDestroyNotify destroy)
{
  Source old;

  g_mutex_lock (&lock);
  old = source;
  source = (Source) { load, data, destroy, NULL, FALSE };
  g_mutex_unlock (&lock);
  g_clear_pointer (&old.table, clinical_tallman_free);
  if (old.destroy)
    old.destroy (old.data);
}

/* With the lock. (nullable) */
static ClinicalTallman *
get_table (void)
{
  if (!source.loaded)
    {
      source.loaded = TRUE;
      source.table = source.load ? source.load (source.data) : NULL;
    }
  return source.table;
}

/* (transfer full): @text as the table writes its names. @found: (out): how many */
static char *
write_names (ClinicalTallman *table, const char *text, guint *found)
{
  GString *out = g_string_new (NULL);

  *found = 0;
  while (*text)
    {
      g_autofree char *word = NULL;
      const char *name;
      gsize length = 0;

      while (g_ascii_isalpha (text[length]))
        length++;
      if (length == 0)
        {
          g_string_append_c (out, *text++);
          continue;
        }
      word = g_ascii_strdown (text, (gssize) length);
      name = g_hash_table_lookup (table->names, word);
      *found += name != NULL;
      g_string_append_len (out, name ? name : text, (gssize) length);
      text += length;
    }
  return g_string_free_and_steal (out);
}

/**
 * clinical_tallman:
 * @text: a text with drug names
 *
 * Returns: (transfer full): the text with the names of the content's table in tall-man letters
 */
char *
clinical_tallman (const char *text)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  ClinicalTallman *table = get_table ();
  guint found;

  return table ? write_names (table, text, &found) : g_strdup (text);
}

/**
 * clinical_tallman_dup_scope:
 * @text: what is shown
 * @today: as in "2026-11-29"
 *
 * Returns: (transfer full) (nullable): where the capitals in @text are from; NULL where there are
 *   none
 */
char *
clinical_tallman_dup_scope (const char *text, const char *today)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  ClinicalTallman *table = get_table ();
  g_autofree char *shown = NULL, *day = NULL, *end = NULL, *scope = NULL;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  guint found = 0;

  shown = table ? write_names (table, text, &found) : NULL;
  if (found == 0)
    return NULL;
  day = table->date ? fhir_date_format (table->date, utc) : NULL;
  if (table->expires && strcmp (table->expires, today) < 0)
    end = fhir_date_format (table->expires, utc);
  scope =
      end ? g_strdup_printf (_ ("%s of %s, EXPIRED on %s"), table->label ? table->label : "?",
                             day ? day : "?", end)
          : g_strdup_printf (_ ("%s of %s"), table->label ? table->label : "?", day ? day : "?");
  /* Translators: the table that says which letters of look-alike names are capitals, and its date
   */
  return table->unverified
             ? g_strdup_printf (_ ("Capitals in a name: %s, unreviewed content"), scope)
             : g_strdup_printf (_ ("Capitals in a name: %s"), scope);
}
