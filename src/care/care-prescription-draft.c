/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-draft.h"

#include <glib/gi18n.h>

#include "clinical-content.h"
#include "clinical-line.h"

#include <string.h>

typedef enum
{
  PROP_ID = 1,
  PROP_PATIENT_ID,
  PROP_AUTHOR,
  PROP_ENCOUNTER_ID,
  PROP_DRUG_CODE, /* from here on: what is written */
  PROP_DRUG_NAME,
  PROP_INGREDIENTS,
  PROP_INGREDIENT_CODES,
  PROP_FORM,
  PROP_STRENGTH,
  PROP_BRAND,
  PROP_DOSE_VALUE,
  PROP_DOSE_UNIT,
  PROP_PERIOD_UNIT,
  PROP_ROUTE_CODE,
  PROP_ROUTE,
  PROP_METHOD,
  PROP_WHEN,
  PROP_AS_NEEDED_FOR,
  PROP_QUANTITY,
  PROP_QUANTITY_UNIT,
  PROP_INSTRUCTIONS,
  PROP_NOTE,
  PROP_REASON,
  PROP_DOSE_HIGH,
  PROP_DAYS,
  PROP_MAX_A_DAY,
  PROP_STEPS,
  PROP_WEIGHT_NOTE,
  PROP_WEIGHT_REFERENCE,
  PROP_SUBSTITUTION_REASON,
  PROP_PRIOR,
  PROP_FREQUENCY, /* from here on: numbers */
  PROP_PERIOD,
  PROP_DURATION_DAYS,
  PROP_REPEATS,
  PROP_PERIOD_MAX,
  PROP_AS_NEEDED, /* from here on: yes or no */
  PROP_NO_SUBSTITUTION,
  PROP_BY_WEIGHT,
} CarePrescriptionDraftProperty;
#define N_TEXTS      (PROP_PRIOR + 1)
#define N_PROPERTIES (PROP_BY_WEIGHT + 1)

/* Names of the properties, and of the keys on disk: append only. */
static const char *const names[N_PROPERTIES] = {
  [PROP_ID] = "id",
  [PROP_PATIENT_ID] = "patient-id",
  [PROP_AUTHOR] = "author",
  [PROP_ENCOUNTER_ID] = "encounter-id",
  [PROP_DRUG_CODE] = "drug-code",
  [PROP_DRUG_NAME] = "drug-name",
  [PROP_INGREDIENTS] = "ingredients",
  [PROP_INGREDIENT_CODES] = "ingredient-codes",
  [PROP_FORM] = "form",
  [PROP_STRENGTH] = "strength",
  [PROP_BRAND] = "brand",
  [PROP_DOSE_VALUE] = "dose-value",
  [PROP_DOSE_UNIT] = "dose-unit",
  [PROP_PERIOD_UNIT] = "period-unit",
  [PROP_ROUTE_CODE] = "route-code",
  [PROP_ROUTE] = "route",
  [PROP_METHOD] = "method",
  [PROP_WHEN] = "when",
  [PROP_AS_NEEDED_FOR] = "as-needed-for",
  [PROP_QUANTITY] = "quantity",
  [PROP_QUANTITY_UNIT] = "quantity-unit",
  [PROP_INSTRUCTIONS] = "instructions",
  [PROP_NOTE] = "note",
  [PROP_REASON] = "reason",
  [PROP_DOSE_HIGH] = "dose-high",
  [PROP_DAYS] = "days",
  [PROP_MAX_A_DAY] = "max-a-day",
  [PROP_STEPS] = "steps",
  [PROP_WEIGHT_NOTE] = "weight-note",
  [PROP_WEIGHT_REFERENCE] = "weight-reference",
  [PROP_SUBSTITUTION_REASON] = "substitution-reason",
  [PROP_PRIOR] = "prior",
  [PROP_FREQUENCY] = "frequency",
  [PROP_PERIOD] = "period",
  [PROP_DURATION_DAYS] = "duration-days",
  [PROP_REPEATS] = "repeats",
  [PROP_PERIOD_MAX] = "period-max",
  [PROP_AS_NEEDED] = "as-needed",
  [PROP_NO_SUBSTITUTION] = "no-substitution",
  [PROP_BY_WEIGHT] = "by-weight",
};

struct _CarePrescriptionDraft
{
  GObject parent_instance;
  char *texts[N_TEXTS];
  int numbers[N_PROPERTIES]; /* those from PROP_FREQUENCY are used */
};

