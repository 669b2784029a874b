/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-list-model.h"

#include "store-resource.h"
#include "workspace-readiness.h"

#include "patients-list-find.h"

/**
 * PatientsListModel:
 *
 * The list is found on the store's reading thread, as numbers and names alone; who stands at a
 * place is read in blocks when somebody looks there. When records change, only their patients are
 * judged anew; where many changed, or some cannot be judged, all are. What stays keeps its object,
 * so that a list view keeps its place.
 */

#define SETTLE_MS 100
#define BLOCK     100
#define MANY      50 /* so many changed patients are more work one by one */

struct _PatientsListModel
{
  GObject parent_instance;

  WorkspaceSession *session;
  CareCohort *cohort;
  GPtrArray *items;          /* PatientsListItem, by name */
  GHashTable *changed;       /* ids of patients to be judged anew */
  GPtrArray *wanted;         /* PatientsListItem that somebody looks at */
  GCancellable *cancellable; /* of the finding */
  GCancellable *closed;      /* of what is read about people */
  guint find_source, read_source;
  gboolean all;      /* everybody is to be judged anew */
  gboolean withheld; /* somebody cannot be judged for what cannot be shown safely */
  gboolean finding;  /* an answer is on its way */
  GStrv only;        /* nullable: about whom it is */
  PatientsListState state;
  char *error, *missing;
  guint n_unjudged, n_framed, n_unframed, n_full;
  gint64 as_of;
  char *today;   /* the day of the last question about everybody */
  gint64 pulled; /* how fresh the session was then */
};

enum
{
  SIGNAL_UPDATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* ---- who stands at a place ---- */

typedef struct
{
  GPtrArray *items, *people; /* PatientsListItem; WorkspacePerson, NULL for one that is gone */
  char *today;
  GTimeZone *zone;
  gint64 now, pulled;
} Block;

static void
block_free (gpointer data)
{
  Block *block = data;

  g_ptr_array_unref (block->items);
  g_ptr_array_unref (block->people);
  g_time_zone_unref (block->zone);
  g_free (block->today);
  g_free (block);
}

static void
clear_person (gpointer person)
{
  g_clear_object (&person);
}

static WorkspacePerson *
make_person (StoreConnection *connection, Block *block, FhirResource *patient)
{
  WorkspacePerson *person = workspace_person_new (patient, block->today, block->zone);
  g_autoptr (WorkspaceReadiness) readiness =
      workspace_readiness_load (connection, workspace_person_get_id (person));
  WorkspaceReadinessLevel level =
      workspace_readiness_get_level (readiness, block->pulled, block->now);

  workspace_person_take_mark (person,
                              workspace_readiness_dup_short (readiness, block->pulled, block->now),
                              workspace_readiness_icon_name (level));
  return person;
}

static gboolean
read_block (StoreConnection *connection, gpointer data, GError **error)
{
  Block *block = data;

  for (guint i = 0; i < block->items->len; i++)
    {
      g_autoptr (FhirResource) patient =
          store_resource_get (connection, "Patient",
                              patients_list_item_get_id (block->items->pdata[i]), NULL);

      g_ptr_array_add (block->people, patient ? make_person (connection, block, patient) : NULL);
    }
  return TRUE;
}

static void
block_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Block *block = user_data;
  gboolean read = store_database_read_finish (STORE_DATABASE (source), result, NULL);

  for (guint i = 0; i < block->items->len; i++)
    {
      if (read && block->people->pdata[i])
        patients_list_item_set_person (block->items->pdata[i], block->people->pdata[i]);
      if (!read)
        patients_list_item_set_asked (block->items->pdata[i], FALSE);
    }
  block_free (block);
}

static void read_wanted (gpointer user_data);

/* Not when there is nothing else to do: in a call that may be never. */
static void
read_soon (PatientsListModel *self)
{
  self->read_source = g_timeout_add_once (0, read_wanted, self);
}

