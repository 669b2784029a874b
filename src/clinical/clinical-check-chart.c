/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "clinical-check-private.h"
#include "clinical-timing.h"

/* Allergies by substance, class and side chain; duplicates by ingredient and by class. */

/* So soon the old one stops in a change-over. Source: unverified. */
#define CHANGE_OVER_DAYS 14

/* ---- allergies ------------------------------------------------------------------------------ */

static char *
allergy_words (const ClinicalChartItem *allergy)
{
  return allergy->reaction ? g_strdup_printf ("%s — %s", allergy->text, allergy->reaction)
                           : g_strdup (allergy->text);
}

static char *
capital (const char *text)
{
  char buffer[8] = { 0 };

  g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (text)), buffer);
  return *text ? g_strconcat (buffer, g_utf8_next_char (text), NULL) : g_strdup ("");
}

static ClinicalFinding *
add_answer (ClinicalCheck *self,
            const char *kind,
            ClinicalAnswer answer,
            const char *severity,
            const char *evidence,
            const char *scope,
            char *sentence)
{
  ClinicalFinding *finding = clinical_finding_new (kind, answer, severity, evidence);

  finding->sentence = sentence;
  finding->scope = g_strdup (scope);
  finding->version = g_strdup (self->date);
  finding->order = self->at;
  g_ptr_array_add (self->findings, finding);
  return finding;
}

static void
add_allergy (ClinicalCheck *self,
             const ClinicalIngredient *drug,
             const ClinicalChartItem *allergy,
             const ClinicalAllergyMatch *match,
             const char *scope)
{
  gboolean raise = allergy->severe && !match->same && g_strcmp0 (match->severity, "moderate") == 0;
  g_autofree char *words = allergy_words (allergy), *name = capital (drug->name);
  char *sentence =
      match->same ? g_strdup_printf (_ ("Allergy recorded to %s itself: %s."), drug->name, words)
      : match->unverified ? g_strdup_printf (_ ("%s belongs to the %s. Allergy recorded: %s. The "
                                                "grouping is not verified from a source."),
                                             name, match->label, words)
                          : g_strdup_printf (_ ("%s belongs to the %s. Allergy recorded: %s."),
                                             name, match->label, words);
  ClinicalFinding *finding =
      add_answer (self, "allergy", CLINICAL_FOUND, raise ? "high" : match->severity,
                  allergy->reference, scope, sentence);

  finding->source = g_strdup (match->same         ? NULL
                              : match->unverified ? "unverified"
                                                  : match->source);
  clinical_finding_add_subject (finding, drug->name);
  clinical_check_add_fact (finding, words);
}

static gboolean
add_allergies (ClinicalCheck *self, const ClinicalAllergy *allergy, const char *scope)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  gboolean found = FALSE;

  for (guint i = 0; i < drug->profiles->len; i++)
    {
      const ClinicalProfile *profile = drug->profiles->pdata[i];
      const ClinicalAllergyMatch *match = clinical_allergy_meets (allergy, profile->ingredient);

      if (match)
        add_allergy (self, profile->ingredient, allergy->item, match, scope);
      found = found || match;
    }
  return found;
}

static char *
allergy_scope (ClinicalCheck *self, guint covered, guint all)
{
  return g_strdup_printf (
      ngettext ("Bedside's ingredient check of %s, covering %u of %u recorded allergy",
                "Bedside's ingredient check of %s, covering %u of %u recorded allergies", all),
      self->date, covered, all);
}

static char *
medicine_scope (ClinicalCheck *self, guint covered, guint all)
{
  return g_strdup_printf (
      ngettext ("Bedside's ingredient check of %s, covering %u of %u active medicine",
                "Bedside's ingredient check of %s, covering %u of %u active medicines", all),
      self->date, covered, all);
}

/* Closes a check: the answer where nothing was found, and by name what was not covered. */
static void
conclude (ClinicalCheck *self,
          const char *kind,
          gboolean found,
          guint covered,
          GPtrArray *uncovered,
          const char *evidence,
          const char *scope)
{
  const char *title = clinical_check_title (kind);

  if (!found && covered > 0)
    add_answer (self, kind, CLINICAL_NOT_FOUND, NULL, NULL, scope,
                g_strdup_printf (_ ("%s: no match in %s."), title, scope));
  if (uncovered->len > 0)
    {
      g_autofree char *names = clinical_text_join (uncovered);
      ClinicalFinding *finding = add_answer (
          self, kind, CLINICAL_NOT_CHECKED, NULL, evidence, scope,
          g_strdup_printf (
              _ ("%s: not checked against %s, which Bedside cannot match to an ingredient."), title,
              names));

      finding->why = g_strdup ("no match to an ingredient");
      for (guint i = 0; i < uncovered->len; i++)
        clinical_finding_add_subject (finding, uncovered->pdata[i]);
    }
}

static void
nothing_to_compare (
    ClinicalCheck *self, const char *kind, const char *why, const char *scope, char *sentence)
{
  ClinicalFinding *finding =
      add_answer (self, kind, CLINICAL_NOT_CHECKED, NULL, NULL, scope, sentence);

  finding->why = g_strdup (why);
  clinical_finding_add_subject (finding, clinical_check_drug (self)->order->name);
}

