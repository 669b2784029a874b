/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-registration.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-journal.h"
#include "care-row.h"
#include "care-write.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "store-resource.h"
#include "store-search.h"

/* A person is registered once. Whoever may be the same is shown first, and each of them has to be
 * answered: a second chart for one patient hides an allergy from whoever reads the first. */

#define CANDIDATES    400
#define BEGIN_LETTERS 2

static const char *const registrars[] = { "prescriber", "nurse", "reception", "admin", NULL };

/* ---- who may be the same ---- */

/* (transfer full): without the gaps that people write for the eye. */
static char *
without_gaps (const char *identifier)
{
  g_auto (GStrv) parts = g_strsplit_set (identifier, " -", -1);

  return g_strjoinv ("", parts);
}

static gboolean
has_identifier (FhirResource *patient, const char *identifier)
{
  const FhirElement *identifiers = fhir_resource_path (patient, "identifier");

  fhir_element_foreach (item, identifiers)
    {
      const char *value = fhir_element_path_text (item, "value");
      g_autofree char *one = without_gaps (value ? value : "");
      g_autofree char *other = without_gaps (identifier);

      if (*one && g_ascii_strcasecmp (one, other) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_alike (const FhirElement *name, const CareRegistration *wanted)
{
  const char *family = fhir_element_path_text (name, "family");
  const char *given = fhir_element_path_text (name, "given.0");
  g_auto (GStrv) first = g_strsplit (wanted->given ? wanted->given : "", " ", 2);

  if (!care_names_sound_alike (family, wanted->family))
    return FALSE;
  return !given || !first[0] || !*first[0] || care_names_sound_alike (given, first[0]);
}

static gboolean
has_name_alike (FhirResource *patient, const CareRegistration *wanted)
{
  const FhirElement *names = fhir_resource_path (patient, "name");

  fhir_element_foreach (name, names)
    if (is_alike (name, wanted))
      return TRUE;
  return FALSE;
}

static gboolean
shares_a_name (FhirResource *patient, const CareRegistration *wanted)
{
  const FhirElement *names = fhir_resource_path (patient, "name");

  fhir_element_foreach (name, names)
    if (care_names_sound_alike (fhir_element_path_text (name, "family"), wanted->family) ||
        care_names_sound_alike (fhir_element_path_text (name, "given.0"), wanted->given))
      return TRUE;
  return FALSE;
}

/* (nullable): why @patient may be the same; NULL: not likely. */
static const char *
find_reason (FhirResource *patient, const CareRegistration *wanted, int *rank)
{
  const char *born = fhir_resource_path_text (patient, "birthDate");
  gboolean same_day = born && wanted->birth_date && g_str_equal (born, wanted->birth_date);

  *rank = 0;
  if (wanted->identifier && has_identifier (patient, wanted->identifier))
    return _ ("Has the same identifier");
  *rank = 1;
  if (same_day && has_name_alike (patient, wanted))
    return _ ("Born the same day, with a like name");
  *rank = 2;
  if (same_day && shares_a_name (patient, wanted))
    return _ ("Born the same day, and shares a name");
  *rank = 3;
  if (has_name_alike (patient, wanted))
    return born && wanted->birth_date ? _ ("A like name, with another birth date")
                                      : _ ("A like name; a birth date is not recorded");
  return NULL;
}

static void
add_similar (GListStore *rows,
             GHashTable *seen,
             FhirResource *patient,
             const CareRegistration *wanted)
{
  int rank = 0;
  const char *reason = find_reason (patient, wanted, &rank);
  const char *born = fhir_resource_path_text (patient, "birthDate");
  const char *replaced = fhir_resource_path_text (patient, "active");

  if (!reason || g_strcmp0 (replaced, "false") == 0 ||
      !g_hash_table_add (seen, g_strdup (fhir_resource_get_id (patient))))
    return;
  g_autofree char *name = fhir_human_name_format (fhir_resource_path (patient, "name"));
  g_autofree char *shown = born ? fhir_date_format (born, NULL) : NULL;
  g_autoptr (CareRow) row =
      care_row_new (rank, CARE_ROW_TITLE, name, CARE_ROW_SUBTITLE, reason, CARE_ROW_DATE, shown,
                    CARE_ROW_VALUE, fhir_resource_path_text (patient, "identifier.0.value"),
                    CARE_ROW_SEVERITY, rank == 0 ? "same" : NULL, CARE_ROW_REFERENCE,
                    fhir_resource_get_id (patient), 0);
  g_list_store_append (rows, row);
}

static gboolean
add_by_query (StoreConnection *connection,
              GListStore *rows,
              GHashTable *seen,
              const char *parameter,
              const char *value,
              const CareRegistration *wanted,
              GError **error)
{
  g_autofree char *escaped = value ? g_uri_escape_string (value, NULL, TRUE) : NULL;
  g_autofree char *query = g_strdup_printf ("%s=%s", parameter, escaped ? escaped : "");
  g_autoptr (GPtrArray) ids =
      value && *value ? store_search_ids (connection, "Patient", query, error) : NULL;

  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) patient =
          store_resource_get (connection, "Patient", ids->pdata[i], NULL);
      if (patient)
        add_similar (rows, seen, patient, wanted);
    }
  return !value || !*value || ids;
}

/* Names that sound alike nearly always begin alike. */
static gboolean
add_by_name (StoreConnection *connection,
             GListStore *rows,
             GHashTable *seen,
             const char *name,
             const CareRegistration *wanted,
             GError **error)
{
  g_autofree char *begin =
      name && *name ? g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), BEGIN_LETTERS))
                    : NULL;
  g_autoptr (GPtrArray) found =
      begin ? store_search_names (connection, "Patient", begin, CANDIDATES, error) : NULL;

  for (guint i = 0; found && i < found->len; i++)
    add_similar (rows, seen, found->pdata[i], wanted);
  return !begin || found;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_row_get_sort ((CareRow *) a), y = care_row_get_sort ((CareRow *) b);

  return (x > y) - (x < y);
}