static void
read_wanted (gpointer user_data)
{
  PatientsListModel *self = user_data;
  guint n_now = MIN (self->wanted->len, BLOCK);
  Block *block = g_new0 (Block, 1);

  self->read_source = 0;
  block->items = g_ptr_array_new_with_free_func (g_object_unref);
  block->people = g_ptr_array_new_with_free_func (clear_person);
  for (guint i = 0; i < n_now; i++)
    g_ptr_array_add (block->items, g_object_ref (self->wanted->pdata[i]));
  g_ptr_array_remove_range (self->wanted, 0, n_now);
  block->today = workspace_session_dup_today (self->session);
  block->zone = g_time_zone_ref (workspace_session_get_zone (self->session));
  block->now = base_clock_now (workspace_session_get_clock (self->session));
  block->pulled = workspace_session_get_pulled (self->session);
  store_database_read_async (workspace_session_get_database (self->session), read_block, block,
                             NULL, self->closed, block_cb, block);
  if (self->wanted->len > 0)
    read_soon (self);
}

static void
want (PatientsListModel *self, PatientsListItem *item)
{
  if (patients_list_item_get_asked (item))
    return;
  patients_list_item_set_asked (item, TRUE);
  g_ptr_array_add (self->wanted, g_object_ref (item));
  if (self->read_source == 0)
    read_soon (self);
}

/* ---- GListModel ---- */

