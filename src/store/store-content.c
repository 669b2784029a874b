/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-date.h"
#include "store-content-load.h"
#include "store-content-tallman.h"

/* What was read of a file is never changed and never freed before this object is: whoever borrowed
 * a drug or a row keeps it when the file is replaced and read anew. */

struct _StoreContent
{
  GObject parent_instance;

  char *path;
  BaseClock *clock;
  guint limit_days;

  GMutex lock; /* over all that follows, and over the use of a file */
  GCond cond;
  GThread *thread;
  StoreContentLoad *load; /* NULL until the first question */
  gboolean opened, proved;
  guint generation;
  GPtrArray *old_loads;
  GHashTable *drugs;    /* rxcui -> StoreDrug */
  GHashTable *numbers;  /* row -> StoreDrug, borrowed */
  GHashTable *rows;     /* rxcui -> row, of one's own drugs */
  GPtrArray *old_drugs; /* of files that were replaced */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (StoreContent,
                               store_content,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CLINICAL_TYPE_CONTENT,
                                                      store_content_checks_init))

/* ---- loading, in its own thread -------------------------------------------------------------- */

static gpointer
load_in_thread (gpointer data)
{
  StoreContent *self = data;
  StoreContentLoad *load = self->load;
  gboolean good = store_content_load_open (load);

  g_mutex_lock (&self->lock);
  self->opened = TRUE;
  self->proved = !good;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  if (!good)
    return NULL;
  store_content_load_prove (load);
  g_mutex_lock (&self->lock);
  if (load->error == NULL)
    store_content_file_map (load->file);
  self->proved = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  return NULL;
}

/* With the lock. What was handed out stays; the file itself is let go. */
static void
retire (StoreContent *self)
{
  GHashTableIter iter;
  gpointer drug;

  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->load->file, store_content_file_close);
  g_ptr_array_add (self->old_loads, g_steal_pointer (&self->load));
  g_hash_table_remove_all (self->numbers);
  g_hash_table_remove_all (self->rows);
  g_hash_table_iter_init (&iter, self->drugs);
  while (g_hash_table_iter_next (&iter, NULL, &drug))
    {
      g_ptr_array_add (self->old_drugs, drug);
      g_hash_table_iter_steal (&iter);
    }
}

static void
start (StoreContent *self)
{
  self->load = store_content_load_new (self->path);
  self->opened = self->proved = FALSE;
  self->generation++;
  self->thread = g_thread_new ("content", load_in_thread, self);
}

/* With the lock: what stands at the path now is loaded, or about to be. */
static void
keep_up (StoreContent *self)
{
  StoreContentIdentity now;

  if (self->load == NULL)
    {
      start (self);
      return;
    }
  if (!self->proved)
    return;
  store_content_identify (self->path, &now);
  if (memcmp (&now, &self->load->identity, sizeof now) == 0)
    return;
  retire (self);
  start (self);
}

/* With the lock: enough to search by. NULL where there is nothing. */
static StoreContentLoad *
wait_opened (StoreContent *self)
{
  keep_up (self);
  while (!self->opened)
    g_cond_wait (&self->cond, &self->lock);
  /* until it is proved, the error is the thread's to set */
  return !self->proved || self->load->error == NULL ? self->load : NULL;
}

/* With the lock: all of it, proved. */
static StoreContentLoad *
wait_proved (StoreContent *self)
{
  keep_up (self);
  while (!self->proved)
    g_cond_wait (&self->cond, &self->lock);
  return self->load->error == NULL ? self->load : NULL;
}

/* ---- object ---------------------------------------------------------------------------------- */

