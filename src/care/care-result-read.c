/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-result-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-summary-private.h"
#include "clinical-critical.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-decimal.h"
#include "fhir-observation.h"
#include "fhir-quantity.h"
#include "fhir-text.h"
#include "fhir-ucum.h"
#include "store-resource.h"

/* One Observation, with its components, as a person may read it. What cannot be read says why. */

#define VERSIONS 20
#define REPLACES "http://hl7.org/fhir/StructureDefinition/observation-replaces"

/* ---- what it is ---- */

static void
read_code (CareResult *self, const FhirElement *concept)
{
  const FhirElement *codings = fhir_element_get (concept, "coding");
  const FhirElement *best = NULL;

  self->loinc = g_strdup (fhir_concept_get_code (concept, CARE_SYSTEM_LOINC));
  self->name = concept ? fhir_concept_dup_text (concept) : NULL;
  if (!self->name)
    self->name = fhir_text_tidy (fhir_element_get_text (concept));
  fhir_element_foreach (coding, codings)
    if (fhir_element_path_text (coding, "code") &&
        (!best || g_strcmp0 (fhir_element_path_text (coding, "system"), CARE_SYSTEM_LOINC) == 0))
      best = coding;
  if (self->loinc)
    self->key = g_strdup_printf ("%s|%s", CARE_SYSTEM_LOINC, self->loinc);
  else if (best)
    {
      const char *system = fhir_element_path_text (best, "system");

      self->key =
          g_strdup_printf ("%s|%s", system ? system : "", fhir_element_path_text (best, "code"));
    }
  else if (self->name)
    self->key = g_strconcat ("name:", self->name, NULL);
  if (!self->name)
    self->name = g_strdup (_ ("Reading without a name"));
}

static CareResultKind
kind_of (const FhirElement *categories)
{
  static const struct
  {
    const char *code;
    CareResultKind kind;
  } kinds[] = {
    { "vital-signs", CARE_RESULT_VITAL },
    { "laboratory", CARE_RESULT_LABORATORY },
    { "social-history", CARE_RESULT_APART },
    { "survey", CARE_RESULT_APART },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    fhir_element_foreach (category, categories)
      if (fhir_concept_has_code (category, NULL, kinds[i].code))
        return kinds[i].kind;
  return CARE_RESULT_OTHER;
}

/* A modifier may say that this was not so, or not of this patient: nothing of it is shown. */
static gboolean
withhold (CareResult *self, const FhirElement *holder, const char *name)
{
  const FhirElement *modifiers = fhir_element_get (holder, "modifierExtension");
  g_autofree char *url =
      fhir_text_tidy (fhir_element_path_text (fhir_element_first (modifiers), "url"));

  if (fhir_element_get_length (modifiers) == 0)
    return FALSE;
  self->state = CARE_RESULT_WITHHELD;
  self->name = g_strdup (name);
  self->note =
      g_strdup_printf (_ ("It carries a modifier that may change its meaning (%s). Read it "
                          "where it was written."),
                       url ? url : _ ("not named"));
  return TRUE;
}

/* ---- what it says ---- */

static char *
unshown_value (const FhirElement *holder)
{
  FhirMemberIter iter;
  const FhirElement *value;
  const char *name;

  fhir_member_iter_init (&iter, holder);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      const FhirElement *number = fhir_element_get (value, "value");
      g_autofree char *written = NULL;

      if (!g_str_has_prefix (name, "value"))
        continue;
      if (g_str_equal (name, "valueQuantity") && fhir_element_get_kind (number) == FHIR_KIND_STRING)
        {
          written = fhir_text_tidy (fhir_element_get_text (number));
          return g_strdup_printf (_ ("Its value is not a number: %s"), written ? written : "");
        }
      return g_strdup_printf (_ ("Its value is of a kind that Bedside does not show (%s)"), name);
    }
  return NULL;
}

