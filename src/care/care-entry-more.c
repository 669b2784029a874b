/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-status.h"
#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-observation.h"
#include "fhir-quantity.h"
#include "fhir-reference.h"
#include "fhir-text.h"
#include "store-resource.h"

/* What an entry says beside the fields of its form: the second reaction as well as the first. It is
 * read and not changed here; a change of a field leaves all of it as it was. */

typedef struct
{
  StoreConnection *connection;
  GTimeZone *zone;
  CareEntryKind kind;
  const char *path;
} Reader;

/* (transfer full) (nullable): of one element, which is the @index-th of its list. */
typedef char *(*Words) (Reader *reader, const FhirElement *element, guint index);

static void
add_part (GString *out, char *text)
{
  if (text && *text)
    g_string_append_printf (out, "%s%s", out->len ? " · " : "", text);
  g_free (text);
}

static char *
take_words (GString *out)
{
  gboolean empty = out->len == 0;
  char *text = g_string_free_and_steal (out);

  if (!empty)
    return text;
  g_free (text);
  return NULL;
}

/* ---- datatypes ---- */

static char *
words_of_date (Reader *reader, const char *date)
{
  FhirDate parsed;

  return date && fhir_date_parse (date, &parsed) ? fhir_date_format (date, reader->zone)
                                                 : fhir_text_tidy (date);
}

static char *
words_of_span (char *from, char *to)
{
  g_autofree char *low = from, *high = to;

  return low || high ? g_strdup_printf (_ ("%s to %s"), low ? low : "…", high ? high : "…") : NULL;
}

static char *
words_of_plain (Reader *reader, const FhirElement *element)
{
  if (fhir_element_get_kind (element) == FHIR_KIND_BOOLEAN)
    return g_strdup (fhir_element_is_true (element) ? _ ("Yes") : _ ("No"));
  return words_of_date (reader, fhir_element_get_text (element));
}

/* Of whichever datatype it is. */
static char *
words_of_any (Reader *reader, const FhirElement *element, guint index)
{
  if (fhir_element_get_text (element))
    return words_of_plain (reader, element);
  if (fhir_element_get (element, "value"))
    return fhir_quantity_dup_shown (element, NULL);
  if (fhir_element_get (element, "start") || fhir_element_get (element, "end"))
    return words_of_span (words_of_date (reader, fhir_element_path_text (element, "start")),
                          words_of_date (reader, fhir_element_path_text (element, "end")));
  if (fhir_element_get (element, "low") || fhir_element_get (element, "high"))
    return words_of_span (fhir_quantity_dup_shown (fhir_element_get (element, "low"), NULL),
                          fhir_quantity_dup_shown (fhir_element_get (element, "high"), NULL));
  return fhir_concept_dup_text (element);
}

/* An element that has several forms: "abatement" of abatementDateTime, abatementAge… */
static char *
words_of_choice_in (Reader *reader, const FhirElement *holder, const char *element)
{
  gsize length = strlen (element);
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, holder);
  while (fhir_member_iter_next (&iter, &name, &value))
    if (g_str_has_prefix (name, element) && g_ascii_isupper (name[length]))
      return words_of_any (reader, value, 0);
  return NULL;
}

/* What is named, in its own words where it is here. */
static char *
words_of_reference (Reader *reader, const FhirElement *element, guint index)
{
  const char *display = fhir_element_path_text (element, "display");
  const char *reference = fhir_element_path_text (element, "reference");
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) named = NULL;
  CareEntryKind kind;

  if (display || !reference)
    return g_strdup (display);
  named = fhir_reference_split (reference, &type, &id)
              ? store_resource_get (reader->connection, type, id, NULL)
              : NULL;
  if (!named)
    return g_strdup (_ ("Not on this computer"));
  if (care_chart_is_opaque (named))
    return g_strdup (_ ("Entry that Bedside cannot show safely"));
  return care_entry_kind_of (named, &kind) ? care_entry_title_of (kind, named)
                                           : care_chart_concept (named, "code");
}

