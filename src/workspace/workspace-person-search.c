/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-person-search.h"

#include "fhir-date.h"
#include "fhir-text.h"
#include "store-resource.h"
#include "store-search-phone.h"
#include "store-search.h"

#include "workspace-readiness.h"

/**
 * WorkspacePersonSearch:
 *
 * One search field's answers. Each keystroke starts a new read and cancels the one before; answers
 * replace the list only when they belong to the newest text, so a slow answer never shows under
 * other words. No text: the first patients by family name. Where it was asked for, whoever was
 * opened lately stands before the others.
 */

#define SETTLE_MS 60

struct _WorkspacePersonSearch
{
  GObject parent_instance;

  WorkspaceSession *session;
  GListStore *model;
  GCancellable *cancellable;
  char *text;
  guint limit;
  guint search_source;
  gboolean more;
  gboolean recent_first;
};

enum
{
  SIGNAL_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspacePersonSearch, workspace_person_search, G_TYPE_OBJECT)

typedef struct
{
  WorkspacePersonSearch *self;
  char *text;
  char *today;
  GStrv recent; /* (nullable): ids of whoever stands first */
  gint64 now;
  gint64 pulled;
  GTimeZone *zone;
  guint limit;
  GPtrArray *people;
} Search;

static void
search_free (Search *search)
{
  g_clear_object (&search->self);
  g_clear_pointer (&search->people, g_ptr_array_unref);
  g_time_zone_unref (search->zone);
  g_free (search->text);
  g_free (search->today);
  g_strfreev (search->recent);
  g_free (search);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Search, search_free)

static int
month_of (const char *word)
{
  static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec" };

  g_autofree char *typed = g_str_to_ascii (word, NULL);

  if (g_ascii_isdigit (*word))
    return (int) g_ascii_strtoll (word, NULL, 10);
  for (int i = 0; i < 12; i++)
    {
      /* as this language writes it, with its accents or without */
      g_autofree char *here = g_str_to_ascii (fhir_date_month_name (i + 1), NULL);

      if (*here && g_ascii_strncasecmp (typed, here, strlen (here)) == 0)
        return i + 1;
    }
  for (int i = 0; i < 12; i++)
    if (g_ascii_strncasecmp (word, months[i], 3) == 0)
      return i + 1;
  return 0;
}

/* "1961年3月12日" is "1961-3-12". */
static char *
dup_without_cjk_marks (const char *text)
{
  g_autoptr (GString) plain = g_string_new (text);

  g_string_replace (plain, "年", "-", 1);
  g_string_replace (plain, "月", "-", 1);
  g_string_replace (plain, "日", "", 1);
  return g_string_free_and_steal (g_steal_pointer (&plain));
}

/* Day, month, year in the order people write them, or year first; NULL when it is no date. */
static char *
dup_date (const char *text)
{
  g_autofree char *plain = dup_without_cjk_marks (text);
  g_auto (GStrv) parts = g_strsplit_set (plain, "-/. ", -1);

  if (g_strv_length (parts) != 3 || !*parts[0] || !*parts[1] || !*parts[2])
    return NULL;
  gboolean year_first = strlen (parts[0]) == 4;
  int year = (int) g_ascii_strtoll (parts[year_first ? 0 : 2], NULL, 10);
  int month = month_of (parts[1]);
  int day = (int) g_ascii_strtoll (parts[year_first ? 2 : 0], NULL, 10);
  if (year < 1850 || !g_date_valid_dmy (day, month, year))
    return NULL;
  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}

/* (transfer full) (nullable): the FHIR query for what was typed when that is a birth date or an
 * identifier; NULL when it is to be read as a name. */
char *
workspace_person_search_dup_query (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autofree char *date = dup_date (stripped);
  guint digits = 0, others = 0;

  if (date)
    return g_strdup_printf ("birthdate=%s", date);
  for (const char *c = stripped; *c; c++)
    {
      digits += g_ascii_isdigit (*c);
      others += !g_ascii_isdigit (*c) && !g_ascii_isspace (*c) && *c != '-';
    }
  if (digits < 3 || others > digits)
    return NULL;
  g_auto (GStrv) words = g_strsplit_set (stripped, " ", -1);
  g_autofree char *joined = g_strjoinv ("", words);
  g_autofree char *escaped = g_uri_escape_string (joined, NULL, TRUE);
  g_autofree char *as_typed = g_uri_escape_string (stripped, NULL, TRUE);
  return g_strdup_printf ("identifier=%s,%s", escaped, as_typed);
}

static GPtrArray *
find_first (StoreConnection *connection, guint limit, GError **error)
{
  g_autofree char *text = g_strdup_printf ("_sort=family&_count=%u", limit);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Patient", text, TRUE, error);
  g_autoptr (StoreSearch) found = query ? store_search (connection, query, error) : NULL;

  return found ? g_ptr_array_ref (found->matches) : NULL;
}

