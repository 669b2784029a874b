/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-supply-code.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-supply.h"
#include "care-write.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* The code that a patient shows at a pharmacy's counter, as a square or in letters: the number of
 * the prescription and a token that is good once. It says nothing clinical, and it is no address:
 * whoever reads it has text, and nothing to open. In the manner of the token of gematik's
 * E-Rezept, in a form of its own. */

#define PREFIX      "RX1"
#define TOKEN_BYTES 12
#define LONGEST     128

/* Two digits over all that stands before them. 97 is a prime and more than there are signs, so that
 * any one sign that is read as another is found, and any two that change places. */
static guint
check_of (const char *text)
{
  static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./";
  guint sum = 0;

  for (; *text; text++)
    {
      const char *sign = strchr (signs, *text);

      sum = (sum * 39 + (guint) (sign ? sign - signs : 0)) % 97;
    }
  return sum;
}

/**
 * care_supply_code_make:
 * @number: of the prescription, as fhir_id_is_valid ()
 *
 * Returns: (transfer full): the code, in letters that a QR code holds densely
 */
char *
care_supply_code_make (const char *number, const char *token)
{
  g_autofree char *body = g_strdup_printf (PREFIX "/%s/%s", number, token);
  g_autofree char *upper = g_ascii_strup (body, -1);

  return g_strdup_printf ("%s/%02u", upper, check_of (upper));
}

static gboolean
is_token (const char *text)
{
  return strlen (text) == (gsize) 2 * TOKEN_BYTES &&
         strspn (text, "0123456789ABCDEF") == (gsize) 2 * TOKEN_BYTES;
}

/* What was typed or scanned, without the spaces between; NULL where it is anything but a few plain
 * letters. */
static char *
clean (const char *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);

  for (; text && *text; text++)
    {
      if (g_ascii_isspace (*text))
        continue;
      if ((!g_ascii_isalnum (*text) && !strchr ("/-.", *text)) || plain->len >= LONGEST)
        return NULL;
      g_string_append_c (plain, g_ascii_toupper (*text));
    }
  return g_string_free_and_steal (g_steal_pointer (&plain));
}

/**
 * care_supply_code_parse:
 * @text: (nullable): as it was typed or scanned, by anybody
 * @number: (out): of the prescription
 * @token: (out)
 *
 * Returns: whether it is a code, by its form and its check digits; nothing of it is followed
 */
gboolean
care_supply_code_parse (const char *text, char **number, char **token, GError **error)
{
  g_autofree char *plain = clean (text);
  g_auto (GStrv) parts = g_strsplit (plain ? plain : "", "/", 5);
  g_autofree char *expected = NULL;

  if (g_strv_length (parts) != 4 || !g_str_equal (parts[0], PREFIX) ||
      !fhir_id_is_valid (parts[1]) || !is_token (parts[2]))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("This is no code of a prescription."));
      return FALSE;
    }
  expected = care_supply_code_make (parts[1], parts[2]);
  if (!g_str_equal (expected, plain))
    {
      g_set_error (
          error, CARE_ERROR, CARE_ERROR_MISSING,
          _ ("This code is not whole: a letter is missing or another one. Read it again."));
      return FALSE;
    }
  *number = g_ascii_strdown (parts[1], -1);
  *token = g_ascii_strdown (parts[2], -1);
  return TRUE;
}

static const char *
number_of (FhirResource *request)
{
  fhir_element_foreach (identifier, fhir_resource_path (request, "identifier"))
    {
      const char *value = fhir_element_path_text (identifier, "value");

      if (g_strcmp0 (fhir_element_path_text (identifier, "system"), CARE_SYSTEM_PRESCRIPTION_ID) ==
              0 &&
          value && fhir_id_is_valid (value))
        return value;
    }
  return fhir_resource_get_id (request);
}

/**
 * care_supply_code_task:
 * @token: (nullable): one is made where there is none
 * @way: CARE_SUPPLY_PRINTED or CARE_SUPPLY_SHOWN
 *
 * Returns: (transfer full): a new Task that says that somebody may collect it by this token, once
 */
FhirResource *
care_supply_code_task (FhirResource *request, const char *token, const char *now, const char *way)
{
  g_autoptr (GBytes) random = base_random_bytes (TOKEN_BYTES);
  g_autofree char *made = base_hex (g_bytes_get_data (random, NULL), TOKEN_BYTES);
  const char *used = token ? token : made;
  g_autofree char *digest = base_sha256_hex (used, -1);
  g_autofree char *id = g_strdup_printf ("collect-%.32s", digest);
  g_autofree char *focus = fhir_resource_dup_reference (request);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_COLLECT, "identifier.0.value",
                         used, "status", "requested", "intent", "order", "focus.reference", focus,
                         "for.reference", fhir_resource_path_text (request, "subject.reference"),
                         "authoredOn", now, "lastModified", now, NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_SUPPLY_COLLECT, NULL);
  fhir_builder_set_coding (builder, "businessStatus", CARE_SYSTEM_TASK, way, NULL);
  return fhir_builder_end (builder);
}

