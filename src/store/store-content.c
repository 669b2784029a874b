/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content.h"

#include "fhir-date.h"
#include "store-content-index.h"

#include <string.h>

/* The tables are read into one buffer each, whose tabs and line ends become string ends: a drug's
 * cells are pointers into it. */

struct _StoreContent
{
  GObject parent_instance;

  char *folder;
  GThread *thread;
  GMutex lock;
  gboolean loaded;
  GError *error;

  char *formulary, *ingredient_table; /* buffers the cells point into */
  char *label, *date, *day, *attribution;
  GArray *drugs;            /* StoreDrug */
  GHashTable *drug_by_code; /* char * -> index + 1 */
  GHashTable *name_by_code; /* ingredient's code -> name */
  GHashTable
      *by_name;       /* folded name of an ingredient or brand -> GPtrArray of ClinicalIngredient */
  guint longest_name; /* in words */
  GPtrArray *class_rows;
  StoreContentIndex *index;
};

static void store_content_interface_init (ClinicalContentInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StoreContent,
                               store_content,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CLINICAL_TYPE_CONTENT,
                                                      store_content_interface_init))

/* Splits one line of a table in place. Returns the start of the next line, or NULL. */
static char *
split_line (char *line, char **cells, guint wanted, guint *found)
{
  char *end = strchr (line, '\n');

  if (end)
    *end = '\0';
  *found = 0;
  for (char *cell = line; cell; (*found)++)
    {
      char *tab = strchr (cell, '\t');

      if (tab)
        *tab = '\0';
      if (*found < wanted)
        cells[*found] = cell;
      cell = tab ? tab + 1 : NULL;
    }
  return end ? end + 1 : NULL;
}

static void
read_comment (StoreContent *self, const char *line)
{
  const char *end = strchrnul (line, '\n');
  g_autofree char *text = g_strndup (line, (gsize) (end - line));

  if (g_str_has_prefix (text, "# label: "))
    self->label = g_strdup (text + strlen ("# label: "));
  else if (g_str_has_prefix (text, "# attribution: "))
    self->attribution = g_strdup (text + strlen ("# attribution: "));
  else if (g_str_has_prefix (text, "# date: "))
    {
      g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

      g_set_str (&self->day, text + strlen ("# date: "));
      self->date = fhir_date_format (self->day, utc);
    }
}

static gboolean
fail_line (const char *name, guint line, GError **error)
{
  g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT,
               "%s cannot be read: line %u has the wrong number of cells.", name, line);
  return FALSE;
}

static gboolean
read_formulary (StoreContent *self, GError **error)
{
  gboolean heading = TRUE;
  guint number = 1, found;

  for (char *line = self->formulary; line && *line; number++)
    {
      char *cells[9];
      StoreDrug drug;

      if (*line == '#')
        {
          read_comment (self, line);
          line = strchr (line, '\n') ? strchr (line, '\n') + 1 : NULL;
          continue;
        }
      line = split_line (line, cells, G_N_ELEMENTS (cells), &found);
      if (found != G_N_ELEMENTS (cells))
        return fail_line ("The formulary", number, error);
      if (heading)
        {
          heading = FALSE;
          continue;
        }
      drug = (StoreDrug) { cells[0], cells[1], cells[2],
                           cells[3], cells[4], cells[5],
                           cells[6], cells[7], *cells[8] ? cells[8] : NULL };
      g_array_append_val (self->drugs, drug);
      g_hash_table_insert (self->drug_by_code, cells[0], GUINT_TO_POINTER (self->drugs->len));
    }
  if (!self->label || !self->date || self->drugs->len == 0)
    {
      g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT,
                   "The formulary cannot be read: it does not say what it is.");
      return FALSE;
    }
  return TRUE;
}

static guint
count_words (const char *folded)
{
  guint words = 1;

  for (; *folded; folded++)
    words += *folded == ' ';
  return words;
}

