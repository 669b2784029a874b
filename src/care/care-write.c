/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-write.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "fhir-reference.h"
#include "store-audit.h"
#include "store-journal.h"
#include "store-resource.h"

void
care_write_init (CareWrite *self,
                 StoreConnection *connection,
                 CareContext *context,
                 const char *patient,
                 CarePriority priority)
{
  *self = (CareWrite) {
    .connection = connection,
    .context = context,
    .group = base_id_new (base_clock_now (care_context_get_clock (context))),
    .patient = g_strdup (patient),
    .priority = priority,
  };
}

void
care_write_clear (CareWrite *self)
{
  g_clear_pointer (&self->group, g_free);
  g_clear_pointer (&self->patient, g_free);
}

/**
 * care_write_put:
 * @resource: with an id
 *
 * Stores a resource and its journal entry.
 */
gboolean
care_write_put (CareWrite *self, FhirResource *resource, GError **error)
{
  const char *type = fhir_resource_get_type (resource), *id = fhir_resource_get_id (resource);
  g_autoptr (FhirResource) before = store_resource_get (self->connection, type, id, NULL);
  g_auto (StorePut) put = { 0 };
  gint64 sequence;

  if (!store_resource_put (self->connection, resource, STORE_PUT_DEFAULT, NULL, &put, error))
    return FALSE;
  if (!care_context_get_journal (self->context))
    return TRUE;
  if (!store_journal_append (self->connection, self->group,
                             before ? STORE_JOURNAL_UPDATE : STORE_JOURNAL_CREATE, type, id,
                             self->patient, before ? fhir_resource_get_version (before) : NULL,
                             (int) self->priority, &sequence, error))
    return FALSE;
  return !self->hold ||
         store_journal_set_state (self->connection, sequence, "held", self->hold, error);
}

gboolean
care_write_put_builder (CareWrite *self, FhirBuilder *builder, GError **error)
{
  g_autoptr (FhirResource) resource = fhir_builder_end (builder);

  return care_write_put (self, resource, error);
}

gboolean
care_write_audit (
    CareWrite *self, const char *action, const char *reference, const char *detail, GError **error)
{
  return store_audit_append (self->connection, action,
                             care_context_get_user_reference (self->context), self->patient,
                             reference, detail, error);
}

/**
 * care_write_provenance:
 * @target: reference of what was written
 * @when: the moment of it
 *
 * Returns: (transfer full): a Provenance that names the user as its author
 */
FhirBuilder *
care_write_provenance (CareContext *context, const char *target, const char *when)
{
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (context)));
  FhirBuilder *builder = fhir_builder_new ("Provenance", id);

  fhir_builder_set_many (builder, "target.0.reference", target, "recorded", when, NULL);
  fhir_builder_set_coding (builder, "agent.0.type", CARE_SYSTEM_PARTICIPANT, "author", "Author");
  fhir_builder_set_many (builder, "agent.0.who.reference",
                         care_context_get_user_reference (context), "agent.0.who.display",
                         care_context_get_user_name (context), NULL);
  return builder;
}

/**
 * care_read:
 *
 * Returns: (transfer full) (nullable): a resource; NULL with an error that says what is not there
 */
FhirResource *
care_read (StoreConnection *connection, const char *type, const char *id, GError **error)
{
  FhirResource *resource = id ? store_resource_get (connection, type, id, error) : NULL;

  if (!id)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                         _ ("The record that this is about is not named."));
  return resource;
}

/**
 * care_patient_of:
 *
 * Returns: (transfer full) (nullable): id of the patient that a resource is about
 */
char *
care_patient_of (FhirResource *resource)
{
  static const char *const paths[] = { "subject.reference", "patient.reference", "for.reference",
                                       "beneficiary.reference" };
  g_autofree char *type = NULL;
  char *id = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const char *reference = fhir_resource_path_text (resource, paths[i]);

      if (reference && fhir_reference_split (reference, &type, &id))
        {
          if (g_str_equal (type, "Patient"))
            return id;
          g_clear_pointer (&type, g_free);
          g_clear_pointer (&id, g_free);
        }
    }
  return NULL;
}