G_DEFINE_FINAL_TYPE (CarePrescriptionDraft, care_prescription_draft, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPERTIES];

static void
care_prescription_draft_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CarePrescriptionDraft *self = CARE_PRESCRIPTION_DRAFT (object);

  if (id < N_TEXTS)
    g_value_set_string (value, self->texts[id]);
  else if (id >= PROP_AS_NEEDED)
    g_value_set_boolean (value, self->numbers[id]);
  else
    g_value_set_int (value, self->numbers[id]);
}

/* The dose of one drug is never that of another: 500 mg must not become 500 tablets. */
static void
forget_dose (CarePrescriptionDraft *self)
{
  static const CarePrescriptionDraftProperty amounts[] = {
    PROP_DOSE_VALUE, PROP_QUANTITY, PROP_DOSE_HIGH,   PROP_MAX_A_DAY,
    PROP_STEPS,      PROP_DAYS,     PROP_WEIGHT_NOTE, PROP_WEIGHT_REFERENCE,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
    if (g_set_str (&self->texts[amounts[i]], NULL))
      g_object_notify_by_pspec (G_OBJECT (self), properties[amounts[i]]);
  g_object_set (self, "by-weight", FALSE, NULL);
}

/* What was worked out of a weight was so for that dose in that unit. */
static void
forget_weight (CarePrescriptionDraft *self)
{
  for (guint i = PROP_WEIGHT_NOTE; i <= PROP_WEIGHT_REFERENCE; i++)
    if (g_set_str (&self->texts[i], NULL))
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static void
care_prescription_draft_set_property (GObject *object,
                                      guint id,
                                      const GValue *value,
                                      GParamSpec *pspec)
{
  CarePrescriptionDraft *self = CARE_PRESCRIPTION_DRAFT (object);

  if (id < N_TEXTS)
    {
      const char *text = g_value_get_string (value);
      gboolean other_drug = id == PROP_DRUG_CODE && self->texts[id] != NULL;

      if (!g_set_str (&self->texts[id], text && *text ? text : NULL) || id < PROP_DRUG_CODE)
        return;
      if (other_drug)
        forget_dose (self);
      if (id == PROP_DOSE_VALUE || id == PROP_DOSE_UNIT)
        forget_weight (self);
      /* a number that is changed by hand still comes from it */
      if (id == PROP_WEIGHT_NOTE && self->texts[id])
        g_object_set (self, "by-weight", TRUE, NULL);
      g_object_notify_by_pspec (object, pspec);
    }
  else
    {
      int number = id >= PROP_AS_NEEDED ? g_value_get_boolean (value) : g_value_get_int (value);

      if (self->numbers[id] == number)
        return;
      self->numbers[id] = number;
      g_object_notify_by_pspec (object, pspec);
    }
}

static void
care_prescription_draft_finalize (GObject *object)
{
  CarePrescriptionDraft *self = CARE_PRESCRIPTION_DRAFT (object);

  for (guint i = 1; i < N_TEXTS; i++)
    g_free (self->texts[i]);

  G_OBJECT_CLASS (care_prescription_draft_parent_class)->finalize (object);
}

static void
care_prescription_draft_class_init (CarePrescriptionDraftClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags own = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = care_prescription_draft_get_property;
  object_class->set_property = care_prescription_draft_set_property;
  object_class->finalize = care_prescription_draft_finalize;
  for (guint i = 1; i < N_TEXTS; i++)
    properties[i] =
        g_param_spec_string (names[i], NULL, NULL, NULL, i < PROP_DRUG_CODE ? own : flags);
  for (guint i = PROP_FREQUENCY; i < PROP_AS_NEEDED; i++)
    properties[i] = g_param_spec_int (names[i], NULL, NULL, 0, 10000, 0, flags);
  for (guint i = PROP_AS_NEEDED; i < N_PROPERTIES; i++)
    properties[i] = g_param_spec_boolean (names[i], NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
care_prescription_draft_init (CarePrescriptionDraft *self)
{
  self->numbers[PROP_PERIOD] = 1;
  self->texts[PROP_PERIOD_UNIT] = g_strdup ("d");
}

/**
 * care_prescription_draft_new:
 * @id: a fresh id: also the id of the prescription that it becomes, so that signing twice gives one
 * @encounter_id: (nullable): the visit
 *
 * Returns: (transfer full): an empty draft
 */
CarePrescriptionDraft *
care_prescription_draft_new (const char *id,
                             const char *patient_id,
                             const char *author,
                             const char *encounter_id)
{
  return g_object_new (CARE_TYPE_PRESCRIPTION_DRAFT, "id", id, "patient-id", patient_id, "author",
                       author, "encounter-id", encounter_id, NULL);
}

/**
 * care_prescription_draft_dup_body:
 *
 * Returns: (transfer full): the draft as a text to be kept
 */
char *
care_prescription_draft_dup_body (CarePrescriptionDraft *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  for (guint i = PROP_DRUG_CODE; i < N_TEXTS; i++)
    if (self->texts[i])
      g_key_file_set_string (file, "prescription", names[i], self->texts[i]);
  for (guint i = PROP_FREQUENCY; i < N_PROPERTIES; i++)
    g_key_file_set_integer (file, "prescription", names[i], self->numbers[i]);
  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * care_prescription_draft_new_from_body:
 * @body: what care_prescription_draft_dup_body () gave
 *
 * Returns: (transfer full) (nullable): NULL with an error where the text cannot be read
 */
CarePrescriptionDraft *
care_prescription_draft_new_from_body (const char *id,
                                       const char *patient_id,
                                       const char *author,
                                       const char *encounter_id,
                                       const char *body,
                                       GError **error)
{
  g_autoptr (CarePrescriptionDraft) self =
      care_prescription_draft_new (id, patient_id, author, encounter_id);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_data (file, body, strlen (body), G_KEY_FILE_NONE, error))
    return NULL;
  for (guint i = PROP_DRUG_CODE; i < N_TEXTS; i++)
    {
      g_free (self->texts[i]);
      self->texts[i] = g_key_file_get_string (file, "prescription", names[i], NULL);
    }
  for (guint i = PROP_FREQUENCY; i < N_PROPERTIES; i++)
    self->numbers[i] =
        CLAMP (g_key_file_get_integer (file, "prescription", names[i], NULL), 0, 10000);
  return g_steal_pointer (&self);
}

/**
 * care_prescription_draft_new_from_elsewhere:
 *
 * As care_prescription_draft_new_from_body(), of what was written on another computer: nobody here
 * has chosen what it takes the place of, and nothing ends by it.
 */
CarePrescriptionDraft *
care_prescription_draft_new_from_elsewhere (const char *id,
                                            const char *patient_id,
                                            const char *author,
                                            const char *encounter_id,
                                            const char *body,
                                            GError **error)
{
  CarePrescriptionDraft *self =
      care_prescription_draft_new_from_body (id, patient_id, author, encounter_id, body, error);

  if (self)
    g_clear_pointer (&self->texts[PROP_PRIOR], g_free);
  return self;
}

/* What a form is counted in, and how it is taken; where that is open the prescriber says it. Routes
 * carry a SNOMED CT code where one was seen in real prescriptions. */
static const struct
{
  const char *form, *unit, *method;
} forms[] = {
  { "Tablet", "tablet", "Take" },
  { "Capsule", "capsule", "Take" },
  { "Oral Solution", "mL", "Take" },
  { "Oral Suspension", "mL", "Take" },
  { "Oral Lozenge", "lozenge", "Take" },
  { "Inhaler", "puff", "Inhale" },
  { "Nasal Spray", "spray", "Spray" },
  { "Transdermal System", "patch", "Apply" },
  { "Patch", "patch", "Apply" },
  { "Suppository", "suppository", "Insert" },
  { "Cream", "application", "Apply" },
  { "Ointment", "application", "Apply" },
  { "Gel", "application", "Apply" },
  { "Lotion", "application", "Apply" },
  { "Ophthalmic Solution", "drop", "Use" },
  { "Otic Solution", "drop", "Use" },
};

static const char *const routes[][3] = {
  { "oral", "oral", "26643006" },
  { "inhaled", "inhalation", NULL },
  { "nasal", "nasal", NULL },
  { "ophthalmic", "ophthalmic", NULL },
  { "otic", "otic", NULL },
  { "topical", "topical", NULL },
  { "transdermal", "transdermal", NULL },
  { "rectal", "rectal", NULL },
  { "vaginal", "vaginal", NULL },
};

/**
 * care_prescription_draft_set_drug:
 *
 * Chooses a drug of the formulary. Dose, unit, route and method of another drug do not stay: they
 * are set to what the form suggests, or to nothing.
 */
void
care_prescription_draft_set_drug (CarePrescriptionDraft *self,
                                  const char *code,
                                  const char *name,
                                  const char *ingredients,
                                  const char *ingredient_codes,
                                  const char *strength,
                                  const char *form,
                                  const char *route,
                                  const char *brand)
{
  const char *unit = NULL, *method = NULL, *route_text = NULL, *route_code = NULL;

  for (gsize i = 0; form && i < G_N_ELEMENTS (forms) && !unit; i++)
    if (strstr (form, forms[i].form))
      {
        unit = forms[i].unit;
        method = forms[i].method;
      }
  for (gsize i = 0; route && i < G_N_ELEMENTS (routes); i++)
    if (g_str_equal (routes[i][0], route))
      {
        route_text = routes[i][1];
        route_code = routes[i][2];
      }
  g_object_set (self, "drug-code", code, "drug-name", name, "ingredients", ingredients,
                "ingredient-codes", ingredient_codes, "strength", strength, "form", form, "brand",
                brand, "dose-value", NULL, "dose-unit", unit, "method", method, "route", route_text,
                "route-code", route_code, "quantity", NULL, "quantity-unit", unit, NULL);
}

/**
 * care_prescription_draft_dup_ingredients:
 *
 * Returns: (transfer full) (element-type ClinicalIngredient): what is in the drug
 */
GPtrArray *
care_prescription_draft_dup_ingredients (CarePrescriptionDraft *self)
{
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
  g_auto (GStrv) list =
      g_strsplit (self->texts[PROP_INGREDIENTS] ? self->texts[PROP_INGREDIENTS] : "", "|", -1);
  g_auto (GStrv) codes =
      g_strsplit (self->texts[PROP_INGREDIENT_CODES] ? self->texts[PROP_INGREDIENT_CODES] : "", "|",
                  -1);
  guint known = g_strv_length (codes);

  for (guint i = 0; list[i]; i++)
    g_ptr_array_add (out, clinical_ingredient_new (i < known ? codes[i] : NULL, list[i]));
  return out;
}

/**
 * care_prescription_draft_dup_dosage:
 *
 * Returns: (transfer full): the dosage as it stands, complete or not
 */
ClinicalDosage *
care_prescription_draft_dup_dosage (CarePrescriptionDraft *self)
{
  ClinicalDosage *dosage = clinical_dosage_new ();

  dosage->dose_value = g_strdup (self->texts[PROP_DOSE_VALUE]);
  dosage->dose_unit = g_strdup (self->texts[PROP_DOSE_UNIT]);
  dosage->frequency = self->numbers[PROP_FREQUENCY];
  dosage->period = self->numbers[PROP_PERIOD];
  dosage->period_unit = g_strdup (self->texts[PROP_PERIOD_UNIT]);
  dosage->route_code = g_strdup (self->texts[PROP_ROUTE_CODE]);
  dosage->route_text = g_strdup (self->texts[PROP_ROUTE]);
  dosage->method = g_strdup (self->texts[PROP_METHOD]);
  dosage->when = g_strdup (self->texts[PROP_WHEN]);
  dosage->as_needed = self->numbers[PROP_AS_NEEDED];
  dosage->as_needed_for =
      self->numbers[PROP_AS_NEEDED] ? g_strdup (self->texts[PROP_AS_NEEDED_FOR]) : NULL;
  dosage->duration_days = self->numbers[PROP_DURATION_DAYS];
  dosage->instruction = g_strdup (self->texts[PROP_INSTRUCTIONS]);
  dosage->dose_high = g_strdup (self->texts[PROP_DOSE_HIGH]);
  dosage->period_max = self->numbers[PROP_PERIOD_MAX];
  dosage->days = g_strdup (self->texts[PROP_DAYS]);
  dosage->max_a_day = g_strdup (self->texts[PROP_MAX_A_DAY]);
  return dosage;
}

/**
 * care_prescription_draft_is_complete:
 *
 * Returns: whether it can be signed; else @error says what is missing
 */
gboolean
care_prescription_draft_is_complete (CarePrescriptionDraft *self, GError **error)
{
  g_autofree char *text = NULL, *dose = NULL, *quantity = NULL;

  if (!self->texts[PROP_DRUG_NAME])
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("Choose the drug."));
      return FALSE;
    }
  text = care_prescription_draft_dup_text (self, error);
  if (!text || !clinical_dose_parse (self->texts[PROP_DOSE_VALUE], ".", &dose, error))
    return FALSE;
  if (self->numbers[PROP_NO_SUBSTITUTION] && !self->texts[PROP_SUBSTITUTION_REASON])
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                   _ ("Write why the pharmacy may not supply an equivalent."));
      return FALSE;
    }
  if (!self->texts[PROP_QUANTITY] || !self->texts[PROP_QUANTITY_UNIT])
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                   _ ("Write the quantity to be dispensed, with its unit."));
      return FALSE;
    }
  return clinical_dose_parse (self->texts[PROP_QUANTITY], ".", &quantity, error);
}

