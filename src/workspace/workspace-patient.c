/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-patient.h"

#include <glib/gi18n.h>

#include "store-journal.h"
#include "store-resource.h"
#include "store-search.h"

#include "workspace-time.h"

/**
 * WorkspacePatient:
 *
 * The model of a patient window, built around one patient id that can never change. It holds the
 * chart summary and the visit in progress, and reads both again when the store says that this
 * patient's record changed. Pages and panes read from it and keep no copy.
 */

#define SETTLE_MS          60
#define HELD_AT_MOST       999
#define TICK_SECONDS       20
#define IDENTITY_EXTENSION CARE_EXTENSION_BASE "visit-identity"

struct _WorkspacePatient
{
  GObject parent_instance;

  WorkspaceSession *session;
  char *id;
  CareSummary *summary;
  WorkspaceReadiness *readiness;
  guint conflicts; /* records of which two versions wait for a choice */
  char *encounter;
  char *identity;
  char *failure;
  char *reading_failure;
  char *as_of;
  guint tick_source;
  gboolean asked;   /* the server was asked for this chart since the window opened */
  gboolean reading; /* it has not answered yet */
  GCancellable *cancellable;
  guint reload_source;
  WorkspacePatientState state;
};

typedef enum
{
  PROP_SESSION = 1,
  PROP_ID,
  PROP_ENCOUNTER,
  PROP_IDENTITY,
  PROP_STATE,
  PROP_READING,
  PROP_AS_OF,
} WorkspacePatientProperty;

enum
{
  SIGNAL_SUMMARY_CHANGED,
  SIGNAL_REQUEST,
  N_SIGNALS
};

static GParamSpec *properties[PROP_AS_OF + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspacePatient, workspace_patient, G_TYPE_OBJECT)

/* ---- loading: one read of summary and visit, so that both are of the same moment ---- */

typedef struct
{
  WorkspacePatient *self;
  char *id;
  BaseClock *clock;
  CareSummary *summary;
  WorkspaceReadiness *readiness;
  guint conflicts;
  char *encounter;
  char *identity;
} Load;

static void
load_free (Load *load)
{
  g_clear_object (&load->self);
  g_clear_object (&load->clock);
  g_clear_object (&load->summary);
  g_clear_object (&load->readiness);
  g_free (load->id);
  g_free (load->encounter);
  g_free (load->identity);
  g_free (load);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Load, load_free)

static char *
dup_identity (FhirResource *encounter)
{
  fhir_element_foreach (extension, fhir_resource_path (encounter, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), IDENTITY_EXTENSION) == 0)
      return g_strdup (fhir_element_path_text (extension, "valueCode"));
  return NULL;
}

static gboolean
load_visit (StoreConnection *connection, Load *load, GError **error)
{
  g_autofree char *query =
      g_strdup_printf ("patient=%s&status=arrived,triaged,in-progress,onleave", load->id);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Encounter", query, error);

  if (!ids)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (FhirResource) encounter =
          store_resource_get (connection, "Encounter", ids->pdata[i], error);
      if (!encounter)
        return FALSE;
      if (g_strcmp0 (fhir_resource_path_text (encounter, "class.code"), "VR") != 0)
        continue;
      g_set_str (&load->encounter, ids->pdata[i]);
      g_free (load->identity);
      load->identity = dup_identity (encounter);
    }
  return TRUE;
}

static gboolean
load_conflicts (StoreConnection *connection, Load *load, GError **error)
{
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", HELD_AT_MOST, error);

  for (guint i = 0; held && i < held->len; i++)
    {
      const StoreJournalEntry *entry = held->pdata[i];
      g_autoptr (FhirResource) theirs =
          g_strcmp0 (entry->patient, load->id) == 0
              ? sync_conflict_theirs (connection, entry->type, entry->id)
              : NULL;
      load->conflicts += theirs != NULL;
    }
  return held != NULL;
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Load *load = data;

  load->summary = care_summary_load (connection, load->id, load->clock, error);
  load->readiness = workspace_readiness_load (connection, load->id);
  return load->summary && load_conflicts (connection, load, error) &&
         load_visit (connection, load, error);
}

static gboolean
is_fresh (WorkspacePatient *self)
{
  gint64 pulled = workspace_session_get_pulled (self->session);
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));

  return workspace_readiness_get_level (self->readiness, pulled, now) == WORKSPACE_READINESS_FRESH;
}

static void
set_state (WorkspacePatient *self, WorkspacePatientState state, const char *failure)
{
  g_set_str (&self->failure, failure);
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* Time makes a chart old without anything else happening. */
static void
update_as_of (WorkspacePatient *self)
{
  g_autofree char *as_of = self->readiness ? workspace_patient_dup_as_of (self) : NULL;

  if (g_set_str (&self->as_of, as_of))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AS_OF]);
}