static GPtrArray *
patients_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
}

/* (transfer none) (nullable) */
static FhirResource *
find_patient (GPtrArray *patients, const char *id)
{
  for (guint i = 0; i < patients->len; i++)
    if (g_strcmp0 (fhir_resource_get_id (patients->pdata[i]), id) == 0)
      return patients->pdata[i];
  return NULL;
}

static void
add_new (GPtrArray *patients, FhirResource *patient)
{
  if (!find_patient (patients, fhir_resource_get_id (patient)))
    g_ptr_array_add (patients, fhir_resource_ref (patient));
}

/* By birth date or identifier. */
static GPtrArray *
find_by_query (StoreConnection *connection, const char *query, guint limit, GError **error)
{
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Patient", query, error);
  g_autoptr (GPtrArray) found = NULL;

  if (!ids)
    return NULL;
  found = patients_new ();
  for (guint i = 0; i < ids->len && i < limit; i++)
    {
      FhirResource *patient = store_resource_get (connection, "Patient", ids->pdata[i], error);

      if (!patient)
        return NULL;
      g_ptr_array_add (found, patient);
    }
  return g_steal_pointer (&found);
}

/* Digits are an identifier or a telephone number: whoever has them as either. */
static GPtrArray *
find_by_digits (StoreConnection *connection, Search *search, const char *query, GError **error)
{
  g_autoptr (GPtrArray) found = find_by_query (connection, query, search->limit, error);
  g_autoptr (GPtrArray) reached =
      found ? store_search_phones (connection, "Patient", search->text, search->limit, error)
            : NULL;

  if (!reached)
    return NULL;
  for (guint i = 0; i < reached->len; i++)
    add_new (found, reached->pdata[i]);
  return g_steal_pointer (&found);
}

/* (element-type FhirResource): the patients that the typed text means. */
static GPtrArray *
find (StoreConnection *connection, Search *search, GError **error)
{
  g_autofree char *query = NULL;

  if (!search->text || !*search->text)
    return find_first (connection, search->limit, error);
  query = workspace_person_search_dup_query (search->text);
  if (query && g_str_has_prefix (query, "identifier="))
    return find_by_digits (connection, search, query, error);
  if (query)
    return find_by_query (connection, query, search->limit, error);
  return store_search_names (connection, "Patient", search->text, search->limit, error);
}

/* Each word that was typed begins a word of the name, as it does for whoever is found by name. */
static gboolean
is_named (FhirResource *patient, Search *search)
{
  g_autoptr (WorkspacePerson) person = workspace_person_new (patient, search->today, search->zone);
  g_autofree char *name = fhir_fold (workspace_person_get_name (person));
  g_auto (GStrv) typed = store_search_split_words (search->text);
  g_autofree char *spaced = g_strconcat (" ", g_strdelimit (name, ",-'", ' '), NULL);

  for (char **word = typed; *word; word++)
    {
      g_autofree char *needle = g_strconcat (" ", *word, NULL);

      if (!strstr (spaced, needle))
        return FALSE;
    }
  return *typed != NULL;
}

static gboolean
has_text (Search *search)
{
  return search->text && *search->text;
}

/* (transfer full) (nullable): of whoever is opened often there may be no place among those found.
 */
static FhirResource *
dup_recent (StoreConnection *connection, Search *search, const char *id, GPtrArray *found)
{
  FhirResource *known = find_patient (found, id);
  g_autoptr (FhirResource) patient =
      known ? fhir_resource_ref (known) : store_resource_get (connection, "Patient", id, NULL);

  if (known || (patient && (!has_text (search) || is_named (patient, search))))
    return g_steal_pointer (&patient);
  return NULL;
}

/* Whoever was opened lately stands first, the last one before the others; gives how many. */
static guint
put_recent_first (StoreConnection *connection, Search *search, GPtrArray **found)
{
  g_autoptr (GPtrArray) all = patients_new ();
  guint n_recent;

  for (char **id = search->recent; id && *id; id++)
    {
      g_autoptr (FhirResource) patient = dup_recent (connection, search, *id, *found);

      if (patient)
        add_new (all, patient);
    }
  n_recent = all->len;
  for (guint i = 0; i < (*found)->len; i++)
    add_new (all, (*found)->pdata[i]);
  g_ptr_array_unref (*found);
  *found = g_steal_pointer (&all);
  return n_recent;
}

static WorkspacePerson *
make_person (StoreConnection *connection, Search *search, FhirResource *patient)
{
  WorkspacePerson *person = workspace_person_new (patient, search->today, search->zone);
  g_autoptr (WorkspaceReadiness) readiness =
      workspace_readiness_load (connection, workspace_person_get_id (person));
  WorkspaceReadinessLevel level =
      workspace_readiness_get_level (readiness, search->pulled, search->now);

  workspace_person_take_mark (person,
                              workspace_readiness_dup_short (readiness, search->pulled,
                                                             search->now),
                              workspace_readiness_icon_name (level));
  return person;
}

