/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines-private.h"

/* Which facts stand in one row. A medicine that somebody takes is one row with every source that
 * speaks of it; what is over and contradicts nobody is a row of its own. */

/* What was handed out, and what it belongs to: asked once, not by each row. */
typedef struct
{
  FhirResource *resource;
  const char *order;
  char *key;
} Dispense;

static void
dispense_free (gpointer data)
{
  Dispense *self = data;

  fhir_resource_unref (self->resource);
  g_free (self->key);
  g_free (self);
}

/* Of one with an unknown modifier nothing is read: it stands alone. */
static void
set_dispense (Dispense *self, CareMedicineReader *reader)
{
  FhirResource *resource = self->resource;

  if (care_chart_is_opaque (resource))
    {
      self->key = fhir_resource_dup_reference (resource);
      return;
    }
  self->order = fhir_resource_path_text (resource, "authorizingPrescription.0.reference");
  self->key = care_medicine_read_key (reader, resource);
}

static GPtrArray *
read_dispenses (CareMedicineReader *reader, GPtrArray *resources)
{
  GPtrArray *dispenses = g_ptr_array_new_with_free_func (dispense_free);

  for (guint i = 0; i < resources->len; i++)
    {
      Dispense *dispense = g_new0 (Dispense, 1);
      FhirResource *resource = resources->pdata[i];

      dispense->resource = fhir_resource_ref (resource);
      set_dispense (dispense, reader);
      g_ptr_array_add (dispenses, dispense);
    }
  return dispenses;
}

static gboolean
belongs (const Dispense *dispense, GPtrArray *facts)
{
  for (guint i = 0; i < facts->len; i++)
    {
      const CareMedicineFact *fact = facts->pdata[i];

      if (dispense->order ? g_str_equal (dispense->order, fact->side.reference)
                          : g_str_equal (dispense->key, fact->key))
        return TRUE;
    }
  return FALSE;
}

/* A dispense goes to the row of its prescription, else of its medicine. */
static GPtrArray *
take_dispenses (GPtrArray *facts, GPtrArray *dispenses)
{
  GPtrArray *own = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  for (guint i = dispenses->len; i > 0; i--)
    {
      Dispense *dispense = dispenses->pdata[i - 1];

      if (!belongs (dispense, facts))
        continue;
      g_ptr_array_add (own, fhir_resource_ref (dispense->resource));
      g_ptr_array_remove_index (dispenses, i - 1);
    }
  return own;
}

static void
add_row (CareMedicineReader *reader, GPtrArray *facts, GPtrArray *dispenses, GListStore *rows)
{
  g_autoptr (GPtrArray) own = take_dispenses (facts, dispenses);
  g_autoptr (CareMedicine) row = NULL;
  CareMedicineFact *first = facts->pdata[0];

  row = care_medicine_new (facts, first->side.state == CARE_MEDICINE_WITHHELD
                                      ? NULL
                                      : care_medicine_supply_of (reader, facts, own));
  g_list_store_append (rows, row);
}

static GPtrArray *
facts_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) care_medicine_fact_free);
}

/* Nobody named who says so: the bucket is the entry itself. */
static gboolean
is_nobodys (const CareMedicineFact *fact)
{
  return g_str_equal (fact->bucket, fact->side.reference);
}

/* Whether @other takes the place of @fact, which is over: the same source says that it is taken, or
 * said something since. Of sources that nobody named, what is newer may be of the same. */
static gboolean
is_outdated (const CareMedicineFact *fact, const CareMedicineFact *other)
{
  gboolean current = care_medicine_state_is_current (other->side.state);

  if (!current && (!care_medicine_state_is_over (other->side.state) ||
                   (other->is_prohibition && other->side.state != CARE_MEDICINE_FORBIDDEN)))
    return FALSE;
  if (!g_str_equal (other->bucket, fact->bucket))
    return is_nobodys (fact) && is_nobodys (other) && other->sort > fact->sort;
  return current || other->sort > fact->sort || (other->sort == fact->sort && other < fact);
}

