/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-capability.h"

#include <glib/gi18n.h>
#include <string.h>

#include "store-setting.h"
#include "sync-version.h"

/* A server says of itself what it can do; what it does not say, or says wrongly, is learned by
 * trying. Both are kept in the store, and both become sentences for whoever runs the clinic. */

#define STATEMENT   "sync.capability"
#define LEARNED     "sync.learned"
#define GENERATION  "https://bedside.health/fhir/StructureDefinition/store-generation"
#define LARGEST     (900 * 1024) /* a serious server refuses 1 MB */
#define LARGEST_MIN (16 * 1024)

/* The words on disk. Append only. */
static const char *const feature_words[SYNC_N_FEATURES] = {
  "transaction",  "update-create", "conditional-create", "versioned-update", "history",
  "subscription", "filters",
};

struct _SyncCapability
{
  gatomicrefcount count;
  GMutex mutex; /* over the rest */
  FhirResource *statement;
  gboolean asked; /* since the start of the program, whether or not it answered with a statement */
  SyncAnswer learned[SYNC_N_FEATURES];
  gsize largest;
};

SyncCapability *
sync_capability_new (void)
{
  SyncCapability *self = g_new0 (SyncCapability, 1);

  g_atomic_ref_count_init (&self->count);
  g_mutex_init (&self->mutex);
  self->largest = LARGEST;
  return self;
}

