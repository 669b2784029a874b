/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-context.h"

#include <glib/gi18n.h>

#include "store-audit.h"

struct _CareContext
{
  GObject parent_instance;

  StoreDatabase *store;
  BaseClock *clock;
  char *user_reference, *user_name, *role;
  gboolean journal;

  GMutex lease_lock; /* commands ask on the store's thread */
  gint64 signed_in;
  gint64 lease_length;
  gint64 known_at, known_tick; /* when that was learnt, by the clock and by one that only grows */
  gboolean leased;

  GMutex key_lock;
  CareKeySource key_source;
  gpointer key_data;
  GDestroyNotify key_destroy;
  BaseKey *key; /* once it was asked for */

  CareSecretLoad secret_load;
  CareSecretSave secret_save;
  gpointer secret_data;
  GDestroyNotify secret_destroy;
  CareSecondFactor *factor; /* not owned: of what is being signed now */
};

typedef enum
{
  PROP_STORE = 1,
  PROP_CLOCK,
  PROP_USER_REFERENCE,
  PROP_USER_NAME,
  PROP_ROLE,
  PROP_JOURNAL,
} CareContextProperty;

static GParamSpec *properties[PROP_JOURNAL + 1];

G_DEFINE_QUARK (care - error - quark, care_error)
G_DEFINE_FINAL_TYPE (CareContext, care_context, G_TYPE_OBJECT)

static void
care_context_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CareContext *self = CARE_CONTEXT (object);

  switch ((CareContextProperty) id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;
    case PROP_CLOCK:
      g_value_set_object (value, self->clock);
      break;
    case PROP_USER_REFERENCE:
      g_value_set_string (value, self->user_reference);
      break;
    case PROP_USER_NAME:
      g_value_set_string (value, self->user_name);
      break;
    case PROP_ROLE:
      g_value_set_string (value, self->role);
      break;
    case PROP_JOURNAL:
      g_value_set_boolean (value, self->journal);
      break;
    }
}

static void
care_context_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CareContext *self = CARE_CONTEXT (object);

  switch ((CareContextProperty) id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;
    case PROP_CLOCK:
      self->clock = g_value_dup_object (value);
      break;
    case PROP_USER_REFERENCE:
      self->user_reference = g_value_dup_string (value);
      break;
    case PROP_USER_NAME:
      self->user_name = g_value_dup_string (value);
      break;
    case PROP_ROLE:
      self->role = g_value_dup_string (value);
      break;
    case PROP_JOURNAL:
      self->journal = g_value_get_boolean (value);
      break;
    }
}

static void
care_context_finalize (GObject *object)
{
  CareContext *self = CARE_CONTEXT (object);

  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_free (self->user_reference);
  g_free (self->user_name);
  g_free (self->role);
  g_mutex_clear (&self->lease_lock);
  g_mutex_clear (&self->key_lock);
  g_clear_pointer (&self->key, base_key_unref);
  if (self->key_destroy)
    self->key_destroy (self->key_data);
  if (self->secret_destroy)
    self->secret_destroy (self->secret_data);

  G_OBJECT_CLASS (care_context_parent_class)->finalize (object);
}