static void
read_value (CareResult *self, const FhirElement *holder)
{
  const FhirElement *quantity = fhir_element_get (holder, "valueQuantity");
  const char *system = fhir_element_path_text (quantity, "system");

  self->value = fhir_observation_holder_dup_shown (holder, NULL);
  if (!self->value)
    self->absent = unshown_value (holder);
  if (!self->value && !self->absent)
    self->absent = fhir_concept_dup_text (fhir_element_get (holder, "dataAbsentReason"));
  if (!self->value && !self->absent)
    self->absent = g_strdup (_ ("No value was recorded"));
  if (!self->value || !quantity)
    return;
  self->literal = g_strdup (fhir_element_path_text (quantity, "value"));
  self->comparator = g_strdup (fhir_element_path_text (quantity, "comparator"));
  self->unit = fhir_quantity_dup_unit (quantity);
  if (g_strcmp0 (system, FHIR_UCUM_SYSTEM) == 0)
    self->ucum = g_strdup (fhir_element_path_text (quantity, "code"));
}

static void
read_range (CareResult *self, const FhirElement *holder)
{
  g_auto (FhirReferenceRange) range = { 0 };

  if (!fhir_observation_holder_get_range (holder, &range))
    return;
  self->range = fhir_reference_range_dup_words (&range, NULL);
  if (range.unit && g_strcmp0 (range.unit, self->unit) != 0)
    return;
  self->low = g_strdup (range.low);
  self->high = g_strdup (range.high);
}

static void
read_judgement (CareResult *self,
                const CareResultChart *chart,
                const FhirElement *holder,
                const char *when)
{
  CareJudgement judgement;
  const ClinicalCriticalLimit *limit = &judgement.limit;

  care_judge (&judgement, holder, chart->birth_date, when);
  self->flag = g_strdup (judgement.flag);
  self->flag_is_own = judgement.is_own;
  self->critical = care_judgement_dup_critical (&judgement);
  if (limit->source)
    {
      g_autofree char *low = fhir_decimal_format (limit->low, NULL);
      g_autofree char *high = fhir_decimal_format (limit->high, NULL);

      self->limit = g_strdup_printf (_ ("Critical below %s or above %s %s (%s; %s%s%s)"), low, high,
                                     limit->unit, _ (limit->whom), limit->source,
                                     limit->unverified ? "; " : "",
                                     limit->unverified ? _ (limit->unverified) : "");
    }
}

/* ---- when, and how sure ---- */

static void
read_state (CareResult *self)
{
  if (g_strcmp0 (self->status, "entered-in-error") == 0)
    self->state = CARE_RESULT_ERROR;
  else if (g_strcmp0 (self->status, "cancelled") == 0)
    self->state = CARE_RESULT_CANCELLED;
}

static void
read_head (CareResult *self, const CareResultChart *chart, FhirResource *resource)
{
  const char *when = care_chart_observation_time (resource);

  self->reference = fhir_resource_dup_reference (resource);
  self->version = g_strdup (fhir_resource_get_version (resource));
  self->status = g_strdup (fhir_resource_path_text (resource, "status"));
  self->date = when ? fhir_date_format (when, chart->zone) : NULL;
  self->time_us = care_chart_time (when);
  self->order = g_strdup (fhir_resource_path_text (resource, "basedOn.0.reference"));
}

/* (nullable): for which observation the one with this extension stands, by its own word. */
const char *
care_result_get_replaced (const FhirElement *extension)
{
  return g_strcmp0 (fhir_element_path_text (extension, "url"), REPLACES) == 0
             ? fhir_element_path_text (extension, "valueReference.reference")
             : NULL;
}

/* What a correction replaced: the value of the newest version that said something else. */
static void
read_before (CareResult *self, const CareResultChart *chart, FhirResource *resource)
{
  static const char *const changed[] = { "amended", "corrected", "entered-in-error", NULL };
  g_autoptr (GPtrArray) versions = NULL;

  if (!self->status || !g_strv_contains (changed, self->status) || !chart->connection)
    return;
  versions = store_resource_history (chart->connection, fhir_resource_get_type (resource),
                                     fhir_resource_get_id (resource), VERSIONS, NULL);
  for (guint i = 0; versions && i < versions->len && !self->before; i++)
    {
      const StoreVersion *version = versions->pdata[i];
      g_autofree char *value =
          version->resource ? fhir_observation_dup_shown (version->resource, NULL) : NULL;

      if (value && g_strcmp0 (value, self->value) != 0 && !care_chart_is_opaque (version->resource))
        self->before = g_steal_pointer (&value);
    }
}

