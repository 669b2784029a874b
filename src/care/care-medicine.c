/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicine.h"

#include <glib/gi18n.h>
#include <math.h>

#include "care-medicines-private.h"

/* One medicine as its sources say it, and what of it they say differently. */

struct _CareMedicine
{
  GObject parent_instance;

  GPtrArray *facts; /* CareMedicineFact, ours first */
  char *key;        /* of the references: the same row while the same entries stand in it */
  CareAgreement agreements[CARE_N_ASPECTS];
  gboolean twice;
  CareMedicineSupply *supply;
  char *reconciled;
};

G_DEFINE_FINAL_TYPE (CareMedicine, care_medicine, G_TYPE_OBJECT)

static void
care_medicine_finalize (GObject *object)
{
  CareMedicine *self = CARE_MEDICINE (object);

  g_clear_pointer (&self->facts, g_ptr_array_unref);
  g_clear_pointer (&self->supply, care_medicine_supply_free);
  g_free (self->key);
  g_free (self->reconciled);
  G_OBJECT_CLASS (care_medicine_parent_class)->finalize (object);
}

static void
care_medicine_class_init (CareMedicineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_medicine_finalize;
}

static void
care_medicine_init (CareMedicine *self)
{
}

/* ---- what differs ---- */

static CareAgreement
compare_texts (const char *a, const char *b)
{
  g_autofree char *x = a ? g_utf8_casefold (a, -1) : NULL;
  g_autofree char *y = b ? g_utf8_casefold (b, -1) : NULL;

  return !x || !y             ? CARE_AGREEMENT_UNSURE
         : g_str_equal (x, y) ? CARE_AGREEMENT_SAME
                              : CARE_AGREEMENT_DIFFERS;
}

/* What is written in words alone is the same where the words are, and else is not known to differ:
 * "one a day" may mean the coded dose. */
static CareAgreement
compare_words (const CareMedicineFact *a, const CareMedicineFact *b)
{
  return compare_texts (a->side.dosage, b->side.dosage) == CARE_AGREEMENT_SAME &&
                 compare_texts (a->side.name, b->side.name) == CARE_AGREEMENT_SAME
             ? CARE_AGREEMENT_SAME
             : CARE_AGREEMENT_UNSURE;
}

static gboolean
is_same_code (const CareMedicineFact *a, const CareMedicineFact *b)
{
  return a->code && g_strcmp0 (a->code, b->code) == 0;
}

/* "5 mg", "10 mg/5 mL", "30/500", "1 %"; not the number of "vitamin B12". */
static gboolean
says_strength (const char *text)
{
  return text && g_regex_match_simple ("\\d\\s*(?:mg|mcg|microgram|\u00b5g|ug|g|mmol|unit|iu)s?\\b|"
                                       "\\d\\s*%|\\d/\\d",
                                       text, G_REGEX_CASELESS, 0);
}

/* Whether both are one product in one strength: the same code, or the same name that says it. */
static gboolean
is_same_product (const CareMedicineFact *a, const CareMedicineFact *b)
{
  return is_same_code (a, b) || (!(a->code && b->code) && says_strength (a->side.name) &&
                                 compare_texts (a->side.name, b->side.name) == CARE_AGREEMENT_SAME);
}

/* Ten milligrams at once and ten over the day are not the same ten. */
static gboolean
may_differ_in_form (const CareMedicineFact *a, const CareMedicineFact *b)
{
  if (is_same_code (a, b))
    return FALSE;
  return a->slow != b->slow ||
         (a->code && b->code && compare_texts (a->form, b->form) != CARE_AGREEMENT_SAME);
}

static gboolean
is_same_amount (const CareMedicineFact *a, const CareMedicineFact *b)
{
  return fabs (a->amount - b->amount) <= 1e-9 * MAX (fabs (a->amount), fabs (b->amount));
}

