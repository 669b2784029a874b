/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-contact.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-journal.h"
#include "care-row.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "store-resource.h"
#include "store-search.h"

/* A number or an address is never overwritten: the old one stays, is called old and gets the day on
 * which it ended, and the new one stands before it. Each change says who made it, in a Provenance,
 * and rests for its Undo. */

#define ROLE_CODE      "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
#define DATA_OPERATION "http://terminology.hl7.org/CodeSystem/v3-DataOperation"

static const char *const registrars[] = { "prescriber", "nurse", "reception", "admin", NULL };

static const struct
{
  const char *code, *display, *name;
} relationships[] = {
  { "PRN", "parent", N_ ("Parent") },
  { "CHILD", "child", N_ ("Child") },
  { "SPS", "spouse", N_ ("Spouse") },
  { "SIB", "sibling", N_ ("Sibling") },
  { "FRND", "unrelated friend", N_ ("Friend") },
};

void
care_contact_free (CareContact *self)
{
  g_free (self->name);
  g_free (self->phone);
  g_free (self->address);
  g_free (self->email);
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      g_free (self->ways[i]);
      g_clear_pointer (&self->consents[i], care_consent_free);
    }
  g_clear_object (&self->proxies);
  g_free (self);
}

/* (nullable): in the reader's language */
const char *
care_contact_relationship_name (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (relationships); i++)
    if (g_strcmp0 (relationships[i].code, code) == 0)
      return _ (relationships[i].name);
  return NULL;
}

/* ---- reading ---- */

/* What has ended, or is called old, is not how somebody is reached. */
static gboolean
is_over (const FhirElement *item, const char *today)
{
  const char *end = fhir_element_path_text (item, "period.end");

  return g_strcmp0 (fhir_element_path_text (item, "use"), "old") == 0 ||
         (end && strncmp (end, today, MIN (strlen (end), strlen (today))) <= 0);
}

static const FhirElement *
find_phone (const FhirElement *telecoms, const char *today)
{
  fhir_element_foreach (item, telecoms)
    if (g_strcmp0 (fhir_element_path_text (item, "system"), "phone") == 0 && !is_over (item, today))
      return item;
  return NULL;
}

static const FhirElement *
find_address (FhirResource *patient, const char *today)
{
  fhir_element_foreach (item, fhir_resource_path (patient, "address"))
    if (!is_over (item, today))
      return item;
  return NULL;
}

/* (transfer full) (nullable): the text, or the parts on one line. */
static char *
dup_address (const FhirElement *address)
{
  static const char *const parts[] = { "city", "postalCode", "country" };
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  if (!address)
    return NULL;
  if (fhir_element_path_text (address, "text"))
    return g_strdup (fhir_element_path_text (address, "text"));
  fhir_element_foreach (line, fhir_element_get (address, "line"))
    if (fhir_element_get_text (line))
      g_strv_builder_add (all, fhir_element_get_text (line));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (fhir_element_path_text (address, parts[i]))
      g_strv_builder_add (all, fhir_element_path_text (address, parts[i]));
  g_auto (GStrv) words = g_strv_builder_end (all);
  return g_strjoinv (", ", words);
}

static CareRow *
proxy_row (FhirResource *person, const char *today)
{
  const FhirElement *relationship = fhir_resource_path (person, "relationship.0");
  const char *start = fhir_resource_path_text (person, "period.start");
  const char *end = fhir_resource_path_text (person, "period.end");
  const char *code = fhir_element_path_text (relationship, "coding.0.code");
  const FhirElement *phone = find_phone (fhir_resource_path (person, "telecom"), today);
  gboolean over = (end && strncmp (end, today, strlen (today)) <= 0) ||
                  g_strcmp0 (fhir_resource_path_text (person, "active"), "false") == 0;
  g_autofree char *reference = fhir_resource_dup_reference (person);
  g_autofree char *name = fhir_human_name_format (fhir_resource_path (person, "name"));
  g_autofree char *word = relationship ? fhir_concept_dup_text (relationship) : NULL;
  g_autofree char *since = start ? fhir_date_format (start, NULL) : NULL;
  const char *known = care_contact_relationship_name (code);
  g_autoptr (GStrvBuilder) about = g_strv_builder_new ();

  if (known || word)
    g_strv_builder_add (about, known ? known : word);
  if (phone)
    g_strv_builder_add (about, fhir_element_path_text (phone, "value"));
  g_auto (GStrv) parts = g_strv_builder_end (about);
  g_autofree char *subtitle = g_strjoinv (" · ", parts);
  return care_row_new (over, CARE_ROW_TITLE, name, CARE_ROW_SUBTITLE, subtitle, CARE_ROW_DATE,
                       since, CARE_ROW_SEVERITY, over ? "over" : NULL, CARE_ROW_REFERENCE,
                       reference, 0);
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_row_get_sort ((CareRow *) a), y = care_row_get_sort ((CareRow *) b);

  return (x > y) - (x < y);
}

