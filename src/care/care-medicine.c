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

static CareAgreement
compare_doses (const CareMedicineFact *a, const CareMedicineFact *b)
{
  if (a->amount_unit && b->amount_unit && g_str_equal (a->amount_unit, b->amount_unit))
    return fabs (a->amount - b->amount) <= 1e-9 * MAX (fabs (a->amount), fabs (b->amount))
               ? CARE_AGREEMENT_SAME
               : CARE_AGREEMENT_DIFFERS;
  if (a->side.dose && b->side.dose && a->code && g_strcmp0 (a->code, b->code) == 0)
    return compare_texts (a->side.dose, b->side.dose);
  return compare_words (a, b);
}

static CareAgreement
compare_states (CareMedicineState a, CareMedicineState b)
{
  return a == b                                                     ? CARE_AGREEMENT_SAME
         : a == CARE_MEDICINE_UNKNOWN || b == CARE_MEDICINE_UNKNOWN ? CARE_AGREEMENT_UNSURE
                                                                    : CARE_AGREEMENT_DIFFERS;
}

/* Nobody is to take it any more, or it is not taken. */
gboolean
care_medicine_state_is_over (CareMedicineState state)
{
  return state == CARE_MEDICINE_STOPPED || state == CARE_MEDICINE_NOT_TAKEN ||
         state == CARE_MEDICINE_COMPLETED;
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
      return a->side.frequency && b->side.frequency
                 ? compare_texts (a->side.frequency, b->side.frequency)
                 : compare_words (a, b);
    case CARE_ASPECT_STATUS:
      return compare_states (a->side.state, b->side.state);
    }
  return CARE_AGREEMENT_UNSURE;
}

/* Between two sources the closest pair counts: one may have two entries. */
static CareAgreement
compare_sources (GPtrArray *facts, const char *a, const char *b, CareAspect aspect)
{
  CareAgreement best = CARE_AGREEMENT_DIFFERS;

  for (guint i = 0; i < facts->len; i++)
    for (guint j = 0; j < facts->len; j++)
      {
        CareMedicineFact *x = facts->pdata[i], *y = facts->pdata[j];

        if (g_str_equal (x->bucket, a) && g_str_equal (y->bucket, b))
          best = MIN (best, care_medicine_compare (x, y, aspect));
      }
  return best;
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
            self->twice |= care_medicine_state_is_current (a->side.state) &&
                           care_medicine_state_is_current (b->side.state);
            continue;
          }
        for (CareAspect aspect = 0; aspect < CARE_N_ASPECTS; aspect++)
          self->agreements[aspect] =
              MAX (self->agreements[aspect],
                   compare_sources (self->facts, a->bucket, b->bucket, aspect));
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

      append (out, line);
      append (out, side->source);
      append (out, side->who);
      append (out, care_medicine_state_get_words (side->state));
      append (out, side->since);
      append (out, side->why);
    }
  append (out, self->supply ? self->supply->text : NULL);
  append (out, self->supply ? self->supply->repeats : NULL);
  append (out, self->supply ? self->supply->pharmacy : NULL);
  append (out, self->reconciled);
  return g_string_free_and_steal (out);
}