/* Milligrams are milligrams, and so are units of what is measured in them. Of a millilitre, a puff
 * or a tablet nobody knows how much it holds unless the product is the same. */
static CareAgreement
compare_amounts (const CareMedicineFact *a, const CareMedicineFact *b)
{
  gboolean same = is_same_amount (a, b);

  if (is_same_product (a, b))
    return same ? CARE_AGREEMENT_SAME : CARE_AGREEMENT_DIFFERS;
  if (g_str_equal (a->amount_unit, "mg"))
    return !same                       ? CARE_AGREEMENT_DIFFERS
           : may_differ_in_form (a, b) ? CARE_AGREEMENT_UNSURE
                                       : CARE_AGREEMENT_SAME;
  /* the same words with another number are said differently, whatever they hold */
  return !same && (g_str_equal (a->amount_unit, "unit") ||
                   compare_texts (a->side.name, b->side.name) == CARE_AGREEMENT_SAME)
             ? CARE_AGREEMENT_DIFFERS
             : CARE_AGREEMENT_UNSURE;
}

static CareAgreement
compare_doses (const CareMedicineFact *a, const CareMedicineFact *b)
{
  if (a->amount_unit && b->amount_unit && g_str_equal (a->amount_unit, b->amount_unit))
    return compare_amounts (a, b);
  if (a->side.dose && b->side.dose)
    return is_same_product (a, b) ? compare_texts (a->side.dose, b->side.dose)
                                  : CARE_AGREEMENT_UNSURE;
  /* one a day is another dose of another strength */
  return is_same_product (a, b) || says_strength (a->side.dosage) ? compare_words (a, b)
                                                                  : CARE_AGREEMENT_UNSURE;
}

static CareAgreement
compare_parts (const char *a, const char *b)
{
  return !a && !b ? CARE_AGREEMENT_SAME : compare_texts (a, b);
}

/* How often, and what belongs to it: as required or regularly, at which time, for how long. */
static CareAgreement
compare_frequencies (const CareMedicineFact *a, const CareMedicineFact *b)
{
  CareAgreement duration = a->duration_days == b->duration_days     ? CARE_AGREEMENT_SAME
                           : !a->duration_days || !b->duration_days ? CARE_AGREEMENT_UNSURE
                                                                    : CARE_AGREEMENT_DIFFERS;
  CareAgreement worst;

  if (!a->often || !b->often)
    return compare_words (a, b);
  if (a->as_needed != b->as_needed)
    return CARE_AGREEMENT_DIFFERS;
  worst = compare_texts (a->often, b->often);
  worst = MAX (worst, compare_parts (a->when, b->when));
  if (compare_parts (a->needed_for, b->needed_for) != CARE_AGREEMENT_SAME)
    worst = MAX (worst, CARE_AGREEMENT_UNSURE); /* in words: they may mean the same */
  return MAX (worst, duration);
}

static CareAgreement
compare_states (CareMedicineState a, CareMedicineState b)
{
  return a == b                                                     ? CARE_AGREEMENT_SAME
         : a == CARE_MEDICINE_UNKNOWN || b == CARE_MEDICINE_UNKNOWN ? CARE_AGREEMENT_UNSURE
                                                                    : CARE_AGREEMENT_DIFFERS;
}

/* Nobody is to take it, any more or at all, or it is not taken. */
gboolean
care_medicine_state_is_over (CareMedicineState state)
{
  return state == CARE_MEDICINE_STOPPED || state == CARE_MEDICINE_NOT_TAKEN ||
         state == CARE_MEDICINE_COMPLETED || state == CARE_MEDICINE_FORBIDDEN;
}

/**
 * care_medicine_compare:
 *
 * Returns: whether two sources say the same of @aspect; what one of them does not say, or says in a
 *   way that cannot be compared, is CARE_AGREEMENT_UNSURE and never the same
 */