/**
 * care_supply_code_of:
 *
 * Returns: (transfer full) (nullable): the code that @task answers to
 */
char *
care_supply_code_of (FhirResource *request, FhirResource *task)
{
  const char *token = fhir_resource_path_text (task, "identifier.0.value");

  return token ? care_supply_code_make (number_of (request), token) : NULL;
}

/* (transfer full) (nullable): that was printed before and is good still: the same paper again */
static FhirResource *
find_printed (StoreConnection *connection, FhirResource *request)
{
  g_autofree char *focus = fhir_resource_dup_reference (request);
  g_autofree char *query =
      g_strdup_printf ("focus=%s&code=%s|%s", focus, CARE_SYSTEM_TASK, CARE_SUPPLY_COLLECT);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", query, NULL);

  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) task = store_resource_get (connection, "Task", ids->pdata[i], NULL);

      if (task && care_supply_is_of (request, task) &&
          care_supply_step_of (task) == CARE_SUPPLY_STEP_ASKED &&
          fhir_concept_has_code (fhir_resource_path (task, "businessStatus"), CARE_SYSTEM_TASK,
                                 CARE_SUPPLY_PRINTED))
        return g_steal_pointer (&task);
    }
  return NULL;
}

static gboolean
is_over (FhirResource *request)
{
  static const char *const over[] = { "cancelled", "stopped", "entered-in-error", "completed",
                                      NULL };
  const char *status = fhir_resource_path_text (request, "status");

  return status && g_strv_contains (over, status);
}

/**
 * care_supply_code_print:
 *
 * Marks a prescription as printed, in the record and in the audit, before it is: whoever collects
 * it by the paper collects this one. Printed again it is the same code.
 *
 * Returns: (transfer full) (nullable): what stands on the paper as a square; CARE_ERROR_STATE for
 *   one that is over
 */
char *
care_supply_code_print (StoreConnection *connection,
                        CareContext *context,
                        const char *request_id,
                        GError **error)
{
  g_autoptr (FhirResource) request = care_read (connection, "MedicationRequest", request_id, error);
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *patient = request ? care_patient_of (request) : NULL;
  g_autofree char *reference = g_strconcat ("MedicationRequest/", request_id, NULL);
  g_autoptr (FhirResource) task = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!request)
    return NULL;
  if (is_over (request))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("This prescription is over: it is not printed any more."));
      return NULL;
    }
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_PRESCRIPTION);
  task = find_printed (connection, request);
  if (!task)
    {
      task = care_supply_code_task (request, NULL, now, CARE_SUPPLY_PRINTED);
      if (!care_write_put (&write, task, error))
        return NULL;
    }
  return care_write_audit (&write, "print", reference, "prescription", error)
             ? care_supply_code_of (request, task)
             : NULL;
}

/**
 * care_supply_code_void:
 * @code: of care_supply_code_print ()
 *
 * Says that nothing was printed after all: nobody is told that the patient has it on paper, and
 * nobody collects it by this code.
 */
gboolean
care_supply_code_void (StoreConnection *connection,
                       CareContext *context,
                       const char *code,
                       GError **error)
{
  g_autofree char *number = NULL, *token = NULL, *digest = NULL, *id = NULL, *patient = NULL;
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_supply_code_parse (code, &number, &token, error))
    return FALSE;
  digest = base_sha256_hex (token, -1);
  id = g_strdup_printf ("collect-%.32s", digest);
  task = care_read (connection, "Task", id, error);
  if (!task || care_supply_step_of (task) != CARE_SUPPLY_STEP_ASKED)
    return task != NULL;
  patient = care_patient_of (task);
  builder = fhir_builder_new_from (task);
  fhir_builder_set_many (builder, "status", "cancelled", "lastModified", now, NULL);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "undo", fhir_resource_path_text (task, "focus.reference"),
                           "prescription, not printed", error);
}

static gboolean
print_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_free;
  c->result = care_supply_code_print (connection, c->context, c->texts[0], error);
  return c->result != NULL;
}

void
care_supply_code_print_async (CareContext *context,
                              const char *request_id,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_write (care_command_new (context, print_work, request_id, NULL),
                      care_supply_code_print_async, NULL, callback, user_data);
}

char *
care_supply_code_print_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
void_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_supply_code_void (connection, c->context, c->texts[0], error);
}

void
care_supply_code_void_async (CareContext *context,
                             const char *code,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_command_write (care_command_new (context, void_work, code, NULL),
                      care_supply_code_void_async, NULL, callback, user_data);
}

gboolean
care_supply_code_void_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