/* Remembers that @name in a text means @code. */
static void
add_name (StoreContent *self, const char *name, const char *code, const char *ingredient)
{
  g_autofree char *folded = store_content_fold (name);
  g_autoptr (ClinicalIngredient) one = clinical_ingredient_new (code, ingredient);
  GPtrArray *list = g_hash_table_lookup (self->by_name, folded);

  if (strlen (folded) < 3)
    return;
  if (!list)
    {
      list = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
      self->longest_name = MAX (self->longest_name, count_words (folded));
      g_hash_table_insert (self->by_name, g_steal_pointer (&folded), list);
    }
  for (guint i = 0; i < list->len; i++)
    if (clinical_ingredient_is_same (list->pdata[i], one))
      return;
  g_ptr_array_add (list, g_steal_pointer (&one));
}

static void
add_names_of_drug (StoreContent *self, const StoreDrug *drug)
{
  g_auto (GStrv) names = g_strsplit (drug->ingredients, "|", -1);
  g_auto (GStrv) codes = g_strsplit (drug->ingredient_codes, "|", -1);
  g_auto (GStrv) brands = g_strsplit (drug->brand ? drug->brand : "", "|", -1);

  for (guint i = 0; names[i] && codes[i]; i++)
    {
      add_name (self, names[i], codes[i], names[i]);
      for (guint j = 0; brands[j]; j++)
        if (strlen (brands[j]) >= 4)
          add_name (self, brands[j], codes[i], names[i]);
    }
}

static gboolean
read_ingredients (StoreContent *self, GError **error)
{
  gboolean heading = TRUE;
  guint number = 1, found;

  for (char *line = self->ingredient_table; line && *line; number++)
    {
      char *cells[3];

      if (*line == '#')
        {
          line = strchr (line, '\n') ? strchr (line, '\n') + 1 : NULL;
          continue;
        }
      line = split_line (line, cells, G_N_ELEMENTS (cells), &found);
      if (found != G_N_ELEMENTS (cells))
        return fail_line ("The list of ingredients", number, error);
      if (!heading)
        g_hash_table_insert (self->name_by_code, cells[0], cells[1]);
      if (!heading && g_str_equal (cells[2], "IN"))
        add_name (self, cells[1], cells[0], cells[1]);
      heading = FALSE;
    }
  return TRUE;
}

static gboolean
read_file (StoreContent *self, const char *name, char **contents, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  return g_file_get_contents (path, contents, NULL, error);
}

static gboolean
load (StoreContent *self, GError **error)
{
  g_autofree char *classes = NULL;

  if (!read_file (self, "formulary.tsv", &self->formulary, error) ||
      !read_file (self, "ingredients.tsv", &self->ingredient_table, error) ||
      !read_file (self, "allergy-classes.tsv", &classes, error) || !read_formulary (self, error) ||
      !read_ingredients (self, error))
    return FALSE;
  g_clear_pointer (&self->class_rows, g_ptr_array_unref);
  self->class_rows = clinical_class_rows_parse (classes, error);
  if (!self->class_rows)
    {
      self->class_rows = g_ptr_array_new ();
      return FALSE;
    }
  for (guint i = 0; i < self->drugs->len; i++)
    add_names_of_drug (self, &g_array_index (self->drugs, StoreDrug, i));
  self->index = store_content_index_new (self->drugs);
  return TRUE;
}

static gpointer
load_in_thread (gpointer data)
{
  StoreContent *self = data;

  load (self, &self->error);
  return NULL;
}

static void
store_content_finalize (GObject *object)
{
  StoreContent *self = STORE_CONTENT (object);

  if (self->thread)
    g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_clear_error (&self->error);
  g_clear_pointer (&self->index, store_content_index_free);
  g_hash_table_unref (self->drug_by_code);
  g_hash_table_unref (self->name_by_code);
  g_hash_table_unref (self->by_name);
  g_array_unref (self->drugs);
  g_clear_pointer (&self->class_rows, g_ptr_array_unref);
  g_free (self->formulary);
  g_free (self->ingredient_table);
  g_free (self->label);
  g_free (self->date);
  g_free (self->day);
  g_free (self->attribution);
  g_free (self->folder);

  G_OBJECT_CLASS (store_content_parent_class)->finalize (object);
}

