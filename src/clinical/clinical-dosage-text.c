/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-dosage-private.h"

#include "fhir-text.h"

/* FHIR Dosage to one sentence, by open rules: the parts in a fixed order, the method in front of
 * the dose, the others joined. What is there but cannot be said is an error, never left out: a
 * sentence that drops a part reads as a different dose. */

static gboolean
put (GString *out, char *text)
{
  if (text)
    g_string_append (out, text);
  g_free (text);
  return text != NULL;
}

static gboolean
put_in (const ClinicalSpeaker *self, GString *out, ClinicalPhrase phrase, char *text)
{
  gboolean ok = text && put (out, clinical_phrase_fill (self, phrase, text, NULL));

  g_free (text);
  return ok;
}

/* ---- parts ---- */

static gboolean
write_method (const ClinicalSpeaker *self, const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *method = fhir_element_get (dosage, "method");
  const char *use = clinical_phrase_get (self, CLINICAL_PHRASE_USE_PLAIN);

  if (method)
    return put (out, clinical_say_concept (self, method, CLINICAL_WORD_METHOD, "method", error));
  if (self->reader == CLINICAL_READER_PATIENT && use &&
      (fhir_element_path (dosage, "doseAndRate.0.doseQuantity") ||
       fhir_element_path (dosage, "doseAndRate.0.doseRange")))
    g_string_append (out, use);
  return TRUE;
}

static gboolean
write_dose (const ClinicalSpeaker *self, const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *list = fhir_element_get (dosage, "doseAndRate");
  const FhirElement *quantity = fhir_element_path (list, "0.doseQuantity");
  const FhirElement *range = fhir_element_path (list, "0.doseRange");

  if (fhir_element_get_length (list) > 1)
    return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                 "The dosage gives more than one dose at once.");
  if (!quantity && !range)
    return TRUE;
  return put_in (self, out, CLINICAL_PHRASE_DOSE,
                 quantity ? clinical_say_quantity (self, quantity, "dose", error)
                          : clinical_say_range (self, range, "dose", error));
}

static gboolean
write_rate (const ClinicalSpeaker *self, const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *ratio = fhir_element_path (dosage, "doseAndRate.0.rateRatio");
  const FhirElement *range = fhir_element_path (dosage, "doseAndRate.0.rateRange");
  const FhirElement *quantity = fhir_element_path (dosage, "doseAndRate.0.rateQuantity");

  if (!ratio && !range && !quantity)
    return TRUE;
  return put_in (self, out, CLINICAL_PHRASE_RATE,
                 ratio   ? clinical_say_ratio (self, ratio, "rate", error)
                 : range ? clinical_say_range (self, range, "rate", error)
                         : clinical_say_quantity (self, quantity, "rate", error));
}

static gboolean
write_route (const ClinicalSpeaker *self, const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *route = fhir_element_get (dosage, "route");

  return !route ||
         put (out, clinical_say_concept (self, route, CLINICAL_WORD_ROUTE, "route", error));
}

static gboolean
write_site (const ClinicalSpeaker *self, const FhirElement *dosage, GString *out, GError **error)
{
  const FhirElement *site = fhir_element_get (dosage, "site");

  return !site || put (out, clinical_say_concept (self, site, CLINICAL_WORD_OTHER, "site", error));
}

/* Reasons without a text of their own are named one by one. */
static char *
say_reasons (const ClinicalSpeaker *self, const FhirElement *concept, GError **error)
{
  const FhirElement *codings = fhir_element_get (concept, "coding");
  g_autoptr (GPtrArray) reasons = g_ptr_array_new_with_free_func (g_free);

  if (fhir_element_get (concept, "text") || fhir_element_get_length (codings) < 2)
    return clinical_say_concept (self, concept, CLINICAL_WORD_REASON,
                                 "reason for taking it as required", error);
  fhir_element_foreach (coding, codings)
    {
      g_autofree char *name = fhir_text_tidy (fhir_element_path_text (coding, "display"));

      if (!name)
        return clinical_say_nothing (error, CLINICAL_ERROR_MISSING,
                                     "A reason for taking it as required has no name.");
      g_ptr_array_add (reasons, clinical_say_words (self, name, CLINICAL_WORD_REASON));
    }
  return clinical_phrase_join (self, reasons);
}

static gboolean
write_as_needed (const ClinicalSpeaker *self,
                 const FhirElement *dosage,
                 GString *out,
                 GError **error)
{
  const FhirElement *concept = fhir_element_get (dosage, "asNeededCodeableConcept");
  gboolean plain = self->reader == CLINICAL_READER_PATIENT;

  if (concept)
    return put_in (self, out, plain ? CLINICAL_PHRASE_NEEDED_FOR_PLAIN : CLINICAL_PHRASE_NEEDED_FOR,
                   say_reasons (self, concept, error));
  if (fhir_element_is_true (fhir_element_get (dosage, "asNeededBoolean")))
    g_string_append (out, clinical_phrase_get (self, plain ? CLINICAL_PHRASE_NEEDED_PLAIN
                                                           : CLINICAL_PHRASE_NEEDED));
  return TRUE;
}