/**
 * care_registration_list_similar:
 *
 * Returns: (transfer full) (nullable): whoever here may be the same person, the likeliest first, as
 *   CareRow: title the name, subtitle why, date of birth, identifier as value, severity "same"
 * where the identifier is the same, the id as reference. Of those whose name begins alike the first
 * 400 are looked at.
 */
GListStore *
care_registration_list_similar (StoreConnection *connection,
                                const CareRegistration *registration,
                                GError **error)
{
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  const char *identifier = registration->identifier;
  g_autofree char *closed = identifier ? without_gaps (identifier) : NULL;

  if (!add_by_query (connection, rows, seen, "identifier", identifier, registration, error) ||
      !add_by_query (connection, rows, seen, "identifier", closed, registration, error) ||
      !add_by_query (connection, rows, seen, "birthdate", registration->birth_date, registration,
                     error) ||
      !add_by_name (connection, rows, seen, registration->family, registration, error) ||
      !add_by_name (connection, rows, seen, registration->given, registration, error))
    return NULL;
  g_list_store_sort (rows, compare, NULL);
  return g_steal_pointer (&rows);
}

/* ---- registering ---- */

static gboolean
is_complete (CareContext *context, const CareRegistration *registration, GError **error)
{
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (context));
  const char *missing = NULL;

  if ((!registration->family || !*registration->family) &&
      (!registration->given || !*registration->given))
    missing = _ ("Write the name.");
  else if (!registration->birth_date)
    missing = _ ("Write the birth date: without it nobody can be told from another.");
  else if (g_strcmp0 (registration->birth_date, today) > 0)
    missing = _ ("This birth date is in the future.");
  if (missing)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, missing);
  return missing == NULL;
}

static gboolean
are_answered (StoreConnection *connection,
              const CareRegistration *registration,
              const char *const *answered,
              GError **error)
{
  g_autoptr (GListStore) similar = care_registration_list_similar (connection, registration, error);

  for (guint i = 0; similar && i < g_list_model_get_n_items (G_LIST_MODEL (similar)); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (similar), i);
      const char *name = care_row_get_title (row);

      if (g_strcmp0 (care_row_get_text (row, CARE_ROW_SEVERITY), "same") == 0)
        {
          g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                       _ ("%s has this identifier. Open that chart, or correct the identifier."),
                       name);
          return FALSE;
        }
      if (!answered || !g_strv_contains (answered, care_row_get_reference (row)))
        {
          g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                       _ ("%s may be the same person. Look, and say that it is somebody else."),
                       name);
          return FALSE;
        }
    }
  return similar != NULL;
}

static FhirBuilder *
build (const char *id, const CareRegistration *registration)
{
  FhirBuilder *builder = fhir_builder_new ("Patient", id);
  g_auto (GStrv) given = g_strsplit (registration->given ? registration->given : "", " ", -1);
  guint n = 0;

  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set_many (builder, "name.0.use", "official", "name.0.family", registration->family,
                         NULL);
  for (guint i = 0; given[i]; i++)
    if (*given[i])
      {
        g_autofree char *path = g_strdup_printf ("name.0.given.%u", n++);
        fhir_builder_set (builder, path, given[i]);
      }
  fhir_builder_set_many (builder, "birthDate", registration->birth_date, "gender",
                         registration->sex, "identifier.0.value", registration->identifier,
                         "address.0.text", registration->address, NULL);
  if (registration->phone)
    fhir_builder_set_many (builder, "telecom.0.system", "phone", "telecom.0.value",
                           registration->phone, NULL);
  if (registration->email)
    {
      const char *at = registration->phone ? "telecom.1" : "telecom.0";
      g_autofree char *system = g_strconcat (at, ".system", NULL);
      g_autofree char *value = g_strconcat (at, ".value", NULL);

      fhir_builder_set_many (builder, system, "email", value, registration->email, NULL);
    }
  return builder;
}

