/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-session.h"

#include "workspace-feature.h"
#include "workspace-open.h"
#include "workspace-outbox-count.h"
#include "workspace-time.h"

/**
 * WorkspaceSession:
 *
 * One account's work: its store, its clock, who is signed in, the features, the state of sync and
 * the one call. Everything that shows something is built around a session; there is no global one.
 * It holds no "current patient": there is none (law 1).
 */

#define SETTLE_MS 80

struct _WorkspaceSession
{
  GObject parent_instance;

  CareContext *context;
  NetSession *net;
  SyncEngine *engine;
  StoreContent *content;
  char *hub_url;
  GTimeZone *zone;
  WorkspaceLock *lock;
  WorkspaceCheck *check;
  WorkspaceOpen *open;
  WorkspaceRecent *recent;
  WorkspaceUsage *usage; /* NULL until somebody asks */
  GListStore *features;
  char *call_patient;
  char *call_name;
  char *sync_text;
  char *offline_reason;
  gint64 sync_since;
  gint64 offline_since;
  guint waiting;
  guint refused;
  guint recount_source;
  gboolean connected;
};

typedef enum
{
  PROP_CONTEXT = 1,
  PROP_FEATURES,
  PROP_SERVER,
  PROP_CALL_PATIENT,
  PROP_CONNECTED,
  PROP_SYNC_TEXT,
  PROP_WAITING,
  PROP_REFUSED,
  PROP_OFFLINE_REASON,
} WorkspaceSessionProperty;

enum
{
  SIGNAL_OPEN_PATIENT,
  N_SIGNALS
};

static GParamSpec *properties[PROP_OFFLINE_REASON + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceSession, workspace_session, G_TYPE_OBJECT)

static void
update_text (WorkspaceSession *self)
{
  gint64 since = self->connected ? self->sync_since : self->offline_since;
  gint64 now = base_clock_now (care_context_get_clock (self->context));
  g_autofree char *text =
      workspace_time_status (self->connected, since, now, self->waiting, self->refused, self->zone);

  if (g_set_str (&self->sync_text, text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SYNC_TEXT]);
}

/* ---- counting what waits ---- */

typedef struct
{
  WorkspaceSession *self;
  WorkspaceOutboxCount outbox;
} Count;

static void
count_free (Count *count)
{
  g_object_unref (count->self);
  g_free (count);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Count, count_free)

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  return workspace_outbox_count_read (connection, &((Count *) data)->outbox, error);
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Count) count = user_data;
  WorkspaceSession *self = count->self;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      g_warning ("cannot count what waits to be sent: %s", error->message);
      return;
    }
  if (count->outbox.waiting == self->waiting && count->outbox.needs_person == self->refused)
    return;
  self->waiting = count->outbox.waiting;
  self->refused = count->outbox.needs_person;
  update_text (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFUSED]);
}

static void
recount (gpointer user_data)
{
  WorkspaceSession *self = user_data;
  Count *count = g_new0 (Count, 1);

  self->recount_source = 0;
  count->self = g_object_ref (self);
  store_database_read_async (care_context_get_store (self->context), count_work, count, NULL, NULL,
                             count_cb, count);
}

static void
changed_cb (WorkspaceSession *self)
{
  if (self->recount_source == 0)
    self->recount_source = g_timeout_add_once (SETTLE_MS, recount, self);
}

/* ---- object ---- */

static void
workspace_session_constructed (GObject *object)
{
  WorkspaceSession *self = WORKSPACE_SESSION (object);

  G_OBJECT_CLASS (workspace_session_parent_class)->constructed (object);
  g_signal_connect_object (care_context_get_store (self->context), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  self->open = workspace_open_new ();
  self->lock = workspace_lock_new (self->context, self->zone);
  update_text (self);
  changed_cb (self);
}

static void
workspace_session_dispose (GObject *object)
{
  WorkspaceSession *self = WORKSPACE_SESSION (object);

  g_clear_handle_id (&self->recount_source, g_source_remove);
  g_clear_object (&self->features);
  g_clear_object (&self->usage);
  g_clear_object (&self->recent);
  g_clear_object (&self->lock);
  g_clear_object (&self->context);
  g_clear_object (&self->net);
  g_clear_object (&self->engine);
  g_clear_object (&self->content);
  G_OBJECT_CLASS (workspace_session_parent_class)->dispose (object);
}

static void
workspace_session_finalize (GObject *object)
{
  WorkspaceSession *self = WORKSPACE_SESSION (object);

  g_object_unref (self->check);
  g_object_unref (self->open); /* windows that go last take themselves away */
  g_time_zone_unref (self->zone);
  g_free (self->hub_url);
  g_free (self->call_patient);
  g_free (self->call_name);
  g_free (self->sync_text);
  g_free (self->offline_reason);
  G_OBJECT_CLASS (workspace_session_parent_class)->finalize (object);
}

static void
workspace_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WorkspaceSession *self = WORKSPACE_SESSION (object);

  switch ((WorkspaceSessionProperty) id)
    {
    case PROP_CONTEXT:
      g_value_set_object (value, self->context);
      break;
    case PROP_FEATURES:
      g_value_set_object (value, self->features);
      break;
    case PROP_SERVER:
      g_value_set_string (value, self->hub_url);
      break;
    case PROP_CALL_PATIENT:
      g_value_set_string (value, self->call_patient);
      break;
    case PROP_CONNECTED:
      g_value_set_boolean (value, self->connected);
      break;
    case PROP_SYNC_TEXT:
      g_value_set_string (value, self->sync_text);
      break;
    case PROP_WAITING:
      g_value_set_uint (value, self->waiting);
      break;
    case PROP_REFUSED:
      g_value_set_uint (value, self->refused);
      break;
    case PROP_OFFLINE_REASON:
      g_value_set_string (value, self->offline_reason);
      break;
    }
}