static gboolean
tick_cb (gpointer user_data)
{
  update_as_of (user_data);
  return G_SOURCE_CONTINUE;
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Load) load = user_data;
  WorkspacePatient *self = load->self;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_state (self, WORKSPACE_PATIENT_FAILED, error->message);
      return;
    }
  g_set_object (&self->summary, load->summary);
  g_set_object (&self->readiness, load->readiness);
  self->conflicts = load->conflicts;
  set_state (self, WORKSPACE_PATIENT_READY, NULL);
  if (g_set_str (&self->encounter, load->encounter))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENCOUNTER]);
  if (g_set_str (&self->identity, load->identity))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IDENTITY]);
  update_as_of (self);
  g_signal_emit (self, signals[SIGNAL_SUMMARY_CHANGED], 0);
  if (!self->asked && !is_fresh (self) && workspace_session_get_connected (self->session))
    workspace_patient_read_again (self);
}

static void
reload_cb (gpointer user_data)
{
  WorkspacePatient *self = user_data;

  self->reload_source = 0;
  workspace_patient_reload (self);
}

static void
changed_cb (WorkspacePatient *self, GPtrArray *changes)
{
  if (self->reload_source)
    return;
  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];
      gboolean is_patient =
          g_str_equal (change->type, "Patient") && g_str_equal (change->id, self->id);
      if (!is_patient && g_strcmp0 (change->patient, self->id) != 0)
        continue;
      self->reload_source = g_timeout_add_once (SETTLE_MS, reload_cb, self);
      return;
    }
}

/* ---- reading the chart from the server ---- */

static void
set_reading (WorkspacePatient *self, gboolean reading, const char *failure)
{
  g_set_str (&self->reading_failure, failure);
  self->reading = reading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READING]);
}

static void
read_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspacePatient) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean read = sync_engine_pull_patient_finish (SYNC_ENGINE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->cancellable)
    return;
  set_reading (self, FALSE, read ? NULL : error->message);
  if (read)
    workspace_patient_reload (self);
}

/* ---- object ---- */

static void
workspace_patient_constructed (GObject *object)
{
  WorkspacePatient *self = WORKSPACE_PATIENT (object);

  G_OBJECT_CLASS (workspace_patient_parent_class)->constructed (object);
  g_signal_connect_object (workspace_session_get_database (self->session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  /* something was set aside, or decided: that changes no record */
  g_signal_connect_object (self->session, "notify::refused", G_CALLBACK (workspace_patient_reload),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::sync-text", G_CALLBACK (update_as_of), self,
                           G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  workspace_patient_reload (self);
}

static void
workspace_patient_dispose (GObject *object)
{
  WorkspacePatient *self = WORKSPACE_PATIENT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_object (&self->summary);
  g_clear_object (&self->readiness);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (workspace_patient_parent_class)->dispose (object);
}

static void
workspace_patient_finalize (GObject *object)
{
  WorkspacePatient *self = WORKSPACE_PATIENT (object);

  g_free (self->id);
  g_free (self->encounter);
  g_free (self->identity);
  g_free (self->failure);
  g_free (self->reading_failure);
  g_free (self->as_of);
  G_OBJECT_CLASS (workspace_patient_parent_class)->finalize (object);
}

static void
workspace_patient_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WorkspacePatient *self = WORKSPACE_PATIENT (object);

  switch ((WorkspacePatientProperty) id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_ENCOUNTER:
      g_value_set_string (value, self->encounter);
      break;
    case PROP_IDENTITY:
      g_value_set_string (value, self->identity);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_READING:
      g_value_set_boolean (value, self->reading);
      break;
    case PROP_AS_OF:
      g_value_set_string (value, self->as_of);
      break;
    }
}

static void
workspace_patient_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WorkspacePatient *self = WORKSPACE_PATIENT (object);

  switch ((WorkspacePatientProperty) id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;
    case PROP_ID:
      self->id = g_value_dup_string (value);
      break;
    case PROP_ENCOUNTER:
    case PROP_IDENTITY:
    case PROP_STATE:
    case PROP_READING:
    case PROP_AS_OF:
      g_assert_not_reached ();
    }
}

static void
workspace_patient_class_init (WorkspacePatientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags given = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags shown = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = workspace_patient_constructed;
  object_class->dispose = workspace_patient_dispose;
  object_class->finalize = workspace_patient_finalize;
  object_class->get_property = workspace_patient_get_property;
  object_class->set_property = workspace_patient_set_property;

  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, WORKSPACE_TYPE_SESSION, given);
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, given);
  properties[PROP_ENCOUNTER] = g_param_spec_string ("encounter", NULL, NULL, NULL, shown);
  properties[PROP_IDENTITY] = g_param_spec_string ("identity", NULL, NULL, NULL, shown);
  properties[PROP_STATE] =
      g_param_spec_uint ("state", NULL, NULL, 0, WORKSPACE_PATIENT_FAILED, 0, shown);
  properties[PROP_READING] = g_param_spec_boolean ("reading", NULL, NULL, FALSE, shown);
  /* the words beside allergies, medicines and results (H6); NULL while they are fresh */
  properties[PROP_AS_OF] = g_param_spec_string ("as-of", NULL, NULL, NULL, shown);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[SIGNAL_SUMMARY_CHANGED] =
      g_signal_new ("summary-changed", WORKSPACE_TYPE_PATIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REQUEST] =
      g_signal_new ("request", WORKSPACE_TYPE_PATIENT, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
workspace_patient_init (WorkspacePatient *self)
{
  self->cancellable = g_cancellable_new ();
}

/* The model of @patient_id, for as long as it lives. Reading starts at once. */
WorkspacePatient *
workspace_patient_new (WorkspaceSession *session, const char *patient_id)
{
  return g_object_new (WORKSPACE_TYPE_PATIENT, "session", session, "id", patient_id, NULL);
}

WorkspaceSession *
workspace_patient_get_session (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  return self->session;
}

const char *
workspace_patient_get_id (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  return self->id;
}

WorkspacePatientState
workspace_patient_get_state (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), WORKSPACE_PATIENT_FAILED);

  return self->state;
}