static void
store_content_class_init (StoreContentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = store_content_finalize;
}

static void
store_content_init (StoreContent *self)
{
  g_mutex_init (&self->lock);
  self->drugs = g_array_sized_new (FALSE, FALSE, sizeof (StoreDrug), 12000);
  self->drug_by_code = g_hash_table_new (g_str_hash, g_str_equal);
  self->name_by_code = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->class_rows = g_ptr_array_new ();
}

/**
 * store_content_open:
 * @folder: holds formulary.tsv, ingredients.tsv and allergy-classes.tsv
 *
 * Begins to load the content in a thread and returns at once. What is wrong inside the tables comes
 * out of store_content_wait ().
 *
 * Returns: (transfer full) (nullable): NULL with an error when a table is not there
 */
StoreContent *
store_content_open (const char *folder, GError **error)
{
  static const char *const tables[] = { "formulary.tsv", "ingredients.tsv", "allergy-classes.tsv" };
  g_autoptr (StoreContent) self = g_object_new (STORE_TYPE_CONTENT, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *path = g_build_filename (folder, tables[i], NULL);

      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        {
          g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT,
                       "The clinical content is not complete: there is no %s.", path);
          return NULL;
        }
    }
  self->folder = g_strdup (folder);
  self->thread = g_thread_new ("content", load_in_thread, self);
  return g_steal_pointer (&self);
}

/**
 * store_content_wait:
 *
 * Waits until the content is loaded. Every other question does so too; call this to learn whether
 * the tables could be read. Until they can, every search is empty and every check answers not
 * checked.
 *
 * Returns: whether the content is there
 */
gboolean
store_content_wait (StoreContent *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->thread)
    g_thread_join (g_steal_pointer (&self->thread));
  if (self->error && error)
    *error = g_error_copy (self->error);
  return self->error == NULL;
}

/**
 * store_content_get_size:
 *
 * Returns: how many clinical drugs there are
 */
guint
store_content_get_size (StoreContent *self)
{
  return store_content_wait (self, NULL) ? self->drugs->len : 0;
}

/**
 * store_content_search_drugs:
 * @text: what was typed: beginnings of words of ingredient, brand, strength and form, in any order
 * @limit: at most so many
 *
 * Returns: (transfer full) (element-type StoreDrug): best first; the drugs are borrowed
 */
GPtrArray *
store_content_search_drugs (StoreContent *self, const char *text, guint limit)
{
  g_autoptr (GArray) hits = NULL;
  GPtrArray *out = g_ptr_array_new ();

  if (!store_content_wait (self, NULL))
    return out;
  hits = store_content_index_search (self->index, text, limit);
  for (guint i = 0; i < hits->len; i++)
    g_ptr_array_add (out, &g_array_index (self->drugs, StoreDrug, g_array_index (hits, guint, i)));
  return out;
}

/**
 * store_content_get_drug:
 * @rxcui: RxNorm code of a clinical drug
 *
 * Returns: (nullable): the drug, which lives as long as @self
 */
const StoreDrug *
store_content_get_drug (StoreContent *self, const char *rxcui)
{
  guint at = rxcui && store_content_wait (self, NULL)
                 ? GPOINTER_TO_UINT (g_hash_table_lookup (self->drug_by_code, rxcui))
                 : 0;

  return at > 0 ? &g_array_index (self->drugs, StoreDrug, at - 1) : NULL;
}

/**
 * store_content_dup_day:
 *
 * Blocks until the tables are read.
 *
 * Returns: (transfer full) (nullable): the formulary's day, as in "2026-11-09"; NULL where it could
 *   not be read
 */