static gboolean
read_ways (CareContact *self,
           StoreConnection *connection,
           FhirResource *patient,
           const char *today,
           GError **error)
{
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      CareChannel channel = (CareChannel) i;

      self->ways[i] = care_channel_dup_address (patient, channel, today);
      self->consents[i] = care_consent_read (connection, fhir_resource_get_id (patient), channel,
                                             self->ways[i], error);
      if (!self->consents[i])
        return FALSE;
    }
  self->email = g_strdup (self->ways[CARE_CHANNEL_EMAIL]);
  return TRUE;
}

/**
 * care_contact_read:
 *
 * Returns: (transfer full) (nullable): how the patient is reached today, and who speaks for them
 */
CareContact *
care_contact_read (StoreConnection *connection,
                   const char *patient_id,
                   BaseClock *clock,
                   GError **error)
{
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autoptr (CareContact) self = g_new0 (CareContact, 1);
  g_autoptr (GPtrArray) people = NULL;
  const FhirElement *phone;

  self->proxies = g_list_store_new (CARE_TYPE_ROW);
  people = patient ? store_resource_list (connection, patient_id, "RelatedPerson", error) : NULL;
  if (!people || !read_ways (self, connection, patient, today, error))
    return NULL;
  phone = find_phone (fhir_resource_path (patient, "telecom"), today);
  self->name = fhir_human_name_format (fhir_resource_path (patient, "name"));
  self->phone = phone ? g_strdup (fhir_element_path_text (phone, "value")) : NULL;
  self->address = dup_address (find_address (patient, today));
  for (guint i = 0; i < people->len; i++)
    {
      g_autoptr (CareRow) row = proxy_row (people->pdata[i], today);
      g_list_store_append (self->proxies, row);
    }
  g_list_store_sort (self->proxies, compare_rows, NULL);
  return g_steal_pointer (&self);
}

/**
 * care_contact_dup_speakers:
 * @today: YYYY-MM-DD
 *
 * Returns: (transfer full) (nullable): who speaks for the patient today, "Ida Moss (Daughter · +44
 *   1632 960 692)", apart by semicolons; "" where nobody does
 */
char *
care_contact_dup_speakers (StoreConnection *connection,
                           const char *patient_id,
                           const char *today,
                           GError **error)
{
  g_autoptr (GPtrArray) people =
      store_resource_list (connection, patient_id, "RelatedPerson", error);
  g_autoptr (GString) words = people ? g_string_new (NULL) : NULL;

  for (guint i = 0; people && i < people->len; i++)
    {
      g_autoptr (CareRow) row = proxy_row (people->pdata[i], today);
      const char *about = care_row_get_text (row, CARE_ROW_SUBTITLE);
      gboolean opaque = care_chart_is_opaque (people->pdata[i]);

      if (!opaque && care_row_get_text (row, CARE_ROW_SEVERITY))
        continue;
      g_string_append (words, words->len > 0 ? "; " : "");
      if (opaque)
        g_string_append (words, _ ("an entry that Bedside cannot show safely"));
      else
        g_string_append_printf (words, about && *about ? "%s (%s)" : "%s", care_row_get_title (row),
                                about);
    }
  return words ? g_string_free_and_steal (g_steal_pointer (&words)) : NULL;
}

/* ---- correcting ---- */