/* A code in the words of the form's own choices. */
static char *
words_of_code (Reader *reader, const FhirElement *element, guint index)
{
  const CareEntryTable *table = care_entry_table (reader->kind);
  const char *plain = fhir_element_get_text (element);
  gsize length = strlen (reader->path);

  for (gsize i = 0; i < table->n_fields; i++)
    {
      const CareField *field = &table->fields[i];
      const char *code = plain ? plain : fhir_concept_get_code (element, field->system);

      if (strncmp (field->path, reader->path, length) != 0 || field->path[length] != '.')
        continue;
      for (const CareFieldChoice *choice = field->choices; code && choice && choice->code; choice++)
        if (g_str_equal (choice->code, code))
          return g_strdup (_ (choice->label));
    }
  return plain ? g_strdup (plain) : fhir_concept_dup_text (element);
}

/* ---- what consists of parts ---- */

static char *
words_of_stage (Reader *reader, const FhirElement *element, guint index)
{
  g_autoptr (GString) out = g_string_new (NULL);

  add_part (out, fhir_concept_dup_text (fhir_element_get (element, "summary")));
  add_part (out, fhir_concept_dup_text (fhir_element_get (element, "type")));
  fhir_element_foreach (assessment, fhir_element_get (element, "assessment"))
    add_part (out, words_of_reference (reader, assessment, 0));
  return take_words (g_steal_pointer (&out));
}

static char *
words_of_evidence (Reader *reader, const FhirElement *element, guint index)
{
  g_autoptr (GString) out = g_string_new (NULL);

  fhir_element_foreach (code, fhir_element_get (element, "code"))
    add_part (out, fhir_concept_dup_text (code));
  fhir_element_foreach (detail, fhir_element_get (element, "detail"))
    add_part (out, words_of_reference (reader, detail, 0));
  return take_words (g_steal_pointer (&out));
}

static char *
severity_words (Reader *reader, const FhirElement *reaction)
{
  const CareEntryTable *table = care_entry_table (reader->kind);
  const char *code = fhir_element_path_text (reaction, "severity");

  for (gsize i = 0; code && i < table->n_fields; i++)
    if (g_str_equal (table->fields[i].name, "reaction-severity"))
      for (const CareFieldChoice *choice = table->fields[i].choices; choice->code; choice++)
        if (g_str_equal (choice->code, code))
          return g_strdup (_ (choice->label));
  return g_strdup (code);
}

/* Of the first the form has one manifestation and how severe it was: that alone is not said twice.
 */
static char *
words_of_reaction (Reader *reader, const FhirElement *element, guint index)
{
  const FhirElement *manifestations = fhir_element_get (element, "manifestation");
  g_autoptr (GString) out = g_string_new (NULL), rest = g_string_new (NULL);

  fhir_element_foreach (manifestation, manifestations)
    add_part (out, fhir_concept_dup_text (manifestation));
  add_part (rest, fhir_concept_dup_text (fhir_element_get (element, "substance")));
  add_part (rest, fhir_text_tidy (fhir_element_path_text (element, "description")));
  add_part (rest, words_of_date (reader, fhir_element_path_text (element, "onset")));
  add_part (rest, fhir_concept_dup_text (fhir_element_get (element, "exposureRoute")));
  fhir_element_foreach (note, fhir_element_get (element, "note"))
    add_part (rest, fhir_text_tidy (fhir_element_path_text (note, "text")));
  if (index == 0 && rest->len == 0 && fhir_element_get_length (manifestations) < 2)
    return NULL;
  add_part (out, severity_words (reader, element));
  add_part (out, g_strdup (rest->str));
  return take_words (g_steal_pointer (&out));
}

static char *
words_of_protocol (Reader *reader, const FhirElement *element, guint index)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *number = words_of_choice_in (reader, element, "doseNumber");
  g_autofree char *of = words_of_choice_in (reader, element, "seriesDoses");

  add_part (out, fhir_text_tidy (fhir_element_path_text (element, "series")));
  if (number)
    add_part (out, of ? g_strdup_printf (_ ("dose %s of %s"), number, of)
                      : g_strdup_printf (_ ("dose %s"), number));
  fhir_element_foreach (disease, fhir_element_get (element, "targetDisease"))
    add_part (out, fhir_concept_dup_text (disease));
  return take_words (g_steal_pointer (&out));
}