static void
store_content_finalize (GObject *object)
{
  StoreContent *self = STORE_CONTENT (object);

  if (self->thread)
    g_thread_join (self->thread);
  g_clear_pointer (&self->load, store_content_load_free);
  g_ptr_array_unref (self->old_loads);
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->drugs);
  g_ptr_array_unref (self->old_drugs);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_clear_object (&self->clock);
  g_free (self->path);

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
  g_cond_init (&self->cond);
  self->drugs =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) store_drug_free);
  self->numbers = g_hash_table_new (NULL, NULL);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->old_drugs = g_ptr_array_new_with_free_func ((GDestroyNotify) store_drug_free);
  self->old_loads = g_ptr_array_new_with_free_func ((GDestroyNotify) store_content_load_free);
}

/**
 * store_content_new:
 * @path: the content file; it need not be there
 * @clock: (nullable): by which the content is past its date; NULL: the machine's
 *
 * Reads nothing yet. From now on the program writes look-alike names as this file does.
 *
 * Returns: (transfer full)
 */
StoreContent *
store_content_new (const char *path, BaseClock *clock)
{
  StoreContent *self = g_object_new (STORE_TYPE_CONTENT, NULL);

  self->path = g_strdup (path);
  self->clock = clock ? g_object_ref (clock) : base_clock_new ();
  clinical_tallman_set_source (store_content_tallman_load, g_strdup (path), g_free);
  return self;
}

/**
 * store_content_open:
 * @path: the content file
 *
 * As store_content_new (), for who cannot go on without one. What is wrong inside it comes out of
 * store_content_wait ().
 *
 * Returns: (transfer full) (nullable): NULL with an error when there is no file
 */
StoreContent *
store_content_open (const char *path, GError **error)
{
  g_autoptr (StoreContentFile) file = NULL;
  g_autoptr (GError) problem = NULL;

  file = store_content_file_open (path, &problem);
  if (file != NULL || !g_error_matches (problem, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_MISSING))
    return store_content_new (path, NULL);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/**
 * store_content_dup_default_path:
 *
 * Returns: (transfer full): the content that comes with this program: installed with it, or, for a
 *   program that runs where it was built, built beside it
 */
char *
store_content_dup_default_path (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return g_strdup (program != NULL && g_str_has_prefix (program, BEDSIDE_BUILD_ROOT "/")
                       ? BEDSIDE_BUILD_ROOT "/data/content/bedside-content.sqlite"
                       : BEDSIDE_PKGDATADIR "/content/bedside-content.sqlite");
}

/**
 * store_content_set_limit_days:
 * @days: how long a table is good after its date where it does not say itself; 0: for ever
 */
void
store_content_set_limit_days (StoreContent *self, guint days)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->limit_days = days;
}

/* ---- state ----------------------------------------------------------------------------------- */

/**
 * store_content_prepare:
 *
 * Begins to read, and returns at once.
 */
void
store_content_prepare (StoreContent *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  keep_up (self);
}

/**
 * store_content_wait:
 *
 * Waits until the content is read and proved.
 *
 * Returns: whether the content is there and whole
 */
gboolean
store_content_wait (StoreContent *self, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (wait_proved (self))
    return TRUE;
  if (error)
    *error = g_error_copy (self->load->error);
  return FALSE;
}

static StoreContentState
state_of_error (const GError *error)
{
  if (g_error_matches (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_MISSING))
    return STORE_CONTENT_MISSING;
  return g_error_matches (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_EMPTY)
             ? STORE_CONTENT_EMPTY
             : STORE_CONTENT_CORRUPT;
}

static char *
dup_expired_sentence (const char *label, const char *end)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *day = fhir_date_format (end, utc);

  return g_strdup_printf (
      _ ("The clinical content is past its date: %s was good until %s. It still "
         "answers. Ask your administrator for the current one."),
      label, day ? day : end);
}

/**
 * store_content_get_state:
 * @sentence: (out) (optional) (nullable): what to say of it; NULL when ready
 *
 * Waits until the content is read and proved.
 */