CareAgreement
care_medicine_compare (const CareMedicineFact *a, const CareMedicineFact *b, CareAspect aspect)
{
  /* of what is not taken there is no dose to compare: that it is not taken is the difference */
  if (aspect != CARE_ASPECT_STATUS &&
      (care_medicine_state_is_over (a->side.state) || care_medicine_state_is_over (b->side.state)))
    return CARE_AGREEMENT_SAME;
  switch (aspect)
    {
    case CARE_ASPECT_DOSE:
      return compare_doses (a, b);
    case CARE_ASPECT_ROUTE:
      return compare_texts (a->side.route, b->side.route);
    case CARE_ASPECT_FREQUENCY:
      return compare_frequencies (a, b);
    case CARE_ASPECT_STATUS:
      return compare_states (a->side.state, b->side.state);
    }
  return CARE_AGREEMENT_UNSURE;
}

/* How far two entries are apart: what differs weighs more than all that was not compared. */
static guint
distance (const CareMedicineFact *a, const CareMedicineFact *b)
{
  guint sum = 0;

  for (CareAspect aspect = 0; aspect < CARE_N_ASPECTS; aspect++)
    {
      CareAgreement agreement = care_medicine_compare (a, b, aspect);

      sum += agreement == CARE_AGREEMENT_DIFFERS  ? CARE_N_ASPECTS + 1
             : agreement == CARE_AGREEMENT_UNSURE ? 1
                                                  : 0;
    }
  return sum;
}

/* Between two sources the closest pair counts, as one may have two entries: one pair in all of it.
 * The dose of one entry and the frequency of another are said by nobody. */
static void
compare_sources (CareMedicine *self, const char *a, const char *b)
{
  const CareMedicineFact *first = NULL, *second = NULL;
  guint best = G_MAXUINT;

  for (guint i = 0; i < self->facts->len; i++)
    for (guint j = 0; j < self->facts->len; j++)
      {
        const CareMedicineFact *x = self->facts->pdata[i], *y = self->facts->pdata[j];

        if (!g_str_equal (x->bucket, a) || !g_str_equal (y->bucket, b) || distance (x, y) >= best)
          continue;
        best = distance (x, y);
        first = x;
        second = y;
      }
  for (CareAspect aspect = 0; first && aspect < CARE_N_ASPECTS; aspect++)
    self->agreements[aspect] =
        MAX (self->agreements[aspect], care_medicine_compare (first, second, aspect));
}

/* Two entries of one source: it has both, or contradicts itself. */
static void
compare_within (CareMedicine *self, const CareMedicineFact *a, const CareMedicineFact *b)
{
  gboolean first = care_medicine_state_is_current (a->side.state),
           second = care_medicine_state_is_current (b->side.state);

  self->twice |= first && second;
  if ((first && b->side.state == CARE_MEDICINE_FORBIDDEN) ||
      (second && a->side.state == CARE_MEDICINE_FORBIDDEN))
    self->agreements[CARE_ASPECT_STATUS] = CARE_AGREEMENT_DIFFERS;
}

static void
compare_all (CareMedicine *self)
{
  for (guint i = 0; i < self->facts->len; i++)
    for (guint j = i + 1; j < self->facts->len; j++)
      {
        CareMedicineFact *a = self->facts->pdata[i], *b = self->facts->pdata[j];

        if (g_str_equal (a->bucket, b->bucket))
          {
            compare_within (self, a, b);
            continue;
          }
        compare_sources (self, a->bucket, b->bucket);
      }
}

static int
compare_facts (gconstpointer a, gconstpointer b)
{
  const CareMedicineFact *x = *(CareMedicineFact *const *) a, *y = *(CareMedicineFact *const *) b;

  if (x->side.origin != y->side.origin)
    return (int) x->side.origin - (int) y->side.origin;
  return (x->sort < y->sort) - (x->sort > y->sort);
}