/* Of the first the form has code, onset and outcome. */
static char *
words_of_condition (Reader *reader, const FhirElement *element, guint index)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (index > 0)
    {
      add_part (out, fhir_concept_dup_text (fhir_element_get (element, "code")));
      add_part (out, words_of_choice_in (reader, element, "onset"));
      add_part (out, fhir_concept_dup_text (fhir_element_get (element, "outcome")));
    }
  if (fhir_element_is_true (fhir_element_get (element, "contributedToDeath")))
    add_part (out, g_strdup (index > 0 ? _ ("contributed to the death")
                                       : _ ("The first one contributed to the death")));
  fhir_element_foreach (note, fhir_element_get (element, "note"))
    add_part (out, fhir_text_tidy (fhir_element_path_text (note, "text")));
  return take_words (g_steal_pointer (&out));
}

static char *
words_of_component (Reader *reader, const FhirElement *element, guint index)
{
  g_autofree char *name = fhir_concept_dup_text (fhir_element_get (element, "code"));
  g_autofree char *value = fhir_observation_holder_dup_shown (element, NULL);

  return name || value
             ? g_strdup_printf ("%s: %s", name ? name : "?", value ? value : _ ("no value"))
             : NULL;
}

static char *
words_of_activity (Reader *reader, const FhirElement *element, guint index)
{
  const FhirElement *detail = fhir_element_get (element, "detail");
  const char *status = fhir_element_path_text (detail, "status");
  g_autoptr (GString) out = g_string_new (NULL);

  add_part (out, fhir_concept_dup_text (fhir_element_get (detail, "code")));
  add_part (out, fhir_text_tidy (fhir_element_path_text (detail, "description")));
  if (fhir_element_get (element, "reference"))
    add_part (out, words_of_reference (reader, fhir_element_get (element, "reference"), 0));
  add_part (out, words_of_choice_in (reader, detail, "scheduled"));
  if (fhir_element_is_true (fhir_element_get (detail, "doNotPerform")))
    add_part (out, g_strdup (_ ("not to be done")));
  if (status)
    add_part (out, care_status_dup_words (status));
  return take_words (g_steal_pointer (&out));
}

/* Of the first the form has the day. */
static char *
words_of_target (Reader *reader, const FhirElement *element, guint index)
{
  g_autoptr (GString) out = g_string_new (NULL);

  add_part (out, fhir_concept_dup_text (fhir_element_get (element, "measure")));
  add_part (out, words_of_choice_in (reader, element, "detail"));
  if (index > 0)
    add_part (out, words_of_choice_in (reader, element, "due"));
  return take_words (g_steal_pointer (&out));
}

static char *
words_of_device_name (Reader *reader, const FhirElement *element, guint index)
{
  return fhir_text_tidy (fhir_element_path_text (element, "name"));
}

/* ---- which ---- */