static void
workspace_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WorkspaceSession *self = WORKSPACE_SESSION (object);

  switch ((WorkspaceSessionProperty) id)
    {
    case PROP_CONTEXT:
      self->context = g_value_dup_object (value);
      break;
    case PROP_FEATURES:
    case PROP_SERVER:
    case PROP_CALL_PATIENT:
    case PROP_CONNECTED:
    case PROP_SYNC_TEXT:
    case PROP_WAITING:
    case PROP_REFUSED:
    case PROP_OFFLINE_REASON:
      g_assert_not_reached ();
    }
}

static void
workspace_session_class_init (WorkspaceSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags shown = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = workspace_session_constructed;
  object_class->dispose = workspace_session_dispose;
  object_class->finalize = workspace_session_finalize;
  object_class->get_property = workspace_session_get_property;
  object_class->set_property = workspace_session_set_property;

  properties[PROP_CONTEXT] = g_param_spec_object ("context", NULL, NULL, CARE_TYPE_CONTEXT, given);
  properties[PROP_FEATURES] =
      g_param_spec_object ("features", NULL, NULL, G_TYPE_LIST_MODEL, shown);
  properties[PROP_SERVER] = g_param_spec_string ("server", NULL, NULL, NULL, shown);
  properties[PROP_CALL_PATIENT] = g_param_spec_string ("call-patient", NULL, NULL, NULL, shown);
  properties[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE, shown);
  properties[PROP_SYNC_TEXT] = g_param_spec_string ("sync-text", NULL, NULL, NULL, shown);
  properties[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, shown);
  properties[PROP_REFUSED] = g_param_spec_uint ("refused", NULL, NULL, 0, G_MAXUINT, 0, shown);
  properties[PROP_OFFLINE_REASON] = g_param_spec_string ("offline-reason", NULL, NULL, NULL, shown);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_OPEN_PATIENT] =
      g_signal_new ("open-patient", WORKSPACE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
workspace_session_init (WorkspaceSession *self)
{
  self->zone = g_time_zone_new_local ();
  self->features = g_list_store_new (WORKSPACE_TYPE_FEATURE);
  self->check = workspace_check_new ();
}

/* Who acts, in which store, by which clock, is in @context and never changes for a session. */
WorkspaceSession *
workspace_session_new (CareContext *context)
{
  return g_object_new (WORKSPACE_TYPE_SESSION, "context", context, NULL);
}

CareContext *
workspace_session_get_context (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->context;
}

StoreDatabase *
workspace_session_get_database (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return care_context_get_store (self->context);
}

BaseClock *
workspace_session_get_clock (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return care_context_get_clock (self->context);
}

/* (transfer none): the clinic's zone, in which instants are shown. */
GTimeZone *
workspace_session_get_zone (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->zone;
}

WorkspaceCheck *
workspace_session_get_check (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->check;
}

/* (transfer full): the clinic's date, "2026-11-09". */
char *
workspace_session_dup_today (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  g_autoptr (GDateTime) utc =
      g_date_time_new_from_unix_utc_usec (base_clock_now (workspace_session_get_clock (self)));
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, self->zone);
  return g_date_time_format (local, "%Y-%m-%d");
}

/* See the header; all are (nullable). */
void
workspace_session_set_server (WorkspaceSession *self,
                              const char *hub_url,
                              NetSession *net,
                              SyncEngine *engine)
{
  g_return_if_fail (WORKSPACE_IS_SESSION (self));

  g_set_object (&self->net, net);
  g_set_object (&self->engine, engine);
  g_set_str (&self->hub_url, hub_url);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERVER]);
}

