/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines-private.h"

#include "fhir-concept.h"

/* Which facts stand in one row. A medicine that somebody takes is one row with every source that
 * speaks of it; what is over and contradicts nobody is a row of its own. */

/* A dispense goes to the rows of its prescription, else of its medicine. */
static GPtrArray *
take_dispenses (CareMedicineReader *reader, GPtrArray *facts, GPtrArray *dispenses)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  for (guint i = 0; i < dispenses->len;)
    {
      FhirResource *dispense = dispenses->pdata[i];
      const char *order = fhir_resource_path_text (dispense, "authorizingPrescription.0.reference");
      g_autofree char *name = care_chart_medicine (reader->chart, dispense);
      g_autofree char *key = care_medicine_read_key (
          reader, name,
          fhir_concept_get_code (fhir_resource_path (dispense, "medicationCodeableConcept"),
                                 CARE_SYSTEM_RXNORM));
      gboolean fits = FALSE;

      for (guint j = 0; j < facts->len && !fits; j++)
        {
          const CareMedicineFact *fact = facts->pdata[j];

          fits = order ? g_str_equal (order, fact->side.reference) : g_str_equal (key, fact->key);
        }
      if (fits)
        g_ptr_array_add (own, g_ptr_array_steal_index (dispenses, i));
      else
        i++;
    }
  return g_steal_pointer (&own);
}

static void
add_row (CareMedicineReader *reader, GPtrArray *facts, GPtrArray *dispenses, GListStore *rows)
{
  g_autoptr (GPtrArray) own = take_dispenses (reader, facts, dispenses);
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

static gboolean
is_over (const CareMedicineFact *fact)
{
  return fact->side.state == CARE_MEDICINE_STOPPED || fact->side.state == CARE_MEDICINE_NOT_TAKEN ||
         fact->side.state == CARE_MEDICINE_COMPLETED;
}

/* The newest word of a source that has nothing current on this medicine: it may contradict. */
static gboolean
is_last_word (GPtrArray *facts, const CareMedicineFact *fact)
{
  if (!is_over (fact))
    return FALSE;
  for (guint i = 0; i < facts->len; i++)
    {
      const CareMedicineFact *other = facts->pdata[i];

      if (other == fact || !g_str_equal (other->bucket, fact->bucket))
        continue;
      if (care_medicine_state_is_current (other->side.state) ||
          (is_over (other) && other->sort > fact->sort) ||
          (is_over (other) && other->sort == fact->sort && other < fact))
        return FALSE;
    }
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
      gboolean joins = current && (care_medicine_state_is_current (fact->side.state) ||
                                   is_last_word (facts, fact));

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
 * not dropped either. */
static void
add_supplied (CareMedicineReader *reader, GPtrArray *dispenses, GListStore *rows)
{
  while (dispenses->len > 0)
    {
      FhirResource *dispense = dispenses->pdata[dispenses->len - 1];
      CareMedicineFact *fact = care_medicine_read (reader, dispense);
      GPtrArray *facts = facts_new ();

      if (fact->side.state != CARE_MEDICINE_WITHHELD)
        fact->side.state = CARE_MEDICINE_SUPPLIED;
      g_ptr_array_add (facts, fact);
      /* only those of the same medicine without a prescription go with it; this one always does */
      if (fhir_resource_path (dispense, "authorizingPrescription") ||
          fact->side.state == CARE_MEDICINE_WITHHELD)
        {
          g_autoptr (GPtrArray) own =
              g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
          g_autoptr (CareMedicine) row = NULL;

          g_ptr_array_add (own, g_ptr_array_steal_index (dispenses, dispenses->len - 1));
          row = care_medicine_new (facts, fact->side.state == CARE_MEDICINE_WITHHELD
                                              ? NULL
                                              : care_medicine_supply_of (reader, facts, own));
          g_list_store_append (rows, row);
        }
      else
        add_row (reader, facts, dispenses, rows);
    }
}

/**
 * care_medicine_join:
 * @facts: (element-type CareMedicineFact): are taken out of it
 * @dispenses: (element-type FhirResource): are taken out of it
 */
void
care_medicine_join (CareMedicineReader *reader,
                    GPtrArray *facts,
                    GPtrArray *dispenses,
                    GListStore *rows)
{
  g_autoptr (GHashTable) medicines = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

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
    join_medicine (reader, order->pdata[i], dispenses, rows);
  add_supplied (reader, dispenses, rows);
}
