/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-removal.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "care-journal.h"
#include "care-unfinished.h"
#include "store-audit.h"

#include "app-secret.h"

/**
 * AppRemoval:
 *
 * The order is that of a crash which may come between any two steps: without its key the file is
 * unreadable, and as long as somebody stands on the list their removal can be begun again. Erasing
 * is to delete the key and the file, and to look whether they are gone and whether the file ever
 * held readable words (H27); that nothing of it is left on the disk is not claimed.
 */

#define CHUNK 65536

/* Every record begins with it, so a file that was not encrypted has it. */
#define READABLE "resourceType"

struct _AppRemoval
{
  GObject parent_instance;

  AppPerson *person;
  char *people_path;
  BaseClock *clock;
  AppAccount *account;
  AppAccount *witness;  /* (nullable) */
  CareContext *context; /* (nullable): since the records are open */
  gboolean looked;      /* what is in it was read */
  AppRemovalLoss loss;
};

G_DEFINE_FINAL_TYPE (AppRemoval, app_removal, G_TYPE_OBJECT)

/* ---- what would be lost ---- */

/* 0: a prescription, 1: a note, 2: something else. */
static guint
kind_of (const char *type)
{
  return g_str_equal (type, "MedicationRequest")   ? 0
         : g_str_equal (type, "DocumentReference") ? 1
                                                   : 2;
}

/* A group goes to the server in one transaction; what is named first of it names it. */
static void
take_entry (GHashTable *groups, const StoreJournalEntry *entry)
{
  gpointer known = NULL;
  guint kind = kind_of (entry->type);

  if (!g_hash_table_lookup_extended (groups, entry->group, NULL, &known) ||
      kind < GPOINTER_TO_UINT (known))
    g_hash_table_insert (groups, g_strdup (entry->group), GUINT_TO_POINTER (kind));
}

typedef struct
{
  CareContext *context;
  AppRemovalLoss *loss;
} Read;

static gboolean
read_loss (StoreConnection *connection, gpointer data, GError **error)
{
  const Read *read = data;
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) journal = care_journal_open (connection, error);
  g_autoptr (GPtrArray) unfinished =
      journal ? care_unfinished_list (connection, read->context, NULL, NULL, error) : NULL;
  guint *const counts[] = { &read->loss->prescriptions, &read->loss->notes, &read->loss->others };
  GHashTableIter iter;
  gpointer kind = NULL;

  if (!unfinished)
    return FALSE;
  for (guint i = 0; i < journal->len; i++)
    take_entry (groups, journal->pdata[i]);
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &kind))
    (*counts[GPOINTER_TO_UINT (kind)])++;
  for (guint i = 0; i < unfinished->len; i++)
    read->loss->drafts += ((const CareUnfinished *) unfinished->pdata[i])->is_draft ? 1 : 0;
  return TRUE;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AppRemoval *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      self->looked = TRUE;
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AppRemoval *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  StoreDatabase *store;
  Read *read;

  if (!app_account_open_finish (APP_ACCOUNT (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  store = app_account_get_database (self->account);
  self->context = care_context_new (store, self->clock, self->person->reference, self->person->name,
                                    "reception");
  read = g_new0 (Read, 1);
  read->context = self->context;
  read->loss = &self->loss;
  store_database_read_async (store, read_loss, read, g_free, NULL, looked_cb,
                             g_steal_pointer (&task));
}

/* Opens the records and counts what the server does not have. Where there are none there is nothing
 * to lose; where they do not open nobody knows, and that is the error. */
void
app_removal_look_async (AppRemoval *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autofree char *path =
      g_build_filename (app_account_get_folder (self->account), "records.db", NULL);

  g_task_set_source_tag (task, app_removal_look_async);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      self->looked = TRUE;
      g_task_return_boolean (task, TRUE);
    }
  else
    app_account_open_async (self->account, self->clock, NULL, opened_cb, g_steal_pointer (&task));
}

gboolean
app_removal_look_finish (AppRemoval *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Whose records are open: their audit says what was removed. Where nothing can be written into it,
 * nothing is. */
void
app_removal_set_witness (AppRemoval *self, AppAccount *witness)
{
  g_return_if_fail (APP_IS_REMOVAL (self));

  if (app_account_get_database (witness) && app_account_get_user_reference (witness) &&
      !app_account_is_read_only (witness))
    g_set_object (&self->witness, witness);
}

/* (transfer none) (nullable): NULL where it is not known. */
const AppRemovalLoss *
app_removal_get_loss (AppRemoval *self)
{
  return self->looked ? &self->loss : NULL;
}

/* Whether anything is lost, or may be. */
gboolean
app_removal_is_loss (AppRemoval *self)
{
  const AppRemovalLoss *loss = &self->loss;

  return !self->looked || loss->prescriptions + loss->notes + loss->others + loss->drafts > 0;
}

gboolean
app_removal_get_has_code (AppRemoval *self)
{
  return app_account_get_database (self->account) && app_account_get_has_code (self->account);
}

/* (transfer none) (nullable): where the code is tried; gone once the removal has begun. */
StoreDatabase *
app_removal_get_database (AppRemoval *self)
{
  return app_account_get_database (self->account);
}

const AppPerson *
app_removal_get_person (AppRemoval *self)
{
  return self->person;
}

/* ---- erasing ---- */

/* Whether @path holds @words as they are read. */
static gboolean
holds_words (const char *path, const char *words)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  gsize length = strlen (words), kept = 0, got = 0;
  g_autofree char *bytes = g_malloc (CHUNK + length);

  while (stream &&
         g_input_stream_read_all (G_INPUT_STREAM (stream), bytes + kept, CHUNK, &got, NULL, NULL) &&
         got > 0)
    {
      if (memmem (bytes, kept + got, words, length))
        return TRUE;
      /* what stands across two chunks */
      got += kept;
      kept = MIN (got, length - 1);
      memmove (bytes, bytes + got - kept, kept);
    }
  return FALSE;
}

/* FALSE with the file that is still there. Links are taken away, and not what they lead to. */
static gboolean
delete_file (const char *path, GError **error)
{
  GStatBuf status;

  if (g_unlink (path) == 0 || (errno == ENOENT && g_lstat (path, &status) != 0))
    return TRUE;
  g_set_error (
      error, G_IO_ERROR, g_io_error_from_errno (errno),
      _ ("The key is gone, so that nobody can read what is left, but %s cannot be deleted: "
         "%s. Delete it by hand."),
      path, g_strerror (errno));
  return FALSE;
}

/* Every file of the folder; what a folder in it would hold is nothing that Bedside put there. */
static gboolean
delete_folder (const char *path, gboolean *readable, GError **error)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_DIR) && !g_file_test (file, G_FILE_TEST_IS_SYMLINK))
        continue;
      *readable |= holds_words (file, READABLE);
      if (!delete_file (file, error))
        return FALSE;
    }
  g_rmdir (path);
  return TRUE;
}