/* (nullable): without a slash at its end. */
const char *
workspace_session_get_server (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->hub_url;
}

/* (transfer none) (nullable): a NetSession; that of a hub also opens its WebSockets. */
GObject *
workspace_session_get_net (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return (GObject *) self->net;
}

/* (transfer none) (nullable) */
SyncEngine *
workspace_session_get_engine (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->engine;
}

void
workspace_session_set_content (WorkspaceSession *self, StoreContent *content)
{
  g_return_if_fail (WORKSPACE_IS_SESSION (self));

  g_set_object (&self->content, content);
}

/* (transfer none) (nullable) */
StoreContent *
workspace_session_get_content (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->content;
}

void
workspace_session_add_feature (WorkspaceSession *self, WorkspaceFeature *feature)
{
  g_return_if_fail (WORKSPACE_IS_SESSION (self));
  g_return_if_fail (WORKSPACE_IS_FEATURE (feature));

  g_list_store_append (self->features, feature);
}

/* (transfer none): of WorkspaceFeature. */
GListModel *
workspace_session_get_features (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->features);
}

/* (transfer none) */
WorkspaceOpen *
workspace_session_get_open (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->open;
}

/* (transfer none): what this account does often. */
WorkspaceUsage *
workspace_session_get_usage (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  if (!self->usage)
    self->usage = workspace_usage_new (self->context);
  return self->usage;
}

/* (transfer none): whom this account opened last. */
WorkspaceRecent *
workspace_session_get_recent (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  if (!self->recent)
    self->recent = workspace_recent_new (self->context);
  return self->recent;
}

/* @since: when the server last answered, 0 for never. */
void
workspace_session_set_sync (WorkspaceSession *self, gboolean connected, gint64 since)
{
  g_return_if_fail (WORKSPACE_IS_SESSION (self));

  gboolean notify = self->connected != connected;
  if (connected)
    self->offline_since = 0;
  else if (self->connected)
    self->offline_since = base_clock_now (workspace_session_get_clock (self));
  else if (self->offline_since == 0)
    self->offline_since = since; /* before this start */
  self->connected = connected;
  self->sync_since = since;
  update_text (self);
  changed_cb (self); /* the journal moves without a record changing */
  if (notify)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

/* @reason: (nullable): what stands between here and the server until somebody mends it, and what to
 * do; NULL: nothing that is known */
void
workspace_session_set_offline_reason (WorkspaceSession *self, const char *reason)
{
  g_return_if_fail (WORKSPACE_IS_SESSION (self));

  if (g_set_str (&self->offline_reason, reason))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFLINE_REASON]);
}

/* (nullable) */
const char *
workspace_session_get_offline_reason (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->offline_reason;
}

gboolean
workspace_session_get_connected (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), FALSE);

  return self->connected;
}

/* When the server last answered, or 0. */
gint64
workspace_session_get_pulled (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), 0);

  return self->sync_since;
}

/* Since when there has been no connection, in µs since 1970; 0 while there is one, or when there
 * never was. */
gint64
workspace_session_get_offline_since (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), 0);

  return self->offline_since;
}

/* (transfer none) */
WorkspaceLock *
workspace_session_get_lock (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->lock;
}

const char *
workspace_session_get_sync_text (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->sync_text;
}

/* How many orders and other changes are on their way or not yet sent, as the outbox shows them. */
guint
workspace_session_get_waiting (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), 0);

  return self->waiting;
}

/* How many of them were refused or are held for a person. */
guint
workspace_session_get_refused (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), 0);

  return self->refused;
}

/* A call with @patient_id began, or NULL: it ended. @name as the banner shows it. */
void
workspace_session_set_call (WorkspaceSession *self, const char *patient_id, const char *name)
{
  g_return_if_fail (WORKSPACE_IS_SESSION (self));

  g_set_str (&self->call_name, name);
  if (g_set_str (&self->call_patient, patient_id))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CALL_PATIENT]);
}

const char *
workspace_session_get_call_patient (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->call_patient;
}

const char *
workspace_session_get_call_name (WorkspaceSession *self)
{
  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  return self->call_name;
}

/* Asks the application to open, or present, the window of @patient_id. @target is a page or a
 * reference, or NULL. */
void
workspace_session_open_patient (WorkspaceSession *self,
                                const char *patient_id,
                                const char *verb,
                                const char *target)
{
  g_return_if_fail (WORKSPACE_IS_SESSION (self));
  g_return_if_fail (patient_id);

  g_signal_emit (self, signals[SIGNAL_OPEN_PATIENT], 0, patient_id, verb ? verb : "show", target);
}
