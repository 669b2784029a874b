/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-shorthand-private.h"

#include <glib/gi18n.h>

#include "clinical-abbreviation.h"
#include "clinical-timing.h"
#include "fhir-text.h"

#include <string.h>

/* A dosage in the first letters that people type, "1 t bd 7d", and in the English sentence that
 * Bedside itself writes. What can be meant in two ways is refused with the reason; what is not
 * understood is named and never dropped. Here are the tokens; clinical-shorthand-read has the parts
 * of speech. */

#define MAX_BYTES 500

static void
token_free (gpointer data)
{
  ClinicalToken *token = data;

  g_free (token->text);
  g_free (token);
}

void
clinical_shorthand_free (ClinicalShorthand *self)
{
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->notes);
  g_free (self->rest);
  g_free (self);
}

/* ---- tokens ---- */

static gboolean
is_letter (const char *c)
{
  return g_unichar_isalpha (g_utf8_get_char (c));
}

static gsize
number_end (const char *text, gsize at)
{
  while (g_ascii_isdigit (text[at]) ||
         ((text[at] == '.' || text[at] == ',') && g_ascii_isdigit (text[at + 1])))
    at++;
  return at;
}

/* "b.i.d." is one word; the point behind "tabs." is none of it. */
static gsize
word_end (const char *text, gsize at)
{
  while (text[at] && (is_letter (text + at) || text[at] == '\'' ||
                      (text[at] == '.' && text[at + 1] && is_letter (text + at + 1))))
    at = (gsize) (g_utf8_next_char (text + at) - text);
  return at;
}

static gboolean
is_dash (const char *text)
{
  return *text == '-' || g_str_has_prefix (text, "–") || g_str_has_prefix (text, "—");
}

static ClinicalToken *
add_token (ClinicalReading *self, ClinicalTokenKind kind, gsize start, gsize end)
{
  ClinicalToken *token = g_new0 (ClinicalToken, 1);
  g_autofree char *raw = g_strndup (self->source + start, end - start);
  g_auto (GStrv) pieces = NULL;

  token->kind = kind;
  token->start = start;
  token->end = end;
  token->text = g_utf8_strdown (raw, -1);
  if (kind == CLINICAL_TOKEN_WORD && strchr (token->text, '.'))
    {
      pieces = g_strsplit (token->text, ".", -1);
      g_free (token->text);
      token->text = g_strjoinv ("", pieces);
    }
  g_ptr_array_add (self->tokens, token);
  return token;
}

/* A dash between digits is "to"; one that stands alone parts the sentence. */
static void
add_dash (ClinicalReading *self, gsize at, gsize end)
{
  const char *text = self->source;
  gboolean between = at > 0 && g_ascii_isdigit (text[at - 1]) && g_ascii_isdigit (text[end]);
  gboolean alone = (at == 0 || text[at - 1] == ' ') && (text[end] == ' ' || text[end] == '\0');
  ClinicalToken *token = add_token (self,
                                    between ? CLINICAL_TOKEN_WORD
                                    : alone ? CLINICAL_TOKEN_BREAK
                                            : CLINICAL_TOKEN_OTHER,
                                    at, end);

  if (between)
    g_set_str (&token->text, "to");
}

static void
split_tokens (ClinicalReading *self)
{
  const char *text = self->source;
  gsize end;

  for (gsize at = 0; text[at]; at = end)
    {
      end = (gsize) (g_utf8_next_char (text + at) - text);
      if (text[at] == ' ')
        continue;
      if (g_ascii_isdigit (text[at]))
        add_token (self, CLINICAL_TOKEN_NUMBER, at, end = number_end (text, at));
      else if (is_letter (text + at))
        add_token (self, CLINICAL_TOKEN_WORD, at, end = word_end (text, at));
      else if (is_dash (text + at))
        add_dash (self, at, end);
      else if (text[at] == ',' || text[at] == ';' || text[at] == '.')
        add_token (self, CLINICAL_TOKEN_COMMA, at, end);
      else
        add_token (self, CLINICAL_TOKEN_OTHER, at, end);
    }
}

/* ---- steps ---- */