/* The newest word of a source that has nothing current on this medicine: it may contradict. That a
 * prohibition ended contradicts nobody. */
static gboolean
is_last_word (GPtrArray *facts, const CareMedicineFact *fact)
{
  if (!care_medicine_state_is_over (fact->side.state) || fact->is_prohibition)
    return FALSE;
  for (guint i = 0; i < facts->len; i++)
    if (facts->pdata[i] != fact && is_outdated (fact, facts->pdata[i]))
      return FALSE;
  return TRUE;
}

static gboolean
has_current (GPtrArray *facts)
{
  for (guint i = 0; i < facts->len; i++)
    if (care_medicine_state_is_current (((CareMedicineFact *) facts->pdata[i])->side.state))
      return TRUE;
  return FALSE;
}

/* What is ordered here, stopped here, and taken nowhere else is no conflict: all rows of its own.
 * @facts: (transfer full): of one medicine */
static void
join_medicine (CareMedicineReader *reader, GPtrArray *facts, GPtrArray *dispenses, GListStore *rows)
{
  gboolean current = has_current (facts);
  GPtrArray *together = facts_new (), *apart = facts_new ();

  for (guint i = 0; i < facts->len; i++)
    {
      CareMedicineFact *fact = facts->pdata[i];
      gboolean joins =
          current && (care_medicine_state_is_current (fact->side.state) ||
                      fact->side.state == CARE_MEDICINE_FORBIDDEN || is_last_word (facts, fact));

      g_ptr_array_add (joins ? together : apart, fact);
    }
  g_ptr_array_set_free_func (facts, NULL);
  g_ptr_array_unref (facts);
  if (together->len > 0)
    add_row (reader, together, dispenses, rows);
  else
    g_ptr_array_unref (together);
  for (guint i = 0; i < apart->len; i++)
    {
      GPtrArray *one = facts_new ();

      g_ptr_array_add (one, apart->pdata[i]);
      add_row (reader, one, dispenses, rows);
    }
  g_ptr_array_set_free_func (apart, NULL);
  g_ptr_array_unref (apart);
}

/* What was handed out and nobody ordered or reported here: a fill is no evidence of use, but it is
 * not dropped either. Those of one medicine stand in one row. */
static void
add_supplied (CareMedicineReader *reader, GPtrArray *dispenses, GListStore *rows)
{
  while (dispenses->len > 0)
    {
      Dispense *dispense = dispenses->pdata[0];
      CareMedicineFact *fact = care_medicine_read (reader, dispense->resource);
      GPtrArray *facts = facts_new ();

      if (fact->side.state != CARE_MEDICINE_WITHHELD)
        fact->side.state = CARE_MEDICINE_SUPPLIED;
      g_set_str (&fact->key, dispense->key);
      dispense->order = NULL; /* it is not here: the medicine counts */
      g_ptr_array_add (facts, fact);
      add_row (reader, facts, dispenses, rows);
    }
}

/**
 * care_medicine_join:
 * @facts: (element-type CareMedicineFact): are taken out of it
 * @dispenses: (element-type FhirResource): what was handed out
 */
void
care_medicine_join (CareMedicineReader *reader,
                    GPtrArray *facts,
                    GPtrArray *dispenses,
                    GListStore *rows)
{
  g_autoptr (GHashTable) medicines = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  g_autoptr (GPtrArray) left = read_dispenses (reader, dispenses);

  for (guint i = 0; i < facts->len; i++)
    {
      CareMedicineFact *fact = facts->pdata[i];
      GPtrArray *same = g_hash_table_lookup (medicines, fact->key);

      if (!same)
        {
          same = facts_new ();
          g_hash_table_insert (medicines, fact->key, same);
          g_ptr_array_add (order, same);
        }
      g_ptr_array_add (same, fact);
    }
  g_ptr_array_set_free_func (facts, NULL);
  g_ptr_array_set_size (facts, 0);
  for (guint i = 0; i < order->len; i++)
    join_medicine (reader, order->pdata[i], left, rows);
  add_supplied (reader, left, rows);
}