/* @facts: (transfer full); @supply: (transfer full) (nullable) */
CareMedicine *
care_medicine_new (GPtrArray *facts, CareMedicineSupply *supply)
{
  CareMedicine *self = g_object_new (CARE_TYPE_MEDICINE, NULL);
  g_autoptr (GString) key = g_string_new (NULL);

  g_ptr_array_sort (facts, compare_facts);
  self->facts = facts;
  self->supply = supply;
  for (guint i = 0; i < facts->len; i++)
    g_string_append_printf (key, "%s%s", i ? " " : "",
                            ((CareMedicineFact *) facts->pdata[i])->side.reference);
  self->key = g_string_free_and_steal (g_steal_pointer (&key));
  compare_all (self);
  return self;
}

void
care_medicine_set_reconciled (CareMedicine *self, const char *words)
{
  g_set_str (&self->reconciled, words);
}

const CareMedicineFact *
care_medicine_get_fact (CareMedicine *self, guint index)
{
  return self->facts->pdata[index];
}

/* ---- reading it ---- */

/* Which row it is: the references of its entries. */
const char *
care_medicine_get_key (CareMedicine *self)
{
  return self->key;
}

const char *
care_medicine_get_name (CareMedicine *self)
{
  return care_medicine_get_side (self, 0)->name;
}

/* The liveliest of what its sources say: one that anybody takes is current. */
CareMedicineState
care_medicine_get_state (CareMedicine *self)
{
  CareMedicineState state = CARE_MEDICINE_WITHHELD;

  for (guint i = 0; i < self->facts->len; i++)
    state = MIN (state, care_medicine_get_side (self, i)->state);
  return state;
}

gboolean
care_medicine_is_current (CareMedicine *self)
{
  return care_medicine_state_is_current (care_medicine_get_state (self));
}

guint
care_medicine_get_n_sides (CareMedicine *self)
{
  return self->facts->len;
}

const CareMedicineSide *
care_medicine_get_side (CareMedicine *self, guint index)
{
  g_return_val_if_fail (index < self->facts->len, NULL);

  return &((CareMedicineFact *) self->facts->pdata[index])->side;
}

gboolean
care_medicine_has_reference (CareMedicine *self, const char *reference)
{
  for (guint i = 0; i < self->facts->len; i++)
    if (g_strcmp0 (care_medicine_get_side (self, i)->reference, reference) == 0)
      return TRUE;
  return FALSE;
}

CareAgreement
care_medicine_get_agreement (CareMedicine *self, CareAspect aspect)
{
  return self->agreements[aspect];
}

/* FALSE: what it is cannot be told here: no entry has a name or a code, and what they refer to is
 * not here. */
gboolean
care_medicine_is_named (CareMedicine *self)
{
  for (guint i = 0; i < self->facts->len; i++)
    if (care_medicine_get_fact (self, i)->is_named)
      return TRUE;
  return FALSE;
}

gboolean
care_medicine_is_conflict (CareMedicine *self)
{
  for (CareAspect aspect = 0; aspect < CARE_N_ASPECTS; aspect++)
    if (self->agreements[aspect] == CARE_AGREEMENT_DIFFERS)
      return TRUE;
  return FALSE;
}

/* Whether one source has it twice among what is taken. */
gboolean
care_medicine_is_twice (CareMedicine *self)
{
  return self->twice;
}

static char *
join_aspects (CareMedicine *self, CareAgreement agreement)
{
  static const char *const names[] = { N_ ("dose"), N_ ("route"), N_ ("frequency"), N_ ("status") };
  g_autoptr (GString) out = g_string_new (NULL);

  for (CareAspect aspect = 0; aspect < CARE_N_ASPECTS; aspect++)
    if (self->agreements[aspect] == agreement)
      g_string_append_printf (out, "%s%s", out->len ? ", " : "", _ (names[aspect]));
  return g_string_free_and_steal (g_steal_pointer (&out));
}

/**
 * care_medicine_dup_difference:
 *
 * Returns: (transfer full) (nullable): what the sources say differently, and what could not be
 *   compared; NULL where there is one source, or all say the same
 */