StoreContentState
store_content_get_state (StoreContent *self, char **sentence)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *today = base_clock_dup_today (self->clock);
  g_autofree char *label = NULL, *end = NULL, *said = NULL;
  StoreContentState state = STORE_CONTENT_READY;

  if (!wait_proved (self))
    {
      state = state_of_error (self->load->error);
      said = g_strdup (self->load->error->message);
    }
  else if ((end = store_content_load_dup_expired (self->load, today, self->limit_days, &label)))
    {
      state = STORE_CONTENT_EXPIRED;
      said = dup_expired_sentence (label, end);
    }
  if (sentence)
    *sentence = g_steal_pointer (&said);
  return state;
}

/**
 * store_content_get_generation:
 *
 * Returns: a number that grows each time another file is found at the path
 */
guint
store_content_get_generation (StoreContent *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  keep_up (self);
  return self->generation;
}

/*
 * store_content_use_file:
 * @use: called with the proved file, which is nobody else's meanwhile
 *
 * Returns: whether there is one
 */
gboolean
store_content_use_file (StoreContent *self, StoreContentUse use, gpointer data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  StoreContentLoad *load = wait_proved (self);

  if (load)
    use (load->file, data);
  return load != NULL;
}

/* ---- drugs ----------------------------------------------------------------------------------- */

/* With the lock: the one that is handed out for this code. */
static const StoreDrug *
take_drug (StoreContent *self, StoreDrug *drug)
{
  StoreDrug *known = drug ? g_hash_table_lookup (self->drugs, drug->rxcui) : NULL;

  if (known != NULL)
    g_clear_pointer (&drug, store_drug_free);
  else if (drug != NULL)
    g_hash_table_insert (self->drugs, drug->rxcui, drug);
  return known ? known : drug;
}

static const StoreDrug *
drug_of_number (StoreContent *self, StoreContentLoad *load, guint number)
{
  const StoreDrug *drug = g_hash_table_lookup (self->numbers, GUINT_TO_POINTER (number));

  if (drug == NULL)
    {
      drug = take_drug (self, store_content_file_read_drug (load->file, number));
      g_hash_table_insert (self->numbers, GUINT_TO_POINTER (number), (gpointer) drug);
    }
  return drug;
}

static const StoreDrug *
drug_of_code (StoreContent *self, StoreContentLoad *load, const char *rxcui)
{
  const StoreDrug *drug = g_hash_table_lookup (self->drugs, rxcui);

  return drug ? drug : take_drug (self, store_content_file_find_drug (load->file, rxcui));
}

/**
 * store_content_get_size:
 *
 * Returns: how many clinical drugs there are
 */
guint
store_content_get_size (StoreContent *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  StoreContentLoad *load = wait_opened (self);

  return load ? store_content_index_get_size (load->index) : 0;
}

/* 0 for a code that the formulary does not have */
static guint
row_of (StoreContent *self, StoreContentLoad *load, const char *rxcui)
{
  gpointer row;

  if (!g_hash_table_lookup_extended (self->rows, rxcui, NULL, &row))
    {
      row = GUINT_TO_POINTER (store_content_file_find_number (load->file, rxcui));
      g_hash_table_insert (self->rows, g_strdup (rxcui), row);
    }
  return GPOINTER_TO_UINT (row);
}

/* How far in front each of one's own drugs stands: favourites before all that was ever prescribed,
 * and within both by how often. */
static guint32 *
order_own (StoreContent *self, StoreContentLoad *load, const StoreContentMarks *marks)
{
  guint32 *first = g_new0 (guint32, store_content_index_get_size (load->index) + 1);
  GHashTableIter iter;
  gpointer code, count;

  if (marks->counts != NULL)
    {
      g_hash_table_iter_init (&iter, marks->counts);
      while (g_hash_table_iter_next (&iter, &code, &count))
        first[row_of (self, load, code)] = MIN (GPOINTER_TO_UINT (count), G_MAXUINT32 / 4);
    }
  if (marks->favourites != NULL)
    {
      g_hash_table_iter_init (&iter, marks->favourites);
      while (g_hash_table_iter_next (&iter, &code, NULL))
        first[row_of (self, load, code)] += G_MAXUINT32 / 2;
    }
  first[0] = 0; /* where codes go that this formulary does not have */
  return first;
}

