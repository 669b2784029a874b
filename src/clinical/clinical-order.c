/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-order.h"

#include "fhir-ucum.h"

#include <math.h>
#include <string.h>

/* What an order comes to in milligrams: the dose as written, its unit in UCUM, and what one tablet,
 * millilitre or puff holds, read from the drug's name ("acetaminophen 325 MG / codeine 30 MG Oral
 * Tablet"). What cannot be read in exactly one way is not converted. */

ClinicalOrder *
clinical_order_new (const char *reference, const char *name)
{
  ClinicalOrder *self = g_new0 (ClinicalOrder, 1);

  self->reference = g_strdup (reference);
  self->name = g_utf8_make_valid (name && *name ? name : "an entry without a name", -1);
  self->per_day = NAN;
  self->most_often = NAN;
  return self;
}

void
clinical_order_free (ClinicalOrder *self)
{
  g_clear_pointer (&self->ingredients, g_ptr_array_unref);
  g_free (self->reference);
  g_free (self->name);
  g_free (self->formula);
  g_free (self->dose);
  g_free (self->unit);
  g_free (self->route);
  g_free (self->reason);
  g_free (self->ends);
  g_free (self);
}

/* ---- units ---------------------------------------------------------------------------------- */

typedef enum
{
  UNIT_UNKNOWN,
  UNIT_UCUM,    /* a measure */
  UNIT_PIECE,   /* a thing of which one holds the strength: a tablet */
  UNIT_RELEASE, /* what one press gives: a puff */
} UnitKind;

static const struct
{
  const char *written;
  UnitKind kind;
  const char *ucum;
} units[] = {
  { "mg", UNIT_UCUM, "mg" },
  { "milligram", UNIT_UCUM, "mg" },
  { "milligrams", UNIT_UCUM, "mg" },
  { "g", UNIT_UCUM, "g" },
  { "gram", UNIT_UCUM, "g" },
  { "grams", UNIT_UCUM, "g" },
  { "mcg", UNIT_UCUM, "ug" },
  { "ug", UNIT_UCUM, "ug" },
  { "\xc2\xb5g", UNIT_UCUM, "ug" },
  { "\xce\xbcg", UNIT_UCUM, "ug" },
  { "microgram", UNIT_UCUM, "ug" },
  { "micrograms", UNIT_UCUM, "ug" },
  { "ng", UNIT_UCUM, "ng" },
  { "ml", UNIT_UCUM, "mL" },
  { "millilitre", UNIT_UCUM, "mL" },
  { "millilitres", UNIT_UCUM, "mL" },
  { "milliliter", UNIT_UCUM, "mL" },
  { "milliliters", UNIT_UCUM, "mL" },
  { "l", UNIT_UCUM, "L" },
  { "unit", UNIT_UCUM, "[iU]" },
  { "units", UNIT_UCUM, "[iU]" },
  { "unt", UNIT_UCUM, "[iU]" },
  { "iu", UNIT_UCUM, "[iU]" },
  { "u", UNIT_UCUM, "[iU]" },
  { "[iu]", UNIT_UCUM, "[iU]" },
  { "international unit", UNIT_UCUM, "[iU]" },
  { "international units", UNIT_UCUM, "[iU]" },
  { "meq", UNIT_UCUM, "meq" },
  { "mmol", UNIT_UCUM, "mmol" },
  { "tablet", UNIT_PIECE, NULL },
  { "tablets", UNIT_PIECE, NULL },
  { "capsule", UNIT_PIECE, NULL },
  { "capsules", UNIT_PIECE, NULL },
  { "caplet", UNIT_PIECE, NULL },
  { "caplets", UNIT_PIECE, NULL },
  { "lozenge", UNIT_PIECE, NULL },
  { "lozenges", UNIT_PIECE, NULL },
  { "suppository", UNIT_PIECE, NULL },
  { "suppositories", UNIT_PIECE, NULL },
  { "pessary", UNIT_PIECE, NULL },
  { "pessaries", UNIT_PIECE, NULL },
  { "puff", UNIT_RELEASE, NULL },
  { "puffs", UNIT_RELEASE, NULL },
  { "inhalation", UNIT_RELEASE, NULL },
  { "inhalations", UNIT_RELEASE, NULL },
  { "actuation", UNIT_RELEASE, NULL },
  { "actuations", UNIT_RELEASE, NULL },
  { "spray", UNIT_RELEASE, NULL },
  { "sprays", UNIT_RELEASE, NULL },
};