/* What is not said again goes on: "then 2 tablets" are taken by the same route. */
static ClinicalDosage *
next_step (const ClinicalDosage *before)
{
  ClinicalDosage *step = clinical_dosage_new ();

  step->period = 1;
  step->period_unit = g_strdup ("d");
  if (before)
    {
      step->method = g_strdup (before->method);
      step->route_text = g_strdup (before->route_text);
      step->route_code = g_strdup (before->route_code);
    }
  return step;
}

static int
days_of (const ClinicalDosage *step)
{
  g_auto (GStrv) days = g_strsplit (step->days, " ", -1);

  return (int) g_strv_length (days);
}

/* "1 tablet at bedtime" is once a day; "on Mondays" is once a week. */
static void
end_step (ClinicalDosage *step)
{
  if (step->frequency > 0)
    return;
  if (step->days)
    {
      step->frequency = days_of (step);
      g_set_str (&step->period_unit, "wk");
    }
  else if (step->when)
    step->frequency = 1;
}

static gboolean
is_then (ClinicalReading *self)
{
  if (g_str_equal (clinical_reading_word (self, 0), "then"))
    self->at++;
  else if (g_str_equal (clinical_reading_word (self, 0), "followed") &&
           g_str_equal (clinical_reading_word (self, 1), "by"))
    self->at += 2;
  else
    return FALSE;
  return TRUE;
}

static void
keep_rest (ClinicalReading *self)
{
  const ClinicalToken *token = self->tokens->pdata[self->at++];

  if (token->kind == CLINICAL_TOKEN_COMMA || token->kind == CLINICAL_TOKEN_BREAK)
    return;
  g_string_append_printf (self->rest, "%s%.*s", self->rest->len ? " " : "",
                          (int) (token->end - token->start), self->source + token->start);
}

static gboolean
read_steps (ClinicalReading *self, GPtrArray *steps, GError **error)
{
  self->step = next_step (NULL);
  g_ptr_array_add (steps, self->step);
  while (self->at < self->tokens->len && !self->problem)
    if (is_then (self))
      {
        ClinicalDosage *before = self->step;

        end_step (before);
        if (before->dose_unit)
          self->unit = before->dose_unit;
        self->step = next_step (before);
        g_ptr_array_add (steps, self->step);
        if (steps->len > CLINICAL_DOSAGE_MAX_STEPS)
          g_set_error (&self->problem, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
                       _ ("A dosage has %d steps at most."), CLINICAL_DOSAGE_MAX_STEPS);
      }
    else if (!clinical_reading_next (self) && !self->problem)
      keep_rest (self);
  end_step (self->step);
  if (!self->problem)
    return TRUE;
  g_propagate_error (error, self->problem);
  return FALSE;
}

static ClinicalShorthand *
parse (const char *source, const char *mark, const char *unit, GError **error)
{
  g_autoptr (ClinicalShorthand) self = g_new0 (ClinicalShorthand, 1);
  ClinicalReading reading = {
    source, g_ptr_array_new_with_free_func (token_free), 0, mark, unit, NULL, g_string_new (NULL),
    NULL
  };
  gboolean ok;

  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_dosage_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  split_tokens (&reading);
  ok = read_steps (&reading, self->steps, error);
  self->rest = g_string_free (reading.rest, reading.rest->len == 0);
  g_ptr_array_unref (reading.tokens);
  return ok ? g_steal_pointer (&self) : NULL;
}

/* ---- what is typed ---- */

static char *
tidy (const char *typed, GError **error)
{
  g_autofree char *plain = fhir_text_tidy (typed);

  if (typed && strlen (typed) > MAX_BYTES)
    g_set_error_literal (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
                         _ ("This is too long for a dosage."));
  else if (!plain)
    g_set_error_literal (error, CLINICAL_ERROR, CLINICAL_ERROR_MISSING,
                         _ ("Write the dosage, such as 1 tablet twice a day for 7 days."));
  else
    return g_steal_pointer (&plain);
  return NULL;
}