static void
no_allergies (ClinicalCheck *self, guint all, const char *scope)
{
  if (all > 0)
    nothing_to_compare (
        self, "allergy", "ingredients not known", scope,
        g_strdup_printf (_ ("Allergies: not checked. The ingredients of %s are not known."),
                         clinical_check_drug (self)->order->name));
  else if (self->patient->allergies_recorded)
    nothing_to_compare (
        self, "allergy", "none known", scope,
        g_strdup (_ ("Allergies: nothing to compare with. The chart says that none is known.")));
  else
    nothing_to_compare (
        self, "allergy", "not recorded", scope,
        g_strdup (_ ("Allergies: not checked. The chart does not say whether there are any.")));
}

/* Source of the classes: data/content/allergy-classes.tsv. */
void
clinical_check_do_allergies (ClinicalCheck *self)
{
  GPtrArray *allergies = self->patient->allergies;
  g_autoptr (GPtrArray) uncovered = g_ptr_array_new ();
  g_autofree char *scope = NULL;
  const char *evidence = NULL;
  gboolean found = FALSE;
  guint all = 0;

  for (guint i = 0; i < allergies->len; i++)
    {
      const ClinicalAllergy *allergy = allergies->pdata[i];

      if (allergy->item->none_known)
        continue;
      all++;
      if (allergy->resolved)
        continue;
      evidence = evidence ? evidence : allergy->item->reference;
      g_ptr_array_add (uncovered, allergy->item->text);
    }
  if (all == 0 || clinical_check_drug (self)->profiles->len == 0)
    {
      scope = allergy_scope (self, 0, all);
      no_allergies (self, all, scope);
      return;
    }
  scope = allergy_scope (self, all - uncovered->len, all);
  for (guint i = 0; i < allergies->len; i++)
    if (!((ClinicalAllergy *) allergies->pdata[i])->item->none_known &&
        add_allergies (self, allergies->pdata[i], scope))
      found = TRUE;
  conclude (self, "allergy", found, all - uncovered->len, uncovered, evidence, scope);
}

/* ---- duplicates ----------------------------------------------------------------------------- */

static const ClinicalIngredient *
shared_ingredient (const ClinicalDrug *one, const ClinicalDrug *other)
{
  for (guint i = 0; i < one->profiles->len; i++)
    for (guint j = 0; j < other->profiles->len; j++)
      if (one->profiles->pdata[i] == other->profiles->pdata[j] ||
          clinical_ingredient_is_same (((ClinicalProfile *) one->profiles->pdata[i])->ingredient,
                                       ((ClinicalProfile *) other->profiles->pdata[j])->ingredient))
        return ((ClinicalProfile *) one->profiles->pdata[i])->ingredient;
  return NULL;
}

static void
add_duplicate (ClinicalCheck *self,
               const ClinicalIngredient *ingredient,
               const ClinicalOrder *other,
               const char *scope)
{
  ClinicalFinding *finding =
      add_answer (self, "duplicate", CLINICAL_FOUND, "moderate", other->reference, scope,
                  g_strdup_printf (_ ("Already prescribed with %s: %s."), ingredient->name,
                                   other->name));

  clinical_finding_add_subject (finding, ingredient->name);
  finding->facts = clinical_order_dup_dose (clinical_check_drug (self)->order);
}

/* One is to stop soon, and the other takes its place: not one that stops in two years, and not one
 * whose day is over while the chart still has it as taken. */
static gboolean
is_change_over (ClinicalCheck *self, const ClinicalOrder *other)
{
  int days = clinical_days_between (self->today, other->ends);

  return days >= 0 && days <= CHANGE_OVER_DAYS;
}

/* A planned change-over with a stop date is no duplicate, and is named all the same. */
static void
say_change_over (ClinicalCheck *self,
                 const char *what,
                 const ClinicalOrder *other,
                 const char *scope)
{
  add_answer (self, "duplicate", CLINICAL_NOT_FOUND, NULL, other->reference, scope,
              g_strdup_printf (_ ("Duplicates: %s has the same in it (%s) and is planned to stop "
                                  "on %s, within %d days, which is a change-over in %s."),
                               other->name, what, other->ends, CHANGE_OVER_DAYS, scope));
}

static const ClinicalRow *
row_of_class (const ClinicalProfile *profile, const char *name)
{
  for (guint i = 0; i < profile->duplicates->len; i++)
    {
      const ClinicalRow *row = profile->duplicates->pdata[i];

      if (row->texts[CLINICAL_COLUMN_CLASS] == name)
        return row;
    }
  return NULL;
}

/* Adds the ingredients of a drug that are in the class, each once. */
static gboolean
collect_class (const ClinicalDrug *drug, const char *name, GPtrArray *members)
{
  gboolean found = FALSE;

  for (guint i = 0; i < drug->profiles->len; i++)
    {
      const ClinicalProfile *profile = drug->profiles->pdata[i];

      if (!row_of_class (profile, name))
        continue;
      found = TRUE;
      if (!g_ptr_array_find (members, profile->ingredient->name, NULL))
        g_ptr_array_add (members, profile->ingredient->name);
    }
  return found;
}