char *
care_medicine_dup_difference (CareMedicine *self)
{
  g_autofree char *differs = join_aspects (self, CARE_AGREEMENT_DIFFERS);
  g_autofree char *unsure = join_aspects (self, CARE_AGREEMENT_UNSURE);

  if (*differs && *unsure)
    /* Translators: both are lists, "dose, frequency" */
    return g_strdup_printf (_ ("Sources differ: %s. Not compared: %s"), differs, unsure);
  if (*differs)
    /* Translators: a list, "dose, frequency" */
    return g_strdup_printf (_ ("Sources differ: %s"), differs);
  if (*unsure)
    /* Translators: a list, "dose, frequency" */
    return g_strdup_printf (_ ("Several sources. Not compared: %s"), unsure);
  return NULL;
}

/* (transfer full) (nullable): the same behind a sign: "≠ Sources differ: dose", "? Several
 * sources…"
 */
char *
care_medicine_dup_mark (CareMedicine *self)
{
  g_autofree char *difference = care_medicine_dup_difference (self);

  return difference
             ? g_strdup_printf ("%s %s", care_medicine_is_conflict (self) ? "≠" : "?", difference)
             : NULL;
}

const CareMedicineSupply *
care_medicine_get_supply (CareMedicine *self)
{
  return self->supply;
}

/* (nullable): what was decided of it when the list was last gone through. */
const char *
care_medicine_get_reconciled (CareMedicine *self)
{
  return self->reconciled;
}

const char *
care_medicine_state_get_words (CareMedicineState state)
{
  static const char *const words[CARE_N_MEDICINE_STATES] = {
    N_ ("active"),          N_ ("on hold"),   N_ ("status not known"), N_ ("draft"),
    N_ ("not to be given"), N_ ("supplied"),  N_ ("not taken"),        N_ ("stopped"),
    N_ ("completed"),       N_ ("not shown"),
  };

  return _ (words[state]);
}

/* (transfer full) (nullable): "Stopped 01-Jun-2025"; that nobody wrote when is said too. */
char *
care_medicine_side_dup_end (const CareMedicineSide *side)
{
  if (side->state == CARE_MEDICINE_STOPPED)
    /* Translators: %s is a date */
    return side->until ? g_strdup_printf (_ ("Stopped %s"), side->until)
                       : g_strdup (_ ("When it was stopped is not recorded"));
  return side->until ? g_strdup_printf (_ ("until %s"), side->until) : NULL;
}

static void
append (GString *out, const char *text)
{
  if (text && *text)
    g_string_append_printf (out, "%s%s", out->len ? ", " : "", text);
}

/**
 * care_medicine_dup_words:
 *
 * Returns: (transfer full): all of the row in one sentence, for those who hear it
 */
char *
care_medicine_dup_words (CareMedicine *self)
{
  g_autofree char *difference = care_medicine_dup_difference (self);
  GString *out = g_string_new (NULL);

  append (out, difference);
  append (out, self->twice ? _ ("Twice from the same source") : NULL);
  for (guint i = 0; i < self->facts->len; i++)
    {
      const CareMedicineSide *side = care_medicine_get_side (self, i);
      g_autofree char *line = clinical_line_dup_text (side->line);
      g_autofree char *end = care_medicine_side_dup_end (side);
      g_autofree char *by =
          side->stopped_by ? g_strdup_printf (_ ("by %s"), side->stopped_by) : NULL;

      append (out, line);
      append (out, side->source);
      append (out, side->who);
      append (out, care_medicine_state_get_words (side->state));
      append (out, side->since);
      append (out, side->why);
      append (out, end);
      append (out, by);
    }
  append (out, self->supply ? self->supply->text : NULL);
  append (out, self->supply ? self->supply->repeats : NULL);
  append (out, self->supply ? self->supply->pharmacy : NULL);
  append (out, self->reconciled);
  return g_string_free_and_steal (out);
}