static char *
rest_of_line (CarePrescriptionDraft *self)
{
  g_autofree char *days = self->numbers[PROP_DURATION_DAYS] > 0
                              ? g_strdup_printf ("for %d days", self->numbers[PROP_DURATION_DAYS])
                              : NULL;
  const char *as_needed = self->numbers[PROP_AS_NEEDED] ? "as required" : NULL;

  g_autofree char *rest = as_needed && days ? g_strdup_printf ("%s – %s", as_needed, days)
                                            : g_strdup (as_needed ? as_needed : days);
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (self);
  g_autofree char *then = NULL;

  if (steps->len == 1)
    return g_steal_pointer (&rest);
  g_ptr_array_remove_index (steps, 0);
  then = clinical_dosage_say_steps (steps, "en", CLINICAL_READER_CLINICIAN, NULL);
  return g_strdup_printf ("%s, then %s", rest ? rest : "", then ? then : "?");
}

/* "1 to 2 tablets" */
static char *
amount_of (const ClinicalDosage *dosage)
{
  g_autofree char *amount = NULL;

  if (!dosage->dose_value)
    return NULL;
  amount = clinical_dose_amount (dosage->dose_high ? dosage->dose_high : dosage->dose_value,
                                 dosage->dose_unit);
  return dosage->dose_high ? g_strdup_printf ("%s to %s", dosage->dose_value, amount)
                           : g_steal_pointer (&amount);
}