/* (nullable): why the chart could not be read. */
const char *
workspace_patient_get_failure (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  return self->failure;
}

/* (transfer none) (nullable): the newest summary. Take it again at each "summary-changed". */
CareSummary *
workspace_patient_get_summary (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  return self->summary;
}

void
workspace_patient_reload (WorkspacePatient *self)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT (self));

  Load *load = g_new0 (Load, 1);
  load->self = g_object_ref (self);
  load->id = g_strdup (self->id);
  load->clock = g_object_ref (workspace_session_get_clock (self->session));
  store_database_read_async (workspace_session_get_database (self->session), load_work, load, NULL,
                             self->cancellable, load_cb, load);
}

/* (transfer full): as the banner shows it; never empty. */
char *
workspace_patient_dup_name (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  const char *name = self->summary ? care_summary_get_name (self->summary) : NULL;
  return g_strdup (name ? name : _ ("Name not recorded"));
}

/* (transfer full) (nullable): "as of 14:02 (3 h ago)" when the chart is not fresh (H6). */
char *
workspace_patient_dup_as_of (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  gint64 own = self->readiness ? workspace_readiness_get_as_of (self->readiness) : 0;
  gint64 pulled = MAX (own, workspace_session_get_pulled (self->session));
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  return workspace_time_as_of (pulled, now, workspace_session_get_zone (self->session));
}

/* (transfer none) (nullable): what of this chart is here; NULL until the store answered. */
WorkspaceReadiness *
workspace_patient_get_readiness (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  return self->readiness;
}

/* Of how many records of this patient two versions wait for a choice. */
guint
workspace_patient_get_conflicts (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), 0);

  return self->conflicts;
}

/* Asks the server for this chart now, before anything else that is read. "notify::reading" tells
 * when it begins and ends. */
void
workspace_patient_read_again (WorkspacePatient *self)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT (self));

  SyncEngine *engine = workspace_session_get_engine (self->session);

  if (self->reading)
    return;
  if (!engine || !workspace_session_get_connected (self->session))
    {
      set_reading (self, FALSE,
                   _ ("The clinic’s server is not reached. What is new comes by itself when it "
                      "is back."));
      return;
    }
  self->asked = TRUE;
  set_reading (self, TRUE, NULL);
  sync_engine_pull_patient_async (engine, self->id, self->cancellable, read_again_cb,
                                  g_object_ref (self));
}

gboolean
workspace_patient_get_reading (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), FALSE);

  return self->reading;
}

/* (nullable): why the chart could not be read from the server just now. */
const char *
workspace_patient_get_reading_failure (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  return self->reading_failure;
}

/* (nullable): the id of the visit that waits or is in progress. */
const char *
workspace_patient_get_encounter (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  return self->encounter;
}

/* (nullable): "link-only", "date-of-birth-typed" or "confirmed"; NULL without a visit. */
const char *
workspace_patient_get_identity (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  return self->identity;
}

/* (transfer full) (nullable): the name of the other patient whose voice is heard now. */
char *
workspace_patient_dup_other_call (WorkspacePatient *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PATIENT (self), NULL);

  const char *caller = workspace_session_get_call_patient (self->session);
  if (!caller || g_str_equal (caller, self->id))
    return NULL;
  const char *name = workspace_session_get_call_name (self->session);
  return g_strdup (name ? name : _ ("another patient"));
}

/* Asks whichever feature knows @verb to do it here, as "admit" with "Encounter/…". */
void
workspace_patient_request (WorkspacePatient *self, const char *verb, const char *target)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT (self));

  g_signal_emit (self, signals[SIGNAL_REQUEST], g_quark_from_string (verb), target);
}
