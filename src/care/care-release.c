/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-release.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "care-write.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* What stays in the clinic: a picture that is intimate is not on the page of the patient, nor of
 * who speaks for them, until somebody releases it (hazard H22). The label stands on the document;
 * the hub holds its bytes to it too. Beside it stands "restricted" of v3-Confidentiality for other
 * servers that know labels; the hub does not hold to that one, because elsewhere it is on whole
 * records that patients do read. */

#define SYSTEM          "https://bedside.health/fhir/label"
#define CODE            "clinic-only"
#define CONFIDENTIALITY "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
#define RESTRICTED      "R"

static const char *const deciders[] = { "prescriber", "nurse", NULL };

static void
add_coding (FhirBuilder *builder, const char *system, const char *code, const char *display)
{
  gsize at = fhir_builder_get_length (builder, "meta.security");
  g_autofree char *system_path = g_strdup_printf ("meta.security.%" G_GSIZE_FORMAT ".system", at);
  g_autofree char *code_path = g_strdup_printf ("meta.security.%" G_GSIZE_FORMAT ".code", at);
  g_autofree char *display_path = g_strdup_printf ("meta.security.%" G_GSIZE_FORMAT ".display", at);

  fhir_builder_set_many (builder, system_path, system, code_path, code, display_path, display,
                         NULL);
}

/**
 * care_release_label:
 * @builder: a document
 *
 * Puts on it what was said of it; nothing, where it is ordinary or nobody was asked.
 */
void
care_release_label (FhirBuilder *builder, CareSensitivity sensitivity)
{
  if (sensitivity != CARE_SENSITIVITY_SENSITIVE)
    return;
  add_coding (builder, SYSTEM, CODE, "Stays in the clinic until it is released");
  add_coding (builder, CONFIDENTIALITY, RESTRICTED, "restricted");
}

static gboolean
is_coding (const FhirElement *coding, const char *system, const char *code)
{
  return g_strcmp0 (fhir_element_path_text (coding, "system"), system) == 0 &&
         g_strcmp0 (fhir_element_path_text (coding, "code"), code) == 0;
}

/**
 * care_release_is_kept:
 *
 * Returns: whether it stays in the clinic
 */
gboolean
care_release_is_kept (FhirResource *resource)
{
  fhir_element_foreach (coding, fhir_resource_path (resource, "meta.security"))
    if (is_coding (coding, SYSTEM, CODE))
      return TRUE;
  return FALSE;
}

/* The label, and the "restricted" that was put on with it: another one is somebody else's. */
static void
remove_label (FhirBuilder *builder, FhirResource *resource)
{
  const FhirElement *codings = fhir_resource_path (resource, "meta.security");
  gboolean with_it = FALSE;
  gsize at = 0;

  fhir_element_foreach (coding, codings)
    {
      gboolean is_label = is_coding (coding, SYSTEM, CODE);
      g_autofree char *path = g_strdup_printf ("meta.security.%" G_GSIZE_FORMAT, at);

      if (is_label || (with_it && is_coding (coding, CONFIDENTIALITY, RESTRICTED)))
        fhir_builder_remove (builder, path);
      else
        at++;
      with_it = is_label;
    }
  fhir_builder_prune (builder, "meta.security");
}

static FhirResource *
read_document (StoreConnection *connection, const char *reference, GError **error)
{
  g_autofree char *type = NULL, *id = NULL;

  if (reference && fhir_reference_split (reference, &type, &id) &&
      g_str_equal (type, "DocumentReference"))
    return care_read (connection, type, id, error);
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("This is no document."));
  return NULL;
}

/**
 * care_release_set_kept:
 * @reference: of a DocumentReference
 * @kept: TRUE: it stays in the clinic from now on; FALSE: it is released
 *
 * One transaction of the document, who decided it (Provenance) and the audit row. What is so
 * already stays as it is.
 */
gboolean
care_release_set_kept (StoreConnection *connection,
                       CareContext *context,
                       const char *reference,
                       gboolean kept,
                       GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *patient = NULL;
  g_autoptr (FhirResource) document = NULL;
  g_autoptr (FhirBuilder) builder = NULL, provenance = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_require_role (context, "release a document", deciders, error) ||
      !(document = read_document (connection, reference, error)))
    return FALSE;
  if (care_release_is_kept (document) == kept)
    return TRUE;
  patient = care_patient_of (document);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  builder = fhir_builder_new_from (document);
  if (kept)
    care_release_label (builder, CARE_SENSITIVITY_SENSITIVE);
  else
    remove_label (builder, document);
  provenance = care_write_provenance (context, reference, now);
  return care_write_put_builder (&write, builder, error) &&
         care_write_put_builder (&write, provenance, error) &&
         care_write_audit (&write, kept ? "write" : "release", reference,
                           kept ? "kept in the clinic" : "released to the patient", error);
}

/* ---- off the main thread ---- */

static gboolean
set_kept_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_release_set_kept (connection, command->context, command->texts[0],
                                command->number != 0, error);
}

void
care_release_set_kept_async (CareContext *context,
                             const char *reference,
                             gboolean kept,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  CareCommand *command = care_command_new (context, set_kept_work, reference, NULL);

  command->number = kept;
  care_command_write (command, care_release_set_kept_async, NULL, callback, user_data);
}

gboolean
care_release_set_kept_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
