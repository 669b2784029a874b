/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-private.h"

#include <string.h>

#include "base-id.h"
#include "care-paper.h"
#include "fhir-builder.h"
#include "hub-records-local.h"
#include "hub-reply.h"

/* After the visit: the sheet that the clinic could also have printed, in the page's language, and
 * two questions. Answering them is voluntary, happens once, and closes nothing. */

#define QUESTIONNAIRE "https://bedside.health/fhir/Questionnaire/visit-survey"
#define VERSION       "1"
#define ANSWERS       "https://bedside.health/fhir/visit-survey"

/* ---- the sheet ------------------------------------------------------------------------------ */

static void
write_cells (JsonBuilder *out, const char *name, char **cells)
{
  if (name != NULL)
    json_builder_set_member_name (out, name);
  json_builder_begin_array (out);
  for (char **cell = cells; *cell != NULL; cell++)
    json_builder_add_string_value (out, *cell);
  json_builder_end_array (out);
}

static void
write_block (JsonBuilder *out, CareBlock *block)
{
  json_builder_begin_object (out);
  switch (block->kind)
    {
    case CARE_BLOCK_HEADING:
      hub_reply_add_text (out, "heading", block->text);
      break;
    case CARE_BLOCK_PARAGRAPH:
      hub_reply_add_text (out, "text", block->text);
      break;
    case CARE_BLOCK_TABLE:
      write_cells (out, "columns", block->columns);
      json_builder_set_member_name (out, "rows");
      json_builder_begin_array (out);
      for (guint i = 0; i < block->rows->len; i++)
        write_cells (out, NULL, block->rows->pdata[i]);
      json_builder_end_array (out);
      break;
    }
  json_builder_end_object (out);
}

static gboolean
write_sheet (StoreConnection *connection,
             HubRecords *records,
             HubJoin *join,
             JsonBuilder *out,
             GError **error)
{
  g_autoptr (CareContext) context =
      care_context_new (NULL, records->clock, NULL, HUB_PATIENT_WHO, "patient");
  g_autofree char *reference = g_strconcat ("Encounter/", join->encounter, NULL);
  g_autoptr (CarePaper) paper =
      care_paper_load_after_visit (connection, context, join->patient, reference,
                                   join->language != NULL ? join->language : "en", error);

  if (paper == NULL)
    return FALSE;
  hub_reply_add_text (out, "title", paper->title);
  hub_reply_add_text (out, "name", paper->name);
  hub_reply_add_text (out, "language", paper->language);
  json_builder_set_member_name (out, "blocks");
  json_builder_begin_array (out);
  for (guint i = 0; i < paper->blocks->len; i++)
    write_block (out, paper->blocks->pdata[i]);
  json_builder_end_array (out);
  return TRUE;
}

static gboolean
load_visit (HubRecords *records, HubJoin *join, gboolean *over, GError **error)
{
  g_autoptr (FhirResource) encounter = NULL;

  *over = FALSE;
  if (join->encounter == NULL)
    return TRUE;
  if (!hub_records_find (records, "Encounter", join->encounter, &encounter, error))
    return FALSE;
  *over = encounter != NULL && hub_visit_get_state (encounter) == HUB_VISIT_OVER;
  return TRUE;
}

/**
 * hub_patient_after:
 *
 * GET after: the sheet once the visit is over; before that, and in front of another server, none.
 * "sheets" says whether one may still come.
 */
gboolean
hub_patient_after (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();
  StoreConnection *connection = hub_records_local_get_connection (records);
  gboolean over;

  if (!load_visit (records, join, &over, error))
    return FALSE;
  json_builder_begin_object (out);
  if (over && connection != NULL && !write_sheet (connection, records, join, out, error))
    return FALSE;
  json_builder_set_member_name (out, "over");
  json_builder_add_boolean_value (out, over);
  json_builder_set_member_name (out, "sheets");
  json_builder_add_boolean_value (out, connection != NULL);
  json_builder_end_object (out);
  hub_patient_answer (self, 200, out);
  return TRUE;
}

/* ---- the two questions ---------------------------------------------------------------------- */

static const struct
{
  const char *link, *text;
  const char *codes[4], *displays[4];
} questions[] = {
  { "technical",
    "How did picture and sound work?",
    { "well", "some-trouble", "much-trouble", NULL },
    { "Well", "With some trouble", "With much trouble", NULL } },
  { "answered",
    "Was what you came for dealt with?",
    { "yes", "partly", "no", NULL },
    { "Yes", "In part", "No", NULL } },
};

static char *
survey_id (HubJoin *join)
{
  g_autofree char *digest = base_sha256_hex (join->encounter, -1);

  return g_strdup_printf ("survey-%.32s", digest);
}

static gboolean
find_survey (HubRecords *records, HubJoin *join, gboolean *found, GError **error)
{
  g_autofree char *id = survey_id (join);
  g_autofree char *query = g_strconcat ("identifier=" HUB_RECORDS_IDENTIFIER "|", id, NULL);
  g_autoptr (GPtrArray) there = hub_records_search (records, "QuestionnaireResponse", query, error);

  *found = FALSE;
  for (guint i = 0; there != NULL && i < there->len; i++)
    *found |= g_strcmp0 (fhir_resource_path_text (there->pdata[i], "identifier.value"), id) == 0;
  return there != NULL;
}

/**
 * hub_patient_add_survey:
 *
 * Adds "survey": whether the questions are still open.
 */