static gboolean
search_work (StoreConnection *connection, gpointer data, GError **error)
{
  Search *search = data;
  g_autoptr (GPtrArray) found = find (connection, search, error);
  guint n_recent;

  if (!found)
    return FALSE;
  n_recent = put_recent_first (connection, search, &found);
  search->people = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < found->len && i < search->limit; i++)
    {
      WorkspacePerson *person = make_person (connection, search, found->pdata[i]);

      workspace_person_set_recent (person, i < n_recent);
      g_ptr_array_add (search->people, person);
    }
  return TRUE;
}

static void
search_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Search) search = user_data;
  WorkspacePersonSearch *self = search->self;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("cannot search for patients: %s", error->message);
      return;
    }
  if (g_strcmp0 (search->text, self->text) != 0)
    return;
  self->more = search->people->len >= self->limit;
  g_list_store_splice (self->model, 0, g_list_model_get_n_items (G_LIST_MODEL (self->model)),
                       search->people->pdata, search->people->len);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

static void
start (gpointer user_data)
{
  WorkspacePersonSearch *self = user_data;
  Search *search = g_new0 (Search, 1);

  self->search_source = 0;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();

  search->self = g_object_ref (self);
  search->text = g_strdup (self->text);
  search->today = workspace_session_dup_today (self->session);
  search->now = base_clock_now (workspace_session_get_clock (self->session));
  search->pulled = workspace_session_get_pulled (self->session);
  search->zone = g_time_zone_ref (workspace_session_get_zone (self->session));
  search->limit = self->limit;
  if (self->recent_first)
    search->recent = workspace_recent_dup_ids (workspace_session_get_recent (self->session));
  store_database_read_async (workspace_session_get_database (self->session), search_work, search,
                             NULL, self->cancellable, search_cb, search);
}

static void
start_soon (WorkspacePersonSearch *self)
{
  if (self->search_source == 0)
    self->search_source = g_timeout_add_once (SETTLE_MS, start, self);
}

static void
changed_cb (WorkspacePersonSearch *self, GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    if (g_str_equal (((const StoreChange *) changes->pdata[i])->type, "Patient"))
      {
        start_soon (self);
        return;
      }
}

static void
workspace_person_search_dispose (GObject *object)
{
  WorkspacePersonSearch *self = WORKSPACE_PERSON_SEARCH (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->search_source, g_source_remove);
  g_clear_object (&self->model);
  g_clear_object (&self->session);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (workspace_person_search_parent_class)->dispose (object);
}

static void
workspace_person_search_class_init (WorkspacePersonSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workspace_person_search_dispose;

  signals[SIGNAL_FINISHED] = g_signal_new ("finished", WORKSPACE_TYPE_PERSON_SEARCH,
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workspace_person_search_init (WorkspacePersonSearch *self)
{
  self->model = g_list_store_new (WORKSPACE_TYPE_PERSON);
  self->cancellable = g_cancellable_new ();
}

/* @limit: the most people that the list holds. Signal "finished" after each answer. */
WorkspacePersonSearch *
workspace_person_search_new (WorkspaceSession *session, guint limit)
{
  WorkspacePersonSearch *self = g_object_new (WORKSPACE_TYPE_PERSON_SEARCH, NULL);

  self->session = g_object_ref (session);
  self->limit = limit;
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  start_soon (self);
  return self;
}

/* Whoever this account opened lately stands first among those who are found, also where they would
 * not be among so many. */
void
workspace_person_search_put_recent_first (WorkspacePersonSearch *self)
{
  g_return_if_fail (WORKSPACE_IS_PERSON_SEARCH (self));

  if (self->recent_first)
    return;
  self->recent_first = TRUE;
  g_signal_connect_object (workspace_session_get_recent (self->session), "changed",
                           G_CALLBACK (start_soon), self, G_CONNECT_SWAPPED);
  start_soon (self);
}

void
workspace_person_search_set_text (WorkspacePersonSearch *self, const char *text)
{
  g_return_if_fail (WORKSPACE_IS_PERSON_SEARCH (self));

  if (g_set_str (&self->text, text))
    start_soon (self);
}

/* Looks again for what was typed: time passed, and marks may read differently. */
void
workspace_person_search_refresh (WorkspacePersonSearch *self)
{
  g_return_if_fail (WORKSPACE_IS_PERSON_SEARCH (self));

  start_soon (self);
}

/* (transfer none): of WorkspacePerson. */
GListModel *
workspace_person_search_get_model (WorkspacePersonSearch *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PERSON_SEARCH (self), NULL);

  return G_LIST_MODEL (self->model);
}

/* TRUE: there may be more than the list holds. */
gboolean
workspace_person_search_get_more (WorkspacePersonSearch *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PERSON_SEARCH (self), FALSE);

  return self->more;
}