/* Nothing was written meanwhile, as by another Bedside: else somebody has to look again. */
static gboolean
is_as_read (AppRemoval *self, GError **error)
{
  AppRemovalLoss now = { 0 };
  Read read = { self->context, &now };

  if (!self->context || !self->looked)
    return TRUE;
  if (!store_database_read (app_account_get_database (self->account), read_loss, &read, error))
    return FALSE;
  if (memcmp (&now, &self->loss, sizeof now) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               _ ("Something was written into these records meanwhile. Nothing was removed; look "
                  "again."));
  return FALSE;
}

static gboolean
erase (AppRemoval *self, GError **error)
{
  const char *folder = app_account_get_folder (self->account);
  StoreDatabase *store = app_account_get_database (self->account);
  gboolean readable = FALSE;
  g_autoptr (GError) left = NULL;

  if (store)
    store_database_close (store);
  if (!app_account_erase_key (self->account, error))
    return FALSE;
  if (!app_account_get_key_file (self->account) && !app_secret_erase (folder, error))
    return FALSE;
  delete_folder (folder, &readable, &left);
  /* whose key is gone cannot work here, whatever is left of the file */
  if (!app_people_forget (self->people_path, self->person->account, left ? NULL : error))
    return FALSE;
  if (left)
    {
      g_propagate_error (error, g_steal_pointer (&left));
      return FALSE;
    }
  if (!readable)
    return TRUE;
  g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
      _ ("The records are deleted, but the file held words that could be read without its "
         "key. Tell whoever looks after this computer: what is deleted may be found on its "
         "disk."));
  return FALSE;
}

static gboolean
audit_work (StoreConnection *connection, gpointer data, GError **error)
{
  AppRemoval *self = data;
  g_autofree char *detail = g_strdup_printf ("the records of %s were removed from this computer",
                                             self->person->reference);

  return store_audit_append (connection, "administer",
                             app_account_get_user_reference (self->witness), NULL, NULL, detail,
                             error);
}

/* Before it is done: what cannot be noted where it could be is not done either. */
static gboolean
note (AppRemoval *self, GError **error)
{
  return !self->witness || store_database_write (app_account_get_database (self->witness),
                                                 BASE_LANE_PERSON, audit_work, self, error);
}

static void
run_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (is_as_read (source, &error) && note (source, &error) && erase (source, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Once it is shown whose the records are, or that an administrator asks. */
void
app_removal_run_async (AppRemoval *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, app_removal_run_async);
  g_task_run_in_thread (task, run_thread);
}

/* FALSE: what of it is still there, and what to do. */
gboolean
app_removal_run_finish (AppRemoval *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- object ---- */

static void
app_removal_finalize (GObject *object)
{
  AppRemoval *self = APP_REMOVAL (object);
  StoreDatabase *store = app_account_get_database (self->account);

  if (store)
    store_database_close (store);
  g_clear_object (&self->context);
  g_clear_object (&self->witness);
  g_clear_object (&self->account);
  g_clear_object (&self->clock);
  app_person_free (self->person);
  g_free (self->people_path);
  G_OBJECT_CLASS (app_removal_parent_class)->finalize (object);
}

static void
app_removal_class_init (AppRemovalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_removal_finalize;
}

static void
app_removal_init (AppRemoval *self)
{
}

/* @keys: (nullable): the folder of key files; NULL: the keyring. @people_path: where it is kept who
 * works here. The records of @person are not open. */
AppRemoval *
app_removal_new (const AppPerson *person,
                 const char *keys,
                 const char *people_path,
                 BaseClock *clock)
{
  AppRemoval *self = g_object_new (APP_TYPE_REMOVAL, NULL);
  g_autofree char *folder = app_people_dup_folder (person->account);

  self->person = app_person_copy (person);
  self->people_path = g_strdup (people_path);
  self->clock = g_object_ref (clock);
  self->account = app_account_new (folder, person->server, person->login, keys);
  return self;
}
