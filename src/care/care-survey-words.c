/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-survey-words.h"

#include <glib/gi18n.h>

#include "store-resource.h"
#include "store-search.h"

/* What a patient answered to the two questions after a visit, in the clinic's words. */

#define QUESTIONNAIRE "https://bedside.health/fhir/Questionnaire/visit-survey"

static const struct
{
  const char *question, *code, *level, *words;
} answers_of[] = {
  { "technical", "well", "ok", N_ ("patient: picture and sound well") },
  { "technical", "some-trouble", "ok", N_ ("patient: some trouble with picture or sound") },
  { "technical", "much-trouble", "amber", N_ ("patient: much trouble with picture or sound") },
  { "answered", "yes", "ok", N_ ("patient: dealt with what I came for") },
  { "answered", "partly", "ok", N_ ("patient: dealt with in part") },
  { "answered", "no", "amber", N_ ("patient: not dealt with") },
};

static void
add_answer (GString *text, const FhirElement *item, const char **level)
{
  const char *question = fhir_element_path_text (item, "linkId");
  const char *code = fhir_element_path_text (item, "answer.0.valueCoding.code");

  for (gsize i = 0; i < G_N_ELEMENTS (answers_of); i++)
    if (g_strcmp0 (answers_of[i].question, question) == 0 &&
        g_strcmp0 (answers_of[i].code, code) == 0)
      {
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", _ (answers_of[i].words));
        if (g_str_equal (answers_of[i].level, "amber"))
          *level = "amber";
      }
}

/**
 * care_survey_words:
 * @answers: a QuestionnaireResponse
 * @level: (out): "ok", or "amber" where somebody may want to look into it
 *
 * Returns: (transfer full) (nullable): one line; NULL where it answers other questions
 */
char *
care_survey_words (FhirResource *answers, const char **level)
{
  const char *questionnaire = fhir_resource_path_text (answers, "questionnaire");
  g_autoptr (GString) text = g_string_new (NULL);

  *level = "ok";
  if (!questionnaire || !g_str_has_prefix (questionnaire, QUESTIONNAIRE "|"))
    return NULL;
  fhir_element_foreach (item, fhir_resource_path (answers, "item"))
    add_answer (text, item, level);
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/**
 * care_survey_load_words:
 * @encounter: an id
 *
 * Returns: (transfer full) (nullable): what the patient answered after that visit
 */
char *
care_survey_load_words (StoreConnection *connection, const char *encounter, const char **level)
{
  g_autofree char *query = g_strdup_printf ("encounter=Encounter/%s&_count=10", encounter);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "QuestionnaireResponse", query, NULL);

  *level = "unknown";
  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) answers =
          store_resource_get (connection, "QuestionnaireResponse", ids->pdata[i], NULL);
      char *words = answers ? care_survey_words (answers, level) : NULL;

      if (words)
        return words;
    }
  return NULL;
}
