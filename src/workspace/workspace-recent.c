/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-recent.h"

#include "store-setting.h"

/**
 * WorkspaceRecent:
 *
 * The last ten patients whose windows were opened. It is one setting of the account's own store,
 * which is encrypted and goes with the account; whoever is deleted from the store leaves it.
 */

#define SETTING "patients.recent"

struct _WorkspaceRecent
{
  GObject parent_instance;

  CareContext *context;
  GPtrArray *ids; /* the last one first */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceRecent, workspace_recent, G_TYPE_OBJECT)

static gboolean
has (WorkspaceRecent *self, const char *id, guint *position)
{
  return g_ptr_array_find_with_equal_func (self->ids, id, g_str_equal, position);
}

/* ---- on disk ---- */

typedef struct
{
  WorkspaceRecent *self;
  char *text;
} Load;

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  ((Load *) data)->text = store_setting_get (connection, SETTING);
  return TRUE;
}

/* Whoever was opened while the disk was read stays before the others. */
static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Load *load = user_data;
  g_autoptr (WorkspaceRecent) self = load->self;
  g_autofree char *text = load->text;
  g_auto (GStrv) ids = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, NULL))
    return;
  ids = g_strsplit (text ? text : "", " ", WORKSPACE_RECENT_MAX);
  for (char **id = ids; *id && self->ids->len < WORKSPACE_RECENT_MAX; id++)
    if (**id && !has (self, *id, NULL))
      g_ptr_array_add (self->ids, g_strdup (*id));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
start_loading (WorkspaceRecent *self)
{
  Load *load = g_new0 (Load, 1);

  load->self = g_object_ref (self);
  store_database_read_async (care_context_get_store (self->context), load_work, load, NULL, NULL,
                             loaded_cb, load);
}

static gboolean
keep_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, SETTING, data, error);
}

/* A failure costs an order in a list, and nothing that anybody wrote. */
static void
keep (WorkspaceRecent *self)
{
  g_auto (GStrv) ids = workspace_recent_dup_ids (self);

  store_database_write_async (care_context_get_store (self->context), BASE_LANE_PERSON, keep_work,
                              g_strjoinv (" ", ids), g_free, NULL, NULL, NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* ---- object ---- */

static void
store_changed_cb (WorkspaceRecent *self, GPtrArray *changes)
{
  guint before = self->ids->len;

  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];
      guint position = 0;

      if (change->deleted && g_str_equal (change->type, "Patient") &&
          has (self, change->id, &position))
        g_ptr_array_remove_index (self->ids, position);
    }
  if (self->ids->len != before)
    keep (self);
}

static void
workspace_recent_finalize (GObject *object)
{
  WorkspaceRecent *self = WORKSPACE_RECENT (object);

  g_object_unref (self->context);
  g_ptr_array_unref (self->ids);
  G_OBJECT_CLASS (workspace_recent_parent_class)->finalize (object);
}

static void
workspace_recent_class_init (WorkspaceRecentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workspace_recent_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WORKSPACE_TYPE_RECENT, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workspace_recent_init (WorkspaceRecent *self)
{
  self->ids = g_ptr_array_new_with_free_func (g_free);
}

/* Whom the account opened before comes from the disk a moment later: "changed". */
WorkspaceRecent *
workspace_recent_new (CareContext *context)
{
  WorkspaceRecent *self = g_object_new (WORKSPACE_TYPE_RECENT, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (care_context_get_store (context), "changed",
                           G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  start_loading (self);
  return self;
}

/* @patient_id: whose window was opened. */
void
workspace_recent_note (WorkspaceRecent *self, const char *patient_id)
{
  g_return_if_fail (WORKSPACE_IS_RECENT (self));
  g_return_if_fail (patient_id && *patient_id);

  guint position = 0;

  if (has (self, patient_id, &position) && position == 0)
    return;
  if (has (self, patient_id, &position))
    g_ptr_array_remove_index (self->ids, position);
  g_ptr_array_insert (self->ids, 0, g_strdup (patient_id));
  g_ptr_array_set_size (self->ids, (int) MIN (self->ids->len, WORKSPACE_RECENT_MAX));
  keep (self);
}

/* (transfer full): ids of patients, the last one opened first */
GStrv
workspace_recent_dup_ids (WorkspaceRecent *self)
{
  g_return_val_if_fail (WORKSPACE_IS_RECENT (self), NULL);

  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < self->ids->len; i++)
    g_strv_builder_add (ids, self->ids->pdata[i]);
  return g_strv_builder_end (ids);
}