/* The class of @row: whether more substances of it go together than the table allows. */
static gboolean
check_class (ClinicalCheck *self, const ClinicalRow *row, GPtrArray *others, const char *scope)
{
  const char *name = row->texts[CLINICAL_COLUMN_CLASS];
  double allowed = row->numbers[CLINICAL_COLUMN_ALLOWED];
  g_autoptr (GPtrArray) members = g_ptr_array_new (), medicines = g_ptr_array_new ();
  g_autofree char *names = NULL;
  const char *evidence = NULL;
  ClinicalFinding *finding;

  collect_class (clinical_check_drug (self), name, members);
  for (guint i = 0; i < others->len; i++)
    {
      const ClinicalDrug *other = others->pdata[i];
      g_autoptr (GPtrArray) ending = g_ptr_array_new ();

      /* what acts on the skin is none beside what acts in the whole body */
      if (other->is_systemic != clinical_check_drug (self)->is_systemic)
        continue;
      if (is_change_over (self, other->order) && collect_class (other, name, ending))
        say_change_over (self, row->texts[CLINICAL_COLUMN_LABEL], other->order, scope);
      else if (!is_change_over (self, other->order) && collect_class (other, name, members))
        {
          evidence = evidence ? evidence : other->order->reference;
          g_ptr_array_add (medicines, other->order->name);
        }
    }
  if (medicines->len == 0 || members->len <= (allowed >= 1 ? allowed : 1))
    return FALSE;
  names = clinical_text_join (medicines);
  finding =
      clinical_check_found (self, "duplicate", "moderate", row, evidence,
                            g_strdup_printf (_ ("Already prescribed from the same class (%s): %s."),
                                             row->texts[CLINICAL_COLUMN_LABEL], names));
  g_set_str (&finding->rule, name);
  for (guint i = 0; i < members->len; i++)
    clinical_finding_add_subject (finding, members->pdata[i]);
  return TRUE;
}

static gboolean
check_classes (ClinicalCheck *self, GPtrArray *others, const char *scope)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  gboolean found = FALSE;

  for (guint i = 0; i < drug->profiles->len; i++)
    {
      const ClinicalProfile *profile = drug->profiles->pdata[i];

      for (guint j = 0; j < profile->duplicates->len; j++)
        if (check_class (self, profile->duplicates->pdata[j], others, scope))
          found = TRUE;
    }
  return found;
}

/* @other: a medicine of the chart, or an order before this one */
static gboolean
check_same (ClinicalCheck *self, const ClinicalDrug *other, const char *scope)
{
  const ClinicalDrug *drug = clinical_check_drug (self);
  const ClinicalIngredient *same = shared_ingredient (drug, other);

  if (!same || drug->is_systemic != other->is_systemic)
    return FALSE;
  if (is_change_over (self, other->order))
    {
      say_change_over (self, same->name, other->order, scope);
      return FALSE;
    }
  add_duplicate (self, same, other->order, scope);
  return TRUE;
}

static GPtrArray *
dup_others (ClinicalCheck *self)
{
  GPtrArray *others = g_ptr_array_sized_new (self->medicines->len + self->at);

  for (guint i = 0; i < self->medicines->len; i++)
    g_ptr_array_add (others, self->medicines->pdata[i]);
  for (guint i = 0; i < self->at; i++)
    g_ptr_array_add (others, self->orders->pdata[i]);
  return others;
}

/* Source of the classes: data/content/duplicate-classes.tsv. */
void
clinical_check_do_duplicates (ClinicalCheck *self)
{
  g_autoptr (GPtrArray) others = dup_others (self), uncovered = g_ptr_array_new ();
  g_autofree char *scope = NULL;
  const char *evidence = NULL;
  gboolean found = FALSE;

  for (guint i = 0; i < others->len; i++)
    {
      const ClinicalDrug *other = others->pdata[i];

      if (other->profiles->len > 0)
        continue;
      evidence = evidence ? evidence : other->order->reference;
      g_ptr_array_add (uncovered, other->order->name);
    }
  scope =
      medicine_scope (self,
                      clinical_check_drug (self)->profiles->len > 0 ? others->len - uncovered->len
                                                                    : 0,
                      others->len);
  if (others->len == 0)
    nothing_to_compare (self, "duplicate", "no medicines", scope,
                        g_strdup (_ ("Duplicates: nothing to compare with. The chart lists no "
                                     "active medicine.")));
  else if (clinical_check_drug (self)->profiles->len == 0)
    nothing_to_compare (
        self, "duplicate", "ingredients not known", scope,
        g_strdup_printf (_ ("Duplicates: not checked. The ingredients of %s are not known."),
                         clinical_check_drug (self)->order->name));
  else
    {
      for (guint i = 0; i < others->len; i++)
        if (check_same (self, others->pdata[i], scope))
          found = TRUE;
      if (check_classes (self, others, scope))
        found = TRUE;
      conclude (self, "duplicate", found, others->len - uncovered->len, uncovered, evidence, scope);
    }
}
