/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-usage.h"

#include "store-setting.h"

#include <math.h>
#include <string.h>

/**
 * WorkspaceUsage:
 *
 * Each use of an action counts one, and half of it a week later: what is done every day stands
 * before what was done once just now, and what nobody does any more sinks. Actions that name a
 * patient are not kept: whom somebody looked for is no habit.
 */

#define PREFIX    "palette.used/"
#define HALF_LIFE (7.0 * G_TIME_SPAN_DAY)

typedef struct
{
  double score; /* at the moment @at */
  gint64 at;    /* µs since 1970 */
} Use;

struct _WorkspaceUsage
{
  GObject parent_instance;

  CareContext *context;
  GHashTable *uses; /* action -> Use */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceUsage, workspace_usage, G_TYPE_OBJECT)

/* A clock that was set back does not make an old use weigh more. */
static double
score_at (const Use *use, gint64 now)
{
  return use->score * exp2 (-(double) MAX (now - use->at, 0) / HALF_LIFE);
}

static gint64
now (WorkspaceUsage *self)
{
  return base_clock_now (care_context_get_clock (self->context));
}

/* ---- on disk ---- */

static void
read_one (const char *name, const char *value, gpointer data)
{
  g_auto (GStrv) parts = g_strsplit (value, " ", 2);
  Use *use;
  double score;

  if (g_strv_length (parts) != 2)
    return;
  score = g_ascii_strtod (parts[0], NULL);
  if (!isfinite (score) || score < 0)
    return;
  use = g_new0 (Use, 1);
  use->score = score;
  use->at = g_ascii_strtoll (parts[1], NULL, 10);
  g_hash_table_insert (data, g_strdup (name + strlen (PREFIX)), use);
}

typedef struct
{
  WorkspaceUsage *self;
  GHashTable *uses;
} Load;

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Load *load = data;

  return store_setting_foreach (connection, PREFIX, read_one, load->uses, error);
}

/* What was noted while the disk was read stays. A failure leaves the order as it was made: nothing
 * else depends on it. */
static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Load *load = user_data;
  WorkspaceUsage *self = load->self;
  GHashTableIter iter;
  gpointer action, use;

  if (store_database_read_finish (STORE_DATABASE (source), result, NULL))
    {
      g_hash_table_iter_init (&iter, load->uses);
      while (g_hash_table_iter_next (&iter, &action, &use))
        if (!g_hash_table_contains (self->uses, action))
          g_hash_table_insert (self->uses, g_strdup (action), g_memdup2 (use, sizeof (Use)));
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
    }
  g_object_unref (load->self);
  g_hash_table_unref (load->uses);
  g_free (load);
}

static GHashTable *
uses_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
start_loading (WorkspaceUsage *self)
{
  Load *load = g_new0 (Load, 1);

  load->self = g_object_ref (self);
  load->uses = uses_new ();
  store_database_read_async (care_context_get_store (self->context), load_work, load, NULL, NULL,
                             loaded_cb, load);
}

static gboolean
keep_work (StoreConnection *connection, gpointer data, GError **error)
{
  char **pair = data;

  return store_setting_set (connection, pair[0], pair[1], error);
}

static void
keep (WorkspaceUsage *self, const char *action, const Use *use)
{
  char score[G_ASCII_DTOSTR_BUF_SIZE];
  char **pair = g_new0 (char *, 3);

  g_ascii_formatd (score, sizeof score, "%.4f", use->score);
  pair[0] = g_strconcat (PREFIX, action, NULL);
  pair[1] = g_strdup_printf ("%s %" G_GINT64_FORMAT, score, use->at);
  store_database_write_async (care_context_get_store (self->context), BASE_LANE_PERSON, keep_work,
                              pair, (GDestroyNotify) g_strfreev, NULL, NULL, NULL);
}

/* ---- object ---- */

static void
workspace_usage_finalize (GObject *object)
{
  WorkspaceUsage *self = WORKSPACE_USAGE (object);

  g_object_unref (self->context);
  g_hash_table_unref (self->uses);
  G_OBJECT_CLASS (workspace_usage_parent_class)->finalize (object);
}

static void
workspace_usage_class_init (WorkspaceUsageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workspace_usage_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WORKSPACE_TYPE_USAGE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workspace_usage_init (WorkspaceUsage *self)
{
  self->uses = uses_new ();
}

/* What the account did before comes from the disk a moment later: "changed". */
WorkspaceUsage *
workspace_usage_new (CareContext *context)
{
  WorkspaceUsage *self = g_object_new (WORKSPACE_TYPE_USAGE, NULL);

  self->context = g_object_ref (context);
  start_loading (self);
  return self;
}

/* @action: detailed, as "win.show::medicines". */
void
workspace_usage_note (WorkspaceUsage *self, const char *action)
{
  g_return_if_fail (WORKSPACE_IS_USAGE (self));

  Use *use;

  /* nor what names a record: it would stay when the record has gone */
  if (g_str_has_prefix (action, "app.open::") || strchr (action, '/'))
    return;
  use = g_hash_table_lookup (self->uses, action);
  if (!use)
    {
      use = g_new0 (Use, 1);
      g_hash_table_insert (self->uses, g_strdup (action), use);
    }
  use->score = score_at (use, now (self)) + 1;
  use->at = now (self);
  keep (self, action, use);
}

/* 0: never used. */
double
workspace_usage_get_score (WorkspaceUsage *self, const char *action)
{
  g_return_val_if_fail (WORKSPACE_IS_USAGE (self), 0);

  const Use *use = g_hash_table_lookup (self->uses, action);
  return use ? score_at (use, now (self)) : 0;
}