static char *
notes_of (FhirResource *resource)
{
  g_autoptr (GString) words = g_string_new (NULL);

  fhir_element_foreach (note, fhir_resource_path (resource, "note"))
    {
      g_autofree char *text = fhir_text_tidy (fhir_element_path_text (note, "text"));

      if (text)
        g_string_append_printf (words, "%s%s", words->len ? "\n" : "", text);
    }
  return words->len ? g_string_free_and_steal (g_steal_pointer (&words)) : NULL;
}

/* Who performed it are patients alone. */
static gboolean
is_by_patient (FhirResource *observation)
{
  const FhirElement *performers = fhir_resource_path (observation, "performer");
  gboolean by_patient = FALSE;

  fhir_element_foreach (performer, performers)
    {
      const char *reference = fhir_element_path_text (performer, "reference");

      by_patient = reference && g_str_has_prefix (reference, "Patient/");
      if (!by_patient)
        return FALSE;
    }
  return by_patient;
}

static CareResult *
read_component (const CareResultChart *chart,
                const CareResult *whole,
                const FhirElement *component,
                const char *when)
{
  CareResult *self = care_result_new ();

  self->reference = g_strdup (whole->reference);
  self->status = g_strdup (whole->status);
  self->state = whole->state;
  self->kind = whole->kind;
  self->by_patient = whole->by_patient;
  self->date = g_strdup (whole->date);
  self->time_us = whole->time_us;
  if (withhold (self, component, _ ("Part that Bedside cannot show safely")))
    return self;
  read_code (self, fhir_element_get (component, "code"));
  read_value (self, component);
  read_range (self, component);
  read_judgement (self, chart, component, when);
  return self;
}

static void
read_components (CareResult *self, const CareResultChart *chart, FhirResource *observation)
{
  gboolean withheld = FALSE;
  g_autofree char *whole = NULL;

  fhir_element_foreach (component, fhir_resource_path (observation, "component"))
    {
      CareResult *part =
          read_component (chart, self, component, care_chart_observation_time (observation));

      if (!self->parts)
        self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) care_result_unref);
      g_ptr_array_add (self->parts, part);
      withheld |= part->state == CARE_RESULT_WITHHELD;
    }
  if (!self->parts || self->value)
    return;
  /* "120/80 mmHg", or each part by its name; not where one part may mean something else. */
  g_clear_pointer (&self->absent, g_free);
  whole = withheld ? NULL : fhir_observation_dup_shown (observation, NULL);
  self->value = g_steal_pointer (&whole);
  if (!self->value)
    self->absent = g_strdup (withheld ? _ ("A part of it cannot be shown safely")
                                      : _ ("No value was recorded"));
}

/**
 * care_result_read:
 *
 * Returns: (transfer full): what an Observation says
 */
CareResult *
care_result_read (const CareResultChart *chart, FhirResource *observation)
{
  CareResult *self = care_result_new ();
  const FhirElement *root = fhir_resource_get_root (observation);

  read_head (self, chart, observation);
  self->kind = kind_of (fhir_resource_path (observation, "category"));
  if (withhold (self, root, _ ("Entry that Bedside cannot show safely")))
    {
      g_clear_pointer (&self->order, g_free);
      return self;
    }
  read_state (self);
  self->by_patient = is_by_patient (observation);
  read_code (self, fhir_resource_path (observation, "code"));
  read_value (self, root);
  read_range (self, root);
  read_judgement (self, chart, root, care_chart_observation_time (observation));
  self->note = notes_of (observation);
  read_components (self, chart, observation);
  read_before (self, chart, observation);
  return self;
}

/**
 * care_result_read_report:
 *
 * Returns: (transfer full): what a DiagnosticReport says, yet without its members
 */
CareResult *
care_result_read_report (const CareResultChart *chart, FhirResource *report)
{
  CareResult *self = care_result_new ();

  read_head (self, chart, report);
  self->kind = CARE_RESULT_REPORT;
  if (withhold (self, fhir_resource_get_root (report),
                _ ("Report that Bedside cannot show safely")))
    return self;
  read_state (self);
  read_code (self, fhir_resource_path (report, "code"));
  self->note = fhir_text_tidy (fhir_resource_path_text (report, "conclusion"));
  return self;
}