static void
care_context_class_init (CareContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = care_context_get_property;
  object_class->set_property = care_context_set_property;
  object_class->finalize = care_context_finalize;
  properties[PROP_STORE] = g_param_spec_object ("store", NULL, NULL, STORE_TYPE_DATABASE, flags);
  properties[PROP_CLOCK] = g_param_spec_object ("clock", NULL, NULL, BASE_TYPE_CLOCK, flags);
  properties[PROP_USER_REFERENCE] = g_param_spec_string ("user-reference", NULL, NULL, NULL, flags);
  properties[PROP_USER_NAME] = g_param_spec_string ("user-name", NULL, NULL, NULL, flags);
  properties[PROP_ROLE] = g_param_spec_string ("role", NULL, NULL, NULL, flags);
  /* A server keeps no outbox: what it stores is where it belongs. */
  properties[PROP_JOURNAL] = g_param_spec_boolean ("journal", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
care_context_init (CareContext *self)
{
  g_mutex_init (&self->lease_lock);
  g_mutex_init (&self->key_lock);
  self->lease_length = CARE_LEASE_US;
}

/**
 * care_context_new:
 * @store: (nullable): where asynchronous commands go; NULL where only the blocking ones are used
 * @user_reference: who acts, "Practitioner/x"
 * @role: "prescriber", "nurse", "reception" or "admin"
 *
 * Returns: (transfer full): a context whose writes go through the outbox
 */
CareContext *
care_context_new (StoreDatabase *store,
                  BaseClock *clock,
                  const char *user_reference,
                  const char *user_name,
                  const char *role)
{
  return g_object_new (CARE_TYPE_CONTEXT, "store", store, "clock", clock, "user-reference",
                       user_reference, "user-name", user_name, "role", role, NULL);
}

StoreDatabase *
care_context_get_store (CareContext *self)
{
  return self->store;
}

BaseClock *
care_context_get_clock (CareContext *self)
{
  return self->clock;
}

const char *
care_context_get_user_reference (CareContext *self)
{
  return self->user_reference;
}

const char *
care_context_get_user_name (CareContext *self)
{
  return self->user_name;
}

const char *
care_context_get_role (CareContext *self)
{
  return self->role;
}

gboolean
care_context_get_journal (CareContext *self)
{
  return self->journal;
}

/**
 * care_context_set_signed_in:
 * @signed_in: when the server last took the sign-in, in µs since 1970
 *
 * From now on what is signed needs a lease. Without this call nothing does: a server's own context.
 */
void
care_context_set_signed_in (CareContext *self, gint64 signed_in)
{
  g_mutex_lock (&self->lease_lock);
  if (!self->leased || signed_in != self->signed_in)
    {
      self->known_at = base_clock_now (self->clock);
      self->known_tick = base_clock_monotonic (self->clock);
    }
  self->signed_in = signed_in;
  self->leased = TRUE;
  g_mutex_unlock (&self->lease_lock);
}

gint64
care_context_get_signed_in (CareContext *self)
{
  g_mutex_lock (&self->lease_lock);
  gint64 signed_in = self->signed_in;
  g_mutex_unlock (&self->lease_lock);
  return signed_in;
}

/* For how long a sign-in is good, in µs: what the administrator says. */
void
care_context_set_lease_length (CareContext *self, gint64 length)
{
  g_mutex_lock (&self->lease_lock);
  self->lease_length = length;
  g_mutex_unlock (&self->lease_lock);
}

gint64
care_context_get_lease_length (CareContext *self)
{
  g_mutex_lock (&self->lease_lock);
  gint64 length = self->lease_length;
  g_mutex_unlock (&self->lease_lock);
  return length;
}

/**
 * care_context_check_lease:
 *
 * Setting the clock back gains no time: what passed since the sign-in was learnt counts by a clock
 * that only grows, too. Only the clock knows of the time that the computer slept.
 *
 * Returns: FALSE with CARE_ERROR_LEASE when the sign-in has run out; from any thread
 */
gboolean
care_context_check_lease (CareContext *self, GError **error)
{
  g_mutex_lock (&self->lease_lock);
  gint64 passed = base_clock_monotonic (self->clock) - self->known_tick;
  gint64 now = MAX (base_clock_now (self->clock), self->known_at + passed);
  gboolean good = !self->leased ||
                  care_lease_get_of (self->signed_in, now, self->lease_length) == CARE_LEASE_GOOD;
  g_mutex_unlock (&self->lease_lock);

  if (!good)
    g_set_error (
        error, CARE_ERROR, CARE_ERROR_LEASE,
        _ ("Your sign-in has run out, so this cannot be signed now. It is kept. Connect to "
           "the network: it can be signed as soon as the clinic’s server answers."));
  return good;
}

/**
 * care_context_set_key_source:
 *
 * From now on what is signed is signed with the user's key, and nothing is without it. Without this
 * call nothing is: a server's own context.
 */
void
care_context_set_key_source (CareContext *self,
                             CareKeySource source,
                             gpointer data,
                             GDestroyNotify destroy)
{
  g_return_if_fail (self->key_source == NULL);

  self->key_source = source;
  self->key_data = data;
  self->key_destroy = destroy;
}

/**
 * care_context_load_key:
 *
 * Blocks until the place that keeps the key has answered; for worker threads, before a
 * transaction begins.
 *
 * Returns: FALSE where a key is needed and cannot be had
 */
gboolean
care_context_load_key (CareContext *self, GError **error)
{
  g_mutex_lock (&self->key_lock);
  if (self->key == NULL && self->key_source != NULL)
    self->key = self->key_source (self->key_data, error);
  gboolean good = self->key != NULL || self->key_source == NULL;
  g_mutex_unlock (&self->key_lock);

  return good;
}

/* Whether what is signed here is signed with a key. */
gboolean
care_context_needs_key (CareContext *self)
{
  return self->key_source != NULL;
}

/**
 * care_context_dup_key:
 *
 * Returns: (transfer full) (nullable): the user's key, where it was loaded; from any thread
 */
BaseKey *
care_context_dup_key (CareContext *self)
{
  g_mutex_lock (&self->key_lock);
  BaseKey *key = self->key != NULL ? base_key_ref (self->key) : NULL;
  g_mutex_unlock (&self->key_lock);

  return key;
}

typedef struct
{
  char *action, *who, *patient, *reference, *detail;
} AuditRow;

static void
audit_row_free (gpointer data)
{
  AuditRow *row = data;

  g_free (row->action);
  g_free (row->who);
  g_free (row->patient);
  g_free (row->reference);
  g_free (row->detail);
  g_free (row);
}

static gboolean
write_audit_row (StoreConnection *connection, gpointer data, GError **error)
{
  AuditRow *row = data;

  return store_audit_append (connection, row->action, row->who, row->patient, row->reference,
                             row->detail, error);
}

static void
audit_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!store_database_write_finish (STORE_DATABASE (source), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("An audit row could not be written: %s", error->message);
}

/**
 * care_context_audit:
 * @action: "read", "print", "call-refused", …
 * @patient_id: (nullable): whose record
 * @reference: (nullable): what
 * @detail: (nullable): why, in words that name no patient
 *
 * Records an act that writes nothing else. Returns at once.
 */
void
care_context_audit (CareContext *self,
                    const char *action,
                    const char *patient_id,
                    const char *reference,
                    const char *detail)
{
  AuditRow *row = g_new0 (AuditRow, 1);

  row->action = g_strdup (action);
  row->who = g_strdup (self->user_reference);
  row->patient = g_strdup (patient_id);
  row->reference = g_strdup (reference);
  row->detail = g_strdup (detail);
  store_database_write_async (self->store, BASE_LANE_PERSON, write_audit_row, row, audit_row_free,
                              NULL, audit_written_cb, NULL);
}

/**
 * care_context_set_secret_place:
 *
 * From now on controlled drugs are signed with the user's second factor, and none is without it.
 */
void
care_context_set_secret_place (CareContext *self,
                               CareSecretLoad load,
                               CareSecretSave save,
                               gpointer data,
                               GDestroyNotify destroy)
{
  g_return_if_fail (self->secret_load == NULL);

  self->secret_load = load;
  self->secret_save = save;
  self->secret_data = data;
  self->secret_destroy = destroy;
}

/**
 * care_context_load_secret:
 * @secret: (out): NULL where the user has no second factor yet
 *
 * Blocks until the place that keeps it has answered.
 *
 * Returns: FALSE where nobody answered
 */
gboolean
care_context_load_secret (CareContext *self, char **secret, GError **error)
{
  *secret = NULL;
  return self->secret_load == NULL || self->secret_load (self->secret_data, secret, error);
}

/* As care_context_load_secret(). */
gboolean
care_context_save_secret (CareContext *self, const char *secret, GError **error)
{
  g_return_val_if_fail (self->secret_save != NULL, FALSE);

  return self->secret_save (self->secret_data, secret, error);
}

/**
 * care_context_set_factor:
 * @factor: (nullable): what the user just showed; it is not copied
 *
 * For what is signed on the store's thread until it is taken away again.
 */
void
care_context_set_factor (CareContext *self, CareSecondFactor *factor)
{
  self->factor = factor;
}

/* (transfer none) (nullable) */
CareSecondFactor *
care_context_get_factor (CareContext *self)
{
  return self->factor;
}