/**
 * store_content_search:
 * @text: what was typed: beginnings of words of ingredient, brand, strength and form, in any order
 * @marks: (nullable): what stands first
 * @limit: at most so many
 * @exact: (out) (optional): how many match as typed; what follows them is only spelled nearly so
 *
 * Returns: (transfer full) (element-type StoreDrug): best first; the drugs are borrowed
 */
GPtrArray *
store_content_search (
    StoreContent *self, const char *text, const StoreContentMarks *marks, guint limit, guint *exact)
{
  guint as_typed = 0;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  StoreContentLoad *load = wait_opened (self);
  g_autofree guint32 *first = load && marks ? order_own (self, load, marks) : NULL;
  g_autoptr (GArray) hits =
      load ? store_content_index_search (load->index, text, first, limit, &as_typed) : NULL;
  GPtrArray *out = g_ptr_array_new ();

  for (guint i = 0; hits && i < hits->len; i++)
    {
      const StoreDrug *drug = drug_of_number (self, load, g_array_index (hits, guint, i));

      if (drug)
        g_ptr_array_add (out, (gpointer) drug);
    }
  if (exact)
    *exact = as_typed;
  return out;
}

GPtrArray *
store_content_search_drugs (StoreContent *self, const char *text, guint limit)
{
  return store_content_search (self, text, NULL, limit, NULL);
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
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  StoreContentLoad *load = rxcui ? wait_opened (self) : NULL;

  return load ? drug_of_code (self, load, rxcui) : NULL;
}

/**
 * store_content_find_packages:
 * @ndcs: codes of eleven digits that a package's code may stand for, ends with NULL
 *
 * Returns: (transfer full) (element-type StoreDrug): the drugs in such packages, each once; none
 * says nothing about the product
 */
GPtrArray *
store_content_find_packages (StoreContent *self, const char *const *ndcs)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  StoreContentLoad *load = wait_opened (self);
  GPtrArray *out = g_ptr_array_new ();

  for (guint i = 0; load && ndcs[i]; i++)
    {
      g_autofree char *rxcui = store_content_file_find_package (load->file, ndcs[i]);
      const StoreDrug *drug = rxcui ? drug_of_code (self, load, rxcui) : NULL;

      if (drug && !g_ptr_array_find (out, drug, NULL))
        g_ptr_array_add (out, (gpointer) drug);
    }
  return out;
}

/* ---- what it is ------------------------------------------------------------------------------ */

/**
 * store_content_dup_day:
 *
 * Returns: (transfer full) (nullable): the formulary's day, as in "2026-11-09"; NULL where it could
 *   not be read
 */
char *
store_content_dup_day (StoreContent *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  StoreContentLoad *load = wait_opened (self);

  return load ? g_strdup (load->day) : NULL;
}

/**
 * store_content_dup_label:
 *
 * Returns: (transfer full): name and date of the formulary, to be shown
 */
char *
store_content_dup_label (StoreContent *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  StoreContentLoad *load = wait_opened (self);

  return g_strdup (load ? load->label : _ ("The formulary could not be read"));
}

/**
 * store_content_dup_attribution:
 *
 * Returns: (transfer full) (nullable): the sentence that the National Library of Medicine asks for
 */
char *
store_content_dup_attribution (StoreContent *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  StoreContentLoad *load = wait_opened (self);

  return load ? g_strdup (load->attribution) : NULL;
}

/*
 * store_content_get_load:
 *
 * Waits until the content is read and proved. What is proved does not change: it is read without a
 * lock, and lives as long as @self.
 *
 * Returns: (transfer none) (nullable)
 */
StoreContentLoad *
store_content_get_load (StoreContent *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return wait_proved (self);
}