static const struct
{
  CareEntryKind kind;
  const char *path, *label;
  Words words;     /* NULL: it has several forms */
  guint in_fields; /* how many of the list the form has */
} table[] = {
  { CARE_ENTRY_PROBLEM, "bodySite", N_ ("Body Site"), words_of_any },
  { CARE_ENTRY_PROBLEM, "stage", N_ ("Stage"), words_of_stage },
  { CARE_ENTRY_PROBLEM, "evidence", N_ ("Evidence"), words_of_evidence },
  { CARE_ENTRY_PROBLEM, "abatement", N_ ("Ended") },
  { CARE_ENTRY_ALLERGY, "reaction", N_ ("Reaction"), words_of_reaction },
  { CARE_ENTRY_ALLERGY, "category", N_ ("Category"), words_of_code, 1 },
  { CARE_ENTRY_ALLERGY, "lastOccurrence", N_ ("Last Reaction"), words_of_any },
  { CARE_ENTRY_IMMUNIZATION, "site", N_ ("Body Site"), words_of_any },
  { CARE_ENTRY_IMMUNIZATION, "route", N_ ("Route"), words_of_any },
  { CARE_ENTRY_IMMUNIZATION, "doseQuantity", N_ ("Dose"), words_of_any },
  { CARE_ENTRY_IMMUNIZATION, "protocolApplied", N_ ("Course"), words_of_protocol },
  { CARE_ENTRY_IMMUNIZATION, "reasonCode", N_ ("Reason"), words_of_any },
  { CARE_ENTRY_IMMUNIZATION, "expirationDate", N_ ("Expires"), words_of_any },
  { CARE_ENTRY_PROCEDURE, "bodySite", N_ ("Body Site"), words_of_any, 1 },
  { CARE_ENTRY_PROCEDURE, "reasonCode", N_ ("Reason"), words_of_any, 1 },
  { CARE_ENTRY_PROCEDURE, "reasonReference", N_ ("Reason"), words_of_reference },
  { CARE_ENTRY_PROCEDURE, "complication", N_ ("Complication"), words_of_any },
  { CARE_ENTRY_PROCEDURE, "followUp", N_ ("Follow-Up"), words_of_any },
  { CARE_ENTRY_FAMILY, "condition", N_ ("Condition"), words_of_condition },
  { CARE_ENTRY_FAMILY, "name", N_ ("Name"), words_of_any },
  { CARE_ENTRY_FAMILY, "born", N_ ("Born") },
  { CARE_ENTRY_FAMILY, "age", N_ ("Age") },
  { CARE_ENTRY_FAMILY, "deceased", N_ ("Died") },
  { CARE_ENTRY_SOCIAL, "component", N_ ("Part"), words_of_component },
  { CARE_ENTRY_PLAN, "category", N_ ("Category"), words_of_any },
  { CARE_ENTRY_PLAN, "addresses", N_ ("For"), words_of_reference },
  { CARE_ENTRY_PLAN, "activity", N_ ("Activity"), words_of_activity },
  { CARE_ENTRY_PLAN, "goal", N_ ("Goal"), words_of_reference },
  { CARE_ENTRY_GOAL, "target", N_ ("Target"), words_of_target },
  { CARE_ENTRY_GOAL, "achievementStatus", N_ ("Achievement"), words_of_any },
  { CARE_ENTRY_GOAL, "addresses", N_ ("For"), words_of_reference },
  { CARE_ENTRY_DEVICE, "deviceName", N_ ("Name"), words_of_device_name },
  { CARE_ENTRY_DEVICE, "expirationDate", N_ ("Expires"), words_of_any },
  { CARE_ENTRY_COVERAGE, "payor", N_ ("Insurer or Payer"), words_of_reference, 1 },
  { CARE_ENTRY_COVERAGE, "relationship", N_ ("Relation to Who Is Insured"), words_of_any },
  { CARE_ENTRY_ALERT, "category", N_ ("What It Is About"), words_of_code, 1 },
};

static void
add_line (GPtrArray *lines, const char *label, char *words)
{
  if (words && *words)
    {
      g_ptr_array_add (lines, g_strdup (_ (label)));
      g_ptr_array_add (lines, g_steal_pointer (&words));
    }
  g_free (words);
}

/**
 * care_entry_read_more:
 *
 * Returns: (transfer full) (element-type utf8): a label and words, one after the other, of what no
 *   field of the form has
 */
GPtrArray *
care_entry_read_more (StoreConnection *connection,
                      CareEntryKind kind,
                      FhirResource *resource,
                      GTimeZone *zone)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      Reader reader = { connection, zone, kind, table[i].path };
      const FhirElement *element = fhir_resource_path (resource, table[i].path);
      guint index = 0;

      if (table[i].kind != kind)
        continue;
      if (!table[i].words)
        add_line (lines, table[i].label,
                  words_of_choice_in (&reader, fhir_resource_get_root (resource), table[i].path));
      else if (fhir_element_get_kind (element) != FHIR_KIND_ARRAY)
        add_line (lines, table[i].label, element ? table[i].words (&reader, element, 0) : NULL);
      else
        fhir_element_foreach (item, element)
          if (index++ >= table[i].in_fields)
            add_line (lines, table[i].label, table[i].words (&reader, item, index - 1));
    }
  return lines;
}