static gboolean
check_abbreviations (const char *plain, GArray *refused, GError **error)
{
  const ClinicalAbbreviation *one;

  if (refused->len == 0)
    return TRUE;
  one = &g_array_index (refused, ClinicalAbbreviation, 0);
  g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
               _ ("“%.*s” is not taken: %s. Write it in words."), (int) one->length,
               plain + one->offset, one->why);
  return FALSE;
}

static void
note_expansions (const char *plain, GPtrArray *notes)
{
  g_autoptr (GArray) found = clinical_abbreviation_find (plain);

  for (guint i = 0; i < found->len; i++)
    {
      const ClinicalAbbreviation *one = &g_array_index (found, ClinicalAbbreviation, i);

      if (one->instead)
        g_ptr_array_add (notes, g_strdup_printf (_ ("“%.*s” is written out as “%s”: %s."),
                                                 (int) one->length, plain + one->offset,
                                                 one->instead, one->why));
    }
}

/**
 * clinical_shorthand_parse:
 * @typed: "1 tab po tid x7d prn pain"
 * @decimal_mark: of the locale
 * @default_unit: (nullable): what a number without a unit counts
 *
 * Error-prone abbreviations are written out where they mean one thing, with a note, and refused
 * where they mean several; numbers are read as in a dose field (hazard H10).
 *
 * Returns: (transfer full) (nullable): what was understood, which has to be shown before it is
 *   taken; NULL with CLINICAL_ERROR and a sentence that says what to write
 */
ClinicalShorthand *
clinical_shorthand_parse (const char *typed,
                          const char *decimal_mark,
                          const char *default_unit,
                          GError **error)
{
  g_autofree char *plain = tidy (typed, error), *expanded = NULL;
  g_autoptr (GArray) refused = NULL;
  ClinicalShorthand *self;

  if (!plain)
    return NULL;
  if (strpbrk (plain, "<>"))
    {
      g_set_error_literal (error, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE,
                           _ ("“<” and “>” are not taken: each has been read as the other. Write "
                              "it in words."));
      return NULL;
    }
  expanded = clinical_abbreviation_expand (plain, &refused);
  if (!check_abbreviations (expanded, refused, error))
    return NULL;
  self = parse (expanded, decimal_mark, default_unit, error);
  if (self)
    note_expansions (plain, self->notes);
  return self;
}

/* Bedside's own sentences part thousands by a comma, which nobody may type. */
static char *
without_groups (const char *text)
{
  g_autoptr (GRegex) groups = g_regex_new ("(?<=\\d),(?=\\d{3}(?!\\d))", 0, 0, NULL);

  return g_regex_replace_literal (groups, text, -1, 0, "", 0, NULL);
}

/**
 * clinical_shorthand_read_text:
 * @text: a dosage as a sentence in English
 *
 * Returns: (transfer full) (nullable): what it says as far as it is understood; NULL where a part
 *   can be read in two ways
 */
ClinicalShorthand *
clinical_shorthand_read_text (const char *text, GError **error)
{
  g_autofree char *plain = tidy (text, error);
  g_autofree char *whole = plain ? without_groups (plain) : NULL;

  return whole ? parse (whole, ".", NULL, error) : NULL;
}

static gboolean
same (const char *a, const char *b)
{
  return g_ascii_strcasecmp (a ? a : "", b ? b : "") == 0;
}

/**
 * clinical_shorthand_means:
 *
 * Returns: whether both have the same dose, rhythm and end: what a patient must not be told in two
 *   ways. Route and method are not compared: a sentence often leaves them to the drug
 */
gboolean
clinical_shorthand_means (const ClinicalDosage *a, const ClinicalDosage *b)
{
  g_autofree char *unit = clinical_unit_spell (a->dose_unit ? a->dose_unit : "", FALSE);
  g_autofree char *other = clinical_unit_spell (b->dose_unit ? b->dose_unit : "", FALSE);

  return same (a->dose_value, b->dose_value) && same (a->dose_high, b->dose_high) &&
         same (unit, other) && a->frequency == b->frequency && a->period == b->period &&
         a->period_max == b->period_max && same (a->period_unit, b->period_unit) &&
         same (a->days, b->days) && same (a->when, b->when) && same (a->max_a_day, b->max_a_day) &&
         a->as_needed == b->as_needed && a->duration_days == b->duration_days;
}