/* @length: -1 for all of it */
static UnitKind
find_unit (const char *written, gssize length, const char **ucum)
{
  g_autofree char *text = g_strndup (written, length < 0 ? strlen (written) : (gsize) length);
  g_autofree char *folded = g_ascii_strdown (g_strstrip (text), -1);

  *ucum = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].written, folded))
      {
        *ucum = units[i].ucum;
        return units[i].kind;
      }
  return UNIT_UNKNOWN;
}

/* By how much a value in @from is multiplied to be one in @to; NAN where they measure different
 * things. */
static double
factor_between (const char *from, const char *to)
{
  FhirUcum a, b;

  if (!from || !fhir_ucum_parse (from, &a) || !fhir_ucum_parse (to, &b) ||
      memcmp (a.powers, b.powers, sizeof a.powers) != 0)
    return NAN;
  return a.factor / b.factor;
}

static double
read_decimal (const char *text)
{
  char *end = NULL;
  double value = text ? g_ascii_strtod (text, &end) : NAN;

  return end && end != text && *end == '\0' && isfinite (value) && value > 0 ? value : NAN;
}

/* ---- strength ------------------------------------------------------------------------------- */

/* "325 MG" or "80 MG/ML": so much of the ingredient, in one piece or for one of @per. */
typedef struct
{
  double value;
  const char *ucum;
  UnitKind per_kind; /* UNIT_UNKNOWN: in one piece */
  const char *per_ucum;
  gboolean known;
} Strength;

static gboolean
read_strength_unit (const char *at, Strength *out)
{
  const char *end = at + strcspn (at, " )],"), *slash = memchr (at, '/', (gsize) (end - at));

  *out = (Strength) { .value = out->value };
  if (find_unit (at, (slash ? slash : end) - at, &out->ucum) != UNIT_UCUM)
    return FALSE;
  if (slash && end - slash == strlen ("/ACTUAT") &&
      g_ascii_strncasecmp (slash, "/ACTUAT", strlen ("/ACTUAT")) == 0)
    out->per_kind = UNIT_RELEASE;
  else if (slash)
    {
      out->per_kind = find_unit (slash + 1, end - slash - 1, &out->per_ucum);
      if (out->per_kind != UNIT_UCUM)
        return FALSE;
    }
  out->known = TRUE;
  return TRUE;
}

static const char *
formula_of (const ClinicalOrder *self)
{
  return self->formula ? self->formula : self->name;
}

/* The last amount in one part of the name: what stands before it is a volume or a duration, as in
 * "3 ML insulin glargine 100 UNT/ML" and "24 HR metformin 500 MG". */
static Strength
read_strength (const char *part)
{
  Strength last = { 0 };

  for (const char *at = part; *at; at++)
    {
      char *end = NULL;
      Strength one = { 0 };

      if (!g_ascii_isdigit (*at) || (at > part && !strchr (" (", at[-1])))
        continue;
      one.value = g_ascii_strtod (at, &end);
      if (end > at && *end == ' ' && isfinite (one.value) && one.value > 0 &&
          read_strength_unit (end + 1, &one))
        last = one;
      at = end > at ? end - 1 : at;
    }
  return last;
}

static Strength
strength_of (const ClinicalOrder *self, guint ingredient)
{
  g_auto (GStrv) parts = g_strsplit (formula_of (self), " / ", -1);

  if (strchr (formula_of (self), '{') || !self->ingredients ||
      g_strv_length (parts) != self->ingredients->len)
    return (Strength) { 0 };
  return read_strength (parts[ingredient]);
}

/* ---- amounts -------------------------------------------------------------------------------- */

static double
through_strength (const Strength *strength, UnitKind kind, const char *ucum, const char *wanted)
{
  double held = strength->known ? strength->value * factor_between (strength->ucum, wanted) : NAN;

  if (kind == UNIT_PIECE)
    return strength->per_kind == UNIT_UNKNOWN ? held : NAN;
  if (kind == UNIT_RELEASE)
    return strength->per_kind == UNIT_RELEASE ? held : NAN;
  return strength->per_kind == UNIT_UCUM ? held * factor_between (ucum, strength->per_ucum) : NAN;
}

/**
 * clinical_order_amount:
 * @ingredient: index of an ingredient
 * @unit: a UCUM code
 * @out: what one dose and one day come to; set only where the answer is CLINICAL_AMOUNT_KNOWN
 *
 * A dose by mass of a drug with several ingredients could mean any of them, and is not converted.
 */