SyncCapability *
sync_capability_ref (SyncCapability *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
sync_capability_unref (SyncCapability *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_mutex_clear (&self->mutex);
  g_clear_pointer (&self->statement, fhir_resource_unref);
  g_free (self);
}

/* Another program, or another version of it, may have learned something too. */
static gboolean
is_other_program (FhirResource *a, FhirResource *b)
{
  static const char *const paths[] = { "software.name", "software.version", "implementation.url" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (g_strcmp0 (fhir_resource_path_text (a, paths[i]), fhir_resource_path_text (b, paths[i])) !=
        0)
      return TRUE;
  return FALSE;
}

/**
 * sync_capability_set_statement:
 *
 * What was learned of another program is forgotten.
 */
void
sync_capability_set_statement (SyncCapability *self, FhirResource *statement)
{
  g_autoptr (FhirResource) before = NULL;

  g_mutex_lock (&self->mutex);
  before = g_steal_pointer (&self->statement);
  self->statement = fhir_resource_ref (statement);
  if (before != NULL && is_other_program (before, statement))
    {
      memset (self->learned, 0, sizeof self->learned);
      self->largest = LARGEST;
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * sync_capability_dup_statement:
 *
 * Returns: (transfer full) (nullable): NULL where it was never read
 */
FhirResource *
sync_capability_dup_statement (SyncCapability *self)
{
  FhirResource *statement;

  g_mutex_lock (&self->mutex);
  statement = self->statement != NULL ? fhir_resource_ref (self->statement) : NULL;
  g_mutex_unlock (&self->mutex);
  return statement;
}

void
sync_capability_set_asked (SyncCapability *self)
{
  g_mutex_lock (&self->mutex);
  self->asked = TRUE;
  g_mutex_unlock (&self->mutex);
}

/**
 * sync_capability_was_asked:
 *
 * Returns: whether the server has been asked what it can do since the start: what stands here is
 * not what another one at its address said yesterday
 */
gboolean
sync_capability_was_asked (SyncCapability *self)
{
  gboolean asked;

  g_mutex_lock (&self->mutex);
  asked = self->asked;
  g_mutex_unlock (&self->mutex);
  return asked;
}

static const FhirElement *
find_type (FhirResource *statement, const char *type)
{
  fhir_element_foreach (resource, fhir_resource_path (statement, "rest.0.resource"))
    if (g_strcmp0 (fhir_element_path_text (resource, "type"), type) == 0)
      return resource;
  return NULL;
}

static gboolean
has_interaction (const FhirElement *interactions, const char *code)
{
  fhir_element_foreach (interaction, interactions)
    if (g_strcmp0 (fhir_element_path_text (interaction, "code"), code) == 0)
      return TRUE;
  return FALSE;
}

/* A server that lists what it does, and not this, does not do it; one that lists nothing says
 * nothing. */
static SyncAnswer
read_interaction (const FhirElement *interactions, const char *code)
{
  if (fhir_element_get_length (interactions) == 0)
    return SYNC_ANSWER_UNKNOWN;
  return has_interaction (interactions, code) ? SYNC_ANSWER_YES : SYNC_ANSWER_NO;
}

static SyncAnswer
read_flag (const FhirElement *flag)
{
  if (flag == NULL)
    return SYNC_ANSWER_UNKNOWN;
  return fhir_element_is_true (flag) ? SYNC_ANSWER_YES : SYNC_ANSWER_NO;
}

static SyncAnswer
read_versioning (const FhirElement *resource)
{
  const char *versioning = fhir_element_path_text (resource, "versioning");

  if (versioning == NULL)
    return SYNC_ANSWER_UNKNOWN;
  return strcmp (versioning, "versioned-update") == 0 ? SYNC_ANSWER_YES : SYNC_ANSWER_NO;
}

/* Without a type: the worst that any of them says, so that a note can speak of the server. */
static SyncAnswer
read_any (FhirResource *statement, SyncAnswer (*read) (const FhirElement *), const char *member)
{
  SyncAnswer worst = SYNC_ANSWER_UNKNOWN;

  fhir_element_foreach (resource, fhir_resource_path (statement, "rest.0.resource"))
    worst = MAX (worst, read (member != NULL ? fhir_element_get (resource, member) : resource));
  return worst;
}

/* Nothing may be made there that is not offered; a statement without any type says nothing. */
static SyncAnswer
read_subscription (FhirResource *statement)
{
  const FhirElement *resource = find_type (statement, "Subscription");

  if (fhir_element_get_length (fhir_resource_path (statement, "rest.0.resource")) == 0)
    return SYNC_ANSWER_UNKNOWN;
  return resource != NULL && read_interaction (fhir_element_get (resource, "interaction"),
                                               "create") != SYNC_ANSWER_NO
             ? SYNC_ANSWER_YES
             : SYNC_ANSWER_NO;
}

static SyncAnswer
read_statement (FhirResource *statement, SyncFeature feature, const char *type)
{
  const FhirElement *resource = type != NULL ? find_type (statement, type) : NULL;

  switch (feature)
    {
    case SYNC_FEATURE_TRANSACTION:
      return read_interaction (fhir_resource_path (statement, "rest.0.interaction"), "transaction");
    case SYNC_FEATURE_UPDATE_CREATE:
      return type != NULL ? read_flag (fhir_element_get (resource, "updateCreate"))
                          : read_any (statement, read_flag, "updateCreate");
    case SYNC_FEATURE_CONDITIONAL_CREATE:
      return type != NULL ? read_flag (fhir_element_get (resource, "conditionalCreate"))
                          : read_any (statement, read_flag, "conditionalCreate");
    case SYNC_FEATURE_VERSIONED_UPDATE:
      return type != NULL ? read_versioning (resource)
                          : read_any (statement, read_versioning, NULL);
    case SYNC_FEATURE_HISTORY:
      return read_interaction (fhir_element_get (type != NULL ? resource
                                                              : find_type (statement, "Patient"),
                                                 "interaction"),
                               "history-type");
    case SYNC_FEATURE_SUBSCRIPTION:
      return read_subscription (statement);
    case SYNC_FEATURE_FILTERS:
    case SYNC_N_FEATURES:
      break;
    }
  return SYNC_ANSWER_UNKNOWN;
}

/**
 * sync_capability_get:
 * @type: (nullable): of a resource; NULL: of the server
 *
 * Returns: what trying has taught, else what the server says
 */
SyncAnswer
sync_capability_get (SyncCapability *self, SyncFeature feature, const char *type)
{
  g_autoptr (FhirResource) statement = sync_capability_dup_statement (self);
  SyncAnswer learned;

  g_mutex_lock (&self->mutex);
  learned = self->learned[feature];
  g_mutex_unlock (&self->mutex);
  if (learned != SYNC_ANSWER_UNKNOWN || statement == NULL)
    return learned;
  return read_statement (statement, feature, type);
}

/**
 * sync_capability_learn:
 *
 * Returns: whether that is news
 */
gboolean
sync_capability_learn (SyncCapability *self, SyncFeature feature, SyncAnswer answer)
{
  gboolean news;

  g_mutex_lock (&self->mutex);
  news = self->learned[feature] != answer;
  self->learned[feature] = answer;
  g_mutex_unlock (&self->mutex);
  return news;
}

/**
 * sync_capability_get_largest:
 *
 * Returns: bytes of a body above which a server is not asked to take several records at once
 */
gsize
sync_capability_get_largest (SyncCapability *self)
{
  gsize largest;

  g_mutex_lock (&self->mutex);
  largest = self->largest;
  g_mutex_unlock (&self->mutex);
  return largest;
}

/**
 * sync_capability_learn_largest:
 * @bytes: of a body that was refused as too large
 *
 * Returns: whether that is news
 */
gboolean
sync_capability_learn_largest (SyncCapability *self, gsize bytes)
{
  gsize largest = MAX (bytes / 2, (gsize) LARGEST_MIN);
  gboolean news;

  g_mutex_lock (&self->mutex);
  news = largest < self->largest;
  self->largest = MIN (self->largest, largest);
  g_mutex_unlock (&self->mutex);
  return news;
}

/**
 * sync_capability_searches:
 *
 * Returns: whether the server lets us search this type; TRUE where it does not say
 */
gboolean
sync_capability_searches (SyncCapability *self, const char *type)
{
  g_autoptr (FhirResource) statement = sync_capability_dup_statement (self);
  const FhirElement *resource;

  if (statement == NULL || fhir_resource_path (statement, "rest.0.resource") == NULL)
    return TRUE;
  resource = find_type (statement, type);
  return resource != NULL && read_interaction (fhir_element_get (resource, "interaction"),
                                               "search-type") != SYNC_ANSWER_NO;
}

/**
 * sync_capability_keeps_versions:
 *
 * Returns: whether the server says that old versions of this type can be read; else nothing follows
 *   from one that cannot
 */
gboolean
sync_capability_keeps_versions (SyncCapability *self, const char *type)
{
  g_autoptr (FhirResource) statement = sync_capability_dup_statement (self);
  const FhirElement *resource = statement != NULL ? find_type (statement, type) : NULL;

  return resource != NULL &&
         read_interaction (fhir_element_get (resource, "interaction"), "vread") == SYNC_ANSWER_YES;
}

/**
 * sync_capability_dup_generation:
 *
 * Returns: (transfer full) (nullable): the name that the server gives to the records that it has
 *   now; NULL where it gives none
 */
char *
sync_capability_dup_generation (SyncCapability *self)
{
  g_autoptr (FhirResource) statement = sync_capability_dup_statement (self);

  if (statement != NULL)
    fhir_element_foreach (extension, fhir_resource_path (statement, "implementation.extension"))
      if (g_strcmp0 (fhir_element_path_text (extension, "url"), GENERATION) == 0)
        return g_strdup (fhir_element_path_text (extension, "valueString"));
  return NULL;
}

static const struct
{
  SyncFeature feature;
  const char *sentence;
} notes[] = {
  { SYNC_FEATURE_TRANSACTION,
    N_ ("This server cannot store several records in one step. Bedside sends them one after the "
        "other, in an order in which nothing is left half done, and checks each.") },
  { SYNC_FEATURE_UPDATE_CREATE,
    N_ ("This server gives new records its own numbers. Bedside sends them with an identifier of "
        "its own and takes over the server’s number.") },
  { SYNC_FEATURE_CONDITIONAL_CREATE,
    N_ ("This server does not notice by itself that it already has a record. Bedside asks before "
        "it sends a new one, so that nothing is stored twice.") },
  { SYNC_FEATURE_VERSIONED_UPDATE,
    N_ ("This server does not protect a record that two people save at the same moment. Bedside "
        "reads each record again right before it saves it, and shows you what differs.") },
  { SYNC_FEATURE_HISTORY,
    N_ ("This server does not list what was deleted. Bedside compares its records with the "
        "server’s in the background; a deletion may show here up to an hour later.") },
  { SYNC_FEATURE_SUBSCRIPTION,
    N_ ("This server does not report changes by itself. Bedside asks every few seconds.") },
  { SYNC_FEATURE_FILTERS,
    N_ ("This server ignores what a search asks for and answers with everything. Bedside checks "
        "each record that comes; reading a chart takes longer.") },
};

/* A clinician must know what cannot be seen here. */
static const struct
{
  const char *type, *sentence;
} needed[] = {
  { "AllergyIntolerance", N_ ("This server offers no allergies. Bedside cannot show them or check "
                              "prescriptions against them.") },
  { "MedicationRequest",
    N_ ("This server offers no prescriptions. Bedside cannot show or send them.") },
  { "Condition", N_ ("This server offers no problem list. Bedside cannot show it.") },
  { "Appointment",
    N_ ("This server offers no bookings. Bedside cannot show the day’s appointments.") },
  { "Task", N_ ("This server offers no tasks. Tasks stay on this computer.") },
};

/**
 * sync_capability_dup_notes:
 *
 * Returns: (transfer full): a sentence for each thing that this server cannot do, with what Bedside
 *   does instead
 */
GStrv
sync_capability_dup_notes (SyncCapability *self)
{
  g_autoptr (FhirResource) statement = sync_capability_dup_statement (self);
  g_autoptr (GStrvBuilder) sentences = g_strv_builder_new ();
  gsize largest = sync_capability_get_largest (self);
  g_autofree char *version = sync_version_dup_note (BEDSIDE_VERSION, statement);

  if (version != NULL)
    g_strv_builder_add (sentences, version);
  if (statement == NULL)
    g_strv_builder_add (sentences, _ ("This server has not said yet what it can do. Bedside finds "
                                      "out by trying."));
  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    if (sync_capability_get (self, notes[i].feature, NULL) == SYNC_ANSWER_NO)
      g_strv_builder_add (sentences, _ (notes[i].sentence));
  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!sync_capability_searches (self, needed[i].type))
      g_strv_builder_add (sentences, _ (needed[i].sentence));
  if (largest < LARGEST)
    {
      g_autofree char *sentence =
          g_strdup_printf (_ ("This server refuses large files. Bedside sends records of more than "
                              "%u kB one by one, "
                              "and names what the server does not take."),
                           (guint) (largest / 1024));

      g_strv_builder_add (sentences, sentence);
    }
  return g_strv_builder_end (sentences);
}

static void
load_learned (SyncCapability *self, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2)
    {
      if (strcmp (words[i], "largest") == 0)
        self->largest = CLAMP (g_ascii_strtoull (words[i + 1], NULL, 10), LARGEST_MIN, LARGEST);
      for (guint j = 0; j < SYNC_N_FEATURES; j++)
        if (strcmp (words[i], feature_words[j]) == 0)
          self->learned[j] = strcmp (words[i + 1], "yes") == 0 ? SYNC_ANSWER_YES : SYNC_ANSWER_NO;
    }
}

/**
 * sync_capability_load:
 *
 * Returns: whether something was kept
 */
gboolean
sync_capability_load (SyncCapability *self, StoreConnection *connection)
{
  g_autofree char *text = store_setting_get (connection, STATEMENT);
  g_autofree char *learned = store_setting_get (connection, LEARNED);
  g_autoptr (FhirResource) statement =
      text != NULL && *text != '\0' ? fhir_resource_parse (text, -1, NULL) : NULL;

  g_mutex_lock (&self->mutex);
  if (learned != NULL)
    load_learned (self, learned);
  if (statement != NULL && self->statement == NULL)
    self->statement = fhir_resource_ref (statement);
  g_mutex_unlock (&self->mutex);
  return statement != NULL;
}

gboolean
sync_capability_save (SyncCapability *self, StoreConnection *connection, GError **error)
{
  g_autoptr (FhirResource) statement = sync_capability_dup_statement (self);
  g_autoptr (GString) learned = g_string_new (NULL);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < SYNC_N_FEATURES; i++)
    if (self->learned[i] != SYNC_ANSWER_UNKNOWN)
      g_string_append_printf (learned, "%s %s ", feature_words[i],
                              self->learned[i] == SYNC_ANSWER_YES ? "yes" : "no");
  g_string_append_printf (learned, "largest %" G_GSIZE_FORMAT, self->largest);
  g_mutex_unlock (&self->mutex);
  return store_setting_set (connection, LEARNED, learned->str, error) &&
         (statement == NULL || store_setting_set (connection, STATEMENT,
                                                  fhir_resource_get_text (statement, NULL), error));
}
