/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-check.h"

#include <glib/gi18n.h>

#include "clinical-timing.h"

#include <string.h>

/* Allergy and duplicate checks by ingredient. Every check answers at least once, and every answer
 * carries what it covered: a check that did not run never looks like a check that found nothing. */

#define RXNORM     "http://www.nlm.nih.gov/research/umls/rxnorm"
#define UNVERIFIED "unverified"

/* What a chart item turned out to be, as far as the content knows. */
typedef struct
{
  GPtrArray *ingredients; /* ClinicalIngredient */
  GPtrArray *rows;        /* ClinicalClassRow that name its class; borrowed */
} Resolved;

static void
resolved_free (Resolved *self)
{
  g_ptr_array_unref (self->ingredients);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Resolved, resolved_free)

ClinicalChartItem *
clinical_chart_item_new (const char *reference, const char *text)
{
  ClinicalChartItem *self = g_new0 (ClinicalChartItem, 1);

  self->reference = g_strdup (reference);
  self->text = g_strdup (text && *text ? text : "an entry without a name");
  self->systems = g_ptr_array_new_with_free_func (g_free);
  self->codes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
clinical_chart_item_add_code (ClinicalChartItem *self, const char *system, const char *code)
{
  g_ptr_array_add (self->systems, g_strdup (system ? system : ""));
  g_ptr_array_add (self->codes, g_strdup (code ? code : ""));
}

void
clinical_chart_item_free (ClinicalChartItem *self)
{
  g_free (self->reference);
  g_free (self->text);
  g_ptr_array_unref (self->systems);
  g_ptr_array_unref (self->codes);
  g_free (self->reaction);
  g_free (self->ends);
  g_free (self);
}

static gboolean
is_word_end (const char *at)
{
  return !*at || !g_unichar_isalnum (g_utf8_get_char (at));
}

/* Whether the words of @term stand in @folded, whole. */
static gboolean
has_term (const char *folded, const char *term)
{
  for (const char *at = strstr (folded, term); at; at = strstr (at + 1, term))
    if ((at == folded || is_word_end (g_utf8_find_prev_char (folded, at))) &&
        is_word_end (at + strlen (term)))
      return TRUE;
  return FALSE;
}

static gboolean
row_names_item (const ClinicalClassRow *row, const ClinicalChartItem *item, const char *folded)
{
  if (g_str_equal (row->kind, "term"))
    return has_term (folded, row->value);
  for (guint i = 0; g_str_equal (row->kind, "code") && i < item->codes->len; i++)
    if (g_strcmp0 (row->system, item->systems->pdata[i]) == 0 &&
        g_str_equal (row->value, item->codes->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Codes and text are both read: one that says less than the other must not hide it. */
static Resolved *
resolve (ClinicalContent *content, const ClinicalChartItem *item, gboolean with_classes)
{
  Resolved *self = g_new0 (Resolved, 1);
  g_autofree char *folded = g_utf8_casefold (item->text, -1);
  GPtrArray *rows = clinical_content_get_class_rows (content);
  g_autoptr (GPtrArray) named = clinical_content_ingredients_in_text (content, item->text);

  self->ingredients = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
  self->rows = g_ptr_array_new ();
  for (guint i = 0; i < item->codes->len; i++)
    if (g_str_equal (item->systems->pdata[i], RXNORM))
      {
        g_autoptr (GPtrArray) coded =
            clinical_content_ingredients_of_drug (content, item->codes->pdata[i]);

        if (coded)
          g_ptr_array_extend_and_steal (self->ingredients, g_steal_pointer (&coded));
      }
  g_ptr_array_extend_and_steal (self->ingredients, g_steal_pointer (&named));
  for (guint i = 0; with_classes && i < rows->len; i++)
    if (row_names_item (rows->pdata[i], item, folded))
      g_ptr_array_add (self->rows, rows->pdata[i]);
  return self;
}

static const ClinicalClassRow *
member_row (GPtrArray *rows, const char *group, const ClinicalIngredient *ingredient)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const ClinicalClassRow *row = rows->pdata[i];

      if (g_str_equal (row->kind, "ingredient") && g_str_equal (row->group, group) &&
          ((ingredient->code && g_str_equal (row->value, ingredient->code)) ||
           g_ascii_strcasecmp (row->name, ingredient->name) == 0))
        return row;
    }
  return NULL;
}

/* A reason why a drug's ingredient meets an allergy. */
typedef struct
{
  const char *severity, *label;
  gboolean same, named,
      unverified; /* the same substance; the class itself was named on the chart */
} Match;

static int
grade (const char *severity)
{
  return g_strcmp0 (severity, "high") == 0       ? 3
         : g_strcmp0 (severity, "moderate") == 0 ? 2
         : severity                              ? 1
                                                 : 0;
}

static void
keep_stronger (Match *best, const Match *match)
{
  if (grade (match->severity) > grade (best->severity) ||
      (grade (match->severity) == grade (best->severity) && best->unverified && !match->unverified))
    *best = *match;
}

/* @group is one the allergy belongs to; does the drug belong to it, or to one it crosses to? */
static void
match_group (GPtrArray *rows,
             const char *group,
             gboolean named,
             gboolean unverified,
             const ClinicalIngredient *drug,
             Match *best)
{
  const ClinicalClassRow *member = member_row (rows, group, drug);

  if (member)
    keep_stronger (best, &(Match) { .severity = member->severity,
                                    .label = member->label,
                                    .named = named,
                                    .unverified =
                                        unverified || g_str_equal (member->source, UNVERIFIED) });
  for (guint i = 0; i < rows->len; i++)
    {
      const ClinicalClassRow *row = rows->pdata[i];
      const ClinicalClassRow *crossed;

      if (!g_str_equal (row->kind, "crosses") || !g_str_equal (row->group, group))
        continue;
      crossed = member_row (rows, row->value, drug);
      if (crossed)
        keep_stronger (best, &(Match) { .severity = crossed->severity,
                                        .label = crossed->label,
                                        .unverified = unverified ||
                                                      g_str_equal (crossed->source, UNVERIFIED) });
    }
}

static Match
match_allergy (GPtrArray *rows, const Resolved *allergy, const ClinicalIngredient *drug)
{
  Match best = { 0 };

  for (guint i = 0; i < allergy->ingredients->len; i++)
    if (clinical_ingredient_is_same (allergy->ingredients->pdata[i], drug))
      return (Match) { .severity = "high", .same = TRUE };
  for (guint i = 0; i < allergy->rows->len; i++)
    match_group (rows, ((ClinicalClassRow *) allergy->rows->pdata[i])->group, TRUE, FALSE, drug,
                 &best);
  for (guint i = 0; i < allergy->ingredients->len; i++)
    for (guint j = 0; j < rows->len; j++)
      {
        const ClinicalClassRow *row = rows->pdata[j];

        if (g_str_equal (row->kind, "ingredient") &&
            member_row (rows, row->group, allergy->ingredients->pdata[i]) == row)
          match_group (rows, row->group, FALSE, g_str_equal (row->source, UNVERIFIED), drug, &best);
      }
  return best;
}

static char *
allergy_words (const ClinicalChartItem *allergy)
{
  return allergy->reaction ? g_strdup_printf ("%s — %s", allergy->text, allergy->reaction)
                           : g_strdup (allergy->text);
}

static char *
capital (const char *text)
{
  gunichar first = g_utf8_get_char (text);
  g_autofree char *head = NULL;
  char buffer[8] = { 0 };

  g_unichar_to_utf8 (g_unichar_toupper (first), buffer);
  head = g_strdup (buffer);
  return g_strconcat (head, g_utf8_next_char (text), NULL);
}

static ClinicalFinding *
found_allergy (const ClinicalIngredient *drug, const ClinicalChartItem *allergy, const Match *match)
{
  gboolean raise = allergy->severe && !match->same && grade (match->severity) == 2;
  ClinicalFinding *finding =
      clinical_finding_new ("allergy", CLINICAL_FOUND, raise ? "high" : match->severity,
                            allergy->reference);
  g_autofree char *words = allergy_words (allergy);
  g_autofree char *name = capital (drug->name);

  if (match->same)
    finding->sentence =
        g_strdup_printf (_ ("Allergy recorded to %s itself: %s."), drug->name, words);
  else
    finding->sentence =
        g_strdup_printf (_ ("%s belongs to the %s. Allergy recorded: %s.%s"), name, match->label,
                         words,
                         match->unverified ? _ (" The grouping is not verified from a source.")
                                           : "");
  return finding;
}

static char *
names_of (GPtrArray *items)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (names, ((ClinicalChartItem *) items->pdata[i])->text);
  return clinical_text_join (names);
}

static char *
scope_of (ClinicalContent *content, guint covered, guint all, gboolean allergies)
{
  g_autofree char *date = clinical_content_dup_date (content);

  return g_strdup_printf (
      allergies
          ? ngettext ("Bedside's ingredient check of %s, covering %u of %u recorded allergy",
                      "Bedside's ingredient check of %s, covering %u of %u recorded allergies", all)
          : ngettext ("Bedside's ingredient check of %s, covering %u of %u active medicine",
                      "Bedside's ingredient check of %s, covering %u of %u active medicines", all),
      date, covered, all);
}

static ClinicalFinding *
not_checked (const char *check, const char *scope, const char *evidence, const char *format, ...)
{
  ClinicalFinding *finding = clinical_finding_new (check, CLINICAL_NOT_CHECKED, NULL, evidence);
  va_list args;

  va_start (args, format);
  finding->sentence = g_strdup_vprintf (format, args);
  va_end (args);
  finding->scope = g_strdup (scope);
  return finding;
}

/* Closes a check: the answer where nothing was found, and by name what was not covered. */
static void
conclude (GPtrArray *findings,
          const char *check,
          const char *title,
          guint covered,
          guint all,
          GPtrArray *uncovered,
          const char *scope)
{
  g_autofree char *names = names_of (uncovered);
  const char *evidence =
      uncovered->len ? ((ClinicalChartItem *) uncovered->pdata[0])->reference : NULL;

  for (guint i = 0; i < findings->len; i++)
    ((ClinicalFinding *) findings->pdata[i])->scope = g_strdup (scope);
  if (findings->len == 0 && covered > 0)
    {
      ClinicalFinding *finding = clinical_finding_new (check, CLINICAL_NOT_FOUND, NULL, NULL);

      finding->sentence = g_strdup_printf (_ ("%s: no match in %s."), title, scope);
      finding->scope = g_strdup (scope);
      g_ptr_array_add (findings, finding);
    }
  if (uncovered->len > 0)
    g_ptr_array_add (
        findings,
        not_checked (check, scope, evidence,
                     _ ("%s: not checked against %s, which Bedside cannot match to an ingredient."),
                     title, names));
}

static GPtrArray *
findings_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_finding_free);
}