/* Puts the new one first and ends @old; the others stay as they are. */
static void
replace (FhirBuilder *builder,
         const FhirElement *before,
         const FhirElement *old,
         const char *list,
         const char *today)
{
  gsize n = 1;

  fhir_element_foreach (item, before)
    {
      g_autofree char *path = g_strdup_printf ("%s.%" G_GSIZE_FORMAT, list, n++);
      g_autofree char *use = g_strconcat (path, ".use", NULL);
      g_autofree char *end = g_strconcat (path, ".period.end", NULL);

      fhir_builder_set_element (builder, path, item);
      if (item == old)
        {
          fhir_builder_set (builder, use, "old");
          fhir_builder_set (builder, end, today);
        }
    }
}

static void
begin (FhirBuilder *builder, const char *list, const FhirElement *old, const char *today)
{
  g_autofree char *use = g_strconcat (list, ".0.use", NULL);
  g_autofree char *start = g_strconcat (list, ".0.period.start", NULL);

  fhir_builder_remove (builder, list);
  fhir_builder_set (builder, use,
                    old && fhir_element_path_text (old, "use") ? fhir_element_path_text (old, "use")
                                                               : "home");
  fhir_builder_set (builder, start, today);
}

static gboolean
put_with_provenance (StoreConnection *connection,
                     CareContext *context,
                     const char *patient_id,
                     FhirBuilder *builder,
                     const char *activity,
                     const char *act,
                     GError **error)
{
  g_autoptr (FhirResource) resource = fhir_builder_end (builder);
  g_autofree char *reference = fhir_resource_dup_reference (resource);
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirBuilder) provenance = care_write_provenance (context, reference, now);
  g_auto (CareWrite) write = { 0 };

  fhir_builder_set_coding (provenance, "activity", DATA_OPERATION, activity, NULL);
  care_write_init (&write, connection, context, patient_id, CARE_PRIORITY_VISIT);
  write.hold = CARE_HOLD_UNDO;
  return care_write_put (&write, resource, error) &&
         care_write_put_builder (&write, provenance, error) &&
         care_write_audit (&write, "write", reference, act, error);
}

static gboolean
differs (const char *wanted, const char *there)
{
  return wanted && *wanted && g_strcmp0 (wanted, there) != 0;
}

/**
 * care_contact_correct:
 * @phone: (nullable): the number that is right; NULL or what is there: it stays
 * @address: (nullable): likewise
 */
gboolean
care_contact_correct (StoreConnection *connection,
                      CareContext *context,
                      const char *patient_id,
                      const char *phone,
                      const char *address,
                      GError **error)
{
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (context));
  g_autoptr (FhirResource) patient = NULL;
  g_autoptr (FhirBuilder) builder = NULL;

  if (!care_require_role (context, "correct how a patient is reached", registrars, error) ||
      !(patient = care_read (connection, "Patient", patient_id, error)))
    return FALSE;
  const FhirElement *telecoms = fhir_resource_path (patient, "telecom");
  const FhirElement *old_phone = find_phone (telecoms, today);
  const FhirElement *old_address = find_address (patient, today);
  g_autofree char *there = dup_address (old_address);
  gboolean new_phone =
      differs (phone, old_phone ? fhir_element_path_text (old_phone, "value") : NULL);
  gboolean new_address = differs (address, there);

  if (!new_phone && !new_address)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("Nothing is different from what is recorded."));
      return FALSE;
    }
  builder = fhir_builder_new_from (patient);
  if (new_phone)
    {
      begin (builder, "telecom", old_phone, today);
      fhir_builder_set_many (builder, "telecom.0.system", "phone", "telecom.0.value", phone, NULL);
      replace (builder, telecoms, old_phone, "telecom", today);
    }
  if (new_address)
    {
      begin (builder, "address", old_address, today);
      fhir_builder_set (builder, "address.0.text", address);
      replace (builder, fhir_resource_path (patient, "address"), old_address, "address", today);
    }
  return put_with_provenance (connection, context, patient_id, builder, "UPDATE",
                              "contact corrected", error);
}

/* ---- who speaks for the patient ---- */