static gboolean
write_max_period (const ClinicalSpeaker *self,
                  const FhirElement *dosage,
                  GString *out,
                  GError **error)
{
  const FhirElement *ratio = fhir_element_get (dosage, "maxDosePerPeriod");

  return !ratio || put_in (self, out, CLINICAL_PHRASE_MAX,
                           clinical_say_ratio (self, ratio, "largest dose", error));
}

static gboolean
write_max_administration (const ClinicalSpeaker *self,
                          const FhirElement *dosage,
                          GString *out,
                          GError **error)
{
  const FhirElement *quantity = fhir_element_get (dosage, "maxDosePerAdministration");

  return !quantity || put_in (self, out, CLINICAL_PHRASE_MAX_DOSE,
                              clinical_say_quantity (self, quantity, "largest single dose", error));
}

static gboolean
write_max_lifetime (const ClinicalSpeaker *self,
                    const FhirElement *dosage,
                    GString *out,
                    GError **error)
{
  const FhirElement *quantity = fhir_element_get (dosage, "maxDosePerLifetime");

  return !quantity ||
         put_in (self, out, CLINICAL_PHRASE_MAX_LIFETIME,
                 clinical_say_quantity (self, quantity, "largest dose in a lifetime", error));
}

static gboolean
write_additional (const ClinicalSpeaker *self,
                  const FhirElement *dosage,
                  GString *out,
                  GError **error)
{
  const char *joint = "";

  fhir_element_foreach (item, fhir_element_get (dosage, "additionalInstruction"))
    {
      g_string_append (out, joint);
      joint = self->reader == CLINICAL_READER_PATIENT ? ". " : " - ";
      if (!put (out, clinical_say_concept (self, item, CLINICAL_WORD_OTHER,
                                           "additional instruction", error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_patient (const ClinicalSpeaker *self, const FhirElement *dosage, GString *out, GError **error)
{
  g_autofree char *text =
      clinical_phrase_free_text (self, fhir_element_path_text (dosage, "patientInstruction"));

  g_string_append (out, text ? text : "");
  return TRUE;
}

/* ---- whole ---- */

/* A null says that something stands there which nobody can read; a modifier changes the rest. */
static gboolean
check_readable (const FhirElement *element, GError **error)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;
  FhirKind kind = fhir_element_get_kind (element);

  if (kind == FHIR_KIND_NULL)
    return clinical_dosage_fail (error, CLINICAL_ERROR_MISSING,
                                 "The dosage has a part that is not there.");
  if (kind == FHIR_KIND_ARRAY)
    {
      fhir_element_foreach (item, element)
        if (!check_readable (item, error))
          return FALSE;
    }
  if (kind != FHIR_KIND_OBJECT)
    return TRUE;
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      if (g_str_equal (name, "modifierExtension"))
        return clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                     "The dosage has a part that changes what the rest means.");
      if (*name != '_' && !g_str_equal (name, "extension") && !check_readable (value, error))
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  ClinicalPartWriter write;
  gboolean is_method, is_sentence; /* a sentence of its own for the patient */
} Part;

/* Source of the order: this room's README. */
static const Part parts[] = {
  { write_method, TRUE, FALSE },
  { write_dose, FALSE, FALSE },
  { write_rate, FALSE, FALSE },
  { clinical_dosage_write_duration, FALSE, FALSE },
  { clinical_dosage_write_frequency, FALSE, FALSE },
  { clinical_dosage_write_when, FALSE, FALSE },
  { clinical_dosage_write_days, FALSE, FALSE },
  { write_route, FALSE, FALSE },
  { write_site, FALSE, FALSE },
  { write_as_needed, FALSE, FALSE },
  { clinical_dosage_write_bounds, FALSE, FALSE },
  { clinical_dosage_write_count, FALSE, FALSE },
  { clinical_dosage_write_event, FALSE, FALSE },
  { write_max_period, FALSE, FALSE },
  { write_max_administration, FALSE, FALSE },
  { write_max_lifetime, FALSE, FALSE },
  { write_additional, FALSE, TRUE },
  { write_patient, FALSE, TRUE },
};

static void
append_part (const ClinicalSpeaker *self, GString *out, const Part *part, const char *text)
{
  gboolean plain = self->reader == CLINICAL_READER_PATIENT;

  if (out->len > 0 && part->is_sentence && plain && g_ascii_isalnum (out->str[out->len - 1]))
    g_string_append (out, clinical_phrase_get (self, CLINICAL_PHRASE_STOP));
  if (out->len > 0 && part->is_sentence && plain)
    g_string_append (out, self->language == CLINICAL_LANGUAGE_JA ? "" : " ");
  else if (out->len > 0)
    g_string_append (out, plain ? clinical_phrase_get (self, CLINICAL_PHRASE_COMMA) : " - ");
  g_string_append (out, text);
}

static char *
text_of_one (const ClinicalSpeaker *self, const FhirElement *dosage, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *method = NULL;
  gboolean stopped = self->reader != CLINICAL_READER_PATIENT;

  if (!check_readable (dosage, error))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GString) part = g_string_new (NULL);

      if (!parts[i].write (self, dosage, part, error))
        return NULL;
      if (parts[i].is_sentence && !stopped && out->len > 0)
        {
          g_string_append (out, clinical_phrase_get (self, CLINICAL_PHRASE_STOP));
          stopped = TRUE;
        }
      if (parts[i].is_method && part->len > 0)
        method = g_strdup (part->str);
      else if (part->len > 0)
        append_part (self, out, &parts[i], part->str);
    }
  if (out->len == 0 && !method)
    return clinical_say_nothing (error, CLINICAL_ERROR_MISSING, "The dosage has no coded parts.");
  if (!method)
    return g_string_free_and_steal (g_steal_pointer (&out));
  return out->len > 0 ? clinical_phrase_fill (self, CLINICAL_PHRASE_METHOD, method, out->str)
                      : g_steal_pointer (&method);
}

static int
compare_sequence (gconstpointer a, gconstpointer b)
{
  gint64 x =
      fhir_element_get_integer (fhir_element_get (*(const FhirElement *const *) a, "sequence"), 0);
  gint64 y =
      fhir_element_get_integer (fhir_element_get (*(const FhirElement *const *) b, "sequence"), 0);

  return (x > y) - (x < y);
}

static GPtrArray *
list_dosages (const FhirElement *dosages, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  fhir_element_foreach (item, dosages)
    {
      g_ptr_array_add (list, (gpointer) item);
      if (fhir_element_get_length (dosages) > 1 &&
          fhir_element_get_kind (fhir_element_get (item, "sequence")) != FHIR_KIND_NUMBER)
        {
          clinical_dosage_fail (error, CLINICAL_ERROR_STRUCTURE,
                                "There are several dosages, and not each has its place in the "
                                "order.");
          return NULL;
        }
    }
  if (list->len == 0)
    {
      clinical_dosage_fail (error, CLINICAL_ERROR_MISSING, "There is no dosage.");
      return NULL;
    }
  g_ptr_array_sort (list, compare_sequence);
  return g_steal_pointer (&list);
}

static ClinicalPhrase
joint_of (const ClinicalSpeaker *self, gboolean together)
{
  if (self->reader == CLINICAL_READER_PATIENT)
    return together ? CLINICAL_PHRASE_STEP_AND_PLAIN : CLINICAL_PHRASE_STEP_THEN_PLAIN;
  return together ? CLINICAL_PHRASE_STEP_AND : CLINICAL_PHRASE_STEP_THEN;
}

/**
 * clinical_dosage_say:
 * @dosage_or_array: a FHIR Dosage, or a list of them
 * @language: (nullable): a BCP 47 tag, such as "es-MX": the reader's, whatever the process speaks
 * @reader: for whom it is said
 *
 * The sentence that the coded parts say, whole in one language. Words that somebody wrote are not
 * translated: outside of English they stand in quotation marks and are said to be as written.
 * Several dosages need a sequence each: those of the same sequence go together, others follow one
 * another.
 *
 * Returns: (transfer full) (nullable): the sentence; NULL with CLINICAL_ERROR when a part that is
 *   there cannot be said, or there are no words in @language
 */
char *
clinical_dosage_say (const FhirElement *dosage_or_array,
                     const char *language,
                     ClinicalReader reader,
                     GError **error)
{
  ClinicalSpeaker self = { CLINICAL_LANGUAGE_EN, clinical_language_get_decimal_mark (language),
                           reader };
  g_autoptr (GPtrArray) dosages = NULL;
  g_autofree char *out = NULL;

  if (language && !clinical_language_parse (language, &self.language))
    {
      clinical_dosage_fail (error, CLINICAL_ERROR_LANGUAGE,
                            "There are no words for a dosage in the language “%s”.", language);
      return NULL;
    }
  if (fhir_element_get_kind (dosage_or_array) == FHIR_KIND_OBJECT)
    return text_of_one (&self, dosage_or_array, error);
  dosages = list_dosages (dosage_or_array, error);
  for (guint i = 0; dosages && i < dosages->len; i++)
    {
      g_autofree char *text = text_of_one (&self, dosages->pdata[i], error);
      g_autofree char *before = g_steal_pointer (&out);

      if (!text)
        return NULL;
      out =
          i == 0
              ? g_steal_pointer (&text)
              : clinical_phrase_fill (&self,
                                      joint_of (&self, compare_sequence (&dosages->pdata[i - 1],
                                                                         &dosages->pdata[i]) == 0),
                                      before, text);
    }
  return g_steal_pointer (&out);
}

/**
 * clinical_dosage_text_of_element:
 *
 * Returns: (transfer full) (nullable): clinical_dosage_say () in English, for a clinician
 */
char *
clinical_dosage_text_of_element (const FhirElement *dosage_or_array, GError **error)
{
  return clinical_dosage_say (dosage_or_array, "en", CLINICAL_READER_CLINICIAN, error);
}