/**
 * care_prescription_draft_dup_line:
 *
 * Returns: (transfer full) (element-type ClinicalPart): the medication line of the draft
 */
GPtrArray *
care_prescription_draft_dup_line (CarePrescriptionDraft *self)
{
  g_auto (GStrv) list =
      g_strsplit (self->texts[PROP_INGREDIENTS] ? self->texts[PROP_INGREDIENTS] : "", "|", -1);
  g_autofree char *generic = g_strjoinv (" and ", list);
  g_autoptr (ClinicalDosage) dosage = care_prescription_draft_dup_dosage (self);
  g_autofree char *amount = amount_of (dosage);
  g_autofree char *dose = amount && self->texts[PROP_STRENGTH]
                              ? g_strdup_printf ("%s of %s", amount, self->texts[PROP_STRENGTH])
                              : g_strdup (amount);
  g_autofree char *frequency = clinical_dosage_frequency_text (dosage);
  g_autofree char *rest = rest_of_line (self);

  return clinical_line (*generic ? generic : self->texts[PROP_DRUG_NAME], self->texts[PROP_BRAND],
                        self->texts[PROP_FORM], dose, self->texts[PROP_ROUTE], frequency, rest);
}

const char *
care_prescription_draft_get_id (CarePrescriptionDraft *self)
{
  return self->texts[PROP_ID];
}

const char *
care_prescription_draft_get_patient_id (CarePrescriptionDraft *self)
{
  return self->texts[PROP_PATIENT_ID];
}

const char *
care_prescription_draft_get_author (CarePrescriptionDraft *self)
{
  return self->texts[PROP_AUTHOR];
}

const char *
care_prescription_draft_get_encounter_id (CarePrescriptionDraft *self)
{
  return self->texts[PROP_ENCOUNTER_ID];
}

const char *
care_prescription_draft_get_drug_code (CarePrescriptionDraft *self)
{
  return self->texts[PROP_DRUG_CODE];
}

const char *
care_prescription_draft_get_drug_name (CarePrescriptionDraft *self)
{
  return self->texts[PROP_DRUG_NAME];
}
