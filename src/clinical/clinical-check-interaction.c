/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "clinical-check-private.h"
#include "clinical-timing.h"

/* Drug against drug: an order against the chart and against the orders before it. */

static const ClinicalRow *
row_at (ClinicalCheck *self, guint index)
{
  return clinical_rules_get_rows (self->rules, CLINICAL_TABLE_INTERACTIONS)->pdata[index];
}

static char *
found_words (const ClinicalRow *row, const char *one, const char *other)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, _ ("%s together with %s: %s"), one, other,
                   row->texts[CLINICAL_COLUMN_CONSEQUENCE]);
  if (row->texts[CLINICAL_COLUMN_ACTION])
    g_string_append_printf (text, " %s", row->texts[CLINICAL_COLUMN_ACTION]);
  if (row->texts[CLINICAL_COLUMN_UNLESS])
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _ ("Less serious if the chart has: %s."),
                              row->texts[CLINICAL_COLUMN_UNLESS]);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
add_interaction (ClinicalCheck *self,
                 guint index,
                 const ClinicalProfile *own,
                 const ClinicalProfile *theirs,
                 const ClinicalDrug *other)
{
  const ClinicalRow *row = row_at (self, index);
  const char *name = own->ingredient->name, *their_name = theirs->ingredient->name;
  g_autofree char *dose = clinical_order_dup_dose (other->order);
  ClinicalFinding *finding =
      clinical_check_found (self, "interaction", row->texts[CLINICAL_COLUMN_SEVERITY], row,
                            other->order->reference, found_words (row, name, their_name));

  clinical_finding_add_subject (finding, name);
  clinical_finding_add_subject (finding, their_name);
  clinical_check_add_fact (finding, dose);
}

/* @seen: rows that were found already between these two drugs */
static void
compare (ClinicalCheck *self,
         const ClinicalProfile *own,
         const ClinicalProfile *theirs,
         const ClinicalDrug *other,
         ClinicalRowSet *seen)
{
  if (own == theirs)
    return;
  for (guint side = 0; side < 2; side++)
    clinical_row_set_foreach (row, side == 0 ? &own->a : &own->b,
                              side == 0 ? &theirs->b : &theirs->a)
    {
      if (row / 64 < seen->n_words && (seen->words[row / 64] >> (row % 64) & 1))
        continue;
      clinical_row_set_add (seen, row);
      add_interaction (self, row, own, theirs, other);
    }
}

static guint
compare_drugs (ClinicalCheck *self, const ClinicalDrug *drug, const ClinicalDrug *other)
{
  guint before = self->findings->len;
  g_auto (ClinicalRowSet) seen = { 0 };

  for (guint i = 0; i < drug->profiles->len; i++)
    for (guint j = 0; j < other->profiles->len; j++)
      compare (self, drug->profiles->pdata[i], other->profiles->pdata[j], other, &seen);
  return self->findings->len - before;
}

/* Whether the list has the drug at all. */
static gboolean
is_listed (const ClinicalDrug *drug)
{
  for (guint i = 0; i < drug->profiles->len; i++)
    {
      const ClinicalProfile *profile = drug->profiles->pdata[i];

      if (!clinical_row_set_is_empty (&profile->a) || !clinical_row_set_is_empty (&profile->b))
        return TRUE;
    }
  return FALSE;
}

/* What the formulary has no code for could stand in the list under another name. */
static void
name_uncoded (ClinicalCheck *self, const ClinicalDrug *drug)
{
  for (guint i = 0; i < drug->profiles->len; i++)
    {
      const ClinicalIngredient *one = ((ClinicalProfile *) drug->profiles->pdata[i])->ingredient;

      if (!one->code)
        clinical_check_not_checked (
            self, "interaction", CLINICAL_TABLE_INTERACTIONS, "no code in the formulary", one->name,
            g_strdup_printf (_ ("Interactions: not checked for %s, which has no code in the "
                                "formulary. Its name alone was compared."),
                             one->name));
    }
}

static void
name_unknown (ClinicalCheck *self, GPtrArray *unknown, const char *evidence)
{
  g_autofree char *names = unknown->len > 0 ? clinical_text_join (unknown) : NULL;
  ClinicalFinding *finding;

  if (!names)
    return;
  finding = clinical_check_not_checked (
      self, "interaction", CLINICAL_TABLE_INTERACTIONS, "no match to an ingredient",
      unknown->pdata[0],
      g_strdup_printf (
          _ ("Interactions: not checked against %s, which Bedside cannot match to an ingredient."),
          names));
  finding->evidence = g_strdup (evidence);
  for (guint i = 0; i < unknown->len; i++)
    clinical_finding_add_subject (finding, unknown->pdata[i]);
}

/* The answer where nothing was found says how many of the drugs the list has at all (hazard H4). */
static void
say_not_found (ClinicalCheck *self, guint listed, guint all)
{
  g_autofree char *scope = clinical_check_scope (self, CLINICAL_TABLE_INTERACTIONS);

  if (!is_listed (clinical_check_drug (self)))
    clinical_check_not_checked (
        self, "interaction", CLINICAL_TABLE_INTERACTIONS, "not in the list", NULL,
        g_strdup_printf (_ ("Interactions: not checked. %s stands in no pair of %s."),
                         clinical_check_drug (self)->order->name, scope));
  else
    clinical_check_not_found (
        self, "interaction", CLINICAL_TABLE_INTERACTIONS,
        g_strdup_printf (ngettext ("Interactions: no match in %s, which lists %u of your %u "
                                   "medicine and selected pairs only.",
                                   "Interactions: no match in %s, which lists %u of your %u "
                                   "medicines and selected pairs only.",
                                   all),
                         scope, listed, all));
}

/* Source of the pairs: data/content/interactions.tsv. */
void
clinical_check_do_interactions (ClinicalCheck *self)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  g_autoptr (GPtrArray) unknown = g_ptr_array_new ();
  const char *evidence = NULL;
  guint found = 0, listed = 0, all = self->medicines->len + self->at;

  if (!clinical_check_can (self, "interaction", CLINICAL_TABLE_INTERACTIONS))
    return;
  for (guint i = 0; i < all; i++)
    {
      const ClinicalDrug *other = i < self->medicines->len
                                      ? self->medicines->pdata[i]
                                      : self->orders->pdata[i - self->medicines->len];

      found += compare_drugs (self, drug, other);
      listed += is_listed (other) ? 1 : 0;
      if (other->profiles->len > 0)
        continue;
      evidence = evidence ? evidence : other->order->reference;
      g_ptr_array_add (unknown, other->order->name);
    }
  if (all == 0)
    clinical_check_not_checked (self, "interaction", CLINICAL_TABLE_INTERACTIONS, "no medicines",
                                NULL,
                                g_strdup (_ ("Interactions: nothing to compare with. The chart "
                                             "lists no active medicine.")));
  else if (found == 0)
    say_not_found (self, listed + (is_listed (drug) ? 1 : 0), all + 1);
  name_uncoded (self, drug);
  for (guint i = 0; i < all; i++)
    name_uncoded (self, i < self->medicines->len ? self->medicines->pdata[i]
                                                 : self->orders->pdata[i - self->medicines->len]);
  name_unknown (self, unknown, evidence);
}