/* What was agreed to goes out with the registration, and is undone with it. */
static gboolean
put_consents (CareWrite *write,
              FhirResource *patient,
              const CareRegistration *registration,
              GError **error)
{
  BaseClock *clock = care_context_get_clock (write->context);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autofree char *now = base_clock_dup_instant (clock);

  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      CareChannel channel = (CareChannel) i;
      g_autofree char *recorded = care_channel_dup_address (patient, channel, today);
      g_autofree char *address = care_channel_dup_valid (channel, recorded);
      g_autofree char *id = base_id_new (base_clock_now (clock));
      g_autoptr (FhirResource) consent = NULL;

      if (!registration->agrees[i])
        continue;
      if (!address)
        {
          g_set_error_literal (
              error, CARE_ERROR, CARE_ERROR_MISSING,
              channel == CARE_CHANNEL_SMS
                  ? _ ("A text message needs a telephone number of 5 to 15 digits.")
                  : _ ("This is no e-mail address."));
          return FALSE;
        }
      consent = care_consent_build (NULL, id, write->patient, channel, address, TRUE, now);
      if (!care_write_put (write, consent, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * care_registration_write:
 * @answered: (nullable): ids of those who were shown and are somebody else
 *
 * Registers a person. Who may be the same is looked for again in this transaction, and whoever was
 * not answered stands in the way. It rests for its Undo.
 *
 * Returns: (transfer full) (nullable): the patient's id
 */
char *
care_registration_write (StoreConnection *connection,
                         CareContext *context,
                         const CareRegistration *registration,
                         const char *const *answered,
                         GError **error)
{
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (context)));
  g_autofree char *reference = g_strconcat ("Patient/", id, NULL);
  g_autofree char *others = answered && answered[0] ? g_strjoinv (" ", (char **) answered) : NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) patient = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_require_role (context, "register a patient", registrars, error) ||
      !is_complete (context, registration, error) ||
      !are_answered (connection, registration, answered, error))
    return NULL;
  builder = build (id, registration);
  care_write_init (&write, connection, context, id, CARE_PRIORITY_VISIT);
  write.hold = CARE_HOLD_UNDO;
  patient = fhir_builder_end (builder);
  if (!care_write_put (&write, patient, error) ||
      !put_consents (&write, patient, registration, error) ||
      !care_write_audit (&write, "write", reference, "registered", error) ||
      (others && !care_write_audit (&write, "override", reference, others, error)))
    return NULL;
  return g_steal_pointer (&id);
}

/* ---- from the main thread ---- */

static CareCommand *
command_of (CareContext *context, CareWork work, const CareRegistration *registration)
{
  CareCommand *command = care_command_new (context, work, NULL);
  const char *const texts[] = { registration->family,     registration->given,
                                registration->birth_date, registration->sex,
                                registration->identifier, registration->phone,
                                registration->address };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    command->texts[i] = g_strdup (texts[i]);
  command->texts[8] = g_strdup (registration->email);
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    command->number |= registration->agrees[i] ? 1 << i : 0;
  return command;
}

static CareRegistration
registration_of (CareCommand *c)
{
  return (CareRegistration) {
    .family = c->texts[0],
    .given = c->texts[1],
    .birth_date = c->texts[2],
    .sex = c->texts[3],
    .identifier = c->texts[4],
    .phone = c->texts[5],
    .address = c->texts[6],
    .email = c->texts[8],
    .agrees = { [CARE_CHANNEL_SMS] = (c->number >> CARE_CHANNEL_SMS) & 1,
                [CARE_CHANNEL_EMAIL] = (c->number >> CARE_CHANNEL_EMAIL) & 1 },
  };
}

static gboolean
similar_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  CareRegistration registration = registration_of (c);

  c->free_result = g_object_unref;
  c->result = care_registration_list_similar (connection, &registration, error);
  return c->result != NULL;
}

void
care_registration_list_similar_async (CareContext *context,
                                      const CareRegistration *registration,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  care_command_read (command_of (context, similar_work, registration),
                     care_context_get_store (context), care_registration_list_similar_async,
                     cancellable, callback, user_data);
}

GListStore *
care_registration_list_similar_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
write_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  CareRegistration registration = registration_of (c);
  g_auto (GStrv) answered = g_strsplit (c->texts[7], " ", -1);

  c->free_result = g_free;
  c->result = care_registration_write (connection, c->context, &registration,
                                       (const char *const *) answered, error);
  return c->result != NULL;
}

void
care_registration_write_async (CareContext *context,
                               const CareRegistration *registration,
                               const char *const *answered,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  CareCommand *command = command_of (context, write_work, registration);

  command->texts[7] = answered ? g_strjoinv (" ", (char **) answered) : g_strdup ("");
  care_command_write (command, care_registration_write_async, cancellable, callback, user_data);
}

char *
care_registration_write_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