static GType
get_item_type (GListModel *model)
{
  return PATIENTS_TYPE_LIST_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return PATIENTS_LIST_MODEL (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  PatientsListModel *self = PATIENTS_LIST_MODEL (model);

  if (position >= self->items->len)
    return NULL;
  want (self, self->items->pdata[position]);
  return g_object_ref (self->items->pdata[position]);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PatientsListModel,
                               patients_list_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* ---- taking an answer ---- */

static gboolean
is_same (PatientsListItem *item, const StorePerson *person)
{
  return patients_list_item_compare (item, person) == 0;
}

/* Everybody: what differs lies between a beginning and an end that stay. */
static void
take_all (PatientsListModel *self, GPtrArray *people)
{
  guint old = self->items->len, fresh = people->len, start = 0, end = 0;
  g_autoptr (GHashTable) kept = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) numbers = g_array_sized_new (FALSE, FALSE, sizeof (gint64), old + 1);

  while (start < MIN (old, fresh) && is_same (self->items->pdata[start], people->pdata[start]))
    start++;
  while (end < MIN (old, fresh) - start &&
         is_same (self->items->pdata[old - end - 1], people->pdata[fresh - end - 1]))
    end++;
  for (guint i = start; i < old - end; i++)
    {
      gint64 number = patients_list_item_get_number (self->items->pdata[i]);

      g_array_append_val (numbers, number);
      g_hash_table_insert (kept, &g_array_index (numbers, gint64, numbers->len - 1),
                           self->items->pdata[i]);
    }
  for (guint i = 0; i < fresh; i++)
    {
      const StorePerson *person = people->pdata[i];
      gboolean stays = i < start || i >= fresh - end;
      PatientsListItem *item = stays ? self->items->pdata[i < start ? i : i + old - fresh]
                                     : g_hash_table_lookup (kept, &person->number);

      g_ptr_array_add (items, item && is_same (item, person) ? g_object_ref (item)
                                                             : patients_list_item_new (person));
    }
  g_ptr_array_unref (self->items);
  self->items = g_steal_pointer (&items);
  if (start < old || start < fresh)
    g_list_model_items_changed (G_LIST_MODEL (self), start, old - end - start, fresh - end - start);
}

static void
remove_at (PatientsListModel *self, guint position)
{
  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static void
insert (PatientsListModel *self, const StorePerson *person)
{
  guint low = 0, high = self->items->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (patients_list_item_compare (self->items->pdata[middle], person) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  g_ptr_array_insert (self->items, (int) low, patients_list_item_new (person));
  g_list_model_items_changed (G_LIST_MODEL (self), low, 0, 1);
}

static const StorePerson *
find_person (GPtrArray *people, const char *id)
{
  for (guint i = 0; i < people->len; i++)
    if (g_str_equal (((const StorePerson *) people->pdata[i])->id, id))
      return people->pdata[i];
  return NULL;
}

/* Of those who were judged anew: who left, who came, and whose line says something else now. */
static void
take_some (PatientsListModel *self, const char *const *only, GPtrArray *people)
{
  g_autoptr (GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = self->items->len; i > 0; i--)
    {
      PatientsListItem *item = self->items->pdata[i - 1];
      const char *id = patients_list_item_get_id (item);
      const StorePerson *person = NULL;

      if (!g_strv_contains (only, id))
        continue;
      person = find_person (people, id);
      if (!person || !is_same (item, person))
        {
          remove_at (self, i - 1);
          continue;
        }
      g_hash_table_add (there, person->id);
      if (patients_list_item_get_asked (item))
        {
          patients_list_item_set_asked (item, FALSE);
          want (self, item);
        }
    }
  for (guint i = 0; i < people->len; i++)
    if (!g_hash_table_contains (there, ((const StorePerson *) people->pdata[i])->id))
      insert (self, people->pdata[i]);
}

/* ---- finding ---- */

/* What was asked is still unknown: whatever comes next asks about everybody. */
static void
fail (PatientsListModel *self, const char *message)
{
  self->all = TRUE;
  g_clear_handle_id (&self->find_source, g_source_remove);
  self->state = PATIENTS_LIST_FAILED;
  g_set_str (&self->error, message);
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
}

/* Once the sign-in has run out nobody is named. Returns: whether it has */
static gboolean
shut (PatientsListModel *self)
{
  const char *text = workspace_lock_check (workspace_session_get_lock (self->session));
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();

  if (!text)
    return FALSE;
  take_all (self, nobody);
  fail (self, text);
  return TRUE;
}

static void
take (PatientsListModel *self, CareCohortFound *found)
{
  self->state = PATIENTS_LIST_READY;
  if (self->only)
    {
      take_some (self, (const char *const *) self->only, found->people);
      /* somebody cannot be judged any more: how many there are, only the whole tells */
      if (found->n_unjudged > 0)
        self->all = TRUE;
    }
  else
    {
      take_all (self, found->people);
      self->n_unjudged = found->n_unjudged;
      self->n_full++;
    }
  self->n_framed = found->n_framed;
  self->n_unframed = found->n_unframed;
  g_set_str (&self->missing, found->missing);
  self->withheld = found->withheld;
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsListModel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareCohortFound) found = NULL;
  gint64 as_of = 0;

  found = patients_list_find_finish (result, &as_of, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->finding = FALSE;
  self->as_of = as_of;
  if (shut (self))
    return;
  if (found)
    take (self, found);
  else
    fail (self, error->message);
}

/* (transfer full) (nullable): about whom to ask; NULL: everybody. */
static GStrv
dup_only (PatientsListModel *self)
{
  g_autoptr (GStrvBuilder) only = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer id;

  if (self->all || self->n_unjudged > 0 || g_hash_table_size (self->changed) > MANY)
    return NULL;
  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_strv_builder_add (only, id);
  return g_strv_builder_end (only);
}

/* One question at a time: what changes meanwhile is asked about afterwards. It runs until there is
 * nothing to ask. */
static gboolean
find_cb (gpointer user_data)
{
  PatientsListModel *self = user_data;
  g_autofree char *today = NULL;

  if (self->finding)
    return G_SOURCE_CONTINUE;
  if (!self->all && g_hash_table_size (self->changed) == 0)
    {
      self->find_source = 0;
      return G_SOURCE_REMOVE;
    }
  if (shut (self))
    return G_SOURCE_REMOVE;
  self->finding = TRUE;
  today = workspace_session_dup_today (self->session);
  if (g_set_str (&self->today, today))
    self->all = TRUE; /* each rule counts from today */
  g_strfreev (self->only);
  self->only = dup_only (self);
  if (!self->only)
    self->pulled = workspace_session_get_pulled (self->session);
  self->all = FALSE;
  g_hash_table_remove_all (self->changed);
  patients_list_find_async (self->session, self->cohort, (const char *const *) self->only,
                            self->cancellable, found_cb, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

static void
find_soon (PatientsListModel *self)
{
  if (self->find_source == 0)
    self->find_source = g_timeout_add (SETTLE_MS, find_cb, self);
}

static void
changed_cb (PatientsListModel *self, GPtrArray *changes)
{
  gboolean concerned = FALSE;

  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];

      if (change->patient && patients_list_find_reads (self->cohort, change->type))
        concerned = g_hash_table_add (self->changed, g_strdup (change->patient)) || concerned;
    }
  if (concerned)
    find_soon (self);
}

static void
reload (PatientsListModel *self)
{
  self->all = TRUE;
  find_soon (self);
}

/* Now and then: everybody is judged anew when a day began, more was read from the server, or the
 * last answer failed. */
void
patients_list_model_refresh (PatientsListModel *self)
{
  g_autofree char *today = NULL;

  g_return_if_fail (PATIENTS_IS_LIST_MODEL (self));

  today = workspace_session_dup_today (self->session);
  if (self->state == PATIENTS_LIST_FAILED || g_strcmp0 (today, self->today) != 0 ||
      workspace_session_get_pulled (self->session) != self->pulled)
    reload (self);
}

/* ---- object ---- */

static void
patients_list_model_dispose (GObject *object)
{
  PatientsListModel *self = PATIENTS_LIST_MODEL (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->closed);
  g_clear_handle_id (&self->find_source, g_source_remove);
  g_clear_handle_id (&self->read_source, g_source_remove);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (patients_list_model_parent_class)->dispose (object);
}

static void
patients_list_model_finalize (GObject *object)
{
  PatientsListModel *self = PATIENTS_LIST_MODEL (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->closed);
  g_object_unref (self->cohort);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->wanted);
  g_hash_table_unref (self->changed);
  g_strfreev (self->only);
  g_free (self->error);
  g_free (self->today);
  g_free (self->missing);
  G_OBJECT_CLASS (patients_list_model_parent_class)->finalize (object);
}

static void
patients_list_model_class_init (PatientsListModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = patients_list_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = patients_list_model_finalize;
  signals[SIGNAL_UPDATED] = g_signal_new ("updated", PATIENTS_TYPE_LIST_MODEL, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patients_list_model_init (PatientsListModel *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->wanted = g_ptr_array_new_with_free_func (g_object_unref);
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
  self->closed = g_cancellable_new ();
}

PatientsListModel *
patients_list_model_new (WorkspaceSession *session, CareCohort *cohort)
{
  PatientsListModel *self = g_object_new (PATIENTS_TYPE_LIST_MODEL, NULL);

  self->session = g_object_ref (session);
  self->cohort = g_object_ref (cohort);
  self->all = TRUE;
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace_session_get_lock (session), "notify::text",
                           G_CALLBACK (reload), self, G_CONNECT_SWAPPED);
  find_soon (self);
  return self;
}

CareCohort *
patients_list_model_get_cohort (PatientsListModel *self)
{
  return self->cohort;
}

PatientsListState
patients_list_model_get_state (PatientsListModel *self)
{
  return self->state;
}

/* (nullable): why it failed */
const char *
patients_list_model_get_error (PatientsListModel *self)
{
  return self->error;
}

/* How many may belong, but cannot be judged from what is here. */
guint
patients_list_model_get_n_unjudged (PatientsListModel *self)
{
  return self->n_unjudged;
}

/* (nullable): the types that are not all here, "Observation Encounter" */
const char *
patients_list_model_get_missing (PatientsListModel *self, gboolean *withheld)
{
  *withheld = self->withheld;
  return self->missing;
}

/* When what is here was last compared with the server, in µs since 1970; 0: never. */
gint64
patients_list_model_get_as_of (PatientsListModel *self)
{
  return self->as_of;
}

/* Of how many the list tells a part, and @unsure: how many more that may be. */
guint
patients_list_model_get_n_framed (PatientsListModel *self, guint *unsure)
{
  *unsure = self->n_unframed;
  return self->n_framed;
}

/* How often everybody was judged. */
guint
patients_list_model_get_n_full (PatientsListModel *self)
{
  return self->n_full;
}