/**
 * clinical_check_allergies:
 * @content: the clinical content
 * @drug_name: the drug as shown
 * @ingredients: (nullable) (element-type ClinicalIngredient): what is in it; NULL where unknown
 * @allergies: (element-type ClinicalChartItem): those on the chart, an entry "none known" included
 * @recorded: whether the chart says anything about allergies at all
 *
 * Compares by substance and by class. Source of the classes: data/content/allergy-classes.tsv.
 *
 * Returns: (transfer full) (element-type ClinicalFinding): at least one
 */
GPtrArray *
clinical_check_allergies (ClinicalContent *content,
                          const char *drug_name,
                          GPtrArray *ingredients,
                          GPtrArray *allergies,
                          gboolean recorded)
{
  GPtrArray *findings = findings_new ();
  GPtrArray *rows = clinical_content_get_class_rows (content);
  g_autoptr (GPtrArray) uncovered = g_ptr_array_new ();
  g_autofree char *scope = NULL;
  guint all = 0, covered = 0;

  for (guint i = 0; i < allergies->len; i++)
    all += ((ClinicalChartItem *) allergies->pdata[i])->none_known ? 0 : 1;
  if (!ingredients || ingredients->len == 0 || all == 0)
    {
      scope = scope_of (content, 0, all, TRUE);
      g_ptr_array_add (
          findings,
          all > 0 ? not_checked ("allergy", scope, NULL,
                                 _ ("Allergies: not checked. The ingredients of %s are not known."),
                                 drug_name)
          : recorded
              ? not_checked (
                    "allergy", scope, NULL,
                    _ ("Allergies: nothing to compare with. The chart says that none is known."))
              : not_checked (
                    "allergy", scope, NULL,
                    _ ("Allergies: not checked. The chart does not say whether there are any.")));
      return findings;
    }
  for (guint i = 0; i < allergies->len; i++)
    {
      ClinicalChartItem *allergy = allergies->pdata[i];
      g_autoptr (Resolved) resolved = NULL;

      if (allergy->none_known)
        continue;
      resolved = resolve (content, allergy, TRUE);
      if (resolved->ingredients->len == 0 && resolved->rows->len == 0)
        {
          g_ptr_array_add (uncovered, allergy);
          continue;
        }
      covered++;
      for (guint j = 0; j < ingredients->len; j++)
        {
          Match match = match_allergy (rows, resolved, ingredients->pdata[j]);

          if (match.severity)
            g_ptr_array_add (findings, found_allergy (ingredients->pdata[j], allergy, &match));
        }
    }
  scope = scope_of (content, covered, all, TRUE);
  conclude (findings, "allergy", _ ("Allergies"), covered, all, uncovered, scope);
  return findings;
}