char *
store_content_dup_day (StoreContent *self)
{
  return store_content_wait (self, NULL) ? g_strdup (self->day) : NULL;
}

/**
 * store_content_dup_label:
 *
 * Returns: (transfer full): name and date of the formulary, to be shown
 */
char *
store_content_dup_label (StoreContent *self)
{
  return g_strdup (store_content_wait (self, NULL) ? self->label
                                                   : "The formulary could not be read");
}

/**
 * store_content_dup_attribution:
 *
 * Returns: (transfer full) (nullable): the sentence that the National Library of Medicine asks for
 */
char *
store_content_dup_attribution (StoreContent *self)
{
  return g_strdup (store_content_wait (self, NULL) ? self->attribution : NULL);
}

static GPtrArray *
ingredient_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
}

static void
add_copies (GPtrArray *out, GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      const ClinicalIngredient *one = list->pdata[i];

      g_ptr_array_add (out, clinical_ingredient_new (one->code, one->name));
    }
}

/* The longest names win: "penicillin G" is not also whatever "penicillin" may be. */
static GPtrArray *
store_content_ingredients_in_text (ClinicalContent *content, const char *text)
{
  StoreContent *self = STORE_CONTENT (content);
  GPtrArray *out = ingredient_list_new ();
  g_autofree char *folded = store_content_fold (text);
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  guint count = g_strv_length (words);

  if (!store_content_wait (self, NULL))
    return out;
  for (guint i = 0; i < count;)
    {
      guint length = MIN (self->longest_name, count - i);
      GPtrArray *list = NULL;

      for (; length > 0 && !list; length -= list ? 0 : 1)
        {
          g_autoptr (GString) name = g_string_new (words[i]);

          for (guint j = 1; j < length; j++)
            g_string_append_printf (name, " %s", words[i + j]);
          list = g_hash_table_lookup (self->by_name, name->str);
        }
      if (list)
        add_copies (out, list);
      i += list ? length : 1;
    }
  return out;
}

static GPtrArray *
store_content_ingredients_of_drug (ClinicalContent *content, const char *rxcui)
{
  StoreContent *self = STORE_CONTENT (content);
  const StoreDrug *drug = store_content_get_drug (self, rxcui);
  const char *name = !drug && store_content_wait (self, NULL)
                         ? g_hash_table_lookup (self->name_by_code, rxcui)
                         : NULL;
  GPtrArray *out;

  if (drug)
    {
      g_auto (GStrv) names = g_strsplit (drug->ingredients, "|", -1);
      g_auto (GStrv) codes = g_strsplit (drug->ingredient_codes, "|", -1);

      out = ingredient_list_new ();
      for (guint i = 0; names[i] && codes[i]; i++)
        g_ptr_array_add (out, clinical_ingredient_new (codes[i], names[i]));
      return out;
    }
  if (!name)
    return NULL;
  /* A salt is answered by its ingredient, where its name begins with it. */
  out = store_content_ingredients_in_text (content, name);
  if (out->len == 0)
    g_ptr_array_add (out, clinical_ingredient_new (rxcui, name));
  return out;
}

static GPtrArray *
store_content_class_rows (ClinicalContent *content)
{
  StoreContent *self = STORE_CONTENT (content);

  store_content_wait (self, NULL);
  return self->class_rows;
}

static char *
store_content_dup_date (ClinicalContent *content)
{
  StoreContent *self = STORE_CONTENT (content);

  return g_strdup (store_content_wait (self, NULL) ? self->date : "an unknown date");
}

static void
store_content_interface_init (ClinicalContentInterface *iface)
{
  iface->ingredients_of_drug = store_content_ingredients_of_drug;
  iface->ingredients_in_text = store_content_ingredients_in_text;
  iface->class_rows = store_content_class_rows;
  iface->dup_date = store_content_dup_date;
}
