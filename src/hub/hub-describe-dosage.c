/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-describe-dosage.h"

#include <string.h>

#include "clinical-dosage.h"
#include "fhir-concept.h"
#include "fhir-text.h"

/* The dosages of a file as generated text, for a clinician and for the patient, in a language that
 * is named. What cannot be said whole is loud, and stands as it was written. */

typedef struct
{
  HubDescription *out;
  const char *language, *only_type;
} Teller;

static void
put (Teller *self, const char *label, const char *text)
{
  g_string_append_printf (self->out->text, "  %s%s\n", label, text);
}

static void
put_written (Teller *self, const FhirElement *dosages)
{
  g_autofree char *written = clinical_dosage_display (dosages, NULL);
  g_autofree char *tidy = fhir_text_tidy (written);

  put (self, "As written: ", tidy != NULL ? tidy : "nothing");
}

static void
put_loud (Teller *self, const char *where, const char *sentence)
{
  put (self, "!!! ", sentence);
  g_ptr_array_add (self->out->warnings, g_strdup_printf ("%s: %s", where, sentence));
}

/* Text and codes that differ are both shown: what the prescriber meant is not known. */
static gboolean
all_agree (const FhirElement *dosages)
{
  fhir_element_foreach (dosage, dosages)
    if (!clinical_dosage_agrees (dosage))
      return FALSE;
  return TRUE;
}

static void
put_dosages (Teller *self, const char *where, const FhirElement *dosages)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line =
      clinical_dosage_say (dosages, self->language, CLINICAL_READER_CLINICIAN, &error);
  g_autofree char *plain =
      line != NULL ? clinical_dosage_say (dosages, self->language, CLINICAL_READER_PATIENT, &error)
                   : NULL;

  self->out->shown++;
  g_string_append_printf (self->out->text, "%s\n", where);
  if (plain == NULL)
    {
      put_loud (self, where, error->message);
      put_written (self, dosages);
      return;
    }
  put (self, "", line);
  put (self, "For the patient: ", plain);
  if (all_agree (dosages))
    return;
  put_loud (self, where, "Its text says something else than its codes. Do not act on either.");
  put_written (self, dosages);
}

static char *
dup_where (const FhirElement *resource)
{
  g_autofree char *concept =
      fhir_concept_dup_text (fhir_element_get (resource, "medicationCodeableConcept"));
  const char *display = fhir_element_path_text (resource, "medicationReference.display");
  g_autofree char *name = fhir_text_tidy (concept != NULL ? concept : display);
  g_autofree char *type = fhir_text_tidy (fhir_element_path_text (resource, "resourceType"));
  g_autofree char *id = fhir_text_tidy (fhir_element_path_text (resource, "id"));

  return g_strdup_printf ("%s%s%s (%s)", type, id != NULL ? " " : "", id != NULL ? id : "",
                          name != NULL ? name : "no name");
}

static void
tell (Teller *self, const FhirElement *resource)
{
  const char *type = fhir_element_path_text (resource, "resourceType");
  const FhirElement *dosages = fhir_element_get (resource, "dosageInstruction");
  g_autofree char *where = NULL;

  if (g_strcmp0 (type, "Bundle") == 0)
    {
      fhir_element_foreach (entry, fhir_element_get (resource, "entry"))
        tell (self, fhir_element_get (entry, "resource"));
      return;
    }
  if (dosages == NULL)
    dosages = fhir_element_get (resource, "dosage");
  if (fhir_element_get_kind (dosages) != FHIR_KIND_ARRAY)
    return;
  if (self->only_type != NULL && g_strcmp0 (type, self->only_type) != 0)
    {
      self->out->left_out++;
      return;
    }
  where = dup_where (resource);
  put_dosages (self, where, dosages);
}

static void
tell_resource (Teller *self, FhirResource *resource)
{
  tell (self, fhir_resource_get_root (resource));
}

/* A Dosage, or a list of them, is no resource: it is read inside of one. */
static FhirResource *
carry (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autofree char *json =
      g_strdup_printf ("{\"resourceType\":\"MedicationRequest\",\"dosageInstruction\":%s%s%s}",
                       *trimmed == '[' ? "" : "[", trimmed, *trimmed == '[' ? "" : "]");

  return *trimmed != '\0' ? fhir_resource_parse (json, -1, NULL) : NULL;
}

static gboolean
tell_lines (Teller *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean any = FALSE;

  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (FhirResource) resource = NULL;

      if (*g_strstrip (*line) == '\0')
        continue;
      resource = fhir_resource_parse (*line, -1, NULL);
      if (resource == NULL)
        return FALSE;
      tell_resource (self, resource);
      any = TRUE;
    }
  return any;
}

/**
 * hub_describe_dosages:
 * @text: a Dosage, a list of them, a resource, a bundle, or a resource a line
 * @only_type: (nullable): only of resources of this type
 * @language: a BCP 47 tag
 *
 * Returns: (transfer full): each dosage that is there, with a warning where it cannot be said or
 *   says two things; NULL with a reason where @text is none of these, or there are no words in
 *   @language
 */
HubDescription *
hub_describe_dosages (
    const char *text, gssize length, const char *only_type, const char *language, GError **error)
{
  g_autoptr (HubDescription) out = g_new0 (HubDescription, 1);
  g_autofree char *copy = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GError) problem = NULL;
  ClinicalLanguage known;
  Teller self = { out, language, only_type };

  out->text = g_string_new (NULL);
  out->warnings = g_ptr_array_new_with_free_func (g_free);
  out->unknown = g_ptr_array_new_with_free_func (g_free);
  if (!clinical_language_parse (language, &known))
    {
      g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_LANGUAGE,
                   "There are no words for a dosage in “%s”: en, de, es, fr or ja", language);
      return NULL;
    }
  resource = fhir_resource_parse (copy, -1, &problem);
  if (resource != NULL)
    tell_resource (&self, resource);
  else if (!tell_lines (&self, copy))
    {
      g_string_truncate (out->text, 0);
      out->shown = 0;
      resource = carry (copy);
      if (resource == NULL)
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&problem),
                                      "This is no dosage and no FHIR resource in JSON: ");
          return NULL;
        }
      tell_resource (&self, resource);
    }
  return g_steal_pointer (&out);
}