/* (transfer full) (nullable): the new RelatedPerson's id */
char *
care_contact_add_proxy (StoreConnection *connection,
                        CareContext *context,
                        const char *patient_id,
                        const CareProxy *proxy,
                        GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *reference = g_strconcat ("Patient/", patient_id, NULL);
  g_autoptr (FhirResource) patient = NULL;
  g_autoptr (FhirBuilder) builder = NULL;

  if (!care_require_role (context, "say who speaks for a patient", registrars, error) ||
      !(patient = care_read (connection, "Patient", patient_id, error)))
    return NULL;
  if (!proxy->name || !*proxy->name)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("Write the name of who speaks for the patient."));
      return NULL;
    }
  builder = fhir_builder_new ("RelatedPerson", id);
  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set_many (builder, "patient.reference", reference, "name.0.text", proxy->name,
                         "period.start", today, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (relationships); i++)
    if (g_strcmp0 (relationships[i].code, proxy->relationship) == 0)
      fhir_builder_set_coding (builder, "relationship.0", ROLE_CODE, relationships[i].code,
                               relationships[i].display);
  if (proxy->phone && *proxy->phone)
    fhir_builder_set_many (builder, "telecom.0.system", "phone", "telecom.0.value", proxy->phone,
                           NULL);
  return put_with_provenance (connection, context, patient_id, builder, "CREATE", "proxy set",
                              error)
             ? g_steal_pointer (&id)
             : NULL;
}

/* Nothing is removed: from today on they do not speak for the patient any more. */
gboolean
care_contact_end_proxy (StoreConnection *connection,
                        CareContext *context,
                        const char *reference,
                        GError **error)
{
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (context));
  g_autoptr (FhirResource) person = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autofree char *patient = NULL;

  if (!care_require_role (context, "say who speaks for a patient", registrars, error) ||
      !g_str_has_prefix (reference, "RelatedPerson/") ||
      !(person = care_read (connection, "RelatedPerson", strchr (reference, '/') + 1, error)))
    return FALSE;
  patient = care_patient_of (person);
  builder = fhir_builder_new_from (person);
  fhir_builder_set (builder, "period.end", today);
  fhir_builder_set_boolean (builder, "active", FALSE);
  return put_with_provenance (connection, context, patient, builder, "UPDATE", "proxy ended",
                              error);
}

/* ---- from the main thread ---- */

static gboolean
read_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = (GDestroyNotify) care_contact_free;
  c->result = care_contact_read (connection, c->texts[0], c->clock, error);
  return c->result != NULL;
}

void
care_contact_read_async (CareContext *context,
                         const char *patient_id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  care_command_read (care_command_new (context, read_work, patient_id, NULL),
                     care_context_get_store (context), care_contact_read_async, cancellable,
                     callback, user_data);
}

CareContact *
care_contact_read_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
correct_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_contact_correct (connection, c->context, c->texts[0], c->texts[1], c->texts[2],
                               error);
}

void
care_contact_correct_async (CareContext *context,
                            const char *patient_id,
                            const char *phone,
                            const char *address,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  CareCommand *command = care_command_new (context, correct_work, patient_id, NULL);

  command->texts[1] = g_strdup (phone);
  command->texts[2] = g_strdup (address);
  care_command_write (command, care_contact_correct_async, NULL, callback, user_data);
}

static gboolean
add_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  const CareProxy proxy = { c->texts[1], c->texts[2], c->texts[3] };
  g_autofree char *id = care_contact_add_proxy (connection, c->context, c->texts[0], &proxy, error);

  c->free_result = g_free;
  c->result = id ? g_strconcat ("RelatedPerson/", id, NULL) : NULL;
  return id != NULL;
}

void
care_contact_add_proxy_async (CareContext *context,
                              const char *patient_id,
                              const CareProxy *proxy,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  CareCommand *command = care_command_new (context, add_work, patient_id, NULL);

  command->texts[1] = g_strdup (proxy->name);
  command->texts[2] = g_strdup (proxy->relationship);
  command->texts[3] = g_strdup (proxy->phone);
  care_command_write (command, care_contact_add_proxy_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): reference of who was added */
char *
care_contact_add_proxy_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
end_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_contact_end_proxy (connection, c->context, c->texts[0], error);
}

void
care_contact_end_proxy_async (CareContext *context,
                              const char *reference,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_write (care_command_new (context, end_work, reference, NULL),
                      care_contact_end_proxy_async, NULL, callback, user_data);
}

gboolean
care_contact_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