gboolean
hub_patient_add_survey (HubRecords *records, HubJoin *join, JsonBuilder *out, GError **error)
{
  gboolean answered = TRUE;

  if (join->encounter != NULL && !find_survey (records, join, &answered, error))
    return FALSE;
  json_builder_set_member_name (out, "survey");
  json_builder_add_boolean_value (out, !answered);
  return TRUE;
}

static void
set_option (FhirBuilder *builder, gsize question, gsize option)
{
  g_autofree char *path =
      g_strdup_printf ("item.%" G_GSIZE_FORMAT ".answerOption.%" G_GSIZE_FORMAT ".valueCoding.",
                       question, option);
  g_autofree char *system = g_strconcat (path, "system", NULL);
  g_autofree char *code = g_strconcat (path, "code", NULL);
  g_autofree char *display = g_strconcat (path, "display", NULL);

  fhir_builder_set (builder, system, ANSWERS);
  fhir_builder_set (builder, code, questions[question].codes[option]);
  fhir_builder_set (builder, display, questions[question].displays[option]);
}

/* The Questionnaire itself, so that an answer never names what nobody can read. */
static gboolean
put_questionnaire (HubRecords *records, GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Questionnaire", "visit-survey-" VERSION);
  g_autoptr (FhirResource) there = NULL;
  g_autoptr (FhirResource) resource = NULL;

  if (!hub_records_find (records, "Questionnaire", "visit-survey-" VERSION, &there, error))
    return FALSE;
  if (there != NULL)
    return TRUE;
  fhir_builder_set_many (builder, "url", QUESTIONNAIRE, "identifier.0.system",
                         HUB_RECORDS_IDENTIFIER, "identifier.0.value", "visit-survey-" VERSION,
                         "version", VERSION, "title", "After a video visit", "status", "active",
                         "subjectType.0", "Patient", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *path = g_strdup_printf ("item.%" G_GSIZE_FORMAT ".", i);
      g_autofree char *link = g_strconcat (path, "linkId", NULL);
      g_autofree char *text = g_strconcat (path, "text", NULL);
      g_autofree char *type = g_strconcat (path, "type", NULL);

      fhir_builder_set_many (builder, link, questions[i].link, text, questions[i].text, type,
                             "choice", NULL);
      for (gsize j = 0; questions[i].codes[j] != NULL; j++)
        set_option (builder, i, j);
    }
  resource = fhir_builder_end (builder);
  return hub_records_put_once (records, resource, "hub", NULL, "survey", error);
}

/* Returns: which of its answers @code is; -1 for none */
static gssize
find_answer (gsize question, const char *code)
{
  for (gsize i = 0; code != NULL && questions[question].codes[i] != NULL; i++)
    if (strcmp (questions[question].codes[i], code) == 0)
      return (gssize) i;
  return -1;
}

static void
add_answer (FhirBuilder *builder, gsize question, gsize answer)
{
  g_autofree char *path =
      g_strdup_printf ("item.%" G_GSIZE_FORMAT, fhir_builder_get_length (builder, "item"));
  g_autofree char *link = g_strconcat (path, ".linkId", NULL);
  g_autofree char *text = g_strconcat (path, ".text", NULL);
  g_autofree char *system = g_strconcat (path, ".answer.0.valueCoding.system", NULL);
  g_autofree char *code = g_strconcat (path, ".answer.0.valueCoding.code", NULL);
  g_autofree char *display = g_strconcat (path, ".answer.0.valueCoding.display", NULL);

  fhir_builder_set_many (builder, link, questions[question].link, text, questions[question].text,
                         system, ANSWERS, code, questions[question].codes[answer], display,
                         questions[question].displays[answer], NULL);
}

static FhirResource *
make_response (HubRecords *records, HubPatientCall *self, HubJoin *join)
{
  g_autofree char *id = survey_id (join);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autofree char *patient = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *encounter = g_strconcat ("Encounter/", join->encounter, NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("QuestionnaireResponse", id);

  fhir_builder_set_many (builder, "language", join->language != NULL ? join->language : "en",
                         "identifier.system", HUB_RECORDS_IDENTIFIER, "identifier.value", id,
                         "questionnaire", QUESTIONNAIRE "|" VERSION, "status", "completed",
                         "subject.reference", patient, "encounter.reference", encounter, "authored",
                         now, "author.reference", patient, "source.reference", patient, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      gssize answer = find_answer (i, hub_patient_body_text (self, questions[i].link));

      if (answer >= 0)
        add_answer (builder, i, (gsize) answer);
    }
  return fhir_builder_end (builder);
}

/* At least one question with an answer of its own, and none with one that is not. */
static gboolean
is_answered (HubPatientCall *self)
{
  gboolean any = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      const char *code = hub_patient_body_text (self, questions[i].link);

      if (code != NULL && find_answer (i, code) < 0)
        return FALSE;
      any |= code != NULL;
    }
  return any;
}

static gboolean
put_response (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  g_autoptr (FhirResource) response = make_response (records, self, join);
  gboolean there;

  if (!find_survey (records, join, &there, error))
    return FALSE;
  return there || (put_questionnaire (records, error) &&
                   hub_records_put_once (records, response, HUB_PATIENT_WHO, join->patient,
                                         "survey", error));
}

/**
 * hub_patient_survey:
 *
 * POST survey: after the visit, once. A second answer is taken for the first.
 */
gboolean
hub_patient_survey (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  gboolean over;

  if (!load_visit (records, join, &over, error))
    return FALSE;
  if (!over || !is_answered (self))
    {
      hub_patient_answer_error (self, over ? 422 : 409, over ? "survey" : "tooEarly");
      return TRUE;
    }
  return put_response (records, self, join, error) &&
         hub_patient_answer_state (records, self, join, error);
}