static ClinicalFinding *
found_duplicate (const ClinicalIngredient *ingredient, const ClinicalChartItem *medicine)
{
  ClinicalFinding *finding =
      clinical_finding_new ("duplicate", CLINICAL_FOUND, medicine->ends ? "low" : "moderate",
                            medicine->reference);

  finding->sentence =
      medicine->ends
          ? g_strdup_printf (_ ("Already prescribed with %s: %s, planned to stop on %s."),
                             ingredient->name, medicine->text, medicine->ends)
          : g_strdup_printf (_ ("Already prescribed with %s: %s."), ingredient->name,
                             medicine->text);
  return finding;
}

/**
 * clinical_check_duplicates:
 * @content: the clinical content
 * @drug_name: the drug as shown
 * @ingredients: (nullable) (element-type ClinicalIngredient): what is in it; NULL where unknown
 * @medicines: (element-type ClinicalChartItem): the active medicines on the chart
 *
 * Returns: (transfer full) (element-type ClinicalFinding): at least one
 */
GPtrArray *
clinical_check_duplicates (ClinicalContent *content,
                           const char *drug_name,
                           GPtrArray *ingredients,
                           GPtrArray *medicines)
{
  GPtrArray *findings = findings_new ();
  g_autoptr (GPtrArray) uncovered = g_ptr_array_new ();
  g_autofree char *scope = NULL;
  guint covered = 0;

  if (!ingredients || ingredients->len == 0 || medicines->len == 0)
    {
      scope = scope_of (content, 0, medicines->len, FALSE);
      g_ptr_array_add (
          findings,
          medicines->len > 0
              ? not_checked ("duplicate", scope, NULL,
                             _ ("Duplicates: not checked. The ingredients of %s are not known."),
                             drug_name)
              : not_checked ("duplicate", scope, NULL,
                             _ ("Duplicates: nothing to compare with. The chart lists no active "
                                "medicine.")));
      return findings;
    }
  for (guint i = 0; i < medicines->len; i++)
    {
      g_autoptr (Resolved) resolved = resolve (content, medicines->pdata[i], FALSE);
      const ClinicalIngredient *same = NULL;

      if (resolved->ingredients->len == 0)
        g_ptr_array_add (uncovered, medicines->pdata[i]);
      else
        covered++;
      for (guint j = 0; j < resolved->ingredients->len && !same; j++)
        for (guint k = 0; k < ingredients->len && !same; k++)
          if (clinical_ingredient_is_same (resolved->ingredients->pdata[j], ingredients->pdata[k]))
            same = ingredients->pdata[k];
      if (same)
        g_ptr_array_add (findings, found_duplicate (same, medicines->pdata[i]));
    }
  scope = scope_of (content, covered, medicines->len, FALSE);
  conclude (findings, "duplicate", _ ("Duplicates"), covered, medicines->len, uncovered, scope);
  return findings;
}

/**
 * clinical_check_interactions:
 *
 * Returns: (transfer full) (element-type ClinicalFinding): that this was not checked, and why
 */
GPtrArray *
clinical_check_interactions (void)
{
  GPtrArray *findings = findings_new ();

  g_ptr_array_add (
      findings,
      not_checked ("interaction", _ ("Bedside has no interaction content yet"), NULL,
                   _ ("Interactions: not checked. Bedside has no interaction content yet.")));
  return findings;
}

/**
 * clinical_check_all:
 *
 * The three checks in the order in which they are read: allergies, duplicates, interactions; within
 * a check what was found comes first.
 *
 * Returns: (transfer full) (element-type ClinicalFinding)
 */
GPtrArray *
clinical_check_all (ClinicalContent *content,
                    const char *drug_name,
                    GPtrArray *ingredients,
                    GPtrArray *allergies,
                    GPtrArray *medicines)
{
  GPtrArray *all =
      clinical_check_allergies (content, drug_name, ingredients, allergies, allergies->len > 0);

  g_ptr_array_extend_and_steal (all, clinical_check_duplicates (content, drug_name, ingredients,
                                                                medicines));
  g_ptr_array_extend_and_steal (all, clinical_check_interactions ());
  return all;
}