ClinicalAmountState
clinical_order_amount (const ClinicalOrder *self,
                       guint ingredient,
                       const char *unit,
                       ClinicalAmount *out)
{
  double dose = read_decimal (self->dose), factor;
  const char *ucum = NULL;
  gboolean per_kg = self->unit && g_str_has_suffix (self->unit, "/kg");
  UnitKind kind;

  if (isnan (dose) || !self->unit)
    return CLINICAL_AMOUNT_NO_DOSE;
  kind = find_unit (self->unit,
                    per_kg ? (gssize) (strlen (self->unit) - strlen ("/kg")) : (gssize) -1, &ucum);
  if (kind == UNIT_UNKNOWN)
    return CLINICAL_AMOUNT_UNIT;
  factor = kind == UNIT_UCUM && self->ingredients && self->ingredients->len == 1
               ? factor_between (ucum, unit)
               : NAN;
  if (isnan (factor))
    {
      Strength strength = strength_of (self, ingredient);

      factor = through_strength (&strength, kind, ucum, unit);
    }
  if (isnan (factor))
    return kind == UNIT_UCUM && isnan (factor_between (ucum, "mL")) ? CLINICAL_AMOUNT_UNIT
                                                                    : CLINICAL_AMOUNT_STRENGTH;
  /* of what is taken once a week, the day on which it is taken */
  *out = (ClinicalAmount) { dose * factor,
                            isnan (self->per_day) ? NAN : dose * factor * MAX (self->per_day, 1),
                            per_kg };
  return CLINICAL_AMOUNT_KNOWN;
}

gboolean
clinical_order_has_form (const ClinicalOrder *self, const char *word)
{
  g_autofree char *folded = g_utf8_casefold (formula_of (self), -1);

  return strstr (folded, word) != NULL;
}

/* The formulary's word for the way in, from the drug's form; where it has none, from the order. */
const char *
clinical_order_get_route (const ClinicalOrder *self)
{
  /* what is more exact stands first */
  static const char *const forms[][2] = {
    { "transdermal", "transdermal" },
    { "sublingual", "other" },
    { "buccal", "other" },
    { "mucous", "other" },
    { "mucosal", "other" },
    { "oral gel", "other" },
    { "implant", "other" },
    { "intrauterine", "other" },
    { "ophthalmic", "ophthalmic" },
    { "nasal", "nasal" },
    { "otic ", "otic" },
    { "rectal", "rectal" },
    { "enema", "rectal" },
    { "vaginal", "vaginal" },
    { "inhal", "inhaled" },
    { "topical", "topical" },
    { "medicated", "topical" },
    { "oral", "oral" },
    { "chewable", "oral" },
    { "by mouth", "oral" },
    { "inject", "injection" },
    { "prefilled", "injection" },
    { "cartridge", "injection" },
    { "subcutaneous", "injection" },
    { "intravenous", "injection" },
    { "intramuscular", "injection" },
  };
  g_autofree char *name = g_utf8_casefold (formula_of (self), -1);
  g_autofree char *route = self->route ? g_utf8_casefold (self->route, -1) : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (strstr (name, forms[i][0]))
      return forms[i][1];
  for (gsize i = 0; route && i < G_N_ELEMENTS (forms); i++)
    if (strstr (route, forms[i][0]))
      return forms[i][1];
  return NULL;
}

/* Whether it acts in the whole body: a cream beside a tablet is no duplicate. */
gboolean
clinical_order_is_systemic (const ClinicalOrder *self)
{
  static const char *const local[] = { "topical", "ophthalmic", "nasal", "otic", "vaginal", NULL };
  const char *route = clinical_order_get_route (self);

  return !route || !g_strv_contains (local, route);
}

/* Whether the dose is written in the one way in which insulin may be: the whole word. */
gboolean
clinical_order_is_in_units (const ClinicalOrder *self)
{
  return g_strcmp0 (self->unit, "unit") == 0 || g_strcmp0 (self->unit, "units") == 0;
}

/* A UCUM code as people read it. */
const char *
clinical_unit_shown (const char *ucum)
{
  return g_str_equal (ucum, "[iU]") ? "units" : g_str_equal (ucum, "ug") ? "mcg" : ucum;
}

/* (transfer full): drug with strength and form, dose, unit and how often, as facts that an override
 * rests on: two tablets of another strength are another dose. */
char *
clinical_order_dup_dose (const ClinicalOrder *self)
{
  char often[G_ASCII_DTOSTR_BUF_SIZE] = "?";
  g_autofree char *drug = g_utf8_casefold (formula_of (self), -1);

  if (!isnan (self->per_day))
    g_ascii_formatd (often, sizeof often, "%.4f", self->per_day);
  return g_strdup_printf ("%s: %s %s x %s%s", drug, self->dose ? self->dose : "?",
                          self->unit ? self->unit : "?", often,
                          self->as_needed ? " as needed" : "");
}
